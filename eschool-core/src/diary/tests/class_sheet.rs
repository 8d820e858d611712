use insta::assert_json_snapshot;

use super::*;
use crate::{
    calendar::{Term, TermKind},
    journal::{FinalKind, FinalMark, Mean, Points},
};

fn term() -> Term {
    Term {
        grade: 7,
        name: "1 четверть".into(),
        kind: TermKind::Quarter,
        days: DateRange::new(day("2024-09-01"), day("2024-10-25")).unwrap(),
    }
}

fn closing(pupil: AccountId, subject: &str, value: &str) -> FinalMark {
    FinalMark {
        pupil,
        subject: subject.into(),
        kind: FinalKind::Term,
        term: "1 четверть".into(),
        year: 2024,
        value: value.parse().unwrap(),
    }
}

/// Physics on Monday, chemistry on Tuesday, a cancelled music, all of class 1.
fn lessons() -> Vec<Lesson> {
    let music =
        Lesson { cancelled: true, topic: None, ..lesson(3, "2024-09-18", 1, "Музыка") };
    vec![lesson(1, "2024-09-16", 1, "Физика"), lesson(2, "2024-09-17", 1, "Химия"), music]
}

/// The same rows as another pupil's.
fn of_classmate(mut slice: TermSlice) -> TermSlice {
    slice.diary.pupil = CLASSMATE;
    slice.diary.stays.iter_mut().for_each(|stay| stay.pupil = CLASSMATE);
    slice.diary.marks.iter_mut().for_each(|mark| mark.pupil = CLASSMATE);
    slice.diary.attendance.iter_mut().for_each(|row| row.pupil = CLASSMATE);
    slice
}

