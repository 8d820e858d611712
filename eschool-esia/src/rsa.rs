//! RSA keys that sign CMS, the `client_secret` of ЕСИА's old interface.

use std::fmt;

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey},
};
use der::SecretDocument;
use eschool_core::error::CodedError;

use crate::{certificate::Certificate, pem};

/// A private RSA key of 2048 to 8192 bits. `Debug` shows nothing of it.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::rsa::RsaPrivateKey;
///
/// let error = RsaPrivateKey::from_pem("not a key").unwrap_err();
/// assert_eq!(error.code(), "rsa_key_pem");
/// ```
pub struct RsaPrivateKey(KeyPair);

/// Why an RSA key cannot be read. Holds nothing of the key.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::rsa::RsaKeyError;
///
/// assert_eq!(RsaKeyError::Encrypted.code(), "rsa_key_encrypted");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RsaKeyError {
    /// The text is no PEM, or PEM of something else than a private key.
    #[error("the text is neither a `PRIVATE KEY` nor an `RSA PRIVATE KEY` in PEM")]
    Pem,
    /// The key is under a password.
    #[error("the private key is encrypted; decrypt it first")]
    Encrypted,
    /// The key is broken, of another length or of another algorithm.
    #[error("the key is not one of RSA with 2048 to 8192 bits")]
    Refused,
}

impl CodedError for RsaKeyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Pem => "rsa_key_pem",
            Self::Encrypted => "rsa_key_encrypted",
            Self::Refused => "rsa_key_refused",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Pem => {
                "Это не закрытый ключ в формате PEM («PRIVATE KEY» или «RSA PRIVATE KEY»)."
            }
            Self::Encrypted => "Закрытый ключ зашифрован: сначала расшифруйте его.",
            Self::Refused => "Нужен ключ RSA длиной от 2048 до 8192 бит, а этот – другой.",
        }
    }
}

impl RsaPrivateKey {
    /// Reads a key in PEM: `PRIVATE KEY` (PKCS#8) or `RSA PRIVATE KEY` (PKCS#1). Other blocks of
    /// the text are left alone.
    ///
    /// # Errors
    /// [`RsaKeyError`] names what is wrong.
    pub fn from_pem(text: &str) -> Result<Self, RsaKeyError> {
        let read = |block| SecretDocument::from_pem(block).map_err(|_| RsaKeyError::Pem);
        let pair = if let Some(block) = pem::block(text, "PRIVATE KEY") {
            KeyPair::from_pkcs8(read(block)?.1.as_bytes())
        } else if let Some(block) = pem::block(text, "RSA PRIVATE KEY") {
            // Under a password, such a block has lines of headers, which are no base64.
            if block.contains("ENCRYPTED") {
                return Err(RsaKeyError::Encrypted);
            }
            KeyPair::from_der(read(block)?.1.as_bytes())
        } else if pem::block(text, "ENCRYPTED PRIVATE KEY").is_some() {
            return Err(RsaKeyError::Encrypted);
        } else {
            return Err(RsaKeyError::Pem);
        };
        pair.map(Self).map_err(|_| RsaKeyError::Refused)
    }

    /// Whether the certificate was made for this key.
    #[must_use]
    pub fn belongs_to(&self, certificate: &Certificate) -> bool {
        certificate.rsa_public_key().is_some_and(|key| key == self.0.public_key().as_ref())
    }

    /// Signs the SHA-256 digest of a message (RSASSA-PKCS1-v1_5); none where the library fails.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        // The randomness is for blinding alone: the signature is the same every time.
        self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).ok()?;
        Some(signature)
    }
}

/// Whether the key of a certificate made this signature; never with a key that is no RSA key.
pub(crate) fn verify(certificate: &Certificate, message: &[u8], signature: &[u8]) -> bool {
    certificate.rsa_public_key().is_some_and(|key| {
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key);
        key.verify(message, signature).is_ok()
    })
}

impl fmt::Debug for RsaPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RsaPrivateKey(…)")
    }
}
