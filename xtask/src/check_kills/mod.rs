//! `cargo xtask check-kills`: kills imports in the midst of their work and does them again.
//!
//! A process of its own imports a school and tells each commit; it is killed (SIGKILL) after one of
//! them, a part of the way to the next. The kills are spread evenly over the commits, so they fall
//! between statements of a transaction as well as between transactions. Whatever is there then, the
//! school given out after a second import must be, byte by byte, the one of an undisturbed import.

mod child;
mod kill;

use std::{
    error::Error,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

pub(crate) use child::run as run_child;
use chrono::NaiveDate;
use clap::Args;
use eschool_benches::region::Region;
use eschool_store::{
    Store,
    ambient::{Entropy as _, OsEntropy},
    backend::{Access, Backend},
    exchange::{FileForm, SchoolFiles, SchoolFolder},
    secret::Keys,
};
use indicatif::{ProgressBar, ProgressStyle};

use self::kill::{Course, Found, Kill};
use crate::{
    check_school::{Clock, Database, Databases, Place, export, store},
    steps::school_data,
    workspace::Workspace,
};

/// The day on which everything happens.
const DAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2024, 12, 31);
const POLICY: &str = "ryazan_2022";
/// Of a hundred kills, so many at least must find the import partly done.
const PARTIAL_PERCENT: usize = 90;

/// Kills imports of a school in the midst of their work, does each of them again, and compares what
/// is given out then with the school of an undisturbed import
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The folder of the school's files; without it, the first of the sample schools beside the
    /// project or, where they are not there, one of a region that `sample` makes
    dir: Option<PathBuf>,
    /// The kind of database the school is kept in
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    database: Database,
    /// How many imports are killed
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..))]
    kills: u16,
}

/// Runs the chore to its exit code.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> ExitCode {
    let dir = options
        .dir
        .clone()
        .or_else(|| Some(school_data(workspace).join("school-a")).filter(|folder| folder.is_dir()));
    let named =
        dir.as_ref().map_or("a school of a made region".into(), |dir| dir.display().to_string());
    let told = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(check(workspace, dir, options)));
    match told {
        Ok(told) => {
            println!("{named}: {told}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {named}: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn check(
    workspace: &Workspace,
    dir: Option<PathBuf>,
    options: &Options,
) -> Result<String, Box<dyn Error>> {
    let mut databases = Databases::of(options.database)?;
    let dir = match dir {
        Some(dir) => dir,
        None => {
            let school = Region::new(1, 1).school(0);
            let texts = school.files.iter().map(|(name, text)| (*name, text.as_str()));
            SchoolFiles::from_texts(texts).write_folder(databases.folder())?;
            databases.folder().to_path_buf()
        }
    };
    let told = kills(workspace, &dir, options, &mut databases).await;
    databases.drop_all().await?;
    told
}

async fn kills(
    workspace: &Workspace,
    dir: &Path,
    options: &Options,
    databases: &mut Databases,
) -> Result<String, Box<dyn Error>> {
    let keys = Keys::generate(&mut |bytes| OsEntropy.fill(bytes)).to_text().to_string();
    let school = School { files: SchoolFolder::at_with(dir, FileForm::Csv)?, keys };
    let task = |place| child::Task { place, dir: dir.to_path_buf(), keys: school.keys.clone() };

    let undisturbed = databases.place("undisturbed").await?;
    let course = Course::of(kill::start(workspace, &task(undisturbed.clone()))?)?;
    let whole = school.given_out(&undisturbed).await?.ok_or("the import left no school")?;
    databases.forget(&undisturbed).await?;

    let style = ProgressStyle::with_template("killing imports {wide_bar} {pos}/{len}");
    let bar = ProgressBar::new(options.kills.into())
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut kills: Vec<Kill> = Vec::new();
    for number in 0..options.kills {
        let place = databases.place(&format!("kill_{number}")).await?;
        let told =
            course.kill(kill::start(workspace, &task(place.clone()))?, number, options.kills)?;
        let found = match school.given_out(&place).await? {
            None => Found::Nothing,
            Some(files) if files == whole => Found::All,
            Some(files) => Found::Part { bytes: bytes(&files) },
        };
        kills.push(Kill { told, found });
        school.import_again(&place, &whole).await.map_err(|error| {
            format!("kill {number}, after {told} of {} commits: {error}", course.commits())
        })?;
        databases.forget(&place).await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    kill::judge(&kills, &course)?;
    let partial = kills.iter().filter(|kill| matches!(kill.found, Found::Part { .. })).count();
    let told = format!(
        "{} kills over {} commits, {partial} with a part of the school there; imported again, each \
         gives out the same bytes as an undisturbed import",
        kills.len(),
        course.commits(),
    );
    if partial * 100 < kills.len() * PARTIAL_PERCENT {
        return Err(format!("{told}, but {PARTIAL_PERCENT} of a hundred must be partial").into());
    }
    Ok(told)
}

fn bytes(files: &SchoolFiles) -> usize {
    files.iter().map(|(_, bytes)| bytes.len()).sum()
}

/// The school that is imported.
struct School {
    files: SchoolFolder,
    keys: String,
}

impl School {
    fn store(&self, backend: Arc<dyn Backend>) -> Result<Store<Arc<dyn Backend>>, Box<dyn Error>> {
        let clock = Clock::at(DAY.ok_or("no such day")?);
        store(backend, &clock, Keys::parse(&self.keys)?, POLICY)
    }

    /// The canonical files of the one school in a database; none while there is no school.
    async fn given_out(&self, place: &Place) -> Result<Option<SchoolFiles>, Box<dyn Error>> {
        // Opening checks that the database is sound.
        let backend = place.open().await?;
        let store = self.store(Arc::clone(&backend))?;
        let schools = backend.begin(Access::Read).await?.schools().await?;
        match &schools[..] {
            [] => Ok(None),
            [school] => Ok(Some(export(&store, school.id, FileForm::Csv).await?)),
            _ => Err("more than one school".into()),
        }
    }

    /// Imports the whole school, and compares what is given out then.
    async fn import_again(&self, place: &Place, whole: &SchoolFiles) -> Result<(), Box<dyn Error>> {
        self.store(place.open().await?)?.import_school(&self.files, &mut |_| {}).await?;
        let after = self.given_out(place).await?.ok_or("no school")?;
        let differs = whole.iter().find(|(name, bytes)| after.get(name.kind) != Some(*bytes));
        match differs {
            Some((name, _)) => Err(format!("`{name}` is given out otherwise").into()),
            None if after != *whole => Err("more files are given out".into()),
            None => Ok(()),
        }
    }
}
