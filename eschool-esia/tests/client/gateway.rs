//! A gateway that misbehaves, and one that is merely odd. How a real one behaves is tested in
//! `tests/gateway`.

mod slow;
mod windows;

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering},
    },
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use eschool_core::{
    error::CodedError as _,
    signin::{Assurance, EsiaPerson},
};
use eschool_esia::{
    ambient::Ambient,
    client::{
        Attempt, Callback, ClientSecret, EsiaClient, EsiaError, GatewaySettings, SettingsError,
    },
};
use serde_json::{Value, json};
use url::Url;

use crate::{
    log::Log,
    scene::{CLIENT, ESIA_KEY, FOREIGN_KEY, NEXT_KEY, Plan, SignedBy, merge, now},
    server::{Reply, Seen, Server},
};

const SECRET: &str = "from-the-office";
const SUBJECT: &str = "f3a9-41";
const ACCESS: &str = "opaque.access.7";

/// What a gateway says in one sign-in. `@` stands for its address, `$` for the nonce.
struct Gateway {
    discovery: Value,
    /// Goes in the place of the discovery document.
    undiscovered: Option<Reply>,
    keys: Reply,
    token: Plan,
    /// Changes the answer to the code.
    answer: fn(&mut Value),
    instead: Option<Reply>,
    userinfo: Reply,
    settings: fn(&mut GatewaySettings),
    callback: fn(String) -> String,
    /// Whether each address that is read closes the first connection.
    flaky: bool,
}

