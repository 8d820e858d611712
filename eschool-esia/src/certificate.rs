//! The certificate that goes with a key, whatever the key's algorithm.

use std::fmt::{self, Write as _};

use chrono::{DateTime, Utc};
use const_oid::db::rfc5912::RSA_ENCRYPTION;
use der::{Decode as _, Document, Encode as _, pem::LineEnding};
use eschool_core::error::CodedError;
use spki::SubjectPublicKeyInfoRef;

use crate::{
    gost::{KeyError, PrivateKey, PublicKey, streebog256},
    pem, x509,
};

mod self_signed;

const LABEL: &str = "CERTIFICATE";

/// An X.509 certificate, kept byte for byte as it was read.
///
/// # The hash
/// ЕСИА asks for `client_certificate_hash` with every request. It is taken over the DER, never
/// over the PEM text: that gives ESIA-007053.
///
/// ```
/// use eschool_esia::{certificate::Certificate, gost::{Curve, PrivateKey}};
///
/// let key = PrivateKey::generate(Curve::CryptoProA, &mut |bytes| bytes.fill(7));
/// let (from, until) = ("2026-01-01T00:00:00Z".parse()?, "2027-01-01T00:00:00Z".parse()?);
/// let certificate = Certificate::self_signed(&key, "Электронная школа", [1; 16], from, until)?;
///
/// assert_eq!(certificate.hash().len(), 64);
/// assert_eq!(certificate.public_key()?, key.public_key());
/// assert_eq!(Certificate::from_pem(&certificate.to_pem()?)?, certificate);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What a log shows
/// The hash and the dates: the subject may be a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    spki: Vec<u8>,
    public_key: Result<PublicKey, KeyError>,
    not_before: DateTime<Utc>,
    not_after: DateTime<Utc>,
}

/// Why a certificate cannot be read or made.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::certificate::Certificate;
///
/// let error = Certificate::from_der(b"-----BEGIN CERTIFICATE-----").unwrap_err();
/// assert_eq!(error.code(), "certificate_der");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The text is no PEM, or PEM of something else than a certificate.
    #[error("the text is not a `CERTIFICATE` in PEM")]
    Pem,
    /// The bytes are no X.509 certificate in DER.
    #[error("the bytes are not an X.509 certificate in DER")]
    Der,
    /// The common name is empty or longer than X.509 allows, 64 characters.
    #[error("the common name of a certificate has 1 to 64 characters")]
    CommonName,
    /// The serial number is zero.
    #[error("the serial number of a certificate is above zero")]
    Serial,
    /// The certificate would end before it begins, or at a time that X.509 cannot write.
    #[error("the validity of the certificate is not a span of time from 1970 to 9999")]
    Validity,
}

impl CodedError for CertificateError {
    fn code(&self) -> &'static str {
        match self {
            Self::Pem => "certificate_pem",
            Self::Der => "certificate_der",
            Self::CommonName => "certificate_common_name",
            Self::Serial => "certificate_serial",
            Self::Validity => "certificate_validity",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Pem => "Это не сертификат в формате PEM («CERTIFICATE»).",
            Self::Der => "Это не сертификат X.509: структура DER не читается.",
            Self::CommonName => "Название в сертификате – от 1 до 64 знаков.",
            Self::Serial => "Серийный номер сертификата не может быть нулём.",
            Self::Validity => "Срок действия сертификата указан неверно.",
        }
    }
}

impl Certificate {
    /// Reads a certificate in DER. Any key and any signature will do; the signature is not
    /// verified.
    ///
    /// # Errors
    /// [`CertificateError::Der`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let read = || -> der::Result<_> {
            let certificate = x509_cert::Certificate::from_der(der)?;
            let tbs = certificate.tbs_certificate();
            Ok((tbs.subject_public_key_info().to_der()?, *tbs.validity()))
        };
        let (spki, validity) = read().map_err(|_| CertificateError::Der)?;
        let instant = |time| x509::instant(time).ok_or(CertificateError::Der);
        Ok(Self {
            der: der.to_vec(),
            public_key: PublicKey::from_spki_der(&spki),
            spki,
            not_before: instant(validity.not_before)?,
            not_after: instant(validity.not_after)?,
        })
    }

    /// Reads a certificate in PEM: `-----BEGIN CERTIFICATE-----`. Of a chain, the first.
    ///
    /// # Errors
    /// [`CertificateError`] names what is wrong.
    pub fn from_pem(text: &str) -> Result<Self, CertificateError> {
        let block = pem::block(text, LABEL).ok_or(CertificateError::Pem)?;
        let (_, document) = Document::from_pem(block).map_err(|_| CertificateError::Pem)?;
        Self::from_der(document.as_bytes())
    }

    /// The certificate in PEM.
    ///
    /// # Errors
    /// [`CertificateError::Der`] is the encoder's, and no certificate here leads to it.
    pub fn to_pem(&self) -> Result<String, CertificateError> {
        let document = Document::try_from(self.der.as_slice());
        let text = document.and_then(|document| document.to_pem(LABEL, LineEnding::LF));
        text.map_err(|_| CertificateError::Der)
    }

    /// The bytes it was read from.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// `client_certificate_hash`: Streebog-256 over the DER in upper-case hex, 64 characters.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut text = String::with_capacity(64);
        for byte in streebog256(&self.der) {
            // Writing to a String does not fail.
            let _ = write!(text, "{byte:02X}");
        }
        text
    }

    /// The key it is for.
    ///
    /// # Errors
    /// [`KeyError`] if that is no key of ГОСТ Р 34.10-2012 with 256 bits, or a broken one.
    pub fn public_key(&self) -> Result<PublicKey, KeyError> {
        self.public_key
    }

    /// Whether it is for an RSA key, which signs at ЕСИА's old interface alone.
    ///
    /// ```
    /// use eschool_esia::certificate::Certificate;
    ///
    /// let pem = include_str!("../tests/keys/rsa-certificate.pem");
    /// assert!(Certificate::from_pem(pem)?.has_rsa_key());
    /// # Ok::<(), eschool_esia::certificate::CertificateError>(())
    /// ```
    #[must_use]
    pub fn has_rsa_key(&self) -> bool {
        self.rsa_public_key().is_some()
    }

    /// Its `RSAPublicKey`, if its key is one of RSA.
    pub(crate) fn rsa_public_key(&self) -> Option<&[u8]> {
        let info = SubjectPublicKeyInfoRef::from_der(&self.spki).ok()?;
        let key = info.subject_public_key.as_bytes()?;
        (info.algorithm.oid == RSA_ENCRYPTION).then_some(key)
    }

    /// Valid from this second.
    #[must_use]
    pub fn not_before(&self) -> DateTime<Utc> {
        self.not_before
    }

    /// Valid to this second, included.
    #[must_use]
    pub fn not_after(&self) -> DateTime<Utc> {
        self.not_after
    }

    /// A certificate that a key makes for itself: for tests, the emulator, and the test stand.
    ///
    /// # Errors
    /// [`CertificateError::CommonName`], [`Serial`](CertificateError::Serial) and
    /// [`Validity`](CertificateError::Validity) name what X.509 does not allow.
    pub fn self_signed(
        key: &PrivateKey,
        common_name: &str,
        serial: [u8; 16],
        not_before: DateTime<Utc>,
        not_after: DateTime<Utc>,
    ) -> Result<Self, CertificateError> {
        let der = self_signed::make(key, common_name, serial, not_before, not_after)?;
        Self::from_der(&der)
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("hash", &self.hash())
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}
