//! What PostgreSQL says when it fails, by its own codes.

use crate::backend::BackendError;

/// A failure of PostgreSQL, by its SQLSTATE: the texts beside it may repeat what is in a row.
pub(super) fn failed(error: sqlx::Error) -> BackendError {
    match &error {
        sqlx::Error::PoolTimedOut => return BackendError::Busy,
        sqlx::Error::ColumnDecode { .. } => return BackendError::Corrupt("column"),
        sqlx::Error::Database(database) => {
            if let Some(known) = database.code().and_then(|code| by_code(&code)) {
                return known;
            }
        }
        _ => {}
    }
    BackendError::Unavailable(describe(&error))
}

fn by_code(code: &str) -> Option<BackendError> {
    Some(match code {
        // unique_violation, exclusion_violation
        "23505" | "23P01" => BackendError::Conflict,
        // foreign_key_violation
        "23503" => BackendError::Dangling,
        // serialization_failure, deadlock_detected
        "40001" | "40P01" => BackendError::Overtaken,
        // lock_not_available, query_canceled, too_many_connections, configured_limit_exceeded
        "55P03" | "57014" | "53300" | "53400" => BackendError::Busy,
        // read_only_sql_transaction, disk_full
        "25006" | "53100" => BackendError::ReadOnly,
        // data_corrupted, index_corrupted
        "XX001" | "XX002" => BackendError::Corrupt("database"),
        // insufficient_privilege, and what the server says to a name or password it does not know
        "42501" => BackendError::Denied,
        code if code.starts_with("28") => BackendError::Denied,
        _ => return None,
    })
}

/// Whether a connection proved to be dead, as all are after the server was started anew.
pub(super) fn is_dead(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => true,
        // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout,
        // idle_in_transaction_session_timeout, and the class of connections that broke
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            matches!(&*code, "57P01" | "57P02" | "57P03" | "57P05" | "25P03")
                || code.starts_with("08")
        }),
        _ => false,
    }
}

/// What failed, without the values that PostgreSQL may repeat.
fn describe(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => match error.code().as_deref() {
            Some("3D000") => "the server has no such database".into(),
            Some(code) => format!("sqlstate {code}"),
            None => "the server failed".into(),
        },
        sqlx::Error::Io(error) => error.kind().to_string(),
        sqlx::Error::Tls(_) => "no encrypted connection could be made".into(),
        sqlx::Error::PoolClosed => "the database was closed".into(),
        sqlx::Error::Configuration(_) => "the address of the database is malformed".into(),
        _ => "the database driver failed".into(),
    }
}
