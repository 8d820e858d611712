//! Signing in with the login and password of a card.

use std::net::IpAddr;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use eschool_core::{
    id::{AccountId, SchoolId},
    policy::SignInMethod,
    signin::{
        Attempt, Facts, LookupKeys, PasswordAttempt, PasswordCheck, Refusal, RefusalCode, admit,
        decide,
    },
};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{
    Session, Store, StoreError,
    lock_out::{Counted, Counting, Door, taken_back, turns},
};
use crate::{
    backend::{AuditEntry, Backend, Changes, Credential, Device, Tx},
    secret::{Purpose, SessionToken, Token},
};

/// Somebody typed a login and a password.
pub struct PasswordSignIn {
    /// The login as typed.
    pub login: String,
    /// The password as typed; wiped when dropped.
    pub password: Zeroizing<String>,
    /// Where it comes from, if that is known.
    pub source: Option<IpAddr>,
    /// The device's token, if a login was used rightly on it before.
    pub device: Option<String>,
}

impl std::fmt::Debug for PasswordSignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordSignIn(***)")
    }
}

/// Somebody is in.
#[derive(Debug)]
pub struct SignedIn {
    /// What opens the session, for a cookie or an app.
    pub token: SessionToken,
    /// What tells the device again, for a cookie of its own that lasts longer; only a password is
    /// guessed, so only a sign-in with one has it.
    pub device: Option<Token>,
    /// The session.
    pub session: Session,
}

