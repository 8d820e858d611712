//! Changes as a family reads them and as a client gets them.

use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::json;

use super::*;
use crate::{
    calendar::{DayKind, Term, TermKind},
    journal::{FinalKind, FinalMark, Material},
};

/// Two readings of a week between which everything happens that can.
pub(super) fn readings() -> (Diary, Diary) {
    let lessons = || {
        [
            ("2024-09-16", 1, "Физика"),
            ("2024-09-16", 2, "Химия"),
            ("2024-09-16", 3, "Алгебра"),
            ("2024-09-17", 1, "Музыка"),
            ("2024-09-17", 2, "История"),
            ("2024-09-17", 3, "Труд"),
            ("2024-09-18", 1, "Биология"),
        ]
    };
    let lesson =
        |(n, (date, number, subject)): (usize, (&str, u8, &str))| lesson(n, date, number, subject);
    let rows = || (1..).zip(lessons()).map(lesson).collect::<Vec<_>>();

    let mut before = rows();
    before[1].homework = Some(homework("§ 5"));
    before[2].homework = Some(homework("№ 12"));
    before[4].cancelled = true;
    before[5].topic = None;
    let given = vec![
        mark(1, &before[0], "4", "3"),
        mark(2, &before[0], "5", "1"),
        mark(3, &before[1], ".", "1"),
    ];
    let attendance = vec![
        absence(&before[0], "н", AttendanceClass::Unspecified),
        absence(&before[1], "оп", AttendanceClass::Late),
    ];
    let own = vec![own_homework(&before[6], "карточка № 1")];
    let remarks = vec![remark(&before[0], "разговаривал"), remark(&before[1], "забыл тетрадь")];
    let old = DiarySlice {
        attendance,
        individual_homework: own,
        remarks,
        timetable: vec![planned("Thu", 1, "Физика"), planned("Thu", 2, "Труд")],
        journal_ends: vec![journal_end(1, "2024-09-18")],
        ..with_marks(before, given)
    };

    let mut after = rows();
    after[0].topic = Some("Сила трения".into());
    after[1].homework = Some(Homework { due: Some(day("2024-09-20")), ..homework("§ 5") });
    after[2].cancelled = true;
    after[3].subject = "Физкультура".into();
    after[3].instead_of = Some("Музыка".into());
    after[5].date = day("2024-09-20");
    after[5].number = 5;
    after[6].room = "118".into();
    after[6].distant = true;
    let own = vec![own_homework(&after[6], "карточка № 2"), own_homework(&after[0], "доклад")];
    let remarks =
        vec![remark(&after[0], "разговаривал и мешал другим"), remark(&after[6], "не слушал")];
    let thursday = self::lesson(8, "2024-09-19", 1, "Физика");
    let given = vec![
        mark(1, &after[0], "5", "3"),
        mark(3, &after[1], "3", "1"),
        mark(4, &thursday, "зачёт", "1"),
    ];
    let attendance = vec![
        absence(&after[0], "Б", AttendanceClass::Ill),
        absence(&thursday, "оп", AttendanceClass::Late),
    ];
    after.push(Lesson { topic: None, ..thursday });
    after.push(self::lesson(9, "2024-09-18", 2, "Химия"));
    let new = DiarySlice {
        attendance,
        individual_homework: own,
        remarks,
        journal_ends: vec![journal_end(1, "2024-09-20")],
        ..with_marks(after, given)
    };
    (compose(old, week()), compose(new, week()))
}

pub(super) fn closing(value: &str) -> FinalMark {
    FinalMark {
        pupil: PUPIL,
        subject: "Физика".into(),
        kind: FinalKind::Term,
        term: "1 четверть".into(),
        year: 2024,
        value: value.parse().unwrap(),
    }
}

