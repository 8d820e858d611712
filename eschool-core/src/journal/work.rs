//! Works: what marks are given for.

use alloc::{
    format,
    string::{String, ToString as _},
};
use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    debug::debug_shows,
    error::{CodedError, Shown},
    id::{LessonId, WorkId},
    wire::wire_string,
};

/// A work of a lesson (*работа*): the content that marks are given for.
///
/// ```
/// use eschool_core::journal::Work;
///
/// let work: Work = serde_json::from_str(r#"{
///     "id": "019379ab-0000-7000-8000-000000000201",
///     "lesson": "019379ab-0000-7000-8000-000000000101",
///     "kind": "Контрольная работа", "title": "Контрольная работа № 1, вариант 1", "weight": "5"
/// }"#).unwrap();
/// assert_eq!(work.weight.hundredths(), 500);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Work {
    /// Its identifier.
    pub id: WorkId,
    /// The lesson it belongs to.
    pub lesson: LessonId,
    /// What kind it is.
    pub kind: WorkKind,
    /// What it was about, as in «Контрольная работа № 1, вариант 1».
    pub title: String,
    /// How much its marks count.
    pub weight: Weight,
}

/// The kind of a work (*вид работы*), in the school's own words: «Контрольная работа».
///
/// Schools name their kinds themselves and no federal list exists, so this is a name, not an enum.
///
/// ```
/// use eschool_core::journal::WorkKind;
///
/// assert_eq!(WorkKind("Ответ на уроке".into()).to_string(), "Ответ на уроке");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct WorkKind(pub String);

impl fmt::Display for WorkKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How much a mark counts in a mean (*вес*): hundredths, greater than zero.
///
/// It is written as a decimal with a point or a comma and crosses borders as a string.
///
/// ```
/// use eschool_core::journal::Weight;
///
/// let weight: Weight = "1,5".parse().unwrap();
/// assert_eq!((weight.hundredths(), weight.to_string().as_str()), (150, "1.5"));
/// assert_eq!("5".parse::<Weight>().unwrap().to_string(), "5");
/// assert!("0".parse::<Weight>().is_err());
/// assert!("-3".parse::<Weight>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify), tsify(type = "string"))]
pub struct Weight(u32);

/// Why something is no weight.
///
/// ```
/// use eschool_core::{error::CodedError, journal::Weight};
///
/// let error = "0,005".parse::<Weight>().unwrap_err();
/// assert_eq!((error.code(), error.field()), ("weight_invalid", Some("weight")));
/// assert_eq!(error.value().as_deref(), Some("0,005"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WeightError {
    /// It is not a decimal from 0.01 to 100 with at most two digits after the point.
    #[error("the weight `{given}` is not a number from 0.01 to 100 with at most two decimals")]
    Invalid {
        /// What was given.
        given: Shown,
    },
    /// The hundredths are zero or more than 10 000.
    #[error("the weight of `{hundredths}` hundredths is not from 1 to 10 000 of them")]
    OutOfRange {
        /// What was given.
        hundredths: u32,
    },
}

impl CodedError for WeightError {
    fn code(&self) -> &'static str {
        "weight_invalid"
    }

    fn text_ru(&self) -> &'static str {
        "Вес – число от 0,01 до 100, не более двух знаков после запятой"
    }

    fn field(&self) -> Option<&'static str> {
        Some("weight")
    }

    fn value(&self) -> Option<String> {
        Some(match self {
            Self::Invalid { given } => given.to_string(),
            Self::OutOfRange { hundredths } => hundredths.to_string(),
        })
    }
}

impl Weight {
    /// The weight of a mark that nobody weighed: 1.
    pub const ONE: Self = Self(100);
    const GREATEST: u32 = 100 * 100;

    /// A weight of so many hundredths.
    ///
    /// # Errors
    /// [`WeightError::OutOfRange`] for zero and for more than 10 000.
    pub const fn from_hundredths(hundredths: u32) -> Result<Self, WeightError> {
        if hundredths == 0 || hundredths > Self::GREATEST {
            Err(WeightError::OutOfRange { hundredths })
        } else {
            Ok(Self(hundredths))
        }
    }

    /// The weight in hundredths, 1 to 10 000.
    #[must_use]
    pub const fn hundredths(self) -> u32 {
        self.0
    }
}

impl FromStr for Weight {
    type Err = WeightError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || WeightError::Invalid { given: Shown::of(text) };
        let text = text.trim();
        let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 2 {
            return Err(invalid());
        }
        let whole: u32 = whole.parse().map_err(|_| invalid())?;
        let part: u32 = format!("{part:0<2}").parse().map_err(|_| invalid())?;
        let hundredths = whole.checked_mul(100).and_then(|whole| whole.checked_add(part));
        hundredths.and_then(|hundredths| Self::from_hundredths(hundredths).ok()).ok_or_else(invalid)
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        match (part, part % 10) {
            (0, _) => write!(f, "{whole}"),
            (_, 0) => write!(f, "{whole}.{}", part / 10),
            _ => write!(f, "{whole}.{part:02}"),
        }
    }
}

wire_string!(Weight);

debug_shows! {
    Work { id, lesson, kind, weight }
}
