//! Times the store over PostgreSQL: diaries beside pgbench, an import of people beside bare inserts;
//! and weighs what a pupil's year takes on a disk.
//!
//! `cargo xtask bench --only store` starts a server and calls this. By hand:
//!
//! ```text
//! cargo run --release -p eschool-benches --features store --bin store -- \
//!     --programs /usr/lib/postgresql/15/bin --schools 20
//! ```
//!
//! with the address of a server in `DATABASE_URL`, whose user may make databases.
#![expect(clippy::print_stdout, reason = "a program that tells figures")]

mod databases;
mod imports;
mod reads;
mod sizes;

use std::{error::Error, fs, num::NonZeroUsize, path::PathBuf, sync::Arc};

use chrono::{DateTime, Utc};
use clap::Parser;
use databases::Server;
use eschool_benches::{region::Region, store::Report};
use eschool_core::policy::SignInPolicy;
use eschool_store::{
    Store, StoreSettings,
    ambient::{Ambient, OsEntropy},
    backend::Backend,
    exchange::SchoolFiles,
    secret::{Argon2id, Keys, Passwords, Vault},
};
use indicatif::{ProgressBar, ProgressStyle};

/// Times the store over PostgreSQL.
#[derive(Parser)]
struct Options {
    /// The folder of PostgreSQL's programs
    #[arg(long, value_name = "DIR")]
    programs: PathBuf,
    /// How many schools diaries are read of
    #[arg(long, default_value_t = 200)]
    schools: usize,
    /// How many people are imported
    #[arg(long, default_value_t = 200_000)]
    people: usize,
    /// How many read at once
    #[arg(long, default_value_t = 8)]
    clients: usize,
    /// How many seconds each side reads, each time
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How many times each side reads
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Where the figures are written as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// A folder for what is written on the way; removed after
    #[arg(long, default_value = "target/bench-store", value_name = "DIR")]
    scratch: PathBuf,
}

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

fn main() -> Result<()> {
    let options = Options::parse();
    let url = std::env::var("DATABASE_URL").map_err(|_| "DATABASE_URL names no server")?;
    fs::create_dir_all(&options.scratch)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(measure(&options, &url));
    fs::remove_dir_all(&options.scratch)?;
    let report = report?;
    print!("{report}");
    if let Some(path) = &options.json {
        fs::write(path, serde_json::to_string_pretty(&report)?)?;
    }
    Ok(())
}

async fn measure(options: &Options, url: &str) -> Result<Report> {
    let mut server = Server::of(url, &options.programs)?;
    let report = measure_on(options, &mut server).await;
    server.drop_all().await?;
    report
}

async fn measure_on(options: &Options, server: &mut Server) -> Result<Report> {
    let region = Region::new(1, options.schools);
    let database = server.fresh("region").await?;
    let backend = server.open(&database).await?;
    let store = store(backend)?;
    let bar = progress(region.schools(), "loading schools")?;
    let mut pupils = 0;
    for number in 0..region.schools() {
        let school = region.school(number);
        import(&store, &texts(&school.files, |_| true)).await?;
        pupils += school.counts.pupils;
        bar.inc(1);
    }
    bar.finish_and_clear();
    server.analyse(&database).await?;
    let postgres_bytes = sizes::postgres(server, &database, pupils).await?;
    let sqlite_bytes = sizes::sqlite(&region, &options.scratch).await?;
    let reads = reads::measure(options, server, &database).await?;
    let imports = imports::measure(options, server).await?;
    Ok(Report {
        schools: region.schools(),
        pupils,
        clients: options.clients,
        read: reads.ours,
        pgbench: reads.pgbench,
        p50: reads.p50,
        p95: reads.p95,
        people: imports.people,
        import: imports.ours,
        inserts: imports.inserts,
        postgres_bytes,
        sqlite_bytes,
    })
}

/// A store whose keys are known to nobody and whose clock stands still.
fn store<B: Backend>(backend: B) -> Result<Store<B>> {
    let now: DateTime<Utc> = "2024-10-26T09:00:00Z".parse()?;
    Ok(Store::new(
        backend,
        Ambient::new(Arc::new(move || now), Arc::new(OsEntropy)),
        Vault::new(Keys::generate(&mut |bytes| bytes.fill(7))),
        Passwords::new(Arc::new(Argon2id::default()), NonZeroUsize::MIN)?,
        SignInPolicy::ryazan_2022(),
        StoreSettings::default(),
    ))
}

/// Those of a school's files that are wanted.
fn texts(files: &[(&'static str, String)], wanted: impl Fn(&str) -> bool) -> SchoolFiles {
    let wanted = files.iter().filter(|(name, _)| wanted(name));
    SchoolFiles::from_texts(wanted.map(|(name, text)| (*name, text.as_str())))
}

async fn import<B: Backend>(store: &Store<B>, files: &SchoolFiles) -> Result<()> {
    let report = store.import_school(files, &mut |_| {}).await?;
    match report.refused.first().or(report.conflicts.first()) {
        Some(row) => Err(format!("{}:{} {}", row.file, row.line, row.code).into()),
        None => Ok(()),
    }
}

fn progress(steps: usize, what: &'static str) -> Result<ProgressBar> {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")?;
    Ok(ProgressBar::new(steps as u64).with_style(style).with_message(what))
}
