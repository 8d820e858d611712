//! The style sheet, the script and the icon, built in; the package that the script imports.

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::{App, problem::Problem};

const STYLE: &[u8] = include_bytes!("../../static/portal.css");
const FORMS: &[u8] = include_bytes!("../../static/forms.js");
const ICON: &[u8] = include_bytes!("../../static/icon.svg");

/// What changes when one of them does: part of their addresses, so that browsers may keep them for
/// good.
const VERSION: u64 = fnv1a(fnv1a(fnv1a(FNV_START, STYLE), FORMS), ICON);

/// The address of the style sheet.
pub(super) fn style() -> String {
    format!("/assets/portal.css?v={VERSION:016x}")
}

/// The address of the script that checks forms while they are filled in.
pub(super) fn forms() -> String {
    format!("/assets/forms.js?v={VERSION:016x}")
}

/// The address of the icon.
pub(super) fn icon() -> String {
    format!("/assets/icon.svg?v={VERSION:016x}")
}

/// An asset by its name.
pub(super) async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let (kind, bytes) = match name.as_str() {
        "portal.css" => ("text/css; charset=utf-8", STYLE),
        "forms.js" => ("text/javascript; charset=utf-8", FORMS),
        "icon.svg" => ("image/svg+xml", ICON),
        _ => return Problem::not_found().into_response(),
    };
    answer(&headers, &format!("{VERSION:016x}"), kind, bytes)
}

/// A file of the package by its version and name. Another version is not there: whoever got this one
/// under its address would keep it.
pub(super) async fn serve_package(
    State(app): State<App>,
    Path((version, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let package = app.package().filter(|package| package.version() == version);
    match package.and_then(|package| package.file(&name)) {
        Some((kind, bytes)) => answer(&headers, &version, kind, bytes),
        None => Problem::not_found().into_response(),
    }
}

/// What a browser may keep for good, unless it has it.
fn answer(
    asked: &HeaderMap,
    version: &str,
    kind: &'static str,
    bytes: impl Into<Body>,
) -> Response {
    let tag = format!("\"{version}\"");
    let held = asked.get(header::IF_NONE_MATCH).is_some_and(|held| held == tag.as_str());
    let common = [
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
        (header::ETAG, tag),
    ];
    if held {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    (common, [(header::CONTENT_TYPE, kind)], bytes.into()).into_response()
}

/// What [`fnv1a`] begins with.
pub(super) const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, for versions alone: nothing secret depends on it.
pub(super) const fn fnv1a(start: u64, bytes: &[u8]) -> u64 {
    let mut hash = start;
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        hash = (hash ^ *first as u64).wrapping_mul(0x0100_0000_01b3);
        rest = tail;
    }
    hash
}
