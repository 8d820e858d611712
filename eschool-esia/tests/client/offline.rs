//! Refresh tokens: asked for, signed in either way, kept or changed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use eschool_core::error::CodedError as _;
use eschool_esia::{
    ambient::Ambient,
    client::{
        AccessType, Callback, Endpoints, EsiaClient, EsiaSettings, Profile, RefreshSigning,
        RefreshToken,
    },
    gost::Signature,
};
use serde_json::{Value, json};

use crate::{
    log::Log,
    scene::{
        CERTIFICATE, CLIENT, CODE, GOST_KEY, NEXT_KEY, OID, Plan, Scene, SignedBy, client, merge,
        now, settings, signer,
    },
    server::{Reply, Seen, Server},
};

const SCOPE: &str = "openid fullname birthdate snils mobile email";
const REDIRECT: &str = "https://school.example.ru/esia";
const PERSON: &str = "1000299353";
const TOKEN: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

/// ЕСИА with this in its answers about tokens besides what must be there.
async fn esia(more: Value) -> Server {
    let Scene { id, access, .. } = Scene::good();
    answering(id, access, Arc::new(Mutex::new(more))).await
}

async fn answering(id: Plan, access: Plan, more: Arc<Mutex<Value>>) -> Server {
    let (id, access, person) = (id.token(), access.token(), Scene::person());
    Server::run(move |request: &Seen| match request.target.split('?').next().unwrap() {
        "/aas/oauth2/v3/te" | "/aas/oauth2/te" => {
            let mut whole = json!({"access_token": access, "id_token": id, "token_type": "Bearer",
                                   "state": request.form["state"]});
            merge(&mut whole, more.lock().unwrap().clone());
            Reply::json(200, whole)
        }
        "/rs/prns/1000299353" => Reply::json(200, &person),
        _ => Reply::json(200, json!({"elements": []})),
    })
    .await
}

fn offline(endpoints: Endpoints) -> EsiaSettings {
    EsiaSettings { access_type: AccessType::Offline, ..settings(endpoints) }
}

/// What was asked of the token endpoint last.
fn last(server: &Server) -> HashMap<String, String> {
    server.seen("/aas/").pop().unwrap().form
}

