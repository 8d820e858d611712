//! `POST /sign-out`.

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};

use eschool_core::policy::SignInMethod;

use crate::web::{App, cookies::Cookies, problem::Problem};

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
    let left = "/?why=left";
    let redirect = if method == Some(SignInMethod::Esia) || cookies.at_esia {
        app.esia().leave_for(left).await
    } else {
        Redirect::to(left)
    };
    (cookies.clear_session(), cookies.clear_at_esia(), redirect).into_response()
}