#[test]
fn a_feed_as_a_family_reads_it() {
    let (before, after) = readings();
    let told: Vec<_> = changes(&before, &after).iter().map(Change::text_ru).collect();
    assert_snapshot!(told.join("\n"), @r"
    Физика, 16 сентября: тема «Сила трения», была «Сила»
    Физика, 16 сентября: задано лично к 19 сентября: доклад
    Физика, 16 сентября: отметка 5 вместо 4 – вопрос 1
    Физика, 16 сентября: снята отметка 5 – вопрос 2
    Физика, 16 сентября: пропуск по болезни, было: пропуск, причина не указана
    Физика, 16 сентября: замечание изменено: разговаривал и мешал другим
    Химия, 16 сентября: срок задания изменён к 20 сентября: § 5
    Химия, 16 сентября: отметка 3 вместо долга – вопрос 3
    Химия, 16 сентября: снято: опоздание
    Химия, 16 сентября: замечание снято: забыл тетрадь
    Алгебра, 16 сентября, 3-й урок отменён
    Алгебра, 16 сентября: задание снято: № 12
    17 сентября, 1-й урок: «Физкультура» вместо «Музыка»
    История, 17 сентября, 2-й урок всё-таки состоится
    Биология, 18 сентября, 1-й урок: кабинет 118, дистанционно
    Биология, 18 сентября: задание изменено: карточка № 2
    Биология, 18 сентября: замечание: не слушал
    Химия, 18 сентября, 2-й урок добавлен
    Химия, 18 сентября: тема «Сила»
    Физика, 19 сентября, 1-й урок есть в журнале
    Физика, 19 сентября: отметка «зачёт» – вопрос 4
    Физика, 19 сентября: опоздание
    Труд, 19 сентября, 2-й урок убран
    Труд, 17 сентября, 3-й урок перенесён на 20 сентября, 5-й урок
    Труд, 20 сентября: тема «Сила»
    ");
    let told: Vec<_> = changes(&after, &before).iter().map(Change::text_ru).collect();
    assert_snapshot!(told.join("\n"), @r"
    Физика, 16 сентября: тема «Сила», была «Сила трения»
    Физика, 16 сентября: задание снято: доклад
    Физика, 16 сентября: отметка 4 вместо 5 – вопрос 1
    Физика, 16 сентября: отметка 5 – вопрос 2
    Физика, 16 сентября: пропуск, причина не указана, было: пропуск по болезни
    Физика, 16 сентября: замечание изменено: разговаривал
    Химия, 16 сентября: срок задания изменён: § 5
    Химия, 16 сентября: долг вместо 3 – вопрос 3
    Химия, 16 сентября: опоздание
    Химия, 16 сентября: замечание: забыл тетрадь
    Алгебра, 16 сентября, 3-й урок всё-таки состоится
    Алгебра, 16 сентября: задано: № 12
    Музыка, 17 сентября, 1-й урок: замены не будет
    История, 17 сентября, 2-й урок отменён
    Труд, 20 сентября, 5-й урок перенесён на 17 сентября, 3-й урок
    Труд, 17 сентября: темы больше нет
    Биология, 18 сентября, 1-й урок: кабинет 290, очно
    Биология, 18 сентября: задание изменено: карточка № 1
    Биология, 18 сентября: замечание снято: не слушал
    Химия, 18 сентября: темы больше нет
    Химия, 18 сентября, 2-й урок убран
    Физика, 19 сентября, 1-й урок пока только в расписании
    Физика, 19 сентября: снята отметка «зачёт» – вопрос 4
    Физика, 19 сентября: снято: опоздание
    Труд, 19 сентября, 2-й урок добавлен
    ");
}

#[test]
fn a_feed_on_the_wire() {
    let (before, after) = readings();
    let changes = changes(&before, &after);
    let one_of_each = Change::KINDS
        .iter()
        .filter_map(|kind| changes.iter().find(|change| change.kind() == *kind));
    let events: Vec<_> = (1..)
        .zip(one_of_each)
        .map(|(cursor, what)| DiaryEvent {
            cursor,
            pupil: PUPIL,
            at: at("2024-09-20T12:00:00Z"),
            what: what.clone(),
        })
        .collect();
    assert_json_snapshot!(events, @r#"
    [
      {
        "cursor": 1,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "lesson_added",
          "lesson": {
            "lesson": "00000000-0000-0000-0000-000000000209",
            "date": "2024-09-18",
            "number": 2,
            "begins": "09:30:00",
            "ends": "10:15:00",
            "subject": "Химия",
            "teacher": "Рахматуллина Лора",
            "room": "290",
            "planned": false,
            "cancelled": false,
            "distant": false
          }
        }
      },
      {
        "cursor": 2,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "lesson_removed",
          "lesson": {
            "date": "2024-09-19",
            "number": 2,
            "begins": "09:30:00",
            "ends": "10:15:00",
            "subject": "Труд",
            "teacher": "Рахматуллина Лора",
            "room": "290",
            "planned": true,
            "cancelled": false,
            "distant": false
          }
        }
      },
      {
        "cursor": 3,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "lesson_cancelled",
          "old": {
            "lesson": "00000000-0000-0000-0000-000000000203",
            "date": "2024-09-16",
            "number": 3,
            "begins": "10:30:00",
            "ends": "11:15:00",
            "subject": "Алгебра",
            "teacher": "Рахматуллина Лора",
            "room": "290",
            "planned": false,
            "cancelled": false,
            "distant": false
          },
          "new": {
            "lesson": "00000000-0000-0000-0000-000000000203",
            "date": "2024-09-16",
            "number": 3,
            "begins": "10:30:00",
            "ends": "11:15:00",
            "subject": "Алгебра",
            "teacher": "Рахматуллина Лора",
            "room": "290",
            "planned": false,
            "cancelled": true,
            "distant": false
          }
        }
      },
      {
        "cursor": 4,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "lesson_restored",
          "old": {
            "lesson": "00000000-0000-0000-0000-000000000205",
            "date": "2024-09-17",
            "number": 2,
            "begins": "09:30:00",
            "ends": "10:15:00",
            "subject": "История",
            "teacher": "Рахматуллина Лора",
            "room": "290",
            "planned": false,
            "cancelled": true,
            "distant": false
          },
          "new": {
            "lesson": "00000000-0000-0000-0000-000000000205",
            "date": "2024-09-17",
            "number": 2,
            "begins": "09:30:00",
            "ends": "10:15:00",
            "subject": "История",
            "teacher": "Рахматуллина Лора",
            "room": "290",
            "planned": false,
            "cancelled": false,
            "distant": false
          }
        }
      },
      {
        "cursor": 5,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "lesson_moved",
          "old": {
            "lesson": "00000000-0000-0000-0000-000000000206",
            "date": "2024-09-17",
            "number": 3,
            "begins": "10:30:00",
            "ends": "11:15:00",
            "subject": "Труд",
            "teacher": "Рахматуллина Лора",
            "room": "290",
            "planned": false,
            "cancelled": false,
            "distant": false
          },
          "new": {
            "lesson": "00000000-0000-0000-0000-000000000206",
            "date": "2024-09-20",
            "number": 5,
            "subject": "Труд",
            "teacher": "Рахматуллина Лора",
            "room": "290",
            "planned": false,
            "cancelled": false,
            "distant": false
          }
        }
      },
      {
        "cursor": 6,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "lesson_replaced",
          "old": {
            "lesson": "00000000-0000-0000-0000-000000000204",
            "date": "2024-09-17",
            "number": 1,
            "begins": "08:30:00",
            "ends": "09:15:00",
            "subject": "Музыка",
            "teacher": "Рахматуллина Лора",
            "room": "290",
            "planned": false,
            "cancelled": false,
            "distant": false
          },
          "new": {
            "lesson": "00000000-0000-0000-0000-000000000204",
            "date": "2024-09-17",
            "number": 1,
            "begins": "08:30:00",
            "ends": "09:15:00",
            "subject": "Физкультура",
            "insteadOf": "Музыка",
            "teacher": "Рахматуллина Лора",
            "room": "290",
            "planned": false,
            "cancelled": false,
            "distant": false
          }
        }
      },
      {
        "cursor": 7,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "lesson_changed",
          "old": {
            "lesson": "00000000-0000-0000-0000-000000000207",
            "date": "2024-09-18",
            "number": 1,
            "begins": "08:30:00",
            "ends": "09:15:00",
            "subject": "Биология",
            "teacher": "Рахматуллина Лора",
            "room": "290",
            "planned": false,
            "cancelled": false,
            "distant": false
          },
          "new": {
            "lesson": "00000000-0000-0000-0000-000000000207",
            "date": "2024-09-18",
            "number": 1,
            "begins": "08:30:00",
            "ends": "09:15:00",
            "subject": "Биология",
            "teacher": "Рахматуллина Лора",
            "room": "118",
            "planned": false,
            "cancelled": false,
            "distant": true
          }
        }
      },
      {
        "cursor": 8,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "lesson_written",
          "old": {
            "date": "2024-09-19",
            "number": 1,
            "begins": "08:30:00",
            "ends": "09:15:00",
            "subject": "Физика",
            "teacher": "Рахматуллина Лора",
            "room": "290",
            "planned": true,
            "cancelled": false,
            "distant": false
          },
          "new": {
            "lesson": "00000000-0000-0000-0000-000000000208",
            "date": "2024-09-19",
            "number": 1,
            "begins": "08:30:00",
            "ends": "09:15:00",
            "subject": "Физика",
            "teacher": "Рахматуллина Лора",
            "room": "290",
            "planned": false,
            "cancelled": false,
            "distant": false
          }
        }
      },
      {
        "cursor": 9,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "topic_changed",
          "lesson": {
            "lesson": "00000000-0000-0000-0000-000000000201",
            "date": "2024-09-16",
            "number": 1,
            "subject": "Физика"
          },
          "old": "Сила",
          "new": "Сила трения"
        }
      },
      {
        "cursor": 10,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "homework_new",
          "lesson": {
            "lesson": "00000000-0000-0000-0000-000000000201",
            "date": "2024-09-16",
            "number": 1,
            "subject": "Физика"
          },
          "homework": {
            "text": "доклад",
            "due": "2024-09-19"
          },
          "individual": true
        }
      },
      {
        "cursor": 11,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "homework_changed",
          "lesson": {
            "lesson": "00000000-0000-0000-0000-000000000202",
            "date": "2024-09-16",
            "number": 2,
            "subject": "Химия"
          },
          "old": {
            "text": "§ 5"
          },
          "new": {
            "text": "§ 5",
            "due": "2024-09-20"
          },
          "individual": false
        }
      },
      {
        "cursor": 12,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "homework_removed",
          "lesson": {
            "lesson": "00000000-0000-0000-0000-000000000203",
            "date": "2024-09-16",
            "number": 3,
            "subject": "Алгебра"
          },
          "homework": {
            "text": "№ 12"
          },
          "individual": false
        }
      },
      {
        "cursor": 13,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "mark_new",
          "lesson": {
            "lesson": "00000000-0000-0000-0000-000000000208",
            "date": "2024-09-19",
            "number": 1,
            "subject": "Физика"
          },
          "mark": {
            "id": "00000000-0000-0000-0000-000000000304",
            "value": "зачёт",
            "work": "Ответ на уроке",
            "title": "вопрос 4",
            "weight": "1"
          }
        }
      },
      {
        "cursor": 14,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "mark_changed",
          "lesson": {
            "lesson": "00000000-0000-0000-0000-000000000201",
            "date": "2024-09-16",
            "number": 1,
            "subject": "Физика"
          },
          "old": {
            "id": "00000000-0000-0000-0000-000000000301",
            "value": "4",
            "work": "Ответ на уроке",
            "title": "вопрос 1",
            "weight": "3"
          },
          "new": {
            "id": "00000000-0000-0000-0000-000000000301",
            "value": "5",
            "work": "Ответ на уроке",
            "title": "вопрос 1",
            "weight": "3"
          }
        }
      },
      {
        "cursor": 15,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "mark_removed",
          "lesson": {
            "lesson": "00000000-0000-0000-0000-000000000201",
            "date": "2024-09-16",
            "number": 1,
            "subject": "Физика"
          },
          "mark": {
            "id": "00000000-0000-0000-0000-000000000302",
            "value": "5",
            "work": "Ответ на уроке",
            "title": "вопрос 2",
            "weight": "1"
          }
        }
      },
      {
        "cursor": 16,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "attendance_set",
          "lesson": {
            "lesson": "00000000-0000-0000-0000-000000000208",
            "date": "2024-09-19",
            "number": 1,
            "subject": "Физика"
          },
          "attendance": {
            "code": "оп",
            "class": "late"
          }
        }
      },
      {
        "cursor": 17,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "attendance_changed",
          "lesson": {
            "lesson": "00000000-0000-0000-0000-000000000201",
            "date": "2024-09-16",
            "number": 1,
            "subject": "Физика"
          },
          "old": {
            "code": "н",
            "class": "unspecified"
          },
          "new": {
            "code": "Б",
            "class": "ill"
          }
        }
      },
      {
        "cursor": 18,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "attendance_removed",
          "lesson": {
            "lesson": "00000000-0000-0000-0000-000000000202",
            "date": "2024-09-16",
            "number": 2,
            "subject": "Химия"
          },
          "attendance": {
            "code": "оп",
            "class": "late"
          }
        }
      },
      {
        "cursor": 19,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "remark_new",
          "lesson": {
            "lesson": "00000000-0000-0000-0000-000000000207",
            "date": "2024-09-18",
            "number": 1,
            "subject": "Биология"
          },
          "remark": {
            "text": "не слушал"
          }
        }
      },
      {
        "cursor": 20,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "remark_changed",
          "lesson": {
            "lesson": "00000000-0000-0000-0000-000000000201",
            "date": "2024-09-16",
            "number": 1,
            "subject": "Физика"
          },
          "old": {
            "text": "разговаривал"
          },
          "new": {
            "text": "разговаривал и мешал другим"
          }
        }
      },
      {
        "cursor": 21,
        "pupil": "00000000-0000-0000-0000-000000000001",
        "at": "2024-09-20T12:00:00Z",
        "what": {
          "kind": "remark_removed",
          "lesson": {
            "lesson": "00000000-0000-0000-0000-000000000202",
            "date": "2024-09-16",
            "number": 2,
            "subject": "Химия"
          },
          "remark": {
            "text": "забыл тетрадь"
          }
        }
      }
    ]
    "#);
}

