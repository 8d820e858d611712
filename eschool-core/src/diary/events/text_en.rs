//! Changes in English. Names of subjects, works and marks stay as the school writes them.

use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};

use chrono::NaiveDate;

use super::{Change, DayFacts, LessonFacts, LessonPlace};
use crate::{
    calendar::DayKind,
    diary::{DiaryAttendance, DiaryHomework, DiaryMark},
    journal::{AttendanceClass, FinalKind, FinalMark, MarkValue},
    words::{day_en, time_in_digits},
};

impl Change {
    /// The same as [`text_ru`](Self::text_ru) in English.
    ///
    /// ```
    /// use eschool_core::diary::Change;
    ///
    /// let change: Change = serde_json::from_str(r#"{
    ///     "kind": "topic_changed",
    ///     "lesson": {"date": "2024-09-16", "number": 2, "subject": "Физика"}, "new": "Сила"
    /// }"#).unwrap();
    /// assert_eq!(change.text_en(), "Физика, 16 September: topic «Сила»");
    /// ```
    #[must_use]
    pub fn text_en(&self) -> String {
        match self {
            Self::DayChanged { date, new, .. } => day(*date, new),
            Self::LessonAdded { lesson } => format!("{}: added", hour(lesson)),
            Self::LessonRemoved { lesson } => format!("{}: removed", hour(lesson)),
            Self::LessonCancelled { old, .. } => format!("{}: cancelled", hour(old)),
            Self::LessonRestored { new, .. } => format!("{}: takes place after all", hour(new)),
            Self::LessonMoved { old, new } if old.date == new.date => {
                format!("{}: is lesson {} now", hour(old), new.number)
            }
            Self::LessonMoved { old, new } => {
                let (day, number) = (day_en(new.date), new.number);
                format!("{}: moved to {day}, lesson {number}", hour(old))
            }
            Self::LessonReplaced { old, new } => replaced(old, new),
            Self::LessonChanged { old, new } => format!("{}: {}", hour(new), what_is_new(old, new)),
            Self::LessonWritten { new, .. } => {
                let said =
                    if new.planned { "in the timetable only so far" } else { "in the journal" };
                format!("{}: {said}", hour(new))
            }
            Self::TopicChanged { lesson, old, new } => match (old, new) {
                (None, Some(new)) => format!("{}: topic «{new}»", at(lesson)),
                (Some(old), Some(new)) => format!("{}: topic «{new}», was «{old}»", at(lesson)),
                (_, None) => format!("{}: no topic any more", at(lesson)),
            },
            Self::HomeworkNew { lesson, homework, individual } => {
                let given = if *individual { "individual homework" } else { "homework" };
                format!("{}: {given}{}: {}", at(lesson), due(homework), homework.text)
            }
            Self::HomeworkChanged { lesson, old, new, .. } => {
                let what = if old.text != new.text {
                    "homework changed"
                } else if old.due != new.due {
                    "day of homework changed"
                } else {
                    "materials of homework changed"
                };
                format!("{}: {what}{}: {}", at(lesson), due(new), new.text)
            }
            Self::HomeworkRemoved { lesson, homework, .. } => {
                format!("{}: homework taken back: {}", at(lesson), homework.text)
            }
            Self::MarkNew { lesson, mark } => {
                format!("{}: {}{}", at(lesson), given(&mark.value), work(mark))
            }
            Self::MarkChanged { lesson, old, new } => {
                let what = if old.value == new.value {
                    format!("{}, details changed", given(&new.value))
                } else {
                    format!("{} instead of {}", given(&new.value), said(&old.value))
                };
                format!("{}: {what}{}", at(lesson), work(new))
            }
            Self::MarkRemoved { lesson, mark } => {
                format!("{}: {} taken back{}", at(lesson), given(&mark.value), work(mark))
            }
            Self::DebtClosed { lesson, mark, by, .. } => {
                let (day, value) = (day_en(by.date), said(&by.value));
                format!("{}: debt closed on {day} by mark {value}{}", at(lesson), work(mark))
            }
            Self::DebtReopened { lesson, mark, .. } => {
                format!("{}: debt open again{}", at(lesson), work(mark))
            }
            Self::AttendanceSet { lesson, attendance } => {
                format!("{}: {}", at(lesson), attended(attendance))
            }
            Self::AttendanceChanged { lesson, old, new } => {
                format!("{}: {}, was: {}", at(lesson), attended(new), attended(old))
            }
            Self::AttendanceRemoved { lesson, attendance } => {
                format!("{}: taken back: {}", at(lesson), attended(attendance))
            }
            Self::RemarkNew { lesson, remark } => {
                format!("{}: remark: {}", at(lesson), remark.text)
            }
            Self::RemarkChanged { lesson, new, .. } => {
                format!("{}: remark changed: {}", at(lesson), new.text)
            }
            Self::RemarkRemoved { lesson, remark } => {
                format!("{}: remark taken back: {}", at(lesson), remark.text)
            }
            Self::FinalNew { mark } => {
                format!("{}: {} – {}", mark.subject, closing(mark), said(&mark.value))
            }
            Self::FinalChanged { old, new } => {
                let (now, was) = (said(&new.value), said(&old.value));
                format!("{}: {} – {now} instead of {was}", new.subject, closing(new))
            }
            Self::FinalRemoved { mark } => {
                format!("{}: {} taken back – {}", mark.subject, closing(mark), said(&mark.value))
            }
            Self::Unknown(_) => "Something changed in the diary".into(),
        }
    }
}

