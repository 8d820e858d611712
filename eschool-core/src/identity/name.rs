//! Full names, and how they are compared.

mod wire;

use alloc::{
    format,
    string::{String, ToString as _},
};
use core::fmt;

use serde::Serialize;
use thiserror::Error;

use super::fold::{fold_name, folds_alike};
use crate::error::{CodedError, Seen};

/// A full name (*ФИО*): family name, given name, patronymic. What was typed is kept for printing.
///
/// ```
/// use eschool_core::identity::{FullName, Patronymic};
///
/// let name = FullName::new("Ёлкина", "Анна", Some("-"))?;
/// assert_eq!(name.patronymic(), &Patronymic::None);
/// assert_eq!(name.to_string(), "Ёлкина Анна");
/// assert!(name.family_matches(&FullName::new("ЕЛКИНА", "Яна", None)?));
/// # Ok::<(), eschool_core::identity::NameError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(
    feature = "wasm",
    derive(tsify::Tsify),
    tsify(
        type = "{ family: string; given: string; patronymic?: Patronymic }",
        rename = "FullNameParts"
    )
)]
pub struct FullName {
    family: String,
    given: String,
    patronymic: Patronymic,
}

/// A patronymic (*отчество*), or what is known of its absence.
///
/// ```
/// use eschool_core::identity::Patronymic;
///
/// assert_eq!(Patronymic::of_cell("нет"), Ok(Patronymic::None));
/// assert_eq!(Patronymic::of_cell(""), Ok(Patronymic::Missing));
///
/// let newer: Patronymic = serde_json::from_str(r#""not_asked""#)?;
/// assert_eq!(newer, Patronymic::Unknown("not_asked".into()));
/// // A name is none of its words: it stands under `given`.
/// assert!(serde_json::from_str::<Patronymic>(r#""Сергеевна""#).is_err());
/// assert!(serde_json::from_str::<Patronymic>(r#"{"given": "Сергеевна"}"#).is_ok());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Patronymic {
    /// The person has this one.
    Given(String),
    /// The person has none, and staff confirmed it.
    None,
    /// Nobody said: the name is incomplete. So is a name on the wire that says nothing of it.
    #[default]
    Missing,
    /// What this version does not know, kept as it came: a word of at most 32 small Latin letters
    /// and `_`. It tells as little as a missing one.
    #[serde(untagged)]
    Unknown(String),
}

/// A part of a full name.
///
/// ```
/// use eschool_core::identity::{FullName, NameError, NamePart};
///
/// let error = FullName::new("Ёлкина", "", None).unwrap_err();
/// assert_eq!(error, NameError::Missing { part: NamePart::Given });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamePart {
    /// Фамилия.
    Family,
    /// Имя.
    Given,
    /// Отчество.
    Patronymic,
}

impl NamePart {
    /// Its name on the wire.
    const fn field(self) -> &'static str {
        match self {
            Self::Family => "family",
            Self::Given => "given",
            Self::Patronymic => "patronymic",
        }
    }
}

impl fmt::Display for NamePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Family => "family name",
            Self::Given => "given name",
            Self::Patronymic => "patronymic",
        })
    }
}

/// Why a text is no name. The name is never shown, only the sign that stands in none.
///
/// ```
/// use eschool_core::identity::FullName;
///
/// let error = FullName::new("Ёлкина", "Анн4", None).unwrap_err();
/// assert_eq!(error.to_string(), "the given name `***` has the sign `4`, which no name has");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    /// A part is empty that everybody has.
    #[error("the {part} is missing")]
    Missing {
        /// Which part.
        part: NamePart,
    },
    /// There is a sign no name has.
    #[error("the {part} `***` has the sign `{}`, which no name has", Seen(*.sign))]
    Malformed {
        /// Which part.
        part: NamePart,
        /// The first such sign.
        sign: char,
    },
    /// There are signs alone, and no letter.
    #[error("the {part} `***` has no letter")]
    NoLetter {
        /// Which part.
        part: NamePart,
    },
    /// A part is longer than 100 characters.
    #[error("the {part} `***` is longer than 100 characters")]
    TooLong {
        /// Which part.
        part: NamePart,
    },
    /// A patronymic on the wire stands neither under `given` nor as a word like `none`.
    #[error("the patronymic `***` is no word of the wire; put it under `given`")]
    NoWord,
}