impl Gateway {
    fn good() -> Self {
        let at = |seconds: i64| (now() + TimeDelta::seconds(seconds)).timestamp();
        let mut token = Plan::new(
            json!({"alg": "RS256", "kid": "one", "typ": "JWT"}),
            json!({
                "iss": "@", "aud": CLIENT, "sub": SUBJECT, "nonce": "$",
                "iat": at(0), "exp": at(600), "urn:esia:sbj:lvl": "PR",
            }),
        );
        token.by = SignedBy::Rsa(&ESIA_KEY);
        Self {
            discovery: json!({
                "issuer": "@", "authorization_endpoint": "@/auth", "token_endpoint": "@/token",
                "userinfo_endpoint": "@/me", "jwks_uri": "@/jwks",
                "response_types_supported": ["code"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }),
            undiscovered: None,
            keys: Reply::json(200, json!({"keys": [ESIA_KEY.jwk("one")]})),
            token,
            answer: |_| (),
            instead: None,
            userinfo: Reply::json(
                200,
                json!({
                    "sub": SUBJECT, "family_name": "Ёлкина", "given_name": "Анна",
                    "middle_name": "Олеговна", "birthdate": "2000-05-26",
                    "snils": "000-000-600 06", "phone_number": "+79123456789",
                    "phone_number_verified": true, "email": "anna@example.ru",
                    "email_verified": "true",
                }),
            ),
            settings: |_| (),
            callback: |query| query,
            flaky: false,
        }
    }

    async fn play(self) -> (Result<EsiaPerson, EsiaError>, Server) {
        let Self { discovery, undiscovered, keys, token, answer, instead, userinfo, .. } = self;
        let (fill_settings, change_callback, flaky) = (self.settings, self.callback, self.flaky);
        let met = Mutex::new(HashSet::new());
        let nonce = Arc::new(Mutex::new(String::new()));
        let expected = Arc::clone(&nonce);
        let server = Server::run(move |request: &Seen| {
            let base = format!("http://{}", request.headers["host"]);
            let first = met.lock().unwrap().insert(request.target.clone());
            match request.target.as_str() {
                _ if flaky && first && request.method == "GET" => Reply::Close,
                "/.well-known/openid-configuration" => undiscovered
                    .clone()
                    .unwrap_or_else(|| Reply::json(200, discovery.to_string().replace('@', &base))),
                "/jwks" => keys.clone(),
                "/token" => instead.clone().unwrap_or_else(|| {
                    let token = token.filled(&[("@", &base), ("$", &expected.lock().unwrap())]);
                    let mut whole = json!({
                        "access_token": ACCESS, "id_token": token, "token_type": "Bearer",
                        "expires_in": 600,
                    });
                    answer(&mut whole);
                    Reply::json(200, whole)
                }),
                "/me" => userinfo.clone(),
                other => panic!("nobody should ask for {other}"),
            }
        })
        .await;
        let issuer = server.base.as_str().trim_end_matches('/');
        let redirect = "https://school.example.ru/esia".parse().unwrap();
        let secret = ClientSecret::new(SECRET);
        let mut settings = GatewaySettings::new(issuer, CLIENT, secret, redirect);
        fill_settings(&mut settings);
        let client = client(settings);
        let result = async {
            let started = client.start().await?;
            *nonce.lock().unwrap() = parameter(&started.url, "nonce");
            let query = format!("code=c0de&state={}", started.attempt.state());
            let callback = Callback::parse(&change_callback(query))?;
            client.finish(&started.attempt, &callback).await
        };
        (result.await, server)
    }
}

fn client(settings: GatewaySettings) -> EsiaClient {
    EsiaClient::gateway(settings, Ambient::system().with_clock(Arc::new(now))).unwrap()
}

fn parameter(url: &Url, name: &str) -> String {
    let mut values = url.query_pairs().filter(|(own, _)| own == name);
    let (_, value) = values.next().unwrap_or_else(|| panic!("no {name}"));
    assert_eq!(values.next(), None, "{name} stands twice");
    value.into_owned()
}

fn seconds(from_now: i64) -> i64 {
    (now() + TimeDelta::seconds(from_now)).timestamp()
}

type Case = (&'static str, &'static str, fn(&mut Gateway));

const BAD_DESCRIPTIONS: [Case; 21] = [
    ("another issuer", "esia_gateway_issuer", |g| g.discovery["issuer"] = "https://evil".into()),
    ("issuer with a slash", "esia_gateway_issuer", |g| g.discovery["issuer"] = "@/".into()),
    ("no issuer", "esia_gateway_discovery", |g| merge(&mut g.discovery, json!({"issuer": null}))),
    ("no JSON", "esia_gateway_discovery", |g| g.undiscovered = Some(Reply::json(200, "issuer"))),
    ("an array", "esia_gateway_discovery", |g| g.undiscovered = Some(Reply::json(200, "[]"))),
    ("an endpoint that is no address", "esia_gateway_discovery", |g| {
        g.discovery["token_endpoint"] = "/token".into();
    }),
    ("no token endpoint", "esia_gateway_endpoint", |g| {
        merge(&mut g.discovery, json!({"token_endpoint": null}));
    }),
    ("an unencrypted token endpoint", "esia_gateway_endpoint", |g| {
        g.discovery["token_endpoint"] = "http://gateway.example/token".into();
    }),
    ("unencrypted keys", "esia_gateway_endpoint", |g| {
        g.discovery["jwks_uri"] = "http://gateway.example/jwks".into();
    }),
    ("an unencrypted page to sign out", "esia_gateway_endpoint", |g| {
        g.discovery["end_session_endpoint"] = "http://gateway.example/out".into();
    }),
    ("no code", "esia_gateway_unsupported", |g| {
        g.discovery["response_types_supported"] = json!(["id_token", "code id_token"]);
    }),
    ("another algorithm", "esia_gateway_unsupported", |g| {
        g.discovery["id_token_signing_alg_values_supported"] = json!(["HS256", "none", "GOST"]);
    }),
    ("404", "esia_unexpected_status", |g| g.undiscovered = Some(Reply::json(404, "{}"))),
    ("503", "esia_server_failed", |g| g.undiscovered = Some(Reply::html(503))),
    ("a page", "esia_html_answer", |g| g.undiscovered = Some(Reply::html(200))),
    ("a redirect", "esia_redirected", |g| g.undiscovered = Some(Reply::redirect("/jwks"))),
    ("a megabyte", "esia_answer_too_long", |g| {
        g.undiscovered = Some(Reply::json(200, "x".repeat(1024 * 1024 + 1)));
    }),
    ("no answer", "esia_timed_out", |g| {
        g.undiscovered = Some(Reply::Hang);
        g.settings = |settings| settings.timeout_seconds = 1;
    }),
    ("no answer to the end", "esia_deadline_exceeded", |g| {
        g.undiscovered = Some(Reply::Hang);
        g.settings = |settings| settings.deadline_seconds = 1;
    }),
    ("no keys", "esia_gateway_keys", |g| g.keys = Reply::json(200, json!({"keys": []}))),
    ("keys that are none", "esia_gateway_keys", |g| g.keys = Reply::json(200, json!({"a": 1}))),
];

const BAD_TOKENS: [Case; 25] = [
    ("foreign nonce", "esia_token_nonce", |g| g.token.claims["nonce"] = "another".into()),
    ("no nonce", "esia_token_nonce", |g| merge(&mut g.token.claims, json!({"nonce": null}))),
    ("foreign issuer", "esia_token_issuer", |g| g.token.claims["iss"] = "https://evil".into()),
    ("issuer with a slash", "esia_token_issuer", |g| g.token.claims["iss"] = "@/".into()),
    ("foreign audience", "esia_token_audience", |g| g.token.claims["aud"] = "OTHER".into()),
    ("two audiences", "esia_token_audience", |g| g.token.claims["aud"] = json!([CLIENT, "OTHER"])),
    ("expired", "esia_token_expired", |g| g.token.claims["exp"] = seconds(-60).into()),
    ("issued in the future", "esia_token_issued_in_future", |g| {
        g.token.claims["iat"] = seconds(61).into();
    }),
    ("not yet valid", "esia_token_not_yet_valid", |g| g.token.claims["nbf"] = seconds(61).into()),
    ("nbf no number", "esia_token_malformed", |g| g.token.claims["nbf"] = "soon".into()),
    ("no sub", "esia_token_malformed", |g| merge(&mut g.token.claims, json!({"sub": null}))),
    ("alg none", "esia_token_algorithm", |g| {
        g.token.header["alg"] = "none".into();
        g.token.by = SignedBy::Nobody;
    }),
    ("HS256 keyed with the public key", "esia_token_algorithm", |g| {
        g.token.header["alg"] = "HS256".into();
        g.token.by = SignedBy::HmacOfPublicKey;
    }),
    ("HS256 keyed with our secret", "esia_token_algorithm", |g| {
        g.token.header["alg"] = "HS256".into();
        g.token.by = SignedBy::HmacOf(SECRET);
    }),
    ("an algorithm nobody knows", "esia_token_algorithm", |g| {
        g.token.header["alg"] = "GOST3410_2012_256".into();
    }),
    ("another algorithm of the same key", "esia_token_algorithm", |g| {
        g.token.header["alg"] = "RS512".into();
    }),
    ("a foreign key by the name of ours", "esia_token_signature", |g| {
        g.token.by = SignedBy::Rsa(&FOREIGN_KEY);
    }),
    ("a key that is not published", "esia_token_key_unknown", |g| {
        g.token.header["kid"] = "gone".into();
        g.token.by = SignedBy::Rsa(&NEXT_KEY);
    }),
    ("an unknown extension", "esia_token_malformed", |g| {
        g.token.header["crit"] = json!(["exp"]);
    }),
    ("a name that stands twice", "esia_token_malformed", |g| {
        g.token.rewrite = |json| json.replacen("\"sub\":", "\"sub\":\"1\",\"sub\":", 1);
    }),
    ("tampered claims", "esia_token_signature", |g| {
        g.token.spoil = |token| {
            let parts: Vec<_> = token.split('.').collect();
            let claims = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(parts[1]).unwrap());
            let claims = claims.unwrap().replace(SUBJECT, "another");
            [parts[0], &BASE64_URL_SAFE_NO_PAD.encode(claims), parts[2]].join(".")
        };
    }),
    ("truncated", "esia_token_malformed", |g| {
        g.token.spoil = |token| token.rsplit_once('.').unwrap().0.into();
    }),
    ("no token", "esia_id_token_missing", |g| {
        g.answer = |answer| merge(answer, json!({"id_token": null}));
    }),
    ("of another access token", "esia_token_access_token", |g| {
        g.token.claims["at_hash"] = "MTIzNDU2Nzg5MDEyMzQ1Ng".into();
    }),
    ("an access token that is no header", "esia_token_malformed", |g| {
        g.answer = |answer| answer["access_token"] = "a\r\nX-Y: 1".into();
    }),
];

