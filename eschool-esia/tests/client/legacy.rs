//! The old interface: what it signs, how, and with which signer.

use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::{Arc, LazyLock},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use eschool_core::error::CodedError as _;
use eschool_esia::{
    ambient::Ambient,
    certificate::Certificate,
    client::{Endpoints, EsiaClient, EsiaSettings, Profile, SettingsError},
    cms::{self, CmsError},
    signer::{RsaCmsSigner, SignatureForm, Signer},
};
use serde_json::json;

use crate::{
    scene::{CERTIFICATE, CLIENT, CODE, Scene, now, settings, sign_in, signer},
    server::{Reply, Server},
};

const SCOPE: &str = "openid fullname birthdate snils mobile email";
const RSA: &str = include_str!("../keys/rsa.pem");

static RSA_CERTIFICATE: LazyLock<Certificate> =
    LazyLock::new(|| Certificate::from_pem(RSA).unwrap());

fn ambient() -> Ambient {
    Ambient::system().with_clock(Arc::new(now))
}

/// A signer of each algorithm.
fn signers() -> [(Arc<dyn Signer>, &'static Certificate); 2] {
    let rsa = RsaCmsSigner::read(RSA, RSA, ambient()).unwrap();
    [(Arc::new(signer().cms(ambient())), &CERTIFICATE), (Arc::new(rsa), &RSA_CERTIFICATE)]
}

fn legacy(endpoints: Endpoints) -> EsiaSettings {
    EsiaSettings { profile: Profile::Legacy, ..settings(endpoints) }
}

fn made(settings: EsiaSettings, signer: Arc<dyn Signer>) -> Result<EsiaClient, SettingsError> {
    EsiaClient::new(settings, signer, ambient())
}

/// Whether the `client_secret` of these parameters signs the old interface's string.
fn judge(parameters: &HashMap<String, String>, certificate: &Certificate) -> Result<(), CmsError> {
    let der = BASE64_URL_SAFE_NO_PAD.decode(&parameters["client_secret"]).unwrap();
    let message = [SCOPE, &parameters["timestamp"], CLIENT, &parameters["state"]].concat();
    cms::verify(&der, message.as_bytes(), certificate)
}

#[tokio::test]
async fn the_browser_goes_to_the_old_address_with_a_signature_in_cms() {
    for (signer, certificate) in signers() {
        let client = made(legacy(Endpoints::legacy_production()), signer).unwrap();
        let started = client.start().await.unwrap();
        assert!(started.url.as_str().starts_with("https://esia.gosuslugi.ru/aas/oauth2/ac?"));
        let pairs: Vec<_> = started.url.query_pairs().into_owned().collect();
        let query: HashMap<_, _> = pairs.iter().cloned().collect();
        assert_eq!(query.len(), pairs.len(), "a parameter stands twice");
        let mut names: Vec<_> = query.keys().map(String::as_str).collect();
        names.sort_unstable();
        let expected = [
            "access_type",
            "client_id",
            "client_secret",
            "redirect_uri",
            "response_type",
            "scope",
            "state",
            "timestamp",
        ];
        assert_eq!(names, expected);
        assert_eq!(query["timestamp"], "2026.01.15 12:00:00 +0300");
        assert_eq!(query["state"], started.attempt.state().to_string());
        assert_eq!(judge(&query, certificate), Ok(()));
    }
}

#[tokio::test]
async fn a_person_signs_in_through_the_old_interface() {
    for (signer, certificate) in signers() {
        let person = Scene::person();
        let (id, access) = (Scene::good().id.token(), Scene::good().access.token());
        let server = Server::run(move |request| match request.target.as_str() {
            "/aas/oauth2/te" => Reply::json(
                200,
                json!({"access_token": access, "id_token": id, "token_type": "Bearer",
                       "state": request.form["state"], "expires_in": 3600}),
            ),
            "/rs/prns/1000299353" => Reply::json(200, &person),
            _ => Reply::json(200, json!({"elements": []})),
        })
        .await;
        let client = made(legacy(Endpoints::legacy_at(&server.base)), signer).unwrap();
        assert_eq!(sign_in(&client).await.unwrap().name.given(), "Анна");

        let [exchange] = server.seen("/aas/").try_into().ok().unwrap();
        let form = exchange.form;
        for (name, expected) in [
            ("client_id", CLIENT),
            ("code", CODE),
            ("grant_type", "authorization_code"),
            ("scope", SCOPE),
            ("redirect_uri", "https://school.example.ru/esia"),
            ("token_type", "Bearer"),
        ] {
            assert_eq!(form[name], expected, "{name}");
        }
        assert_eq!(form.len(), 9, "no certificate's hash and nothing else");
        assert_eq!(judge(&form, certificate), Ok(()), "the code is not signed here");
    }
}

#[test]
fn a_signer_or_an_address_of_the_other_interface_is_refused() {
    let cms = || -> Arc<dyn Signer> { Arc::new(signer().cms(ambient())) };
    let plain = || -> Arc<dyn Signer> { Arc::new(signer()) };
    let base = &"https://proxy.example.ru/esia".parse().unwrap();
    let mut mixed = Endpoints::production();
    mixed.authorize = Endpoints::legacy_production().authorize;
    let mut renamed = Endpoints::at(base);
    renamed.authorize = "https://proxy.example.ru/sign-in".parse().unwrap();
    renamed.token = "https://proxy.example.ru/token".parse().unwrap();
    let foreign = |profile| Err(SettingsError::ProfileEndpoints { profile });
    for (profile, endpoints, signer, expected) in [
        (Profile::V3, Endpoints::production(), plain(), Ok(())),
        (Profile::Legacy, Endpoints::legacy_production(), cms(), Ok(())),
        (Profile::V3, renamed.clone(), plain(), Ok(())),
        (Profile::Legacy, renamed, cms(), Ok(())),
        (
            Profile::V3,
            Endpoints::production(),
            cms(),
            Err(SettingsError::SignerForm { profile: Profile::V3, form: SignatureForm::Cms }),
        ),
        (
            Profile::Legacy,
            Endpoints::legacy_production(),
            plain(),
            Err(SettingsError::SignerForm { profile: Profile::Legacy, form: SignatureForm::Raw }),
        ),
        (Profile::Legacy, Endpoints::at(base), cms(), foreign(Profile::Legacy)),
        (Profile::V3, Endpoints::legacy_at(base), plain(), foreign(Profile::V3)),
        (Profile::V3, mixed, plain(), foreign(Profile::V3)),
    ] {
        let settings = EsiaSettings { profile, ..settings(endpoints.clone()) };
        let made = made(settings, signer).map(|_| ());
        assert_eq!(made, expected, "{profile:?} {endpoints:?}");
    }
}

#[test]
fn what_is_of_the_other_interface_is_told_as_people_write() {
    let [v3, legacy] = [Profile::V3, Profile::Legacy];
    let told = [
        SettingsError::ProfileEndpoints { profile: legacy },
        SettingsError::SignerForm { profile: v3, form: SignatureForm::Cms },
        SettingsError::SignerForm { profile: legacy, form: SignatureForm::Raw },
    ]
    .into_iter()
    .fold(String::new(), |mut told, error| {
        writeln!(told, "{}\n  {error}\n  {}", error.code(), error.text_ru()).unwrap();
        told
    });
    insta::assert_snapshot!(told);
}
