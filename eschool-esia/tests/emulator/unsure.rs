//! What the sources conflict about or do not tell, this way and the other, at this crate's own client.

use eschool_esia::{
    client::{EsiaError, Profile, TokenError, TokenKey},
    emulator::{FaultyEndpoint, InjectedFault, Injection, TokenAlgorithm},
};

use crate::{
    faulty::{client, client_of, family, settings, sign_in},
    stand::{MOTHER, Stand},
};

#[tokio::test]
async fn a_signature_of_gost_stands_forwards_or_backwards() {
    for reversed in [false, true] {
        let stand = Stand::with(|settings| {
            settings.clients[0].token_algorithm = TokenAlgorithm::Gost;
            settings.token_signature_reversed = reversed;
        })
        .await;
        let published = stand.emulator.token_keys();
        let is_gost = |algorithm| algorithm == TokenAlgorithm::Gost.name();
        let pem = &published.iter().find(|key| is_gost(key.algorithm)).unwrap().pem;
        let mut settings = settings(&stand, Profile::V3);
        settings.token_keys = vec![TokenKey { reversed, ..TokenKey::new(pem.clone()) }];
        assert!(sign_in(&stand, &client_of(&stand, settings.clone())).await.is_ok(), "{reversed}");
        settings.token_keys[0].reversed = !reversed;
        let error = sign_in(&stand, &client_of(&stand, settings)).await.unwrap_err();
        let refused = matches!(error, EsiaError::Token { error: TokenError::SignatureRefused, .. });
        assert!(refused, "{reversed}: {error:?}");
    }
}

#[tokio::test]
async fn the_lifetime_is_a_number_or_a_text() {
    for text in [false, true] {
        let stand = Stand::with(|settings| settings.expires_in_text = text).await;
        let told = &stand.tokens(MOTHER).await["expires_in"];
        assert_eq!(told, &if text { "3600".into() } else { serde_json::json!(3600) });
        assert!(sign_in(&stand, &client(&stand, Profile::V3)).await.is_ok(), "{told}");
    }
}

#[tokio::test]
async fn contacts_and_children_come_themselves_or_as_addresses() {
    let stand = family().await;
    let embedded = sign_in(&stand, &client(&stand, Profile::V3)).await.unwrap();
    assert!(embedded.verified_phone.is_some() && embedded.children.len() == 2);
    for endpoint in [FaultyEndpoint::Contacts, FaultyEndpoint::Kids] {
        stand.emulator.inject(Injection::new(InjectedFault::Linked).at(endpoint)).unwrap();
    }
    let token = stand.access_to(MOTHER, "mobile").await;
    let listed = stand.data(&format!("/rs/prns/{MOTHER}/ctts?embed=(elements)"), &token).await;
    assert!(listed.json()["elements"][0].is_string(), "{listed:?}");
    for profile in [Profile::V3, Profile::Legacy] {
        let linked = sign_in(&stand, &client(&stand, profile)).await.unwrap();
        assert_eq!(linked.verified_phone, embedded.verified_phone, "{profile:?}");
        assert_eq!(linked.verified_email, embedded.verified_email, "{profile:?}");
        assert_eq!(linked.children, embedded.children, "{profile:?}");
    }
}