const BAD_ANSWERS: [Case; 14] = [
    ("invalid_grant", "esia_gateway_refused", |g| g.instead = Some(refusal("invalid_grant", ""))),
    ("a word of its own", "esia_gateway_refused", |g| g.instead = Some(refusal("too_late", ""))),
    ("what ЕСИА told it", "esia_not_confirmed", |g| {
        g.instead = Some(refusal("access_denied", "ESIA-007055: not confirmed"));
    }),
    ("a page", "esia_html_answer", |g| g.instead = Some(Reply::html(200))),
    ("500", "esia_server_failed", |g| g.instead = Some(Reply::json(500, "{}"))),
    ("a redirect", "esia_redirected", |g| g.instead = Some(Reply::redirect("/me"))),
    ("closed", "esia_interrupted", |g| g.instead = Some(Reply::Close)),
    ("no JSON", "esia_answer_malformed", |g| g.instead = Some(Reply::json(200, "token"))),
    ("empty", "esia_empty_answer", |g| g.instead = Some(Reply::json(200, ""))),
    ("userinfo of another", "esia_person_foreign", |g| {
        g.userinfo = Reply::json(200, json!({"sub": "another", "family_name": "Ли"}));
    }),
    ("userinfo of nobody", "esia_answer_malformed", |g| {
        g.userinfo = Reply::json(200, json!({"family_name": "Ли"}));
    }),
    ("userinfo refuses the token", "esia_unauthorized", |g| g.userinfo = Reply::json(401, "")),
    ("userinfo with a page", "esia_html_answer", |g| g.userinfo = Reply::html(200)),
    ("the callback of another gateway", "esia_gateway_issuer", |g| {
        g.callback = |query| query + "&iss=https%3A%2F%2Fevil";
    }),
];

