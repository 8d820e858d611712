//! Many rows in one statement.
//!
//! Rows go to PostgreSQL column by column, each column as one array, and the statement puts them
//! together again with `unnest`: its text is fixed however many rows there are, it is prepared once,
//! and thousands of rows are one trip.

use std::{collections::HashMap, hash::Hash, pin::Pin};

use sqlx::{PgConnection, Postgres, postgres::PgArguments, query::Query};

use super::{begun::heard, value::failed};
use crate::backend::BackendError;

/// Rows in one statement: enough to make the trip cheap, few enough to keep a message small.
pub(super) const ROWS: usize = 5000;

/// A statement whose columns are being bound.
pub(super) type Statement = Query<'static, Postgres, PgArguments>;

/// Runs a statement for all rows, whose columns are bound as arrays.
pub(super) fn write_all<'c, 'r, R>(
    connection: &'c mut PgConnection,
    statement: &'static str,
    rows: &'r [R],
    bind: impl Fn(Statement, &'r [R]) -> Statement,
) -> Pin<Box<dyn Future<Output = Result<(), BackendError>> + Send + 'c>> {
    // The rows are encoded at once, so that nothing of theirs is held while PostgreSQL works.
    let statements: Vec<Statement> =
        rows.chunks(ROWS).map(|rows| bind(sqlx::query(statement), rows)).collect();
    Box::pin(async move {
        for statement in statements {
            statement.execute(&mut *connection).await.map_err(failed)?;
            heard();
        }
        Ok(())
    })
}

/// One column of rows.
pub(super) fn column<'r, R, T>(rows: &'r [R], of: impl Fn(&'r R) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}

/// Rows without those that a later one of the same key replaces: a statement may not touch a row
/// twice.
pub(super) fn latest<'r, R, K: Eq + Hash>(rows: &'r [R], key: impl Fn(&'r R) -> K) -> Vec<&'r R> {
    let mut last = HashMap::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate() {
        last.insert(key(row), place);
    }
    if last.len() == rows.len() {
        return rows.iter().collect();
    }
    let mut places: Vec<usize> = last.into_values().collect();
    places.sort_unstable();
    places.into_iter().filter_map(|place| rows.get(place)).collect()
}
