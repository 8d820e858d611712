//! What every answer carries.

use crate::{
    client::raw,
    house::{Folder, House},
};

#[tokio::test]
async fn no_page_runs_or_loads_what_is_not_ours() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    for path in ["/", "/esia", "/forgotten", "/nowhere", "/api/v1/terms", "/healthz"] {
        let reply = house.browser().get(path).await;
        let csp = reply.header("content-security-policy").unwrap();
        assert!(csp.contains("default-src 'none'") && csp.contains("frame-ancestors 'none'"));
        assert!(!csp.contains("unsafe") && !csp.contains("script"), "{csp}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{path}");
        }
        assert!(!reply.body.contains("<script") && !reply.body.contains(" style="), "{path}");
    }
}

#[tokio::test]
async fn the_style_sheet_is_kept_by_browsers() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let page = house.browser().get("/").await.body;
    let (_, rest) = page.split_once("href=\"/assets/").unwrap();
    let path = format!("/assets/{}", rest.split('"').next().unwrap());
    let style = house.browser().get(&path).await;
    assert_eq!(style.status, 200);
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    assert!(style.header("cache-control").unwrap().contains("immutable"));
    let tag = style.header("etag").unwrap();
    assert!(path.contains(tag.trim_matches('"')));
    let again = house.browser().with("If-None-Match", tag).get(&path).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
}

#[tokio::test]
async fn beyond_loopback_cookies_are_bound_to_https() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (cards, _) = house.cards("5А").await;
    let mut browser = house.browser();
    browser.host = "dnevnik.example.org".into();
    let fields = [("login", cards[0].login.as_str()), ("password", cards[0].password.as_str())];
    let reply = browser.post_form("/sign-in", &fields).await;
    let cookies: Vec<_> =
        reply.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, v)| v).collect();
    assert_eq!(cookies.len(), 2);
    for cookie in cookies {
        assert!(cookie.starts_with("__Host-eschool_"), "{cookie}");
        for part in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
    }
    assert_eq!(browser.get("/week").await.status, 200);
    // the same cookies mean nothing to whoever comes by the other name
    browser.host = "127.0.0.1".into();
    assert_eq!(browser.get("/week").await.status, 303);
}

#[tokio::test]
async fn health_is_told_and_a_broken_head_is_answered() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let health = house.browser().get("/healthz").await;
    assert_eq!((health.status, health.body.as_str()), (200, "ok"));
    let head = house.browser().send("HEAD", "/", None, b"").await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    let answer = raw(house.address(), b"letmein\r\n\r\n").await;
    assert!(answer.starts_with(b"HTTP/1.1 400"), "{}", String::from_utf8_lossy(&answer));
}
