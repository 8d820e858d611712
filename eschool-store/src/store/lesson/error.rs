//! Why the page of a lesson is not shown or not written.

use eschool_core::{
    access::AccessError,
    error::CodedError,
    journal::{LessonPage, PageError},
};
use thiserror::Error;

use crate::{StoreError, backend::BackendError};

/// Why the page of a lesson is not shown or not written.
#[derive(Debug, Error)]
pub enum LessonError {
    /// Nobody may look or write who is not allowed to.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The school has no such lesson.
    #[error("there is no such lesson")]
    NotFound,
    /// Somebody else wrote the lesson since it was seen. Nothing was written: here is what stands
    /// there now.
    #[error("the lesson was written by somebody else meanwhile; look at it and write again")]
    Conflict(Box<LessonPage>),
    /// What was to be written cannot stand so.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for LessonError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl LessonError {
    fn cause(&self) -> Option<&dyn CodedError> {
        match self {
            Self::Access(error) => Some(error),
            Self::NotFound | Self::Conflict(_) => None,
            Self::Page(error) => Some(error),
            Self::Store(error) => Some(error),
        }
    }
}

impl CodedError for LessonError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "lesson_not_found",
            _ => self.cause().map_or("lesson_conflict", CodedError::code),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::NotFound => "Такого урока в журнале нет",
            _ => self.cause().map_or(
                "Пока вы заполняли урок, его изменил кто-то ещё. Посмотрите, что изменилось, и \
                 сохраните ещё раз",
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
