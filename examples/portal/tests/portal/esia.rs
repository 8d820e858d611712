//! The way through ЕСИА, by hand: what a browser does between the two sites.

use chrono::TimeDelta;
use eschool_core::{policy::SignInPolicy, signin::CaseCode};

use crate::{
    client::{Browser, Reply},
    house::{Folder, House, NOON, school},
};

/// The path and query of an address.
fn path_of(location: &str) -> &str {
    let (_, rest) = location.split_once("://").unwrap();
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
}

/// Leaves for ЕСИА; the address it was led to there.
pub(crate) async fn leave(portal: &mut Browser) -> String {
    let away = portal.get("/esia").await;
    assert_eq!(away.status, 303);
    let location = away.header("location").unwrap();
    assert!(location.starts_with("http://localhost:"), "{location}");
    path_of(location).to_owned()
}

/// Chooses a person on the page of ЕСИА; the path it leads back to.
pub(crate) async fn choose(esia: &mut Browser, request: &str, key: &str) -> String {
    let waiting = esia.get(request).await;
    let waiting = waiting.header("location").unwrap_or_else(|| panic!("{}", waiting.text()));
    let page = esia.get(waiting).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let (_, form) = page.body.split_once("method=\"post\" action=\"").unwrap();
    let action = form.split('"').next().unwrap();
    let before = page.body.split(key).next().unwrap();
    let (_, value) = before.rsplit_once("name=\"person\" value=\"").unwrap();
    let oid = value.split('"').next().unwrap();
    let back = esia.post_form(action, &[("person", oid)]).await;
    assert_eq!(back.status, 303, "{}", back.text());
    path_of(back.header("location").unwrap()).to_owned()
}

/// Goes the whole way as a person of `esia_people.csv`.
async fn sign_in(house: &House, portal: &mut Browser, key: &str) -> Reply {
    let request = leave(portal).await;
    let back = choose(&mut house.browser_at_esia(), &request, key).await;
    portal.get(&back).await
}

/// The school's files in a folder of their own, to be changed.
fn copied_school() -> Folder {
    let files = Folder::new();
    for entry in std::fs::read_dir(school()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), files.path().join(entry.file_name())).unwrap();
    }
    files
}

/// The portal with two schools of the same people, and a pupil of both.
pub(crate) async fn two_schools(folder: &Folder, policy: SignInPolicy) -> (House, &'static str) {
    let files = copied_school();
    let card = files.path().join("school.csv");
    let text = std::fs::read_to_string(&card).unwrap();
    assert!(text.contains("Школа № 7"), "{text}");
    std::fs::write(card, text.replace("Школа № 7", "Школа № 8")).unwrap();
    let imports = vec![school(), files.path().into()];
    (House::under(policy, folder.path(), imports, NOON).await, "ученица старше порога")
}

#[tokio::test]
async fn a_parent_signs_in_chooses_a_child_and_signs_out() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let mut browser = house.browser();
    let back = sign_in(&house, &mut browser, "мать двоих").await;
    assert_eq!((back.status, back.header("location")), (303, Some("/home")));
    assert!(
        browser.cookies.keys().all(|name| !name.starts_with("eschool_esia_")),
        "the attempt is forgotten"
    );
    assert_eq!(browser.get("/home").await.header("location"), Some("/children"));
    assert_eq!(browser.get("/week").await.header("location"), Some("/children"));

    let children = browser.get("/children").await;
    let text = children.text();
    for told in [
        "Мария Ёлкина",
        "Мои дети",
        "Анна Ёлкина 5А класс",
        "Лев Орлов 8А класс С 20 ноября пароль с карточки",
    ] {
        assert!(text.contains(told), "{told}\n{text}");
    }
    let hrefs: Vec<_> =
        children.body.split("href=\"/week?pupil=").skip(1).map(|rest| rest.get(..36)).collect();
    let child = hrefs[0].unwrap();
    let week = browser.get(&format!("/week?pupil={child}")).await;
    let text = week.text();
    assert!(text.contains("Анна Ёлкина 5А класс") && text.contains("Словарный диктант"), "{text}");
    for link in ["/week?from=2026-11-09", "/term"] {
        assert!(
            week.body.contains(link) && week.body.contains(&format!("pupil={child}")),
            "{link}"
        );
    }
    let term = browser.get(&format!("/term?pupil={child}")).await;
    assert!(term.text().contains("2 четверть 5 ноября – 29 декабря 2026"));

    let stranger = "019379ab-0000-7000-8000-000000000002";
    assert_eq!(browser.get(&format!("/week?pupil={stranger}")).await.status, 403);
    assert_eq!(browser.get("/week?pupil=x").await.status, 400);

    let left = browser.post_form("/sign-out", &[]).await;
    let logout = left.header("location").unwrap();
    assert!(logout.contains("/idp/ext/Logout?"), "ЕСИА's session ends too: {logout}");
    let back = house.browser_at_esia().get(path_of(logout)).await;
    let back = back.header("location").unwrap().to_owned();
    assert!(back.ends_with("/?why=left"), "{back}");
    assert_eq!(browser.get("/children").await.header("location"), Some("/"));
}

