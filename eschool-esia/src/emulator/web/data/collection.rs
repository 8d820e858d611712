//! Several things of one kind: their addresses, or with `embed=(elements)` they themselves.

use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;
use serde_json::json;
use url::form_urlencoded;

use super::e_tag;
use crate::emulator::{TestPerson, inject::Twist};

/// Something that has an address of its own.
pub(super) trait Element: Serialize {
    /// Its number under the collection.
    fn id(&self) -> u64;
}

/// The collection.
pub(super) fn all<E: Element>(
    elements: &[E],
    of: &TestPerson,
    path: &str,
    query: Option<String>,
    headers: &HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let embedded = form_urlencoded::parse(query.as_bytes())
        .any(|(name, value)| name == "embed" && value == "(elements)");
    let listed = if embedded && !Twist::now().linked {
        json!(elements)
    } else {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.unwrap_or("127.0.0.1");
        let address =
            |element: &E| format!("http://{host}/rs/prns/{}/{path}/{}", of.oid, element.id());
        json!(elements.iter().map(address).collect::<Vec<_>>())
    };
    Json(json!({
        "stateFacts": ["hasSize"],
        "size": elements.len(),
        "eTag": e_tag(of.oid),
        "elements": listed,
    }))
    .into_response()
}

/// One of it.
pub(super) fn one<E: Element>(elements: Vec<E>, id: &str) -> Response {
    match elements.into_iter().find(|element| element.id().to_string() == id) {
        Some(element) => Json(element).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
