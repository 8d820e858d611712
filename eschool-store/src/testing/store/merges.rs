//! Joining accounts into persons, and parting them again.

use std::sync::Arc;

use eschool_core::{
    error::CodedError as _,
    id::{AccountId, MergeId, SchoolId},
    people::Duty,
    policy::SignInPolicy,
};
use uuid::Uuid;

use super::{
    Harness,
    families::{FATHER, Known, MOTHER, MOTHER_THERE, TEACHER},
    refused,
};
use crate::{
    Actor, AfterUndoing, Session, Settlement, Store,
    backend::{Backend, Changes, DutyRow},
    testing::{
        fixtures::{day, person_id, school_id},
        reading, save,
    },
};

const CONSOLE: Actor<'static> = Actor::Console;

/// One СНИЛС in two schools becomes one person, the older one; who was signed in as either signs in
/// anew, and the audit of the school names the account. A second time nothing is left to join.
pub async fn one_snils_becomes_one_person(backend: impl Backend) {
    let harness = families(backend).await;
    let store = &harness.store;
    let foreseen = store.foresee_merges(CONSOLE).await.unwrap();
    let before = store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    let (id, plan) = store.merge(CONSOLE).await.unwrap();
    assert_eq!(plan, foreseen);
    let [step] = &plan.moves[..] else { panic!("one account: {plan:?}") };
    assert_eq!((step.school, step.account), of(MOTHER_THERE));
    assert_eq!((step.from, step.into), (person_id(12), person_id(11)));
    assert_eq!(plan.conflicts, []);

    let ended = store.session(&before.token.to_text()).await.unwrap_err();
    assert_eq!(ended.code(), "session_ended");
    let entry = store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.outcome.as_str()), ("merge", "moved"));
    assert_eq!((entry.school, entry.subject), (Some(school_id(2)), Some(MOTHER_THERE.id())));
    assert_eq!(entry.actor, None);
    let after = store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().session;
    assert_eq!(after.person, person_id(11));

    let (again, nothing) = store.merge(CONSOLE).await.unwrap();
    assert!(again.is_none() && nothing.is_empty());
    let done = store.merges(CONSOLE, 10).await.unwrap();
    assert_eq!(done.iter().map(|merge| merge.id).collect::<Vec<_>>(), [id.unwrap()]);
    assert_eq!((&done[0].moves, done[0].undone_at), (&plan.moves, None));
}

/// Undone, every account is its former person's, and is joined again unless that is forbidden.
pub async fn a_merge_is_undone(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = families(Arc::clone(&backend)).await;
    let store = &harness.store;
    let people = async || reading(&backend).await.mergeable_accounts().await.unwrap();
    let before = people().await;
    let (first, plan) = store.merge(CONSOLE).await.unwrap();
    assert_ne!(people().await, before);
    store.undo_merge(CONSOLE, first.unwrap(), AfterUndoing::PlanAnew).await.unwrap();
    assert_eq!(people().await, before);
    let twice = store.undo_merge(CONSOLE, first.unwrap(), AfterUndoing::PlanAnew).await;
    assert_eq!(twice.unwrap_err().code(), "merge_undone");

    let (second, anew) = store.merge(CONSOLE).await.unwrap();
    assert_eq!(anew, plan);
    store.undo_merge(CONSOLE, second.unwrap(), AfterUndoing::KeepApart).await.unwrap();
    assert_eq!(people().await, before);
    assert!(store.foresee_merges(CONSOLE).await.unwrap().moves.is_empty());
    let unknown = store.undo_merge(CONSOLE, MergeId(Uuid::nil()), AfterUndoing::PlanAnew).await;
    assert_eq!(unknown.unwrap_err().code(), "merge_not_found");
    let undone = store.merges(CONSOLE, 10).await.unwrap();
    assert!(undone.len() == 2 && undone.iter().all(|merge| merge.undone_at.is_some()));
}

/// What was moved again since is left alone, whole, until the later merge is undone.
pub async fn a_later_merge_is_undone_first(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = families(Arc::clone(&backend)).await;
    let store = &harness.store;
    let people = async || {
        let mut tx = reading(&backend).await;
        (tx.mergeable_accounts().await.unwrap(), tx.kept_apart(None).await.unwrap())
    };
    let before = people().await;
    let plan = store.foresee_merges(CONSOLE).await.unwrap();
    let first = store.merge(CONSOLE).await.unwrap().0.unwrap();
    let merged = people().await;
    let parted = store.settle(CONSOLE, of(MOTHER), of(MOTHER_THERE), Settlement::TwoPeople).await;
    let later = parted.unwrap().expect("an account was moved");
    let after = people().await;
    let moved = store.undo_merge(CONSOLE, first, AfterUndoing::PlanAnew).await;
    assert_eq!(moved.unwrap_err().code(), "merge_moved_since");
    assert_eq!(people().await, after);
    for (id, then) in [(later, merged), (first, before)] {
        store.undo_merge(CONSOLE, id, AfterUndoing::PlanAnew).await.unwrap();
        assert_eq!(people().await, then);
    }
    assert_eq!(store.foresee_merges(CONSOLE).await.unwrap(), plan);
}

