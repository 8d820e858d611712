//! Keys of ЕСИА change under this crate's own client.

use chrono::TimeDelta;
use eschool_esia::{
    client::{EsiaClient, EsiaError, EsiaSettings, Profile, SettingsError, TokenError, TokenKey},
    emulator::{
        InjectedFault, Injection, KeyUse, NextTokenKey, PublishedKey, TokenAlgorithm, TokenKeyPair,
    },
};

use crate::{
    faulty::{client_of, gost, settings, sign_in},
    stand::{Stand, start},
};

#[tokio::test]
async fn no_sign_in_is_lost_while_keys_change_and_then_the_error_names_the_end() {
    let hours = |hours| start() + TimeDelta::hours(hours);
    let next = TokenKeyPair::generate().unwrap();
    let key = next.clone();
    let stand = Stand::with(move |settings| {
        settings.next_token_keys = vec![NextTokenKey { key, signs_from: hours(24) }];
    })
    .await;
    let published = stand.emulator.token_keys();
    let keys: Vec<_> = published
        .iter()
        .filter(|key| key.algorithm == TokenAlgorithm::Rs256.name())
        .take(2)
        .map(|key| TokenKey { not_after: key.not_after, ..TokenKey::new(key.pem.clone()) })
        .collect();
    assert_eq!((keys[0].not_after, &*keys[1].pem), (Some(hours(27)), next.public_key_pem()));
    let with = |token_keys: &[TokenKey]| EsiaSettings {
        token_keys: token_keys.into(),
        ..settings(&stand, Profile::V3)
    };
    let both = client_of(&stand, with(&keys));
    let former = client_of(&stand, with(&keys[..1]));
    for (wait, former_is_enough) in
        [(0, true), (24 * 3600 - 1, true), (1, false), (4 * 3600, false)]
    {
        stand.wait(wait);
        assert!(sign_in(&stand, &both).await.is_ok(), "both keys, after {wait} s");
        assert_eq!(sign_in(&stand, &former).await.is_ok(), former_is_enough, "after {wait} s");
    }
    let error = sign_in(&stand, &former).await.unwrap_err();
    assert!(error.to_string().contains("2026-09-02"), "{error}");
    assert!(matches!(error, EsiaError::Token { error: TokenError::KeysEnded { .. }, .. }));
}

#[tokio::test]
async fn a_key_that_came_early_and_one_that_ended_are_told_apart() {
    let stand = Stand::open().await;
    let published = stand.emulator.token_keys();
    let key = |usage| {
        let is = |key: &&PublishedKey| {
            key.usage == usage && key.algorithm == TokenAlgorithm::Rs256.name()
        };
        let key = published.iter().find(is).unwrap();
        let (not_before, not_after) = (key.not_before, key.not_after);
        TokenKey { not_before, not_after, ..TokenKey::new(key.pem.clone()) }
    };
    let [current, next, expired] = [KeyUse::Current, KeyUse::Next, KeyUse::Expired].map(key);
    let ageless = TokenKey::new(expired.pem.clone());
    let signing_in = async |token_keys: &[&TokenKey]| {
        let token_keys = token_keys.iter().map(|key| (*key).clone()).collect();
        let settings = EsiaSettings { token_keys, ..settings(&stand, Profile::V3) };
        sign_in(&stand, &client_of(&stand, settings)).await
    };
    let refused = |result| {
        matches!(result, Err(EsiaError::Token { error: TokenError::SignatureRefused, .. }))
    };

    stand.emulator.inject(Injection::new(InjectedFault::RotatedKey)).unwrap();
    assert!(signing_in(&[&current, &next]).await.is_ok());
    assert!(refused(signing_in(&[&current]).await));
    assert!(refused(signing_in(&[&current, &ageless]).await));
    stand.emulator.reset_faults();
    assert!(signing_in(&[&current, &next]).await.is_ok());

    stand.emulator.inject(Injection::new(InjectedFault::ExpiredKey)).unwrap();
    assert!(refused(signing_in(&[&current, &next]).await));
    assert!(signing_in(&[&ageless]).await.is_ok(), "the key itself is the right one");
    // By its dates it has ended, so a client that knows no other does not even start.
    let settings = EsiaSettings { token_keys: vec![expired], ..settings(&stand, Profile::V3) };
    let signer = gost(&stand, Profile::V3);
    let ended = EsiaClient::new(settings, signer, stand.ambient.clone()).unwrap_err();
    assert!(matches!(ended, SettingsError::TokenKeysEnded { .. }), "{ended}");
    assert!(ended.to_string().contains("2026-08-31"), "{ended}");
}
