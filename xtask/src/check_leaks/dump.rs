//! Everything that a database holds: each cell of each table as bytes, and the files it lies in.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    str::FromStr as _,
};

use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions,
};

use crate::check_school::Place;

/// A database to be looked at.
pub(super) struct Dump {
    address: Place,
    /// Of each column the table, the name, and what selects its cells as bytes.
    columns: Vec<(String, String, String)>,
    files: Vec<PathBuf>,
}

impl Dump {
    pub(super) async fn of(address: &Place) -> Result<Self, Box<dyn Error>> {
        let (columns, files) = match address {
            Place::File(path) => (columns_of_file(path).await?, beside(path)?),
            Place::Url(url) => of_server(url).await?,
        };
        if columns.is_empty() || files.is_empty() {
            return Err("the database has no tables or no files".into());
        }
        Ok(Self { address: address.clone(), columns, files })
    }

    /// What it is, for people.
    pub(super) fn told(&self) -> String {
        format!("{} columns and {} files", self.columns.len(), self.files.len())
    }

    /// The columns whose names say that they are sealed.
    pub(super) fn sealed(&self) -> Vec<String> {
        let sealed = self.columns.iter().filter(|(_, column, _)| column.ends_with("_sealed"));
        sealed.map(|(table, column, _)| format!("{table}.{column}")).collect()
    }

    /// Hands on each cell and each file with the name of its place.
    pub(super) async fn each(
        &self,
        take: &mut dyn FnMut(&str, &[u8]),
    ) -> Result<(), Box<dyn Error>> {
        for path in &self.files {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            match fs::read(path) {
                Ok(bytes) => take(&format!("file {name}"), &bytes),
                // A table's file may go while the others are read.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        match &self.address {
            Place::File(path) => {
                let mut connection = file(path).await?;
                for (table, column, select) in &self.columns {
                    let select = sqlx::query_scalar(AssertSqlSafe(select.clone()));
                    let cells: Vec<Vec<u8>> = select.fetch_all(&mut connection).await?;
                    cells.iter().for_each(|cell| take(&format!("{table}.{column}"), cell));
                }
            }
            Place::Url(url) => {
                let mut connection = PgConnection::connect(url).await?;
                for (table, column, select) in &self.columns {
                    let select = sqlx::query_scalar(AssertSqlSafe(select.clone()));
                    let cells: Vec<Vec<u8>> = select.fetch_all(&mut connection).await?;
                    cells.iter().for_each(|cell| take(&format!("{table}.{column}"), cell));
                }
            }
        }
        Ok(())
    }
}

type Columns = Vec<(String, String, String)>;

async fn file(path: &Path) -> Result<SqliteConnection, Box<dyn Error>> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    Ok(SqliteConnection::connect_with(&options).await?)
}

async fn columns_of_file(path: &Path) -> Result<Columns, Box<dyn Error>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
         WHERE t.type = 'table' ORDER BY 1, 2",
    )
    .fetch_all(&mut file(path).await?)
    .await?;
    let select = |(table, column): (String, String)| {
        let select = format!(
            "SELECT CAST(\"{column}\" AS BLOB) FROM \"{table}\" WHERE \"{column}\" IS NOT NULL"
        );
        (table, column, select)
    };
    Ok(rows.into_iter().map(select).collect())
}

/// The file with its write-ahead log, and whatever else is called like it.
fn beside(path: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folder = path.parent().ok_or("a file in no folder")?;
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_name().is_some_and(|other| other.to_string_lossy().starts_with(&name)) {
            files.push(path);
        }
    }
    Ok(files)
}

async fn of_server(url: &str) -> Result<(Columns, Vec<PathBuf>), Box<dyn Error>> {
    let mut connection = PgConnection::connect(url).await?;
    let rows: Vec<(String, String, bool)> = sqlx::query_as(
        "SELECT c.relname::text, a.attname::text, a.atttypid = 'bytea'::regtype \
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') \
           AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2",
    )
    .fetch_all(&mut connection)
    .await?;
    let select = |(table, column, is_bytes): (String, String, bool)| {
        let cell = if is_bytes {
            format!("\"{column}\"")
        } else {
            format!("convert_to(\"{column}\"::text, 'UTF8')")
        };
        let select = format!("SELECT {cell} FROM \"{table}\" WHERE \"{column}\" IS NOT NULL");
        (table, column, select)
    };
    // What is in memory alone is written out first.
    sqlx::query("CHECKPOINT").execute(&mut connection).await?;
    let (folder, database): (String, String) = sqlx::query_as(
        "SELECT current_setting('data_directory'), oid::text FROM pg_database \
         WHERE datname = current_database()",
    )
    .fetch_one(&mut connection)
    .await?;
    let mut files = Vec::new();
    for entry in fs::read_dir(PathBuf::from_str(&folder)?.join("base").join(database))? {
        files.push(entry?.path());
    }
    Ok((rows.into_iter().map(select).collect(), files))
}
