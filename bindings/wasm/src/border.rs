//! Arguments as they come, and what is thrown when they are not what they should be.

use core::str::FromStr;

use eschool_core::error::{ArgumentError, CodedError};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "../border.js")]
extern "C" {
    /// Makes the one error of the package.
    #[wasm_bindgen(js_name = apiError)]
    fn api_error(
        code: &str,
        field: Option<String>,
        value: Option<String>,
        text_ru: &str,
        text_en: &str,
    ) -> JsValue;

    /// The text that a value is; throws the name of what is amiss.
    #[wasm_bindgen(catch, js_name = textOf)]
    fn text_of(value: &JsValue) -> Result<String, JsValue>;
}

/// An error as it is thrown. It is generic and not `dyn` because what is `dyn` brings its `Debug` along.
pub(crate) fn thrown(error: &impl CodedError) -> JsValue {
    let (field, value) = (error.field().map(String::from), error.value());
    api_error(error.code(), field, value, error.text_ru(), &error.to_string())
}

/// What the TypeScript beside names as amiss, as it is thrown.
pub(crate) fn fault(named: &JsValue, argument: &'static str, wanted: &'static str) -> JsValue {
    thrown(&match named.as_string().as_deref() {
        Some("half") => ArgumentError::HalfCharacter { argument },
        Some("large") => ArgumentError::TooLarge { argument },
        _ => ArgumentError::Kind { argument, wanted },
    })
}

/// An argument that is a text.
pub(crate) fn text(value: &JsValue, argument: &'static str) -> Result<String, JsValue> {
    text_of(value).map_err(|named| fault(&named, argument, "a text"))
}

/// An argument that is a text or is left out.
pub(crate) fn text_or_none(
    value: &JsValue,
    argument: &'static str,
) -> Result<Option<String>, JsValue> {
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    text(value, argument).map(Some)
}

/// An argument that is a text which the core reads.
pub(crate) fn parsed<T: FromStr<Err: CodedError>>(
    value: &JsValue,
    argument: &'static str,
) -> Result<T, JsValue> {
    text(value, argument)?.parse().map_err(|error: T::Err| thrown(&error))
}

/// An argument that is a whole number from 0.
pub(crate) fn number<T: TryFrom<u32>>(
    value: &JsValue,
    argument: &'static str,
    wanted: &'static str,
) -> Result<T, JsValue> {
    let whole = value.as_f64().filter(|number| number.fract() == 0.0);
    let whole = whole.filter(|number| (0.0..=f64::from(u32::MAX)).contains(number));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is a whole number that fits, as the lines above see to"
    )]
    let whole = whole.map(|number| number as u32);
    whole
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| thrown(&ArgumentError::Kind { argument, wanted }))
}
