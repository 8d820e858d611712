//! What breaks while a file is used, and what was broken before.

use std::{
    borrow::Cow,
    error::Error as StdError,
    fmt, fs,
    io::{Seek as _, SeekFrom, Write as _},
    num::NonZeroU32,
    path::Path,
    time::Duration,
};

use eschool_core::error::CodedError as _;
use sqlx::{
    Connection as _, Executor as _, SqliteConnection,
    error::{DatabaseError, ErrorKind},
    sqlite::SqliteConnectOptions,
};

use super::{Scratch, refused};
use crate::{
    backend::{Access, Backend as _, Changes},
    sqlite::{SqliteBackend, SqliteSettings, failure::failed},
    testing::{
        fixtures::{sample, school},
        reading, save,
    },
};

/// A failure as SQLite tells it.
#[derive(Debug)]
struct Told(i32);

const SECRET: &str = "Ёлкина Анна";

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SECRET)
    }
}

impl StdError for Told {}

impl DatabaseError for Told {
    fn message(&self) -> &str {
        SECRET
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.0.to_string().into())
    }

    fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

#[test]
fn failures_are_told_by_their_codes() {
    for (codes, expected) in [
        // SQLITE_BUSY, also while a log is recovered or a snapshot is too old; SQLITE_LOCKED
        (&[5, 261, 517, 6, 262][..], "busy"),
        // SQLITE_READONLY and its kinds, SQLITE_FULL, SQLITE_CANTOPEN and its kinds
        (&[8, 264, 520, 776, 1032, 1544, 13, 14, 526, 1550], "store_read_only"),
        // SQLITE_IOERR where something was written: _WRITE, _FSYNC, _DIR_FSYNC, _TRUNCATE, _SHMSIZE
        (&[778, 1034, 1290, 1546, 4874], "store_read_only"),
        // and where nothing was: _READ, _SHORT_READ, _FSTAT, _LOCK
        (&[10, 266, 522, 1802, 3850], "store_unavailable"),
        // SQLITE_CORRUPT and that of an index
        (&[11, 779], "store_corrupt"),
        // SQLITE_CONSTRAINT with _PRIMARYKEY, _UNIQUE, _CHECK, _NOTNULL
        (&[19, 1555, 2067, 275, 1299], "store_conflict"),
        (&[787], "store_dangling"),
        (&[26], "not_a_database"),
        (&[1, 7, 21], "store_unavailable"),
    ] {
        for code in codes {
            let error = failed(sqlx::Error::Database(Box::new(Told(*code))));
            assert_eq!(error.code(), expected, "{code}");
            assert!(!format!("{error} {error:?}").contains(SECRET));
        }
    }
}

fn one_school(n: u128) -> Changes {
    Changes { schools: vec![school(n)], ..Changes::default() }
}

/// A connection of another program.
async fn stranger(file: &Path) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.unwrap()
}

const IMPATIENT: SqliteSettings =
    SqliteSettings { connections: NonZeroU32::MIN, patience: Duration::from_millis(200) };

#[tokio::test]
async fn who_waits_too_long_is_told_so() {
    let scratch = Scratch::new().await;
    save(&scratch, &one_school(1)).await;
    let mut other = stranger(&scratch.file()).await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();

    // It is opened and read, whoever writes to it.
    let backend = SqliteBackend::open_with(&scratch.file(), IMPATIENT).await.unwrap();
    assert_eq!(reading(&backend).await.schools().await.unwrap(), [school(1)]);
    let busy = |begun: Result<_, crate::backend::BackendError>| begun.err().unwrap().code();
    assert_eq!(busy(backend.begin(Access::Write).await), "busy");
    other.execute("ROLLBACK").await.unwrap();

    // For the writer before, for a connection.
    let mut writer = backend.begin(Access::Write).await.unwrap();
    for access in [Access::Write, Access::Read] {
        assert_eq!(busy(backend.begin(access).await), "busy");
    }
    writer.apply(&one_school(2)).await.unwrap();
    writer.commit().await.unwrap();
    assert_eq!(reading(&scratch).await.schools().await.unwrap(), [school(1), school(2)]);
}

