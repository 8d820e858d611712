//! Why an import stopped.

use eschool_core::{error::CodedError, id::SchoolId};
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
    /// The school was made, and then the store failed before it said that its people were written. Files
    /// of this name go on from there, and say everything about it anew; files of another name make
    /// another school. Code and Russian text are those of what failed.
    #[error("the school was made, and its people may not have been written: {source}")]
    SchoolLeftEmpty {
        /// The school.
        school: SchoolId,
        /// Why.
        source: StoreError,
    },
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
            Self::Store(error) | Self::SchoolLeftEmpty { source: error, .. } => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Exchange(error) => error.text_ru(),
            Self::Store(error) | Self::SchoolLeftEmpty { source: error, .. } => error.text_ru(),
        }
    }
}
