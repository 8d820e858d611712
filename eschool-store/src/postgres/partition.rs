//! Partitions of the journal: one for each school year, made when a year is first written to.
//!
//! A partition is made beside the table and then attached, in a transaction of its own: neither who
//! reads nor who writes other years waits, and a writer that is dropped afterwards leaves an empty
//! partition at most. There is no partition for whatever fits no other: its rows would have to be
//! moved, or lost, when theirs is made.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::NaiveDate;
use eschool_core::calendar::school_year;
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    PostgresBackend,
    tables::{PARTITIONED, Span},
    turn::Lock,
    value::failed,
};
use crate::backend::{Access, BackendError, Changes};

/// School years, with what is partitioned by them.
pub(super) type Years = BTreeSet<(Span, i32)>;

/// The partitions that are known to be there.
#[derive(Clone, Debug, Default)]
pub(super) struct Partitions {
    known: Arc<Mutex<Years>>,
}

impl Partitions {
    /// Makes the partitions of these years that are not there yet.
    ///
    /// It takes a connection beside the writer's own, waits no longer than a writer for what others
    /// hold, and does not mind a connection that died at rest.
    pub(super) async fn prepare(
        &self,
        backend: &PostgresBackend,
        years: &Years,
    ) -> Result<(), BackendError> {
        let missing: Years = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            years.difference(&known).copied().collect()
        };
        if missing.is_empty() {
            return Ok(());
        }
        let mut tx = backend.begun(Access::InTurn(&[])).await?;
        tx.deadline.keep(make_all(&mut tx.connection, &missing)).await?;
        tx.commit().await?;
        self.known.lock().unwrap_or_else(PoisonError::into_inner).extend(missing);
        Ok(())
    }
}

/// Lets a transaction that has written to the journal notice partitions that were made since: a
/// connection looks for news only when it locks what it did not hold before.
pub(super) async fn notice(
    connection: &mut PgConnection,
    years: &Years,
) -> Result<(), BackendError> {
    let names = years.iter().flat_map(|(span, year)| tables(*span).map(|table| name(table, *year)));
    let names = names.collect::<Vec<_>>().join(", ");
    let lock = format!("LOCK TABLE {names} IN ACCESS SHARE MODE");
    sqlx::query(AssertSqlSafe(lock)).execute(connection).await.map_err(failed)?;
    Ok(())
}

fn tables(span: Span) -> impl Iterator<Item = &'static str> {
    PARTITIONED.iter().filter(move |(_, its)| *its == span).map(|(table, _)| *table)
}

/// The name of a partition, made of a name of ours and a number.
fn name(table: &str, year: i32) -> String {
    let before = if year < 0 { "_bc" } else { "" };
    format!("{table}_y{}{before}", year.unsigned_abs())
}

/// The years that changes write to.
pub(super) fn needed(changes: &Changes) -> Years {
    let days = changes
        .lessons
        .iter()
        .map(|(_, lesson)| lesson.date)
        .chain(changes.marks.iter().map(|(_, mark)| mark.date))
        .chain(changes.attendance.iter().map(|(_, row)| row.date))
        .chain(changes.individual_homework.iter().map(|(_, row)| row.date))
        .chain(changes.remarks.iter().map(|(_, row)| row.date));
    let years = changes.finals.iter().map(|(_, mark)| (Span::Years, mark.year));
    days.map(|day| (Span::Days, school_year(day))).chain(years).collect()
}

async fn make_all(connection: &mut PgConnection, missing: &Years) -> Result<(), BackendError> {
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(Lock::PARTITIONS.0)
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    for (span, year) in missing {
        for table in tables(*span) {
            make(connection, table, *span, *year).await?;
        }
    }
    Ok(())
}

async fn make(
    connection: &mut PgConnection,
    table: &str,
    span: Span,
    year: i32,
) -> Result<(), BackendError> {
    let name = name(table, year);
    let there: bool = sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL")
        .bind(&name)
        .fetch_one(&mut *connection)
        .await
        .map_err(failed)?;
    if there {
        return Ok(());
    }
    let (from, to) = bounds(span, year);
    for statement in [
        format!("CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"),
        format!("ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({from}) TO ({to})"),
    ] {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut *connection).await.map_err(failed)?;
    }
    Ok(())
}

/// Where the partition of a year begins, and where the next one does.
fn bounds(span: Span, year: i32) -> (String, String) {
    let next = year.checked_add(1);
    match span {
        Span::Years => {
            let literal = |year: i32| format!("'{year}'");
            (literal(year), next.map_or("MAXVALUE".into(), literal))
        }
        Span::Days => (first_day(year), next.map_or("MAXVALUE".into(), first_day)),
    }
}

/// The first day of a school year, as the core's [`school_year`] counts it, in PostgreSQL's spelling.
fn first_day(year: i32) -> String {
    const MONTHS: std::ops::RangeInclusive<u32> = 1..=12;
    let begins = MONTHS
        .filter_map(|month| NaiveDate::from_ymd_opt(2000, month, 1))
        .find(|day| school_year(*day) == 2000);
    let month = begins.map_or_else(|| "01-01".into(), |day| day.format("%m-%d").to_string());
    if year > 0 { format!("'{year:04}-{month}'") } else { format!("'{:04}-{month} BC'", 1 - year) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_holds_the_days_of_its_school_year() {
        for (year, bounds) in [
            (2024, ("'2024-08-01'", "'2025-08-01'")),
            (9999, ("'9999-08-01'", "'10000-08-01'")),
            (1, ("'0001-08-01'", "'0002-08-01'")),
            (0, ("'0001-08-01 BC'", "'0001-08-01'")),
        ] {
            let (from, to) = super::bounds(Span::Days, year);
            assert_eq!((from.as_str(), to.as_str()), bounds);
        }
        let (from, to) = super::bounds(Span::Years, i32::MAX);
        assert_eq!((from.as_str(), to.as_str()), ("'2147483647'", "MAXVALUE"));
    }
}
