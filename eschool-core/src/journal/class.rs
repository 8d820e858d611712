//! Classes, their parts, and a pupil's time in them.

use alloc::{
    format,
    string::{String, ToString as _},
};
use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    error::{CodedError, Shown},
    identity::cyrillic_look_alike,
    letters::{upper, uppered},
    wire::wire_string,
};

/// The name of a class (*класс*): the year of study and a letter, as in «7А».
///
/// ```
/// use eschool_core::journal::ClassName;
///
/// let name: ClassName = " 7 а ".parse().unwrap();
/// assert_eq!((name.to_string().as_str(), name.grade()), ("7А", 7));
/// assert!("Ъ".parse::<ClassName>().is_err());
/// assert!("12345".parse::<ClassName>().is_err());
/// ```
///
/// Latin letters that look Cyrillic are read as Cyrillic, so that one class is not two; a word
/// with any other Latin letter stays as it is.
///
/// ```
/// use eschool_core::journal::ClassName;
///
/// let latin: ClassName = "7A".parse().unwrap();
/// assert_eq!(latin, "7А".parse().unwrap());
/// let word: ClassName = "10 IT".parse().unwrap();
/// assert_eq!(word.letter(), "IT");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassName {
    grade: u8,
    letter: String,
}

/// Why a text names no class.
///
/// ```
/// use eschool_core::{error::CodedError, journal::ClassName};
///
/// let error = "А7".parse::<ClassName>().unwrap_err();
/// assert_eq!((error.code(), error.field()), ("class_malformed", Some("class")));
/// assert_eq!(error.value().as_deref(), Some("А7"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ClassNameError {
    /// The text is not a year of study followed by a letter.
    #[error("the class `{given}` is not a year of study with a letter; write it as `7А`")]
    Malformed {
        /// What was given.
        given: Shown,
    },
}

impl CodedError for ClassNameError {
    fn code(&self) -> &'static str {
        "class_malformed"
    }

    fn text_ru(&self) -> &'static str {
        "Класс записывают номером параллели с буквой, например «7А»"
    }

    fn field(&self) -> Option<&'static str> {
        Some("class")
    }

    fn value(&self) -> Option<String> {
        let Self::Malformed { given } = self;
        Some(given.to_string())
    }
}

impl ClassName {
    /// The longest letter part: some schools name classes «10 ИТ» or «5 кадет».
    const LONGEST_LETTER: usize = 12;

    /// The year of study (*параллель*), 1 to 12.
    #[must_use]
    pub const fn grade(&self) -> u8 {
        self.grade
    }

    /// The class of the next year of study with the same letter; none after the twelfth.
    ///
    /// ```
    /// use eschool_core::journal::ClassName;
    ///
    /// let name: ClassName = "9Б".parse().unwrap();
    /// assert_eq!(name.promoted(), "10Б".parse().ok());
    /// assert_eq!("12".parse::<ClassName>().unwrap().promoted(), None);
    /// ```
    #[must_use]
    pub fn promoted(&self) -> Option<Self> {
        let grade = self.grade.checked_add(1).filter(|grade| (1..=12).contains(grade))?;
        Some(Self { grade, letter: self.letter.clone() })
    }

    /// The letter or word after it, in upper case; may be empty in a small school.
    #[must_use]
    pub fn letter(&self) -> &str {
        &self.letter
    }
}

impl FromStr for ClassName {
    type Err = ClassNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = || ClassNameError::Malformed { given: Shown::of(text) };
        let text = text.trim();
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = text.strip_suffix(rest).unwrap_or_default();
        let grade = digits.parse::<u8>().map_err(|_| malformed())?;
        let letter = rest.trim_matches(|c: char| c.is_whitespace() || c == '-');
        if letter.chars().nth(Self::LONGEST_LETTER).is_some() {
            return Err(malformed());
        }
        let letter = fold_letter(uppered(letter));
        let letter_is_sound = letter.chars().count() <= Self::LONGEST_LETTER
            && letter.chars().all(|c| c.is_alphanumeric() || c == ' ');
        if (1..=12).contains(&grade) && letter_is_sound {
            Ok(Self { grade, letter })
        } else {
            Err(malformed())
        }
    }
}

/// A letter in upper case, Cyrillic where all of it may be: `A` and `А` name one class.
fn fold_letter(letter: String) -> String {
    let folded = |c: char| cyrillic_look_alike(c.to_ascii_lowercase());
    let is_cyrillic = |c: char| !c.is_alphabetic() || matches!(c, '\u{400}'..='\u{4ff}');
    if letter.chars().all(|c| is_cyrillic(c) || folded(c).is_some()) {
        letter.chars().map(|c| upper(folded(c).unwrap_or(c))).collect()
    } else {
        letter
    }
}

impl fmt::Display for ClassName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // «7-1» is not the seventy-first.
        let between = if self.letter.starts_with(|c: char| c.is_ascii_digit()) { "-" } else { "" };
        f.pad(&format!("{}{between}{}", self.grade, self.letter))
    }
}

wire_string!(ClassName);

/// A part of a class that has some lessons of its own (*подгруппа*): «1», «2», «нем.».
///
/// ```
/// use eschool_core::journal::Subgroup;
///
/// let german: Subgroup = serde_json::from_str(r#""нем.""#).unwrap();
/// assert_eq!(german, Subgroup("нем.".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct Subgroup(pub String);

impl fmt::Display for Subgroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
