//! `/api/v1`: diaries as JSON, with the core's own types.
//!
//! | request | answer |
//! |---|---|
//! | `POST /token` `{login, password}` | `{token, expiresAt, school, pupil, name, passwordEnds?}` |
//! | `DELETE /token` | nothing: the token is worth nothing any more; of an app, its whole access |
//! | `GET /authorize?…` | a page: the person signs in and agrees that an app reads the diary |
//! | `POST /token` with a form | `{access_token, token_type, expires_in, refresh_token}`, for an app |
//! | `GET /devices` | the apps that were let in: `{id, app, device?, grantedAt, usedAt, expiresAt, current}` |
//! | `DELETE /devices/{id}` | nothing: the app is out |
//! | `GET /children` | a parent's: `{school, schoolName, pupil, name, class?, until?}` |
//! | `GET /diary?from&to` | [`Diary`](eschool_core::diary::Diary), 62 days at most |
//! | `GET /terms` | a list of [`Term`](eschool_core::calendar::Term) |
//! | `GET /term?name` | [`TermSummary`](eschool_core::diary::TermSummary); without a name, today's |
//!
//! A parent says whose diary it is by `pupil=`, an account that `GET /children` names; a pupil need
//! not. How an app signs somebody in, `docs/native-sign-in.md` tells.
//!
//! The token is sent as `Authorization: Bearer …`. A refused sign-in is a refusal with its next
//! steps; every other error is an [`ApiError`](eschool_core::error::ApiError). Codes are stable,
//! texts are for people.

mod bearer;
mod children;
mod devices;
mod diary;
mod fault;
mod oauth;
mod token;

use axum::{
    Router,
    routing::{delete, get, post},
};

use self::fault::{Fault, RequestError};
use super::{App, native};

/// The routes.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/token", post(token::create).delete(token::delete))
        .route("/authorize", get(native::consent::ask))
        .route("/devices", get(devices::list))
        .route("/devices/{id}", delete(devices::revoke))
        .route("/children", get(children::list))
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
