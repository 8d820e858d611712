//! What came from outside and is nothing that anybody can be asked about.

use alloc::{format, string::String};

use thiserror::Error;

use super::CodedError;

/// Why an argument is none, in a language that takes anything for an argument.
///
/// ```
/// use eschool_core::error::{ArgumentError, CodedError};
///
/// let error = ArgumentError::Kind { argument: "born", wanted: "a text" };
/// assert_eq!((error.code(), error.field()), ("argument_malformed", Some("born")));
/// assert_eq!(error.to_string(), "`born` has to be a text");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ArgumentError {
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
}

fn at(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(" at `{path}`") }
}

impl CodedError for ArgumentError {
    fn code(&self) -> &'static str {
        match self {
            Self::Kind { .. } | Self::Malformed { .. } => "argument_malformed",
            Self::HalfCharacter { .. } => "text_malformed",
            Self::TooLarge { .. } => "argument_too_large",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Kind { .. } | Self::Malformed { .. } => "Значение передано не в том виде",
            Self::HalfCharacter { .. } => "В тексте есть половина знака: впишите его заново",
            Self::TooLarge { .. } => "Передано слишком много сразу",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Kind { argument, .. }
            | Self::Malformed { argument, .. }
            | Self::HalfCharacter { argument }
            | Self::TooLarge { argument } => Some(argument),
        }
    }
}

/// A JSON of a school that does not say what it is asked for. Nothing it says is shown: it may be
/// about somebody.
///
/// ```
/// use eschool_core::error::{CodedError, JsonError};
///
/// let error = JsonError { wanted: "diary", place: "line 1, column 1".into() };
/// assert_eq!((error.code(), error.field()), ("json_malformed", Some("json")));
/// assert_eq!(error.to_string(), "the JSON does not say a diary: line 1, column 1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the JSON does not say a {wanted}: {place}")]
pub struct JsonError {
    /// What it should have said.
    pub wanted: &'static str,
    /// Where it stops to: a line and a column, or the way to a field.
    pub place: String,
}

impl CodedError for JsonError {
    fn code(&self) -> &'static str {
        "json_malformed"
    }

    fn text_ru(&self) -> &'static str {
        "Ответ школы не читается. Обновите приложение"
    }

    fn field(&self) -> Option<&'static str> {
        Some("json")
    }
}
