//! What fuzz targets call though nobody outside can: there under `--cfg fuzzing` alone.

use std::sync::LazyLock;

use chrono::DateTime;
use serde_json::Value;

use super::{
    claims::{AccessClaims, IdClaims, Oid},
    jwt,
    keys::TokenKeys,
    person::{ContactData, PersonData, person},
};
use crate::client::{Endpoints, EsiaSettings, Token, TokenKey, json::object};

/// The client that the seeds are for.
static SETTINGS: LazyLock<EsiaSettings> = LazyLock::new(|| {
    let pem = include_str!("../../../fuzz/keys/rsa.pem");
    let back = url::Url::parse("https://school.example.ru/esia").ok();
    let issuer = "http://esia.gosuslugi.ru/";
    let settings = back.map(|back| {
        let keys = vec![TokenKey::new(pem)];
        EsiaSettings::new("TEST", back, Endpoints::production(), issuer, keys)
    });
    settings.unwrap_or_else(|| std::process::abort())
});

static KEYS: LazyLock<TokenKeys> = LazyLock::new(|| {
    TokenKeys::read(&SETTINGS.token_keys).unwrap_or_else(|_| std::process::abort())
});

/// The hour in which the seeds hold.
fn now() -> DateTime<chrono::Utc> {
    DateTime::from_timestamp(1_788_242_460, 0).unwrap_or_default()
}

/// A token as text.
pub fn token(text: &str) {
    let _ = jwt::open::<IdClaims>(text, Token::Id, &KEYS, now());
    let _ = jwt::open::<AccessClaims>(text, Token::Access, &KEYS, now());
}

/// Claims whose signature held.
pub fn claims(json: &[u8]) {
    if let Some(claims) = object::<IdClaims>(json) {
        let _ = claims.judge(&SETTINGS, now());
        let _ = claims.level();
    }
    if let Some(claims) = object::<AccessClaims>(json) {
        let _ = claims.judge(&SETTINGS, now());
    }
}

/// A person's data and contacts, a line each.
pub fn data(lines: &[u8]) {
    let mut lines = lines.split(|byte| *byte == b'\n');
    let mut next = || lines.next().unwrap_or_default();
    let data: Option<PersonData> = object(next());
    let contacts: Option<ContactData> = object(next());
    let (Some(data), contacts) = (data, contacts.unwrap_or_default()) else { return };
    let oid = Oid::read(&Value::from(1_000_000_001_u64));
    if let Some(oid) = oid {
        let _ = person(oid, Some("PR"), &data, contacts.verified());
    }
}
