//! `cargo xtask check-restart`: PostgreSQL is started anew while diaries are read, lessons are saved
//! and people sign in.
//!
//! `load`: what goes on meanwhile. Every answer is compared with the one that is known; what was
//! acknowledged must be there afterwards, once; and what failed must say that the database could not
//! be reached. The server is private and waits for its disk.

mod load;

use std::{
    error::Error,
    process::ExitCode,
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

use chrono::NaiveDate;
use eschool_benches::region::Region;
use eschool_store::{
    ambient::{Entropy as _, OsEntropy},
    backend::Backend,
    exchange::SchoolFiles,
    postgres::PostgresBackend,
    secret::Keys,
};

use self::load::{Kind, Load, Seen};
use crate::{
    check_school::{Clock, store},
    postgres::{Server, Stopping},
};

/// The day after the quarter that the school has.
const DAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2024, 10, 26);
const RESTARTS: [Stopping; 4] =
    [Stopping::Immediate, Stopping::Fast, Stopping::Immediate, Stopping::Immediate];
/// How long everybody works before each restart.
const BETWEEN: Duration = Duration::from_secs(2);
/// How long a success is waited for, so that it is told how much too late it came.
const LONGEST: Duration = Duration::from_secs(20);

/// Starts PostgreSQL anew while diaries are read, lessons saved and people signed in, and looks
/// whether an answer was wrong, or a write that was acknowledged is lost or doubled
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Seconds after which, at the latest, each kind of work succeeds again
    #[arg(long, value_name = "SECS", default_value_t = 2)]
    within: u64,
}

/// Runs the chore to its exit code.
pub(crate) fn run(options: &Options) -> ExitCode {
    let within = Duration::from_secs(options.within);
    let told = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(check(within)));
    match told {
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

async fn check(within: Duration) -> Result<String, Box<dyn Error>> {
    let mut server = Server::durable().map_err(|stop| stop.reason().to_owned())?;
    PostgresBackend::migrate(server.url()).await?;
    let backend: Arc<dyn Backend> = Arc::new(PostgresBackend::open(server.url()).await?);
    let clock = Clock::at(DAY.ok_or("no such day")?);
    let keys = Keys::generate(&mut |bytes| OsEntropy.fill(bytes));
    let store = Arc::new(store(Arc::clone(&backend), &clock, keys, "ryazan_2022")?);
    let school = Region::new(1, 1).school(0);
    let texts = school.files.iter().map(|(name, text)| (*name, text.as_str()));
    let report = store.import_school(&SchoolFiles::from_texts(texts), &mut |_| {}).await?;

    let load = Load::begin(store, backend, report.school).await?;
    let mut slowest = [Duration::ZERO; Kind::ALL.len()];
    for how in RESTARTS {
        sleep(BETWEEN);
        let accepts = server.restart(how).map_err(|stop| stop.reason().to_owned())?;
        for (kind, slowest) in Kind::ALL.into_iter().zip(&mut slowest) {
            let first = load.seen().first_after(kind, accepts, LONGEST.max(within));
            let first = first.ok_or_else(|| format!("no {kind:?} succeeds after a restart"))?;
            *slowest = (*slowest).max(first);
        }
    }
    sleep(BETWEEN);
    let sums = load.end().await?;
    let times: Vec<String> = Kind::ALL
        .into_iter()
        .zip(slowest)
        .map(|(kind, slowest)| format!("{kind:?} {:.2} s", slowest.as_secs_f64()))
        .collect();
    let told = format!(
        "{} restarts: {sums}; none wrong, lost or doubled. The first that succeeded after the \
         server was back, at the latest: {}",
        RESTARTS.len(),
        times.join(", "),
    );
    if slowest.iter().all(|slowest| *slowest <= within) {
        Ok(told)
    } else {
        Err(format!("{told}; it should be within {} s", within.as_secs()).into())
    }
}

impl Seen {
    /// How long after an instant the first of a kind succeeded that succeeded after it; waits for it.
    fn first_after(&self, kind: Kind, instant: Instant, longest: Duration) -> Option<Duration> {
        let deadline = Instant::now() + longest;
        while Instant::now() < deadline {
            if let Some(first) = self.after(kind, instant) {
                return Some(first - instant);
            }
            sleep(Duration::from_millis(5));
        }
        None
    }
}
