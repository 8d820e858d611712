//! What is sent where, and how often.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use chrono::TimeDelta;
use eschool_core::{
    error::CodedError as _,
    signin::{Assurance, RefusalCode},
};
use eschool_esia::{
    ambient::Ambient,
    certificate::Certificate,
    client::{Attempt, Callback, Endpoints, EsiaClient},
    gost::Signature,
    signer::{RequestSignature, SignatureForm, Signer, SignerError},
};
use serde_json::json;
use tracing::Level;
use uuid::Uuid;

use crate::{
    log::Log,
    scene::{CERTIFICATE, CLIENT, CODE, GOST_KEY, Scene, client, now, settings, sign_in},
    server::{Reply, Server},
};

const SCOPE: &str = "openid fullname birthdate snils mobile email";
const REDIRECT: &str = "https://school.example.ru/esia";

fn verifies(secret: &str, message: &str) -> bool {
    let signature = Signature::from_base64url(secret).unwrap();
    GOST_KEY.public_key().verify(message.as_bytes(), &signature).is_ok()
}

#[tokio::test]
async fn the_person_of_the_tokens_and_the_data_signs_in() {
    let person = Scene::good().play().await.result.unwrap();
    assert_eq!(person.oid, "1000299353");
    assert_eq!(person.assurance, Assurance::Confirmed);
    assert_eq!(person.name.family(), "Ёлкина");
    assert_eq!(person.name.patronymic().as_deref(), Some("Олеговна"));
    assert_eq!(person.birth_date, "26.05.2000".parse().ok());
    assert_eq!(person.snils.unwrap().to_string(), "000-000-600 06");
    assert_eq!(person.verified_phone.unwrap().to_string(), "+79123456789");
    assert_eq!(person.verified_email.unwrap().to_string(), "anna@example.ru");
}

#[tokio::test]
async fn the_browser_goes_to_esia_with_a_signed_request() {
    let client = client(settings(Endpoints::production()));
    let started = client.start().await.unwrap();
    assert!(started.url.as_str().starts_with("https://esia.gosuslugi.ru/aas/oauth2/v2/ac?"));
    let pairs: Vec<_> = started.url.query_pairs().into_owned().collect();
    let query: HashMap<_, _> = pairs.iter().cloned().collect();
    assert_eq!(query.len(), pairs.len(), "a parameter stands twice");

    let state: Uuid = query["state"].parse().unwrap();
    assert_eq!(state.get_version_num(), 4);
    assert_eq!(started.attempt.state(), state);
    assert_eq!(started.attempt.began(), now());

    assert_eq!(query["client_id"], CLIENT);
    assert_eq!(query["response_type"], "code");
    assert_eq!(query["access_type"], "online");
    assert_eq!(query["scope"], SCOPE);
    assert_eq!(query["redirect_uri"], REDIRECT);
    assert_eq!(query["timestamp"], "2026.01.15 12:00:00 +0300");
    assert!(started.url.as_str().contains("12%3A00%3A00+%2B0300"));
    assert_eq!(query["client_certificate_hash"], CERTIFICATE.hash());
    assert_eq!(query.len(), 9);

    let message = [CLIENT, SCOPE, &query["timestamp"], &query["state"], REDIRECT].concat();
    assert!(verifies(&query["client_secret"], &message));
    assert!(!query["client_secret"].contains('='));
}

#[tokio::test]
async fn the_code_goes_to_esia_once_with_a_state_of_its_own() {
    let played = Scene::good().play().await;
    let [exchange] = played.server.seen("/aas/oauth2/v3/te").try_into().ok().unwrap();
    assert_eq!(exchange.method, "POST");
    assert_eq!(exchange.headers["content-type"], "application/x-www-form-urlencoded");
    assert!(!exchange.headers.contains_key("authorization"));
    let form = exchange.form;
    for (name, expected) in [
        ("client_id", CLIENT),
        ("code", CODE),
        ("grant_type", "authorization_code"),
        ("scope", SCOPE),
        ("redirect_uri", REDIRECT),
        ("token_type", "Bearer"),
        ("timestamp", "2026.01.15 12:00:00 +0300"),
        ("client_certificate_hash", &CERTIFICATE.hash()),
    ] {
        assert_eq!(form[name], expected, "{name}");
    }
    assert_eq!(form.len(), 10);
    let message = [CLIENT, SCOPE, &form["timestamp"], &form["state"], REDIRECT, CODE].concat();
    assert!(verifies(&form["client_secret"], &message));
    assert_eq!(form["state"].parse::<Uuid>().unwrap().get_version_num(), 4);
}

#[tokio::test]
async fn data_are_asked_for_with_the_access_token() {
    let scene = Scene::good();
    let bearer = format!("Bearer {}", scene.access.token());
    let played = scene.play().await;
    let asked = played.server.seen("/rs/");
    let targets: Vec<_> = asked.iter().map(|request| request.target.as_str()).collect();
    assert_eq!(targets, ["/rs/prns/1000299353", "/rs/prns/1000299353/ctts?embed=(elements)"]);
    assert!(asked.iter().all(|request| request.headers["authorization"] == bearer));
}

