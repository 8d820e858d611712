//! A range of days, both ends included.

use alloc::string::{String, ToString as _};

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::error::CodedError;

/// A range of days; both ends belong to it, and the first is never after the last.
///
/// ```
/// use chrono::NaiveDate;
/// use eschool_core::calendar::DateRange;
///
/// let wednesday = NaiveDate::from_ymd_opt(2024, 9, 18).unwrap();
/// let week = DateRange::week_of(wednesday);
/// assert_eq!(week.from().to_string(), "2024-09-16");
/// assert_eq!(week.days().count(), 7);
/// assert!(DateRange::new(week.to(), week.from()).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Ends", into = "Ends")]
#[cfg_attr(
    feature = "wasm",
    derive(tsify::Tsify),
    tsify(type = "{ from: LocalDate; to: LocalDate }")
)]
pub struct DateRange {
    from: NaiveDate,
    to: NaiveDate,
}

#[derive(Serialize, Deserialize)]
struct Ends {
    from: NaiveDate,
    to: NaiveDate,
}

/// Why two days are no range.
///
/// ```
/// use eschool_core::{calendar::{DateRange, DateRangeError}, error::CodedError};
///
/// let (friday, monday) = ("2024-09-20".parse().unwrap(), "2024-09-16".parse().unwrap());
/// let error = DateRange::new(friday, monday).unwrap_err();
/// assert_eq!(error, DateRangeError::Reversed { from: friday, to: monday });
/// assert_eq!((error.code(), error.value().as_deref()), ("range_reversed", Some("2024-09-16")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DateRangeError {
    /// The first day is after the last.
    #[error("the range ends on `{to}`, before it begins on `{from}`; swap the dates")]
    Reversed {
        /// The day it would begin on.
        from: NaiveDate,
        /// The day it would end on.
        to: NaiveDate,
    },
    /// There are more days than somebody may ask about at once.
    #[error("the range has {days} days; ask about at most {most} at once")]
    TooLong {
        /// How many there are.
        days: u32,
        /// How many there may be.
        most: u32,
    },
}

impl CodedError for DateRangeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Reversed { .. } => "range_reversed",
            Self::TooLong { .. } => "range_too_long",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Reversed { .. } => "Конец промежутка раньше его начала: поменяйте даты местами",
            Self::TooLong { .. } => "Слишком много дней: выберите промежуток короче",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::Reversed { .. } => "to",
            Self::TooLong { .. } => "range",
        })
    }

    fn value(&self) -> Option<String> {
        Some(match self {
            Self::Reversed { to, .. } => to.to_string(),
            Self::TooLong { days, .. } => days.to_string(),
        })
    }
}

impl DateRange {
    /// The days from `from` to `to`, both included.
    ///
    /// # Errors
    /// [`DateRangeError::Reversed`] if `from` is after `to`.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Result<Self, DateRangeError> {
        if from > to { Err(DateRangeError::Reversed { from, to }) } else { Ok(Self { from, to }) }
    }

    /// The same days, unless there are more of them than `most`: for who answers ranges that come
    /// from outside, where each day costs memory.
    ///
    /// ```
    /// use eschool_core::{calendar::DateRange, diary, error::CodedError};
    ///
    /// let decade = DateRange::new("2014-09-01".parse()?, "2024-08-31".parse()?).unwrap();
    /// assert_eq!(decade.at_most(diary::MOST_DAYS), Ok(decade));
    /// let error = decade.at_most(62).unwrap_err();
    /// assert_eq!((error.code(), error.value().as_deref()), ("range_too_long", Some("3653")));
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    ///
    /// # Errors
    /// [`DateRangeError::TooLong`] if there are more.
    pub fn at_most(self, most: u32) -> Result<Self, DateRangeError> {
        let days = self.len_days();
        if days > most { Err(DateRangeError::TooLong { days, most }) } else { Ok(self) }
    }

    /// One day.
    #[must_use]
    pub const fn day(day: NaiveDate) -> Self {
        Self { from: day, to: day }
    }

    /// Monday to Sunday of the week that holds `day`.
    ///
    /// At the ends of chrono's calendar, some 260 000 years from now, the week is cut short.
    #[must_use]
    pub fn week_of(day: NaiveDate) -> Self {
        use chrono::Datelike as _;
        let past = u64::from(day.weekday().num_days_from_monday());
        let from = day.checked_sub_days(Days::new(past)).unwrap_or(NaiveDate::MIN);
        let to = from.checked_add_days(Days::new(6)).unwrap_or(NaiveDate::MAX);
        Self { from, to }
    }

    /// The first day.
    #[must_use]
    pub const fn from(&self) -> NaiveDate {
        self.from
    }

    /// The last day.
    #[must_use]
    pub const fn to(&self) -> NaiveDate {
        self.to
    }

    /// Whether the day belongs to the range.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// The days in order.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let to = self.to;
        self.from.iter_days().take_while(move |day| *day <= to)
    }

    /// How many days there are; at least one.
    #[must_use]
    pub fn len_days(&self) -> u32 {
        u32::try_from((self.to - self.from).num_days()).unwrap_or(u32::MAX).saturating_add(1)
    }
}

impl TryFrom<Ends> for DateRange {
    type Error = DateRangeError;

    fn try_from(ends: Ends) -> Result<Self, Self::Error> {
        Self::new(ends.from, ends.to)
    }
}

impl From<DateRange> for Ends {
    fn from(range: DateRange) -> Self {
        Self { from: range.from, to: range.to }
    }
}
