//! Where a check keeps its schools: files in a folder of its own, or databases of a server.

use std::{
    error::Error,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::Arc,
};

use eschool_store::{
    ambient::{Entropy as _, OsEntropy},
    backend::Backend,
    postgres::PostgresBackend,
    sqlite::SqliteBackend,
};
use serde::{Deserialize, Serialize};
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgConnection, Postgres,
    migrate::MigrateDatabase as _,
};
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

/// Where a database is: for this process and for others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Place {
    /// A file of SQLite.
    File(PathBuf),
    /// A database of a server, with name and password.
    Url(String),
}

impl Place {
    /// The backend over it.
    pub(crate) async fn open(&self) -> Result<Arc<dyn Backend>, Box<dyn Error>> {
        Ok(match self {
            Self::File(file) => Arc::new(SqliteBackend::open(file).await?),
            Self::Url(url) => Arc::new(PostgresBackend::open(url).await?),
        })
    }
}

/// Databases that go when the check is over.
pub(crate) struct Databases {
    /// Told apart from those of other checks by it.
    name: String,
    scratch: Scratch,
    server: Option<Server>,
    /// The name of the database on the server that others are copies of, once it is there.
    template: Option<String>,
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
        Ok(Self { name, scratch: Scratch::new()?, server, template: None, made: Vec::new() })
    }

    /// A folder for whatever else the check keeps.
    pub(crate) fn folder(&self) -> &Path {
        &self.scratch.0
    }

    /// An empty database.
    pub(crate) async fn fresh(&mut self, name: &str) -> Result<Arc<dyn Backend>, Box<dyn Error>> {
        self.place(name).await?.open().await
    }

    /// An empty database, for whoever opens it.
    pub(crate) async fn place(&mut self, name: &str) -> Result<Place, Box<dyn Error>> {
        let Some(server) = &self.server else {
            return Ok(Place::File(self.scratch.0.join(format!("{name}.sqlite3"))));
        };
        let server: Url = server.url().parse()?;
        let url = |name: &str| {
            let mut url = server.clone();
            url.set_path(name);
            url.to_string()
        };
        // The schema is made once and copied then: that takes a tenth of the time.
        let template = match &self.template {
            Some(template) => template.clone(),
            None => {
                let template = format!("{}_template", self.name);
                let url = url(&template);
                Postgres::create_database(&url).await?;
                self.made.push(url.clone());
                PostgresBackend::migrate(&url).await?;
                self.template.insert(template).clone()
            }
        };
        let name = format!("{}_{name}", self.name);
        let mut connection = PgConnection::connect(server.as_str()).await?;
        let copy = format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"");
        connection.execute(AssertSqlSafe(copy)).await?;
        connection.close().await?;
        self.made.push(url(&name));
        Ok(Place::Url(url(&name)))
    }

    /// Takes away one database.
    pub(crate) async fn forget(&mut self, place: &Place) -> Result<(), Box<dyn Error>> {
        match place {
            Place::File(file) => {
                for suffix in ["", "-wal", "-shm"] {
                    let mut file = file.clone().into_os_string();
                    file.push(suffix);
                    match fs::remove_file(file) {
                        Err(error) if error.kind() != ErrorKind::NotFound => Err(error)?,
                        _ => {}
                    }
                }
            }
            Place::Url(url) => {
                Postgres::force_drop_database(url).await?;
                self.made.retain(|made| made != url);
            }
        }
        Ok(())
    }

    /// Takes away what was made on the server.
    pub(crate) async fn drop_all(&mut self) -> Result<(), Box<dyn Error>> {
        for url in self.made.drain(..) {
            Postgres::force_drop_database(&url).await?;
        }
        self.template = None;
        Ok(())
    }
}
