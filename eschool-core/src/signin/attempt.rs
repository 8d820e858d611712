//! Somebody at the door.

use alloc::{string::String, vec::Vec};
use core::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    identity::{BirthDate, Email, FullName, MobilePhone, Snils},
    wire::{masked, wire_enum},
};

/// When it is: the instant, and the date at the school. The core reads no clock.
///
/// The date is that of the school of the login, of the card, of the session. Where accounts of
/// several schools are judged at once, as after a sign-in through ЕСИА, the adapter passes the date
/// of their common time zone; if they have none, that of the installation, so that one moment is
/// one day for all of them. It differs from a school's own by a day at most, and only between
/// midnight here and midnight there.
///
/// ```
/// use eschool_core::signin::At;
///
/// // Late in the evening in Greenwich it is tomorrow in Петропавловск-Камчатский.
/// let at = At { instant: "2025-02-27T20:00:00Z".parse()?, date: "2025-02-28".parse()? };
/// assert!(at.instant.date_naive() < at.date);
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct At {
    /// The instant.
    pub instant: DateTime<Utc>,
    /// The local date: what "today" means for ages and terms.
    pub date: NaiveDate,
}

/// An attempt to sign in.
///
/// ```
/// use eschool_core::signin::{Attempt, PasswordAttempt};
///
/// let attempt = Attempt::Password(PasswordAttempt { login: "pr7_test".into() });
/// assert_eq!(format!("{attempt:?}"), "Password(PasswordAttempt(***))");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum), uniffi::export(Debug))]
#[cfg_attr(
    feature = "wasm",
    derive(serde::Serialize, serde::Deserialize, tsify::Tsify),
    serde(rename_all = "snake_case")
)]
pub enum Attempt {
    /// With the login of a registration card.
    Password(PasswordAttempt),
    /// Through ЕСИА, which vouches for a person.
    Esia(EsiaPerson),
}

/// A login as it was typed. The password itself never comes here: the adapter checks it and tells
/// [`decide`](super::decide) the result.
///
/// ```
/// use eschool_core::signin::PasswordAttempt;
///
/// let attempt = PasswordAttempt { login: " PR7_Test".into() }; // as typed: `admit` folds it
/// assert!(!format!("{attempt:?}").contains("PR7"));
/// ```
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(serde::Serialize, serde::Deserialize, tsify::Tsify))]
pub struct PasswordAttempt {
    /// The login as typed.
    pub login: String,
}

impl fmt::Debug for PasswordAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordAttempt(***)")
    }
}

/// What ЕСИА says of the person who signed in there.
///
/// ```
/// use eschool_core::signin::EsiaPerson;
///
/// let person: EsiaPerson = serde_json::from_str(
///     r#"{"oid": "1000299353", "assurance": "confirmed",
///         "name": {"family": "Ёлкина", "given": "Анна", "patronymic": "missing"},
///         "snils": "000-000-600 06", "verifiedPhone": "+79123456789"}"#,
/// )?;
/// assert!(!format!("{person:?}").contains("1000299353"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct EsiaPerson {
    /// The person's number in ЕСИА.
    #[serde(deserialize_with = "masked::string")]
    pub oid: String,
    /// The type of the account.
    pub assurance: Assurance,
    /// The name.
    pub name: FullName,
    /// The birth date, if the scope holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<BirthDate>,
    /// The СНИЛС, if the scope holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snils: Option<Snils>,
    /// The mobile phone, only if ЕСИА verified it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_phone: Option<MobilePhone>,
    /// The e-mail, only if ЕСИА verified it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_email: Option<Email>,
    /// The children whom ЕСИА lists for the person, if the scope holds them. That somebody is
    /// listed here opens nobody's diary: whose parent an account is, the school says.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "masked::list")]
    pub children: Vec<EsiaChild>,
}

/// A child as ЕСИА lists it for a parent. What the scope does not hold is absent.
///
/// ```
/// use eschool_core::signin::EsiaChild;
///
/// let child: EsiaChild = serde_json::from_str(r#"{"birthDate": "2015-03-08"}"#)?;
/// assert_eq!(child.birth_date, "08.03.2015".parse().ok());
/// assert_eq!(format!("{child:?}"), "EsiaChild(***)");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct EsiaChild {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<FullName>,
    /// The birth date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<BirthDate>,
    /// The СНИЛС.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snils: Option<Snils>,
}

impl<'de> Deserialize<'de> for EsiaChild {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Fields {
            name: Option<FullName>,
            birth_date: Option<BirthDate>,
            snils: Option<Snils>,
        }
        let Fields { name, birth_date, snils } = masked::object(deserializer)?;
        Ok(Self { name, birth_date, snils })
    }
}

impl fmt::Debug for EsiaChild {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EsiaChild(***)")
    }
}

impl fmt::Debug for EsiaPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EsiaPerson").field("assurance", &self.assurance).finish_non_exhaustive()
    }
}

wire_enum! {
    /// The type of an account in ЕСИА (*тип учётной записи*).
    ///
    /// The wire does not tell a simplified account from a standard one: both are unconfirmed.
    ///
    /// ```
    /// use eschool_core::signin::Assurance;
    ///
    /// assert_eq!(Assurance::Confirmed.text_ru(), "подтверждённая");
    /// ```
    pub enum Assurance {
        /// Не подтверждена: упрощённая или стандартная.
        Unconfirmed = "unconfirmed",
        /// Детская.
        Child = "child",
        /// Подтверждённая.
        Confirmed = "confirmed",
    }
}

impl Assurance {
    /// The word a person reads.
    #[must_use]
    pub fn text_ru(&self) -> &str {
        match self {
            Self::Unconfirmed => "не подтверждена",
            Self::Child => "детская",
            Self::Confirmed => "подтверждённая",
            Self::Unknown(text) => text,
        }
    }
}
