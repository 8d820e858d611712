//! Pupils who move within a school and from one to another, and their year in both.

use std::sync::Arc;

use eschool_core::{
    archive::DropOrder,
    calendar::{DateRange, Term, TermKind},
    diary::changes,
    error::CodedError as _,
    id::SchoolId,
    journal::{Homework, Lesson, Stay, WorkKind},
    people::{Duty, Guardianship},
    policy::SignInMethod,
    signin::{AccountGrant, GrantedRole},
};

use super::{
    Harness,
    families::{FATHER, Known, MOTHER_THERE, TEACHER, bond},
    journal_people::{ADMINISTRATOR, COLLEAGUE, algebra, at_work, mother, pupil, staff, work},
};
use crate::{
    Actor, MoveError, Session, Store, Transfer,
    backend::{Backend, Changes, DutyRow, SchoolFrame},
    secret::ClaimKind,
    testing::{
        fixtures::{
            account_id, class, class_id, day, days, lesson, mark, membership, person_id, school_id,
            work as work_of,
        },
        reading, save,
    },
};

const CONSOLE: Actor<'static> = Actor::Console;
const HERE: SchoolId = school_id(1);
const THERE: SchoolId = school_id(2);

/// From the day on the pupil is in the other class and in no part of the former one; what stands in
/// the former journal stays, in the diary too, and the diary has the lessons of both.
pub async fn a_pupil_moves_to_another_class(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = two_classes(Arc::clone(&backend)).await;
    let store = &harness.store;
    let mut draft = algebra("2024-09-16", 1);
    draft.works = vec![work("Счёт", &[(1, "5")])];
    let page = harness.new_lesson(draft).await;
    let moved = store.move_pupil(CONSOLE, HERE, account_id(1), class_id(9), day("2024-10-11"));
    moved.await.unwrap();

    let mut tx = reading(&backend).await;
    let pupils = tx.class_pupils(HERE, class_id(9)).await.unwrap();
    let stay = |class, from, to: &str| Stay {
        pupil: account_id(1),
        class: class_id(class),
        from: day(from),
        to: to.parse().ok(),
    };
    let stays = [stay(8, "2024-09-01", "2024-10-10"), stay(9, "2024-10-11", "")];
    assert_eq!(pupils.stays, stays);
    let part = membership(1, class_id(8), "1", "2024-09-01");
    let ended = eschool_core::journal::SubgroupMembership { to: Some(day("2024-10-10")), ..part };
    assert_eq!(pupils.subgroups, [ended]);
    drop(tx);
    let diary = store.diary(&pupil(1), HERE, account_id(1), days("2024-09-16", "2024-10-13")).await;
    let entries: Vec<_> = diary.unwrap().days.into_iter().flat_map(|day| day.entries).collect();
    assert_eq!(entries.iter().map(|entry| entry.marks.len()).sum::<usize>(), 1);
    assert!(entries.iter().any(|entry| entry.subject == "Химия"), "of the new class");
    assert_eq!(harness.page(page.lesson.id).await, page);
    let entry = store.audit(50).await.unwrap().into_iter().find(|e| e.action == "pupil_moved");
    let entry = entry.unwrap();
    assert_eq!((entry.school, entry.subject), (Some(HERE), Some(account_id(1))));
}

/// What a move brings into the diary and takes out of it is told, and is what lies between the
/// diaries before and after it: lessons, and the day by which homework is due.
pub async fn what_a_move_changes_is_told(backend: impl Backend) {
    let harness = two_classes(backend).await;
    let store = &harness.store;
    let homework = Homework { text: "№ 12".into(), due: None, materials: vec![] };
    let mut first = algebra("2024-10-07", 1);
    first.homework = Some(homework);
    harness.new_lesson(first).await;
    harness.new_lesson(algebra("2024-10-14", 1)).await;
    let anna = pupil(1);
    let diary =
        async || store.diary(&anna, HERE, account_id(1), days("2024-10-01", "2024-10-31")).await;
    let before = diary().await.unwrap();
    let cursor = store.events_since(&anna, HERE, 0, 500).await.unwrap().next;
    let moved = store.move_pupil(CONSOLE, HERE, account_id(1), class_id(9), day("2024-10-11"));
    moved.await.unwrap();
    let page = store.events_since(&anna, HERE, cursor, 500).await.unwrap();
    let told: Vec<_> = page.events.iter().map(|event| event.what.clone()).collect();
    assert_eq!(told, changes(&before, &diary().await.unwrap()));
    let kinds: Vec<_> = told.iter().map(|change| change.kind()).collect();
    assert_eq!(kinds, ["homework_changed", "lesson_added", "lesson_removed"]);
}

