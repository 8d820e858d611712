//! Schools and who works in them.

use alloc::string::{String, ToString as _};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::card::LONGEST_PREFIX;
use crate::{
    error::{CodedError, Shown},
    id::{AccountId, ClassId, SchoolId},
    wire::wire_enum,
};

/// A school (*образовательная организация*).
///
/// ```
/// use eschool_core::people::School;
///
/// let school: School = serde_json::from_str(
///     r#"{"id": "019379ab-0000-7000-8000-000000000001", "name": "МБОУ «Школа № 7»",
///         "founder": "Управление образования", "municipality": "городской округ",
///         "timeZone": "Europe/Moscow", "loginPrefix": "pr7"}"#,
/// )?;
/// assert_eq!(school.validate(), Ok(()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct School {
    /// Its identifier.
    pub id: SchoolId,
    /// Its full name (*наименование*).
    pub name: String,
    /// Its founder (*учредитель*).
    pub founder: String,
    /// Its municipality (*муниципалитет*).
    pub municipality: String,
    /// Its time zone by its IANA name, as in `Europe/Samara`: what "today" means here.
    pub time_zone: String,
    /// What its logins begin with, as in `pr7`: 1 to 14 lower-case Latin letters, digits, `_`, `-`
    /// and `.`; unique in the installation.
    pub login_prefix: String,
}

/// Why a school cannot stand.
///
/// ```
/// use eschool_core::{error::CodedError, people::SchoolError};
///
/// let error = SchoolError::of_login_prefix("школа 7");
/// assert_eq!((error.code(), error.field()), ("login_prefix_malformed", Some("loginPrefix")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SchoolError {
    /// No login begins so, or a long name would leave no login.
    #[error(
        "the login prefix `{value}` is not 1 to 14 lower-case latin letters, digits, `_`, `-` or `.`"
    )]
    LoginPrefix {
        /// The prefix.
        value: Shown,
    },
}

impl SchoolError {
    /// The error about this prefix.
    #[must_use]
    pub fn of_login_prefix(prefix: &str) -> Self {
        Self::LoginPrefix { value: Shown::of(prefix) }
    }
}

impl CodedError for SchoolError {
    fn code(&self) -> &'static str {
        "login_prefix_malformed"
    }

    fn text_ru(&self) -> &'static str {
        "Начало логинов школы\u{a0}– от 1 до 14 строчных латинских букв, цифр и знаков «_», «-», «.»"
    }

    fn field(&self) -> Option<&'static str> {
        Some("loginPrefix")
    }

    fn value(&self) -> Option<String> {
        let Self::LoginPrefix { value } = self;
        Some(value.to_string())
    }
}

impl School {
    /// Checks, when a school is made, that every pupil's
    /// [login](super::login_candidates) can begin with its prefix. Later it is too late to find out:
    /// the first card would be refused.
    ///
    /// # Errors
    /// [`SchoolError`] shows the prefix.
    pub fn validate(&self) -> Result<(), SchoolError> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.".contains(c);
        let prefix = self.login_prefix.as_str();
        if (1..=LONGEST_PREFIX).contains(&prefix.len()) && prefix.chars().all(fits) {
            Ok(())
        } else {
            Err(SchoolError::of_login_prefix(prefix))
        }
    }
}

/// What a member of staff does in a school (*должность*).
///
/// ```
/// use eschool_core::people::StaffPost;
///
/// let post: StaffPost = serde_json::from_str(
///     r#"{"account": "019379ab-0000-7000-8000-000000000002", "subject": "Химия"}"#,
/// )?;
/// assert!(post.class_teacher_of.is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StaffPost {
    /// Whose post it is.
    pub account: AccountId,
    /// The subject taught; empty for who teaches none.
    #[serde(default)]
    pub subject: String,
    /// The class led (*классное руководство*).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_teacher_of: Option<ClassId>,
    /// The last day at work, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

