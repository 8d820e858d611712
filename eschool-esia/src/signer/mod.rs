//! Who signs the requests to ЕСИА.
//!
//! | signer | the key lies | for |
//! |---|---|---|
//! | [`GostSigner`] | in this process | v2/v3; tests, the emulator, test stands |
//! | [`GostCmsSigner`], [`RsaCmsSigner`] | in this process | the old interface |
//! | [`CommandSigner`] | behind a program, such as CryptoPro's | either |
//! | [`HttpSigner`] | behind a service | either |
//!
//! Whoever holds the key in yet another way implements [`Signer`]. [`SignerSettings`] makes any of
//! these from a file of settings.
//!
//! What a program or a service gives back is held against the certificate before it goes to ЕСИА,
//! which answers a wrong one with a code that tells nothing.

mod answer;
mod command;
mod error;
mod gost;
mod http;
mod outside;
mod request_signature;
mod rsa;
mod settings;
mod settings_error;
#[cfg(test)]
mod tests;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

pub use answer::ByteOrder;
pub use command::CommandSigner;
pub use error::SignerError;
pub use gost::{GostCmsSigner, GostSigner};
pub use http::{BearerToken, HttpSigner};
pub use outside::Outside;
pub(crate) use outside::check_signature;
pub use request_signature::RequestSignature;
pub use rsa::RsaCmsSigner;
pub use settings::SignerSettings;
pub use settings_error::SignerSettingsError;

use crate::certificate::Certificate;

/// Signs what the client sends.
///
/// The key may lie in this process ([`GostSigner`]), in a program, behind a service or in a
/// certified device: whoever holds it implements this.
///
/// ```
/// use async_trait::async_trait;
/// use eschool_esia::{
///     certificate::Certificate,
///     gost::Signature,
///     signer::{RequestSignature, SignatureForm, Signer, SignerError},
/// };
///
/// /// A device that gives the bytes in CryptoPro's order.
/// struct Device {
///     certificate: Certificate,
/// }
///
/// # fn ask_device(_message: &[u8]) -> Option<Vec<u8>> { None }
/// #[async_trait]
/// impl Signer for Device {
///     async fn sign(&self, message: &[u8]) -> Result<RequestSignature, SignerError> {
///         let bytes = ask_device(message).ok_or(SignerError::Unavailable)?;
///         Ok(Signature::from_slice(&bytes)?.reversed().into())
///     }
///
///     fn form(&self) -> SignatureForm {
///         SignatureForm::Raw
///     }
///
///     fn certificate(&self) -> &Certificate {
///         &self.certificate
///     }
/// }
/// ```
#[async_trait]
pub trait Signer: Send + Sync {
    /// The signature of the message, in the signer's [form](Self::form).
    ///
    /// # Errors
    /// [`SignerError::Unavailable`] if whoever holds the key does not answer; the others name what
    /// is wrong with the answer.
    async fn sign(&self, message: &[u8]) -> Result<RequestSignature, SignerError>;

    /// What kind of signature it gives. ЕСИА's interface v2/v3 takes raw ones, the old one CMS.
    fn form(&self) -> SignatureForm;

    /// The certificate that goes with the key. The client does not start with one that has ended,
    /// and its log tells in time of one that will.
    fn certificate(&self) -> &Certificate;
}

/// The form of a signature.
///
/// ```
/// use eschool_esia::signer::SignatureForm;
///
/// let form: SignatureForm = serde_json::from_str("\"cms\"")?;
/// assert_eq!(form, SignatureForm::Cms);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureForm {
    /// ГОСТ Р 34.10-2012 with 256 bits: s ‖ r, both big-endian, 64 bytes.
    #[default]
    Raw,
    /// A detached `SignedData` of CMS in DER, with the signer's certificate inside.
    Cms,
}
