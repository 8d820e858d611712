//! Signing in with the login and password of a card.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use eschool_core::{
    id::{AccountId, SchoolId},
    policy::{Counter, LockOutDelays},
    signin::{
        Attempt, Candidate, ChildFacts, Facts, LookupKeys, ParentFacts, PasswordAttempt,
        PasswordCheck, PupilFacts, Refusal, RefusalCode, StaffFacts, admit, decide,
    },
};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{Session, Store, StoreError};
use crate::{
    backend::{AuditEntry, Backend, Changes, Credential, Device, Member, Tx},
    secret::{KeyHash, PasswordError, Purpose, Token},
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
    pub token: Token,
    /// What tells the device again, for a cookie of its own that lasts longer.
    pub device: Token,
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

/// A counter that this attempt is counted on.
struct Counted {
    key: KeyHash,
    delays: LockOutDelays,
    now: Counter,
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
        let attempt = Attempt::Password(PasswordAttempt { login: request.login });
        let at = self.at(self.inner.settings.time_zone);
        let policy = &self.inner.policy;
        let login = match admit(policy, &attempt, &at).map_err(SignInError::Refused)? {
            LookupKeys::Login(login) => login,
            LookupKeys::Esia { .. } => return Err(self.refused(RefusalCode::WrongCredentials)),
        };
        let login_hash = self.login_key(&login);
        let device = request.device.and_then(|text| Token::parse(&text).ok());

        let mut tx = self.write().await?;
        let used = match &device {
            Some(token) => tx.devices(&token.hash()).await.map_err(StoreError::from)?,
            None => Vec::new(),
        };
        // A token that the store never gave out is no device's: it must not become one.
        let device = device.filter(|_| !used.is_empty());
        let known = used.iter().find(|device| device.login_hash == login_hash);
        let counted = self.counters(&mut *tx, &login, request.source, known, at.instant).await?;
        if let Some(until) = closed_until(&counted, at.instant) {
            let facts = Facts { locked_until: Some(until), ..Facts::default() };
            return match decide(policy, facts, &attempt, &at) {
                Err(refusal) => Err(SignInError::Refused(refusal)),
                Ok(_) => Err(self.refused(RefusalCode::WrongCredentials)),
            };
        }
        let credential = tx.credential(&login_hash).await.map_err(StoreError::from)?;
        let counters =
            counted.iter().map(|c| (c.key, c.now.failed(&c.delays, at.instant))).collect();
        commit(tx, Changes { counters, ..Changes::default() }).await?;

        let phc = credential.as_ref().map(|credential| credential.phc.clone());
        let right = match self.inner.passwords.verify_or_dummy(request.password, phc).await {
            Ok(right) => right,
            Err(error) => {
                self.take_back(&counted).await?;
                return Err(match error {
                    PasswordError::Busy => self.refused(RefusalCode::Busy),
                    error => StoreError::from(error).into(),
                });
            }
        };
        match credential.filter(|_| right) {
            Some(credential) => self.judge(&attempt, credential, device, &counted).await,
            None => {
                let audit = self.audit_entry("sign_in", "wrong_credentials", None, None);
                let tx = self.write().await?;
                commit(tx, Changes { audit: vec![audit], ..Changes::default() }).await?;
                Err(self.refused(RefusalCode::WrongCredentials))
            }
        }
    }

    /// The password was right: whoever it is is judged, and let in or not.
    async fn judge(
        &self,
        attempt: &Attempt,
        credential: Credential,
        device: Option<Token>,
        counted: &[Counted],
    ) -> Result<SignedIn, SignInError> {
        let key = (credential.school, credential.account);
        let mut tx = self.write().await?;
        let members = tx.members(&[key]).await.map_err(StoreError::from)?;
        let zone = self.school_zone(&mut *tx, credential.school).await?;
        let candidates: Result<Vec<_>, _> = members.iter().map(|m| self.candidate(m)).collect();
        let facts = Facts {
            locked_until: None,
            password: Some(PasswordCheck::Right),
            candidates: candidates?,
        };
        let counters = forgiven(&mut *tx, counted).await?;
        let mut changes = Changes { counters, ..Changes::default() };
        let outcome = decide(&self.inner.policy, facts, attempt, &self.at(zone));
        let signed_in = match outcome {
            Ok(grant) => {
                let (token, row) = self.new_session(grant, zone);
                let device = device.unwrap_or_else(|| Token::new(self.inner.ambient.random()));
                changes.devices.push(Device {
                    token: device.hash(),
                    login_hash: credential.login_hash,
                    seen_at: self.inner.ambient.now(),
                });
                let session = Session {
                    person: row.person,
                    accounts: row.accounts.clone(),
                    password_ends: row.password_ends,
                    expires_at: row.expires_at,
                };
                changes.sessions.push(row);
                Ok(SignedIn { token, device, session })
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

    /// The counters an attempt stands on: a known device's own, else the login's and the source's.
    async fn counters(
        &self,
        tx: &mut dyn Tx,
        login: &str,
        source: Option<IpAddr>,
        device: Option<&Device>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Counted>, StoreError> {
        let rules = self.inner.policy.rules_on(now.date_naive());
        let mac = |kind: &str, value: &[u8]| {
            self.inner.vault.mac(Purpose::Lockout, &[kind.as_bytes(), value])
        };
        let mut keys = Vec::new();
        if let Some(device) = device {
            let key = [&device.token.0[..], &device.login_hash.0].concat();
            keys.push((mac("device", &key), rules.lock_out.login));
        } else {
            keys.push((mac("login", login.as_bytes()), rules.lock_out.login));
            if let Some(source) = source {
                keys.push((mac("source", &network_of(source)), rules.lock_out.source));
            }
        }
        let mut counted = Vec::with_capacity(keys.len());
        for (key, delays) in keys {
            counted.push(Counted { key, delays, now: tx.counter(&key).await? });
        }
        Ok(counted)
    }

    /// Takes back what an attempt was counted for: it never came to a check.
    async fn take_back(&self, counted: &[Counted]) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let counters = forgiven(&mut *tx, counted).await?;
        commit(tx, Changes { counters, ..Changes::default() }).await
    }

    /// The account with its roles, as [`decide`] judges it.
    pub(super) fn candidate(&self, member: &Member) -> Result<Candidate, StoreError> {
        let account = self.open_account(&member.account)?;
        let pupil = (!member.stays.is_empty())
            .then(|| PupilFacts { until: last_day(member.stays.iter().map(|stay| stay.to)) });
        let parent = (!member.children.is_empty()).then(|| ParentFacts {
            children: member
                .children
                .iter()
                .map(|child| ChildFacts {
                    guardianship: child.guardianship.clone(),
                    birth_date: child.birth_date,
                    until: last_day(child.stays.iter().map(|stay| stay.to)),
                })
                .collect(),
        });
        let staff = (!member.posts.is_empty()).then(|| StaffFacts {
            class_teacher_of: member.posts.iter().filter_map(|p| p.class_teacher_of).collect(),
            until: last_day(member.posts.iter().map(|post| post.until)),
        });
        Ok(Candidate { account, pupil, parent, staff })
    }

    pub(super) async fn school_zone(
        &self,
        tx: &mut dyn Tx,
        school: SchoolId,
    ) -> Result<Tz, StoreError> {
        let schools = tx.schools().await?;
        let found = schools.iter().find(|candidate| candidate.id == school);
        Ok(found.map_or(self.inner.settings.time_zone, |school| self.zone(school)))
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
        }
    }

    /// A refusal under today's rules.
    #[must_use]
    pub fn refusal(&self, code: RefusalCode) -> Refusal {
        let today = self.at(self.inner.settings.time_zone).date;
        Refusal::new(code, self.inner.policy.rules_on(today))
    }

    fn refused(&self, code: RefusalCode) -> SignInError {
        SignInError::Refused(self.refusal(code))
    }
}

async fn commit(mut tx: Box<dyn Tx>, changes: Changes) -> Result<(), StoreError> {
    tx.apply(&changes).await?;
    Ok(tx.commit().await?)
}

/// The latest time at which one of the counters opens again, if any is closed.
fn closed_until(counted: &[Counted], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    counted.iter().filter_map(|c| c.now.closed_until(now)).max()
}

/// The counters with this attempt taken back. They are read again: other attempts may have been
/// counted since.
async fn forgiven(
    tx: &mut dyn Tx,
    counted: &[Counted],
) -> Result<Vec<(KeyHash, Counter)>, StoreError> {
    let mut counters = Vec::with_capacity(counted.len());
    for c in counted {
        counters.push((c.key, tx.counter(&c.key).await?.forgiven(&c.delays)));
    }
    Ok(counters)
}

/// The last of several days; none if one of them is still to come.
fn last_day<D: Ord>(days: impl Iterator<Item = Option<D>>) -> Option<D> {
    let mut last = None;
    for day in days {
        last = last.max(Some(day?));
    }
    last
}

/// The network an address belongs to: /24 of IPv4, /64 of IPv6, where one household or one school
/// sits.
fn network_of(source: IpAddr) -> Vec<u8> {
    match source.to_canonical() {
        IpAddr::V4(address) => address.octets().into_iter().take(3).collect(),
        IpAddr::V6(address) => address.octets().into_iter().take(8).collect(),
    }
}
