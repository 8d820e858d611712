//! Who waits for whom, for how long, and what becomes of those who cannot both go on.

use std::{sync::Arc, time::Duration};

use eschool_core::{
    error::CodedError as _, id::AccountId, people::KeptApart, policy::SignInPolicy,
};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use super::scratch::{Database, Scratch};
use crate::{
    Actor,
    backend::{Access, Backend as _, Changes, SessionRow},
    postgres::{PostgresBackend, PostgresSettings, turn},
    testing::{
        fixtures::{at, school, school_id, session},
        reading, save,
        store::Harness,
    },
};
#[cfg(feature = "exchange")]
use crate::{
    exchange::{ImportProgress, ImportReport, ImportStage},
    testing::imports,
};

const CONSOLE: Actor<'static> = Actor::Console;
/// How often what is overtaken is tried at most.
const MOST: i64 = 4;

async fn run(connection: &mut PgConnection, statements: &[&str]) {
    for statement in statements {
        sqlx::query(AssertSqlSafe(*statement)).execute(&mut *connection).await.unwrap();
    }
}

/// A backend that is told by nobody but the server that somebody is in its way, however slow the
/// machine.
async fn patient(database: &Database) -> PostgresBackend {
    let settings =
        PostgresSettings { patience: Duration::from_secs(30), ..PostgresSettings::default() };
    PostgresBackend::open_with(&database.work_url(), settings).await.unwrap()
}