#[tokio::test]
async fn contacts_outside_the_scope_are_not_asked_for() {
    let mut scene = Scene::good();
    scene.settings =
        Box::new(|settings| settings.scopes = vec!["openid".into(), "fullname".into()]);
    let played = scene.play().await;
    assert_eq!(played.result.unwrap().verified_phone, None);
    assert_eq!(played.server.seen("/rs/prns/1000299353/ctts").len(), 0);
}

#[tokio::test]
async fn a_failed_connection_is_tried_again_for_data_and_never_for_a_code() {
    for (path, instead, sent) in
        [("/rs/prns/1000299353", None, 2), ("/aas/oauth2/v3/te", Some(Reply::Close), 1)]
    {
        let scene = Scene { instead, person: Reply::Close, ..Scene::good() };
        let played = scene.play().await;
        assert_eq!(played.result.unwrap_err().code(), "esia_interrupted", "{path}");
        assert_eq!(played.server.seen(path).len(), sent, "{path}");
    }
}

#[tokio::test]
async fn a_connection_that_fails_once_does_not_end_the_sign_in() {
    let person = Scene::person();
    let times = AtomicUsize::new(0);
    let (id, access) = (Scene::good().id.token(), Scene::good().access.token());
    let server = Server::run(move |request| match request.target.as_str() {
        "/aas/oauth2/v3/te" => Reply::json(
            200,
            json!({"access_token": access, "id_token": id, "token_type": "Bearer",
                   "state": request.form["state"]}),
        ),
        "/rs/prns/1000299353" if times.fetch_add(1, Ordering::Relaxed) == 0 => Reply::CutShort,
        "/rs/prns/1000299353" => Reply::json(200, &person),
        _ => Reply::json(200, json!({"elements": []})),
    })
    .await;
    let client = client(settings(Endpoints::at(&server.base)));
    assert_eq!(sign_in(&client).await.unwrap().name.given(), "Анна");
}

#[tokio::test]
async fn nothing_is_sent_for_a_callback_that_does_not_answer_the_attempt() {
    let server = Server::run(|_| Reply::json(500, "")).await;
    let client = client(settings(Endpoints::at(&server.base)));
    let (ours, other) = (client.start().await.unwrap(), client.start().await.unwrap());
    let state = ours.attempt.state();
    let old = format!("{state}.{}", (now() - TimeDelta::seconds(601)).timestamp());
    let old = Attempt::parse(&old).unwrap();
    let log = Log::open();
    for (attempt, query, expected, refusal) in [
        (&other.attempt, format!("code={CODE}&state={state}"), "esia_state_mismatch", None),
        (&old, format!("code={CODE}&state={state}"), "esia_attempt_expired", None),
        (
            &ours.attempt,
            format!("error=access_denied&error_description=ESIA-007004%3A+no&state={state}"),
            "esia_denied",
            None,
        ),
        (
            &ours.attempt,
            format!("error=access_denied&error_description=ESIA-007055%3A+no&state={state}"),
            "esia_not_confirmed",
            Some(RefusalCode::EsiaNotConfirmed),
        ),
        // An error is believed only if it answers the attempt.
        (
            &other.attempt,
            format!("error=access_denied&error_description=ESIA-007055%3A+no&state={state}"),
            "esia_state_mismatch",
            None,
        ),
    ] {
        let callback = Callback::parse(&query).unwrap();
        let error = client.finish(attempt, &callback).await.unwrap_err();
        assert_eq!(error.code(), expected, "{query}");
        assert_eq!(error.refusal(), refusal.unwrap_or(RefusalCode::EsiaUnavailable));
    }
    assert_eq!(log.count(Level::INFO, "came to nothing"), 5);
    assert_eq!(log.count(Level::WARN, ""), 0, "nobody is woken for what people do");
    assert_eq!(server.seen("/").len(), 0);
}

#[tokio::test]
async fn signing_out_names_the_system_and_the_way_back() {
    let client = client(settings(Endpoints::production()));
    let back = "https://school.example.ru/?out=1".parse().unwrap();
    assert_eq!(
        client.logout_url(&back).await.unwrap().as_str(),
        "https://esia.gosuslugi.ru/idp/ext/Logout?client_id=PORTAL62\
         &redirect_url=https%3A%2F%2Fschool.example.ru%2F%3Fout%3D1"
    );
}

#[tokio::test]
async fn without_a_signature_nothing_begins() {
    struct Broken;
    #[async_trait::async_trait]
    impl Signer for Broken {
        async fn sign(&self, _: &[u8]) -> Result<RequestSignature, SignerError> {
            Err(SignerError::Unavailable)
        }

        fn form(&self) -> SignatureForm {
            SignatureForm::Raw
        }

        fn certificate(&self) -> &Certificate {
            &CERTIFICATE
        }
    }
    let settings = settings(Endpoints::production());
    let client = EsiaClient::new(settings, Arc::new(Broken), Ambient::system()).unwrap();
    assert_eq!(client.start().await.unwrap_err().code(), "signer_unavailable");
}
