//! What the tokens claim, read leniently and judged strictly.
//!
//! ЕСИА writes some claims in forms that the standard forbids and changes them unannounced. Only
//! what is judged is read; `amr` and `acr`, which were seen as texts, lists and objects, are not.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::client::{EsiaSettings, TokenError};

/// The number of a person in ЕСИА, which comes as an integer or as a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Oid(pub(super) u64);

impl Oid {
    pub(super) fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().ok()
            }
            _ => None,
        }
        .map(Self)
    }
}

impl<'de> Deserialize<'de> for Oid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::read(&value).ok_or_else(|| serde::de::Error::custom("not a number of a person"))
    }
}

/// When a token is judged, by the clock of ЕСИА as far as it is known.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) now: DateTime<Utc>,
    /// When the attempt began that the token is to end.
    pub(super) began: DateTime<Utc>,
}

/// The claims that both tokens have.
#[derive(Deserialize)]
pub(super) struct Validity {
    iss: Option<String>,
    exp: Option<Instant>,
    nbf: Option<Instant>,
    iat: Option<Instant>,
}

/// Seconds since 1970; fractions are cut off, and what lies beyond the calendar is no instant.
struct Instant(DateTime<Utc>);

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = match Value::deserialize(deserializer)? {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "saturates, and then is no instant"
            )]
            Value::Number(number) => number.as_i64().or(number.as_f64().map(|f| f as i64)),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        seconds
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("not an instant"))
    }
}

impl Validity {
    /// Who issued it, and whether now is its time. Every claim must stand: each token of ЕСИА
    /// that was ever seen has all four.
    fn judge(&self, settings: &EsiaSettings, at: Moment) -> Result<(), TokenError> {
        let skew = settings.limits().clock_skew();
        let iss = self.iss.as_deref().ok_or(TokenError::ClaimMissing { claim: "iss" })?;
        // Byte for byte: the scheme and the last slash are part of the name.
        if iss != settings.issuer {
            return Err(TokenError::IssuerForeign);
        }
        let stands = |instant: &Option<Instant>, claim| {
            instant.as_ref().map(|instant| instant.0).ok_or(TokenError::ClaimMissing { claim })
        };
        let (exp, iat) = (stands(&self.exp, "exp")?, stands(&self.iat, "iat")?);
        let nbf = stands(&self.nbf, "nbf")?;
        // Differences of two instants always fit; a sum could leave the calendar.
        let later = |one: DateTime<Utc>, other| one.signed_duration_since(other);
        if later(at.now, exp) >= skew {
            return Err(TokenError::Expired);
        }
        if later(iat, at.now) > skew {
            return Err(TokenError::IssuedInFuture);
        }
        if later(nbf, at.now) > skew {
            return Err(TokenError::NotYetValid);
        }
        // ЕСИА repeats no nonce; that a token is younger than the attempt comes near to one.
        if settings.fresh_tokens_alone && later(at.began, iat) > skew {
            return Err(TokenError::Reused);
        }
        Ok(())
    }
}

/// The claims of the id_token.
#[derive(Deserialize)]
pub(super) struct IdClaims {
    #[serde(flatten)]
    validity: Validity,
    aud: Option<Audience>,
    sub: Option<Oid>,
    #[serde(rename = "urn:esia:sbj", default, deserialize_with = "subject")]
    subject: Option<Subject>,
    /// Where older tokens say it.
    #[serde(rename = "urn:esia:sbj:lvl", default)]
    level: Value,
}

/// What is no object describes nobody.
fn subject<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Subject>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let described = value.is_object().then(|| Subject::deserialize(value));
    described.transpose().map_err(serde::de::Error::custom)
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
struct Subject {
    #[serde(rename = "urn:esia:sbj:oid")]
    oid: Option<Oid>,
    #[serde(rename = "urn:esia:sbj:lvl", default)]
    level: Value,
}

impl IdClaims {
    /// Judges the claims; whom they speak of.
    pub(super) fn judge(&self, settings: &EsiaSettings, at: Moment) -> Result<Oid, TokenError> {
        self.validity.judge(settings, at)?;
        let ours = match &self.aud {
            None => return Err(TokenError::ClaimMissing { claim: "aud" }),
            Some(Audience::One(audience)) => *audience == settings.client_id,
            Some(Audience::Many(many)) => {
                matches!(many.as_slice(), [audience] if *audience == settings.client_id)
            }
        };
        if !ours {
            return Err(TokenError::AudienceForeign);
        }
        let sub = self.sub.ok_or(TokenError::ClaimMissing { claim: "sub" })?;
        let described = self.subject.as_ref().and_then(|subject| subject.oid);
        if described.is_some_and(|oid| oid != sub) {
            return Err(TokenError::SubjectsDiffer);
        }
        Ok(sub)
    }

    /// The type of the account, `urn:esia:sbj:lvl`.
    pub(super) fn level(&self) -> Option<&str> {
        let described = self.subject.as_ref().and_then(|subject| subject.level.as_str());
        described.or(self.level.as_str())
    }
}

/// The claims of the access token, which has no audience but `client_id`.
#[derive(Deserialize)]
pub(super) struct AccessClaims {
    #[serde(flatten)]
    validity: Validity,
    #[serde(rename = "urn:esia:sbj_id")]
    subject: Option<Oid>,
    client_id: Option<String>,
}

impl AccessClaims {
    /// Judges the claims; whose data it opens.
    pub(super) fn judge(&self, settings: &EsiaSettings, at: Moment) -> Result<Oid, TokenError> {
        self.validity.judge(settings, at)?;
        let client =
            self.client_id.as_ref().ok_or(TokenError::ClaimMissing { claim: "client_id" })?;
        if *client != settings.client_id {
            return Err(TokenError::AudienceForeign);
        }
        self.subject.ok_or(TokenError::ClaimMissing { claim: "urn:esia:sbj_id" })
    }
}
