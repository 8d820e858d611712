//! Reads JSON objects.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

/// An object, never the array of its fields that serde would take for one; none where a name stands
/// twice in it or in an object within: whoever reads the other of the two reads something else.
pub(super) fn object<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    serde_json::from_value(Value::Object(fields(json)?)).ok()
}

/// The fields of an object that says each thing once.
pub(super) fn fields(json: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(json).ok()? {
        Unambiguous(Value::Object(object)) => Some(object),
        Unambiguous(_) => None,
    }
}

/// JSON in which no name stands twice in one object.
struct Unambiguous(Value);

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Value, E> {
        Ok(truth.into())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unambiguous(element)) = elements.next_element()? {
            list.push(element);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Unambiguous(value))) = fields.next_entry::<String, _>()? {
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("a name stands twice"));
            }
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_of_json_is_read_as_it_stands() {
        let value = json!({
            "a": null, "b": true, "c": -1, "d": 1, "e": 1.5, "f": "\u{451}", "g": [{}, [1]],
            "h": {"a": {"a": 1}},
        });
        assert_eq!(fields(value.to_string().as_bytes()).map(Value::Object), Some(value));
    }

    #[test]
    fn what_says_two_things_or_is_no_object_is_none() {
        for json in [
            r#"{"a": 1, "a": 1}"#,
            r#"{"a": 1, "\u0061": 2}"#,
            r#"{"x": [{"a": 1, "b": 2, "a": 3}]}"#,
            "[]",
            "null",
            "\"a\"",
            "{}{}",
            "{",
            "",
        ] {
            assert_eq!(fields(json.as_bytes()), None, "{json}");
        }
        assert_eq!(fields("[".repeat(100_000).as_bytes()), None);
    }
}
