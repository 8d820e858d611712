//! JSON as a tree, and values read of it.
//!
//! A type is read of a tree and not of the text itself because so its code is a third as long, which
//! somebody downloads: all that looks at characters is there once and not once a type.

use std::borrow::Cow;
use std::fmt;
use std::vec::IntoIter;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

/// What a JSON says.
pub(in crate::whole) enum Tree<'t> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'t, str>),
    List(Vec<Tree<'t>>),
    Map(Vec<(Cow<'t, str>, Tree<'t>)>),
    /// What stands for a field that a map lacks.
    Nothing,
}

/// What is amiss with a value, and where.
#[derive(Debug)]
pub(in crate::whole) struct Amiss(Box<What>);

#[derive(Debug, Default)]
struct What {
    why: String,
    steps: Vec<String>,
    is_half: bool,
    /// Whether whoever takes the fields of a struct lacks some.
    is_short: bool,
}

impl Amiss {
    /// What is amiss with a text that is no JSON.
    #[cold]
    #[inline(never)]
    pub(super) fn of_text(error: &serde_json::Error) -> Self {
        let why = error.to_string();
        // `JSON.stringify` writes half of a character as an escape, and nothing else so.
        let is_half = why.contains("hex escape");
        Self(Box::new(What { why, is_half, ..What::default() }))
    }

    /// What is amiss, without the value that is.
    pub(super) fn why(&self) -> &str {
        &self.0.why
    }

    /// Whether it is half of a character of UTF-16.
    pub(super) fn is_half(&self) -> bool {
        self.0.is_half
    }

    /// The way to it from the outermost value, as in `lessons.3.date`.
    pub(super) fn path(&self) -> String {
        let steps: Vec<&str> = self.0.steps.iter().rev().map(String::as_str).collect();
        steps.join(".")
    }

    #[cold]
    #[inline(never)]
    fn within(mut self, step: &dyn fmt::Display) -> Self {
        self.0.steps.push(step.to_string());
        self
    }

    #[cold]
    #[inline(never)]
    fn new(why: String) -> Self {
        Self(Box::new(What { why, ..What::default() }))
    }
}

impl fmt::Display for Amiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        if !path.is_empty() {
            write!(f, "at `{path}`: ")?;
        }
        f.write_str(self.why())
    }
}

impl std::error::Error for Amiss {}

impl Error for Amiss {
    /// What a type says of a value that it does not take may show the value.
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::new("it is not what it has to be".into())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(format!("it lacks the field `{field}`"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(format!("it has the field `{field}` twice"))
    }

    fn invalid_length(_: usize, expected: &dyn serde::de::Expected) -> Self {
        let why = format!("expected {expected}");
        Self(Box::new(What { why, is_short: true, ..What::default() }))
    }

    /// What was found is not told: it may be a name or a number of somebody's.
    fn invalid_type(_: Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self::new(format!("expected {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self::new(format!("expected {expected}"))
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("expected another word".into())
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("it has a field that is not known".into())
    }
}

impl<'de> Deserialize<'de> for Tree<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Grown)
    }
}

struct Grown;

