//! An app turns what it refreshes with into the next tokens.

use super::{AppGrantError, AppTokens};
use crate::{
    backend::{AppGrantRow, AuditEntry, Backend, Changes, Turn, Tx},
    secret::{RefreshToken, Token},
    store::{Store, StoreError, sign_in::commit},
};

impl<B: Backend> Store<B> {
    /// The next tokens of an app. What they were got with is good no more; the access token before
    /// lasts as long as it was to. Whether the person may still be in is judged anew.
    ///
    /// Who brings what was used before ends the access (RFC 9700, 4.14.2): two hold one token, and
    /// which of them is the app nobody can tell. So of two refreshes at once one goes through, and the
    /// other ends what it got: an app does one at a time.
    ///
    /// ```
    /// use eschool_store::{AppGrantError, AppTokens, Store, backend::Backend};
    ///
    /// async fn next<B: Backend>(
    ///     store: &Store<B>, refresh: &str,
    /// ) -> Result<AppTokens, AppGrantError> {
    ///     store.refresh_app(refresh, "kotlin-diary").await
    /// }
    /// ```
    ///
    /// # Errors
    /// [`AppGrantError`] says why not.
    pub async fn refresh_app(
        &self,
        refresh: &str,
        client: &str,
    ) -> Result<AppTokens, AppGrantError> {
        let refresh = RefreshToken::parse(refresh).map_err(|_| AppGrantError::Unknown)?;
        let mut tx = self.write_in(&[Turn::App(refresh.grant())]).await?;
        let row = tx.app_grant(refresh.person(), refresh.grant()).await?;
        let row = row.filter(|row| self.inner.ambient.now() < row.expires_at);
        let row = row.ok_or(AppGrantError::Unknown)?;
        let hashes = row.refresh.filter(|hashes| hashes.family == refresh.family());
        let hashes = hashes.ok_or(AppGrantError::Unknown)?;
        if hashes.turn != refresh.turn() {
            return Err(self.end_app(tx, &row, AppGrantError::Reused).await?);
        }
        if row.client != client {
            return Err(AppGrantError::Mismatch);
        }
        let next = refresh.next(Token::new(self.inner.ambient.random()));
        self.let_app_in(tx, row, next, None).await
    }

    /// Ends an access and gives back why.
    pub(super) async fn end_app(
        &self,
        tx: Box<dyn Tx>,
        row: &AppGrantRow,
        why: AppGrantError,
    ) -> Result<AppGrantError, StoreError> {
        let told = match &why {
            AppGrantError::Reused => "reused",
            AppGrantError::Refused(refusal) => refusal.code.as_str(),
            _ => "ended",
        };
        let audit = vec![self.app_entry(row, told)];
        let ended_grants = vec![(row.person, row.id)];
        commit(tx, Changes { ended_grants, audit, ..Changes::default() }).await?;
        Ok(why)
    }

    /// What is noted of an access, with the account by which it is there.
    pub(super) fn app_entry(&self, row: &AppGrantRow, told: &str) -> AuditEntry {
        let mut open = row.accounts.iter();
        let account = open.find(|grant| !row.choose || row.chosen == Some(grant.account));
        let actor = account.map(|grant| (grant.school, grant.account));
        self.audit_entry("app_access", told, actor, None)
    }
}
