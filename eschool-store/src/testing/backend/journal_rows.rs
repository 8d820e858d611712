//! Every row of the journal comes back as it was saved.

use eschool_core::journal::{
    Attendance, AttendanceClass, FinalKind, FinalMark, Homework, Lesson, Mark, MarkValue, Material,
    Subgroup, Weight, Work, WorkKind,
};

use super::of;
use crate::{
    backend::{Backend, Changes, ClassJournal, IndividualHomeworkRow},
    testing::{
        fixtures::{
            EXTREME_DAYS, account, account_id, attendance, class, class_id, extreme_instants,
            final_mark, homework, individual, lesson, mark, sample, school, school_id,
            unusual_texts, work,
        },
        reading, save,
    },
};

/// Every text of a lesson and its homework, every optional field both ways, every instant.
pub async fn lessons_are_loaded_as_saved(backend: impl Backend) {
    let id = school_id(1);
    let plain = |n: u8| lesson(n.into(), class_id(1), "2024-09-02", n, "Алгебра");
    let [earliest, latest] = EXTREME_DAYS;
    let [first, exact, last] = extreme_instants();
    let full = |n: u8, text: &str| Lesson {
        subgroup: Some(Subgroup(text.into())),
        subject: text.into(),
        instead_of: Some(text.into()),
        teacher: text.into(),
        room: text.into(),
        topic: Some(text.into()),
        homework: Some(Homework {
            text: text.into(),
            due: Some(latest),
            materials: vec![
                Material { name: text.into(), link: text.into() },
                Material { name: String::new(), link: String::new() },
            ],
        }),
        ..plain(n)
    };
    let mut lessons = vec![
        Lesson { date: earliest, written_at: first, ..plain(0) },
        plain(1),
        Lesson { cancelled: true, ..plain(2) },
        Lesson { distant: true, ..plain(3) },
        Lesson { topic: Some(String::new()), written_at: exact, ..plain(4) },
        Lesson { homework: Some(homework("")), ..plain(5) },
        Lesson { instead_of: Some(String::new()), ..plain(6) },
        Lesson { teacher: String::new(), room: String::new(), ..plain(7) },
    ];
    lessons.extend((8..).zip(unusual_texts()).map(|(n, text)| full(n, &text)));
    lessons.push(Lesson { date: latest, written_at: last, ..plain(255) });
    save(&backend, &journal(of(id, &lessons))).await;

    let loaded = reading(&backend).await.class_journal(id, class_id(1)).await.unwrap();
    for (loaded, saved) in loaded.lessons.iter().zip(&lessons) {
        assert_eq!(loaded, saved);
    }
    assert_eq!(loaded, ClassJournal { lessons, ..ClassJournal::default() });
}

/// Kinds and titles, and the weights at both ends.
pub async fn works_are_loaded_as_saved(backend: impl Backend) {
    let id = school_id(1);
    let of_lesson = lesson(1, class_id(1), "2024-09-02", 1, "Алгебра");
    let weight = |hundredths| Weight::from_hundredths(hundredths).unwrap();
    let mut works = vec![
        Work { weight: weight(1), ..work(1, &of_lesson) },
        Work { weight: weight(10_000), ..work(2, &of_lesson) },
        Work { kind: WorkKind(String::new()), title: String::new(), ..work(3, &of_lesson) },
    ];
    works.extend((4..).zip(unusual_texts()).map(|(n, text)| Work {
        kind: WorkKind(text.clone()),
        title: text,
        ..work(n, &of_lesson)
    }));
    let changes = Changes { works: of(id, &works), ..journal(vec![(id, of_lesson)]) };
    save(&backend, &changes).await;
    let loaded = reading(&backend).await.class_journal(id, class_id(1)).await.unwrap();
    assert_eq!(loaded.works, works);
}

/// Every value a mark can have, comments, every instant.
pub async fn marks_are_loaded_as_saved(backend: impl Backend) {
    let id = school_id(1);
    let of_lesson = lesson(1, class_id(1), "2024-09-02", 1, "Алгебра");
    let control = work(1, &of_lesson);
    let plain = |n| mark(n, 1, &of_lesson, &control, "5");
    let mut marks: Vec<Mark> =
        (1..).zip(mark_values()).map(|(n, value)| Mark { value, ..plain(n) }).collect();
    marks
        .extend((100..).zip(extreme_instants()).map(|(n, at)| Mark { written_at: at, ..plain(n) }));
    marks.push(Mark { comment: Some(String::new()), ..plain(199) });
    marks.extend(
        (200..).zip(unusual_texts()).map(|(n, text)| Mark { comment: Some(text), ..plain(n) }),
    );
    let changes = Changes {
        works: vec![(id, control.clone())],
        marks: of(id, &marks),
        ..journal(vec![(id, of_lesson.clone())])
    };
    save(&backend, &changes).await;
    let loaded = reading(&backend).await.class_journal(id, class_id(1)).await.unwrap();
    assert_eq!(loaded.marks, marks);
}

/// Every class of absence and one that no version knows, with the school's own codes.
pub async fn attendance_is_loaded_as_saved(backend: impl Backend) {
    let id = school_id(1);
    let classes = AttendanceClass::KNOWN
        .iter()
        .cloned()
        .chain(unusual_texts().into_iter().map(|text| AttendanceClass::from(text.as_str())));
    let (lessons, rows): (Vec<Lesson>, Vec<Attendance>) = (1..)
        .zip(classes)
        .map(|(n, class): (u8, _)| {
            let of_lesson = lesson(n.into(), class_id(1), "2024-09-02", n, "Алгебра");
            let code = class.to_string();
            let row = Attendance { code, class, ..attendance(1, &of_lesson) };
            (of_lesson, row)
        })
        .unzip();
    let changes = Changes { attendance: of(id, &rows), ..journal(of(id, &lessons)) };
    save(&backend, &changes).await;
    let loaded = reading(&backend).await.class_journal(id, class_id(1)).await.unwrap();
    assert_eq!(loaded.attendance, rows);
}

