//! What can go wrong between a use case and a database.

use eschool_core::error::CodedError;
use thiserror::Error;

/// A failure of the database, told without anything that was in it.
#[derive(Debug, Error)]
pub enum BackendError {
    /// The database cannot be reached, or refuses.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The file is no database of this program.
    #[error("the file is not a database of this program; choose another folder")]
    NotADatabase,
    /// The database was written by a newer version.
    #[error("the database was written by a newer version; update the program")]
    NewerSchema,
    /// The database takes no writes.
    #[error("the database cannot be written; check the folder's rights and free space")]
    ReadOnly,
    /// Something stored does not read back.
    #[error("a stored value cannot be read: {0}")]
    Corrupt(&'static str),
    /// The transaction was begun for reading.
    #[error("a reading transaction was asked to write")]
    NotWritable,
    /// A row breaks a uniqueness told in [`Changes`](super::Changes).
    #[error("a row would stand where another one stands")]
    Conflict,
    /// Another writer holds the database for too long.
    #[error("the database is busy; try again")]
    Busy,
}

impl CodedError for BackendError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "store_unavailable",
            Self::NotADatabase => "not_a_database",
            Self::NewerSchema => "schema_newer",
            Self::ReadOnly => "store_read_only",
            Self::Corrupt(_) => "store_corrupt",
            Self::NotWritable => "store_not_writable",
            Self::Conflict => "store_conflict",
            Self::Busy => "busy",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "База данных недоступна. Попробуйте позже",
            Self::NotADatabase => "Этот файл – не база данных программы: выберите другую папку",
            Self::NewerSchema => "Базу данных записала более новая версия: обновите программу",
            Self::ReadOnly => {
                "В базу данных нельзя писать: проверьте права на папку и свободное место"
            }
            Self::Corrupt(_) => "Запись в базе данных повреждена",
            Self::NotWritable => "Чтение попыталось писать в базу данных",
            Self::Conflict => "На этом месте уже стоит другая запись",
            Self::Busy => "База данных занята. Попробуйте ещё раз",
        }
    }
}
