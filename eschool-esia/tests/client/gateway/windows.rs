//! Windows side by side at a gateway that fails one of them.

use std::sync::Mutex;

use eschool_core::error::CodedError as _;

use super::{
    Arc, CLIENT, Callback, ClientSecret, Gateway, GatewaySettings, Reply, SUBJECT, Seen, Server,
    client, json, parameter, refusal,
};

/// Who signs in in each window.
const SUBJECTS: [&str; 3] = ["f3a9-41", "b7c2-42", "0d11-43"];

/// A fault: where, what comes instead, given somebody from another window, and what it is to the
/// client.
type Fault = (&'static str, fn(&str) -> Reply, &'static str);

const FAULTS: [Fault; 10] = [
    ("/token", |_| Reply::Close, "esia_interrupted"),
    ("/token", |_| Reply::CutShort, "esia_interrupted"),
    ("/token", |_| Reply::html(503), "esia_server_failed"),
    ("/token", |_| Reply::html(200), "esia_html_answer"),
    ("/token", |_| refusal("invalid_grant", ""), "esia_gateway_refused"),
    ("/me", |_| Reply::Close, "esia_interrupted"),
    ("/me", |_| Reply::html(503), "esia_server_failed"),
    ("/me", |_| Reply::html(200), "esia_html_answer"),
    ("/me", |_| Reply::json(401, ""), "esia_unauthorized"),
    ("/me", |other| Reply::json(200, about(other)), "esia_person_foreign"),
];

fn about(subject: &str) -> serde_json::Value {
    json!({"sub": subject, "family_name": "Ёлкина", "given_name": "Анна"})
}

/// The window that a code or an access token is of.
fn window(text: &str) -> usize {
    text.rsplit('-').next().unwrap().parse().unwrap()
}

/// Signs three people in at once, where one window meets the fault; with none, its token has the
/// nonce of another window.
async fn play(hit: usize, fault: Option<Fault>, expected: &str) {
    let nonces = Arc::new(Mutex::new([const { String::new() }; 3]));
    let known = Arc::clone(&nonces);
    let Gateway { discovery, keys, token, .. } = Gateway::good();
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
        if let Some((_, answer, _)) = fault.filter(|(at, ..)| *at == path && number == hit) {
            return answer(SUBJECTS[other]);
        }
        if path != "/token" {
            return Reply::json(200, about(SUBJECTS[number]));
        }
        let mixed = fault.is_none() && number == hit;
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
    let client = client(GatewaySettings::new(issuer, CLIENT, secret, redirect));
    let sign_in = async |number: usize| {
        let started = client.start().await?;
        nonces.lock().unwrap()[number] = parameter(&started.url, "nonce");
        let query = format!("code=code-{number}&state={}", started.attempt.state());
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
    for hit in 0..SUBJECTS.len() {
        for fault in FAULTS {
            play(hit, Some(fault), fault.2).await;
        }
        play(hit, None, "esia_token_nonce").await;
    }
}
