//! A class's journal, final marks, lessons that move.

use eschool_core::journal::{Attendance, AttendanceClass, FinalMark, Lesson, Mark, Subgroup, Work};

use super::of;
use crate::{
    backend::{
        Access, Backend, BackendError, Changes, ClassJournal, IndividualHomeworkRow, Removed,
    },
    testing::{
        fixtures::{
            account_id, at, attendance, class_id, day, days, final_mark, homework, individual,
            lesson, lesson_id, mark, remark, sample, school_id, work,
        },
        reading, save,
    },
};

/// The journal of some days is that of the class without the lessons of others; both ends belong to
/// the days.
pub async fn the_journal_of_some_days_holds_them_alone(backend: impl Backend) {
    let id = school_id(1);
    let dates = ["2024-09-02", "2024-09-03", "2024-09-04", "2024-09-05"];
    let lessons: Vec<_> =
        (1..).zip(dates).map(|(n, date)| lesson(n, class_id(1), date, 1, "Алгебра")).collect();
    let other = lesson(9, class_id(2), dates[1], 1, "Алгебра");
    let works: Vec<_> = (1..).zip(&lessons).map(|(n, lesson)| work(n, lesson)).collect();
    let marks: Vec<_> = (1..)
        .zip(lessons.iter().zip(&works))
        .map(|(n, (lesson, work))| mark(n, 1, lesson, work, "5"))
        .collect();
    let absences: Vec<_> = lessons.iter().map(|lesson| attendance(1, lesson)).collect();
    let homework: Vec<_> = lessons.iter().map(|lesson| individual(1, lesson, 0)).collect();
    let remarks: Vec<_> = lessons.iter().map(|lesson| remark(1, lesson, 0)).collect();
    let changes = Changes {
        lessons: of(id, &[&lessons[..], &[other]].concat()),
        works: of(id, &works),
        marks: of(id, &marks),
        attendance: of(id, &absences),
        individual_homework: of(id, &homework),
        remarks: of(id, &remarks),
        ..people()
    };
    save(&backend, &changes).await;
    for (from, to) in [(0, 3), (1, 2), (0, 0), (3, 3)] {
        let range = days(dates[from], dates[to]);
        let found = reading(&backend).await.journal_days(id, class_id(1), range).await.unwrap();
        let expected = ClassJournal {
            lessons: lessons[from..=to].to_vec(),
            works: works[from..=to].to_vec(),
            former_works: vec![],
            marks: marks[from..=to].to_vec(),
            attendance: absences[from..=to].to_vec(),
            individual_homework: homework[from..=to].to_vec(),
            remarks: remarks[from..=to].to_vec(),
        };
        assert_eq!(found, expected, "{range:?}");
    }
    let none = days("2024-09-06", "2024-12-31");
    let found = reading(&backend).await.journal_days(id, class_id(1), none).await.unwrap();
    assert_eq!(found, ClassJournal::default());
}

