//! Settings: read, refused, and when their keys end.

use chrono::TimeDelta;
use eschool_esia::client::{Endpoints, EsiaSettings, SettingsError, TokenKey};
use serde_json::json;

use crate::scene::{
    CERTIFICATE, ESIA_KEY, ISSUER, NEXT_KEY, Rsa, client, merge, now, settings, try_client,
};

#[test]
fn settings_left_out_have_the_defaults_and_settings_nobody_knows_are_refused() {
    let ours = settings(Endpoints::production());
    let least = json!({
        "clientId": ours.client_id, "redirectUri": ours.redirect_uri, "issuer": ISSUER,
        "endpoints": Endpoints::production(), "tokenKeys": ours.token_keys,
    });
    let read = |json| serde_json::from_value::<EsiaSettings>(json);
    assert_eq!(format!("{:?}", read(least.clone()).unwrap()), format!("{ours:?}"));
    for wrong in [
        json!({"timeout": 5}),
        json!({"utcOffset": "Moscow"}),
        json!({"redirectUri": "/esia"}),
        json!({"clockSkewSeconds": -1}),
        json!({"tokenKeys": [{"pem": "", "until": null}]}),
    ] {
        let mut settings = least.clone();
        merge(&mut settings, wrong.clone());
        assert!(read(settings).is_err(), "{wrong}");
    }
    let mut settings = least;
    merge(&mut settings, json!({"utcOffset": "+10:00", "attemptMinutes": 5}));
    let settings = read(settings).unwrap();
    assert_eq!((settings.utc_offset.to_string(), settings.attempt_minutes), ("+10:00".into(), 5));
}

#[test]
fn the_end_of_the_keys_is_that_of_the_last() {
    let key = |rsa: &Rsa, end| TokenKey { not_after: end, ..TokenKey::new(rsa.pem()) };
    let (soon, later) = (now() + TimeDelta::days(5), now() + TimeDelta::days(50));
    for (first, second, expected) in
        [(Some(soon), Some(later), Some(later)), (Some(later), None, None)]
    {
        let mut settings = settings(Endpoints::production());
        settings.token_keys = vec![key(&ESIA_KEY, first), key(&NEXT_KEY, second)];
        assert_eq!(client(settings).token_keys_end(), expected);
    }
}

#[test]
fn a_certificate_brings_its_dates_unless_others_are_given() {
    let certificate = include_str!("certificate.pem");
    let own = "2027-01-01T00:00:00Z".parse().unwrap();
    let given = now() + TimeDelta::days(5);
    for (not_after, expected) in [(None, own), (Some(given), given)] {
        let mut settings = settings(Endpoints::production());
        settings.token_keys = vec![TokenKey { not_after, ..TokenKey::new(certificate) }];
        assert_eq!(client(settings).token_keys_end(), Some(expected));
    }
}

#[test]
fn settings_that_cannot_work_are_refused() {
    type Change = fn(&mut EsiaSettings);
    let cases: [(Change, SettingsError); 13] = [
        (|s| s.client_id.clear(), SettingsError::ClientId),
        (|s| s.client_id = "PORTAL 62".into(), SettingsError::ClientId),
        (|s| s.issuer.clear(), SettingsError::Issuer),
        (|s| s.scopes = vec!["fullname".into()], SettingsError::Scopes),
        (|s| s.scopes.push("birthdate snils".into()), SettingsError::Scopes),
        (
            |s| s.endpoints.data = "http://esia.example/rs".parse().unwrap(),
            SettingsError::Endpoint { field: "data" },
        ),
        (|s| s.token_keys.clear(), SettingsError::TokenKeysMissing),
        (|s| s.token_keys.push(TokenKey::new("key")), SettingsError::TokenKey { number: 2 }),
        (
            |s| s.token_keys = vec![TokenKey::new(include_str!("short.pem"))],
            SettingsError::TokenKey { number: 1 },
        ),
        (
            |s| s.token_keys = vec![TokenKey::new(CERTIFICATE.to_pem().unwrap())],
            SettingsError::TokenKey { number: 1 },
        ),
        (|s| s.clock_skew_seconds = 301, SettingsError::OutOfRange { field: "clockSkewSeconds" }),
        (|s| s.deadline_seconds = 0, SettingsError::OutOfRange { field: "deadlineSeconds" }),
        (|s| s.extra_roots_pem = Some("roots".into()), SettingsError::ExtraRoots),
    ];
    for (change, expected) in cases {
        let mut settings = settings(Endpoints::production());
        change(&mut settings);
        assert_eq!(try_client(settings).unwrap_err(), expected);
    }
}
