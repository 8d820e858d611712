//! `GET /aas/oauth2/v2/ac`: what is refused, with which code, and where it is said.

use eschool_esia::gost::{Signature, streebog256};

use crate::{
    stand::{AUTHORIZE, REDIRECT, SCOPE, STATE, Stand},
    wire::{Form, Reply},
};

/// Everything a request must have but what decides whether anybody may be sent anywhere.
const MANDATORY: [&str; 7] = [
    "client_secret",
    "client_certificate_hash",
    "scope",
    "response_type",
    "state",
    "timestamp",
    "access_type",
];

async fn is_refused_on_a_page(stand: &Stand, form: &Form, code: &str, what: &str) {
    let reply = stand.authorize(form, "").await;
    assert_eq!((reply.status, &reply.location), (400, &None), "{what}");
    assert!(reply.body.contains(code), "{what}: {}", reply.body);
    assert!(reply.body.contains("Эмулятор ЕСИА"), "{what}");
}

async fn is_refused_by_redirect(stand: &Stand, form: &Form, code: &str, what: &str) -> Reply {
    let reply = stand.authorize(form, "").await;
    assert_eq!(reply.status, 302, "{what}: {reply:?}");
    let to = reply.goes_to();
    assert!(to.as_str().starts_with(&format!("{REDIRECT}&")), "{what}: {to}");
    let description = reply.brings("error_description").unwrap_or_else(|| panic!("{what}: {to}"));
    assert!(description.starts_with(&format!("{code}: ")), "{what}: {description}");
    assert!(reply.brings("error").is_some(), "{what}");
    assert_eq!(reply.brings("code"), None, "{what}");
    reply
}

#[tokio::test]
async fn nobody_is_sent_where_the_client_is_not_known_to_be() {
    let stand = Stand::open().await;
    let right = stand.sign_in_form();
    let elsewhere = |url: &str| right.clone().set("redirect_uri", url);
    for (form, code) in [
        (right.clone().set("client_id", "NOBODY"), "ESIA-007002"),
        (right.clone().set("client_id", "test"), "ESIA-007002"),
        (right.clone().without("client_id"), "ESIA-007014"),
        (right.clone().set("client_id", ""), "ESIA-007014"),
        (right.clone().twice("client_id"), "ESIA-007003"),
        (right.clone().without("redirect_uri"), "ESIA-007014"),
        (right.clone().set("redirect_uri", ""), "ESIA-007014"),
        (right.clone().twice("redirect_uri"), "ESIA-007003"),
        (elsewhere("https://evil.example/"), "ESIA-007023"),
        (elsewhere("https://portal.example.org.evil.example/"), "ESIA-007023"),
        (elsewhere("https://evil.example/portal.example.org"), "ESIA-007023"),
        (elsewhere("https://sub.portal.example.org/"), "ESIA-007023"),
        (elsewhere("https://portal.example.org@evil.example/"), "ESIA-007023"),
        (elsewhere("https://somebody@portal.example.org/"), "ESIA-007023"),
        (elsewhere("https://portal.example.org/#part"), "ESIA-007023"),
        (elsewhere("http://localhost:8081/"), "ESIA-007023"),
        (elsewhere("http://localhost/"), "ESIA-007023"),
        (elsewhere("ftp://portal.example.org/"), "ESIA-007023"),
        (elsewhere("javascript:alert(1)"), "ESIA-007023"),
        (elsewhere("//portal.example.org/"), "ESIA-007023"),
        (elsewhere("/callback"), "ESIA-007023"),
        (elsewhere("portal.example.org"), "ESIA-007023"),
    ] {
        let what = form.encoded();
        is_refused_on_a_page(&stand, &form.signed(&stand.test.key), code, &what).await;
    }
    is_refused_on_a_page(&stand, &Form::new([]), "ESIA-007014", "nothing").await;
}

#[tokio::test]
async fn every_parameter_stands_once() {
    let stand = Stand::open().await;
    for name in MANDATORY {
        let code = if name == "scope" { "ESIA-007013" } else { "ESIA-007014" };
        let right = stand.sign_in_form().signed(&stand.test.key);
        for form in [right.clone().without(name), right.clone().set(name, "")] {
            is_refused_by_redirect(&stand, &form, code, name).await;
        }
        is_refused_by_redirect(&stand, &right.twice(name), "ESIA-007003", name).await;
    }
    for name in ["scope_org", "whatever"] {
        let form = stand.sign_in_form().set(name, "").twice(name).signed(&stand.test.key);
        is_refused_by_redirect(&stand, &form, "ESIA-007003", name).await;
    }
}

