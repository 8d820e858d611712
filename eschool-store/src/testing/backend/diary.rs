//! What a [`DiarySlice`] documents, but for the pupil's own rows and what is upcoming.

use eschool_core::{
    calendar::DateRange,
    diary::{DiarySlice, JournalEnd},
    journal::{IndividualHomework, Lesson, Remark, Stay, Subgroup, SubgroupMembership},
    people::{Guardianship, Kinship},
};

use super::of;
use crate::{
    backend::{AsParent, Backend, Changes, StoredAccount},
    testing::{
        fixtures::{
            account, account_id, attendance, class, class_id, day, days, guardianship, individual,
            lesson, mark, membership, person_id, sample, school_id, stay, work,
        },
        reading, save,
    },
};

/// A week of the sample school, whole.
pub async fn a_slice_holds_all_that_its_days_are_made_of(backend: impl Backend) {
    let changes = sample(1);
    save(&backend, &changes).await;
    let (_, frame) = &changes.frames[0];
    let mut timetable = frame.timetable.clone();
    timetable.retain(|planned| planned.class == class_id(1));
    let lessons = lessons_of(&changes, |lesson| lesson.class == class_id(1));

    let expected = DiarySlice {
        pupil: account_id(1),
        stays: vec![stay(1, 1, "2024-09-02")],
        subgroups: vec![membership(1, class_id(1), "1", "2024-09-02")],
        calendar: frame.calendar.clone(),
        bells: frame.bells.clone(),
        timetable: timetable.clone(),
        journal_ends: vec![JournalEnd { class: class_id(1), date: day("2024-09-03") }],
        lessons: lessons.clone(),
        upcoming: Vec::new(),
        works: changes.works.iter().map(|(_, work)| work.clone()).collect(),
        marks: changes.marks.iter().take(1).map(|(_, mark)| mark.clone()).collect(),
        attendance: changes.attendance.iter().map(|(_, row)| row.clone()).collect(),
        individual_homework: Vec::new(),
        remarks: Vec::new(),
    };
    assert_eq!(slice(&backend, 1, days("2024-09-02", "2024-09-08")).await, expected);

    let (_, task) = changes.individual_homework[0].clone();
    let neighbour = DiarySlice {
        pupil: account_id(2),
        stays: vec![stay(2, 1, "2024-09-02")],
        subgroups: vec![membership(2, class_id(1), "2", "2024-09-02")],
        marks: changes.marks.iter().skip(1).map(|(_, mark)| mark.clone()).collect(),
        attendance: Vec::new(),
        individual_homework: vec![IndividualHomework {
            lesson: task.lesson,
            pupil: task.pupil,
            homework: task.homework,
        }],
        remarks: changes
            .remarks
            .iter()
            .map(|(_, row)| Remark { pupil: row.pupil, lesson: row.lesson, text: row.text.clone() })
            .collect(),
        ..expected
    };
    assert_eq!(slice(&backend, 2, days("2024-09-02", "2024-09-08")).await, neighbour);
}

/// Both ends of a range belong to it; the days around it do not.
pub async fn the_ends_of_a_range_belong_to_it(backend: impl Backend) {
    let id = school_id(1);
    let mut changes = people();
    let mut expected = Vec::new();
    for (n, date) in (1..).zip(["2024-09-08", "2024-09-09", "2024-09-15", "2024-09-16"]) {
        let lesson = lesson(n, class_id(1), date, 1, "Алгебра");
        let work = work(n, &lesson);
        let mark = mark(n, 1, &lesson, &work, "5");
        changes.attendance.push((id, attendance(1, &lesson)));
        changes.individual_homework.push((id, individual(1, &lesson, 0)));
        changes.lessons.push((id, lesson.clone()));
        changes.works.push((id, work.clone()));
        changes.marks.push((id, mark.clone()));
        expected.push((lesson, work, mark));
    }
    save(&backend, &changes).await;

    let whole = slice(&backend, 1, days("2024-09-09", "2024-09-15")).await;
    let inner = &expected[1..3];
    assert_eq!(whole.lessons, inner.iter().map(|it| it.0.clone()).collect::<Vec<_>>());
    assert_eq!(whole.works, inner.iter().map(|it| it.1.clone()).collect::<Vec<_>>());
    assert_eq!(whole.marks, inner.iter().map(|it| it.2.clone()).collect::<Vec<_>>());
    assert_eq!(whole.attendance.len(), 2);
    assert_eq!(whole.individual_homework.len(), 2);

    let one = slice(&backend, 1, DateRange::day(day("2024-09-16"))).await;
    let counts = [one.lessons.len(), one.works.len(), one.marks.len(), one.attendance.len()];
    assert_eq!((counts, one.individual_homework.len()), ([1; 4], 1));
    let none = slice(&backend, 1, days("2024-09-10", "2024-09-14")).await;
    assert!(none.lessons.is_empty() && none.works.is_empty() && none.marks.is_empty());
    assert!(none.attendance.is_empty() && none.individual_homework.is_empty());
}