/// Until a writer waits for what somebody else holds.
async fn somebody_waits(connection: &mut PgConnection) {
    loop {
        let waits: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
             WHERE NOT l.granted AND d.datname = current_database())",
        )
        .fetch_one(&mut *connection)
        .await
        .unwrap();
        if waits {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Has so many of the next writers to a table be told that another transaction came first.
async fn overtake(connection: &mut PgConnection, table: &str, times: i64) {
    let function = format!(
        "CREATE OR REPLACE FUNCTION overtake() RETURNS trigger LANGUAGE plpgsql AS $$ \
         BEGIN IF nextval('tries') <= {times} THEN \
           RAISE EXCEPTION 'overtaken' USING ERRCODE = '40P01'; \
         END IF; RETURN NULL; END $$"
    );
    let former = format!("DROP TRIGGER IF EXISTS overtake ON {table}");
    let trigger = format!(
        "CREATE TRIGGER overtake BEFORE INSERT ON {table} \
         FOR EACH STATEMENT EXECUTE FUNCTION overtake()"
    );
    let statements =
        ["DROP SEQUENCE IF EXISTS tries", "CREATE SEQUENCE tries", &function, &former, &trigger];
    run(connection, &statements).await;
}

/// How many writers there were since.
async fn tries(connection: &mut PgConnection) -> i64 {
    sqlx::query_scalar("SELECT last_value FROM tries").fetch_one(connection).await.unwrap()
}

#[cfg(feature = "exchange")]
#[tokio::test]
async fn a_sign_in_goes_through_while_a_new_school_is_imported() {
    let Some(database) = Database::migrated().await else { return };
    let backend = patient(&database).await;
    let harness = Harness::new(backend.clone()).await;
    let card = harness.cards().await.remove(0);
    let files = imports::small_school();
    let mut connection = database.connection().await;
    run(&mut connection, &["BEGIN", "LOCK TABLE account IN SHARE MODE"]).await;
    let mut told = Vec::new();
    let mut progress = |now: ImportProgress| {
        if now.stage == ImportStage::People {
            told.push((now.done, now.total));
        }
    };
    let importing = harness.store.import_school(&files, &mut progress);
    let meanwhile = async {
        // The import is about to write the first of the people.
        somebody_waits(&mut connection).await;
        assert_eq!(reading(&backend).await.schools().await.unwrap().len(), 2);
        let entered = harness.sign_in(card.login.as_str(), &card.password, "192.0.2.10");
        let entered = tokio::time::timeout(Duration::from_secs(20), entered).await;
        assert!(entered.expect("nobody is waited for").is_ok());
        harness.store.foresee_merges(CONSOLE).await.unwrap();
        run(&mut connection, &["ROLLBACK"]).await;
    };
    let (report, ()) = tokio::join!(importing, meanwhile);
    assert_eq!(report.unwrap().counts.pupils, 5);
    assert_eq!(told, [(0, 2), (1, 2), (2, 2)]);
}

#[tokio::test]
async fn two_that_wait_for_each_other_both_go_through() {
    let Some(database) = Database::migrated().await else { return };
    if !database.is_superusers("it sets how soon a deadlock is looked for").await {
        return;
    }
    let mut connection = database.connection().await;
    // The store finds that they wait for each other, with time enough for the other one to begin.
    run(
        &mut connection,
        &[
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''3s''', \
             current_database()); END $$",
            "SET deadlock_timeout = '1h'",
        ],
    )
    .await;
    let backend = patient(&database).await;
    let harness = Harness::with_families(backend.clone(), SignInPolicy::ryazan_2022()).await;
    let ended =
        SessionRow { expires_at: at("2024-09-02T09:00:00Z"), ..session(1, school_id(1), 1) };
    save(&backend, &Changes { sessions: vec![ended], ..Changes::default() }).await;
    harness.store.invite_administrator(school_id(1)).await.unwrap();
    harness.clock.forward(chrono::TimeDelta::days(3));

    run(&mut connection, &["BEGIN", "LOCK TABLE invitation IN SHARE MODE"]).await;
    let crossing = async {
        somebody_waits(&mut connection).await;
        run(&mut connection, &["LOCK TABLE session IN SHARE MODE", "ROLLBACK"]).await;
    };
    let (forgotten, ()) = tokio::join!(harness.store.forget_expired(), crossing);
    assert_eq!(forgotten.unwrap(), 2);
    assert_eq!(harness.store.forget_expired().await.unwrap(), 0);
}

#[tokio::test]
async fn a_look_that_is_overtaken_is_noted_in_the_end_or_told() {
    let Some(scratch) = Scratch::new().await else { return };
    if scratch.database.is_distributed("it has no triggers").await {
        return;
    }
    let scratch = Arc::new(scratch);
    let harness = Harness::new(Arc::clone(&scratch)).await;
    let mut connection = scratch.database.connection().await;
    let before = harness.store.audit(100).await.unwrap().len();
    overtake(&mut connection, "audit", MOST - 1).await;
    harness.store.foresee_merges(CONSOLE).await.unwrap();
    assert_eq!(tries(&mut connection).await, MOST);
    assert_eq!(harness.store.audit(100).await.unwrap().len(), before + 1);

    overtake(&mut connection, "audit", i64::MAX).await;
    let told = harness.store.foresee_merges(CONSOLE).await.unwrap_err();
    assert_eq!(told.code(), "store_overtaken");
    assert_eq!(tries(&mut connection).await, MOST);
    assert_eq!(harness.store.audit(100).await.unwrap().len(), before + 1);
}

#[tokio::test]
async fn a_seal_that_is_overtaken_is_set_in_the_end_or_told() {
    let Some(scratch) = Scratch::new().await else { return };
    if scratch.database.is_distributed("it has no triggers").await {
        return;
    }
    let scratch = Arc::new(scratch);
    let harness = Harness::new(Arc::clone(&scratch)).await;
    harness.store.foresee_merges(CONSOLE).await.unwrap();
    let entries = harness.store.audit(100).await.unwrap().len() as u64;
    let mut connection = scratch.database.connection().await;
    overtake(&mut connection, "audit_seal", i64::MAX).await;
    assert_eq!(harness.store.seal_audit().await.unwrap_err().code(), "store_overtaken");
    overtake(&mut connection, "audit_seal", MOST - 1).await;
    assert_eq!(harness.store.seal_audit().await.unwrap(), entries);
    assert!(harness.store.verify_audit(None).await.unwrap().faults.is_empty());
}

#[cfg(feature = "exchange")]
#[tokio::test]
async fn days_of_a_journal_that_are_overtaken_are_imported_once() {
    let (Some(scratch), Some(other)) = (Scratch::new().await, Scratch::new().await) else { return };
    if scratch.database.is_distributed("it has no triggers").await {
        return;
    }
    let files = imports::small_school();
    let mut connection = scratch.database.connection().await;
    let (scratch, other) = (Arc::new(scratch), Arc::new(other));
    let harness = Harness::new(Arc::clone(&scratch)).await;
    let undisturbed = Harness::new(Arc::clone(&other)).await;
    let whole = undisturbed.store.import_school(&files, &mut |_| {}).await.unwrap();
    assert!(whole.counts.marks > 0 && !whole.refused.is_empty());

    overtake(&mut connection, "mark", i64::MAX).await;
    let told = harness.store.import_school(&files, &mut |_| {}).await.unwrap_err();
    assert_eq!(told.code(), "store_overtaken");
    assert_eq!(tries(&mut connection).await, MOST);
    overtake(&mut connection, "mark", MOST - 1).await;
    let report = harness.store.import_school(&files, &mut |_| {}).await.unwrap();
    let ImportReport { school, accounts_created, changed, .. } = report;
    assert_eq!(report, ImportReport { school, accounts_created, changed, ..whole });
    let again = harness.store.import_school(&files, &mut |_| {}).await.unwrap();
    assert_eq!(again.changed, 0);
}

#[cfg(feature = "exchange")]
#[tokio::test]
async fn the_making_of_a_school_that_is_overtaken_is_done_once() {
    let Some(scratch) = Scratch::new().await else { return };
    if scratch.database.is_distributed("it has no triggers").await {
        return;
    }
    let mut connection = scratch.database.connection().await;
    let harness = Harness::new(Arc::new(scratch)).await;
    overtake(&mut connection, "school", MOST - 1).await;
    let files = imports::small_school();
    let report = harness.store.import_school(&files, &mut |_| {}).await.unwrap();
    assert_eq!(tries(&mut connection).await, MOST);
    let again = harness.store.import_school(&files, &mut |_| {}).await.unwrap();
    assert_eq!((again.changed, again.refused), (0, report.refused));
}

#[tokio::test]
async fn a_writer_that_stands_still_lets_the_next_one_go_on() {
    let Some(database) = Database::migrated().await else { return };
    let settings =
        PostgresSettings { standstill: Duration::from_millis(300), ..PostgresSettings::default() };
    let backend = PostgresBackend::open_with(&database.work_url(), settings).await.unwrap();
    let other = PostgresBackend::open(&database.work_url()).await.unwrap();
    let one_school = |n| Changes { schools: vec![school(n)], ..Changes::default() };
    let mut vanished = backend.begin(Access::Write).await.unwrap();
    vanished.apply(&one_school(1)).await.unwrap();
    save(&other, &one_school(2)).await;
    assert_eq!(vanished.commit().await.unwrap_err().code(), "store_unavailable");
    assert_eq!(reading(&backend).await.schools().await.unwrap(), [school(2)]);
    save(&backend, &one_school(3)).await;
}

/// Who vanished leaves what the server sends without an answer: no statement runs then, and none is
/// waited for.
#[tokio::test]
async fn who_answers_nothing_holds_a_turn_no_longer_than_who_stands_still() {
    let Some(database) = Database::migrated().await else { return };
    let mut connection = database.connection().await;
    let limit = async |connection: &mut PgConnection| -> String {
        let limit = "SELECT setting FROM pg_settings WHERE name = 'tcp_user_timeout'";
        sqlx::query_scalar(limit).fetch_one(connection).await.unwrap()
    };
    let before = limit(&mut connection).await;
    let settings =
        PostgresSettings { standstill: Duration::from_secs(7), ..PostgresSettings::default() };
    let begin = turn::begin(Access::InTurn(&[]), &settings, false);
    sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut connection).await.unwrap();
    assert_eq!(limit(&mut connection).await, "7000");
    // It goes with the transaction: a pooler hands on the connection as it was.
    run(&mut connection, &["ROLLBACK"]).await;
    assert_eq!(limit(&mut connection).await, before);
}

#[tokio::test]
async fn a_statement_that_does_not_end_is_told() {
    let Some(database) = Database::migrated().await else { return };
    let settings =
        PostgresSettings { statement: Duration::from_millis(300), ..PostgresSettings::default() };
    let backend = PostgresBackend::open_with(&database.work_url(), settings).await.unwrap();
    let mut connection = database.connection().await;
    run(&mut connection, &["BEGIN", "LOCK TABLE school IN SHARE MODE"]).await;
    let mut tx = backend.begin(Access::Write).await.unwrap();
    let changes = Changes { schools: vec![school(1)], ..Changes::default() };
    let refused = tokio::time::timeout(Duration::from_secs(4), tx.apply(&changes)).await;
    assert_eq!(refused.unwrap().unwrap_err().code(), "busy");
}

/// A region has more rows than a server writes in the time that one statement may take.
#[tokio::test]
async fn what_is_written_in_many_statements_takes_the_time_it_takes() {
    let Some(database) = Database::migrated().await else { return };
    if database.is_distributed("it has no triggers").await {
        return;
    }
    let mut connection = database.connection().await;
    run(
        &mut connection,
        &[
            "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$ \
             BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$",
            "CREATE TRIGGER linger BEFORE INSERT ON kept_apart \
             FOR EACH STATEMENT EXECUTE FUNCTION linger()",
        ],
    )
    .await;
    let settings = PostgresSettings {
        statement: Duration::from_millis(1800),
        patience: Duration::from_millis(700),
        ..PostgresSettings::default()
    };
    let backend = PostgresBackend::open_with(&database.work_url(), settings).await.unwrap();
    let account = |n: u128| AccountId(Uuid::from_u128(n));
    let pairs = (0..15_001).map(|n| KeptApart { one: account(2 * n), other: account(2 * n + 1) });
    let kept_apart: Vec<KeptApart> = pairs.collect();
    save(&backend, &Changes { kept_apart: kept_apart.clone(), ..Changes::default() }).await;
    assert_eq!(reading(&backend).await.kept_apart(None).await.unwrap(), kept_apart);
}
