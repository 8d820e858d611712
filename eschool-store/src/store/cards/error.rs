//! Why no card is made, and why nothing goes into the card journal.

use eschool_core::{
    access::AccessError,
    error::CodedError,
    people::{CardError, CardJournalError},
    signin::Refusal,
};
use thiserror::Error;

use crate::{
    backend::BackendError,
    store::{StoreError, enrolment::EnrolmentAccess},
};

/// Why no cards were made.
#[derive(Debug, Error)]
pub enum IssueError {
    /// Only the class teacher and the administrator may.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The installation has no such school.
    #[error("there is no such school")]
    SchoolNotFound,
    /// The school has no such class.
    #[error("the school has no such class")]
    ClassNotFound,
    /// The school has no such pupil today.
    #[error("the school has no such pupil today")]
    PupilNotFound,
    /// The pupil could not sign in with a password.
    #[error("the pupil may not sign in with a password: {}", .0.code)]
    Refused(Refusal),
    /// No login is left, or the password could not be made.
    #[error(transparent)]
    Card(#[from] CardError),
    /// The card journal takes no new card.
    #[error(transparent)]
    Journal(#[from] CardJournalError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for IssueError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl From<EnrolmentAccess> for IssueError {
    fn from(error: EnrolmentAccess) -> Self {
        match error {
            EnrolmentAccess::Access(error) => Self::Access(error),
            EnrolmentAccess::Store(StoreError::SchoolNotFound) => Self::SchoolNotFound,
            EnrolmentAccess::Store(error) => Self::Store(error),
        }
    }
}

impl CodedError for IssueError {
    fn code(&self) -> &'static str {
        match self {
            Self::Access(error) => error.code(),
            Self::SchoolNotFound => "school_not_found",
            Self::ClassNotFound => "class_not_found",
            Self::PupilNotFound => "pupil_not_found",
            Self::Refused(_) => "card_refused",
            Self::Card(error) => error.code(),
            Self::Journal(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Access(error) => error.text_ru(),
            Self::SchoolNotFound => "Такой школы нет",
            Self::ClassNotFound => "Такого класса в школе нет",
            Self::PupilNotFound => "Такого ученика в школе сегодня нет",
            Self::Refused(_) => {
                "Карточка этому ученику не нужна: с паролем он не войдёт, только через ЕСИА"
            }
            Self::Card(error) => error.text_ru(),
            Self::Journal(error) => error.text_ru(),
            Self::Store(error) => error.text_ru(),
        }
    }
}

/// Why the card journal stays as it was, or is not shown.
#[derive(Debug, Error)]
pub enum CardUseError {
    /// Who asks may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The step may not follow.
    #[error(transparent)]
    Step(#[from] CardJournalError),
    /// A card is issued with its login and password, and not as a step.
    #[error("a card is not issued as a step; issue a new one")]
    NotIssuedSo,
    /// The school has no such pupil.
    #[error("the school has no such pupil")]
    PupilNotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for CardUseError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl From<EnrolmentAccess> for CardUseError {
    fn from(error: EnrolmentAccess) -> Self {
        match error {
            EnrolmentAccess::Access(error) => Self::Access(error),
            EnrolmentAccess::Store(error) => Self::Store(error),
        }
    }
}

impl CodedError for CardUseError {
    fn code(&self) -> &'static str {
        match self {
            Self::Access(error) => error.code(),
            Self::Step(error) => error.code(),
            Self::NotIssuedSo => "card_not_issued_so",
            Self::PupilNotFound => "pupil_not_found",
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Access(error) => error.text_ru(),
            Self::Step(error) => error.text_ru(),
            Self::NotIssuedSo => {
                "Новая карточка создаётся вместе с паролем, а не записью в журнале карточек"
            }
            Self::PupilNotFound => "Такого ученика в школе нет",
            Self::Store(error) => error.text_ru(),
        }
    }
}