#[tokio::test]
async fn a_teacher_is_a_parent_too_and_an_older_pupil_reads_their_own() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let mut browser = house.browser();
    sign_in(&house, &mut browser, "учитель и мать").await;
    let text = browser.get("/children").await.text();
    for told in ["Ида Сорокина", "Классный руководитель 5А", "Предмет: Русский язык"]
    {
        assert!(text.contains(told), "{told}\n{text}");
    }
    let mut browser = house.browser();
    sign_in(&house, &mut browser, "ученица старше порога").await;
    assert_eq!(browser.get("/home").await.header("location"), Some("/week"));
    assert!(browser.get("/week").await.text().contains("Ида Сорокина 8А класс"));
}

#[tokio::test]
async fn refusals_come_with_a_case_code_and_lead_out_of_esia() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    for (key, words) in [
        ("она же, стандартная", "пройти процедуру проверки своих данных"),
        ("неизвестный", "номер телефона/СНИЛС не найдены в системе «Электронная школа»"),
    ] {
        let mut browser = house.browser();
        let refused = sign_in(&house, &mut browser, key).await;
        let text = refused.text();
        assert_eq!(refused.status, 403);
        assert!(text.contains(words), "{text}");
        let (_, code) = text.split_once("Код обращения: ").unwrap();
        let code: CaseCode = code.get(..7).unwrap().parse().unwrap();
        let case = house.installation.store().refused_sign_in(&code).await.unwrap().unwrap();
        assert!(!text.contains("ESIA-"), "ЕСИА itself refused nobody");
        assert!(!case.person.oid.is_empty());
        assert!(text.contains("Отмена") && text.contains("Войти другим пользователем"));
        assert!(!browser.cookies.contains_key("eschool_session"), "{key}");

        let again = browser.get("/esia/leave?then=again").await;
        let logout = path_of(again.header("location").unwrap()).to_owned();
        let back = house.browser_at_esia().get(&logout).await;
        assert!(back.header("location").unwrap().ends_with("/esia"));
    }
}

#[tokio::test]
async fn windows_do_not_mix() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let mut browser = house.browser();
    let (first, second) = (leave(&mut browser).await, leave(&mut browser).await);
    let (mut here, mut there) = (house.browser_at_esia(), house.browser_at_esia());
    let first = choose(&mut here, &first, "неизвестный").await;
    let second = choose(&mut there, &second, "мать двоих").await;
    assert_eq!(browser.get(&second).await.header("location"), Some("/home"));
    assert_eq!(browser.get(&first).await.status, 403);
    assert_eq!(browser.get("/children").await.status, 200, "the one who is in stays in");
}