/// Rows of a journal are taken away by their keys, and no others.
pub async fn rows_of_a_journal_are_taken_away(backend: impl Backend) {
    let id = school_id(1);
    let at = |n, number| lesson(n, class_id(1), "2024-09-02", number, "Алгебра");
    let (one, two) = (at(1, 1), at(2, 2));
    let works = vec![work(1, &one), work(2, &one)];
    let marks = vec![mark(1, 1, &one, &works[0], "5"), mark(2, 1, &one, &works[0], "5")];
    let absences = vec![attendance(1, &one), attendance(2, &one)];
    let homework = vec![individual(1, &one, 0), individual(1, &one, 1)];
    let changes = Changes {
        lessons: of(id, &[one.clone(), two.clone()]),
        works: of(id, &works),
        marks: of(id, &marks),
        attendance: of(id, &absences),
        individual_homework: of(id, &homework),
        ..people()
    };
    save(&backend, &changes).await;
    // A school with the same identifiers.
    save(&backend, &sample(2)).await;
    let journal =
        async |school| reading(&backend).await.class_journal(school, class_id(1)).await.unwrap();
    let elsewhere = journal(school_id(2)).await;
    let version = async |lesson: &Lesson| {
        reading(&backend).await.lesson_page(id, lesson.id).await.unwrap().unwrap().version
    };
    let before = version(&one).await;
    let removed = Removed {
        works: of(id, &works[1..]),
        marks: of(id, &marks[..1]),
        attendance: of(id, &absences[..1]),
        individual_homework: of(id, &homework[..1]),
        lessons: of(id, std::slice::from_ref(&two)),
        ..Removed::default()
    };
    assert_eq!(removed.rows(), 5);
    save(&backend, &Changes { removed, ..Changes::default() }).await;
    // Who has seen the lesson before does not overwrite it now.
    assert_eq!(version(&one).await, before + 1);
    let left = ClassJournal {
        lessons: vec![one.clone()],
        works: works[..1].to_vec(),
        marks: marks[1..].to_vec(),
        attendance: absences[1..].to_vec(),
        individual_homework: homework[1..].to_vec(),
        ..ClassJournal::default()
    };
    assert_eq!(journal(id).await, left);

    // The place of a lesson that is gone is free.
    let removed = Removed {
        lessons: of(id, std::slice::from_ref(&one)),
        works: of(id, &works[..1]),
        marks: of(id, &marks[1..]),
        attendance: of(id, &absences[1..]),
        individual_homework: of(id, &homework[1..]),
        ..Removed::default()
    };
    let other = Lesson { id: lesson_id(7), ..one };
    let lessons = of(id, std::slice::from_ref(&other));
    save(&backend, &Changes { removed, lessons, ..Changes::default() }).await;
    assert_eq!(journal(id).await, ClassJournal { lessons: vec![other], ..<_>::default() });
    assert_eq!(journal(school_id(2)).await, elsewhere);
}

/// With a mark for a work of an earlier lesson, or of a class that was left, comes that work; once,
/// and not among those of the days.
pub async fn a_mark_given_late_comes_with_its_work(backend: impl Backend) {
    let id = school_id(1);
    let dates = ["2024-09-02", "2024-09-03", "2024-09-04"];
    let lessons: Vec<_> =
        (1..).zip(dates).map(|(n, date)| lesson(n, class_id(1), date, 1, "Алгебра")).collect();
    let left = lesson(9, class_id(2), dates[0], 1, "Алгебра");
    let works = [work(1, &lessons[0]), work(2, &lessons[1]), work(3, &lessons[0]), work(9, &left)];
    let marks = [
        mark(1, 1, &lessons[2], &works[0], "5"),
        mark(2, 2, &lessons[2], &works[0], "4"),
        mark(3, 1, &lessons[2], &works[1], "3"),
        mark(4, 1, &lessons[2], &works[3], "2"),
        mark(5, 1, &lessons[0], &works[2], "5"),
    ];
    let changes = Changes {
        lessons: of(id, &[&lessons[..], &[left]].concat()),
        works: of(id, &works),
        marks: of(id, &marks),
        ..people()
    };
    save(&backend, &changes).await;
    let mut tx = reading(&backend).await;
    for (from, to, own, former) in [
        (2, 2, vec![], vec![0, 1, 3]),
        (1, 2, vec![1], vec![0, 3]),
        (0, 2, vec![0, 1, 2], vec![3]),
        (0, 1, vec![0, 1, 2], vec![]),
    ] {
        let range = days(dates[from], dates[to]);
        let found = tx.journal_days(id, class_id(1), range).await.unwrap();
        let these = |places: Vec<usize>| -> Vec<Work> {
            places.into_iter().map(|place| works[place].clone()).collect()
        };
        assert_eq!((found.works, found.former_works), (these(own), these(former)), "{range:?}");
    }
    let all = tx.class_journal(id, class_id(1)).await.unwrap();
    assert_eq!(all.former_works, [works[3].clone()]);
}

