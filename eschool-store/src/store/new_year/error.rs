//! Why a school year is not opened or undone.

use eschool_core::{access::AccessError, error::CodedError, journal::YearConflict};
use thiserror::Error;

use crate::{
    backend::BackendError,
    store::{StoreError, enrolment::EnrolmentAccess},
};

/// Why a school year is not opened or undone. Nothing was written then.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_store::NewYearError;
///
/// assert_eq!(NewYearError::WrittenSince.code(), "year_written_since");
/// ```
#[derive(Debug, Error)]
pub enum NewYearError {
    /// Nobody opens a year who is not allowed to.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A person has to settle these first.
    #[error("{} things have to be settled before the year begins", .0.len())]
    Conflicts(Vec<YearConflict>),
    /// Somebody changed what the plan was made by.
    #[error("the school changed since the year was planned; look at the plan again")]
    Stale,
    /// No class goes on or leaves.
    #[error("the school has no class of the year before")]
    Nothing,
    /// No year was opened under this identifier.
    #[error("no school year was opened under this identifier")]
    NotFound,
    /// It was undone before.
    #[error("this school year was undone before")]
    Undone,
    /// Somebody whose stay or post it wrote was erased.
    #[error("somebody of this school year was erased since it was opened")]
    ErasedSince,
    /// Something was written to the new year.
    #[error("the new school year is in use: something was written to it")]
    WrittenSince,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for NewYearError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl From<EnrolmentAccess> for NewYearError {
    fn from(error: EnrolmentAccess) -> Self {
        match error {
            EnrolmentAccess::Access(error) => Self::Access(error),
            EnrolmentAccess::Store(error) => Self::Store(error),
        }
    }
}

impl CodedError for NewYearError {
    fn code(&self) -> &'static str {
        match self {
            Self::Access(error) => error.code(),
            Self::Conflicts(_) => "year_conflicts",
            Self::Stale => "year_plan_stale",
            Self::Nothing => "year_nothing",
            Self::NotFound => "year_not_found",
            Self::Undone => "year_undone",
            Self::ErasedSince => "year_erased_since",
            Self::WrittenSince => "year_written_since",
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Access(error) => error.text_ru(),
            Self::Conflicts(_) => "Сначала решите вопросы, перечисленные в плане нового года",
            Self::Stale => "С тех пор в школе что-то изменилось. Посмотрите план ещё раз",
            Self::Nothing => "В школе нет классов прошедшего учебного года",
            Self::NotFound => "Такого открытия учебного года нет",
            Self::Undone => "Открытие этого учебного года уже отменили",
            Self::ErasedSince => {
                "С тех пор удалены данные людей, которых касалось открытие этого учебного года. \
                 Отменить его нельзя"
            }
            Self::WrittenSince => {
                "Новый учебный год уже ведут: в нём есть записи. Отменить его открытие нельзя"
            }
            Self::Store(error) => error.text_ru(),
        }
    }
}