#[tokio::test]
async fn what_comes_back_wrong_opens_nothing() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let mut browser = house.browser();
    let request = leave(&mut browser).await;
    let good = choose(&mut house.browser_at_esia(), &request, "мать двоих").await;
    let query = good.split_once('?').unwrap().1.to_owned();
    let state = query.split('&').find_map(|pair| pair.strip_prefix("state=")).unwrap().to_owned();

    // a browser that began nothing
    let mut other = house.browser();
    let crossed = other.get(&good).await;
    assert_eq!(crossed.status, 400);
    assert!(crossed.text().contains("esia_attempt_missing"), "{}", crossed.text());

    let ill: [(String, u16, &str); 6] = [
        (
            format!("error=access_denied&error_description=ESIA-007004%3A+no&state={state}"),
            403,
            "esia_denied",
        ),
        (
            format!("error=x&error_description=ESIA-007055%3A+no&state={state}"),
            403,
            "пройти процедуру",
        ),
        (format!("error=x&error_description=ESIA-007007%3A+no&state={state}"), 503, "ESIA-007007"),
        (format!("{query}&code=twice"), 400, "esia_callback_ambiguous"),
        (format!("state={state}"), 400, "esia_callback_incomplete"),
        (String::new(), 400, "esia_callback_incomplete"),
    ];
    for (query, status, told) in ill {
        let mut copy = browser.clone();
        let reply = copy.get(&format!("/esia/callback?{query}")).await;
        assert_eq!(reply.status, status, "{query}");
        assert!(reply.text().contains(told), "{told}\n{}", reply.text());
        assert!(!copy.cookies.contains_key("eschool_session"), "{query}");
    }
    // a changed code, then the right one, then the right one again
    let mut copy = browser.clone();
    let reply = copy.get(&good.replacen("code=", "code=x", 1)).await;
    assert_eq!(
        (reply.status, reply.text().contains("ESIA-007011")),
        (503, true),
        "{}",
        reply.text()
    );
    let mut copy = browser.clone();
    assert_eq!(copy.get(&good).await.header("location"), Some("/home"));
    let again = browser.get(&good).await;
    assert_eq!((again.status, again.text().contains("ESIA-007011")), (503, true));
    assert!(!browser.cookies.contains_key("eschool_session"));
}

#[tokio::test]
async fn a_late_code_and_a_late_browser_are_refused() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    for (minutes, told) in [(5, "ESIA-007011"), (11, "esia_attempt_expired")] {
        let mut browser = house.browser();
        let request = leave(&mut browser).await;
        let good = choose(&mut house.browser_at_esia(), &request, "мать двоих").await;
        house.clock.advance(TimeDelta::minutes(minutes));
        let late = browser.get(&good).await;
        assert!(late.text().contains(told), "{}", late.text());
        assert!(!browser.cookies.contains_key("eschool_session"));
    }
}

#[tokio::test]
async fn esia_is_left_from_one_name_of_the_host() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let mut browser = house.browser();
    browser.host = format!("localhost:{}", house.address().port());
    let away = browser.get("/esia").await;
    let home = format!("http://{}/esia?led=1", house.address());
    assert_eq!(away.header("location"), Some(home.as_str()));
    // a proxy that tells another name leads round in no circle
    let untold = browser.get("/esia?led=1").await;
    assert_eq!(untold.status, 421);
    assert!(untold.text().contains("host_untold"), "{}", untold.text());
}

#[tokio::test]
async fn a_link_makes_an_administrator_once() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let schools = house.installation.store().schools().await.unwrap();
    let invitation = house.installation.store().invite_administrator(schools[0].id).await.unwrap();
    let link = format!("/invitation/{}", &*invitation.token.to_text());
    let mut browser = house.browser();
    let opened = browser.get(&link).await;
    assert_eq!((opened.status, opened.header("location")), (303, Some("/invitation")));
    let page = browser.get("/invitation").await;
    assert!(page.text().contains(&schools[0].name), "{}", page.text());
    assert!(!page.body.contains(&*invitation.token.to_text()), "the token stands in no page");

    // the wrong person first: refused, and the invitation is not lost
    let away = browser.post_form("/invitation", &[]).await;
    let request = path_of(away.header("location").unwrap()).to_owned();
    let back = choose(&mut house.browser_at_esia(), &request, "она же, стандартная").await;
    let refused = browser.get(&back).await;
    assert!(refused.body.contains("/esia/leave?then=invitation"), "{}", refused.text());
    let leave = browser.get("/esia/leave?then=invitation").await;
    let logout = path_of(leave.header("location").unwrap()).to_owned();
    let back = house.browser_at_esia().get(&logout).await;
    assert!(back.header("location").unwrap().ends_with("/invitation"));

    let away = browser.post_form("/invitation", &[]).await;
    let request = path_of(away.header("location").unwrap()).to_owned();
    let back = choose(&mut house.browser_at_esia(), &request, "неизвестный").await;
    assert_eq!(browser.get(&back).await.header("location"), Some("/home"));
    let text = browser.get("/children").await.text();
    assert!(text.contains("Администратор школы"), "{text}");
    assert_eq!(browser.get("/invitation").await.status, 410, "used up");
    let mut other = house.browser();
    other.get(&link).await;
    assert_eq!(other.get("/invitation").await.status, 410);
    assert_eq!(other.get("/invitation/garbage").await.status, 410);
    assert_eq!(other.post_form("/invitation", &[]).await.status, 410);

    // and is one from then on
    let mut browser = house.browser();
    sign_in(&house, &mut browser, "неизвестный").await;
    assert!(browser.get("/children").await.text().contains("Администратор школы"));
}

