//! Why an import stopped.

use eschool_core::error::CodedError;
use thiserror::Error;

use crate::{backend::BackendError, exchange::ExchangeError, store::StoreError};

/// Why an import stopped. What was committed before stays, and the next import goes on from there.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_store::{
///     ImportError,
///     exchange::{ExchangeError, FileKind},
/// };
///
/// let error = ImportError::from(ExchangeError::FileMissing { file: FileKind::School.into() });
/// assert_eq!(error.code(), "file_missing");
/// ```
#[derive(Debug, Error)]
pub enum ImportError {
    /// The files cannot be read; nothing was written.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for ImportError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl CodedError for ImportError {
    fn code(&self) -> &'static str {
        match self {
            Self::Exchange(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Exchange(error) => error.text_ru(),
            Self::Store(error) => error.text_ru(),
        }
    }
}
