//! Changes as a family reads them.

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
    words::{day_ru, time_in_digits},
};

impl Change {
    /// What a person reads, in Russian: one line without a final period.
    #[must_use]
    pub fn text_ru(&self) -> String {
        match self {
            Self::DayChanged { date, new, .. } => day(*date, new),
            Self::LessonAdded { lesson } => format!("{} добавлен", hour(lesson)),
            Self::LessonRemoved { lesson } => format!("{} убран", hour(lesson)),
            Self::LessonCancelled { old, .. } => format!("{} отменён", hour(old)),
            Self::LessonRestored { new, .. } => {
                format!("{} всё-таки состоится", hour(new))
            }
            Self::LessonMoved { old, new } if old.date == new.date => {
                format!("{} стал {}-м", hour(old), new.number)
            }
            Self::LessonMoved { old, new } => {
                let (day, number) = (day_ru(new.date), new.number);
                format!("{} перенесён на {day}, {number}-й урок", hour(old))
            }
            Self::LessonReplaced { old, new } => replaced(old, new),
            Self::LessonChanged { old, new } => {
                format!("{}: {}", hour(new), what_is_new(old, new))
            }
            Self::LessonWritten { new, .. } => {
                let said = if new.planned {
                    "пока только в расписании"
                } else {
                    "есть в журнале"
                };
                format!("{} {said}", hour(new))
            }
            Self::TopicChanged { lesson, old, new } => match (old, new) {
                (None, Some(new)) => format!("{}: тема «{new}»", at(lesson)),
                (Some(old), Some(new)) => {
                    format!("{}: тема «{new}», была «{old}»", at(lesson))
                }
                (_, None) => format!("{}: темы больше нет", at(lesson)),
            },
            Self::HomeworkNew { lesson, homework, individual } => {
                let given = if *individual { "задано лично" } else { "задано" };
                format!("{}: {given}{}: {}", at(lesson), due(homework), homework.text)
            }
            Self::HomeworkChanged { lesson, old, new, .. } => {
                let what = if old.text != new.text {
                    "задание изменено"
                } else if old.due != new.due {
                    "срок задания изменён"
                } else {
                    "материалы задания изменены"
                };
                format!("{}: {what}{}: {}", at(lesson), due(new), new.text)
            }
            Self::HomeworkRemoved { lesson, homework, .. } => {
                format!("{}: задание снято: {}", at(lesson), homework.text)
            }
            Self::MarkNew { lesson, mark } => {
                format!("{}: {}{}", at(lesson), given(&mark.value), work(mark))
            }
            Self::MarkChanged { lesson, old, new } => {
                let what = if old.value == new.value {
                    format!("{}, уточнено", given(&new.value))
                } else {
                    format!("{} вместо {}", given(&new.value), instead(&old.value))
                };
                format!("{}: {what}{}", at(lesson), work(new))
            }
            Self::MarkRemoved { lesson, mark } => {
                let taken = if mark.value.is_debt() { "снят" } else { "снята" };
                format!("{}: {taken} {}{}", at(lesson), given(&mark.value), work(mark))
            }
            Self::DebtClosed { lesson, mark, by, .. } => {
                let (day, value) = (day_ru(by.date), said(&by.value));
                format!("{}: долг закрыт {day} отметкой {value}{}", at(lesson), work(mark))
            }
            Self::DebtReopened { lesson, mark, .. } => {
                format!("{}: долг снова открыт{}", at(lesson), work(mark))
            }
            Self::AttendanceSet { lesson, attendance } => {
                format!("{}: {}", at(lesson), attended(attendance))
            }
            Self::AttendanceChanged { lesson, old, new } => {
                format!("{}: {}, было: {}", at(lesson), attended(new), attended(old))
            }
            Self::AttendanceRemoved { lesson, attendance } => {
                format!("{}: снято: {}", at(lesson), attended(attendance))
            }
            Self::RemarkNew { lesson, remark } => {
                format!("{}: замечание: {}", at(lesson), remark.text)
            }
            Self::RemarkChanged { lesson, new, .. } => {
                format!("{}: замечание изменено: {}", at(lesson), new.text)
            }
            Self::RemarkRemoved { lesson, remark } => {
                format!("{}: замечание снято: {}", at(lesson), remark.text)
            }
            Self::FinalNew { mark } => {
                format!("{}: {} – {}", mark.subject, closing(mark), said(&mark.value))
            }
            Self::FinalChanged { old, new } => {
                let (now, was) = (said(&new.value), said(&old.value));
                format!("{}: {} – {now} вместо {was}", new.subject, closing(new))
            }
            Self::FinalRemoved { mark } => {
                format!("{}: снята {} – {}", mark.subject, closing(mark), said(&mark.value))
            }
            Self::Unknown(_) => "В дневнике что-то изменилось".into(),
        }
    }
}

