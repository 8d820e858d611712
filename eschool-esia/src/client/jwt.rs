//! Opens a signed token: its form, its algorithm, its kind, its signature.

use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Token, TokenError, json::object, keys::TokenKeys};

/// Tokens of ЕСИА have one or two kilobytes.
const LONGEST: usize = 64 * 1024;

/// The standard wants no padding; ЕСИА was seen to pad.
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[derive(Deserialize)]
struct Header {
    alg: String,
    /// What kind of token it is; a field of ЕСИА's own.
    #[serde(default)]
    sbt: Option<String>,
    /// Extensions that whoever does not know them must refuse (RFC 7515 §4.1.11); none is known.
    #[serde(default)]
    crit: Option<Value>,
}

/// Whether the text has the three parts of a signed token.
pub(super) fn is_jwt(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b'.').count() == 2
}

/// The claims of a token whose signature has been verified.
///
/// The header is judged first: the algorithm is what this system expects, never what the token
/// asks for.
pub(super) fn open<C: DeserializeOwned>(
    text: &str,
    token: Token,
    keys: &TokenKeys,
    now: DateTime<Utc>,
) -> Result<C, TokenError> {
    if text.len() > LONGEST {
        return Err(TokenError::TooLong);
    }
    let parts = text.rsplit_once('.').filter(|_| is_jwt(text));
    let (signed, signature) = parts.ok_or(TokenError::Malformed)?;
    let (header, claims) = signed.split_once('.').ok_or(TokenError::Malformed)?;
    let header: Header = part(header)?;
    if header.alg != "RS256" {
        return Err(TokenError::AlgorithmRefused);
    }
    let kind = match token {
        Token::Id => "id",
        Token::Access => "access",
    };
    if header.sbt.is_some_and(|sbt| sbt != kind) {
        return Err(TokenError::KindRefused);
    }
    if header.crit.is_some() {
        return Err(TokenError::Malformed);
    }
    let signature = BASE64_URL.decode(signature).map_err(|_| TokenError::Malformed)?;
    keys.verify(signed.as_bytes(), &signature, now)?;
    part(claims)
}

/// A part of a token.
fn part<T: DeserializeOwned>(part: &str) -> Result<T, TokenError> {
    let json = BASE64_URL.decode(part).map_err(|_| TokenError::Malformed)?;
    object(&json).ok_or(TokenError::Malformed)
}
