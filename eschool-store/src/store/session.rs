//! Sessions: what a sign-in leaves behind.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use eschool_core::{
    error::CodedError,
    id::{AccountId, PersonId, SchoolId},
    signin::{AccountGrant, Grant, GrantedRole},
};
use thiserror::Error;

use super::{Store, StoreError};
use crate::{
    backend::{AuditEntry, Backend, Changes, SessionRow},
    secret::Token,
};

/// Who is there, and as what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The person.
    pub person: PersonId,
    /// What was granted, school by school.
    pub accounts: Vec<AccountGrant>,
    /// The day from which the password no longer serves, if it is near.
    pub password_ends: Option<NaiveDate>,
    /// When the session ends.
    pub expires_at: DateTime<Utc>,
}

impl Session {
    /// The pupil whose session it is, if it is a pupil's.
    #[must_use]
    pub fn pupil(&self) -> Option<(SchoolId, AccountId)> {
        self.accounts
            .iter()
            .find(|grant| grant.roles.contains(&GrantedRole::Pupil))
            .map(|grant| (grant.school, grant.account))
    }
}

/// Why there is no session.
#[derive(Debug, Error)]
pub enum SessionError {
    /// The token is none, or its session has ended.
    #[error("the session has ended; sign in again")]
    Ended,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CodedError for SessionError {
    fn code(&self) -> &'static str {
        match self {
            Self::Ended => "session_ended",
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Ended => "Сеанс завершён. Войдите ещё раз",
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
        let token = Token::parse(token).map_err(|_| SessionError::Ended)?;
        let row = self.read().await?.session(&token.hash()).await.map_err(StoreError::from)?;
        row.filter(|row| self.inner.ambient.now() < row.expires_at)
            .map(|row| Session {
                person: row.person,
                accounts: row.accounts,
                password_ends: row.password_ends,
                expires_at: row.expires_at,
            })
            .ok_or(SessionError::Ended)
    }

    /// Ends the session that a token opens; a token that opens none is no error.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn sign_out(&self, token: &str) -> Result<(), StoreError> {
        let Ok(token) = Token::parse(token) else { return Ok(()) };
        let mut tx = self.write().await?;
        let Some(row) = tx.session(&token.hash()).await? else { return Ok(()) };
        let account = row.accounts.first();
        let audit = AuditEntry {
            at: self.inner.ambient.now(),
            action: "sign_out".into(),
            outcome: "done".into(),
            school: account.map(|grant| grant.school),
            actor: account.map(|grant| grant.account),
            subject: None,
        };
        let ended_sessions = vec![token.hash()];
        tx.apply(&Changes { ended_sessions, audit: vec![audit], ..Changes::default() }).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A new session for a grant: its token, and the row that remembers it.
    pub(super) fn new_session(&self, grant: Grant, zone: Tz) -> (Token, SessionRow) {
        let now = self.inner.ambient.now();
        let longest = now + self.inner.settings.session;
        let ends = grant.valid_until.and_then(|day| start_of(day, zone));
        let token = Token::new(self.inner.ambient.random());
        let row = SessionRow {
            token: token.hash(),
            person: grant.person,
            accounts: grant.accounts,
            password_ends: grant.password_ends,
            created_at: now,
            expires_at: ends.map_or(longest, |ends| ends.min(longest)),
        };
        (token, row)
    }
}

/// The first instant of a day in a zone. Where midnight does not exist, the clocks having been put
/// forward over it, the day begins when they show again.
fn start_of(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
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