#[tokio::test]
async fn a_damaged_page_is_told_when_the_file_is_opened() {
    let scratch = Scratch::new().await;
    save(&scratch, &sample(1)).await;
    let tables = "SELECT name, rootpage, page_size FROM sqlite_schema, pragma_page_size \
                  WHERE rootpage > 1 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let places: Vec<(String, u64, u64)> = sqlx::query_as::<_, (String, i64, i64)>(tables)
        .fetch_all(&scratch.backend.pool)
        .await
        .unwrap()
        .into_iter()
        .map(|(name, page, size)| {
            (name, u64::try_from(page).unwrap(), u64::try_from(size).unwrap())
        })
        .collect();
    assert!(places.len() > 50, "{}", places.len());
    scratch.backend.close().await;
    let whole = fs::read(scratch.file()).unwrap();
    for (name, page, size) in places {
        let mut file = fs::OpenOptions::new().write(true).open(scratch.file()).unwrap();
        file.seek(SeekFrom::Start((page - 1) * size)).unwrap();
        file.write_all(&vec![0xa5; usize::try_from(size).unwrap()]).unwrap();
        drop(file);
        assert_eq!(refused(&scratch.file()).await, "store_corrupt", "{name}, page {page}");
        fs::write(scratch.file(), &whole).unwrap();
    }
    // And cut short, as a copy that was not finished.
    fs::write(scratch.file(), &whole[..whole.len() / 2]).unwrap();
    assert_eq!(refused(&scratch.file()).await, "store_corrupt");
    fs::write(scratch.file(), &whole).unwrap();
    let again = SqliteBackend::open(&scratch.file()).await.unwrap();
    assert_eq!(reading(&again).await.schools().await.unwrap().len(), 1);
}

#[cfg(unix)]
mod rights {
    use std::{
        env,
        os::unix::fs::PermissionsExt as _,
        path::PathBuf,
        process::{Command, Stdio},
    };

    use super::*;

    /// Where the files are, for the one who may not write them.
    const FOLDER: &str = "ESCHOOL_TEST_READ_ONLY";
    const NAME: &str = "sqlite::tests::faults::rights::what_may_not_be_written_is_told";

    fn allow(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// A folder of this mode with a database of that mode, in which there is a school.
    async fn database(at: PathBuf, folder: u32, file: u32) {
        fs::create_dir(&at).unwrap();
        let path = at.join("test.sqlite3");
        let backend = SqliteBackend::open(&path).await.unwrap();
        save(&backend, &one_school(1)).await;
        backend.close().await;
        allow(&path, file);
        allow(&at, folder);
    }

    /// Nobody's rights hold for root, so as root the test is run once more by somebody else.
    #[tokio::test]
    async fn what_may_not_be_written_is_told() {
        if let Some(folder) = env::var_os(FOLDER) {
            return told(Path::new(&folder)).await;
        }
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        allow(folder.path(), 0o755);
        database(place("file"), 0o777, 0o444).await;
        database(place("both"), 0o555, 0o444).await;
        database(place("secret"), 0o777, 0o000).await;
        fs::create_dir(place("empty")).unwrap();
        allow(&place("empty"), 0o555);
        let is_root = fs::File::create_new(place("empty").join("probe")).is_ok();
        if is_root {
            fs::remove_file(place("empty").join("probe")).unwrap();
            as_another(folder.path());
        } else {
            told(folder.path()).await;
        }
        for name in ["both", "empty"] {
            allow(&place(name), 0o755);
        }
    }

    fn as_another(folder: &Path) {
        let test = env::current_exe().unwrap();
        let runs = |what: &[&str]| {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(&test);
            command.args(what).env(FOLDER, folder).stdin(Stdio::null()).output()
        };
        // Where the program of the tests may not be run by others, there is nothing to learn.
        match runs(&["--list"]) {
            Ok(listed) if listed.status.success() => {}
            _ => {
                println!("skipped: needs setpriv, and a target folder that others may enter");
                return;
            }
        }
        let ran = runs(&["--exact", NAME, "--nocapture"]).unwrap();
        let said = String::from_utf8_lossy(&ran.stdout) + String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success() && said.contains("1 passed"), "{said}");
    }

    /// What somebody is told who may not write.
    async fn told(folder: &Path) {
        let place = |name: &str| folder.join(name).join("test.sqlite3");
        assert_eq!(refused(&place("both")).await, "store_read_only");
        assert_eq!(refused(&place("empty")).await, "store_read_only");
        assert_eq!(refused(&place("secret")).await, "store_denied");

        let backend = SqliteBackend::open(&place("file")).await.unwrap();
        assert_eq!(reading(&backend).await.schools().await.unwrap(), [school(1)]);
        let mut tx = backend.begin(Access::Write).await.unwrap();
        assert_eq!(tx.apply(&one_school(2)).await.unwrap_err().code(), "store_read_only");
        drop(tx);
        assert_eq!(reading(&backend).await.schools().await.unwrap(), [school(1)]);
    }
}
