//! The client's profile `gateway` against a provider that is not ours: the npm package
//! oidc-provider, run for real. `cargo xtask test --only gateway` installs it and runs these tests,
//! which are ignored elsewhere; what a provider that misbehaves brings is tested in `tests/client`.
//!
//! * `provider`: the process. `browser`: somebody who signs in there.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed expectation is how a test fails"
)]

mod browser;
mod provider;
mod sign_in;