#[tokio::test]
async fn whoever_signs_out_last_signs_out_of_esia_too() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let (cards, _) = house.cards("5А").await;
    let mut browser = house.browser();
    sign_in(&house, &mut browser, "мать двоих").await;
    // a pupil takes the computer over with a password
    let fields = [("login", cards[0].login.as_str()), ("password", cards[0].password.as_str())];
    assert_eq!(browser.post_form("/sign-in", &fields).await.header("location"), Some("/week"));
    let left = browser.post_form("/sign-out", &[]).await;
    assert!(left.header("location").unwrap().contains("/idp/ext/Logout?"), "{left:?}");
    let left = browser.post_form("/sign-out", &[]).await;
    assert_eq!(left.header("location"), Some("/?why=left"), "once is enough");
}

#[tokio::test]
async fn a_child_who_came_after_the_sign_in_is_read_too() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let mut browser = house.browser();
    sign_in(&house, &mut browser, "учитель и мать").await;
    assert!(!browser.get("/children").await.text().contains("Лев Орлов"));

    let files = copied_school();
    let parents = files.path().join("parents.csv");
    let mut text = std::fs::read_to_string(&parents).unwrap();
    text.push_str("Рябинина;Вера;Львовна;01.02.1980;+79005550001;112-233-445 95;опекун;Орлов Лев Павлович;8А\n");
    std::fs::write(parents, text).unwrap();
    let files = eschool_store::exchange::SchoolFolder::at(files.path()).unwrap();
    house.installation.store().import_school(&files, &mut |_| {}).await.unwrap();

    let page = browser.get("/children").await;
    assert!(page.text().contains("Лев Орлов"), "{}", page.text());
    for link in page.body.split("<h3><a href=\"").skip(1) {
        let link = link.split('"').next().unwrap();
        assert_eq!(browser.get(link).await.status, 200, "{link}");
    }
}

#[tokio::test]
async fn a_pupil_of_two_schools_reads_both_diaries() {
    let folder = Folder::new();
    let (house, key) = two_schools(&folder, SignInPolicy::udmurtia_2023()).await;
    let mut browser = house.browser();
    sign_in(&house, &mut browser, key).await;
    assert_eq!(browser.get("/home").await.header("location"), Some("/children"));
    assert_eq!(browser.get("/week").await.header("location"), Some("/children"));
    let page = browser.get("/children").await;
    let mut schools = Vec::new();
    for link in page.body.split("<h3><a href=\"").skip(1) {
        let week = browser.get(link.split('"').next().unwrap()).await.text();
        assert!(week.contains("Ида Сорокина") && week.contains("Мой кабинет"), "{week}");
        schools.push(week.contains("Школа № 8"));
    }
    schools.sort();
    assert_eq!(schools, [false, true]);
}

#[tokio::test]
async fn under_another_policy_the_same_people_come_in() {
    let folder = Folder::new();
    let policy = SignInPolicy::udmurtia_2023();
    let house = House::under(policy, folder.path(), vec![school()], NOON).await;
    let mut browser = house.browser();
    sign_in(&house, &mut browser, "мать двоих").await;
    assert!(browser.get("/children").await.text().contains("Анна Ёлкина"));
}
