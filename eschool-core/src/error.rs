//! What every error of this crate has: a stable code and a text for people.

use alloc::string::{String, ToString};

use serde::{Deserialize, Serialize};

/// An error that can be shown to a person and recognised by a program.
///
/// `Display` gives the English text, lower-case and without a final period. Neither text holds
/// personal data: the value that was refused is never repeated.
///
/// ```
/// use eschool_core::{error::CodedError, identity::Snils};
///
/// let error = Snils::parse("112-233-445 96").unwrap_err();
/// assert_eq!(error.code(), "snils_checksum");
/// assert!(error.text_ru().contains("СНИЛС"));
/// ```
pub trait CodedError: core::error::Error {
    /// The stable snake_case code.
    fn code(&self) -> &'static str;

    /// What a person reads, in Russian.
    fn text_ru(&self) -> &'static str;
}

/// An error as it crosses every border: HTTP, Kotlin, Swift, TypeScript.
///
/// ```
/// use eschool_core::{error::ApiError, identity::MobilePhone};
///
/// let error = MobilePhone::parse("8 (4912) 25-33-11").unwrap_err();
/// let api = ApiError::of(&error, Some("phone"));
/// assert_eq!((api.code.as_str(), api.field.as_deref()), ("phone_not_mobile", Some("phone")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiError {
    /// The stable snake_case code.
    pub code: String,
    /// The input the error is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What a person reads, in Russian.
    pub text_ru: String,
    /// The same in English.
    pub text_en: String,
}

impl ApiError {
    /// The border form of a typed error.
    #[must_use]
    pub fn of(error: &dyn CodedError, field: Option<&str>) -> Self {
        Self {
            code: error.code().into(),
            field: field.map(String::from),
            text_ru: error.text_ru().into(),
            text_en: error.to_string(),
        }
    }
}
