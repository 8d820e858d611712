//! The key tokens are signed by.

use std::fmt;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair},
};
use der::{Document, SecretDocument, pem::LineEnding};
use eschool_core::error::CodedError;
use thiserror::Error;
use zeroize::Zeroizing;

/// An RSA key with 2048 bits and its public half, for `RS256`.
///
/// ```
/// use eschool_esia::emulator::TokenKeyPair;
///
/// let key = TokenKeyPair::generate()?;
/// let again = TokenKeyPair::from_pkcs8_pem(&key.to_pkcs8_pem()?)?;
/// assert_eq!(again.public_key_pem(), key.public_key_pem());
/// assert_eq!(format!("{key:?}"), "TokenKeyPair(***)");
/// # Ok::<(), eschool_esia::emulator::TokenKeyError>(())
/// ```
#[derive(Clone)]
pub struct TokenKeyPair {
    pair: RsaKeyPair,
    public_pem: String,
}

/// Why there is no key to sign tokens by.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::emulator::TokenKeyPair;
///
/// let error = TokenKeyPair::from_pkcs8_pem("letmein").unwrap_err();
/// assert_eq!(error.code(), "token_key_malformed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenKeyError {
    /// The text is no private key.
    #[error("the key is not a private RSA key in PEM (`BEGIN PRIVATE KEY`) of 2048 bits or more")]
    Malformed,
    /// The cryptographic library failed.
    #[error("the rsa key could not be made or used")]
    Failed,
}

impl CodedError for TokenKeyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "token_key_malformed",
            Self::Failed => "token_key_failed",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Malformed => "Это не закрытый ключ RSA в формате PEM",
            Self::Failed => "Не удалось создать или применить ключ RSA",
        }
    }
}

impl TokenKeyPair {
    /// A new key, from the operating system's randomness: the library makes RSA keys from no other.
    ///
    /// # Errors
    /// [`TokenKeyError::Failed`] where the library fails.
    pub fn generate() -> Result<Self, TokenKeyError> {
        Self::of(RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| TokenKeyError::Failed)?)
    }

    /// Reads a private key: PEM, PKCS#8.
    ///
    /// # Errors
    /// [`TokenKeyError::Malformed`] for anything else.
    pub fn from_pkcs8_pem(pem: &str) -> Result<Self, TokenKeyError> {
        let (label, der) = SecretDocument::from_pem(pem).map_err(|_| TokenKeyError::Malformed)?;
        if label != "PRIVATE KEY" {
            return Err(TokenKeyError::Malformed);
        }
        Self::of(RsaKeyPair::from_pkcs8(der.as_bytes()).map_err(|_| TokenKeyError::Malformed)?)
    }

    /// The private key: PEM, PKCS#8.
    ///
    /// # Errors
    /// [`TokenKeyError::Failed`] where the library fails.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, TokenKeyError> {
        let der: Pkcs8V1Der<'_> = self.pair.as_der().map_err(|_| TokenKeyError::Failed)?;
        SecretDocument::try_from(der.as_ref())
            .and_then(|document| document.to_pem("PRIVATE KEY", LineEnding::LF))
            .map_err(|_| TokenKeyError::Failed)
    }

    /// The public key: PEM, `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn public_key_pem(&self) -> &str {
        &self.public_pem
    }

    /// The signature of `RS256`.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, TokenKeyError> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| TokenKeyError::Failed)?;
        Ok(signature)
    }

    fn of(pair: RsaKeyPair) -> Result<Self, TokenKeyError> {
        let der: PublicKeyX509Der<'_> =
            pair.public_key().as_der().map_err(|_| TokenKeyError::Failed)?;
        let public_pem = Document::try_from(der.as_ref())
            .and_then(|document| document.to_pem("PUBLIC KEY", LineEnding::LF))
            .map_err(|_| TokenKeyError::Failed)?;
        Ok(Self { pair, public_pem })
    }
}

impl fmt::Debug for TokenKeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKeyPair(***)")
    }
}
