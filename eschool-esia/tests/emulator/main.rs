//! The emulator over HTTP, against requests signed by hand.
//!
//! * `stand`: an emulator on a port of its own, with a clock that stands where the test puts it and
//!   two clients. `wire`: requests and answers.
//! * `authorize`, `token`: every fault and its code. `sign_in`: people, windows, signing out.
//! * `tokens`, `data`: shapes. `log`: what it tells. `client`: this crate's own client.
//! * `people`, `keys`, `program`: files and the command line.

#![cfg(feature = "emulator")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "what fails here fails the test"
)]

mod authorize;
mod client;
mod data;
mod keys;
mod log;
mod people;
mod program;
mod sign_in;
mod stand;
mod token;
mod tokens;
mod wire;