#[tokio::test]
async fn a_wrong_parameter_is_refused_with_its_code() {
    let stand = Stand::open().await;
    for (name, value, code) in [
        ("response_type", "token", "ESIA-007009"),
        ("response_type", "code id_token", "ESIA-007009"),
        ("access_type", "both", "ESIA-007003"),
        ("state", "1", "ESIA-007003"),
        ("state", "3c8f8a4e7d0b4a529f0e2b6f6c1d9e11", "ESIA-007003"),
        ("state", "{3c8f8a4e-7d0b-4a52-9f0e-2b6f6c1d9e11}", "ESIA-007003"),
        ("state", "3c8f8a4e-7d0b-1a52-9f0e-2b6f6c1d9e11", "ESIA-007003"),
        ("state", "3c8f8a4e-7d0b-4a52-9f0e-2b6f6c1d9e1z", "ESIA-007003"),
        ("scope", "openid usr_org", "ESIA-007006"),
        ("scope", "OPENID", "ESIA-007006"),
        ("scope", "openid,fullname", "ESIA-007006"),
        ("scope", " ", "ESIA-007013"),
        ("scope_org", "org_shortname", "ESIA-007006"),
        ("timestamp", "2026-09-01T09:00:00+03:00", "ESIA-007015"),
        ("timestamp", "2026.09.01 09:00:00  0300", "ESIA-007015"),
        ("timestamp", "2026.09.01 09:00:00", "ESIA-007015"),
        ("timestamp", "2026.09.01 09:00:00 +0000", "ESIA-007015"),
        ("timestamp", "now", "ESIA-007015"),
        ("timestamp", &stand.timestamp(-301), "ESIA-007015"),
        ("timestamp", &stand.timestamp(301), "ESIA-007015"),
        ("timestamp", &stand.timestamp(-366 * 86_400), "ESIA-007015"),
        ("code_challenge_method", "S256", "ESIA-007039"),
        ("code_challenge", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "ESIA-007003"),
    ] {
        let form = stand.sign_in_form().set(name, value).signed(&stand.test.key);
        let reply = is_refused_by_redirect(&stand, &form, code, &format!("{name}={value}")).await;
        assert_eq!(reply.brings("state").as_deref(), Some(form.get("state")));
    }
}

#[tokio::test]
async fn a_wrong_certificate_is_refused() {
    let stand = Stand::open().await;
    let (test, other) = (&stand.test, &stand.other);
    let hash = test.certificate.hash();
    let of_pem = streebog256(test.certificate.to_pem().unwrap().as_bytes());
    let of_pem: String = of_pem.iter().map(|byte| format!("{byte:02X}")).collect();
    for wrong in [
        other.certificate.hash(),
        of_pem,
        hash.to_lowercase(),
        hash.chars().skip(2).collect(),
        format!("{hash} "),
        "0".repeat(64),
    ] {
        let form = stand.sign_in_form().set("client_certificate_hash", &wrong);
        is_refused_by_redirect(&stand, &form.signed(&test.key), "ESIA-007053", &wrong).await;
    }
    stand.wait(366 * 86_400);
    let form = stand.sign_in_form().signed(&test.key);
    is_refused_by_redirect(&stand, &form, "ESIA-007053", "outlived").await;
    stand.wait(-368 * 86_400);
    let form = stand.sign_in_form().signed(&test.key);
    is_refused_by_redirect(&stand, &form, "ESIA-007053", "not valid yet").await;
}

#[tokio::test]
async fn a_wrong_signature_is_refused() {
    let stand = Stand::open().await;
    let form = stand.sign_in_form();
    let key = &stand.test.key;
    let right = form.clone().signed(key);
    let secret = right.get("client_secret").to_owned();
    let signature = Signature::from_base64url(&secret).unwrap();
    let (s, r) = signature.as_bytes().split_at(32);
    let swapped = Signature::from_slice(&[r, s].concat()).unwrap();
    let over = |fields: &[&str]| form.clone().signed_over(key, fields);
    for (form, what) in [
        (form.clone().signed(&stand.other.key), "another key"),
        (
            form.clone()
                .set("client_certificate_hash", &stand.other.certificate.hash())
                .signed(&stand.other.key),
            "another client's key and certificate",
        ),
        (over(&["scope", "timestamp", "client_id", "state"]), "the old order"),
        (over(&["client_id", "scope", "timestamp", "state"]), "no redirect_uri"),
        (over(&["client_id", "scope", "state", "timestamp", "redirect_uri"]), "another order"),
        (
            right.clone().set("client_secret", &signature.reversed().to_base64url()),
            "CryptoPro's reversed bytes",
        ),
        (right.clone().set("client_secret", &swapped.to_base64url()), "r ‖ s"),
        (right.clone().set("client_secret", secret.get(..40).unwrap()), "truncated"),
        (right.clone().set("client_secret", &format!("{secret}AAAA")), "too long"),
        (right.clone().set("client_secret", "?"), "no base64"),
        (right.clone().set("client_secret", &"A".repeat(86)), "zeros"),
        (right.clone().set("scope", "openid"), "another scope"),
        (right.clone().set("scope_org", "openid"), "another scope_org"),
        (right.clone().set("timestamp", &stand.timestamp(1)), "another timestamp"),
        (right.clone().set("state", "b1f4a6d2-0c3e-4f7a-8b5d-9e8c7a6b5d4f"), "another state"),
    ] {
        is_refused_by_redirect(&stand, &form, "ESIA-007053", what).await;
    }
    let moved = right.set("redirect_uri", "http://127.0.0.1:8080/elsewhere");
    let reply = stand.authorize(&moved, "").await;
    assert!(reply.brings("error_description").unwrap().starts_with("ESIA-007053: "));
}

