//! Native apps: from the browser to the tokens, and what must not happen on the way.

use chrono::TimeDelta;
use eschool_core::policy::SignInPolicy;
use serde_json::{Value, json};

use crate::{
    client::{Browser, Reply, encoded},
    esia::{choose, leave, two_schools},
    house::{Card, Folder, House},
};

/// The verifier and the challenge of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const ADDRESS: &str = "http://127.0.0.1:4100/callback";
/// What an app may send to have it back: signs that mean something to an address, and to a page.
const STATE: &str = "a b&c=d;+%2F\"'<b>я\u{1f511}";

type Pair<'a> = (&'a str, &'a str);

/// The address of a request with other parameters than usual; an empty one is left out.
pub(crate) fn authorize(others: &[Pair<'_>]) -> String {
    let usual = [
        ("response_type", "code"),
        ("client_id", "kotlin-diary"),
        ("redirect_uri", ADDRESS),
        ("state", STATE),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("device", "Телефон <b>мамы</b>"),
    ];
    let other = |name: &str| others.iter().find(|(own, _)| *own == name).map(|(_, value)| *value);
    let pairs = usual.map(|(name, value)| (name, other(name).unwrap_or(value)));
    let pairs = pairs.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<_> = pairs.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    format!("/api/v1/authorize?{}", pairs.join("&"))
}

/// The hidden fields of the consent page.
fn hidden<'p>(page: &'p Reply, name: &str) -> &'p str {
    let (_, rest) = page.body.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split('"').next().unwrap()
}

/// Decides on a consent page.
async fn decide(browser: &mut Browser, page: &Reply, decision: &str) -> Reply {
    let request = hidden(page, "request").replace("&#38;", "&");
    let who = hidden(page, "who");
    let fields = [("request", request.as_str()), ("who", who), ("decision", decision)];
    browser.post_form("/authorize", &fields).await
}

/// A parameter of where the browser is led.
fn told(reply: &Reply, name: &str) -> Option<String> {
    let location: url::Url = reply.header("location").unwrap().parse().unwrap();
    let mut pairs = location.query_pairs();
    pairs.find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
}

async fn token(house: &House, fields: &[Pair<'_>]) -> Reply {
    house.browser().post_form("/api/v1/token", fields).await
}

async fn redeem(house: &House, code: &str) -> Reply {
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", "kotlin-diary"),
        ("redirect_uri", ADDRESS),
        ("code_verifier", VERIFIER),
        ("code", code),
    ];
    token(house, &fields).await
}

async fn refresh(house: &House, refresh: &Value) -> Reply {
    let refresh = refresh.as_str().unwrap();
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", "kotlin-diary"),
        ("refresh_token", refresh),
    ];
    token(house, &fields).await
}

fn app(house: &House, tokens: &Value) -> Browser {
    let access = tokens["access_token"].as_str().unwrap();
    house.browser().with("Authorization", &format!("Bearer {access}"))
}

/// A code that somebody who is signed in agrees to.
async fn code(browser: &mut Browser) -> String {
    let page = browser.get(&authorize(&[])).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let led = decide(browser, &page, "allow").await;
    assert_eq!(led.status, 303, "{}", led.text());
    told(&led, "code").unwrap()
}

/// The tokens of an app that somebody who is signed in lets in.
async fn let_in(house: &House, browser: &mut Browser) -> Value {
    let code = code(browser).await;
    let reply = redeem(house, &code).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

async fn pupil(house: &House) -> (Browser, Card) {
    let (cards, _) = house.cards("5А").await;
    let card = cards.into_iter().next().unwrap();
    (house.signed_in(&card).await, card)
}

/// Where a proxy tells another name, who is asked is led to the portal's own once, and not in a circle.
#[tokio::test]
async fn who_comes_by_another_name_is_led_to_the_portals_own_once() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let mut browser = house.browser();
    browser.host = "dnevnik.example.org".into();
    let path = authorize(&[]);
    let led = browser.get(&path).await;
    let location = led.header("location").unwrap();
    assert!(location.ends_with("&led=1") && location.matches('?').count() == 1, "{location}");
    let again = browser.get(&format!("{path}&led=1")).await;
    assert_eq!((again.status, again.header("location")), (303, Some("/")));
}

