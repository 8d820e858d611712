//! People sign in.

use eschool_core::{
    error::CodedError as _,
    identity::Patronymic,
    signin::{Assurance, EsiaPerson},
};
use eschool_esia::{
    ambient::Ambient,
    client::{
        Attempt, Callback, ClientAuth, ClientSecret, EsiaClient, EsiaError, GatewayAlgorithm,
        GatewaySettings, Started,
    },
};
use url::Url;

use crate::{browser::Browser, provider::Provider};

fn settings(provider: &Provider) -> GatewaySettings {
    let secret = ClientSecret::new("secret");
    let redirect = "https://school.example.ru/esia".parse().unwrap();
    let mut settings = GatewaySettings::new(provider.issuer(), "diary", secret, redirect);
    settings.scopes.push("esia".into());
    settings.claims.level = "level".into();
    settings
}

fn client(settings: GatewaySettings) -> EsiaClient {
    EsiaClient::gateway(settings, Ambient::system()).unwrap()
}

async fn back(started: &Started, person: &str) -> Callback {
    let back = Browser::new().sign_in(&started.url, person).await;
    assert_eq!((back.host_str(), back.path()), (Some("school.example.ru"), "/esia"));
    Callback::parse(back.query().unwrap()).unwrap()
}

async fn sign_in(client: &EsiaClient, person: &str) -> Result<EsiaPerson, EsiaError> {
    let started = client.start().await?;
    let callback = back(&started, person).await;
    // As a cookie keeps it.
    let attempt = Attempt::parse(&started.attempt.to_text()).unwrap();
    client.finish(&attempt, &callback).await
}

#[tokio::test]
#[ignore = "needs oidc-provider: cargo xtask test --only gateway"]
async fn a_parent_signs_in_however_the_secret_goes_and_the_token_is_signed() {
    let provider = Provider::run().await;
    for (id, auth, algorithm) in [
        ("diary", ClientAuth::Basic, GatewayAlgorithm::Rs256),
        ("diary-post", ClientAuth::Post, GatewayAlgorithm::Rs256),
        ("diary-es", ClientAuth::Basic, GatewayAlgorithm::Es256),
    ] {
        let mut settings = settings(&provider);
        (settings.client_id, settings.client_auth) = (id.into(), auth);
        settings.id_token_algorithm = algorithm;
        let person =
            sign_in(&client(settings), "mother").await.unwrap_or_else(|e| panic!("{id}: {e}"));
        assert_eq!((person.oid.as_str(), &person.assurance), ("mother", &Assurance::Confirmed));
        assert_eq!((person.name.family(), person.name.given()), ("Ёлкина", "Анна"));
        assert_eq!(person.name.patronymic().as_deref(), Some("Олеговна"));
        assert_eq!(person.birth_date, "17.05.1985".parse().ok());
        assert_eq!(person.snils.unwrap().to_string(), "000-000-600 06");
        assert_eq!(person.verified_phone.unwrap().to_string(), "+79123456789");
        assert_eq!(person.verified_email.unwrap().to_string(), "anna@example.ru");
        let [child] = person.children.try_into().ok().unwrap();
        assert_eq!(child.name.unwrap().given(), "Вера");
        assert_eq!((child.birth_date, child.snils), ("08.03.2015".parse().ok(), None));
    }
}

#[tokio::test]
#[ignore = "needs oidc-provider: cargo xtask test --only gateway"]
async fn what_is_not_vouched_for_is_absent() {
    let provider = Provider::run().await;
    let client = client(settings(&provider));
    let person = sign_in(&client, "stranger").await.unwrap();
    assert_eq!((person.name.given(), person.name.patronymic()), ("Ян", &Patronymic::Missing));
    assert_eq!(person.assurance, Assurance::Unconfirmed);
    assert_eq!((person.birth_date, person.snils), (None, None));
    assert_eq!((person.verified_phone, person.verified_email), (None, None));
    assert!(person.children.is_empty());
    assert_eq!(sign_in(&client, "nameless").await.unwrap_err().code(), "esia_name_missing");
}

