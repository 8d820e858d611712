//! Whom and what erasing lets be, and what it finds.

use std::sync::Arc;

use eschool_core::{
    error::CodedError as _,
    id::{MergeId, SchoolId},
    merge::AccountMove,
    people::{Duty, KeptApart},
    policy::SignInPolicy,
    signin::{AccountGrant, GrantedRole},
};
use uuid::Uuid;

use super::{
    Harness,
    enrolment::{put, terms, there, to_school_2},
    families::{Known, MOTHER_THERE, TEACHER},
    journal_people::{ADMINISTRATOR, at_work, school_at_work, staff},
    personal::leave,
};
use crate::{
    Actor, AfterUndoing,
    backend::{Backend, Changes, DutyRow, MergeRow, SchoolFrame},
    testing::{
        fixtures::{account_id, at, class_id, day, lesson, person_id, school_id},
        reading, save,
    },
};

const CONSOLE: Actor<'static> = Actor::Console;
const HERE: SchoolId = school_id(1);
const THERE: SchoolId = school_id(2);

/// While the year runs, the account of a pupil who went to another school stays, and the year in both
/// is what it was; in the next one it goes. Whoever has no account elsewhere goes in their days.
pub async fn a_year_in_two_schools_outlives_the_policys_days(backend: impl Backend) {
    let backend = Arc::new(backend);
    let mut changes = school_at_work();
    for school in [HERE, THERE] {
        changes.frames.push((school, SchoolFrame { terms: terms(), ..SchoolFrame::default() }));
    }
    put(&mut changes, HERE, &lesson(1, class_id(8), "2024-09-16", 1, "Физика"), 1, "4");
    let harness = Harness::with(Arc::clone(&backend), changes, erasing()).await;
    let store = &harness.store;
    harness.clock.set("2024-10-20T09:00:00Z");
    let done = store.transfer_pupil(CONSOLE, to_school_2("2024-10-11")).await.unwrap();
    let mother = there(MOTHER_THERE, GrantedRole::Parent { children: vec![done.account] });
    let year = store.joined_year(&mother, THERE, done.account, None).await.unwrap();
    assert_eq!(year.subjects[0].schools[0].school, HERE);

    let is_erased = async |account| {
        let registry = reading(&backend).await.registry(HERE).await.unwrap();
        registry.accounts.iter().any(|known| known.id == account && known.name.is_erased())
    };
    harness.clock.set("2025-05-20T09:00:00Z");
    assert!(store.close_and_erase_due(100).await.unwrap() > 0);
    assert!(!is_erased(account_id(1)).await && is_erased(account_id(2)).await);
    let after = store.joined_year(&mother, THERE, done.account, None).await.unwrap();
    assert_eq!(after, year);
    harness.clock.set("2025-09-02T09:00:00Z");
    store.close_and_erase_due(100).await.unwrap();
    assert!(is_erased(account_id(1)).await);
}

/// Whose days are over is not erased while a ground to keep the data holds.
pub async fn a_ground_keeps_who_is_due(backend: impl Backend) {
    let harness = Harness::with(backend, school_at_work(), erasing()).await;
    let store = &harness.store;
    let administrator = staff(ADMINISTRATOR);
    let law = serde_json::json!({
        "account": account_id(2), "ground": "law", "document": "Приказ № 17", "date": "2024-09-01",
    });
    let law = serde_json::from_value(law).unwrap();
    let known = store.add_basis(&administrator, HERE, law).await.unwrap();
    harness.clock.set("2024-11-10T12:00:00Z");
    assert_eq!(store.close_and_erase_due(100).await.unwrap(), 0);
    let ended = store.end_basis(&administrator, HERE, account_id(2), known.id, day("2024-11-10"));
    ended.await.unwrap();
    assert_eq!(store.close_and_erase_due(0).await.unwrap(), 0);
    assert_eq!(store.close_and_erase_due(100).await.unwrap(), 1);
}

