//! What ЕСИА does unlike the standard, or unlike itself, and is no reason to refuse anybody.

use chrono::{DateTime, TimeDelta, Utc};
use eschool_core::{identity::Patronymic, signin::Assurance};
use serde_json::{Value, json};

use crate::{
    scene::{OID, Scene, merge, now},
    server::Reply,
};

#[tokio::test]
async fn odd_forms_are_read() {
    type Change = fn(&mut Scene);
    let cases: [(&str, Change); 20] = [
        ("sub as a text", |s| merge(&mut s.id.claims, json!({"sub": OID.to_string()}))),
        ("an audience of one", |s| merge(&mut s.id.claims, json!({"aud": ["PORTAL62"]}))),
        ("amr as a list", |s| merge(&mut s.id.claims, json!({"amr": ["PWD", "OTP"]}))),
        ("no amr", |s| merge(&mut s.id.claims, json!({"amr": null}))),
        ("acr as an object", |s| merge(&mut s.id.claims, json!({"acr": {"2fa": "otp"}}))),
        ("claims nobody knows", |s| {
            merge(&mut s.id.claims, json!({"urn:esia:new": {"a": [1, 2.5]}, "nonce": 7}));
        }),
        ("times with fractions", |s| {
            let exp = (now() + TimeDelta::hours(1)).timestamp();
            merge(&mut s.id.claims, json!({"exp": exp as f64 + 0.5}));
        }),
        ("padded parts", |s| s.id.spoil = |token| token + "=="),
        ("a clock that is 59 seconds ahead", |s| {
            let at = (now() + TimeDelta::seconds(59)).timestamp();
            merge(&mut s.id.claims, json!({"nbf": at, "iat": at}));
        }),
        ("a clock that is 59 seconds behind", |s| {
            let at = (now() - TimeDelta::seconds(59)).timestamp();
            merge(&mut s.id.claims, json!({"exp": at}));
        }),
        ("the owner of the access token as a text", |s| {
            merge(&mut s.access.claims, json!({"urn:esia:sbj_id": OID.to_string()}));
        }),
        ("the last instant of the calendar as the end", |s| {
            let exp = DateTime::<Utc>::MAX_UTC.timestamp();
            merge(&mut s.id.claims, json!({"exp": exp}));
            merge(&mut s.access.claims, json!({"exp": exp}));
        }),
        ("the first instant of the calendar as the begin", |s| {
            merge(&mut s.id.claims, json!({"nbf": DateTime::<Utc>::MIN_UTC.timestamp()}));
        }),
        ("a clock that was 59 seconds behind when the token was issued", |s| {
            let at = (now() - TimeDelta::seconds(59)).timestamp();
            merge(&mut s.id.claims, json!({"iat": at}));
            merge(&mut s.access.claims, json!({"iat": at}));
        }),
        ("a token of an earlier sign-in, where that is set", |s| {
            let at = (now() - TimeDelta::hours(1)).timestamp();
            merge(&mut s.id.claims, json!({"iat": at, "nbf": at}));
            s.settings = Box::new(|settings| settings.fresh_tokens_alone = false);
        }),
        ("expires_in as a text", |s| s.answer = |a| merge(a, json!({"expires_in": "3600"}))),
        ("no expires_in", |s| s.answer = |a| merge(a, json!({"expires_in": null}))),
        ("a refresh token and a scope", |s| {
            s.answer = |a| merge(a, json!({"refresh_token": "r", "scope": "openid", "x": {}}));
        }),
        ("a lower-case token type", |s| s.answer = |a| merge(a, json!({"token_type": "bearer"}))),
        ("data that name the person", |s| {
            s.person = Scene::person_with(json!({"oid": OID.to_string()}));
        }),
    ];
    for (name, change) in cases {
        let mut scene = Scene::good();
        change(&mut scene);
        let person = scene.play().await.result.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((person.oid.as_str(), &person.assurance), ("1000299353", &Assurance::Confirmed));
    }
}

