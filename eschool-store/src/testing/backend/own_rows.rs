//! What of a diary's slice is the pupil's own: marks with their works, absences, homework.

use eschool_core::journal::{IndividualHomework, Lesson};

use super::{
    diary::{people, slice},
    of,
};
use crate::{
    backend::{Backend, Changes},
    testing::{
        fixtures::{attendance, class_id, days, individual, lesson, mark, sample, school_id, work},
        save,
    },
};

/// Of marks, absences and homework only the pupil's own are there; of works only those the pupil
/// has marks for in the range, each once.
pub async fn rows_of_other_pupils_are_not_there(backend: impl Backend) {
    let id = school_id(1);
    let first = lesson(1, class_id(1), "2024-09-02", 1, "Алгебра");
    let later = lesson(2, class_id(1), "2024-09-20", 1, "Алгебра");
    let works = [(1, &first), (2, &first), (3, &first), (4, &later)].map(|(n, it)| work(n, it));
    let [own, others, _, beyond] = &works;
    let marks = [
        mark(1, 1, &first, own, "5"),
        mark(2, 1, &first, own, "4"),
        mark(3, 2, &first, own, "3"),
        mark(4, 2, &first, others, "2"),
        mark(5, 1, &later, beyond, "5"),
    ];
    let changes = Changes {
        lessons: of(id, &[first.clone(), later.clone()]),
        works: of(id, &works),
        marks: of(id, &marks),
        attendance: of(id, &[attendance(2, &first)]),
        individual_homework: of(id, &[individual(2, &first, 0)]),
        ..people()
    };
    save(&backend, &changes).await;

    let slice = slice(&backend, 1, days("2024-09-02", "2024-09-08")).await;
    assert_eq!(slice.marks, marks[..2]);
    assert_eq!(slice.works, works[..1]);
    assert!(slice.attendance.is_empty() && slice.individual_homework.is_empty());
}

/// Of marks after the range those are there that are for a work owed in it, whatever they are and
/// each once; those before it and those for any other work are not.
pub async fn later_marks_for_what_is_owed_are_there(backend: impl Backend) {
    let id = school_id(1);
    let [before, within, last, after, much_later] = [
        (1, "2024-09-08"),
        (2, "2024-09-09"),
        (3, "2024-09-15"),
        (4, "2024-09-16"),
        (5, "2025-05-30"),
    ]
    .map(|(n, date)| lesson(n, class_id(1), date, 1, "Алгебра"));
    let works = [1, 2, 3, 4, 5].map(|n| work(n, &before));
    let [owed, done, owed_before, owed_after, of_another] = &works;
    let marks = [
        // Identifiers do not tell which is later.
        mark(1, 1, &much_later, owed, "4"),
        mark(2, 1, &before, owed_before, "."),
        mark(3, 1, &within, owed, "."),
        mark(4, 1, &within, done, "3"),
        mark(5, 2, &within, of_another, "."),
        mark(6, 1, &last, owed, "."),
        mark(7, 1, &after, owed, "н/а"),
        mark(8, 1, &after, done, "5"),
        mark(9, 1, &after, owed_before, "5"),
        mark(10, 1, &after, owed_after, "."),
        mark(11, 1, &after, of_another, "5"),
        mark(12, 2, &after, owed, "5"),
        mark(13, 1, &before, owed, "3"),
        mark(14, 1, &much_later, owed_after, "4"),
    ];
    let changes = Changes {
        lessons: of(id, &[&before, &within, &last, &after, &much_later].map(Clone::clone)),
        works: of(id, &works),
        marks: of(id, &marks),
        ..people()
    };
    save(&backend, &changes).await;
    // In another school under the same identifiers: owed is what was done here, and the other way.
    let there = school_id(2);
    let elsewhere = Changes {
        lessons: changes.lessons.iter().map(|(_, lesson)| (there, lesson.clone())).collect(),
        works: of(there, &works),
        marks: of(
            there,
            &[
                mark(3, 1, &within, owed, "5"),
                mark(4, 1, &within, done, "."),
                mark(15, 1, &after, owed, "5"),
            ],
        ),
        mark_changes: Vec::new(),
        attendance: Vec::new(),
        individual_homework: Vec::new(),
        ..sample(2)
    };
    save(&backend, &elsewhere).await;

    let slice = slice(&backend, 1, days("2024-09-09", "2024-09-15")).await;
    let numbers: Vec<u128> = slice.marks.iter().map(|mark| mark.id.0.as_u128()).collect();
    assert_eq!(numbers, [1, 3, 4, 6, 7]);
    assert!(slice.marks.iter().all(|row| marks.contains(row)));
    assert_eq!(slice.works, works[..2]);
    assert_eq!(slice.lessons, [within, last]);
}

/// Marks and works stand by identifier, whatever their days; lessons by day and number.
pub async fn marks_stand_in_the_order_they_were_given(backend: impl Backend) {
    let id = school_id(1);
    let lessons = [("2024-09-02", 2), ("2024-09-02", 10), ("2024-09-03", 1), ("2024-09-04", 1)];
    // The first lesson has the greatest identifiers.
    let lessons: Vec<Lesson> = (1..)
        .zip(lessons)
        .map(|(n, (date, number))| lesson(10 - n, class_id(1), date, number, "Алгебра"))
        .collect();
    let works: Vec<_> = (1..).zip(&lessons).map(|(n, lesson)| work(10 - n, lesson)).collect();
    let mut marks: Vec<_> = (1..)
        .zip(lessons.iter().zip(&works))
        .map(|(n, (lesson, work))| mark(10 - n, 1, lesson, work, "5"))
        .collect();
    let mut changes = Changes {
        lessons: of(id, &lessons),
        works: of(id, &works),
        marks: of(id, &marks),
        ..people()
    };
    changes.lessons.reverse();
    save(&backend, &changes).await;

    let slice = slice(&backend, 1, days("2024-09-02", "2024-09-08")).await;
    marks.reverse();
    assert_eq!(slice.lessons, lessons);
    assert_eq!(slice.marks, marks);
    assert_eq!(slice.works, works.into_iter().rev().collect::<Vec<_>>());
}

/// Absences stand by day and lesson, individual homework by day, lesson and position.
pub async fn absences_and_homework_stand_by_day(backend: impl Backend) {
    let id = school_id(1);
    // On one day the lesson with the lesser identifier comes first, whatever its number.
    let on = |n, date, number| lesson(n, class_id(1), date, number, "Алгебра");
    let lessons = [on(9, "2024-09-02", 1), on(3, "2024-09-03", 2), on(4, "2024-09-03", 1)];
    let absences = lessons.each_ref().map(|lesson| attendance(1, lesson));
    let tasks: Vec<_> = lessons
        .iter()
        .flat_map(|lesson| [0, 1, 2, 10].map(|position| individual(1, lesson, position)))
        .map(|mut row| {
            row.homework.text = format!("{}, {}", row.lesson, row.position);
            row
        })
        .collect();
    let mut changes = Changes {
        lessons: of(id, &lessons),
        attendance: of(id, &absences),
        individual_homework: of(id, &tasks),
        ..people()
    };
    changes.attendance.reverse();
    changes.individual_homework.reverse();
    save(&backend, &changes).await;

    let slice = slice(&backend, 1, days("2024-09-02", "2024-09-08")).await;
    assert_eq!(slice.attendance, absences);
    let expected: Vec<_> = tasks
        .into_iter()
        .map(|row| IndividualHomework {
            lesson: row.lesson,
            pupil: row.pupil,
            homework: row.homework,
        })
        .collect();
    assert_eq!(slice.individual_homework, expected);
}