/// Where name and birth date both differ, nothing is joined before somebody settles it; what was
/// settled holds in the next plan and at the sign-in, until it is settled anew.
pub async fn a_conflict_is_settled(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = families(Arc::clone(&backend)).await;
    let store = &harness.store;
    let other =
        Known { name: ("Рябинина", "Инга"), born: "16.12.1981", ..MOTHER_THERE };
    let mut changes = Changes::default();
    other.save(&mut changes);
    save(&backend, &changes).await;

    let plan = store.foresee_merges(CONSOLE).await.unwrap();
    assert!(plan.moves.is_empty());
    let accounts: Vec<_> = plan.conflicts[0].accounts.iter().map(|one| one.account).collect();
    assert_eq!(accounts, [MOTHER.id(), MOTHER_THERE.id()]);

    let two = store.settle(CONSOLE, of(MOTHER), of(other), Settlement::TwoPeople).await.unwrap();
    assert_eq!(two, None, "they were two before");
    assert!(store.foresee_merges(CONSOLE).await.unwrap().is_empty());
    let one = store.settle(CONSOLE, of(MOTHER), of(other), Settlement::OnePerson).await.unwrap();
    assert!(one.is_some() && store.foresee_merges(CONSOLE).await.unwrap().is_empty());
    let joined = reading(&backend).await.accounts_of(&[person_id(11)]).await.unwrap();
    assert_eq!(joined, [of(MOTHER), of(MOTHER_THERE)]);
    assert_eq!(reading(&backend).await.kept_apart(None).await.unwrap(), []);
}

/// Who is kept apart is two people at the sign-in too, though one СНИЛС ties them.
pub async fn who_is_kept_apart_is_not_guessed(backend: impl Backend) {
    let harness = families(backend).await;
    let store = &harness.store;
    let settled = store.settle(CONSOLE, of(MOTHER), of(MOTHER_THERE), Settlement::TwoPeople);
    settled.await.unwrap();
    let code = refused(store.sign_in_with_esia(MOTHER.in_esia()).await);
    assert_eq!(code.as_str(), "ambiguous");
}

/// Accounts that are not there, or are one and the same, are not settled.
pub async fn two_accounts_are_settled_or_none(backend: impl Backend) {
    let harness = families(backend).await;
    let nobody = (school_id(1), AccountId(Uuid::from_u128(404)));
    for other in [nobody, of(MOTHER), (school_id(2), MOTHER.id())] {
        for settlement in [Settlement::OnePerson, Settlement::TwoPeople] {
            let settled = harness.store.settle(CONSOLE, of(MOTHER), other, settlement).await;
            assert_eq!(settled.unwrap_err().code(), "no_such_accounts");
        }
    }
}

/// Nobody but an operator of the region joins, parts or sees it; the audit names the operator.
pub async fn only_an_operator_merges(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = families(Arc::clone(&backend)).await;
    let store = &harness.store;
    let session = async || store.sign_in_with_esia(TEACHER.in_esia()).await.unwrap().session;
    let duty = async |duty| {
        let row = DutyRow { account: TEACHER.id(), duty, since: day("2024-09-01") };
        let duties = vec![(school_id(1), row)];
        save(&backend, &Changes { duties, ..Changes::default() }).await;
    };
    assert_eq!(codes(store, &session().await).await, ["not_allowed"; 5]);
    duty(Duty::Administrator).await;
    assert_eq!(codes(store, &session().await).await, ["not_allowed"; 5]);
    duty(Duty::Operator).await;
    let operator = session().await;
    assert_eq!(codes(store, &operator).await, ["", "", "", "merge_not_found", ""]);
    let audit = store.audit(20).await.unwrap();
    for (action, school) in [("merges_foreseen", 1), ("merge", 2), ("merges_read", 1)] {
        let entry = audit.iter().find(|entry| entry.action == action).unwrap();
        let known = (entry.actor, entry.school);
        assert_eq!(known, (Some(TEACHER.id()), Some(school_id(school))), "{action}");
    }
}

/// What each use case answers: its code, or nothing where it was done.
async fn codes<B: Backend>(store: &Store<B>, session: &Session) -> [&'static str; 5] {
    let by = Actor::Session(session);
    let told = |error: Option<crate::MergeError>| error.map_or("", |error| error.code());
    let undone = store.undo_merge(by, MergeId(Uuid::nil()), AfterUndoing::PlanAnew);
    let two = Settlement::TwoPeople;
    [
        told(store.foresee_merges(by).await.err()),
        told(store.merge(by).await.err()),
        told(store.merges(by, 1).await.err()),
        told(undone.await.err()),
        told(store.settle(by, of(MOTHER), of(FATHER), two).await.err()),
    ]
}

async fn families<B: Backend>(backend: B) -> Harness<B> {
    Harness::with_families(backend, SignInPolicy::udmurtia_2023()).await
}

fn of(known: Known) -> (SchoolId, AccountId) {
    (school_id(known.school), known.id())
}
