//! Faults, by the library and by the control endpoint.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use eschool_core::error::CodedError as _;
use eschool_esia::{
    ambient::Ambient,
    emulator::{FaultyEndpoint, InjectError, InjectedFault, Injection, KeyUse},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    stand::{MOTHER, SCOPE, Stand, TOKEN},
    wire::Reply,
};

const FAULTS: &str = "/emulator/faults";

async fn order(stand: &Stand, order: &Value) -> Reply {
    stand.send(Method::POST, FAULTS, &[], order.to_string()).await
}

/// One request at each endpoint, right but for the codes and tokens that are needed.
async fn status(stand: &Stand, endpoint: &str, token: &str) -> Option<u16> {
    let path = match endpoint {
        "authorize" => {
            format!("/aas/oauth2/v2/ac?{}", stand.sign_in_form().signed(&stand.test.key).encoded())
        }
        "person" => format!("/rs/prns/{MOTHER}"),
        "contacts" => format!("/rs/prns/{MOTHER}/ctts"),
        "kids" => format!("/rs/prns/{MOTHER}/kids"),
        "logout" => "/idp/ext/Logout?client_id=TEST&redirect_url=http://127.0.0.1/".into(),
        _ => TOKEN.into(),
    };
    let method = if endpoint == "token" { Method::POST } else { Method::GET };
    let authorization = format!("Bearer {token}");
    stand.try_send(method, &path, &[("authorization", &authorization)]).await
}

#[tokio::test]
async fn a_fault_is_at_its_endpoint_for_so_many_requests() {
    let stand = Stand::open().await;
    let scope = format!("{SCOPE} kid_fullname");
    let token = stand.access_to(MOTHER, &scope).await;
    let all = FaultyEndpoint::ALL.map(FaultyEndpoint::name);
    let usual = [Some(303), Some(400), Some(200), Some(200), Some(200), Some(302)];
    for (fault, faulty) in [
        (json!({"fault": "down"}), None),
        (json!({"fault": "unavailable"}), Some(503)),
        (json!({"fault": "html", "status": 500}), Some(500)),
        (json!({"fault": "html", "status": 200}), Some(200)),
        (json!({"fault": "html", "status": 502}), Some(502)),
    ] {
        for (place, endpoint) in all.into_iter().enumerate() {
            let mut ordered = fault.clone();
            ordered["endpoint"] = endpoint.into();
            ordered["times"] = 2.into();
            assert_eq!(order(&stand, &ordered).await.json(), json!({"faults": [ordered]}));
            let other = all[(place + 1) % all.len()];
            assert_eq!(status(&stand, other, &token).await, usual[(place + 1) % all.len()]);
            for _ in 0..2 {
                assert_eq!(status(&stand, endpoint, &token).await, faulty, "{fault} {endpoint}");
            }
            assert_eq!(status(&stand, endpoint, &token).await, usual[place], "{endpoint}");
            assert!(stand.emulator.faults().is_empty());
        }
    }
}

#[tokio::test]
async fn a_fault_whose_key_cannot_be_made_is_not_put_on() {
    let broken = Arc::new(AtomicBool::new(false));
    let ill = Arc::clone(&broken);
    let stand = Stand::with(|settings| {
        let clock = settings.ambient.clone();
        let entropy = move |bytes: &mut [u8]| {
            assert!(!ill.load(Ordering::Relaxed), "there is no randomness");
            bytes.fill(7);
        };
        settings.ambient = Ambient::new(Arc::new(move || clock.now()), Arc::new(entropy));
    })
    .await;
    broken.store(true, Ordering::Relaxed);
    let reply = order(&stand, &json!({"fault": "expired_key"})).await;
    assert_eq!((reply.status, &reply.json()["error"]), (500, &"injection_key".into()));
    assert!(stand.emulator.faults().is_empty());
}

#[tokio::test]
async fn a_fault_without_a_number_stays_until_it_is_taken_back() {
    let stand = Stand::open().await;
    order(&stand, &json!({"fault": "unavailable"})).await;
    for _ in 0..3 {
        for endpoint in FaultyEndpoint::ALL {
            assert_eq!(status(&stand, endpoint.name(), "").await, Some(503));
        }
    }
    assert_eq!(stand.get("/", &[]).await.status, 200, "pages for people stay");
    let reply = stand.send(Method::DELETE, FAULTS, &[], String::new()).await;
    assert_eq!(reply.json(), json!({"faults": []}));
    assert_eq!(status(&stand, "person", "").await, Some(401));
}

