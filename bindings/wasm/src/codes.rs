//! The codes of everything that is thrown: the one place that holds them for TypeScript.
//!
//! They are told as types and cost nothing to download; `cargo xtask npm` writes the constant
//! `ERROR_CODES` of them. The tests of the package hold them against what is thrown, both ways, and
//! `tests/codes.rs` against those of the core and of the other bindings.

macro_rules! codes {
    ($name:ident, $type:literal, $doc:literal, $( $code:literal ),+ $(,)?) => {
        #[doc = $doc]
        pub const $name: &[&str] = &[ $( $code ),+ ];

        const _: () = {
            #[wasm_bindgen::prelude::wasm_bindgen(typescript_custom_section)]
            const TYPE: &str = concat!(
                "/** ", $doc, " */\nexport type ", $type, " =",
                $( "\n    | \"", $code, "\"" ),+, ";\n"
            );
        };
    };
}

codes! {
    CHECK_ERROR_CODES,
    "CheckErrorCode",
    "The codes that the checks throw.",
    "argument_malformed",
    "argument_too_large",
    "birth_date_in_future",
    "birth_date_too_long_ago",
    "date_invalid",
    "date_missing",
    "email_malformed",
    "login_malformed",
    "name_malformed",
    "name_missing",
    "name_too_long",
    "phone_malformed",
    "phone_missing",
    "phone_not_mobile",
    "snils_checksum",
    "snils_malformed",
    "snils_missing",
    "snils_zero",
    "text_malformed",
}

#[cfg(feature = "whole")]
codes! {
    OTHER_ERROR_CODES,
    "OtherErrorCode",
    "The codes that are thrown beside those of the checks.",
    "card_randomness",
    "json_malformed",
    "mark_malformed",
    "password_is_former",
    "password_is_login",
    "password_too_long",
    "password_too_short",
    "policy_contradiction",
    "policy_malformed",
    "policy_missing",
    "policy_name_malformed",
    "policy_unknown",
    "preset_unknown",
    "range_reversed",
    "range_too_long",
    "weight_invalid",
}
