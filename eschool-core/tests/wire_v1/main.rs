//! The wire form, version 1.
//!
//! Every type that crosses a border has a file in `values` with one rich value of it and the list
//! of fields that may be absent. **A file is only ever added to**: what stands in it was promised
//! to clients. A new field comes in with the list, and what was there before stays readable.
//!
//! * `values`: the files, read, written back, and read with fields missing or unknown.
//! * `enums`: every enum that crosses as a string.
//! * `structs`: that no struct of the wire was forgotten.
//! * `texts`: every value that crosses as a string it was parsed from.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed expectation is how a test fails"
)]

mod enums;
mod structs;
mod texts;
mod values;
