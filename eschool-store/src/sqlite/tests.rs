//! The suite over SQLite, and what only a file can get wrong.

mod faults;
mod schema;
mod statements;

use std::path::Path;

use async_trait::async_trait;
use eschool_core::{
    error::CodedError as _,
    journal::Stay,
    policy::{SignInMethod, SignInPolicy},
};
use sqlx::Row as _;
use tempfile::TempDir;

use super::SqliteBackend;
#[cfg(feature = "exchange")]
use crate::testing::imports;
use crate::{
    Actor,
    backend::{Access, Backend, BackendError, Changes, Tx},
    secret::{KeyHash, SessionToken, Token},
    testing::{
        fixtures,
        store::Harness,
        tampering::{OwnTampering, Tamper, every_tampering_is_found},
    },
};

/// A database in a folder that goes with it.
struct Scratch {
    backend: SqliteBackend,
    folder: TempDir,
}

impl Scratch {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let backend = SqliteBackend::open(&folder.path().join("test.sqlite3")).await.unwrap();
        Self { backend, folder }
    }

    fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("test.sqlite3")
    }
}

#[async_trait]
impl Backend for Scratch {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        self.backend.begin(access).await
    }
}

crate::conformance!(Scratch::new());

#[cfg(feature = "exchange")]
#[tokio::test]
async fn what_was_done_since_outlives_the_same_files() {
    imports::what_was_done_since_outlives_the_same_files(Scratch::new().await).await;
}

#[cfg(feature = "exchange")]
#[tokio::test]
async fn a_year_in_an_archive_takes_no_journals() {
    imports::a_year_in_an_archive_takes_no_journals(Scratch::new().await).await;
}

#[cfg(feature = "exchange")]
#[tokio::test]
async fn another_lookup_key_makes_nobody_new() {
    imports::another_lookup_key_makes_nobody_new(Scratch::new().await).await;
}

#[cfg(feature = "exchange")]
#[tokio::test]
async fn a_row_without_a_first_day_makes_no_second_stay() {
    imports::a_row_without_a_first_day_makes_no_second_stay(Scratch::new().await).await;
}

/// Values that this database alone takes.
const OWN: &[OwnTampering] = &[
    OwnTampering {
        name: "the school of an entry made unreadable",
        statement: "UPDATE audit SET school_id = x'0102' WHERE place = 5",
        found: "removed 2 5, unreadable - -",
    },
    OwnTampering {
        name: "the school of what is not sealed made unreadable",
        statement: "UPDATE audit SET school_id = x'' WHERE seal IS NULL",
        found: "unreadable - -",
    },
    OwnTampering {
        name: "the school of a seal made unreadable",
        statement: "UPDATE audit_seal SET school_id = x'00' WHERE number = 2",
        found: "seal_missing 2 -, unreadable - -",
    },
    OwnTampering {
        name: "the time made older than time",
        statement: "UPDATE audit SET at = -9223372036854775808 WHERE place = 5 OR seal IS NULL",
        found: "unreadable - -, changed 2 5",
    },
    OwnTampering {
        name: "what was done made no text",
        statement: "UPDATE audit SET action = CAST(x'ff' AS TEXT) WHERE place = 5",
        found: "changed 2 5",
    },
    OwnTampering {
        name: "the MAC of a seal cut short",
        statement: "UPDATE audit_seal SET mac = x'00' WHERE number = 2",
        found: "seal_changed 2 -",
    },
];

#[async_trait]
impl Tamper for Scratch {
    async fn tamper(&self, statement: &'static str) {
        sqlx::query(statement).execute(&self.backend.pool).await.unwrap();
    }
}

#[tokio::test]
async fn every_tampering_with_the_audit_is_found() {
    every_tampering_is_found(Scratch::new, OWN).await;
}

