//! Who is signed in, and whose diary they read.

use axum::{
    extract::{FromRequestParts, Query, State},
    http::request::Parts,
    response::{IntoResponse as _, Redirect, Response},
};
use eschool_core::{
    id::{AccountId, SchoolId},
    signin::GrantedRole,
};
use eschool_store::{Session, SessionError};
use serde::Deserialize;

use super::{App, cookies::Cookies, problem::Problem};

/// Somebody who is signed in. Who is not is led to the sign-in page.
pub(super) struct Visitor {
    /// What opens the session.
    pub(super) token: String,
    /// The session.
    pub(super) session: Session,
}

/// Somebody who is signed in and reads a diary: their own, or that of the child they asked for.
pub(super) struct Reader {
    /// The session.
    pub(super) session: Session,
    /// The pupil's school.
    pub(super) school: SchoolId,
    /// The pupil.
    pub(super) pupil: AccountId,
    /// Whether it is a child's diary and not the reader's own.
    pub(super) of_child: bool,
}

/// Whose diary is asked for.
#[derive(Deserialize)]
struct Asked {
    child: Option<AccountId>,
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
            Ok(session) => Ok(Self { token, session }),
            Err(SessionError::Store(error)) => Err(Problem::of_store(&error).into_response()),
            Err(_) => Err((cookies.clear_session(), Redirect::to("/?why=ended")).into_response()),
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
        let Ok(Query(Asked { child })) = Query::<Asked>::try_from_uri(&parts.uri) else {
            return Err(Problem::query().into_response());
        };
        let own = session.pupil();
        let found = match child {
            Some(child) if own.is_none_or(|(_, own)| own != child) => {
                let school = school_of(&session, child);
                let school = school.ok_or_else(|| Problem::no_diary().into_response())?;
                Some((school, child, true))
            }
            _ => own.map(|(school, pupil)| (school, pupil, false)),
        };
        match found {
            Some((school, pupil, of_child)) => Ok(Self { session, school, pupil, of_child }),
            None => Err(Redirect::to("/children").into_response()),
        }
    }
}

/// The school in which the session's person has this child.
fn school_of(session: &Session, child: AccountId) -> Option<SchoolId> {
    let is_parent = |role: &GrantedRole| matches!(role, GrantedRole::Parent { children } if children.contains(&child));
    session.open().find(|grant| grant.roles.iter().any(is_parent)).map(|grant| grant.school)
}
