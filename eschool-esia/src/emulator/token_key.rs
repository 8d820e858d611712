//! The key tokens are signed by.

use std::{fmt, sync::Arc};

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

use super::TokenAlgorithm;
use crate::gost::PrivateKey;

/// A key with its public half: an RSA key with 2048 bits, for `RS256`, or a ГОСТ key on any of the
/// curves, for `GOST3410_2012_256`.
///
/// ```
/// use eschool_esia::emulator::TokenKeyPair;
///
/// let key = TokenKeyPair::generate()?;
/// let again = TokenKeyPair::from_pkcs8_pem(&key.to_pkcs8_pem()?)?;
/// assert_eq!(again.public_key_pem(), key.public_key_pem());
/// assert_eq!(format!("{key:?}"), "TokenKeyPair(RS256, ***)");
/// # Ok::<(), eschool_esia::emulator::TokenKeyError>(())
/// ```
#[derive(Clone)]
pub struct TokenKeyPair {
    key: Key,
    public_pem: String,
}

#[derive(Clone)]
enum Key {
    Rsa(RsaKeyPair),
    Gost(Arc<PrivateKey>),
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
    #[error("the key could not be made or used")]
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
            Self::Failed => "Не удалось создать или применить ключ",
        }
    }
}

impl TokenKeyPair {
    /// A new RSA key, from the operating system's randomness: the library makes RSA keys from no other.
    ///
    /// # Errors
    /// [`TokenKeyError::Failed`] where the library fails.
    pub fn generate() -> Result<Self, TokenKeyError> {
        Self::of(RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| TokenKeyError::Failed)?)
    }

    /// Reads a private RSA key: PEM, PKCS#8.
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

    /// A ГОСТ key; [`PrivateKey`] makes one or reads it.
    ///
    /// ```
    /// use eschool_esia::{emulator::TokenKeyPair, gost::{Curve, PrivateKey}};
    ///
    /// let key = PrivateKey::generate(Curve::Tc26A, &mut |bytes| bytes.fill(7));
    /// assert!(TokenKeyPair::from_gost(key)?.public_key_pem().contains("PUBLIC KEY"));
    /// # Ok::<(), eschool_esia::emulator::TokenKeyError>(())
    /// ```
    ///
    /// # Errors
    /// [`TokenKeyError::Failed`] where the public half cannot be written.
    pub fn from_gost(key: PrivateKey) -> Result<Self, TokenKeyError> {
        let der = key.public_key().to_spki_der().map_err(|_| TokenKeyError::Failed)?;
        Ok(Self { key: Key::Gost(Arc::new(key)), public_pem: public_pem(&der)? })
    }

    /// What it signs by.
    #[must_use]
    pub fn algorithm(&self) -> TokenAlgorithm {
        match self.key {
            Key::Rsa(_) => TokenAlgorithm::Rs256,
            Key::Gost(_) => TokenAlgorithm::Gost,
        }
    }

    /// The private key: PEM, PKCS#8.
    ///
    /// # Errors
    /// [`TokenKeyError::Failed`] where the library fails.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, TokenKeyError> {
        let pair = match &self.key {
            Key::Rsa(pair) => pair,
            Key::Gost(key) => return key.to_pkcs8_pem().map_err(|_| TokenKeyError::Failed),
        };
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| TokenKeyError::Failed)?;
        SecretDocument::try_from(der.as_ref())
            .and_then(|document| document.to_pem("PRIVATE KEY", LineEnding::LF))
            .map_err(|_| TokenKeyError::Failed)
    }

    /// The public key: PEM, `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn public_key_pem(&self) -> &str {
        &self.public_pem
    }

    /// The signature, as a token has it.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, TokenKeyError> {
        let pair = match &self.key {
            Key::Rsa(pair) => pair,
            Key::Gost(key) => return Ok(key.sign(message).as_bytes().to_vec()),
        };
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| TokenKeyError::Failed)?;
        Ok(signature)
    }

    fn of(pair: RsaKeyPair) -> Result<Self, TokenKeyError> {
        let der: PublicKeyX509Der<'_> =
            pair.public_key().as_der().map_err(|_| TokenKeyError::Failed)?;
        let public_pem = public_pem(der.as_ref())?;
        Ok(Self { key: Key::Rsa(pair), public_pem })
    }
}

fn public_pem(der: &[u8]) -> Result<String, TokenKeyError> {
    Document::try_from(der)
        .and_then(|document| document.to_pem("PUBLIC KEY", LineEnding::LF))
        .map_err(|_| TokenKeyError::Failed)
}

impl fmt::Debug for TokenKeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenKeyPair({}, ***)", self.algorithm().name())
    }
}