fn refusal(error: &str, description: &str) -> Reply {
    Reply::json(400, json!({"error": error, "error_description": description}))
}

#[tokio::test]
async fn each_misbehaviour_has_a_code_of_its_own_and_opens_nothing() {
    for (name, code, spoil) in BAD_DESCRIPTIONS.iter().chain(&BAD_TOKENS).chain(&BAD_ANSWERS) {
        let mut gateway = Gateway::good();
        spoil(&mut gateway);
        let log = Log::open();
        let (result, server) = gateway.play().await;
        let error = result.expect_err(name);
        assert_eq!(error.code(), *code, "{name}: {error}");
        let token = BAD_TOKENS.iter().any(|(own, ..)| own == name);
        assert!(!token || server.seen("/me").is_empty(), "{name}: data were asked for");
        let log = log.text();
        assert!(log.contains(code), "{name}: {log}");
        for told in [format!("{error:?}"), error.to_string(), error.text_ru().into(), log] {
            let secrets = ["Ёлкина", "600 06", "3456789", SUBJECT, SECRET, ACCESS, "c0de"];
            let found = secrets.iter().find(|secret| told.contains(**secret));
            assert_eq!(found, None, "{name}: {told}");
        }
    }
}

#[tokio::test]
async fn what_is_merely_odd_keeps_nobody_out() {
    type Change = fn(&mut Gateway);
    let cases: [(&str, Change); 5] = [
        ("one key, which is not named", |g| merge(&mut g.token.header, json!({"kid": null}))),
        ("a clock 59 seconds apart", |g| {
            merge(&mut g.token.claims, json!({"iat": seconds(59), "nbf": seconds(59)}));
        }),
        ("a token that ended 59 seconds ago", |g| g.token.claims["exp"] = seconds(-59).into()),
        ("an audience of one", |g| g.token.claims["aud"] = json!([CLIENT])),
        ("claims nobody knows", |g| g.token.claims["new"] = json!({"a": [1, 2.5]})),
    ];
    for (name, change) in cases {
        let mut gateway = Gateway::good();
        change(&mut gateway);
        let (result, _) = gateway.play().await;
        let person = result.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((person.oid.as_str(), &person.assurance), (SUBJECT, &Assurance::Confirmed));
        assert_eq!(person.snils.unwrap().to_string(), "000-000-600 06");
    }
}

