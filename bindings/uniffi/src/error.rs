//! Inputs that are wrong before any rule is asked, and the list of all codes.

use std::collections::BTreeSet;

use eschool_core::{
    error::{ApiError, CodedError},
    foreign::ForeignError,
};
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::Answer;

/// Why a text or a number that came from Kotlin or Swift cannot be used.
///
/// ```
/// use eschool_core::error::CodedError as _;
/// use eschool_uniffi::InputError;
///
/// assert_eq!(InputError::PresetUnknown.code(), "preset_unknown");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InputError {
    /// A text is not the JSON that is wanted. Nothing of the text is shown: it may be about somebody.
    #[error("the JSON does not say a {wanted}: line {line}, column {column}")]
    JsonMalformed {
        /// What it should have said.
        wanted: &'static str,
        /// The line where it stops to.
        line: usize,
        /// The column there.
        column: usize,
    },
    /// A policy does not read, or its rules contradict each other.
    #[error("the policy does not read: {why}")]
    PolicyMalformed {
        /// What is wrong where.
        why: String,
    },
    /// Days that no diary is composed of: for so many there may be no memory, which ends a program.
    #[error("the range has {days} days; a diary is composed of at most 3660")]
    RangeTooLong {
        /// How many it has.
        days: u32,
    },
    /// No preset has this name.
    #[error("there is no such preset; policyPresets names them")]
    PresetUnknown,
}

impl InputError {
    /// Every code of this type.
    pub(crate) const CODES: [&'static str; 4] =
        ["json_malformed", "policy_malformed", "preset_unknown", "range_too_long"];
}

impl CodedError for InputError {
    fn code(&self) -> &'static str {
        let [json, policy, preset, range] = Self::CODES;
        match self {
            Self::JsonMalformed { .. } => json,
            Self::PolicyMalformed { .. } => policy,
            Self::PresetUnknown => preset,
            Self::RangeTooLong { .. } => range,
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::JsonMalformed { .. } => "Ответ школы не читается. Обновите приложение",
            Self::PolicyMalformed { .. } => "Порядок авторизации не читается",
            Self::PresetUnknown => "Готового порядка авторизации с таким именем нет",
            Self::RangeTooLong { .. } => {
                "Слишком много дней: дневник собирается не более чем за 3660"
            }
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::JsonMalformed { .. } => "json",
            Self::PolicyMalformed { .. } => "policy",
            Self::PresetUnknown => "name",
            Self::RangeTooLong { .. } => "range",
        })
    }
}

/// The core's answer, with its error as it is thrown.
pub(crate) fn answer<T, E: CodedError>(answer: Result<T, E>) -> Answer<T> {
    answer.map_err(|error| thrown(&error))
}

/// An error as it is thrown.
pub(crate) fn thrown(error: &dyn CodedError) -> ForeignError {
    ApiError::of(error, None).into()
}

/// A value out of JSON.
pub(crate) fn read<T: DeserializeOwned>(json: &str, wanted: &'static str) -> Answer<T> {
    answer(serde_json::from_str(json).map_err(|error| InputError::JsonMalformed {
        wanted,
        line: error.line(),
        column: error.column(),
    }))
}

/// Every code that an error thrown by this library can have, sorted.
///
/// ```
/// assert!(eschool_uniffi::error_codes().contains(&"snils_checksum".to_owned()));
/// ```
#[uniffi::export]
#[must_use]
pub fn error_codes() -> Vec<String> {
    let codes = THROWN.iter().chain(&InputError::CODES);
    let codes: BTreeSet<_> = codes.map(|code| (*code).to_owned()).collect();
    codes.into_iter().collect()
}

/// The codes of the core that a function here throws, or that a value of an argument does.
const THROWN: [&str; 39] = [
    "birth_date_in_future",
    "birth_date_too_long_ago",
    "card_randomness",
    "case_code_malformed",
    "date_invalid",
    "date_missing",
    "email_malformed",
    "grading_sign",
    "grading_threshold",
    "instant_invalid",
    "login_malformed",
    "mark_malformed",
    "mean_out_of_scale",
    "name_malformed",
    "name_missing",
    "name_too_long",
    "password_is_former",
    "password_is_login",
    "password_too_long",
    "password_too_short",
    "phone_malformed",
    "phone_missing",
    "phone_not_mobile",
    "policy_contradiction",
    "policy_malformed",
    "policy_missing",
    "policy_name_malformed",
    "policy_unknown",
    "range_reversed",
    "snils_checksum",
    "snils_malformed",
    "snils_missing",
    "snils_zero",
    "text_malformed",
    "time_invalid",
    "unknown_malformed",
    "value_malformed",
    "weekday_invalid",
    "weight_invalid",
];

#[cfg(test)]
mod tests {
    use eschool_core::error::CODES;

    use super::*;

    #[test]
    fn what_is_thrown_has_codes_of_the_core() {
        for code in THROWN {
            assert!(CODES.contains(&code), "{code}");
        }
    }
}
