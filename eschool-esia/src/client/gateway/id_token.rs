//! Verifies the id_token of a gateway.

use base64::Engine as _;
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::{
    AccessToken, AccessTokenHash, ClaimsVerificationError, IdToken, IdTokenClaims, IdTokenVerifier,
    Nonce, SignatureVerificationError,
    core::{
        CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
    },
};
use serde_json::Value;

use super::provider::OwnClaims;
use crate::{base64url::BASE64_URL, client::TokenError};

pub(super) type GatewayToken =
    IdToken<OwnClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

pub(super) type GatewayTokenClaims = IdTokenClaims<OwnClaims, CoreGenderClaim>;

/// When it is, as far as one can know.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) now: DateTime<Utc>,
    pub(super) skew: TimeDelta,
}

/// The claims of a token that is signed as agreed, for this system, of this attempt and of now;
/// and that belongs to the access token where it names one.
pub(super) fn verify<'t>(
    token: &'t GatewayToken,
    verifier: IdTokenVerifier<'_, CoreJsonWebKey>,
    algorithm: CoreJwsSigningAlgorithm,
    nonce: &Nonce,
    access: &AccessToken,
    at: Moment,
) -> Result<&'t GatewayTokenClaims, TokenError> {
    let time = at.now.checked_sub_signed(at.skew).unwrap_or(at.now);
    let verifier = verifier.set_allowed_algs([algorithm.clone()]).set_time_fn(move || time);
    let claims = token.claims(&verifier, nonce).map_err(|error| refusal(&error))?;
    let ahead = |instant: DateTime<Utc>| instant.signed_duration_since(at.now) > at.skew;
    if ahead(claims.issue_time()) {
        return Err(TokenError::IssuedInFuture);
    }
    // The crate does not know `nbf`.
    if let Some(begin) = claims.additional_claims().get("nbf") {
        let begin = begin.as_f64().ok_or(TokenError::Malformed)?;
        let latest = at.now.checked_add_signed(at.skew).unwrap_or(at.now).timestamp();
        #[expect(
            clippy::cast_precision_loss,
            reason = "seconds of this age of the world are exact"
        )]
        if begin > latest as f64 {
            return Err(TokenError::NotYetValid);
        }
    }
    if let Some(expected) = claims.access_token_hash() {
        let key = token.signing_key(&verifier).map_err(|_| TokenError::KeyUnknown)?;
        let hash = AccessTokenHash::from_token(access, &algorithm, key);
        if !hash.is_ok_and(|hash| hash == *expected) {
            return Err(TokenError::AccessTokenForeign);
        }
    }
    Ok(claims)
}

/// What the crate found. Its own texts hold claims, so none goes on.
fn refusal(error: &ClaimsVerificationError) -> TokenError {
    use SignatureVerificationError as Signature;
    match error {
        ClaimsVerificationError::Expired(_) => TokenError::Expired,
        ClaimsVerificationError::InvalidAudience(_) => TokenError::AudienceForeign,
        ClaimsVerificationError::InvalidIssuer(_) => TokenError::IssuerForeign,
        ClaimsVerificationError::InvalidNonce(_) => TokenError::NonceForeign,
        ClaimsVerificationError::SignatureVerification(error) => match error {
            Signature::DisallowedAlg(_) | Signature::UnsupportedAlg(_) | Signature::NoSignature => {
                TokenError::AlgorithmRefused
            }
            Signature::NoMatchingKey | Signature::AmbiguousKeyId(_) => TokenError::KeyUnknown,
            _ => TokenError::SignatureRefused,
        },
        _ => TokenError::Malformed,
    }
}

/// Why a text is no id_token to the crate, which reads only the algorithms it knows.
pub(super) fn unreadable(text: &str) -> TokenError {
    let header = text.split('.').next().and_then(|part| BASE64_URL.decode(part).ok());
    let header = header.and_then(|json| serde_json::from_slice::<Value>(&json).ok());
    let named = header.as_ref().and_then(|header| header.get("alg")?.as_str());
    match named {
        Some(name) if serde_json::from_value::<CoreJwsSigningAlgorithm>(name.into()).is_err() => {
            TokenError::AlgorithmRefused
        }
        _ => TokenError::Malformed,
    }
}
