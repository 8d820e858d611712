//! Lessons, homework, marks, attendance, final marks.

use chrono::NaiveDate;
use eschool_core::journal::{AttendanceClass, AttendanceCodes, FinalKind, MarkValue, Weight};

use super::{date, flag, lesson_number};
use crate::exchange::{
    Refused, Row, RowError, Text, Texts,
    columns::{Column, may, must},
};

pub(in crate::exchange) const LESSONS: &[Column] = &[
    must("Дата"),
    must("Класс"),
    must("Урок"),
    must("Предмет"),
    may("Подгруппа"),
    may("Вместо"),
    may("Отменён"),
    may("Дистанционно"),
    may("Учитель"),
    may("Кабинет"),
    may("Тема"),
    may("Домашнее задание"),
];

/// A lesson of the journal. What the file has no column for is none and stays as it is.
pub(crate) struct LessonRow {
    pub(crate) line: u32,
    pub(crate) date: NaiveDate,
    pub(crate) class: Text,
    pub(crate) number: u8,
    pub(crate) subject: Text,
    pub(crate) subgroup: Text,
    pub(crate) instead_of: Option<Text>,
    pub(crate) cancelled: Option<bool>,
    pub(crate) distant: Option<bool>,
    pub(crate) teacher: Option<Text>,
    pub(crate) room: Option<Text>,
    pub(crate) topic: Option<Text>,
    pub(crate) homework: Option<Text>,
}

pub(in crate::exchange) fn lesson(row: Row<'_>, texts: &mut Texts) -> Result<LessonRow, Refused> {
    let place = Place::read(row, texts)?;
    let flag = |column| match row.given(column) {
        Some(_) => row.read(column, flag).map(Some),
        None => Ok(None),
    };
    let mut text = |column| row.given(column).map(|cell| texts.keep(cell));
    Ok(LessonRow {
        cancelled: flag(6)?,
        distant: flag(7)?,
        instead_of: text(5),
        teacher: text(8),
        room: text(9),
        topic: text(10),
        homework: text(11),
        subgroup: texts.keep(row.cell(4)),
        line: row.line,
        date: place.date,
        class: place.class,
        number: place.number,
        subject: place.subject,
    })
}

/// The columns by which a row finds its lesson; they come first in our lists.
struct Place {
    date: NaiveDate,
    class: Text,
    number: u8,
    subject: Text,
}

impl Place {
    fn read(row: Row<'_>, texts: &mut Texts) -> Result<Self, Refused> {
        row.whole()?;
        Ok(Self {
            date: row.read(0, date)?,
            number: row.read_needed(2, RowError::NumberMissing, lesson_number)?,
            subject: texts.keep(row.read_text(3, RowError::SubjectMissing)?),
            class: texts.keep(row.cell(1)),
        })
    }
}

/// Where a row about one pupil in one lesson belongs.
#[derive(Clone, Copy)]
pub(crate) struct InLesson {
    pub(crate) line: u32,
    pub(crate) date: NaiveDate,
    pub(crate) class: Text,
    pub(crate) number: u8,
    pub(crate) subject: Text,
    pub(crate) pupil: Text,
}

impl InLesson {
    /// The column of the class.
    pub(crate) const CLASS: usize = 1;
    /// The column of the lesson's number.
    pub(crate) const NUMBER: usize = 2;
    /// The column of the pupil.
    pub(crate) const PUPIL: usize = 4;

    fn read(row: Row<'_>, texts: &mut Texts) -> Result<Self, Refused> {
        let place = Place::read(row, texts)?;
        Ok(Self {
            line: row.line,
            date: place.date,
            class: place.class,
            number: place.number,
            subject: place.subject,
            pupil: texts.keep(row.read_text(Self::PUPIL, RowError::PupilMissing)?),
        })
    }
}

pub(in crate::exchange) const HOMEWORK: &[Column] = &[
    must("Дата"),
    must("Класс"),
    must("Урок"),
    must("Предмет"),
    must("Ученик"),
    must("Домашнее задание"),
];

/// Homework for one pupil.
pub(crate) struct HomeworkRow {
    pub(crate) at: InLesson,
    pub(crate) text: Text,
}

pub(in crate::exchange) fn homework(
    row: Row<'_>,
    texts: &mut Texts,
) -> Result<HomeworkRow, Refused> {
    let at = InLesson::read(row, texts)?;
    Ok(HomeworkRow { at, text: texts.keep(row.read_text(5, RowError::HomeworkMissing)?) })
}

