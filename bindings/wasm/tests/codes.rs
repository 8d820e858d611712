//! The codes of the three languages against those of the core: a new one has to be said here where it
//! can be thrown, and both bindings throw the same but for what is named.
#![cfg(feature = "whole")]

use std::collections::BTreeSet;

use eschool_core::error::CODES;
use eschool_wasm::{CHECK_ERROR_CODES, OTHER_ERROR_CODES};

/// What no function of a binding asks: writing, merging, keeping. Inside an argument or an answer of
/// a school, what would have such a code is a value that does not read.
const ELSEWHERE: &[(&str, &str)] = &[
    ("archives", "archive_altered archive_cut_off archive_damaged archive_newer archive_not_one"),
    ("access", "access_barred not_allowed not_representative not_yours pupil_of_age"),
    (
        "attendance and excuses",
        "attendance_repeated excuse_accepted excuse_class excuse_text_missing excuse_text_too_long \
         excuse_too_many_days excuse_too_many_lessons no_school_day",
    ),
    (
        "the calendar as a school enters it",
        "bell_number bell_repeated bell_reversed bells_overlap term_grade term_missing \
         term_repeated term_unknown term_unnamed term_unwanted terms_overlap",
    ),
    (
        "cards as a school hands them out",
        "card_handed_out card_not_issued card_not_printed card_revoked card_step_by_nobody \
         card_step_earlier card_step_unknown card_wrong_number login_none_left \
         login_prefix_malformed",
    ),
    (
        "cases of support",
        "case_act_unknown case_already_opened case_closed case_desk_unknown case_not_closed \
         case_not_on_path case_not_opened case_not_passed_on case_not_your_turn case_note_empty \
         case_step_earlier case_through_unknown_desk case_with_support",
    ),
    (
        "sign-in of an app, as the portal sees it",
        "code_class_unknown code_missing code_repeated code_unknown device_name_missing \
         device_name_too_long device_name_unseen",
    ),
    (
        "people as a school keeps them",
        "account_closed basis_not_withdrawable class_malformed consent_ends_before_given \
         consent_revoked_before_given document_missing document_too_long guardianship_ended \
         id_malformed id_repeated not_a_pupil value_unknown",
    ),
    (
        "writing into a journal",
        "date_differs due_before_lesson final_debt final_not_of_page final_repeated \
         history_another_mark history_broken history_ends_elsewhere history_nothing_changes \
         history_time_back history_value_unknown lesson_cancelled lesson_number lesson_repeated \
         lesson_unknown page_class_differs page_class_unknown page_date_outside_year \
         page_mark_not_there page_subject_missing page_text_malformed page_too_many_rows \
         page_unsound page_work_not_there work_elsewhere work_unknown",
    ),
    (
        "recovery",
        "handed_over link_earlier link_expired link_superseded link_used \
         recovery_request_malformed",
    ),
    (
        "classes and school years",
        "already_in_class class_of_other_year class_taken graduated_then moved_later \
         placed_already pupil_elsewhere several_classes year_kept year_order_needed \
         year_order_unclear year_runs",
    ),
];

/// What Kotlin and Swift have types for, and JavaScript texts and numbers: there such a value is
/// `argument_malformed`.
const TYPED: [&str; 9] = [
    "case_code_malformed",
    "grading_sign",
    "grading_threshold",
    "instant_invalid",
    "mean_out_of_scale",
    "time_invalid",
    "unknown_malformed",
    "value_malformed",
    "weekday_invalid",
];

/// What only a language that takes anything for an argument can be passed.
const UNTYPED: [&str; 2] = ["argument_malformed", "argument_too_large"];

fn elsewhere() -> BTreeSet<String> {
    set(ELSEWHERE.iter().flat_map(|(_, codes)| codes.split_whitespace()))
}

fn set(codes: impl IntoIterator<Item = impl Into<String>>) -> BTreeSet<String> {
    codes.into_iter().map(Into::into).collect()
}

#[test]
fn every_code_of_the_core_is_thrown_or_named_as_one_that_is_not() {
    let kotlin_and_swift = set(eschool_uniffi::error_codes());
    let typescript = set([CHECK_ERROR_CODES, OTHER_ERROR_CODES].concat());
    let thrown: BTreeSet<_> = kotlin_and_swift.union(&typescript).cloned().collect();

    let both: BTreeSet<_> = thrown.intersection(&elsewhere()).cloned().collect();
    assert_eq!(both, BTreeSet::new(), "thrown, and named as not thrown");
    assert_eq!(&thrown | &elsewhere(), set(CODES.iter().copied()));
}

#[test]
fn three_languages_throw_the_same_codes_but_for_what_their_types_rule_out() {
    let kotlin_and_swift = set(eschool_uniffi::error_codes());
    let typescript = set([CHECK_ERROR_CODES, OTHER_ERROR_CODES].concat());
    assert_eq!(&kotlin_and_swift - &typescript, set(TYPED));
    assert_eq!(&typescript - &kotlin_and_swift, set(UNTYPED));
}

#[test]
fn lists_are_sorted_and_name_each_code_once() {
    let kotlin_and_swift = eschool_uniffi::error_codes();
    assert!(kotlin_and_swift.is_sorted_by(|a, b| a < b), "{kotlin_and_swift:?}");
    for codes in [CHECK_ERROR_CODES, OTHER_ERROR_CODES] {
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    }
    let named = ELSEWHERE.iter().flat_map(|(_, codes)| codes.split_whitespace()).count();
    assert_eq!(named, elsewhere().len());
}
