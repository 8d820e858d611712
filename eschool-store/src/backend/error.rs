//! What can go wrong between a use case and a database.

use eschool_core::error::CodedError;
use thiserror::Error;

/// A failure of the database, told without anything that was in it.
#[derive(Debug, Error)]
pub enum BackendError {
    /// The database cannot be reached, or refuses.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// What is there is no database of this program.
    #[error("this is not a database of this program; check the path or address")]
    NotADatabase,
    /// The database was written by a newer version.
    #[error("the database was written by a newer version; update the program")]
    NewerSchema,
    /// The database has not this version's schema yet, or none.
    #[error("the tables of the database are old or not there yet; migrate it first")]
    OlderSchema,
    /// The database does not know the name or password, or grants too little to it; or the system does
    /// not let its file be read.
    #[error("the database denies access; check the name, the password and what is granted")]
    Denied,
    /// The server has nothing to shard a database with.
    #[error("the server has no Citus, which shards a database; add the extension first")]
    NotShardable,
    /// The database takes no writes.
    #[error("the database cannot be written; check the rights and free space")]
    ReadOnly,
    /// Something stored does not read back.
    #[error("a stored value cannot be read: {0}")]
    Corrupt(&'static str),
    /// The transaction was begun for reading.
    #[error("the database can only be read here")]
    NotWritable,
    /// A row breaks a uniqueness told in [`Changes`](super::Changes).
    #[error("a row would stand where another one stands")]
    Conflict,
    /// A row refers to one that is not there, or is referred to and was to go.
    #[error("a row refers to one that is not there")]
    Dangling,
    /// Another writer holds the database for too long.
    #[error("the database is busy; try again")]
    Busy,
    /// Another transaction came first where the two could not both go on, and nothing of this one
    /// was written. Tried again, it may well go through.
    #[error("another transaction came first; try again")]
    Overtaken,
}

impl BackendError {
    /// Whether it is nothing but that others write: later, the same may go through.
    pub(crate) const fn is_passing(&self) -> bool {
        matches!(self, Self::Busy | Self::Overtaken)
    }
}

impl CodedError for BackendError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "store_unavailable",
            Self::NotADatabase => "not_a_database",
            Self::NewerSchema => "schema_newer",
            Self::OlderSchema => "schema_older",
            Self::Denied => "store_denied",
            Self::NotShardable => "citus_missing",
            Self::ReadOnly => "store_read_only",
            Self::Corrupt(_) => "store_corrupt",
            Self::NotWritable => "store_not_writable",
            Self::Conflict => "store_conflict",
            Self::Dangling => "store_dangling",
            Self::Busy => "busy",
            Self::Overtaken => "store_overtaken",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "База данных недоступна. Попробуйте позже",
            Self::NotADatabase => "Это не база данных программы: проверьте путь или адрес",
            Self::NewerSchema => "Базу данных записала более новая версия: обновите программу",
            Self::OlderSchema => {
                "Таблицы базы данных устарели или ещё не созданы: сначала обновите их"
            }
            Self::Denied => "База данных не пускает программу: проверьте имя, пароль и права",
            Self::NotShardable => {
                "На сервере нет Citus, без него базу данных не распределить: добавьте расширение"
            }
            Self::ReadOnly => "В базу данных нельзя писать: проверьте права и свободное место",
            Self::Corrupt(_) => "Запись в базе данных повреждена",
            Self::NotWritable => "Здесь базу данных можно только читать",
            Self::Conflict => "На этом месте уже стоит другая запись",
            Self::Dangling => "Запись ссылается на другую, которой нет",
            Self::Busy => "База данных занята. Попробуйте ещё раз",
            Self::Overtaken => "Другая запись в базу данных опередила эту. Попробуйте ещё раз",
        }
    }
}
