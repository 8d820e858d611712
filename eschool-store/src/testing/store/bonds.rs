//! Bonds of parents and children written by two editors, ended, barred.

use std::sync::Arc;

use eschool_core::{
    error::CodedError as _,
    identity::FullName,
    people::{Guardianship, TypedEntry},
};

use super::{
    families::{FATHER, MOTHER, MOTHER_THERE, TEACHER, bond},
    journal_people::{ADMINISTRATOR, at_work, staff},
    parents::{AUNT, form, seen, typed},
};
use crate::{
    BondCorrection, ParentCorrection, ParentError, Session, Store,
    backend::{Backend, Changes},
    secret::ClaimKind,
    testing::{
        fixtures::{account_id, day, school_id},
        reading,
    },
};

/// Writes a bond of school 1 by somebody who saw this one.
pub(super) async fn link<B: Backend>(
    store: &Store<B>,
    by: &Session,
    seen: Option<&Guardianship>,
    bond: &Guardianship,
) -> Result<(), ParentError> {
    let correction = BondCorrection { seen: seen.cloned(), bond: bond.clone() };
    store.link_child(by, school_id(1), &correction).await
}

/// Who saw the bond before it was barred does not lift the bar; it is told what stands, and the look
/// and every bar are on record by their names.
pub async fn who_did_not_see_a_bar_does_not_lift_it(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    let store = &harness.store;
    let (administrator, teacher) = (staff(ADMINISTRATOR), staff(TEACHER));
    let told = async || {
        let audit = store.audit(1).await.unwrap().remove(0);
        (audit.outcome, audit.actor)
    };
    let (_, open) = bond(MOTHER, 1);
    let barred = Guardianship { barred: true, ..open.clone() };
    link(store, &administrator, Some(&open), &barred).await.unwrap();
    assert_eq!(told().await, ("barred".into(), Some(ADMINISTRATOR.id())));

    let aside = Guardianship { legal_representative: Some(true), ..open.clone() };
    for seen in [Some(&open), None] {
        let refused = link(store, &teacher, seen, &aside).await.unwrap_err();
        assert_eq!(refused.code(), "bond_changed");
        let ParentError::BondChanged(Some(stands)) = refused else { panic!("one stands") };
        assert_eq!(*stands, barred);
        assert_eq!(told().await, ("bond_changed".into(), Some(TEACHER.id())));
    }
    let known = reading(&backend).await.registry(school_id(1)).await.unwrap().guardianships;
    assert!(known.contains(&barred) && !known.contains(&open));
    // The same once more is what stands.
    link(store, &administrator, Some(&open), &barred).await.unwrap();

    link(store, &teacher, Some(&barred), &aside).await.unwrap();
    assert_eq!(told().await, ("unbarred".into(), Some(TEACHER.id())));
    let none = Guardianship { parent: FATHER.id(), ..aside };
    let refused = link(store, &teacher, Some(&none), &none).await.unwrap_err();
    assert!(matches!(refused, ParentError::BondChanged(None)), "{refused}");
}

/// A bond that bars the parent is not ended: the bar would go with it, and with the bar what keeps a
/// teacher from the diary of a child.
pub async fn a_bar_is_not_ended_with_the_bond(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let (store, administrator, school) = (&harness.store, staff(ADMINISTRATOR), school_id(1));
    let (_, open) = bond(TEACHER, 3);
    let barred = Guardianship { barred: true, ..open.clone() };
    link(store, &administrator, Some(&open), &barred).await.unwrap();
    // The class teacher of the child.
    let own = staff(TEACHER);
    let read = async || store.joined_year(&own, school, account_id(3), None).await;
    assert_eq!(read().await.unwrap_err().code(), "access_barred");
    let unlink =
        async || store.unlink_child(&administrator, school, TEACHER.id(), account_id(3)).await;
    assert_eq!(unlink().await.unwrap_err().code(), "parent_barred");
    assert_eq!(read().await.unwrap_err().code(), "access_barred");

    link(store, &administrator, Some(&barred), &open).await.unwrap();
    unlink().await.unwrap();
    assert!(read().await.is_ok());
}

/// Of whom nothing is kept any more nothing is written again: neither a name nor a bond.
pub async fn who_was_erased_is_not_written_again(backend: impl Backend) {
    let erase = |changes: &mut Changes| {
        for account in &mut changes.accounts {
            if account.id == FATHER.id() || account.id == account_id(2) {
                account.name = FullName::erased();
            }
        }
    };
    let harness = at_work(backend, erase).await;
    let (store, administrator, school) = (&harness.store, staff(ADMINISTRATOR), school_id(1));
    let (_, of_father) = bond(FATHER, 1);
    let refused = link(store, &administrator, None, &of_father).await.unwrap_err();
    assert_eq!(refused.code(), "parent_not_found");
    let (_, of_erased) = bond(MOTHER, 2);
    let barred = Guardianship { barred: true, ..of_erased.clone() };
    let refused = link(store, &administrator, Some(&of_erased), &barred).await.unwrap_err();
    assert_eq!(refused.code(), "child_not_found");
    let refused = store.enter_parent(&administrator, school, &form(typed(AUNT), &[2])).await;
    assert_eq!(refused.unwrap_err().code(), "child_not_found");
    let correction =
        ParentCorrection { parent: FATHER.id(), seen: seen(FATHER), typed: typed(FATHER) };
    let refused = store.correct_parent(&administrator, school, &correction).await.unwrap_err();
    assert_eq!(refused.code(), "parent_not_found");
}

/// Whoever signed in by a СНИЛС that was somebody else's is not the holder of the account: what ЕСИА
/// calls them is forgotten there with the number, and nowhere else.
pub async fn a_corrected_snils_forgets_who_signed_in_by_it(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    let store = &harness.store;
    store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    let known = async |school, account| {
        let claims = reading(&backend).await.registry(school_id(school)).await.unwrap().claims;
        let of_esia = claims.iter().filter(|claim| claim.kind == ClaimKind::EsiaId);
        of_esia.filter(|claim| claim.account == account).count()
    };
    let (here, there) = (MOTHER.id(), MOTHER_THERE.id());
    assert_eq!((known(1, here).await, known(2, there).await), (1, 1));
    let mut entry = TypedEntry { phone: "+79120000088".into(), ..typed(MOTHER) };
    let mut correction =
        ParentCorrection { parent: here, seen: seen(MOTHER), typed: entry.clone() };
    let (teacher, school) = (staff(TEACHER), school_id(1));
    store.correct_parent(&teacher, school, &correction).await.unwrap();
    assert_eq!((known(1, here).await, known(2, there).await), (1, 1));

    correction.seen = entry.read(day("2024-09-02")).unwrap();
    entry.snils = AUNT.snils.into();
    correction.typed = entry;
    store.correct_parent(&teacher, school, &correction).await.unwrap();
    assert_eq!((known(1, here).await, known(2, there).await), (0, 1));
}
