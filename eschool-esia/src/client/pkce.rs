//! PKCE (RFC 7636): only who began an attempt can exchange its code.

use serde::{Deserialize, Serialize};

/// Whether a sign-in proves by PKCE that the same client ends it that began it.
///
/// That ЕСИА has PKCE is known by its error codes (ESIA-007039, ESIA-007040). Which method it takes
/// is not: open implementations name `S256` and a ГОСТ one. So it is off unless the operator has
/// tried it with the own registration; the emulator checks `S256`.
///
/// ```
/// use eschool_esia::client::Pkce;
///
/// assert_eq!(Pkce::default(), Pkce::Off);
/// assert_eq!(serde_json::from_str::<Pkce>(r#""s256""#)?, Pkce::S256);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pkce {
    /// Nothing is sent of it.
    #[default]
    Off,
    /// `code_challenge_method=S256`.
    S256,
}