#[test]
fn days_as_a_family_reads_them() {
    let facts = |kind, name: &str| DayFacts { kind, name: (!name.is_empty()).then(|| name.into()) };
    for (new, said) in [
        (
            facts(DayKind::Holiday, "День народного единства"),
            " уроков нет: День народного единства",
        ),
        (facts(DayKind::Holiday, ""), " уроков нет: праздник"),
        (facts(DayKind::Vacation, "осенние каникулы"), " уроков нет: осенние каникулы"),
        (facts(DayKind::Vacation, ""), " уроков нет: каникулы"),
        (facts(DayKind::Weekend, ""), " уроков нет: выходной"),
        (facts(DayKind::Ordinary, ""), " – учебный день"),
        (facts(DayKind::Ordinary, "рабочая суббота"), " – учебный день: рабочая суббота"),
        (facts("quarantine".into(), "карантин"), " – карантин"),
        (facts("quarantine".into(), ""), " – особый день в календаре"),
    ] {
        let old = facts(DayKind::Ordinary, "");
        let change = Change::DayChanged { date: day("2024-11-02"), old, new };
        assert_eq!(change.text_ru(), format!("2 ноября{said}"));
    }
}

#[test]
fn finals_as_a_family_reads_them() {
    let closing =
        |kind: FinalKind, term: &str| FinalMark { kind, term: term.into(), ..closing("4") };
    let told = [
        Change::FinalNew { mark: closing(FinalKind::Term, "2 полугодие") },
        Change::FinalNew { mark: closing(FinalKind::Year, "") },
        Change::FinalNew { mark: closing(FinalKind::Exam, "") },
        Change::FinalNew {
            mark: FinalMark { value: "н/а".parse().unwrap(), ..closing(FinalKind::Final, "") },
        },
        Change::FinalChanged { old: self::closing("3"), new: self::closing("4") },
        Change::FinalRemoved { mark: self::closing("4") },
    ];
    let told: Vec<_> = told.iter().map(Change::text_ru).collect();
    assert_eq!(
        told,
        [
            "Физика: отметка за 2 полугодие – 4",
            "Физика: годовая отметка – 4",
            "Физика: отметка за экзамен – 4",
            "Физика: итоговая отметка – «н/а»",
            "Физика: отметка за 1 четверть – 4 вместо 3",
            "Физика: снята отметка за 1 четверть – 4",
        ]
    );
}

