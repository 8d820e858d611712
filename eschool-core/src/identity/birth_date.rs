//! Birth dates, and dates as files write them.

use alloc::string::{String, ToString as _};
use core::{fmt, str::FromStr};

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use super::AgeSpan;
use crate::{
    error::{CodedError, Shown},
    wire::masked,
};

/// A birth date (*дата рождения*).
///
/// ```
/// use eschool_core::identity::BirthDate;
///
/// let born: BirthDate = "31.08.2010".parse()?;
/// assert_eq!(born.date().to_string(), "2010-08-31");
/// assert_eq!(format!("{born:?}"), "BirthDate(***)");
/// assert!("30.02.2017".parse::<BirthDate>().is_err());
/// # Ok::<(), eschool_core::identity::DateError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "NaiveDate")]
#[cfg_attr(
    feature = "wasm",
    derive(tsify::Tsify),
    tsify(type = "LocalDate", rename = "BirthDateText")
)]
pub struct BirthDate(NaiveDate);

/// Why a text is no date, or no birth date.
///
/// ```
/// use eschool_core::identity::{BirthDate, parse_date};
///
/// let error = parse_date("31.09.2024").unwrap_err();
/// assert_eq!(error.to_string(), "there is no date `31.09.2024`; write it as `31.12.2024`");
/// // A birth date tells something of a person.
/// let error = "31.09.2010".parse::<BirthDate>().unwrap_err();
/// assert_eq!(error.to_string(), "there is no birth date `***`; write it as `31.12.2010`");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DateError {
    /// Nothing was given.
    #[error("the date is missing")]
    Missing,
    /// There is no such day, or it is not written as `31.12.2024`.
    #[error("there is no date `{given}`; write it as `31.12.2024`")]
    Invalid {
        /// What was given.
        given: Shown,
    },
    /// There is no such day, nobody alive was born on it, or it is not written as `31.12.2010`.
    #[error("there is no birth date `***`; write it as `31.12.2010`")]
    BirthInvalid,
    /// The birth date lies in the future.
    #[error("the birth date `***` is in the future; compare it with the document")]
    BirthInFuture,
    /// Whoever was born then would be older than 120 years.
    #[error("the birth date `***` makes somebody older than 120; compare it with the document")]
    BirthTooLongAgo,
}

impl CodedError for DateError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "date_missing",
            Self::Invalid { .. } | Self::BirthInvalid => "date_invalid",
            Self::BirthInFuture => "birth_date_in_future",
            Self::BirthTooLongAgo => "birth_date_too_long_ago",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Missing => "Укажите дату",
            Self::Invalid { .. } => "Такой даты нет. Запишите её так: 31.12.2024",
            Self::BirthInvalid => "Такой даты рождения не бывает. Запишите её так: 31.12.2010",
            Self::BirthInFuture => "Дата рождения ещё не наступила. Сверьте с документом",
            Self::BirthTooLongAgo => {
                "С такой датой рождения человеку больше 120 лет. Сверьте с документом"
            }
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Missing | Self::Invalid { .. } => None,
            Self::BirthInvalid | Self::BirthInFuture | Self::BirthTooLongAgo => Some("birthDate"),
        }
    }

    fn value(&self) -> Option<String> {
        match self {
            Self::Missing => None,
            Self::Invalid { given } => Some(given.to_string()),
            Self::BirthInvalid | Self::BirthInFuture | Self::BirthTooLongAgo => Some("***".into()),
        }
    }
}

/// Reads a date as Russian files and forms write it, `31.12.2024`, or in ISO 8601.
///
/// ```
/// use eschool_core::identity::parse_date;
///
/// assert_eq!(parse_date("9.10.2024"), parse_date("2024-10-09"));
/// assert!(parse_date("00.00.0000").is_err());
/// ```
///
/// # Errors
/// [`DateError`] for an empty text and for a day that is not in the calendar.
pub fn parse_date(text: &str) -> Result<NaiveDate, DateError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DateError::Missing);
    }
    date_of(text).ok_or(DateError::Invalid { given: Shown::of(text) })
}

