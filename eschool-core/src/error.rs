//! What every error of this crate has: a stable code and a text for people.

mod outside;
mod shown;

use alloc::string::{String, ToString};

use serde::{Deserialize, Serialize};

pub use outside::{ArgumentError, JsonError};
pub(crate) use shown::Seen;
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

/// Every code that an error of this crate has, sorted; those of what a binding crosses by included.
///
/// A client that shows texts of its own for the codes it knows can be held against it.
///
/// ```
/// use eschool_core::error::CODES;
///
/// assert!(CODES.is_sorted());
/// assert!(CODES.contains(&"snils_checksum"));
/// ```
pub const CODES: &[&str] = &[
    "access_barred",
    "account_closed",
    "already_in_class",
    "archive_altered",
    "archive_cut_off",
    "archive_damaged",
    "archive_newer",
    "archive_not_one",
    "argument_malformed",
    "argument_too_large",
    "attendance_repeated",
    "basis_not_withdrawable",
    "bell_number",
    "bell_repeated",
    "bell_reversed",
    "bells_overlap",
    "birth_date_in_future",
    "birth_date_too_long_ago",
    "card_handed_out",
    "card_not_issued",
    "card_not_printed",
    "card_randomness",
    "card_revoked",
    "card_step_by_nobody",
    "card_step_earlier",
    "card_step_unknown",
    "card_wrong_number",
    "case_act_unknown",
    "case_already_opened",
    "case_closed",
    "case_code_malformed",
    "case_desk_unknown",
    "case_not_closed",
    "case_not_on_path",
    "case_not_opened",
    "case_not_passed_on",
    "case_not_your_turn",
    "case_note_empty",
    "case_step_earlier",
    "case_through_unknown_desk",
    "case_with_support",
    "class_malformed",
    "class_of_other_year",
    "class_taken",
    "code_class_unknown",
    "code_missing",
    "code_repeated",
    "code_unknown",
    "consent_ends_before_given",
    "consent_revoked_before_given",
    "date_differs",
    "date_invalid",
    "date_missing",
    "device_name_missing",
    "device_name_too_long",
    "device_name_unseen",
    "document_missing",
    "document_too_long",
    "due_before_lesson",
    "email_malformed",
    "excuse_accepted",
    "excuse_class",
    "excuse_text_missing",
    "excuse_text_too_long",
    "excuse_too_many_days",
    "excuse_too_many_lessons",
    "final_debt",
    "final_not_of_page",
    "final_repeated",
    "grading_sign",
    "grading_threshold",
    "graduated_then",
    "guardianship_ended",
    "handed_over",
    "history_another_mark",
    "history_broken",
    "history_ends_elsewhere",
    "history_nothing_changes",
    "history_time_back",
    "history_value_unknown",
    "id_malformed",
    "id_repeated",
    "instant_invalid",
    "json_malformed",
    "lesson_cancelled",
    "lesson_number",
    "lesson_repeated",
    "lesson_unknown",
    "link_earlier",
    "link_expired",
    "link_superseded",
    "link_used",
    "login_malformed",
    "login_none_left",
    "login_prefix_malformed",
    "mark_malformed",
    "mean_out_of_scale",
    "moved_later",
    "name_malformed",
    "name_missing",
    "name_too_long",
    "no_school_day",
    "not_a_pupil",
    "not_allowed",
    "not_representative",
    "not_yours",
    "page_class_differs",
    "page_class_unknown",
    "page_date_outside_year",
    "page_mark_not_there",
    "page_subject_missing",
    "page_text_malformed",
    "page_too_many_rows",
    "page_unsound",
    "page_work_not_there",
    "password_is_former",
    "password_is_login",
    "password_too_long",
    "password_too_short",
    "phone_malformed",
    "phone_missing",
    "phone_not_mobile",
    "placed_already",
    "policy_contradiction",
    "policy_malformed",
    "policy_missing",
    "policy_name_malformed",
    "policy_unknown",
    "preset_unknown",
    "pupil_elsewhere",
    "pupil_of_age",
    "range_reversed",
    "range_too_long",
    "recovery_request_malformed",
    "several_classes",
    "snils_checksum",
    "snils_malformed",
    "snils_missing",
    "snils_zero",
    "term_grade",
    "term_missing",
    "term_repeated",
    "term_unknown",
    "term_unnamed",
    "term_unwanted",
    "terms_overlap",
    "text_malformed",
    "time_invalid",
    "unknown_malformed",
    "value_malformed",
    "value_unknown",
    "weekday_invalid",
    "weight_invalid",
    "work_elsewhere",
    "work_unknown",
    "year_kept",
    "year_order_needed",
    "year_order_unclear",
    "year_runs",
];

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
