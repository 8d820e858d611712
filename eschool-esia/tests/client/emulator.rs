//! PKCE at this crate's emulator, which checks it.

use std::sync::Arc;

use eschool_esia::{
    ambient::Ambient,
    client::{Attempt, Callback, Endpoints, EsiaClient, EsiaError, Pkce, Started, TokenKey},
    emulator::{ClientSystem, Emulator, EmulatorSettings, TokenKeyPair, read_people},
};
use reqwest::{Client, Response, header::LOCATION, redirect::Policy};
use url::Url;

use crate::scene::{CERTIFICATE, CLIENT, ISSUER, client, now, settings};

pub(crate) const PEOPLE: &str = "\
Ключ;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Телефон;Телефон подтверждён;Тип учётной записи
мама;Ёлкина;Анна;Олеговна;14.05.1986;000-000-600 06;;;подтверждённая
";

/// An emulator on a port of its own, and the client that goes with it.
async fn stand(pkce: Pkce) -> (Url, EsiaClient) {
    let system = ClientSystem::new(CLIENT, CERTIFICATE.clone(), ["school.example.ru"]);
    let people = read_people(PEOPLE.as_bytes()).unwrap();
    let ambient = Ambient::system().with_clock(Arc::new(now));
    let key = TokenKeyPair::generate().unwrap();
    let mut book = EmulatorSettings::new(people, vec![system], key, ambient);
    book.issuer = ISSUER.into();
    let emulator = Emulator::new(book);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let mut settings = settings(Endpoints::at(&base));
    settings.token_keys = vec![TokenKey::new(emulator.token_public_key_pem())];
    settings.pkce = pkce;
    tokio::spawn(async move { axum::serve(listener, emulator.router()).await.unwrap() });
    (base, client(settings))
}

fn led_to(answer: &Response) -> &str {
    answer.headers()[LOCATION].to_str().unwrap()
}

/// Somebody signs in on the emulator's page.
pub(crate) async fn back(base: &Url, started: &Started) -> Callback {
    let browser = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
    let asked = browser.get(started.url.clone()).send().await.unwrap();
    let page = base.join(led_to(&asked)).unwrap();
    let form = ("content-type", "application/x-www-form-urlencoded");
    let chosen = browser.post(page).header(form.0, form.1).body("person=1000000001");
    let answer = chosen.send().await.unwrap();
    let url: Url = led_to(&answer).parse().unwrap();
    Callback::parse(url.query().unwrap()).unwrap()
}

#[tokio::test]
async fn with_pkce_and_without_people_sign_in() {
    for pkce in [Pkce::S256, Pkce::Off] {
        let (base, client) = stand(pkce).await;
        let started = client.start().await.unwrap();
        let callback = back(&base, &started).await;
        let person = client.finish(&started.attempt, &callback).await.unwrap();
        assert_eq!(person.oid, "1000000001", "{pkce:?}");
    }
}

#[tokio::test]
async fn a_code_without_the_secret_of_its_attempt_opens_nothing() {
    let (base, client) = stand(Pkce::S256).await;
    let (started, other) = (client.start().await.unwrap(), client.start().await.unwrap());
    let (ours, theirs) = (started.attempt.to_text(), other.attempt.to_text());
    let (first_two, _) = ours.rsplit_once('.').unwrap();
    let (_, secret) = theirs.rsplit_once('.').unwrap();
    let callback = back(&base, &started).await;
    for stolen in [first_two.to_owned(), format!("{first_two}.{secret}")] {
        let attempt = Attempt::parse(&stolen).unwrap();
        let error = client.finish(&attempt, &callback).await.unwrap_err();
        let told = matches!(error, EsiaError::Refused { code: Some(_) });
        assert!(told && error.to_string().ends_with("ESIA-007040"), "{error}");
    }
    client.finish(&started.attempt, &callback).await.unwrap();
}
