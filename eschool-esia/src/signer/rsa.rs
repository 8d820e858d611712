//! RSA keys in this process.

use std::fmt;

use async_trait::async_trait;

use super::{RequestSignature, SignatureForm, Signer, SignerError};
use crate::{
    ambient::Ambient,
    certificate::Certificate,
    cms::{self, SigningKey},
    rsa::RsaPrivateKey,
};

/// An RSA key in this process, for ЕСИА's old interface: CMS with SHA-256.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::{ambient::Ambient, signer::RsaCmsSigner};
///
/// let refused = RsaCmsSigner::read("not a key", "not a certificate", Ambient::system());
/// assert_eq!(refused.unwrap_err().code(), "rsa_key_pem");
/// ```
pub struct RsaCmsSigner {
    key: RsaPrivateKey,
    certificate: Certificate,
    ambient: Ambient,
}

impl RsaCmsSigner {
    /// A signer with this key and the certificate made for it; the instant of signing is told by
    /// `ambient`.
    ///
    /// # Errors
    /// [`SignerError::OtherKey`] if the certificate belongs to another key.
    pub fn new(
        key: RsaPrivateKey,
        certificate: Certificate,
        ambient: Ambient,
    ) -> Result<Self, SignerError> {
        if !key.belongs_to(&certificate) {
            return Err(SignerError::OtherKey);
        }
        Ok(Self { key, certificate, ambient })
    }

    /// Reads key and certificate from their PEM texts, which may be one and the same.
    ///
    /// # Errors
    /// [`SignerError`] names what is wrong with which of them.
    pub fn read(
        key_pem: &str,
        certificate_pem: &str,
        ambient: Ambient,
    ) -> Result<Self, SignerError> {
        let key = RsaPrivateKey::from_pem(key_pem)?;
        Self::new(key, Certificate::from_pem(certificate_pem)?, ambient)
    }
}

#[async_trait]
impl Signer for RsaCmsSigner {
    async fn sign(&self, message: &[u8]) -> Result<RequestSignature, SignerError> {
        let key = SigningKey::Rsa(&self.key);
        let der = cms::sign(key, &self.certificate, message, self.ambient.now())?;
        Ok(RequestSignature::from_cms(der))
    }

    fn form(&self) -> SignatureForm {
        SignatureForm::Cms
    }

    fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}

impl fmt::Debug for RsaCmsSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let certificate = &self.certificate;
        f.debug_struct("RsaCmsSigner").field("certificate", certificate).finish_non_exhaustive()
    }
}
