//! The people, several windows, staying signed in, signing out.

use crate::{
    stand::{DAUGHTER, FATHER, MOTHER, REDIRECT, SECOND_STATE, STATE, Stand, people},
    wire::Form,
};

const NONE: &Form = &Form(Vec::new());

#[tokio::test]
async fn the_page_lists_its_people_with_their_accounts() {
    let stand = Stand::open().await;
    let page = stand.waiting().await;
    let reply = stand.get(&page, &[]).await;
    assert_eq!((reply.status, reply.kind.as_str()), (200, "text/html; charset=utf-8"));
    assert!(reply.body.contains("Эмулятор ЕСИА – люди вымышлены"));
    for person in people() {
        assert!(reply.body.contains(&person.name.to_string()), "{}", person.key);
        assert!(reply.body.contains(&format!("value=\"{}\"", person.oid)), "{}", person.key);
        assert!(reply.body.contains(person.account.text_ru()), "{}", person.key);
        assert!(reply.body.contains(&person.key));
    }
    assert!(!reply.body.contains("<script"));
    assert!(!reply.body.contains("type=\"search\""), "four people need no search");
}

#[tokio::test]
async fn a_long_list_is_searched_by_name_and_key() {
    let stand = Stand::with(|settings| {
        let pattern = settings.people[0].clone();
        for n in 0..20 {
            let (key, oid) = (format!("<b>{n}</b>"), 2_000_000_000 + n);
            settings.people.push(eschool_esia::emulator::TestPerson {
                key,
                oid,
                ..pattern.clone()
            });
        }
    })
    .await;
    let page = stand.waiting().await;
    let all = stand.get(&page, &[]).await.body;
    assert!(all.contains("type=\"search\"") && !all.contains("<b>"), "keys are escaped");
    for (sought, found) in [("елкин", 24 - 1), ("ПАПА", 1), ("нет такого", 0)] {
        let query = Form::new([("q", sought)]).encoded();
        let body = stand.get(&format!("{page}?{query}"), &[]).await.body;
        assert_eq!(body.matches("name=\"person\"").count(), found, "{sought}");
    }
}

#[tokio::test]
async fn of_a_book_of_thousands_a_hundred_are_listed_and_anybody_can_be_found() {
    let stand = Stand::with(|settings| {
        let pattern = settings.people[0].clone();
        settings.people.extend((0..20_000).map(|n| eschool_esia::emulator::TestPerson {
            key: format!("ученик-{n}"),
            oid: 2_000_000_000 + n,
            ..pattern.clone()
        }));
    })
    .await;
    let page = stand.waiting().await;
    let body = stand.get(&page, &[]).await.body;
    assert_eq!(body.matches("name=\"person\"").count(), 100);
    assert!(body.contains("ещё 19904"), "{}", body.len());
    let query = Form::new([("q", "УЧЕНИК-19999")]).encoded();
    let body = stand.get(&format!("{page}?{query}"), &[]).await.body;
    assert_eq!(body.matches("name=\"person\"").count(), 1);
    assert!(stand.choose(&page, 2_000_019_999).await.brings("code").is_some());
}

