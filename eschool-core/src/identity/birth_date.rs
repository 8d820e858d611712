//! Birth dates, and dates as files write them.

use core::{fmt, str::FromStr};

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::AgeSpan;
use crate::error::CodedError;

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
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "NaiveDate", into = "NaiveDate")]
pub struct BirthDate(NaiveDate);

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DateError {
    /// Nothing was given.
    #[error("the date is missing")]
    Missing,
    /// There is no such day, or it is not written as `31.12.2024`.
    #[error("there is no such date; write it as `31.12.2024`")]
    Invalid,
}

impl CodedError for DateError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "date_missing",
            Self::Invalid => "date_invalid",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Missing => "Укажите дату",
            Self::Invalid => "Такой даты нет. Запишите её так: 31.12.2024",
        }
    }
}

/// Reads a date as Russian files and forms write it, `31.12.2024`, or in ISO 8601.
///
/// ```
/// use eschool_core::identity::{DateError, parse_date};
///
/// assert_eq!(parse_date("9.10.2024"), parse_date("2024-10-09"));
/// assert_eq!(parse_date("00.00.0000"), Err(DateError::Invalid));
/// ```
///
/// # Errors
/// [`DateError`] for an empty text and for a day that is not in the calendar.
pub fn parse_date(text: &str) -> Result<NaiveDate, DateError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DateError::Missing);
    }
    let separator = if text.contains('.') { '.' } else { '-' };
    let mut parts = text.split(separator);
    let (Some(a), Some(b), Some(c), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(DateError::Invalid);
    };
    let (year, month, day) = if separator == '.' { (c, b, a) } else { (a, b, c) };
    let number = |part: &str, longest: usize| {
        let sound = part.len() <= longest && part.chars().all(|c| c.is_ascii_digit());
        if sound { part.parse::<u16>().ok() } else { None }
    };
    // A two-digit year would be a guess, so it is refused.
    let year = if year.len() == 4 { number(year, 4) } else { None };
    match (year, number(month, 2), number(day, 2)) {
        (Some(year), Some(month), Some(day)) => {
            NaiveDate::from_ymd_opt(year.into(), month.into(), day.into()).ok_or(DateError::Invalid)
        }
        _ => Err(DateError::Invalid),
    }
}

impl BirthDate {
    /// The earliest year somebody in a school today can have been born in.
    const EARLIEST_YEAR: i32 = 1900;

    /// The birth date that this day is.
    ///
    /// # Errors
    /// [`DateError::Invalid`] for a day before 1900 or after 2999.
    pub fn new(date: NaiveDate) -> Result<Self, DateError> {
        if (Self::EARLIEST_YEAR..3000).contains(&date.year()) {
            Ok(Self(date))
        } else {
            Err(DateError::Invalid)
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
        parse_date(text).and_then(Self::new)
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
            ("29.02.2013", Err(DateError::Invalid)),
            ("31.09.2024", Err(DateError::Invalid)),
            ("00.00.0000", Err(DateError::Invalid)),
            ("1985", Err(DateError::Invalid)),
            ("01.09.24", Err(DateError::Invalid)),
            ("09/01/2024", Err(DateError::Invalid)),
            ("01.09.2024.", Err(DateError::Invalid)),
            ("+1.09.2024", Err(DateError::Invalid)),
            ("", Err(DateError::Missing)),
        ] {
            let expected = expected.map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).unwrap());
            assert_eq!(parse_date(text), expected, "{text}");
        }
    }

    #[test]
    fn nobody_was_born_before_1900() {
        assert_eq!("31.12.1899".parse::<BirthDate>(), Err(DateError::Invalid));
        assert!("01.01.1900".parse::<BirthDate>().is_ok());
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in any::<alloc::string::String>()) {
            let _ = parse_date(&text);
        }
    }
}
