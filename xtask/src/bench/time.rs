//! Times, by criterion: run, then read from what it writes as JSON.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

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

/// Times a line and the other side of its bar, one after the other.
pub(super) fn measure(run: &Run<'_>, line: &Line) -> Result<Row, Stop> {
    let names: Vec<_> = line.benches().collect();
    command::quietly(criterion(run).arg(format!("^({})$", names.join("|"))))?;
    let beside = line.beside.map(|(name, bench)| Ok((name.to_owned(), figure(run, line, bench)?)));
    Ok(Row {
        what: line.what.to_owned(),
        measured: Some(figure(run, line, line.bench)?),
        beside: beside.transpose()?,
        bar: line.bar,
        instructions: None,
    })
}

fn criterion(run: &Run<'_>) -> Command {
    let mut cargo = run.workspace.cargo();
    cargo.env("CRITERION_HOME", home(run));
    cargo.args(["bench", "--package", PACKAGE, "--bench", "time", "--"]);
    if run.quick {
        cargo.args(["--warm-up-time", "0.3", "--measurement-time", "0.7", "--sample-size", "20"]);
    } else {
        cargo.args(["--warm-up-time", "1"]);
    }
    cargo
}

fn home(run: &Run<'_>) -> PathBuf {
    run.folder.join("criterion")
}

fn figure(run: &Run<'_>, line: &Line, bench: &str) -> Result<Figure, Stop> {
    let path = home(run).join(bench).join("new").join("estimates.json");
    let said = fs::read_to_string(&path)
        .map_err(|error| Stop::Failed(format!("{}: {error}", path.display())))?;
    estimates(&said, line.times)
        .ok_or_else(|| Stop::Failed(format!("{}: no median in it", path.display())))
}

/// The median of criterion's estimates, and the median distance from it.
fn estimates(said: &str, times: usize) -> Option<Figure> {
    let said: Value = serde_json::from_str(said).ok()?;
    let estimate = |name| Some(said.get(name)?.get("point_estimate")?.as_f64()? / times as f64);
    Some(Figure { median: estimate("median")?, mad: estimate("median_abs_dev")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_read_from_criterions_estimates() {
        let said = r#"{"mean": {"point_estimate": 9.0},
            "median": {"confidence_interval": {"lower_bound": 7.0}, "point_estimate": 8000.0},
            "median_abs_dev": {"point_estimate": 500.0}, "slope": null}"#;
        assert_eq!(estimates(said, 1000), Some(Figure { median: 8.0, mad: 0.5 }));
        for broken in ["", "{}", r#"{"median": {"point_estimate": 1.0}}"#] {
            assert_eq!(estimates(broken, 1), None, "{broken}");
        }
    }
}
