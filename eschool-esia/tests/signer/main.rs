//! Signers outside this process: real programs, and a real service on the loopback.
//!
//! * `scene`: a key, its certificate and what is signed. `log`: what was logged meanwhile.
//! * `command`, `http`, `settings`: what is tested.
#![expect(clippy::unwrap_used, reason = "a failed expectation is how a test fails")]

#[cfg(unix)]
mod command;
mod http;
#[path = "../client/log.rs"]
mod log;
mod scene;
mod settings;