#[tokio::test]
async fn an_app_is_let_in_by_a_password_reads_and_leaves() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (cards, _) = house.cards("5А").await;
    let mut browser = house.browser();
    let asked = browser.get(&authorize(&[])).await;
    assert_eq!((asked.status, asked.header("location")), (303, Some("/")));
    let door = browser.get("/").await.text();
    assert!(door.contains("Войдите, чтобы открыть приложению доступ к дневнику."), "{door}");
    let wrong = [("login", cards[0].login.as_str()), ("password", "wrong")];
    assert_eq!(browser.post_form("/sign-in", &wrong).await.status, 401);
    let right = [("login", cards[0].login.as_str()), ("password", &cards[0].password)];
    let in_again = browser.post_form("/sign-in", &right).await;
    let page = browser.get(in_again.header("location").unwrap()).await;
    let text = page.text();
    for words in [
        "Приложение kotlin-diary на устройстве Телефон &#60;b&#62;мамы&#60;/b&#62; получит доступ",
        "Вы вошли как Анна Ёлкина",
    ] {
        assert!(text.contains(words), "{text}");
    }
    let csp = page.header("content-security-policy").unwrap();
    assert!(csp.contains("form-action 'self' http://127.0.0.1:4100;"), "{csp}");
    assert!(!browser.cookies.contains_key("eschool_app"));

    let led = decide(&mut browser, &page, "allow").await;
    assert_eq!(led.status, 303);
    assert!(led.header("location").unwrap().starts_with(&format!("{ADDRESS}?code=")));
    assert_eq!(told(&led, "state").as_deref(), Some(STATE));
    assert_eq!(told(&led, "iss"), Some(format!("http://{}", house.address())));
    let code = told(&led, "code").unwrap();
    let reply = redeem(&house, &code).await;
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")));
    let tokens = reply.json();
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert_eq!(tokens.as_object().unwrap().len(), 4);

    let mut phone = app(&house, &tokens);
    let diary = phone.get("/api/v1/diary?from=2026-11-16&to=2026-11-19").await;
    assert_eq!(diary.status, 200, "{}", diary.body);
    assert_eq!(phone.get("/api/v1/terms").await.status, 200);
    assert_eq!(phone.get("/api/v1/children").await.json(), json!([]));
    house.clock.advance(TimeDelta::minutes(15));
    let over = phone.get("/api/v1/terms").await;
    assert_eq!((over.status, &over.json()["code"]), (401, &json!("session_ended")));

    let next = refresh(&house, &tokens["refresh_token"]).await.json();
    let mut phone = app(&house, &next);
    assert_eq!(phone.get("/api/v1/terms").await.status, 200);
    let devices = phone.get("/api/v1/devices").await.json();
    assert_eq!(devices[0]["app"], "kotlin-diary");
    assert_eq!(devices[0]["device"], "Телефон <b>мамы</b>");
    assert_eq!(devices[0]["current"], true);
    assert_eq!(phone.send("DELETE", "/api/v1/token", None, b"").await.status, 204);
    assert_eq!(phone.get("/api/v1/terms").await.status, 401);
    let gone = refresh(&house, &next["refresh_token"]).await;
    assert_eq!((gone.status, &gone.json()["error"]), (400, &json!("invalid_grant")));
    assert_eq!(browser.get("/week").await.status, 200, "the browser stays in");
}

