//! Times, by criterion: run, then read from what it writes as JSON.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use eschool_benches::stats::Measured;
use serde_json::Value;

use super::lines::Line;
use super::table::{Figure, Row};
use super::{Run, forget};
use crate::command;
use crate::report::{Outcome, Stop};

const PACKAGE: &str = "eschool-benches";

/// Builds what is run, so that the first line does not wait for the compiler.
pub(super) fn build(run: &Run<'_>) -> Outcome {
    let mut cargo = run.workspace.cargo();
    command::quietly(cargo.args(["bench", "--package", PACKAGE, "--no-run"])).map(drop)
}

/// Forgets the figures of an earlier run, which must never pass for this one's.
pub(super) fn begin(run: &Run<'_>) -> Outcome {
    forget(&home(run))
}

/// How many times both sides have their turn: a neighbour's burst of work falls into one of them.
const ROUNDS: usize = 5;

/// Times a line and the other side of its bar, turn by turn.
pub(super) fn measure(run: &Run<'_>, line: &Line) -> Result<Row, Stop> {
    let names: Vec<_> = line.benches().collect();
    let filter = format!("^({})$", names.join("|"));
    let (mut ours, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        command::quietly(criterion(run).arg(&filter))?;
        ours.push(median(run, line, line.bench)?);
        if let Some((_, bench)) = line.beside {
            beside.push(median(run, line, bench)?);
        }
    }
    Ok(Row {
        what: line.what.to_owned(),
        measured: Some(Figure::of(&Measured::of(ours))),
        beside: line.beside.map(|(name, _)| (name.to_owned(), Figure::of(&Measured::of(beside)))),
        bar: line.bar,
        instructions: None,
    })
}

/// glibc's allocator keeps what was freed, as it does in a server that has run for a while. With a
/// heap of its own size a bench gives its memory back to the system after each call and takes it
/// anew, or does not, by where in it the last block happens to lie: the same code then costs half
/// as much again in some runs, on either side of a bar.
const KEEPING_MEMORY: [(&str, &str); 3] = [
    ("MALLOC_TRIM_THRESHOLD_", "268435456"),
    ("MALLOC_MMAP_THRESHOLD_", "268435456"),
    ("MALLOC_TOP_PAD_", "67108864"),
];

fn criterion(run: &Run<'_>) -> Command {
    let mut cargo = run.workspace.cargo();
    cargo.env("CRITERION_HOME", home(run)).envs(KEEPING_MEMORY);
    cargo.args(["bench", "--package", PACKAGE, "--bench", "time", "--", "--sample-size"]);
    let (samples, warm_up, measurement) =
        if run.quick { ("10", "0.1", "0.2") } else { ("50", "0.5", "1.5") };
    cargo.args([samples, "--warm-up-time", warm_up, "--measurement-time", measurement]);
    cargo
}

fn home(run: &Run<'_>) -> PathBuf {
    run.folder.join("criterion")
}

/// The median of one turn, for doing it once.
fn median(run: &Run<'_>, line: &Line, bench: &str) -> Result<f64, Stop> {
    let path = home(run).join(bench).join("new").join("estimates.json");
    let said = fs::read_to_string(&path)
        .map_err(|error| Stop::Failed(format!("{}: {error}", path.display())))?;
    let median = estimated(&said)
        .ok_or_else(|| Stop::Failed(format!("{}: no median in it", path.display())))?;
    Ok(median / line.times as f64)
}

/// The median among criterion's estimates.
fn estimated(said: &str) -> Option<f64> {
    let said: Value = serde_json::from_str(said).ok()?;
    said.pointer("/median/point_estimate")?.as_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_read_from_criterions_estimates() {
        let said = r#"{"mean": {"point_estimate": 9.0},
            "median": {"confidence_interval": {"lower_bound": 7.0}, "point_estimate": 8000.5},
            "median_abs_dev": {"point_estimate": 500.0}, "slope": null}"#;
        assert_eq!(estimated(said), Some(8000.5));
        for broken in ["", "{}", r#"{"mean": {"point_estimate": 1.0}}"#] {
            assert_eq!(estimated(broken), None, "{broken}");
        }
    }
}
