//! An app turns its code into tokens.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};

use super::{ACCESS, AppGrantError, UNUSED, session_of, until};
use crate::{
    backend::{AppGrantRow, Backend, Changes, RefreshHashes, SessionRow, Turn, Tx},
    secret::{AppCode, CodeChallenge, RefreshToken, SessionToken, Token},
    store::{Session, Store, sign_in::commit},
};

/// What an app gets.
pub struct AppTokens {
    /// What opens the session until it ends.
    pub access: SessionToken,
    /// What gets the next ones, once.
    pub refresh: RefreshToken,
    /// The session.
    pub session: Session,
}

impl fmt::Debug for AppTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppTokens").field("session", &self.session).finish_non_exhaustive()
    }
}

impl<B: Backend> Store<B> {
    /// Redeems a code of [`grant_app`](Self::grant_app). Whether the person may still be in is judged
    /// anew. A code that is brought again ends the access that it began, and so its tokens.
    ///
    /// ```
    /// use eschool_store::{AppGrantError, AppTokens, Store, backend::Backend};
    ///
    /// async fn tokens<B: Backend>(
    ///     store: &Store<B>, code: &str, verifier: &str,
    /// ) -> Result<AppTokens, AppGrantError> {
    ///     let address = "http://127.0.0.1:4100/callback";
    ///     store.redeem_app_code(code, "kotlin-diary", address, verifier).await
    /// }
    /// ```
    ///
    /// # Errors
    /// [`AppGrantError`] says why not. After [`AppGrantError::Mismatch`] and
    /// [`AppGrantError::VerifierWrong`] the code stays what it was: who has to have it may still come.
    pub async fn redeem_app_code(
        &self,
        code: &str,
        client: &str,
        redirect_uri: &str,
        verifier: &str,
    ) -> Result<AppTokens, AppGrantError> {
        let code = AppCode::parse(code).map_err(|_| AppGrantError::Unknown)?;
        let mut tx = self.write_in(&[Turn::App(code.grant())]).await?;
        let row = tx.app_grant(code.person(), code.grant()).await?;
        let row = row.filter(|row| row.code == code.hash()).ok_or(AppGrantError::Unknown)?;
        if row.refresh.is_some() {
            return Err(self.end_app(tx, &row, AppGrantError::Reused).await?);
        }
        let now = self.inner.ambient.now();
        if now >= row.expires_at {
            return Err(AppGrantError::CodeExpired);
        }
        if row.client != client || row.redirect_uri != redirect_uri {
            return Err(AppGrantError::Mismatch);
        }
        if CodeChallenge::of(verifier).is_none_or(|challenge| challenge.hash() != row.challenge) {
            return Err(AppGrantError::VerifierWrong);
        }
        // Who signed out meanwhile, or was signed out, did not mean to leave an app inside.
        let session = tx.session(row.person, &row.approved_in).await?;
        if session.is_none_or(|session| now >= session.expires_at) {
            return Err(self.end_app(tx, &row, AppGrantError::Unknown).await?);
        }
        let family = Token::new(self.inner.ambient.random());
        let turn = Token::new(self.inner.ambient.random());
        let refresh = RefreshToken::new(row.person, row.id, family, turn);
        self.let_app_in(tx, row, refresh, Some("redeemed")).await
    }

    /// Makes the next tokens of an access, if the person may still be in; else it ends. What is told of
    /// it goes into the audit; of the many refreshes nothing does, as of the many uses of a session.
    pub(super) async fn let_app_in(
        &self,
        mut tx: Box<dyn Tx>,
        mut row: AppGrantRow,
        refresh: RefreshToken,
        told: Option<&str>,
    ) -> Result<AppTokens, AppGrantError> {
        let before = row.clone();
        let password_ends = match self.judge_app(&mut *tx, &mut row).await {
            Ok(day) => day,
            Err(error @ AppGrantError::Store(_)) => return Err(error),
            Err(error) => return Err(self.end_app(tx, &before, error).await?),
        };
        let now = self.inner.ambient.now();
        let access = SessionToken::new(row.person, Token::new(self.inner.ambient.random()));
        row.refresh = Some(RefreshHashes { family: refresh.family(), turn: refresh.turn() });
        row.used_at = now;
        row.expires_at = until(now + UNUSED, row.granted_until);
        if now >= row.expires_at {
            return Err(self.end_app(tx, &row, AppGrantError::Unknown).await?);
        }
        let session = session_row(&row, &access, now, password_ends);
        let audit = told.map(|told| self.app_entry(&row, told)).into_iter().collect();
        let (renewed_grants, sessions) = (vec![row], vec![session.clone()]);
        commit(tx, Changes { renewed_grants, sessions, audit, ..Changes::default() }).await?;
        Ok(AppTokens { access, refresh, session: session.into() })
    }
}

fn session_row(
    row: &AppGrantRow,
    access: &SessionToken,
    now: DateTime<Utc>,
    password_ends: Option<NaiveDate>,
) -> SessionRow {
    let expires_at = until(now + ACCESS, row.granted_until);
    let Session { person, accounts, method, choose, chosen, app, .. } = session_of(row, expires_at);
    SessionRow {
        token: access.hash(),
        person,
        accounts,
        method,
        choose,
        chosen,
        password_ends,
        created_at: now,
        expires_at,
        app,
        granted_until: row.granted_until,
    }
}