/// The journal of a class holds its own lessons and what stands in them, in the documented order,
/// whatever the order of saving.
pub async fn a_class_journal_holds_its_class_alone(backend: impl Backend) {
    let id = school_id(1);
    let part =
        |lesson: Lesson, part: &str| Lesson { subgroup: Some(Subgroup(part.into())), ..lesson };
    let at_class = |n, class, date, number| lesson(n, class_id(class), date, number, "Алгебра");
    // Identifiers run against the order of days, numbers and subgroups.
    let lessons = vec![
        at_class(29, 1, "2024-09-02", 1),
        part(at_class(28, 1, "2024-09-02", 1), "1"),
        part(at_class(27, 1, "2024-09-02", 1), "2"),
        at_class(26, 1, "2024-09-02", 2),
        at_class(25, 1, "2024-09-02", 10),
        at_class(24, 1, "2024-09-03", 1),
    ];
    let others = [at_class(31, 2, "2024-09-02", 1), at_class(32, 2, "2024-09-03", 1)];
    let [other, _] = &others;
    let (first, last) = (&lessons[0], &lessons[5]);
    let works = vec![work(11, last), work(12, first), work(14, first)];
    let other_work = work(13, other);
    let (of_last, of_first) = (&works[0], &works[1]);
    let marks = vec![
        mark(11, 2, last, of_last, "5"),
        mark(12, 1, first, of_first, "4"),
        mark(14, 1, last, of_last, "4"),
    ];
    // By pupil, day and lesson.
    let absences = vec![attendance(1, first), attendance(1, last), attendance(2, first)];
    let homework = vec![
        individual(1, first, 0),
        individual(1, first, 1),
        individual(1, last, 0),
        individual(2, first, 0),
    ];
    let remarks =
        vec![remark(1, first, 0), remark(1, first, 1), remark(1, last, 0), remark(2, first, 0)];
    let expected = ClassJournal {
        lessons: lessons.clone(),
        works: works.clone(),
        former_works: vec![],
        marks: marks.clone(),
        attendance: absences.clone(),
        individual_homework: homework.clone(),
        remarks: remarks.clone(),
    };

    let mut changes = Changes {
        lessons: of(id, &[lessons, others.to_vec()].concat()),
        works: of(id, &[works, vec![other_work.clone()]].concat()),
        marks: of(id, &[marks, vec![mark(13, 3, other, &other_work, "3")]].concat()),
        attendance: of(id, &[absences, vec![attendance(3, other)]].concat()),
        individual_homework: of(id, &[homework, vec![individual(3, other, 0)]].concat()),
        remarks: of(id, &[remarks, vec![remark(3, other, 0)]].concat()),
        ..people()
    };
    changes.lessons.reverse();
    changes.works.reverse();
    changes.marks.reverse();
    changes.attendance.reverse();
    changes.individual_homework.reverse();
    changes.remarks.reverse();
    save(&backend, &changes).await;

    let mut tx = reading(&backend).await;
    assert_eq!(tx.class_journal(id, class_id(1)).await.unwrap(), expected);
    let journal = tx.class_journal(id, class_id(2)).await.unwrap();
    assert_eq!(journal.lessons, others);
    assert_eq!(journal.works, [other_work]);
    assert_eq!((journal.marks.len(), journal.attendance.len()), (1, 1));
    assert_eq!(journal.individual_homework, [individual(3, other, 0)]);
    assert_eq!(journal.remarks, [remark(3, other, 0)]);
}

