//! A copy of the database while it is in use.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use eschool_core::error::CodedError;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use thiserror::Error;

use super::{SqliteBackend, SqliteSettings, failure, mark, value};
use crate::{
    ambient::{Entropy as _, OsEntropy},
    backend::BackendError,
};

/// Why a database was not copied. Nothing is left where the copy was to be.
///
/// ```
/// use eschool_core::error::CodedError as _;
/// use eschool_store::sqlite::BackupError;
///
/// assert_eq!(BackupError::Exists.code(), "backup_exists");
/// ```
#[derive(Debug, Error)]
pub enum BackupError {
    /// Something is there already, and it may be the last copy there is.
    #[error("there is a file already; name another one")]
    Exists,
    /// The system does not let the copy be written.
    #[error("the copy cannot be written: {0}")]
    Unwritable(io::ErrorKind),
    /// The database cannot be read, or the copy proved to be unsound.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl CodedError for BackupError {
    fn code(&self) -> &'static str {
        match self {
            Self::Exists => "backup_exists",
            Self::Unwritable(_) => "backup_unwritable",
            Self::Backend(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Exists => "Такой файл уже есть: назовите копию иначе",
            Self::Unwritable(_) => {
                "Копию не удалось записать: проверьте папку, права и свободное место"
            }
            Self::Backend(error) => error.text_ru(),
        }
    }
}

impl SqliteBackend {
    /// Copies the database, as it is at one instant, into a new file; others read and write
    /// meanwhile. The copy is one file, which [`open`](Self::open) takes as it is.
    ///
    /// It is written under another name beside it, checked page by page and row by row, and gets its
    /// own name once it is on the disk: what has that name is whole. Nobody but its owner may read
    /// it. The key file is not in it: keep that elsewhere.
    ///
    /// ```no_run
    /// use eschool_store::sqlite::{BackupError, SqliteBackend};
    ///
    /// async fn nightly(backend: &SqliteBackend) -> Result<(), BackupError> {
    ///     backend.backup("/backup/eschool-2024-10-26.sqlite3".as_ref()).await
    /// }
    /// ```
    ///
    /// # Errors
    /// [`BackupError`], and what was begun is removed.
    pub async fn backup(&self, to: &Path) -> Result<(), BackupError> {
        if fs::symlink_metadata(to).is_ok() {
            return Err(BackupError::Exists);
        }
        let mut connection = self.pool.acquire().await.map_err(value::failed)?;
        copy(&mut connection, to).await
    }

    /// Copies the database in a file as [`backup`](Self::backup) does, whatever version's schema it
    /// has, and leaves the file as it is: before a newer version opens it and brings it up to its
    /// own, which the older one does not open any more.
    ///
    /// ```no_run
    /// use eschool_store::sqlite::{BackupError, SqliteBackend};
    ///
    /// async fn before_the_upgrade() -> Result<(), BackupError> {
    ///     let from = "/srv/eschool/eschool.sqlite3".as_ref();
    ///     SqliteBackend::backup_file(from, "/backup/before.sqlite3".as_ref()).await
    /// }
    /// ```
    ///
    /// # Errors
    /// [`BackupError`], and what was begun is removed.
    pub async fn backup_file(from: &Path, to: &Path) -> Result<(), BackupError> {
        if fs::symlink_metadata(to).is_ok() {
            return Err(BackupError::Exists);
        }
        mark::check(from)?;
        let patience = SqliteSettings::default().patience;
        let options = SqliteConnectOptions::new().filename(from).busy_timeout(patience);
        let opened = SqliteConnection::connect_with(&options).await;
        let mut connection = opened.map_err(value::failed)?;
        copy(&mut connection, to).await?;
        Ok(connection.close().await.map_err(value::failed)?)
    }
}

async fn copy(connection: &mut SqliteConnection, to: &Path) -> Result<(), BackupError> {
    let unfinished = Unfinished::beside(to)?;
    let Unfinished(part) = &unfinished;
    let name = part.to_str().ok_or(BackupError::Unwritable(io::ErrorKind::InvalidFilename))?;
    sqlx::query("VACUUM INTO ?1").bind(name).execute(connection).await.map_err(not_copied)?;
    check(part).await?;
    unfinished.finish(to)
}

/// Why SQLite did not copy. What it cannot write is the copy, for nothing else is written.
fn not_copied(error: sqlx::Error) -> BackupError {
    match failure::unwritable(&error) {
        Some(kind) => BackupError::Unwritable(kind),
        None => value::failed(error).into(),
    }
}

/// That a copy is sound.
async fn check(file: &Path) -> Result<(), BackendError> {
    mark::check(file)?;
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(value::failed)?;
    let sound: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut connection)
        .await
        .map_err(value::failed)?;
    connection.close().await.map_err(value::failed)?;
    if sound == "ok" { Ok(()) } else { Err(BackendError::Corrupt("copy of the database")) }
}

/// A file that is removed unless it is finished.
struct Unfinished(PathBuf);

impl Unfinished {
    /// An empty file under a name nobody has, beside the one it is to be.
    fn beside(to: &Path) -> Result<Self, BackupError> {
        let mut random = [0; 8];
        OsEntropy.fill(&mut random);
        let mut name = to.as_os_str().to_owned();
        name.push(format!(".{:016x}.part", u64::from_be_bytes(random)));
        let part = PathBuf::from(name);
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&part).map_err(unwritable)?;
        Ok(Self(part))
    }

    fn finish(self, to: &Path) -> Result<(), BackupError> {
        fs::File::open(&self.0).and_then(|file| file.sync_all()).map_err(unwritable)?;
        // Unlike a new name, a link never takes the place of a file.
        match fs::hard_link(&self.0, to) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(BackupError::Exists);
            }
            // A file system without links.
            Err(_) if fs::symlink_metadata(to).is_err() => {
                fs::rename(&self.0, to).map_err(unwritable)?;
            }
            Err(_) => return Err(BackupError::Exists),
        }
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = fs::File::open(folder.unwrap_or(Path::new(".")));
        folder.and_then(|folder| folder.sync_all()).map_err(unwritable)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // It may have its own name by now.
        drop(fs::remove_file(&self.0));
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err calls it")]
fn unwritable(error: io::Error) -> BackupError {
    BackupError::Unwritable(error.kind())
}
