//! `/api/v1`: diaries as JSON, with the core's own types.
//!
//! | request | answer |
//! |---|---|
//! | `POST /token` `{login, password}` | `{token, expiresAt, school, pupil, name, passwordEnds?}` |
//! | `DELETE /token` | nothing: the token is worth nothing any more |
//! | `GET /diary?from&to` | [`Diary`](eschool_core::diary::Diary), 62 days at most |
//! | `GET /terms` | a list of [`Term`](eschool_core::calendar::Term) |
//! | `GET /term?name` | [`TermSummary`](eschool_core::diary::TermSummary); without a name, today's |
//!
//! The token is sent as `Authorization: Bearer …`. A refused sign-in is a refusal with its next
//! steps; every other error is an [`ApiError`](eschool_core::error::ApiError). Codes are stable,
//! texts are for people.

mod bearer;
mod diary;
mod fault;
mod token;

use axum::{
    Router,
    routing::{get, post},
};

use self::fault::{Fault, RequestError};
use super::App;

/// The routes.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/token", post(token::create).delete(token::delete))
        .route("/diary", get(diary::diary))
        .route("/terms", get(diary::terms))
        .route("/term", get(diary::term))
        .method_not_allowed_fallback(async || Fault::of(&RequestError::MethodNotAllowed))
        .fallback(not_found)
}

/// Nothing is at this address.
pub(super) async fn not_found() -> Fault {
    Fault::of(&RequestError::NotFound)
}

/// The answer took too long.
pub(super) fn too_slow() -> Fault {
    Fault::of(&RequestError::TooSlow)
}
