//! Refused sign-ins as people see them.

use chrono::TimeDelta;

use crate::{
    client::Reply,
    house::{Card, Folder, House},
};

async fn try_in(house: &House, login: &str, password: &str) -> Reply {
    house.browser().post_form("/sign-in", &[("login", login), ("password", password)]).await
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_look_alike() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (cards, _) = house.cards("5А").await;
    let known = try_in(&house, &cards[0].login, "wrongone").await;
    let unknown = try_in(&house, "nobody", "wrongone").await;
    assert_eq!((known.status, unknown.status), (401, 401));
    assert_eq!(known.body.replace(&cards[0].login, "nobody"), unknown.body);
    assert_eq!(known.header("set-cookie"), None);
    assert!(!known.body.contains("wrongone"), "the password never comes back");
    assert!(known.body.contains(&format!("value=\"{}\"", cards[0].login)));
    let text = known.text();
    assert!(text.contains("Неверный логин или пароль."));
    assert!(text.contains("Обратитесь к классному руководителю"));
    insta::assert_snapshot!("sign_in_refused", unstyled(&unknown.body));
}

#[tokio::test]
async fn the_sign_in_page_is_the_one_of_the_documents() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let page = house.browser().get("/").await;
    assert_eq!(page.status, 200);
    insta::assert_snapshot!("sign_in", unstyled(&page.body));
}

/// The version of the style sheet is not what is tested.
fn unstyled(html: &str) -> String {
    let lines: Vec<_> = html.lines().filter(|line| !line.starts_with("<link ")).collect();
    lines.join("\n")
}

#[tokio::test]
async fn too_many_failures_close_the_login_for_a_while() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (cards, _) = house.cards("5А").await;
    let Card { login, password } = &cards[0];
    for _ in 0..6 {
        assert_eq!(try_in(&house, login, "wrongone").await.status, 401);
    }
    let closed = try_in(&house, login, password).await;
    assert_eq!((closed.status, closed.header("retry-after")), (429, Some("60")));
    let text = closed.text();
    assert!(text.contains("Слишком много неудачных попыток входа."), "{text}");
    assert!(text.contains("не раньше 12:01"), "{text}");
    let unknown = try_in(&house, "nobody", password).await;
    assert_eq!(unknown.status, 401, "another login is open");
    house.clock.advance(TimeDelta::seconds(61));
    assert_eq!(try_in(&house, login, password).await.status, 303);
}

#[tokio::test]
async fn from_the_threshold_on_only_esia_opens() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (cards, printed) = house.cards("8А").await;
    assert_eq!(cards.len(), 1, "{printed}");
    assert!(printed.contains("Сорокина Ида Марковна – старше 14,5 лет"), "{printed}");
    let mut browser = house.signed_in(&cards[0]).await;
    let text = browser.get("/week").await.text();
    assert!(text.contains("С 20 ноября вход – только через ЕСИА"), "{text}");

    house.clock.advance(TimeDelta::days(2));
    assert_eq!(browser.get("/week").await.header("location"), Some("/?why=ended"));
    let refused = try_in(&house, &cards[0].login, &cards[0].password).await;
    assert_eq!(refused.status, 403);
    let text = refused.text();
    assert!(text.contains("Вам уже исполнилось 14,5 лет"), "{text}");
    assert!(refused.body.contains("href=\"/esia\""));
}

#[tokio::test]
async fn a_forgotten_password_leads_to_people() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let page = house.browser().get("/forgotten").await;
    let text = page.text();
    assert_eq!(page.status, 200);
    let order: Vec<_> = ["классному руководителю", "администратору школы", "техническую поддержку"]
        .iter()
        .map(|helper| text.find(helper).unwrap())
        .collect();
    assert!(order.is_sorted(), "{text}");
}

#[tokio::test]
async fn the_sample_does_as_it_says() {
    let folder = Folder::new();
    let house = House::open(folder.path(), Vec::new(), crate::house::NOON).await;
    let told = told(&house.printed);
    assert!(told.len() >= 4, "{}", house.printed);
    for (card, outcome) in &told {
        let reply = try_in(&house, &card.login, &card.password).await;
        match outcome.strip_prefix("отказ ").and_then(|rest| rest.split(':').next()) {
            None => assert_eq!(reply.status, 303, "{outcome}"),
            Some(code) => {
                assert_eq!(reply.status, 403, "{outcome}");
                let body = serde_json::json!({"login": card.login, "password": card.password});
                let api = house.browser().post_json("/api/v1/token", &body).await;
                assert_eq!(api.json()["code"], code);
            }
        }
    }
    assert!(house.printed.contains("отказ use_esia"), "{}", house.printed);
    assert!(house.printed.contains("отказ account_closed"), "{}", house.printed);
    house.stop().await;

    // three days later the same people, another outcome for who is past the threshold by then
    let later = House::open(folder.path(), Vec::new(), "2026-11-21T09:00:00Z").await;
    let again = self::told(&later.printed);
    let cards = |told: &[(Card, String)]| -> Vec<_> {
        told.iter().map(|(card, _)| (card.login.clone(), card.password.clone())).collect()
    };
    assert_eq!(cards(&told), cards(&again));
    let refused = |told: &[(Card, String)]| {
        told.iter().filter(|(_, outcome)| outcome.starts_with("отказ use_esia")).count()
    };
    assert_eq!(refused(&again), refused(&told) + 1, "{}", later.printed);
}

#[tokio::test]
async fn the_sample_begins_on_any_day_of_the_year() {
    for day in ["2026-09-01", "2026-10-05", "2027-01-09", "2027-07-20"] {
        let folder = Folder::new();
        let house = House::open(folder.path(), Vec::new(), &format!("{day}T09:00:00Z")).await;
        let told = told(&house.printed);
        let (open, refused): (Vec<_>, Vec<_>) =
            told.iter().partition(|(_, outcome)| outcome.starts_with("откроется"));
        assert!(open.len() >= 2 && !refused.is_empty(), "{day}\n{}", house.printed);
        let mut browser = house.signed_in(&open[0].0).await;
        for path in ["/week", "/term"] {
            assert_eq!(browser.get(path).await.status, 200, "{day} {path}");
        }
    }
}

/// Logins, passwords and outcomes as printed at the start.
fn told(printed: &str) -> Vec<(Card, String)> {
    let mut lines = printed.lines();
    let mut told = Vec::new();
    while let Some(line) = lines.next() {
        let Some(rest) = line.trim().strip_prefix("логин: ") else { continue };
        let (login, password) = rest.split_once("   пароль: ").unwrap();
        let outcome = lines.next().unwrap().trim().strip_prefix("что будет: ").unwrap();
        let card = Card { login: login.into(), password: password.into() };
        told.push((card, outcome.into()));
    }
    told
}