/// Whether there are lessons on the day, and why not.
fn day(date: NaiveDate, facts: &DayFacts) -> String {
    let (day, name) = (day_en(date), facts.name.as_deref());
    let why = match facts.kind {
        DayKind::Weekend => "weekend",
        DayKind::Vacation => "vacation",
        DayKind::Holiday => "holiday",
        DayKind::Ordinary => {
            let name = name.map_or_else(String::new, |name| format!(": {name}"));
            return format!("{day} – school day{name}");
        }
        DayKind::Unknown(_) => {
            return format!("{day} – {}", name.unwrap_or("special day in the calendar"));
        }
    };
    format!("{day} – no lessons: {}", name.unwrap_or(why))
}

/// `Физика, 16 September`
fn at(lesson: &LessonPlace) -> String {
    format!("{}, {}", lesson.subject, day_en(lesson.date))
}

/// `Физика, 16 September, lesson 2`
fn hour(lesson: &LessonFacts) -> String {
    format!("{}, {}, lesson {}", lesson.subject, day_en(lesson.date), lesson.number)
}

fn replaced(old: &LessonFacts, new: &LessonFacts) -> String {
    if new.instead_of.is_none() && old.instead_of.as_ref() == Some(&new.subject) {
        return format!("{}: no replacement after all", hour(new));
    }
    let (day, number) = (day_en(new.date), new.number);
    let before = new.instead_of.as_ref().unwrap_or(&old.subject);
    format!("{day}, lesson {number}: «{}» instead of «{before}»", new.subject)
}

/// The room, the teacher, the time, the distance: those that are other than they were.
fn what_is_new(old: &LessonFacts, new: &LessonFacts) -> String {
    let mut news = Vec::new();
    if old.room != new.room {
        news.push(match new.room.as_str() {
            "" => "no room given".into(),
            room => format!("room {room}"),
        });
    }
    if old.teacher != new.teacher {
        news.push(match new.teacher.as_str() {
            "" => "no teacher given".into(),
            teacher => format!("teacher {teacher}"),
        });
    }
    if (old.begins, old.ends) != (new.begins, new.ends) {
        news.push(match (new.begins, new.ends) {
            (Some(begins), Some(ends)) => {
                format!("time {}–{}", time_in_digits(begins), time_in_digits(ends))
            }
            _ => "no time given".into(),
        });
    }
    match (old.distant, new.distant) {
        (false, true) => news.push("at a distance".into()),
        (true, false) => news.push("in person".into()),
        _ => {}
    }
    if news.is_empty() { "changed".into() } else { news.join(", ") }
}

/// `, due 20 September`, if that is known.
fn due(homework: &DiaryHomework) -> String {
    homework.due.map_or_else(String::new, |due| format!(", due {}", day_en(due)))
}

/// `mark 5`, `mark «зачёт»`, `debt`
fn given(value: &MarkValue) -> String {
    match value {
        MarkValue::Debt => said(value),
        value => format!("mark {}", said(value)),
    }
}

/// A mark inside a sentence.
fn said(value: &MarkValue) -> String {
    match value {
        MarkValue::Points(..) => value.to_string(),
        MarkValue::Debt => "debt".into(),
        word => format!("«{word}»"),
    }
}

/// What a mark is for, if its work is named.
fn work(mark: &DiaryMark) -> String {
    match (mark.title.as_str(), mark.work.0.as_str()) {
        ("", "") => String::new(),
        ("", what) | (what, _) => format!(" – {what}"),
    }
}

/// What attendance says; a code whose class this version does not know stands for itself.
fn attended(attendance: &DiaryAttendance) -> String {
    let said = match attendance.class {
        AttendanceClass::Present => "present",
        AttendanceClass::Late => "late",
        AttendanceClass::Ill => "absent, ill",
        AttendanceClass::Excused => "absent with a valid reason",
        AttendanceClass::Unexcused => "absent without a valid reason",
        AttendanceClass::Unspecified => "absent, reason not given",
        AttendanceClass::Unknown(_) => return format!("attendance «{}»", attendance.code),
    };
    said.into()
}

/// What a final mark closes.
fn closing(mark: &FinalMark) -> String {
    match mark.kind {
        FinalKind::Term => format!("mark for «{}»", mark.term),
        FinalKind::Year => "mark for the year".into(),
        FinalKind::Exam => "mark for the exam".into(),
        FinalKind::Final | FinalKind::Unknown(_) => "final mark".into(),
    }
}
