//! Opens a signed token: its form, its algorithm, its kind, its signature.

use base64::Engine as _;
use chrono::{DateTime, Utc};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::keys::{Algorithm, TokenKeys};
use crate::{
    base64url::BASE64_URL,
    client::{Token, TokenError, json::object},
};

/// Tokens of ЕСИА have one or two kilobytes.
const LONGEST: usize = 64 * 1024;

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

/// The claims of a token whose signature has been verified.
///
/// The header is judged first: the algorithm is that of a configured key, never what the token asks
/// for.
pub(super) fn open<C: DeserializeOwned>(
    text: &str,
    token: Token,
    keys: &TokenKeys,
    now: DateTime<Utc>,
) -> Result<C, TokenError> {
    if text.len() > LONGEST {
        return Err(TokenError::TooLong);
    }
    let (signed, signature) = text.rsplit_once('.').ok_or(TokenError::Malformed)?;
    let parts = signed.split_once('.').filter(|(_, claims)| !claims.contains('.'));
    let (header, claims) = parts.ok_or(TokenError::Malformed)?;
    let header: Header = part(header)?;
    let algorithm = match header.alg.as_str() {
        "RS256" => Algorithm::Rs256,
        "GOST3410_2012_256" => Algorithm::Gost,
        _ => return Err(TokenError::AlgorithmRefused),
    };
    keys.expect(algorithm)?;
    let kind = match token {
        Token::Id => "id",
        Token::Access => "access",
    };
    if header.sbt.as_deref() != Some(kind) {
        return Err(TokenError::KindRefused);
    }
    if header.crit.is_some() {
        return Err(TokenError::Malformed);
    }
    let signature = BASE64_URL.decode(signature).map_err(|_| TokenError::Malformed)?;
    keys.verify(algorithm, signed.as_bytes(), &signature, now)?;
    part(claims)
}

/// A part of a token.
fn part<T: DeserializeOwned>(part: &str) -> Result<T, TokenError> {
    let json = BASE64_URL.decode(part).map_err(|_| TokenError::Malformed)?;
    object(&json).ok_or(TokenError::Malformed)
}
