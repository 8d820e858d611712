//! A service that signs, well and badly.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    routing::post,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use eschool_esia::signer::{
    BearerToken, HttpSigner, Outside, Signer as _, SignerError, SignerSettingsError,
};
use tokio::net::TcpListener;
use url::Url;

use crate::{
    log::Log,
    scene::{MESSAGE, outside, signature},
};

/// What came, in order.
type Seen = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

async fn note(State(seen): State<Seen>, headers: HeaderMap, body: Bytes) -> Vec<u8> {
    seen.lock().unwrap().push((headers, body));
    signature().as_bytes().to_vec()
}

/// The service, and what has come to it at its root.
async fn service() -> (Url, Seen) {
    let seen = Seen::default();
    let redirect = || async { (StatusCode::FOUND, [(header::LOCATION, "/")]) };
    let permanent = || async { (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, "/")]) };
    let router = Router::new()
        .route("/", post(note))
        .route("/base64", post(|| async { BASE64_STANDARD.encode(signature().as_bytes()) }))
        .route("/html", post(|| async { "<html>Технические работы</html>" }))
        .route("/refuses", post(|| async { StatusCode::UNAUTHORIZED }))
        .route(
            "/created",
            post(|| async { (StatusCode::CREATED, signature().as_bytes().to_vec()) }),
        )
        .route("/redirects", post(redirect))
        .route("/redirects/the/body", post(permanent))
        .route("/long", post(|| async { vec![b'A'; 1024 * 1024] }))
        .route("/hangs", post(std::future::pending::<StatusCode>))
        .with_state(Arc::clone(&seen));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async { axum::serve(listener, router).await });
    (base, seen)
}

fn signer(url: Url, outside: Outside) -> HttpSigner {
    HttpSigner::new(url, Some(BearerToken::new("c2VjcmV0").unwrap()), None, outside).unwrap()
}

#[tokio::test]
async fn the_message_is_posted_as_it_is_with_the_token() {
    let (base, seen) = service().await;
    let signed = signer(base.clone(), outside()).sign(MESSAGE).await.unwrap();
    assert_eq!(signed, signature().into());
    let signed = signer(base.join("base64").unwrap(), outside()).sign(MESSAGE).await.unwrap();
    assert_eq!(signed, signature().into());
    let without = HttpSigner::new(base, None, None, outside()).unwrap();
    without.sign(MESSAGE).await.unwrap();

    let seen = seen.lock().unwrap();
    let [(with, body), (without, _)] = seen.as_slice() else { panic!("two came to `/`") };
    assert_eq!(body, MESSAGE);
    assert_eq!(with[header::AUTHORIZATION], "Bearer c2VjcmV0");
    assert_eq!(with[header::CONTENT_TYPE], "application/octet-stream");
    assert!(!without.contains_key(header::AUTHORIZATION));
}

#[tokio::test]
async fn a_service_that_does_not_sign_is_named() {
    let (base, seen) = service().await;
    for (path, expected) in [
        ("html", SignerError::AnswerUnreadable),
        ("refuses", SignerError::ServiceRefused { status: 401 }),
        ("nothing/here", SignerError::ServiceRefused { status: 404 }),
        ("created", SignerError::ServiceRefused { status: 201 }),
        ("redirects", SignerError::ServiceRefused { status: 302 }),
        ("redirects/the/body", SignerError::ServiceRefused { status: 308 }),
        ("long", SignerError::AnswerTooLong),
    ] {
        let signed = signer(base.join(path).unwrap(), outside()).sign(MESSAGE).await;
        assert_eq!(signed, Err(expected), "{path}");
    }
    assert!(seen.lock().unwrap().is_empty(), "no redirect is followed");
    let quick = Outside { timeout: Duration::from_secs(1), ..outside() };
    let signed = signer(base.join("hangs").unwrap(), quick).sign(MESSAGE).await;
    assert_eq!(signed, Err(SignerError::TimedOut));
}

#[tokio::test]
async fn a_service_that_is_not_there_is_told_without_its_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/sign?pin=12345678", listener.local_addr().unwrap());
    drop(listener);
    let log = Log::open();
    let signer = signer(url.parse().unwrap(), outside());
    assert_eq!(signer.sign(MESSAGE).await, Err(SignerError::Unavailable));
    assert_eq!(log.count(tracing::Level::WARN, "the service that signs"), 1, "{}", log.text());
    assert!(!log.text().contains("12345678"), "{}", log.text());
    let shown = format!("{signer:?}");
    assert!(!shown.contains("12345678") && !shown.contains("c2VjcmV0"), "{shown}");
}

#[test]
fn only_an_address_that_nobody_listens_in_on_is_taken() {
    for (url, sound) in [
        ("https://sign.example.ru/gost", true),
        ("http://127.0.0.1:8000/", true),
        ("http://localhost/", true),
        ("http://sign.example.ru/", false),
        ("https://user@sign.example.ru/", false),
        ("https://:password@sign.example.ru/", false),
        ("file:///etc/passwd", false),
    ] {
        let made = HttpSigner::new(url.parse().unwrap(), None, None, outside());
        assert_eq!(made.err(), (!sound).then_some(SignerSettingsError::Url), "{url}");
    }
    let url: Url = "https://sign.example.ru/".parse().unwrap();
    let made = HttpSigner::new(url, None, Some("roots"), outside());
    assert_eq!(made.err(), Some(SignerSettingsError::ExtraRoots));
    for token in ["", "two words", "line\n", "маркер"] {
        assert_eq!(BearerToken::new(token).err(), Some(SignerSettingsError::Token), "{token}");
    }
}