#[tokio::test]
async fn an_html_page_is_one() {
    let stand = Stand::open().await;
    order(&stand, &json!({"fault": "html"})).await;
    let reply = stand.get("/rs/prns/1", &[]).await;
    assert_eq!((reply.status, reply.kind.as_str()), (500, "text/html; charset=utf-8"));
    assert!(reply.body.starts_with("<!doctype html>"));
}

#[tokio::test]
async fn a_slow_answer_comes_later_and_is_right() {
    let stand = Stand::open().await;
    order(&stand, &json!({"fault": "slow", "seconds": 1, "endpoint": "person"})).await;
    let token = stand.access_to(MOTHER, "fullname").await;
    let start = std::time::Instant::now();
    assert_eq!(stand.data(&format!("/rs/prns/{MOTHER}"), &token).await.status, 200);
    assert!(start.elapsed() >= std::time::Duration::from_secs(1));
}

#[tokio::test]
async fn a_wrong_clock_is_wrong_everywhere() {
    let stand = Stand::open().await;
    let reply = stand.get("/rs/prns/1", &[]).await;
    assert_eq!(reply.headers["date"], "Tue, 01 Sep 2026 06:00:00 GMT");
    order(&stand, &json!({"fault": "clock", "seconds": 3600})).await;
    let reply = stand.get("/rs/prns/1", &[]).await;
    assert_eq!(reply.headers["date"], "Tue, 01 Sep 2026 07:00:00 GMT");
    let form = stand.sign_in_form().signed(&stand.test.key);
    let reply = stand.authorize(&form, "").await;
    assert!(reply.brings("error_description").unwrap().starts_with("ESIA-007015"));
    let form = stand.sign_in_form().set("timestamp", &stand.timestamp(3600));
    let page = stand.authorize(&form.signed(&stand.test.key), "").await.location.unwrap();
    let code = stand.choose(&page, MOTHER).await.brings("code").unwrap();
    let form = stand.token_form(&code).set("timestamp", &stand.timestamp(3600));
    let tokens = stand.exchange(&form.signed(&stand.test.key)).await.json();
    let claims = crate::tokens::claims(tokens["id_token"].as_str().unwrap());
    assert_eq!(claims["iat"], stand.now().timestamp() + 3600);
}

#[tokio::test]
async fn state_stands_twice() {
    let stand = Stand::open().await;
    order(&stand, &json!({"fault": "duplicated_state", "times": 1, "endpoint": "authorize"})).await;
    let reply = stand.choose(&stand.waiting().await, MOTHER).await;
    let states: Vec<_> = reply
        .goes_to()
        .query_pairs()
        .filter(|(name, _)| name == "state")
        .map(|(_, value)| value.into_owned())
        .collect();
    assert!(states.len() == 2 && states[0] != states[1], "{states:?}");
    order(&stand, &json!({"fault": "duplicated_state", "times": 1, "endpoint": "authorize"})).await;
    let refused = format!("{}/refuse", stand.waiting().await);
    let denied = stand.post(&refused, &[], &crate::wire::Form::new([])).await;
    let denied = denied.goes_to();
    assert_eq!(denied.query_pairs().filter(|(name, _)| name == "state").count(), 2, "{denied}");
    let code = reply.goes_to().query_pairs().find(|(n, _)| n == "code").unwrap().1.into_owned();
    order(&stand, &json!({"fault": "duplicated_state", "times": 1, "endpoint": "token"})).await;
    let reply = stand.exchange(&stand.token_form(&code).signed(&stand.test.key)).await;
    assert_eq!((reply.status, reply.body.matches("\"state\":").count()), (200, 2));
    assert_eq!(stand.tokens(MOTHER).await["token_type"], "Bearer", "once was ordered");
}

