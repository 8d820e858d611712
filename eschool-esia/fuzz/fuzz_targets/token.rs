//! A token from ЕСИА, as text: nothing opens that the key did not sign.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| eschool_esia::fuzzing::token(text));
