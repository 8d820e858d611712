//! Many rows in one statement.
//!
//! Rows go to SQLite as one JSON array of arrays, which the statement takes apart with
//! `json_each`: the text of the statement is fixed however many rows there are, and a thousand
//! rows cost one trip to the database's thread.

use std::pin::Pin;

use serde::Serialize;
use sqlx::SqliteConnection;

use super::value::failed;
use crate::backend::BackendError;

/// Rows in one statement: enough to make the trip cheap, few enough to keep its text small.
const ROWS: usize = 2000;

/// Runs a statement over `json_each(?1)` for all rows.
pub(super) fn write_all<'c, T: Serialize>(
    connection: &'c mut SqliteConnection,
    statement: &'static str,
    rows: impl Iterator<Item = T>,
) -> Pin<Box<dyn Future<Output = Result<(), BackendError>> + Send + 'c>> {
    // The rows become text at once, so that nothing of theirs is held while SQLite works.
    let chunks = chunks(rows);
    Box::pin(async move {
        for json in chunks? {
            sqlx::query(statement).bind(json).execute(&mut *connection).await.map_err(failed)?;
        }
        Ok(())
    })
}

fn chunks<T: Serialize>(rows: impl Iterator<Item = T>) -> Result<Vec<String>, BackendError> {
    let mut rows = rows.peekable();
    let mut chunks = Vec::new();
    while rows.peek().is_some() {
        let chunk: Vec<T> = rows.by_ref().take(ROWS).collect();
        let json = serde_json::to_string(&chunk);
        chunks.push(json.map_err(|_| BackendError::Corrupt("row to write"))?);
    }
    Ok(chunks)
}

/// An identifier as `unhex` reads it.
pub(super) fn id(id: uuid::Uuid) -> String {
    id.simple().to_string()
}

/// Bytes as SQLite's `unhex` reads them.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
