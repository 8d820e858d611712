//! The portal over real sockets: a server on a port of its own, a data folder of its own, a clock
//! that stands where the test puts it.
//!
//! * `house`: servers and data folders. `client`: a browser that is just enough of one.
//! * `flow`, `esia`, `esia_ill`, `native`, `refusals`, `bad_input`, `api`, `headers`, `package`: what is
//!   tested; `start`, `chores`: the command line; `postgres`: a database on a server.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]
#![allow(clippy::print_stdout, reason = "a test that is skipped says so")]

mod api;
mod bad_input;
mod chores;
mod client;
mod esia;
mod esia_ill;
mod flow;
mod headers;
mod house;
mod native;
mod package;
mod postgres;
mod refusals;
mod start;