/// A debt closed by a four, by a зачёт instead, then by nothing.
pub(super) fn debts_closed_and_open_again() -> [Change; 3] {
    let lesson = LessonPlace {
        lesson: Some(lesson_id(1)),
        date: day("2024-09-16"),
        number: 2,
        subject: "Физика".into(),
    };
    let mark: DiaryMark = serde_json::from_value(serde_json::json!({
        "id": Uuid::from_u128(0x301), "value": ".",
        "work": "Тест", "title": "вопрос 2", "weight": "1",
    }))
    .unwrap();
    let by = |value: &str| DebtClosing {
        mark: MarkId(Uuid::from_u128(0x302)),
        date: day("2024-09-23"),
        value: value.parse().unwrap(),
    };
    [
        Change::DebtClosed { lesson: lesson.clone(), mark: mark.clone(), old: None, by: by("4") },
        Change::DebtClosed {
            lesson: lesson.clone(),
            mark: mark.clone(),
            old: Some(by("4")),
            by: by("зачёт"),
        },
        Change::DebtReopened { lesson, mark, by: by("зачёт") },
    ]
}

#[test]
fn debts_as_a_family_reads_them() {
    let told = debts_closed_and_open_again().map(|change| change.text_ru());
    assert_eq!(
        told,
        [
            "Физика, 16 сентября: долг закрыт 23 сентября отметкой 4 – вопрос 2",
            "Физика, 16 сентября: долг закрыт 23 сентября отметкой «зачёт» – вопрос 2",
            "Физика, 16 сентября: долг снова открыт – вопрос 2",
        ]
    );
}

