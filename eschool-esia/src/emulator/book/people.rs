//! The people of a book in TOML.

use std::collections::HashMap;

use eschool_core::identity::{
    BirthDate, Email, FullName, MobilePhone, NameError, Patronymic, Snils,
};
use toml::{Spanned, Value};

use super::{BookError, BookFieldError, CellError, Place, raw};
use crate::emulator::{TestAccount, TestContact, TestPerson};

/// Judges them. Who has no number of their own gets the next of [`TestPerson::FIRST_OID`] on that
/// nobody has.
pub(super) fn read(raw: Vec<raw::Person>, place: &Place<'_>) -> Result<Vec<TestPerson>, BookError> {
    let (mut taken, mut keys) = (HashMap::new(), HashMap::new());
    for person in &raw {
        let start = person.key.span().start;
        if let Some(first) = keys.insert(person.key.get_ref().clone(), start) {
            let first = place.line(first);
            return Err(place.wrong("key", &person.key, BookFieldError::KeyRepeated { first }));
        }
        if let Some(oid) = &person.oid
            && let Some(first) = taken.insert(number(oid, place)?, oid.span().start)
        {
            let first = place.line(first);
            return Err(place.wrong("oid", oid, BookFieldError::OidRepeated { first }));
        }
    }
    let mut free = (TestPerson::FIRST_OID..).filter(|oid| !taken.contains_key(oid));
    let mut oids = HashMap::with_capacity(raw.len());
    for person in &raw {
        let oid = person.oid.as_ref().map(|oid| *oid.get_ref()).or_else(|| free.next());
        oids.insert(person.key.get_ref().clone(), oid.unwrap_or_default());
    }
    raw.into_iter().map(|person| one(person, &oids, place)).collect()
}

/// A number in ЕСИА.
fn number(oid: &Spanned<u64>, place: &Place<'_>) -> Result<u64, BookError> {
    let number = *oid.get_ref();
    if (1..=TestPerson::HIGHEST_OID).contains(&number) {
        return Ok(number);
    }
    Err(place.wrong("oid", oid, BookFieldError::OidRange))
}

fn one(
    raw: raw::Person,
    oids: &HashMap<String, u64>,
    place: &Place<'_>,
) -> Result<TestPerson, BookError> {
    let key = required("key", &raw.key, place, |text| Ok::<_, CellError>(text.to_owned()))?;
    let name = name(&raw, place)?;
    let birth_date = born(&raw.born, place)?;
    let snils = optional("snils", raw.snils.as_ref(), place, Snils::parse)?;
    let phone = optional("phone", raw.phone.as_ref(), place, MobilePhone::parse)?;
    let email = optional("email", raw.email.as_ref(), place, str::parse::<Email>)?;
    let account = required("account", &raw.account, place, |text| {
        TestAccount::parse(text).ok_or(CellError::Account)
    })?;
    let children = raw.children.iter().map(|child| match oids.get(child.get_ref()) {
        _ if *child.get_ref() == key => {
            Err(place.wrong("children", child, BookFieldError::ChildSelf))
        }
        Some(oid) => Ok(*oid),
        None => Err(place.wrong("children", child, BookFieldError::ChildUnknown)),
    });
    let children = children.collect::<Result<_, _>>()?;
    let contacts = raw.contacts.iter().map(|contact| {
        if contact.kind.get_ref().is_empty() || contact.kind.get_ref().contains(char::is_whitespace)
        {
            return Err(place.wrong("type", &contact.kind, BookFieldError::Word));
        }
        let value =
            required("value", &contact.value, place, |text| Ok::<_, CellError>(text.into()))?;
        Ok(TestContact { kind: contact.kind.get_ref().clone(), value })
    });
    let contacts = contacts.collect::<Result<_, _>>()?;
    Ok(TestPerson {
        oid: oids.get(&key).copied().unwrap_or_default(),
        key,
        name,
        birth_date,
        gender: raw.gender,
        snils,
        phone_verified: raw.phone_verified && phone.is_some(),
        phone,
        email_verified: raw.email_verified && email.is_some(),
        email,
        account,
        children,
        contacts,
        parent_consent: raw.parent_consent,
        second_factor: raw.second_factor,
    })
}

/// The name; each part is read alone first, so that the error names the field.
fn name(raw: &raw::Person, place: &Place<'_>) -> Result<FullName, BookError> {
    let part = |field, value| {
        required(field, value, place, |text| {
            FullName::new(text, text, None).map(|_| text.to_owned())
        })
    };
    let (family, given) = (part("family", &raw.family)?, part("given", &raw.given)?);
    let patronymic = raw.patronymic.as_ref();
    let read = |text: &str| Patronymic::of_cell(text).map(|_| text.to_owned());
    let text = optional("patronymic", patronymic, place, read)?;
    let wrong = |error: NameError| match patronymic {
        Some(value) => place.wrong("patronymic", value, CellError::from(error)),
        None => place.wrong("family", &raw.family, CellError::from(error)),
    };
    FullName::new(&family, &given, Some(text.as_deref().unwrap_or_default())).map_err(wrong)
}

/// A date of TOML (`1986-05-14`), or a text (`"14.05.1986"`).
fn born(value: &Spanned<Value>, place: &Place<'_>) -> Result<BirthDate, BookError> {
    let text = match value.get_ref() {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.parse::<BirthDate>().map_err(|error| place.wrong("born", value, CellError::from(error)))
}

fn required<T, E: Into<CellError>>(
    field: &'static str,
    value: &Spanned<String>,
    place: &Place<'_>,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, BookError> {
    match value.get_ref().trim() {
        "" => Err(place.wrong(field, value, CellError::Empty)),
        text => read(text).map_err(|error| place.wrong(field, value, error.into())),
    }
}

/// A value that may be absent or empty.
fn optional<T, E: Into<CellError>>(
    field: &'static str,
    value: Option<&Spanned<String>>,
    place: &Place<'_>,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<Option<T>, BookError> {
    match value {
        Some(value) if !value.get_ref().trim().is_empty() => {
            required(field, value, place, read).map(Some)
        }
        _ => Ok(None),
    }
}
