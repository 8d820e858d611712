//! Locks by which writers follow one another.
//!
//! They are PostgreSQL's advisory locks of the transaction: there need be no row yet for what a writer
//! decides by, a pooler may hand on the connection afterwards, and who dies lets go of them.

use std::{collections::BTreeSet, time::Duration};

use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use super::{PostgresSettings, value::failed};
use crate::backend::{Access, AuditChain, BackendError, Turn};

/// The number of an advisory lock of PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lock(pub(super) i64);

impl Lock {
    /// Held by a writer that is alone, and by all others together.
    const DATABASE: Self = Self(0x6573_6368_0000_0001);
    /// Held by who makes partitions.
    pub(super) const PARTITIONS: Self = Self(0x6573_6368_0000_0002);

    /// The lock of a turn. Two turns may share one: then their writers wait where they need not.
    fn of(turn: &Turn) -> Self {
        let (kind, id): (&[u8], &[u8]) = match turn {
            Turn::School(school) => (b"school", school.0.as_bytes()),
            Turn::Key(key) => (b"key", &key.0),
            Turn::Token(token) => (b"token", &token.0),
            Turn::App(grant) => (b"app", grant.0.as_bytes()),
            Turn::Schools => (b"schools", b""),
            Turn::Audit(AuditChain(Some(school))) => (b"audit", school.0.as_bytes()),
            Turn::Audit(AuditChain::IDENTITY) => (b"audit", b""),
        };
        let digest = Sha256::new().chain_update(kind).chain_update(id).finalize();
        Self(digest.first_chunk().copied().map_or(0, i64::from_be_bytes))
    }
}

/// What begins a transaction; nothing in it waits or can be refused, for a connection would be left
/// in a transaction that failed.
///
/// Nobody waits for what another holds, nor for a statement, for longer than is set: a reader holds a
/// connection that others lack.
///
/// A reader sees one snapshot. A writer sees what is committed as it goes on reading: its lock is
/// what keeps others from changing what it has read, and a snapshot that was taken before the lock
/// was had would show what the writer before it has changed since.
///
/// A writer holds its locks until the server hears of it again. One whose machine is gone is never
/// heard of, so the server itself ends a transaction that stands still.
///
/// A statement is planned once, for any values. Of a school that came after the statistics the server
/// would think that it has hardly a row, and a plan for its own values would go through everything it
/// has for each row found: an import would slow down by the square of the school.
///
/// Where the database is sharded, Citus plans for the values there are, by the shard; and it would
/// have all who write many rows of a table wait for one another until they commit, lest they
/// deadlock. Turns see to that, and what they do not see the server finds and ends.
pub(super) fn begin(access: Access<'_>, settings: &PostgresSettings, has_citus: bool) -> String {
    let PostgresSettings { patience, standstill, statement, .. } = settings;
    let limits = format!(
        "SET LOCAL lock_timeout = {}; SET LOCAL statement_timeout = {}",
        limit(*patience),
        limit(*statement)
    );
    match (access, has_citus) {
        (Access::Read, true) => format!("{READER}; {limits}"),
        (Access::Read, false) => format!("{READER}; {limits}; {PLANNED_ONCE}"),
        (Access::Write | Access::InTurn(_), _) => format!(
            "{WRITER}; {limits}; SET LOCAL idle_in_transaction_session_timeout = {}; \
             SET LOCAL tcp_user_timeout = {}; {}",
            limit(*standstill),
            limit(*standstill),
            if has_citus { SIDE_BY_SIDE } else { PLANNED_ONCE }
        ),
    }
}

const READER: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
const WRITER: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
const PLANNED_ONCE: &str = "SET LOCAL plan_cache_mode = force_generic_plan";
const SIDE_BY_SIDE: &str = "SET LOCAL citus.enable_deadlock_prevention = off";

/// A limit as PostgreSQL takes it, in milliseconds: zero would be none.
fn limit(time: Duration) -> i32 {
    i32::try_from(time.as_millis()).unwrap_or(i32::MAX).max(1)
}

/// Waits for a writer's turn. All wait for their locks in one order, so that no two wait for each
/// other.
pub(super) async fn wait(
    connection: &mut PgConnection,
    access: Access<'_>,
) -> Result<(), BackendError> {
    let waiting = match access {
        Access::Read => return Ok(()),
        Access::Write => sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(Lock::DATABASE.0),
        Access::InTurn(turns) => {
            let locks: BTreeSet<Lock> = turns.iter().map(Lock::of).collect();
            sqlx::query(
                "SELECT pg_advisory_xact_lock_shared($1)::text \
                 UNION ALL SELECT pg_advisory_xact_lock(lock)::text FROM unnest($2::bigint[]) lock",
            )
            .bind(Lock::DATABASE.0)
            .bind(locks.into_iter().map(|lock| lock.0).collect::<Vec<_>>())
        }
    };
    waiting.execute(connection).await.map_err(failed)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_never_none_and_never_refused() {
        for (time, expected) in [
            (Duration::ZERO, 1),
            (Duration::from_micros(999), 1),
            (Duration::from_micros(1999), 1),
            (Duration::from_secs(5), 5000),
            (Duration::MAX, i32::MAX),
        ] {
            assert_eq!(limit(time), expected, "{time:?}");
        }
    }
}
