//! Who is signed in, and whose diary they read.

use axum::{
    extract::{FromRequestParts, Query, State},
    http::request::Parts,
    response::{IntoResponse as _, Redirect, Response},
};
use eschool_core::{
    id::{AccountId, SchoolId},
    signin::{AccountGrant, GrantedRole},
};
use eschool_store::{SchoolOverview, Session, SessionError, StoreError};
use serde::Deserialize;

use super::{App, cookies::Cookies, problem::Problem};
use crate::view::who::home;

/// Somebody who is signed in. Who is not is led to the sign-in page.
pub(super) struct Visitor {
    /// What opens the session.
    pub(super) token: String,
    /// The session.
    pub(super) session: Session,
}

/// Somebody who is signed in and reads a diary: their own, or the one they asked for.
pub(super) struct Reader {
    /// The session.
    pub(super) session: Session,
    /// The pupil's school.
    pub(super) school: SchoolId,
    /// The pupil.
    pub(super) pupil: AccountId,
}

/// Whose diary is asked for.
#[derive(Deserialize)]
pub(super) struct Asked {
    pub(super) pupil: Option<AccountId>,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let State(app) = State::<App>::from_request_parts(parts, app)
            .await
            .unwrap_or_else(|never| match never {});
        let cookies =
            Cookies::from_request_parts(parts, &app).await.unwrap_or_else(|never| match never {});
        let Some(token) = cookies.session.clone() else {
            return Err(Redirect::to("/").into_response());
        };
        match app.store().session(&token).await {
            // What an app holds opens no page.
            Ok(session) if session.app.is_none() => Ok(Self { token, session }),
            Err(SessionError::Store(error)) => Err(Problem::of_store(&error).into_response()),
            _ => Err((cookies.clear_session(), Redirect::to("/?why=ended")).into_response()),
        }
    }
}

impl FromRequestParts<App> for Reader {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Visitor { session, .. } = Visitor::from_request_parts(parts, app).await?;
        if session.must_choose() {
            return Err(Redirect::to("/school").into_response());
        }
        let Ok(Query(Asked { pupil })) = Query::<Asked>::try_from_uri(&parts.uri) else {
            return Err(Problem::query().into_response());
        };
        let Some(pupil) = pupil else {
            let alone = session.pupil().filter(|_| home(&session).is_none());
            return match alone {
                Some((school, pupil)) => Ok(Self { session, school, pupil }),
                None => Err(Redirect::to("/children").into_response()),
            };
        };
        match school_of(app, &session, pupil).await {
            Ok(Some(school)) => Ok(Self { session, school, pupil }),
            Ok(None) => Err(Problem::no_diary().into_response()),
            Err(error) => Err(Problem::of_store(&error).into_response()),
        }
    }
}

/// The school in which the session's person has this diary to read, as far as that is known before
/// the core is asked.
pub(super) async fn school_of(
    app: &App,
    session: &Session,
    pupil: AccountId,
) -> Result<Option<SchoolId>, StoreError> {
    let is_of = |grant: &&AccountGrant| {
        grant.roles.iter().any(|role| match role {
            GrantedRole::Pupil => grant.account == pupil,
            GrantedRole::Parent { children } => children.contains(&pupil),
            _ => false,
        })
    };
    if let Some(grant) = session.open().find(is_of) {
        return Ok(Some(grant.school));
    }
    // A child that came to the school after the sign-in stands in no grant, but on «Мои дети».
    let overview = app.store().overview(session).await?;
    let has = |school: &&SchoolOverview| school.children.iter().any(|child| child.account == pupil);
    Ok(overview.iter().filter(|school| school.is_open).find(has).map(|school| school.school.id))
}
