//! This crate's own client signs people in at the emulator.

use std::sync::Arc;

use eschool_core::signin::Assurance;
use eschool_esia::client::{Callback, EsiaClient, EsiaError, Started};

use crate::{
    stand::{DAUGHTER, FATHER, MOTHER, NOBODY_KNOWS, Stand},
    wire::Form,
};

async fn open() -> (Stand, EsiaClient) {
    let (stand, settings, signer) = Stand::beside().await;
    let client = EsiaClient::new(settings, Arc::new(signer), stand.ambient.clone()).unwrap();
    (stand, client)
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
    let (stand, client) = open().await;
    for (oid, assurance, given, snils, phone, email) in [
        (MOTHER, Assurance::Confirmed, "Анна", true, true, true),
        (NOBODY_KNOWS, Assurance::Unconfirmed, "Ян", false, false, false),
        (FATHER, Assurance::Unconfirmed, "Пётр", true, false, false),
        (DAUGHTER, Assurance::Child, "Майя", false, false, false),
    ] {
        let started = client.start().await.unwrap();
        assert!(started.url.query_pairs().any(|(name, _)| name == "code_challenge"));
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
    let (stand, client) = open().await;
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
    let (stand, client) = open().await;
    let logout = async |back: &str| {
        let url = client.logout_url(&back.parse().unwrap()).await.unwrap();
        stand.get(url.as_str().strip_prefix(&stand.base).unwrap(), &[]).await
    };
    let reply = logout("http://127.0.0.1:8080/sign-in").await;
    assert_eq!((reply.status, reply.goes_to().path()), (302, "/sign-in"));
    for elsewhere in ["http://127.0.0.1:8081/", "http://127.0.0.1/", "http://localhost:8080/"] {
        let reply = logout(elsewhere).await;
        assert_eq!((reply.status, reply.location), (400, None), "{elsewhere}");
    }
}
