//! Databases of a server, and its programs.

use std::{
    num::NonZeroU32,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use eschool_store::postgres::{PostgresBackend, PostgresSettings};
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgConnection, Postgres,
    migrate::MigrateDatabase as _,
};
use url::Url;

use crate::Result;

/// The server.
pub(crate) struct Server {
    url: Url,
    programs: PathBuf,
    made: Vec<Url>,
}

impl Server {
    pub(crate) fn of(url: &str, programs: &Path) -> Result<Self> {
        Ok(Self { url: url.parse()?, programs: programs.to_path_buf(), made: Vec::new() })
    }

    /// A database with the schema.
    pub(crate) async fn fresh(&mut self, name: &str) -> Result<Url> {
        let mut url = self.url.clone();
        url.set_path(&format!("eschool_bench_{}_{name}", std::process::id()));
        Postgres::create_database(url.as_str()).await?;
        self.made.push(url.clone());
        PostgresBackend::migrate(url.as_str()).await?;
        Ok(url)
    }

    pub(crate) async fn open(&self, database: &Url) -> Result<PostgresBackend> {
        Ok(PostgresBackend::open(database.as_str()).await?)
    }

    /// The same over so many connections at most.
    pub(crate) async fn open_over(
        &self,
        database: &Url,
        connections: usize,
    ) -> Result<PostgresBackend> {
        let connections = NonZeroU32::try_from(u32::try_from(connections)?)?;
        let settings = PostgresSettings { connections, ..PostgresSettings::default() };
        Ok(PostgresBackend::open_with(database.as_str(), settings).await?)
    }

    pub(crate) async fn connection(&self, database: &Url) -> Result<PgConnection> {
        Ok(PgConnection::connect(database.as_str()).await?)
    }

    /// What autovacuum does by and by.
    pub(crate) async fn analyse(&self, database: &Url) -> Result<()> {
        let mut connection = self.connection(database).await?;
        connection.execute(AssertSqlSafe("VACUUM ANALYZE")).await?;
        connection.execute(AssertSqlSafe("CHECKPOINT")).await?;
        Ok(connection.close().await?)
    }

    /// One of PostgreSQL's programs on a database.
    pub(crate) fn program(&self, name: &str, database: &Url) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command
            .env("PGHOST", database.host_str().unwrap_or_default())
            .env("PGPORT", database.port().unwrap_or(5432).to_string())
            .env("PGUSER", database.username())
            .env("PGPASSWORD", database.password().unwrap_or_default())
            .env("PGDATABASE", database.path().trim_start_matches('/'))
            .stdin(Stdio::null());
        command
    }

    pub(crate) async fn drop_all(&mut self) -> Result<()> {
        for url in self.made.drain(..) {
            Postgres::force_drop_database(url.as_str()).await?;
        }
        Ok(())
    }
}

/// Runs a program for what it prints.
pub(crate) fn said(command: &mut Command) -> Result<String> {
    let output = command.output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("{:?} failed: {said}", command.get_program()).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
