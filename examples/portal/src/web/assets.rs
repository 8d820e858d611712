//! The style sheet and the icon, built in.

use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::problem::Problem;

const STYLE: &[u8] = include_bytes!("../../static/portal.css");
const ICON: &[u8] = include_bytes!("../../static/icon.svg");

/// What changes when the style sheet or the icon does: part of their addresses, so that browsers
/// may keep them for good.
const VERSION: u64 = fnv1a(STYLE) ^ fnv1a(ICON).rotate_left(1);

/// The address of the style sheet.
pub(super) fn style() -> String {
    format!("/assets/portal.css?v={VERSION:016x}")
}

/// The address of the icon.
pub(super) fn icon() -> String {
    format!("/assets/icon.svg?v={VERSION:016x}")
}

/// An asset by its name.
pub(super) async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let (kind, bytes) = match name.as_str() {
        "portal.css" => ("text/css; charset=utf-8", STYLE),
        "icon.svg" => ("image/svg+xml", ICON),
        _ => return Problem::not_found().into_response(),
    };
    let tag = format!("\"{VERSION:016x}\"");
    let held = headers.get(header::IF_NONE_MATCH).is_some_and(|held| held == tag.as_str());
    let common = [
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
        (header::ETAG, tag),
    ];
    if held {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    (common, [(header::CONTENT_TYPE, kind)], bytes).into_response()
}

/// FNV-1a, for the version alone: nothing secret depends on it.
const fn fnv1a(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        hash = (hash ^ *first as u64).wrapping_mul(0x0100_0000_01b3);
        rest = tail;
    }
    hash
}
