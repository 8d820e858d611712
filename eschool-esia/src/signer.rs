//! Who signs the requests to ЕСИА.

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use eschool_core::error::CodedError;

use crate::gost::{Certificate, CertificateError, KeyError, PrivateKey, Signature, SignatureError};

/// Signs what the client sends.
///
/// The key may lie in this process ([`GostSigner`]), in a program, behind a service or in a
/// certified device: whoever holds it implements this.
///
/// ```
/// use async_trait::async_trait;
/// use eschool_esia::{gost::Signature, signer::{Signer, SignerError}};
///
/// /// A device that gives the bytes in CryptoPro's order.
/// struct Device {
///     certificate_hash: String,
/// }
///
/// # fn ask_device(_message: &[u8]) -> Option<Vec<u8>> { None }
/// #[async_trait]
/// impl Signer for Device {
///     async fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
///         let bytes = ask_device(message).ok_or(SignerError::Unavailable)?;
///         Ok(Signature::from_slice(&bytes)?.reversed())
///     }
///
///     fn certificate_hash(&self) -> &str {
///         &self.certificate_hash
///     }
/// }
/// ```
#[async_trait]
pub trait Signer: Send + Sync {
    /// The raw signature s ‖ r (64 bytes) of the message.
    ///
    /// # Errors
    /// [`SignerError::Unavailable`] if whoever holds the key does not answer,
    /// [`SignerError::Answer`] if the answer is no signature.
    async fn sign(&self, message: &[u8]) -> Result<Signature, SignerError>;

    /// `client_certificate_hash` of the certificate that goes with the key.
    fn certificate_hash(&self) -> &str;

    /// Until when that certificate is valid, that instant included; none where the signer does not
    /// know. The client does not start with one that has ended, and its log tells in time of one
    /// that will.
    fn certificate_not_after(&self) -> Option<DateTime<Utc>> {
        None
    }
}

/// Why there is no signer, or no signature.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::signer::GostSigner;
///
/// let error = GostSigner::read("not a key", "not a certificate").unwrap_err();
/// assert_eq!(error.code(), "gost_key_pem");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignerError {
    /// The private key, or the key in the certificate, is not one that can sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The certificate cannot be read.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The certificate was made for another key.
    #[error("the certificate belongs to another private key")]
    OtherKey,
    /// Whoever holds the key does not answer or refuses.
    #[error("the signing service is not available")]
    Unavailable,
    /// What came back is no signature.
    #[error(transparent)]
    Answer(#[from] SignatureError),
}

impl CodedError for SignerError {
    fn code(&self) -> &'static str {
        match self {
            Self::Key(error) => error.code(),
            Self::Certificate(error) => error.code(),
            Self::OtherKey => "signer_other_key",
            Self::Unavailable => "signer_unavailable",
            Self::Answer(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Key(error) => error.text_ru(),
            Self::Certificate(error) => error.text_ru(),
            Self::OtherKey => "Сертификат выдан не на этот закрытый ключ.",
            Self::Unavailable => "Средство электронной подписи не отвечает.",
            Self::Answer(error) => error.text_ru(),
        }
    }
}

/// A key in this process.
///
/// For tests, the emulator and test stands. It is no certified means of protection (СКЗИ); the
/// [module of signatures](crate::gost) says what it promises.
///
/// ```
/// use eschool_esia::{
///     gost::{Certificate, Curve, PrivateKey},
///     signer::{GostSigner, Signer},
/// };
///
/// let key = PrivateKey::generate(Curve::CryptoProA, &mut |bytes| bytes.fill(7));
/// let (from, until) = ("2026-01-01T00:00:00Z".parse()?, "2027-01-01T00:00:00Z".parse()?);
/// let certificate = Certificate::self_signed(&key, "eschool", [1; 16], from, until)?;
/// let signer = GostSigner::new(key, certificate.clone())?;
/// assert_eq!(signer.certificate_hash(), certificate.hash());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct GostSigner {
    key: PrivateKey,
    certificate: Certificate,
    certificate_hash: String,
}

impl GostSigner {
    /// A signer with this key and the certificate made for it.
    ///
    /// # Errors
    /// [`SignerError::OtherKey`] if the certificate belongs to another key,
    /// [`SignerError::Key`] if its key is none of ГОСТ Р 34.10-2012.
    pub fn new(key: PrivateKey, certificate: Certificate) -> Result<Self, SignerError> {
        if certificate.public_key()? != key.public_key() {
            return Err(SignerError::OtherKey);
        }
        let certificate_hash = certificate.hash();
        Ok(Self { key, certificate, certificate_hash })
    }