#[tokio::test]
async fn sealing_finds_each_entry_by_its_key() {
    let scratch = Scratch::new().await;
    let plan = format!("EXPLAIN QUERY PLAN {}", super::audit::MARK);
    let rows = sqlx::query(sqlx::AssertSqlSafe(plan))
        .bind(uuid::Uuid::nil())
        .bind(1)
        .bind(1)
        .bind("[1,2,3]")
        .fetch_all(&scratch.backend.pool)
        .await
        .unwrap();
    let steps: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
    let [keys, entry] = &steps[..] else { panic!("{steps:?}") };
    assert!(keys.starts_with("SCAN sealed"), "{steps:?}");
    assert_eq!(entry, "SEARCH audit USING INTEGER PRIMARY KEY (rowid=?)");
}

async fn refused(path: &Path) -> &'static str {
    SqliteBackend::open(path).await.expect_err("the file is refused").code()
}

#[tokio::test]
async fn what_was_committed_is_there_when_the_file_is_opened_again() {
    let scratch = Scratch::new().await;
    let school = fixtures::school(1);
    let mut tx = scratch.begin(Access::Write).await.unwrap();
    let schools = vec![school.clone()];
    tx.apply(&Changes { schools, ..Changes::default() }).await.unwrap();
    tx.commit().await.unwrap();
    scratch.backend.close().await;
    let again = SqliteBackend::open(&scratch.file()).await.unwrap();
    assert_eq!(again.begin(Access::Read).await.unwrap().schools().await.unwrap(), [school]);
}

#[tokio::test]
async fn a_file_of_another_program_is_refused_and_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.sqlite3");
    let garbage = "это не база данных, а письмо\n".repeat(500);
    std::fs::write(&text, &garbage).unwrap();
    assert_eq!(refused(&text).await, "not_a_database");
    assert_eq!(std::fs::read_to_string(&text).unwrap(), garbage);

    let other = folder.path().join("other.sqlite3");
    let options =
        sqlx::sqlite::SqliteConnectOptions::new().filename(&other).create_if_missing(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query("CREATE TABLE letter (text TEXT)").execute(&pool).await.unwrap();
    pool.close().await;
    let before = std::fs::read(&other).unwrap();
    assert_eq!(refused(&other).await, "not_a_database");
    assert_eq!(std::fs::read(&other).unwrap(), before);
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap()).collect();
    assert_eq!(names.len(), 2, "nothing was left beside them");
}

#[tokio::test]
async fn a_database_that_was_never_closed_is_known_again() {
    let scratch = Scratch::new().await;
    let copy = scratch.folder.path().join("copy.sqlite3");
    // As a kill leaves it: the file without what its log holds.
    std::fs::copy(scratch.file(), &copy).unwrap();
    assert!(SqliteBackend::open(&copy).await.is_ok());
    // And as a kill before the first page leaves it.
    let empty = scratch.folder.path().join("empty.sqlite3");
    std::fs::write(&empty, "").unwrap();
    assert!(SqliteBackend::open(&empty).await.is_ok());
}

#[tokio::test]
async fn a_newer_or_altered_schema_is_refused() {
    for (change, code) in [
        (
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, \
             execution_time) VALUES (9999, 'later', true, x'00', 0)",
            "schema_newer",
        ),
        ("UPDATE _sqlx_migrations SET checksum = x'00'", "store_corrupt"),
        ("UPDATE _sqlx_migrations SET success = false", "store_corrupt"),
    ] {
        let scratch = Scratch::new().await;
        sqlx::query(change).execute(&scratch.backend.pool).await.unwrap();
        scratch.backend.close().await;
        assert_eq!(refused(&scratch.file()).await, code, "{change}");
    }
}

