//! Opening: whose a database is, which schema it has, who may come in.

use std::str::FromStr as _;

use eschool_core::{error::CodedError as _, journal::Stay, policy::SignInPolicy};
use sqlx::{ConnectOptions as _, migrate::Migrator, postgres::PgConnectOptions};

use super::scratch::{Database, Scratch, server};
use crate::{
    Actor,
    backend::{Access, Backend as _, BackendError, Changes},
    postgres::{PostgresBackend, schema},
    testing::{fixtures, store::Harness},
};

async fn refused(url: &str) -> &'static str {
    PostgresBackend::open(url).await.expect_err("the database is refused").code()
}

/// The codes that opening and migrating are refused with.
async fn both_refused(database: &Database) -> [&'static str; 2] {
    let migrating = PostgresBackend::migrate(&database.url()).await;
    [refused(&database.url()).await, migrating.expect_err("the database is refused").code()]
}

#[tokio::test]
async fn an_empty_database_is_migrated_first() {
    let Some(database) = Database::empty().await else { return };
    assert_eq!(refused(&database.url()).await, "schema_older");
    for _ in 0..2 {
        PostgresBackend::migrate(&database.url()).await.unwrap();
        let backend = PostgresBackend::open(&database.url()).await.unwrap();
        assert_eq!(backend.begin(Access::Read).await.unwrap().schools().await.unwrap(), []);
        backend.close().await;
    }
}

#[tokio::test]
async fn two_may_migrate_at_once() {
    let Some(database) = Database::empty().await else { return };
    let url = database.url();
    let (one, other) = tokio::join!(PostgresBackend::migrate(&url), PostgresBackend::migrate(&url));
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
}

