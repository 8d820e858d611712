//! A server that is silent, while its connections stand: it was stopped, or its machine is gone.

use std::{num::NonZeroU32, str::FromStr as _, time::Duration};

use eschool_core::error::CodedError as _;
use sqlx::{ConnectOptions as _, postgres::PgConnectOptions};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};

use super::scratch::Database;
use crate::{
    backend::{Access, Backend as _, BackendError, Changes},
    postgres::{PostgresBackend, PostgresSettings},
    testing::{fixtures::school, reading, save},
};

/// Longer than any of what is set here, on however slow a machine.
const BOUND: Duration = Duration::from_secs(30);

fn one_school(n: u128) -> Changes {
    Changes { schools: vec![school(n)], ..Changes::default() }
}

/// Stands between a backend and its server, and passes on what they say while it is let.
struct Between {
    address: String,
    passes: watch::Sender<bool>,
}

impl Between {
    async fn new(database: &Database) -> Self {
        let options = PgConnectOptions::from_str(&database.work_url()).unwrap();
        let server = (options.get_host().to_owned(), options.get_port());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let address = options.host("127.0.0.1").port(port).to_url_lossy().to_string();
        let (passes, passing) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(server.clone()).await.unwrap();
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                tokio::spawn(pass(from_client, to_server, passing.clone()));
                tokio::spawn(pass(from_server, to_client, passing.clone()));
            }
        });
        Self { address, passes }
    }

    /// A backend of two connections and little patience.
    async fn backend(&self) -> PostgresBackend {
        let settings = PostgresSettings {
            connections: NonZeroU32::new(2).unwrap(),
            patience: Duration::from_millis(500),
            statement: Duration::from_millis(500),
            ..PostgresSettings::default()
        };
        PostgresBackend::open_with(&self.address, settings).await.unwrap()
    }

    fn be_silent(&self) {
        self.passes.send_replace(false);
    }

    fn pass_on(&self) {
        self.passes.send_replace(true);
    }
}

async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut passing: watch::Receiver<bool>,
) {
    let mut bytes = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut bytes).await {
        if passing.wait_for(|passes| *passes).await.is_err()
            || to.write_all(&bytes[..length]).await.is_err()
        {
            return;
        }
    }
}

/// What somebody is told in time.
async fn told<T>(answer: impl Future<Output = Result<T, BackendError>>) -> &'static str {
    let answer = timeout(BOUND, answer).await.expect("nobody waits for ever");
    answer.err().expect("nothing came").code()
}

#[tokio::test]
async fn a_silent_server_is_told_and_is_used_once_it_speaks_again() {
    let Some(database) = Database::migrated().await else { return };
    let between = Between::new(&database).await;
    let backend = between.backend().await;
    save(&backend, &one_school(1)).await;

    // Before anything was asked, over connections at rest and over new ones; more often than there
    // are connections.
    for access in [Access::Read, Access::Write, Access::InTurn(&[]), Access::Read] {
        between.be_silent();
        assert_eq!(told(backend.begin(access)).await, "store_unavailable");
    }
    between.pass_on();
    save(&backend, &one_school(2)).await;
    assert_eq!(reading(&backend).await.schools().await.unwrap().len(), 2);

    // When something is asked. Nothing else is then, and nothing is written for good.
    let mut reader = reading(&backend).await;
    let mut writer = backend.begin(Access::Write).await.unwrap();
    between.be_silent();
    assert_eq!(told(reader.schools()).await, "store_unavailable");
    assert_eq!(told(writer.apply(&one_school(3))).await, "store_unavailable");
    between.pass_on();
    assert_eq!(told(reader.schools()).await, "store_unavailable");
    assert_eq!(told(writer.commit()).await, "store_unavailable");
    drop(reader);
    assert_eq!(reading(&backend).await.schools().await.unwrap().len(), 2);
    save(&backend, &one_school(3)).await;

    // When all is written but the end.
    let mut writer = backend.begin(Access::Write).await.unwrap();
    writer.apply(&one_school(4)).await.unwrap();
    between.be_silent();
    assert_eq!(told(writer.commit()).await, "store_unavailable");
    between.pass_on();
    save(&backend, &one_school(4)).await;
    assert_eq!(reading(&backend).await.schools().await.unwrap().len(), 4);
}

/// Their places are free again for a server that answers, and nobody is told that all are taken.
#[tokio::test]
async fn what_is_given_back_to_a_silent_server_takes_no_place() {
    let Some(database) = Database::migrated().await else { return };
    let between = Between::new(&database).await;
    let backend = between.backend().await;
    let mut readers = [reading(&backend).await, reading(&backend).await];
    for reader in &mut readers {
        reader.schools().await.unwrap();
    }
    between.be_silent();
    drop(readers);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(told(backend.begin(Access::Read)).await, "store_unavailable");
    timeout(BOUND, backend.close()).await.expect("nobody waits for ever");
}

/// Else it would be the next one's: a writer would find itself where one only reads.
#[tokio::test]
async fn who_gives_up_while_a_transaction_begins_leaves_none_behind() {
    let Some(database) = Database::migrated().await else { return };
    let between = Between::new(&database).await;
    let backend = between.backend().await;
    save(&backend, &one_school(1)).await;
    for _ in 0..4 {
        between.be_silent();
        let beginning = timeout(Duration::from_millis(50), backend.begin(Access::Read));
        assert!(beginning.await.is_err());
        between.pass_on();
        save(&backend, &one_school(2)).await;
    }
    assert_eq!(reading(&backend).await.schools().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_reader_waits_no_longer_than_is_set() {
    let Some(database) = Database::migrated().await else { return };
    let backend = Between::new(&database).await.backend().await;
    save(&backend, &one_school(1)).await;
    let mut connection = database.connection().await;
    for statement in ["BEGIN", "LOCK TABLE school IN ACCESS EXCLUSIVE MODE"] {
        sqlx::query(statement).execute(&mut connection).await.unwrap();
    }
    let mut reader = reading(&backend).await;
    assert_eq!(told(reader.schools()).await, "busy");
    drop(reader);
    sqlx::query("ROLLBACK").execute(&mut connection).await.unwrap();
    assert_eq!(reading(&backend).await.schools().await.unwrap(), [school(1)]);
}
