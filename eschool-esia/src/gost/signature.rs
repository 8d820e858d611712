//! The raw signature.

use std::fmt;

use base64::Engine as _;
use crypto_bigint::U256;
use eschool_core::error::CodedError;

use super::curve::{Domain, Residue};
use crate::base64url::BASE64_URL;

/// A signature of ГОСТ Р 34.10-2012 with 256 bits: s ‖ r, both big-endian, 64 bytes.
///
/// This is ЕСИА's `client_secret` in base64url. `Debug` shows nothing of it: until its timestamp
/// is too old, whoever reads it can send the request.
///
/// ```
/// use eschool_esia::gost::{Signature, SignatureError};
///
/// let signature = Signature::from_slice(&[7; 64])?;
/// let text = signature.to_base64url();
/// assert_eq!(text.len(), 86);
/// assert_eq!(Signature::from_base64url(&format!("{text}=="))?, signature);
/// assert_eq!(Signature::from_slice(&[7; 63]), Err(SignatureError::Malformed));
/// # Ok::<(), SignatureError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

/// Why a signature is refused.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::gost::Signature;
///
/// let error = Signature::from_base64url("+/").unwrap_err();
/// assert_eq!(error.code(), "gost_signature_malformed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It is not 64 bytes, or their text is no base64url.
    #[error("the signature is not 64 bytes")]
    Malformed,
    /// Of r and s, one is zero or not below the order of the curve. A signature with its bytes in
    /// another order often ends here.
    #[error("a part of the signature is not between zero and the order of the curve")]
    Range,
    /// It was made with another key or over another message.
    #[error("the signature does not fit the message and the key")]
    Mismatch,
}

impl CodedError for SignatureError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "gost_signature_malformed",
            Self::Range => "gost_signature_range",
            Self::Mismatch => "gost_signature_mismatch",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Malformed => "Подпись должна занимать ровно 64 байта.",
            Self::Range => "Числа в подписи вне допустимых границ: проверьте порядок байтов.",
            Self::Mismatch => "Подпись не подходит: другой ключ или изменённый текст.",
        }
    }
}

impl Signature {
    /// The signature with these bytes, s ‖ r. Whether it fits anything is for
    /// [`PublicKey::verify`](super::PublicKey::verify) to say.
    ///
    /// # Errors
    /// [`SignatureError::Malformed`] for another length than 64.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, SignatureError> {
        bytes.try_into().map(Self).map_err(|_| SignatureError::Malformed)
    }

    /// The bytes, s ‖ r.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }

    /// The signature of a text in base64url, with padding or without.
    ///
    /// # Errors
    /// [`SignatureError::Malformed`] for another alphabet or length.
    pub fn from_base64url(text: &str) -> Result<Self, SignatureError> {
        let bytes = BASE64_URL.decode(text).map_err(|_| SignatureError::Malformed)?;
        Self::from_slice(&bytes)
    }

    /// base64url without padding, 86 characters: what ЕСИА takes as `client_secret`.
    #[must_use]
    pub fn to_base64url(&self) -> String {
        BASE64_URL.encode(self.0)
    }

    /// The same 64 bytes backwards: what CryptoPro's interfaces give and take.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.0.reverse();
        self
    }

    pub(super) fn from_halves(s: [u8; 32], r: [u8; 32]) -> Self {
        let mut bytes = [0; 64];
        let (left, right) = bytes.split_at_mut(32);
        left.copy_from_slice(&s);
        right.copy_from_slice(&r);
        Self(bytes)
    }

    /// s and r.
    pub(super) fn halves(&self) -> (&[u8], &[u8]) {
        self.0.split_at(32)
    }
}

/// The number that is signed: the digest read as a little-endian integer modulo the order, where
/// one stands for zero.
pub(super) fn digest_number(domain: &Domain, digest: &[u8; 32]) -> Residue {
    let number = Residue::new(&U256::from_le_slice(digest), &domain.q);
    let zero = Residue::zero(&domain.q);
    if number == zero { Residue::one(&domain.q) } else { number }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(…)")
    }
}
