//! What a lesson is written by.

use chrono::{Days, NaiveDate};
use eschool_core::journal::{
    FinalKind, FinalMark, Grading, IndividualHomework, Lesson, LessonPage, Remark, Subgroup, Work,
};

use super::of;
use crate::{
    backend::{Backend, Changes, ClassPupils, MarkChange, RemarkRow},
    testing::{
        fixtures::{
            account_id, at, attendance, class_id, day, days, final_mark, individual, lesson,
            lesson_id, mark, mark_change, membership, name, post, remark, sample, school_id, stay,
            unusual_texts, work, work_id,
        },
        reading, save,
    },
};

/// A page holds what stands in its lesson, in the documented order, and nothing of any other.
pub async fn a_page_is_loaded_as_saved(backend: impl Backend) {
    let id = school_id(1);
    let changes = sample(1);
    let next = changes.lessons[4].1.clone();
    save(&backend, &changes).await;
    let others = neighbour(&backend).await;
    let works = vec![work(11, &next), work(12, &next)];
    let marks = vec![mark(11, 2, &next, &works[1], "5"), mark(12, 1, &next, &works[0], ".")];
    let absences = vec![attendance(1, &next), attendance(2, &next)];
    let homework = [individual(1, &next, 0), individual(1, &next, 1), individual(2, &next, 0)];
    let texts = unusual_texts();
    let remarks: Vec<RemarkRow> = (0..)
        .zip(&texts)
        .map(|(position, text)| RemarkRow { text: text.clone(), ..remark(2, &next, position) })
        .collect();
    let mut more = Changes {
        works: of(id, &works),
        marks: of(id, &marks),
        attendance: of(id, &absences),
        individual_homework: of(id, &homework),
        remarks: of(id, &remarks),
        ..Changes::default()
    };
    more.works.reverse();
    more.marks.reverse();
    more.attendance.reverse();
    more.individual_homework.reverse();
    more.remarks.reverse();
    save(&backend, &more).await;
    let page = LessonPage {
        version: 2,
        lesson: next.clone(),
        works,
        marks,
        attendance: absences,
        individual_homework: homework
            .into_iter()
            .map(|row| IndividualHomework {
                lesson: row.lesson,
                pupil: row.pupil,
                homework: row.homework,
            })
            .collect(),
        remarks: remarks
            .into_iter()
            .map(|row| Remark { lesson: row.lesson, pupil: row.pupil, text: row.text })
            .collect(),
    };
    let mut tx = reading(&backend).await;
    assert_eq!(tx.lesson_page(id, next.id).await.unwrap(), Some(page));
    assert_eq!(tx.lesson_page(id, lesson_id(404)).await.unwrap(), None);
    assert_eq!(tx.lesson_page(school_id(3), next.id).await.unwrap(), None);
    assert_eq!(pages(&backend, 2).await, others);
}

/// The second school, whose rows have the identifiers of the first one's; and its pages.
async fn neighbour(backend: &impl Backend) -> Vec<LessonPage> {
    save(backend, &sample(2)).await;
    pages(backend, 2).await
}

/// The pages of all lessons of a sample school.
async fn pages(backend: &impl Backend, n: u128) -> Vec<LessonPage> {
    let mut tx = reading(backend).await;
    let mut pages = Vec::new();
    for lesson in 1..=5 {
        let page = tx.lesson_page(school_id(n), lesson_id(lesson)).await.unwrap();
        pages.push(page.expect("a lesson of the sample"));
    }
    pages
}

