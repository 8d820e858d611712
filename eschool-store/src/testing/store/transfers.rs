//! What goes along to another school, and what does not: whom somebody told apart, bonds that the
//! new school has, years before the pupil came.

use std::sync::Arc;

use eschool_core::{
    calendar::{DateRange, Term, TermKind},
    error::CodedError as _,
    id::{AccountId, SchoolId},
    journal::Stay,
    people::{Guardianship, KeptApart, School},
    signin::GrantedRole,
};

use super::{
    Harness,
    enrolment::{ANNA, PUPIL, code, put, terms, there, to_school_2},
    erasing::erasing,
    families::{FATHER, Known, MOTHER, MOTHER_THERE, TEACHER, bond},
    journal_people::{at_work, mother, school_at_work},
};
use crate::{
    Actor, AfterUndoing, Settlement, Transfer, UnsettledParent,
    backend::{Backend, Changes, Registry, SchoolFrame},
    testing::{
        fixtures::{account_id, class, class_id, day, lesson, person_id, school_id},
        reading, save,
    },
};

const CONSOLE: Actor<'static> = Actor::Console;
const HERE: SchoolId = school_id(1);
const THERE: SchoolId = school_id(2);
const THIRD: SchoolId = school_id(3);

/// A woman of the new school with the mother's СНИЛС, settled to be somebody else – of this account
/// of hers or of another: she gets no bond, and a person has to see to it.
pub async fn a_parent_told_apart_gets_no_bond(backend: impl Backend) {
    let backend = Arc::new(backend);
    let second = Known { account: 17, school: 3, ..MOTHER };
    let harness = at_work(Arc::clone(&backend), |changes| {
        third_school(changes);
        second.save(changes);
    })
    .await;
    let store = &harness.store;
    for (told_apart, pupil) in [(MOTHER, 1), (second, 2)] {
        let settled =
            store.settle(CONSOLE, of(told_apart), of(MOTHER_THERE), Settlement::TwoPeople).await;
        settled.unwrap();
        let on = day("2024-10-08");
        let transfer = Transfer { pupil: account_id(pupil), on, ..to_school_2("2024-10-11") };
        let done = store.transfer_pupil(CONSOLE, transfer).await.unwrap();
        let in_the_way = vec![MOTHER_THERE.id()];
        let unsettled = UnsettledParent { account: MOTHER.id(), accounts_there: in_the_way };
        assert_eq!((done.parents, done.unsettled), (vec![], vec![unsettled]));
        let bonds = registry(&backend, THERE).await.guardianships;
        assert!(bonds.iter().all(|bond| bond.child != done.account));
        let apart = reading(&backend).await.kept_apart(None).await.unwrap();
        let reunited = Changes { reunited: apart, ..Changes::default() };
        save(&backend, &reunited).await;
    }
}

/// A pupil of the same name and birth date, settled to be another: the pupil comes as somebody new,
/// who is kept apart from them too. With one СНИЛС for the two, one of the numbers is wrong, and the
/// pupil comes when it is corrected.
pub async fn a_namesake_told_apart_is_in_nobodys_way(backend: impl Backend) {
    let backend = Arc::new(backend);
    let namesake = Known { account: 5, person: 5, school: 2, ..ANNA };
    let harness = at_work(Arc::clone(&backend), |changes| namesake.save(changes)).await;
    let store = &harness.store;
    let go = to_school_2("2024-10-11");
    assert_eq!(code(store, CONSOLE, go).await, "known_there");
    let settled = store.settle(CONSOLE, of(PUPIL), of(namesake), Settlement::TwoPeople);
    settled.await.unwrap();
    for known in [PUPIL, Known { snils: PUPIL.snils, ..namesake }] {
        let mut changes = Changes::default();
        known.save(&mut changes);
        save(&backend, &changes).await;
    }
    let before = registry(&backend, THERE).await;
    assert_eq!(code(store, CONSOLE, go).await, "snils_taken");
    assert_eq!(registry(&backend, THERE).await, before);

    let mut changes = Changes::default();
    Known { snils: "121-212-120 64", ..namesake }.save(&mut changes);
    save(&backend, &changes).await;
    let done = store.transfer_pupil(CONSOLE, go).await.unwrap();
    assert_ne!(done.account, namesake.id());
    let mut tx = reading(&backend).await;
    let member = tx.members(&[(THERE, done.account)]).await.unwrap().remove(0);
    assert_eq!(member.account.person, person_id(1));
    let apart = tx.kept_apart(Some(&[namesake.id()])).await.unwrap();
    assert!(apart.iter().any(|apart| apart.is_of(done.account, namesake.id())), "{apart:?}");
}

