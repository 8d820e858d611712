//! How a file is known for a database of this program.
//!
//! SQLite keeps a number for the program in the first page of a file. It is read without opening the
//! database, for opening alone would change another program's file.

use std::{
    fs,
    io::{self, Read as _},
    path::Path,
    time::Duration,
};

use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use super::value;
use crate::backend::BackendError;

/// «esch» in ASCII.
const APPLICATION_ID: [u8; 4] = *b"esch";
const MAGIC: &[u8] = b"SQLite format 3\0";
/// Where the number stands, by SQLite's file format.
const APPLICATION_ID_AT: usize = 68;

/// Checks that a file is a database of this program; makes one where there is none.
pub(super) async fn check_or_make(path: &Path, patience: Duration) -> Result<(), BackendError> {
    let head = head(path)?;
    if head.is_empty() { make(path, patience).await } else { is_marked(&head) }
}

/// Checks that a file is a database of this program.
pub(super) fn check(path: &Path) -> Result<(), BackendError> {
    is_marked(&head(path)?)
}

/// How a file begins; nothing where there is none.
fn head(path: &Path) -> Result<Vec<u8>, BackendError> {
    let mut head = Vec::new();
    match fs::File::open(path) {
        Ok(file) => file.take(100).read_to_end(&mut head).map_err(unreadable)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(unreadable(error)),
    };
    Ok(head)
}

fn is_marked(head: &[u8]) -> Result<(), BackendError> {
    let marked = head.get(APPLICATION_ID_AT..APPLICATION_ID_AT + APPLICATION_ID.len());
    if head.starts_with(MAGIC) && marked == Some(&APPLICATION_ID[..]) {
        Ok(())
    } else {
        Err(BackendError::NotADatabase)
    }
}

/// The first page is written before there is a write-ahead log, so that the number is in the file
/// itself whatever happens next.
async fn make(path: &Path, patience: Duration) -> Result<(), BackendError> {
    // SQLite tells a folder that is not there as one that takes no file.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::metadata(folder.unwrap_or(Path::new("."))).map_err(unreadable)?;
    let options =
        SqliteConnectOptions::new().filename(path).create_if_missing(true).busy_timeout(patience);
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(value::failed)?;
    sqlx::query("PRAGMA application_id = 0x65736368")
        .execute(&mut connection)
        .await
        .map_err(value::failed)?;
    connection.close().await.map_err(value::failed)
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err calls it")]
fn unreadable(error: io::Error) -> BackendError {
    match error.kind() {
        io::ErrorKind::PermissionDenied => BackendError::Denied,
        kind => BackendError::Unavailable(kind.to_string()),
    }
}