#[tokio::test]
async fn tokens_are_signed_by_the_key_that_was_ordered() {
    let stand = Stand::open().await;
    let keys = stand.emulator.token_keys();
    let uses: Vec<_> = keys.iter().map(|key| (key.algorithm, key.usage)).collect();
    use KeyUse::{Current, Expired, Next};
    let gost = "GOST3410_2012_256";
    assert_eq!(
        uses,
        [
            ("RS256", Current),
            ("RS256", Next),
            ("RS256", Expired),
            (gost, Current),
            (gost, Next),
            (gost, Expired),
        ]
    );
    assert!(keys[2].not_after.unwrap() < stand.now());
    let listed = stand.get("/emulator/keys", &[]).await.json();
    assert_eq!(listed["keys"][1]["pem"], keys[1].pem);
    assert_eq!(listed["keys"][1]["use"], "next");
    for (fault, signer) in [("rotated_key", 1), ("expired_key", 2)] {
        order(&stand, &json!({"fault": fault, "times": 1})).await;
        let token = stand.tokens(MOTHER).await["id_token"].as_str().unwrap().to_owned();
        for (place, key) in keys.iter().take(3).enumerate() {
            assert_eq!(crate::tokens::is_signed_by(&token, &key.pem), place == signer, "{fault}");
        }
        let token = stand.tokens(MOTHER).await["id_token"].as_str().unwrap().to_owned();
        assert!(crate::tokens::is_signed_by(&token, &keys[0].pem), "once was ordered");
    }
}

#[tokio::test]
async fn what_cannot_be_ordered_is_refused() {
    let stand = Stand::open().await;
    for (text, error) in [
        ("", InjectError::Malformed),
        ("{}", InjectError::Malformed),
        ("[]", InjectError::Malformed),
        (r#"{"fault": "down", "when": "now"}"#, InjectError::Malformed),
        (r#"{"fault": "earthquake"}"#, InjectError::FaultUnknown),
        (r#"{"fault": "down", "endpoint": "home"}"#, InjectError::EndpointUnknown),
        (r#"{"fault": "rotated_key", "endpoint": "authorize"}"#, InjectError::Endpoint),
        (
            r#"{"fault": "refuse", "endpoint": "kids", "code": "ESIA-007008"}"#,
            InjectError::Endpoint,
        ),
        (r#"{"fault": "down", "times": 0}"#, InjectError::Times),
        (r#"{"fault": "slow"}"#, InjectError::Seconds),
        (r#"{"fault": "slow", "seconds": 0}"#, InjectError::Seconds),
        (r#"{"fault": "slow", "seconds": -1}"#, InjectError::Seconds),
        (r#"{"fault": "slow", "seconds": 601}"#, InjectError::Seconds),
        (r#"{"fault": "clock", "seconds": -2147483648}"#, InjectError::Seconds),
        (r#"{"fault": "html", "status": 99}"#, InjectError::Status),
        (r#"{"fault": "refuse"}"#, InjectError::Code),
        (r#"{"fault": "refuse", "code": "ESIA-000000"}"#, InjectError::Code),
    ] {
        let reply = stand.send(Method::POST, FAULTS, &[], text.into()).await;
        assert_eq!((reply.status, &reply.json()["error"]), (400, &error.code().into()), "{text}");
        assert_eq!(reply.json()["textRu"], error.text_ru());
    }
    assert!(stand.emulator.faults().is_empty());
    for _ in 0..100 {
        stand.emulator.inject(Injection::new(InjectedFault::Down)).unwrap();
    }
    let more = stand.emulator.inject(Injection::new(InjectedFault::Down));
    assert_eq!(more, Err(InjectError::TooMany));
}

#[tokio::test]
async fn only_this_machine_controls_it() {
    let stand = Stand::open().await;
    for path in [FAULTS, "/emulator/keys", "/emulator/log", "/emulator/log.json"] {
        assert_eq!(stand.get(path, &[("host", "localhost:1")]).await.status, 200, "{path}");
        for host in ["evil.example", "localhost.evil.example:80", "192.0.2.1"] {
            let reply = stand.get(path, &[("host", host)]).await;
            assert_eq!((reply.status, &reply.json()["error"]), (403, &"not_loopback".into()));
        }
    }
    let down = r#"{"fault": "down"}"#;
    let own = stand.base.as_str();
    for (name, value, status) in [
        ("host", "evil.example", 403),
        // a page of another site, in a browser on this machine
        ("origin", "https://evil.example", 403),
        ("origin", "http://localhost:8080", 403),
        ("origin", "null", 403),
        ("sec-fetch-site", "cross-site", 403),
        ("origin", own, 200),
    ] {
        let reply = stand.send(Method::POST, FAULTS, &[(name, value)], down.into()).await;
        assert_eq!(reply.status, status, "{name}: {value}");
    }
    assert_eq!(stand.emulator.faults().len(), 1);
    let foreign = [("sec-fetch-site", "cross-site")];
    let reply = stand.send(Method::DELETE, FAULTS, &foreign, String::new()).await;
    assert_eq!((reply.status, stand.emulator.faults().len()), (403, 1));
    assert_eq!(stand.get("/emulator/log", &foreign).await.status, 200, "a link leads there");
}
