//! A person lets an app in.

use std::fmt;

use eschool_core::{id::AppGrantId, signin::DeviceName};

use super::{AppGrantError, CODE, until};
use crate::{
    backend::{AppGrantRow, Backend, Changes},
    secret::{AppCode, CodeChallenge, Token},
    store::{Session, Store, session::turn, sign_in::commit},
};

/// What an app asks for. Who serves it has seen to it that the app is one it knows, and that the
/// address is that app's: the store compares both when the code comes back, and judges neither.
#[derive(Clone, PartialEq, Eq)]
pub struct AppRequest {
    /// The app, as it is registered.
    pub client: String,
    /// Where the code is led to.
    pub redirect_uri: String,
    /// What the app will prove.
    pub challenge: CodeChallenge,
    /// What the app calls the device.
    pub device: Option<DeviceName>,
}

impl fmt::Debug for AppRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppRequest").field("client", &self.client).finish_non_exhaustive()
    }
}

impl<B: Backend> Store<B> {
    /// The person of a session lets an app in: what opens that session now, the app may open. The code
    /// is led to the app, and is good once, for a minute, and while the session lasts.
    ///
    /// ```
    /// use eschool_store::{AppGrantError, AppRequest, Store, backend::Backend, secret::CodeChallenge};
    ///
    /// async fn agreed<B: Backend>(
    ///     store: &Store<B>, session: &str, challenge: &str,
    /// ) -> Result<String, AppGrantError> {
    ///     let request = AppRequest {
    ///         client: "kotlin-diary".into(),
    ///         redirect_uri: "http://127.0.0.1:4100/callback".into(),
    ///         challenge: CodeChallenge::parse(challenge).expect("judged before"),
    ///         device: "Телефон мамы".parse().ok(),
    ///     };
    ///     let code = store.grant_app(session, request).await?;
    ///     Ok(format!("http://127.0.0.1:4100/callback?code={}", *code.to_text()))
    /// }
    /// ```
    ///
    /// # Errors
    /// [`AppGrantError::Session`] where nobody is signed in, [`AppGrantError::SchoolNotChosen`],
    /// [`AppGrantError::FromApp`] for a session that is an app's itself.
    pub async fn grant_app(
        &self,
        session: &str,
        request: AppRequest,
    ) -> Result<AppCode, AppGrantError> {
        let mut tx = self.write_in(&turn(session)).await?;
        let row = self.session_row(&mut *tx, session).await?;
        let opened = Session::from(row.clone());
        if opened.app.is_some() {
            return Err(AppGrantError::FromApp);
        }
        let actor = opened.open().next().map(|grant| (grant.school, grant.account));
        if actor.is_none() {
            return Err(AppGrantError::SchoolNotChosen);
        }
        let now = self.inner.ambient.now();
        let id = AppGrantId(self.inner.ambient.new_id());
        let code = AppCode::new(row.person, id, Token::new(self.inner.ambient.random()));
        let AppRequest { client, redirect_uri, challenge, device } = request;
        let grant = AppGrantRow {
            person: row.person,
            id,
            client,
            device,
            accounts: row.accounts,
            method: row.method,
            choose: row.choose,
            chosen: row.chosen,
            code: code.hash(),
            approved_in: row.token,
            redirect_uri,
            challenge: challenge.hash(),
            refresh: None,
            created_at: now,
            used_at: now,
            granted_until: row.granted_until,
            expires_at: until(now + CODE, row.granted_until),
        };
        let audit = vec![self.audit_entry("app_access", "granted", actor, None)];
        let changes = Changes { app_grants: vec![grant], audit, ..Changes::default() };
        commit(tx, changes).await?;
        Ok(code)
    }
}
