//! What every error of this crate has: a stable code and a text for people.

mod shown;

use alloc::string::{String, ToString};

use serde::{Deserialize, Serialize};

pub use shown::{MaskedNumber, Shown};

/// An error that can be shown to a person and recognised by a program.
///
/// `Display` gives the English text, lower-case and without a final period, with the value in
/// backticks. Neither text holds personal data: of a number the last two digits are shown, of a
/// name, a birth date, an e-mail or a login nothing.
///
/// ```
/// use eschool_core::{error::CodedError, identity::Snils};
///
/// let error = Snils::parse("112-233-445 96").unwrap_err();
/// assert_eq!((error.code(), error.field()), ("snils_checksum", Some("snils")));
/// assert_eq!(error.value().as_deref(), Some("***-***-*** 96"));
/// assert!(error.text_ru().contains("СНИЛС"));
/// ```
pub trait CodedError: core::error::Error {
    /// The stable snake_case code.
    fn code(&self) -> &'static str;

    /// What a person reads, in Russian.
    fn text_ru(&self) -> &'static str;

    /// The field that was refused, by its name on the wire, where the error is about one.
    fn field(&self) -> Option<&'static str> {
        None
    }

    /// The value that was refused, cut where it is long and masked where it is personal; none for
    /// a missing one.
    fn value(&self) -> Option<String> {
        None
    }
}

/// An error as it crosses every border: HTTP, Kotlin, Swift, TypeScript.
///
/// ```
/// use eschool_core::{error::ApiError, identity::MobilePhone};
///
/// let error = MobilePhone::parse("8 (4912) 25-33-11").unwrap_err();
/// let api = ApiError::of(&error, Some("contact"));
/// assert_eq!((api.code.as_str(), api.field.as_deref()), ("phone_not_mobile", Some("contact")));
/// assert_eq!(api.value.as_deref(), Some("***11"));
/// assert_eq!(ApiError::of(&error, None).field.as_deref(), Some("phone"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiError {
    /// The stable snake_case code.
    pub code: String,
    /// The input the error is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What was refused, if it is one value: cut where it is long, masked where it is personal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What a person reads, in Russian.
    pub text_ru: String,
    /// The same in English.
    pub text_en: String,
}

impl ApiError {
    /// The border form of a typed error. The field is the caller's name of it, else the error's
    /// own.
    #[must_use]
    pub fn of(error: &dyn CodedError, field: Option<&str>) -> Self {
        Self {
            code: error.code().into(),
            field: field.or_else(|| error.field()).map(String::from),
            value: error.value(),
            text_ru: error.text_ru().into(),
            text_en: error.to_string(),
        }
    }
}
