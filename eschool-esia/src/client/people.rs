//! What the data of people have in common, whichever way they come.

use eschool_core::{
    identity::{BirthDate, FullName, NameError, Snils},
    signin::EsiaChild,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{EsiaError, SettingsError};

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

/// Under which names the fields of a child come, in ЕСИА's list and in a gateway's.
///
/// No source tells them; the defaults are the names that a person's own fields have at ЕСИА. What is
/// absent or no good is absent, and a child of whom nothing is known is none.
///
/// ```
/// use eschool_esia::client::ChildFields;
///
/// let fields: ChildFields = serde_json::from_str(r#"{"birthDate": "birthdate"}"#)?;
/// assert_eq!((fields.birth_date.as_str(), fields.family.as_str()), ("birthdate", "lastName"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ChildFields {
    /// The family name; `lastName`.
    pub family: String,
    /// The given name; `firstName`.
    pub given: String,
    /// The patronymic; `middleName`.
    pub patronymic: String,
    /// The birth date; `birthDate`. `08.03.2015` or `2015-03-08`.
    pub birth_date: String,
    /// The СНИЛС; `snils`.
    pub snils: String,
}

impl Default for ChildFields {
    fn default() -> Self {
        Self {
            family: "lastName".into(),
            given: "firstName".into(),
            patronymic: "middleName".into(),
            birth_date: "birthDate".into(),
            snils: "snils".into(),
        }
    }
}

impl ChildFields {
    /// Refuses a field without a name.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        for (field, name) in [
            ("family", &self.family),
            ("given", &self.given),
            ("patronymic", &self.patronymic),
            ("birthDate", &self.birth_date),
            ("snils", &self.snils),
        ] {
            if name.trim().is_empty() {
                return Err(SettingsError::ChildField { field });
            }
        }
        Ok(())
    }

    /// The child that an element of the list tells of.
    pub(super) fn read(&self, element: &Value) -> Option<EsiaChild> {
        let field = |name: &String| element.get(name).and_then(text);
        let (family, given) = (field(&self.family), field(&self.given));
        let patronymic = field(&self.patronymic);
        let name = full_name(family.unwrap_or_default(), given.unwrap_or_default(), patronymic);
        let child = EsiaChild {
            name: name.ok(),
            birth_date: field(&self.birth_date).and_then(|text| text.parse::<BirthDate>().ok()),
            snils: field(&self.snils).and_then(|text| Snils::parse(text).ok()),
        };
        let known = child.name.is_some() || child.birth_date.is_some() || child.snils.is_some();
        known.then_some(child)
    }
}
