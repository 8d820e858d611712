//! Sessions: what a sign-in leaves behind.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use eschool_core::{
    error::CodedError,
    id::{AccountId, AppGrantId, PersonId, SchoolId},
    policy::SignInMethod,
    signin::{AccountGrant, Grant, GrantedRole},
};
use thiserror::Error;

use super::{Store, StoreError, sign_in::commit};
use crate::{
    backend::{AuditEntry, Backend, Changes, SessionRow, Turn, Tx},
    secret::{SessionToken, Token},
};

/// Who is there, and as what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The person.
    pub person: PersonId,
    /// What was granted, school by school.
    pub accounts: Vec<AccountGrant>,
    /// The way in.
    pub method: SignInMethod,
    /// Whether one account at a time is open: the policy keeps schools apart and there are several.
    pub choose: bool,
    /// The account that was chosen, where one is to be.
    pub chosen: Option<AccountId>,
    /// The day from which the password no longer serves, if it is near.
    pub password_ends: Option<NaiveDate>,
    /// When the session ends.
    pub expires_at: DateTime<Utc>,
    /// The access that it is of, where an app holds the token and not a browser.
    pub app: Option<AppGrantId>,
}

impl Session {
    /// What is open now: every account; where one is to be chosen, that one alone, and nothing
    /// before it is.
    pub fn open(&self) -> impl Iterator<Item = &AccountGrant> {
        self.accounts.iter().filter(|grant| !self.choose || self.chosen == Some(grant.account))
    }

    /// Whether nothing is open before somebody chooses.
    #[must_use]
    pub fn must_choose(&self) -> bool {
        self.choose && self.open().next().is_none()
    }

    /// The pupil whose session it is, if what is open is a pupil's.
    #[must_use]
    pub fn pupil(&self) -> Option<(SchoolId, AccountId)> {
        self.open()
            .find(|grant| grant.roles.contains(&GrantedRole::Pupil))
            .map(|grant| (grant.school, grant.account))
    }
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        Self {
            person: row.person,
            accounts: row.accounts,
            method: row.method,
            choose: row.choose,
            chosen: row.chosen,
            password_ends: row.password_ends,
            expires_at: row.expires_at,
            app: row.app,
        }
    }
}

/// Why there is no session, or not the one that was asked for.
#[derive(Debug, Error)]
pub enum SessionError {
    /// The token is none, or its session has ended.
    #[error("the session has ended; sign in again")]
    Ended,
    /// The account is none of those the session was granted.
    #[error("this account is not one of yours")]
    NotGranted,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CodedError for SessionError {
    fn code(&self) -> &'static str {
        match self {
            Self::Ended => "session_ended",
            Self::NotGranted => "not_granted",
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Ended => "Сеанс завершён. Войдите ещё раз",
            Self::NotGranted => "Эта учётная запись не ваша",
            Self::Store(error) => error.text_ru(),
        }
    }
}

impl<B: Backend> Store<B> {
    /// The session that a token opens.
    ///
    /// # Errors
    /// [`SessionError::Ended`] for a malformed or unknown token and for a session that has ended:
    /// the three are not told apart.
    pub async fn session(&self, token: &str) -> Result<Session, SessionError> {
        let mut tx = self.read().await?;
        Ok(self.session_row(&mut *tx, token).await?.into())
    }

    /// Chooses one of several accounts, or another one: what was open closes. Where all stand
    /// together, there is nothing to choose and nothing changes.
    ///
    /// # Errors
    /// [`SessionError::Ended`] as for [`session`](Self::session), [`SessionError::NotGranted`] for
    /// an account that the sign-in did not grant, and for an app: the person agreed to one school.
    pub async fn choose_account(
        &self,
        token: &str,
        account: AccountId,
    ) -> Result<Session, SessionError> {
        let mut tx = self.write_in(&turn(token)).await?;
        let mut row = self.session_row(&mut *tx, token).await?;
        if row.app.is_some() {
            return Err(SessionError::NotGranted);
        }
        let granted = row.accounts.iter().find(|grant| grant.account == account);
        let school = granted.ok_or(SessionError::NotGranted)?.school;
        if row.choose && row.chosen != Some(account) {
            row.chosen = Some(account);
            let audit = self.audit_entry("choose_account", "done", Some((school, account)), None);
            // The choice alone: a session that a new password ends meanwhile does not come back.
            let chosen = vec![(row.person, row.token, account)];
            let changes = Changes { chosen, audit: vec![audit], ..Changes::default() };
            commit(tx, changes).await?;
        }
        Ok(row.into())
    }

