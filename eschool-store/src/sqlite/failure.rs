//! What SQLite says when it fails, by its own result codes.

use std::io;

use crate::backend::BackendError;

/// A failure of SQLite: the texts beside its code may repeat what is in a row.
#[expect(clippy::needless_pass_by_value, reason = "as map_err calls it")]
pub(super) fn failed(error: sqlx::Error) -> BackendError {
    match &error {
        sqlx::Error::PoolTimedOut => return BackendError::Busy,
        sqlx::Error::ColumnDecode { .. } => return BackendError::Corrupt("column"),
        _ => {}
    }
    if unwritable(&error).is_some() {
        return BackendError::ReadOnly;
    }
    match code(&error) {
        // SQLITE_CONSTRAINT_FOREIGNKEY
        Some(787) => BackendError::Dangling,
        // The low byte is the primary result code, whatever the extended one says.
        Some(code) => match code & 0xff {
            // SQLITE_BUSY, SQLITE_LOCKED
            5 | 6 => BackendError::Busy,
            // SQLITE_CORRUPT
            11 => BackendError::Corrupt("database file"),
            // SQLITE_CONSTRAINT
            19 => BackendError::Conflict,
            // SQLITE_NOTADB
            26 => BackendError::NotADatabase,
            _ => BackendError::Unavailable(describe(&error)),
        },
        None => BackendError::Unavailable(describe(&error)),
    }
}

/// Why the system lets nothing be written, if that is what failed. A folder in which the files beside
/// a database cannot be made is told by SQLite as one that cannot be opened, and a quota as a write
/// that failed.
pub(super) fn unwritable(error: &sqlx::Error) -> Option<io::ErrorKind> {
    match code(error)? {
        // SQLITE_FULL; SQLITE_IOERR with _WRITE, _FSYNC, _DIR_FSYNC, _TRUNCATE, _SHMSIZE.
        13 | 778 | 1034 | 1290 | 1546 | 4874 => Some(io::ErrorKind::StorageFull),
        // SQLITE_READONLY, SQLITE_CANTOPEN.
        code if matches!(code & 0xff, 8 | 14) => Some(io::ErrorKind::PermissionDenied),
        _ => None,
    }
}

/// SQLite's extended result code.
pub(super) fn code(error: &sqlx::Error) -> Option<i32> {
    error.as_database_error()?.code()?.parse().ok()
}

/// What failed, without the values that SQLite may repeat.
fn describe(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => {
            format!("sqlite result code {}", error.code().unwrap_or_default())
        }
        sqlx::Error::Io(error) => error.kind().to_string(),
        sqlx::Error::PoolClosed => "the database was closed".into(),
        _ => "the database driver failed".into(),
    }
}
