//! The keys that ЕСИА signs tokens with: of both kinds, and when they change.

use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use eschool_core::error::CodedError as _;
use eschool_esia::{
    client::{Endpoints, TokenKey},
    gost::{Certificate, Curve, PrivateKey},
};
use serde_json::json;

use crate::scene::{ESIA_KEY, NEXT_KEY, Scene, SignedBy, client, gost_pem, merge, now, settings};

static A: LazyLock<PrivateKey> = LazyLock::new(|| gost(Curve::CryptoProA, 1));
static B: LazyLock<PrivateKey> = LazyLock::new(|| gost(Curve::CryptoProB, 2));
static C: LazyLock<PrivateKey> = LazyLock::new(|| gost(Curve::CryptoProC, 3));
static TC26: LazyLock<PrivateKey> = LazyLock::new(|| gost(Curve::Tc26A, 4));

fn gost(curve: Curve, byte: u8) -> PrivateKey {
    PrivateKey::from_scalar(curve, [byte; 32]).unwrap()
}

/// A sign-in whose tokens are signed so.
fn signed(by: SignedBy) -> Scene {
    let mut scene = Scene::good();
    for plan in [&mut scene.id, &mut scene.access] {
        if matches!(by, SignedBy::Gost(_) | SignedBy::GostReversed(_)) {
            merge(&mut plan.header, json!({"alg": "GOST3410_2012_256"}));
        }
        plan.by = by;
    }
    scene
}

#[tokio::test]
async fn gost_tokens_are_verified_on_every_curve_and_in_the_order_that_is_set() {
    for (number, key) in [&A, &B, &C, &TC26].into_iter().enumerate() {
        for (by, reversed) in [(SignedBy::Gost(key), false), (SignedBy::GostReversed(key), true)] {
            let mut scene = signed(by);
            scene.settings = Box::new(move |settings| {
                settings.token_keys = vec![TokenKey { reversed, ..TokenKey::new(gost_pem(key)) }];
            });
            let person = scene.play().await.result;
            person.unwrap_or_else(|error| panic!("curve {number}, reversed {reversed}: {error}"));
        }
    }
}

#[tokio::test]
async fn a_gost_certificate_brings_its_key_and_its_dates() {
    let day = TimeDelta::days(1);
    for (until, expected) in [(now() + day, None), (now() - day, Some("esia_token_keys_ended"))] {
        let from = now() - TimeDelta::days(365);
        let certificate = Certificate::self_signed(&TC26, "ЕСИА", [1; 16], from, until).unwrap();
        let mut scene = signed(SignedBy::Gost(&TC26));
        let pem = certificate.to_pem().unwrap();
        scene.settings = Box::new(|settings| settings.token_keys = vec![TokenKey::new(pem)]);
        let result = scene.play().await.result;
        assert_eq!(result.err().map(|error| error.code()), expected, "{until}");
    }
}

/// ЕСИА changes its key at an instant nobody told exactly. Around it both are configured, each with
/// its dates; whenever somebody comes, and whichever key signed, they get in.
#[tokio::test]
async fn no_sign_in_is_lost_while_keys_change() {
    let changes: [(SignedBy, SignedBy, String, String); 3] = [
        (SignedBy::Rsa(&ESIA_KEY), SignedBy::Rsa(&NEXT_KEY), ESIA_KEY.pem(), NEXT_KEY.pem()),
        (SignedBy::Gost(&A), SignedBy::Gost(&TC26), gost_pem(&A), gost_pem(&TC26)),
        (SignedBy::Rsa(&ESIA_KEY), SignedBy::Gost(&TC26), ESIA_KEY.pem(), gost_pem(&TC26)),
    ];
    for (number, (old, new, old_pem, new_pem)) in changes.into_iter().enumerate() {
        for hours in [-72, -48, -25, -24, -1, 0, 1, 23, 24, 25, 48, 72] {
            // The change was `hours` ago; the new key is valid from a day before it, the old one to
            // a day after.
            let change = now() - TimeDelta::hours(hours);
            let keys = vec![
                until(change + TimeDelta::days(1), &old_pem),
                TokenKey {
                    not_before: Some(change - TimeDelta::days(1)),
                    ..TokenKey::new(new_pem.as_str())
                },
            ];
            // Within a day of the change a server of ЕСИА may still, or already, use the other.
            let signers = match hours {
                ..-24 => vec![old],
                -24..=24 => vec![old, new],
                _ => vec![new],
            };
            for by in signers {
                let mut scene = signed(by);
                let keys = keys.clone();
                scene.settings = Box::new(|settings| settings.token_keys = keys);
                let result = scene.play().await.result;
                result.unwrap_or_else(|error| panic!("change {number}, {hours} h: {error}"));
            }
        }
    }
}

fn until(end: DateTime<Utc>, pem: &str) -> TokenKey {
    TokenKey { not_after: Some(end), ..TokenKey::new(pem) }
}

#[tokio::test]
async fn after_the_last_key_the_error_names_the_day_it_ended() {
    let [first, last] =
        ["2025-11-30T21:00:00Z", "2026-01-14T20:59:59Z"].map(|t| t.parse().unwrap());
    for (by, pems) in [
        (SignedBy::Rsa(&NEXT_KEY), [ESIA_KEY.pem(), NEXT_KEY.pem()]),
        (SignedBy::Gost(&TC26), [gost_pem(&A), gost_pem(&TC26)]),
    ] {
        let mut scene = signed(by);
        scene.settings = Box::new(move |settings| {
            settings.token_keys = vec![until(first, &pems[0]), until(last, &pems[1])];
        });
        let error = scene.play().await.result.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the id_token: the last key for the tokens of esia ended on 2026-01-14; configure the \
             new one"
        );
    }
}

/// A key of the other kind that is still valid is no reason to speak of a bad signature.
#[tokio::test]
async fn the_end_that_is_named_is_that_of_the_tokens_kind() {
    let mut scene = signed(SignedBy::Rsa(&ESIA_KEY));
    scene.settings = Box::new(|settings| {
        settings.token_keys =
            vec![until(now() - TimeDelta::days(2), &ESIA_KEY.pem()), TokenKey::new(gost_pem(&A))];
    });
    assert_eq!(scene.play().await.result.unwrap_err().code(), "esia_token_keys_ended");
}

/// Whoever went over to the other kind long ago is not told every day of keys that nobody uses.
#[test]
fn a_kind_of_keys_that_ended_long_ago_is_left_out() {
    let (day, next_year) = (TimeDelta::days(1), now() + TimeDelta::days(365));
    for (rsa, gost, expected) in [
        (Some(now() - day * 31), Some(next_year), Some(next_year)),
        (Some(now() - day * 30), Some(next_year), Some(now() - day * 30)),
        (Some(next_year), Some(now() + day), Some(now() + day)),
        (Some(now() - day * 31), None, None),
        (Some(now() - day * 30), None, Some(now() - day * 30)),
        (None, Some(next_year), Some(next_year)),
    ] {
        let key = |end, pem| TokenKey { not_after: end, ..TokenKey::new(pem) };
        let mut settings = settings(Endpoints::production());
        settings.token_keys = vec![key(rsa, ESIA_KEY.pem()), key(gost, gost_pem(&A))];
        assert_eq!(client(settings).token_keys_end(), expected, "{rsa:?}, {gost:?}");
    }
}
