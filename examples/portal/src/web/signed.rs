//! Who is signed in, for the pages of a diary.

use axum::{
    extract::{FromRequestParts, State},
    http::request::Parts,
    response::{IntoResponse as _, Redirect, Response},
};
use eschool_core::id::{AccountId, SchoolId};
use eschool_store::{Session, SessionError};

use super::{App, cookies::Cookies, problem::Problem};

/// A signed-in pupil. Who is not signed in is led to the sign-in page.
pub(super) struct Signed {
    /// The session.
    pub(super) session: Session,
    /// The pupil's school.
    pub(super) school: SchoolId,
    /// The pupil.
    pub(super) pupil: AccountId,
}

impl FromRequestParts<App> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let State(app) = State::<App>::from_request_parts(parts, app)
            .await
            .unwrap_or_else(|never| match never {});
        let cookies =
            Cookies::from_request_parts(parts, &app).await.unwrap_or_else(|never| match never {});
        let Some(token) = &cookies.session else { return Err(Redirect::to("/").into_response()) };
        match app.store().session(token).await {
            Ok(session) => {
                let own = session.pupil();
                let (school, pupil) = own.ok_or_else(|| Problem::no_diary().into_response())?;
                Ok(Self { session, school, pupil })
            }
            Err(SessionError::Ended | SessionError::NotGranted) => {
                Err((cookies.clear_session(), Redirect::to("/?why=ended")).into_response())
            }
            Err(SessionError::Store(error)) => Err(Problem::of_store(&error).into_response()),
        }
    }
}
