//! This crate's emulator, which checks PKCE and the signatures of both interfaces.

use std::sync::Arc;

use eschool_esia::{
    ambient::Ambient,
    certificate::Certificate,
    client::{
        Attempt, Callback, Endpoints, EsiaClient, EsiaError, EsiaSettings, PersonFilter, Pkce,
        Profile, Started, TokenKey,
    },
    emulator::{ClientSystem, Emulator, EmulatorSettings, Interface, TokenKeyPair, read_people},
    signer::{RsaCmsSigner, Signer},
};
use reqwest::{Client, Response, header::LOCATION, redirect::Policy};
use url::Url;

use crate::scene::{CERTIFICATE, CLIENT, ISSUER, now, settings, signer};

const PEOPLE: &str = "\
Ключ;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Телефон;Телефон подтверждён;Тип учётной записи
мама;Ёлкина;Анна;Олеговна;14.05.1986;000-000-600 06;;;подтверждённая
";

/// An emulator on a port of its own, and the client that goes with it.
async fn stand(pkce: Pkce) -> (Url, EsiaClient) {
    let system = ClientSystem::new(CLIENT, CERTIFICATE.clone(), ["school.example.ru"]);
    stand_of(system, Arc::new(signer()), |settings, _| settings.pkce = pkce).await
}

/// An emulator that knows this system, and the system's client: by this signer, with these settings
/// at the emulator's address.
pub(crate) async fn stand_of(
    system: ClientSystem,
    signer: Arc<dyn Signer>,
    change: impl FnOnce(&mut EsiaSettings, &Url),
) -> (Url, EsiaClient) {
    let people = read_people(PEOPLE.as_bytes()).unwrap();
    let ambient = Ambient::system().with_clock(Arc::new(now));
    let key = TokenKeyPair::generate().unwrap();
    let mut book = EmulatorSettings::new(people, vec![system], key, ambient.clone());
    book.issuer = ISSUER.into();
    let emulator = Emulator::new(book);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let mut settings = settings(Endpoints::at(&base));
    settings.token_keys = vec![TokenKey::new(emulator.token_public_key_pem())];
    change(&mut settings, &base);
    tokio::spawn(async move { axum::serve(listener, emulator.router()).await.unwrap() });
    (base, EsiaClient::new(settings, signer, ambient).unwrap())
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
    for pkce in [Pkce::S256, Pkce::Gost3411, Pkce::Off] {
        let (base, client) = stand(pkce).await;
        let started = client.start().await.unwrap();
        let callback = back(&base, &started).await;
        let person = client.finish(&started.attempt, &callback).await.unwrap();
        assert_eq!(person.oid, "1000000001", "{pkce:?}");
    }
}

/// The only person there has a confirmed account and is no child.
#[tokio::test]
async fn esia_lets_in_whom_the_filter_names_alone() {
    for (filter, enters) in [
        (None, true),
        (Some(PersonFilter::Confirmed), true),
        (Some(PersonFilter::NoChildren), true),
        (Some(PersonFilter::Children), false),
    ] {
        let system = ClientSystem::new(CLIENT, CERTIFICATE.clone(), ["school.example.ru"]);
        let (base, client) = stand_of(system, Arc::new(signer()), |settings, _| {
            settings.person_filter = filter;
        })
        .await;
        let started = client.start().await.unwrap();
        let callback = back(&base, &started).await;
        let result = client.finish(&started.attempt, &callback).await;
        assert_eq!(result.is_ok(), enters, "{filter:?}");
        assert!(enters || matches!(result, Err(EsiaError::Refused { code: Some(_) })));
    }
}

#[tokio::test]
async fn a_code_without_the_secret_of_its_attempt_opens_nothing() {
    for pkce in [Pkce::S256, Pkce::Gost3411] {
        let (base, client) = stand(pkce).await;
        let (started, other) = (client.start().await.unwrap(), client.start().await.unwrap());
        let (ours, theirs) = (started.attempt.to_text(), other.attempt.to_text());
        let (first_two, _) = ours.rsplit_once('.').unwrap();
        let (_, secret) = theirs.rsplit_once('.').unwrap();
        let callback = back(&base, &started).await;
        for stolen in [first_two.to_owned(), format!("{first_two}.{secret}")] {
            let attempt = Attempt::parse(&stolen).unwrap();
            let error = client.finish(&attempt, &callback).await.unwrap_err();
            let told = matches!(error, EsiaError::Refused { code: Some(_) });
            assert!(told && error.to_string().ends_with("ESIA-007040"), "{pkce:?}: {error}");
        }
        client.finish(&started.attempt, &callback).await.unwrap();
    }
}

const RSA: &str = include_str!("../keys/rsa.pem");

#[tokio::test]
async fn people_sign_in_through_both_interfaces_with_every_signer_in_parallel_windows() {
    let ambient = Ambient::system().with_clock(Arc::new(now));
    let rsa = Certificate::from_pem(RSA).unwrap();
    let signers: [(Interface, Certificate, Arc<dyn Signer>); 3] = [
        (Interface::V3, CERTIFICATE.clone(), Arc::new(signer())),
        (Interface::Legacy, CERTIFICATE.clone(), Arc::new(signer().cms(ambient.clone()))),
        (Interface::Legacy, rsa, Arc::new(RsaCmsSigner::read(RSA, RSA, ambient).unwrap())),
    ];
    for (interface, certificate, signer) in signers {
        let mut system = ClientSystem::new(CLIENT, certificate, ["school.example.ru"]);
        system.interfaces = vec![interface];
        let (base, client) = stand_of(system, signer, |settings, base| {
            if interface == Interface::Legacy {
                settings.profile = Profile::Legacy;
                settings.endpoints = Endpoints::legacy_at(base);
            }
        })
        .await;
        let (one, other) = tokio::join!(client.start(), client.start());
        let (one, other) = (one.unwrap(), other.unwrap());
        let (back_of_other, back_of_one) = tokio::join!(back(&base, &other), back(&base, &one));
        let crossed = client.finish(&one.attempt, &back_of_other).await.unwrap_err();
        assert!(matches!(crossed, EsiaError::StateMismatch), "{interface:?}");
        let (one, other) = tokio::join!(
            client.finish(&one.attempt, &back_of_one),
            client.finish(&other.attempt, &back_of_other),
        );
        for person in [one.unwrap(), other.unwrap()] {
            assert_eq!(person.oid, "1000000001", "{interface:?}");
        }
    }
}