/// What the days speak against is refused, and so is who keeps no pupils; nothing is written then.
pub async fn a_refused_move_leaves_no_trace(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = two_classes(Arc::clone(&backend)).await;
    let store = &harness.store;
    let before = reading(&backend).await.registry(HERE).await.unwrap();
    let moved = async |by: &Actor<'_>, pupil: u128, to: u128, from: &str| {
        let (pupil, to) = (account_id(pupil), class_id(to));
        let result = store.move_pupil(*by, HERE, pupil, to, day(from)).await;
        result.map_or_else(|error| error.code(), |()| "")
    };
    for (pupil, class, from, code) in [
        (1, 8, "2024-10-11", "already_in_class"),
        (1, 9, "2024-08-31", "moved_later"),
        (1, 9, "2025-09-01", "class_of_other_year"),
        (1, 404, "2024-10-11", "class_not_found"),
        (404, 9, "2024-10-11", "pupil_not_found"),
        (11, 9, "2024-10-11", "not_a_pupil"),
    ] {
        assert_eq!(moved(&CONSOLE, pupil, class, from).await, code);
    }
    let (teacher, parent, registrar) = (staff(TEACHER), mother(), staff(COLLEAGUE));
    for session in [&teacher, &parent, &registrar] {
        let code = moved(&Actor::Session(session), 1, 9, "2024-10-11").await;
        assert_eq!(code, "not_allowed");
    }
    assert_eq!(reading(&backend).await.registry(HERE).await.unwrap(), before);

    let duties = vec![(HERE, duty(COLLEAGUE, Duty::Registrar))];
    save(&backend, &Changes { duties, ..Changes::default() }).await;
    assert_eq!(moved(&Actor::Session(&registrar), 1, 9, "2024-10-11").await, "");
    let entry = store.audit(1).await.unwrap().remove(0);
    assert_eq!(entry.actor, Some(COLLEAGUE.id()));
}

/// The new school has an account of the same person with the keys, in the class from the day on, and
/// of each adult: the one it has, else a new one; a bar goes along, and what is over stays behind.
pub async fn a_pupil_goes_to_another_school(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |changes| {
        let (school, of_father) = bond(FATHER, 1);
        let barred = Guardianship { barred: true, ..of_father.clone() };
        changes.guardianships.push((school, barred));
        let over =
            Guardianship { parent: TEACHER.id(), until: Some(day("2024-10-10")), ..of_father };
        changes.guardianships.push((school, over));
        Known { account: 1, person: 1, school: 1, ..PUPIL }.save(changes);
    })
    .await;
    let store = &harness.store;
    let done = store.transfer_pupil(CONSOLE, to_school_2("2024-10-11")).await.unwrap();
    assert_eq!(done.unsettled, []);
    let mut tx = reading(&backend).await;
    let former = tx.members(&[(HERE, account_id(1))]).await.unwrap().remove(0);
    let member = tx.members(&[(THERE, done.account)]).await.unwrap().remove(0);
    assert_eq!(former.stays[0].to, Some(day("2024-10-10")));
    let stay = Stay { pupil: done.account, class: class_id(3), from: day("2024-10-11"), to: None };
    assert_eq!(member.stays, [stay]);
    let told = |member: &crate::backend::Member| {
        let account = &member.account;
        (account.person, account.name.clone(), account.birth_date)
    };
    assert_eq!(told(&member), told(&former));
    let key = crate::testing::fixtures::key(ClaimKind::Snils, "12345678964");
    let holders = tx.claims(&[key]).await.unwrap();
    let holders: Vec<_> = holders.iter().map(|c| (c.school, c.account, c.person)).collect();
    let both = [(HERE, account_id(1), person_id(1)), (THERE, done.account, person_id(1))];
    assert_eq!(holders, both);
    let of_pupil = tx.accounts_of(&[person_id(1)]).await.unwrap();
    assert_eq!(of_pupil, both.map(|(school, account, _)| (school, account)));

    // The mother is known there by her СНИЛС, the father is new, the bond that is over stays behind.
    let [first, second] = done.parents[..] else { panic!("two: {:?}", done.parents) };
    let (known, new) = if first == MOTHER_THERE.id() { (first, second) } else { (second, first) };
    assert_eq!(known, MOTHER_THERE.id());
    let bonds = tx.registry(THERE).await.unwrap().guardianships;
    let of_child: Vec<_> = bonds.iter().filter(|bond| bond.child == done.account).collect();
    assert_eq!(of_child.len(), 2);
    assert!(of_child.iter().all(|bond| bond.barred == (bond.parent == new)));
    let father = tx.members(&[(THERE, new)]).await.unwrap().remove(0);
    assert_eq!(father.account.person, person_id(FATHER.person));
    let audit = store.audit(4).await.unwrap();
    let schools = |action: &str| {
        let entries = audit.iter().filter(|entry| entry.action == action);
        entries.map(|entry| entry.school).collect::<Vec<_>>()
    };
    assert_eq!(schools("pupil_left"), [Some(HERE)]);
    assert_eq!((schools("pupil_came"), schools("parent_came").len()), (vec![Some(THERE)], 2));
}

