//! What a call from another language costs: a year composed, its rows there and its days back, beside the
//! same in Rust with rows and days through JSON once each.

use std::path::Path;

use eschool_benches::stats::Measured;

use super::Run;
use super::lines::Subject;
use super::table::{Bar, Figure, Row};
use crate::command;
use crate::npm;
use crate::package::{self, HOME};
use crate::report::Stop;
use crate::steps;

type Measure = fn(&Run<'_>) -> Result<Vec<Row>, Stop>;

/// The languages, each with what is measured of it.
pub(super) const LANGUAGES: [(Subject, &str, Measure); 3] = [
    (Subject::Kotlin, "a call from Kotlin", kotlin),
    (Subject::Swift, "a call from Swift", swift),
    (Subject::TypeScript, "the npm package", typescript),
];

/// How many times as long as in Rust it may take.
const BAR: f64 = 5.0;
/// How often both sides have their turn.
const TURNS: usize = 3;

fn kotlin(run: &Run<'_>) -> Result<Vec<Row>, Stop> {
    let call = |year: &Path, days: &[&str]| steps::kotlin::bench(run.workspace, year, days);
    Ok(vec![measure(run, "Kotlin", call)?])
}

fn swift(run: &Run<'_>) -> Result<Vec<Row>, Stop> {
    let call = |year: &Path, days: &[&str]| steps::swift::bench(run.workspace, year, days);
    Ok(vec![measure(run, "Swift", call)?])
}

/// The call, and what a page downloads of each entry.
fn typescript(run: &Run<'_>) -> Result<Vec<Row>, Stop> {
    run.now("building the npm package");
    let package = package::make(run.workspace)?;
    let call = |year: &Path, days: &[&str]| {
        let mut node = npm::node(&package.path);
        node.current_dir(run.workspace.root().join(HOME)).arg("bench.mjs").arg(year).args(days);
        command::quietly(node.env("ESCHOOL_PACKAGE", &package.folder))
    };
    let mut rows = vec![measure(run, "TypeScript", call)?];
    rows.extend(package.sizes.iter().map(|size| Row {
        what: format!("download the npm package, {}", size.entry),
        measured: Some(Figure::Bytes(size.bytes)),
        beside: None,
        bar: Some(Bar::Bytes(size.most)),
        instructions: None,
    }));
    Ok(rows)
}

fn measure(
    run: &Run<'_>,
    language: &str,
    call: impl Fn(&Path, &[&str]) -> Result<String, Stop>,
) -> Result<Row, Stop> {
    run.now(&format!("timing: a year composed by a call from {language}"));
    let year = run.folder.join("year.json");
    let (mut ours, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..if run.quick { 1 } else { TURNS } {
        let mut cargo = run.workspace.cargo();
        cargo.args(["run", "--release", "--quiet", "-p", "eschool-benches", "--bin", "border"]);
        let said = command::quietly(cargo.arg("--").arg(&year))?;
        let (days, rounds) = said.split_once('\n').unwrap_or_default();
        beside.push(median(rounds)?);
        ours.push(median(&call(&year, &days.split(' ').collect::<Vec<_>>())?)?);
    }
    Ok(Row {
        what: format!("compose a year from {language}"),
        measured: Some(Figure::of(&Measured::of(ours))),
        beside: Some(("Rust with JSON there and back".into(), Figure::of(&Measured::of(beside)))),
        bar: Some(Bar::Ratio(BAR)),
        instructions: None,
    })
}

/// The middle of the rounds that a program printed, in nanoseconds.
fn median(said: &str) -> Result<f64, Stop> {
    let rounds: Vec<f64> = said.lines().filter_map(|line| line.trim().parse().ok()).collect();
    if rounds.is_empty() {
        return Err(Stop::Failed(format!("no nanoseconds in `{said}`")));
    }
    Ok(Measured::of(rounds).median)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_of_what_was_printed() {
        assert_eq!(median("5\n 7 \n6\n"), Ok(6.0));
        assert!(median("Exception").is_err());
    }
}
