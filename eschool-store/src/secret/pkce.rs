//! The proof that who redeems a code is who asked for it (PKCE, RFC 7636).

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use eschool_core::error::CodedError;
use sha2::{Digest, Sha256};

use super::bytes::LENGTH;

/// The challenge of an authorization: SHA-256 of a verifier that only the app has, method `S256`.
/// There is no `plain`: who reads the request would have the verifier.
///
/// ```
/// use eschool_store::secret::CodeChallenge;
///
/// // The example of RFC 7636, appendix B.
/// let challenge = CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")?;
/// assert!(challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
/// assert!(!challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK"));
/// # Ok::<(), eschool_store::secret::PkceError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CodeChallenge(pub [u8; 32]);

/// The text is no challenge.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_store::secret::CodeChallenge;
///
/// let error = CodeChallenge::parse("letmein").unwrap_err();
/// assert_eq!(error.code(), "code_challenge_malformed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PkceError {
    /// Not 43 characters of base64url.
    #[error("the code challenge is no SHA-256 as 43 characters of base64url")]
    Malformed,
}

impl CodedError for PkceError {
    fn code(&self) -> &'static str {
        "code_challenge_malformed"
    }

    fn text_ru(&self) -> &'static str {
        "code_challenge должен быть SHA-256 в base64url, 43 знака"
    }

    fn field(&self) -> Option<&'static str> {
        Some("code_challenge")
    }
}

impl CodeChallenge {
    /// Reads the parameter `code_challenge` of method `S256`.
    ///
    /// # Errors
    /// [`PkceError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, PkceError> {
        let mut bytes = [0; LENGTH];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(LENGTH) => Ok(Self(bytes)),
            _ => Err(PkceError::Malformed),
        }
    }

    /// Whether this is the challenge of a verifier: 43 to 128 characters of `A-Z a-z 0-9 - . _ ~`.
    /// The challenge is no secret, so it does not matter how long the comparison takes.
    #[must_use]
    pub fn is_met_by(&self, verifier: &str) -> bool {
        let is_one = (43..=128).contains(&verifier.len())
            && verifier.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
        is_one && <[u8; LENGTH]>::from(Sha256::digest(verifier)) == self.0
    }
}

impl fmt::Debug for CodeChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeChallenge(…)")
    }
}
