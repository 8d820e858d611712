//! Attendance: codes as schools write them, classes as families count them.

use alloc::{
    collections::BTreeSet,
    string::{String, ToString as _},
    vec::Vec,
};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    debug::debug_shows,
    error::{CodedError, Shown},
    id::{AccountId, LessonId},
    letters::lowered,
    wire::{masked, wire_enum},
};

/// A pupil's attendance at one lesson (*посещаемость*); none is recorded for a pupil who was there
/// from bell to bell.
///
/// ```
/// use eschool_core::journal::{Attendance, AttendanceClass};
///
/// let row: Attendance = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "lesson": "019379ab-0000-7000-8000-000000000101",
///     "date": "2024-09-16", "code": "Б", "class": "ill"
/// }"#).unwrap();
/// assert_eq!(row.class, AttendanceClass::Ill);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Attendance {
    /// Whose it is.
    pub pupil: AccountId,
    /// The lesson.
    pub lesson: LessonId,
    /// The day of that lesson.
    pub date: NaiveDate,
    /// The code as the school writes it, as in «УП».
    #[serde(deserialize_with = "masked::string")]
    pub code: String,
    /// What the code means.
    pub class: AttendanceClass,
}

wire_enum! {
    /// What an attendance code means.
    ///
    /// No federal list of codes exists: codes are [data](AttendanceCodes), classes are these.
    ///
    /// ```
    /// use eschool_core::journal::AttendanceClass;
    ///
    /// assert!(AttendanceClass::Ill.is_absence());
    /// assert!(!AttendanceClass::Late.is_absence());
    /// ```
    pub enum AttendanceClass {
        /// Present (*присутствовал*).
        Present = "present",
        /// Late (*опоздал*).
        Late = "late",
        /// Absent, ill (*по болезни*).
        Ill = "ill",
        /// Absent with a valid reason (*по уважительной причине*).
        Excused = "excused",
        /// Absent without a valid reason (*без уважительной причины*).
        Unexcused = "unexcused",
        /// Absent, reason not given (*причина не указана*).
        Unspecified = "unspecified",
    }
}

impl AttendanceClass {
    /// Whether the pupil was not there.
    #[must_use]
    pub const fn is_absence(&self) -> bool {
        matches!(self, Self::Ill | Self::Excused | Self::Unexcused | Self::Unspecified)
    }
}

/// Which code means what in a school (*справочник кодов посещаемости*).
///
/// ```
/// use eschool_core::journal::{AttendanceClass, AttendanceCodes};
///
/// let codes = AttendanceCodes::standard();
/// assert_eq!(codes.class_of(" уп ").unwrap(), &AttendanceClass::Excused);
/// assert!(codes.class_of("ЩЩ").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttendanceCodes(pub Vec<(String, AttendanceClass)>);

/// Why a code means nothing. What is longer than a code is not shown: it may well tell of a pupil's
/// health.
///
/// ```
/// use eschool_core::{error::CodedError, journal::AttendanceCodes};
///
/// let error = AttendanceCodes::standard().class_of("ЩЩ").unwrap_err();
/// assert_eq!((error.code(), error.field()), ("code_unknown", Some("code")));
/// assert_eq!(error.value().as_deref(), Some("ЩЩ"));
///
/// let error = AttendanceCodes::standard().class_of("болен, ОРВИ").unwrap_err();
/// assert_eq!(error.value().as_deref(), Some("***"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AttendanceError {
    /// The school does not use this code.
    #[error("the attendance code `{given}` is not one the school uses")]
    CodeUnknown {
        /// What was given, or `***` for more than three characters.
        given: Shown,
    },
}

impl CodedError for AttendanceError {
    fn code(&self) -> &'static str {
        "code_unknown"
    }

    fn text_ru(&self) -> &'static str {
        "Такого кода посещаемости в школе нет"
    }

    fn field(&self) -> Option<&'static str> {
        Some("code")
    }

    fn value(&self) -> Option<String> {
        let Self::CodeUnknown { given } = self;
        Some(given.to_string())
    }
}