/// A pupil who changed class has the lessons, the timetable and the end of both, before and after
/// the change: which of them count is decided elsewhere. A third class is not among them.
pub async fn a_pupil_who_changed_class_has_both(backend: impl Backend) {
    let id = school_id(1);
    let mut changes = people();
    changes.classes.push(class(id, 3, "7В"));
    changes.stays = of(
        id,
        &[
            Stay { to: Some(day("2024-09-10")), ..stay(1, 2, "2024-09-02") },
            stay(1, 1, "2024-09-11"),
            stay(2, 3, "2024-09-02"),
        ],
    );
    let mut n = 0;
    for date in ["2024-09-09", "2024-09-10", "2024-09-11", "2024-09-12"] {
        for class in 1..=3 {
            n += 1;
            changes.lessons.push((id, lesson(n, class_id(class), date, 1, "Алгебра")));
        }
    }
    save(&backend, &changes).await;

    let slice = slice(&backend, 1, days("2024-09-09", "2024-09-11")).await;
    let both = [class_id(1), class_id(2)];
    let within = |lesson: &Lesson| both.contains(&lesson.class) && lesson.date < day("2024-09-12");
    assert_eq!(slice.lessons, lessons_of(&changes, within));
    assert_eq!(slice.lessons.len(), 6);
    let classes: Vec<_> = slice.stays.iter().map(|stay| stay.class).collect();
    assert_eq!(classes, [class_id(2), class_id(1)]);
    assert_eq!(slice.journal_ends, both.map(|class| JournalEnd { class, date: day("2024-09-12") }));
    let (_, frame) = &changes.frames[0];
    assert_eq!(slice.timetable, frame.timetable);
}

/// Every subgroup's lessons are there, those of the others too.
pub async fn lessons_of_every_subgroup_are_there(backend: impl Backend) {
    let id = school_id(1);
    let mut changes = people();
    let parts = [None, Some("1"), Some("2"), Some("нем.")];
    changes.lessons = (1..)
        .zip(parts)
        .map(|(n, part)| Lesson {
            subgroup: part.map(|part| Subgroup(part.into())),
            ..lesson(n, class_id(1), "2024-09-02", 1, "Английский язык")
        })
        .map(|lesson| (id, lesson))
        .collect();
    save(&backend, &changes).await;
    let slice = slice(&backend, 1, days("2024-09-02", "2024-09-02")).await;
    assert_eq!(slice.lessons, lessons_of(&changes, |_| true));
}