/// Every kind of row moves on the version of the lesson it stands in, and of no other; many rows at
/// once move it on by one; what stands in no lesson does not.
pub async fn what_is_written_in_a_lesson_moves_its_version_on(backend: impl Backend) {
    let id = school_id(1);
    let changes = sample(1);
    let ours = changes.lessons[0].1.clone();
    save(&backend, &changes).await;
    let others = neighbour(&backend).await;
    let version = async |lesson| {
        let page = reading(&backend).await.lesson_page(id, lesson).await.unwrap();
        page.unwrap().version
    };
    assert_eq!((version(ours.id).await, version(lesson_id(5)).await), (1, 1));
    let control = work(1, &ours);
    let none = Changes::default;
    let written = [
        Changes { lessons: of(id, std::slice::from_ref(&ours)), ..none() },
        Changes { works: of(id, &[work(2, &ours)]), ..none() },
        Changes { marks: of(id, &[mark(3, 1, &ours, &control, "5")]), ..none() },
        Changes { attendance: of(id, &[attendance(1, &ours)]), ..none() },
        Changes { individual_homework: of(id, &[individual(1, &ours, 0)]), ..none() },
        Changes { remarks: of(id, &[remark(1, &ours, 0)]), ..none() },
        Changes { emptied_lessons: vec![(id, ours.id)], ..none() },
        Changes {
            lessons: of(id, std::slice::from_ref(&ours)),
            works: of(id, &[work(2, &ours), work(3, &ours)]),
            remarks: of(id, &[remark(1, &ours, 0), remark(2, &ours, 0)]),
            ..none()
        },
    ];
    for (expected, changes) in (2..).zip(written) {
        save(&backend, &changes).await;
        assert_eq!(version(ours.id).await, expected);
        assert_eq!(pages(&backend, 2).await, others);
    }
    let mut elsewhere = sample(2);
    elsewhere.finals.push((id, final_mark(1, "Химия", "4")));
    save(&backend, &elsewhere).await;
    assert_eq!((version(ours.id).await, version(lesson_id(5)).await), (9, 1));
}

/// What stood in an emptied lesson is gone, but for what the same changes bring; other lessons, and
/// what became of marks, stay.
pub async fn an_emptied_lesson_has_what_the_changes_bring(backend: impl Backend) {
    let id = school_id(1);
    let changes = sample(1);
    save(&backend, &changes).await;
    let elsewhere = neighbour(&backend).await;
    let algebra = changes.lessons[0].1.clone();
    let others = reading(&backend).await.lesson_page(id, lesson_id(5)).await.unwrap();
    let history = reading(&backend).await.mark_changes(id, algebra.id).await.unwrap();
    assert_eq!(history.len(), 2);

    let date = day("2024-09-04");
    let moved = Lesson { date, ..algebra };
    let control = work(1, &moved);
    let kept = mark(1, 1, &moved, &control, "5");
    let emptied = Changes {
        lessons: of(id, std::slice::from_ref(&moved)),
        emptied_lessons: vec![(id, moved.id), (id, lesson_id(404))],
        works: of(id, std::slice::from_ref(&control)),
        marks: of(id, std::slice::from_ref(&kept)),
        ..Changes::default()
    };
    save(&backend, &emptied).await;
    assert_eq!(pages(&backend, 2).await, elsewhere);
    let mut tx = reading(&backend).await;
    let page = tx.lesson_page(id, moved.id).await.unwrap().unwrap();
    assert_eq!((page.lesson, page.works, page.marks), (moved.clone(), vec![control], vec![kept]));
    assert!(page.individual_homework.is_empty() && page.remarks.is_empty());
    assert_eq!(tx.lesson_page(id, lesson_id(5)).await.unwrap(), others);
    assert_eq!(tx.mark_changes(id, moved.id).await.unwrap(), history);
    let before = tx.diary_slice(id, account_id(1), days("2024-09-02", "2024-09-02")).await.unwrap();
    assert!(before.marks.is_empty());
}