/// A row with the same key replaces the former, and no other.
pub async fn a_second_save_replaces_rows_of_the_journal(backend: impl Backend) {
    let id = school_id(1);
    let changes = sample(1);
    save(&backend, &changes).await;
    let mut expected = reading(&backend).await.class_journal(id, class_id(1)).await.unwrap();

    let written_at = at("2024-09-02T18:00:00Z");
    for lesson in &mut expected.lessons {
        if lesson.id == lesson_id(1) {
            lesson.topic = None;
            lesson.homework = None;
            lesson.subject = "Геометрия".into();
            lesson.written_at = written_at;
        }
    }
    expected.works[0].title = "Устный ответ".into();
    let given = &mut expected.marks[0];
    *given =
        Mark {
            value: "2".parse().unwrap(), comment: Some("исправлено".into()), ..given.clone()
        };
    let absence = &mut expected.attendance[0];
    *absence = Attendance { code: "оп".into(), class: AttendanceClass::Late, ..absence.clone() };
    let task = &mut expected.individual_homework[0];
    *task = IndividualHomeworkRow { homework: homework("Другое"), ..task.clone() };
    let second = Changes {
        lessons: of(id, &expected.lessons[..1]),
        works: of(id, &expected.works),
        marks: of(id, &expected.marks[..1]),
        attendance: of(id, &expected.attendance),
        individual_homework: of(id, &expected.individual_homework),
        ..Changes::default()
    };
    save(&backend, &second).await;
    assert_eq!(reading(&backend).await.class_journal(id, class_id(1)).await.unwrap(), expected);
}

/// A lesson that moves to another day or number keeps what stands in it, and leaves its place.
pub async fn a_lesson_moves_with_all_that_stands_in_it(backend: impl Backend) {
    let id = school_id(1);
    let changes = sample(1);
    save(&backend, &changes).await;
    let (_, first) = changes.lessons[0].clone();
    let date = day("2024-09-05");
    let moved = Lesson { date, number: 7, ..first.clone() };
    let marks: Vec<_> = changes
        .marks
        .iter()
        .map(|(school, mark)| (*school, Mark { date, ..mark.clone() }))
        .collect();
    let homework: Vec<_> = changes
        .individual_homework
        .iter()
        .map(|(school, row)| (*school, IndividualHomeworkRow { date, ..row.clone() }))
        .collect();
    let moving = Changes {
        lessons: vec![(id, moved.clone())],
        marks: marks.clone(),
        individual_homework: homework,
        ..Changes::default()
    };
    save(&backend, &moving).await;

    let mut tx = reading(&backend).await;
    let journal = tx.class_journal(id, class_id(1)).await.unwrap();
    assert_eq!(journal.lessons.last(), Some(&moved));
    assert_eq!(journal.lessons.len(), 4);
    assert_eq!(of(id, &journal.marks), marks);
    assert_eq!(journal.works.len(), 1);
    assert_eq!(journal.individual_homework.len(), 1);
    let before = tx.diary_slice(id, account_id(1), days("2024-09-02", "2024-09-02")).await.unwrap();
    assert!(before.marks.is_empty());
    let after = tx.diary_slice(id, account_id(1), days("2024-09-05", "2024-09-05")).await.unwrap();
    assert_eq!((after.lessons, after.marks.len(), after.works.len()), (vec![moved], 1, 1));
    drop(tx);

    // Its former place is free.
    let successor = Lesson { id: lesson_id(99), ..first };
    save(&backend, &Changes { lessons: vec![(id, successor)], ..Changes::default() }).await;
    let journal = reading(&backend).await.class_journal(id, class_id(1)).await.unwrap();
    assert_eq!(journal.lessons.len(), 5);
}

