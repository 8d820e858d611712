//! Windows side by side at a gateway that fails one of them.

use std::sync::Mutex;

use eschool_core::error::CodedError as _;

use super::{
    Arc, CLIENT, Callback, ClientSecret, FOREIGN_KEY, Gateway, GatewaySettings, Plan, Reply,
    SUBJECT, Seen, Server, SignedBy, client, json, parameter, refusal, seconds,
};

/// Who signs in in each window.
const SUBJECTS: [&str; 3] = ["f3a9-41", "b7c2-42", "0d11-43"];

/// What goes wrong in one window.
#[derive(Clone, Copy)]
enum Fault {
    /// At this address this comes instead, given somebody from another window.
    Answer(&'static str, fn(&str) -> Reply),
    /// The token is another.
    Token(fn(&mut Plan)),
    /// The token has the nonce of another window.
    Mixed,
    /// The browser comes back with another query.
    Callback(fn(String) -> String),
}

/// Each with what it is to the client.
const FAULTS: [(Fault, &str); 17] = [
    (Fault::Answer("/token", |_| Reply::Close), "esia_interrupted"),
    (Fault::Answer("/token", |_| Reply::CutShort), "esia_interrupted"),
    (Fault::Answer("/token", |_| Reply::Hang), "esia_timed_out"),
    (Fault::Answer("/token", |_| Reply::html(503)), "esia_server_failed"),
    (Fault::Answer("/token", |_| Reply::html(200)), "esia_html_answer"),
    (Fault::Answer("/token", |_| refusal("invalid_grant", "")), "esia_gateway_refused"),
    (Fault::Answer("/me", |_| Reply::Close), "esia_interrupted"),
    (Fault::Answer("/me", |_| Reply::Hang), "esia_timed_out"),
    (Fault::Answer("/me", |_| Reply::html(503)), "esia_server_failed"),
    (Fault::Answer("/me", |_| Reply::html(200)), "esia_html_answer"),
    (Fault::Answer("/me", |_| Reply::json(401, "")), "esia_unauthorized"),
    (Fault::Answer("/me", |other| Reply::json(200, about(other))), "esia_person_foreign"),
    (Fault::Token(|token| token.by = SignedBy::Rsa(&FOREIGN_KEY)), "esia_token_signature"),
    (Fault::Token(|token| token.claims["exp"] = seconds(-61).into()), "esia_token_expired"),
    (
        Fault::Token(|token| token.claims["iat"] = seconds(120).into()),
        "esia_token_issued_in_future",
    ),
    (Fault::Mixed, "esia_token_nonce"),
    (Fault::Callback(|query| format!("{query}&{query}")), "esia_callback_ambiguous"),
];

fn about(subject: &str) -> serde_json::Value {
    json!({"sub": subject, "family_name": "Ёлкина", "given_name": "Анна"})
}

/// The window that a code or an access token is of.
fn window(text: &str) -> usize {
    text.rsplit('-').next().unwrap().parse().unwrap()
}

/// Signs three people in at once, where one window meets the fault.
async fn play(hit: usize, fault: Fault, expected: &str) {
    let nonces = Arc::new(Mutex::new([const { String::new() }; 3]));
    let known = Arc::clone(&nonces);
    let Gateway { discovery, keys, token, .. } = Gateway::good();
    let mut spoilt = Gateway::good().token;
    if let Fault::Token(spoil) = fault {
        spoil(&mut spoilt);
    }
    let server = Server::run(move |request: &Seen| {
        let base = format!("http://{}", request.headers["host"]);
        let path = request.target.as_str();
        let number = match path {
            "/.well-known/openid-configuration" => {
                return Reply::json(200, discovery.to_string().replace('@', &base));
            }
            "/jwks" => return keys.clone(),
            "/token" => window(&request.form["code"]),
            _ => window(&request.headers["authorization"]),
        };
        let other = (number + 1) % SUBJECTS.len();
        match fault {
            Fault::Answer(at, answer) if at == path && number == hit => {
                return answer(SUBJECTS[other]);
            }
            _ => {}
        }
        if path != "/token" {
            return Reply::json(200, about(SUBJECTS[number]));
        }
        let mixed = matches!(fault, Fault::Mixed) && number == hit;
        let token = if number == hit { &spoilt } else { &token };
        let nonce = known.lock().unwrap()[if mixed { other } else { number }].clone();
        let texts = [("@", base.as_str()), ("$", &nonce), (SUBJECT, SUBJECTS[number])];
        let answer = json!({
            "access_token": format!("opaque-{number}"), "id_token": token.filled(&texts),
            "token_type": "Bearer", "expires_in": 600,
        });
        Reply::json(200, answer)
    })
    .await;
    let issuer = server.base.as_str().trim_end_matches('/');
    let redirect = "https://school.example.ru/esia".parse().unwrap();
    let secret = ClientSecret::new("from-the-office");
    let mut settings = GatewaySettings::new(issuer, CLIENT, secret, redirect);
    settings.timeout_seconds = 2;
    let client = client(settings);
    let sign_in = async |number: usize| {
        let started = client.start().await?;
        nonces.lock().unwrap()[number] = parameter(&started.url, "nonce");
        let query = format!("code=code-{number}&state={}", started.attempt.state());
        let query = match fault {
            Fault::Callback(change) if number == hit => change(query),
            _ => query,
        };
        client.finish(&started.attempt, &Callback::parse(&query)?).await
    };
    let (first, second, third) = tokio::join!(sign_in(0), sign_in(1), sign_in(2));
    for (number, result) in [first, second, third].into_iter().enumerate() {
        if number == hit {
            assert_eq!(result.unwrap_err().code(), expected, "window {number}");
        } else {
            let person = result.unwrap_or_else(|error| panic!("{expected}, {number}: {error}"));
            assert_eq!(person.oid, SUBJECTS[number], "{expected}");
        }
    }
}

#[tokio::test]
async fn a_fault_of_the_gateway_hits_its_own_window_alone() {
    for (fault, expected) in FAULTS {
        tokio::join!(play(0, fault, expected), play(1, fault, expected), play(2, fault, expected));
    }
}
