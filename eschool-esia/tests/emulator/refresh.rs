//! Refresh tokens, and tokens of a system for itself.

use eschool_esia::emulator::RefreshForm;
use serde_json::Value;

use crate::{
    stand::{MOTHER, REDIRECT, SCOPE, STATE, Stand},
    wire::{Form, Reply},
};

const AS_AUTHORIZE: [&str; 6] =
    ["client_id", "scope", "scope_org", "timestamp", "state", "redirect_uri"];
const WITH_TOKEN: [&str; 5] = ["client_id", "scope", "timestamp", "state", "refresh_token"];

/// Tokens of a sign-in that may be refreshed.
async fn offline(stand: &Stand) -> Value {
    let form = stand.sign_in_form().set("access_type", "offline").signed(&stand.test.key);
    let page = stand.authorize(&form, "").await.location.unwrap();
    let code = stand.choose(&page, MOTHER).await.brings("code").unwrap();
    stand.exchange(&stand.token_form(&code).signed(&stand.test.key)).await.json()
}

/// A right request without what only one of the two forms has.
fn form(stand: &Stand, refresh_token: &str) -> Form {
    Form::new([
        ("client_id", "TEST"),
        ("refresh_token", refresh_token),
        ("grant_type", "refresh_token"),
        ("state", STATE),
        ("scope", SCOPE),
        ("timestamp", &stand.timestamp(0)),
        ("token_type", "Bearer"),
    ])
}

fn as_authorize(stand: &Stand, refresh_token: &str) -> Form {
    form(stand, refresh_token)
        .set("redirect_uri", REDIRECT)
        .set("client_certificate_hash", &stand.test.certificate.hash())
        .signed_over(&stand.test.key, &AS_AUTHORIZE)
}

fn with_token(stand: &Stand, refresh_token: &str) -> Form {
    form(stand, refresh_token).signed_over(&stand.test.key, &WITH_TOKEN)
}

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap_or_else(|| panic!("{tokens}"))
}

fn is_refused(reply: &Reply, code: &str) {
    let json = reply.json();
    let description = json["error_description"].as_str().unwrap_or_else(|| panic!("{json}"));
    assert!(reply.status == 400 && description.starts_with(code), "{json}");
}

#[tokio::test]
async fn a_refresh_token_brings_the_next_one_and_is_good_once() {
    let stand = Stand::open().await;
    let first = offline(&stand).await;
    assert_eq!(stand.tokens(MOTHER).await.get("refresh_token"), None, "online has none");
    stand.wait(3600);
    let path = format!("/rs/prns/{MOTHER}");
    assert_eq!(stand.data(&path, text(&first, "access_token")).await.status, 401);
    let second = stand.exchange(&as_authorize(&stand, text(&first, "refresh_token"))).await.json();
    assert_eq!(second["state"], STATE);
    assert!(second["id_token"].is_string() && second["expires_in"] == 3600, "{second}");
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_eq!(stand.data(&path, text(&second, "access_token")).await.status, 200);
    let third = stand.exchange(&with_token(&stand, text(&second, "refresh_token"))).await.json();
    assert_eq!(stand.data(&path, text(&third, "access_token")).await.status, 200);

    let fourth = stand.exchange(&with_token(&stand, text(&third, "refresh_token"))).await.json();

    let again = stand.exchange(&with_token(&stand, text(&second, "refresh_token"))).await;
    is_refused(&again, "ESIA-007011");
    for (name, tokens) in [("second", second), ("third", third.clone()), ("fourth", fourth)] {
        let reply = stand.data(&path, text(&tokens, "access_token")).await;
        assert_eq!(reply.status, 401, "{name}: all of the authorization is revoked");
    }
    let revoked = stand.exchange(&with_token(&stand, text(&third, "refresh_token"))).await;
    is_refused(&revoked, "ESIA-007011");
}

#[tokio::test]
async fn what_is_signed_is_as_the_client_is_registered() {
    for (registered, authorize, token) in [
        (RefreshForm::Either, true, true),
        (RefreshForm::AsAuthorize, true, false),
        (RefreshForm::WithToken, false, true),
    ] {
        let stand = Stand::with(|settings| settings.clients[0].refresh_form = registered).await;
        for (made, taken) in [(as_authorize as fn(&_, &_) -> _, authorize), (with_token, token)] {
            let tokens = offline(&stand).await;
            let reply = stand.exchange(&made(&stand, text(&tokens, "refresh_token"))).await;
            assert_eq!(reply.status == 200, taken, "{registered:?}: {reply:?}");
        }
    }
}

