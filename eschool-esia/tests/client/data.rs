//! The data of people: children, and collections whose elements come as addresses.

use std::time::{Duration, Instant};

use eschool_core::{error::CodedError as _, signin::EsiaChild};
use serde_json::{Value, json};
use tracing::Level;

use crate::{
    log::Log,
    scene::{Played, Scene},
    server::Reply,
};

fn asks_for_children(scene: &mut Scene) {
    scene.settings = Box::new(|settings| {
        let kid = ["kid_fullname", "kid_birthdate", "kid_snils"].map(String::from);
        settings.scopes.extend(kid);
    });
}

async fn with_children(children: Reply) -> Played {
    let mut scene = Scene { children, ..Scene::good() };
    asks_for_children(&mut scene);
    scene.play().await
}

fn vera() -> Value {
    json!({
        "id": 17, "lastName": "Ёлкина", "firstName": "Вера", "middleName": "Ильинична",
        "birthDate": "08.03.2015", "snils": "000-000-602 08", "trusted": true, "type": "kid",
    })
}

fn is_vera(child: &EsiaChild) -> bool {
    child.name.as_ref().is_some_and(|name| name.to_string() == "Ёлкина Вера Ильинична")
        && child.birth_date == "08.03.2015".parse().ok()
        && child.snils == "000-000-602 08".parse().ok()
}

#[tokio::test]
async fn children_come_where_the_scope_asks_for_them_and_not_elsewhere() {
    let played = with_children(Reply::json(200, json!({"elements": [vera()], "size": 1}))).await;
    let person = played.result.unwrap();
    assert!(matches!(person.children.as_slice(), [child] if is_vera(child)));
    let asked = played.server.seen("/rs/prns/1000299353/kids");
    assert_eq!(asked[0].target, "/rs/prns/1000299353/kids?embed=(elements)");

    let played = Scene::good().play().await;
    assert!(played.result.unwrap().children.is_empty());
    assert_eq!(played.server.seen("/rs/prns/1000299353/kids").len(), 0);
}

#[tokio::test]
async fn the_fields_of_a_child_come_under_the_names_that_are_set() {
    let mut scene = Scene::good();
    scene.children = Reply::json(
        200,
        json!({"elements": [{
            "surname": "Ёлкина", "name": "Вера", "patronymic": "Ильинична",
            "dateOfBirth": "08.03.2015", "SNILS": "000-000-602 08", "lastName": "Иванова",
        }]}),
    );
    scene.settings = Box::new(|settings| {
        settings.scopes.push("kid_fullname".into());
        settings.child_fields = serde_json::from_value(json!({
            "family": "surname", "given": "name", "patronymic": "patronymic",
            "birthDate": "dateOfBirth", "snils": "SNILS",
        }))
        .unwrap();
    });
    let person = scene.play().await.result.unwrap();
    assert!(matches!(person.children.as_slice(), [child] if is_vera(child)));
}

#[tokio::test]
async fn what_is_not_known_of_a_child_is_absent() {
    let elements = json!([
        {"firstName": "Вера"},
        {"birthDate": "08.03.2015", "lastName": "Ёлкина"},
        {"snils": "000-000-602 08", "birthDate": "2015"},
        {"snils": "112-233-445 96"},
        {},
        null,
        7,
    ]);
    let played = with_children(Reply::json(200, json!({"elements": elements}))).await;
    let children = played.result.unwrap().children;
    let known: Vec<_> = children
        .iter()
        .map(|child| (child.name.is_some(), child.birth_date.is_some(), child.snils.is_some()))
        .collect();
    assert_eq!(known, [(false, true, false), (false, false, true)]);
}

#[tokio::test]
async fn whoever_has_no_children_or_may_not_tell_them_signs_in_all_the_same() {
    for children in [
        Reply::json(200, json!({"stateFacts": ["hasSize"], "size": 0})),
        Reply::json(200, "{}"),
        Reply::json(403, json!({"code": "ESIA-005011"})),
        Reply::json(404, json!({"code": "ESIA-005005"})),
    ] {
        assert!(with_children(children).await.result.unwrap().children.is_empty());
    }
}

#[tokio::test]
async fn children_that_cannot_be_had_keep_nobody_out_and_the_log_tells_of_them() {
    for (children, code) in [
        (Reply::json(401, ""), "esia_unauthorized"),
        (Reply::json(503, ""), "esia_server_failed"),
        (Reply::html(200), "esia_html_answer"),
        (Reply::json(200, ""), "esia_empty_answer"),
        (Reply::json(200, json!({"elements": {}})), "esia_answer_malformed"),
        (Reply::Close, "esia_interrupted"),
    ] {
        let log = Log::open();
        let person = with_children(children).await.result.unwrap();
        assert!(person.children.is_empty() && person.verified_phone.is_some(), "{code}");
        assert_eq!(log.count(Level::WARN, "children are absent"), 1, "{}", log.text());
        assert!(log.text().contains(code), "{}", log.text());
    }
}

#[tokio::test]
async fn children_that_are_never_told_do_not_use_up_the_time_of_the_sign_in() {
    let mut scene = Scene { children: Reply::Hang, ..Scene::good() };
    scene.settings = Box::new(|settings| {
        settings.scopes.push("kid_fullname".into());
        (settings.timeout_seconds, settings.deadline_seconds) = (60, 4);
    });
    let log = Log::open();
    let person = scene.play().await.result.unwrap();
    assert!(person.children.is_empty() && person.verified_phone.is_some());
    assert_eq!(log.count(Level::WARN, "children are absent"), 1, "{}", log.text());
}