fn names(form: &HashMap<String, String>) -> Vec<&str> {
    let mut names: Vec<_> = form.keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn a_token_comes_where_it_was_asked_for_and_only_whoever_wants_it_gets_it() {
    let server = esia(json!({"refresh_token": TOKEN})).await;
    let client = client(offline(Endpoints::at(&server.base)));
    let started = client.start().await.unwrap();
    assert!(started.url.as_str().contains("access_type=offline"), "{}", started.url);
    let query = format!("code={CODE}&state={}", started.attempt.state());
    let callback = Callback::parse(&query).unwrap();
    let signed_in = client.finish_offline(&started.attempt, &callback).await.unwrap();
    assert_eq!(signed_in.person.oid, "1000299353");
    let token = signed_in.refresh_token.as_ref().unwrap();
    assert_eq!((token.oid(), token.as_str()), (PERSON, TOKEN));
    assert!(!format!("{signed_in:?}").contains(TOKEN));
    client.finish(&started.attempt, &callback).await.unwrap();
}

#[tokio::test]
async fn each_way_of_signing_a_refresh_sends_what_it_signs() {
    let server = esia(json!({})).await;
    let base = [
        "client_id",
        "client_secret",
        "grant_type",
        "refresh_token",
        "scope",
        "state",
        "timestamp",
        "token_type",
    ];
    for refresh_signing in [RefreshSigning::AsAuthorize, RefreshSigning::WithToken] {
        let settings = EsiaSettings { refresh_signing, ..offline(Endpoints::at(&server.base)) };
        let client = client(settings);
        let refreshed = client.refresh(&RefreshToken::new(PERSON, TOKEN)).await.unwrap();
        assert_eq!(refreshed.person.name.given(), "Анна");
        let form = last(&server);
        assert_eq!(form["grant_type"], "refresh_token");
        assert_eq!(form["refresh_token"], TOKEN);
        assert_eq!(form["scope"], SCOPE);
        let (time, state) = (form["timestamp"].as_str(), form["state"].as_str());
        let (message, more) = match refresh_signing {
            RefreshSigning::AsAuthorize => {
                assert_eq!(form["redirect_uri"], REDIRECT);
                assert_eq!(form["client_certificate_hash"], CERTIFICATE.hash());
                let message = [CLIENT, SCOPE, time, state, REDIRECT].concat();
                (message, vec!["client_certificate_hash", "redirect_uri"])
            }
            RefreshSigning::WithToken => ([CLIENT, SCOPE, time, state, TOKEN].concat(), vec![]),
        };
        let mut expected = [base.to_vec(), more].concat();
        expected.sort_unstable();
        assert_eq!(names(&form), expected, "{refresh_signing:?}");
        let signature = Signature::from_base64url(&form["client_secret"]).unwrap();
        let judged = GOST_KEY.public_key().verify(message.as_bytes(), &signature);
        assert_eq!(judged, Ok(()), "{refresh_signing:?}");
    }
}

#[tokio::test]
async fn the_old_interface_refreshes_as_it_does_everything() {
    let server = esia(json!({})).await;
    let ambient = Ambient::system().with_clock(Arc::new(now));
    let signer = signer().cms(ambient.clone());
    let settings = EsiaSettings {
        profile: Profile::Legacy,
        refresh_signing: RefreshSigning::WithToken,
        ..offline(Endpoints::legacy_at(&server.base))
    };
    let client = EsiaClient::new(settings, Arc::new(signer), ambient).unwrap();
    client.refresh(&RefreshToken::new(PERSON, TOKEN)).await.unwrap();
    let form = last(&server);
    assert_eq!(form["redirect_uri"], REDIRECT);
    assert!(!form.contains_key("client_certificate_hash"));
}

#[tokio::test]
async fn the_newest_token_is_the_one_to_keep() {
    let more = Arc::new(Mutex::new(json!({"refresh_token": "next"})));
    let Scene { id, access, .. } = Scene::good();
    let server = answering(id, access, Arc::clone(&more)).await;
    let client = client(offline(Endpoints::at(&server.base)));
    let token = RefreshToken::new(PERSON, TOKEN);
    let next = client.refresh(&token).await.unwrap().refresh_token.unwrap();
    assert_eq!(next.as_str(), "next");
    *more.lock().unwrap() = json!({});
    assert_eq!(client.refresh(&next).await.unwrap().refresh_token, Some(next));
}

#[tokio::test]
async fn a_refresh_is_judged_as_a_sign_in_is() {
    let token = RefreshToken::new(PERSON, TOKEN);
    for (more, expected) in [
        (json!({"state": "another"}), "esia_answer_state_mismatch"),
        (json!({"id_token": null}), "esia_id_token_missing"),
        (json!({"access_token": "a.b.c"}), "esia_token_malformed"),
    ] {
        let server = esia(more.clone()).await;
        let client = client(offline(Endpoints::at(&server.base)));
        let error = client.refresh(&token).await.unwrap_err();
        assert_eq!(error.code(), expected, "{more}");
        assert_eq!(server.seen("/rs/").len(), 0, "{more}");
    }
}

#[tokio::test]
async fn a_refresh_brings_nobody_else() {
    let server = esia(json!({})).await;
    let client = client(offline(Endpoints::at(&server.base)));
    let token = RefreshToken::new("1000299354", TOKEN);
    let error = client.refresh(&token).await.unwrap_err();
    assert_eq!(error.code(), "esia_person_foreign");
    assert_eq!(server.seen("/rs/").len(), 0, "nobody's data are asked for");
}

/// The old token is used up by then: without the next one the person would have to sign in.
#[tokio::test]
async fn the_next_token_is_told_though_the_refresh_fails_after_it_came() {
    type Change = fn(&mut Scene);
    let ill = || Reply::html(503);
    let [lost, kept]: [Option<&str>; 2] = [None, Some("next")];
    let cases: [(&str, Option<&str>, Change, Reply); 5] = [
        ("esia_server_failed", kept, |_| (), ill()),
        ("esia_deadline_exceeded", kept, |_| (), Reply::Hang),
        ("esia_token_signature", kept, |scene| scene.access.by = SignedBy::Rsa(&NEXT_KEY), ill()),
        (
            "esia_tokens_differ",
            lost,
            |scene| scene.access.claims["urn:esia:sbj_id"] = (OID + 1).into(),
            ill(),
        ),
        (
            "esia_person_foreign",
            lost,
            |scene| {
                scene.id.claims["sub"] = (OID + 1).into();
                scene.id.claims["urn:esia:sbj"]["urn:esia:sbj:oid"] = (OID + 1).into();
                scene.access.claims["urn:esia:sbj_id"] = (OID + 1).into();
            },
            ill(),
        ),
    ];
    for (code, next, change, person) in cases {
        let mut scene = Scene::good();
        change(&mut scene);
        let (id, access) = (scene.id.token(), scene.access.token());
        let server = Server::run(move |request: &Seen| match request.target.as_str() {
            "/aas/oauth2/v3/te" => Reply::json(
                200,
                json!({"access_token": access, "id_token": id, "token_type": "Bearer",
                       "state": request.form["state"], "refresh_token": "next"}),
            ),
            _ => person.clone(),
        })
        .await;
        let settings = EsiaSettings { deadline_seconds: 2, ..offline(Endpoints::at(&server.base)) };
        let failed = client(settings).refresh(&RefreshToken::new(PERSON, TOKEN)).await.unwrap_err();
        assert_eq!((failed.code(), failed.next.as_ref().map(RefreshToken::as_str)), (code, next));
        assert!(failed.next.is_none_or(|next| next.oid() == PERSON), "{code}");
    }
}

#[tokio::test]
async fn a_refused_refresh_is_explained_without_its_token() {
    let server = Server::run(|_| {
        let description = "ESIA-007053: client_secret";
        Reply::json(400, json!({"error": "invalid_client", "error_description": description}))
    })
    .await;
    let refresh_signing = RefreshSigning::WithToken;
    let settings = EsiaSettings { refresh_signing, ..offline(Endpoints::at(&server.base)) };
    let log = Log::open();
    let error = client(settings).refresh(&RefreshToken::new(PERSON, TOKEN)).await.unwrap_err();
    assert_eq!(error.code(), "esia_refused");
    assert!(log.text().contains(r#"request="refresh""#), "{}", log.text());
    assert!(!log.text().contains(TOKEN), "{}", log.text());
}

/// Signs in at the emulator, which takes each way of signing as the system is registered for it.
#[cfg(feature = "emulator")]
mod emulator {
    use eschool_esia::emulator::{ClientSystem, RefreshForm};

    use super::*;
    use crate::emulator::{back, stand_of};

    #[tokio::test]
    async fn a_person_is_refreshed_at_the_emulator_in_the_registered_way_alone() {
        let ways = [
            (RefreshSigning::AsAuthorize, RefreshForm::AsAuthorize),
            (RefreshSigning::WithToken, RefreshForm::WithToken),
        ];
        for (index, (refresh_signing, _)) in ways.into_iter().enumerate() {
            for (other, (_, refresh_form)) in ways.into_iter().enumerate() {
                let mut system =
                    ClientSystem::new(CLIENT, CERTIFICATE.clone(), ["school.example.ru"]);
                (system.offline, system.refresh_form) = (true, refresh_form);
                let (base, client) = stand_of(system, Arc::new(signer()), |settings, _| {
                    settings.access_type = AccessType::Offline;
                    settings.refresh_signing = refresh_signing;
                })
                .await;
                let started = client.start().await.unwrap();
                let callback = back(&base, &started).await;
                let signed_in = client.finish_offline(&started.attempt, &callback).await.unwrap();
                let first = signed_in.refresh_token.unwrap();
                let refreshed = client.refresh(&first).await;
                if index != other {
                    let error = refreshed.unwrap_err().to_string();
                    assert!(error.contains("ESIA-0070"), "{refresh_signing:?}: {error}");
                    continue;
                }
                let refreshed = refreshed.unwrap();
                assert_eq!(refreshed.person.oid, signed_in.person.oid);
                let second = refreshed.refresh_token.unwrap();
                assert_ne!(first, second);
                let used = client.refresh(&first).await.unwrap_err().to_string();
                assert!(used.ends_with("ESIA-007011"), "{used}");
            }
        }
    }
}