/// An adult of two accounts, barred as one and not as the other: one bond in the new school, which
/// bars, whichever comes first.
pub async fn the_stricter_bond_goes_along(backend: impl Backend) {
    let backend = Arc::new(backend);
    let of_staff = Known { account: 9, person: FATHER.person, ..FATHER };
    let harness = at_work(Arc::clone(&backend), |changes| {
        of_staff.save(changes);
        for (adult, child, barred) in
            [(FATHER, 1, true), (of_staff, 1, false), (FATHER, 3, false), (of_staff, 3, true)]
        {
            let (school, bond) = bond(adult, child);
            changes.guardianships.push((school, Guardianship { barred, ..bond }));
        }
    })
    .await;
    let store = &harness.store;
    for pupil in [1, 3] {
        let transfer = Transfer { pupil: account_id(pupil), ..to_school_2("2024-10-11") };
        let done = store.transfer_pupil(CONSOLE, transfer).await.unwrap();
        let mut tx = reading(&backend).await;
        let registry = tx.registry(THERE).await.unwrap();
        let is_father = |id| {
            let mut of_person = registry.accounts.iter().filter(|a| a.id == id);
            of_person.any(|account| account.person == person_id(FATHER.person))
        };
        let mut bonds = registry.guardianships.clone();
        bonds.retain(|bond| bond.child == done.account && is_father(bond.parent));
        assert_eq!(bonds.iter().map(|bond| bond.barred).collect::<Vec<_>>(), [true], "{pupil}");
        let fathers = done.parents.iter().filter(|id| is_father(**id)).count();
        assert_eq!(fathers, 1);
    }
}