/// Stays and memberships are all the pupil's, whatever the range; others' are not there.
pub async fn stays_and_memberships_are_told_whatever_the_range(backend: impl Backend) {
    let id = school_id(1);
    let stays = [
        Stay { to: Some(day("2024-05-31")), ..stay(1, 2, "2023-09-01") },
        Stay { to: Some(day("2024-12-31")), ..stay(1, 1, "2024-09-02") },
        stay(1, 1, "2025-04-01"),
    ];
    let ended = SubgroupMembership {
        to: Some(day("2024-05-31")),
        ..membership(1, class_id(2), "1", "2023-09-01")
    };
    let german = SubgroupMembership {
        subject: Some("Немецкий язык".into()),
        ..membership(1, class_id(1), "2", "2024-09-02")
    };
    let parts = [ended, membership(1, class_id(1), "1", "2024-09-02"), german];
    let others = (stay(2, 1, "2024-09-02"), membership(2, class_id(1), "2", "2024-09-02"));
    let mut changes = Changes { stays: of(id, &stays), subgroups: of(id, &parts), ..people() };
    changes.stays.push((id, others.0));
    changes.subgroups.push((id, others.1));
    changes.stays.reverse();
    changes.subgroups.reverse();
    save(&backend, &changes).await;

    let slice = slice(&backend, 1, days("2030-01-01", "2030-01-07")).await;
    assert_eq!(slice.stays, stays);
    assert_eq!(slice.subgroups, parts);
}

/// The end of a journal is its last lesson, cancelled or not, beyond the range or before it; a
/// class without lessons has none, and another's end is not told.
pub async fn a_journal_ends_with_its_last_lesson(backend: impl Backend) {
    let id = school_id(1);
    let mut changes = people();
    changes.classes.push(class(id, 3, "7В"));
    changes.stays = of(
        id,
        &[
            Stay { to: Some(day("2024-09-10")), ..stay(1, 2, "2024-09-02") },
            Stay { to: Some(day("2024-09-12")), ..stay(1, 1, "2024-09-11") },
            stay(1, 3, "2024-09-13"),
            stay(2, 4, "2024-09-02"),
        ],
    );
    changes.classes.push(class(id, 4, "7Г"));
    let on = |n, class, date| lesson(n, class_id(class), date, 1, "Алгебра");
    let cancelled = Lesson { cancelled: true, ..on(3, 1, "2024-12-27") };
    let lessons =
        [on(1, 2, "2024-09-02"), on(2, 1, "2024-09-02"), cancelled, on(4, 4, "2025-05-30")];
    save(&backend, &Changes { lessons: of(id, &lessons), ..changes }).await;

    let expected = [(class_id(1), day("2024-12-27")), (class_id(2), day("2024-09-02"))]
        .map(|(class, date)| JournalEnd { class, date });
    for range in [days("2024-09-09", "2024-09-15"), days("2030-01-01", "2030-01-07")] {
        assert_eq!(slice(&backend, 1, range).await.journal_ends, expected);
    }
}

/// Somebody who was never in a class has the school's calendar and bells, and nothing else.
pub async fn who_has_no_class_has_the_calendar_alone(backend: impl Backend) {
    let changes = sample(1);
    save(&backend, &changes).await;
    let (_, frame) = &changes.frames[0];
    for n in [11, 404] {
        let expected = DiarySlice {
            calendar: frame.calendar.clone(),
            bells: frame.bells.clone(),
            ..super::apart::empty_slice(account_id(n))
        };
        assert_eq!(slice(&backend, n, days("2024-09-02", "2024-09-08")).await, expected);
    }
}

/// The sample school without its journal.
pub(super) fn people() -> Changes {
    let Changes { schools, frames, classes, accounts, claims, stays, .. } = sample(1);
    Changes { schools, frames, classes, accounts, claims, stays, ..Changes::default() }
}

/// What a pupil of the sample school has in these days.
pub(super) async fn slice(backend: &impl Backend, pupil: u128, range: DateRange) -> DiarySlice {
    let mut tx = reading(backend).await;
    tx.diary_slice(school_id(1), account_id(pupil), range).await.unwrap()
}

/// The lessons that are picked, in the order of the changes.
fn lessons_of(changes: &Changes, picked: impl Fn(&Lesson) -> bool) -> Vec<Lesson> {
    changes.lessons.iter().map(|(_, lesson)| lesson).filter(|it| picked(it)).cloned().collect()
}

