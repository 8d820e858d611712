//! The bytes of `client_secret`.

use std::fmt;

use base64::Engine as _;

use crate::{base64url::BASE64_URL, gost::Signature};

/// The bytes of a request's `client_secret`. `Debug` shows nothing of them: until the request's
/// timestamp is too old, whoever reads them can send it.
///
/// ```
/// use eschool_esia::{gost::Signature, signer::RequestSignature};
///
/// let signature = RequestSignature::from(Signature::from_slice(&[7; 64])?);
/// assert_eq!(signature.to_base64url().len(), 86);
/// assert_eq!(format!("{signature:?}"), "RequestSignature(…)");
/// # Ok::<(), eschool_esia::gost::SignatureError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RequestSignature(Vec<u8>);

impl RequestSignature {
    /// A detached `SignedData` of CMS in DER. What it signs is for
    /// [`cms::verify`](crate::cms::verify) to say.
    #[must_use]
    pub fn from_cms(der: Vec<u8>) -> Self {
        Self(der)
    }

    /// The bytes: s ‖ r, or the DER.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// base64url without padding: what ЕСИА takes as `client_secret`.
    #[must_use]
    pub fn to_base64url(&self) -> String {
        BASE64_URL.encode(&self.0)
    }
}

impl From<Signature> for RequestSignature {
    fn from(signature: Signature) -> Self {
        Self(signature.as_bytes().to_vec())
    }
}

impl fmt::Debug for RequestSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestSignature(…)")
    }
}
