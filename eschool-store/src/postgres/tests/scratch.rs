//! A database for one test.

use std::{
    str::FromStr as _,
    sync::atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection,
    postgres::PgConnectOptions,
};

use crate::{
    backend::{Access, Backend, BackendError, Tx},
    postgres::{PostgresBackend, schema},
};

/// Where the server for tests is, if there is one.
pub(super) fn server() -> Option<String> {
    std::env::var("ESCHOOL_TEST_PG_URL").ok().filter(|url| !url.is_empty())
}

/// Where the pooler in front of it is, if there is one.
fn pooler() -> Option<String> {
    std::env::var("ESCHOOL_TEST_PG_POOLER_URL").ok().filter(|url| !url.is_empty())
}

/// A database with this version's schema that goes with it.
pub(super) struct Scratch {
    pub(super) backend: PostgresBackend,
    pub(super) database: Database,
}

impl Scratch {
    /// A fresh one, where there is a server.
    pub(super) async fn new() -> Option<Self> {
        let database = Database::migrated().await?;
        let backend = PostgresBackend::open(&database.work_url()).await.unwrap();
        Some(Self { backend, database })
    }
}

#[async_trait]
impl Backend for Scratch {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        self.backend.begin(access).await
    }
}

/// A database of one test; dropped, it is dropped on the server.
pub(super) struct Database {
    server: String,
    name: String,
}

impl Database {
    /// A database with this version's schema, copied from one that was migrated once; distributed
    /// where the server can.
    pub(super) async fn migrated() -> Option<Self> {
        let server = server()?;
        let template = template(&server).await;
        let database = Self::make(server, &format!("TEMPLATE {template}")).await;
        database.distribute().await;
        Some(database)
    }

    /// Distributes the database where the server has loaded Citus. A copy is never distributed
    /// before: Citus has lists of its own, which are not copied with a template. To make the extension
    /// takes a superuser; for anybody else the database stays as it is, which is printed.
    async fn distribute(&self) {
        let mut connection = self.connection().await;
        // Whose library is loaded by a setting of its own: what is loaded is not everybody's to read.
        let (has_citus, may_add): (bool, bool) = sqlx::query_as(
            "SELECT current_setting('citus.shard_count', true) IS NOT NULL AND EXISTS \
             (SELECT 1 FROM pg_available_extensions WHERE name = 'citus'), \
             current_setting('is_superuser')::boolean",
        )
        .fetch_one(&mut connection)
        .await
        .unwrap();
        if has_citus && !may_add {
            println!("not distributed: the role of the tests is no superuser");
        } else if has_citus {
            // As few pieces as show that there are several.
            let pieces = format!("ALTER DATABASE {} SET citus.shard_count = 2", self.name);
            execute(&mut connection, pieces).await;
            execute(&mut connection, "CREATE EXTENSION citus".into()).await;
            assert!(PostgresBackend::distribute(&self.url()).await.unwrap() > 0);
        }
        connection.close().await.unwrap();
    }

    /// Whether it is distributed, so that a test of what one server does alone ends here: why is
    /// printed.
    pub(super) async fn is_distributed(&self, but: &str) -> bool {
        let is_one = "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')";
        let is_one = sqlx::query_scalar(is_one).fetch_one(&mut self.connection().await).await;
        let is_one: bool = is_one.unwrap();
        if is_one {
            eprintln!("skipped on a distributed database: {but}");
        }
        is_one
    }

    /// Whether the role of the tests is a superuser, else a test that takes one ends here: why is
    /// printed.
    pub(super) async fn is_superusers(&self, why: &str) -> bool {
        let is_one = "SELECT current_setting('is_superuser')::boolean";
        let is_one = sqlx::query_scalar(is_one).fetch_one(&mut self.connection().await).await;
        let is_one: bool = is_one.unwrap();
        if !is_one {
            println!("skipped, for the role of the tests is no superuser: {why}");
        }
        is_one
    }

    /// A database without a table.
    pub(super) async fn empty() -> Option<Self> {
        Some(Self::make(server()?, "TEMPLATE template0 ENCODING 'UTF8'").await)
    }

    async fn make(server: String, how: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("eschool_test_{}_{count}", std::process::id());
        let mut connection = direct(&server, None).await;
        // A template may not be read while it is copied.
        let copied = sqlx::query("SELECT pg_advisory_lock($1)").bind(TEMPLATE_LOCK);
        copied.execute(&mut connection).await.unwrap();
        execute(&mut connection, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        execute(&mut connection, format!("CREATE DATABASE {name} {how}")).await;
        connection.close().await.unwrap();
        Self { server, name }
    }

    /// Where it is.
    pub(super) fn url(&self) -> String {
        self.at(&self.server)
    }

    /// Where one works with it: at the pooler, if there is one.
    pub(super) fn work_url(&self) -> String {
        self.at(pooler().as_ref().unwrap_or(&self.server))
    }

    fn at(&self, server: &str) -> String {
        let options = PgConnectOptions::from_str(server).unwrap().database(&self.name);
        options.to_url_lossy().to_string()
    }

    /// A connection of one's own to it.
    pub(super) async fn connection(&self) -> PgConnection {
        direct(&self.server, Some(&self.name)).await
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // The test's own runtime may be about to end.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let mut connection = direct(&server, None).await;
                execute(&mut connection, format!("DROP DATABASE {name} WITH (FORCE)")).await;
            });
        });
        drop(dropping.join());
    }
}

/// Taken by who makes the template or copies it.
const TEMPLATE_LOCK: i64 = 0x6573_6368_0000_7e57;

/// The database that others are copied from, named by the steps of its schema; made if it is not
/// there.
async fn template(server: &str) -> String {
    let steps = schema::migrations();
    let sum = steps
        .iter()
        .flat_map(|step| step.checksum.iter())
        .fold(0_u64, |sum, byte| sum.wrapping_mul(0x0100_0000_01b3).wrapping_add(u64::from(*byte)));
    let name = format!("eschool_template_{sum:016x}");
    let mut connection = direct(server, None).await;
    let lock = sqlx::query("SELECT pg_advisory_lock($1)").bind(TEMPLATE_LOCK);
    lock.execute(&mut connection).await.unwrap();
    let there: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)")
            .bind(&name)
            .fetch_one(&mut connection)
            .await
            .unwrap();
    if !there {
        // Under another name until it is whole.
        let raw = format!("{name}_raw");
        execute(&mut connection, format!("DROP DATABASE IF EXISTS {raw} WITH (FORCE)")).await;
        execute(
            &mut connection,
            format!("CREATE DATABASE {raw} TEMPLATE template0 ENCODING 'UTF8'"),
        )
        .await;
        let url = PgConnectOptions::from_str(server).unwrap().database(&raw).to_url_lossy();
        PostgresBackend::migrate(url.as_str()).await.unwrap();
        execute(&mut connection, format!("ALTER DATABASE {raw} RENAME TO {name}")).await;
    }
    connection.close().await.unwrap();
    name
}

async fn direct(server: &str, database: Option<&str>) -> PgConnection {
    let mut options = PgConnectOptions::from_str(server).unwrap();
    if let Some(database) = database {
        options = options.database(database);
    }
    PgConnection::connect_with(&options).await.unwrap()
}

async fn execute(connection: &mut PgConnection, statement: String) {
    connection.execute(AssertSqlSafe(statement)).await.unwrap();
}
