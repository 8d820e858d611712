//! SQLite: the embedded database, one file.
//!
//! Readers see a snapshot and never wait (WAL); writers follow one another, in this process by
//! taking turns and between processes by `BEGIN IMMEDIATE`. What is committed survives the loss of
//! power.

mod apply;
mod apps;
mod archive;
mod audit;
mod backup;
mod bulk;
mod events;
mod failure;
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
mod schema;
mod support;
#[cfg(test)]
mod tests;
mod tx;
mod value;
mod year;

use std::{
    num::NonZeroU32,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
pub use backup::BackupError;
use sqlx::{
    SqlSafeStr as _, SqlitePool,
    migrate::{Migration, MigrationType},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::Mutex;

use self::tx::SqliteTx;
use crate::backend::{Access, Backend, BackendError, Tx};

/// What an operator can set of a database in a file.
///
/// ```
/// use std::{num::NonZeroU32, time::Duration};
///
/// use eschool_store::sqlite::SqliteSettings;
///
/// let settings = SqliteSettings::default();
/// assert_eq!(settings.connections, NonZeroU32::new(8).unwrap());
/// assert_eq!(settings.patience, Duration::from_secs(5));
/// // For a program that rather waits than fails while another one imports.
/// let patient = SqliteSettings { patience: Duration::from_secs(60), ..settings };
/// # drop(patient);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqliteSettings {
    /// Connections at most: readers beyond them wait.
    pub connections: NonZeroU32,
    /// How long somebody waits for a connection, and a writer for the one before, until they are told
    /// [`BackendError::Busy`].
    pub patience: Duration,
}

impl Default for SqliteSettings {
    fn default() -> Self {
        Self { connections: NonZeroU32::MIN.saturating_add(7), patience: Duration::from_secs(5) }
    }
}

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
    settings: SqliteSettings,
    writers: Arc<Mutex<()>>,
}

impl SqliteBackend {
    /// Opens the database in a file, makes it if there is none, and brings it up to this version's
    /// schema.
    ///
    /// A file that may not be written is read, where its folder takes the files that SQLite keeps beside
    /// it; writing to it is [`BackendError::ReadOnly`].
    ///
    /// # Errors
    /// [`BackendError::NotADatabase`] for a file of another program,
    /// [`BackendError::NewerSchema`] for one written by a newer version of this,
    /// [`BackendError::Corrupt`] for one that fails its check, or whose schema was altered or is half
    /// there, [`BackendError::Busy`] if another program writes to it for too long,
    /// [`BackendError::ReadOnly`] where nothing can be written,
    /// [`BackendError::Denied`] or [`BackendError::Unavailable`] if it cannot be read.
    pub async fn open(path: &Path) -> Result<Self, BackendError> {
        Self::open_with(path, SqliteSettings::default()).await
    }

    /// Opens the database in a file with settings of one's own.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_with(path: &Path, settings: SqliteSettings) -> Result<Self, BackendError> {
        mark::check_or_make(path, settings.patience).await?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(settings.patience)
            .foreign_keys(true);
        let pool = Self::pool(&options, settings).await?;
        let backend = Self { pool, settings, writers: Arc::default() };
        backend.check_integrity().await?;
        let mut connection = backend.pool.acquire().await.map_err(value::failed)?;
        schema::bring_up_to_date(&mut connection).await?;
        figures::tell(&mut connection).await?;
        drop(connection);
        Ok(backend)
    }

    /// The pool, with its first connection, which turns the write-ahead log on where that was not done.
    ///
    /// SQLite does not wait at all for another program that turns it on or off (closes the file as the
    /// last one) at the same time, whatever the busy timeout: who comes second is told so and asks again.
    async fn pool(
        options: &SqliteConnectOptions,
        settings: SqliteSettings,
    ) -> Result<SqlitePool, BackendError> {
        const PAUSE: Duration = Duration::from_millis(10);
        let begun = Instant::now();
        loop {
            let pool = SqlitePoolOptions::new()
                .max_connections(settings.connections.get())
                .acquire_timeout(settings.patience)
                .test_before_acquire(false)
                .connect_with(options.clone())
                .await
                .map_err(value::failed);
            match pool {
                Err(BackendError::Busy) if begun.elapsed() < settings.patience => {
                    tokio::time::sleep(PAUSE).await;
                }
                pool => return pool,
            }
        }
    }

    /// Closes every connection, so that the file is whole without its write-ahead log.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Whether SQLite finds every page of the file sound. It does not look for every row in every index
    /// too, as `integrity_check` does: that takes several times as long at each start, and a copy is
    /// checked so.
    async fn check_integrity(&self) -> Result<(), BackendError> {
        let sound: String = sqlx::query_scalar("PRAGMA quick_check(1)")
            .fetch_one(&self.pool)
            .await
            .map_err(value::failed)?;
        if sound == "ok" { Ok(()) } else { Err(BackendError::Corrupt("database file")) }
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
        migration(18, "lookup", include_str!("../../migrations/sqlite/0018_lookup.sql")),
        migration(
            19,
            "lookup marks",
            include_str!("../../migrations/sqlite/0019_lookup_marks.sql"),
        ),
        migration(
            20,
            "shared phone",
            include_str!("../../migrations/sqlite/0020_shared_phone.sql"),
        ),
        migration(
            21,
            "unfinished journal",
            include_str!("../../migrations/sqlite/0021_unfinished_journal.sql"),
        ),
        migration(22, "app grant", include_str!("../../migrations/sqlite/0022_app_grant.sql")),
    ]
}

#[async_trait]
impl Backend for SqliteBackend {
    async fn close(&self) {
        // The one of the type itself.
        Self::close(self).await;
    }

    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        let (turn, begin) = match access {
            Access::Read => (None, "BEGIN DEFERRED"),
            // One file has one writer, whatever its turn.
            Access::Write | Access::InTurn(_) => {
                let turn = Arc::clone(&self.writers).lock_owned();
                let turn = tokio::time::timeout(self.settings.patience, turn).await;
                (Some(turn.map_err(|_| BackendError::Busy)?), "BEGIN IMMEDIATE")
            }
        };
        let transaction = self.pool.begin_with(begin).await.map_err(value::failed)?;
        Ok(Box::new(SqliteTx::new(transaction, turn)))
    }
}
