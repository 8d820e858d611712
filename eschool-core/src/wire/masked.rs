//! Reading what may tell something of a person, so that no error tells it.
//!
//! Serde's own refusal of a value of the wrong kind shows the value: of a СНИЛС that came as a
//! number, all of it. Here a refusal names what was wanted alone.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::{cell::Cell, convert::Infallible, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Unexpected, Visitor, value::MapAccessDeserializer},
};

/// What a visitor expects. Whoever refuses a value asks for it, to say it beside the value; that
/// somebody asked is noted.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    what: &'static str,
    asked: &'a Cell<bool>,
}

impl Wanted<'_> {
    pub(crate) fn tell(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.asked.set(true);
        f.write_str(self.what)
    }
}

/// Reads by a visitor that expects this and nothing else. A value of another kind is refused
/// without being told; an error of the format itself, as of a text that breaks off, stays.
pub(crate) fn read<T, E: Error>(
    what: &'static str,
    by: impl FnOnce(Wanted<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let asked = Cell::new(false);
    match by(Wanted { what, asked: &asked }) {
        Err(_) if asked.get() => Err(E::invalid_type(Unexpected::Other("another kind"), &what)),
        read => read,
    }
}

/// Reads a text by a function whose errors tell no more than they may.
pub(crate) fn text<'de, D, T, E>(
    deserializer: D,
    parse: impl FnOnce(Cow<'_, str>) -> Result<T, E>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    E: fmt::Display,
{
    // Asked for anything, a format that has texts alone, as CSV, would guess a number.
    read("a string", |wanted| deserializer.deserialize_str(Text { parse, wanted }))
}

/// Reads a text and tells it. It knows no type of what is made of the text, so that all types read
/// texts by the same code.
pub(crate) fn told<'de, D: Deserializer<'de>>(
    deserializer: D,
    to: &mut dyn FnMut(&str),
) -> Result<(), D::Error> {
    text(deserializer, |text| {
        to(&text);
        Ok::<_, Infallible>(())
    })
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

struct Text<'a, F> {
    parse: F,
    wanted: Wanted<'a>,
}

impl<'de, T, Fault, F> Visitor<'de> for Text<'_, F>
where
    Fault: fmt::Display,
    F: FnOnce(Cow<'_, str>) -> Result<T, Fault>,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wanted.tell(f)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(Cow::Borrowed(text)).map_err(E::custom)
    }

    fn visit_string<E: Error>(self, text: String) -> Result<T, E> {
        (self.parse)(Cow::Owned(text)).map_err(E::custom)
    }
}

/// Reads a list, each of whose elements tells as little.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    read("a list", |wanted| deserializer.deserialize_seq(List { wanted, of: PhantomData }))
}

/// Reads an object, each of whose fields tells as little; never the list of its fields.
pub(crate) fn object<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    read("an object", |wanted| deserializer.deserialize_map(Object { wanted, of: PhantomData }))
}

struct List<'a, T> {
    wanted: Wanted<'a>,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for List<'_, T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wanted.tell(f)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(list)
    }
}

struct Object<'a, T> {
    wanted: Wanted<'a>,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wanted.tell(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields))
    }
}