/// What moves to another day with its lesson stands there alone; the other school's rows, which have
/// the same identifiers, stay where they are.
pub async fn rows_move_in_their_own_school(backend: impl Backend) {
    let id = school_id(1);
    let mut changes = sample(1);
    save(&backend, &changes).await;
    let before = pages(&backend, 1).await;
    let others = neighbour(&backend).await;
    // Into the next school year.
    let later = |date: &mut NaiveDate| *date = *date + Days::new(364);
    changes.lessons.iter_mut().for_each(|(_, row)| later(&mut row.date));
    changes.marks.iter_mut().for_each(|(_, row)| later(&mut row.date));
    changes.attendance.iter_mut().for_each(|(_, row)| later(&mut row.date));
    changes.individual_homework.iter_mut().for_each(|(_, row)| later(&mut row.date));
    changes.remarks.iter_mut().for_each(|(_, row)| later(&mut row.date));
    let Changes { lessons, works, marks, attendance, individual_homework, remarks, .. } = changes;
    let moved = Changes {
        lessons,
        works,
        marks,
        attendance,
        individual_homework,
        remarks,
        ..Changes::default()
    };
    save(&backend, &moved).await;
    assert_eq!(pages(&backend, 2).await, others);
    let slice = async |school, from, to| {
        reading(&backend).await.diary_slice(school, account_id(2), days(from, to)).await.unwrap()
    };
    let (old, new) = (("2024-09-01", "2024-09-30"), ("2025-09-01", "2025-09-30"));
    let there = slice(id, new.0, new.1).await;
    assert_eq!((there.individual_homework.len(), there.remarks.len()), (1, 1));
    let gone = slice(id, old.0, old.1).await;
    assert!(gone.lessons.is_empty() && gone.marks.is_empty() && gone.remarks.is_empty());
    let kept = slice(school_id(2), old.0, old.1).await;
    assert_eq!((kept.individual_homework.len(), kept.remarks.len()), (1, 1));
    for (now, before) in pages(&backend, 1).await.iter().zip(&before) {
        assert_eq!(now.remarks, before.remarks);
        assert_eq!((now.marks.len(), now.version), (before.marks.len(), 2));
    }
}

/// The lessons of one class on some days, both ends included; and the last day of its journal.
pub async fn lessons_of_some_days_are_loaded(backend: impl Backend) {
    let id = school_id(1);
    let on = |n, class, date| lesson(n, class_id(class), date, 1, "Алгебра");
    let lessons = [
        on(1, 1, "2024-09-02"),
        on(2, 1, "2024-09-03"),
        Lesson { subgroup: Some(Subgroup("1".into())), ..on(5, 1, "2024-09-05") },
        Lesson { cancelled: true, ..on(3, 1, "2024-09-06") },
        on(4, 2, "2024-09-04"),
    ];
    let Changes { schools, classes, .. } = sample(1);
    save(&backend, &Changes { schools, classes, lessons: of(id, &lessons), ..Changes::default() })
        .await;
    let mut tx = reading(&backend).await;
    let found =
        tx.lessons_between(id, class_id(1), days("2024-09-03", "2024-09-05")).await.unwrap();
    assert_eq!(found, lessons[1..3]);
    let found =
        tx.lessons_between(id, class_id(1), days("2024-09-06", "2025-09-01")).await.unwrap();
    assert_eq!(found, lessons[3..4]);
    for (school, class, expected) in [
        (id, 1, Some("2024-09-06")),
        (id, 2, Some("2024-09-04")),
        (id, 3, None),
        (school_id(2), 1, None),
    ] {
        let end = tx.journal_end(school, class_id(class)).await.unwrap();
        assert_eq!(end, expected.map(day));
    }
}

/// Works by identifier, each with its own lesson, or without one that is gone.
pub async fn works_come_with_their_lessons(backend: impl Backend) {
    let id = school_id(1);
    let mut changes = sample(1);
    let (algebra, next) = (changes.lessons[0].1.clone(), changes.lessons[4].1.clone());
    let more: [Work; 2] = [work(8, &next), work(7, &algebra)];
    changes.works.extend(of(id, &more));
    let left = work(9, &lesson(99, class_id(1), "2024-09-02", 7, "Алгебра"));
    changes.works.push((id, left.clone()));
    save(&backend, &changes).await;
    let mut tx = reading(&backend).await;
    let asked = [work_id(8), work_id(9), work_id(404), work_id(7), work_id(7)];
    let [late, early] = more;
    let expected = [(early, Some(algebra)), (late, Some(next)), (left, None)];
    assert_eq!(tx.works(id, &asked).await.unwrap(), expected);
    assert_eq!(tx.works(id, &[]).await.unwrap(), []);
    assert_eq!(tx.works(school_id(2), &asked).await.unwrap(), []);
}

