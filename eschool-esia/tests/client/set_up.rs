//! Settings: read, refused, and when their keys end.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use eschool_esia::client::{
    Callback, Endpoints, EsiaSettings, GatewaySettings, Pkce, SettingsError, TokenKey,
};
use serde_json::json;
use tracing::Level;
use url::Url;

use crate::{
    log::Log,
    scene::{
        CERTIFICATE, ESIA_GOST_KEY, ESIA_KEY, ISSUER, NEXT_KEY, Rsa, client, client_by, gost_pem,
        merge, now, settings, try_client,
    },
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
        json!({"pkce": "plain"}),
        json!({"tokenKeys": [{"pem": "", "until": null}]}),
    ] {
        let mut settings = least.clone();
        merge(&mut settings, wrong.clone());
        assert!(read(settings).is_err(), "{wrong}");
    }
    let mut settings = least;
    merge(&mut settings, json!({"utcOffset": "+10:00", "attemptMinutes": 5, "pkce": "s256"}));
    merge(&mut settings, json!({"maxUnderWay": 8, "useSystemProxy": true}));
    let settings = read(settings).unwrap();
    assert_eq!((ours.pkce, settings.pkce), (Pkce::Off, Pkce::S256));
    assert_eq!((ours.max_under_way, settings.max_under_way), (64, 8));
    assert_eq!((ours.use_system_proxy, settings.use_system_proxy), (false, true));
    assert_eq!((settings.utc_offset.to_string(), settings.attempt_minutes), ("+10:00".into(), 5));
}

#[test]
fn the_end_of_the_keys_is_that_of_the_last() {
    let key = |rsa: &Rsa, end| TokenKey { not_after: end, ..TokenKey::new(rsa.pem()) };
    let (soon, later) = (now() + TimeDelta::days(5), now() + TimeDelta::days(50));
    let (never, ever) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    for (first, second, expected) in [
        (Some(soon), Some(later), Some(later)),
        (Some(later), None, None),
        (Some(never), Some(ever), Some(ever)),
    ] {
        let mut settings = settings(Endpoints::production());
        settings.token_keys = vec![key(&ESIA_KEY, first), key(&NEXT_KEY, second)];
        assert_eq!(client(settings).token_keys_end(), expected);
    }
}

