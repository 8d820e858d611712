//! Which key signs tokens: by algorithm, and by the day.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use der::Document;
use eschool_esia::{
    emulator::{KeyUse, NextTokenKey, TokenAlgorithm, TokenKeyPair},
    gost::{Curve, PrivateKey, PublicKey, Signature},
};

use crate::{
    stand::{MOTHER, Stand, start},
    tokens::is_signed_by,
};

/// Whether a token by ГОСТ is signed by this key.
fn is_signed_by_gost(token: &str, pem: &str) -> bool {
    let (label, der) = Document::from_pem(pem).unwrap();
    assert_eq!(label, "PUBLIC KEY");
    let key = PublicKey::from_spki_der(der.as_bytes()).unwrap();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = Signature::from_base64url(signature).unwrap();
    key.verify(message.as_bytes(), &signature).is_ok()
}

async fn id_token(stand: &Stand) -> String {
    stand.tokens(MOTHER).await["id_token"].as_str().unwrap().to_owned()
}

fn gost(curve: Curve, seed: u8) -> TokenKeyPair {
    TokenKeyPair::from_gost(PrivateKey::generate(curve, &mut |bytes| bytes.fill(seed))).unwrap()
}

#[tokio::test]
async fn tokens_by_gost_are_signed_on_any_curve() {
    for curve in Curve::ALL {
        let key = gost(curve, 0x17);
        let stand = Stand::with(|settings| {
            settings.clients[0].token_algorithm = TokenAlgorithm::Gost;
            settings.gost_token_key = Some(key.clone());
        })
        .await;
        let token = id_token(&stand).await;
        let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
        let header = String::from_utf8(header).unwrap();
        assert_eq!(header, r#"{"ver":0,"typ":"JWT","sbt":"id","alg":"GOST3410_2012_256"}"#);
        assert!(is_signed_by_gost(&token, key.public_key_pem()), "{curve:?}");
        assert!(!is_signed_by_gost(&token, gost(curve, 0x18).public_key_pem()), "{curve:?}");
    }
}

#[tokio::test]
async fn without_a_gost_key_one_is_made_and_published() {
    let stand =
        Stand::with(|settings| settings.clients[0].token_algorithm = TokenAlgorithm::Gost).await;
    let keys = stand.emulator.token_keys();
    let of_gost = |key: &&eschool_esia::emulator::PublishedKey| {
        key.algorithm == TokenAlgorithm::Gost.name() && key.usage == KeyUse::Current
    };
    let key = keys.iter().find(of_gost).unwrap();
    assert!(is_signed_by_gost(&id_token(&stand).await, &key.pem));
}

#[tokio::test]
async fn a_key_takes_over_at_its_instant() {
    let next = [TokenKeyPair::generate().unwrap(), TokenKeyPair::generate().unwrap()];
    let later = |hours| start() + TimeDelta::hours(hours);
    let keys = next.clone();
    let stand = Stand::with(move |settings| {
        // their order is that of their instants, not of the list
        settings.next_token_keys = vec![
            NextTokenKey { key: keys[1].clone(), signs_from: later(48) },
            NextTokenKey { key: keys[0].clone(), signs_from: later(24) },
            NextTokenKey { key: gost(Curve::CryptoProB, 5), signs_from: later(1) },
        ];
    })
    .await;
    let first = stand.emulator.token_public_key_pem();
    let pems = [first.as_str(), next[0].public_key_pem(), next[1].public_key_pem()];
    for (wait, signer) in [(0, 0), (24 * 3600 - 1, 0), (1, 1), (24 * 3600, 2)] {
        stand.wait(wait);
        let token = id_token(&stand).await;
        for (place, pem) in pems.iter().enumerate() {
            assert_eq!(is_signed_by(&token, pem), place == signer, "after {wait}");
        }
        let published = stand.emulator.token_keys();
        let usage = |pem: &str| published.iter().find(|key| key.pem == pem).unwrap().usage;
        let expected = [0, 1, 2].map(|place: usize| match place.cmp(&signer) {
            std::cmp::Ordering::Less => KeyUse::Former,
            std::cmp::Ordering::Equal => KeyUse::Current,
            std::cmp::Ordering::Greater => KeyUse::Next,
        });
        assert_eq!(pems.map(usage), expected);
    }
    let published = stand.emulator.token_keys();
    let of = |pem: &str| published.iter().find(|key| key.pem == pem).unwrap();
    // the first key's last id tokens end three hours after the second took over
    assert_eq!(of(pems[0]).not_after, Some(later(27)));
    assert_eq!((of(pems[1]).not_before, of(pems[2]).not_after), (Some(later(24)), None));
}
