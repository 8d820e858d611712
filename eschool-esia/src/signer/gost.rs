//! ГОСТ keys in this process.

use std::fmt;

use async_trait::async_trait;

use super::{RequestSignature, SignatureForm, Signer, SignerError};
use crate::{
    ambient::Ambient,
    certificate::Certificate,
    cms::{self, SigningKey},
    gost::PrivateKey,
};

/// A key in this process, for the interface v2/v3.
///
/// For tests, the emulator and test stands. It is no certified means of protection (СКЗИ); the
/// [module of signatures](crate::gost) says what it promises.
///
/// ```
/// use eschool_esia::{
///     certificate::Certificate,
///     gost::{Curve, PrivateKey},
///     signer::{GostSigner, Signer},
/// };
///
/// let key = PrivateKey::generate(Curve::CryptoProA, &mut |bytes| bytes.fill(7));
/// let (from, until) = ("2026-01-01T00:00:00Z".parse()?, "2027-01-01T00:00:00Z".parse()?);
/// let certificate = Certificate::self_signed(&key, "eschool", [1; 16], from, until)?;
/// let signer = GostSigner::new(key, certificate.clone())?;
/// assert_eq!(signer.certificate(), &certificate);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct GostSigner {
    key: PrivateKey,
    certificate: Certificate,
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
        Ok(Self { key, certificate })
    }

    /// Reads key and certificate from their PEM texts, which may be one and the same.
    ///
    /// # Errors
    /// [`SignerError`] names what is wrong with which of them.
    pub fn read(key_pem: &str, certificate_pem: &str) -> Result<Self, SignerError> {
        let key = PrivateKey::from_pkcs8_pem(key_pem)?;
        Self::new(key, Certificate::from_pem(certificate_pem)?)
    }

    /// The same key for ЕСИА's old interface: it gives CMS. The instant of signing is told by
    /// `ambient`.
    ///
    /// ```
    /// use eschool_esia::{
    ///     ambient::Ambient,
    ///     certificate::Certificate,
    ///     gost::{Curve, PrivateKey},
    ///     signer::{GostSigner, SignatureForm, Signer},
    /// };
    ///
    /// # let key = PrivateKey::generate(Curve::CryptoProA, &mut |bytes| bytes.fill(7));
    /// # let (from, until) = ("2026-01-01T00:00:00Z".parse()?, "2027-01-01T00:00:00Z".parse()?);
    /// # let certificate = Certificate::self_signed(&key, "eschool", [1; 16], from, until)?;
    /// let signer = GostSigner::new(key, certificate)?.cms(Ambient::system());
    /// assert_eq!(signer.form(), SignatureForm::Cms);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn cms(self, ambient: Ambient) -> GostCmsSigner {
        GostCmsSigner { own: self, ambient }
    }
}

#[async_trait]
impl Signer for GostSigner {
    async fn sign(&self, message: &[u8]) -> Result<RequestSignature, SignerError> {
        Ok(self.key.sign(message).into())
    }

    fn form(&self) -> SignatureForm {
        SignatureForm::Raw
    }

    fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}

impl fmt::Debug for GostSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GostSigner").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

/// A key in this process, for ЕСИА's old interface. [`GostSigner::cms`] makes it and says what
/// it is not.
pub struct GostCmsSigner {
    own: GostSigner,
    ambient: Ambient,
}

#[async_trait]
impl Signer for GostCmsSigner {
    async fn sign(&self, message: &[u8]) -> Result<RequestSignature, SignerError> {
        let GostSigner { key, certificate } = &self.own;
        let der = cms::sign(SigningKey::Gost(key), certificate, message, self.ambient.now())?;
        Ok(RequestSignature::from_cms(der))
    }

    fn form(&self) -> SignatureForm {
        SignatureForm::Cms
    }

    fn certificate(&self) -> &Certificate {
        &self.own.certificate
    }
}

impl fmt::Debug for GostCmsSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let certificate = &self.own.certificate;
        f.debug_struct("GostCmsSigner").field("certificate", certificate).finish_non_exhaustive()
    }
}