/// A second transfer, one of somebody who looks like another there, one by who keeps one school
/// alone: refused, and nothing written.
pub async fn a_refused_transfer_leaves_no_trace(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |changes| {
        Known { account: 5, person: 5, school: 2, name: ("Ёлкина", "Анна"), ..ANNA }.save(changes);
    })
    .await;
    let store = &harness.store;
    let all = async || {
        let mut tx = reading(&backend).await;
        (tx.registry(HERE).await.unwrap(), tx.registry(THERE).await.unwrap())
    };
    let before = all().await;
    let go = to_school_2("2024-10-11");
    assert_eq!(code(store, CONSOLE, go).await, "known_there");
    for (transfer, expected) in [
        (Transfer { class: class_id(404), ..go }, "class_not_found"),
        (Transfer { pupil: account_id(404), ..go }, "pupil_not_found"),
        (Transfer { to_school: HERE, ..go }, "same_school"),
        (Transfer { to_school: school_id(404), ..go }, "school_not_found"),
        (Transfer { on: day("2025-09-01"), ..go }, "class_of_other_year"),
        (Transfer { pupil: account_id(2), ..go }, "not_a_pupil"),
    ] {
        let transfer = match expected {
            "class_of_other_year" => Transfer { pupil: account_id(3), ..transfer },
            "not_a_pupil" => Transfer { on: day("2024-10-12"), ..transfer },
            _ => transfer,
        };
        assert_eq!(code(store, CONSOLE, transfer).await, expected);
    }
    let oleg = Transfer { pupil: account_id(3), ..go };
    let administrator = staff(ADMINISTRATOR);
    assert_eq!(code(store, Actor::Session(&administrator), oleg).await, "not_allowed");
    assert_eq!(all().await, before);

    let duties = vec![(HERE, duty(TEACHER, Duty::Operator))];
    save(&backend, &Changes { duties, ..Changes::default() }).await;
    assert_eq!(code(store, Actor::Session(&staff(TEACHER)), oleg).await, "");
    let again = Transfer { on: day("2024-10-12"), ..oleg };
    assert_eq!(code(store, CONSOLE, again).await, "not_a_pupil", "who has left is not handed over");
}

/// The family and the class teacher of the new school see the marks of both; the former school sees
/// its own alone, a barred adult nothing, and each school's audit names the look of staff.
pub async fn a_year_in_two_schools_is_one(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |changes| {
        for school in [HERE, THERE] {
            changes.frames.push((school, SchoolFrame { terms: terms(), ..SchoolFrame::default() }));
        }
        let first = lesson(1, class_id(8), "2024-09-16", 1, "Физика");
        let second = lesson(1, class_id(3), "2024-10-14", 1, "ФИЗИКА");
        put(changes, HERE, &first, 1, "4");
        changes.lessons.push((THERE, second));
        let (_, barred) = bond(FATHER, 1);
        changes.guardianships.push((HERE, Guardianship { barred: true, ..barred }));
        let (account, duty) = (MOTHER_THERE.id(), Duty::Administrator);
        changes.duties.push((THERE, DutyRow { account, duty, since: day("2024-09-01") }));
    })
    .await;
    let store = &harness.store;
    harness.clock.set("2024-10-20T09:00:00Z");
    let done = store.transfer_pupil(CONSOLE, to_school_2("2024-10-11")).await.unwrap();
    let mut changes = Changes::default();
    let second = lesson(1, class_id(3), "2024-10-14", 1, "ФИЗИКА");
    put(&mut changes, THERE, &second, 1, "5");
    changes.marks.iter_mut().for_each(|(_, mark)| mark.pupil = done.account);
    save(&backend, &changes).await;

    let parent = GrantedRole::Parent { children: vec![done.account] };
    let mother = there(MOTHER_THERE, parent.clone());
    let year = store.joined_year(&mother, THERE, done.account, None).await.unwrap();
    let [physics] = &year.subjects[..] else { panic!("one subject: {year:?}") };
    let schools: Vec<_> = physics.schools.iter().map(|part| part.school).collect();
    assert_eq!(schools, [HERE, THERE]);
    assert_eq!(physics.mean.unwrap().to_string(), "4.50");
    let last_year = store.joined_year(&mother, THERE, done.account, Some(2023)).await.unwrap();
    assert_eq!(last_year.subjects, []);

    // The look of a family is not noted, that of staff is, in both schools.
    assert!(store.audit(50).await.unwrap().iter().all(|entry| entry.action != "year_read"));
    let role = GrantedRole::Staff { class_teacher_of: vec![], duties: vec![Duty::Administrator] };
    let administrator = there(MOTHER_THERE, role);
    assert_eq!(store.joined_year(&administrator, THERE, done.account, None).await.unwrap(), year);
    let looks = store.audit(2).await.unwrap();
    let mut looked: Vec<_> = looks.iter().map(|e| (e.school, e.subject, e.actor)).collect();
    looked.sort();
    let actor = Some(MOTHER_THERE.id());
    let expected =
        [(Some(HERE), Some(account_id(1)), actor), (Some(THERE), Some(done.account), actor)];
    assert_eq!(looked, expected);

    let own = store.joined_year(&staff(ADMINISTRATOR), HERE, account_id(1), None).await.unwrap();
    assert_eq!(own.subjects[0].schools.len(), 1, "the former school is told nothing new");
    let father = done.parents.iter().find(|id| **id != MOTHER_THERE.id()).unwrap();
    let mut barred = there(FATHER, parent);
    barred.accounts[0].account = *father;
    let refused = store.joined_year(&barred, THERE, done.account, None).await.unwrap_err();
    assert_eq!(refused.code(), "access_barred");

    // The former school puts its part away: that is told, and the other part shown.
    harness.clock.set("2026-01-20T09:00:00Z");
    let mut file = Vec::new();
    store.archive_year(CONSOLE, HERE, 2024, &mut file, &mut |_| ()).await.unwrap();
    let order = Some(DropOrder { number: "12-од".into(), date: day("2026-01-15") });
    let mut archive = &file[..];
    store.drop_year(CONSOLE, HERE, 2024, &mut archive, order, &mut |_| ()).await.unwrap();
    let left = store.joined_year(&mother, THERE, done.account, Some(2024)).await.unwrap();
    let schools: Vec<_> = left.subjects[0].schools.iter().map(|part| part.school).collect();
    assert_eq!((schools, left.archived), (vec![THERE], vec![HERE]));
}

