//! Bad tokens and bad answers, each refused with a code that tells which.

use chrono::{DateTime, TimeDelta, Utc};
use eschool_core::{error::CodedError as _, signin::RefusalCode};
use eschool_esia::client::{Endpoints, EsiaError, EsiaSettings, TokenKey};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, net::TcpListener};

use crate::{
    log::Log,
    scene::{
        CODE, ESIA_GOST_KEY, FOREIGN_KEY, GOST_KEY, NEXT_KEY, OID, Plan, Scene, SignedBy, client,
        gost_pem, merge, now, settings, sign_in,
    },
    server::Reply,
};

type Case = (&'static str, &'static str, fn(&mut Scene));

/// A token with the bytes of one part changed in the middle, still in its alphabet.
fn tamper(token: &str, part: usize) -> String {
    let mut parts: Vec<String> = token.split('.').map(String::from).collect();
    let middle = parts[part].len() / 2;
    let other = if &parts[part][middle..=middle] == "A" { "B" } else { "A" };
    parts[part].replace_range(middle..=middle, other);
    parts.join(".")
}

/// A header that names a key, under the signature of the one without.
fn swap_header(token: &str) -> String {
    let mut other = Scene::good().id;
    merge(&mut other.header, json!({"kid": "1"}));
    let (other, token): (String, Vec<&str>) = (other.token(), token.split('.').collect());
    [other.split('.').next().unwrap(), token[1], token[2]].join(".")
}

/// Another person's payload under the signature of this one's.
fn swap_payload(token: &str) -> String {
    let mut other = Scene::good().id;
    merge(&mut other.claims, json!({"sub": 1}));
    let (other, token): (String, Vec<&str>) = (other.token(), token.split('.').collect());
    [token[0], other.split('.').nth(1).unwrap(), token[2]].join(".")
}

fn claim(plan: &mut Plan, fields: Value) {
    merge(&mut plan.claims, fields);
}

fn seconds(from_now: i64) -> i64 {
    (now() + TimeDelta::seconds(from_now)).timestamp()
}

/// RSA and ГОСТ keys side by side, as while a registration is changed.
fn with_gost(settings: &mut EsiaSettings) {
    settings.token_keys.push(TokenKey::new(gost_pem(&ESIA_GOST_KEY)));
}