#[tokio::test]
async fn children_that_hang_one_after_another_take_no_longer_than_one_request() {
    const LINKS: [&str; 9] = [
        "/rs/prns/1000299353/kids/17",
        "/rs/prns/1000299353/kids/1",
        "/rs/prns/1000299353/kids/2",
        "/rs/prns/1000299353/kids/3",
        "/rs/prns/1000299353/kids/4",
        "/rs/prns/1000299353/kids/5",
        "/rs/prns/1000299353/kids/6",
        "/rs/prns/1000299353/kids/7",
        "/rs/prns/1000299353/kids/8",
    ];
    let mut scene = Scene::good();
    let links = LINKS.map(|path| path.replacen("/rs", "@", 1));
    scene.children = Reply::json(200, json!({"elements": links}));
    scene.linked = LINKS.map(|path| (path, Reply::Hang)).into();
    scene.linked[0].1 = Reply::json(200, vera());
    scene.settings = Box::new(|settings| {
        let kid = ["kid_fullname", "kid_birthdate", "kid_snils"].map(String::from);
        settings.scopes.extend(kid);
        (settings.timeout_seconds, settings.deadline_seconds) = (1, 120);
    });
    let began = Instant::now();
    let person = scene.play().await.result.unwrap();
    let took = began.elapsed();
    assert!(matches!(person.children.as_slice(), [child] if is_vera(child)), "it was told in time");
    assert!(took < Duration::from_secs(6), "eight times a second and more would be {took:?}");
}

#[tokio::test]
async fn a_child_whose_address_leads_nowhere_is_absent_and_the_others_are_not() {
    let mut scene = Scene::good();
    asks_for_children(&mut scene);
    let links = ["403", "404", "503", "17"].map(|id| format!("@/prns/1000299353/kids/{id}"));
    scene.children = Reply::json(200, json!({"elements": links}));
    scene.linked = vec![
        ("/rs/prns/1000299353/kids/403", Reply::json(403, "{}")),
        ("/rs/prns/1000299353/kids/404", Reply::json(404, "{}")),
        ("/rs/prns/1000299353/kids/503", Reply::json(503, "{}")),
        ("/rs/prns/1000299353/kids/17", Reply::json(200, vera())),
    ];
    let person = scene.play().await.result.unwrap();
    assert!(matches!(person.children.as_slice(), [child] if is_vera(child)));
}

#[tokio::test]
async fn elements_that_come_as_addresses_are_fetched_with_the_token() {
    let mut scene = Scene::good();
    asks_for_children(&mut scene);
    scene.contacts = Reply::json(
        200,
        json!({"elements": ["@/prns/1000299353/ctts/1", "@/prns/1000299353/ctts/2"]}),
    );
    scene.children = Reply::json(200, json!({"elements": ["@/prns/1000299353/kids/17"]}));
    let phone = json!({"type": "MBT", "vrfStu": "VERIFIED", "value": "+7(912)3456789"});
    let mail = json!({"type": "EML", "vrfStu": "NOT_VERIFIED", "value": "anna@example.ru"});
    scene.linked = vec![
        ("/rs/prns/1000299353/ctts/1", Reply::json(200, phone)),
        ("/rs/prns/1000299353/ctts/2", Reply::json(200, mail)),
        ("/rs/prns/1000299353/kids/17", Reply::json(200, vera())),
    ];
    let bearer = format!("Bearer {}", scene.access.token());
    let played = scene.play().await;
    let person = played.result.unwrap();
    assert_eq!(person.verified_phone.unwrap().to_string(), "+79123456789");
    assert_eq!(person.verified_email, None);
    assert!(matches!(person.children.as_slice(), [child] if is_vera(child)));
    for path in ["/rs/prns/1000299353/ctts/1", "/rs/prns/1000299353/kids/17"] {
        let [asked] = played.server.seen(path).try_into().ok().unwrap();
        assert_eq!(asked.headers["authorization"], bearer);
    }
}

#[tokio::test]
async fn a_link_elsewhere_is_not_followed() {
    for link in [
        "http://127.0.0.1:9/rs/prns/1000299353/ctts/1",
        "https://evil.example/rs/prns/1000299353/ctts/1",
        "@/../aas/oauth2/v3/te",
        "/rs/prns/1000299353/ctts/1",
        "",
        "javascript:1",
    ] {
        let mut scene = Scene::good();
        scene.contacts = Reply::json(200, json!({"elements": [link]}));
        let error = scene.play().await.result.unwrap_err();
        assert_eq!(error.code(), "esia_foreign_address", "{link}");
        assert!(!error.to_string().contains("127.0.0.1"), "{error}");
    }
}

#[tokio::test]
async fn links_are_bounded_in_number_and_a_broken_one_ends_the_sign_in() {
    let link = "@/prns/1000299353/ctts/1";
    for (number, reply, expected) in [
        (32, Reply::json(200, "{}"), Ok(32)),
        (33, Reply::json(200, "{}"), Err("esia_answer_too_long")),
        (1, Reply::json(500, "{}"), Err("esia_server_failed")),
        (1, Reply::json(403, "{}"), Err("esia_forbidden")),
        (1, Reply::json(404, "{}"), Err("esia_unexpected_status")),
        (1, Reply::json(200, "[]"), Err("esia_answer_malformed")),
        (1, Reply::redirect("http://127.0.0.1:9/"), Err("esia_redirected")),
    ] {
        let mut scene = Scene::good();
        scene.contacts = Reply::json(200, json!({"elements": vec![link; number]}));
        scene.linked = vec![("/rs/prns/1000299353/ctts/1", reply)];
        let played = scene.play().await;
        let fetched = played.server.seen("/rs/prns/1000299353/ctts/1").len();
        assert_eq!(played.result.map(|_| fetched).map_err(|error| error.code()), expected);
    }
}