#[tokio::test]
async fn without_userinfo_the_token_says_who_it_is() {
    let mut gateway = Gateway::good();
    merge(&mut gateway.discovery, json!({"userinfo_endpoint": null}));
    merge(
        &mut gateway.token.claims,
        json!({
            "urn:esia:sbj:lvl": "KD", "oid": 1_000_299_353_u64,
            "esia": {"last": "Ли", "first": "Ян", "born": "26.05.2010"},
        }),
    );
    gateway.settings = |settings| {
        let claims = &mut settings.claims;
        (claims.oid, claims.family) = ("oid".into(), "/esia/last".into());
        (claims.given, claims.birth_date) = ("/esia/first".into(), "/esia/born".into());
        claims.birth_date_format = eschool_esia::client::BirthDateFormat::Dotted;
    };
    let person = gateway.play().await.0.unwrap();
    assert_eq!((person.oid.as_str(), person.assurance), ("1000299353", Assurance::Child));
    assert_eq!((person.name.family(), person.name.given()), ("Ли", "Ян"));
    assert_eq!(person.birth_date, "26.05.2010".parse().ok());
}

#[tokio::test]
async fn a_connection_that_fails_once_is_tried_again_where_asking_changes_nothing() {
    let (result, server) = Gateway { flaky: true, ..Gateway::good() }.play().await;
    result.unwrap();
    for (path, asked) in [("/.well-known", 2), ("/jwks", 2), ("/me", 2), ("/token", 1)] {
        assert_eq!(server.seen(path).len(), asked, "{path}");
    }
    let mut gateway = Gateway::good();
    gateway.instead = Some(Reply::Close);
    let (result, server) = gateway.play().await;
    assert_eq!(result.unwrap_err().code(), "esia_interrupted");
    assert_eq!(server.seen("/token").len(), 1, "a code is good once");
}

#[tokio::test]
async fn a_gateway_that_does_not_say_who_it_is_is_told_which_claim_is_absent() {
    let mut gateway = Gateway::good();
    gateway.settings = |settings| settings.claims.oid = "/esia/oid".into();
    let error = gateway.play().await.0.unwrap_err();
    assert_eq!(error.code(), "esia_oid_missing");
    assert!(error.to_string().contains("`/esia/oid`"), "{error}");
}

#[tokio::test]
async fn children_come_under_the_names_that_are_set() {
    let mut gateway = Gateway::good();
    gateway.token.claims["esia_kids"] = json!([
        {"family_name": "Ёлкина", "given_name": "Вера", "birthDate": "2015-03-08"},
        {"lastName": "Ёлкин", "firstName": "Пётр"},
    ]);
    gateway.settings = |settings| {
        settings.claims.children = "esia_kids".into();
        settings.child_fields.family = "family_name".into();
        settings.child_fields.given = "given_name".into();
    };
    let [vera] = gateway.play().await.0.unwrap().children.try_into().unwrap();
    assert_eq!(vera.name.unwrap().to_string(), "Ёлкина Вера");
    assert_eq!(vera.birth_date, "08.03.2015".parse().ok());
}

#[tokio::test]
async fn the_request_has_all_that_the_standard_knows_against_theft() {
    let (result, server) = Gateway::good().play().await;
    result.unwrap();
    let [exchange] = server.seen("/token").try_into().ok().unwrap();
    // RFC 6749 §2.3.1: both parts form-encoded, then as HTTP Basic.
    assert!(exchange.headers["authorization"].starts_with("Basic "));
    assert!(!exchange.form.contains_key("client_secret"));
    for (name, expected) in [
        ("grant_type", "authorization_code"),
        ("code", "c0de"),
        ("redirect_uri", "https://school.example.ru/esia"),
    ] {
        assert_eq!(exchange.form[name], expected, "{name}");
    }
    assert_eq!(exchange.form["code_verifier"].len(), 43);
    let [userinfo] = server.seen("/me").try_into().ok().unwrap();
    assert_eq!(userinfo.headers["authorization"], format!("Bearer {ACCESS}"));
}

