//! This crate's own client signs people in at the emulator.

use std::sync::Arc;

use eschool_core::signin::Assurance;
use eschool_esia::{
    client::{Callback, Endpoints, EsiaClient, EsiaError, EsiaSettings, Started, TokenKey},
    signer::GostSigner,
};

use crate::{
    stand::{DAUGHTER, FATHER, MOTHER, NOBODY_KNOWS, REDIRECT, Stand},
    wire::Form,
};

fn client(stand: &Stand) -> EsiaClient {
    let settings = EsiaSettings::new(
        "TEST",
        REDIRECT.parse().unwrap(),
        Endpoints::at(&stand.base.parse().unwrap()),
        "http://esia-portal1.test.gosuslugi.ru/",
        vec![TokenKey::new(stand.emulator.token_public_key_pem())],
    );
    let key = stand.test.key.to_pkcs8_pem().unwrap();
    let signer = GostSigner::read(&key, &stand.test.certificate.to_pem().unwrap()).unwrap();
    EsiaClient::new(settings, Arc::new(signer), stand.ambient.clone()).unwrap()
}

/// The page of the people, where a browser goes that follows the client's address.
async fn page(stand: &Stand, started: &Started) -> String {
    let path = started.url.as_str().strip_prefix(&stand.base).unwrap();
    stand.get(path, &[]).await.location.unwrap()
}

fn callback(reply: &crate::wire::Reply) -> Callback {
    Callback::parse(reply.goes_to().query().unwrap()).unwrap()
}

#[tokio::test]
async fn everybody_is_who_the_book_says() {
    let stand = Stand::open().await;
    let client = client(&stand);
    for (oid, assurance, given, snils, phone, email) in [
        (MOTHER, Assurance::Confirmed, "Анна", true, true, true),
        (NOBODY_KNOWS, Assurance::Unconfirmed, "Ян", false, false, false),
        (FATHER, Assurance::Unconfirmed, "Пётр", true, false, false),
        (DAUGHTER, Assurance::Child, "Майя", false, false, false),
    ] {
        let started = client.start().await.unwrap();
        let reply = stand.choose(&page(&stand, &started).await, oid).await;
        let person = client.finish(&started.attempt, &callback(&reply)).await.unwrap();
        assert_eq!((person.oid, person.assurance), (oid.to_string(), assurance));
        assert_eq!(person.name.given(), given);
        assert!(person.birth_date.is_some());
        let told = (person.snils.is_some(), person.verified_phone.is_some());
        assert_eq!(told, (snils, phone), "{given}");
        assert_eq!(person.verified_email.is_some(), email, "{given}");
    }
}

#[tokio::test]
async fn what_goes_wrong_has_its_own_error() {
    let stand = Stand::open().await;
    let client = client(&stand);
    let (mine, other) = (client.start().await.unwrap(), client.start().await.unwrap());
    let refused = format!("{}/refuse", page(&stand, &other).await);
    let reply = stand.post(&refused, &[], &Form::new([])).await;
    let denied = client.finish(&other.attempt, &callback(&reply)).await;
    assert!(matches!(denied, Err(EsiaError::Denied)), "{denied:?}");

    let reply = stand.choose(&page(&stand, &mine).await, MOTHER).await;
    let mixed = client.finish(&other.attempt, &callback(&reply)).await;
    assert!(matches!(mixed, Err(EsiaError::StateMismatch)), "{mixed:?}");
    client.finish(&mine.attempt, &callback(&reply)).await.unwrap();
    let again = client.finish(&mine.attempt, &callback(&reply)).await.unwrap_err();
    assert!(again.to_string().contains("ESIA-007011"), "{again}");
}

#[tokio::test]
async fn whoever_signs_out_comes_back() {
    let stand = Stand::open().await;
    let back = "http://127.0.0.1:8080/sign-in".parse().unwrap();
    let url = client(&stand).logout_url(&back);
    let reply = stand.get(url.as_str().strip_prefix(&stand.base).unwrap(), &[]).await;
    assert_eq!((reply.status, reply.goes_to()), (302, back));
}
