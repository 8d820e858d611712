//! Why a school is not given out.

use eschool_core::{access::AccessError, error::CodedError};
use thiserror::Error;

use crate::{backend::BackendError, exchange::FileName, store::StoreError};

/// Why a school is not given out. Nobody has any of it then.
///
/// ```
/// use eschool_core::{access::AccessError, error::CodedError};
/// use eschool_store::ExportError;
///
/// assert_eq!(ExportError::from(AccessError::NotAllowed).code(), "not_allowed");
/// assert_eq!(ExportError::YearUnknown.code(), "year_unknown");
/// ```
#[derive(Debug, Error)]
pub enum ExportError {
    /// Nobody is given what they may not have.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The school has no term yet, so nobody can tell which school year is meant.
    #[error("the school has no term yet; name the school year")]
    YearUnknown,
    /// A spreadsheet does not hold the table: it has more than 1 048 576 rows, or a cell of more
    /// than 32 767 signs.
    #[error("`{file}` does not fit into a spreadsheet; ask for text")]
    SpreadsheetFull {
        /// The file.
        file: FileName,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for ExportError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl CodedError for ExportError {
    fn code(&self) -> &'static str {
        match self {
            Self::Access(error) => error.code(),
            Self::YearUnknown => "year_unknown",
            Self::SpreadsheetFull { .. } => "spreadsheet_full",
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Access(error) => error.text_ru(),
            Self::YearUnknown => "В школе ещё нет учебных периодов: укажите учебный год",
            Self::SpreadsheetFull { .. } => {
                "Данные не помещаются в файл .xlsx: выгрузите их как CSV"
            }
            Self::Store(error) => error.text_ru(),
        }
    }
}
