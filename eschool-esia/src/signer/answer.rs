//! A signature as programs and services give it: bytes, base64, PEM.

use base64::Engine as _;
use serde::{Deserialize, Serialize};

use super::SignerError;
use crate::{base64url::BASE64_URL, cms, gost::Signature};

/// The longest answer that is read, in bytes: the longest CMS as a text.
pub(super) const LONGEST: usize = cms::LONGEST * 2;

/// In which order a program or a service gives the 64 bytes of a raw signature.
///
/// ```
/// use eschool_esia::signer::ByteOrder;
///
/// let order: ByteOrder = serde_json::from_str("\"reversed\"")?;
/// assert_eq!(order, ByteOrder::Reversed);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ByteOrder {
    /// s ‖ r, both big-endian: OpenSSL's gost engine, BouncyCastle, ЕСИА itself.
    #[default]
    Sr,
    /// All 64 bytes backwards: CryptoPro.
    Reversed,
}

/// A raw signature: its 64 bytes, or their base64.
pub(super) fn raw(answer: &[u8]) -> Result<Signature, SignerError> {
    if let Ok(signature) = Signature::from_slice(answer) {
        return Ok(signature);
    }
    let bytes = base64(answer).ok_or(SignerError::AnswerUnreadable)?;
    Signature::from_slice(&bytes).map_err(SignerError::Answer)
}

/// A signature in CMS: DER, its base64, or PEM under any label.
pub(super) fn cms(answer: &[u8]) -> Result<Vec<u8>, SignerError> {
    // A SEQUENCE; the first letter of its base64 is another one, M.
    if answer.first() == Some(&0x30) {
        return Ok(answer.to_vec());
    }
    let bytes = match body_of_pem(answer) {
        Some(body) => base64(body),
        None => base64(answer),
    };
    bytes.filter(|bytes| !bytes.is_empty()).ok_or(SignerError::AnswerUnreadable)
}

/// What stands between the lines `-----BEGIN …-----` and `-----END …-----`.
fn body_of_pem(answer: &[u8]) -> Option<&[u8]> {
    let text = std::str::from_utf8(answer).ok()?.trim();
    let (_label, rest) = text.strip_prefix("-----BEGIN ")?.split_once("-----")?;
    rest.split_once("-----END ").map(|(body, _)| body.as_bytes())
}

/// Base64 of either alphabet, with line breaks and padding or without.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let letters: Vec<u8> = text
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| match byte {
            b'+' => b'-',
            b'/' => b'_',
            other => *other,
        })
        .collect();
    BASE64_URL.decode(letters).ok()
}
