//! Instructions, counted by callgrind through gungraun.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::lines::Line;
use super::{Run, forget};
use crate::command;
use crate::debian;
use crate::report::Stop;

/// The version of gungraun in `Cargo.toml`: its runner must be of the same.
const VERSION: &str = "0.20.0";

/// The runner, installed into the target folder if it is not there.
///
/// # Errors
/// [`Stop::Skipped`] if it or valgrind cannot be had.
pub(super) fn provide(run: &Run<'_>) -> Result<PathBuf, Stop> {
    if command::probe(Command::new("valgrind").arg("--version")).is_none() {
        debian::install(&["valgrind"])?;
    }
    let tools = run.workspace.target().join("tools");
    let runner = tools.join("bin").join("gungraun-runner");
    let installed = command::probe(Command::new(&runner).arg("--version"));
    if installed.is_some_and(|answer| is_wanted(&answer)) {
        return Ok(runner);
    }
    println!("gungraun-runner {VERSION} is missing: installing it, which takes a few minutes");
    let mut install = run.workspace.cargo();
    install.args(["install", "gungraun-runner", "--version", VERSION, "--force", "--root"]);
    command::run(install.arg(tools))
        .map_err(|stop| Stop::Skipped(format!("no gungraun-runner: {}", stop.reason())))?;
    Ok(runner)
}

/// Whether `gungraun-runner --version` answers with the version wanted.
fn is_wanted(answer: &str) -> bool {
    answer.split_whitespace().nth(1) == Some(VERSION)
}

/// Instructions by the name of the bench.
#[derive(Debug, PartialEq)]
pub(super) struct Counts(BTreeMap<String, f64>);

/// Counts all lines.
pub(super) fn count(run: &Run<'_>, runner: &Path) -> Result<Counts, Stop> {
    // Where it finds an earlier run it compares, and says so in another form.
    let home = run.folder.join("gungraun");
    forget(&home)?;
    let mut cargo = run.workspace.cargo();
    cargo.env("GUNGRAUN_RUNNER", runner).env("GUNGRAUN_HOME", home);
    cargo.args(["bench", "--package", "eschool-benches", "--bench", "instructions", "--"]);
    let said = command::quietly(cargo.arg("--output-format=json"))?;
    read(&said).ok_or_else(|| Stop::Failed("gungraun printed no counts".to_owned()))
}

impl Counts {
    /// Of a line: ours and the other side's, each for doing it once.
    pub(super) fn of(&self, line: &Line) -> Option<(f64, Option<f64>)> {
        let once = |bench| self.0.get(bench).map(|count| count / line.times as f64);
        Some((once(line.bench)?, line.beside.and_then(|(_, bench)| once(bench))))
    }
}

/// Reads a line of JSON for each bench.
fn read(said: &str) -> Option<Counts> {
    let counts: Option<BTreeMap<_, _>> = said.lines().map(summary).collect();
    counts.filter(|counts| !counts.is_empty()).map(Counts)
}

/// The name of a bench, and how many instructions it took.
fn summary(line: &str) -> Option<(String, f64)> {
    let said: Value = serde_json::from_str(line).ok()?;
    let name = |field| said.get(field).and_then(Value::as_str);
    let profiles = said.get("profiles")?.as_array()?;
    let count = profiles.iter().find_map(|profile| {
        profile.pointer("/data/total/metrics/Ir/values/new").and_then(Value::as_f64)
    });
    Some((format!("{}/{}", name("function_name")?, name("id")?), count?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = r#"{"function_name": "parse_snils", "id": "printed", "profiles": [{"data":
        {"total": {"metrics": {"Dr": {"values": {"new": 1}}, "Ir": {"values": {"new": 448032}}}}},
        "tool": "Callgrind"}]}"#;

    #[test]
    fn counts_are_read_and_given_for_one_time() {
        let ours = SAID.replace('\n', "");
        let theirs = ours.replace("parse_snils", "plain_loop").replace("448032", "312000");
        let counts = read(&format!("{ours}\n{theirs}\n")).unwrap();
        let line = Line::all().into_iter().find(|line| line.bench == "parse_snils/printed");
        assert_eq!(counts.of(&line.unwrap()), Some((448.032, Some(312.0))));
        for broken in ["", "{}", "not json", &ours.replace("Ir", "Dw")] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }

    #[test]
    fn only_the_runner_of_the_same_version_will_do() {
        for (answer, wanted) in
            [("gungraun-runner 0.20.0\n", true), ("gungraun-runner 0.19.1\n", false), ("", false)]
        {
            assert_eq!(is_wanted(answer), wanted, "{answer:?}");
        }
    }
}