#[test]
fn finals_are_compared_by_what_they_close() {
    let summary = |values: &[&str]| {
        let days = DateRange::new(day("2024-09-01"), day("2024-10-25")).unwrap();
        let term =
            Term { grade: 7, name: "1 четверть".into(), kind: TermKind::Quarter, days };
        let finals = values.iter().map(|value| closing(value)).collect();
        summarise(TermSlice { diary: slice(vec![]), finals, grading: Grading::default() }, &term)
    };
    for (before, after, kinds) in [
        (&[][..], &[][..], &[][..]),
        (&["4"], &["4"], &[]),
        (&[], &["4"], &["final_new"]),
        (&["3"], &["4"], &["final_changed"]),
        (&["3"], &[], &["final_removed"]),
        (&["3", "4"], &["4", "5"], &["final_changed"]),
        (&["4"], &["4", "4"], &["final_new"]),
    ] {
        let changes = term_final_changes(&summary(before), &summary(after));
        let told: Vec<_> = changes.iter().map(Change::kind).collect();
        assert_eq!(told, kinds, "{before:?} {after:?}");
    }
    let mut other = summary(&["5"]);
    other.term.name = "2 четверть".into();
    assert_eq!(term_final_changes(&summary(&["4"]), &other), []);
    let other = TermSummary { pupil: CLASSMATE, ..summary(&["5"]) };
    assert_eq!(term_final_changes(&summary(&["4"]), &other), []);
}

