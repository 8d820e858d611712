//! A second opinion on every ГОСТ form and on CMS: OpenSSL with its gost engine.
//!
//! * `stand`: OpenSSL with the engine, keys and certificates. `forms`: keys, raw signatures,
//!   certificates. `cms`: signatures in CMS. `command`: OpenSSL as a signer. All need the engine: `cargo xtask test --only gost`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed expectation is how a test fails")]

mod cms;
mod command;
mod forms;
mod stand;