const BAD_TOKENS: [Case; 68] = [
    ("tampered header", "esia_token_signature", |s| s.id.spoil = |token| swap_header(&token)),
    ("tampered payload", "esia_token_signature", |s| s.id.spoil = |token| swap_payload(&token)),
    ("tampered signature", "esia_token_signature", |s| s.id.spoil = |token| tamper(&token, 2)),
    ("empty signature", "esia_token_signature", |s| s.id.by = SignedBy::Nobody),
    ("foreign key", "esia_token_signature", |s| s.id.by = SignedBy::Rsa(&FOREIGN_KEY)),
    ("foreign iss", "esia_token_issuer", |s| claim(&mut s.id, json!({"iss": "http://evil/"}))),
    ("iss without its slash", "esia_token_issuer", |s| {
        claim(&mut s.id, json!({"iss": "http://esia.example"}));
    }),
    ("no iss", "esia_token_claim_missing", |s| claim(&mut s.id, json!({"iss": null}))),
    ("foreign aud", "esia_token_audience", |s| claim(&mut s.id, json!({"aud": "OTHER"}))),
    ("aud of two", "esia_token_audience", |s| {
        claim(&mut s.id, json!({"aud": ["PORTAL62", "OTHER"]}));
    }),
    ("empty aud", "esia_token_audience", |s| claim(&mut s.id, json!({"aud": []}))),
    ("no aud", "esia_token_claim_missing", |s| claim(&mut s.id, json!({"aud": null}))),
    ("expired", "esia_token_expired", |s| claim(&mut s.id, json!({"exp": seconds(-60)}))),
    ("no nbf", "esia_token_claim_missing", |s| claim(&mut s.id, json!({"nbf": null}))),
    ("no iat", "esia_token_claim_missing", |s| claim(&mut s.id, json!({"iat": null}))),
    ("of an earlier sign-in", "esia_token_reused", |s| {
        claim(&mut s.id, json!({"iat": seconds(-61), "nbf": seconds(-61)}));
    }),
    ("no exp", "esia_token_claim_missing", |s| claim(&mut s.id, json!({"exp": null}))),
    ("exp no number", "esia_token_malformed", |s| claim(&mut s.id, json!({"exp": "soon"}))),
    ("exp beyond all time", "esia_token_malformed", |s| claim(&mut s.id, json!({"exp": 1e300}))),
    ("exp at the first instant of the calendar", "esia_token_expired", |s| {
        claim(&mut s.id, json!({"exp": DateTime::<Utc>::MIN_UTC.timestamp()}));
    }),
    ("nbf at the last instant of the calendar", "esia_token_not_yet_valid", |s| {
        claim(&mut s.id, json!({"nbf": DateTime::<Utc>::MAX_UTC.timestamp()}));
    }),
    ("iat at the last instant of the calendar", "esia_token_issued_in_future", |s| {
        claim(&mut s.id, json!({"iat": DateTime::<Utc>::MAX_UTC.timestamp()}));
    }),
    ("not yet valid", "esia_token_not_yet_valid", |s| {
        claim(&mut s.id, json!({"nbf": seconds(61)}))
    }),
    ("iat in the future", "esia_token_issued_in_future", |s| {
        claim(&mut s.id, json!({"iat": seconds(61)}));
    }),
    ("alg none", "esia_token_algorithm", |s| {
        merge(&mut s.id.header, json!({"alg": "none"}));
        s.id.by = SignedBy::Nobody;
    }),
    ("HS256 keyed with the public key", "esia_token_algorithm", |s| {
        merge(&mut s.id.header, json!({"alg": "HS256"}));
        s.id.by = SignedBy::HmacOfPublicKey;
    }),
    ("the same called RS256", "esia_token_signature", |s| s.id.by = SignedBy::HmacOfPublicKey),
    ("RS512", "esia_token_algorithm", |s| merge(&mut s.id.header, json!({"alg": "RS512"}))),
    ("ГОСТ without a ГОСТ key", "esia_token_algorithm_gost", |s| {
        merge(&mut s.id.header, json!({"alg": "GOST3410_2012_256"}));
        s.id.by = SignedBy::Gost(&ESIA_GOST_KEY);
    }),
    ("RS256 without an RSA key", "esia_token_algorithm_rsa", |s| {
        s.settings = Box::new(|settings| {
            settings.token_keys = vec![TokenKey::new(gost_pem(&ESIA_GOST_KEY))];
        });
    }),
    ("ГОСТ that says RS256", "esia_token_signature", |s| {
        s.id.by = SignedBy::Gost(&ESIA_GOST_KEY);
        s.settings = Box::new(with_gost);
    }),
    ("RS256 that says ГОСТ", "esia_token_signature", |s| {
        merge(&mut s.id.header, json!({"alg": "GOST3410_2012_256"}));
        s.settings = Box::new(with_gost);
    }),
    ("a foreign ГОСТ key", "esia_token_signature", |s| {
        merge(&mut s.id.header, json!({"alg": "GOST3410_2012_256"}));
        s.id.by = SignedBy::Gost(&GOST_KEY);
        s.settings = Box::new(with_gost);
    }),
    ("ГОСТ backwards where it is not set so", "esia_token_signature", |s| {
        merge(&mut s.id.header, json!({"alg": "GOST3410_2012_256"}));
        s.id.by = SignedBy::GostReversed(&ESIA_GOST_KEY);
        s.settings = Box::new(with_gost);
    }),
    ("ГОСТ by the name of the standard of 2001", "esia_token_algorithm", |s| {
        merge(&mut s.id.header, json!({"alg": "GOST3410"}));
        s.settings = Box::new(with_gost);
    }),
    ("no alg", "esia_token_malformed", |s| merge(&mut s.id.header, json!({"alg": null}))),
    ("an unknown extension", "esia_token_malformed", |s| {
        merge(&mut s.id.header, json!({"crit": ["exp"]}));
    }),
    ("an extension of no name", "esia_token_malformed", |s| {
        merge(&mut s.id.header, json!({"crit": []}));
    }),
    ("a name that stands twice", "esia_token_malformed", |s| {
        s.id.rewrite = |json| json.replacen("\"sub\":", "\"sub\":1,\"sub\":", 1);
    }),
    ("an algorithm that stands twice", "esia_token_malformed", |s| {
        s.id.rewrite = |json| json.replacen("\"alg\":", "\"alg\":\"none\",\"alg\":", 1);
    }),
    ("a name that stands twice deep inside", "esia_token_malformed", |s| {
        s.id.rewrite = |json| {
            json.replacen(
                "\"urn:esia:sbj:lvl\":",
                "\"urn:esia:sbj:lvl\":\"P\",\"urn:esia:sbj:lvl\":",
                1,
            )
        };
    }),
    ("a kind that is none", "esia_token_malformed", |s| {
        merge(&mut s.id.header, json!({"sbt": ["id"]}));
    }),
    ("no kind", "esia_token_kind", |s| merge(&mut s.id.header, json!({"sbt": null}))),
    ("the whole access token in place of the id_token", "esia_token_kind", |s| {
        s.answer = |a| a["id_token"] = a["access_token"].clone();
    }),
    ("the code in place of the id_token", "esia_token_kind", |s| {
        merge(&mut s.id.header, json!({"ver": 1, "sbt": "authorization_code"}));
    }),
    ("the whole id_token in place of the access token", "esia_token_kind", |s| {
        s.answer = |a| a["access_token"] = a["id_token"].clone();
    }),
    ("access token in place of id_token", "esia_token_kind", |s| {
        merge(&mut s.id.header, json!({"sbt": "access"}));
    }),
    ("id_token in place of access token", "esia_token_kind", |s| {
        merge(&mut s.access.header, json!({"sbt": "id"}));
    }),
    ("truncated", "esia_token_malformed", |s| {
        s.id.spoil = |token| token.rsplit_once('.').unwrap().0.into();
    }),
    ("four parts", "esia_token_malformed", |s| s.id.spoil = |token| token + ".e30"),
    ("not base64", "esia_token_malformed", |s| s.id.spoil = |token| token.replacen("ey", "é%", 1)),
    ("payload is an array", "esia_token_malformed", |s| s.id.claims = json!([OID, "PORTAL62"])),
    ("100 kB token", "esia_token_too_long", |s| {
        claim(&mut s.id, json!({"urn:esia:new": "x".repeat(100_000)}));
    }),
    ("no sub", "esia_token_claim_missing", |s| claim(&mut s.id, json!({"sub": null}))),
    ("sub that would change the address", "esia_token_malformed", |s| {
        claim(&mut s.id, json!({"sub": "1/../2"}));
    }),
    ("two subjects", "esia_token_subjects_differ", |s| claim(&mut s.id, json!({"sub": 1}))),
    ("access token of somebody else", "esia_tokens_differ", |s| {
        claim(&mut s.access, json!({"urn:esia:sbj_id": 1}));
    }),
    ("access token of nobody", "esia_token_claim_missing", |s| {
        claim(&mut s.access, json!({"urn:esia:sbj_id": null}));
    }),
    ("access token for another system", "esia_token_audience", |s| {
        claim(&mut s.access, json!({"client_id": "OTHER"}));
    }),
    ("access token for no system", "esia_token_claim_missing", |s| {
        claim(&mut s.access, json!({"client_id": null}));
    }),
    ("access token that does not say its kind", "esia_token_kind", |s| {
        merge(&mut s.access.header, json!({"sbt": null}));
    }),
    ("access token without a signature", "esia_token_signature", |s| {
        s.access.by = SignedBy::Nobody;
    }),
    ("truncated access token", "esia_token_malformed", |s| {
        s.access.spoil = |token| token.rsplit_once('.').unwrap().0.into();
    }),
    ("access token of four parts", "esia_token_malformed", |s| {
        s.access.spoil = |token| token + ".e30";
    }),
    ("access token of one part", "esia_token_malformed", |s| {
        s.access.spoil = |_| "opaque-1".into();
    }),
    ("access token by a foreign key", "esia_token_signature", |s| {
        s.access.by = SignedBy::Rsa(&FOREIGN_KEY);
    }),
    ("access token of an earlier sign-in", "esia_token_reused", |s| {
        claim(&mut s.access, json!({"iat": seconds(-61)}));
    }),
    ("expired access token", "esia_token_expired", |s| {
        claim(&mut s.access, json!({"exp": seconds(-60)}));
    }),
];

