//! What breaks while it is used.

use std::{sync::Arc, time::Duration};

use eschool_core::{calendar::DateRange, error::CodedError as _, journal::LessonDraft};
use sqlx::PgConnection;

use super::scratch::{Database, Scratch};
use crate::{
    backend::{Access, Backend, BackendError, Changes, Turn},
    postgres::{PostgresBackend, PostgresSettings},
    testing::{
        fixtures::{
            account_id, class, class_id, lesson, lesson_id, login_key, sample, school, school_id,
        },
        reading, save,
        store::{
            families::TEACHER,
            journal_people::{ADMINISTRATOR, algebra, at_work, staff},
        },
    },
};

fn one_school(n: u128) -> Changes {
    Changes { schools: vec![school(n)], ..Changes::default() }
}

/// Breaks every other connection to the database, as a server does that is started anew.
async fn break_connections(connection: &mut PgConnection) {
    assert!(broken(connection).await > 0);
}

/// Breaks every other connection that is there, and tells how many that were.
async fn broken(connection: &mut PgConnection) -> i64 {
    sqlx::query_scalar(
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .fetch_one(connection)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_nothing_half_written() {
    let Some(scratch) = Scratch::new().await else { return };
    let mut connection = scratch.database.connection().await;
    save(&scratch, &one_school(1)).await;
    // While it writes, and when it is about to commit.
    for writes_on in [true, false] {
        let mut tx = scratch.begin(Access::Write).await.unwrap();
        tx.apply(&sample(2)).await.unwrap();
        break_connections(&mut connection).await;
        let failed = if writes_on { tx.apply(&one_school(3)).await } else { tx.commit().await };
        assert_eq!(failed.unwrap_err().code(), "store_unavailable");
        assert_eq!(reading(&scratch).await.schools().await.unwrap(), [school(1)]);
    }
    let mut reader = reading(&scratch).await;
    break_connections(&mut connection).await;
    assert_eq!(reader.schools().await.unwrap_err().code(), "store_unavailable");
    drop(reader);
    save(&scratch, &one_school(2)).await;
    assert_eq!(reading(&scratch).await.schools().await.unwrap().len(), 2);
}

#[tokio::test]
async fn connections_that_died_at_rest_are_not_noticed() {
    let Some(scratch) = Scratch::new().await else { return };
    let mut connection = scratch.database.connection().await;
    save(&scratch, &one_school(1)).await;
    for access in [Access::Read, Access::Write] {
        // As many as there may be, all at rest.
        let mut readers = Vec::new();
        for _ in 0..PostgresSettings::default().connections.get() {
            let mut reader = reading(&scratch).await;
            reader.schools().await.unwrap();
            readers.push(reader);
        }
        drop(readers);
        tokio::time::sleep(Duration::from_millis(100)).await;
        break_connections(&mut connection).await;
        let mut tx = scratch.begin(access).await.unwrap();
        assert_eq!(tx.schools().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_server_that_takes_no_writes_is_read() {
    let Some(database) = Database::migrated().await else { return };
    let backend = PostgresBackend::open(&database.work_url()).await.unwrap();
    save(&backend, &one_school(1)).await;
    backend.close().await;
    let mut connection = database.connection().await;
    let name: String = sqlx::query_scalar("SELECT current_database()::text")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let freeze = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    sqlx::query(sqlx::AssertSqlSafe(freeze)).execute(&mut connection).await.unwrap();
    // Those of a pooler are older than that.
    broken(&mut connection).await;

    let backend = PostgresBackend::open(&database.work_url()).await.unwrap();
    assert_eq!(reading(&backend).await.schools().await.unwrap(), [school(1)]);
    let mut tx = backend.begin(Access::Write).await.unwrap();
    assert_eq!(tx.apply(&one_school(2)).await.unwrap_err().code(), "store_read_only");
    drop(tx);
    // A year that has no partition yet.
    let mut tx = backend.begin(Access::Write).await.unwrap();
    let late = lesson(1, class_id(1), "2031-09-02", 1, "Алгебра");
    let changes = Changes { lessons: vec![(school_id(1), late)], ..Changes::default() };
    assert_eq!(tx.apply(&changes).await.unwrap_err().code(), "store_read_only");
    drop(tx);
    assert_eq!(reading(&backend).await.schools().await.unwrap(), [school(1)]);
}

/// Few connections, and little patience.
async fn impatient(database: &Database) -> PostgresBackend {
    let settings = PostgresSettings {
        connections: std::num::NonZeroU32::new(2).unwrap(),
        patience: Duration::from_millis(300),
        ..PostgresSettings::default()
    };
    PostgresBackend::open_with(&database.work_url(), settings).await.unwrap()
}

#[tokio::test]
async fn who_waits_too_long_is_told_so() {
    let Some(database) = Database::migrated().await else { return };
    let (backend, other) = (impatient(&database).await, impatient(&database).await);
    // For leave to write, and for a writer of another process.
    let mut first = backend.begin(Access::Write).await.unwrap();
    first.apply(&one_school(1)).await.unwrap();
    for backend in [&backend, &other] {
        let second = backend.begin(Access::Write).await;
        assert!(matches!(second.err(), Some(BackendError::Busy)));
    }
    // For a connection.
    let reader = reading(&backend).await;
    let second = backend.begin(Access::Read).await;
    assert!(matches!(second.err(), Some(BackendError::Busy)));
    drop(reader);
    first.commit().await.unwrap();
    assert_eq!(reading(&other).await.schools().await.unwrap(), [school(1)]);
}

#[tokio::test]
async fn a_row_that_another_holds_too_long_is_told_and_nothing_is_written() {
    let Some(database) = Database::migrated().await else { return };
    let backend = impatient(&database).await;
    save(&backend, &one_school(1)).await;
    let mut connection = database.connection().await;
    for statement in ["BEGIN", "SELECT * FROM school FOR UPDATE"] {
        sqlx::query(statement).execute(&mut connection).await.unwrap();
    }
    let mut tx = backend.begin(Access::Write).await.unwrap();
    let changes = Changes { schools: vec![school(2), school(1)], ..Changes::default() };
    assert_eq!(tx.apply(&changes).await.unwrap_err().code(), "busy");
    // What failed is not half committed.
    assert_eq!(tx.commit().await.unwrap_err().code(), "store_unavailable");
    sqlx::query("ROLLBACK").execute(&mut connection).await.unwrap();
    assert_eq!(reading(&backend).await.schools().await.unwrap(), [school(1)]);
    save(&backend, &changes).await;
    assert_eq!(reading(&backend).await.schools().await.unwrap().len(), 2);
}

#[tokio::test]
async fn failures_are_told_by_their_codes() {
    let Some(scratch) = Scratch::new().await else { return };
    for (code, expected) in [
        ("40001", "store_overtaken"),
        ("40P01", "store_overtaken"),
        ("55P03", "busy"),
        ("57014", "busy"),
        ("53300", "busy"),
        ("53100", "store_read_only"),
        ("XX001", "store_corrupt"),
        ("42501", "store_denied"),
        ("23505", "store_conflict"),
        ("23503", "store_dangling"),
        ("P0001", "store_unavailable"),
    ] {
        let secret = "Ёлкина Анна";
        let raise =
            format!("DO $$ BEGIN RAISE EXCEPTION '{secret}' USING ERRCODE = '{code}'; END $$");
        let raised = sqlx::query(sqlx::AssertSqlSafe(raise))
            .execute(&mut scratch.database.connection().await)
            .await;
        let error = crate::postgres::value::failed(raised.unwrap_err());
        assert_eq!(error.code(), expected, "{code}");
        assert!(!format!("{error} {error:?}").contains(secret));
    }
}

#[tokio::test]
async fn writers_of_other_turns_go_side_by_side() {
    let Some(scratch) = Scratch::new().await else { return };
    for n in [1, 2] {
        save(&scratch, &Changes { schools: sample(n).schools, ..Changes::default() }).await;
    }
    let (one, other) = (Turn::School(school_id(1)), Turn::School(school_id(2)));
    let mut first = scratch.begin(Access::InTurn(&[one])).await.unwrap();
    let turns = [other, Turn::Key(login_key("a"))];
    let mut second = scratch.begin(Access::InTurn(&turns)).await.unwrap();
    let mut third = scratch.begin(Access::InTurn(&[])).await.unwrap();
    // A list of schools that is everywhere is written by one after another: they are founded before.
    let founded = |changes: Changes| Changes { schools: Vec::new(), ..changes };
    first.apply(&founded(sample(1))).await.unwrap();
    second.apply(&founded(sample(2))).await.unwrap();
    third.apply(&one_school(3)).await.unwrap();
    for tx in [third, second, first] {
        tx.commit().await.unwrap();
    }
    assert_eq!(reading(&scratch).await.schools().await.unwrap().len(), 3);
}

#[tokio::test]
async fn lessons_are_written_and_looked_at_while_another_school_is_written() {
    let Some(scratch) = Scratch::new().await else { return };
    let scratch = Arc::new(scratch);
    let harness = at_work(Arc::clone(&scratch), |_| {}).await;
    let page = harness.new_lesson(algebra("2024-09-02", 1)).await;
    let teacher = staff(TEACHER);
    // An import of the other school, say, which takes its time.
    let turn = [Turn::School(school_id(2))];
    let mut other = scratch.begin(Access::InTurn(&turn)).await.unwrap();
    other.apply(&one_school(2)).await.unwrap();
    let topic = |draft: &mut LessonDraft| draft.topic = Some("Степени".into());
    let page = harness.change(&teacher, &page, topic).await.unwrap();
    // What is only looked at waits for nobody of the school itself either.
    let turn = [Turn::School(school_id(1))];
    let own = scratch.begin(Access::InTurn(&turn)).await.unwrap();
    assert_eq!(harness.page(page.lesson.id).await, page);
    let (store, id) = (&harness.store, page.lesson.id);
    assert!(store.mark_history(&teacher, school_id(1), id).await.unwrap().is_empty());
    let told = store.events_since(&teacher, school_id(1), 0, 500).await.unwrap();
    assert!(!told.events.is_empty());
    own.commit().await.unwrap();
    other.commit().await.unwrap();
}

/// Whoever looks lets go of the reader's connection before the look is noted: else as many of them
/// as there are connections would wait for one another.
#[tokio::test]
async fn looks_need_one_connection() {
    let Some(database) = Database::migrated().await else { return };
    let settings = PostgresSettings {
        connections: std::num::NonZeroU32::MIN,
        patience: Duration::from_millis(500),
        ..PostgresSettings::default()
    };
    let backend = PostgresBackend::open_with(&database.url(), settings).await.unwrap();
    let harness = at_work(backend, |_| {}).await;
    let page = harness.new_lesson(algebra("2024-09-02", 1)).await;
    let store = &harness.store;
    let (teacher, administrator, school) = (staff(TEACHER), staff(ADMINISTRATOR), school_id(1));
    let (class, lesson) = (page.lesson.class, page.lesson.id);
    store.lesson(&teacher, school, lesson).await.unwrap();
    store.mark_history(&teacher, school, lesson).await.unwrap();
    store.class_finals(&administrator, school, class, "Алгебра").await.unwrap();
    store.events_since(&teacher, school, 0, 500).await.unwrap();
    store.joined_year(&teacher, school, account_id(1), None).await.unwrap();
    let day = DateRange::day(page.lesson.date);
    store.excuses(&teacher, school, account_id(1), day).await.unwrap();
}

#[tokio::test]
async fn a_new_school_year_needs_no_more_than_what_is_set() {
    let Some(database) = Database::migrated().await else { return };
    let settings = PostgresSettings {
        connections: std::num::NonZeroU32::MIN,
        patience: Duration::from_millis(500),
        ..PostgresSettings::default()
    };
    let backend = PostgresBackend::open_with(&database.work_url(), settings).await.unwrap();
    let id = school_id(1);
    save(&backend, &Changes { classes: vec![class(id, 1, "7А")], ..one_school(1) }).await;
    let on = |n: u128, date: &str| Changes {
        lessons: vec![(id, lesson(n, class_id(1), date, 1, "Алгебра"))],
        ..Changes::default()
    };
    save(&backend, &on(1, "2031-09-02")).await;

    // The second connection died at rest.
    let mut connection = database.connection().await;
    let mut readers = [reading(&backend).await, reading(&backend).await];
    for reader in &mut readers {
        reader.schools().await.unwrap();
    }
    drop(readers);
    let mut tx = backend.begin(Access::Write).await.unwrap();
    tx.schools().await.unwrap();
    let resting: i64 = sqlx::query_scalar(
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity \
         WHERE datname = current_database() AND state = 'idle' AND pid <> pg_backend_pid()",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    assert_eq!(resting, 1);
    tx.apply(&on(2, "2032-09-02")).await.unwrap();
    tx.commit().await.unwrap();

    // Somebody holds the table for too long.
    for statement in ["BEGIN", "LOCK TABLE lesson IN SHARE UPDATE EXCLUSIVE MODE"] {
        sqlx::query(statement).execute(&mut connection).await.unwrap();
    }
    let mut tx = backend.begin(Access::Write).await.unwrap();
    assert_eq!(tx.apply(&on(3, "2033-09-02")).await.unwrap_err().code(), "busy");
}

#[tokio::test]
async fn a_new_school_year_locks_nobody_out() {
    let Some(scratch) = Scratch::new().await else { return };
    let id = school_id(1);
    let changes = Changes { classes: vec![class(id, 1, "7А")], ..one_school(1) };
    save(&scratch, &changes).await;
    let in_year = |n: u128, date: &str| Changes {
        lessons: vec![(id, lesson(n, class_id(1), date, 1, "Алгебра"))],
        ..Changes::default()
    };
    save(&scratch, &in_year(1, "2024-09-02")).await;
    // Somebody reads the journal all the while.
    let mut reader = reading(&scratch).await;
    let before = reader.class_journal(id, class_id(1)).await.unwrap();
    // A writer that has written already, in the old year and then in the next.
    let mut tx = scratch.begin(Access::Write).await.unwrap();
    tx.apply(&in_year(2, "2025-01-10")).await.unwrap();
    if scratch.database.is_distributed("there a new year waits for those who write").await {
        tx.commit().await.unwrap();
        tx = scratch.begin(Access::Write).await.unwrap();
    }
    tx.apply(&in_year(3, "2025-09-01")).await.unwrap();
    assert_eq!(reader.class_journal(id, class_id(1)).await.unwrap(), before);
    tx.commit().await.unwrap();
    // From one year to another a lesson moves, and is there once.
    save(&scratch, &in_year(2, "2026-01-12")).await;
    let journal = reading(&scratch).await.class_journal(id, class_id(1)).await.unwrap();
    let ids: Vec<_> = journal.lessons.iter().map(|lesson| lesson.id).collect();
    assert_eq!(ids, [1, 3, 2].map(lesson_id));

    let mut partitions: Vec<String> = sqlx::query_scalar(
        "SELECT inhrelid::regclass::text FROM pg_inherits \
         WHERE inhparent = 'lesson'::regclass ORDER BY 1",
    )
    .fetch_all(&mut scratch.database.connection().await)
    .await
    .unwrap();
    partitions.sort();
    assert_eq!(partitions, ["lesson_y2024", "lesson_y2025"]);
}