/// The marks that some pupils have for some works, wherever they stand.
pub async fn marks_are_found_by_pupil_and_work(backend: impl Backend) {
    let id = school_id(1);
    let mut changes = sample(1);
    let (algebra, next) = (changes.lessons[0].1.clone(), changes.lessons[4].1.clone());
    let (control, other) = (work(1, &algebra), work(2, &algebra));
    let more = [mark(3, 1, &next, &control, "4"), mark(4, 1, &algebra, &other, "3")];
    changes.works.extend(of(id, std::slice::from_ref(&other)));
    changes.marks.extend(of(id, &more));
    save(&backend, &changes).await;
    let mut tx = reading(&backend).await;
    let first = changes.marks[0].1.clone();
    let second = changes.marks[1].1.clone();
    let [late, apart] = more;
    for (pupils, works, expected) in [
        (&[1][..], &[1][..], vec![first.clone(), late.clone()]),
        (&[2, 1], &[1], vec![first.clone(), second, late.clone()]),
        (&[1, 404], &[2, 1], vec![first, late, apart]),
        (&[3], &[1, 2], vec![]),
        (&[], &[1], vec![]),
        (&[1], &[], vec![]),
    ] {
        let pupils: Vec<_> = pupils.iter().map(|n| account_id(*n)).collect();
        let works: Vec<_> = works.iter().map(|n| work_id(*n)).collect();
        assert_eq!(tx.marks_for(id, &pupils, &works).await.unwrap(), expected);
        assert_eq!(tx.marks_for(school_id(2), &pupils, &works).await.unwrap(), []);
    }
}

/// Who ever was in a class, with all their stays and memberships.
pub async fn everybody_of_a_class_is_loaded(backend: impl Backend) {
    let id = school_id(1);
    let mut changes = sample(1);
    changes.stays.push((id, stay(1, 2, "2024-10-01")));
    changes.subgroups.push((id, membership(1, class_id(2), "1", "2024-10-01")));
    save(&backend, &changes).await;
    let mut tx = reading(&backend).await;
    let expected = ClassPupils {
        stays: vec![stay(1, 1, "2024-09-02"), stay(1, 2, "2024-10-01"), stay(2, 1, "2024-09-02")],
        subgroups: vec![
            membership(1, class_id(1), "1", "2024-09-02"),
            membership(1, class_id(2), "1", "2024-10-01"),
            membership(2, class_id(1), "2", "2024-09-02"),
        ],
    };
    assert_eq!(tx.class_pupils(id, class_id(1)).await.unwrap(), expected);
    let of_other = tx.class_pupils(id, class_id(2)).await.unwrap();
    assert_eq!(of_other.stays.len(), 3, "the one who came, and the one who was there");
    assert_eq!(tx.class_pupils(id, class_id(9)).await.unwrap(), ClassPupils::default());
    assert_eq!(tx.class_pupils(school_id(2), class_id(1)).await.unwrap(), ClassPupils::default());
}

/// Every post with its holder's name, by account and subject.
pub async fn staff_are_loaded_by_name(backend: impl Backend) {
    let id = school_id(1);
    let mut changes = sample(1);
    let leads = changes.staff[0].1.clone();
    changes.staff.push((id, post(21, "Химия")));
    changes.staff.push((id, post(11, "Физика")));
    save(&backend, &changes).await;
    save(&backend, &sample(2)).await;
    let staff = reading(&backend).await.staff(id).await.unwrap();
    let named = |post| (post, name("Соснова"));
    assert_eq!(staff, [named(post(11, "Физика")), named(leads), named(post(21, "Химия"))]);
}