const BAD_KEYS: [Case; 3] = [
    ("keys that ended", "esia_token_keys_ended", |s| {
        s.settings = Box::new(|settings| {
            settings.token_keys[0].not_after = Some(now() - TimeDelta::days(1))
        });
    }),
    ("keys that have not begun", "esia_token_keys_not_yet_valid", |s| {
        s.settings = Box::new(|settings| {
            settings.token_keys[0].not_before = Some(now() + TimeDelta::days(1));
        });
    }),
    ("the right key, ended, beside another", "esia_token_signature", |s| {
        s.settings = Box::new(|settings| {
            settings.token_keys[0].not_after = Some(now() - TimeDelta::days(1));
            settings.token_keys.push(TokenKey::new(NEXT_KEY.pem()));
        });
    }),
];

const BAD_TOKEN_ANSWERS: [Case; 31] = [
    ("two id_tokens", "esia_answer_malformed", |s| {
        s.instead = Some(Reply::json(200, r#"{"id_token": "a.b.c", "id_token": "a.b.c"}"#));
    }),
    ("a code for the second time", "esia_refused", |s| {
        s.instead = Some(esia_says("ESIA-007011: the code was used"));
    }),
    ("no id_token", "esia_id_token_missing", |s| {
        s.answer = |a| merge(a, json!({"id_token": null}))
    }),
    ("no access_token", "esia_answer_malformed", |s| {
        s.answer = |a| merge(a, json!({"access_token": null}));
    }),
    ("another state", "esia_answer_state_mismatch", |s| s.answer = |a| a["state"] = "x".into()),
    ("no state", "esia_answer_state_mismatch", |s| s.answer = |a| merge(a, json!({"state": null}))),
    ("1 MB token", "esia_answer_too_long", |s| {
        s.answer = |a| a["id_token"] = "x".repeat(1024 * 1024).into();
    }),
    ("HTML with 200", "esia_html_answer", |s| s.instead = Some(Reply::html(200))),
    ("HTML with 400", "esia_html_answer", |s| s.instead = Some(Reply::html(400))),
    ("HTML called JSON", "esia_html_answer", |s| {
        s.instead = Some(Reply::json(200, " <html></html>"));
    }),
    ("HTML with 500", "esia_server_failed", |s| s.instead = Some(Reply::html(500))),
    ("503", "esia_server_failed", |s| s.instead = Some(Reply::json(503, "{}"))),
    ("302", "esia_redirected", |s| s.instead = Some(Reply::redirect("/rs/prns/1000299353"))),
    ("empty", "esia_empty_answer", |s| s.instead = Some(Reply::json(200, " \n"))),
    ("JSON array", "esia_answer_malformed", |s| s.instead = Some(Reply::json(200, "[]"))),
    ("JSON null", "esia_answer_malformed", |s| s.instead = Some(Reply::json(200, "null"))),
    ("not JSON", "esia_answer_malformed", |s| s.instead = Some(Reply::json(200, "id_token=x"))),
    ("not UTF-8 and deep", "esia_answer_malformed", |s| {
        s.instead = Some(Reply::json(200, "[".repeat(100_000)));
    }),
    ("an error with 200", "esia_answer_malformed", |s| {
        s.instead = Some(Reply::json(200, json!({"error": "invalid_request"})));
    }),
    ("cut short", "esia_interrupted", |s| s.instead = Some(Reply::CutShort)),
    ("closed", "esia_interrupted", |s| s.instead = Some(Reply::Close)),
    ("no answer in time", "esia_timed_out", |s| {
        s.instead = Some(Reply::Hang);
        s.settings = Box::new(|settings| settings.timeout_seconds = 1);
    }),
    ("too slow altogether", "esia_deadline_exceeded", |s| {
        s.instead = Some(Reply::Hang);
        s.settings = Box::new(|settings| settings.deadline_seconds = 1);
    }),
    ("nobody listens", "esia_unreachable", |s| {
        s.settings = Box::new(|settings| {
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            settings.endpoints.token.set_port(Some(free.local_addr().unwrap().port())).unwrap();
        });
    }),
    ("ESIA-007011", "esia_refused", |s| s.instead = Some(esia_says("ESIA-007011: invalid code"))),
    ("ESIA-007053", "esia_refused", |s| s.instead = Some(esia_says("ESIA-007053: bad secret"))),
    ("ESIA-007004", "esia_denied", |s| s.instead = Some(esia_says("ESIA-007004: denied"))),
    ("ESIA-007055", "esia_not_confirmed", |s| s.instead = Some(esia_says("ESIA-007055: no"))),
    ("a refusal without a code", "esia_refused", |s| s.instead = Some(esia_says("oops"))),
    ("400 without a word", "esia_unexpected_status", |s| s.instead = Some(Reply::json(400, ""))),
    ("404", "esia_answer_malformed", |s| s.instead = Some(Reply::json(404, "{}"))),
];

fn esia_says(description: &str) -> Reply {
    let error = json!({"error": "invalid_request", "error_description": description, "state": "s"});
    Reply::json(400, error)
}

/// What the browser brings back, spoilt; none of it is answered by a request.
const BAD_CALLBACKS: [Case; 10] = [
    ("the state of another window", "esia_state_mismatch", |s| {
        s.callback = |_| format!("code={CODE}&state=7c9e6679-7425-40de-944b-e07fc1f90ae7");
    }),
    ("the state in capitals", "esia_state_mismatch", |s| {
        s.callback =
            |query| query.to_uppercase().replacen("CODE=", "code=", 1).replace("STATE=", "state=");
    }),
    ("no state", "esia_callback_incomplete", |s| s.callback = |_| format!("code={CODE}")),
    ("two states", "esia_callback_ambiguous", |s| s.callback = |query| query + "&state=other"),
    ("the same code twice", "esia_callback_ambiguous", |s| {
        s.callback = |query| format!("code={CODE}&{query}");
    }),
    ("a code and an error", "esia_callback_ambiguous", |s| {
        s.callback = |query| query + "&error=access_denied";
    }),
    ("an empty code", "esia_callback_incomplete", |s| {
        s.callback = |query| query.replace(CODE, "");
    }),
    ("a code of a megabyte", "esia_callback_too_long", |s| {
        s.callback = |query| query + &"x".repeat(1024 * 1024);
    }),
    ("a refusal", "esia_denied", |s| {
        s.callback = |query| query.replace("code=", "error=access_denied&error_description=");
    }),
    ("a refusal that names a code of ЕСИА", "esia_refused", |s| {
        s.callback =
            |query| query.replace(&format!("code={CODE}"), "error=x&error_description=ESIA-007015");
    }),
];

const BAD_DATA: [Case; 17] = [
    ("another person", "esia_person_foreign", |s| s.person = Scene::person_with(json!({"oid": 1}))),
    ("a person without a number", "esia_person_foreign", |s| {
        s.person = Scene::person_with(json!({"oid": {"is": OID}}));
    }),
    ("401", "esia_unauthorized", |s| s.person = Reply::json(401, json!({"code": "ESIA-005004"}))),
    ("401 with a page", "esia_unauthorized", |s| s.person = Reply::html(401)),
    ("403", "esia_forbidden", |s| s.person = Reply::json(403, "")),
    ("404", "esia_unexpected_status", |s| s.person = Reply::json(404, "{}")),
    ("500", "esia_server_failed", |s| s.person = Reply::json(500, "{}")),
    ("HTML", "esia_html_answer", |s| s.person = Reply::html(200)),
    ("302", "esia_redirected", |s| s.person = Reply::redirect("http://127.0.0.1:9/")),
    ("empty", "esia_empty_answer", |s| s.person = Reply::json(200, "")),
    ("JSON array", "esia_answer_malformed", |s| s.person = Reply::json(200, "[]")),
    ("no family name", "esia_name_missing", |s| {
        s.person = Scene::person_with(json!({"lastName": null}));
    }),
    ("an empty given name", "esia_name_missing", |s| {
        s.person = Scene::person_with(json!({"firstName": " "}));
    }),
    ("a name with digits", "esia_name_malformed", |s| {
        s.person = Scene::person_with(json!({"lastName": "Ёлкина2"}));
    }),
    ("contacts fail", "esia_server_failed", |s| s.contacts = Reply::html(502)),
    ("contacts refuse the token", "esia_unauthorized", |s| s.contacts = Reply::json(401, "")),
    ("contacts are no list", "esia_answer_malformed", |s| {
        s.contacts = Reply::json(200, json!({"elements": {}}));
    }),
];

async fn refused(case: &Case) -> (EsiaError, usize) {
    let (name, code, spoil) = case;
    let mut scene = Scene::good();
    spoil(&mut scene);
    let tokens = [scene.id.token(), scene.access.token()];
    let parts = tokens.iter().flat_map(|token| token.split('.')).filter(|part| part.len() > 7);
    let people = ["Ёлкин", "Анна", "Олеговна", "26.05.2000", "600 06", "3456789", "anna@", CODE];
    let oid = OID.to_string();
    let secrets: Vec<_> = people.into_iter().chain([oid.as_str()]).chain(parts).collect();
    let log = Log::open();
    let played = scene.play().await;
    let error = played.result.expect_err(name);
    assert_eq!(error.code(), *code, "{name}: {error}");
    let log = log.text();
    assert!(log.contains(code), "{name}: {log}");
    for told in [format!("{error:?}"), error.to_string(), error.text_ru().into(), log] {
        let found = secrets.iter().find(|secret| told.contains(**secret));
        assert_eq!(found, None, "{name}: {told}");
    }
    (error, played.server.seen("/rs/").len())
}

#[tokio::test]
async fn bad_tokens_open_nothing() {
    for case in BAD_TOKENS.iter().chain(&BAD_KEYS) {
        let (error, asked) = refused(case).await;
        assert_eq!(asked, 0, "{}: data were asked for", case.0);
        assert_eq!(error.refusal(), RefusalCode::EsiaUnavailable, "{}", case.0);
    }
}

#[tokio::test]
async fn bad_answers_to_the_code_open_nothing() {
    for case in &BAD_TOKEN_ANSWERS {
        let (error, asked) = refused(case).await;
        assert_eq!(asked, 0, "{}: data were asked for", case.0);
        let not_confirmed = matches!(error, EsiaError::NotConfirmed);
        assert_eq!(error.refusal() == RefusalCode::EsiaNotConfirmed, not_confirmed, "{}", case.0);
    }
}

#[tokio::test]
async fn bad_callbacks_are_answered_by_no_request() {
    for case in &BAD_CALLBACKS {
        let mut scene = Scene::good();
        case.2(&mut scene);
        let log = Log::open();
        let played = scene.play().await;
        let error = played.result.expect_err(case.0);
        assert_eq!(error.code(), case.1, "{}: {error}", case.0);
        assert_eq!(played.server.seen("/").len(), 0, "{}", case.0);
        let log = log.text();
        for told in [format!("{error:?}"), error.to_string(), log] {
            assert!(!told.contains(CODE), "{}: {told}", case.0);
        }
    }
}

/// Whatever is left of a token when it breaks off is none.
#[tokio::test]
async fn a_token_cut_at_any_of_its_periods_opens_nothing() {
    type Cut = fn(String) -> String;
    let cuts: [(Cut, &str); 6] = [
        (|token| token.split('.').next().unwrap().into(), "esia_token_malformed"),
        (|token| format!("{}.", token.split('.').next().unwrap()), "esia_token_malformed"),
        (|token| token.rsplit_once('.').unwrap().0.into(), "esia_token_malformed"),
        (|token| format!("{}.", token.rsplit_once('.').unwrap().0), "esia_token_signature"),
        (|token| token.split_once('.').unwrap().1.into(), "esia_token_malformed"),
        (|token| format!(".{}", token.split_once('.').unwrap().1), "esia_token_malformed"),
    ];
    for (number, (cut, code)) in cuts.into_iter().enumerate() {
        for of_id in [true, false] {
            let mut scene = Scene::good();
            let plan = if of_id { &mut scene.id } else { &mut scene.access };
            plan.spoil = cut;
            let played = scene.play().await;
            assert_eq!(played.result.unwrap_err().code(), code, "cut {number}, id_token: {of_id}");
            assert_eq!(played.server.seen("/rs/").len(), 0);
        }
    }
}

#[tokio::test]
async fn bad_data_make_nobody() {
    for case in &BAD_DATA {
        refused(case).await;
    }
}

#[tokio::test]
async fn ended_keys_name_their_end_for_the_operator() {
    let (error, _) = refused(&BAD_KEYS[0]).await;
    assert_eq!(
        error.to_string(),
        "the id_token: the last key for the tokens of esia ended on 2026-01-14; configure the new \
         one"
    );
}

#[tokio::test]
async fn a_refusal_keeps_the_code_of_esia() {
    let mut scene = Scene::good();
    scene.instead = Some(esia_says("ESIA-007011: invalid code"));
    let error = scene.play().await.result.unwrap_err();
    assert_eq!(error.to_string(), "esia refused the request: ESIA-007011");
    assert!(error.text_ru().contains("Войдите ещё раз"), "{}", error.text_ru());
}

#[tokio::test]
async fn an_address_without_tls_behind_it_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    });
    let error = sign_in(&client(settings(Endpoints::at(&base)))).await.unwrap_err();
    assert_eq!(error.code(), "esia_unreachable");
}