#[tokio::test]
async fn a_gateway_is_asked_once_and_again_after_a_failure_that_speaks_of_it() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let refused = Arc::new(AtomicU16::new(500));
    let answered = Arc::clone(&refused);
    let server = Server::run(move |request: &Seen| {
        let base = format!("http://{}", request.headers["host"]);
        match request.target.as_str() {
            "/.well-known/openid-configuration" => {
                if count.fetch_add(1, Ordering::Relaxed) == 0 {
                    return Reply::json(503, "{}");
                }
                Reply::json(200, Gateway::good().discovery.to_string().replace('@', &base))
            }
            "/jwks" => Reply::json(200, json!({"keys": [ESIA_KEY.jwk("one")]})),
            _ => Reply::json(answered.load(Ordering::Relaxed), "{}"),
        }
    })
    .await;
    let issuer = server.base.as_str().trim_end_matches('/');
    let redirect = "https://school.example.ru/esia".parse().unwrap();
    let clock = Arc::new(Mutex::new(now()));
    let hands = Arc::clone(&clock);
    let ambient = Ambient::system().with_clock(Arc::new(move || *hands.lock().unwrap()));
    let settings = GatewaySettings::new(issuer, CLIENT, ClientSecret::new(SECRET), redirect);
    let client = EsiaClient::gateway(settings, ambient).unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 0, "nobody is asked before somebody signs in");
    for _ in 0..2 {
        assert_eq!(client.start().await.unwrap_err().code(), "esia_server_failed");
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1, "the failure is remembered for a moment");
    *clock.lock().unwrap() += TimeDelta::seconds(10);
    let (one, other) = tokio::join!(client.start(), client.start());
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(asked.load(Ordering::Relaxed), 2, "the second waits for what the first finds");

    let url = &one.url;
    assert_eq!(url.path(), "/auth");
    assert_eq!(parameter(url, "response_type"), "code");
    assert_eq!(parameter(url, "client_id"), CLIENT);
    assert_eq!(parameter(url, "scope"), "openid profile email phone");
    assert_eq!(parameter(url, "code_challenge_method"), "S256");
    assert_eq!(parameter(url, "state"), one.attempt.state().to_string());
    for name in ["nonce", "code_challenge"] {
        assert_ne!(parameter(url, name), parameter(&other.url, name), "{name}");
        assert!(!url.as_str().contains(one.attempt.to_text().split('.').nth(2).unwrap()));
    }

    let query = format!("code=c0de&state={}", one.attempt.state());
    let callback = Callback::parse(&query).unwrap();
    for (status, expected) in [(500, 2), (400, 2), (404, 3), (400, 3)] {
        refused.store(status, Ordering::Relaxed);
        client.finish(&one.attempt, &callback).await.unwrap_err();
        client.start().await.unwrap();
        assert_eq!(asked.load(Ordering::Relaxed), expected, "{status}");
    }
}

