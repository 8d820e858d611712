//! What an attempt keeps to itself until it ends.

use std::fmt;

use base64::Engine as _;
use openidconnect::{PkceCodeChallenge, PkceCodeVerifier};
use serde::{Deserialize, Serialize};

use super::EsiaError;
use crate::base64url::BASE64_URL;

/// 32 random bytes: the `code_verifier` of PKCE, or a nonce.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(super) struct Secret([u8; 32]);

impl Secret {
    pub(super) const fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// 43 characters of base64url, as both are sent.
    pub(super) fn to_text(&self) -> String {
        BASE64_URL.encode(self.0)
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    pub(super) fn parse(text: &str) -> Option<Self> {
        BASE64_URL.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// `code_challenge` of PKCE and its method.
    pub(super) fn challenge(&self) -> PkceCodeChallenge {
        PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(self.to_text()))
    }
}

impl From<Secret> for String {
    fn from(secret: Secret) -> Self {
        secret.to_text()
    }
}

impl TryFrom<String> for Secret {
    type Error = EsiaError;

    fn try_from(text: String) -> Result<Self, EsiaError> {
        Self::parse(&text).ok_or(EsiaError::AttemptMalformed)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_standards_example() {
        // RFC 7636, appendix B.
        let verifier = Secret::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").unwrap();
        let challenge = verifier.challenge();
        assert_eq!(challenge.as_str(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert_eq!(challenge.method().as_str(), "S256");
    }

    #[test]
    fn another_text_is_no_secret() {
        for text in ["", "dBjftJeZ", &"A".repeat(42), &"A".repeat(44), &"+".repeat(43)] {
            assert!(Secret::parse(text).is_none(), "{text}");
        }
    }
}
