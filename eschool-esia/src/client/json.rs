//! Reads JSON objects.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// An object, never the array of its fields that serde would take for one; of a name that stands
/// twice the last counts.
pub(super) fn object<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    let object: Map<String, Value> = serde_json::from_slice(json).ok()?;
    serde_json::from_value(Value::Object(object)).ok()
}
