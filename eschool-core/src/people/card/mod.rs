//! Registration cards: a pupil's login and password on paper.

mod error;
mod issue;
mod journal;
mod login;
mod new_password;
mod paper;
mod password;
mod transliteration;

use alloc::string::String;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub(super) use self::login::LONGEST_PREFIX;
pub use self::{
    error::CardError,
    issue::may_issue_card,
    journal::{CardJournal, CardJournalError, CardRecord, CardStep},
    login::{free_login, login_candidates},
    new_password::{PasswordRuleError, check_new_password},
    password::{PASSWORD_ALPHABET, password_from},
    transliteration::transliterate,
};
use crate::{
    identity::{FullName, Login},
    policy::Role,
    wire::masked,
};

/// A registration card (*карточка регистрации доступа*), with every field of the card in the
/// document from Рязань: the only place where the password stands in clear.
///
/// What is empty or absent is not known, and stands on the paper as a line to be filled by hand.
///
/// ```
/// use eschool_core::people::RegistrationCard;
///
/// let card: RegistrationCard = serde_json::from_str(
///     r#"{"school": "МБОУ «Школа № 7»", "founder": "Управление образования",
///         "municipality": "городской округ", "class": "3Б",
///         "name": {"family": "Проверка", "given": "Анна", "patronymic": "none"},
///         "login": "pr7_proverka", "password": "25ens2dh", "registered": "2022-08-30",
///         "access": {"address": "https://school.example.org"}}"#,
/// )?;
/// assert!(!format!("{card:?}").contains("25ens2dh"));
/// assert!(card.text_ru().contains("│ 2 │ 5 │ e │ n │ s │ 2 │ d │ h │"));
/// assert!(card.text_ru().contains("https://school.example.org"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct RegistrationCard {
    /// The system that the card opens (*АИС*), without quotation marks.
    #[serde(default = "electronic_school")]
    pub system: String,
    /// The school's name (*организация*).
    pub school: String,
    /// Its founder (*учредитель*).
    pub founder: String,
    /// Its municipality.
    pub municipality: String,
    /// The pupil's class; empty for who is in none. The document's card does not have it: a class
    /// teacher who hands out thirty does.
    #[serde(default)]
    pub class: String,
    /// The name (*фамилия, имя, отчество*).
    pub name: FullName,
    /// The login.
    pub login: Login,
    /// The password, one character per box of the card.
    #[serde(deserialize_with = "masked::string")]
    pub password: String,
    /// As what its holder signs in (*права доступа*).
    #[serde(default = "pupil")]
    pub rights: Role,
    /// The day the card was made (*дата регистрации*).
    pub registered: NaiveDate,
    /// Where and with what one signs in (*параметры доступа*).
    #[serde(default)]
    pub access: AccessParameters,
    /// Who helps with the system (*техническая поддержка*).
    #[serde(default)]
    pub support: SupportContacts,
    /// Who made the login and the password (*ответственный за генерацию*).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible: Option<FullName>,
    /// The day it was printed (*карточка распечатана*).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed: Option<NaiveDate>,
    /// The day it was handed out (*карточка выдана*).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_out: Option<NaiveDate>,
}

/// What the system is called where nobody says otherwise.
fn electronic_school() -> String {
    RegistrationCard::ELECTRONIC_SCHOOL.into()
}

const fn pupil() -> Role {
    Role::Pupil
}

impl RegistrationCard {
    /// The system's name in the documents of both regions.
    ///
    /// ```
    /// use eschool_core::people::RegistrationCard;
    ///
    /// assert_eq!(RegistrationCard::ELECTRONIC_SCHOOL, "Электронная школа");
    /// ```
    pub const ELECTRONIC_SCHOOL: &'static str = "Электронная школа";
}

impl core::fmt::Debug for RegistrationCard {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("RegistrationCard(***)")
    }
}

/// Where and with what one signs in (*параметры доступа*).
///
/// ```
/// use eschool_core::people::AccessParameters;
///
/// let access: AccessParameters = serde_json::from_str(r#"{"line": "не менее 256 Кбит/с"}"#)?;
/// assert_eq!(access.address, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct AccessParameters {
    /// The address to open in a browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Which browsers serve, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browsers: Option<String>,
    /// How fast a line it takes, in words, as in `не менее 256 Кбит/с`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
}

/// Who helps with the system (*техническая поддержка*).
///
/// ```
/// use eschool_core::people::SupportContacts;
///
/// let support: SupportContacts = serde_json::from_str(r#"{"site": "help.example.org"}"#)?;
/// assert_eq!(support.contacts, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SupportContacts {
    /// The site of technical support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Its telephone or e-mail, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacts: Option<String>,
}

#[cfg(test)]
mod tests;