/// No two lessons have one class, day, subgroup and number; one that differs in any stands beside.
pub async fn two_lessons_in_one_place_are_refused(backend: impl Backend) {
    let id = school_id(1);
    let whole = lesson(1, class_id(1), "2024-09-02", 1, "Алгебра");
    let part = |n: u128, part: &str| Lesson {
        id: lesson_id(n),
        subgroup: Some(Subgroup(part.into())),
        ..whole.clone()
    };
    let beside = [
        whole.clone(),
        part(2, "1"),
        part(3, "2"),
        Lesson { id: lesson_id(4), class: class_id(2), ..whole.clone() },
        Lesson { id: lesson_id(5), date: day("2024-09-03"), ..whole.clone() },
        Lesson { id: lesson_id(6), number: 2, ..whole.clone() },
    ];
    save(&backend, &Changes { lessons: of(id, &beside), ..people() }).await;

    for second in
        [Lesson { id: lesson_id(9), subject: "Химия".into(), ..whole.clone() }, part(9, "1")]
    {
        let mut tx = backend.begin(Access::Write).await.unwrap();
        let lessons = vec![(id, second)];
        let refused = tx.apply(&Changes { lessons, ..Changes::default() }).await;
        assert!(matches!(refused, Err(BackendError::Conflict)), "{refused:?}");
    }
    let journal = reading(&backend).await.class_journal(id, class_id(1)).await.unwrap();
    assert_eq!(journal.lessons.len(), 5);
    assert_eq!(journal.lessons.first(), Some(&whole));
}

/// Two equal marks for one work are two marks.
pub async fn two_equal_marks_are_two_marks(backend: impl Backend) {
    let id = school_id(1);
    let of_lesson = lesson(1, class_id(1), "2024-09-02", 1, "Алгебра");
    let control = work(1, &of_lesson);
    let marks = [1, 2].map(|n| mark(n, 1, &of_lesson, &control, "5"));
    let changes = Changes {
        lessons: vec![(id, of_lesson.clone())],
        works: vec![(id, control.clone())],
        marks: of(id, &marks),
        ..people()
    };
    save(&backend, &changes).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.class_journal(id, class_id(1)).await.unwrap().marks, marks);
    let slice = tx.diary_slice(id, account_id(1), days("2024-09-02", "2024-09-02")).await.unwrap();
    assert_eq!(slice.marks, marks);
    assert_eq!(slice.works, [control] as [Work; 1]);
}

/// Final marks by pupil, year, subject, kind and term; one pupil's alone; replaced by their key.
pub async fn final_marks_stand_in_their_order(backend: impl Backend) {
    let id = school_id(1);
    let of_kind = |pupil, subject, kind: &str, term: &str| FinalMark {
        kind: kind.into(),
        term: term.into(),
        ..final_mark(pupil, subject, "4")
    };
    let mut finals = vec![
        FinalMark { year: 2023, ..of_kind(1, "Химия", "year", "") },
        of_kind(1, "Алгебра", "exam", ""),
        of_kind(1, "Алгебра", "term", "1 четверть"),
        of_kind(1, "Алгебра", "term", "2 четверть"),
        of_kind(1, "Алгебра", "year", ""),
        of_kind(1, "Химия", "exam", ""),
        of_kind(2, "Алгебра", "exam", ""),
    ];
    let mut saved = of(id, &finals);
    saved.reverse();
    save(&backend, &Changes { finals: saved, ..people() }).await;

    let replaced = &mut finals[2];
    replaced.value = "5".parse().unwrap();
    let again = vec![(id, replaced.clone())];
    save(&backend, &Changes { finals: again, ..Changes::default() }).await;

    let mut tx = reading(&backend).await;
    assert_eq!(tx.school_finals(id).await.unwrap(), finals);
    let (own, others) = finals.split_at(6);
    assert_eq!(tx.finals(id, account_id(1)).await.unwrap(), own);
    assert_eq!(tx.finals(id, account_id(2)).await.unwrap(), others);
    assert_eq!(tx.finals(id, account_id(3)).await.unwrap(), []);
}

/// The sample school without its journal.
fn people() -> Changes {
    let Changes { schools, classes, accounts, claims, stays, .. } = sample(1);
    Changes { schools, classes, accounts, claims, stays, ..Changes::default() }
}
