//! What is thrown, and the list of its codes.

use eschool_core::{
    error::{CodedError, JsonError},
    foreign::ForeignError,
};
use serde::de::DeserializeOwned;

use crate::Answer;

/// The core's answer, with its error as it is thrown.
pub(crate) fn answer<T, E: CodedError>(answer: Result<T, E>) -> Answer<T> {
    answer.map_err(|error| ForeignError::of(&error))
}

/// A value out of JSON.
pub(crate) fn read<T: DeserializeOwned>(json: &str, wanted: &'static str) -> Answer<T> {
    answer(serde_json::from_str(json).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        JsonError { wanted, place }
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
    THROWN.iter().map(|code| (*code).to_owned()).collect()
}

/// The codes of the core that a function here throws, or that a value of an argument does. The tests
/// of the npm package hold them against all that the core has.
const THROWN: [&str; 42] = [
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
    "json_malformed",
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
    "preset_unknown",
    "range_reversed",
    "range_too_long",
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
