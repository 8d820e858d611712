//! The store over PostgreSQL beside pgbench and bare inserts, timed by the program `store` of
//! `eschool-benches` on a private server.

use std::fs;

use eschool_benches::stats::Measured;
use eschool_benches::store::Report;

use super::Run;
use super::table::{Bar, Figure, Row, grouped};
use crate::command;
use crate::postgres::{Server, programs};
use crate::report::Stop;

/// Measures, and says beside the lines what no line holds.
pub(super) fn measure(run: &Run<'_>, schools: u16) -> Result<(Vec<Row>, String), Stop> {
    run.now("timing: the store over PostgreSQL");
    let programs = programs()?;
    let server = Server::start()?;
    let json = run.folder.join("store.json");
    let mut cargo = run.workspace.cargo();
    cargo.args(["run", "--release", "--quiet", "--package", "eschool-benches"]);
    cargo.args(["--features", "store", "--bin", "store", "--", "--schools"]);
    cargo.arg(schools.to_string()).arg("--programs").arg(programs).arg("--json").arg(&json);
    cargo.arg("--scratch").arg(run.folder.join("store"));
    if run.quick {
        cargo.args(["--people", "5000", "--rounds", "1", "--seconds", "3"]);
    }
    command::quietly(cargo.env("DATABASE_URL", server.url()))?;
    let failed =
        |error: &dyn std::fmt::Display| Stop::Failed(format!("{}: {error}", json.display()));
    let said = fs::read_to_string(&json).map_err(|error| failed(&error))?;
    let report: Report = serde_json::from_str(&said).map_err(|error| failed(&error))?;
    Ok((rows(&report), rates_and_sizes(&report)))
}

fn rows(report: &Report) -> Vec<Row> {
    let row = |what: String, measured| Row {
        what,
        measured: Some(Figure::of(measured)),
        beside: None,
        bar: None,
        instructions: None,
    };
    let pupils = grouped(report.pupils as f64);
    let readers = report.clients;
    vec![
        // Half of its reads a second is twice its time.
        Row {
            beside: Some(("pgbench, same statements".into(), Figure::of(&report.pgbench))),
            bar: Some(Bar::Ratio(2.0)),
            ..row(format!("read a week, {pupils} pupils, {readers} readers"), &report.read)
        },
        row("… half of the reads within".into(), &report.p50),
        row("… nineteen of twenty within".into(), &report.p95),
        Row {
            beside: Some(("bare inserts".into(), Figure::of(&report.inserts))),
            bar: Some(Bar::Ratio(3.0)),
            ..row(format!("import {} people", grouped(report.people as f64)), &report.import)
        },
    ]
}

fn rates_and_sizes(report: &Report) -> String {
    let a_second = |read: &Measured| grouped(1e9 / read.median);
    format!(
        "{} weeks are read a second, {} by pgbench; a pupil's year takes {} bytes on PostgreSQL and {} \
         on SQLite",
        a_second(&report.read),
        a_second(&report.pgbench),
        grouped(report.postgres_bytes),
        grouped(report.sqlite_bytes)
    )
}