#[tokio::test]
async fn a_database_of_the_first_schema_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("first.sqlite3");
    super::mark::check_or_make(&file, super::SqliteSettings::default().patience).await.unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let mut first = super::migrations();
    first.truncate(1);
    sqlx::migrate::Migrator::with_migrations(first).run(&pool).await.unwrap();
    let account = "INSERT INTO account VALUES (?1, ?2, ?3, 'Ёлкина', 'Мария', '\"missing\"', NULL, NULL, \
         NULL, NULL)";
    for (school, id, person) in [(1, 11, 7), (2, 12, 7), (1, 13, 8)] {
        sqlx::query(account)
            .bind(fixtures::school_id(school).0)
            .bind(fixtures::account_id(id).0)
            .bind(fixtures::person_id(person).0)
            .execute(&pool)
            .await
            .unwrap();
    }
    let token = SessionToken::new(fixtures::person_id(7), Token::new([7; 32]));
    let (id, school) = (fixtures::account_id(11), fixtures::school_id(1));
    let granted =
        format!(r#"[{{"account":"{id}","school":"{school}","roles":[{{"role":"pupil"}}]}}]"#);
    sqlx::query("INSERT INTO session VALUES (?1, ?2, ?3, '2024-10-01', ?4, ?5)")
        .bind(&token.hash().0[..])
        .bind(fixtures::person_id(7).0)
        .bind(granted)
        .bind(fixtures::at("2024-09-01T09:00:00Z").timestamp_micros())
        .bind(fixtures::at("2024-09-30T21:00:00Z").timestamp_micros())
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query("INSERT INTO audit VALUES (1, 0, 'sign_in', 'granted', NULL, NULL, NULL)")
        .execute(&pool)
        .await
        .unwrap();
    let (lesson, mark) = (fixtures::lesson_id(5), fixtures::mark_id(6));
    for statement in [
        "INSERT INTO lesson VALUES (?1, ?2, '2024-09-02', 1, '', ?3, 'Алгебра', NULL, 0, 0, '', '', \
           NULL, NULL, NULL, NULL, 0)",
        "INSERT INTO mark VALUES (?1, ?2, '2024-09-02', ?4, ?3, ?2, '5', NULL, 0)",
        "INSERT INTO mark_change VALUES (?1, 2, ?4, '4', '5', 2000000)",
        "INSERT INTO mark_change VALUES (?1, 1, ?4, '.', '4', 1000000)",
    ] {
        sqlx::query(statement)
            .bind(school.0)
            .bind(id.0)
            .bind(lesson.0)
            .bind(mark.0)
            .execute(&pool)
            .await
            .unwrap();
    }
    let login = KeyHash([9; 32]);
    for statement in [
        "INSERT INTO credential VALUES (?3, 's1_elkina', ?1, ?2, 'phc', 4000000)",
        "INSERT INTO school VALUES (?1, 'Школа', '', '', 'Europe/Moscow', 's1')",
        "INSERT INTO card_journal VALUES (?1, 9, ?2, 'issued', 6000000)",
        "INSERT INTO card_journal VALUES (?1, 7, ?2, 'printed', 5000000)",
        "INSERT INTO card_journal VALUES (?1, 3, ?2, 'issued', 4000000)",
    ] {
        let insert = sqlx::query(statement).bind(school.0).bind(id.0).bind(&login.0[..]);
        insert.execute(&pool).await.unwrap();
    }
    pool.close().await;

    let backend = SqliteBackend::open(&file).await.unwrap();
    let mut tx = backend.begin(Access::Read).await.unwrap();
    let card = tx.credential(&login).await.unwrap().unwrap();
    assert_eq!((card.school, card.account, card.login.as_str()), (school, id, "s1_elkina"));
    assert_eq!((card.phc.as_str(), card.issued_at.timestamp()), ("phc", 4));
    assert_eq!(tx.school_credentials(school).await.unwrap(), [card]);
    assert_eq!(tx.lesson_page(school, lesson).await.unwrap().unwrap().version, 1);
    let history = tx.mark_changes(school, lesson).await.unwrap();
    let history: Vec<_> = history
        .iter()
        .map(|change| (change.mark, change.pupil, change.old.to_string(), change.new.clone()))
        .collect();
    let became = |old: &str, new: &str| (mark, id, old.to_owned(), new.parse().ok());
    assert_eq!(history, [became(".", "4"), became("4", "5")]);
    for (person, accounts) in [(7, &[(1, 11), (2, 12)][..]), (8, &[(1, 13)]), (9, &[])] {
        let known =
            accounts.iter().map(|(s, a)| (fixtures::school_id(*s), fixtures::account_id(*a)));
        let found = tx.accounts_of(&[fixtures::person_id(person)]).await.unwrap();
        assert_eq!(found, known.collect::<Vec<_>>(), "person {person}");
    }
    drop(tx);
    let class = fixtures::class(school, 8, "8А");
    let (from, to) = (fixtures::day("2024-09-01"), None);
    let stays = vec![(school, Stay { pupil: id, class: class.id, from, to })];
    let changes = Changes { classes: vec![class], stays, ..Changes::default() };
    let harness = Harness::with(backend, changes, SignInPolicy::ryazan_2022()).await;
    let session = harness.store.session(&token.to_text()).await.unwrap();
    assert_eq!(session.method, SignInMethod::Password);
    assert_eq!((session.choose, session.chosen), (false, None));
    assert_eq!((session.person, session.pupil()), (fixtures::person_id(7), Some((school, id))));
    assert_eq!(session.password_ends, Some(fixtures::day("2024-10-01")));
    assert_eq!(session.expires_at, fixtures::at("2024-09-30T21:00:00Z"));
    let entry = harness.store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.case), ("sign_in", None));
    let journal = harness.store.card_journal(Actor::Console, school, id).await.unwrap();
    let steps = journal.records().iter();
    let steps: Vec<_> =
        steps.map(|line| (line.card, line.step.as_str(), line.at.timestamp(), line.by)).collect();
    assert_eq!(steps, [(1, "issued", 4, None), (1, "printed", 5, None), (2, "issued", 6, None)]);
}

