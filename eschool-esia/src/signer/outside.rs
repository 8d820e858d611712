//! What is known beforehand of signatures that come from outside this process.

use std::time::Duration;

use super::{ByteOrder, RequestSignature, SignatureForm, SignerError, SignerSettingsError, answer};
use crate::{
    certificate::Certificate,
    cms::{self, CmsError},
    gost::Signature,
};

/// What is known beforehand of signatures that a program or a service makes.
///
/// Each is held against it: a raw signature must be one of the message by the certificate's key,
/// and so must CMS, unless it is made by an algorithm that this crate does not know.
///
/// ```
/// use eschool_esia::{
///     certificate::Certificate,
///     gost::{Curve, PrivateKey},
///     signer::{ByteOrder, Outside, SignatureForm},
/// };
///
/// # let key = PrivateKey::generate(Curve::CryptoProA, &mut |bytes| bytes.fill(7));
/// # let (from, until) = ("2026-01-01T00:00:00Z".parse()?, "2027-01-01T00:00:00Z".parse()?);
/// # let certificate = Certificate::self_signed(&key, "eschool", [1; 16], from, until)?;
/// let of_cryptopro = Outside { order: ByteOrder::Reversed, ..Outside::new(certificate) };
/// assert_eq!(of_cryptopro.form, SignatureForm::Raw);
/// assert_eq!(of_cryptopro.timeout.as_secs(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Outside {
    /// The certificate that goes with the key.
    pub certificate: Certificate,
    /// The form of the signatures.
    pub form: SignatureForm,
    /// The order of the bytes of raw ones; CMS has no other than its own.
    pub order: ByteOrder,
    /// How long one signature may take, 1 to 60 seconds.
    pub timeout: Duration,
}

impl Outside {
    /// Raw signatures, s ‖ r, within five seconds.
    #[must_use]
    pub fn new(certificate: Certificate) -> Self {
        Self {
            certificate,
            form: SignatureForm::default(),
            order: ByteOrder::default(),
            timeout: Duration::from_secs(5),
        }
    }

    pub(super) fn check(&self) -> Result<(), SignerSettingsError> {
        if !(1..=60).contains(&self.timeout.as_secs()) {
            return Err(SignerSettingsError::Timeout);
        }
        match (self.form, self.order) {
            (SignatureForm::Cms, ByteOrder::Reversed) => Err(SignerSettingsError::Order),
            (SignatureForm::Cms, ByteOrder::Sr) => Ok(()),
            (SignatureForm::Raw, _) => match self.certificate.public_key() {
                Ok(_) => Ok(()),
                Err(error) => Err(SignerError::Key(error).into()),
            },
        }
    }

    /// The signature in an answer, if it is one of the message.
    pub(super) fn judge(
        &self,
        message: &[u8],
        answer: &[u8],
    ) -> Result<RequestSignature, SignerError> {
        match self.form {
            SignatureForm::Raw => self.judge_raw(message, answer),
            SignatureForm::Cms => {
                let der = answer::cms(answer)?;
                match check_signature(self.form, &self.certificate, message, &der) {
                    // Whether ЕСИА knows the algorithm is not for this crate to say.
                    Ok(()) | Err(SignerError::Cms(CmsError::Algorithm)) => {
                        Ok(RequestSignature::from_cms(der))
                    }
                    Err(error) => Err(error),
                }
            }
        }
    }

    fn judge_raw(&self, message: &[u8], answer: &[u8]) -> Result<RequestSignature, SignerError> {
        let given = answer::raw(answer)?;
        let signature = match self.order {
            ByteOrder::Sr => given,
            ByteOrder::Reversed => given.reversed(),
        };
        check_signature(self.form, &self.certificate, message, signature.as_bytes())?;
        Ok(signature.into())
    }
}

/// Whether these bytes are a signature of the message by the certificate's key.
pub(crate) fn check_signature(
    form: SignatureForm,
    certificate: &Certificate,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignerError> {
    match form {
        SignatureForm::Raw => {
            let (key, signature) = (certificate.public_key()?, Signature::from_slice(signature)?);
            match key.verify(message, &signature) {
                Err(_) if key.verify(message, &signature.reversed()).is_ok() => {
                    Err(SignerError::Backwards)
                }
                judged => judged.map_err(SignerError::Answer),
            }
        }
        SignatureForm::Cms => Ok(cms::verify(signature, message, certificate)?),
    }
}
