//! Routes, and what every answer has in common.
//!
//! * `authorize`, `token`, `data`, `logout`: what a client's system calls, and `faults`, which come
//!   between.
//! * `control`, `log`: what its developer looks at and turns.
//! * `sign_in`, `home`: what people see; `page`: pages and the style sheet. `cookie`: who is there.

mod authorize;
mod control;
mod cookie;
mod data;
mod faults;
mod home;
mod log;
mod logout;
mod page;
mod sign_in;
mod token;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header, header::InvalidHeaderValue},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use chrono::{DateTime, Utc};
use url::Url;

use super::Emulator;

/// The longest body of a request, in bytes: a form with a code of a kilobyte and room to spare.
const LONGEST_BODY: usize = 64 * 1024;

pub(super) fn router(emulator: Emulator) -> Router {
    let called = Router::new()
        .route("/aas/oauth2/v2/ac", get(authorize::v2))
        .route("/aas/oauth2/v3/te", post(token::v3))
        .route("/aas/oauth2/ac", get(authorize::legacy))
        .route("/aas/oauth2/te", post(token::legacy))
        .route("/rs/prns/{oid}", get(data::person))
        .route("/rs/prns/{oid}/ctts", get(data::contacts))
        .route("/rs/prns/{oid}/ctts/{id}", get(data::contact))
        .route("/rs/prns/{oid}/kids", get(data::kids))
        .route("/rs/prns/{oid}/kids/{id}", get(data::kid))
        .route("/idp/ext/Logout", get(logout::logout))
        .layer(from_fn_with_state(emulator.clone(), faults::meet));
    let controlled = Router::new()
        .route(
            "/emulator/faults",
            get(control::faults).post(control::inject).delete(control::reset),
        )
        .route("/emulator/faults/reset", post(log::reset_faults))
        .route("/emulator/keys", get(control::keys))
        .route("/emulator/log", get(log::show))
        .route("/emulator/log.json", get(log::json))
        .route("/emulator/log/clear", post(log::clear))
        .layer(from_fn(control::from_here_alone));
    Router::new()
        .merge(called)
        .merge(controlled)
        .route("/", get(home::show))
        .route("/sign-out", post(home::sign_out))
        .route("/login/{request}", get(sign_in::show).post(sign_in::choose))
        .route("/login/{request}/refuse", post(sign_in::refuse))
        .route("/assets/emulator.css", get(page::style))
        .fallback(not_found)
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(from_fn_with_state(emulator.clone(), add_headers))
        .with_state(emulator)
}

async fn not_found() -> Response {
    page::problem(StatusCode::NOT_FOUND, "Такой страницы у эмулятора нет.")
}

/// Adds the headers that keep a browser from doing what no page here needs. There is no
/// `form-action`: browsers apply it to where a form's answer sends the person, which is the client.
///
/// `Date` is by the emulator's own clock, unless a fault has set another.
async fn add_headers(State(emulator): State<Emulator>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let (false, Ok(date)) = (headers.contains_key(header::DATE), date(emulator.now())) {
        headers.insert(header::DATE, date);
    }
    for (name, value) in [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let told = headers.entry(header::REFERRER_POLICY);
    told.or_insert(HeaderValue::from_static("no-referrer"));
    response
}

/// An instant as the header `Date` tells it (RFC 9110).
fn date(at: DateTime<Utc>) -> Result<HeaderValue, InvalidHeaderValue> {
    HeaderValue::from_str(&at.format("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

/// Sends the browser to another address.
fn go(status: StatusCode, to: &Url) -> Response {
    (status, [(header::LOCATION, to.as_str())]).into_response()
}
