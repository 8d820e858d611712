//! What joins a parent's accounts of several schools, and what becomes of it.

use std::sync::Arc;

use eschool_core::people::{Guardianship, TypedEntry};

use super::{
    bonds::link,
    families::{FATHER, MOTHER, MOTHER_THERE, TEACHER, bond},
    harness::{Yielding, join},
    journal_people::{at_work, staff},
    parents::{AUNT, form, seen, typed},
};
use crate::{
    Actor, AfterUndoing, ParentCorrection, Settlement,
    backend::Backend,
    testing::{
        fixtures::{account_id, person_id, school_id},
        reading,
    },
};

/// Two accounts that somebody settled to be one person's are parted when one of them gets a СНИЛС,
/// as it is entered again or corrected; without a СНИЛС, when it gets another phone. The parting
/// stands among the merges, and is undone like one.
pub async fn another_key_parts_what_was_joined(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    let store = &harness.store;
    let (teacher, school) = (staff(TEACHER), school_id(1));
    let (here, there) = ((school, FATHER.id()), (school_id(2), MOTHER_THERE.id()));
    store.settle(Actor::Console, here, there, Settlement::OnePerson).await.unwrap();
    let person = person_id(MOTHER_THERE.person);
    let accounts = async || reading(&backend).await.accounts_of(&[person]).await.unwrap();
    assert_eq!(accounts().await, [here, there]);

    let undo = async || {
        assert_eq!(accounts().await, [there]);
        let parted = store.merges(Actor::Console, 1).await.unwrap().remove(0);
        assert_eq!(parted.moves.len(), 1);
        assert_eq!((parted.actor, parted.moves[0].account), (Some(TEACHER.id()), FATHER.id()));
        store.undo_merge(Actor::Console, parted.id, AfterUndoing::PlanAnew).await.unwrap();
        assert_eq!(accounts().await, [here, there]);
    };
    let other_phone = TypedEntry { phone: "+79120000099".into(), ..typed(FATHER) };
    let mut correction =
        ParentCorrection { parent: FATHER.id(), seen: seen(FATHER), typed: other_phone };
    store.correct_parent(&teacher, school, &correction).await.unwrap();
    let audit = store.audit(3).await.unwrap();
    assert!(audit.iter().any(|entry| {
        entry.action == "parted" && (entry.school, entry.subject) == (Some(school), Some(here.1))
    }));
    undo().await;

    correction.seen = correction.typed.read("2024-09-02".parse().unwrap()).unwrap();
    correction.typed.email = "igor@example.org".into();
    store.correct_parent(&teacher, school, &correction).await.unwrap();
    assert_eq!(accounts().await, [here, there]);

    let with_number = TypedEntry { snils: AUNT.snils.into(), ..typed(FATHER) };
    let entered = store.enter_parent(&teacher, school, &form(with_number, &[3])).await.unwrap();
    assert_eq!(entered.account, FATHER.id());
    undo().await;
}

/// Whoever signs in by a СНИЛС while it is corrected is out afterwards, or never was in.
pub async fn nobody_stays_in_by_a_number_that_was_corrected(backend: impl Backend) {
    let backend = Arc::new(Yielding(backend));
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    // Neither waits for a connection to be opened.
    drop((reading(&backend).await, reading(&backend).await));
    let numbers = [MOTHER.snils, AUNT.snils];
    for turn in 0..4 {
        let [now, next] = [numbers[turn % 2], numbers[(turn + 1) % 2]];
        let with = |snils: &str| TypedEntry { snils: snils.into(), ..typed(MOTHER) };
        let correction = ParentCorrection {
            parent: MOTHER.id(),
            seen: with(now).read("2024-09-02".parse().unwrap()).unwrap(),
            typed: with(next),
        };
        let mut person = MOTHER.in_esia();
        (person.snils, person.verified_phone) = (now.parse().ok(), None);
        let sign_in = async {
            let signed_in = harness.store.sign_in_with_esia(person).await;
            signed_in.ok().map(|signed_in| (signed_in.token, signed_in.session))
        };
        let correct = async {
            let (teacher, school) = (staff(TEACHER), school_id(1));
            harness.store.correct_parent(&teacher, school, &correction).await.unwrap();
            None
        };
        let both: [std::pin::Pin<Box<dyn Future<Output = _> + Send>>; 2] =
            [Box::pin(sign_in), Box::pin(correct)];
        for (token, session) in join(both.into_iter()).await.into_iter().flatten() {
            let is_here = session.accounts.iter().any(|grant| grant.account == MOTHER.id());
            let stands = harness.store.session(&token.to_text()).await.is_ok();
            assert!(!is_here || !stands, "turn {turn}");
        }
    }
}

/// Who is entered again gets a bond that was over, not one that bars, and it is told which stay.
pub async fn a_bond_that_was_over_is_renewed(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    let store = &harness.store;
    let (teacher, school) = (staff(TEACHER), school_id(1));
    let (_, barred) = bond(MOTHER, 2);
    let (open, barred) = (barred.clone(), Guardianship { barred: true, ..barred });
    link(store, &teacher, Some(&open), &barred).await.unwrap();
    let again = form(typed(MOTHER), &[1, 2, 3]);
    let entered = store.enter_parent(&teacher, school, &again).await.unwrap();
    assert_eq!(entered.kept, [1, 2].map(account_id));

    harness.clock.set("2025-01-09T09:00:00Z");
    let again = form(typed(FATHER), &[3]);
    let entered = store.enter_parent(&teacher, school, &again).await.unwrap();
    assert_eq!((entered.account, entered.kept.len()), (FATHER.id(), 0));
    let known = reading(&backend).await.registry(school).await.unwrap().guardianships;
    let is_his = |known: &&Guardianship| known.parent == FATHER.id();
    assert_eq!(known.iter().find(is_his).map(|known| known.until), Some(None));
    assert!(known.contains(&barred));
}
