//! The schema, and how a database is known for one of this program.

use sqlx::{
    PgConnection, Row as _, SqlSafeStr as _,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

use super::value::failed;
use crate::backend::BackendError;

/// The schema, step by step; a step that has been released is never edited.
pub(super) fn migrations() -> Vec<Migration> {
    let migration = |version, name: &'static str, text: &'static str| {
        Migration::new(version, name.into(), MigrationType::Simple, text.into_sql_str(), false)
    };
    vec![
        migration(1, "first", include_str!("../../migrations/postgres/0001_first.sql")),
        migration(2, "merges", include_str!("../../migrations/postgres/0002_merges.sql")),
        migration(3, "sessions", include_str!("../../migrations/postgres/0003_sessions.sql")),
        migration(4, "journal", include_str!("../../migrations/postgres/0004_journal.sql")),
        migration(5, "audit", include_str!("../../migrations/postgres/0005_audit.sql")),
        migration(7, "year", include_str!("../../migrations/postgres/0007_year.sql")),
        migration(11, "support", include_str!("../../migrations/postgres/0011_support.sql")),
        migration(6, "people", include_str!("../../migrations/postgres/0006_people.sql")),
        migration(8, "retention", include_str!("../../migrations/postgres/0008_retention.sql")),
        migration(12, "bonds", include_str!("../../migrations/postgres/0012_bonds.sql")),
        migration(
            13,
            "card journal",
            include_str!("../../migrations/postgres/0013_card_journal.sql"),
        ),
        migration(14, "lookup", include_str!("../../migrations/postgres/0014_lookup.sql")),
        migration(
            15,
            "lookup marks",
            include_str!("../../migrations/postgres/0015_lookup_marks.sql"),
        ),
        migration(
            16,
            "shared phone",
            include_str!("../../migrations/postgres/0016_shared_phone.sql"),
        ),
        migration(
            17,
            "unfinished journal",
            include_str!("../../migrations/postgres/0017_unfinished_journal.sql"),
        ),
        migration(18, "app grant", include_str!("../../migrations/postgres/0018_app_grant.sql")),
    ]
}

/// What a database is, by its tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// Nobody's: it has no tables.
    Empty,
    /// This program's.
    Ours,
    /// Another's.
    Foreign,
}

/// Brings the schema up to date.
pub(super) async fn migrate(connection: &mut PgConnection) -> Result<(), BackendError> {
    let encoding: String = sqlx::query_scalar("SHOW server_encoding")
        .fetch_one(&mut *connection)
        .await
        .map_err(failed)?;
    if encoding != "UTF8" || whose(connection).await? == Whose::Foreign {
        return Err(BackendError::NotADatabase);
    }
    let run = Migrator::with_migrations(migrations()).run(&mut *connection).await;
    run.map_err(|error| match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => {
            BackendError::NewerSchema
        }
        MigrateError::VersionMismatch(_) | MigrateError::Dirty(_) => {
            BackendError::Corrupt("schema")
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            // duplicate_table, duplicate_object: the tables of a step whose record is lost
            let known = error.as_database_error().and_then(|error| error.code());
            match known.as_deref() {
                Some("42P07" | "42710") => BackendError::Corrupt("schema"),
                _ => failed(error),
            }
        }
        error => BackendError::Unavailable(error.to_string()),
    })
}

/// Checks that the schema is this version's.
pub(super) async fn check(connection: &mut PgConnection) -> Result<(), BackendError> {
    match whose(connection).await? {
        Whose::Empty => return Err(BackendError::OlderSchema),
        Whose::Foreign => return Err(BackendError::NotADatabase),
        Whose::Ours => {}
    }
    let rows = sqlx::query("SELECT version, success, checksum FROM _sqlx_migrations")
        .fetch_all(connection)
        .await
        .map_err(failed)?;
    let mut missing = migrations();
    for row in &rows {
        let version: i64 = row.try_get(0).map_err(failed)?;
        let (success, checksum): (bool, &[u8]) =
            (row.try_get(1).map_err(failed)?, row.try_get(2).map_err(failed)?);
        let Some(place) = missing.iter().position(|step| step.version == version) else {
            return Err(BackendError::NewerSchema);
        };
        if !success || *missing.remove(place).checksum != *checksum {
            return Err(BackendError::Corrupt("schema"));
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(BackendError::OlderSchema) }
}

/// Whose a database is: ours has the steps of a schema, and the first of its tables says so. One in
/// which the first step was begun and never ended has nothing but the list of steps.
async fn whose(connection: &mut PgConnection) -> Result<Whose, BackendError> {
    let (is_ours, tables, steps): (bool, i64, bool) = sqlx::query_as(
        "SELECT coalesce(obj_description(to_regclass('school'), 'pg_class') = 'eschool', false), \
           (SELECT count(*) FROM pg_class c WHERE c.relkind IN ('r', 'p') \
              AND c.relnamespace = current_schema()::regnamespace AND NOT EXISTS \
                (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass \
                   AND d.objid = c.oid AND d.deptype = 'e')), \
           to_regclass('_sqlx_migrations') IS NOT NULL",
    )
    .fetch_one(connection)
    .await
    .map_err(failed)?;
    Ok(match (is_ours, tables, steps) {
        (true, _, true) => Whose::Ours,
        (false, 0, false) | (false, 1, true) => Whose::Empty,
        _ => Whose::Foreign,
    })
}