    /// Reads key and certificate from their PEM texts, which may be one and the same.
    ///
    /// # Errors
    /// [`SignerError`] names what is wrong with which of them.
    pub fn read(key_pem: &str, certificate_pem: &str) -> Result<Self, SignerError> {
        let key = PrivateKey::from_pkcs8_pem(key_pem)?;
        Self::new(key, Certificate::from_pem(certificate_pem)?)
    }

    /// The certificate of the key.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}

#[async_trait]
impl Signer for GostSigner {
    async fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
        Ok(self.key.sign(message))
    }

    fn certificate_hash(&self) -> &str {
        &self.certificate_hash
    }

    fn certificate_not_after(&self) -> Option<DateTime<Utc>> {
        Some(self.certificate.not_after())
    }
}

impl fmt::Debug for GostSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GostSigner")
            .field("certificate_hash", &self.certificate_hash)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gost::Curve;

    fn key(curve: Curve, byte: u8) -> PrivateKey {
        PrivateKey::generate(curve, &mut |bytes| bytes.fill(byte))
    }

    fn certificate(key: &PrivateKey) -> Certificate {
        let [from, until] =
            ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"].map(|text| text.parse().unwrap());
        Certificate::self_signed(key, "eschool", [1; 16], from, until).unwrap()
    }

    /// The certificate with its key's algorithm made that of 512 bits.
    fn foreign(certificate: &Certificate) -> Certificate {
        let own = [0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x01, 0x01];
        let mut der = certificate.as_der().to_vec();
        let at = der.windows(own.len()).position(|window| window == own).unwrap();
        der[at + own.len() - 1] = 0x02;
        Certificate::from_der(&der).unwrap()
    }

    #[tokio::test]
    async fn a_signer_signs_with_its_key_and_names_its_certificate() {
        for curve in Curve::ALL {
            let certificate = certificate(&key(curve, 7));
            let signer = GostSigner::new(key(curve, 7), certificate.clone()).unwrap();
            let signature = signer.sign(b"openid").await.unwrap();
            let public = certificate.public_key().unwrap();
            assert_eq!(public.verify(b"openid", &signature), Ok(()), "{curve:?}");
            assert_eq!(signer.certificate_hash(), certificate.hash(), "{curve:?}");
            let ends = "2027-01-01T00:00:00Z".parse().ok();
            assert_eq!(signer.certificate_not_after(), ends, "{curve:?}");
        }
    }

    #[test]
    fn a_certificate_of_another_key_is_refused() {
        for curve in Curve::ALL {
            let own = certificate(&key(curve, 7));
            let refused = GostSigner::new(key(curve, 8), own.clone()).unwrap_err();
            assert_eq!(refused, SignerError::OtherKey, "{curve:?}");
            let refused = GostSigner::new(key(curve, 7), foreign(&own)).unwrap_err();
            assert_eq!(refused, SignerError::Key(KeyError::Algorithm), "{curve:?}");
        }
        let other_curve = certificate(&key(Curve::CryptoProB, 7));
        let refused = GostSigner::new(key(Curve::CryptoProA, 7), other_curve).unwrap_err();
        assert_eq!(refused, SignerError::OtherKey);
    }

    #[test]
    fn a_text_that_cannot_be_read_is_named() {
        let key_pem = key(Curve::CryptoProA, 7).to_pkcs8_pem().unwrap();
        let certificate_pem = certificate(&key(Curve::CryptoProA, 7)).to_pem().unwrap();
        let both = format!("{}{certificate_pem}", *key_pem);
        assert!(GostSigner::read(&key_pem, &certificate_pem).is_ok());
        assert!(GostSigner::read(&both, &both).is_ok());
        let swapped = GostSigner::read(&certificate_pem, &key_pem).unwrap_err();
        assert_eq!(swapped, SignerError::Key(KeyError::Pem));
        let twice = GostSigner::read(&key_pem, &key_pem).unwrap_err();
        assert_eq!(twice, SignerError::Certificate(CertificateError::Pem));
    }

    #[test]
    fn a_log_shows_nothing_of_the_key() {
        let signer =
            GostSigner::new(key(Curve::Tc26A, 7), certificate(&key(Curve::Tc26A, 7))).unwrap();
        let shown = format!("{signer:?}");
        assert_eq!(
            shown,
            format!("GostSigner {{ certificate_hash: {:?}, .. }}", signer.certificate_hash())
        );
    }
}
