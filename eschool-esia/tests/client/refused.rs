//! Bad tokens and bad answers, each refused with a code that tells which.

use eschool_core::{error::CodedError as _, signin::RefusalCode};
use eschool_esia::client::{Endpoints, EsiaError};
use serde_json::json;
use tokio::{io::AsyncWriteExt as _, net::TcpListener};

use self::tokens::{BAD_KEYS, BAD_TOKENS};
use crate::{
    log::Log,
    scene::{CODE, OID, Scene, client, merge, settings, sign_in},
    server::Reply,
};

mod tokens;

type Case = (&'static str, &'static str, fn(&mut Scene));

const BAD_TOKEN_ANSWERS: [Case; 35] = [
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
    ("500 with a code of ЕСИА", "esia_refused", |s| s.instead = Some(failed("ESIA-007007: …"))),
    ("500 with no code of ЕСИА", "esia_server_failed", |s| s.instead = Some(failed("oops"))),
    ("500 with tokens", "esia_server_failed", |s| {
        s.instead = Some(Reply::json(500, json!({"access_token": "a", "token_type": "Bearer"})));
    }),
    ("500 with a megabyte", "esia_server_failed", |s| {
        s.instead = Some(Reply::json(500, " ".repeat(1024 * 1024 + 1)));
    }),
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

fn failed(description: &str) -> Reply {
    Reply::json(500, json!({"error": "server_error", "error_description": description}))
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