/// The pupil 1 with a СНИЛС.
pub(super) const PUPIL: Known = Known {
    account: 1,
    person: 1,
    school: 1,
    name: ("Ёлкина", "Анна"),
    born: "31.08.2010",
    snils: "123-456-789 64",
    phone: "",
};

/// Somebody else of the pupil's name and birth date.
pub(super) const ANNA: Known = Known { snils: "", ..PUPIL };

pub(super) fn to_school_2(on: &str) -> Transfer {
    Transfer {
        from_school: HERE,
        pupil: account_id(1),
        to_school: THERE,
        class: class_id(3),
        on: day(on),
    }
}

pub(super) async fn code<B: Backend>(
    store: &Store<B>,
    by: Actor<'_>,
    transfer: Transfer,
) -> &'static str {
    let told = |error: MoveError| error.code();
    store.transfer_pupil(by, transfer).await.map_or_else(told, |_| "")
}

fn duty(known: Known, duty: Duty) -> DutyRow {
    DutyRow { account: known.id(), duty, since: day("2024-09-01") }
}

pub(super) fn there(known: Known, role: GrantedRole) -> Session {
    let grant = AccountGrant { account: known.id(), school: THERE, roles: vec![role] };
    Session {
        person: person_id(known.person),
        accounts: vec![grant],
        method: SignInMethod::Esia,
        ..mother()
    }
}

pub(super) fn terms() -> Vec<Term> {
    let quarter = |grade: u8, (from, to): (&str, &str)| Term {
        grade,
        name: "1 четверть".into(),
        kind: TermKind::Quarter,
        days: DateRange::new(day(from), day(to)).unwrap(),
    };
    [3, 8].map(|grade| quarter(grade, ("2024-09-01", "2024-10-25"))).into()
}

/// A lesson with a work and a mark for it.
pub(super) fn put(changes: &mut Changes, school: SchoolId, lesson: &Lesson, n: u128, value: &str) {
    let work =
        eschool_core::journal::Work { kind: WorkKind("Тест".into()), ..work_of(n, lesson) };
    let mut mark = mark(n, 1, lesson, &work, value);
    mark.pupil = account_id(1);
    changes.lessons.push((school, lesson.clone()));
    changes.works.push((school, work));
    changes.marks.push((school, mark));
}

/// Two classes of one year; Анна is in a part of hers.
async fn two_classes<B: Backend>(backend: B) -> Harness<B> {
    at_work(backend, |changes| {
        changes.classes.push(class(HERE, 9, "8Б"));
        let part = membership(1, class_id(8), "1", "2024-09-01");
        changes.subgroups.push((HERE, part));
        changes.lessons.push((HERE, lesson(90, class_id(9), "2024-10-11", 1, "Химия")));
    })
    .await
}
