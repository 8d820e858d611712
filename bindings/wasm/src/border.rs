//! Arguments as they come, and what is thrown when they are not what they should be.

use core::str::FromStr;

use eschool_core::error::CodedError;
use thiserror::Error;
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

/// Why an argument from JavaScript is none here.
///
/// ```
/// use eschool_core::error::CodedError as _;
/// use eschool_wasm::BorderError;
///
/// let error = BorderError::Kind { argument: "born", wanted: "a text" };
/// assert_eq!((error.code(), error.field()), ("argument_malformed", Some("born")));
/// assert_eq!(error.to_string(), "`born` has to be a text");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BorderError {
    /// A value of another kind.
    #[error("`{argument}` has to be {wanted}")]
    Kind {
        /// Which argument.
        argument: &'static str,
        /// What it has to be.
        wanted: &'static str,
    },
    /// A value with fields that are not what they should be, somewhere within.
    #[error("`{argument}` is malformed{}: {why}", at(path))]
    Malformed {
        /// Which argument.
        argument: &'static str,
        /// The way to what is amiss, as in `lessons.3.date`; empty for the value itself.
        path: String,
        /// What is amiss, without the value that is.
        why: String,
    },
    /// Half of a character: UTF-16 with a surrogate alone, which is no text anywhere else.
    #[error("`{argument}` holds half of a character: a surrogate of UTF-16 without the other")]
    HalfCharacter {
        /// Which argument.
        argument: &'static str,
    },
    /// More than any caller means to pass.
    #[error("`{argument}` is too large; pass less at once")]
    TooLarge {
        /// Which argument.
        argument: &'static str,
    },
    /// Days that no diary is composed of.
    #[error("the range has {days} days; a diary is composed of at most 3660")]
    RangeTooLong {
        /// How many days it has.
        days: i64,
    },
    /// A name that no preset has.
    #[error(
        "there is no preset of this name; it is one of `ryazan_2022`, `udmurtia_2023`, `ryazan_2024`"
    )]
    NoPreset,
}

fn at(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(" at `{path}`") }
}

impl CodedError for BorderError {
    fn code(&self) -> &'static str {
        match self {
            Self::Kind { .. } | Self::Malformed { .. } => "argument_malformed",
            Self::HalfCharacter { .. } => "text_malformed",
            Self::TooLarge { .. } => "argument_too_large",
            Self::RangeTooLong { .. } => "range_too_long",
            Self::NoPreset => "preset_unknown",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Kind { .. } | Self::Malformed { .. } => "Значение передано не в том виде",
            Self::HalfCharacter { .. } => "В тексте есть половина знака: впишите его заново",
            Self::TooLarge { .. } => "Передано слишком много сразу",
            Self::RangeTooLong { .. } => {
                "Слишком много дней: дневник собирается не более чем за 3660"
            }
            Self::NoPreset => "Порядка авторизации с таким названием нет",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Kind { argument, .. }
            | Self::Malformed { argument, .. }
            | Self::HalfCharacter { argument }
            | Self::TooLarge { argument } => Some(argument),
            Self::RangeTooLong { .. } => Some("range"),
            Self::NoPreset => Some("name"),
        }
    }
}

/// An error as it is thrown. It is generic and not `dyn` because what is `dyn` brings its `Debug` along.
pub(crate) fn thrown(error: &impl CodedError) -> JsValue {
    let (field, value) = (error.field().map(String::from), error.value());
    api_error(error.code(), field, value, error.text_ru(), &error.to_string())
}

/// What the TypeScript beside names as amiss, as it is thrown.
pub(crate) fn fault(named: &JsValue, argument: &'static str, wanted: &'static str) -> JsValue {
    thrown(&match named.as_string().as_deref() {
        Some("half") => BorderError::HalfCharacter { argument },
        Some("large") => BorderError::TooLarge { argument },
        _ => BorderError::Kind { argument, wanted },
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
        .ok_or_else(|| thrown(&BorderError::Kind { argument, wanted }))
}
