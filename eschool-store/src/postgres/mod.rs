//! PostgreSQL: the database of a region.
//!
//! * `schema`: the steps of the schema, and how a database is known for one of this program.
//! * `tables`: which table is sharded by what; `distribute` does it. `partition`: the years of the journal.
//! * `turn`: how writers follow one another. `tx`: one transaction; `begun`: how long its server is
//!   waited for.
//! * `people`, `journal`, `lesson`, `events`, `identity`, `merges`, `refused`: the loads. `apply`,
//!   `bulk`: writing; `membership`: whose account is whose.
//!
//! Readers see one snapshot and wait for nobody. Nothing is kept in a connection from one
//! transaction to the next but prepared statements, and nothing is set when one is opened that
//! `PgBouncer` does not know. So a pooler may hand connections on between transactions, if it minds
//! the statements: `PgBouncer` does from 1.21 on, with `max_prepared_statements` above zero. The suite
//! was run through `PgBouncer` 1.25.2 in transaction mode, with two hundred of them; its databases are
//! migrated over a direct connection.

mod apply;
mod apps;
mod archive;
mod audit;
mod begun;
mod bulk;
mod distribute;
mod events;
mod failure;
mod family;
mod identity;
mod journal;
mod lesson;
mod membership;
mod merges;
mod partition;
mod people;
mod refused;
mod schema;
mod support;
pub(crate) mod tables;
#[cfg(test)]
mod tests;
mod turn;
mod tx;
mod value;
mod year;

use std::{
    fmt,
    num::{NonZeroU32, NonZeroUsize},
    str::FromStr as _,
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, PgPool, SqlSafeStr as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{sync::Semaphore, time::timeout};

use self::{
    begun::{Begun, Deadline},
    failure::is_dead,
    partition::Partitions,
    tx::{PostgresTx, Writer},
    value::failed,
};
use crate::backend::{Access, Backend, BackendError, Tx};

/// What an operator can set of a database.
///
/// ```
/// use std::{num::NonZeroU32, time::Duration};
///
/// use eschool_store::postgres::PostgresSettings;
///
/// let settings = PostgresSettings::default();
/// assert_eq!(settings.connections, NonZeroU32::new(16).unwrap());
/// assert_eq!(settings.patience, Duration::from_secs(5));
/// // For a service that shares its server with many others.
/// let modest = PostgresSettings { connections: NonZeroU32::new(4).unwrap(), ..settings };
/// # drop(modest);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostgresSettings {
    /// Connections at most, two at least; half of them serve writers, so that readers always have
    /// the others. A writer takes a second one to make the partition of a new school year.
    pub connections: NonZeroU32,
    /// How long somebody waits for a connection or for a writer before, until they are told
    /// [`BackendError::Busy`].
    pub patience: Duration,
    /// How long a writer may do nothing in the midst of its transaction, or leave what the server
    /// sends it without an answer, until the server ends it and lets the next one go on: that of a
    /// machine which vanished would hold its turn for hours. More
    /// than a few times [`patience`](Self::patience), which a writer may spend on its second
    /// connection.
    pub standstill: Duration,
    /// How long one statement may take, until who reads or writes is told [`BackendError::Busy`]. A
    /// server that does not even say that is given [`patience`](Self::patience) more, for all that is
    /// loaded at once, and for each of the statements in which rows of one kind are written; then they are
    /// told [`BackendError::Unavailable`], and the connection is given up.
    pub statement: Duration,
    /// Statements that a connection keeps prepared; the one that was used least recently makes room
    /// for another.
    pub statements: NonZeroUsize,
}

impl Default for PostgresSettings {
    fn default() -> Self {
        Self {
            connections: NonZeroU32::MIN.saturating_add(15),
            patience: Duration::from_secs(5),
            standstill: Duration::from_secs(60),
            statement: Duration::from_secs(60),
            statements: NonZeroUsize::MIN.saturating_add(99),
        }
    }
}

