//! A schema that is older, or half there.

use std::{fs, path::Path};

use eschool_core::error::CodedError as _;
use sqlx::{
    Connection as _, Executor as _, SqliteConnection, migrate::Migrator,
    sqlite::SqliteConnectOptions,
};
use tempfile::TempDir;

use super::{Scratch, refused};
use crate::{
    sqlite::{SqliteBackend, SqliteSettings, mark, migrations},
    testing::reading,
};

async fn connection(file: &Path) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.unwrap()
}

/// A file of a former version, which had the first steps alone; as that version left it.
async fn former(folder: &TempDir, name: &str) -> std::path::PathBuf {
    let file = folder.path().join(name);
    mark::check_or_make(&file, SqliteSettings::default().patience).await.unwrap();
    let mut connection = connection(&file).await;
    connection.execute("PRAGMA journal_mode = WAL").await.unwrap();
    let mut steps = migrations();
    steps.sort_by_key(|step| step.version);
    steps.truncate(4);
    Migrator::with_migrations(steps).run(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    file
}

async fn steps_of(file: &Path) -> i64 {
    let mut connection = connection(file).await;
    let count = sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations");
    count.fetch_one(&mut connection).await.unwrap()
}

/// That a file is opened, with every step of the schema.
async fn is_opened(file: &Path) {
    let backend = SqliteBackend::open(file).await.unwrap();
    assert_eq!(reading(&backend).await.schools().await.unwrap(), []);
    backend.close().await;
    assert_eq!(steps_of(file).await, i64::try_from(migrations().len()).unwrap());
}

#[tokio::test]
async fn a_schema_without_its_record_is_refused_and_left_as_it_is() {
    for (lost, left) in [
        ("DELETE FROM _sqlx_migrations", 0),
        ("DELETE FROM _sqlx_migrations WHERE version > 1", 1),
        ("DELETE FROM _sqlx_migrations WHERE version = 8", -1),
    ] {
        let scratch = Scratch::new().await;
        scratch.backend.pool.execute(lost).await.unwrap();
        scratch.backend.close().await;
        let left = if left < 0 { steps_of(&scratch.file()).await } else { left };
        let before = fs::read(scratch.file()).unwrap();
        for _ in 0..2 {
            assert_eq!(refused(&scratch.file()).await, "store_corrupt", "{lost}");
        }
        assert_eq!(steps_of(&scratch.file()).await, left, "{lost}");
        assert_eq!(fs::read(scratch.file()).unwrap(), before, "{lost}");
    }
}

#[tokio::test]
async fn steps_that_were_begun_leave_the_schema_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (file, killed) = (former(&folder, "former").await, folder.path().join("killed"));
    let mut connection = connection(&file).await;
    // So that what is not committed stands in the log already.
    connection.execute("PRAGMA cache_size = 1").await.unwrap();
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let steps = Migrator::with_migrations(migrations());
    steps.run(&mut *transaction).await.unwrap();
    let log = folder.path().join("former-wal");
    assert!(fs::metadata(&log).unwrap().len() > 0);
    // As a kill leaves them, before the last word.
    fs::copy(&file, &killed).unwrap();
    fs::copy(&log, folder.path().join("killed-wal")).unwrap();
    drop(transaction);
    connection.close().await.unwrap();
    assert_eq!((steps_of(&file).await, steps_of(&killed).await), (4, 4));
    is_opened(&killed).await;
    is_opened(&file).await;
}

#[tokio::test]
async fn a_step_that_fails_takes_back_those_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = former(&folder, "former").await;
    // A step in their midst finds a table of its own there.
    connection(&file).await.execute("CREATE TABLE support_case (x TEXT) STRICT").await.unwrap();
    assert_eq!(refused(&file).await, "store_corrupt");
    assert_eq!(steps_of(&file).await, 4);
    connection(&file).await.execute("DROP TABLE support_case").await.unwrap();
    is_opened(&file).await;
}

/// Each from a thread of its own, as programs of their own do.
fn opened_at_once(file: &Path) {
    let threads = [(); 3].map(|()| {
        let file = file.to_owned();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let opened = SqliteBackend::open(&file).await;
                opened.map_err(|error| error.code())?.close().await;
                Ok::<_, &'static str>(())
            })
        })
    });
    for thread in threads {
        assert_eq!(thread.join().unwrap(), Ok(()));
    }
}

#[tokio::test]
async fn programs_that_open_one_file_at_once_wait_for_one_another() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..4 {
        let former = former(&folder, &format!("former-{round}")).await;
        opened_at_once(&former);
        is_opened(&former).await;
        let new = folder.path().join(format!("new-{round}"));
        opened_at_once(&new);
        is_opened(&new).await;
    }
}

#[tokio::test]
async fn who_writes_too_long_keeps_a_schema_from_its_steps() {
    let folder = tempfile::tempdir().unwrap();
    let file = former(&folder, "former").await;
    let mut other = connection(&file).await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let patience = std::time::Duration::from_millis(200);
    let settings = SqliteSettings { patience, ..SqliteSettings::default() };
    let refused = SqliteBackend::open_with(&file, settings).await.unwrap_err();
    assert_eq!(refused.code(), "busy");
    other.execute("ROLLBACK").await.unwrap();
    is_opened(&file).await;
}