/// Every value, with and without who and what was said; in the order of entries; a line that comes
/// again stays as it is.
pub async fn what_became_of_marks_is_loaded_as_saved(backend: impl Backend) {
    let id = school_id(1);
    let mut changes = sample(1);
    let algebra = changes.lessons[0].1.clone();
    let given = changes.marks[0].1.clone();
    let line =
        |n: u128| MarkChange { entry: uuid::Uuid::from_u128(n), ..mark_change(id, &given, "3") };
    let mut lines = vec![
        MarkChange { new: None, by: Some(account_id(21)), ..line(1) },
        MarkChange { at: at("0001-01-01T00:00:00Z"), ..line(2) },
    ];
    lines.extend((3..).zip(unusual_texts()).map(|(n, text)| MarkChange {
        old: eschool_core::journal::MarkValue::Unknown(format!("x{text}")),
        comment: Some(text),
        ..line(n)
    }));
    changes.mark_changes = lines.iter().rev().cloned().collect();
    save(&backend, &changes).await;
    let again = MarkChange { comment: Some("другое".into()), ..lines[1].clone() };
    save(&backend, &Changes { mark_changes: vec![again], ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.mark_changes(id, algebra.id).await.unwrap(), lines);
    assert_eq!(tx.mark_changes(id, lesson_id(5)).await.unwrap(), []);
    assert_eq!(tx.mark_changes(school_id(2), algebra.id).await.unwrap(), []);
}

/// A pupil's own remarks of the days, by day, lesson and position.
pub async fn remarks_stand_in_the_diary(backend: impl Backend) {
    let id = school_id(1);
    let mut changes = sample(1);
    let (algebra, next) = (changes.lessons[0].1.clone(), changes.lessons[4].1.clone());
    let own = [remark(1, &algebra, 0), remark(1, &algebra, 1), remark(1, &next, 0)];
    changes.remarks.extend(own.iter().rev().map(|row| (id, row.clone())));
    save(&backend, &changes).await;
    let mut tx = reading(&backend).await;
    for (range, expected) in [
        (days("2024-09-01", "2024-09-30"), &own[..]),
        (days("2024-09-02", "2024-09-02"), &own[..2]),
        (days("2024-09-03", "2024-09-03"), &own[2..]),
    ] {
        let slice = tx.diary_slice(id, account_id(1), range).await.unwrap();
        let told: Vec<_> =
            slice.remarks.iter().map(|row| (row.pupil, row.lesson, row.text.as_str())).collect();
        let expected: Vec<_> =
            expected.iter().map(|row| (row.pupil, row.lesson, row.text.as_str())).collect();
        assert_eq!(told, expected);
    }
}

/// A school's rules of assessment; the plain ones where it said nothing, or another school did.
pub async fn rules_of_assessment_stand_on_the_cover(backend: impl Backend) {
    let [one, other] = [1, 2].map(school_id);
    save(&backend, &sample(1)).await;
    save(&backend, &sample(2)).await;
    let ours = Grading::default().with_sign(30).unwrap().with_favour(true);
    for grading in [ours.with_favour(false), ours] {
        save(&backend, &Changes { gradings: vec![(one, grading)], ..Changes::default() }).await;
    }
    let mut tx = reading(&backend).await;
    for (school, expected) in [(one, ours), (other, Grading::default())] {
        let cover = tx.cover(school, account_id(1), None).await.unwrap().unwrap();
        assert_eq!(cover.grading, expected);
    }
}

/// A final mark is taken away by its key, whatever its value; its neighbours, which differ in one
/// part of it alone, stay.
pub async fn final_marks_are_taken_away(backend: impl Backend) {
    let id = school_id(1);
    let mut changes = sample(1);
    let algebra = final_mark(1, "Алгебра", "5");
    let beside = [
        final_mark(1, "Химия", "4"),
        FinalMark { year: 2023, ..algebra.clone() },
        FinalMark { kind: FinalKind::Exam, ..algebra.clone() },
        FinalMark { term: "2 четверть".into(), ..algebra },
    ];
    changes.finals.extend(of(id, &beside));
    save(&backend, &changes).await;
    save(&backend, &sample(2)).await;
    let elsewhere = reading(&backend).await.school_finals(school_id(2)).await.unwrap();
    let removed = Changes {
        removed_finals: of(id, &[final_mark(1, "Алгебра", "2"), final_mark(2, "Алгебра", "5")]),
        ..Changes::default()
    };
    save(&backend, &removed).await;
    let mut tx = reading(&backend).await;
    let left = tx.school_finals(id).await.unwrap();
    assert_eq!(left.len(), 5);
    assert!(left.contains(&final_mark(3, "Алгебра", "4")));
    assert!(beside.iter().all(|mark| left.contains(mark)), "{left:?}");
    assert_eq!(tx.school_finals(school_id(2)).await.unwrap(), elsewhere);
}