/// Lines of the card journal that are older than the numbers of cards are kept, and get theirs.
#[tokio::test]
async fn older_lines_of_the_card_journal_get_numbers() {
    let Some(database) = Database::empty().await else { return };
    let mut connection = database.connection().await;
    let mut before = schema::migrations();
    before.retain(|step| step.version != 13);
    Migrator::with_migrations(before).run(&mut connection).await.unwrap();
    let (school, pupil) = (fixtures::school_id(1), fixtures::account_id(1));
    for statement in [
        "INSERT INTO school VALUES ($1, 'Школа', '', '', 'Europe/Moscow', 's1')",
        "INSERT INTO account VALUES ($1, $2, $2, 'Ёлкина', 'Мария', '\"missing\"')",
        "INSERT INTO card_journal VALUES ($1, $2, $2, 'issued', to_timestamp(4))",
    ] {
        let insert = sqlx::query(statement).bind(school.0);
        let insert = if statement.contains("$2") { insert.bind(pupil.0) } else { insert };
        insert.execute(&mut connection).await.unwrap();
    }
    let later = "INSERT INTO card_journal VALUES \
        ($1, 'ffffffff-0000-7000-8000-000000000001', $2, 'issued', to_timestamp(5)), \
        ($1, 'ffffffff-0000-7000-8000-000000000002', $2, 'printed', to_timestamp(6))";
    sqlx::query(later).bind(school.0).bind(pupil.0).execute(&mut connection).await.unwrap();

    PostgresBackend::migrate(&database.url()).await.unwrap();
    let backend = PostgresBackend::open(&database.url()).await.unwrap();
    let class = fixtures::class(school, 8, "8А");
    let (from, to) = (fixtures::day("2024-09-01"), None);
    let stays = vec![(school, Stay { pupil, class: class.id, from, to })];
    let changes = Changes { classes: vec![class], stays, ..Changes::default() };
    let harness = Harness::with(backend.clone(), changes, SignInPolicy::ryazan_2022()).await;
    let journal = harness.store.card_journal(Actor::Console, school, pupil).await.unwrap();
    let lines: Vec<_> = journal
        .records()
        .iter()
        .map(|line| (line.card, line.step.as_str(), line.at.timestamp(), line.by))
        .collect();
    assert_eq!(lines, [(1, "issued", 4, None), (2, "issued", 5, None), (2, "printed", 6, None)]);
    backend.close().await;
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_left_as_it_was() {
    for tables in [
        &["CREATE TABLE letter (text text)"][..],
        &["CREATE TABLE school (name text)"],
        // Another program whose schema has steps.
        &["CREATE TABLE letter (text text)", "CREATE TABLE _sqlx_migrations (version bigint)"],
    ] {
        let Some(database) = Database::empty().await else { return };
        let mut connection = database.connection().await;
        for statement in tables {
            sqlx::query(*statement).execute(&mut connection).await.unwrap();
        }
        assert_eq!(both_refused(&database).await, ["not_a_database"; 2], "{tables:?}");
        let left: i64 =
            sqlx::query_scalar("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
                .fetch_one(&mut connection)
                .await
                .unwrap();
        assert_eq!(left, i64::try_from(tables.len()).unwrap());
    }
}

#[tokio::test]
async fn a_newer_or_altered_schema_is_refused() {
    for (change, codes) in [
        (
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, \
             execution_time) VALUES (9999, 'later', true, '', 0)",
            ["schema_newer"; 2],
        ),
        ("UPDATE _sqlx_migrations SET checksum = ''", ["store_corrupt"; 2]),
        ("UPDATE _sqlx_migrations SET success = false", ["store_corrupt"; 2]),
        // The tables are there, and nothing says which step made them.
        ("DELETE FROM _sqlx_migrations", ["schema_older", "store_corrupt"]),
    ] {
        let Some(database) = Database::migrated().await else { return };
        sqlx::query(change).execute(&mut database.connection().await).await.unwrap();
        assert_eq!(both_refused(&database).await, codes, "{change}");
    }
}

#[tokio::test]
async fn a_wrong_address_name_or_password_is_told_without_it() {
    let Some(server) = server() else { return };
    let options = PgConnectOptions::from_str(&server).unwrap();
    let secret = "тайна-7";
    let url = |options: PgConnectOptions| options.to_url_lossy().to_string();
    let wrong = [
        (url(options.clone().database("eschool_no_such")), "store_unavailable"),
        (url(options.clone().port(1).password(secret)), "store_unavailable"),
        (url(options.clone().host("no-such-host.invalid").password(secret)), "store_unavailable"),
        (format!("not an address: {secret}"), "store_unavailable"),
        (format!("postgres://a:{secret}@[::1/x"), "store_unavailable"),
    ];
    for (url, code) in wrong {
        let error = PostgresBackend::open(&url).await.unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(!format!("{error} {error:?}").contains(secret), "{error:?}");
    }
    let url = url(options.password(secret));
    match PostgresBackend::open(&url).await {
        Err(BackendError::Denied) => {}
        Err(BackendError::OlderSchema | BackendError::NotADatabase) => {
            println!("the server for tests asks for no password");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_may_not_be_done_is_denied() {
    let Some(scratch) = Scratch::new().await else { return };
    let mut connection = scratch.database.connection().await;
    let may = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user";
    if !sqlx::query_scalar::<_, bool>(may).fetch_one(&mut connection).await.unwrap() {
        println!("skipped: the role of the tests may make no other one");
        return;
    }
    let role = format!("eschool_reader_{}", std::process::id());
    for statement in [
        format!("DROP ROLE IF EXISTS {role}"),
        format!("CREATE ROLE {role} LOGIN PASSWORD 'reader'"),
        format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    }
    let options = PgConnectOptions::from_str(&scratch.database.url()).unwrap();
    let url = options.username(&role).password("reader").to_url_lossy();
    let backend = PostgresBackend::open(url.as_str()).await.unwrap();
    assert_eq!(backend.begin(Access::Read).await.unwrap().schools().await.unwrap(), []);
    let mut tx = backend.begin(Access::Write).await.unwrap();
    let changes = Changes { schools: vec![fixtures::school(1)], ..Changes::default() };
    assert!(matches!(tx.apply(&changes).await, Err(BackendError::Denied)));
    drop(tx);
    backend.close().await;
    for statement in [format!("DROP OWNED BY {role}"), format!("DROP ROLE {role}")] {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    }
}

#[tokio::test]
async fn a_server_without_citus_is_told() {
    let Some(scratch) = Scratch::new().await else { return };
    let citus: bool =
        sqlx::query_scalar("SELECT count(*) > 0 FROM pg_extension WHERE extname = 'citus'")
            .fetch_one(&mut scratch.database.connection().await)
            .await
            .unwrap();
    let sharded = PostgresBackend::distribute(&scratch.database.url()).await;
    if citus {
        // It was distributed when it was made.
        assert_eq!(sharded.unwrap(), 0);
    } else {
        assert_eq!(sharded.unwrap_err().code(), "citus_missing");
    }
}

#[tokio::test]
async fn a_connection_asks_for_nothing_that_a_pooler_does_not_know() {
    let Some(database) = Database::migrated().await else { return };
    // Of a pooler's connections this would tell what the pooler asks for.
    let backend = PostgresBackend::open(&database.url()).await.unwrap();
    let mut connection = backend.pool.acquire().await.unwrap();
    let asked: Vec<String> = sqlx::query_scalar(
        "SELECT lower(name) FROM pg_settings WHERE source = 'client' ORDER BY 1",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    // What PgBouncer follows of each client by itself.
    let known = [
        "application_name",
        "client_encoding",
        "datestyle",
        "standard_conforming_strings",
        "timezone",
    ];
    assert!(asked.contains(&"application_name".into()));
    assert!(asked.iter().all(|name| known.contains(&name.as_str())), "{asked:?}");
}
