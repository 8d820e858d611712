//! The npm package: a year composed from TypeScript, beside Rust with the same JSON; and its sizes.

use std::process::Command;

use serde_json::Value;

use super::Run;
use super::table::{Bar, Figure, Row};
use crate::command;
use crate::package::{self, HOME};
use crate::report::Stop;

/// How many compressed bytes an entry may have.
const BARS: [(&str, u64); 2] = [("checks", 30_000), ("whole", 120_000)];

/// Measures, and says the sizes beside.
pub(super) fn measure(run: &Run<'_>) -> Result<(Row, Vec<String>), Stop> {
    run.now("timing: a year composed by the npm package");
    let package = package::make(run.workspace)?;
    let year = run.folder.join("year.json");
    let turns = if run.quick { "20" } else { "200" };
    let mut cargo = run.workspace.cargo();
    cargo.args([
        "run",
        "--release",
        "--quiet",
        "--package",
        "eschool-benches",
        "--bin",
        "npm",
        "--",
    ]);
    let rust = figure(&command::quietly(cargo.arg("--year").arg(&year).args(["--turns", turns]))?)?;
    let mut node = Command::new("node");
    node.current_dir(run.workspace.root().join(HOME)).arg("bench.mjs").arg(&year).arg(turns);
    let ours = figure(&command::quietly(node.env("ESCHOOL_PACKAGE", &package.folder))?)?;
    let row = Row {
        what: "compose a year from TypeScript".into(),
        measured: Some(ours),
        beside: Some(("Rust with the same JSON".into(), rust)),
        bar: Some(Bar::Ratio(5.0)),
        instructions: None,
    };
    let sizes = package.sizes.iter().zip(BARS).map(|((name, bytes), (_, most))| {
        let verdict = if *bytes <= most { "met" } else { "MISSED" };
        format!("npm, {name}: {bytes} bytes compressed, ≤ {most} {verdict}")
    });
    Ok((row, sizes.collect()))
}

/// What a program of either side says.
fn figure(said: &str) -> Result<Figure, Stop> {
    let read = || {
        let said: Value = serde_json::from_str(said).ok()?;
        Some(Figure { median: said.get("median")?.as_f64()?, mad: said.get("mad")?.as_f64()? })
    };
    read().ok_or_else(|| Stop::Failed(format!("no figure: {said}")))
}
