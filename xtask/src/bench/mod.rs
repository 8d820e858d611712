//! `cargo xtask bench`: how fast the library is, beside whatever else does the same work.
//!
//! Every figure stands in one table with the figure of the other side, taken in the same run on the
//! same machine, and with the bar the two are held against. Nothing here is a test: a neighbour's
//! work moves every figure, though hardly a ratio.

mod border;
mod instructions;
mod lines;
mod merge;
mod store;
mod table;
mod time;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::report::{Outcome, Stop};
use crate::workspace::Workspace;
use lines::{Line, Subject};
use table::Table;

/// Measure the library and print one table.
///
/// Both sides are timed in turns, in one run. Times are medians of the turns, each with the median
/// distance from it (±): by criterion, the merge plan and DuckDB by a program of their own. They are
/// what a thread has worked, without what it waited for a processor that others had. Instructions
/// are callgrind's count (gungraun): ours, then the other side's. What is needed and missing is
/// installed: valgrind by apt-get, the runner of gungraun by cargo and DuckDB by pip, both into the
/// target folder. What cannot be installed is left out and said below the table.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 whatever the bars say, 1 if something could not be built or \
                        run, or with --strict if a bar was not met, 2 the command line was wrong."
)]
pub(crate) struct Options {
    /// Measure these alone; the store, which takes longest, is measured only if it is named here.
    #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',')]
    only: Vec<Subject>,

    /// Measure shortly: for a look at whether all runs, not for figures to quote. The merge plan is
    /// of a tenth of the people.
    #[arg(long)]
    quick: bool,

    /// How many schools of some 600 pupils the store is measured with; one gigabyte of memory and
    /// twenty of a disk are enough for 200.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u16).range(2..))]
    schools: u16,

    /// Write the table as JSON too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Fail if a bar is not met or could not be judged.
    #[arg(long)]
    strict: bool,
}

/// What the parts of a run need to know.
struct Run<'a> {
    workspace: &'a Workspace,
    /// A folder of its own in the target folder.
    folder: PathBuf,
    quick: bool,
    progress: ProgressBar,
}

impl Run<'_> {
    /// Says what goes on now: in the bar or, where none is drawn, as a line.
    fn now(&self, what: &str) {
        if self.progress.is_hidden() {
            println!("{what}");
        } else {
            self.progress.set_message(what.to_owned());
        }
    }
}

/// Runs the chore to its exit code.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> ExitCode {
    match measure(workspace, options) {
        Ok((table, failed)) => {
            print!("{table}");
            let missed = options.strict && !table.all_met();
            if failed || missed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
        }
        Err(stop) => {
            eprintln!("error: {}", stop.reason());
            ExitCode::FAILURE
        }
    }
}

/// The table, and whether something failed that should have run.
fn measure(workspace: &Workspace, options: &Options) -> Result<(Table, bool), Stop> {
    let asked = |subject: Subject| options.only.is_empty() || options.only.contains(&subject);
    let lines: Vec<Line> = Line::all().into_iter().filter(|line| asked(line.subject)).collect();
    let folder = workspace.target().join("bench");
    fs::create_dir_all(&folder)
        .map_err(|error| Stop::Failed(format!("no folder {}: {error}", folder.display())))?;
    let progress = ProgressBar::no_length();
    let mut run = Run { workspace, folder, quick: options.quick, progress };
    let mut table = Table { quick: options.quick, rows: Vec::new(), notes: Vec::new() };
    let mut failed = false;
    let mut note = |what: &str, stop: Stop| {
        failed |= matches!(stop, Stop::Failed(_));
        format!("not measured: {}", stop.about(what).reason())
    };

    // Installers talk to the terminal, so they come before the bar.
    let counter = (!lines.is_empty()).then(|| instructions::provide(&run));
    let python = asked(Subject::Merge).then(|| merge::provide(&run));
    let style = ProgressStyle::with_template("{spinner} {msg} {wide_bar} {pos}/{len}");
    let with_store = options.only.contains(&Subject::Store);
    let steps = lines.len() + 2 + usize::from(python.is_some()) + usize::from(with_store);
    run.progress = ProgressBar::new(steps as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    run.progress.enable_steady_tick(Duration::from_millis(200));

    if !lines.is_empty() {
        run.now("building the benches");
        time::build(&run)?;
        time::begin(&run)?;
    }
    run.progress.inc(1);
    for line in &lines {
        run.now(&format!("timing: {}", line.what));
        let timed = time::measure(&run, line)?;
        table.rows.push(timed);
        run.progress.inc(1);
    }
    run.now("counting instructions");
    match counter.map(|runner| runner.and_then(|runner| instructions::count(&run, &runner))) {
        None => {}
        Some(Ok(counts)) => {
            let rows = table.rows.iter_mut().zip(&lines);
            rows.for_each(|(row, line)| row.instructions = counts.of(line));
        }
        Some(Err(stop)) => table.notes.push(note("instructions", stop)),
    }
    run.progress.inc(1);
    match python.map(|python| python.and_then(|python| merge::measure(&run, &python))) {
        Some(Ok(rows)) => table.rows.extend(rows),
        Some(Err(stop)) => {
            table.notes.push(note("the merge plan beside DuckDB", stop));
            table.rows.push(merge::not_measured());
        }
        None => {}
    }
    for (subject, language, measure) in border::LANGUAGES {
        if asked(subject) {
            match measure(&run) {
                Ok(rows) => table.rows.extend(rows),
                Err(stop) => table.notes.push(note(language, stop)),
            }
        }
    }
    if with_store {
        match store::measure(&run, options.schools) {
            Ok((rows, sizes)) => {
                table.rows.extend(rows);
                table.notes.push(sizes);
            }
            Err(stop) => table.notes.push(note("the store over PostgreSQL", stop)),
        }
    }
    run.progress.finish_and_clear();
    if let Some(path) = &options.json {
        fs::write(path, table.to_json())
            .map_err(|error| Stop::Failed(format!("{}: {error}", path.display())))?;
    }
    Ok((table, failed))
}

/// Removes a folder of an earlier run.
fn forget(folder: &Path) -> Outcome {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Stop::Failed(format!("{}: {error}", folder.display())))
        }
        _ => Ok(()),
    }
}