/// Whether there are lessons on the day, and why not.
fn day(date: NaiveDate, facts: &DayFacts) -> String {
    let (day, name) = (day_ru(date), facts.name.as_deref());
    let why = match facts.kind {
        DayKind::Weekend => "выходной",
        DayKind::Vacation => "каникулы",
        DayKind::Holiday => "праздник",
        DayKind::Ordinary => {
            let name = name.map_or_else(String::new, |name| format!(": {name}"));
            return format!("{day} – учебный день{name}");
        }
        DayKind::Unknown(_) => {
            return format!("{day} – {}", name.unwrap_or("особый день в календаре"));
        }
    };
    format!("{day} уроков нет: {}", name.unwrap_or(why))
}

/// «Физика, 16 сентября»
fn at(lesson: &LessonPlace) -> String {
    format!("{}, {}", lesson.subject, day_ru(lesson.date))
}

/// «Физика, 16 сентября, 2-й урок»
fn hour(lesson: &LessonFacts) -> String {
    format!("{}, {}, {}-й урок", lesson.subject, day_ru(lesson.date), lesson.number)
}

/// Which subject stands for which: names of subjects are quoted, for not all can be declined.
fn replaced(old: &LessonFacts, new: &LessonFacts) -> String {
    if new.instead_of.is_none() && old.instead_of.as_ref() == Some(&new.subject) {
        return format!("{}: замены не будет", hour(new));
    }
    let (day, number) = (day_ru(new.date), new.number);
    let before = new.instead_of.as_ref().unwrap_or(&old.subject);
    format!("{day}, {number}-й урок: «{}» вместо «{before}»", new.subject)
}

/// The room, the teacher, the time, the distance: those that are other than they were.
fn what_is_new(old: &LessonFacts, new: &LessonFacts) -> String {
    let mut news = Vec::new();
    if old.room != new.room {
        news.push(match new.room.as_str() {
            "" => "кабинет не указан".into(),
            room => format!("кабинет {room}"),
        });
    }
    if old.teacher != new.teacher {
        news.push(match new.teacher.as_str() {
            "" => "учитель не указан".into(),
            teacher => format!("учитель {teacher}"),
        });
    }
    if (old.begins, old.ends) != (new.begins, new.ends) {
        news.push(match (new.begins, new.ends) {
            (Some(begins), Some(ends)) => {
                format!("время {}–{}", time_in_digits(begins), time_in_digits(ends))
            }
            _ => "время не указано".into(),
        });
    }
    match (old.distant, new.distant) {
        (false, true) => news.push("дистанционно".into()),
        (true, false) => news.push("очно".into()),
        _ => {}
    }
    if news.is_empty() { "урок изменён".into() } else { news.join(", ") }
}

/// « к 20 сентября», if that is known.
fn due(homework: &DiaryHomework) -> String {
    homework.due.map_or_else(String::new, |due| format!(" к {}", day_ru(due)))
}

/// «отметка 5», «отметка «зачёт»», «долг»
fn given(value: &MarkValue) -> String {
    match value {
        MarkValue::Debt => "долг".into(),
        value => format!("отметка {}", said(value)),
    }
}

/// A mark after «вместо»: «вместо 4», «вместо долга».
fn instead(value: &MarkValue) -> String {
    match value {
        MarkValue::Debt => "долга".into(),
        value => said(value),
    }
}

/// A mark inside a sentence.
fn said(value: &MarkValue) -> String {
    match value {
        MarkValue::Points(..) => value.to_string(),
        MarkValue::Debt => "«долг»".into(),
        word => format!("«{word}»"),
    }
}

/// What a mark is for, if its work is named: « – вопрос 2».
fn work(mark: &DiaryMark) -> String {
    match (mark.title.as_str(), mark.work.0.as_str()) {
        ("", "") => String::new(),
        ("", what) | (what, _) => format!(" – {what}"),
    }
}

/// What attendance says; a code whose class this version does not know stands for itself.
fn attended(attendance: &DiaryAttendance) -> String {
    let said = match attendance.class {
        AttendanceClass::Present => "присутствие",
        AttendanceClass::Late => "опоздание",
        AttendanceClass::Ill => "пропуск по болезни",
        AttendanceClass::Excused => "пропуск по уважительной причине",
        AttendanceClass::Unexcused => "пропуск без уважительной причины",
        AttendanceClass::Unspecified => "пропуск, причина не указана",
        AttendanceClass::Unknown(_) => return format!("посещаемость «{}»", attendance.code),
    };
    said.into()
}

/// What a final mark closes: «отметка за 1 четверть».
fn closing(mark: &FinalMark) -> String {
    match mark.kind {
        FinalKind::Term => format!("отметка за {}", mark.term),
        FinalKind::Year => "годовая отметка".into(),
        FinalKind::Exam => "отметка за экзамен".into(),
        FinalKind::Final | FinalKind::Unknown(_) => "итоговая отметка".into(),
    }
}
