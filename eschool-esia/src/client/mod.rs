//! The client: start a sign-in, finish it, sign out.
//!
//! The profile is `direct v2/v3`, which systems registered at ЕСИА themselves speak today. What is
//! its own – the order of what is signed, the parameters, the exchange – lies in `request` and
//! `exchange`; tokens, keys and people are the same for all.

mod attempt;
mod call_error;
mod callback;
mod claims;
mod code;
mod data;
mod endpoints;
mod error;
mod exchange;
mod http;
mod json;
mod jwt;
mod keys;
mod person;
mod pkce;
mod reminder;
mod request;
mod settings;
mod settings_error;
mod sign_in;
mod token_error;

pub use attempt::Attempt;
pub use call_error::{Call, CallError};
pub use callback::Callback;
pub use code::{EsiaCode, Remedy};
pub use endpoints::Endpoints;
pub use error::EsiaError;
pub use keys::TokenKey;
pub use pkce::Pkce;
pub use settings::EsiaSettings;
pub use settings_error::SettingsError;
pub use sign_in::{EsiaClient, Started};
pub use token_error::{Token, TokenError};