#[tokio::test]
async fn a_parent_comes_by_esia_and_the_app_reads_the_children() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let mut browser = house.browser();
    assert_eq!(browser.get(&authorize(&[])).await.header("location"), Some("/"));
    let request = leave(&mut browser).await;
    let back = choose(&mut house.browser_at_esia(), &request, "мать двоих").await;
    let on = browser.get(&back).await;
    let page = browser.get(on.header("location").unwrap()).await;
    assert!(page.text().contains("Вы вошли как Мария Ёлкина"), "{}", page.text());
    let code = told(&decide(&mut browser, &page, "allow").await, "code").unwrap();
    let mut phone = app(&house, &redeem(&house, &code).await.json());

    let children = phone.get("/api/v1/children").await.json();
    let names: Vec<_> = children.as_array().unwrap().iter().map(|c| &c["name"]["given"]).collect();
    assert_eq!(names, ["Анна", "Лев"]);
    assert_eq!(children[0]["class"], "5А");
    assert!(children[0]["schoolName"].as_str().unwrap().contains("Школа"), "{children}");
    let anna = children[0]["pupil"].as_str().unwrap();
    for path in ["diary?from=2026-11-16&to=2026-11-19&", "terms?", "term?"] {
        let reply = phone.get(&format!("/api/v1/{path}pupil={anna}")).await;
        assert_eq!(reply.status, 200, "{path} {}", reply.body);
    }
    let stranger = "019379ab-0000-7000-8000-000000000002";
    for (query, status, code) in [
        (format!("?pupil={stranger}"), 403, "not_yours"),
        (String::new(), 403, "not_yours"),
        ("?pupil=x".into(), 400, "query_malformed"),
        (format!("?pupil={anna}&pupil={anna}"), 400, "query_malformed"),
    ] {
        let reply = phone.get(&format!("/api/v1/terms{query}")).await;
        assert_eq!((reply.status, &reply.json()["code"]), (status, &json!(code)), "{query}");
    }
    // A pupil's token opens no other diary.
    let mut child = app(&house, &let_in(&house, &mut pupil(&house).await.0).await);
    assert_eq!(child.get(&format!("/api/v1/terms?pupil={anna}")).await.status, 200);
    let lev = children[1]["pupil"].as_str().unwrap();
    assert_eq!(child.get(&format!("/api/v1/terms?pupil={lev}")).await.status, 403);
}

#[tokio::test]
async fn who_has_two_schools_chooses_one_first() {
    let folder = Folder::new();
    let (house, key) = two_schools(&folder, SignInPolicy::ryazan_2022()).await;
    let mut browser = house.browser();
    browser.get(&authorize(&[])).await;
    let request = leave(&mut browser).await;
    let back = choose(&mut house.browser_at_esia(), &request, key).await;
    let on = browser.get(&back).await;
    let asked = browser.get(on.header("location").unwrap()).await;
    assert_eq!(asked.header("location"), Some("/school"));
    let schools = browser.get("/school").await;
    let chosen = browser.post_form("/school", &[("account", hidden(&schools, "account"))]).await;
    let page = browser.get(chosen.header("location").unwrap()).await;
    assert!(page.text().contains("получит доступ к дневнику"), "{}", page.text());
    assert!(page.body.contains("href=\"/school\""), "another may be chosen");
    let led = decide(&mut browser, &page, "allow").await;
    let mut phone = app(&house, &redeem(&house, &told(&led, "code").unwrap()).await.json());
    assert_eq!(phone.get("/api/v1/terms").await.status, 200);
    assert!(!browser.cookies.contains_key("eschool_app"));
}