pub(in crate::exchange) const MARKS: &[Column] = &[
    must("Дата"),
    must("Класс"),
    must("Урок"),
    must("Предмет"),
    must("Ученик"),
    must("Отметка"),
    may("Вид работы"),
    may("Работа"),
    may("Вес"),
    may("Комментарий"),
];

/// A mark. A work is what its kind, title and weight say; a mark nobody weighed counts once.
pub(crate) struct MarkRow {
    pub(crate) at: InLesson,
    pub(crate) value: MarkValue,
    pub(crate) kind: Text,
    pub(crate) title: Text,
    pub(crate) weight: Weight,
    /// None if the file has no column of comments: then those that are there stay.
    pub(crate) comment: Option<Text>,
}

pub(in crate::exchange) fn mark(row: Row<'_>, texts: &mut Texts) -> Result<MarkRow, Refused> {
    let at = InLesson::read(row, texts)?;
    Ok(MarkRow {
        at,
        value: row.read_needed(5, RowError::MarkMissing, str::parse)?,
        weight: row.read_given(8, str::parse)?.unwrap_or(Weight::ONE),
        kind: texts.keep(row.cell(6)),
        title: texts.keep(row.cell(7)),
        comment: row.given(9).map(|cell| texts.keep(cell)),
    })
}

pub(in crate::exchange) const ATTENDANCE: &[Column] =
    &[must("Дата"), must("Класс"), must("Урок"), must("Предмет"), must("Ученик"), must("Код")];

/// A pupil's attendance at one lesson.
pub(crate) struct AttendanceRow {
    pub(crate) at: InLesson,
    pub(crate) code: Text,
    pub(crate) class: AttendanceClass,
}

pub(in crate::exchange) fn attendance(
    row: Row<'_>,
    texts: &mut Texts,
    codes: &AttendanceCodes,
) -> Result<AttendanceRow, Refused> {
    let at = InLesson::read(row, texts)?;
    let class = row.read_needed(5, RowError::CodeMissing, |cell| codes.class_of(cell).cloned())?;
    Ok(AttendanceRow { at, code: texts.keep(row.cell(5)), class })
}

pub(in crate::exchange) const FINALS: &[Column] =
    &[must("Класс"), must("Ученик"), must("Предмет"), must("Период"), must("Отметка")];

/// A final mark.
pub(crate) struct FinalRow {
    pub(crate) line: u32,
    pub(crate) class: Text,
    pub(crate) pupil: Text,
    pub(crate) subject: Text,
    pub(crate) period: FinalPeriod,
    pub(crate) value: MarkValue,
}

/// What a final mark closes, as the file writes it.
#[derive(Clone)]
pub(crate) enum FinalPeriod {
    /// The whole year, an exam, the course.
    Whole(FinalKind),
    /// A term by its name.
    Term(Text),
}

impl FinalRow {
    /// The column of the class.
    pub(crate) const CLASS: usize = 0;
    /// The column of the pupil.
    pub(crate) const PUPIL: usize = 1;
    /// The column of the period.
    pub(crate) const PERIOD: usize = 3;
}

pub(in crate::exchange) fn final_mark(
    row: Row<'_>,
    texts: &mut Texts,
) -> Result<FinalRow, Refused> {
    row.whole()?;
    let period = row.read_text(FinalRow::PERIOD, RowError::TermMissing)?;
    Ok(FinalRow {
        line: row.line,
        value: row.read_needed(4, RowError::MarkMissing, str::parse)?,
        subject: texts.keep(row.read_text(2, RowError::SubjectMissing)?),
        pupil: texts.keep(row.read_text(FinalRow::PUPIL, RowError::PupilMissing)?),
        class: texts.keep(row.cell(FinalRow::CLASS)),
        period: match whole_of(period) {
            Some(kind) => FinalPeriod::Whole(kind),
            None => FinalPeriod::Term(texts.keep(period)),
        },
    })
}

/// What a period's name says that is no term.
fn whole_of(period: &str) -> Option<FinalKind> {
    let folded = period.to_lowercase();
    match folded.as_str() {
        "год" | "г" | "годовая" => Some(FinalKind::Year),
        "экзамен" | "э" => Some(FinalKind::Exam),
        "и" => Some(FinalKind::Final),
        _ if folded.starts_with("итог") => Some(FinalKind::Final),
        _ => None,
    }
}
