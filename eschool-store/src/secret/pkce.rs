//! The proof that who redeems a code is who asked for it (PKCE, RFC 7636).

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use eschool_core::error::CodedError;
use sha2::{Digest, Sha256};

use super::{TokenHash, bytes::LENGTH};

/// The challenge of an authorization: SHA-256 of a verifier that only the app has, method `S256`.
/// There is no `plain`: who reads the request would have the verifier.
///
/// ```
/// use eschool_store::secret::CodeChallenge;
///
/// // The example of RFC 7636, appendix B.
/// let challenge = CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")?;
/// let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// assert_eq!(CodeChallenge::of(verifier), Some(challenge));
/// assert_ne!(CodeChallenge::of(&verifier.replace("EjXk", "EjXK")), Some(challenge));
/// assert_eq!(CodeChallenge::of("too short"), None);
/// # Ok::<(), eschool_store::secret::PkceError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CodeChallenge([u8; 32]);

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

    /// The challenge of a verifier: 43 to 128 characters of `A-Z a-z 0-9 - . _ ~`, else none.
    #[must_use]
    pub fn of(verifier: &str) -> Option<Self> {
        let is_one = (43..=128).contains(&verifier.len())
            && verifier.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
        is_one.then(|| Self(Sha256::digest(verifier).into()))
    }

    /// What the database holds. The challenge itself went through a browser and whatever keeps its
    /// addresses; who has both those and the database must not see which access is whose.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0).into())
    }
}

impl fmt::Debug for CodeChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeChallenge(…)")
    }
}
