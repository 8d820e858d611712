//! The client: start a sign-in, finish it, sign out.
//!
//! The profile is `direct v2/v3`, which systems registered at ЕСИА themselves speak today; what is
//! its own lies in `direct`. An attempt, the callback, the bounds and the errors are the same for
//! all ways.

mod attempt;
mod call_error;
mod callback;
mod code;
mod direct;
mod endpoints;
mod error;
mod http;
mod json;
mod limits;
mod pkce;
mod settings;
mod settings_error;
mod sign_in;
mod token_error;

pub use attempt::Attempt;
pub use call_error::{Call, CallError};
pub use callback::Callback;
pub use code::{EsiaCode, Remedy};
pub use direct::TokenKey;
pub use endpoints::Endpoints;
pub use error::EsiaError;
pub use pkce::Pkce;
pub use settings::EsiaSettings;
pub use settings_error::SettingsError;
pub use sign_in::{EsiaClient, Started};
pub use token_error::{Token, TokenError};
