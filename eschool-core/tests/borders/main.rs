//! What comes in over the borders, from the outside: through public constructors alone.
//!
//! * `bad_input`: whatever text or number there is.
//! * `cells`: what a format that guesses takes for numbers.
//! * `codes`: what is refused, by its code.
//! * `masked`: what is personal and of the wrong kind of JSON.
//! * `snils_vectors`: numbers with answers, computed apart from this library.
#![expect(clippy::unwrap_used, reason = "a failed expectation is how a test fails")]

mod bad_input;
mod cells;
mod codes;
mod masked;
mod snils_vectors;
