//! SQLite: the embedded database, one file.
//!
//! Readers see a snapshot and never wait (WAL); writers follow one another, in this process by
//! taking turns and between processes by `BEGIN IMMEDIATE`. What is committed survives the loss of
//! power.

mod apply;
mod archive;
mod audit;
mod backup;
mod bulk;
mod events;
mod family;
mod figures;
mod identity;
mod journal;
mod lesson;
mod mark;
mod merges;
mod people;
mod refused;
mod removed;
mod support;
#[cfg(test)]
mod tests;
mod tx;
mod value;
mod year;

use std::{path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
pub use backup::BackupError;
use sqlx::{
    SqlSafeStr as _, SqlitePool,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::Mutex;

use self::tx::SqliteTx;
use crate::backend::{Access, Backend, BackendError, Tx};

/// How long a writer waits for its turn, and a reader for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Connections: readers beyond them wait.
const CONNECTIONS: u32 = 8;

/// A database in one file.
///
/// ```no_run
/// # async fn open() -> Result<(), eschool_store::backend::BackendError> {
/// use eschool_store::sqlite::SqliteBackend;
///
/// let backend = SqliteBackend::open("eschool.sqlite3".as_ref()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SqliteBackend {
    pool: SqlitePool,
    writers: Arc<Mutex<()>>,
}

impl SqliteBackend {
    /// Opens the database in a file, makes it if there is none, and brings it up to this version's
    /// schema.
    ///
    /// # Errors
    /// [`BackendError::NotADatabase`] for a file of another program,
    /// [`BackendError::NewerSchema`] for one written by a newer version of this,
    /// [`BackendError::Corrupt`] for one that fails its integrity check,
    /// [`BackendError::ReadOnly`] or [`BackendError::Unavailable`] if it cannot be opened.
    pub async fn open(path: &Path) -> Result<Self, BackendError> {
        mark::check_or_make(path).await?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            .foreign_keys(true);
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .connect_with(options)
            .await
            .map_err(value::failed)?;
        let backend = Self { pool, writers: Arc::default() };
        backend.check_integrity().await?;
        backend.migrate().await?;
        figures::tell(&mut *backend.pool.acquire().await.map_err(value::failed)?).await?;
        Ok(backend)
    }

    /// Closes every connection, so that the file is whole without its write-ahead log.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Whether SQLite finds the file sound.
    async fn check_integrity(&self) -> Result<(), BackendError> {
        let sound: String = sqlx::query_scalar("PRAGMA quick_check(1)")
            .fetch_one(&self.pool)
            .await
            .map_err(value::failed)?;
        if sound == "ok" { Ok(()) } else { Err(BackendError::Corrupt("database file")) }
    }

    async fn migrate(&self) -> Result<(), BackendError> {
        let run = Migrator::with_migrations(migrations()).run(&self.pool).await;
        run.map_err(|error| match error {
            MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => {
                BackendError::NewerSchema
            }
            MigrateError::VersionMismatch(_) | MigrateError::Dirty(_) => {
                BackendError::Corrupt("schema")
            }
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
                value::failed(error)
            }
            error => BackendError::Unavailable(error.to_string()),
        })
    }
}

/// The schema, step by step; a step that has been released is never edited.
fn migrations() -> Vec<Migration> {
    let migration = |version, name: &'static str, text: &'static str| {
        Migration::new(version, name.into(), MigrationType::Simple, text.into_sql_str(), false)
    };
    vec![
        migration(1, "first", include_str!("../../migrations/sqlite/0001_first.sql")),
        migration(2, "esia", include_str!("../../migrations/sqlite/0002_esia.sql")),
        migration(3, "keys", include_str!("../../migrations/sqlite/0003_keys.sql")),
        migration(4, "journal", include_str!("../../migrations/sqlite/0004_journal.sql")),
        migration(6, "merges", include_str!("../../migrations/sqlite/0006_merges.sql")),
        migration(7, "audit", include_str!("../../migrations/sqlite/0007_audit.sql")),
        migration(9, "year", include_str!("../../migrations/sqlite/0009_year.sql")),
        migration(14, "support", include_str!("../../migrations/sqlite/0014_support.sql")),
        migration(8, "people", include_str!("../../migrations/sqlite/0008_people.sql")),
        migration(12, "keys", include_str!("../../migrations/sqlite/0012_keys.sql")),
        migration(10, "retention", include_str!("../../migrations/sqlite/0010_retention.sql")),
        migration(16, "bonds", include_str!("../../migrations/sqlite/0016_bonds.sql")),
        migration(
            17,
            "card journal",
            include_str!("../../migrations/sqlite/0017_card_journal.sql"),
        ),
    ]
}

#[async_trait]
impl Backend for SqliteBackend {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        let (turn, begin) = match access {
            Access::Read => (None, "BEGIN DEFERRED"),
            // One file has one writer, whatever its turn.
            Access::Write | Access::InTurn(_) => {
                let turn =
                    tokio::time::timeout(PATIENCE, Arc::clone(&self.writers).lock_owned()).await;
                (Some(turn.map_err(|_| BackendError::Busy)?), "BEGIN IMMEDIATE")
            }
        };
        let transaction = self.pool.begin_with(begin).await.map_err(value::failed)?;
        Ok(Box::new(SqliteTx::new(transaction, turn)))
    }
}
