//! What the data of people have in common, whichever way they come.

use eschool_core::{
    identity::{BirthDate, FullName, NameError, Snils},
    signin::EsiaChild,
};
use serde_json::Value;

use super::EsiaError;

/// A text that is there and not blank.
pub(super) fn text(value: &Value) -> Option<&str> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// The name; a patronymic that is none counts as absent.
pub(super) fn full_name(
    family: &str,
    given: &str,
    patronymic: Option<&str>,
) -> Result<FullName, EsiaError> {
    FullName::new(family, given, patronymic)
        .or_else(|_| FullName::new(family, given, None))
        .map_err(|error| match error {
            NameError::Missing { .. } => EsiaError::NameMissing,
            _ => EsiaError::NameMalformed,
        })
}

/// A child as ЕСИА lists it. No source tells the names of its fields; they are taken to be those of
/// a person (`lastName`, `firstName`, `middleName`, `birthDate`, `snils`). What is absent or no
/// good is absent, and a child of whom nothing is known is none.
pub(super) fn child(element: &Value) -> Option<EsiaChild> {
    let field = |name: &str| element.get(name).and_then(text);
    let (family, given) = (field("lastName"), field("firstName"));
    let name =
        full_name(family.unwrap_or_default(), given.unwrap_or_default(), field("middleName"));
    let child = EsiaChild {
        name: name.ok(),
        birth_date: field("birthDate").and_then(|text| text.parse::<BirthDate>().ok()),
        snils: field("snils").and_then(|text| Snils::parse(text).ok()),
    };
    let known = child.name.is_some() || child.birth_date.is_some() || child.snils.is_some();
    known.then_some(child)
}
