//! `/rs/prns/{oid}/kids`, and contacts that only a book in TOML has.

use eschool_esia::emulator::{Book, TestContact};

use crate::stand::{DAUGHTER, FATHER, MOTHER, Stand};

async fn family() -> Stand {
    Stand::with(|settings| {
        settings.people[0].children = vec![DAUGHTER, FATHER];
        settings.people[0].contacts =
            vec![TestContact { kind: "PHN".into(), value: "+7(495)1234567".into() }];
        settings.people[3].snils = "000-000-600 09".parse().ok();
    })
    .await
}

const KIDS: &str = "kid_fullname kid_birthdate kid_snils";

#[tokio::test]
async fn children_are_told_within_the_scope() {
    let stand = family().await;
    let path = format!("/rs/prns/{MOTHER}/kids?embed=(elements)");
    let token = stand.access_to(MOTHER, KIDS).await;
    insta::assert_json_snapshot!("kids", stand.data(&path, &token).await.json());
    for (scope, told) in [
        ("openid kid_fullname", &["firstName", "lastName", "middleName"][..]),
        ("kid_birthdate", &["birthDate"]),
        ("fullname kid_snils", &["snils"]),
    ] {
        let token = stand.access_to(MOTHER, scope).await;
        let json = stand.data(&path, &token).await.json();
        for field in ["firstName", "lastName", "middleName", "birthDate", "snils"] {
            let there = json["elements"][0].get(field).is_some();
            assert_eq!(there, told.contains(&field), "{scope}: {field}");
        }
    }
}

#[tokio::test]
async fn without_embedding_children_are_addresses() {
    let stand = family().await;
    let token = stand.access_to(MOTHER, KIDS).await;
    let json = stand.data(&format!("/rs/prns/{MOTHER}/kids"), &token).await.json();
    assert_eq!(json["size"], 2);
    let address = json["elements"][0].as_str().unwrap();
    let child = stand.data(address.strip_prefix(&stand.base).unwrap(), &token).await.json();
    assert_eq!((&child["id"], &child["firstName"]), (&DAUGHTER.into(), &"Майя".into()));
    let foreign = stand.data(&format!("/rs/prns/{MOTHER}/kids/{MOTHER}"), &token).await;
    assert_eq!(foreign.status, 404);
}

#[tokio::test]
async fn children_are_the_persons_own_and_need_their_scope() {
    let stand = family().await;
    let token = stand.access_to(MOTHER, KIDS).await;
    let narrow = stand.access_to(MOTHER, "openid fullname snils contacts").await;
    let father = stand.access_to(FATHER, KIDS).await;
    for (path, token, status) in [
        (format!("/rs/prns/{MOTHER}/kids"), &narrow, 403),
        (format!("/rs/prns/{FATHER}/kids"), &token, 403),
        (format!("/rs/prns/{DAUGHTER}"), &token, 403),
        (format!("/rs/prns/{MOTHER}/kids/{DAUGHTER}"), &father, 403),
        (format!("/rs/prns/{MOTHER}/kids"), &"wrong".into(), 401),
    ] {
        assert_eq!(stand.data(&path, token).await.status, status, "{path}");
    }
    let none = stand.data(&format!("/rs/prns/{FATHER}/kids"), &father).await.json();
    assert_eq!((&none["size"], none["elements"].as_array().unwrap().len()), (&0.into(), 0));
}

#[tokio::test]
async fn further_contacts_are_never_verified_and_need_their_scope() {
    let stand = family().await;
    let path = format!("/rs/prns/{MOTHER}/ctts?embed=(elements)");
    let every = stand.access_to(MOTHER, "contacts").await;
    let json = stand.data(&path, &every).await.json();
    let last = &json["elements"][2];
    assert_eq!((&last["type"], &last["vrfStu"]), (&"PHN".into(), &"NOT_VERIFIED".into()));
    assert_eq!(last["value"], "+7(495)1234567");
    let mobile = stand.access_to(MOTHER, "mobile email").await;
    assert_eq!(stand.data(&path, &mobile).await.json()["size"], 2);
}

#[test]
fn a_book_says_who_is_whose_child() {
    let text = "[[person]]\nkey='a'\nfamily='Ли'\ngiven='Ян'\nborn=1990-01-01\naccount='confirmed'\n\
                children=['b']\n[[person]]\nkey='b'\nfamily='Ли'\ngiven='Ия'\nborn=2015-01-01\n\
                account='child'\n";
    let book = Book::parse(text, std::path::Path::new("."), None).unwrap();
    assert_eq!(book.people[0].children, [book.people[1].oid]);
}
