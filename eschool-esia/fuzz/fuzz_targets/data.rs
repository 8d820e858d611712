//! What ЕСИА tells of a person: data, contacts and children, a line each.
#![no_main]

libfuzzer_sys::fuzz_target!(|lines: &[u8]| eschool_esia::fuzzing::data(lines));