#[tokio::test]
#[ignore = "needs oidc-provider: cargo xtask test --only gateway"]
async fn two_windows_do_not_mix() {
    let provider = Provider::run().await;
    let client = client(settings(&provider));
    let (one, other) = (client.start().await.unwrap(), client.start().await.unwrap());
    let (code_of_one, code_of_other) = (back(&one, "mother").await, back(&other, "stranger").await);
    let crossed = client.finish(&one.attempt, &code_of_other).await.unwrap_err();
    assert_eq!(crossed.code(), "esia_state_mismatch");
    let person = client.finish(&other.attempt, &code_of_other).await.unwrap();
    assert_eq!(person.oid, "stranger");
    assert_eq!(client.finish(&one.attempt, &code_of_one).await.unwrap().oid, "mother");
}

#[tokio::test]
#[ignore = "needs oidc-provider: cargo xtask test --only gateway"]
async fn a_code_is_good_once_and_only_with_its_attempts_secret() {
    let provider = Provider::run().await;
    let client = client(settings(&provider));
    let (started, other) = (client.start().await.unwrap(), client.start().await.unwrap());
    let callback = back(&started, "mother").await;
    let (ours, theirs) = (started.attempt.to_text(), other.attempt.to_text());
    let [ours, theirs] = [&ours, &theirs].map(|text| text.split('.').collect::<Vec<_>>());
    let stolen = [ours[0], ours[1], theirs[2], theirs[3]].join(".");
    let error = client.finish(&Attempt::parse(&stolen).unwrap(), &callback).await.unwrap_err();
    assert_eq!(error.to_string(), "the gateway refused the code: invalid_grant");
    assert!(error.text_ru().contains("Войдите ещё раз"));

    // The provider has taken the code back; with a fresh one, once is enough.
    let started = client.start().await.unwrap();
    let callback = back(&started, "mother").await;
    client.finish(&started.attempt, &callback).await.unwrap();
    let again = client.finish(&started.attempt, &callback).await.unwrap_err();
    assert_eq!(again.to_string(), "the gateway refused the code: invalid_grant");
}

#[tokio::test]
#[ignore = "needs oidc-provider: cargo xtask test --only gateway"]
async fn new_keys_are_fetched_and_a_wrong_secret_is_told() {
    let provider = Provider::run().await;
    let ours = client(settings(&provider));
    sign_in(&ours, "mother").await.unwrap();
    let provider = provider.start_again().await;
    sign_in(&ours, "mother").await.expect("the keys are asked for anew");

    let mut wrong = settings(&provider);
    wrong.client_secret = ClientSecret::new("another");
    let error = sign_in(&client(wrong), "mother").await.unwrap_err();
    assert_eq!(error.to_string(), "the gateway refused the code: invalid_client");
    let mut algorithm = settings(&provider);
    (algorithm.client_id, algorithm.id_token_algorithm) =
        ("diary-es".into(), GatewayAlgorithm::Rs256);
    let error = sign_in(&client(algorithm), "mother").await.unwrap_err();
    assert_eq!(error.code(), "esia_token_algorithm");
    let mut elsewhere = settings(&provider);
    elsewhere.issuer.push('/');
    let error = client(elsewhere).start().await.unwrap_err();
    assert_eq!(error.code(), "esia_gateway_issuer");
}

#[tokio::test]
#[ignore = "needs oidc-provider: cargo xtask test --only gateway"]
async fn who_refuses_is_told_so_and_who_signs_out_comes_back() {
    let provider = Provider::run().await;
    let client = client(settings(&provider));
    let school: Url = "https://school.example.ru/".parse().unwrap();
    let started = client.start().await.unwrap();
    let refused = format!("error=access_denied&state={}", started.attempt.state());
    let refused = Callback::parse(&format!("{refused}&iss={}", provider.issuer())).unwrap();
    let error = client.finish(&started.attempt, &refused).await.unwrap_err();
    assert_eq!(error.code(), "esia_denied");

    let out = client.logout_url(&school).await.unwrap();
    assert_eq!(out.path(), "/session/end");
    let query: std::collections::HashMap<_, _> = out.query_pairs().into_owned().collect();
    assert_eq!(query["client_id"], "diary");
    assert_eq!(query["post_logout_redirect_uri"], school.as_str());
    let page = reqwest::get(out).await.unwrap();
    assert_eq!(page.status(), 200, "the provider knows the system and the way back");
}
