//! Recovery: who forgot the password of a card asks for a letter.
//!
//! * here: somebody asks, and learns nothing of who exists;
//! * `letters`: what a mailer takes and sends;
//! * `links`: what the links of a letter do.
//!
//! Asking looks nobody up. It counts, puts what was typed into the outbox, sealed, and answers; whom
//! the letter is for is found when a mailer takes it. So neither the answer nor the time it takes
//! depends on who exists. The letter's links are made as it is taken, so that no database ever holds
//! what opens one; a letter that is taken again has new links, which end those of the former.

mod letters;
mod links;

use std::net::IpAddr;

use eschool_core::{
    policy::source_network,
    recovery::{RecoveryAnswer, RecoveryRequest, recovery_answer},
};

pub use self::{
    letters::OutgoingLetter,
    links::{LinkOffer, LinkUseError},
};
use super::{Store, StoreError, places::of_letter, sign_in::commit};
use crate::{
    backend::{Backend, Changes, LetterRow, Turn},
    secret::Purpose,
};

/// How long a letter is worth sending: whoever asked has long asked again.
const LETTER_KEPT: chrono::TimeDelta = chrono::TimeDelta::hours(6);

impl<B: Backend> Store<B> {
    /// Somebody who forgot the password asks for a letter. The answer is made of the rules alone,
    /// and is the same whatever exists; the letter is handed out by
    /// [`take_letters`](Self::take_letters).
    ///
    /// Requests are counted per login or e-mail, existing or not, and per source address, by the
    /// delays of the lock-out; while a counter is closed nothing is put into the outbox, and the
    /// answer is the same.
    ///
    /// ```
    /// use eschool_core::recovery::{RecoveryAnswer, RecoveryRequest};
    /// use eschool_store::{Store, StoreError, backend::Backend};
    ///
    /// async fn forgotten<B: Backend>(
    ///     store: &Store<B>, asked: &RecoveryRequest,
    /// ) -> Result<RecoveryAnswer, StoreError> {
    ///     store.request_recovery(asked, None).await
    /// }
    /// ```
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub async fn request_recovery(
        &self,
        request: &RecoveryRequest,
        source: Option<IpAddr>,
    ) -> Result<RecoveryAnswer, StoreError> {
        let at = self.here();
        let rules = self.rules(at.date);
        let asked = asked(request);
        let mac = |kind: &str, value: &str| {
            self.inner.vault.mac(Purpose::Lockout, &[kind.as_bytes(), value.as_bytes()])
        };
        let mut counted = vec![(mac("recovery", &asked), rules.lock_out.login)];
        if let Some(source) = source {
            let network = source_network(source).to_string();
            counted.push((mac("recovery_source", &network), rules.lock_out.source));
        }
        // A closed counter is told without a write: a flood of requests holds up nobody who writes.
        let mut tx = self.read().await?;
        for (key, _) in &counted {
            if tx.counter(key).await?.closed_until(at.instant).is_some() {
                return Ok(recovery_answer(rules));
            }
        }
        drop(tx);
        let turns: Vec<_> = counted.iter().map(|(key, _)| Turn::Key(*key)).collect();
        let mut tx = self.write_in(&turns).await?;
        let mut counters = Vec::with_capacity(counted.len());
        let mut is_closed = false;
        for (key, delays) in counted {
            let counter = tx.counter(&key).await?;
            is_closed |= counter.closed_until(at.instant).is_some();
            counters.push((key, counter.failed(&delays, at.instant)));
        }
        if !is_closed {
            let id = self.inner.ambient.new_id();
            let nonce = self.inner.ambient.random();
            let letter = LetterRow {
                id,
                asked_at: at.instant,
                due_at: at.instant,
                attempts: 0,
                expires_at: at.instant + LETTER_KEPT,
                asked: self.inner.vault.seal(&of_letter(id), asked.as_bytes(), nonce)?,
            };
            let audit = vec![self.audit_entry("recovery", "asked", None, None)];
            let changes = Changes { counters, letters: vec![letter], audit, ..Changes::default() };
            commit(tx, changes).await?;
        }
        Ok(recovery_answer(rules))
    }
}

/// What was typed, in the one spelling that it has.
fn asked(request: &RecoveryRequest) -> String {
    match request {
        RecoveryRequest::Login(login) => login.as_str().to_owned(),
        RecoveryRequest::Email(email) => email.canonical(),
    }
}
