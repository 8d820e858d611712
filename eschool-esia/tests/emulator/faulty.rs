//! This crate's own client at the emulator: by both interfaces and every kind of key, with each
//! fault, and in windows side by side.

use std::sync::Arc;

use eschool_core::signin::{EsiaChild, EsiaPerson};
use eschool_esia::{
    certificate::Certificate,
    client::{
        AccessType, Call, CallError, Callback, Endpoints, EsiaClient, EsiaError, EsiaSettings,
        Profile, Started, TokenError, TokenKey,
    },
    emulator::{
        EmulatorSettings, FaultyEndpoint, InjectedFault, Injection, RefusalCode, TokenAlgorithm,
    },
    gost::PrivateKey,
    rsa::RsaPrivateKey,
    signer::{GostSigner, RsaCmsSigner, Signer},
};

use crate::stand::{DAUGHTER, FATHER, MOTHER, REDIRECT, Stand};

/// A client as it is registered at the stand as `TEST`, of this profile.
pub(crate) fn settings(stand: &Stand, profile: Profile) -> EsiaSettings {
    let base = stand.base.parse().unwrap();
    let endpoints = match profile {
        Profile::V3 => Endpoints::at(&base),
        Profile::Legacy => Endpoints::legacy_at(&base),
    };
    let mut settings = EsiaSettings::new(
        "TEST",
        REDIRECT.parse().unwrap(),
        endpoints,
        EmulatorSettings::DEFAULT_ISSUER,
        vec![TokenKey::new(stand.emulator.token_public_key_pem())],
    );
    settings.profile = profile;
    settings.scopes.extend(["kid_fullname", "kid_birthdate", "kid_snils"].map(Into::into));
    // long enough for a slow machine, shorter than the fault
    settings.timeout_seconds = 3;
    settings
}

pub(crate) fn gost(stand: &Stand, profile: Profile) -> Arc<dyn Signer> {
    let key = stand.test.key.to_pkcs8_pem().unwrap();
    let key = PrivateKey::from_pkcs8_pem(&key).unwrap();
    let signer = GostSigner::new(key, stand.test.certificate.clone()).unwrap();
    match profile {
        Profile::V3 => Arc::new(signer),
        Profile::Legacy => Arc::new(signer.cms(stand.ambient.clone())),
    }
}

pub(crate) fn client(stand: &Stand, profile: Profile) -> EsiaClient {
    client_of(stand, settings(stand, profile))
}

pub(crate) fn client_of(stand: &Stand, settings: EsiaSettings) -> EsiaClient {
    let signer = gost(stand, settings.profile);
    EsiaClient::new(settings, signer, stand.ambient.clone()).unwrap()
}

/// A whole sign-in, as the mother's browser would go through it.
pub(crate) async fn sign_in(stand: &Stand, client: &EsiaClient) -> Result<EsiaPerson, EsiaError> {
    sign_in_as(MOTHER, stand, client).await
}

async fn sign_in_as(oid: u64, stand: &Stand, client: &EsiaClient) -> Result<EsiaPerson, EsiaError> {
    let started = client.start().await?;
    let callback = back(oid, stand, &started).await?;
    client.finish(&started.attempt, &callback).await
}

/// The browser of this person goes to the emulator and comes back.
async fn back(oid: u64, stand: &Stand, started: &Started) -> Result<Callback, EsiaError> {
    let path = started.url.as_str().strip_prefix(&stand.base).unwrap();
    let mut reply = stand.get(path, &[]).await;
    if let Some(page) = reply.location.clone().filter(|to| to.starts_with("/login/")) {
        reply = stand.choose(&page, oid).await;
    }
    Callback::parse(reply.goes_to().query().unwrap())
}

/// Where the mother has children: the daughter, and for the sake of the СНИЛС the father.
pub(crate) async fn family() -> Stand {
    Stand::with(|settings| settings.people[0].children = vec![DAUGHTER, FATHER]).await
}

#[tokio::test]
async fn by_either_interface_and_any_kind_of_key_people_sign_in() {
    let stand = family().await;
    for profile in [Profile::V3, Profile::Legacy] {
        let person = sign_in(&stand, &client(&stand, profile)).await.unwrap();
        assert_eq!(person.oid, MOTHER.to_string(), "{profile:?}");
        let told = |child: &EsiaChild| {
            let name = child.name.as_ref().unwrap();
            let born = child.birth_date.unwrap().date().to_string();
            (name.to_string(), born, child.snils.map(|snils| snils.to_string()))
        };
        let children: Vec<_> = person.children.iter().map(told).collect();
        let snils = Some("112-233-445 95".to_owned());
        assert_eq!(
            children,
            [
                ("Ёлкина Майя Петровна".to_owned(), "2015-06-05".to_owned(), None),
                ("Елкин Пётр Ильич".to_owned(), "1984-11-02".to_owned(), snils),
            ],
            "{profile:?}"
        );
        let daughter = sign_in_as(DAUGHTER, &stand, &client(&stand, profile)).await.unwrap();
        assert!(daughter.children.is_empty(), "{profile:?}");
    }
    let certificate = include_str!("../keys/rsa-certificate.pem");
    let by_rsa = Stand::with(|settings| {
        settings.clients[0].certificate = Certificate::from_pem(certificate).unwrap();
    })
    .await;
    let key = RsaPrivateKey::from_pem(include_str!("../keys/rsa.pem")).unwrap();
    let certificate = Certificate::from_pem(certificate).unwrap();
    let signer = RsaCmsSigner::new(key, certificate, by_rsa.ambient.clone()).unwrap();
    let settings = settings(&by_rsa, Profile::Legacy);
    let client = EsiaClient::new(settings, Arc::new(signer), by_rsa.ambient.clone()).unwrap();
    assert_eq!(sign_in(&by_rsa, &client).await.unwrap().oid, MOTHER.to_string());
}

