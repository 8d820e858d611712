//! Whatever comes is answered with a clear error, and never with a 5xx.

use crate::{
    client::{Browser, raw},
    house::{Card, Folder, House},
};

#[tokio::test]
async fn pages_take_anything() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (cards, _) = house.cards("5А").await;
    let browser = house.signed_in(&cards[0]).await;
    for (path, status, code) in [
        ("/week?from=2026-02-30", 400, "date_invalid"),
        ("/week?from=yesterday", 400, "date_invalid"),
        ("/week?from=2026-11-18T00:00", 400, "date_invalid"),
        ("/week?from=%FF%FE", 400, "date_invalid"),
        ("/week?from=99999-01-01", 400, "date_invalid"),
        ("/week?from=%00", 400, "date_invalid"),
        ("/week?from=2026-11-18&from=2026-11-19", 400, "query_malformed"),
        ("/term?name=nope", 400, "term_not_found"),
        ("/term?name=%00", 400, "term_not_found"),
        ("/term?name=a&name=b", 400, "query_malformed"),
        ("/nowhere", 404, "not_found"),
        ("/assets/..%2f..%2fkeys.txt", 404, "not_found"),
        ("/assets/keys.txt", 404, "not_found"),
        ("/sign-in", 405, "method_not_allowed"),
        ("/sign-out", 405, "method_not_allowed"),
    ] {
        let reply = browser.clone().get(path).await;
        assert_eq!(reply.status, status, "{path}");
        assert!(reply.body.contains(&format!("<code>{code}</code>")), "{path}: {}", reply.text());
        assert!(reply.body.contains("class=\"button primary\""), "{path}: a way back");
    }
    for path in ["/week?from=0001-01-01", "/week?from=9999-12-31", "/week?from=0000-01-01"] {
        let reply = browser.clone().get(path).await;
        assert!([200, 400].contains(&reply.status), "{path} {}", reply.status);
    }
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "LETMEIN"] {
        let reply = browser.clone().send(method, "/week", None, b"").await;
        assert!((400..500).contains(&reply.status), "{method} {}", reply.status);
    }
    let reply = browser.clone().send("DELETE", "/week", None, b"").await;
    assert_eq!((reply.status, reply.header("allow")), (405, Some("GET,HEAD")));
}

#[tokio::test]
async fn cookies_take_anything() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let token = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";
    let long = "a".repeat(5000);
    for value in ["letmein", "", "\"\"", token, "a b", "%00", long.as_str()] {
        let mut browser = house.browser();
        browser.cookies.insert("eschool_session".into(), value.into());
        browser.cookies.insert("eschool_device".into(), value.into());
        let week = browser.get("/week").await;
        assert_eq!((week.status, week.header("location")), (303, Some("/?why=ended")), "{value}");
        assert!(!browser.cookies.contains_key("eschool_session"), "it is cleared");
        browser.cookies.insert("eschool_session".into(), value.into());
        assert_eq!(browser.get("/").await.status, 200);
        assert!(!browser.cookies.contains_key("eschool_session"), "it is cleared");
        let fields = [("login", "nobody"), ("password", "wrongone")];
        assert_eq!(browser.post_form("/sign-in", &fields).await.status / 100, 4);
        browser.cookies.insert("eschool_session".into(), value.into());
        assert_eq!(browser.post_form("/sign-out", &[]).await.status, 303);
    }
    let bytes = [
        b"GET /week HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: eschool_session="
            .as_slice(),
        &[0xff, 0xfe],
        b"\r\n\r\n",
    ];
    let answer = raw(house.address(), &bytes.concat()).await;
    assert!(answer.starts_with(b"HTTP/1.1 303"), "{}", String::from_utf8_lossy(&answer));
}

#[tokio::test]
async fn forms_take_anything() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    const FORM: Option<&str> = Some("application/x-www-form-urlencoded");
    let huge = format!("login=a&password={}", "b".repeat(20_000));
    let long = format!("login={}&password=b", "a".repeat(10_000));
    for (kind, body, status) in [
        (FORM, "", 400),
        (FORM, "login=a", 400),
        (FORM, "password=b", 400),
        (FORM, "login=a&login=b&password=c", 400),
        (FORM, "%%%", 400),
        (FORM, "login=%FF&password=%FF", 401),
        (FORM, "login=&password=", 401),
        (FORM, "login=%00&password=%00", 401),
        (FORM, "login=nobody&password=x&next=//evil.example", 401),
        (FORM, long.as_str(), 401),
        (FORM, huge.as_str(), 413),
        (None, "login=a&password=b", 400),
        (Some("application/json"), "{}", 400),
        (Some("multipart/form-data"), "login", 400),
    ] {
        let reply = house.browser().send("POST", "/sign-in", kind, body.as_bytes()).await;
        let shown: String = body.chars().take(40).collect();
        assert_eq!(reply.status, status, "{kind:?} {shown}");
        assert!(reply.header("set-cookie").is_none());
    }
}