/// Who is told apart from a pupil and from an adult stays so when their former accounts are erased.
pub async fn who_is_told_apart_stays_so_in_the_new_school(backend: impl Backend) {
    let backend = Arc::new(backend);
    let dad = Known { account: 18, person: 18, snils: "121-212-120 64", ..FATHER };
    let other_pupil = Known { account: 6, person: 6, school: 3, ..PUPIL };
    let other_dad = Known { account: 19, person: 19, school: 3, ..dad };
    let mut changes = school_at_work();
    third_school(&mut changes);
    for known in [PUPIL, dad, other_pupil, other_dad] {
        known.save(&mut changes);
    }
    changes.guardianships.extend([bond(dad, 1), bond(other_dad, 6)]);
    let from = day("2024-09-01");
    let stay = Stay { pupil: other_pupil.id(), class: class_id(30), from, to: None };
    changes.stays.push((THIRD, stay));
    let harness = Harness::with(Arc::clone(&backend), changes, erasing()).await;
    let store = &harness.store;
    for (one, other) in [(PUPIL, other_pupil), (dad, other_dad)] {
        store.settle(CONSOLE, of(one), of(other), Settlement::TwoPeople).await.unwrap();
    }
    let done = store.transfer_pupil(CONSOLE, to_school_2("2024-10-11")).await.unwrap();
    harness.clock.set("2025-09-02T09:00:00Z");
    store.close_and_erase_due(100).await.unwrap();
    let is_erased = async |school, id: AccountId| {
        let accounts = registry(&backend, school).await.accounts;
        accounts.iter().any(|account| account.id == id && account.name.is_erased())
    };
    assert!(is_erased(HERE, PUPIL.id()).await && is_erased(HERE, dad.id()).await);
    let known = [other_pupil.id(), other_dad.id(), done.account];
    assert!(!is_erased(THIRD, known[0]).await && !is_erased(THIRD, known[1]).await);
    let moves = store.foresee_merges(CONSOLE).await.unwrap().moves;
    assert!(moves.iter().all(|step| !known.contains(&step.account)), "{moves:?}");
    let apart = reading(&backend).await.kept_apart(None).await.unwrap();
    assert_eq!(apart.len(), 2, "{apart:?}");
}

/// A bond of the new school that is over, barred or not, is entered anew by a person; one that holds
/// stays. No such adult came, says the audit.
pub async fn a_bond_that_the_new_school_has_stays_its_own(backend: impl Backend) {
    let backend = Arc::new(backend);
    let father_there = Known { account: 14, school: 2, ..FATHER };
    let teacher_there = Known { account: 16, school: 2, ..TEACHER };
    let harness = at_work(Arc::clone(&backend), |changes| {
        Known { account: 5, person: 1, school: 2, ..ANNA }.save(changes);
        father_there.save(changes);
        teacher_there.save(changes);
        changes.guardianships.extend([bond(FATHER, 1), bond(TEACHER, 1), bond(father_there, 5)]);
        for (adult, barred) in [(MOTHER_THERE, false), (teacher_there, true)] {
            let (school, bond) = bond(adult, 5);
            let until = Some(day("2024-10-10"));
            changes.guardianships.push((school, Guardianship { barred, until, ..bond }));
        }
    })
    .await;
    let store = &harness.store;
    let before = registry(&backend, THERE).await.guardianships;
    let done = store.transfer_pupil(CONSOLE, to_school_2("2024-10-11")).await.unwrap();
    assert_eq!((done.account, done.parents), (account_id(5), vec![]));
    let over = |account: Known, there: Known| UnsettledParent {
        account: account.id(),
        accounts_there: vec![there.id()],
    };
    let unsettled = [over(MOTHER, MOTHER_THERE), over(TEACHER, teacher_there)];
    assert_eq!(done.unsettled, unsettled);
    assert_eq!(registry(&backend, THERE).await.guardianships, before);
    let audit = store.audit(50).await.unwrap();
    assert!(audit.iter().all(|entry| entry.action != "parent_came"));
}

/// Two operators hand one pupil over, each to another school: the second is refused, whatever the
/// day; from the new school the pupil goes on.
pub async fn a_pupil_is_handed_over_once(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), third_school).await;
    let store = &harness.store;
    let done = store.transfer_pupil(CONSOLE, to_school_2("2024-10-11")).await.unwrap();
    let third = |on| Transfer { to_school: THIRD, class: class_id(30), ..to_school_2(on) };
    let all = async || (registry(&backend, HERE).await, registry(&backend, THIRD).await);
    let before = all().await;
    for on in ["2024-10-11", "2024-10-05"] {
        assert_eq!(code(store, CONSOLE, third(on)).await, "handed_over", "{on}");
    }
    assert_eq!(all().await, before);
    let on = Transfer { from_school: THERE, pupil: done.account, ..third("2024-10-14") };
    assert_eq!(code(store, CONSOLE, on).await, "");
}