/// What was joined is undone without the account that was erased, which no merge names any more.
pub async fn a_merge_is_undone_without_who_was_erased(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    let store = &harness.store;
    let step = |n: u128| AccountMove {
        school: HERE,
        account: account_id(n),
        from: person_id(100 + n),
        into: person_id(n),
    };
    let merge = MergeRow {
        id: MergeId(Uuid::from_u128(7)),
        at: at("2024-09-02T08:30:00Z"),
        actor: None,
        undone_at: None,
        moves: vec![step(1), step(3)],
    };
    let apart = |one, other| KeptApart { one: account_id(one), other: account_id(other) };
    let kept_apart = vec![apart(1, 3), apart(2, 3)];
    save(&backend, &Changes { merges: vec![merge.clone()], kept_apart, ..Changes::default() })
        .await;
    leave(&backend, 1, "2024-09-01").await;
    store.erase_person(CONSOLE, person_id(1)).await.unwrap();
    let mut tx = reading(&backend).await;
    assert_eq!(tx.merge(merge.id).await.unwrap().unwrap().moves, [step(3)]);
    assert_eq!(tx.kept_apart(None).await.unwrap(), [apart(2, 3)]);
    drop(tx);
    store.undo_merge(CONSOLE, merge.id, AfterUndoing::KeepApart).await.unwrap();
    let member = reading(&backend).await.members(&[(HERE, account_id(3))]).await.unwrap().remove(0);
    assert_eq!(member.account.person, person_id(103));
}

/// Whoever never was anything in a school is erased when asked for, and each school's audit names who
/// did it there. Nobody erased comes into a class, and who administers nothing is not told who is
/// known.
pub async fn who_never_was_anything_is_erased(backend: impl Backend) {
    let backend = Arc::new(backend);
    let one = Known {
        account: 51,
        person: 51,
        school: 1,
        name: ("Вязова", "Ирина"),
        born: "01.02.1970",
        snils: "",
        phone: "",
    };
    let two = Known { account: 52, school: 2, ..one };
    let harness = at_work(Arc::clone(&backend), |changes| {
        one.save(changes);
        two.save(changes);
        let (account, duty) = (MOTHER_THERE.id(), Duty::Administrator);
        changes.duties.push((THERE, DutyRow { account, duty, since: day("2024-09-01") }));
    })
    .await;
    let store = &harness.store;
    let mut administrator = staff(ADMINISTRATOR);
    let role = GrantedRole::Staff { class_teacher_of: vec![], duties: vec![Duty::Administrator] };
    let account = MOTHER_THERE.id();
    administrator.accounts.push(AccountGrant { account, school: THERE, roles: vec![role] });
    store.erase_person(Actor::Session(&administrator), person_id(51)).await.unwrap();
    let entries = store.audit(2).await.unwrap();
    let mut told: Vec<_> = entries.iter().map(|e| (e.school, e.actor, e.subject)).collect();
    told.sort();
    let by = |school, actor: Known, of: Known| (Some(school), Some(actor.id()), Some(of.id()));
    assert_eq!(told, [by(HERE, ADMINISTRATOR, one), by(THERE, MOTHER_THERE, two)]);

    leave(&backend, 1, "2024-09-01").await;
    store.erase_person(CONSOLE, person_id(1)).await.unwrap();
    let moved = store.move_pupil(CONSOLE, HERE, account_id(1), class_id(8), day("2024-10-11"));
    assert_eq!(moved.await.unwrap_err().code(), "pupil_not_found");
    let teacher = staff(TEACHER);
    let by = Actor::Session(&teacher);
    let nobody = store.erase_person(by, person_id(404)).await.unwrap_err();
    assert_eq!(nobody.code(), "not_allowed");
    let nobody = store.export_person(by, person_id(404)).await.unwrap_err();
    assert_eq!(nobody.code(), "not_allowed");
}

/// A policy that erases a month after an account has closed.
pub(super) fn erasing() -> SignInPolicy {
    let mut rules = SignInPolicy::ryazan_2022().schedule().0.clone();
    rules.erase_after_days = Some(30);
    SignInPolicy::new("erases", rules, Vec::new()).unwrap()
}
