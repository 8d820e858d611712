//! Frames and journals.

use chrono::Weekday;
use eschool_core::{
    calendar::{CalendarRule, TermKind},
    journal::{FinalKind, MarkValue},
};

use super::*;

const ANNA: &str = "Ёлкина Анна Олеговна";

fn school() -> Texts {
    Texts::new()
        .with(
            "lessons.csv",
            &[
                "02.09.2024;7А;;1;Алгебра;;;Дуб О. И.;101;Дроби;§ 1",
                "02.09.2024;7А;1;2;Химия;;;;;Вода;",
                "02.09.2024;7А;2;2;Химия;;;;;Вода;",
                "03.09.2024;7А;2;2;Музыка;Химия;;;;;",
                "03.09.2024;7А;;3;Физика;;да;;;;",
            ],
        )
        .with(
            "marks.csv",
            &[
                &format!("02.09.2024;7А;1;Алгебра;{ANNA};5;Ответ;Дроби;3;"),
                &format!("02.09.2024;7А;1;Алгебра;{ANNA};5;Ответ;Дроби;3;"),
                &format!("02.09.2024;7А;1;Алгебра;{ANNA};4-;Ответ;Дроби;;устно"),
                "02.09.2024;7А;2;Химия;Сосна Петр Ильич;.;Ответ;Вода;3;",
                "03.09.2024;7А;2;Музыка;Сосна Пётр Ильич;3;Ответ;Хор;3;",
            ],
        )
        .with("attendance.csv", &[&format!("02.09.2024;7А;1;Алгебра;{ANNA};оп")])
        .with(
            "individual_homework.csv",
            &[
                &format!("02.09.2024;7А;1;Алгебра;{ANNA};карточка 1"),
                &format!("02.09.2024;7А;1;Алгебра;{ANNA};карточка 2"),
            ],
        )
        .with(
            "finals.csv",
            &[
                &format!("7А;{ANNA};Химия;1 четверть;5"),
                &format!("7А;{ANNA};Химия;Год;4"),
                &format!("7А;{ANNA};Химия;экзамен;3"),
                &format!("7А;{ANNA};Химия;Итоговая;зачёт"),
            ],
        )
}

async fn import(texts: &Texts) -> (Installation, ImportReport) {
    let installation = Installation::new();
    let report = installation.import(texts).await;
    assert_eq!(refused(&report), []);
    changes_nothing_again(&installation, texts, &report).await;
    (installation, report)
}

/// The texts with something in a file replaced.
fn replaced(file: &'static str, old: &str, new: &str) -> Texts {
    school().replaced(file, old, new)
}

#[tokio::test]
async fn a_journal_is_taken_in() {
    let (installation, report) = import(&school()).await;
    let journal = installation.journal(&report, "7А").await;
    let counts = report.counts;
    assert_eq!((counts.lessons, counts.marks, counts.attendance, counts.finals), (5, 5, 1, 4));
    assert_eq!(journal.lessons.len(), 5);
    let lesson = |number, subject: &str| {
        let mut lessons = journal.lessons.iter();
        lessons.find(|l| l.number == number && l.subject == subject).unwrap()
    };
    let algebra = lesson(1, "Алгебра");
    assert_eq!((algebra.teacher.as_str(), algebra.room.as_str()), ("Дуб О. И.", "101"));
    assert_eq!(algebra.homework.as_ref().unwrap().text, "§ 1");
    assert_eq!(lesson(2, "Музыка").instead_of.as_deref(), Some("Химия"));
    assert!(lesson(3, "Физика").cancelled && lesson(3, "Физика").is_filled());
    // A work is told by kind, title and weight; a weight nobody gave is one.
    let works = journal.works.iter().filter(|work| work.lesson == algebra.id);
    let mut weights: Vec<_> = works.map(|work| work.weight.to_string()).collect();
    weights.sort();
    assert_eq!(weights, ["1", "3"]);
    let mut marks: Vec<_> = journal.marks.iter().filter(|m| m.lesson == algebra.id).collect();
    marks.sort_by_key(|mark| mark.id);
    let values: Vec<_> = marks.iter().map(|mark| mark.value.to_string()).collect();
    assert_eq!(values, ["5", "5", "4-"]);
    assert_eq!(marks[2].comment.as_deref(), Some("устно"));
    assert_eq!(journal.attendance[0].code, "оп");
    let homework: Vec<_> = journal
        .individual_homework
        .iter()
        .map(|h| (h.position, h.homework.text.as_str()))
        .collect();
    assert_eq!(homework, [(0, "карточка 1"), (1, "карточка 2")]);
    let finals = installation.tx().await.school_finals(report.school).await.unwrap();
    let mut kinds: Vec<_> =
        finals.iter().map(|mark| (mark.kind.clone(), mark.term.as_str())).collect();
    kinds.sort();
    assert_eq!(
        kinds,
        [
            (FinalKind::Term, "1 четверть"),
            (FinalKind::Year, ""),
            (FinalKind::Exam, ""),
            (FinalKind::Final, ""),
        ]
    );
    assert!(finals.iter().all(|mark| mark.year == 2024));
}

