//! Values with fields, which cross as JSON: `tree` reads them, `writer` writes them.

mod tree;
mod writer;

use eschool_core::error::{ArgumentError, JsonError};
use serde::{Serialize, de::DeserializeOwned};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use self::{
    tree::{Amiss, Tree},
    writer::Writer,
};
use crate::border::{fault, text, thrown};

#[wasm_bindgen(raw_module = "../border.js")]
extern "C" {
    /// A value as JSON; throws the name of what is amiss.
    #[wasm_bindgen(catch, js_name = jsonOf)]
    fn json_of(value: &JsValue) -> Result<String, JsValue>;

    /// The value of a JSON that was written here.
    #[wasm_bindgen(js_name = valueOf)]
    fn value_of(json: &str) -> JsValue;

    /// The bytes that a value is; throws the name of what is amiss.
    #[wasm_bindgen(catch, js_name = bytesOf)]
    fn bytes_of(value: &JsValue) -> Result<Vec<u8>, JsValue>;
}

/// An argument of a type that is told to TypeScript.
pub(super) fn read<T: Tsify + DeserializeOwned>(
    value: Ts<T>,
    argument: &'static str,
) -> Result<T, JsValue> {
    read_any(&value.into(), argument)
}

/// An argument of any type.
pub(super) fn read_any<T: DeserializeOwned>(
    value: &JsValue,
    argument: &'static str,
) -> Result<T, JsValue> {
    let json = json_of(value).map_err(|named| fault(&named, argument, "an object of JSON"))?;
    let value = tree_of(&json).and_then(T::deserialize);
    value.map_err(|amiss| malformed(argument, &amiss))
}

/// What a portal answers, as text or parsed.
pub(super) fn decoded<T: DeserializeOwned>(
    value: &JsValue,
    wanted: &'static str,
) -> Result<T, JsValue> {
    let json = json_of_any(value, "json")?;
    let value = tree_of(&json).and_then(T::deserialize);
    value.map_err(|amiss| thrown(&JsonError { wanted, place: amiss.to_string() }))
}

/// The JSON of a value, or the text that is one.
pub(super) fn json_of_any(value: &JsValue, argument: &'static str) -> Result<String, JsValue> {
    if value.is_string() {
        return text(value, argument);
    }
    json_of(value).map_err(|named| fault(&named, argument, "an object of JSON"))
}

/// A JSON as a tree.
pub(super) fn tree_of(json: &str) -> Result<Tree<'_>, Amiss> {
    serde_json::from_str(json).map_err(|error| Amiss::of_text(&error))
}

#[cold]
#[inline(never)]
fn malformed(argument: &'static str, amiss: &Amiss) -> JsValue {
    thrown(&if amiss.is_half() {
        ArgumentError::HalfCharacter { argument }
    } else {
        ArgumentError::Malformed { argument, path: amiss.path(), why: amiss.why().into() }
    })
}

/// A result of a type that is told to TypeScript.
pub(super) fn write<T: Tsify + Serialize>(value: &T) -> Result<Ts<T>, JsValue> {
    write_any(value).map(Ts::new_unchecked)
}

/// A result of any type.
pub(super) fn write_any(value: &impl Serialize) -> Result<JsValue, JsValue> {
    match Writer::written(value) {
        Ok(json) => Ok(value_of(&json)),
        // Nothing of the core has a key that is no text.
        Err(error) => {
            let (argument, path, why) = ("result", String::new(), error.to_string());
            Err(thrown(&ArgumentError::Malformed { argument, path, why }))
        }
    }
}

/// An argument that is a `Uint8Array`.
pub(super) fn bytes(value: &JsValue, argument: &'static str) -> Result<Vec<u8>, JsValue> {
    bytes_of(value).map_err(|named| fault(&named, argument, "a Uint8Array"))
}