#[tokio::test]
async fn state_comes_back_with_a_refusal_if_it_came() {
    let stand = Stand::open().await;
    let wrong = stand.sign_in_form().set("response_type", "token").signed(&stand.test.key);
    let reply = is_refused_by_redirect(&stand, &wrong, "ESIA-007009", "").await;
    assert_eq!(reply.brings("state").as_deref(), Some(STATE));
    for (wrong, code) in
        [(wrong.clone().without("state"), "ESIA-007014"), (wrong.twice("state"), "ESIA-007003")]
    {
        let reply = is_refused_by_redirect(&stand, &wrong, code, "").await;
        assert_eq!(reply.brings("state"), None);
    }
}

#[tokio::test]
async fn what_is_right_goes_to_the_people() {
    let stand = Stand::open().await;
    let form = stand.sign_in_form();
    for (form, what) in [
        (form.clone(), "as it is"),
        (form.clone().without("scope_org"), "no scope_org"),
        (form.clone().set("timestamp", "2026.09.01 06:00:00 +0000"), "another zone"),
        (form.clone().set("timestamp", &stand.timestamp(-300)), "five minutes ago"),
        (form.clone().set("timestamp", &stand.timestamp(300)), "in five minutes"),
        (form.clone().set("state", &STATE.to_uppercase()), "upper-case state"),
        (form.clone().set("access_type", "offline"), "offline"),
        (form.clone().set("scope", "fullname"), "one scope"),
        (form.clone().set("redirect_uri", "https://PORTAL.example.org:444/a?b=c"), "any port"),
        (form.clone().set("redirect_uri", "http://localhost:8080/"), "the port"),
        (form.clone().set("unknown", "parameter"), "an unknown parameter"),
    ] {
        let form = form.signed(&stand.test.key);
        for _ in ["once", "loaded again"] {
            let reply = stand.authorize(&form, "").await;
            let to = reply.location.as_deref().unwrap_or_default();
            assert!(to.starts_with("/login/"), "{what}: {reply:?}");
        }
    }
    let padded = form.signed(&stand.test.key);
    let secret = format!("{}==", padded.get("client_secret"));
    let reply = stand.authorize(&padded.set("client_secret", &secret), "").await;
    assert!(reply.location.unwrap().starts_with("/login/"));
}

#[tokio::test]
async fn the_window_of_the_timestamp_is_a_setting() {
    let stand = Stand::with(|s| s.timestamp_window = chrono::TimeDelta::seconds(10)).await;
    let of = |seconds| stand.sign_in_form().set("timestamp", &stand.timestamp(seconds));
    let reply = stand.authorize(&of(-10).signed(&stand.test.key), "").await;
    assert!(reply.location.unwrap().starts_with("/login/"));
    let form = of(-11).signed(&stand.test.key);
    is_refused_by_redirect(&stand, &form, "ESIA-007015", "eleven seconds").await;
}

#[tokio::test]
async fn garbage_is_answered() {
    let stand = Stand::open().await;
    let long = format!("client_id={}", "x".repeat(30_000));
    for query in
        ["", "&&&", "=", "%", "%ff%fe=%00", "client_id", "client_id=TEST&redirect_uri=%", &long]
    {
        let reply = stand.get(&format!("{AUTHORIZE}?{query}"), &[]).await;
        assert_eq!(reply.status, 400, "{query}");
    }
    let form = stand.sign_in_form().set("scope", &SCOPE.repeat(500)).signed(&stand.test.key);
    is_refused_by_redirect(&stand, &form, "ESIA-007006", "a long scope").await;
    for (path, status) in [("/aas/oauth2/ac", 400), ("/nowhere", 404), ("/login/none", 410)] {
        assert_eq!(stand.get(path, &[]).await.status, status, "{path}");
    }
}
