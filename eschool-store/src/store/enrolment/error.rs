//! Why a pupil stays where they are.

use eschool_core::{
    access::AccessError, error::CodedError, id::AccountId, journal::EnrolmentError,
};
use thiserror::Error;

use super::EnrolmentAccess;
use crate::{backend::BackendError, store::StoreError};

/// Why a pupil is not moved. Nothing was written then.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_store::MoveError;
///
/// assert_eq!(MoveError::SameSchool.code(), "same_school");
/// ```
#[derive(Debug, Error)]
pub enum MoveError {
    /// Nobody moves pupils who is not allowed to.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The school has no such account.
    #[error("the school has no such pupil")]
    PupilNotFound,
    /// The school has no such class.
    #[error("the school has no such class")]
    ClassNotFound,
    /// A transfer leads into the school it comes from.
    #[error("the pupil is of this school; move them into another class")]
    SameSchool,
    /// The new school has an account of another person that looks like this pupil's: whether it is,
    /// an operator of the region settles first.
    #[error("the school has an account like this one; settle whether it is the same person's")]
    KnownThere {
        /// That account.
        account: AccountId,
    },
    /// The new school has an account with this pupil's СНИЛС that is settled to be another person's:
    /// one of the two numbers is wrong and has to be corrected first.
    #[error("another person of the new school has this snils; correct it where it is wrong")]
    SnilsTaken {
        /// That account.
        account: AccountId,
    },
    /// The days speak against it.
    #[error(transparent)]
    Enrolment(#[from] EnrolmentError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for MoveError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl From<EnrolmentAccess> for MoveError {
    fn from(error: EnrolmentAccess) -> Self {
        match error {
            EnrolmentAccess::Access(error) => Self::Access(error),
            EnrolmentAccess::Store(error) => Self::Store(error),
        }
    }
}

impl MoveError {
    fn cause(&self) -> Option<&dyn CodedError> {
        match self {
            Self::Access(error) => Some(error),
            Self::Enrolment(error) => Some(error),
            Self::Store(error) => Some(error),
            Self::PupilNotFound
            | Self::ClassNotFound
            | Self::SameSchool
            | Self::KnownThere { .. }
            | Self::SnilsTaken { .. } => None,
        }
    }
}

impl CodedError for MoveError {
    fn code(&self) -> &'static str {
        match self {
            Self::PupilNotFound => "pupil_not_found",
            Self::ClassNotFound => "class_not_found",
            Self::SameSchool => "same_school",
            Self::SnilsTaken { .. } => "snils_taken",
            _ => self.cause().map_or("known_there", CodedError::code),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::PupilNotFound => "Такого ученика в школе нет",
            Self::ClassNotFound => "Такого класса в школе нет",
            Self::SameSchool => "Ученик уже в этой школе: переведите его в другой класс",
            Self::SnilsTaken { .. } => {
                "В новой школе этот СНИЛС записан у другого человека. Исправьте тот из двух, \
                 который записан неверно"
            }
            _ => self.cause().map_or(
                "В новой школе уже есть похожая учётная запись. Пусть оператор региона решит, \
                 один ли это человек",
                CodedError::text_ru,
            ),
        }
    }

    fn field(&self) -> Option<&'static str> {
        self.cause().and_then(CodedError::field)
    }

    fn value(&self) -> Option<String> {
        self.cause().and_then(CodedError::value)
    }
}