#[tokio::test]
async fn nobody_is_led_to_where_no_app_is() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (signed_in, _) = pupil(&house).await;
    for (others, code) in [
        (&[("client_id", "")][..], "client_unknown"),
        (&[("client_id", "nobody")], "client_unknown"),
        (&[("client_id", "Kotlin-Diary")], "client_unknown"),
        (&[("redirect_uri", "")], "redirect_uri_unknown"),
        (&[("redirect_uri", "https://evil.example/callback")], "redirect_uri_unknown"),
        (&[("redirect_uri", "http://127.0.0.1:4100/")], "redirect_uri_unknown"),
        (
            &[("redirect_uri", "http://127.0.0.1:4100@evil.example/callback")],
            "redirect_uri_unknown",
        ),
        (&[("redirect_uri", "http://127.0.0.1:4100/callback#x")], "redirect_uri_unknown"),
        (
            &[("redirect_uri", "http://127.0.0.1:4100/callback\r\nSet-Cookie: a=b")],
            "redirect_uri_unknown",
        ),
        (&[("redirect_uri", "//evil.example")], "redirect_uri_unknown"),
        (&[("redirect_uri", "javascript:alert(1)")], "redirect_uri_unknown"),
        (&[("redirect_uri", "https://app.example.org/back?from=diary")], "redirect_uri_unknown"),
        (&[("client_id", "link-diary")], "redirect_uri_unknown"),
        // Whatever else is wrong besides.
        (
            &[("redirect_uri", "https://evil.example/"), ("response_type", "token")],
            "redirect_uri_unknown",
        ),
    ] {
        for mut browser in [house.browser(), signed_in.clone()] {
            let reply = browser.get(&authorize(others)).await;
            assert_eq!((reply.status, reply.header("location")), (400, None), "{others:?}");
            assert!(reply.text().contains(&format!("поддержки: {code}")), "{}", reply.text());
        }
    }
    let twice = format!("{}&redirect_uri=https%3A%2F%2Fevil.example%2F", authorize(&[]));
    let reply = house.browser().get(&twice).await;
    assert_eq!((reply.status, reply.header("location")), (400, None));
    assert_eq!(house.browser().get("/api/v1/authorize").await.status, 400);
    // Nor by a form that is not ours.
    let mut browser = signed_in.clone();
    let page = browser.get(&authorize(&[])).await;
    let request = hidden(&page, "request").replace("&#38;", "&").replace("4100", "evil");
    let fields = [("request", &*request), ("who", hidden(&page, "who")), ("decision", "allow")];
    let reply = browser.post_form("/authorize", &fields).await;
    assert_eq!((reply.status, reply.header("location")), (400, None));
}

#[tokio::test]
async fn an_app_is_told_what_is_wrong() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let long = "s".repeat(3000);
    for (others, error) in [
        (&[("response_type", "")][..], "invalid_request"),
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("code_challenge", "")], "invalid_request"),
        (&[("code_challenge", "short")], "invalid_request"),
        (&[("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge_method", "plain")], "invalid_request"),
        (&[("device", "a\u{202e}b")], "invalid_request"),
        (&[("state", &*long)], "invalid_request"),
    ] {
        let reply = house.browser().get(&authorize(others)).await;
        assert_eq!(reply.status, 303, "{others:?}");
        assert!(reply.header("location").unwrap().starts_with(ADDRESS), "{others:?}");
        assert_eq!(told(&reply, "error").as_deref(), Some(error), "{others:?}");
        let state = others.iter().find(|(name, _)| *name == "state").map_or(STATE, |(_, s)| s);
        assert_eq!(told(&reply, "state").as_deref(), Some(state));
        assert_eq!(told(&reply, "code"), None);
    }
    let twice = format!("{}&code_challenge={CHALLENGE}", authorize(&[]));
    let reply = house.browser().get(&twice).await;
    assert_eq!(told(&reply, "error").as_deref(), Some("invalid_request"));

    // An address with a query of its own keeps it; a scheme of its own is led to.
    let (mut browser, _) = pupil(&house).await;
    for (client, address) in [
        ("link-diary", "https://app.example.org/back?from=diary"),
        ("own-diary", "org.example.diary:/back"),
    ] {
        let others =
            [("client_id", client), ("redirect_uri", address), ("device", ""), ("state", "")];
        let page = browser.get(&authorize(&others)).await;
        assert!(page.text().contains(&format!("Приложение {client} получит")), "{}", page.text());
        let led = decide(&mut browser, &page, "cancel").await;
        let between = if client == "link-diary" { '&' } else { '?' };
        let location = led.header("location").unwrap();
        assert!(
            location.starts_with(&format!("{address}{between}error=access_denied&")),
            "{location}"
        );
        assert_eq!((told(&led, "state"), told(&led, "code")), (None, None));
    }
    let session = &browser.cookies["eschool_session"];
    let mut own = house.browser().with("Authorization", &format!("Bearer {session}"));
    assert_eq!(own.get("/api/v1/devices").await.json(), json!([]), "nobody was let in");
}

