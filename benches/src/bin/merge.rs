//! Times `plan_merges` beside DuckDB joining the same people, both in one run, turn by turn.
//!
//! `cargo xtask bench --only merge` makes what DuckDB needs and calls this. By hand, with a Python
//! that has the module `duckdb`, or without one for the plan alone:
//!
//! ```text
//! cargo run --release -p eschool-benches --bin merge -- --python target/bench-venv/bin/python
//! ```
#![expect(clippy::print_stdout, reason = "a program that tells figures")]

use std::{
    error::Error,
    fs,
    hint::black_box,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use clap::Parser;
use eschool_benches::{
    clock::worked,
    merge::{Beside, Report},
    people::Regions,
    stats::Measured,
};
use eschool_core::{
    merge::{MergePlan, plan_merges},
    people::Account,
};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;

/// Times the merge plan of two regions, beside DuckDB if a Python with it is named.
#[derive(Parser)]
struct Options {
    /// A Python that has the module `duckdb`; without one the plan is timed alone
    #[arg(long)]
    python: Option<PathBuf>,
    /// How many people each region has
    #[arg(long, default_value_t = 1_000_000)]
    each: usize,
    /// How many times each side is timed
    #[arg(long, default_value_t = 9)]
    rounds: usize,
    /// Where the figures are written as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// A folder for the files DuckDB reads: about 200 bytes a person, removed after
    #[arg(long, default_value = "target/bench-merge", value_name = "DIR")]
    scratch: PathBuf,
}

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

fn main() -> Result<()> {
    let options = Options::parse();
    let progress = ProgressBar::new(options.rounds as u64 + 1)
        .with_style(ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}")?)
        .with_message("making the people");
    progress.tick();
    let regions = Regions::of(options.each);
    let report = match &options.python {
        Some(python) => {
            fs::create_dir_all(&options.scratch)?;
            let report = beside_duckdb(&options, python, &regions, &progress);
            fs::remove_dir_all(&options.scratch)?;
            report?
        }
        None => alone(&options, &regions, &progress),
    };
    progress.finish_and_clear();
    print!("{report}");
    if let Some(path) = &options.json {
        fs::write(path, serde_json::to_string_pretty(&report)?)?;
    }
    Ok(())
}

fn alone(options: &Options, regions: &Regions, progress: &ProgressBar) -> Report {
    let rows = regions.rows();
    progress.set_message("timing");
    let figures = (0..=options.rounds).map(|_| {
        progress.inc(1);
        timed(|| plan_merges(black_box(&rows), &[])).0
    });
    Report::of(regions, warm(figures), None)
}

fn beside_duckdb(
    options: &Options,
    python: &Path,
    regions: &Regions,
    progress: &ProgressBar,
) -> Result<Report> {
    let (one, other) = (options.scratch.join("one.csv"), options.scratch.join("other.csv"));
    progress.set_message("writing them for DuckDB");
    write(&one, &regions.one)?;
    write(&other, &regions.other)?;
    progress.set_message("loading them");
    let mut duckdb = DuckDb::started(python, &one, &other)?;

    let rows = regions.rows();
    progress.set_message("timing");
    let (mut plans, mut joins, mut same, mut tuned) = (vec![], vec![], vec![], vec![]);
    for round in 0..=options.rounds {
        let (ns, plan) = timed(|| plan_merges(black_box(&rows), &[]));
        plans.push(ns);
        joins.push(duckdb.timed("join")?);
        for (order, figures) in [("plan", &mut same), ("tuned", &mut tuned)] {
            figures.push(duckdb.timed(order)?);
            if round == 0 {
                let (moves, conflicts) = duckdb.found(&options.scratch)?;
                check(regions, &plan, &moves, &conflicts)?;
            }
        }
        progress.inc(1);
    }
    let version = duckdb.ended()?;
    let (join, plan, tuned) = (warm(joins), warm(same), warm(tuned));
    Ok(Report::of(regions, warm(plans), Some(Beside { version, join, plan, tuned })))
}

/// The figures without the first, for which nothing was in any cache.
fn warm(figures: impl IntoIterator<Item = f64>) -> Measured {
    Measured::of(figures.into_iter().skip(1).collect())
}

fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let begun = worked();
    let done = work();
    ((worked() - begun).as_nanos() as f64, done)
}

