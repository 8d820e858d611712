//! The JSON API, field by field.

use serde_json::{Value, json};

use crate::house::{Card, Folder, House};

/// The value with what differs from run to run named by its kind.
fn redacted(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(redacted).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, v)| (key, redacted(v))).collect(),
        Value::String(text) if is_uuid(&text) => "[id]".into(),
        Value::String(text) if [43, 64].contains(&text.len()) && text.is_ascii() => {
            "[token]".into()
        }
        other => other,
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

async fn token(house: &House, Card { login, password }: &Card) -> Value {
    let body = json!({"login": login, "password": password});
    let reply = house.browser().post_json("/api/v1/token", &body).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

#[tokio::test]
async fn a_token_opens_the_diary_and_ends() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (cards, _) = house.cards("5А").await;
    let granted = token(&house, &cards[0]).await;
    let text = granted["token"].as_str().unwrap().to_owned();
    insta::assert_json_snapshot!("token", redacted(granted));

    let mut app = house.browser().with("Authorization", &format!("Bearer {text}"));
    for (name, path) in [
        ("diary", "/api/v1/diary?from=2026-11-16&to=2026-11-19"),
        ("terms", "/api/v1/terms"),
        ("term_of_today", "/api/v1/term"),
    ] {
        let reply = app.get(path).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        insta::assert_json_snapshot!(name, redacted(reply.json()));
    }
    let named =
        app.get("/api/v1/term?name=1+%D1%87%D0%B5%D1%82%D0%B2%D0%B5%D1%80%D1%82%D1%8C").await;
    assert_eq!(named.json()["term"]["name"], "1 четверть");

    let ended = app.send("DELETE", "/api/v1/token", None, b"").await;
    assert_eq!((ended.status, ended.body.as_str()), (204, ""));
    let after = app.get("/api/v1/terms").await;
    assert_eq!((after.status, &after.json()["code"]), (401, &json!("session_ended")));
}

#[tokio::test]
async fn a_pupil_near_the_threshold_is_told_the_day() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (cards, _) = house.cards("8А").await;
    let granted = token(&house, &cards[0]).await;
    assert_eq!(granted["passwordEnds"], "2026-11-20");
    assert_eq!(granted["expiresAt"], "2026-11-19T21:00:00Z", "midnight in Moscow");
}

#[tokio::test]
async fn refusals_come_with_their_texts_and_steps() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let body = json!({"login": "nobody", "password": "wrongone"});
    let mut app = house.browser();
    let wrong = app.post_json("/api/v1/token", &body).await;
    assert_eq!(wrong.status, 401);
    insta::assert_json_snapshot!("wrong_credentials", wrong.json());
    for _ in 0..5 {
        assert_eq!(app.post_json("/api/v1/token", &body).await.status, 401);
    }
    let locked = app.post_json("/api/v1/token", &body).await;
    assert_eq!((locked.status, locked.header("retry-after")), (429, Some("60")));
    let locked = locked.json();
    assert_eq!(
        (&locked["code"], &locked["until"]),
        (&json!("locked_until"), &json!("2026-11-18T09:01:00Z"))
    );
}