/// Why a school cannot have these codes, by the field and its value.
///
/// ```
/// use eschool_core::{error::CodedError, journal::{AttendanceClass, AttendanceCodes}};
///
/// let mut codes = AttendanceCodes::standard();
/// codes.0.push(("б".into(), AttendanceClass::Late));
/// let error = codes.validate().unwrap_err();
/// assert_eq!((error.code(), error.field()), ("code_repeated", Some("code")));
/// assert_eq!(error.to_string(), "the code `б` stands twice: neither case nor outer spaces tell two apart");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AttendanceCodesError {
    /// A code is empty.
    #[error("a code is missing")]
    CodeMissing,
    /// A code means two things, or the same twice.
    #[error("the code `{given}` stands twice: neither case nor outer spaces tell two apart")]
    CodeRepeated {
        /// The later of the two.
        given: Shown,
    },
    /// A code's class is one this version does not know.
    #[error("the class `{given}` is none this version knows")]
    ClassUnknown {
        /// The class.
        given: Shown,
    },
}

impl CodedError for AttendanceCodesError {
    fn code(&self) -> &'static str {
        match self {
            Self::CodeMissing => "code_missing",
            Self::CodeRepeated { .. } => "code_repeated",
            Self::ClassUnknown { .. } => "code_class_unknown",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::CodeMissing => "В справочнике есть пустой код посещаемости",
            Self::CodeRepeated { .. } => "Код посещаемости стоит в справочнике дважды",
            Self::ClassUnknown { .. } => "Значение кода посещаемости этой версии не известно",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::CodeMissing | Self::CodeRepeated { .. } => "code",
            Self::ClassUnknown { .. } => "class",
        })
    }

    fn value(&self) -> Option<String> {
        match self {
            Self::CodeMissing => None,
            Self::CodeRepeated { given } | Self::ClassUnknown { given } => Some(given.to_string()),
        }
    }
}

impl AttendanceCodes {
    /// How many characters of what is no code an error shows.
    const LONGEST_SHOWN: usize = 3;

    /// Checks codes that a school is about to use: each has a text and a class this version knows,
    /// and none stands twice. Codes that were stored are read as they are.
    ///
    /// # Errors
    /// [`AttendanceCodesError`] names the first that cannot be.
    pub fn validate(&self) -> Result<(), AttendanceCodesError> {
        let mut met = BTreeSet::new();
        for (code, class) in &self.0 {
            let folded = fold(code);
            if folded.is_empty() {
                return Err(AttendanceCodesError::CodeMissing);
            }
            if !class.is_known() {
                return Err(AttendanceCodesError::ClassUnknown {
                    given: Shown::of(class.as_str()),
                });
            }
            if !met.insert(folded) {
                return Err(AttendanceCodesError::CodeRepeated { given: Shown::of(code) });
            }
        }
        Ok(())
    }

    /// The codes most schools use: `Б` ill, `УП` excused, `НП` unexcused, `н` unspecified,
    /// `оп` late.
    #[must_use]
    pub fn standard() -> Self {
        use AttendanceClass::{Excused, Ill, Late, Unexcused, Unspecified};
        let codes =
            [("Б", Ill), ("УП", Excused), ("НП", Unexcused), ("н", Unspecified), ("оп", Late)];
        Self(codes.into_iter().map(|(code, class)| (String::from(code), class)).collect())
    }

    /// What a code means; case and outer spaces do not matter.
    ///
    /// # Errors
    /// [`AttendanceError::CodeUnknown`] if the school does not use it.
    pub fn class_of(&self, code: &str) -> Result<&AttendanceClass, AttendanceError> {
        let folded = fold(code);
        self.0
            .iter()
            .find_map(|(known, class)| (fold(known) == folded).then_some(class))
            .ok_or_else(|| {
                let is_short = code.trim().chars().nth(Self::LONGEST_SHOWN).is_none();
                let shown = if is_short { code.trim() } else { "***" };
                AttendanceError::CodeUnknown { given: Shown::of(shown) }
            })
    }
}

/// The form by which codes are compared.
fn fold(code: &str) -> String {
    lowered(code.trim())
}

debug_shows! {
    Attendance { pupil, lesson, date }
}
