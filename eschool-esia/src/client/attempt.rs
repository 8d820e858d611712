//! What the browser keeps between leaving for ЕСИА and coming back.

use std::fmt;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::{EsiaError, secret::Secret};

/// One attempt to sign in, to be kept in the browser that began it until it comes back.
///
/// A person may have several windows open, so each attempt is kept under a name of its own – the
/// state will do – and never in the place of another. The cookie must be unreadable to scripts, go
/// with the browser's return from another site, and leave the machine by https alone (`HttpOnly`,
/// `SameSite=Lax`, `Secure`); with `__Host-` before its name, and so with `Path=/` and without a
/// domain, no other host can set one in its place. It is to be removed once
/// [`finish`](super::EsiaClient::finish) has been called, whatever came of it: an attempt ends once.
///
/// ```
/// use eschool_esia::client::Attempt;
///
/// let text = "0f8fad5b-d9cb-469f-a165-70867728950e.1725181200";
/// let attempt = Attempt::parse(text)?;
/// assert_eq!(attempt.to_text(), text);
/// assert_eq!(attempt.began().to_string(), "2024-09-01 09:00:00 UTC");
/// assert!(!format!("{attempt:?}").contains("0f8fad5b"));
/// # Ok::<(), eschool_esia::client::EsiaError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    state: Uuid,
    began: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    verifier: Option<Secret>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nonce: Option<Secret>,
}

impl Attempt {
    /// An attempt that begins now; whole seconds are kept, as in the text.
    pub(super) fn new(state: Uuid, now: DateTime<Utc>, verifier: Option<Secret>) -> Self {
        Self { state, began: now.trunc_subsecs(0), verifier, nonce: None }
    }

    /// The same with a nonce, which goes to the gateway and has to come back in the id_token. Such
    /// an attempt has a secret of PKCE too.
    pub(super) fn with_nonce(self, nonce: Secret) -> Self {
        Self { nonce: Some(nonce), ..self }
    }

    /// The state that went to ЕСИА and has to come back.
    #[must_use]
    pub const fn state(&self) -> Uuid {
        self.state
    }

    /// When it began.
    #[must_use]
    pub const fn began(&self) -> DateTime<Utc> {
        self.began
    }

    /// The secret of [`Pkce`](super::Pkce), if the attempt began with one.
    pub(super) const fn verifier(&self) -> Option<&Secret> {
        self.verifier.as_ref()
    }

    /// What the id_token of a gateway has to repeat.
    pub(super) const fn nonce(&self) -> Option<&Secret> {
        self.nonce.as_ref()
    }