/// Somebody signs out at a machine that others use: that must not hang on a sign-in that failed or
/// on a restart.
#[tokio::test]
async fn the_way_out_is_known_after_a_failure_a_restart_and_while_the_gateway_fails() {
    let ill = Arc::new(AtomicBool::new(false));
    let failing = Arc::clone(&ill);
    let server = Server::run(move |request: &Seen| {
        let base = format!("http://{}", request.headers["host"]);
        match request.target.as_str() {
            _ if failing.load(Ordering::Relaxed) => Reply::html(503),
            "/.well-known/openid-configuration" => {
                let mut discovery = Gateway::good().discovery;
                discovery["end_session_endpoint"] = "@/out".into();
                Reply::json(200, discovery.to_string().replace('@', &base))
            }
            "/jwks" => Reply::json(200, json!({"keys": [ESIA_KEY.jwk("one")]})),
            _ => Reply::json(404, "{}"),
        }
    })
    .await;
    let clock = Arc::new(Mutex::new(now()));
    let run = || {
        let issuer = server.base.as_str().trim_end_matches('/');
        let redirect = "https://school.example.ru/esia".parse().unwrap();
        let settings = GatewaySettings::new(issuer, CLIENT, ClientSecret::new(SECRET), redirect);
        let hands = Arc::clone(&clock);
        let ambient = Ambient::system().with_clock(Arc::new(move || *hands.lock().unwrap()));
        EsiaClient::gateway(settings, ambient).unwrap()
    };
    let discoveries = || server.seen("/.well-known").len();
    let school: Url = "https://school.example.ru/".parse().unwrap();
    let way_out = async |client: &EsiaClient| {
        let out = client.logout_url(&school).await;
        out.map(|url| url.path().to_owned())
    };
    let client = run();
    let started = client.start().await.unwrap();
    let query = format!("code=c0de&state={}", started.attempt.state());
    client.finish(&started.attempt, &Callback::parse(&query).unwrap()).await.unwrap_err();
    assert_eq!(way_out(&client).await.as_deref(), Some("/out"), "after a failure");
    let restarted = run();
    assert_eq!(way_out(&restarted).await.as_deref(), Some("/out"), "after a restart");

    let before = discoveries();
    let (known, given_up, day) = (Some("/out"), None, 24 * 60);
    for (minutes, failing, expected, path) in [
        (59, false, 0, known),
        (61, true, 1, known),
        (61, true, 1, known),
        (62, true, 2, known),
        (63, false, 3, known),
        (64, true, 3, known),
        (200, true, 4, known),
        (200 + day - 1, true, 5, known),
        (200 + day, true, 6, given_up),
        (200 + day, true, 6, given_up),
        (201 + day, true, 7, given_up),
        (202 + day, false, 8, known),
    ] {
        ill.store(failing, Ordering::Relaxed);
        *clock.lock().unwrap() = now() + TimeDelta::minutes(minutes);
        assert_eq!(way_out(&restarted).await.as_deref(), path, "{minutes} minutes later");
        assert_eq!(discoveries() - before, expected, "{minutes} minutes later");
    }
    ill.store(true, Ordering::Relaxed);
    assert_eq!(way_out(&run()).await, None, "nothing is known of a gateway that never answered");
}

/// A gateway changes its key between the start of a sign-in and its end; the new one may have the
/// name of the old.
#[tokio::test]
async fn a_sign_in_is_judged_once_more_by_the_keys_of_now() {
    for (id, published, expected) in [
        ("two", &NEXT_KEY, None),
        ("one", &NEXT_KEY, None),
        ("one", &FOREIGN_KEY, Some("esia_token_signature")),
        ("three", &FOREIGN_KEY, Some("esia_token_key_unknown")),
    ] {
        let nonce = Arc::new(Mutex::new(String::new()));
        let known = Arc::clone(&nonce);
        let read = AtomicUsize::new(0);
        let Gateway { discovery, mut token, userinfo, .. } = Gateway::good();
        token.by = SignedBy::Rsa(&NEXT_KEY);
        token.header["kid"] = if id == "three" { "two" } else { id }.into();
        let server = Server::run(move |request: &Seen| {
            let base = format!("http://{}", request.headers["host"]);
            match request.target.as_str() {
                "/jwks" if read.fetch_add(1, Ordering::Relaxed) == 0 => {
                    Reply::json(200, json!({"keys": [ESIA_KEY.jwk("one")]}))
                }
                "/jwks" => Reply::json(200, json!({"keys": [published.jwk(id)]})),
                "/token" => {
                    let token = token.filled(&[("@", &base), ("$", &known.lock().unwrap())]);
                    let answer = json!({"access_token": ACCESS, "id_token": token,
                                        "token_type": "Bearer"});
                    Reply::json(200, answer)
                }
                "/me" => userinfo.clone(),
                _ => Reply::json(200, discovery.to_string().replace('@', &base)),
            }
        })
        .await;
        let issuer = server.base.as_str().trim_end_matches('/');
        let redirect = "https://school.example.ru/esia".parse().unwrap();
        let secret = ClientSecret::new(SECRET);
        let client = client(GatewaySettings::new(issuer, CLIENT, secret, redirect));
        let started = client.start().await.unwrap();
        *nonce.lock().unwrap() = parameter(&started.url, "nonce");
        let query = format!("code=c0de&state={}", started.attempt.state());
        let callback = Callback::parse(&query).unwrap();
        let finished = client.finish(&started.attempt, &callback).await;
        assert_eq!(finished.err().map(|error| error.code()), expected, "{id}");
        assert_eq!(server.seen("/jwks").len(), 2, "{id}: once more, and no more than that");
        assert_eq!(server.seen("/token").len(), 1, "{id}: a code is good once");
    }
}

