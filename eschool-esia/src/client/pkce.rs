//! PKCE (RFC 7636): only who began an attempt can exchange its code.

use base64::Engine as _;
use serde::{Deserialize, Serialize};

use super::secret::Secret;
use crate::{base64url::BASE64_URL, gost::streebog256};

/// Whether a sign-in proves by PKCE that the same client ends it that began it.
///
/// That ЕСИА has PKCE is known by its error codes (ESIA-007039, ESIA-007040). Which method it takes
/// is not: open implementations name `S256` and a ГОСТ one. So it is off unless the operator has
/// tried it with the own registration; the emulator checks both.
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
    /// `code_challenge_method=S256`: SHA-256, as RFC 7636 has it.
    S256,
    /// `code_challenge_method=GOST3411`: Streebog-256 (ГОСТ Р 34.11-2012) in its place. The name of
    /// the method is that of the open implementations.
    Gost3411,
}

impl Pkce {
    /// `code_challenge` for a secret, and its method; nothing if PKCE is off.
    pub(super) fn challenge(self, secret: &Secret) -> Option<(String, &'static str)> {
        match self {
            Self::Off => None,
            Self::S256 => Some((secret.challenge().as_str().to_owned(), "S256")),
            Self::Gost3411 => {
                Some((BASE64_URL.encode(streebog256(secret.to_text().as_bytes())), "GOST3411"))
            }
        }
    }
}
