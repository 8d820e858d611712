//! `POST /sign-out`.

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};

use crate::web::{App, cookies::Cookies, problem::Problem};

/// Ends the session, if there is one.
pub(crate) async fn submit(State(app): State<App>, cookies: Cookies) -> Response {
    if let Some(token) = &cookies.session
        && let Err(error) = app.store().sign_out(token).await
    {
        return Problem::of_store(&error).into_response();
    }
    (cookies.clear_session(), Redirect::to("/?why=left")).into_response()
}