impl<'de> Visitor<'de> for Grown {
    type Value = Tree<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree<'de>, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree<'de>, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree<'de>, E> {
        Ok(Tree::Unsigned(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Tree<'de>, E> {
        Ok(Tree::Signed(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Tree<'de>, E> {
        Ok(Tree::Float(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Tree<'de>, E> {
        Ok(Tree::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree<'de>, E> {
        Ok(Tree::Text(Cow::Owned(text.into())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Tree<'de>, A::Error> {
        let mut map = Vec::new();
        while let Some((Name(key), value)) = fields.next_entry()? {
            map.push((key, value));
        }
        Ok(Tree::Map(map))
    }
}

/// The name of a field, borrowed where the text has it as it is.
struct Name<'t>(Cow<'t, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_str(Grown)? {
            Tree::Text(name) => Ok(Self(name)),
            _ => Err(D::Error::custom("expected a name")),
        }
    }
}

impl Tree<'_> {
    /// What it is instead of what it should be; only its kind is told to a visitor.
    #[cold]
    #[inline(never)]
    fn instead(expected: &dyn serde::de::Expected) -> Amiss {
        Amiss::invalid_type(Unexpected::Unit, expected)
    }
}

macro_rules! numbers {
    ($( $method:ident )+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Amiss> {
            self.deserialize_u64(visitor)
        }
    )+};
}

macro_rules! texts {
    ($( $method:ident )+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Amiss> {
            match self {
                Self::Text(text) => visitor.visit_str(&text),
                _ => Err(Self::instead(&visitor)),
            }
        }
    )+};
}

impl<'de> Deserializer<'de> for Tree<'de> {
    type Error = Amiss;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Amiss> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(value) => visitor.visit_bool(value),
            Self::Unsigned(number) => visitor.visit_u64(number),
            Self::Signed(number) => visitor.visit_i64(number),
            Self::Float(number) => visitor.visit_f64(number),
            Self::Text(text) => visitor.visit_str(&text),
            Self::List(list) => visitor.visit_seq(Items { rest: list.into_iter(), at: 0 }),
            Self::Map(fields) => visitor.visit_map(Fields::of(fields)),
            Self::Nothing => Err(Self::instead(&visitor)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Amiss> {
        match self {
            Self::Bool(value) => visitor.visit_bool(value),
            _ => Err(Self::instead(&visitor)),
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Amiss> {
        match self {
            Self::Unsigned(number) => visitor.visit_u64(number),
            _ => Err(Self::instead(&visitor)),
        }
    }

    numbers! { deserialize_u8 deserialize_u16 deserialize_u32 }

    texts! { deserialize_str deserialize_string deserialize_identifier }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Amiss> {
        match self {
            Self::Null | Self::Nothing => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Amiss> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Amiss> {
        match self {
            Self::List(list) => visitor.visit_seq(Items { rest: list.into_iter(), at: 0 }),
            _ => Err(Self::instead(&visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Amiss> {
        match self {
            Self::Map(fields) => visitor.visit_map(Fields::of(fields)),
            _ => Err(Self::instead(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Amiss> {
        match self {
            Self::Map(fields) => Struct::of(fields, name, names)?.told(visitor),
            _ => Err(Self::instead(&visitor)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Amiss> {
        match self {
            Self::Text(name) => visitor.visit_enum(Choice { name, content: None }),
            Self::Map(mut fields) if fields.len() == 1 => match fields.pop() {
                Some((name, content)) => {
                    visitor.visit_enum(Choice { name, content: Some(content) })
                }
                None => Err(Self::instead(&visitor)),
            },
            _ => Err(Self::instead(&visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Amiss> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
    }
}

struct Items<'t> {
    rest: IntoIter<Tree<'t>>,
    at: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Amiss;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Amiss> {
        let Some(item) = self.rest.next() else { return Ok(None) };
        let at = self.at;
        self.at += 1;
        seed.deserialize(item).map(Some).map_err(|amiss| amiss.within(&at))
    }
}

struct Fields<'t> {
    rest: IntoIter<(Cow<'t, str>, Tree<'t>)>,
    value: Option<(Cow<'t, str>, Tree<'t>)>,
}

impl<'t> Fields<'t> {
    fn of(fields: Vec<(Cow<'t, str>, Tree<'t>)>) -> Self {
        Self { rest: fields.into_iter(), value: None }
    }
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Amiss;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Amiss> {
        self.value = self.rest.next();
        match &self.value {
            Some((name, _)) => seed.deserialize(Key(name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Amiss> {
        match self.value.take() {
            Some((name, value)) => seed.deserialize(value).map_err(|amiss| amiss.within(&name)),
            None => Err(Amiss::new("expected a value".into())),
        }
    }
}

/// The structs that refuse a field they do not know, by their names: serde tells whoever reads a struct
/// which fields it has, and not that. A test holds them against the core's sources.
const CLOSED: [&str; 10] = [
    "AgeSpan",
    "ConsentRule",
    "DatedRules",
    "GiverRule",
    "KeyRule",
    "LockOut",
    "LockOutDelays",
    "MethodRule",
    "Rules",
    "SignInPolicy",
];

/// The fields of a struct, told in the order of its declaration: so a type has no code that looks for
/// their names.
struct Struct<'t> {
    names: &'static [&'static str],
    rest: IntoIter<Tree<'t>>,
    at: usize,
    /// The field that was not there last, if nothing was amiss since.
    lacks: Option<&'static str>,
}

impl<'t> Struct<'t> {
    #[inline(never)]
    fn of(
        fields: Vec<(Cow<'t, str>, Tree<'t>)>,
        of: &'static str,
        names: &'static [&'static str],
    ) -> Result<Self, Amiss> {
        let mut values: Vec<_> = names.iter().map(|_| Tree::Nothing).collect();
        // Whoever wrote them wrote them mostly in the same order.
        let mut next = 0;
        for (name, value) in fields {
            let is_named = |at: usize| names.get(at).is_some_and(|known| *known == name);
            if !is_named(next) {
                let at = names.iter().position(|known| *known == name);
                next = at.unwrap_or(names.len());
            }
            match (values.get_mut(next), names.get(next)) {
                (Some(place @ Tree::Nothing), _) => *place = value,
                (_, Some(known)) => return Err(Amiss::duplicate_field(known)),
                _ if CLOSED.contains(&of) => return Err(Amiss::unknown_field(&name, names)),
                _ => {}
            }
            next += 1;
        }
        Ok(Self { names, rest: values.into_iter(), at: 0, lacks: None })
    }

    fn told<V: Visitor<'t>>(mut self, visitor: V) -> Result<V::Value, Amiss> {
        visitor.visit_seq(&mut self).map_err(|amiss| self.blamed(amiss))
    }

    /// What is next, and whether it is there.
    #[inline(never)]
    fn next(&mut self) -> (Tree<'t>, bool) {
        let value = self.rest.next().unwrap_or(Tree::Nothing);
        let is_there = !matches!(value, Tree::Nothing);
        self.at += 1;
        (value, is_there)
    }

    #[inline]
    fn name(&self) -> &'static str {
        self.names.get(self.at.wrapping_sub(1)).copied().unwrap_or_default()
    }

    /// What is amiss with the last field, unless it is only not there.
    #[cold]
    #[inline(never)]
    fn amiss(&mut self, is_there: bool, amiss: Amiss) -> Option<Amiss> {
        self.lacks = (!is_there).then(|| self.name());
        is_there.then(|| amiss.within(&self.name()))
    }

    /// A visitor that wants a field tells only how many it wants; one that looks at the fields together may
    /// find something else amiss, though another was not there.
    #[cold]
    #[inline(never)]
    fn blamed(&self, amiss: Amiss) -> Amiss {
        match self.lacks {
            Some(name) if amiss.0.is_short && amiss.0.steps.is_empty() => {
                Amiss::missing_field(name)
            }
            _ => amiss,
        }
    }
}

impl<'de> SeqAccess<'de> for Struct<'de> {
    type Error = Amiss;

    /// No element is here a field that is not there: its type perhaps has a value for that.
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Amiss> {
        let (value, is_there) = self.next();
        match seed.deserialize(value) {
            Ok(value) => Ok(Some(value)),
            Err(amiss) => self.amiss(is_there, amiss).map_or(Ok(None), Err),
        }
    }
}

/// The name of a field, as whoever asks for one gets it.
struct Key<'k>(&'k str);

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = Amiss;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Amiss> {
        visitor.visit_str(self.0)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// One of several, by its name, perhaps with more.
struct Choice<'t> {
    name: Cow<'t, str>,
    content: Option<Tree<'t>>,
}

impl<'de> EnumAccess<'de> for Choice<'de> {
    type Error = Amiss;
    type Variant = Chosen<'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Chosen<'de>), Amiss> {
        Ok((seed.deserialize(Key(&self.name))?, Chosen(self.content)))
    }
}

struct Chosen<'t>(Option<Tree<'t>>);

impl<'de> VariantAccess<'de> for Chosen<'de> {
    type Error = Amiss;

    fn unit_variant(self) -> Result<(), Amiss> {
        match self.0 {
            None | Some(Tree::Null) => Ok(()),
            Some(_) => Err(Amiss::new("expected a word alone".into())),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Amiss> {
        seed.deserialize(self.0.unwrap_or(Tree::Null))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Amiss> {
        self.0.unwrap_or(Tree::Null).deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Amiss> {
        self.0.unwrap_or(Tree::Null).deserialize_struct("", names, visitor)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The names of the structs in a folder's sources that refuse fields they do not know.
    fn closed_in(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                closed_in(&path, found);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for (_, after) in
                source.match_indices("deny_unknown_fields").map(|(at, _)| source.split_at(at))
            {
                let attribute = after.lines().next().unwrap();
                let name = match attribute.split_once("rename = \"") {
                    Some((_, renamed)) => renamed.split('"').next(),
                    None => {
                        after.split_once("struct ").and_then(|(_, name)| name.split(' ').next())
                    }
                };
                found.push(name.unwrap().to_owned());
            }
        }
    }

    #[test]
    fn structs_that_refuse_what_they_do_not_know_are_those_of_the_core() {
        let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../eschool-core/src");
        let mut found = Vec::new();
        closed_in(&core, &mut found);
        found.sort();
        assert_eq!(found, CLOSED);
    }

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Row {
        #[serde(default)]
        list: Vec<u8>,
        number: u8,
        word: Option<String>,
        last: Vec<Row>,
    }

    fn read(json: &str) -> Result<Row, String> {
        let tree: Tree<'_> = serde_json::from_str(json).unwrap();
        Row::deserialize(tree).map_err(|amiss| amiss.to_string())
    }

    #[test]
    fn fields_are_found_in_any_order() {
        let row = |list: &[u8], word: Option<&str>, last| {
            Ok(Row { list: list.into(), number: 7, word: word.map(Into::into), last })
        };
        assert_eq!(read(r#"{"number":7,"last":[]}"#), row(&[], None, vec![]));
        assert_eq!(read(r#"{"number":7,"word":null,"last":[]}"#), row(&[], None, vec![]));
        let json = r#"{"last":[],"newer":{},"word":"w","number":7,"newer":1,"list":[1,2]}"#;
        assert_eq!(read(json), row(&[1, 2], Some("w"), vec![]));
    }

    #[test]
    fn what_is_amiss_with_a_field_is_told_with_its_place() {
        for (json, told) in [
            (r#"{"last":[]}"#, "it lacks the field `number`"),
            (r#"{"number":7}"#, "it lacks the field `last`"),
            (r#"{"number":7,"last":[{"number":1}]}"#, "at `last.0`: it lacks the field `last`"),
            (r#"{"number":7,"number":7,"last":[]}"#, "it has the field `number` twice"),
            (r#"{"list":null,"number":7,"last":[]}"#, "at `list`: expected a sequence"),
            (r#"{"last":[],"number":"7"}"#, "at `number`: expected u8"),
            (r#"{"number":7,"last":[],"word":1}"#, "at `word`: expected a string"),
            ("[]", "expected struct Row"),
        ] {
            assert_eq!(read(json), Err(told.to_owned()), "{json}");
        }
        // What may be absent is not what is amiss.
        for (json, told) in [
            (r#"{"family":"5","given":"Ян"}"#, "it is not what it has to be"),
            (r#"{"family":"Ким"}"#, "it lacks the field `given`"),
        ] {
            let tree: Tree<'_> = serde_json::from_str(json).unwrap();
            let name = eschool_core::identity::FullName::deserialize(tree);
            assert_eq!(name.unwrap_err().to_string(), told, "{json}");
        }
    }
}
