//! Tests of days and terms: tables for the rules, a naive model for everything together, and the
//! form on the wire.

mod absence;
mod changes;
mod class_sheet;
mod compose;
mod debts;
mod debug;
mod events;
mod events_en;
mod events_of;
mod joined_year;
mod model;
mod summarise;
mod touched;
mod what_if;
mod wire;
mod year_finals;

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

use super::*;
use crate::{
    calendar::{Bell, CalendarRule, CalendarSpan, DateRange, TimetableLesson},
    id::{AccountId, ClassId, LessonId, MarkId, WorkId},
    journal::{
        Attendance, AttendanceClass, Grading, Homework, IndividualHomework, Lesson, Mark, Remark,
        Stay, Subgroup, SubgroupMembership, Work, WorkKind,
    },
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Monday to Sunday of the week in which most tests happen: 16 to 22 September 2024.
fn week() -> DateRange {
    DateRange::week_of(day("2024-09-16"))
}

const PUPIL: AccountId = AccountId(Uuid::from_u128(1));
const CLASSMATE: AccountId = AccountId(Uuid::from_u128(2));

fn class(n: u8) -> ClassId {
    ClassId(Uuid::from_u128(0x100 + u128::from(n)))
}

fn lesson_id(n: usize) -> LessonId {
    LessonId(Uuid::from_u128(0x200 + n as u128))
}

fn subgroup(name: &str) -> Option<Subgroup> {
    (!name.is_empty()).then(|| Subgroup(name.into()))
}

fn homework(text: &str) -> Homework {
    Homework { text: text.into(), due: None, materials: Vec::new() }
}

/// A lesson of class 1.
fn lesson(n: usize, date: &str, number: u8, subject: &str) -> Lesson {
    Lesson {
        id: lesson_id(n),
        class: class(1),
        subgroup: None,
        date: day(date),
        number,
        subject: subject.into(),
        instead_of: None,
        cancelled: false,
        distant: false,
        teacher: "Рахматуллина Лора".into(),
        room: "290".into(),
        topic: Some("Сила".into()),
        homework: None,
        written_at: at("2024-09-16T07:00:00Z"),
    }
}

/// The same lesson with homework for everybody.
fn with_homework(lesson: Lesson) -> Lesson {
    Lesson { homework: Some(homework("§ 5")), ..lesson }
}

fn stay(class_number: u8, from: &str, to: Option<&str>) -> Stay {
    Stay { pupil: PUPIL, class: class(class_number), from: day(from), to: to.map(day) }
}

fn membership(subject: Option<&str>, name: &str) -> SubgroupMembership {
    SubgroupMembership {
        pupil: PUPIL,
        class: class(1),
        subject: subject.map(Into::into),
        subgroup: Subgroup(name.into()),
        from: day("2024-09-01"),
        to: None,
    }
}

fn upcoming(date: &str, subject: &str) -> UpcomingLesson {
    UpcomingLesson {
        class: class(1),
        subgroup: None,
        subject: subject.into(),
        instead_of: None,
        date: day(date),
    }
}

/// A work and the pupil's mark for it, both in one lesson; works and marks share their numbers.
fn mark(n: usize, lesson: &Lesson, value: &str, weight: &str) -> (Work, Mark) {
    let work = Work {
        id: WorkId(Uuid::from_u128(0x400 + n as u128)),
        lesson: lesson.id,
        kind: WorkKind("Ответ на уроке".into()),
        title: format!("вопрос {n}"),
        weight: weight.parse().unwrap(),
    };
    let mark = Mark {
        id: MarkId(Uuid::from_u128(0x300 + n as u128)),
        pupil: PUPIL,
        lesson: lesson.id,
        date: lesson.date,
        work: work.id,
        value: value.parse().unwrap(),
        comment: None,
        written_at: at("2024-09-16T08:00:00Z"),
    };
    (work, mark)
}

fn absence(lesson: &Lesson, code: &str, class: AttendanceClass) -> Attendance {
    Attendance { pupil: PUPIL, lesson: lesson.id, date: lesson.date, code: code.into(), class }
}

fn planned(weekday: &str, number: u8, subject: &str) -> TimetableLesson {
    TimetableLesson {
        class: class(1),
        subgroup: None,
        weekday: weekday.parse().unwrap(),
        number,
        subject: subject.into(),
        teacher: "Рахматуллина Лора".into(),
        room: "290".into(),
    }
}

fn span(from: &str, to: &str, rule: CalendarRule) -> CalendarSpan {
    let days = DateRange::new(day(from), day(to)).unwrap();
    CalendarSpan { days, rule, name: "название".into() }
}

fn journal_end(class_number: u8, date: &str) -> JournalEnd {
    JournalEnd { class: class(class_number), date: day(date) }
}

/// A pupil of class 1 since 1 September whose journal reaches the end of the year.
fn slice(lessons: Vec<Lesson>) -> DiarySlice {
    let bell = |number: u8| Bell {
        number,
        begins: NaiveTime::from_hms_opt(7 + u32::from(number), 30, 0).unwrap(),
        ends: NaiveTime::from_hms_opt(8 + u32::from(number), 15, 0).unwrap(),
    };
    DiarySlice {
        pupil: PUPIL,
        stays: vec![stay(1, "2024-09-01", None)],
        subgroups: Vec::new(),
        calendar: Vec::new(),
        bells: (1..=4).map(bell).collect(),
        timetable: Vec::new(),
        journal_ends: vec![journal_end(1, "2024-12-28"), journal_end(2, "2024-12-28")],
        lessons,
        upcoming: Vec::new(),
        works: Vec::new(),
        marks: Vec::new(),
        attendance: Vec::new(),
        individual_homework: Vec::new(),
        remarks: Vec::new(),
    }
}

fn with_marks(lessons: Vec<Lesson>, marks: Vec<(Work, Mark)>) -> DiarySlice {
    let (works, marks) = marks.into_iter().unzip();
    DiarySlice { works, marks, ..slice(lessons) }
}

fn own_homework(lesson: &Lesson, text: &str) -> IndividualHomework {
    IndividualHomework { lesson: lesson.id, pupil: PUPIL, homework: homework(text) }
}

fn remark(lesson: &Lesson, text: &str) -> Remark {
    Remark { pupil: PUPIL, lesson: lesson.id, text: text.into() }
}

/// The entries of a diary, each with its day.
fn entries(diary: &Diary) -> Vec<(NaiveDate, &DiaryEntry)> {
    diary.days.iter().flat_map(|day| day.entries.iter().map(|entry| (day.date, entry))).collect()
}

/// The entries as `day.number subject`.
fn told(diary: &Diary) -> Vec<String> {
    let entries = entries(diary).into_iter();
    entries.map(|(date, e)| format!("{}.{} {}", date.format("%d"), e.number, e.subject)).collect()
}

/// The day the first homework of the diary is due, as `mm-dd`; empty if never.
fn first_due(diary: &Diary) -> String {
    let mut homework = entries(diary).into_iter().filter_map(|(_, entry)| entry.homework.as_ref());
    let due = homework.next().expect("there is homework").due;
    due.map_or_else(Default::default, |due| due.format("%m-%d").to_string())
}
