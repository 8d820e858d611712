//! Routes, and what every answer has in common.
//!
//! * `authorize`, `token`, `data`, `logout`: what a client's system calls.
//! * `sign_in`, `home`: what people see; `page`: pages and the style sheet. `cookie`: who is there.

mod authorize;
mod cookie;
mod data;
mod home;
mod logout;
mod page;
mod sign_in;
mod token;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, StatusCode, Uri, header},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use url::Url;

use super::Emulator;

/// The longest body of a request, in bytes: a form with a code of a kilobyte and room to spare.
const LONGEST_BODY: usize = 64 * 1024;

pub(super) fn router(emulator: Emulator) -> Router {
    Router::new()
        .route("/aas/oauth2/v2/ac", get(authorize::authorize))
        .route("/aas/oauth2/v3/te", post(token::exchange))
        .route("/rs/prns/{oid}", get(data::person))
        .route("/rs/prns/{oid}/ctts", get(data::contacts))
        .route("/rs/prns/{oid}/ctts/{id}", get(data::contact))
        .route("/idp/ext/Logout", get(logout::logout))
        .route("/", get(home::show))
        .route("/sign-out", post(home::sign_out))
        .route("/login/{request}", get(sign_in::show).post(sign_in::choose))
        .route("/login/{request}/refuse", post(sign_in::refuse))
        .route("/assets/emulator.css", get(page::style))
        .fallback(not_found)
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(from_fn(add_headers))
        .with_state(emulator)
}

async fn not_found(uri: Uri) -> Response {
    let old = matches!(uri.path(), "/aas/oauth2/ac" | "/aas/oauth2/te");
    let text = if old {
        "Эмулятор понимает только новые запросы: /aas/oauth2/v2/ac и /aas/oauth2/v3/te."
    } else {
        "Такой страницы у эмулятора нет."
    };
    page::problem(StatusCode::NOT_FOUND, text)
}

/// Adds the headers that keep a browser from doing what no page here needs. There is no
/// `form-action`: browsers apply it to where a form's answer sends the person, which is the client.
async fn add_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Sends the browser to another address.
fn go(status: StatusCode, to: &Url) -> Response {
    (status, [(header::LOCATION, to.as_str())]).into_response()
}
