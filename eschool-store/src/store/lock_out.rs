//! Counting failed passwords: by login, by source, by device.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use eschool_core::{
    id::{AccountId, SchoolId},
    policy::{Counter, LockOutDelays, source_network},
    signin::{At, Attempt, Facts, RefusalCode, decide},
};

use super::{SignInError, Store, StoreError, sign_in::commit};
use crate::{
    backend::{Backend, Changes, Credential, Device, Turn, Tx},
    secret::{KeyHash, PasswordError, Purpose, Token},
};

/// Who stands at the door, and where.
pub(super) struct Door {
    /// The login as it was folded, existing or not.
    pub(super) login: String,
    pub(super) source: Option<IpAddr>,
    pub(super) device: Option<Token>,
}

/// A counter that an attempt is counted on.
pub(super) struct Counted {
    pub(super) key: KeyHash,
    delays: LockOutDelays,
    before: Counter,
}

impl Counted {
    pub(super) fn after(&self, now: DateTime<Utc>) -> Counter {
        self.before.failed(&self.delays, now)
    }
}

/// The turns of who counts on these counters.
pub(super) fn turns(counted: &[Counted]) -> Vec<Turn> {
    counted.iter().map(|c| Turn::Key(c.key)).collect()
}

/// The counters with an attempt taken back that was counted at `since`. They are read again: others
/// may have been counted meanwhile.
pub(super) async fn taken_back(
    tx: &mut dyn Tx,
    counted: &[Counted],
    since: DateTime<Utc>,
) -> Result<Vec<(KeyHash, Counter)>, StoreError> {
    let mut counters = Vec::with_capacity(counted.len());
    for c in counted {
        let now = tx.counter(&c.key).await?;
        counters.push((c.key, now.taken_back(&c.before, &c.delays, since)));
    }
    Ok(counters)
}

/// An attempt that was counted, before its password is checked.
pub(super) struct Counting {
    /// What it was counted on.
    pub(super) counted: Vec<Counted>,
    /// Whether any login was used rightly on the device.
    pub(super) known: bool,
    /// The card of the login, as it stood.
    pub(super) credential: Option<Credential>,
}

impl<B: Backend> Store<B> {
    /// Counts an attempt before its password is checked, unless a counter is closed.
    pub(super) async fn count_attempt(
        &self,
        door: &Door,
        attempt: &Attempt,
        at: &At,
    ) -> Result<Counting, SignInError> {
        loop {
            // A closed door is told without a write: a flood of attempts holds up nobody who writes.
            let mut tx = self.read().await?;
            let (foreseen, _) = self.counted(&mut *tx, door, attempt, at).await?;
            drop(tx);
            let mut needed = turns(&foreseen);
            if self.inner.vault.has_several_lookups() {
                // The card is asked for by each hash, and must not be hashed anew between.
                needed.extend(self.login_turns(&door.login));
            }
            let mut tx = self.write_in(&needed).await?;
            let (counted, known) = self.counted(&mut *tx, door, attempt, at).await?;
            if turns(&counted) != turns(&foreseen) {
                // The device became known, or was forgotten, in between: it is counted elsewhere.
                continue;
            }
            let credential = self.card_of(&mut *tx, &door.login).await.map_err(StoreError::from)?;
            let counters = counted.iter().map(|c| (c.key, c.after(at.instant))).collect();
            commit(tx, Changes { counters, ..Changes::default() }).await?;
            return Ok(Counting { counted, known, credential });
        }
    }

    /// Takes back an attempt whose password could not be checked, and says why.
    pub(super) async fn not_checked(
        &self,
        error: PasswordError,
        counted: &[Counted],
        since: DateTime<Utc>,
    ) -> Result<SignInError, StoreError> {
        let mut tx = self.write_in(&turns(counted)).await?;
        let counters = taken_back(&mut *tx, counted, since).await?;
        commit(tx, Changes { counters, ..Changes::default() }).await?;
        Ok(match error {
            PasswordError::Busy => self.refused(RefusalCode::Busy),
            error => StoreError::from(error).into(),
        })
    }

    /// Notes that a password was wrong; the attempt stays counted.
    pub(super) async fn wrong_password(
        &self,
        action: &str,
        actor: Option<(SchoolId, AccountId)>,
    ) -> Result<SignInError, StoreError> {
        let code = RefusalCode::WrongCredentials;
        self.note(vec![self.audit_entry(action, code.as_str(), actor, None)]).await?;
        Ok(self.refused(code))
    }

    /// The counters of an attempt, unless one is closed, and whether the device is known.
    pub(super) async fn counted(
        &self,
        tx: &mut dyn Tx,
        door: &Door,
        attempt: &Attempt,
        at: &At,
    ) -> Result<(Vec<Counted>, bool), SignInError> {
        let used = match &door.device {
            Some(token) => tx.devices(&token.hash()).await.map_err(StoreError::from)?,
            None => Vec::new(),
        };
        let logins = self.login_keys(&door.login);
        let known = used.iter().find(|device| logins.contains(&device.login_hash));
        let counted = self.counters(tx, door, known, at).await?;
        let closed = counted.iter().filter_map(|c| c.before.closed_until(at.instant)).max();
        if closed.is_some() {
            let facts = Facts { locked_until: closed, ..Facts::default() };
            return match decide(&self.inner.policy, facts, attempt, at) {
                Err(refusal) => Err(SignInError::Refused(refusal)),
                Ok(_) => Err(self.refused(RefusalCode::WrongCredentials)),
            };
        }
        Ok((counted, !used.is_empty()))
    }

    /// What failures with a login on devices that are strangers are counted on.
    pub(super) fn login_counter(&self, login: &str) -> KeyHash {
        self.inner.vault.mac(Purpose::Lockout, &[b"login", login.as_bytes()])
    }

    /// The counters an attempt stands on: a known device's own, else the login's and the source's.
    async fn counters(
        &self,
        tx: &mut dyn Tx,
        door: &Door,
        device: Option<&Device>,
        at: &At,
    ) -> Result<Vec<Counted>, StoreError> {
        let rules = self.inner.policy.rules_on(at.date);
        let mac = |kind: &str, value: &[u8]| {
            self.inner.vault.mac(Purpose::Lockout, &[kind.as_bytes(), value])
        };
        let mut keys = Vec::new();
        if let Some(device) = device {
            // By the login and not its hash, which may change.
            let key = [&device.token.0[..], door.login.as_bytes()].concat();
            keys.push((mac("device", &key), rules.lock_out.login));
        } else {
            keys.push((self.login_counter(&door.login), rules.lock_out.login));
            if let Some(source) = door.source {
                let network = source_network(source).to_string();
                keys.push((mac("source", network.as_bytes()), rules.lock_out.source));
            }
        }
        let mut counted = Vec::with_capacity(keys.len());
        for (key, delays) in keys {
            let before = tx.counter(&key).await?;
            counted.push(Counted { key, delays, before });
        }
        Ok(counted)
    }
}