#[test]
fn finals_of_every_kind_are_compared() {
    let closing = |kind: &FinalKind, value: &str| FinalMark {
        kind: kind.clone(),
        term: if kind == &FinalKind::Term { "1 четверть".into() } else { String::new() },
        ..closing(value)
    };
    for kind in FinalKind::KNOWN {
        let (three, four) = ([closing(kind, "3")], [closing(kind, "4")]);
        let [old, new] = [three[0].clone(), four[0].clone()];
        assert_eq!(final_changes(&three, &three), [], "{kind}");
        assert_eq!(
            final_changes(&three, &four),
            [Change::FinalChanged { old, new: new.clone() }],
            "{kind}"
        );
        assert_eq!(final_changes(&[], &four), [Change::FinalNew { mark: new.clone() }], "{kind}");
        assert_eq!(final_changes(&four, &[]), [Change::FinalRemoved { mark: new }], "{kind}");
    }
    // One kind is never another with a new value, nor one pupil's mark another's, nor last year's
    // this year's.
    let year = closing(&FinalKind::Year, "4");
    for other in [
        closing(&FinalKind::Exam, "4"),
        FinalMark { pupil: CLASSMATE, ..year.clone() },
        FinalMark { year: 2023, ..year.clone() },
        FinalMark { subject: "Химия".into(), ..year.clone() },
    ] {
        let changes = final_changes(core::slice::from_ref(&year), core::slice::from_ref(&other));
        let mut kinds: Vec<_> = changes.iter().map(Change::kind).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["final_new", "final_removed"], "{other:?}");
    }
}