/// The new school is told the year in which the pupil came, and none before it.
pub async fn the_years_before_stay_the_former_schools(backend: impl Backend) {
    let harness = at_work(backend, |changes| {
        let mut fifth = class(HERE, 58, "5А");
        fifth.year = 2021;
        changes.classes.push(fifth);
        let to = Some(day("2022-05-31"));
        let stay = Stay { pupil: account_id(1), class: class_id(58), from: day("2021-09-01"), to };
        changes.stays.push((HERE, stay));
        let quarter = Term {
            grade: 5,
            name: "1 четверть".into(),
            kind: TermKind::Quarter,
            days: DateRange::new(day("2021-09-01"), day("2021-10-25")).unwrap(),
        };
        let terms = [terms(), vec![quarter]].concat();
        for school in [HERE, THERE] {
            let terms = terms.clone();
            changes.frames.push((school, SchoolFrame { terms, ..SchoolFrame::default() }));
        }
        put(changes, HERE, &lesson(1, class_id(8), "2024-09-16", 1, "Физика"), 1, "4");
        put(changes, HERE, &lesson(2, class_id(58), "2021-09-16", 1, "Музыка"), 2, "5");
    })
    .await;
    let store = &harness.store;
    let old = store.joined_year(&mother(), HERE, account_id(1), Some(2021)).await.unwrap();
    assert_eq!(old.subjects.len(), 1);
    harness.clock.set("2024-10-20T09:00:00Z");
    let done = store.transfer_pupil(CONSOLE, to_school_2("2024-10-11")).await.unwrap();
    let mother = there(MOTHER_THERE, GrantedRole::Parent { children: vec![done.account] });
    let told = async |year| {
        let year = store.joined_year(&mother, THERE, done.account, Some(year)).await.unwrap();
        year.subjects.into_iter().map(|subject| subject.subject).collect::<Vec<_>>()
    };
    assert_eq!(told(2024).await, ["Физика"]);
    assert_eq!(told(2021).await, Vec::<String>::new());
}

/// Two pupils were joined wrongly, and one of them went to a third school since: nobody is parted
/// before somebody says whose the new account is.
pub async fn a_merge_is_not_undone_behind_a_transfer(backend: impl Backend) {
    let backend = Arc::new(backend);
    let other = Known { account: 5, person: 5, school: 2, ..PUPIL };
    let harness = at_work(Arc::clone(&backend), |changes| {
        third_school(changes);
        PUPIL.save(changes);
        other.save(changes);
        let from = day("2024-09-01");
        let stay = Stay { pupil: other.id(), class: class_id(3), from, to: None };
        changes.stays.push((THERE, stay));
    })
    .await;
    let store = &harness.store;
    let id = store.merge(CONSOLE).await.unwrap().0.unwrap();
    let transfer = Transfer {
        from_school: THERE,
        pupil: other.id(),
        to_school: THIRD,
        class: class_id(30),
        on: day("2024-10-11"),
    };
    let went = (THIRD, store.transfer_pupil(CONSOLE, transfer).await.unwrap().account);
    let people = async || {
        let mut tx = reading(&backend).await;
        (tx.mergeable_accounts().await.unwrap(), tx.kept_apart(None).await.unwrap())
    };
    let before = people().await;
    for after in [AfterUndoing::PlanAnew, AfterUndoing::KeepApart] {
        let undone = store.undo_merge(CONSOLE, id, after).await;
        assert_eq!(undone.unwrap_err().code(), "merge_entered_since");
    }
    assert_eq!(people().await, before);

    store.settle(CONSOLE, of(PUPIL), went, Settlement::TwoPeople).await.unwrap();
    store.undo_merge(CONSOLE, id, AfterUndoing::KeepApart).await.unwrap();
    store.settle(CONSOLE, of(other), went, Settlement::OnePerson).await.unwrap();
    let mut tx = reading(&backend).await;
    assert_eq!(tx.accounts_of(&[person_id(1)]).await.unwrap(), [of(PUPIL)]);
    let theirs = tx.members(&[of(other), went]).await.unwrap();
    assert_eq!(theirs[0].account.person, theirs[1].account.person);
    let apart = |id| KeptApart { one: PUPIL.id(), other: id };
    let told = tx.kept_apart(Some(&[PUPIL.id()])).await.unwrap();
    assert_eq!(told, [apart(other.id()), apart(went.1)]);
}

/// A third school with a class, 3В.
fn third_school(changes: &mut Changes) {
    changes.schools.push(School {
        id: THIRD,
        name: "Школа № 11".into(),
        login_prefix: "s11".into(),
        ..changes.schools[0].clone()
    });
    changes.classes.push(class(THIRD, 30, "3В"));
}

async fn registry(backend: &impl Backend, school: SchoolId) -> Registry {
    reading(backend).await.registry(school).await.unwrap()
}

fn of(known: Known) -> (SchoolId, AccountId) {
    (school_id(known.school), known.id())
}
