//! The emulator over HTTP, against requests signed by hand.
//!
//! * `stand`: an emulator on a port of its own, with a clock that stands where the test puts it and
//!   two clients. `wire`: requests and answers.
//! * `authorize`, `token`: every fault and its code. `sign_in`: people, windows, signing out.
//! * `legacy`: the old interface. `codes`: every code of ЕСИА. `refresh`: refresh tokens. `faults`:
//!   what goes wrong on demand.
//! * `tokens`, `signing`, `data`, `kids`: shapes and keys. `log`: what it tells. `client`, `faulty`,
//!   `told`, `rotation`, `unsure`: this crate's own client.
//! * `book`, `people`, `keys`, `program`: files and the command line. `walk`: that of the README.

#![cfg(feature = "emulator")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "what fails here fails the test"
)]

mod authorize;
mod book;
mod client;
mod codes;
mod data;
mod faults;
mod faulty;
mod keys;
mod kids;
mod legacy;
mod log;
mod people;
mod program;
mod refresh;
mod rotation;
mod sign_in;
mod signing;
mod stand;
mod token;
mod tokens;
mod told;
mod unsure;
mod walk;
mod wire;