#[tokio::test]
async fn a_diary_is_read_by_keys() {
    let scratch = Scratch::new().await;
    for statement in [super::journal::CONTEXT, super::journal::LESSONS] {
        let explained = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(explained).fetch_all(&scratch.backend.pool).await.unwrap();
        let made = |name: &str| plan.iter().any(|(.., step)| step == &format!("CO-ROUTINE {name}"));
        let mut searches = 0;
        for (.., step) in &plan {
            if let Some(scanned) = step.strip_prefix("SCAN ") {
                assert!(scanned == "CONSTANT ROW" || made(scanned), "{step}");
            }
            if step.starts_with("SEARCH ") {
                assert!(step.contains(" USING PRIMARY KEY (school_id=?"), "{step}");
                searches += 1;
            }
        }
        assert!(searches > 0, "the plan is told in other words: {plan:?}");
    }
}

/// The one key that is not that of a database which may be sharded: the audit of a file is in one order,
/// that of its rows, for all its schools. A file is never spread.
#[cfg(feature = "postgres")]
const KEY_OF_A_FILE: (&str, &str) = ("audit", "entry");

#[cfg(feature = "postgres")]
#[tokio::test]
async fn keys_begin_with_what_a_table_would_be_spread_by() {
    use crate::postgres::tables::{Spread, TABLES};

    let scratch = Scratch::new().await;
    // Of every primary key and unique index the first column; a rowid has no index.
    let keys: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT t.name, l.origin, i.name FROM sqlite_schema t \
         JOIN pragma_index_list(t.name) l JOIN pragma_index_info(l.name) i \
         WHERE t.type = 'table' AND l.\"unique\" = 1 AND i.seqno = 0 \
           AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' \
         UNION SELECT t.name, 'pk', c.name FROM sqlite_schema t \
         JOIN pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND c.pk = 1 AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
    )
    .fetch_all(&scratch.backend.pool)
    .await
    .unwrap();
    let mut primary = 0;
    for (table, origin, first) in &keys {
        let spread = TABLES.iter().find(|(name, _)| name == table);
        let (_, spread) = spread.unwrap_or_else(|| panic!("{table} is in no list"));
        let expected = match spread {
            Spread::Everywhere => continue,
            Spread::School => "school_id",
            Spread::By(column) => column,
        };
        let is_own = origin == "pk" && KEY_OF_A_FILE == (table.as_str(), first.as_str());
        assert!(first == expected || is_own, "{table}: a key begins with {first}");
        primary += usize::from(origin == "pk");
    }
    assert!(primary >= TABLES.len() - 5, "{primary} primary keys of {}", TABLES.len());
}

