//! PKCE (RFC 7636): the challenge of a sign-in, and the verifier that meets it.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    ClientSystem, PkceRule, RefusalCode,
    fault::Fault,
    parameters::Parameters,
    reason::{ChallengeReason, Reason},
};
use crate::gost::streebog256;

/// What a `code_verifier` must hash to.
#[derive(Clone)]
pub(super) struct Challenge {
    method: Method,
    text: String,
}

#[derive(Clone, Copy)]
enum Method {
    Sha256,
    Streebog256,
}

impl Challenge {
    /// The challenge of a request for a sign-in, where it has one.
    pub(super) fn read(
        client: &ClientSystem,
        parameters: &Parameters,
    ) -> Result<Option<Self>, Fault> {
        let method = parameters.once("code_challenge_method")?;
        let Some(text) = parameters.once("code_challenge")? else {
            let missing = |reason| Err(Fault::new(RefusalCode::CHALLENGE_MISSING, reason));
            return match (method, client.pkce) {
                (Some(_), _) => missing(Reason::Challenge(ChallengeReason::ChallengeMissing)),
                (None, PkceRule::Required) => {
                    missing(Reason::Challenge(ChallengeReason::ChallengeNeeded))
                }
                (None, PkceRule::Optional) => Ok(None),
            };
        };
        let method = match method {
            Some("S256") => Method::Sha256,
            Some("GOST3411") => Method::Streebog256,
            _ => {
                return Err(Fault::new(RefusalCode::PARAMETER, ChallengeReason::ChallengeMethod));
            }
        };
        Ok(Some(Self { method, text: text.into() }))
    }

    /// Whether the verifier is the one the challenge was made of.
    pub(super) fn meet(challenge: Option<&Self>, verifier: Option<&str>) -> Result<(), Fault> {
        let Some(challenge) = challenge else {
            return match verifier {
                None => Ok(()),
                Some(_) => Err(Fault::new(
                    RefusalCode::CHALLENGE_MISSING,
                    ChallengeReason::VerifierUnasked,
                )),
            };
        };
        let refused = |reason| Err(Fault::new(RefusalCode::VERIFIER, reason));
        let Some(verifier) = verifier.map(str::as_bytes) else {
            return refused(Reason::Challenge(ChallengeReason::VerifierMissing));
        };
        let hashed = match challenge.method {
            Method::Sha256 => URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier)),
            Method::Streebog256 => URL_SAFE_NO_PAD.encode(streebog256(verifier)),
        };
        if hashed == challenge.text {
            Ok(())
        } else {
            refused(Reason::Challenge(ChallengeReason::VerifierWrong))
        }
    }
}
