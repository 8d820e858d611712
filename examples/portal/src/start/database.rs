//! Where the data are kept: in the data folder, or on a server.

use std::{convert::Infallible, fmt, str::FromStr, sync::Arc};

use eschool_store::{
    backend::{Backend, BackendError},
    postgres::PostgresBackend,
    sqlite::SqliteBackend,
};
use zeroize::Zeroizing;

use super::{StartError, files::DataFolder};

/// The database under the portal, whichever it is.
pub type Database = Arc<dyn Backend>;

/// The address of a database on a server. It may hold a password, so `Debug` does not tell it.
///
/// ```
/// use portal::start::DatabaseUrl;
///
/// let url: DatabaseUrl = "postgres://eschool:secret@127.0.0.1/eschool".parse()?;
/// assert_eq!(format!("{url:?}"), "DatabaseUrl(..)");
/// # Ok::<(), std::convert::Infallible>(())
/// ```
#[derive(Clone)]
pub struct DatabaseUrl(Zeroizing<String>);

impl FromStr for DatabaseUrl {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(Zeroizing::new(text.into())))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(..)")
    }
}

impl DatabaseUrl {
    /// That it begins as an address does.
    pub(super) fn check(&self) -> Result<(), StartError> {
        let is_address = self.0.starts_with("postgres://") || self.0.starts_with("postgresql://");
        if is_address { Ok(()) } else { Err(StartError::DatabaseMalformed) }
    }

    /// Brings the database up to this version's schema.
    pub(super) async fn migrate(&self) -> Result<(), BackendError> {
        PostgresBackend::migrate(&self.0).await
    }

    /// Spreads the tables of the database; tells how many.
    pub(super) async fn distribute(&self) -> Result<u32, BackendError> {
        PostgresBackend::distribute(&self.0).await
    }

    async fn open(&self) -> Result<Database, BackendError> {
        Ok(Arc::new(PostgresBackend::open(&self.0).await?))
    }
}

/// Opens the database on the server, or that of the folder.
pub(super) async fn open(
    url: Option<&DatabaseUrl>,
    folder: &DataFolder,
) -> Result<Database, BackendError> {
    match url {
        Some(url) => url.open().await,
        None => Ok(Arc::new(SqliteBackend::open(&folder.database()).await?)),
    }
}