#[tokio::test]
async fn a_changed_mark_is_history_and_nothing_is_removed() {
    let (installation, report) = import(&school()).await;
    let before = installation.journal(&report, "7А").await.marks;
    let changed = replaced("marks.csv", "Пётр Ильич;3", "Пётр Ильич;4");
    // The mark, and the line of its history.
    assert_eq!(installation.import(&changed).await.changed, 2);
    let after = installation.journal(&report, "7А").await.marks;
    assert_eq!(before.len(), after.len());
    let differing: Vec<_> = before.iter().zip(&after).filter(|(b, a)| b != a).collect();
    let [(old, new)] = differing.as_slice() else { panic!("{}", differing.len()) };
    assert_eq!(old.id, new.id);
    assert_eq!((old.value.to_string(), new.value.to_string()), ("3".into(), "4".into()));

    // A comment is no history.
    let commented = changed.replaced("marks.csv", "Хор;3;", "Хор;3;спел");
    assert_eq!(installation.import(&commented).await.changed, 1);
    // Two of three marks are gone from the file, and stay.
    let fewer = replaced(
        "marks.csv",
        "02.09.2024;7А;1;Алгебра;Ёлкина Анна Олеговна;5;Ответ;Дроби;3;\n",
        "",
    );
    installation.import(&fewer).await;
    assert_eq!(installation.journal(&report, "7А").await.marks.len(), before.len());
    assert!(after.iter().all(|mark| !matches!(mark.value, MarkValue::Unknown(_))));
}

#[tokio::test]
async fn a_corrected_lesson_is_changed_in_its_place() {
    let (installation, report) = import(&school()).await;
    let before = installation.journal(&report, "7А").await.lessons;
    for (old, new) in [
        ("Дроби;§ 1", "Дроби и доли;§ 1"),
        ("Дроби;§ 1", "Дроби;§ 2"),
        ("Дроби;§ 1", "Дроби;"),
        ("Дроби;§ 1", "Дроби;§ 1"),
    ] {
        assert_eq!(installation.import(&replaced("lessons.csv", old, new)).await.changed, 1);
    }
    let after = installation.journal(&report, "7А").await.lessons;
    let ids = |lessons: &[eschool_core::journal::Lesson]| -> Vec<_> {
        lessons.iter().map(|lesson| lesson.id).collect()
    };
    assert_eq!(ids(&before), ids(&after));
}

#[tokio::test]
async fn homework_of_one_pupil_is_corrected_and_added() {
    let (installation, report) = import(&school()).await;
    let texts = replaced("individual_homework.csv", "карточка 1", "карточка 3")
        .with("individual_homework.csv", &[&format!("02.09.2024;7А;1;Алгебра;{ANNA};карточка 4")]);
    assert_eq!(installation.import(&texts).await.changed, 2);
    let journal = installation.journal(&report, "7А").await;
    let homework: Vec<_> =
        journal.individual_homework.iter().map(|h| h.homework.text.as_str()).collect();
    assert_eq!(homework, ["карточка 3", "карточка 2", "карточка 4"]);
}

#[tokio::test]
async fn attendance_and_finals_are_corrected() {
    let (installation, report) = import(&school()).await;
    assert_eq!(installation.import(&replaced("finals.csv", "Год;4", "Год;5")).await.changed, 1);
    // The final mark is as it was again.
    assert_eq!(installation.import(&replaced("attendance.csv", "оп", "УП")).await.changed, 2);
    let journal = installation.journal(&report, "7А").await;
    assert_eq!(journal.attendance.len(), 1);
    assert!(journal.attendance[0].class.is_absence());
}

#[tokio::test]
async fn marks_find_lessons_of_an_earlier_import() {
    let mut lessons = school();
    for file in ["marks.csv", "attendance.csv", "individual_homework.csv", "finals.csv"] {
        lessons.0.remove(file);
    }
    let (installation, report) = import(&lessons).await;
    let mut marks = school();
    marks.0.remove("lessons.csv");
    let later = installation.import(&marks).await;
    assert_eq!((refused(&later), later.counts.marks), (vec![], 5));
    assert_eq!(installation.journal(&report, "7А").await.marks.len(), 5);
}

