//! `/emulator/…`: what a developer or a test does to the emulator itself. For this machine alone.

use std::net::{IpAddr, SocketAddr};

use axum::{
    Json,
    body::Bytes,
    extract::{ConnectInfo, Request, State, rejection::BytesRejection},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use eschool_core::error::CodedError as _;
use serde_json::json;
use tokio::task::spawn_blocking;
use url::{Host, Url};

use crate::emulator::{
    Emulator,
    inject::{InjectError, Ordered},
};

/// Lets in who is on this machine and calls it by a name of this machine, but not the pages of other
/// sites in a browser here: neither those whose own name was made to lead here, nor those that send
/// something over.
pub(super) async fn from_here_alone(request: Request, next: Next) -> Response {
    if is_from_here(&request) {
        return next.run(request).await;
    }
    let told = json!({
        "error": "not_loopback",
        "textRu": "Управлять эмулятором можно только с того же компьютера",
        "textEn": "the emulator is controlled from its own machine alone",
    });
    (StatusCode::FORBIDDEN, Json(told)).into_response()
}

fn is_from_here(request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let near = peer.is_none_or(|ConnectInfo(address)| is_loopback(address.ip()));
    let text =
        |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or_default());
    let host = text(header::HOST.as_str()).filter(|host| names_this_machine(host));
    let own = |host: &str| {
        text(header::ORIGIN.as_str())
            .is_none_or(|origin| origin.strip_prefix("http://") == Some(host))
    };
    let changes = !request.method().is_safe();
    let crosses = text("sec-fetch-site").is_some_and(|site| site == "cross-site");
    near && host.is_some_and(own) && !(changes && crosses)
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

fn names_this_machine(host: &str) -> bool {
    let url = Url::parse(&format!("http://{host}/")).ok();
    match url.as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// `GET /emulator/faults`: those that are on.
pub(super) async fn faults(State(emulator): State<Emulator>) -> Response {
    let faults: Vec<_> = emulator.faults().iter().map(Ordered::of).collect();
    Json(json!({ "faults": faults })).into_response()
}

/// `POST /emulator/faults`: puts one on. Any content type will do, so that `curl -d` does.
pub(super) async fn inject(
    State(emulator): State<Emulator>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let ordered = body.ok().and_then(|body| serde_json::from_slice::<Ordered>(&body).ok());
    let injection = ordered.ok_or(InjectError::Malformed).and_then(|ordered| ordered.injection());
    let injected = match injection {
        Ok(injection) => {
            // it may make a key
            let emulator = emulator.clone();
            let injecting = spawn_blocking(move || emulator.inject(injection));
            injecting.await.unwrap_or(Err(InjectError::Key))
        }
        Err(error) => Err(error),
    };
    match injected {
        Ok(()) => faults(State(emulator)).await,
        Err(error) => {
            let told = json!({
                "error": error.code(),
                "textRu": error.text_ru(),
                "textEn": error.to_string(),
            });
            let status = match error {
                InjectError::Key => StatusCode::INTERNAL_SERVER_ERROR,
                _ => StatusCode::BAD_REQUEST,
            };
            (status, Json(told)).into_response()
        }
    }
}

/// `DELETE /emulator/faults`: takes all back.
pub(super) async fn reset(State(emulator): State<Emulator>) -> Response {
    emulator.reset_faults();
    faults(State(emulator)).await
}

/// `GET /emulator/keys`: what tokens are verified by.
pub(super) async fn keys(State(emulator): State<Emulator>) -> Response {
    // the first time it makes those of the faults
    match spawn_blocking(move || emulator.token_keys()).await {
        Ok(keys) => Json(json!({ "keys": keys })).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_called_by_its_own_names() {
        for host in ["localhost", "localhost:8085", "127.0.0.1:1", "[::1]:8085", "a.localhost"] {
            assert!(names_this_machine(host), "{host}");
        }
        for host in ["", "example.org", "localhost.example.org", "192.0.2.1:80", "[2001:db8::1]"] {
            assert!(!names_this_machine(host), "{host}");
        }
        for (address, near) in [("::ffff:127.0.0.1", true), ("::1", true), ("192.0.2.1", false)] {
            assert_eq!(is_loopback(address.parse().unwrap()), near, "{address}");
        }
    }
}