fn write(path: &Path, accounts: &[Account]) -> Result<()> {
    let mut file = csv::Writer::from_path(path)?;
    file.write_record([
        "account",
        "school",
        "person",
        "snils",
        "family",
        "given",
        "patronymic",
        "birth_date",
    ])?;
    for account in accounts {
        let name = &account.name;
        file.write_record([
            account.id.to_string().as_str(),
            &account.school.to_string(),
            &account.person.to_string(),
            &account.snils.map(|snils| snils.digits().to_string()).unwrap_or_default(),
            name.family(),
            name.given(),
            name.patronymic().as_deref().unwrap_or_default(),
            &account.birth_date.map(|born| born.date().to_string()).unwrap_or_default(),
        ])?;
    }
    Ok(file.flush()?)
}

/// That both sides said the same, and what was put into the people came out.
fn check(regions: &Regions, plan: &MergePlan, moves: &str, conflicts: &str) -> Result<()> {
    let planned = plan.moves.iter().map(|step| {
        let (account, school, from, into) = (step.account, step.school, step.from, step.into);
        format!("{account},{school},{from},{into}")
    });
    agree("moves", planned, moves)?;
    let planned = plan.conflicts.iter().map(|conflict| {
        let accounts: Vec<_> =
            conflict.accounts.iter().map(|account| account.account.to_string()).collect();
        accounts.join(",")
    });
    agree("conflicts", planned, conflicts)?;
    if (plan.moves.len(), plan.conflicts.len()) != (regions.same, regions.strangers) {
        return Err("the plan is not what the people were made for".into());
    }
    Ok(())
}

fn agree(what: &str, ours: impl Iterator<Item = String>, theirs: &str) -> Result<()> {
    let (mut ours, mut theirs) = (ours, theirs.lines());
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => return Ok(()),
            (Some(ours), Some(theirs)) if ours == theirs => {}
            (ours, theirs) => {
                return Err(format!("{what}: planned {ours:?}, DuckDB found {theirs:?}").into());
            }
        }
    }
}

/// DuckDB in a Python of its own, its tables loaded.
struct DuckDb {
    process: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    version: String,
}

/// A line it answers.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    ns: f64,
    #[serde(default)]
    version: String,
}

impl DuckDb {
    fn started(python: &Path, one: &Path, other: &Path) -> Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("merge_duckdb.py");
        let mut process = Command::new(python)
            .arg(script)
            .args([one, other])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let orders = process.stdin.take().ok_or("no way to ask DuckDB")?;
        let answers = BufReader::new(process.stdout.take().ok_or("no way to hear DuckDB")?);
        let mut started = Self { process, orders, answers, version: String::new() };
        started.version = started.answer()?.version;
        Ok(started)
    }

    fn timed(&mut self, order: &str) -> Result<f64> {
        Ok(self.ask(order)?.ns)
    }

    /// The moves and the conflicts it found last, as CSV in the plan's order.
    fn found(&mut self, scratch: &Path) -> Result<(String, String)> {
        let (moves, conflicts) = (scratch.join("moves.csv"), scratch.join("conflicts.csv"));
        self.ask(&format!("write {} {}", moves.display(), conflicts.display()))?;
        Ok((fs::read_to_string(moves)?, fs::read_to_string(conflicts)?))
    }

    fn ask(&mut self, order: &str) -> Result<Answer> {
        writeln!(self.orders, "{order}")?;
        self.answer()
    }

    fn answer(&mut self) -> Result<Answer> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("DuckDB's side ended early; what it printed says why".into());
        }
        Ok(serde_json::from_str(&line)?)
    }

    fn ended(mut self) -> Result<String> {
        drop(self.orders);
        self.process.wait()?;
        Ok(self.version)
    }
}