/// Somebody is not in.
#[derive(Debug, Error)]
pub enum SignInError {
    /// The rules say no.
    #[error("sign-in refused: {}", .0.code)]
    Refused(Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<B: Backend> Store<B> {
    /// Signs in with the login and password of a registration card.
    ///
    /// Failures are counted per typed login, existing or not, and per source address; while a
    /// counter is closed the password is not checked. The attempt is counted **before** the
    /// password is hashed and taken back if it was right, so that many attempts at once are no way
    /// round. A device on which the login was used rightly has a counter of its own, so classmates
    /// cannot lock a pupil out. An unknown login costs one hash, as a known one does.
    ///
    /// # Errors
    /// [`SignInError::Refused`] with what to tell, [`SignInError::Store`] if the store fails.
    pub async fn sign_in_with_password(
        &self,
        request: PasswordSignIn,
    ) -> Result<SignedIn, SignInError> {
        match self.attempt(request).await {
            // Somebody else is writing for too long: the person is told to come again.
            Err(SignInError::Store(error)) if error.is_passing() => {
                Err(self.refused(RefusalCode::Busy))
            }
            result => result,
        }
    }

    async fn attempt(&self, request: PasswordSignIn) -> Result<SignedIn, SignInError> {
        let attempt = Attempt::Password(PasswordAttempt { login: request.login });
        let at = self.here();
        let policy = &self.inner.policy;
        let login = match admit(policy, &attempt, &at).map_err(SignInError::Refused)? {
            LookupKeys::Login(login) => login,
            LookupKeys::Esia { .. } => return Err(self.refused(RefusalCode::WrongCredentials)),
        };
        let door = Door {
            login,
            source: request.source,
            device: request.device.and_then(|text| Token::parse(&text).ok()),
        };
        let Counting { counted, known, credential } =
            self.count_attempt(&door, &attempt, &at).await?;
        let phc = credential.as_ref().map(|credential| credential.phc.clone());
        let password = self.peppered(&request.password);
        let right = match self.inner.passwords.verify_or_dummy(password, phc).await {
            Ok(right) => right,
            Err(error) => return Err(self.not_checked(error, &counted, at.instant).await?),
        };
        match credential.filter(|_| right) {
            Some(credential) => {
                // A token that the store never gave out is no device's: it must not become one.
                let device = door.device.filter(|_| known);
                let checked = Checked { credential, device, counted, since: at.instant };
                self.judge(&attempt, checked).await
            }
            None => Err(self.wrong_password("sign_in", None).await?),
        }
    }

    /// The password was right: whoever it is is judged, and let in or not.
    async fn judge(&self, attempt: &Attempt, checked: Checked) -> Result<SignedIn, SignInError> {
        let Checked { credential, device, counted, since } = checked;
        let key = (credential.school, credential.account);
        let mut turns = turns(&counted);
        let login = credential.login.clone();
        turns.extend(self.login_turns(login.as_str()));
        let mut tx = self.write_in(&turns).await?;
        // Whoever replaced the card or changed the password while it was hashed shut the former out.
        let stands = self.card_of(&mut *tx, login.as_str()).await.map_err(StoreError::from)?;
        let Some(credential) = stands.filter(|stands| stands.is_same(&credential)) else {
            drop(tx);
            return Err(self.wrong_password("sign_in", None).await?);
        };
        let members = tx.members(&[key]).await.map_err(StoreError::from)?;
        let zone = self.school_zone(&mut *tx, credential.school).await?;
        let at = self.at(zone);
        let mut candidates = Vec::with_capacity(members.len());
        for member in &members {
            let consents = self.consents_of(&mut *tx, member, at.date).await?;
            candidates.push(self.candidate(member, consents, at.date)?);
        }
        let facts = Facts { password: Some(PasswordCheck::Right), candidates, ..Facts::default() };
        let counters = taken_back(&mut *tx, &counted, since).await?;
        let mut changes = Changes { counters, ..Changes::default() };
        let outcome = decide(&self.inner.policy, facts, attempt, &at);
        let signed_in = match outcome {
            Ok(grant) => {
                let (token, row) = self.new_session(grant, SignInMethod::Password, zone);
                let device = device.unwrap_or_else(|| Token::new(self.inner.ambient.random()));
                changes.devices.push(Device {
                    token: device.hash(),
                    login_hash: credential.login_hash,
                    seen_at: self.inner.ambient.now(),
                });
                let session = Session::from(row.clone());
                changes.sessions.push(row);
                Ok(SignedIn { token, device: Some(device), session })
            }
            Err(refusal) => Err(SignInError::Refused(refusal)),
        };
        let told = match &signed_in {
            Err(SignInError::Refused(refusal)) => refusal.code.as_str(),
            _ => "granted",
        };
        changes.audit.push(self.audit_entry("sign_in", told, Some(key), None));
        commit(tx, changes).await?;
        signed_in
    }

    /// What argon2id gets: the password bound to the key file, so that the database alone is
    /// nothing to guess passwords against.
    pub(super) fn peppered(&self, password: &str) -> Zeroizing<String> {
        let bound = self.inner.vault.mac(Purpose::Password, &[password.as_bytes()]);
        Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(bound.0))
    }

    pub(super) async fn school_zone(
        &self,
        tx: &mut dyn Tx,
        school: SchoolId,
    ) -> Result<Tz, StoreError> {
        let found = tx.school(school).await?;
        Ok(found.map_or(self.inner.settings.time_zone, |school| self.zone(&school)))
    }

    pub(super) fn audit_entry(
        &self,
        action: &str,
        outcome: &str,
        actor: Option<(SchoolId, AccountId)>,
        subject: Option<AccountId>,
    ) -> AuditEntry {
        AuditEntry {
            at: self.inner.ambient.now(),
            action: action.into(),
            outcome: outcome.into(),
            school: actor.map(|(school, _)| school),
            actor: actor.map(|(_, account)| account),
            subject,
            case: None,
            lesson: None,
        }
    }

    /// A refusal under today's rules.
    #[must_use]
    pub fn refusal(&self, code: RefusalCode) -> Refusal {
        Refusal::new(code, self.inner.policy.rules_on(self.here().date))
    }

    pub(super) fn refused(&self, code: RefusalCode) -> SignInError {
        SignInError::Refused(self.refusal(code))
    }
}

/// Writes changes and makes them visible.
pub(super) async fn commit(mut tx: Box<dyn Tx>, changes: Changes) -> Result<(), StoreError> {
    tx.apply(&changes).await?;
    Ok(tx.commit().await?)
}

/// A right password, and what its attempt was counted on.
struct Checked {
    credential: Credential,
    device: Option<Token>,
    counted: Vec<Counted>,
    since: DateTime<Utc>,
}
