//! The claims of a token whose signature held.
#![no_main]

libfuzzer_sys::fuzz_target!(|json: &[u8]| eschool_esia::fuzzing::claims(json));