#[tokio::test]
async fn a_wrong_refresh_is_refused() {
    let stand = Stand::open().await;
    let tokens = offline(&stand).await;
    let right = as_authorize(&stand, text(&tokens, "refresh_token"));
    let signed = |form: Form| form.signed_over(&stand.test.key, &AS_AUTHORIZE);
    for (form, code) in [
        (as_authorize(&stand, "b1f4a6d2-0c3e-4f7a-8b5d-9e8c7a6b5d4f"), "ESIA-007011"),
        (right.clone().without("refresh_token"), "ESIA-007014"),
        (right.clone().without("scope"), "ESIA-007013"),
        (right.clone().twice("refresh_token"), "ESIA-007003"),
        (signed(right.clone().set("scope", "openid")), "ESIA-007006"),
        (signed(right.clone().set("timestamp", &stand.timestamp(-301))), "ESIA-007015"),
        (signed(right.clone().set("redirect_uri", "https://evil.example/")), "ESIA-007023"),
        (right.clone().set("client_certificate_hash", "00"), "ESIA-007053"),
        (right.clone().signed_over(&stand.other.key, &AS_AUTHORIZE), "ESIA-007053"),
        (right.clone().signed_over(&stand.test.key, &WITH_TOKEN), "ESIA-007053"),
        (
            right
                .clone()
                .set("client_id", "OTHER")
                .set("client_certificate_hash", &stand.other.certificate.hash())
                .signed_over(&stand.other.key, &AS_AUTHORIZE),
            "ESIA-007011",
        ),
    ] {
        is_refused(&stand.exchange(&form).await, code);
    }
    assert_eq!(stand.exchange(&right).await.status, 200, "refusals used nothing up");
}

#[tokio::test]
async fn refreshing_ends_with_the_authorization() {
    let stand = Stand::with(|settings| {
        settings.lifetimes.offline = chrono::TimeDelta::hours(2);
    })
    .await;
    let first = offline(&stand).await;
    stand.wait(3600);
    let second = stand.exchange(&with_token(&stand, text(&first, "refresh_token"))).await.json();
    stand.wait(3599);
    let third = stand.exchange(&with_token(&stand, text(&second, "refresh_token"))).await.json();
    stand.wait(1);
    let late = stand.exchange(&with_token(&stand, text(&third, "refresh_token"))).await;
    is_refused(&late, "ESIA-007011");
}

#[tokio::test]
async fn a_code_used_twice_ends_refreshing() {
    let stand = Stand::open().await;
    let form = stand.sign_in_form().set("access_type", "offline").signed(&stand.test.key);
    let page = stand.authorize(&form, "").await.location.unwrap();
    let code = stand.choose(&page, MOTHER).await.brings("code").unwrap();
    let exchange = stand.token_form(&code).signed(&stand.test.key);
    let first = stand.exchange(&exchange).await.json();
    let second = stand.exchange(&with_token(&stand, text(&first, "refresh_token"))).await.json();
    is_refused(&stand.exchange(&exchange).await, "ESIA-007011");
    let path = format!("/rs/prns/{MOTHER}");
    assert_eq!(stand.data(&path, text(&second, "access_token")).await.status, 401);
    let third = stand.exchange(&with_token(&stand, text(&second, "refresh_token"))).await;
    is_refused(&third, "ESIA-007011");
}

#[tokio::test]
async fn a_system_has_a_token_for_itself_where_it_may() {
    let stand = Stand::with(|settings| settings.clients[0].client_credentials = true).await;
    let form = Form::new([
        ("client_id", "TEST"),
        ("grant_type", "client_credentials"),
        ("state", STATE),
        ("scope", "openid snils"),
        ("timestamp", &stand.timestamp(0)),
        ("token_type", "Bearer"),
        ("redirect_uri", REDIRECT),
        ("client_certificate_hash", &stand.test.certificate.hash()),
    ]);
    let fields = ["client_id", "scope", "timestamp", "state", "redirect_uri"];
    let signed = form.clone().signed_over(&stand.test.key, &fields);
    let reply = stand.exchange(&signed).await;
    let json = reply.json();
    assert_eq!((reply.status, &json["state"]), (200, &STATE.into()));
    assert!(json.get("id_token").is_none() && json.get("refresh_token").is_none(), "{json}");
    let data = stand.data(&format!("/rs/prns/{MOTHER}"), text(&json, "access_token")).await;
    assert_eq!(data.status, 403, "it is about nobody");
    let wrong = form.signed_over(&stand.test.key, &["client_id", "scope", "timestamp", "state"]);
    is_refused(&stand.exchange(&wrong).await, "ESIA-007053");
}
