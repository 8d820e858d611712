//! What any use case can fail with.

use eschool_core::error::CodedError;
use thiserror::Error;

use crate::{
    backend::BackendError,
    secret::{KeyId, PasswordError, VaultError},
};

/// A failure that any use case may have, and that is nobody's fault who uses the system.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// A sealed value does not open: the key file is another's, or the value was changed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A password could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database was begun with other keys: these would find and open nothing that is in it.
    #[error("the key file is not this database's; put back the one it was begun with")]
    KeysForeign,
    /// The database was written to with a lookup key that the key file lacks: whoever was written with
    /// it would not be found.
    #[error(
        "the key file lacks lookup key {id}, which the database was written with; take the newest"
    )]
    KeyLacking {
        /// The number of the key.
        id: KeyId,
    },
    /// Rows of several that were gone through do not open; with the others was done what was to be.
    #[error("{count} rows do not open; the first is {row} of `{table}`")]
    Unreadable {
        /// The table of the first.
        table: &'static str,
        /// What the first is found by in its school.
        row: String,
        /// How many there are.
        count: u64,
        /// Why the first does not open.
        source: Box<StoreError>,
    },
    /// The installation has no such school.
    #[error("there is no such school")]
    SchoolNotFound,
    /// The school year was archived and is not in the database, or is on its way: nothing is written
    /// to it, nor its journals given out but whole.
    #[error("the school year was archived; restore it first")]
    YearArchived,
}

impl StoreError {
    /// Whether it is nothing but that others write: later, the same may go through.
    pub(super) const fn is_passing(&self) -> bool {
        matches!(self, Self::Backend(error) if error.is_passing())
    }

    fn cause(&self) -> Option<&dyn CodedError> {
        match self {
            Self::Backend(error) => Some(error),
            Self::Vault(error) => Some(error),
            Self::Password(error) => Some(error),
            Self::KeysForeign
            | Self::KeyLacking { .. }
            | Self::Unreadable { .. }
            | Self::SchoolNotFound
            | Self::YearArchived => None,
        }
    }
}

impl CodedError for StoreError {
    fn code(&self) -> &'static str {
        match self {
            Self::KeysForeign => "keys_foreign",
            Self::KeyLacking { .. } => "key_lacking",
            Self::Unreadable { .. } => "rows_unreadable",
            Self::YearArchived => "year_archived",
            other => other.cause().map_or("school_not_found", CodedError::code),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::KeysForeign => {
                "Файл ключей не от этой базы данных. Верните тот, с которым она начата"
            }
            Self::KeyLacking { .. } => {
                "В файле ключей нет ключа поиска, которым уже записаны данные. Возьмите новейший \
                 файл ключей"
            }
            Self::Unreadable { .. } => {
                "Некоторые записи не открываются: другой ключ или повреждение. С остальными всё \
                 сделано"
            }
            Self::YearArchived => "Журналы этого учебного года убраны в архив",
            other => other.cause().map_or("Такой школы нет", CodedError::text_ru),
        }
    }
}