impl StaffPost {
    /// Whether the post is held on this day, the last one included.
    ///
    /// ```
    /// use eschool_core::people::StaffPost;
    ///
    /// let post: StaffPost = serde_json::from_str(
    ///     r#"{"account": "019379ab-0000-7000-8000-000000000002", "until": "2025-05-31"}"#,
    /// )?;
    /// assert!(post.holds_on("2025-05-31".parse().unwrap()));
    /// assert!(!post.holds_on("2025-06-01".parse().unwrap()));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.until.is_none_or(|until| day <= until)
    }

    /// The class led after a list of the staff, which may name one, or none, or say nothing of it.
    /// A list of a school year that another has followed (`is_past`) does not: who led «7А» leads
    /// «8А» by now, or nobody.
    ///
    /// ```
    /// use eschool_core::people::StaffPost;
    ///
    /// let post: StaffPost = serde_json::from_str(
    ///     r#"{"account": "019379ab-0000-7000-8000-000000000002",
    ///         "classTeacherOf": "019379ab-0000-7000-8000-0000000000c8"}"#,
    /// )?;
    /// let other = "019379ab-0000-7000-8000-0000000000c7".parse().ok();
    /// assert_eq!(post.led_after_list(Some(other), false), other);
    /// assert_eq!(post.led_after_list(Some(None), false), None);
    /// assert_eq!(post.led_after_list(Some(other), true), post.class_teacher_of);
    /// assert_eq!(post.led_after_list(None, false), post.class_teacher_of);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn led_after_list(
        &self,
        listed: Option<Option<ClassId>>,
        is_past: bool,
    ) -> Option<ClassId> {
        listed.filter(|_| !is_past).unwrap_or(self.class_teacher_of)
    }
}

wire_enum! {
    /// What somebody answers for in a school, whatever their post (*обязанность*).
    ///
    /// ```
    /// use eschool_core::people::Duty;
    ///
    /// assert_eq!(Duty::from("administrator"), Duty::Administrator);
    /// assert_eq!(Duty::Administrator.text_ru(), "администратор школы");
    /// ```
    pub enum Duty {
        /// Администратор школы.
        Administrator = "administrator",
        /// Сотрудник, ответственный за данные родителей.
        Registrar = "registrar",
        /// Техническая поддержка of every school; no school gives it to its own staff.
        Support = "support",
        /// Оператор региона, who joins accounts across schools; no school gives it either.
        Operator = "operator",
    }
}

impl Duty {
    /// The words a person reads.
    #[must_use]
    pub fn text_ru(&self) -> &str {
        match self {
            Self::Administrator => "администратор школы",
            Self::Registrar => "ответственный за данные родителей",
            Self::Support => "техническая поддержка",
            Self::Operator => "оператор региона",
            Self::Unknown(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{identity::FullName, people::login_candidates};

    fn with(prefix: &str) -> School {
        serde_json::from_value(serde_json::json!({
            "id": "019379ab-0000-7000-8000-000000000001", "name": "МБОУ «Школа № 7»",
            "founder": "", "municipality": "", "timeZone": "Europe/Moscow", "loginPrefix": prefix,
        }))
        .unwrap()
    }

    #[test]
    fn a_prefix_that_is_taken_gives_every_name_all_of_its_logins() {
        let longest = FullName::new(&"Щ".repeat(100), "Щукарь", None).unwrap();
        let of_one_letter = FullName::new("А", "А", None).unwrap();
        for prefix in ["s", "pr7", "_-.", "school-no.1234"] {
            assert_eq!(with(prefix).validate(), Ok(()), "{prefix}");
            for name in [&longest, &of_one_letter] {
                assert_eq!(login_candidates(prefix, name).count(), 10_002, "{prefix} {name}");
            }
        }
    }

    #[test]
    fn any_other_is_refused_and_shown() {
        for prefix in ["", "PR7", "пр7", "pr 7", "pr7\n", "ｐr7", "school-no.12345"] {
            let error = with(prefix).validate().unwrap_err();
            assert_eq!(error.code(), "login_prefix_malformed", "{prefix:?}");
            let shown = error.value().unwrap();
            assert!(error.to_string().contains(&shown), "{error}");
        }
    }
}