/// A database on a server.
///
/// ```no_run
/// # async fn open() -> Result<(), eschool_store::backend::BackendError> {
/// use eschool_store::postgres::PostgresBackend;
///
/// let url = "postgres://eschool@127.0.0.1/eschool";
/// // Once for each version, over a direct connection:
/// PostgresBackend::migrate(url).await?;
/// // Then as often as one likes, over a pooler too:
/// let backend = PostgresBackend::open(url).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostgresBackend {
    pool: PgPool,
    settings: PostgresSettings,
    has_citus: bool,
    /// Writers wait here and not for a connection, which readers would then lack.
    writers: Arc<Semaphore>,
    partitions: Partitions,
}

impl fmt::Debug for PostgresBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresBackend").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl PostgresBackend {
    /// Brings a database up to this version's schema; an empty one gets it whole.
    ///
    /// The connection must be a direct one: the lock that keeps two of these apart belongs to it.
    /// Who migrates owns the tables: let it be the role that opens the database later, or one that
    /// this is a member of.
    ///
    /// # Errors
    /// [`BackendError::NotADatabase`] for a database with somebody else's tables,
    /// [`BackendError::NewerSchema`] for one of a newer version,
    /// [`BackendError::Corrupt`] for a schema that was altered or is half there,
    /// [`BackendError::Denied`] or [`BackendError::Unavailable`] if it cannot be reached.
    pub async fn migrate(url: &str) -> Result<(), BackendError> {
        let options = parsed(url)?;
        let mut connection = connect(&options, PostgresSettings::default().patience).await?;
        schema::migrate(&mut connection).await?;
        connection.close().await.map_err(failed)
    }

    /// Shards a database that has this version's schema over the workers of Citus: what a school
    /// owns together, by the school; what somebody is found by, by that key. Tells how many tables
    /// were spread: none, where all are already.
    ///
    /// # Errors
    /// [`BackendError::NotShardable`] where the database has no Citus, and as
    /// [`open`](Self::open).
    pub async fn distribute(url: &str) -> Result<u32, BackendError> {
        let options = parsed(url)?;
        let mut connection = connect(&options, PostgresSettings::default().patience).await?;
        let tables = distribute::distribute(&mut connection).await?;
        connection.close().await.map_err(failed)?;
        Ok(tables)
    }

    /// Opens a database that has this version's schema.
    ///
    /// The role must own the tables, or be a member of the one that does: a school year gets its
    /// partitions when it is first written to.
    ///
    /// # Errors
    /// [`BackendError::OlderSchema`] for one without it, see [`migrate`](Self::migrate), and what
    /// that fails with.
    pub async fn open(url: &str) -> Result<Self, BackendError> {
        Self::open_with(url, PostgresSettings::default()).await
    }

    /// Opens a database with settings of one's own.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_with(url: &str, settings: PostgresSettings) -> Result<Self, BackendError> {
        let connections = settings.connections.max(NonZeroU32::MIN.saturating_add(1));
        let settings = PostgresSettings { connections, ..settings };
        let options = parsed(url)?.statement_cache_capacity(settings.statements.get());
        let mut connection = connect(&options, settings.patience).await?;
        let looking = async {
            schema::check(&mut connection).await?;
            let has_citus = distribute::has_citus(&mut connection).await?;
            connection.close().await.map_err(failed)?;
            Ok(has_citus)
        };
        let has_citus = Deadline::of(&settings).keep(looking).await?;
        let pool = PgPoolOptions::new()
            .max_connections(settings.connections.get())
            .acquire_timeout(settings.patience)
            .test_before_acquire(false)
            .connect_lazy_with(options);
        let writers = usize::try_from(settings.connections.get() / 2).unwrap_or(usize::MAX).max(1);
        Ok(Self {
            pool,
            settings,
            has_citus,
            writers: Arc::new(Semaphore::new(writers)),
            partitions: Partitions::default(),
        })
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// The statements that the connections of this process keep prepared; those of one connection in
    /// the order in which they were prepared. It waits until nobody reads or writes: a transaction
    /// that was dropped gives its connection back a little later. For tests of how rows are found,
    /// and for whoever measures the same statements without the library.
    ///
    /// # Errors
    /// [`BackendError::Unavailable`] if the server does not answer, [`BackendError::Busy`] if
    /// somebody goes on reading or writing.
    #[cfg(any(test, feature = "testing"))]
    pub async fn prepared(&self) -> Result<Vec<Prepared>, BackendError> {
        let mut connections = Vec::new();
        while connections.len() < usize::try_from(self.pool.size()).unwrap_or(usize::MAX) {
            connections.push(self.pool.acquire().await.map_err(failed)?);
        }
        let mut statements = Vec::new();
        for connection in &mut connections {
            let rows: Vec<(String, Vec<String>, i64)> = sqlx::query_as(
                "SELECT statement, parameter_types::text[], generic_plans + custom_plans \
                 FROM pg_prepared_statements ORDER BY prepare_time",
            )
            .persistent(false)
            .fetch_all(&mut **connection)
            .await
            .map_err(failed)?;
            statements.extend(rows.into_iter().map(|(text, types, executions)| Prepared {
                text,
                types,
                executions: executions.unsigned_abs(),
            }));
        }
        statements.retain(|prepared| !prepared.text.contains("pg_prepared_statements"));
        Ok(statements)
    }

    /// A transaction that has begun. A connection that proves to be dead, as all are once the server
    /// was started anew, gives way to another: nothing was sent over it yet.
    async fn begun(&self, access: Access<'_>) -> Result<Begun, BackendError> {
        let text = turn::begin(access, &self.settings, self.has_citus);
        let text = AssertSqlSafe(text).into_sql_str();
        let mut dead = 0;
        loop {
            let connection = match self.pool.acquire().await {
                Ok(connection) => connection,
                // The pool was not full: it waited for the server, not for a connection.
                Err(sqlx::Error::PoolTimedOut)
                    if self.pool.size() < self.settings.connections.get() =>
                {
                    return Err(begun::silent());
                }
                Err(error) => return Err(failed(error)),
            };
            match Begun::begin(connection, text.clone(), &self.settings).await? {
                Ok(tx) => return Ok(tx),
                Err(error) if is_dead(&error) && dead < self.settings.connections.get() => {
                    dead += 1;
                }
                Err(error) => return Err(failed(error)),
            }
        }
    }
}

