//! What stands before and behind every handler.

use std::time::{Duration, Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tokio::time::timeout;

use super::{App, api, is_api, problem::Problem};

/// How long an answer may take, the reading of the request's body included.
const LONGEST_ANSWER: Duration = Duration::from_secs(20);

/// Refuses what another site makes a browser send here in somebody's name. The API is not
/// concerned: no cookie signs anybody in there.
pub(super) async fn refuse_cross_site(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || is_api(request.uri()) || is_own(request.headers()) {
        next.run(request).await
    } else {
        Problem::cross_site().into_response()
    }
}

/// Whether a request comes from a page of this site or from no page at all.
fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    // browsers tell it themselves, but only to https and loopback
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, authority)| authority == host)
        }
        (Some(_), None) => false,
    }
}

/// Gives up on an answer that takes too long, as when a body trickles in.
pub(super) async fn finish_in_time(request: Request, next: Next) -> Response {
    let is_api = is_api(request.uri());
    match timeout(LONGEST_ANSWER, next.run(request)).await {
        Ok(response) => response,
        Err(_) if is_api => api::too_slow().into_response(),
        Err(_) => Problem::too_slow().into_response(),
    }
}

/// What a page may load and where, besides here, its forms may lead. Scripts run only where the package
/// is that they import.
pub(super) fn content_policy(app: &App, led_to: &str) -> HeaderValue {
    let scripts = match app.package() {
        Some(_) => "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; ",
        None => "",
    };
    let policy = format!(
        "default-src 'none'; {scripts}style-src 'self'; img-src 'self'; form-action 'self' {led_to}; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Adds the headers that keep a browser from doing what no page of the portal needs.
pub(super) async fn add_headers(
    State(content_policy): State<HeaderValue>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // a page whose form leads elsewhere says so itself
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(content_policy);
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // not `no-referrer`: a form would then be posted with `Origin: null`
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // whatever does not say otherwise is somebody's own
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Notes every answer: the route, never the path as it was asked for, and nothing of a query,
/// which may hold personal data.
pub(super) async fn log(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = path.as_ref().map_or("-", MatchedPath::as_str);
    let (status, micros) = (response.status().as_u16(), began.elapsed().as_micros());
    tracing::debug!(%method, route, status, micros, "answered");
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_site_may_post() {
        let host = ("host", "dnevnik.example.org");
        for (others, own) in [
            (&[][..], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://dnevnik.example.org")], false),
            (&[("origin", "https://dnevnik.example.org")], true),
            (&[("origin", "https://dnevnik.example.org.evil.example")], false),
            (&[("origin", "https://evil.example")], false),
            (&[("origin", "null")], false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in others.iter().chain([&host]) {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            assert_eq!(is_own(&headers), own, "{others:?}");
        }
    }
}
