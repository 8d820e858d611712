//! Classes, their parts, and a pupil's time in them.

use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use core::{fmt, str::FromStr};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    error::{CodedError, Shown},
    id::{AccountId, ClassId},
    identity::cyrillic_look_alike,
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
        let letter = rest.trim_matches(|c: char| c.is_whitespace() || c == '-').to_uppercase();
        let letter = fold_letter(letter);
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
        letter.chars().flat_map(|c| folded(c).unwrap_or(c).to_uppercase()).collect()
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
pub struct Subgroup(pub String);

impl fmt::Display for Subgroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A pupil's time in a class, both ends included.
///
/// ```
/// use eschool_core::journal::Stay;
///
/// let stay: Stay = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "class": "019379ab-0000-7000-8000-0000000000c7",
///     "from": "2024-09-01", "to": "2024-09-18"
/// }"#).unwrap();
/// assert!(stay.holds_on("2024-09-18".parse().unwrap()));
/// assert!(!stay.holds_on("2024-09-19".parse().unwrap()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stay {
    /// The pupil.
    pub pupil: AccountId,
    /// The class.
    pub class: ClassId,
    /// The first day in it (*зачислен*).
    pub from: NaiveDate,
    /// The last day in it (*выбыл*); none while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

impl Stay {
    /// Whether the pupil is in the class on this day.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// The last day of all these stays of one pupil: none while one of them goes on, and where there is
/// none.
///
/// ```
/// use eschool_core::journal::{Stay, last_day_of};
///
/// let mut stays: Vec<Stay> = serde_json::from_str(r#"[
///     {"pupil": "019379ab-0000-7000-8000-000000000001",
///      "class": "019379ab-0000-7000-8000-0000000000c7", "from": "2024-09-01", "to": "2024-10-10"}
/// ]"#).unwrap();
/// assert_eq!(last_day_of(&stays), "2024-10-10".parse().ok());
/// stays[0].to = None;
/// assert_eq!(last_day_of(&stays), None);
/// ```
#[must_use]
pub fn last_day_of(stays: &[Stay]) -> Option<NaiveDate> {
    let ends: Option<Vec<NaiveDate>> = stays.iter().map(|stay| stay.to).collect();
    ends?.into_iter().max()
}

/// The stay of one pupil that holds on a day, the first of them should there be several; else the
/// last one by its first day, which may be past or still to come.
///
/// ```
/// use eschool_core::journal::{Stay, stay_on};
///
/// let stays: Vec<Stay> = serde_json::from_str(r#"[
///     {"pupil": "019379ab-0000-7000-8000-000000000001",
///      "class": "019379ab-0000-7000-8000-0000000000c7", "from": "2024-09-01", "to": "2024-10-10"}
/// ]"#).unwrap();
/// assert_eq!(stay_on(&stays, "2025-01-01".parse().unwrap()), stays.first());
/// ```
#[must_use]
pub fn stay_on(stays: &[Stay], day: NaiveDate) -> Option<&Stay> {
    let holds = stays.iter().find(|stay| stay.holds_on(day));
    holds.or_else(|| stays.iter().max_by_key(|stay| stay.from))
}

/// The classes by which a class teacher knows a pupil on a day: those the pupil is in; of who is in
/// none that day, having left or being between two stays, the one of [`stay_on`].
///
/// ```
/// use eschool_core::journal::{Stay, classes_on};
///
/// let stays: Vec<Stay> = serde_json::from_str(r#"[
///     {"pupil": "019379ab-0000-7000-8000-000000000001",
///      "class": "019379ab-0000-7000-8000-0000000000c7", "from": "2024-09-01", "to": "2024-10-10"},
///     {"pupil": "019379ab-0000-7000-8000-000000000001",
///      "class": "019379ab-0000-7000-8000-0000000000c8", "from": "2024-10-11", "to": "2025-05-31"}
/// ]"#).unwrap();
/// let on = |day: &str| classes_on(&stays, day.parse().unwrap());
/// assert_eq!(on("2024-10-10"), [stays[0].class]);
/// // The former class is none of the pupil's any more; who has left keeps the last one.
/// assert_eq!(on("2024-10-11"), [stays[1].class]);
/// assert_eq!(on("2025-06-01"), [stays[1].class]);
/// ```
#[must_use]
pub fn classes_on(stays: &[Stay], day: NaiveDate) -> Vec<ClassId> {
    let mut classes: Vec<ClassId> =
        stays.iter().filter(|stay| stay.holds_on(day)).map(|stay| stay.class).collect();
    if classes.is_empty() {
        classes.extend(stay_on(stays, day).map(|stay| stay.class));
    }
    classes
}

/// A pupil's time in a part of a class, for one subject or for all that are taught in parts.
///
/// ```
/// use eschool_core::journal::SubgroupMembership;
///
/// let membership: SubgroupMembership = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "class": "019379ab-0000-7000-8000-0000000000c7",
///     "subject": "Информатика", "subgroup": "2", "from": "2024-09-01"
/// }"#).unwrap();
/// assert!(membership.holds_on("2025-05-26".parse().unwrap()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubgroupMembership {
    /// The pupil.
    pub pupil: AccountId,
    /// The class that is divided.
    pub class: ClassId,
    /// The one subject it is for; none for every subject taught in subgroups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The part.
    pub subgroup: Subgroup,
    /// The first day.
    pub from: NaiveDate,
    /// The last day; none while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

impl SubgroupMembership {
    /// Whether it holds on this day.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}
