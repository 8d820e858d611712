//! Marks and their values.

use alloc::string::String;
use core::{convert::Infallible, fmt, str::FromStr};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    debug::debug_shows,
    error::CodedError,
    id::{AccountId, LessonId, MarkId, WorkId},
    letters::lowered,
    wire::masked,
};

/// A mark (*отметка*) of one pupil for one work. Two equal marks are two marks.
///
/// ```
/// use eschool_core::journal::Mark;
///
/// let mark: Mark = serde_json::from_str(r#"{
///     "id": "019379ab-0000-7000-8000-000000000301",
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "lesson": "019379ab-0000-7000-8000-000000000101",
///     "work": "019379ab-0000-7000-8000-000000000201",
///     "date": "2024-09-16", "value": "4-", "writtenAt": "2024-09-20T12:00:00Z"
/// }"#).unwrap();
/// assert_eq!(mark.value.points().unwrap().get(), 4);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Mark {
    /// Its identifier; a UUIDv7, so marks of one lesson stand in the order they were given.
    pub id: MarkId,
    /// Whose it is.
    pub pupil: AccountId,
    /// The lesson it stands in.
    pub lesson: LessonId,
    /// The day of that lesson.
    pub date: NaiveDate,
    /// The work it is for.
    pub work: WorkId,
    /// What it is.
    pub value: MarkValue,
    /// What the teacher wrote beside it.
    #[serde(default, deserialize_with = "masked::option", skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// When its value was last written; a word written beside it later does not move it.
    pub written_at: DateTime<Utc>,
}

/// What a mark says. On the wire it is the string a journal shows.
///
/// ```
/// use eschool_core::journal::MarkValue;
///
/// for text in ["5", "4-", "3+", "зачёт", "незачёт", "н/а", "осв", "."] {
///     assert_eq!(text.parse::<MarkValue>().unwrap().to_string(), text);
/// }
/// assert_eq!("4−".parse::<MarkValue>().unwrap().to_string(), "4-");
/// assert!("6".parse::<MarkValue>().is_err());
/// assert!("5,5".parse::<MarkValue>().is_err());
/// ```
///
/// A value that only a newer version writes is [kept](MarkValue::Unknown) as it came; parsing what
/// a person typed never gives it. The order of values serves sorting and grouping; it compares
/// nobody's success.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum), uniffi::export(Display))]
#[cfg_attr(
    feature = "wasm",
    derive(tsify::Tsify),
    tsify(
        type = "`${1 | 2 | 3 | 4 | 5}${\"\" | \"+\" | \"-\"}` | \"зачёт\" | \"незачёт\" | \"н/а\" | \"осв\" | \".\" | (string & {})"
    )
)]
pub enum MarkValue {
    /// Points of the five-point scale, perhaps with a sign.
    Points(Points, Option<Sign>),
    /// Зачёт.
    Passed,
    /// Незачёт.
    Failed,
    /// Not assessed (*не аттестован*, н/а).
    NotAssessed,
    /// Exempt (*освобождён*, осв).
    Exempt,
    /// A debt (*«точка», долг*): a work that was not handed in.
    Debt,
    /// A value this version does not know, kept as it came.
    Unknown(String),
}

/// Points of the five-point scale: 1 to 5, used as 2 to 5.
///
/// ```
/// use eschool_core::journal::Points;
///
/// assert_eq!(Points::try_from(5).unwrap().get(), 5);
/// assert!(Points::try_from(0).is_err());
/// assert!(Points::try_from(6).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify), tsify(type = "1 | 2 | 3 | 4 | 5"))]
pub struct Points(u8);

impl Points {
    /// The number, 1 to 5.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The points nearest to a number: beyond the scale, its end.
    pub(super) const fn nearest(number: u8) -> Self {
        match number {
            0 | 1 => Self(1),
            2..=4 => Self(number),
            _ => Self(5),
        }
    }
}

impl TryFrom<u8> for Points {
    type Error = MarkValueError;