impl NameError {
    /// Which part of the name it is about.
    #[must_use]
    pub const fn part(&self) -> NamePart {
        match self {
            Self::Missing { part }
            | Self::Malformed { part, .. }
            | Self::NoLetter { part }
            | Self::TooLong { part } => *part,
            Self::NoWord => NamePart::Patronymic,
        }
    }
}

impl CodedError for NameError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "name_missing",
            Self::Malformed { .. } | Self::NoLetter { .. } | Self::NoWord => "name_malformed",
            Self::TooLong { .. } => "name_too_long",
        }
    }

    fn text_ru(&self) -> &'static str {
        use NamePart::{Family, Given, Patronymic};
        match (self, self.part()) {
            (Self::NoWord, _) => "Отчество передано не по форме: оно должно стоять в поле «given»",
            (Self::Missing { .. }, Family) => "Укажите фамилию",
            (Self::Missing { .. }, Given) => "Укажите имя",
            (Self::Missing { .. }, Patronymic) => "Укажите отчество или отметьте, что его нет",
            (Self::Malformed { .. } | Self::NoLetter { .. }, Family) => {
                "В фамилии лишние знаки: нужны буквы, пробел, дефис, апостроф"
            }
            (Self::Malformed { .. } | Self::NoLetter { .. }, Given) => {
                "В имени лишние знаки: нужны буквы, пробел, дефис, апостроф"
            }
            (Self::Malformed { .. } | Self::NoLetter { .. }, Patronymic) => {
                "В отчестве лишние знаки: нужны буквы, пробел, дефис, апостроф"
            }
            (Self::TooLong { .. }, Family) => "Фамилия длиннее ста знаков",
            (Self::TooLong { .. }, Given) => "Имя длиннее ста знаков",
            (Self::TooLong { .. }, Patronymic) => "Отчество длиннее ста знаков",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(self.part().field())
    }

    fn value(&self) -> Option<String> {
        match self {
            Self::Missing { .. } => None,
            _ => Some("***".into()),
        }
    }
}

impl Patronymic {
    /// Reads a cell of a file or a form: `-` and `нет`, with Latin look-alikes too, mean none, an
    /// empty cell that nobody said.
    ///
    /// # Errors
    /// [`NameError`] for characters that names do not have.
    pub fn of_cell(text: &str) -> Result<Self, NameError> {
        let text = tidy(text);
        match text.as_str() {
            "" => Ok(Self::Missing),
            "-" | "–" | "—" => Ok(Self::None),
            word if folds_alike(word, "нет") => Ok(Self::None),
            _ => checked(NamePart::Patronymic, text).map(Self::Given),
        }
    }

    /// The patronymic, if the person has one that is known.
    #[must_use]
    pub fn as_deref(&self) -> Option<&str> {
        match self {
            Self::Given(text) => Some(text),
            Self::None | Self::Missing | Self::Unknown(_) => None,
        }
    }

    /// Whether somebody said which patronymic the person has, or that there is none.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        matches!(self, Self::Given(_) | Self::None)
    }
}

impl FullName {
    const LONGEST_PART: usize = 100;

    /// The name with these parts, spaces tidied; the patronymic is read as a
    /// [cell](Patronymic::of_cell).
    ///
    /// # Errors
    /// [`NameError`] for an empty family or given name and for characters that names do not have.
    pub fn new(family: &str, given: &str, patronymic: Option<&str>) -> Result<Self, NameError> {
        Ok(Self {
            family: checked(NamePart::Family, tidy(family))?,
            given: checked(NamePart::Given, tidy(given))?,
            patronymic: Patronymic::of_cell(patronymic.unwrap_or_default())?,
        })
    }

