//! Why a consent or another ground is not written or shown.

use eschool_core::{
    access::AccessError,
    error::CodedError,
    people::{ConsentDaysError, ConsentError, DataBasisError},
};
use thiserror::Error;

use crate::{ParentError, StoreError, backend::BackendError};

/// Why a consent or another ground is not written or shown.
#[derive(Debug, Error)]
pub enum GroundError {
    /// It is neither the asker's own nor of the registry they keep.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The giver may not consent for this pupil.
    #[error(transparent)]
    Consent(#[from] ConsentError),
    /// The days of the consent are not in order.
    #[error(transparent)]
    Days(#[from] ConsentDaysError),
    /// The ground cannot stand.
    #[error(transparent)]
    Basis(#[from] DataBasisError),
    /// Nobody knows here what the consent would be for.
    #[error("the purpose of the consent is not known")]
    UnknownPurpose,
    /// There is no such consent, ground or account.
    #[error("there is no such consent or ground")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for GroundError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl From<ParentError> for GroundError {
    fn from(error: ParentError) -> Self {
        match error {
            ParentError::Access(error) => Self::Access(error),
            ParentError::Store(error) => Self::Store(error),
            _ => Self::NotFound,
        }
    }
}

impl GroundError {
    fn cause(&self) -> Option<&dyn CodedError> {
        match self {
            Self::Access(error) => Some(error),
            Self::Consent(error) => Some(error),
            Self::Days(error) => Some(error),
            Self::Basis(error) => Some(error),
            Self::Store(error) => Some(error),
            Self::UnknownPurpose | Self::NotFound => None,
        }
    }
}

impl CodedError for GroundError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownPurpose => "consent_purpose_unknown",
            _ => self.cause().map_or("ground_not_found", CodedError::code),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::UnknownPurpose => "На что даётся согласие, неизвестно: выберите из списка",
            _ => self.cause().map_or("Такого согласия или основания нет", CodedError::text_ru),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::UnknownPurpose => Some("purpose"),
            _ => self.cause().and_then(CodedError::field),
        }
    }

    fn value(&self) -> Option<String> {
        self.cause().and_then(CodedError::value)
    }
}