fn parsed(url: &str) -> Result<PgConnectOptions, BackendError> {
    let options = PgConnectOptions::from_str(url).map_err(failed)?;
    // A pooler refuses whoever asks for a number of digits, and what is read here is binary.
    let options = options.extra_float_digits(None);
    Ok(options.application_name("eschool").disable_statement_logging())
}

async fn connect(
    options: &PgConnectOptions,
    patience: Duration,
) -> Result<PgConnection, BackendError> {
    let connecting = PgConnection::connect_with(options);
    match timeout(patience, connecting).await {
        Ok(connection) => connection.map_err(failed),
        Err(_) => Err(begun::silent()),
    }
}

/// A statement that a connection keeps prepared, see [`PostgresBackend::prepared`].
#[cfg(any(test, feature = "testing"))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// Its text.
    pub text: String,
    /// The types of what it is given.
    pub types: Vec<String>,
    /// How often it was executed.
    pub executions: u64,
}

#[async_trait]
impl Backend for PostgresBackend {
    async fn close(&self) {
        // The one of the type itself.
        Self::close(self).await;
    }

    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        let writer = match access {
            Access::Read => None,
            Access::Write | Access::InTurn(_) => {
                let permit = Arc::clone(&self.writers).acquire_owned();
                let permit = timeout(self.settings.patience, permit).await;
                let permit = permit.map_err(|_| BackendError::Busy)?;
                let closed = |_| BackendError::Unavailable("the database was closed".into());
                let permit = permit.map_err(closed)?;
                Some(Writer::new(self.clone(), permit))
            }
        };
        let mut tx = self.begun(access).await?;
        tx.deadline.keep(turn::wait(&mut tx.connection, access)).await?;
        Ok(Box::new(PostgresTx::new(tx, writer)))
    }
}