    /// The name with these parts, spaces tidied; the patronymic is taken for what it is, in a form
    /// this version does not know too. Who keeps the parts apart gets the same name back.
    ///
    /// ```
    /// use eschool_core::identity::{FullName, Patronymic};
    ///
    /// let newer = Patronymic::Unknown("not_asked".into());
    /// let name = FullName::of_parts("Ёлкина", "Анна", newer.clone())?;
    /// assert_eq!(name.patronymic(), &newer);
    /// # Ok::<(), eschool_core::identity::NameError>(())
    /// ```
    ///
    /// # Errors
    /// [`NameError`] for an empty part, for characters that names do not have, and for an unknown
    /// patronymic that is none of a newer version's words.
    pub fn of_parts(family: &str, given: &str, patronymic: Patronymic) -> Result<Self, NameError> {
        Ok(Self {
            family: checked(NamePart::Family, tidy(family))?,
            given: checked(NamePart::Given, tidy(given))?,
            patronymic: match patronymic {
                Patronymic::Given(text) => {
                    Patronymic::Given(checked(NamePart::Patronymic, tidy(&text))?)
                }
                Patronymic::Unknown(word) if !is_word(&word) => return Err(NameError::NoWord),
                absent => absent,
            },
        })
    }

    /// What an account is called whose holder was [erased](crate::signin::may_erase) and whose
    /// journal stays.
    ///
    /// ```
    /// use eschool_core::identity::FullName;
    ///
    /// let nobody = FullName::erased();
    /// assert!(nobody.is_erased());
    /// assert_eq!(FullName::new(nobody.family(), nobody.given(), Some("нет")), Ok(nobody));
    /// ```
    #[must_use]
    pub fn erased() -> Self {
        Self {
            family: String::from("Данные"),
            given: String::from("удалены"),
            patronymic: Patronymic::None,
        }
    }

    /// Whether it stands for somebody who was erased.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        *self == Self::erased()
    }

    /// The family name (*фамилия*).
    #[must_use]
    pub fn family(&self) -> &str {
        &self.family
    }

    /// The given name (*имя*).
    #[must_use]
    pub fn given(&self) -> &str {
        &self.given
    }

    /// The patronymic (*отчество*).
    #[must_use]
    pub const fn patronymic(&self) -> &Patronymic {
        &self.patronymic
    }

    /// Whether the family names are the same when folded.
    #[must_use]
    pub fn family_matches(&self, other: &Self) -> bool {
        folds_alike(&self.family, &other.family)
    }

    /// Whether the given names are the same when folded.
    #[must_use]
    pub fn given_matches(&self, other: &Self) -> bool {
        folds_alike(&self.given, &other.given)
    }

    /// Whether the patronymics are the same when folded; a [missing](Patronymic::Missing) one
    /// contradicts nothing.
    #[must_use]
    pub fn patronymic_matches(&self, other: &Self) -> bool {
        let (ours, theirs) = (&self.patronymic, &other.patronymic);
        let fold_alike = || match (ours.as_deref(), theirs.as_deref()) {
            (Some(ours), Some(theirs)) => folds_alike(ours, theirs),
            (ours, theirs) => ours == theirs,
        };
        !ours.is_known() || !theirs.is_known() || fold_alike()
    }

    /// Whether the whole names are the same when folded.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.family_matches(other) && self.given_matches(other) && self.patronymic_matches(other)
    }

    /// The whole name folded: what a list is sorted and searched by.
    #[must_use]
    pub fn folded(&self) -> String {
        fold_name(&self.to_string())
    }
}

/// One space where there were several, none at the ends.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !tidied.is_empty() {
            tidied.push(' ');
        }
        tidied.push_str(word);
    }
    tidied
}