#[tokio::test]
async fn only_the_person_agrees_and_here() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (mut browser, _) = pupil(&house).await;
    let page = browser.get(&authorize(&[])).await;
    for (name, value) in [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")] {
        let mut forged = browser.clone().with(name, value);
        let reply = decide(&mut forged, &page, "allow").await;
        assert_eq!((reply.status, reply.header("location")), (403, None));
    }
    // Whoever signed in meanwhile has not agreed, and is asked.
    let (cards, _) = house.cards("5А").await;
    let mut other = house.signed_in(&cards[1]).await;
    let again = decide(&mut other, &page, "allow").await;
    assert!(again.header("location").unwrap().starts_with("/api/v1/authorize?"));
    let again = decide(&mut house.browser(), &page, "allow").await;
    assert!(again.header("location").unwrap().starts_with("/api/v1/authorize?"));
    for fields in
        [&[][..], &[("decision", "allow")], &[("request", ""), ("who", ""), ("decision", "")]]
    {
        assert_eq!(other.post_form("/authorize", fields).await.status, 400);
    }

    // What an app holds is no browser's session.
    let tokens = let_in(&house, &mut other).await;
    let mut thief = house.browser();
    let access = tokens["access_token"].as_str().unwrap();
    thief.cookies.insert("eschool_session".into(), access.into());
    for path in ["/week", "/devices"] {
        let reply = thief.clone().get(path).await;
        assert_eq!((reply.status, reply.header("location")), (303, Some("/?why=ended")), "{path}");
    }
    assert_eq!(thief.clone().get("/").await.status, 200, "the sign-in page");
    assert_eq!(thief.get(&authorize(&[])).await.header("location"), Some("/"));
}

#[tokio::test]
async fn tokens_are_good_once_and_faults_are_told_twice_over() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (mut browser, card) = pupil(&house).await;
    let code = code(&mut browser).await;
    let redeemed = [
        ("grant_type", "authorization_code"),
        ("client_id", "kotlin-diary"),
        ("redirect_uri", ADDRESS),
        ("code_verifier", VERIFIER),
        ("code", &*code),
    ];
    let with = |name: &str, value: &'static str| {
        let mut fields = redeemed;
        fields.iter_mut().filter(|(own, _)| *own == name).for_each(|field| field.1 = value);
        fields
    };
    for (fields, error, code) in [
        (with("grant_type", ""), "invalid_request", "parameter_missing"),
        (with("grant_type", "password"), "unsupported_grant_type", "grant_type_unsupported"),
        (with("client_id", "nobody"), "invalid_client", "client_unknown"),
        (with("client_id", "swift-diary"), "invalid_grant", "app_mismatch"),
        (with("redirect_uri", "http://127.0.0.1:4101/callback"), "invalid_grant", "app_mismatch"),
        (with("code_verifier", ""), "invalid_request", "parameter_missing"),
        (with("code_verifier", CHALLENGE), "invalid_grant", "code_verifier_wrong"),
        (with("code", "x"), "invalid_grant", "app_access_ended"),
    ] {
        let reply = token(&house, &fields).await;
        let told = reply.json();
        assert_eq!((reply.status, &told["error"]), (400, &json!(error)), "{told}");
        assert_eq!(told["code"], code);
        assert_eq!(told["error_description"], told["textEn"]);
        assert!(told["textRu"].is_string() && reply.header("cache-control") == Some("no-store"));
    }
    let twice = [&redeemed[..], &redeemed[..1]].concat();
    assert_eq!(token(&house, &twice).await.json()["code"], "parameter_repeated");

    let tokens = redeem(&house, &code).await.json();
    let next = refresh(&house, &tokens["refresh_token"]).await.json();
    assert_eq!(app(&house, &next).get("/api/v1/terms").await.status, 200);
    let again = refresh(&house, &tokens["refresh_token"]).await.json();
    assert_eq!(
        (&again["error"], &again["code"]),
        (&json!("invalid_grant"), &json!("app_token_reused"))
    );
    assert_eq!(app(&house, &next).get("/api/v1/terms").await.status, 401);

    // Login and password go on as JSON, and as nothing else.
    let body = json!({"login": card.login, "password": card.password});
    let old = house.browser().post_json("/api/v1/token", &body).await;
    assert_eq!(old.status, 200, "{}", old.body);
    let form = [("login", card.login.as_str()), ("password", card.password.as_str())];
    assert_eq!(token(&house, &form).await.json()["error"], "invalid_request");
}

