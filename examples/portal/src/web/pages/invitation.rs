//! `/invitation/…`: a one-time link that makes somebody a school's administrator.
//!
//! The token goes from the address into a cookie at once, so that it stands in no history and is
//! there again when its holder had to sign in at ЕСИА twice.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use eschool_store::{InvitationError, secret::Token};

use super::{Frame, esia};
use crate::web::{
    App,
    cookies::Cookies,
    problem::{Problem, render},
};

#[derive(Template)]
#[template(path = "invitation.html")]
struct Page {
    frame: Frame,
    school: String,
}

/// `GET /invitation/{token}`: the link. Opening it uses nothing up: mail programs open links too.
pub(crate) async fn open(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    cookies: Cookies,
) -> Response {
    if Token::parse(&token).is_err() {
        return Problem::of_invitation(&InvitationError::Ended).into_response();
    }
    match esia::elsewhere(&app, &headers, &format!("/invitation/{token}"), None) {
        Some(redirect) => redirect,
        None => (cookies.set_invitation(&token), Redirect::to("/invitation")).into_response(),
    }
}

/// `GET /invitation`: tells what the link is for.
pub(crate) async fn show(State(app): State<App>, cookies: Cookies) -> Response {
    let token = cookies.invitation.as_deref().unwrap_or_default();
    match app.store().invitation(token).await {
        Err(error) => (cookies.clear_invitation(), Problem::of_invitation(&error)).into_response(),
        Ok(school) => {
            let frame = Frame::of(&app, "Приглашение администратора");
            render(StatusCode::OK, &Page { frame, school: school.name })
        }
    }
}

/// `POST /invitation`: leads to ЕСИА; who comes back from there becomes the administrator.
pub(crate) async fn accept(State(app): State<App>, cookies: Cookies) -> Response {
    let token = cookies.invitation.as_deref().unwrap_or_default();
    match app.store().invitation(token).await {
        Ok(_) => esia::begin(&app, &cookies, Some(token)).await,
        Err(error) => Problem::of_invitation(&error).into_response(),
    }
}
