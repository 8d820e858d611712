//! The schema of a file: whether it is this version's, and the way there.

use sqlx::{
    Connection as _, Row as _, SqliteConnection,
    migrate::{MigrateError, Migrator},
};

use super::{failure, figures, migrations, value::failed};
use crate::backend::BackendError;

/// Brings the schema up to date, all steps in one transaction: whoever is killed meanwhile leaves the
/// file as it was. Of two programs that find steps missing, one waits for the other as long as the
/// patience of the settings, and finds them done.
pub(super) async fn bring_up_to_date(
    connection: &mut SqliteConnection,
) -> Result<(), BackendError> {
    if is_of_this_version(connection).await? {
        return Ok(());
    }
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    Migrator::with_migrations(migrations()).run(&mut *transaction).await.map_err(not_migrated)?;
    transaction.commit().await.map_err(failed)
}

/// Whether every step was taken, and none that this version does not know; without a lock, for a file
/// is opened while others write to it.
async fn is_of_this_version(connection: &mut SqliteConnection) -> Result<bool, BackendError> {
    if !figures::is_there(connection, "_sqlx_migrations").await? {
        return Ok(false);
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
    Ok(missing.is_empty())
}

fn not_migrated(error: MigrateError) -> BackendError {
    match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => {
            BackendError::NewerSchema
        }
        MigrateError::VersionMismatch(_) | MigrateError::Dirty(_) => {
            BackendError::Corrupt("schema")
        }
        // SQLITE_ERROR: the tables of a step whose record is lost, or a step without those before it.
        // SQLITE_CONSTRAINT: rows that the step before did not allow.
        MigrateError::ExecuteMigration(error, _)
            if failure::code(&error).is_some_and(|code| matches!(code & 0xff, 1 | 19)) =>
        {
            BackendError::Corrupt("schema")
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => failed(error),
        error => BackendError::Unavailable(error.to_string()),
    }
}
