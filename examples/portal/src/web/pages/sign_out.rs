//! `POST /sign-out`.

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};

use eschool_core::policy::SignInMethod;

use crate::web::{App, cookies::Cookies, problem::Problem};

/// Where who has left comes to.
const LEFT: &str = "/?why=left";

/// The same for who could not be led out of ЕСИА.
const LEFT_HERE: &str = "/?why=left_here";

/// Ends the session, if there is one; that of ЕСИА too, where it opened this one, so that the next
/// person at this computer is asked who they are. Where it cannot be ended the person is told.
pub(crate) async fn submit(State(app): State<App>, cookies: Cookies) -> Response {
    let method = match &cookies.session {
        None => None,
        Some(token) => match app.store().sign_out(token).await {
            Ok(method) => method,
            Err(error) => return Problem::of_store(&error).into_response(),
        },
    };
    // What an app asked of who leaves is not to be asked of who comes next.
    let left = (cookies.clear_session(), cookies.clear_asked_by_app());
    if method != Some(SignInMethod::Esia) && !cookies.at_esia {
        return (left, Redirect::to(LEFT)).into_response();
    }
    match app.esia().way_out(LEFT).await {
        Some(out) => (left, cookies.clear_at_esia(), out).into_response(),
        // Whoever leaves after them has to be told the same.
        None => (left, Redirect::to(LEFT_HERE)).into_response(),
    }
}
