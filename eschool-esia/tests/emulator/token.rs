//! `POST /aas/oauth2/v3/te`: what is refused and with which code, and that a code is good once.

use reqwest::Method;

use crate::{
    stand::{AUTHORIZE, MOTHER, SECOND_STATE, STATE, Stand, TOKEN},
    wire::Form,
};

const MANDATORY: [&str; 10] = [
    "client_id",
    "code",
    "grant_type",
    "client_secret",
    "state",
    "redirect_uri",
    "scope",
    "timestamp",
    "token_type",
    "client_certificate_hash",
];

async fn is_refused(stand: &Stand, form: &Form, code: &str, what: &str) {
    let reply = stand.exchange(form).await;
    assert_eq!(reply.status, 400, "{what}: {reply:?}");
    let json = reply.json();
    let description = json["error_description"].as_str().unwrap();
    assert!(description.starts_with(&format!("{code}: ")), "{what}: {description}");
    assert!(json["error"].is_string() && json.get("access_token").is_none(), "{what}: {json}");
}

#[tokio::test]
async fn every_parameter_stands_once() {
    let stand = Stand::open().await;
    let right = stand.token_form(&stand.code(MOTHER).await).signed(&stand.test.key);
    for name in MANDATORY {
        let code = if name == "scope" { "ESIA-007013" } else { "ESIA-007014" };
        is_refused(&stand, &right.clone().without(name), code, name).await;
        is_refused(&stand, &right.clone().set(name, ""), code, name).await;
        is_refused(&stand, &right.clone().twice(name), "ESIA-007003", name).await;
    }
    assert_eq!(stand.exchange(&right).await.status, 200, "a refused request leaves the code");
}

#[tokio::test]
async fn a_wrong_parameter_is_refused_with_its_code() {
    let stand = Stand::open().await;
    let code = stand.code(MOTHER).await;
    let right = stand.token_form(&code);
    let mut tampered = code.clone();
    let last = if tampered.pop() == Some('A') { 'B' } else { 'A' };
    tampered.push(last);
    for (name, value, code) in [
        ("client_id", "NOBODY", "ESIA-007002"),
        ("grant_type", "refresh_token", "ESIA-007014"),
        ("grant_type", "client_credentials", "ESIA-007005"),
        ("grant_type", "password", "ESIA-007012"),
        ("grant_type", "Authorization_Code", "ESIA-007012"),
        ("token_type", "bearer", "ESIA-007003"),
        ("token_type", "MAC", "ESIA-007003"),
        ("state", "1", "ESIA-007003"),
        ("state", "3c8f8a4e-7d0b-1a52-9f0e-2b6f6c1d9e11", "ESIA-007003"),
        ("scope", "openid usr_org", "ESIA-007006"),
        ("scope", "openid", "ESIA-007006"),
        ("redirect_uri", "https://evil.example/", "ESIA-007023"),
        ("redirect_uri", "http://127.0.0.1:8080/esia/callback", "ESIA-007011"),
        ("redirect_uri", "http://127.0.0.1:8081/esia/callback?from=door", "ESIA-007011"),
        ("timestamp", &stand.timestamp(-301), "ESIA-007015"),
        ("timestamp", &stand.timestamp(301), "ESIA-007015"),
        ("timestamp", "2026.09.01 09:00:00  0300", "ESIA-007015"),
        ("client_certificate_hash", &stand.other.certificate.hash(), "ESIA-007053"),
        ("client_certificate_hash", &stand.test.certificate.hash().to_lowercase(), "ESIA-007053"),
        ("code", "made-up", "ESIA-007011"),
        ("code", &tampered, "ESIA-007011"),
        ("code_verifier", "unasked", "ESIA-007039"),
    ] {
        let form = right.clone().set(name, value).signed(&stand.test.key);
        is_refused(&stand, &form, code, &format!("{name}={value}")).await;
        let reply = stand.exchange(&form).await;
        assert_eq!(reply.json()["state"], form.get("state"), "{name}={value}");
    }
    assert_eq!(stand.exchange(&right.signed(&stand.test.key)).await.status, 200);
}

#[tokio::test]
async fn a_wrong_signature_is_refused() {
    let stand = Stand::open().await;
    let right = stand.token_form(&stand.code(MOTHER).await);
    let key = &stand.test.key;
    let signed = right.clone().signed(key);
    let of_authorize = ["client_id", "scope", "scope_org", "timestamp", "state", "redirect_uri"];
    for (form, what) in [
        (right.clone().signed(&stand.other.key), "another key"),
        (right.clone().signed_over(key, &of_authorize), "as at authorize, without the code"),
        (right.clone().signed_over(key, &["client_id", "scope", "timestamp"]), "too little"),
        (right.clone().set("client_secret", "c2VjcmV0"), "a password"),
        (signed.clone().set("code", "another"), "another code"),
        (signed.clone().set("state", STATE), "another state"),
        (signed.clone().set("timestamp", &stand.timestamp(1)), "another timestamp"),
        (signed.clone().set("scope_org", "openid"), "another scope_org"),
    ] {
        is_refused(&stand, &form, "ESIA-007053", what).await;
    }
    assert_eq!(stand.exchange(&signed).await.status, 200);
}

