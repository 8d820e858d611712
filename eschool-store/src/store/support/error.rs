//! Why a case is not opened, shown or moved on.

use eschool_core::{access::AccessError, error::CodedError, support::CaseError};
use thiserror::Error;

use crate::{StoreError, backend::BackendError};

/// Why a case is not opened, shown or moved on.
#[derive(Debug, Error)]
pub enum SupportError {
    /// Who asks takes no cases of this school.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Nobody was told this code, or what was known of it is forgotten.
    #[error("there is no such case")]
    NotFound,
    /// The step may not follow.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The text is longer than 2000 characters.
    #[error("the text is longer than 2000 characters")]
    TextTooLong,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for SupportError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl CodedError for SupportError {
    fn code(&self) -> &'static str {
        match self {
            Self::Access(error) => error.code(),
            Self::NotFound => "case_not_found",
            Self::Case(error) => error.code(),
            Self::TextTooLong => "text_too_long",
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Access(error) => error.text_ru(),
            Self::NotFound => "Обращения с таким кодом нет: проверьте код или попросите новый",
            Self::Case(error) => error.text_ru(),
            Self::TextTooLong => "В тексте должно быть не больше 2000 знаков",
            Self::Store(error) => error.text_ru(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::TextTooLong => Some("text"),
            _ => None,
        }
    }
}
