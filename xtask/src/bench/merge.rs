//! The merge plan beside DuckDB, timed in turns by the program `merge` of `eschool-benches`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use eschool_benches::merge::{Beside, Report};
use eschool_benches::stats::Measured;

use super::Run;
use super::table::{Bar, Figure, Row, grouped};
use crate::command;
use crate::python;
use crate::report::Stop;

/// The DuckDB the bar is held against.
const DUCKDB: &str = "2.0.0";

/// A Python that has DuckDB, made in the target folder if it is not there.
///
/// # Errors
/// [`Stop::Skipped`] if it cannot be had.
pub(super) fn provide(run: &Run<'_>) -> Result<PathBuf, Stop> {
    let folder = run.folder.join("python");
    let version = ["-c", "import duckdb; print(duckdb.__version__)"];
    let installed = command::probe(Command::new(python::at(&folder)).args(version));
    if installed.is_some_and(|answer| answer.trim() == DUCKDB) {
        return Ok(python::at(&folder));
    }
    println!("DuckDB {DUCKDB} is missing: installing it into {}", folder.display());
    python::make(&folder, &[&format!("duckdb=={DUCKDB}")])
}

/// Times both sides, of which the first line of the table is the one with the bar.
pub(super) fn measure(run: &Run<'_>, python: &Path) -> Result<Vec<Row>, Stop> {
    run.now("timing: plan merges beside DuckDB");
    let json = run.folder.join("merge.json");
    let mut cargo = run.workspace.cargo();
    cargo.args(["run", "--release", "--quiet", "--package", "eschool-benches", "--bin", "merge"]);
    cargo.arg("--").arg("--python").arg(python).arg("--json").arg(&json);
    cargo.arg("--scratch").arg(run.folder.join("merge"));
    if run.quick {
        cargo.args(["--each", "100000", "--rounds", "3"]);
    }
    command::quietly(&mut cargo)?;
    let failed =
        |error: &dyn std::fmt::Display| Stop::Failed(format!("{}: {error}", json.display()));
    let said = fs::read_to_string(&json).map_err(|error| failed(&error))?;
    let report: Report = serde_json::from_str(&said).map_err(|error| failed(&error))?;
    Ok(rows(&report, run.quick))
}

/// The line with the bar, for a run that could not judge it.
pub(super) fn not_measured() -> Row {
    Row {
        what: "plan merges, 1 000 000 × 1 000 000".to_owned(),
        measured: None,
        beside: None,
        bar: Some(Bar::Ratio(1.0)),
        instructions: None,
    }
}

fn rows(report: &Report, quick: bool) -> Vec<Row> {
    let Some(Beside { version, join, plan, tuned }) = &report.duckdb else { return Vec::new() };
    let row = |beside: &Measured, how: &str, bar| Row {
        what: format!("plan merges, {0} × {0}", grouped(report.each as f64)),
        measured: Some(Figure::of(&report.plan)),
        beside: Some((format!("DuckDB {version}, {how}"), Figure::of(beside))),
        bar,
        instructions: None,
    };
    // The bar is for a million people, so a quick run does not judge it.
    let bar = (!quick).then_some(Bar::Ratio(1.0));
    vec![
        row(plan, "same answer", bar),
        row(tuned, "same answer, tuned", bar),
        row(join, "bare join, no answer", None),
    ]
}