#[tokio::test]
async fn a_gateway_without_a_way_out_has_none() {
    let server = Server::run(|request: &Seen| {
        let base = format!("http://{}", request.headers["host"]);
        match request.target.as_str() {
            "/jwks" => Reply::json(200, json!({"keys": [ESIA_KEY.jwk("one")]})),
            _ => Reply::json(200, Gateway::good().discovery.to_string().replace('@', &base)),
        }
    })
    .await;
    let issuer = server.base.as_str().trim_end_matches('/');
    let school: Url = "https://school.example.ru/".parse().unwrap();
    let secret = ClientSecret::new(SECRET);
    let client = client(GatewaySettings::new(issuer, CLIENT, secret, school.clone()));
    assert_eq!(client.logout_url(&school).await, None);
}

#[tokio::test]
async fn an_attempt_of_the_direct_way_is_none_of_a_gateways() {
    let settings = GatewaySettings::new(
        "http://127.0.0.1:9",
        CLIENT,
        ClientSecret::new(SECRET),
        "https://school.example.ru/esia".parse().unwrap(),
    );
    let state = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let attempt = Attempt::parse(&format!("{state}.{}", now().timestamp())).unwrap();
    let callback = Callback::parse(&format!("code=c0de&state={state}")).unwrap();
    let error = client(settings).finish(&attempt, &callback).await.unwrap_err();
    assert_eq!(error.code(), "esia_attempt_malformed");
}

#[test]
fn settings_that_cannot_work_are_refused() {
    type Change = fn(&mut GatewaySettings);
    let cases: [(Change, SettingsError); 12] = [
        (|s| s.issuer = "gateway".into(), SettingsError::GatewayIssuer),
        (|s| s.issuer = "http://gateway.example".into(), SettingsError::GatewayIssuer),
        (|s| s.issuer = "https://gateway.example?a".into(), SettingsError::GatewayIssuer),
        (|s| s.client_id.clear(), SettingsError::ClientId),
        (|s| s.client_secret = ClientSecret::new(""), SettingsError::ClientSecret),
        (
            |s| s.redirect_uri = "http://school.example.ru/".parse().unwrap(),
            SettingsError::RedirectUri,
        ),
        (|s| s.scopes = vec!["profile".into()], SettingsError::Scopes),
        (|s| s.claims.snils = " ".into(), SettingsError::Claim { field: "snils" }),
        (|s| s.claims.level_child.push("PR".into()), SettingsError::Claim { field: "levelChild" }),
        (|s| s.child_fields.given.clear(), SettingsError::ChildField { field: "given" }),
        (|s| s.deadline_seconds = 0, SettingsError::OutOfRange { field: "deadlineSeconds" }),
        (|s| s.extra_roots_pem = Some("roots".into()), SettingsError::ExtraRoots),
    ];
    for (change, expected) in cases {
        let mut settings = GatewaySettings::new(
            "https://gateway.example",
            CLIENT,
            ClientSecret::new(SECRET),
            "https://school.example.ru/esia".parse().unwrap(),
        );
        change(&mut settings);
        assert_eq!(EsiaClient::gateway(settings, Ambient::system()).unwrap_err(), expected);
    }
}