#[tokio::test]
async fn a_code_is_good_once_and_using_it_twice_revokes_what_it_gave() {
    let stand = Stand::open().await;
    let form = stand.token_form(&stand.code(MOTHER).await).signed(&stand.test.key);
    let tokens = stand.exchange(&form).await.json();
    let token = tokens["access_token"].as_str().unwrap();
    let path = format!("/rs/prns/{MOTHER}");
    assert_eq!(stand.data(&path, token).await.status, 200);
    let fresh = form.set("state", STATE).signed(&stand.test.key);
    is_refused(&stand, &fresh, "ESIA-007011", "the second time").await;
    assert_eq!(stand.data(&path, token).await.status, 401);
}

#[tokio::test]
async fn a_code_used_again_after_its_life_still_revokes() {
    let stand = Stand::open().await;
    let code = stand.code(MOTHER).await;
    let tokens = stand.exchange(&stand.token_form(&code).signed(&stand.test.key)).await.json();
    stand.wait(3000);
    let late = stand.token_form(&code).signed(&stand.test.key);
    is_refused(&stand, &late, "ESIA-007011", "late").await;
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(stand.data(&format!("/rs/prns/{MOTHER}"), token).await.status, 401);
}

#[tokio::test]
async fn one_of_many_at_once_gets_tokens() {
    let stand = Stand::open().await;
    let form = stand.token_form(&stand.code(MOTHER).await).signed(&stand.test.key);
    let (a, b, c, d) = tokio::join!(
        stand.exchange(&form),
        stand.exchange(&form),
        stand.exchange(&form),
        stand.exchange(&form)
    );
    let given = [a, b, c, d].iter().filter(|reply| reply.status == 200).count();
    assert_eq!(given, 1);
}

#[tokio::test]
async fn a_code_lives_240_seconds() {
    let stand = Stand::open().await;
    let (first, second) = (stand.code(MOTHER).await, stand.code(MOTHER).await);
    stand.wait(239);
    let form = stand.token_form(&first).signed(&stand.test.key);
    assert_eq!(stand.exchange(&form).await.status, 200);
    stand.wait(1);
    let form = stand.token_form(&second).signed(&stand.test.key);
    is_refused(&stand, &form, "ESIA-007011", "at 240 seconds").await;
}

#[tokio::test]
async fn a_code_is_for_the_client_it_was_given_to() {
    let stand = Stand::open().await;
    let code = stand.code(MOTHER).await;
    let form = stand
        .token_form(&code)
        .set("client_id", "OTHER")
        .set("client_certificate_hash", &stand.other.certificate.hash())
        .signed(&stand.other.key);
    is_refused(&stand, &form, "ESIA-007011", "another client").await;
}

#[tokio::test]
async fn a_challenge_is_met_by_its_verifier_alone() {
    let by_sha = [
        // RFC 7636, appendix B
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    ];
    let by_streebog = [
        // a digest that OpenSSL's gost engine made
        "TESTopenid2026.01.01 00:00:00 +0300uuidhttps://example.org",
        "ny72jxsYsfiQYAqvj7JYdCo1U-kBQMaeD0uXNj4KK44",
    ];
    let stand = Stand::open().await;
    let check = || stand.emulator.refusals()[0].check;
    for (method, other, [verifier, challenge]) in
        [("S256", "GOST3411", by_sha), ("GOST3411", "S256", by_streebog)]
    {
        let code = async |method| {
            let form = stand
                .sign_in_form()
                .set("code_challenge", challenge)
                .set("code_challenge_method", method)
                .signed(&stand.test.key);
            let page = stand.authorize(&form, "").await.location.unwrap();
            stand.choose(&page, MOTHER).await.brings("code").unwrap()
        };
        let form = stand.token_form(&code(method).await).signed(&stand.test.key);
        is_refused(&stand, &form, "ESIA-007040", "no verifier").await;
        assert_eq!(check(), "verifier_missing");
        let wrong = form.clone().set("code_verifier", challenge);
        is_refused(&stand, &wrong, "ESIA-007040", "the challenge itself").await;
        assert_eq!(check(), "verifier_wrong");
        let reply = stand.exchange(&form.set("code_verifier", verifier)).await;
        assert_eq!(reply.status, 200, "{method}: {reply:?}");
        let form = stand.token_form(&code(other).await).set("code_verifier", verifier);
        is_refused(&stand, &form.signed(&stand.test.key), "ESIA-007040", "another method").await;
    }
}

#[tokio::test]
async fn the_answer_echoes_the_state_of_its_own_request() {
    let stand = Stand::open().await;
    assert_eq!(stand.tokens(MOTHER).await["state"], SECOND_STATE);
}

#[tokio::test]
async fn garbage_is_answered() {
    let stand = Stand::open().await;
    let form = "application/x-www-form-urlencoded";
    for (kind, body) in [
        (form, String::new()),
        (form, "&=&%%%".into()),
        (form, "x".repeat(70_000)),
        ("application/json", "{}".into()),
        ("text/plain", stand.token_form("code").signed(&stand.test.key).encoded()),
        ("", "grant_type=authorization_code".into()),
    ] {
        let reply = stand.send(Method::POST, TOKEN, &[("content-type", kind)], body).await;
        assert_eq!(reply.status, 400, "{kind}");
        assert!(reply.json()["error_description"].as_str().unwrap().starts_with("ESIA-0070"));
    }
    assert_eq!(stand.get(TOKEN, &[]).await.status, 405);
    assert_eq!(stand.send(Method::POST, AUTHORIZE, &[], String::new()).await.status, 405);
}
