//! The data of the person: what ЕСИА sends, and what is made of it.

use eschool_core::{
    identity::{BirthDate, Email, MobilePhone, Snils},
    signin::{Assurance, EsiaChild, EsiaPerson},
};
use serde::Deserialize;
use serde_json::Value;

use super::claims::Oid;
use crate::client::{
    EsiaError,
    people::{full_name, text},
};

/// `/rs/prns/{oid}`. Every field may be absent, and of those that are no text only `trusted` is
/// looked at.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PersonData {
    oid: Value,
    last_name: Value,
    first_name: Value,
    middle_name: Value,
    birth_date: Value,
    snils: Value,
    trusted: Value,
}

/// The two contacts that ЕСИА verifies.
#[derive(Default)]
pub(super) struct Contacts {
    phone: Option<MobilePhone>,
    email: Option<Email>,
}

impl Contacts {
    /// The verified ones among the elements of `/rs/prns/{oid}/ctts`.
    pub(super) fn verified(elements: &[Value]) -> Self {
        Self {
            phone: first(elements, "MBT", |text| MobilePhone::parse(text).ok()),
            email: first(elements, "EML", |text| text.parse().ok()),
        }
    }
}

fn first<T>(elements: &[Value], kind: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    let is = |element: &Value, name: &str, text: &str| {
        element.get(name).and_then(Value::as_str) == Some(text)
    };
    elements
        .iter()
        .filter(|element| is(element, "type", kind) && is(element, "vrfStu", "VERIFIED"))
        .filter_map(|element| text(element.get("value")?))
        .find_map(parse)
}

/// The person that tokens and data speak of.
///
/// A field that is no СНИЛС, date, phone or e-mail counts as absent: the person cannot mend it
/// here, and what is left may well be enough to know them by. Nothing is ever matched by half of a
/// value. A name must be there, since matching by СНИЛС compares the given name.
///
/// The account is confirmed only where the token (`PR`) and the data (`trusted`) both say so.
pub(super) fn person(
    oid: Oid,
    level: Option<&str>,
    data: &PersonData,
    contacts: Contacts,
    children: Vec<EsiaChild>,
) -> Result<EsiaPerson, EsiaError> {
    if !data.oid.is_null() && Oid::read(&data.oid) != Some(oid) {
        return Err(EsiaError::PersonForeign);
    }
    let assurance = match level {
        Some("PR") if data.trusted == Value::Bool(true) => Assurance::Confirmed,
        Some("KD") => Assurance::Child,
        _ => Assurance::Unconfirmed,
    };
    Ok(EsiaPerson {
        oid: oid.0.to_string(),
        assurance,
        name: full_name(
            text(&data.last_name).unwrap_or_default(),
            text(&data.first_name).unwrap_or_default(),
            text(&data.middle_name),
        )?,
        birth_date: text(&data.birth_date).and_then(|text| text.parse::<BirthDate>().ok()),
        snils: text(&data.snils).and_then(|text| Snils::parse(text).ok()),
        verified_phone: contacts.phone,
        verified_email: contacts.email,
        children,
    })
}
