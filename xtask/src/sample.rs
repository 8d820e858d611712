//! `cargo xtask sample`: regions of schools that nobody goes to, for trying out how something does
//! with many.

use std::{
    error::Error,
    fs,
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use chrono::NaiveDate;
use clap::{Args, value_parser};
use eschool_benches::region::{Counts, Region, School};
use eschool_store::{
    Store,
    ambient::{Entropy as _, OsEntropy},
    backend::Backend,
    exchange::SchoolFiles,
    postgres::PostgresBackend,
    secret::Keys,
};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use crate::check_school::{Clock, Place, store};

/// The day on which the schools are imported: the quarter is over.
const DAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2024, 10, 26);
const POLICY: &str = "ryazan_2022";
/// Where the files go if nothing else is named.
const OUT: &str = "target/sample";

/// Makes a region: schools of some 600 pupils with their families, staff and a quarter of journals.
///
/// Nobody in it is real. The same seed makes the same schools, however many are asked for, but for
/// the families that the last one would share with the next.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many schools
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..))]
    schools: u16,

    /// What the schools are drawn from
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,

    #[command(flatten)]
    whereto: Whereto,

    /// The file with the keys of the database; made if it is not there
    #[arg(long, value_name = "FILE", requires = "database", default_value = "keys.txt")]
    keys: PathBuf,
}

#[derive(Debug, Args)]
#[group(multiple = false)]
struct Whereto {
    /// Write the exchange files here, a folder for each school
    #[arg(long, value_name = "DIR", default_value = OUT)]
    out: PathBuf,

    /// Import the schools into this database: an address of PostgreSQL or a file of SQLite
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

/// Runs the chore to its exit code.
pub(crate) fn run(options: &Options) -> ExitCode {
    match make(options) {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn make(options: &Options) -> Result<String, Box<dyn Error>> {
    let region = Region::new(options.seed, options.schools.into());
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    let bar = ProgressBar::new(options.schools.into())
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut all = Counts::default();
    let mut put = Destination::of(options)?;
    for number in 0..region.schools() {
        bar.set_message(format!("school {}", number + 1));
        let school = region.school(number);
        put.put(number, &school).map_err(|error| format!("{}: {error}", school.name))?;
        let Counts { pupils, parents, lessons, marks } = school.counts;
        all.pupils += pupils;
        all.parents += parents;
        all.lessons += lessons;
        all.marks += marks;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let count = |count: usize| HumanCount(count as u64);
    let place = match &put {
        Destination::Folder(folder) => format!(" in {}", folder.display()),
        Destination::Store(..) => String::new(),
    };
    Ok(format!(
        "{} schools, {} pupils, {} parents, {} lessons, {} marks{place}",
        region.schools(),
        count(all.pupils),
        count(all.parents),
        count(all.lessons),
        count(all.marks)
    ))
}

/// Where the schools go.
enum Destination {
    Folder(PathBuf),
    Store(tokio::runtime::Runtime, Box<Store<Arc<dyn Backend>>>),
}

impl Destination {
    fn of(options: &Options) -> Result<Self, Box<dyn Error>> {
        let Whereto { out, database } = &options.whereto;
        let Some(database) = database.as_deref() else { return Ok(Self::Folder(out.clone())) };
        let keys = keys(&options.keys)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let store = runtime.block_on(async {
            let is_server =
                database.starts_with("postgres:") || database.starts_with("postgresql:");
            let place = if is_server {
                PostgresBackend::migrate(database).await?;
                Place::Url(database.to_owned())
            } else {
                Place::File(database.into())
            };
            let clock = Clock::at(DAY.ok_or("no such day")?);
            store(place.open().await?, &clock, keys, POLICY)
        })?;
        Ok(Self::Store(runtime, Box::new(store)))
    }

    fn put(&mut self, number: usize, school: &School) -> Result<(), Box<dyn Error>> {
        let texts = school.files.iter().map(|(name, text)| (*name, text.as_str()));
        let files = SchoolFiles::from_texts(texts);
        match self {
            Self::Folder(folder) => {
                let folder = folder.join(format!("school-{:04}", number + 1));
                fs::create_dir_all(&folder)?;
                files.write_folder(&folder)?;
            }
            Self::Store(runtime, store) => {
                let report = runtime.block_on(store.import_school(&files, &mut |_| {}))?;
                if let Some(row) = report.refused.first().or(report.conflicts.first()) {
                    return Err(format!("{}:{} {}", row.file, row.line, row.code).into());
                }
            }
        }
        Ok(())
    }
}

/// The keys in a file that its owner alone may read.
fn keys(file: &Path) -> Result<Keys, Box<dyn Error>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Keys::parse(&text)?),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let keys = Keys::generate(&mut |bytes| OsEntropy.fill(bytes));
            let mut new = fs::OpenOptions::new();
            new.write(true).create_new(true).mode(0o600);
            new.open(file)?.write_all(keys.to_text().as_bytes())?;
            Ok(keys)
        }
        Err(error) => Err(format!("{}: {error}", file.display()).into()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Chore {
        #[command(flatten)]
        options: Options,
    }

    fn whereto(arguments: &[&str]) -> Option<(PathBuf, Option<String>)> {
        let arguments = ["sample", "--schools", "2"].iter().chain(arguments);
        let Whereto { out, database } = Chore::try_parse_from(arguments).ok()?.options.whereto;
        Some((out, database))
    }

    #[test]
    fn files_go_to_the_target_folder_unless_a_place_is_named() {
        assert_eq!(whereto(&["--seed", "7"]), Some((OUT.into(), None)));
        assert_eq!(whereto(&["--out", "d"]), Some(("d".into(), None)));
        assert_eq!(whereto(&["--database", "d"]), Some((OUT.into(), Some("d".into()))));
        assert_eq!(whereto(&["--out", "d", "--database", "d"]), None);
    }
}