/// The foreign keys, the others being triggers, and those of them that break the rules of their tables.
#[cfg(feature = "postgres")]
async fn foreign_keys(pool: &sqlx::SqlitePool) -> (Vec<String>, Vec<String>) {
    use crate::postgres::tables::{Spread, TABLES};

    // Of every foreign key the first column, and the first of those it leads to.
    let ties: Vec<(String, String, String, Option<String>)> = sqlx::query_as(
        "SELECT t.name, f.\"from\", f.\"table\", f.\"to\" FROM sqlite_schema t \
         JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table' AND f.seq = 0 ORDER BY 1, 2",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let spread = |name: &str| TABLES.iter().find(|(table, _)| *table == name).map(|(_, s)| *s);
    let is_sound = |(own, from, target, to): &(String, String, String, Option<String>)| match (
        spread(own),
        spread(target),
    ) {
        (Some(Spread::School | Spread::Everywhere), Some(Spread::Everywhere)) => true,
        (Some(Spread::School), Some(Spread::School)) => {
            from == "school_id" && to.as_deref() == Some("school_id")
        }
        _ => false,
    };
    let told = |(own, from, target, _): &(String, String, String, Option<String>)| {
        format!("{own} ({from}) -> {target}")
    };
    let faults = ties.iter().filter(|tie| !is_sound(tie)).map(told).collect();
    (ties.iter().map(told).collect(), faults)
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn foreign_keys_stay_within_what_would_be_one_shard() {
    let scratch = Scratch::new().await;
    let pool = &scratch.backend.pool;
    let (keys, faults) = foreign_keys(pool).await;
    assert!(faults.is_empty(), "{faults:?}");
    let tables = ["consent", "data_basis", "excuse", "recovery_link"];
    assert_eq!(keys, tables.map(|table| format!("{table} (school_id) -> account")));

    for (change, fault) in [
        (
            "ALTER TABLE claim ADD COLUMN other BLOB REFERENCES account (account_id)",
            "claim (other) -> account",
        ),
        (
            "ALTER TABLE stay ADD COLUMN other BLOB REFERENCES school_class (class_id)",
            "stay (other) -> school_class",
        ),
    ] {
        sqlx::query(change).execute(pool).await.unwrap();
        let (_, faults) = foreign_keys(pool).await;
        assert!(faults.iter().any(|told| told == fault), "{change}: {faults:?}");
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_told_without_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("no").join("such").join("folder.sqlite3");
    assert_eq!(refused(&nowhere).await, "store_unavailable");
    assert_eq!(refused(folder.path()).await, "store_unavailable");
}

#[tokio::test]
async fn a_full_disk_is_told_and_leaves_nothing_half_written() {
    let scratch = Scratch::new().await;
    let mut tx = scratch.begin(Access::Write).await.unwrap();
    tx.apply(&Changes { schools: vec![fixtures::school(1)], ..Changes::default() }).await.unwrap();
    tx.commit().await.unwrap();
    let mut connection = scratch.backend.pool.acquire().await.unwrap();
    sqlx::query("PRAGMA max_page_count = 1").execute(&mut *connection).await.unwrap();
    drop(connection);
    // Each connection has the limit of its own: the writer must get this one.
    let mut held = Vec::new();
    for _ in 0..super::SqliteSettings::default().connections.get() - 1 {
        held.push(scratch.begin(Access::Read).await.unwrap());
    }
    drop(held);
    let mut big = fixtures::school(2);
    big.name = "Ш".repeat(4_000_000);
    let mut failed = false;
    for _ in 0..super::SqliteSettings::default().connections.get() {
        let mut tx = scratch.begin(Access::Write).await.unwrap();
        let changes = Changes { schools: vec![big.clone()], ..Changes::default() };
        if let Err(error) = tx.apply(&changes).await {
            assert_eq!(error.code(), "store_read_only");
            failed = true;
            break;
        }
    }
    assert!(failed, "the limit was met");
    let schools = scratch.begin(Access::Read).await.unwrap().schools().await.unwrap();
    assert_eq!(schools, [fixtures::school(1)]);
}

/// Names of what is in the folder of a database.
fn names(scratch: &Scratch) -> Vec<String> {
    let files = std::fs::read_dir(scratch.folder.path()).unwrap();
    let mut names: Vec<_> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_copy_holds_what_was_committed_and_nothing_of_what_was_not() {
    let scratch = Scratch::new().await;
    let copy = scratch.folder.path().join("copy.sqlite3");
    // Two schools at a time, while it is copied: a copy holds both or neither.
    let backend = scratch.backend.clone();
    let writing = tokio::spawn(async move {
        for n in 0..100 {
            let mut tx = backend.begin(Access::Write).await.unwrap();
            for school in [2 * n, 2 * n + 1].map(fixtures::school) {
                let changes = Changes { schools: vec![school], ..Changes::default() };
                tx.apply(&changes).await.unwrap();
            }
            tx.commit().await.unwrap();
        }
    });
    loop {
        let schools = scratch.begin(Access::Read).await.unwrap().schools().await.unwrap();
        if schools.len() > 10 {
            break;
        }
        tokio::task::yield_now().await;
    }
    scratch.backend.backup(&copy).await.unwrap();
    let there = SqliteBackend::open(&copy).await.unwrap();
    let copied = there.begin(Access::Read).await.unwrap().schools().await.unwrap().len();
    assert!(copied > 10 && copied % 2 == 0, "{copied}");
    writing.await.unwrap();
    let all = scratch.begin(Access::Read).await.unwrap().schools().await.unwrap().len();
    assert_eq!(all, 200);
    there.close().await;
    scratch.backend.close().await;
    assert_eq!(names(&scratch), ["copy.sqlite3", "test.sqlite3"]);
}

#[tokio::test]
async fn a_database_of_another_version_is_copied_as_it_is() {
    let scratch = Scratch::new().await;
    let place = |name: &str| scratch.folder.path().join(name);
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, \
                 execution_time) VALUES (9999, 'later', true, x'00', 0)";
    sqlx::query(later).execute(&scratch.backend.pool).await.unwrap();
    scratch.backend.close().await;
    let (from, to) = (place("test.sqlite3"), place("copy.sqlite3"));
    SqliteBackend::backup_file(&from, &to).await.unwrap();
    for file in [&from, &to] {
        let error = SqliteBackend::open(file).await.unwrap_err();
        assert_eq!(error.code(), "schema_newer");
    }
    let nowhere = place("none.sqlite3");
    let error = SqliteBackend::backup_file(&nowhere, &place("other")).await.unwrap_err();
    assert_eq!(error.code(), "not_a_database");
    std::fs::write(place("letter"), "это письмо, а не база данных").unwrap();
    let error = SqliteBackend::backup_file(&place("letter"), &place("other")).await.unwrap_err();
    assert_eq!(error.code(), "not_a_database");
    assert!(!nowhere.exists() && !place("other").exists());
}

#[tokio::test]
async fn a_copy_takes_no_files_place_and_leaves_nothing_if_it_fails() {
    let scratch = Scratch::new().await;
    let there = scratch.folder.path().join("there.sqlite3");
    std::fs::write(&there, "кто-то хранил это").unwrap();
    assert_eq!(scratch.backend.backup(&there).await.unwrap_err().code(), "backup_exists");
    assert_eq!(std::fs::read_to_string(&there).unwrap(), "кто-то хранил это");
    std::fs::remove_file(&there).unwrap();
    let nowhere = scratch.folder.path().join("no").join("copy.sqlite3");
    assert_eq!(scratch.backend.backup(&nowhere).await.unwrap_err().code(), "backup_unwritable");
    scratch.backend.close().await;
    let copy = scratch.folder.path().join("copy.sqlite3");
    assert_eq!(scratch.backend.backup(&copy).await.unwrap_err().code(), "store_unavailable");
    // SQLite takes its log away as the last connection closes, which may be a little later.
    for _ in 0..200 {
        if names(&scratch).len() == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    assert_eq!(names(&scratch), ["test.sqlite3"]);
}
