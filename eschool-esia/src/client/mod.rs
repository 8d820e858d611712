//! The client: start a sign-in, finish it, sign out.
//!
//! There are two ways. [`EsiaClient::new`] speaks to ЕСИА itself (`direct`), as systems do that are
//! registered there, by one of its two interfaces ([`Profile`]); [`EsiaClient::gateway`] to a gateway
//! that speaks standard OpenID Connect (`gateway`), as new systems have to. An attempt, the callback,
//! the bounds and the errors are the same for both.

mod attempt;
mod call_error;
mod callback;
mod cause;
mod code;
mod diagnosis;
mod direct;
mod endpoints;
mod error;
mod gateway;
mod http;
mod json;
mod limits;
mod offline;
mod people;
mod person_filter;
mod pkce;
mod profile;
mod remedy;
mod secret;
mod settings;
mod settings_error;
mod sign_in;
mod started;
mod token_error;

pub use attempt::Attempt;
pub use call_error::{Call, CallError};
pub use callback::Callback;
pub use cause::EsiaCause;
pub use code::EsiaCode;
pub use diagnosis::{Finding, SecretDiagnosis, SignedCallName, Values};
pub use direct::TokenKey;
#[cfg(fuzzing)]
pub use direct::fuzzing;
pub use endpoints::Endpoints;
pub(crate) use endpoints::is_confidential;
pub use error::EsiaError;
pub use gateway::{
    BirthDateFormat, ClientAuth, ClientSecret, GatewayAlgorithm, GatewayClaims, GatewayError,
    GatewaySettings,
};
pub use offline::{AccessType, RefreshFailed, RefreshSigning, RefreshToken, SignedIn};
pub use people::ChildFields;
pub use person_filter::PersonFilter;
pub use pkce::Pkce;
pub use profile::Profile;
pub use remedy::Remedy;
pub use settings::EsiaSettings;
pub use settings_error::SettingsError;
pub use sign_in::EsiaClient;
pub use started::Started;
pub use token_error::{Token, TokenError};