    fn try_from(points: u8) -> Result<Self, Self::Error> {
        if (1..=5).contains(&points) { Ok(Self(points)) } else { Err(MarkValueError::Malformed) }
    }
}

impl From<Points> for u8 {
    fn from(points: Points) -> Self {
        points.0
    }
}

/// The sign beside points. It counts as the plain mark in a mean, unless the school's
/// [`Grading`](super::Grading) says otherwise.
///
/// ```
/// use eschool_core::journal::{MarkValue, Points, Sign};
///
/// let four = Points::try_from(4).unwrap();
/// assert_eq!("4-".parse(), Ok(MarkValue::Points(four, Some(Sign::Minus))));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum), uniffi::export(Debug))]
pub enum Sign {
    /// «−»
    Minus,
    /// «+»
    Plus,
}

/// Why a text is no mark. What was given is not shown: it may well tell of a pupil.
///
/// ```
/// use eschool_core::{error::CodedError, journal::MarkValue};
///
/// let error = "шесть".parse::<MarkValue>().unwrap_err();
/// assert_eq!((error.code(), error.field()), ("mark_malformed", Some("value")));
/// assert_eq!(error.value().as_deref(), Some("***"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MarkValueError {
    /// The text is none of the values a journal knows.
    #[error(
        "the mark `***` is none of 1 to 5 with or without a sign, `зачёт`, `незачёт`, `н/а`, `осв`, `.`"
    )]
    Malformed,
}

impl CodedError for MarkValueError {
    fn code(&self) -> &'static str {
        "mark_malformed"
    }

    fn text_ru(&self) -> &'static str {
        "Отметка – число от 1 до 5 (можно со знаком), «зачёт», «незачёт», «н/а», «осв» или точка"
    }

    fn field(&self) -> Option<&'static str> {
        Some("value")
    }

    fn value(&self) -> Option<String> {
        Some("***".into())
    }
}

impl MarkValue {
    /// Whether this version knows the value.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }

    /// The points of the scale, without their sign: none for debts and words.
    #[must_use]
    pub const fn points(&self) -> Option<Points> {
        match self {
            Self::Points(points, _) => Some(*points),
            _ => None,
        }
    }
}

impl FromStr for MarkValue {
    type Err = MarkValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let mut chars = text.chars();
        if let Some(points) = chars.next().and_then(|c| c.to_digit(10)) {
            let points = u8::try_from(points).map_err(|_| MarkValueError::Malformed)?;
            let sign = match chars.as_str() {
                "" => None,
                "+" => Some(Sign::Plus),
                "-" | "−" | "–" => Some(Sign::Minus),
                _ => return Err(MarkValueError::Malformed),
            };
            return Points::try_from(points).map(|points| Self::Points(points, sign));
        }
        match lowered(text).replace('ё', "е").trim_end_matches('.') {
            "" if text == "." => Ok(Self::Debt),
            "•" => Ok(Self::Debt),
            "зачет" | "зач" => Ok(Self::Passed),
            "незачет" | "незач" => Ok(Self::Failed),
            "н/а" => Ok(Self::NotAssessed),
            "осв" => Ok(Self::Exempt),
            _ => Err(MarkValueError::Malformed),
        }
    }
}

impl fmt::Display for MarkValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Points(points, sign) => {
                write!(f, "{}", points.get())?;
                f.write_str(match sign {
                    None => "",
                    Some(Sign::Plus) => "+",
                    Some(Sign::Minus) => "-",
                })
            }
            Self::Passed => f.write_str("зачёт"),
            Self::Failed => f.write_str("незачёт"),
            Self::NotAssessed => f.write_str("н/а"),
            Self::Exempt => f.write_str("осв"),
            Self::Debt => f.write_str("."),
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

impl Serialize for MarkValue {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MarkValue {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        masked::text(deserializer, |text| {
            Ok::<_, Infallible>(text.parse().unwrap_or_else(|_| Self::Unknown(text.into_owned())))
        })
    }
}

debug_shows! {
    Mark { id, pupil, lesson, date, work, written_at }
}
