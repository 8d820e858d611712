//! What any use case can fail with.

use eschool_core::error::CodedError;
use thiserror::Error;

use crate::{
    backend::BackendError,
    secret::{PasswordError, VaultError},
};

/// A failure that is nobody's fault who uses the system.
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
}

impl StoreError {
    fn cause(&self) -> &dyn CodedError {
        match self {
            Self::Backend(error) => error,
            Self::Vault(error) => error,
            Self::Password(error) => error,
        }
    }
}

impl CodedError for StoreError {
    fn code(&self) -> &'static str {
        self.cause().code()
    }

    fn text_ru(&self) -> &'static str {
        self.cause().text_ru()
    }
}
