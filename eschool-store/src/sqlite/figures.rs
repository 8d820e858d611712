//! Figures of a region, by which SQLite chooses how to find rows.
//!
//! SQLite knows from `ANALYZE` how many rows are alike in what an index begins with. Without figures it
//! takes a school to have ten rows of anything, and reads all of the school's marks for those of one
//! lesson; with figures of a day on which a table was empty it does no better. So every file is told
//! the same, from its first day on, and its statements are planned as the tests have seen them
//! planned: nothing is analysed afterwards.

use std::collections::BTreeSet;

use sqlx::{Connection as _, SqliteConnection};

use super::value::failed;
use crate::{backend::BackendError, size::FEW};

/// Schools of a region.
const SCHOOLS: u64 = 200;
/// Rows of a school in a table that grows with it.
const MANY: u64 = 20_000;
/// Rows of a school in a table that does not.
const SOME: u64 = 40;

/// Each column of each index, in their order; the key that a table is kept in has the table's name, and
/// an expression is one of the school.
const INDEXES: &str = "\
SELECT t.name, iif(l.origin = 'pk', t.name, l.name), l.\"unique\", ifnull(i.name, 'school_id') \
FROM sqlite_schema t JOIN pragma_index_list(t.name) l JOIN pragma_index_info(l.name) i \
WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' ORDER BY 1, 2, i.seqno";

/// What is told of one index: its table, its name, and how many rows there are, then how many are alike
/// in its first column, in its first two, and so on.
type Figures = BTreeSet<(String, String, String)>;

/// Tells a database what it is to expect, if it does not know yet.
pub(super) async fn tell(connection: &mut SqliteConnection) -> Result<(), BackendError> {
    let expected = expected(connection).await?;
    if told(connection).await? == expected {
        return Ok(());
    }
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    // It makes the tables of figures, where they are not there.
    execute(&mut transaction, "ANALYZE sqlite_schema").await?;
    execute(&mut transaction, "DELETE FROM sqlite_stat1").await?;
    if is_there(&mut transaction, "sqlite_stat4").await? {
        execute(&mut transaction, "DELETE FROM sqlite_stat4").await?;
    }
    for (table, index, figures) in &expected {
        sqlx::query("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)")
            .bind(table)
            .bind(index)
            .bind(figures)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)?;
    // And now they are read.
    execute(connection, "ANALYZE sqlite_schema").await
}

async fn told(connection: &mut SqliteConnection) -> Result<Figures, BackendError> {
    if !is_there(connection, "sqlite_stat1").await? {
        return Ok(Figures::new());
    }
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT tbl, ifnull(idx, ''), ifnull(stat, '') FROM sqlite_stat1")
            .fetch_all(connection)
            .await
            .map_err(failed)?;
    Ok(rows.into_iter().collect())
}

async fn expected(connection: &mut SqliteConnection) -> Result<Figures, BackendError> {
    let columns: Vec<(String, String, bool, String)> =
        sqlx::query_as(INDEXES).fetch_all(connection).await.map_err(failed)?;
    let figures = columns.chunk_by(|one, other| one.1 == other.1).filter_map(|columns| {
        let (table, index, is_unique, first) = columns.first()?;
        let rows = if FEW.contains(&table.as_str()) { SOME } else { MANY };
        let mut alike: Vec<u64> = [10, 10, 5, 2].into_iter().take(columns.len()).collect();
        alike.resize(columns.len(), 1);
        if let Some(first_alike) = alike.first_mut().filter(|_| first == "school_id") {
            *first_alike = rows;
        }
        if let Some(last) = alike.last_mut().filter(|_| *is_unique) {
            *last = 1;
        }
        let figures = [SCHOOLS * rows].into_iter().chain(alike).map(|n| n.to_string());
        Some((table.clone(), index.clone(), figures.collect::<Vec<_>>().join(" ")))
    });
    Ok(figures.collect())
}

/// Whether a table is there.
pub(super) async fn is_there(
    connection: &mut SqliteConnection,
    table: &str,
) -> Result<bool, BackendError> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?1)")
        .bind(table)
        .fetch_one(connection)
        .await
        .map_err(failed)
}

async fn execute(
    connection: &mut SqliteConnection,
    statement: &'static str,
) -> Result<(), BackendError> {
    sqlx::query(statement).execute(connection).await.map_err(failed)?;
    Ok(())
}