#[tokio::test]
async fn tokens_by_gost_are_taken() {
    let stand =
        Stand::with(|settings| settings.clients[0].token_algorithm = TokenAlgorithm::Gost).await;
    let mut settings = settings(&stand, Profile::V3);
    let rsa = client_of(&stand, settings.clone());
    let refused = sign_in(&stand, &rsa).await.unwrap_err();
    assert!(matches!(refused, EsiaError::Token { error: TokenError::AlgorithmGost, .. }));
    let keys = stand.emulator.token_keys();
    let gost = keys.iter().find(|key| key.algorithm == TokenAlgorithm::Gost.name()).unwrap();
    settings.token_keys = vec![TokenKey::new(gost.pem.clone())];
    assert!(sign_in(&stand, &client_of(&stand, settings)).await.is_ok());
}

type Expected = fn(&EsiaError) -> bool;

/// What each fault is to the client.
fn faults() -> Vec<(Injection, Expected)> {
    use FaultyEndpoint::{Authorize, Contacts, Person, Token};
    use InjectedFault::{
        Clock, Down, DuplicatedState, ExpiredKey, Html, Refuse, RotatedKey, Slow, Unavailable,
    };
    let code = |text| RefusalCode::parse(text).unwrap();
    let at = |fault, endpoint| Injection::new(fault).at(endpoint);
    macro_rules! told {
        ($pattern:pat) => {
            (|error| matches!(error, $pattern)) as Expected
        };
    }
    macro_rules! call {
        ($call:ident, $error:pat) => {
            told!(EsiaError::Call { call: Call::$call, error: $error })
        };
    }
    vec![
        (at(Down, Token), call!(Token, CallError::Interrupted)),
        (at(Down, Person), call!(Person, CallError::Interrupted)),
        (at(Down, Contacts), call!(Contacts, CallError::Interrupted)),
        (at(Unavailable, Token), call!(Token, CallError::ServerFailed { status: 503 })),
        (at(Unavailable, Person), call!(Person, CallError::ServerFailed { status: 503 })),
        (at(Unavailable, Contacts), call!(Contacts, CallError::ServerFailed { status: 503 })),
        (at(Slow(5), Token), call!(Token, CallError::TimedOut)),
        (at(Html(200), Token), call!(Token, CallError::Html)),
        (at(Html(502), Token), call!(Token, CallError::ServerFailed { status: 502 })),
        (at(Html(200), Person), call!(Person, CallError::Html)),
        (at(Html(400), Contacts), call!(Contacts, CallError::Html)),
        (at(Refuse(code("ESIA-007004")), Authorize), told!(EsiaError::Denied)),
        (at(Refuse(code("ESIA-007055")), Authorize), told!(EsiaError::NotConfirmed)),
        (at(Refuse(code("ESIA-007008")), Authorize), told!(EsiaError::Refused { .. })),
        (at(Refuse(code("ESIA-036707")), Token), told!(EsiaError::Refused { .. })),
        (
            at(RotatedKey, Token),
            told!(EsiaError::Token { error: TokenError::SignatureRefused, .. }),
        ),
        (
            at(ExpiredKey, Token),
            told!(EsiaError::Token { error: TokenError::SignatureRefused, .. }),
        ),
        // beyond the client's tolerance, within the emulator's
        (at(Clock(250), Token), told!(EsiaError::Token { error: TokenError::IssuedInFuture, .. })),
        (at(Clock(-250), Token), told!(EsiaError::Token { error: TokenError::Reused, .. })),
        (at(Clock(3600), Token), told!(EsiaError::Refused { .. })),
        (at(DuplicatedState, Authorize), told!(EsiaError::CallbackAmbiguous)),
        (at(DuplicatedState, Token), call!(Token, CallError::Malformed)),
    ]
}

#[tokio::test]
async fn each_fault_is_its_own_error_by_either_interface() {
    for profile in [Profile::V3, Profile::Legacy] {
        let stand = family().await;
        let client = client(&stand, profile);
        for (injection, expected) in faults() {
            stand.emulator.inject(injection).unwrap();
            let error = sign_in(&stand, &client).await.unwrap_err();
            assert!(expected(&error), "{profile:?}, {injection:?}: {error:?}");
            stand.emulator.reset_faults();
        }
        assert!(sign_in(&stand, &client).await.is_ok(), "{profile:?}: nothing is left");
    }
}

