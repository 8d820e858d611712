//! Who signs the requests to ЕСИА.

use std::fmt;

use async_trait::async_trait;
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

    /// Reads key and certificate from their PEM texts.
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
}

impl fmt::Debug for GostSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GostSigner")
            .field("certificate_hash", &self.certificate_hash)
            .finish_non_exhaustive()
    }
}
