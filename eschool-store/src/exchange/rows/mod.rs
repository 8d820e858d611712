//! Rows as typed values: one module for each kind of file, each column read by the core's own
//! type of it.

mod frame;
mod journal;
mod people;

pub(super) use frame::{BELLS, CALENDAR, PERIODS, SCHOOL, TIMETABLE, bell, school, span, term};
pub(crate) use frame::{SchoolRow, TimetableRow, timetable_lesson};
pub(super) use journal::{
    ATTENDANCE, FINALS, HOMEWORK, LESSONS, MARKS, attendance, final_mark, homework, lesson, mark,
};
pub(crate) use journal::{
    AttendanceRow, FinalPeriod, FinalRow, HomeworkRow, InLesson, LessonRow, MarkRow,
};
pub(super) use people::{PARENTS, PUPILS, STAFF};
pub(crate) use people::{ParentCells, Person, PupilCells, StaffCells};

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use eschool_core::{
    error::Shown,
    identity::{DateError, parse_date},
};

use super::{Columns, FileKind, RowError, columns::Column};

/// The columns of a kind of file.
pub(super) const fn columns_of(kind: FileKind) -> &'static [Column] {
    match kind {
        FileKind::School => SCHOOL,
        FileKind::Calendar => CALENDAR,
        FileKind::Periods => PERIODS,
        FileKind::Bells => BELLS,
        FileKind::Pupils => PUPILS,
        FileKind::Parents => PARENTS,
        FileKind::Staff => STAFF,
        FileKind::Timetable => TIMETABLE,
        FileKind::Lessons => LESSONS,
        FileKind::IndividualHomework => HOMEWORK,
        FileKind::Marks => MARKS,
        FileKind::Attendance => ATTENDANCE,
        FileKind::Finals => FINALS,
    }
}

/// The good rows of a file, and its columns for what is refused later.
pub(crate) struct FileRows<T> {
    pub(crate) columns: Columns,
    pub(crate) rows: Vec<T>,
    /// The class of each row that is not good, as the row names it.
    pub(crate) refused_classes: BTreeSet<String>,
}

/// A day; none before the year 1, which no database keeps.
fn date(cell: &str) -> Result<NaiveDate, DateError> {
    let day = parse_date(cell)?;
    if day.year() > 0 { Ok(day) } else { Err(DateError::Invalid { given: Shown::of(cell) }) }
}

/// A lesson's number in the day.
fn lesson_number(cell: &str) -> Result<u8, RowError> {
    const GREATEST: u8 = 20;
    whole_number(cell).filter(|number| *number <= GREATEST).ok_or(RowError::NumberInvalid)
}

/// A whole number without a sign.
fn whole_number(cell: &str) -> Option<u8> {
    cell.parse().ok().filter(|_| cell.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A yes-or-no cell; an empty one says no.
fn flag(cell: &str) -> Result<bool, RowError> {
    match cell.to_lowercase().as_str() {
        "да" | "д" | "+" | "1" => Ok(true),
        "" | "нет" | "н" | "-" | "0" => Ok(false),
        _ => Err(RowError::FlagMalformed),
    }
}
