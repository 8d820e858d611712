//! `/invitation/…`: a one-time link that makes somebody a school's administrator.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};

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

/// Tells what the link is for. Opening it uses nothing up: mail programs open links too.
pub(crate) async fn show(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    match app.store().invitation(&token).await {
        Err(error) => Problem::of_invitation(&error).into_response(),
        Ok(school) => {
            if let Some(redirect) = esia::elsewhere(&app, &headers, &format!("/invitation/{token}"))
            {
                return redirect.into_response();
            }
            let frame = Frame::of(&app, "Приглашение администратора");
            render(StatusCode::OK, &Page { frame, school: school.name })
        }
    }
}

/// Leads to ЕСИА: who comes back from there becomes the administrator.
pub(crate) async fn accept(
    State(app): State<App>,
    Path(token): Path<String>,
    cookies: Cookies,
) -> Response {
    match app.store().invitation(&token).await {
        Ok(_) => esia::begin(&app, &cookies, Some(&token)).await,
        Err(error) => Problem::of_invitation(&error).into_response(),
    }
}