fn checked(part: NamePart, text: String) -> Result<String, NameError> {
    let fits = |c: char| {
        c.is_alphabetic()
            || matches!(c, ' ' | '-' | '\'' | '.' | '(' | ')' | '’' | 'ʼ' | '`' | ',')
            || matches!(c, '\u{2010}'..='\u{2015}' | '\u{306}' | '\u{308}')
    };
    if text.is_empty() {
        Err(NameError::Missing { part })
    } else if text.chars().nth(FullName::LONGEST_PART).is_some() {
        Err(NameError::TooLong { part })
    } else if let Some(sign) = text.chars().find(|c| !fits(*c)) {
        Err(NameError::Malformed { part, sign })
    } else if text.chars().any(char::is_alphabetic) {
        Ok(text)
    } else {
        Err(NameError::NoLetter { part })
    }
}

/// Whether a newer version may say this of a patronymic; a name is no such word, and what this
/// version knows would be read back as that.
fn is_word(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && !matches!(text, "given" | "none" | "missing")
        && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

impl fmt::Display for FullName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.patronymic.as_deref() {
            Some(patronymic) => f.pad(&format!("{} {} {patronymic}", self.family, self.given)),
            None => f.pad(&format!("{} {}", self.family, self.given)),
        }
    }
}

impl fmt::Debug for FullName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FullName(***)")
    }
}

impl fmt::Debug for Patronymic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Given(_) => "Given(***)",
            Self::None => "None",
            Self::Missing => "Missing",
            Self::Unknown(_) => "Unknown(***)",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_checked() {
        for (family, given, patronymic, expected) in [
            ("Иванова-Петрова", "Анна", Some("Сергеевна"), Ok("Иванова-Петрова Анна Сергеевна")),
            ("О’Нил", "Шон", Some("нет"), Ok("О’Нил Шон")),
            // Latin `e`, then all but the last letter
            ("О’Нил", "Шон", Some("нeт"), Ok("О’Нил Шон")),
            ("О’Нил", "Шон", Some(" HEТ "), Ok("О’Нил Шон")),
            ("О’Нил", "Шон", Some("Нетович"), Ok("О’Нил Шон Нетович")),
            ("Мамедов", "Али", Some("Гасан оглы"), Ok("Мамедов Али Гасан оглы")),
            ("", "Анна", None, Err(("name_missing", "family", None))),
            ("Иванова", "  ", None, Err(("name_missing", "given", None))),
            ("Иван0ва", "Анна", None, Err(("name_malformed", "family", Some("`0`")))),
            ("Иванова", "Анна\u{0}", None, Err(("name_malformed", "given", Some(r"`\0`")))),
            ("Иванова", "Анна", Some("5"), Err(("name_malformed", "patronymic", Some("`5`")))),
            ("--", "Анна", None, Err(("name_malformed", "family", Some("no letter")))),
        ] {
            match FullName::new(family, given, patronymic) {
                Ok(name) => assert_eq!(Ok(name.to_string().as_str()), expected),
                Err(error) => {
                    let (code, field, said) = expected.unwrap_err();
                    assert_eq!((error.code(), error.field()), (code, Some(field)), "{family}");
                    assert!(error.to_string().contains(said.unwrap_or("missing")), "{error}");
                }
            }
        }
        let long = "А".repeat(101);
        for (name, part) in [
            (FullName::new(&long, "Б", None), NamePart::Family),
            (FullName::new("Б", &long, None), NamePart::Given),
            (FullName::new("Б", "В", Some(&long)), NamePart::Patronymic),
        ] {
            assert_eq!(name, Err(NameError::TooLong { part }));
        }
        assert!(FullName::new(&"А".repeat(100), "Б", None).is_ok());
    }

    #[test]
    fn a_missing_patronymic_contradicts_nothing_and_none_contradicts_a_given_one() {
        let with = |patronymic| FullName::new("Ли", "Ян", Some(patronymic)).unwrap();
        assert!(with("").matches(&with("Минович")));
        assert!(with("").matches(&with("-")));
        assert!(!with("-").matches(&with("Минович")));
        assert!(!with("Минович").matches(&with("Олегович")));
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in any::<String>()) {
            let _ = FullName::new(&text, &text, Some(&text));
        }
    }
}