#[test]
fn a_sheet() {
    let lessons = lessons();
    let marks = vec![
        mark(1, &lessons[0], "4", "1"),
        mark(2, &lessons[0], "5", "1"),
        mark(3, &lessons[0], ".", "1"),
    ];
    let ill = absence(&lessons[1], "Б", AttendanceClass::Ill);
    let diary = DiarySlice { attendance: vec![ill], ..with_marks(lessons, marks) };
    let first = TermSlice {
        diary,
        finals: vec![closing(PUPIL, "Физика", "4")],
        grading: Grading::default(),
    };
    // Of another subgroup, which has biology alone.
    let biology = lesson(4, "2024-09-16", 1, "Биология");
    let diary = slice(vec![biology]);
    let second = of_classmate(TermSlice { diary, finals: vec![], grading: Grading::default() });
    assert_json_snapshot!(class_sheet(class(1), vec![first, second], &term()), @r#"
    {
      "term": {
        "grade": 7,
        "name": "1 четверть",
        "kind": "quarter",
        "days": {
          "from": "2024-09-01",
          "to": "2024-10-25"
        }
      },
      "subjects": [
        "Биология",
        "Физика",
        "Химия"
      ],
      "rows": [
        {
          "pupil": "00000000-0000-0000-0000-000000000001",
          "cells": [
            null,
            {
              "mean": {
                "sum": 9,
                "weights": 2,
                "shown": "4.50"
              },
              "finalMark": "4",
              "finalAgainstMean": {
                "final": 4,
                "mean": 5
              },
              "debts": 1,
              "absence": {
                "held": 1,
                "attendance": {
                  "late": 0,
                  "ill": 0,
                  "excused": 0,
                  "unexcused": 0,
                  "unspecified": 0
                },
                "missed": 0,
                "perCent": "0.0"
              }
            },
            {
              "debts": 0,
              "absence": {
                "held": 1,
                "attendance": {
                  "late": 0,
                  "ill": 1,
                  "excused": 0,
                  "unexcused": 0,
                  "unspecified": 0
                },
                "missed": 1,
                "perCent": "100.0"
              }
            }
          ],
          "debts": 1,
          "absence": {
            "held": 2,
            "attendance": {
              "late": 0,
              "ill": 1,
              "excused": 0,
              "unexcused": 0,
              "unspecified": 0
            },
            "missed": 1,
            "perCent": "50.0"
          }
        },
        {
          "pupil": "00000000-0000-0000-0000-000000000002",
          "cells": [
            {
              "debts": 0,
              "absence": {
                "held": 1,
                "attendance": {
                  "late": 0,
                  "ill": 0,
                  "excused": 0,
                  "unexcused": 0,
                  "unspecified": 0
                },
                "missed": 0,
                "perCent": "0.0"
              }
            },
            null,
            null
          ],
          "debts": 0,
          "absence": {
            "held": 1,
            "attendance": {
              "late": 0,
              "ill": 0,
              "excused": 0,
              "unexcused": 0,
              "unspecified": 0
            },
            "missed": 0,
            "perCent": "0.0"
          }
        }
      ]
    }
    "#);
}

/// A pupil with these times in classes: a four in physics of class 1, then a two in physics and a
/// debt in chemistry of class 2, and three for the term.
fn moving(stays: Vec<Stay>) -> TermSlice {
    let physics = lesson(1, "2024-09-16", 1, "Физика");
    let later = |n, date, subject| Lesson { class: class(2), ..lesson(n, date, 1, subject) };
    let (again, chemistry) = (later(2, "2024-10-14", "Физика"), later(3, "2024-10-15", "Химия"));
    let ill = absence(&chemistry, "Б", AttendanceClass::Ill);
    let marks =
        vec![mark(1, &physics, "4", "1"), mark(2, &again, "2", "1"), mark(3, &chemistry, ".", "1")];
    let diary = DiarySlice {
        stays,
        attendance: vec![ill],
        ..with_marks(vec![physics, again, chemistry], marks)
    };
    TermSlice {
        diary, finals: vec![closing(PUPIL, "Физика", "3")], grading: Grading::default()
    }
}

/// The only row: the subjects with mean and final, the debts, what was missed, the last day.
fn told_row(sheet: &ClassSheet) -> Option<String> {
    let [row] = &sheet.rows[..] else {
        assert_eq!((sheet.rows.len(), sheet.subjects.len()), (0, 0));
        return None;
    };
    let cells = sheet.subjects.iter().zip(&row.cells).map(|(subject, cell)| {
        let cell = cell.as_ref().unwrap();
        let mean = cell.mean.map_or("–".into(), |mean| mean.to_string());
        let closed = cell.final_mark.as_ref().map_or("–".into(), ToString::to_string);
        format!("{subject} {mean} {closed}")
    });
    let cells: Vec<_> = cells.collect();
    let left = row.left.map_or("–".into(), |last| last.to_string());
    let (debts, missed, held) = (row.debts, row.absence.missed(), row.absence.held);
    Some(format!("{}; {debts} debts; {missed} of {held}; {left}", cells.join(", ")))
}

#[test]
fn who_moved_on_is_on_the_former_sheet_with_its_own_lessons_alone() {
    let told =
        |stays: &[Stay], n| told_row(&class_sheet(class(n), vec![moving(stays.to_vec())], &term()));
    let whole = |left: &str| Some(format!("Физика 3.00 3, Химия – –; 1 debts; 1 of 3; {left}"));
    let first = |left: &str| Some(format!("Физика 4.00 –; 0 debts; 0 of 1; {left}"));

    // From the first class to the second: the new class has the term, the former its part of it.
    let there = [stay(1, "2024-09-01", Some("2024-10-04")), stay(2, "2024-10-05", None)];
    assert_eq!(
        (told(&there, 1), told(&there, 2), told(&there, 3)),
        (first("2024-10-04"), whole("–"), None)
    );
    // The other way: the second class has the lessons of the time there.
    let back = [
        stay(1, "2024-09-01", Some("2024-10-04")),
        stay(2, "2024-10-05", Some("2024-10-20")),
        stay(1, "2024-10-21", None),
    ];
    let second = "Физика 2.00 –, Химия – –; 1 debts; 1 of 2; 2024-10-20";
    assert_eq!((told(&back, 1), told(&back, 2)), (whole("–"), Some(second.into())));

    // Who leaves the school ends the term where they were last.
    let gone =
        [stay(1, "2024-09-01", Some("2024-10-04")), stay(2, "2024-10-05", Some("2024-10-20"))];
    assert_eq!((told(&gone, 1), told(&gone, 2)), (first("2024-10-04"), whole("2024-10-20")));
    // A move on the day after the term is none of its matter.
    let after = [stay(2, "2024-09-01", Some("2024-10-25")), stay(1, "2024-10-26", None)];
    let only = "Физика 2.00 3, Химия – –; 1 debts; 1 of 2; –";
    assert_eq!((told(&after, 1), told(&after, 2)), (None, Some(only.into())));
    // Neither is a class left before it.
    let before = [stay(1, "2023-09-01", Some("2024-08-31")), stay(2, "2024-09-01", None)];
    assert_eq!((told(&before, 1), told(&before, 2)), (None, Some(only.into())));
    // Nor is one that ends before it begins.
    let reversed = [stay(1, "2024-10-10", Some("2024-09-05")), stay(2, "2024-09-01", None)];
    assert_eq!((told(&reversed, 1), told(&reversed, 2)), (None, Some(only.into())));
    // Nor a stay of somebody else.
    let other = [Stay { pupil: CLASSMATE, ..stay(1, "2024-09-01", None) }];
    assert_eq!(told(&other, 1), None);
}

#[test]
fn columns_are_the_subjects_taught() {
    let slice = TermSlice {
        diary: slice(lessons()),
        finals: vec![closing(PUPIL, "Труд", "5")],
        grading: Grading::default(),
    };
    let sheet = class_sheet(class(1), vec![slice], &term());
    assert_eq!(sheet.subjects, ["Труд", "Физика", "Химия"]);
    assert_eq!(sheet.rows[0].cells.len(), 3);

    let marked = lessons();
    let marks = vec![mark(1, &marked[2], "5", "1")];
    let slice =
        TermSlice { diary: with_marks(marked, marks), finals: vec![], grading: Grading::default() };
    assert_eq!(class_sheet(class(1), vec![slice], &term()).subjects, ["Музыка", "Физика", "Химия"]);

    assert_eq!(class_sheet(class(1), vec![], &term()).subjects, [""; 0]);
}

#[test]
fn a_final_is_held_against_the_mean_rounded_half_up() {
    let cases = [
        ("5", (9, 2), None), // 4.50
        ("4", (9, 2), Some((4, 5, false))),
        ("5", (449, 100), Some((5, 4, true))),
        ("4-", (4, 1), None),
        ("3+", (4, 1), Some((3, 4, false))),
        ("н/а", (4, 1), None),
        ("зачёт", (2, 1), None),
    ];
    let plain = Grading::default();
    for (value, (sum, weights), expected) in cases {
        let mean = Mean::from_ratio(sum, weights).unwrap();
        let against = FinalAgainstMean::of(&value.parse().unwrap(), mean, &plain);
        let told = against.map(|a| (a.final_points.get(), a.mean.get(), a.is_above()));
        assert_eq!(told, expected, "{value} {sum}/{weights}");
    }
}

#[test]
fn a_sheet_counts_as_the_school_does() {
    let lessons = lessons();
    let (work, debt) = mark(2, &lessons[0], ".", "1");
    let written_at = at("2024-09-18T08:00:00Z");
    let handed_in = Mark { work: work.id, written_at, ..mark(3, &lessons[0], "4+", "1").1 };
    let (other, four) = mark(1, &lessons[0], "4", "1");
    let diary = DiarySlice {
        works: vec![work, other],
        marks: vec![debt, handed_in, four],
        ..slice(lessons)
    };
    let sheet = |grading| {
        let finals = vec![closing(PUPIL, "Физика", "4")];
        let slice = TermSlice { diary: diary.clone(), finals, grading };
        class_sheet(class(1), vec![slice], &term()).rows.remove(0).cells.remove(0).unwrap()
    };
    let plain = sheet(Grading::default());
    assert_eq!((plain.mean.unwrap().to_string().as_str(), plain.debts), ("4.00", 0));
    assert_eq!(plain.final_against_mean, None);
    let five = Points::try_from(5).unwrap();
    let generous = Grading::default().with_sign(20).unwrap().with_threshold(five, 410).unwrap();
    let cell = sheet(generous);
    assert_eq!(cell.mean.unwrap().to_string(), "4.10");
    let against = cell.final_against_mean.unwrap();
    assert_eq!(against.text_ru(), "за период 4, по среднему баллу выходит 5");
}

#[test]
fn a_sheet_says_what_each_pupils_own_term_says() {
    let lessons = lessons();
    let marks = vec![
        mark(1, &lessons[0], "3", "2"),
        mark(2, &lessons[1], ".", "1"),
        mark(3, &lessons[1], "зачёт", "1"),
    ];
    let diary = with_marks(lessons, marks);
    let finals = vec![closing(PUPIL, "Физика", "4"), closing(PUPIL, "Химия", "н/а")];
    let mine = TermSlice { diary, finals, grading: Grading::default() };
    let sheet = class_sheet(class(1), vec![of_classmate(mine.clone()), mine.clone()], &term());
    let pupils: Vec<_> = sheet.rows.iter().map(|row| row.pupil).collect();
    assert_eq!(pupils, [CLASSMATE, PUPIL]);

    let summary = summarise(mine, &term());
    assert_eq!(sheet.rows[1].debts, summary.debts);
    for (subject, cell) in sheet.subjects.iter().zip(&sheet.rows[1].cells) {
        let own = summary.subjects.iter().find(|own| own.subject == *subject).unwrap();
        let cell = cell.as_ref().unwrap();
        assert_eq!((cell.mean, cell.debts), (own.mean, own.debts), "{subject}");
        assert_eq!((cell.words, cell.final_against_mean), (own.words, own.final_against_mean));
    }
    assert_eq!(
        (sheet.rows[1].words, sheet.rows[1].final_words),
        (summary.words, summary.final_words)
    );
    // The classmate's final is in nobody's slice.
    assert_eq!(sheet.rows[0].cells[0].as_ref().unwrap().final_mark, None);
}
