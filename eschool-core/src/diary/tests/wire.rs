//! The form on the wire, version 1: it is never edited, only added to.

use insta::assert_json_snapshot;

use super::*;
use crate::{
    calendar::{Term, TermKind},
    journal::{FinalKind, FinalMark, Material},
};

/// One lesson with everything that can stand in it.
fn full() -> DiarySlice {
    let mut physics = with_homework(lesson(1, "2024-11-01", 1, "Физика"));
    physics.instead_of = Some("Музыка".into());
    physics.homework.as_mut().unwrap().materials =
        vec![Material { name: "Карточка".into(), link: "/files/46.pdf".into() }];
    let own = own_homework(&physics, "карточка № 46");
    let remark = remark(&physics, "разговаривал");
    let late = absence(&physics, "оп", AttendanceClass::Late);
    let (work, mut minus) = mark(1, &physics, "4-", "1.5");
    minus.comment = Some("невнимательно".into());
    DiarySlice {
        works: vec![work],
        marks: vec![minus],
        attendance: vec![late],
        individual_homework: vec![own],
        remarks: vec![remark],
        calendar: vec![span("2024-11-04", "2024-11-04", CalendarRule::Holiday)],
        upcoming: vec![upcoming("2024-11-05", "Физика")],
        timetable: vec![planned("Tue", 1, "Физика")],
        journal_ends: vec![journal_end(1, "2024-11-04")],
        ..slice(vec![physics])
    }
}

