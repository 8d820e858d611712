//! The client against a server that plays ЕСИА, well and badly.
//!
//! * `server`: answers as it is told to. `scene`: a sign-in that goes well unless a part is spoilt.
//! * `log`: what was logged meanwhile.
//! * `sign_in`, `legacy`, `diagnosis`, `accepted`, `refused`, `bounds`, `clock`, `data`, `gateway`,
//!   `keys`, `offline`, `pkce`, `emulator`, `proxy`, `set_up`, `texts`: what is tested.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a failed expectation is how a test fails"
)]

mod accepted;
mod bounds;
mod clock;
mod data;
mod diagnosis;
#[cfg(feature = "emulator")]
mod emulator;
mod gateway;
mod keys;
mod legacy;
mod log;
mod offline;
mod pkce;
mod proxy;
mod refused;
mod scene;
mod server;
mod set_up;
mod sign_in;
mod texts;