/// Texts, materials, the day it is due both ways, the greatest position.
pub async fn individual_homework_is_loaded_as_saved(backend: impl Backend) {
    let id = school_id(1);
    let of_lesson = lesson(1, class_id(1), "2024-09-02", 1, "Алгебра");
    let mut rows: Vec<IndividualHomeworkRow> = (0..)
        .zip(unusual_texts())
        .map(|(position, text)| {
            let materials = vec![Material { name: text.clone(), link: text.clone() }];
            let due = Some(EXTREME_DAYS[1]);
            let homework = Homework { text, due, materials };
            IndividualHomeworkRow { homework, ..individual(1, &of_lesson, position) }
        })
        .collect();
    rows.push(IndividualHomeworkRow {
        homework: homework(""),
        ..individual(1, &of_lesson, u16::MAX)
    });
    let changes = Changes { individual_homework: of(id, &rows), ..journal(vec![(id, of_lesson)]) };
    save(&backend, &changes).await;
    let loaded = reading(&backend).await.class_journal(id, class_id(1)).await.unwrap();
    assert_eq!(loaded.individual_homework, rows);
}

/// Every kind and one that no version knows, every value, unusual subjects and terms.
pub async fn final_marks_are_loaded_as_saved(backend: impl Backend) {
    let id = school_id(1);
    let plain = final_mark(1, "Алгебра", "5");
    let mut finals = vec![FinalMark { year: 1, ..plain.clone() }];
    for (kind, term) in [("exam", ""), ("final", ""), ("term", "1 четверть"), ("year", "")]
    {
        finals.push(FinalMark { kind: kind.into(), term: term.into(), ..plain.clone() });
    }
    let mut texts = unusual_texts();
    texts.sort();
    finals.extend(texts.into_iter().map(|text| FinalMark {
        subject: text.clone(),
        kind: FinalKind::from(text.as_str()),
        term: text,
        year: 2025,
        ..plain.clone()
    }));
    finals.extend((3000..).zip(mark_values()).map(|(year, value)| FinalMark {
        year,
        value,
        ..plain.clone()
    }));
    save(&backend, &Changes { finals: of(id, &finals), ..journal(Vec::new()) }).await;

    let mut tx = reading(&backend).await;
    assert_eq!(tx.finals(id, account_id(1)).await.unwrap(), finals);
    assert_eq!(tx.school_finals(id).await.unwrap(), finals);
}

/// Lines of the card journal and changes of marks are taken as often as they come, though no load
/// gives them back.
pub async fn logs_take_the_same_line_again(backend: impl Backend) {
    let changes = sample(1);
    save(&backend, &changes).await;
    let lines = Changes {
        card_journal: changes.card_journal,
        mark_changes: changes.mark_changes,
        ..Changes::default()
    };
    save(&backend, &lines).await;
    save(&backend, &lines).await;
}

/// More rows than a statement has room for.
pub async fn thousands_of_rows_are_saved_at_once(backend: impl Backend) {
    let id = school_id(1);
    let of_lesson = lesson(1, class_id(1), "2024-09-02", 1, "Алгебра");
    let control = work(1, &of_lesson);
    let mut marks: Vec<Mark> =
        (1..=5000).map(|n| mark(n, 1 + n % 2, &of_lesson, &control, "5")).collect();
    let mut changes = Changes {
        works: vec![(id, control.clone())],
        marks: of(id, &marks),
        ..journal(vec![(id, of_lesson.clone())])
    };
    // The later of two rows with one key stays, near it or far.
    for n in [5000, 1] {
        let again = mark(n, 1 + n % 2, &of_lesson, &control, "2");
        changes.marks.push((id, again.clone()));
        let place = marks.iter().position(|mark| mark.id == again.id).unwrap();
        marks.splice(place..=place, [again]);
    }
    save(&backend, &changes).await;
    let loaded = reading(&backend).await.class_journal(id, class_id(1)).await.unwrap();
    assert_eq!(loaded.marks.len(), marks.len());
    assert!(loaded.marks == marks, "a mark differs");
}

/// A school with one class, two pupils, and these lessons.
fn journal(lessons: Vec<(eschool_core::id::SchoolId, Lesson)>) -> Changes {
    let id = school_id(1);
    Changes {
        schools: vec![school(1)],
        classes: vec![class(id, 1, "7А")],
        accounts: vec![account(id, 1, "Ёлкина"), account(id, 2, "Соснова")],
        lessons,
        ..Changes::default()
    }
}

/// Points with every sign, words, a debt, and what no version knows.
fn mark_values() -> Vec<MarkValue> {
    let mut values: Vec<MarkValue> =
        ["зачёт", "незачёт", "н/а", "осв", "."].map(|text| text.parse().unwrap()).into();
    for points in 1..=5 {
        for sign in ["", "+", "-"] {
            values.push(format!("{points}{sign}").parse().unwrap());
        }
    }
    values.extend(["6", "5*", "5 / 4", "н\n/а"].map(|text| MarkValue::Unknown(text.into())));
    values
}
