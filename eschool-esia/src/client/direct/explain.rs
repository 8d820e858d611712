//! Why a `client_secret` was refused: what it signed, told to the log and to the operator.

use std::sync::{Arc, Mutex, PoisonError};

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

    /// As if it had not been done.
    fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// How long the diagnosis of a request for tokens is kept: one that is older would hide what is refused
/// now, and its string may hold a refresh token that is still good.
const KEPT: TimeDelta = TimeDelta::hours(1);

/// Refusals of one kind: when the log was told of one, and the diagnosis of it.
pub(super) struct Refusals {
    told: OnceAMinute,
    last: Mutex<Option<(DateTime<Utc>, Arc<SecretDiagnosis>)>>,
}

/// The explanation of this minute. Where it is dropped untold, because whoever was refused went away
/// while the signer was at work, the minute is the next one's.
struct Turn<'a> {
    refusals: &'a Refusals,
    told: bool,
}

impl Refusals {
    pub(super) const fn new() -> Self {
        Self { told: OnceAMinute::new(), last: Mutex::new(None) }
    }

    /// The turn to explain a failure to the log, if it is to be explained now: ЕСИА found fault with
    /// the signature, its time or the certificate, and the last explanation is a minute old.
    fn turn(&self, error: &EsiaError, now: DateTime<Utc>) -> Option<Turn<'_>> {
        let due = is_about_secret(error) && self.told.is_over(now);
        due.then(|| Turn { refusals: self, told: false })
    }

    fn last(&self) -> Option<Arc<SecretDiagnosis>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().map(|(_, diagnosis)| Arc::clone(diagnosis))
    }

    fn keep(&self, last: Option<(DateTime<Utc>, Arc<SecretDiagnosis>)>) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = last;
    }

    /// Gives up the diagnosis if it is as old as that, or the clock was put back.
    fn give_up(&self, age: TimeDelta, now: DateTime<Utc>) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let young = |since| (TimeDelta::zero()..age).contains(&now.signed_duration_since(since));
        last.take_if(|(since, _)| !young(*since));
    }
}

impl Turn<'_> {
    fn tell(mut self, diagnosis: SecretDiagnosis, now: DateTime<Utc>) {
        diagnosis.tell();
        self.refusals.keep(Some((now, Arc::new(diagnosis))));
        self.told = true;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.told {
            self.refusals.told.forget();
        }
    }
}

impl Direct {
    /// The diagnosis of a request to sign in as it would be made now.
    pub(in crate::client) async fn diagnose(&self) -> SecretDiagnosis {
        let (state, now) = (self.ambient.uuid().to_string(), self.clock.now());
        self.diagnose_authorize(state, now).await
    }

    /// Tells the log what the request that began an attempt had signed, if ЕСИА found fault with it.
    /// The signature itself is long gone, so the same string is signed again; a signer that takes
    /// longer than a sign-in may is the finding, and the string is told all the same.
    ///
    /// Whoever began an attempt can come back with a made-up refusal, so these are kept apart from
    /// what ЕСИА itself answered. Of an attempt that began before the clock was corrected as it is now
    /// nothing is told: which time it had sent is not known any more.
    pub(in crate::client) async fn explain_start(&self, attempt: &Attempt, error: &EsiaError) {
        let Some(began) = self.clock.as_sent(attempt.began()) else { return };
        if let Some(turn) = self.refused_starts.turn(error, self.ambient.now()) {
            let state = attempt.state().to_string();
            turn.tell(self.diagnose_authorize(state, began).await, self.ambient.now());
        }
    }

    /// Tells the log what a request for tokens has signed, if ЕСИА found fault with it. What was told
    /// of one to sign in before is not the last any more.
    pub(super) fn explain(&self, signed: Signed, error: &EsiaError) {
        let now = self.ambient.now();
        if let Some(turn) = self.refused_tokens.turn(error, now) {
            turn.tell(self.diagnosis(&signed.request, &Ok(signed.signature)), now);
            self.refused_starts.keep(None);
        }
    }

    /// What the log was told last: of a request for tokens in the last hour, or else of one to sign in.
    pub(in crate::client) fn last_refused(&self) -> Option<Arc<SecretDiagnosis>> {
        self.give_up_old_refusals();
        self.refused_tokens.last().or_else(|| self.refused_starts.last())
    }

    /// Gives up the diagnosis of a request for tokens that is an hour old: asked for every time
    /// somebody signs in or is refreshed.
    pub(super) fn give_up_old_refusals(&self) {
        self.refused_tokens.give_up(KEPT, self.ambient.now());
    }

    async fn diagnose_authorize(&self, state: String, at: DateTime<Utc>) -> SecretDiagnosis {
        let request = SignedRequest::new(&self.settings, SignedCall::Authorize, state, at);
        let message = request.message();
        let signing = self.signer.sign(message.as_bytes());
        let signed = timeout(self.settings.limits().deadline(), signing).await;
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