#[tokio::test]
async fn an_account_is_confirmed_only_where_token_and_data_say_so() {
    use Assurance::{Child, Confirmed, Unconfirmed};
    for (level, trusted, expected) in [
        (json!("PR"), json!(true), Confirmed),
        (json!("PR"), json!(false), Unconfirmed),
        (json!("PR"), Value::Null, Unconfirmed),
        (json!("PR"), json!("true"), Unconfirmed),
        (json!("P"), json!(true), Unconfirmed),
        (Value::Null, json!(true), Unconfirmed),
        (json!("pr"), json!(true), Unconfirmed),
        (json!(2), json!(true), Unconfirmed),
        (json!(["PR"]), json!(true), Unconfirmed),
        (json!("KD"), json!(false), Child),
        (json!("KD"), json!(true), Child),
    ] {
        let mut scene = Scene::good();
        merge(&mut scene.id.claims["urn:esia:sbj"], json!({"urn:esia:sbj:lvl": level}));
        scene.person = Scene::person_with(json!({"trusted": trusted}));
        let person = scene.play().await.result.unwrap();
        assert_eq!(person.assurance, expected, "{level} {trusted}");
    }
}

#[tokio::test]
async fn the_level_of_older_tokens_is_read_too() {
    let mut scene = Scene::good();
    merge(&mut scene.id.claims, json!({"urn:esia:sbj": null, "urn:esia:sbj:lvl": "KD"}));
    assert_eq!(scene.play().await.result.unwrap().assurance, Assurance::Child);

    let mut scene = Scene::good();
    merge(&mut scene.id.claims, json!({"urn:esia:sbj": "P", "urn:esia:sbj:lvl": "PR"}));
    assert_eq!(scene.play().await.result.unwrap().assurance, Assurance::Confirmed);
    let mut scene = Scene::good();
    merge(&mut scene.id.claims, json!({"urn:esia:sbj": [], "urn:esia:sbj:lvl": 1}));
    assert_eq!(scene.play().await.result.unwrap().assurance, Assurance::Unconfirmed);
}

#[tokio::test]
async fn a_field_that_is_no_good_is_absent_and_keeps_nobody_out() {
    let mut scene = Scene::good();
    scene.person = Scene::person_with(json!({
        "snils": "112-233-445 96", "birthDate": "30.02.2000", "middleName": "№1",
    }));
    scene.contacts = Reply::json(
        200,
        json!({"elements": [
            {"type": "MBT", "vrfStu": "NOT_VERIFIED", "value": "+7(912)3456789"},
            {"type": "MBT", "vrfStu": "VERIFIED", "value": "+7(491)2253311"},
            {"type": "PHN", "vrfStu": "VERIFIED", "value": "+7(912)3456789"},
            {"type": "EML", "vrfStu": "VERIFIED", "value": 7},
            {"type": "CEM", "vrfStu": "VERIFIED", "value": "work@example.ru"},
            7,
        ]}),
    );
    let person = scene.play().await.result.unwrap();
    assert_eq!((person.snils, person.birth_date), (None, None));
    assert_eq!(person.name.patronymic(), &Patronymic::Missing);
    assert_eq!((person.verified_phone, person.verified_email), (None, None));
}

#[tokio::test]
async fn absent_data_are_absent() {
    let mut scene = Scene::good();
    let only_name = json!({"lastName": " Ёлкина ", "firstName": "Анна"});
    scene.person = Reply::json(200, only_name);
    scene.contacts = Reply::json(200, json!({"elements": [], "size": 0}));
    let person = scene.play().await.result.unwrap();
    assert_eq!(person.assurance, Assurance::Unconfirmed);
    assert_eq!(person.name.family(), "Ёлкина");
    assert_eq!((person.snils, person.birth_date, person.verified_phone), (None, None, None));
}

#[tokio::test]
async fn contacts_that_the_scope_does_not_hold_are_absent() {
    let mut scene = Scene::good();
    scene.contacts = Reply::json(403, json!({"code": "ESIA-005011"}));
    let person = scene.play().await.result.unwrap();
    assert_eq!((person.verified_phone, person.verified_email), (None, None));
    assert!(person.snils.is_some());
}