#[tokio::test]
async fn data_that_do_not_come_in_time_are_not_waited_for() {
    let late = async |profile, endpoint, expected: Call| {
        let stand = family().await;
        let slow = Injection::new(InjectedFault::Slow(5)).at(endpoint);
        stand.emulator.inject(slow).unwrap();
        let error = sign_in(&stand, &client(&stand, profile)).await.unwrap_err();
        let told = matches!(error, EsiaError::Call { call, error: CallError::TimedOut } if call == expected);
        assert!(told, "{profile:?}, {endpoint:?}: {error:?}");
    };
    for profile in [Profile::V3, Profile::Legacy] {
        tokio::join!(
            late(profile, FaultyEndpoint::Person, Call::Person),
            late(profile, FaultyEndpoint::Contacts, Call::Contacts),
        );
    }
}

/// A refresh token is good once, and so is the one that came in its place.
#[tokio::test]
async fn a_refresh_that_failed_on_the_way_is_repeated_by_the_next_token() {
    for profile in [Profile::V3, Profile::Legacy] {
        let stand = Stand::open().await;
        let mut settings = settings(&stand, profile);
        settings.access_type = AccessType::Offline;
        let client = client_of(&stand, settings);
        let started = client.start().await.unwrap();
        let callback = back(MOTHER, &stand, &started).await.unwrap();
        let signed_in = client.finish_offline(&started.attempt, &callback).await.unwrap();
        let first = signed_in.refresh_token.unwrap();
        let ill = Injection::new(InjectedFault::Unavailable).at(FaultyEndpoint::Person).times(1);
        stand.emulator.inject(ill).unwrap();
        let failed = client.refresh(&first).await.unwrap_err();
        let (call, error) = (Call::Person, CallError::ServerFailed { status: 503 });
        assert_eq!(failed.to_string(), EsiaError::Call { call, error }.to_string());
        let refreshed = client.refresh(&failed.next.unwrap()).await.unwrap();
        assert_eq!(refreshed.person.oid, MOTHER.to_string(), "{profile:?}");
        let used_up = client.refresh(&first).await.unwrap_err();
        assert!(used_up.to_string().ends_with("ESIA-007011"), "{profile:?}: {used_up}");
    }
}

#[tokio::test]
async fn children_that_cannot_be_had_keep_nobody_out() {
    use InjectedFault::{Down, Html, Slow, Unavailable};
    for profile in [Profile::V3, Profile::Legacy] {
        let stand = family().await;
        let client = client(&stand, profile);
        for fault in [Down, Unavailable, Html(200), Slow(5)] {
            stand.emulator.inject(Injection::new(fault).at(FaultyEndpoint::Kids)).unwrap();
            let people = [MOTHER, FATHER].map(|oid| sign_in_as(oid, &stand, &client));
            let [mother, father] = people;
            let (mother, father) = tokio::join!(mother, father);
            for (oid, person) in [(MOTHER, mother), (FATHER, father)] {
                let person = person.unwrap();
                let told = (person.oid, person.children.len());
                assert_eq!(told, (oid.to_string(), 0), "{profile:?}, {fault:?}");
            }
            stand.emulator.reset_faults();
        }
        assert_eq!(sign_in(&stand, &client).await.unwrap().children.len(), 2, "{profile:?}");
    }
}

#[tokio::test]
async fn a_fault_hits_one_of_the_windows_side_by_side() {
    for profile in [Profile::V3, Profile::Legacy] {
        let stand = family().await;
        let mut settings = settings(&stand, profile);
        settings.data_retries = 0;
        let client = client_of(&stand, settings);
        for (injection, expected) in faults() {
            stand.emulator.inject(injection.times(1)).unwrap();
            let people = [MOTHER, FATHER, DAUGHTER];
            let [mother, father, daughter] = people.map(|oid| sign_in_as(oid, &stand, &client));
            let (mother, father, daughter) = tokio::join!(mother, father, daughter);
            let mut hit = Vec::new();
            for (oid, window) in people.into_iter().zip([mother, father, daughter]) {
                match window {
                    Ok(person) => {
                        let told = (person.oid, person.children.len());
                        let children = if oid == MOTHER { 2 } else { 0 };
                        assert_eq!(told, (oid.to_string(), children), "{profile:?}, {injection:?}");
                    }
                    Err(error) => hit.push(error),
                }
            }
            let [error] = &hit[..] else {
                panic!("{profile:?}, {injection:?} hit {}: {hit:?}", hit.len())
            };
            assert!(expected(error), "{profile:?}, {injection:?}: {error:?}");
        }
    }
}

#[tokio::test]
async fn data_are_asked_for_again_where_the_connection_broke() {
    let stand = Stand::open().await;
    let mut settings = settings(&stand, Profile::V3);
    settings.data_retries = 1;
    let client = client_of(&stand, settings);
    let once = Injection::new(InjectedFault::Down).at(FaultyEndpoint::Person);
    stand.emulator.inject(once.times(1)).unwrap();
    assert!(sign_in(&stand, &client).await.is_ok());
    stand.emulator.inject(once.times(2)).unwrap();
    assert!(sign_in(&stand, &client).await.is_err());
}
