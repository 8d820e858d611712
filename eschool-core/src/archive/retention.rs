//! When a school year may be archived and dropped.

use alloc::string::String;

use chrono::{Datelike as _, NaiveDate};
use thiserror::Error;

use super::ArchiveLine;
use crate::{calendar::school_year, error::CodedError};

/// How far the archive of a school year is.
///
/// ```
/// use eschool_core::archive::YearState;
///
/// assert!(YearState::Archived.may_be_written() && YearState::Archived.is_whole());
/// assert!(!YearState::Held.may_be_written() && YearState::Held.is_whole());
/// assert!(!YearState::Dropped.is_whole());
/// assert_eq!(YearState::from_code("dropping"), Some(YearState::Dropping));
/// assert_eq!(YearState::Restoring.code(), "restoring");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum YearState {
    /// An archive was made, or the year was restored from it; all of it stands.
    Archived,
    /// It is being compared with its archive, and nobody writes to it.
    Held,
    /// A part of it may be gone.
    Dropping,
    /// It is gone.
    Dropped,
    /// A part of it may be back.
    Restoring,
}

impl YearState {
    const ALL: [Self; 5] =
        [Self::Archived, Self::Held, Self::Dropping, Self::Dropped, Self::Restoring];

    /// The stable code, as a database keeps it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Archived => "archived",
            Self::Held => "held",
            Self::Dropping => "dropping",
            Self::Dropped => "dropped",
            Self::Restoring => "restoring",
        }
    }

    /// The state with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether the year's journals may be written.
    #[must_use]
    pub const fn may_be_written(self) -> bool {
        matches!(self, Self::Archived)
    }

    /// Whether all of the year is in the database.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Archived | Self::Held)
    }
}

/// By which order of the head (*приказ, распоряжение*) a year is dropped before its term.
///
/// ```
/// use eschool_core::archive::DropOrder;
///
/// let order = DropOrder { number: "12-од".into(), date: "2026-01-15".parse().unwrap() };
/// assert_eq!(order.number, "12-од");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropOrder {
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: NaiveDate,
}

/// Why a school year is not archived or dropped yet.
///
/// ```
/// use eschool_core::{archive::RetentionError, error::CodedError};
///
/// assert_eq!(RetentionError::YearRuns.code(), "year_runs");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RetentionError {
    /// The school year is not over.
    #[error("the school year is not over; archive it from the next August on")]
    YearRuns,
    /// The term of the policy is not over.
    #[error("journals of this year are kept until {0}; drop it then, or by an order of the head")]
    Kept(NaiveDate),
    /// The policy sets no term.
    #[error("the policy sets no term for journals; drop the year by an order of the head")]
    OrderNeeded,
    /// The order has no number, or a date that is yet to come.
    #[error("the order of the head has no number, or is of a day that is yet to come")]
    OrderUnclear,
}

impl CodedError for RetentionError {
    fn code(&self) -> &'static str {
        match self {
            Self::YearRuns => "year_runs",
            Self::Kept(_) => "year_kept",
            Self::OrderNeeded => "year_order_needed",
            Self::OrderUnclear => "year_order_unclear",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::YearRuns => "Учебный год ещё не закончился. Архив делают начиная с августа",
            Self::Kept(_) => {
                "Срок хранения журналов этого года ещё не вышел. Раньше их можно убрать только по \
                 приказу директора"
            }
            Self::OrderNeeded => {
                "Срок хранения журналов не установлен. Убрать их можно только по приказу директора"
            }
            Self::OrderUnclear => "Укажите номер и дату приказа; дата не может быть будущей",
        }
    }
}

/// Whether a school year may be archived: once it is over.
///
/// # Errors
/// [`RetentionError::YearRuns`] before.
///
/// ```
/// use eschool_core::archive::{RetentionError, may_archive};
///
/// assert_eq!(may_archive(2024, "2025-07-31".parse()?), Err(RetentionError::YearRuns));
/// assert_eq!(may_archive(2024, "2025-08-01".parse()?), Ok(()));
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn may_archive(year: i32, today: NaiveDate) -> Result<(), RetentionError> {
    if school_year(today) > year { Ok(()) } else { Err(RetentionError::YearRuns) }
}

/// Whether a school year that is over may be dropped: the policy's years have passed, or the head
/// ordered it. The years are counted as archives count, from the 1 January after the year's end.
///
/// # Errors
/// [`RetentionError`] tells why not.
///
/// ```
/// use eschool_core::archive::{DropOrder, RetentionError, may_drop};
///
/// let kept = RetentionError::Kept("2031-01-01".parse()?);
/// assert_eq!(may_drop(2024, "2030-12-31".parse()?, Some(5), None), Err(kept));
/// assert_eq!(may_drop(2024, "2031-01-01".parse()?, Some(5), None), Ok(()));
/// let order = DropOrder { number: "12-од".into(), date: "2026-01-15".parse()? };
/// assert_eq!(may_drop(2024, "2026-02-01".parse()?, Some(5), Some(&order)), Ok(()));
/// assert_eq!(may_drop(2024, "2026-02-01".parse()?, None, None), Err(RetentionError::OrderNeeded));
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn may_drop(
    year: i32,
    today: NaiveDate,
    keep_years: Option<u16>,
    order: Option<&DropOrder>,
) -> Result<(), RetentionError> {
    may_archive(year, today)?;
    if let Some(order) = order {
        if order.number.trim().is_empty() || order.date > today {
            return Err(RetentionError::OrderUnclear);
        }
        return Ok(());
    }
    let keep_years = keep_years.ok_or(RetentionError::OrderNeeded)?;
    // The year ends in the calendar year after the one it begins in.
    let first = year.saturating_add(2).saturating_add(i32::from(keep_years));
    if today.year() >= first {
        return Ok(());
    }
    let first_day = NaiveDate::from_ymd_opt(first, 1, 1).unwrap_or(NaiveDate::MAX);
    Err(RetentionError::Kept(first_day))
}

/// Whether a line that no class is named for belongs to a school year: a final mark by the year it
/// names, an excuse by its first day, an event by the day on which it was written where the school
/// is.
///
/// ```
/// use eschool_core::archive::{ArchiveLine, is_of_year};
///
/// let mark: ArchiveLine = serde_json::from_str(r#"{"finalMark": {
///     "pupil": "019379ab-0000-7000-8000-000000000001", "subject": "Физика",
///     "kind": "year", "term": "", "year": 2024, "value": "5"
/// }}"#).unwrap();
/// let anywhere = |_| unreachable!();
/// assert!(is_of_year(&mark, 2024, anywhere) && !is_of_year(&mark, 2025, anywhere));
/// ```
pub fn is_of_year(
    line: &ArchiveLine,
    year: i32,
    local_day: impl Fn(chrono::DateTime<chrono::Utc>) -> NaiveDate,
) -> bool {
    match line {
        ArchiveLine::FinalMark(mark) => mark.year == year,
        ArchiveLine::Excuse(row) => school_year(row.excuse.days.from()) == year,
        ArchiveLine::Event(event) => school_year(local_day(event.at)) == year,
        _ => false,
    }
}
