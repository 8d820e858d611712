//! How names cross a border: no error shows what stood there.

use alloc::string::String;
use core::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor, value},
};

use super::{FullName, NameError, Patronymic, is_word};
use crate::wire::masked::{self, Wanted};

impl<'de> Deserialize<'de> for FullName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const FIELDS: &[&str] = &["family", "given", "patronymic"];
        masked::read("a name with `family` and `given`", |wanted| {
            deserializer.deserialize_struct("FullName", FIELDS, Whole(wanted))
        })
    }
}

struct Whole<'a>(Wanted<'a>);

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = FullName;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.tell(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FullName, A::Error> {
        checked_whole(value::MapAccessDeserializer::new(map))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<FullName, A::Error> {
        checked_whole(value::SeqAccessDeserializer::new(seq))
    }
}

fn checked_whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FullName, D::Error> {
    let Parts { family, given, patronymic } = Parts::deserialize(deserializer)?;
    FullName::of_parts(&family, &given, patronymic).map_err(Error::custom)
}

/// The parts before anybody looked at them.
#[derive(Deserialize)]
struct Parts {
    #[serde(deserialize_with = "masked::string")]
    family: String,
    #[serde(deserialize_with = "masked::string")]
    given: String,
    #[serde(default)]
    patronymic: Patronymic,
}

impl<'de> Deserialize<'de> for Patronymic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // It is a text or a map, so the format is asked what came; one that has texts alone and
        // guesses takes no word for another kind but `true`, `false`, `inf`, `infinity` and `nan`.
        masked::read("`none`, `missing` or a patronymic under `given`", |wanted| {
            deserializer.deserialize_any(OnePart(wanted))
        })
    }
}

struct OnePart<'a>(Wanted<'a>);

impl<'de> Visitor<'de> for OnePart<'_> {
    type Value = Patronymic;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.tell(f)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Patronymic, E> {
        self.visit_string(text.into())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Patronymic, E> {
        match text.as_str() {
            "none" => Ok(Patronymic::None),
            "missing" => Ok(Patronymic::Missing),
            word if is_word(word) => Ok(Patronymic::Unknown(text)),
            _ => Err(E::custom(NameError::NoWord)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Patronymic, A::Error> {
        let part = Given::deserialize(value::MapAccessDeserializer::new(map))?;
        Ok(Patronymic::Given(part.given))
    }
}

#[derive(Deserialize)]
struct Given {
    #[serde(deserialize_with = "masked::string")]
    given: String,
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::ToString as _};

    use super::*;
    use crate::error::CodedError as _;

    #[test]
    fn a_name_on_the_wire_may_say_nothing_of_the_patronymic() {
        let name: FullName = serde_json::from_str(r#"{"family": "Ли", "given": "Ян"}"#).unwrap();
        assert_eq!(name.patronymic(), &Patronymic::Missing);
        assert_eq!(
            serde_json::to_string(&name).unwrap(),
            r#"{"family":"Ли","given":"Ян","patronymic":"missing"}"#
        );
    }

    #[test]
    fn a_bare_patronymic_is_a_word_of_a_newer_version_or_refused() {
        let longest = "a".repeat(32);
        for word in ["not_asked", "x", &longest] {
            let read: Patronymic = serde_json::from_str(&format!("\"{word}\"")).unwrap();
            assert_eq!(read, Patronymic::Unknown(word.into()));
        }
        for word in ["Ивановна", "given", "", "Not_asked", "not asked", "a1", &"a".repeat(33)]
        {
            let name = format!(r#"{{"family": "Ли", "given": "Ян", "patronymic": "{word}"}}"#);
            let error = serde_json::from_str::<FullName>(&name).unwrap_err().to_string();
            assert!(error.starts_with(&NameError::NoWord.to_string()), "{word}: {error}");
        }
        assert_eq!(NameError::NoWord.field(), Some("patronymic"));
        assert_eq!(NameError::NoWord.value().as_deref(), Some("***"));
    }

    #[test]
    fn a_patronymic_that_would_be_read_back_as_another_is_refused() {
        for word in ["given", "none", "missing", "Ивановна", ""] {
            let unknown = Patronymic::Unknown(word.into());
            assert_eq!(FullName::of_parts("Ли", "Ян", unknown), Err(NameError::NoWord), "{word}");
        }
        for patronymic in ["nobody", "none_given"] {
            let unknown = Patronymic::Unknown(patronymic.into());
            let name = FullName::of_parts("Ли", "Ян", unknown).unwrap();
            let json = serde_json::to_string(&name).unwrap();
            assert_eq!(serde_json::from_str::<FullName>(&json).unwrap(), name, "{patronymic}");
        }
    }

    #[test]
    fn a_patronymic_is_checked_as_the_other_parts_are() {
        for (patronymic, code) in
            [("", "name_missing"), ("Минович5", "name_malformed"), ("-", "name_malformed")]
        {
            let given = Patronymic::Given(patronymic.into());
            let error = FullName::of_parts("Ли", "Ян", given).unwrap_err();
            assert_eq!((error.code(), error.field()), (code, Some("patronymic")), "{patronymic}");
        }
    }
}
