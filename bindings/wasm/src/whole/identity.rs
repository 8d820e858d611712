//! Names and dates, beside what the checks have.

use eschool_core::identity::{self, FullName};
use wasm_bindgen::prelude::*;

use super::{json::read_any, policy::date};
use crate::border::text;

/// Whether two names are the same but for case, ё and е, spaces and look-alike Latin letters.
#[wasm_bindgen(js_name = fullNamesMatch)]
pub fn full_names_match(
    #[wasm_bindgen(unchecked_param_type = "FullName | FullNameParts")] one: JsValue,
    #[wasm_bindgen(unchecked_param_type = "FullName | FullNameParts")] other: JsValue,
) -> Result<bool, JsValue> {
    let one: FullName = read_any(&one, "one")?;
    Ok(one.matches(&read_any(&other, "other")?))
}

/// A name as lists are sorted and searched by.
#[wasm_bindgen(js_name = foldedName)]
pub fn folded_name(
    #[wasm_bindgen(unchecked_param_type = "string")] text: JsValue,
) -> Result<String, JsValue> {
    Ok(identity::fold_name(&self::text(&text, "text")?))
}

/// A date as files and people write it, `31.12.2024` or `2024-12-31`, as the latter.
///
/// Throws `date_missing`, `date_invalid`.
#[wasm_bindgen(js_name = parseDate, unchecked_return_type = "LocalDate")]
pub fn parse_date(
    #[wasm_bindgen(unchecked_param_type = "string")] text: JsValue,
) -> Result<String, JsValue> {
    date(&text, "date").map(|date| date.to_string())
}
