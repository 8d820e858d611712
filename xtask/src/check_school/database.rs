//! Where a check keeps its schools: files in a folder of its own, or databases of a server.

use std::{
    error::Error,
    path::{Path, PathBuf},
    sync::Arc,
};

use eschool_store::{
    ambient::{Entropy as _, OsEntropy},
    backend::Backend,
    postgres::PostgresBackend,
    sqlite::SqliteBackend,
};
use sqlx::{Postgres, migrate::MigrateDatabase as _};
use url::Url;

use super::actual::Scratch;
use crate::postgres::Server;

/// The kinds of databases there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Database {
    /// Files of SQLite.
    Sqlite,
    /// A private PostgreSQL, or the one that ESCHOOL_TEST_PG_URL names.
    Postgres,
}

/// Where a database is.
#[derive(Clone, Debug)]
pub(crate) enum Address {
    /// A file of SQLite.
    File(PathBuf),
    /// A database of a server, with name and password.
    Url(String),
}

/// Databases that go when the check is over.
pub(crate) struct Databases {
    /// Told apart from those of other checks by it.
    name: String,
    scratch: Scratch,
    server: Option<Server>,
    /// Addresses of what was made on the server.
    made: Vec<String>,
}

impl Databases {
    /// Starts the server, where one is needed.
    pub(crate) fn of(kind: Database) -> Result<Self, Box<dyn Error>> {
        let server = match kind {
            Database::Sqlite => None,
            Database::Postgres => Some(Server::start().map_err(|stop| stop.reason().to_owned())?),
        };
        let mut random = [0; 8];
        OsEntropy.fill(&mut random);
        let name = format!("eschool_check_{:016x}", u64::from_be_bytes(random));
        Ok(Self { name, scratch: Scratch::new()?, server, made: Vec::new() })
    }

    /// A folder for whatever else the check keeps.
    pub(super) fn folder(&self) -> &Path {
        &self.scratch.0
    }

    /// An empty database.
    pub(crate) async fn fresh(&mut self, name: &str) -> Result<Arc<dyn Backend>, Box<dyn Error>> {
        Ok(self.fresh_at(name).await?.0)
    }

    /// An empty database, and where it is.
    pub(crate) async fn fresh_at(
        &mut self,
        name: &str,
    ) -> Result<(Arc<dyn Backend>, Address), Box<dyn Error>> {
        let Some(server) = &self.server else {
            let file = self.scratch.0.join(format!("{name}.sqlite3"));
            return Ok((Arc::new(SqliteBackend::open(&file).await?), Address::File(file)));
        };
        let mut url: Url = server.url().parse()?;
        url.set_path(&format!("{}_{name}", self.name));
        Postgres::create_database(url.as_str()).await?;
        self.made.push(url.to_string());
        PostgresBackend::migrate(url.as_str()).await?;
        let backend = Arc::new(PostgresBackend::open(url.as_str()).await?);
        Ok((backend, Address::Url(url.to_string())))
    }

    /// Takes away what was made on the server.
    pub(crate) async fn drop_all(&mut self) -> Result<(), Box<dyn Error>> {
        for url in self.made.drain(..) {
            Postgres::force_drop_database(&url).await?;
        }
        Ok(())
    }
}