#[tokio::test]
async fn whoever_is_chosen_goes_back_with_code_and_state() {
    let stand = Stand::open().await;
    let reply = stand.choose(&stand.waiting().await, MOTHER).await;
    assert_eq!(reply.status, 303);
    assert!(reply.goes_to().as_str().starts_with(&format!("{REDIRECT}&code=")));
    assert_eq!(reply.brings("state").as_deref(), Some(STATE));
    assert_eq!(reply.brings("from").as_deref(), Some("door"));
    let cookie = reply.cookie.unwrap();
    assert!(cookie.starts_with("esia_emulator_session="), "{cookie}");
    for attribute in ["Path=/", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
}

#[tokio::test]
async fn whoever_refuses_goes_back_with_the_code_of_it() {
    let stand = Stand::open().await;
    let page = stand.waiting().await;
    let reply = stand.post(&format!("{page}/refuse"), &[], NONE).await;
    assert_eq!(reply.status, 303);
    assert_eq!(reply.brings("error").as_deref(), Some("access_denied"));
    assert!(reply.brings("error_description").unwrap().starts_with("ESIA-007004: "));
    assert_eq!(reply.brings("state").as_deref(), Some(STATE));
    assert_eq!((reply.brings("code"), reply.cookie), (None, None));
}

#[tokio::test]
async fn a_request_is_answered_once_and_does_not_wait_forever() {
    let stand = Stand::open().await;
    let (answered, refused, left) =
        (stand.waiting().await, stand.waiting().await, stand.waiting().await);
    stand.choose(&answered, MOTHER).await;
    stand.post(&format!("{refused}/refuse"), &[], NONE).await;
    stand.wait(600);
    for page in [&answered, &refused, &left] {
        assert_eq!(stand.get(page, &[]).await.status, 410);
        assert_eq!(stand.choose(page, MOTHER).await.status, 410);
        assert_eq!(stand.post(&format!("{page}/refuse"), &[], NONE).await.status, 410);
    }
}

#[tokio::test]
async fn nobody_who_is_not_in_the_book_is_chosen() {
    let stand = Stand::open().await;
    let page = stand.waiting().await;
    for form in [
        Form::new([]),
        Form::new([("person", "5")]),
        Form::new([("person", "мама")]),
        Form::new([("person", "-1")]),
        Form::new([("person", "1000000001"), ("person", "1000000002")]),
    ] {
        assert_eq!(stand.post(&page, &[], &form).await.status, 400, "{}", form.encoded());
    }
    assert_eq!(stand.choose(&page, MOTHER).await.status, 303, "the request still waits");
}

#[tokio::test]
async fn two_windows_do_not_mix() {
    let stand = Stand::open().await;
    let of_state = |state| stand.sign_in_form().set("state", state).signed(&stand.test.key);
    let first = stand.authorize(&of_state(STATE), "").await.location.unwrap();
    let second = stand.authorize(&of_state(SECOND_STATE), "").await.location.unwrap();
    assert_ne!(first, second);
    let second = stand.choose(&second, FATHER).await;
    let first = stand.choose(&first, MOTHER).await;
    for (reply, state, oid) in [(first, STATE, MOTHER), (second, SECOND_STATE, FATHER)] {
        assert_eq!(reply.brings("state").as_deref(), Some(state));
        let code = reply.brings("code").unwrap();
        let form = stand.token_form(&code).signed(&stand.test.key);
        let token = stand.exchange(&form).await.json()["access_token"].clone();
        let data = stand.data(&format!("/rs/prns/{oid}"), token.as_str().unwrap()).await;
        assert_eq!(data.status, 200);
    }
}

/// A browser's cookie after somebody signed in.
async fn signed_in(stand: &Stand, oid: u64) -> String {
    let cookie = stand.choose(&stand.waiting().await, oid).await.cookie.unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn who_is_signed_in_goes_on_at_once() {
    let stand = Stand::open().await;
    let cookie = signed_in(&stand, DAUGHTER).await;
    let form = stand.sign_in_form().set("state", SECOND_STATE).signed(&stand.test.key);
    let cookies = format!("eschool_session=x; {cookie}; a=b");
    let reply = stand.authorize(&form, &cookies).await;
    assert_eq!(reply.status, 302);
    assert_eq!(reply.brings("state").as_deref(), Some(SECOND_STATE));
    let form = stand.token_form(&reply.brings("code").unwrap()).signed(&stand.test.key);
    let token = stand.exchange(&form).await.json()["access_token"].clone();
    let data = stand.data(&format!("/rs/prns/{DAUGHTER}"), token.as_str().unwrap()).await;
    assert_eq!(data.json()["firstName"], "Майя");
    let home = stand.get("/", &[("cookie", &cookie)]).await.body;
    assert!(home.contains("<strong>Ёлкина Майя Петровна</strong> (учётная запись – детская)"));
    assert!(home.contains("Войти другим пользователем"));

    stand.wait(3 * 3600);
    let form = stand.sign_in_form().signed(&stand.test.key);
    let reply = stand.authorize(&form, &cookie).await;
    assert!(reply.location.unwrap().starts_with("/login/"), "three hours are over");
}

#[tokio::test]
async fn whoever_may_not_enter_stays_signed_in_until_signing_out() {
    let stand = Stand::with(|settings| settings.people[3].parent_consent = false).await;
    let refused = stand.choose(&stand.waiting().await, DAUGHTER).await;
    let is_refused = |reply: &crate::wire::Reply| {
        let description = reply.brings("error_description").unwrap();
        assert!(description.starts_with("ESIA-036700: "), "{description}");
        assert_eq!((reply.brings("state").as_deref(), reply.brings("code")), (Some(STATE), None));
    };
    is_refused(&refused);
    let cookie = refused.cookie.unwrap().split(';').next().unwrap().to_owned();
    let form = stand.sign_in_form().signed(&stand.test.key);
    is_refused(&stand.authorize(&form, &cookie).await);
    let query = Form::new([("client_id", "TEST"), ("redirect_url", REDIRECT)]).encoded();
    stand.get(&format!("/idp/ext/Logout?{query}"), &[("cookie", &cookie)]).await;
    let reply = stand.authorize(&form, &cookie).await;
    assert!(reply.location.unwrap().starts_with("/login/"));
}

#[tokio::test]
async fn who_signs_out_is_asked_again() {
    let stand = Stand::open().await;
    let cookie = signed_in(&stand, MOTHER).await;
    let query =
        Form::new([("client_id", "TEST"), ("redirect_url", "http://127.0.0.1:8080/bye?a=b")]);
    let path = format!("/idp/ext/Logout?{}", query.encoded());
    let reply = stand.get(&path, &[("cookie", &cookie)]).await;
    assert_eq!((reply.status, reply.goes_to().as_str()), (302, "http://127.0.0.1:8080/bye?a=b"));
    assert!(reply.cookie.unwrap().starts_with("esia_emulator_session=; Path=/; Max-Age=0"));
    let form = stand.sign_in_form().signed(&stand.test.key);
    let reply = stand.authorize(&form, &cookie).await;
    assert!(reply.location.unwrap().starts_with("/login/"), "the cookie opens nothing any more");
    assert_eq!(stand.get(&path, &[]).await.status, 302, "nobody was signed in");
}

#[tokio::test]
async fn signing_out_leads_to_known_hosts_alone() {
    let stand = Stand::open().await;
    let cookie = signed_in(&stand, MOTHER).await;
    for (client, url, code) in [
        ("NOBODY", "http://127.0.0.1:8080/", "ESIA-007002"),
        ("", "http://127.0.0.1:8080/", "ESIA-007014"),
        ("TEST", "", "ESIA-007014"),
        ("TEST", "https://evil.example/", "ESIA-007023"),
        ("TEST", "//evil.example/", "ESIA-007023"),
        ("TEST", "javascript:alert(1)", "ESIA-007023"),
    ] {
        let query = Form::new([("client_id", client), ("redirect_url", url)]).encoded();
        let path = format!("/idp/ext/Logout?{query}");
        let reply = stand.get(&path, &[("cookie", &cookie)]).await;
        assert_eq!((reply.status, &reply.location, &reply.cookie), (400, &None, &None), "{query}");
        assert!(reply.body.contains(code), "{query}");
    }
    let form = stand.sign_in_form().signed(&stand.test.key);
    assert!(stand.authorize(&form, &cookie).await.brings("code").is_some(), "still signed in");
}

#[tokio::test]
async fn somebody_else_may_sign_in_from_the_emulators_own_page() {
    let stand = Stand::open().await;
    let cookie = signed_in(&stand, MOTHER).await;
    let reply = stand.post("/sign-out", &[("cookie", &cookie)], NONE).await;
    assert_eq!((reply.status, reply.location.as_deref()), (303, Some("/")));
    let home = stand.get("/", &[("cookie", &cookie)]).await.body;
    assert!(!home.contains("Ёлкина"));
}

#[tokio::test]
async fn every_page_has_the_headers_it_needs_and_sends_forms_anywhere() {
    let stand = Stand::open().await;
    let cookie = signed_in(&stand, DAUGHTER).await;
    let waiting = stand.waiting().await;
    for (path, status) in [
        ("/", 200),
        (waiting.as_str(), 200),
        ("/login/none", 410),
        ("/nowhere", 404),
        ("/aas/oauth2/v2/ac", 400),
        ("/idp/ext/Logout", 400),
        ("/assets/emulator.css", 200),
        ("/emulator/log", 200),
    ] {
        let reply = stand.get(path, &[("cookie", &cookie)]).await;
        assert_eq!(reply.status, status, "{path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            // the buttons of the log are to be known as its own
            (
                "referrer-policy",
                if path == "/emulator/log" { "same-origin" } else { "no-referrer" },
            ),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(reply.headers[name], value, "{path}");
        }
        let policy = reply.headers["content-security-policy"].to_str().unwrap();
        for part in ["default-src 'none'", "style-src 'self'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        // a form's answer leads to the client, and browsers hold `form-action` against that
        assert!(!policy.contains("form-action"), "{path}: {policy}");
        // nothing on a page needs what the policy forbids
        for inline in ["<script", "style=", " onclick"] {
            assert!(!reply.body.contains(inline), "{path}: {inline}");
        }
    }
}
