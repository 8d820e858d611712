//! Why a `client_secret` was refused: what it signed, told to the log and to the operator.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::{
    Direct, Signed,
    request::{SignedCall, SignedRequest},
};
use crate::{
    client::{Attempt, EsiaError, SecretDiagnosis, SignedCallName, diagnosis::SignedPart},
    signer::{RequestSignature, SignerError},
};

/// Remembers when something was last done: whoever is refused tries again, and once a minute is
/// enough.
pub(super) struct OnceAMinute(Mutex<Option<DateTime<Utc>>>);

impl OnceAMinute {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Whether a minute has gone by, or the clock was put back; from now the next one runs.
    pub(super) fn is_over(&self, now: DateTime<Utc>) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let age = last.map(|last| now.signed_duration_since(last));
        let young = |age| (TimeDelta::zero()..TimeDelta::minutes(1)).contains(&age);
        let over = !age.is_some_and(young);
        if over {
            *last = Some(now);
        }
        over
    }
}

/// Refusals of one kind: when the log was told of one, and the diagnosis of it.
pub(super) struct Refusals {
    told: OnceAMinute,
    last: Mutex<Option<Arc<SecretDiagnosis>>>,
}

impl Refusals {
    pub(super) const fn new() -> Self {
        Self { told: OnceAMinute::new(), last: Mutex::new(None) }
    }

    /// Whether a failure is to be explained to the log now: ЕСИА found fault with the signature, its
    /// time or the certificate, and the last explanation is a minute old.
    fn is_due(&self, error: &EsiaError, now: DateTime<Utc>) -> bool {
        is_about_secret(error) && self.told.is_over(now)
    }

    fn tell(&self, diagnosis: SecretDiagnosis) {
        diagnosis.tell();
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(diagnosis));
    }

    fn last(&self) -> Option<Arc<SecretDiagnosis>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Direct {
    /// The diagnosis of a request to sign in as it would be made now.
    pub(in crate::client) async fn diagnose(&self) -> SecretDiagnosis {
        let (state, now) = (self.ambient.uuid().to_string(), self.clock.now());
        self.diagnose_authorize(state, now, self.settings.limits().deadline()).await
    }

    /// Tells the log what the request that began an attempt had signed, if ЕСИА found fault with it.
    /// The signature itself is long gone, so the same string is signed again; a signer that takes
    /// longer than this is the finding, and the string is told all the same.
    ///
    /// Whoever began an attempt can come back with a made-up refusal, so these are kept apart from
    /// what ЕСИА itself answered.
    pub(in crate::client) async fn explain_start(
        &self,
        attempt: &Attempt,
        error: &EsiaError,
        patience: Duration,
    ) {
        if self.refused_starts.is_due(error, self.ambient.now()) {
            let began = self.clock.corrected(attempt.began());
            let state = attempt.state().to_string();
            self.refused_starts.tell(self.diagnose_authorize(state, began, patience).await);
        }
    }

    /// Tells the log what a request for tokens has signed, if ЕСИА found fault with it.
    pub(super) fn explain(&self, signed: Signed, error: &EsiaError) {
        if self.refused_tokens.is_due(error, self.ambient.now()) {
            self.refused_tokens.tell(self.diagnosis(&signed.request, &Ok(signed.signature)));
        }
    }

    /// What the log was told last: of a request for tokens, or else of one to sign in.
    pub(in crate::client) fn last_refused(&self) -> Option<Arc<SecretDiagnosis>> {
        self.refused_tokens.last().or_else(|| self.refused_starts.last())
    }

    async fn diagnose_authorize(
        &self,
        state: String,
        at: DateTime<Utc>,
        patience: Duration,
    ) -> SecretDiagnosis {
        let request = SignedRequest::new(&self.settings, SignedCall::Authorize, state, at);
        let message = request.message();
        let signing = self.signer.sign(message.as_bytes());
        let signed = timeout(patience, signing).await;
        self.diagnosis(&request, &signed.unwrap_or(Err(SignerError::TimedOut)))
    }

    fn diagnosis(
        &self,
        request: &SignedRequest,
        signed: &Result<RequestSignature, SignerError>,
    ) -> SecretDiagnosis {
        let call = match request.call {
            SignedCall::Authorize => SignedCallName::Authorize,
            SignedCall::Code(_) => SignedCallName::Token,
            SignedCall::Refresh(_) => SignedCallName::Refresh,
        };
        let part =
            |(name, value): (_, &str)| SignedPart { name, value: Zeroizing::new(value.to_owned()) };
        let parts = request.parts().into_iter().map(part).collect();
        let certificate = self.signer.certificate().clone();
        let now = self.ambient.now();
        SecretDiagnosis::new(call, request.profile, parts, signed, certificate, now)
    }
}

/// Whether ЕСИА found fault with the signature, its time or the certificate.
fn is_about_secret(error: &EsiaError) -> bool {
    matches!(error, EsiaError::Refused { code: Some(code) } if code.is_about_secret())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::EsiaCode;

    #[test]
    fn a_minute_has_one_diagnosis() {
        let last = OnceAMinute::new();
        for (now, expected) in [
            ("2026-01-15T09:00:30Z", true),
            ("2026-01-15T09:01:00Z", false),
            ("2026-01-15T09:01:29Z", false),
            ("2026-01-15T09:01:30Z", true),
            ("2026-01-15T11:01:30Z", true),
            ("2026-01-15T10:00:00Z", true),
        ] {
            assert_eq!(last.is_over(now.parse().unwrap()), expected, "{now}");
        }
    }

    #[test]
    fn the_codes_about_the_secret_are_those_of_the_facts() {
        for (code, expected) in [
            ("ESIA-007002", true),
            ("ESIA-007015", true),
            ("ESIA-007053", true),
            ("ESIA-008010", true),
            ("ESIA-007003", false),
            ("ESIA-007004", false),
            ("ESIA-007011", false),
        ] {
            let error = EsiaError::Refused { code: EsiaCode::parse(code) };
            assert_eq!(is_about_secret(&error), expected, "{code}");
        }
    }
}