    pub(super) async fn session_row(
        &self,
        tx: &mut dyn Tx,
        token: &str,
    ) -> Result<SessionRow, SessionError> {
        let token = SessionToken::parse(token).map_err(|_| SessionError::Ended)?;
        let row = tx.session(token.person(), &token.hash()).await.map_err(StoreError::from)?;
        row.filter(|row| self.inner.ambient.now() < row.expires_at).ok_or(SessionError::Ended)
    }

    /// Ends the session that a token opens, and tells how it began: one that began with ЕСИА may
    /// have to be ended there too. With the token of an app its whole access on that device ends. A
    /// token that opens none is no error.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn sign_out(&self, token: &str) -> Result<Option<SignInMethod>, StoreError> {
        let Ok(token) = SessionToken::parse(token) else { return Ok(None) };
        let mut tx = self.write_in(&[Turn::Token(token.hash())]).await?;
        let Some(row) = tx.session(token.person(), &token.hash()).await? else { return Ok(None) };
        let account = row.accounts.first();
        let audit = AuditEntry {
            at: self.inner.ambient.now(),
            action: "sign_out".into(),
            outcome: "done".into(),
            school: account.map(|grant| grant.school),
            actor: account.map(|grant| grant.account),
            subject: None,
            case: None,
            lesson: None,
        };
        let mut changes = Changes { audit: vec![audit], ..Changes::default() };
        match row.app {
            Some(grant) => changes.ended_grants.push((token.person(), grant)),
            None => changes.ended_sessions.push((token.person(), token.hash())),
        }
        commit(tx, changes).await?;
        Ok(Some(row.method))
    }

    /// A new session for a grant that was judged by the date in a zone: its token, and the row that
    /// remembers it.
    pub(super) fn new_session(
        &self,
        grant: Grant,
        method: SignInMethod,
        zone: Tz,
    ) -> (SessionToken, SessionRow) {
        let now = self.inner.ambient.now();
        let longest = now + self.inner.settings.session;
        let ends = grant.valid_until.and_then(|day| start_of(day, zone));
        let token = SessionToken::new(grant.person, Token::new(self.inner.ambient.random()));
        let row = SessionRow {
            token: token.hash(),
            person: grant.person,
            accounts: grant.accounts,
            method,
            choose: grant.choose_school,
            chosen: None,
            password_ends: grant.password_ends,
            created_at: now,
            expires_at: ends.map_or(longest, |ends| ends.min(longest)),
            app: None,
            granted_until: ends,
        };
        (token, row)
    }
}

/// The turn of who changes the session that a token opens; none for what is no token.
pub(super) fn turn(token: &str) -> Vec<Turn> {
    SessionToken::parse(token).map(|token| Turn::Token(token.hash())).into_iter().collect()
}

/// The first instant of a day in a zone. Where midnight does not exist, the clocks having been put
/// forward over it, the day begins when they show again.
pub(super) fn start_of(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(NaiveTime::MIN);
    (0..=3)
        .filter_map(|hours| {
            zone.from_local_datetime(&(midnight + TimeDelta::hours(hours))).earliest()
        })
        .next()
        .map(|start| start.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_when_the_clocks_of_its_zone_say_so() {
        for (day, zone, start) in [
            ("2025-02-28", "Europe/Moscow", "2025-02-27T21:00:00Z"),
            ("2025-02-28", "Asia/Kamchatka", "2025-02-27T12:00:00Z"),
            // at midnight of this day clocks in Asunción went from 00:00 to 01:00
            ("2023-10-01", "America/Asuncion", "2023-10-01T04:00:00Z"),
        ] {
            let zone: Tz = zone.parse().unwrap();
            let expected: DateTime<Utc> = start.parse().unwrap();
            assert_eq!(start_of(day.parse().unwrap(), zone), Some(expected));
        }
    }
}