#[test]
fn every_kind_is_given_back_as_it_came() {
    let (before, after) = readings();
    let there = changes(&before, &after);
    let mut all: Vec<_> = there.into_iter().chain(changes(&after, &before)).collect();
    all.push(Change::FinalNew { mark: closing("4") });
    all.push(Change::FinalChanged { old: closing("3"), new: closing("4") });
    all.push(Change::FinalRemoved { mark: closing("4") });
    all.extend(debts_closed_and_open_again());
    let mut planned = before.clone();
    planned.days[3].entries[0].lesson = Some(lesson_id(8));
    planned.days[3].entries[0].planned = false;
    planned.days[4].kind = DayKind::Holiday;
    all.extend(changes(&before, &planned));

    for change in &all {
        let json = serde_json::to_value(change).unwrap();
        assert_eq!(json["kind"], change.kind());
        assert_eq!(serde_json::from_value::<Change>(json).unwrap(), *change);
    }
    for kind in Change::KINDS {
        assert!(all.iter().any(|change| change.kind() == kind), "no change is {kind}");
    }
}

#[test]
fn a_kind_of_a_newer_version_is_kept() {
    for json in
        [r#"{"kind":"week_signed"}"#, r#"{"kind":"week_signed","by":{"name":"Ёлкина"},"week":38}"#]
    {
        let change: Change = serde_json::from_str(json).unwrap();
        assert_eq!(
            (change.kind(), change.text_ru().as_str()),
            ("week_signed", "В дневнике что-то изменилось")
        );
        assert_eq!(serde_json::to_string(&change).unwrap(), json);
        assert!(!format!("{change:?}").contains("Ёлкина"));
    }
    for malformed in [json!({"kind": "mark_new"}), json!({"mark": 5}), json!("mark_new")] {
        assert!(serde_json::from_value::<Change>(malformed.clone()).is_err(), "{malformed}");
    }
}

#[test]
fn a_homework_says_what_is_new_of_it() {
    let place =
        LessonPlace {
            lesson: None, date: day("2024-09-16"), number: 1, subject: "Физика".into()
        };
    let homework = |text: &str, due: Option<&str>, link: &str| DiaryHomework {
        text: text.into(),
        due: due.map(day),
        materials: vec![Material { name: "файл".into(), link: link.into() }],
    };
    let old = homework("§ 5", Some("2024-09-18"), "a");
    for (new, said) in [
        (homework("§ 6", Some("2024-09-20"), "a"), "задание изменено к 20 сентября: § 6"),
        (homework("§ 5", Some("2024-09-20"), "b"), "срок задания изменён к 20 сентября: § 5"),
        (homework("§ 5", None, "a"), "срок задания изменён: § 5"),
        (homework("§ 5", Some("2024-09-18"), "b"), "материалы задания изменены к 18 сентября: § 5"),
    ] {
        let (lesson, old) = (place.clone(), old.clone());
        let change = Change::HomeworkChanged { lesson, old, new, individual: false };
        assert_eq!(change.text_ru(), format!("Физика, 16 сентября: {said}"));
    }
}
