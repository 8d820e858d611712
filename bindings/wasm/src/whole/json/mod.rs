//! Values with fields, which cross as JSON: `tree` reads them, `writer` writes them.

mod tree;
mod writer;

use serde::{Serialize, de::DeserializeOwned};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use self::{
    tree::{Amiss, Tree},
    writer::Writer,
};
use crate::border::{BorderError, fault, thrown};

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
    of_json(&json, argument)
}

/// The value of a JSON that came as text.
pub(super) fn of_json<T: DeserializeOwned>(
    json: &str,
    argument: &'static str,
) -> Result<T, JsValue> {
    T::deserialize(tree_of(json, argument)?).map_err(|amiss| malformed(argument, &amiss))
}

fn tree_of<'t>(json: &'t str, argument: &'static str) -> Result<Tree<'t>, JsValue> {
    serde_json::from_str(json).map_err(|error| {
        let said = error.to_string();
        // `JSON.stringify` writes half of a character as an escape, and nothing else so.
        if said.contains("hex escape") {
            thrown(&BorderError::HalfCharacter { argument })
        } else {
            thrown(&BorderError::Malformed { argument, path: String::new(), why: said })
        }
    })
}

#[cold]
#[inline(never)]
fn malformed(argument: &'static str, amiss: &Amiss) -> JsValue {
    let (path, why) = (amiss.path(), amiss.why().into());
    thrown(&BorderError::Malformed { argument, path, why })
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
            Err(thrown(&BorderError::Malformed { argument, path, why }))
        }
    }
}

/// An argument that is a `Uint8Array`.
pub(super) fn bytes(value: &JsValue, argument: &'static str) -> Result<Vec<u8>, JsValue> {
    bytes_of(value).map_err(|named| fault(&named, argument, "a Uint8Array"))
}