#[tokio::test]
async fn another_site_posts_nothing() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (cards, _) = house.cards("5А").await;
    let signed_in = house.signed_in(&cards[0]).await;
    let Card { login, password } = &cards[0];
    let origin = format!("http://{}", house.address());
    for (name, value, status) in [
        ("Sec-Fetch-Site", "cross-site", 403),
        ("Sec-Fetch-Site", "same-site", 403),
        ("Origin", "https://evil.example", 403),
        ("Origin", "null", 403),
        ("Origin", origin.as_str(), 303),
        ("Sec-Fetch-Site", "same-origin", 303),
    ] {
        let browser = |browser: Browser| browser.with(name, value);
        let fields = [("login", login.as_str()), ("password", password.as_str())];
        let in_ = browser(house.browser()).post_form("/sign-in", &fields).await;
        assert_eq!(in_.status, status, "{name}: {value}");
        let out = browser(signed_in.clone()).post_form("/sign-out", &[]).await;
        assert_eq!(out.status, status, "{name}: {value}");
    }
}

#[tokio::test]
async fn the_api_takes_anything() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (cards, _) = house.cards("5А").await;
    let Card { login, password } = &cards[0];
    let body = serde_json::json!({"login": login, "password": password});
    let token = house.browser().post_json("/api/v1/token", &body).await.json()["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let bearer = |token: &str| house.browser().with("Authorization", &format!("Bearer {token}"));

    const JSON: Option<&str> = Some("application/json");
    let huge = format!("{{\"login\":\"{}\",\"password\":\"b\"}}", "a".repeat(20_000));
    for (kind, body, status, code) in [
        (JSON, "", 400, "json_malformed"),
        (JSON, "{", 400, "json_malformed"),
        (JSON, "[]", 400, "json_malformed"),
        (JSON, "{}", 400, "json_malformed"),
        (JSON, r#"{"login": 7, "password": "b"}"#, 400, "json_malformed"),
        (JSON, "{\"login\": \"\u{0}\", \"password\": \"b\"}", 400, "json_malformed"),
        (JSON, huge.as_str(), 413, "body_too_large"),
        (None, r#"{"login": "a", "password": "b"}"#, 415, "json_expected"),
        (JSON, r#"{"login": "", "password": ""}"#, 401, "wrong_credentials"),
    ] {
        let mut browser = house.browser();
        let reply = browser.send("POST", "/api/v1/token", kind, body.as_bytes()).await;
        let shown: String = body.chars().take(40).collect();
        assert_eq!((reply.status, &reply.json()["code"]), (status, &code.into()), "{shown}");
        assert!(!reply.json()["textRu"].as_str().unwrap().is_empty());
    }

    for (header, code) in [
        ("", "token_malformed"),
        ("Bearer", "token_malformed"),
        ("Bearer letmein", "token_malformed"),
        ("Basic YTpi", "token_malformed"),
        (
            "Bearer BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH",
            "session_ended",
        ),
    ] {
        for path in ["/api/v1/diary?from=2026-11-16&to=2026-11-22", "/api/v1/terms"] {
            let reply = house.browser().with("Authorization", header).get(path).await;
            assert_eq!((reply.status, &reply.json()["code"]), (401, &code.into()), "{header}");
            assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
        }
    }
    assert_eq!(house.browser().get("/api/v1/terms").await.json()["code"], "token_malformed");
    let unknown = bearer("letmein").send("DELETE", "/api/v1/token", None, b"").await;
    assert_eq!(unknown.status, 401);

    for (path, status, code, field) in [
        ("/api/v1/diary?from=2026-02-30&to=2026-03-01", 400, "date_invalid", Some("from")),
        ("/api/v1/diary?from=2026-02-01&to=x", 400, "date_invalid", Some("to")),
        ("/api/v1/diary?to=2026-02-01", 400, "date_missing", Some("from")),
        ("/api/v1/diary?from=2026-02-02&to=2026-02-01", 400, "range_reversed", Some("to")),
        ("/api/v1/diary?from=2026-01-01&to=2026-03-04", 400, "range_too_long", None),
        ("/api/v1/diary?from=0001-01-01&to=9999-12-31", 400, "range_too_long", None),
        ("/api/v1/diary?from=a&from=b&to=c", 400, "query_malformed", None),
        ("/api/v1/term?name=nope", 404, "term_not_found", Some("name")),
        ("/api/v1/nowhere", 404, "not_found", None),
        ("/api/v2/diary", 404, "not_found", None),
        ("/api/", 404, "not_found", None),
        ("/api", 404, "not_found", None),
        ("/api/v1", 404, "not_found", None),
        ("/api/v1/token", 405, "method_not_allowed", None),
    ] {
        let reply = bearer(&token).get(path).await;
        assert_eq!(reply.status, status, "{path}");
        assert_eq!(reply.header("content-type"), Some("application/json"), "{path}");
        let json = reply.json();
        assert_eq!(
            (&json["code"], json.get("field").and_then(|f| f.as_str())),
            (&code.into(), field)
        );
    }
    let reply = bearer(&token).send("POST", "/api/v1/diary", None, b"").await;
    assert_eq!((reply.status, reply.header("allow")), (405, Some("GET,HEAD")));
    for edge in [
        "from=0001-01-01&to=0001-01-02",
        "from=9999-12-01&to=9999-12-31",
        "from=0000-01-01&to=0000-01-02",
    ] {
        let reply = bearer(&token).get(&format!("/api/v1/diary?{edge}")).await;
        assert!([200, 400].contains(&reply.status), "{edge} {}", reply.status);
    }
}
