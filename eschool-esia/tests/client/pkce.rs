//! PKCE: what is sent of it and what is kept.

use std::collections::HashMap;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use eschool_esia::{
    client::{Attempt, Callback, Endpoints, Pkce},
    gost::{Signature, streebog256},
};

use crate::{
    scene::{CLIENT, CODE, GOST_KEY, client, settings},
    server::{Reply, Server},
};

#[tokio::test]
async fn the_hash_is_that_of_the_method() {
    let redirected = |url: &url::Url| url.query_pairs().into_owned().collect::<HashMap<_, _>>();
    for (pkce, method) in [(Pkce::S256, "S256"), (Pkce::Gost3411, "GOST3411")] {
        let mut settings = settings(Endpoints::production());
        settings.pkce = pkce;
        let started = client(settings).start().await.unwrap();
        let text = started.attempt.to_text();
        let secret = text.rsplit_once('.').unwrap().1.as_bytes();
        let hash = match pkce {
            Pkce::Gost3411 => streebog256(secret).to_vec(),
            _ => digest(&SHA256, secret).as_ref().to_vec(),
        };
        let query = redirected(&started.url);
        assert_eq!(query["code_challenge_method"], method);
        assert_eq!(query["code_challenge"], BASE64_URL_SAFE_NO_PAD.encode(hash));
    }
}

#[tokio::test]
async fn the_secret_goes_with_the_code_and_only_its_hash_before() {
    let server = Server::run(|_| Reply::json(500, "")).await;
    let mut settings = settings(Endpoints::at(&server.base));
    settings.pkce = Pkce::S256;
    let (scope, redirect) = (settings.scopes.join(" "), settings.redirect_uri.to_string());
    let client = client(settings);
    let (started, other) = (client.start().await.unwrap(), client.start().await.unwrap());
    let text = started.attempt.to_text();
    let (first_two, secret) = text.rsplit_once('.').unwrap();
    assert!(!other.attempt.to_text().contains(secret), "each attempt has its own");

    let query: HashMap<_, _> = started.url.query_pairs().into_owned().collect();
    assert_eq!(query.len(), 11);
    let hash = digest(&SHA256, secret.as_bytes());
    assert_eq!(query["code_challenge"], BASE64_URL_SAFE_NO_PAD.encode(hash));
    assert_eq!(query["code_challenge_method"], "S256");
    assert!(!started.url.as_str().contains(secret));

    let callback = format!("code={CODE}&state={}", started.attempt.state());
    let callback = Callback::parse(&callback).unwrap();
    let without = Attempt::parse(first_two).unwrap();
    for attempt in [&Attempt::parse(&text).unwrap(), &without] {
        client.finish(attempt, &callback).await.unwrap_err();
    }
    let [with, without] = server.seen("/").try_into().ok().unwrap();
    assert_eq!((with.form["code_verifier"].as_str(), with.form.len()), (secret, 11));
    assert_eq!(without.form.len(), 10, "an attempt that began without ends without");

    for (sent, code) in [(&query, ""), (&with.form, CODE)] {
        let parts = [CLIENT, &scope, &sent["timestamp"], &sent["state"], &redirect, code];
        let signature = Signature::from_base64url(&sent["client_secret"]).unwrap();
        let signed = parts.concat();
        assert!(GOST_KEY.public_key().verify(signed.as_bytes(), &signature).is_ok(), "{signed}");
    }
}
