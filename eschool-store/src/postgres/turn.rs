//! Locks by which writers follow one another.

use std::time::Duration;

use sqlx::PgConnection;

use super::value::failed;
use crate::backend::{Access, BackendError};

/// The number of an advisory lock of PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lock(pub(super) i64);

impl Lock {
    /// Held by every writer together with the others, or by one alone.
    const DATABASE: Self = Self(0x6573_6368_0000_0001);
    /// Held by who makes partitions.
    pub(super) const PARTITIONS: Self = Self(0x6573_6368_0000_0002);
}

/// What begins a transaction; nothing in it waits or can be refused, for a connection would be left
/// in a transaction that failed.
///
/// A reader sees one snapshot. A writer sees what is committed as it goes on reading: its lock is
/// what keeps others from changing what it has read, and a snapshot that was taken before the lock
/// was had would show what the writer before it has changed since.
pub(super) fn begin(access: Access, patience: Duration) -> String {
    match access {
        Access::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY".into(),
        Access::Write => format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = {}",
            patience.as_millis()
        ),
    }
}

/// Waits for a writer's turn.
pub(super) async fn wait(connection: &mut PgConnection) -> Result<(), BackendError> {
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(Lock::DATABASE.0)
        .execute(connection)
        .await
        .map_err(failed)?;
    Ok(())
}
