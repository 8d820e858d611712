//! What a database writes ahead of its tables: every row that was ever written stands there, also one
//! that the tables hold no more.

use std::{error::Error, fs, path::PathBuf, str::FromStr as _};

use sqlx::{Connection as _, PgConnection};

/// PostgreSQL's pages, each of which begins with a head; the first of a file has a longer one.
const PAGE: usize = 8192;
const HEAD: usize = 24;
const FIRST_HEAD: usize = 40;

/// The log from an instant on.
pub(super) enum Log {
    /// SQLite's, all there is.
    File(PathBuf),
    /// PostgreSQL's, from a file of it on. The connection holds a place in the log, so that the server
    /// throws nothing away that comes after.
    Server { connection: PgConnection, from: String },
}

impl Log {
    pub(super) fn beside(file: &std::path::Path) -> Self {
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        Self::File(log.into())
    }

    /// The log of a server, which others may use too: what they wrote before is not in it.
    pub(super) async fn of_server(url: &str) -> Result<Self, Box<dyn Error>> {
        let mut connection = PgConnection::connect(url).await?;
        let slot = "SELECT 1 FROM pg_create_physical_replication_slot( \
                      'eschool_check_leaks_' || pg_backend_pid(), true, true)";
        sqlx::query(slot).execute(&mut connection).await?;
        sqlx::query("SELECT pg_switch_wal()").execute(&mut connection).await?;
        // The name of an address between two files is that of the former.
        let from = "SELECT pg_walfile_name(pg_current_wal_insert_lsn() + 1)";
        let from = sqlx::query_scalar(from).fetch_one(&mut connection).await?;
        Ok(Self::Server { connection, from })
    }

    /// What was written since.
    pub(super) async fn end(self) -> Result<Vec<u8>, Box<dyn Error>> {
        let (mut connection, from) = match self {
            Self::File(path) => return Ok(fs::read(path)?),
            Self::Server { connection, from } => (connection, from),
        };
        sqlx::query("CHECKPOINT").execute(&mut connection).await?;
        let (folder, last, end): (String, String, i32) = sqlx::query_as(
            "SELECT current_setting('data_directory'), file_name, file_offset \
             FROM pg_walfile_name_offset(pg_current_wal_flush_lsn() + 1)",
        )
        .fetch_one(&mut connection)
        .await?;
        let mut files = Vec::new();
        for entry in fs::read_dir(PathBuf::from_str(&folder)?.join("pg_wal"))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let is_file = name.len() == from.len() && name.bytes().all(|b| b.is_ascii_hexdigit());
            if is_file && (&from..=&last).contains(&&name) {
                files.push(name);
            }
        }
        files.sort();
        if files.first() != Some(&from) {
            return Err("the server threw its log away".into());
        }
        let mut log = Vec::new();
        for name in files {
            let bytes = fs::read(PathBuf::from_str(&folder)?.join("pg_wal").join(&name))?;
            // What follows in the last file is of an older one that it was.
            let length = if name == last { usize::try_from(end)? } else { bytes.len() };
            let bytes = bytes.get(..length).unwrap_or(&bytes);
            log.extend_from_slice(&without_heads(bytes));
        }
        connection.close().await?;
        Ok(log)
    }
}

/// What stands on the pages of a file, one after another: a row goes on from page to page.
fn without_heads(file: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(file.len());
    for (number, page) in file.chunks(PAGE).enumerate() {
        let head = if number == 0 { FIRST_HEAD } else { HEAD };
        bytes.extend_from_slice(page.get(head..).unwrap_or_default());
    }
    bytes
}