#[test]
fn a_diary() {
    let range = DateRange::new(day("2024-11-01"), day("2024-11-05")).unwrap();
    assert_json_snapshot!(compose(full(), range), @r#"
    {
      "pupil": "00000000-0000-0000-0000-000000000001",
      "range": {
        "from": "2024-11-01",
        "to": "2024-11-05"
      },
      "days": [
        {
          "date": "2024-11-01",
          "kind": "ordinary",
          "entries": [
            {
              "lesson": "00000000-0000-0000-0000-000000000201",
              "number": 1,
              "begins": "08:30:00",
              "ends": "09:15:00",
              "subject": "Физика",
              "teacher": "Рахматуллина Лора",
              "room": "290",
              "planned": false,
              "insteadOf": "Музыка",
              "cancelled": false,
              "distant": false,
              "filled": true,
              "topic": "Сила",
              "homework": {
                "text": "§ 5",
                "due": "2024-11-05",
                "materials": [
                  {
                    "name": "Карточка",
                    "link": "/files/46.pdf"
                  }
                ]
              },
              "individualHomework": [
                {
                  "text": "карточка № 46",
                  "due": "2024-11-05"
                }
              ],
              "marks": [
                {
                  "id": "00000000-0000-0000-0000-000000000301",
                  "value": "4-",
                  "work": "Ответ на уроке",
                  "title": "вопрос 1",
                  "weight": "1.5",
                  "comment": "невнимательно"
                }
              ],
              "attendance": {
                "code": "оп",
                "class": "late"
              },
              "remarks": [
                {
                  "text": "разговаривал"
                }
              ]
            }
          ]
        },
        {
          "date": "2024-11-02",
          "kind": "weekend",
          "entries": []
        },
        {
          "date": "2024-11-03",
          "kind": "weekend",
          "entries": []
        },
        {
          "date": "2024-11-04",
          "kind": "holiday",
          "name": "название",
          "entries": []
        },
        {
          "date": "2024-11-05",
          "kind": "ordinary",
          "entries": [
            {
              "number": 1,
              "begins": "08:30:00",
              "ends": "09:15:00",
              "subject": "Физика",
              "teacher": "Рахматуллина Лора",
              "room": "290",
              "planned": true,
              "cancelled": false,
              "distant": false,
              "filled": false,
              "individualHomework": [],
              "marks": []
            }
          ]
        }
      ]
    }
    "#);
}

#[test]
fn a_term() {
    let term = Term {
        grade: 7,
        name: "2 четверть".into(),
        kind: TermKind::Quarter,
        days: DateRange::new(day("2024-11-01"), day("2024-12-28")).unwrap(),
    };
    let last = FinalMark {
        pupil: PUPIL,
        subject: "Физика".into(),
        kind: FinalKind::Term,
        term: "2 четверть".into(),
        year: 2024,
        value: "4".parse().unwrap(),
    };
    let slice = TermSlice { diary: full(), finals: vec![last], grading: Grading::default() };
    assert_json_snapshot!(summarise(slice, &term), @r#"
    {
      "pupil": "00000000-0000-0000-0000-000000000001",
      "term": {
        "grade": 7,
        "name": "2 четверть",
        "kind": "quarter",
        "days": {
          "from": "2024-11-01",
          "to": "2024-12-28"
        }
      },
      "subjects": [
        {
          "subject": "Физика",
          "topics": [
            {
              "date": "2024-11-01",
              "topic": "Сила"
            }
          ],
          "homework": [
            {
              "date": "2024-11-01",
              "text": "§ 5",
              "due": "2024-11-05",
              "individual": false,
              "materials": [
                {
                  "name": "Карточка",
                  "link": "/files/46.pdf"
                }
              ]
            },
            {
              "date": "2024-11-01",
              "text": "карточка № 46",
              "due": "2024-11-05",
              "individual": true
            }
          ],
          "marks": [
            {
              "date": "2024-11-01",
              "id": "00000000-0000-0000-0000-000000000301",
              "value": "4-",
              "work": "Ответ на уроке",
              "title": "вопрос 1",
              "weight": "1.5",
              "comment": "невнимательно"
            }
          ],
          "mean": {
            "sum": 4,
            "weights": 1,
            "shown": "4.00"
          },
          "finals": [
            {
              "pupil": "00000000-0000-0000-0000-000000000001",
              "subject": "Физика",
              "kind": "term",
              "term": "2 четверть",
              "year": 2024,
              "value": "4"
            }
          ],
          "attendance": {
            "late": 1,
            "ill": 0,
            "excused": 0,
            "unexcused": 0,
            "unspecified": 0
          },
          "debts": 0,
          "unfilled": 0,
          "lessons": 1,
          "lastWrite": "2024-09-16T08:00:00Z"
        }
      ],
      "attendance": {
        "late": 1,
        "ill": 0,
        "excused": 0,
        "unexcused": 0,
        "unspecified": 0
      },
      "debts": 0,
      "unfilled": 0
    }
    "#);
}

/// A term in which every field there is says something.
#[test]
fn a_term_with_everything() {
    let days = DateRange::new(day("2024-11-01"), day("2024-12-28")).unwrap();
    let term = Term { grade: 7, name: "2 четверть".into(), kind: TermKind::Quarter, days };
    let closing = |value: &str| FinalMark {
        pupil: PUPIL,
        subject: "Физика".into(),
        kind: FinalKind::Term,
        term: "2 четверть".into(),
        year: 2024,
        value: value.parse().unwrap(),
    };
    let mut diary = full();
    let unfilled = Lesson { topic: None, ..lesson(2, "2024-11-06", 1, "Физика") };
    let (work, debt) = mark(2, &unfilled, ".", "5");
    let written_at = at("2024-11-08T08:00:00Z");
    let handed_in = Mark { work: work.id, written_at, ..mark(3, &unfilled, "5+", "5").1 };
    let (owed_work, owed) = mark(4, &unfilled, ".", "1");
    let (passed_work, passed) = mark(5, &unfilled, "зачёт", "1");
    diary.lessons.push(unfilled);
    diary.works.extend([work, owed_work, passed_work]);
    diary.marks.extend([debt, handed_in, owed, passed]);
    let grading = Grading::default().with_sign(30).unwrap();
    let grading = grading.with_threshold(5.try_into().unwrap(), 460).unwrap().with_favour(true);
    let slice = TermSlice { diary, finals: vec![closing("4"), closing("н/а")], grading };
    assert_json_snapshot!(summarise(slice, &term), @r#"
    {
      "pupil": "00000000-0000-0000-0000-000000000001",
      "term": {
        "grade": 7,
        "name": "2 четверть",
        "kind": "quarter",
        "days": {
          "from": "2024-11-01",
          "to": "2024-12-28"
        }
      },
      "subjects": [
        {
          "subject": "Физика",
          "topics": [
            {
              "date": "2024-11-01",
              "topic": "Сила"
            }
          ],
          "homework": [
            {
              "date": "2024-11-01",
              "text": "§ 5",
              "due": "2024-11-05",
              "individual": false,
              "materials": [
                {
                  "name": "Карточка",
                  "link": "/files/46.pdf"
                }
              ]
            },
            {
              "date": "2024-11-01",
              "text": "карточка № 46",
              "due": "2024-11-05",
              "individual": true
            }
          ],
          "marks": [
            {
              "date": "2024-11-01",
              "id": "00000000-0000-0000-0000-000000000301",
              "value": "4-",
              "work": "Ответ на уроке",
              "title": "вопрос 1",
              "weight": "1.5",
              "comment": "невнимательно"
            },
            {
              "date": "2024-11-06",
              "id": "00000000-0000-0000-0000-000000000302",
              "value": ".",
              "work": "Ответ на уроке",
              "title": "вопрос 2",
              "weight": "5",
              "closedBy": {
                "mark": "00000000-0000-0000-0000-000000000303",
                "date": "2024-11-06",
                "value": "5+"
              }
            },
            {
              "date": "2024-11-06",
              "id": "00000000-0000-0000-0000-000000000303",
              "value": "5+",
              "work": "Ответ на уроке",
              "title": "вопрос 2",
              "weight": "5"
            },
            {
              "date": "2024-11-06",
              "id": "00000000-0000-0000-0000-000000000304",
              "value": ".",
              "work": "Ответ на уроке",
              "title": "вопрос 4",
              "weight": "1"
            },
            {
              "date": "2024-11-06",
              "id": "00000000-0000-0000-0000-000000000305",
              "value": "зачёт",
              "work": "Ответ на уроке",
              "title": "вопрос 5",
              "weight": "1"
            }
          ],
          "mean": {
            "sum": 47,
            "weights": 10,
            "shown": "4.70"
          },
          "finals": [
            {
              "pupil": "00000000-0000-0000-0000-000000000001",
              "subject": "Физика",
              "kind": "term",
              "term": "2 четверть",
              "year": 2024,
              "value": "4"
            },
            {
              "pupil": "00000000-0000-0000-0000-000000000001",
              "subject": "Физика",
              "kind": "term",
              "term": "2 четверть",
              "year": 2024,
              "value": "н/а"
            }
          ],
          "attendance": {
            "late": 1,
            "ill": 0,
            "excused": 0,
            "unexcused": 0,
            "unspecified": 0
          },
          "debts": 1,
          "unfilled": 1,
          "lessons": 2,
          "lastWrite": "2024-11-08T08:00:00Z",
          "words": {
            "passed": 1,
            "failed": 0,
            "notAssessed": 0,
            "exempt": 0
          },
          "finalAgainstMean": {
            "final": 4,
            "mean": 5
          },
          "grading": {
            "sign": 30,
            "thresholds": {
              "2": 150,
              "3": 250,
              "4": 350,
              "5": 460
            },
            "inFavour": true
          }
        }
      ],
      "attendance": {
        "late": 1,
        "ill": 0,
        "excused": 0,
        "unexcused": 0,
        "unspecified": 0
      },
      "debts": 1,
      "unfilled": 1,
      "words": {
        "passed": 1,
        "failed": 0,
        "notAssessed": 0,
        "exempt": 0
      },
      "finalWords": {
        "passed": 0,
        "failed": 0,
        "notAssessed": 1,
        "exempt": 0
      }
    }
    "#);
}
