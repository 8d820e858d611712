//! Why a school year is not archived, dropped or restored.

use std::io;

use eschool_core::{
    access::AccessError,
    archive::{ArchiveFault, RetentionError, YearState},
    error::CodedError,
};
use thiserror::Error;

use crate::{
    backend::BackendError,
    store::{StoreError, enrolment::EnrolmentAccess},
};

/// Why a school year is not archived, dropped or restored.
///
/// What was begun and not ended goes on where it stopped when it is asked for again.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_store::YearArchiveError;
///
/// assert_eq!(YearArchiveError::Foreign.code(), "archive_foreign");
/// ```
#[derive(Debug, Error)]
pub enum YearArchiveError {
    /// Nobody does this who is not allowed to.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The year runs, or is still kept.
    #[error(transparent)]
    Retention(#[from] RetentionError),
    /// The file is no whole archive.
    #[error(transparent)]
    Archive(#[from] ArchiveFault),
    /// The school has no class of that year.
    #[error("the school has no class of that year")]
    Nothing,
    /// The year was never archived here.
    #[error("the school year was not archived; archive it first")]
    NotArchived,
    /// The archive is of another school or year, or none that was made of what was dropped.
    #[error("the archive is another one than was made of this school year here")]
    Foreign,
    /// The year was written to since the archive was made.
    #[error("the school year was written to since it was archived; archive it again")]
    WrittenSince,
    /// The year is being dropped, or is gone, or is being restored.
    #[error("the school year is not whole ({}); restore it, or drop it to the end", .0.code())]
    NotWhole(YearState),
    /// Somebody else began something else with the year meanwhile.
    #[error("something else was begun with the school year meanwhile")]
    Overtaken,
    /// The file cannot be read or written.
    #[error("the archive cannot be read or written: {}", .0.kind())]
    File(io::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for YearArchiveError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl From<io::Error> for YearArchiveError {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl From<EnrolmentAccess> for YearArchiveError {
    fn from(error: EnrolmentAccess) -> Self {
        match error {
            EnrolmentAccess::Access(error) => Self::Access(error),
            EnrolmentAccess::Store(error) => Self::Store(error),
        }
    }
}

impl YearArchiveError {
    fn cause(&self) -> Option<&dyn CodedError> {
        match self {
            Self::Access(error) => Some(error),
            Self::Retention(error) => Some(error),
            Self::Archive(error) => Some(error),
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl CodedError for YearArchiveError {
    fn code(&self) -> &'static str {
        match self {
            Self::Nothing => "archive_nothing",
            Self::NotArchived => "archive_missing",
            Self::Foreign => "archive_foreign",
            Self::WrittenSince => "archive_stale",
            Self::NotWhole(_) => "year_not_whole",
            Self::Overtaken => "archive_overtaken",
            other => other.cause().map_or("archive_file", CodedError::code),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Nothing => "В школе нет классов этого учебного года",
            Self::NotArchived => "Архива этого учебного года ещё нет. Сначала сделайте его",
            Self::Foreign => {
                "Этот архив не того учебного года или не той школы. Нужен тот файл, по которому год \
                 убирали из базы"
            }
            Self::WrittenSince => {
                "С тех пор как сделан архив, в журналы этого года что-то внесли. Сделайте архив \
                 заново"
            }
            Self::NotWhole(_) => {
                "Этот учебный год убран из базы, целиком или частью. Восстановите его из архива или \
                 уберите до конца"
            }
            Self::Overtaken => "Тем временем с этим учебным годом начали делать что-то другое",
            other => other.cause().map_or(
                "Файл архива не читается или не записывается. Проверьте права и свободное место",
                CodedError::text_ru,
            ),
        }
    }
}
