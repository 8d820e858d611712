//! PKCE (RFC 7636): only who began an attempt can exchange its code.

use std::fmt;

use base64::Engine as _;
use openidconnect::{PkceCodeChallenge, PkceCodeVerifier};
use serde::{Deserialize, Serialize};

use super::EsiaError;
use crate::base64url::BASE64_URL;

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

/// The secret of an attempt: 32 random bytes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(super) struct Verifier([u8; 32]);

impl Verifier {
    pub(super) const fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// `code_verifier`: 43 characters of base64url.
    pub(super) fn to_text(&self) -> String {
        BASE64_URL.encode(self.0)
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    pub(super) fn parse(text: &str) -> Option<Self> {
        BASE64_URL.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// `code_challenge` and its method.
    pub(super) fn challenge(&self) -> PkceCodeChallenge {
        PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(self.to_text()))
    }
}

impl From<Verifier> for String {
    fn from(verifier: Verifier) -> Self {
        verifier.to_text()
    }
}

impl TryFrom<String> for Verifier {
    type Error = EsiaError;

    fn try_from(text: String) -> Result<Self, EsiaError> {
        Self::parse(&text).ok_or(EsiaError::AttemptMalformed)
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_standards_example() {
        // RFC 7636, appendix B.
        let verifier = Verifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").unwrap();
        let challenge = verifier.challenge();
        assert_eq!(challenge.as_str(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert_eq!(challenge.method().as_str(), "S256");
    }

    #[test]
    fn another_text_is_no_verifier() {
        for text in ["", "dBjftJeZ", &"A".repeat(42), &"A".repeat(44), &"+".repeat(43)] {
            assert!(Verifier::parse(text).is_none(), "{text}");
        }
    }
}