/// The cover tells school, name, stays with their classes, and the terms; an account that is not
/// there has none, nor has one under another school.
pub async fn a_cover_is_loaded(backend: impl Backend) {
    let mut changes = sample(1);
    let account = changes.accounts.iter_mut().find(|account| account.id == account_id(1)).unwrap();
    account.birth_date = "31.08.2010".parse().ok();
    let account = account.clone();
    save(&backend, &changes).await;
    let (id, mut tx) = (school_id(1), reading(&backend).await);
    let cover = tx.cover(id, account_id(1), None).await.unwrap().unwrap();
    assert_eq!(cover.school, changes.schools[0]);
    assert_eq!((cover.name, cover.birth_date), (account.name, account.birth_date));
    let unknown = tx.cover(id, account_id(2), None).await.unwrap().unwrap();
    assert_eq!(unknown.birth_date, None);
    let stays: Vec<_> =
        changes.stays.iter().map(|(_, stay)| *stay).filter(|s| s.pupil == account_id(1)).collect();
    assert_eq!(cover.stays, stays);
    let mut classes = changes.classes.clone();
    classes.retain(|class| stays.iter().any(|stay| stay.class == class.id));
    assert_eq!(cover.classes, classes);
    assert_eq!(cover.terms, changes.frames[0].1.terms);
    assert_eq!(tx.cover(id, account_id(404), None).await.unwrap(), None);
    assert_eq!(tx.cover(school_id(404), account_id(1), None).await.unwrap(), None);
    assert_eq!(tx.school(id).await.unwrap().as_ref(), changes.schools.first());
    assert_eq!(tx.school(school_id(404)).await.unwrap(), None);
}

/// Who asks as a parent is told the bonds that their accounts in the school have with the pupil,
/// whatever these bonds say: those of the person who asks, and of whomever the accounts belong to.
pub async fn a_cover_tells_what_ties_a_parent_to_the_pupil(backend: impl Backend) {
    let id = school_id(1);
    let mut changes = sample(1);
    // By account: 13 is of the person 11 too, 14 and 15 are one person's, and 16 is somebody's.
    for (number, person) in [(13, 11), (14, 14), (15, 14), (16, 16)] {
        let adult = account(id, number, "Соснова");
        changes.accounts.push(StoredAccount { person: person_id(person), ..adult });
    }
    let whole = Guardianship {
        kinship: Kinship::from("крёстная"),
        legal_representative: Some(false),
        from: Some(day("2024-09-01")),
        until: Some(day("2024-09-02")),
        barred: true,
        ..guardianship(13, 1)
    };
    let guardian = Guardianship { legal_representative: Some(true), ..guardianship(15, 1) };
    let others = [guardianship(13, 2), guardianship(14, 3), guardianship(16, 1)];
    let bonds = [whole.clone(), guardian.clone()].into_iter().chain(others);
    changes.guardianships.extend(bonds.map(|bond| (id, bond)));
    save(&backend, &changes).await;
    save(&backend, &sample(2)).await;

    let mut tx = reading(&backend).await;
    let mut bonds = async |school, pupil, person, accounts: &[u128]| {
        let accounts: Vec<_> = accounts.iter().copied().map(account_id).collect();
        let parent = AsParent { person: person_id(person), accounts: &accounts };
        let cover = tx.cover(school_id(school), account_id(pupil), Some(parent)).await.unwrap();
        cover.unwrap().bonds
    };
    let own = guardianship(11, 1);
    assert_eq!(bonds(1, 1, 11, &[11]).await, [own.clone(), whole.clone()]);
    // By the accounts, whoever asks; and by who asks, whatever the accounts.
    assert_eq!(bonds(1, 1, 404, &[13]).await, [own.clone(), whole.clone()]);
    assert_eq!(bonds(1, 1, 404, &[14]).await, std::slice::from_ref(&guardian));
    assert_eq!(bonds(1, 1, 11, &[14, 404]).await, [own.clone(), whole, guardian]);
    assert_eq!(bonds(1, 3, 14, &[15]).await, [guardianship(14, 3)]);
    // Of another school, nobody's, or of who is here as no parent.
    assert_eq!(bonds(2, 1, 11, &[11, 13]).await, [own]);
    assert_eq!(bonds(1, 1, 404, &[12]).await, []);
    assert_eq!(bonds(1, 1, 11, &[]).await, []);
    let of_nobody = tx.cover(id, account_id(1), None).await.unwrap().unwrap();
    assert_eq!(of_nobody.bonds, []);
}
