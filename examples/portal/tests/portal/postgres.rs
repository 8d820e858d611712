//! The portal over a database on a server, where `ESCHOOL_TEST_PG_URL` names one.

use std::{
    process::{Command, Stdio},
    str::FromStr as _,
};

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection};

use crate::{
    house::{Folder, school},
    start::told,
};

/// An empty database on the server; none where there is no server.
async fn database() -> Option<(PgConnectOptions, PgConnection, String)> {
    let Some(url) = std::env::var("ESCHOOL_TEST_PG_URL").ok().filter(|url| !url.is_empty()) else {
        println!("skipped: ESCHOOL_TEST_PG_URL names no server");
        return None;
    };
    let options = PgConnectOptions::from_str(&url).unwrap().disable_statement_logging();
    let mut server = PgConnection::connect_with(&options).await.unwrap();
    let name = format!("eschool_portal_{}", std::process::id());
    let make = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
    server.execute(AssertSqlSafe(make)).await.unwrap();
    Some((options, server, name))
}

#[tokio::test]
async fn a_portal_keeps_its_data_on_a_server() {
    let Some((options, mut server, name)) = database().await else { return };
    let url = options.clone().database(&name).to_url_lossy().to_string();
    let folder = Folder::new();
    let data = folder.path().join("data");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portal"));
        command.arg("--data").arg(&data).args(arguments).stdin(Stdio::null());
        told(&command.env("ESCHOOL_DATABASE", &url).env("RUST_LOG", "debug").output().unwrap())
    };
    let files = school();
    let files = files.to_str().unwrap();

    let (code, _, stderr) = run(&["import", files]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("schema_older"), "{stderr}");
    assert_eq!(run(&["migrate"]).0, Some(0));
    let there = "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')";
    let mut connection =
        PgConnection::connect_with(&options.clone().database(&name)).await.unwrap();
    let has_citus: bool = sqlx::query_scalar(there).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let (code, stdout, stderr) = run(&["distribute"]);
    if has_citus {
        assert!(code == Some(0) && stdout.contains("аспределен"), "{stdout}{stderr}");
    } else {
        assert_eq!((code, stdout.as_str()), (Some(1), ""));
        assert!(stderr.contains("citus_missing"), "{stderr}");
    }
    let (code, stdout, stderr) = run(&["import", files]);
    assert_eq!(code, Some(3), "{stdout}{stderr}");
    let secret = options.to_url_lossy();
    if let Some(password) = secret.password() {
        assert!(!stdout.contains(password) && !stderr.contains(password), "it is nobody's to read");
    }
    let (code, stdout, stderr) = run(&["--print-cards", "5А"]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.contains("КАРТОЧКА РЕГИСТРАЦИИ ДОСТУПА"), "{stdout}");
    assert!(!data.join("eschool.sqlite3").exists(), "nothing is kept in the folder but the keys");

    // New keys would open nothing of what is there.
    std::fs::remove_file(data.join("keys.txt")).unwrap();
    let (code, _, stderr) = run(&["import", files]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("keys_missing"), "{stderr}");
    // Nor would those of another installation.
    let other = folder.path().join("other");
    let mut begun = Command::new(env!("CARGO_BIN_EXE_portal"));
    begun.arg("--data").arg(&other).args(["import", files]).stdin(Stdio::null());
    assert_eq!(told(&begun.env_remove("ESCHOOL_DATABASE").output().unwrap()).0, Some(3));
    std::fs::copy(other.join("keys.txt"), data.join("keys.txt")).unwrap();
    let (code, stdout, stderr) = run(&["import", files]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert!(stderr.contains("keys_foreign"), "{stderr}");
    server.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await.unwrap();
}

#[test]
fn a_chore_of_a_server_needs_its_name() {
    for (chore, expected) in [("migrate", "database_missing"), ("distribute", "database_in_folder")]
    {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portal"));
        command.arg(chore).env_remove("ESCHOOL_DATABASE").stdin(Stdio::null());
        let (code, stdout, stderr) = told(&command.output().unwrap());
        assert_eq!((code, stdout.as_str()), (Some(2), ""));
        assert!(stderr.contains(expected), "{stderr}");
    }
}