/// Tokens of one kind are not verified by the keys of the other.
#[test]
fn of_two_kinds_of_keys_the_end_is_that_of_the_first_to_end() {
    let rsa = |end| TokenKey { not_after: end, ..TokenKey::new(ESIA_KEY.pem()) };
    let gost = |end| TokenKey { not_after: end, ..TokenKey::new(gost_pem(&ESIA_GOST_KEY)) };
    let (soon, later) = (now() + TimeDelta::days(5), now() + TimeDelta::days(50));
    for (keys, expected) in [
        (vec![rsa(Some(soon)), gost(Some(later))], Some(soon)),
        (vec![rsa(Some(later)), gost(Some(soon))], Some(soon)),
        (vec![rsa(Some(soon)), gost(None)], Some(soon)),
        (vec![rsa(None), gost(Some(later))], Some(later)),
        (vec![rsa(Some(soon)), rsa(Some(later)), gost(None)], Some(later)),
        (vec![rsa(None), rsa(Some(soon)), gost(None)], None),
    ] {
        let settings = EsiaSettings { token_keys: keys, ..settings(Endpoints::production()) };
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

fn uri(text: &str) -> Url {
    text.parse().unwrap()
}

#[test]
fn a_machine_may_send_people_back_to_itself() {
    for back in ["http://127.0.0.1:8080/esia?from=door", "http://[::1]/", "http://localhost:80/"] {
        let mut settings = settings(Endpoints::production());
        settings.redirect_uri = uri(back);
        assert!(try_client(settings).is_ok(), "{back}");
    }
}

#[test]
fn nobody_starts_with_keys_that_have_all_ended() {
    let key = |rsa: &Rsa, end| TokenKey { not_after: end, ..TokenKey::new(rsa.pem()) };
    let (ended, before) = (now() - TimeDelta::seconds(1), now() - TimeDelta::days(1));
    for (ends, expected) in [
        ([Some(before), Some(ended)], Some(SettingsError::TokenKeysEnded { ended })),
        ([Some(before), Some(now())], None),
        ([Some(before), None], None),
    ] {
        let mut settings = settings(Endpoints::production());
        settings.token_keys = vec![key(&ESIA_KEY, ends[0]), key(&NEXT_KEY, ends[1])];
        assert_eq!(try_client(settings).err(), expected, "{ends:?}");
    }
}

#[test]
fn nobody_starts_with_a_certificate_that_has_ended() {
    let ended = CERTIFICATE.not_after();
    for (at, expected) in [
        (ended, None),
        (ended + TimeDelta::seconds(1), Some(SettingsError::CertificateEnded { ended })),
    ] {
        let client = client_by(Arc::new(move || at), settings(Endpoints::production()));
        assert_eq!(client.err(), expected, "{at}");
    }
}

#[tokio::test]
async fn the_log_tells_once_a_day_of_what_ends() {
    const KEY: &str = "the last key for the tokens of ЕСИА ends";
    const CERTIFICATE_ENDS: &str = "the certificate for requests to ЕСИА ends";
    let begin = CERTIFICATE.not_after() - TimeDelta::days(31);
    let hands = Arc::new(Mutex::new(begin));
    let clock = Arc::clone(&hands);
    let mut settings = settings(Endpoints::production());
    settings.token_keys[0].not_after = Some(begin + TimeDelta::days(20));
    let log = Log::open();
    let client = client_by(Arc::new(move || *clock.lock().unwrap()), settings).unwrap();
    let started = client.start().await.unwrap();
    let callback = format!("error=access_denied&state={}", started.attempt.state());
    let callback = Callback::parse(&callback).unwrap();
    for (hours, of_key, of_certificate) in
        [(0, 1, 0), (1, 1, 0), (25, 2, 1), (26, 2, 1), (49, 3, 2)]
    {
        *hands.lock().unwrap() = begin + TimeDelta::hours(hours);
        client.finish(&started.attempt, &callback).await.unwrap_err();
        let told = (log.count(Level::WARN, KEY), log.count(Level::WARN, CERTIFICATE_ENDS));
        assert_eq!(told, (of_key, of_certificate), "after {hours} hours: {}", log.text());
    }
}

#[test]
fn settings_that_cannot_work_are_refused() {
    type Change = fn(&mut EsiaSettings);
    let cases: [(Change, SettingsError); 20] = [
        (|s| s.client_id.clear(), SettingsError::ClientId),
        (|s| s.client_id = "PORTAL 62".into(), SettingsError::ClientId),
        (|s| s.redirect_uri = uri("http://school.example.ru/esia"), SettingsError::RedirectUri),
        (|s| s.redirect_uri = uri("school:/esia"), SettingsError::RedirectUri),
        (|s| s.redirect_uri = uri("https://a@school.example.ru/esia"), SettingsError::RedirectUri),
        (|s| s.redirect_uri = uri("https://:b@school.example.ru/esia"), SettingsError::RedirectUri),
        (|s| s.redirect_uri = uri("https://school.example.ru/esia#"), SettingsError::RedirectUri),
        (|s| s.issuer.clear(), SettingsError::Issuer),
        (|s| s.issuer = " \t".into(), SettingsError::Issuer),
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
            |s| s.token_keys = vec![TokenKey::new(include_str!("p256.pem"))],
            SettingsError::TokenKey { number: 1 },
        ),
        (|s| s.clock_skew_seconds = 301, SettingsError::OutOfRange { field: "clockSkewSeconds" }),
        (|s| s.deadline_seconds = 0, SettingsError::OutOfRange { field: "deadlineSeconds" }),
        (|s| s.max_under_way = 0, SettingsError::OutOfRange { field: "maxUnderWay" }),
        (|s| s.extra_roots_pem = Some("roots".into()), SettingsError::ExtraRoots),
    ];
    for (change, expected) in cases {
        let mut settings = settings(Endpoints::production());
        change(&mut settings);
        assert_eq!(try_client(settings).unwrap_err(), expected);
    }
}

#[test]
fn the_settings_of_the_readme_are_read() {
    let readme = include_str!("../../README.md");
    let blocks = readme.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let blocks: Vec<_> = blocks.collect();
    let direct: EsiaSettings = serde_json::from_str(blocks[1]).unwrap();
    assert!(direct.correct_clock && direct.token_keys.len() == 2);
    let gateway: GatewaySettings = serde_json::from_str(blocks[2]).unwrap();
    assert_eq!(gateway.claims.birth_date, "esia_birthdate");
}