    /// The text for a cookie: the state, seconds since 1970 and, with [`Pkce`](super::Pkce), its
    /// secret, at a gateway also the nonce, parted by periods. It needs no escaping.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("{}.{}", self.state, self.began.timestamp());
        for secret in [&self.verifier, &self.nonce].into_iter().flatten() {
            text.push('.');
            text.push_str(&secret.to_text());
        }
        text
    }

    /// Reads what [`to_text`](Self::to_text) wrote, with the secrets or without.
    ///
    /// # Errors
    /// [`EsiaError::AttemptMalformed`] for anything else.
    pub fn parse(text: &str) -> Result<Self, EsiaError> {
        let read = || {
            let mut parts = text.splitn(4, '.');
            let state = Uuid::try_parse(parts.next()?).ok()?;
            let began = DateTime::from_timestamp(parts.next()?.parse().ok()?, 0)?;
            let mut secret = || match parts.next() {
                Some(secret) => Secret::parse(secret).map(Some),
                None => Some(None),
            };
            let (verifier, nonce) = (secret()?, secret()?);
            Some(Self { state, began, verifier, nonce })
        };
        read().filter(|read| read.to_text() == text).ok_or(EsiaError::AttemptMalformed)
    }

    /// Whether a callback with this state answers this attempt and comes in time.
    pub(super) fn admits(
        &self,
        state: &str,
        now: DateTime<Utc>,
        lifetime: TimeDelta,
        skew: TimeDelta,
    ) -> Result<(), EsiaError> {
        let ours = self.state.to_string();
        if !bool::from(ours.as_bytes().ct_eq(state.as_bytes())) {
            return Err(EsiaError::StateMismatch);
        }
        let age = now.signed_duration_since(self.began);
        // What begins in the future was not begun here, or the clock has gone back too far.
        if age > lifetime || age < -skew {
            return Err(EsiaError::AttemptExpired);
        }
        Ok(())
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").field("began", &self.began).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_725_181_200 + seconds, 0).unwrap()
    }

    fn began(now: DateTime<Utc>, verifier: Option<Secret>) -> Attempt {
        Attempt::new(STATE.parse().unwrap(), now, verifier)
    }

    fn admits(state: &str, seconds: i64) -> Result<(), EsiaError> {
        let (lifetime, skew) = (TimeDelta::minutes(10), TimeDelta::seconds(60));
        began(at(0), None).admits(state, at(seconds), lifetime, skew)
    }

    #[test]
    fn an_attempt_lives_ten_minutes() {
        for (seconds, alive) in [(0, true), (600, true), (601, false), (-60, true), (-61, false)] {
            let admitted = admits(STATE, seconds);
            assert_eq!(admitted.is_ok(), alive, "{seconds}");
            assert!(matches!(admitted, Ok(()) | Err(EsiaError::AttemptExpired)), "{seconds}");
        }
    }

    #[test]
    fn only_the_same_state_byte_for_byte_is_admitted() {
        let upper = STATE.to_uppercase();
        for state in ["", "0f8fad5b", &upper, "7c9e6679-7425-40de-944b-e07fc1f90ae7"] {
            assert!(matches!(admits(state, 1), Err(EsiaError::StateMismatch)), "{state}");
        }
    }

    #[test]
    fn the_text_and_json_keep_the_attempt() {
        let now = at(0) + TimeDelta::milliseconds(17);
        let fields = format!(r#""state":"{STATE}","began":"2024-09-01T09:00:00Z""#);
        let secret = "_".repeat(42) + "8";
        let other = "A".repeat(43);
        let verifier = Some(Secret::new([0xff; 32]));
        for (attempt, text, json) in [
            (began(now, None), format!("{STATE}.1725181200"), format!("{{{fields}}}")),
            (
                began(now, verifier.clone()),
                format!("{STATE}.1725181200.{secret}"),
                format!(r#"{{{fields},"verifier":"{secret}"}}"#),
            ),
            (
                began(now, verifier).with_nonce(Secret::new([0; 32])),
                format!("{STATE}.1725181200.{secret}.{other}"),
                format!(r#"{{{fields},"verifier":"{secret}","nonce":"{other}"}}"#),
            ),
        ] {
            assert_eq!(attempt.to_text(), text);
            assert_eq!(Attempt::parse(&text).unwrap(), attempt);
            assert_eq!(serde_json::to_string(&attempt).unwrap(), json);
            assert_eq!(serde_json::from_str::<Attempt>(&json).unwrap(), attempt);
        }
    }

    #[test]
    fn a_log_shows_nothing_that_would_end_the_attempt() {
        let shown = format!("{:?}", began(at(0), Some(Secret::new([0xff; 32]))));
        assert!(!shown.contains("____") && !shown.contains("255"), "{shown}");
        assert!(!shown.contains("0f8fad5b"), "{shown}");
    }

    #[test]
    fn another_text_is_no_attempt() {
        let secret = "_".repeat(42) + "8";
        for text in [
            "",
            ".",
            STATE,
            "x.1725181200",
            &format!("{STATE}.x"),
            &format!("{STATE}. 1"),
            &format!("{STATE}.1."),
            &format!("{STATE}.1.{secret}="),
            &format!("{STATE}.1.{secret}."),
            &format!("{STATE}.1.{secret}.{secret}."),
            &format!("{STATE}.1..{secret}"),
            &format!("{STATE}.1.{}", "_".repeat(42)),
            &format!("{STATE}.1.{}", "_".repeat(43)),
        ] {
            assert!(matches!(Attempt::parse(text), Err(EsiaError::AttemptMalformed)), "{text}");
        }
    }
}
