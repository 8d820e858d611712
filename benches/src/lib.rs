//! What the benches measure with: inputs that are the same in every run, on every machine.
//!
//! Nothing here comes from a clock or a random device: [`random`] begins with a fixed seed, so a
//! figure of today and one of last year are about the same people and the same lessons. `cargo
//! xtask bench` runs everything and says what the figures mean.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a bench whose own input is wrong must not measure on"
)]

pub mod clock;
pub mod diary;
pub mod merge;
mod names;
pub mod people;
pub mod random;
pub mod region;
pub mod sign_in;
pub mod spellings;
pub mod stats;
pub mod store;
