//! Schools and who works in them.

use alloc::string::String;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
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
/// assert_eq!(school.login_prefix, "pr7");
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
    /// What its logins begin with, as in `pr7`; unique in the installation.
    pub login_prefix: String,
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
