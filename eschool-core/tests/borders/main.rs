//! What comes in over the borders, from the outside: through public constructors alone.
//!
//! * `bad_input`: whatever text or number there is.
//! * `snils_vectors`: numbers with answers, computed apart from this library.
#![expect(clippy::unwrap_used, reason = "a failed expectation is how a test fails")]

mod bad_input;
mod snils_vectors;