#[tokio::test]
async fn devices_are_seen_and_put_out_by_their_person() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (cards, _) = house.cards("5А").await;
    let (mut one, mut other) = (house.signed_in(&cards[0]).await, house.signed_in(&cards[1]).await);
    assert!(one.get("/devices").await.text().contains("Ни одного приложения нет."));
    assert!(one.get("/week").await.body.contains("href=\"/devices\""));
    let (first, second) = (let_in(&house, &mut one).await, let_in(&house, &mut one).await);
    let page = one.get("/devices").await;
    let text = page.text();
    for words in [
        "Телефон &#60;b&#62;мамы&#60;/b&#62; Приложение kotlin-diary",
        "Доступ открыт 18 ноября 2026 года, 12:00 Последнее обращение: 18 ноября 2026 года, 12:00",
        "Отозвать",
    ] {
        assert!(text.contains(words), "{text}");
    }
    assert_eq!(page.body.matches("name=\"device\"").count(), 2);
    assert!(other.get("/devices").await.text().contains("Ни одного приложения нет."));
    let id = hidden(&page, "device").to_owned();
    let in_use = async || {
        let mut count = 0;
        for tokens in [&first, &second] {
            count += u8::from(app(&house, tokens).get("/api/v1/terms").await.status == 200);
        }
        count
    };
    // Somebody else's stays.
    other.post_form("/devices", &[("device", &id)]).await;
    let mut strange = app(&house, &let_in(&house, &mut other).await);
    let path = format!("/api/v1/devices/{id}");
    let reply = strange.send("DELETE", &path, None, b"").await;
    assert_eq!((reply.status, &reply.json()["code"]), (404, &json!("device_unknown")));
    let mut forged = one.clone().with("Sec-Fetch-Site", "cross-site");
    assert_eq!(forged.post_form("/devices", &[("device", &id)]).await.status, 403);
    assert_eq!(in_use().await, 2);

    let reply = one.post_form("/devices", &[("device", &id)]).await;
    assert_eq!((reply.status, reply.header("location")), (303, Some("/devices")));
    assert_eq!(in_use().await, 1);
    let left = one.get("/devices").await;
    assert_eq!(left.body.matches("name=\"device\"").count(), 1);
    let session = one.cookies["eschool_session"].clone();
    let mut own = house.browser().with("Authorization", &format!("Bearer {session}"));
    let path = format!("/api/v1/devices/{}", hidden(&left, "device"));
    assert_eq!(own.send("DELETE", &path, None, b"").await.status, 204);
    assert_eq!(in_use().await, 0);
    assert_eq!(own.send("DELETE", "/api/v1/devices/x", None, b"").await.status, 404);
}
