//! What fuzz targets call though nobody outside can: there under `--cfg fuzzing` alone.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    claims::{AccessClaims, IdClaims, Moment, Oid},
    jwt,
    keys::TokenKeys,
    person::{Contacts, PersonData, person},
};
use crate::client::{
    Endpoints, EsiaSettings, Token, TokenKey,
    json::{fields, object},
};

/// The client that the seeds are for.
static SETTINGS: LazyLock<EsiaSettings> = LazyLock::new(|| {
    let pems =
        [include_str!("../../../fuzz/keys/rsa.pem"), include_str!("../../../fuzz/keys/gost.pem")];
    let keys = pems.map(TokenKey::new).into();
    let back = "https://school.example.ru/esia".parse();
    let back = back.unwrap_or_else(|_| std::process::abort());
    EsiaSettings::new("TEST", back, Endpoints::production(), "http://esia.gosuslugi.ru/", keys)
});

static KEYS: LazyLock<TokenKeys> = LazyLock::new(|| {
    TokenKeys::read(&SETTINGS.token_keys).unwrap_or_else(|_| std::process::abort())
});

/// The hour in which the seeds hold.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_500_060, 0).unwrap_or_default()
}

/// What the keys signed.
const SEEDS: [&str; 2] = [
    include_str!("../../../fuzz/seeds/token/id"),
    include_str!("../../../fuzz/seeds/token/access"),
];

/// A token as text: nothing opens that no key signed.
pub fn token(text: &str) {
    let opens = jwt::open::<IdClaims>(text, Token::Id, &KEYS, now()).is_ok()
        || jwt::open::<AccessClaims>(text, Token::Access, &KEYS, now()).is_ok();
    let signed = |token: &str| token.rsplit_once('.').map(|(signed, _)| signed.to_owned());
    let is_ours = SEEDS.into_iter().any(|seed| signed(seed) == signed(text));
    assert_eq!(opens, opens && is_ours, "a token opens that nobody signed");
}

/// Claims whose signature held.
pub fn claims(json: &[u8]) {
    let at = Moment { now: now(), began: now() };
    if let Some(claims) = object::<IdClaims>(json) {
        let _ = claims.judge(&SETTINGS, at);
        let _ = claims.level();
    }
    if let Some(claims) = object::<AccessClaims>(json) {
        let _ = claims.judge(&SETTINGS, at);
    }
}

/// A person's data, contacts and children, a line each.
pub fn data(lines: &[u8]) {
    let mut lines = lines.split(|byte| *byte == b'\n');
    let Some(data) = lines.next().and_then(object::<PersonData>) else { return };
    let mut elements = || -> Vec<Value> {
        let mut collection = lines.next().and_then(fields).unwrap_or_default();
        match collection.remove("elements") {
            Some(Value::Array(elements)) => elements,
            _ => Vec::new(),
        }
    };
    let contacts = Contacts::verified(&elements());
    let child = |element: &Value| SETTINGS.child_fields.read(element);
    let children = elements().iter().filter_map(child).collect();
    if let Some(oid) = Oid::read(&Value::from(1_000_000_001_u64)) {
        let _ = person(oid, Some("PR"), &data, contacts, children);
    }
}
