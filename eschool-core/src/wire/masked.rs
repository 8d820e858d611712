//! Reading what may tell something of a person, so that no error tells it.
//!
//! Serde's own refusal of a value of the wrong kind shows the value: of a СНИЛС that came as a
//! number, all of it. Here a refusal names the kind alone.

use alloc::{borrow::Cow, string::String};
use core::{convert::Infallible, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, Unexpected, Visitor},
};

/// What a visitor says to a scalar other than a text: its kind, and never the value.
macro_rules! no_scalars {
    () => {
        fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Self::Value, E> {
            Err($crate::wire::masked::not_expected("boolean", &self))
        }

        fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Self::Value, E> {
            Err($crate::wire::masked::not_expected("number", &self))
        }

        fn visit_i128<E: serde::de::Error>(self, _: i128) -> Result<Self::Value, E> {
            Err($crate::wire::masked::not_expected("number", &self))
        }

        fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Self::Value, E> {
            Err($crate::wire::masked::not_expected("number", &self))
        }

        fn visit_u128<E: serde::de::Error>(self, _: u128) -> Result<Self::Value, E> {
            Err($crate::wire::masked::not_expected("number", &self))
        }

        fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Self::Value, E> {
            Err($crate::wire::masked::not_expected("number", &self))
        }
    };
}
pub(crate) use no_scalars;

/// The refusal of a value of this kind.
#[cold]
pub(crate) fn not_expected<'de, V: Visitor<'de>, E: Error>(kind: &'static str, wanted: &V) -> E {
    E::invalid_type(Unexpected::Other(kind), wanted)
}

/// Reads a text by a function whose errors tell no more than they may.
pub(crate) fn text<'de, D, T, E>(
    deserializer: D,
    read: impl FnOnce(Cow<'_, str>) -> Result<T, E>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    E: fmt::Display,
{
    // A format that tells what comes is asked for anything: asked for a text, it would refuse
    // another value by itself, and show it.
    if deserializer.is_human_readable() {
        deserializer.deserialize_any(Text(read))
    } else {
        deserializer.deserialize_str(Text(read))
    }
}

/// Reads a text as it stands.
pub(crate) fn string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text(deserializer, |text| Ok::<_, Infallible>(text.into_owned()))
}

/// Reads a text as it stands, or none.
pub(crate) fn option<'de, D>(deserializer: D) -> Result<Option<String>, D::Error>
where
    D: Deserializer<'de>,
{
    let text = Option::<Masked>::deserialize(deserializer)?;
    Ok(text.map(|Masked(text)| text))
}

#[derive(Deserialize)]
struct Masked(#[serde(deserialize_with = "string")] String);

struct Text<F>(F);

impl<'de, T, Fault, F> Visitor<'de> for Text<F>
where
    Fault: fmt::Display,
    F: FnOnce(Cow<'_, str>) -> Result<T, Fault>,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.0)(Cow::Borrowed(text)).map_err(E::custom)
    }

    fn visit_string<E: Error>(self, text: String) -> Result<T, E> {
        (self.0)(Cow::Owned(text)).map_err(E::custom)
    }

    no_scalars!();
}
