//! A pupil's own password.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use eschool_core::{
    error::CodedError,
    id::{AccountId, PersonId, SchoolId},
    people::{PasswordRuleError, check_new_password, may_issue_card},
    recovery::replace_links,
    signin::{Attempt, PasswordAttempt, Refusal, RefusalCode},
};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{
    SessionError, SignInError, Store, StoreError,
    lock_out::{Counting, Door, taken_back, turns},
    sign_in::commit,
};
use crate::{
    backend::{Backend, BackendError, Changes, Credential, RecoveryLinkRow, Tx},
    secret::{SessionToken, Token},
};

/// Somebody who is signed in wants another password.
pub struct PasswordChange {
    /// The present password as typed; wiped when dropped.
    pub old: Zeroizing<String>,
    /// The new one as typed; wiped when dropped.
    pub new: Zeroizing<String>,
    /// Where it comes from, if that is known.
    pub source: Option<IpAddr>,
    /// The device's token, if a login was used rightly on it before.
    pub device: Option<String>,
}

impl std::fmt::Debug for PasswordChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordChange(***)")
    }
}

/// Why the password stays as it was.
#[derive(Debug, Error)]
pub enum PasswordChangeError {
    /// Nobody is signed in by this token, or the password was changed meanwhile.
    #[error("the session has ended; sign in again")]
    SessionEnded,
    /// Who is signed in has no password: no card was made.
    #[error("there is no password to change")]
    NoPassword,
    /// The new password will not do.
    #[error(transparent)]
    Rule(#[from] PasswordRuleError),
    /// The present password is wrong, too many were, or it no longer serves.
    #[error("change refused: {}", .0.code)]
    Refused(Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for PasswordChangeError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl From<SessionError> for PasswordChangeError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Store(error) => Self::Store(error),
            SessionError::Ended | SessionError::NotGranted => Self::SessionEnded,
        }
    }
}

impl From<SignInError> for PasswordChangeError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused(refusal) => Self::Refused(refusal),
            SignInError::Store(error) => Self::Store(error),
        }
    }
}

impl CodedError for PasswordChangeError {
    fn code(&self) -> &'static str {
        match self {
            Self::SessionEnded => "session_ended",
            Self::NoPassword => "password_none",
            Self::Rule(error) => error.code(),
            Self::Refused(refusal) if refusal.code == RefusalCode::WrongCredentials => {
                "password_wrong"
            }
            Self::Refused(_) => "password_change_refused",
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::SessionEnded => "Сеанс завершён. Войдите ещё раз",
            Self::NoPassword => "У вас нет пароля: карточку регистрации не выдавали",
            Self::Rule(error) => error.text_ru(),
            Self::Refused(refusal) if refusal.code == RefusalCode::WrongCredentials => {
                "Прежний пароль неверен"
            }
            Self::Refused(_) => "Сменить пароль сейчас нельзя",
            Self::Store(error) => error.text_ru(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Rule(error) => error.field(),
            Self::Refused(_) => Some("oldPassword"),
            _ => None,
        }
    }
}

/// Whose password it is.
struct Holder {
    person: PersonId,
    school: SchoolId,
    account: AccountId,
    credential: Credential,
}

impl<B: Backend> Store<B> {
    /// Changes the password of the pupil whose session a token opens. This session goes on and its
    /// device stays known, if it was; the pupil's others end, and every other device is a stranger
    /// again.
    ///
    /// The present password is checked as at a sign-in: counted before it is hashed, not checked
    /// while a counter is closed.
    ///
    /// # Errors
    /// [`PasswordChangeError`] says why the password stays as it was.
    pub async fn change_password(
        &self,
        token: &str,
        change: PasswordChange,
    ) -> Result<(), PasswordChangeError> {
        let result = self.changed(token, change).await;
        match result {
            Err(PasswordChangeError::Store(error)) if error.is_passing() => {
                Err(PasswordChangeError::Refused(self.refusal(RefusalCode::Busy)))
            }
            result => result,
        }
    }