fn date_of(text: &str) -> Option<NaiveDate> {
    let separator = if text.contains('.') { '.' } else { '-' };
    let mut parts = text.split(separator);
    let (Some(a), Some(b), Some(c), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let (year, month, day) = if separator == '.' { (c, b, a) } else { (a, b, c) };
    let number = |part: &str, longest: usize| {
        let sound = part.len() <= longest && part.chars().all(|c| c.is_ascii_digit());
        if sound { part.parse::<u16>().ok() } else { None }
    };
    // A two-digit year would be a guess, so it is refused.
    let year = if year.len() == 4 { number(year, 4) } else { None };
    NaiveDate::from_ymd_opt(year?.into(), number(month, 2)?.into(), number(day, 2)?.into())
}

impl BirthDate {
    /// The earliest year somebody in a school today can have been born in.
    const EARLIEST_YEAR: i32 = 1900;
    /// The first age that is taken for a mistyped year.
    const BEYOND_EVERY_AGE: AgeSpan = AgeSpan { years: 121, months: 0 };

    /// The birth date that this day is.
    ///
    /// # Errors
    /// [`DateError::BirthInvalid`] for a day before 1900 or after 2999.
    pub fn new(date: NaiveDate) -> Result<Self, DateError> {
        if (Self::EARLIEST_YEAR..3000).contains(&date.year()) {
            Ok(Self(date))
        } else {
            Err(DateError::BirthInvalid)
        }
    }

    /// The birth date, if somebody born then can be there on a day: it is not in the future, and
    /// they are not older than 120 years. For whoever enters or imports people.
    ///
    /// ```
    /// use eschool_core::{error::CodedError, identity::BirthDate};
    ///
    /// let today = "2024-09-01".parse()?;
    /// let code = |born: &str| born.parse::<BirthDate>().unwrap().of_somebody_on(today).map_err(|e| e.code());
    /// assert!(code("01.09.2024").is_ok());
    /// assert_eq!(code("02.09.2024"), Err("birth_date_in_future"));
    /// assert!(code("02.09.1903").is_ok());
    /// assert_eq!(code("01.09.1903"), Err("birth_date_too_long_ago"));
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    ///
    /// # Errors
    /// [`DateError::BirthInFuture`] and [`DateError::BirthTooLongAgo`].
    pub fn of_somebody_on(self, today: NaiveDate) -> Result<Self, DateError> {
        if today < self.0 {
            Err(DateError::BirthInFuture)
        } else if Self::BEYOND_EVERY_AGE.is_reached(self, today) {
            Err(DateError::BirthTooLongAgo)
        } else {
            Ok(self)
        }
    }

    /// The day.
    #[must_use]
    pub const fn date(self) -> NaiveDate {
        self.0
    }

    /// The day on which this age is reached.
    #[must_use]
    pub fn reaches(self, age: AgeSpan) -> NaiveDate {
        age.reached_on(self)
    }
}

impl FromStr for BirthDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let date = parse_date(text).map_err(|error| match error {
            DateError::Invalid { .. } => DateError::BirthInvalid,
            other => other,
        })?;
        Self::new(date)
    }
}

/// A date as the wire has all dates; no error shows it.
impl<'de> Deserialize<'de> for BirthDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        masked::text(deserializer, |text| {
            text.parse().map_err(|_| DateError::BirthInvalid).and_then(Self::new)
        })
    }
}

impl TryFrom<NaiveDate> for BirthDate {
    type Error = DateError;

    fn try_from(date: NaiveDate) -> Result<Self, Self::Error> {
        Self::new(date)
    }
}

impl From<BirthDate> for NaiveDate {
    fn from(born: BirthDate) -> Self {
        born.0
    }
}

impl fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BirthDate(***)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_of_files_are_read() {
        for (text, expected) in [
            ("01.09.2024", Ok((2024, 9, 1))),
            (" 1.9.2024 ", Ok((2024, 9, 1))),
            ("2024-09-01", Ok((2024, 9, 1))),
            ("29.02.2012", Ok((2012, 2, 29))),
            ("29.02.2013", Err("date_invalid")),
            ("31.09.2024", Err("date_invalid")),
            ("00.00.0000", Err("date_invalid")),
            ("1985", Err("date_invalid")),
            ("01.09.24", Err("date_invalid")),
            ("09/01/2024", Err("date_invalid")),
            ("01.09.2024.", Err("date_invalid")),
            ("+1.09.2024", Err("date_invalid")),
            ("", Err("date_missing")),
        ] {
            let expected = expected.map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).unwrap());
            assert_eq!(parse_date(text).map_err(|error| error.code()), expected, "{text}");
        }
    }

    #[test]
    fn nobody_was_born_before_1900() {
        assert_eq!("31.12.1899".parse::<BirthDate>(), Err(DateError::BirthInvalid));
        assert!("01.01.1900".parse::<BirthDate>().is_ok());
    }

    #[test]
    fn a_birth_date_is_its_day_and_hides_it() {
        let born: BirthDate = "31.08.2010".parse().unwrap();
        let day = NaiveDate::from_ymd_opt(2010, 8, 31).unwrap();
        assert_eq!((NaiveDate::from(born), born.date()), (day, day));
        let reached = born.reaches(AgeSpan { years: 14, months: 6 });
        assert_eq!(reached, NaiveDate::from_ymd_opt(2025, 2, 28).unwrap());
        assert_eq!(alloc::format!("{born:?}"), "BirthDate(***)");
    }

    #[test]
    fn nobody_is_born_tomorrow_or_older_than_120() {
        let on = |born: &str, today: &str| {
            let born: BirthDate = born.parse().unwrap();
            born.of_somebody_on(today.parse().unwrap()).map_err(|error| error.code())
        };
        for (born, today, expected) in [
            ("01.01.2025", "2025-01-01", Ok(())),
            ("02.01.2025", "2025-01-01", Err("birth_date_in_future")),
            ("31.12.2999", "2025-01-01", Err("birth_date_in_future")),
            ("02.01.1904", "2025-01-01", Ok(())),
            ("01.01.1904", "2025-01-01", Err("birth_date_too_long_ago")),
            ("29.02.1904", "2025-02-27", Ok(())),
            ("29.02.1904", "2025-02-28", Err("birth_date_too_long_ago")),
        ] {
            assert_eq!(on(born, today).map(|_| ()), expected, "{born} {today}");
        }
    }

    #[test]
    fn a_date_is_shown_and_a_birth_date_is_not() {
        let date = parse_date("31.02.2024").unwrap_err();
        assert_eq!((date.field(), date.value().as_deref()), (None, Some("31.02.2024")));
        for text in ["31.02.2011", "01.01.1850", "2011"] {
            let born = text.parse::<BirthDate>().unwrap_err();
            assert_eq!((born.field(), born.value().as_deref()), (Some("birthDate"), Some("***")));
            assert!(!alloc::format!("{born} {born:?}").contains(text), "{born:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in any::<alloc::string::String>()) {
            let _ = parse_date(&text);
        }
    }
}