#[tokio::test]
async fn a_pupil_who_moved_has_marks_in_both_classes() {
    let dub = "Дуб Олег Ильич";
    let texts = school()
        .with(
            "pupils.csv",
            &[
                &format!("7Б;Дуб;Олег;Ильич;01.01.2011;{};;01.09.2024;18.09.2024;1", snils(10)),
                &format!("7А;Дуб;Олег;Ильич;01.01.2011;{};;19.09.2024;;2", snils(10)),
            ],
        )
        .with(
            "lessons.csv",
            &[
                "18.09.2024;7Б;;1;Алгебра;;;;;;",
                "19.09.2024;7А;2;1;Алгебра;;;;;;",
                "19.09.2024;7А;1;1;Алгебра;;;;;;",
            ],
        )
        .with(
            "marks.csv",
            &[
                &format!("18.09.2024;7Б;1;Алгебра;{dub};5;;;;"),
                &format!("19.09.2024;7А;1;Алгебра;{dub};4;;;;"),
            ],
        )
        .with("finals.csv", &[&format!("7А;{dub};Алгебра;1 четверть;4")]);
    let (installation, report) = import(&texts).await;
    assert_eq!(installation.journal(&report, "7Б").await.marks.len(), 1);
    let journal = installation.journal(&report, "7А").await;
    let moved = journal.marks.iter().find(|mark| mark.date == day("2024-09-19")).unwrap();
    let lesson = journal.lessons.iter().find(|lesson| lesson.id == moved.lesson).unwrap();
    assert_eq!(lesson.subgroup.as_ref().unwrap().0, "2");
}

#[tokio::test]
async fn a_frame_is_replaced_within_its_year() {
    let texts = school()
        .with(
            "calendar.csv",
            &[
                "26.10.2024;04.11.2024;каникулы;;осенние каникулы",
                "28.12.2024;28.12.2024;учебный;Пн;рабочая суббота",
                "04.11.2024;;праздник;;",
            ],
        )
        .with("timetable.csv", &["7А;Пн;1;Химия;1;Дуб О. И.;101", "7А;вт.;2;Физика;;;"]);
    let (installation, report) = import(&texts).await;
    let frame = installation.tx().await.frame(report.school).await.unwrap();
    assert_eq!(frame.calendar.len(), 3);
    assert_eq!(frame.calendar[1].rule, CalendarRule::Working(Weekday::Mon));
    assert_eq!(frame.terms[1].kind, TermKind::Trimester);
    assert_eq!((frame.bells.len(), frame.timetable.len()), (1, 2));
    assert_eq!(frame.timetable[1].weekday, Weekday::Tue);

    // The next year comes, and a timetable is missing: the old year stays, and so do its lessons.
    let mut next = texts.clone();
    for text in next.0.values_mut() {
        *text = text.replace("2025", "2026").replace("2024", "2025");
    }
    next.0.remove("timetable.csv");
    let later = installation.import(&next).await;
    assert_eq!(refused(&later), []);
    let both = installation.tx().await.frame(report.school).await.unwrap();
    assert_eq!((both.calendar.len(), both.terms.len(), both.timetable.len()), (6, 4, 2));
    assert_eq!(installation.registry(&report).await.classes.len(), 2);
    changes_nothing_again(&installation, &next, &ImportReport { ..later }).await;
    // The old files again: nothing of either year is lost.
    assert_eq!(installation.import(&texts).await.changed, 0);
}

#[tokio::test]
async fn what_an_import_changes_is_told_and_what_comes_first_is_not() {
    let (installation, report) = import(&school()).await;
    let told = async |after| {
        let mut tx = installation.tx().await;
        tx.events(report.school, after, None, 100).await.unwrap()
    };
    assert_eq!(told(0).await, [], "the first journal is no news");
    let second = school()
        .replaced("marks.csv", "4-;Ответ;Дроби;;устно", "5;Ответ;Дроби;;устно")
        .replaced("lessons.csv", "Дроби;§ 1", "Дроби;§ 2")
        .replaced("finals.csv", "Год;4", "Год;5");
    installation.import(&second).await;
    let events = told(0).await;
    let mut kinds: Vec<_> =
        events.iter().map(|event| (event.pupil, event.what.kind().to_owned())).collect();
    let anna = events.iter().find(|event| event.what.kind() == "mark_changed").unwrap().pupil;
    let own: Vec<_> =
        kinds.extract_if(.., |(pupil, _)| *pupil == anna).map(|(_, kind)| kind).collect();
    assert_eq!(own, ["homework_changed", "mark_changed", "final_changed"]);
    let others: Vec<_> = kinds.into_iter().map(|(_, kind)| kind).collect();
    assert!(!others.is_empty() && others.iter().all(|kind| kind == "homework_changed"));

    let last = events.last().unwrap().cursor;
    installation.import(&second).await;
    assert_eq!(told(last).await, []);
}