    async fn changed(
        &self,
        token: &str,
        change: PasswordChange,
    ) -> Result<(), PasswordChangeError> {
        let mut tx = self.read().await?;
        let holder = self.holder(&mut *tx, token).await?;
        drop(tx);
        let Holder { school, account, credential, .. } = &holder;
        let actor = Some((*school, *account));
        check_new_password(&change.new, &credential.login, Some(&change.old))?;

        let login = credential.login.as_str().to_owned();
        let attempt = Attempt::Password(PasswordAttempt { login: login.clone() });
        let at = self.here();
        let door = Door {
            login,
            source: change.source,
            device: change.device.and_then(|text| Token::parse(&text).ok()),
        };
        let Counting { counted, credential: stands, .. } =
            self.count_attempt(&door, &attempt, &at).await?;
        let phc = stands.as_ref().map(|credential| credential.phc.clone());
        let old = self.peppered(&change.old);
        let right = match self.inner.passwords.verify_or_dummy(old, phc).await {
            Ok(right) => right,
            Err(error) => return Err(self.not_checked(error, &counted, at.instant).await?.into()),
        };
        if !right {
            return Err(self.wrong_password("password", actor).await?.into());
        }
        let phc = match self.hash_new(&change.new).await {
            Ok(phc) => phc,
            Err(error) => return Err(self.not_checked(error, &counted, at.instant).await?.into()),
        };

        let mut turns = turns(&counted);
        turns.extend(self.login_turns(&door.login));
        let mut tx = self.write_in(&turns).await?;
        let now = self.holder(&mut *tx, token).await?;
        // A card that was replaced while the password was hashed ended this session, or will.
        if !stands.is_some_and(|stands| stands.is_same(&now.credential)) {
            return Err(PasswordChangeError::SessionEnded);
        }
        let session = SessionToken::parse(token).map_err(|_| PasswordChangeError::SessionEnded)?;
        let mut changes = self.new_password(&mut *tx, &now.credential, phc).await?;
        changes.counters = taken_back(&mut *tx, &counted, at.instant).await?;
        changes.ended_others.push((now.person, session.hash()));
        changes.audit.push(self.audit_entry("password", "changed", actor, Some(*account)));
        let mut devices = match &door.device {
            Some(device) => tx.devices(&device.hash()).await?,
            None => Vec::new(),
        };
        devices.retain(|device| device.login_hash == now.credential.login_hash);
        // All are forgotten first, then the present one is written anew.
        tx.apply(&changes).await?;
        Ok(commit(tx, Changes { devices, ..Changes::default() }).await?)
    }

    /// The pupil whose session a token opens, with the card.
    async fn holder(&self, tx: &mut dyn Tx, token: &str) -> Result<Holder, PasswordChangeError> {
        let row = self.session_row(tx, token).await?;
        let (person, session) = (row.person, super::Session::from(row));
        let (school, account) = session.pupil().ok_or(PasswordChangeError::NoPassword)?;
        let mut cards = tx.credentials_of(&[(school, account)]).await?;
        let credential = cards.pop().ok_or(PasswordChangeError::NoPassword)?;
        self.may_have_password(tx, school, account).await?.map_err(PasswordChangeError::Refused)?;
        Ok(Holder { person, school, account, credential })
    }

    /// Whether a pupil may sign in with a password today: for who may not there is none to set.
    pub(super) async fn may_have_password(
        &self,
        tx: &mut dyn Tx,
        school: SchoolId,
        account: AccountId,
    ) -> Result<Result<(), Refusal>, StoreError> {
        let today = self.at(self.school_zone(tx, school).await?).date;
        let members = tx.members(&[(school, account)]).await?;
        let born = members.first().and_then(|member| member.account.birth_date);
        Ok(may_issue_card(self.rules(today), born, today))
    }

    pub(super) async fn hash_new(
        &self,
        password: &str,
    ) -> Result<String, crate::secret::PasswordError> {
        let salt = self.inner.ambient.random();
        self.inner.passwords.hash(self.peppered(password), salt).await
    }

    /// What a new password changes, whoever set it: the card has another hash, its devices are
    /// strangers again, and no link sets another one.
    pub(super) async fn new_password(
        &self,
        tx: &mut dyn Tx,
        credential: &Credential,
        phc: String,
    ) -> Result<Changes, StoreError> {
        let (school, account) = (credential.school, credential.account);
        let link = self.superseded_link(tx, school, account, self.inner.ambient.now()).await?;
        Ok(Changes {
            credentials: vec![Credential { phc, ..credential.clone() }],
            forgotten_devices: vec![credential.login_hash],
            recovery_links: link.into_iter().collect(),
            ..Changes::default()
        })
    }

    /// The last link of an account, ended because a new card or a new password took its place; none
    /// if it could not be used any more.
    pub(super) async fn superseded_link(
        &self,
        tx: &mut dyn Tx,
        school: SchoolId,
        account: AccountId,
        now: DateTime<Utc>,
    ) -> Result<Option<RecoveryLinkRow>, StoreError> {
        let Some(mut row) = tx.recovery_link(school, account).await? else { return Ok(None) };
        let ended = replace_links(std::slice::from_mut(&mut row.link), account, now);
        Ok(Some(row).filter(|_| ended > 0))
    }
}
