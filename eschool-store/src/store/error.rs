//! What any use case can fail with.

use eschool_core::error::CodedError;
use thiserror::Error;

use crate::{
    backend::BackendError,
    secret::{PasswordError, VaultError},
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
    /// The installation has no such school.
    #[error("there is no such school")]
    SchoolNotFound,
}

impl StoreError {
    fn cause(&self) -> Option<&dyn CodedError> {
        match self {
            Self::Backend(error) => Some(error),
            Self::Vault(error) => Some(error),
            Self::Password(error) => Some(error),
            Self::KeysForeign | Self::SchoolNotFound => None,
        }
    }
}

impl CodedError for StoreError {
    fn code(&self) -> &'static str {
        match self {
            Self::KeysForeign => "keys_foreign",
            other => other.cause().map_or("school_not_found", CodedError::code),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::KeysForeign => {
                "Файл ключей не от этой базы данных. Верните тот, с которым она начата"
            }
            other => other.cause().map_or("Такой школы нет", CodedError::text_ru),
        }
    }
}
