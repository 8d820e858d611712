//! Licences, bans and sources of the dependency tree, judged by cargo-deny under `deny.toml`.

use crate::command;
use crate::report::{Outcome, Stop};
use crate::workspace::Workspace;

/// The version whose rules `deny.toml` is written for.
const VERSION: &str = "0.20.2";

pub(super) fn run(workspace: &Workspace) -> Outcome {
    provide(workspace)?;
    // cargo-deny judges the tree of every platform, of which a build has fetched only its own.
    if let Err(stop) = command::run(workspace.cargo().arg("fetch")) {
        println!("{}; going on with the crates at hand", stop.reason());
    }
    let check = ["deny", "--offline", "check", "bans", "licenses", "sources"];
    command::run(workspace.cargo().args(check))
}

fn provide(workspace: &Workspace) -> Outcome {
    let found = command::probe(workspace.cargo().args(["deny", "--version"]));
    if found.is_some_and(|answer| is_wanted(&answer)) {
        return Ok(());
    }
    println!("cargo-deny {VERSION} is missing: installing it, which takes a few minutes");
    let install = ["install", "cargo-deny", "--version", VERSION, "--locked"];
    command::run(workspace.cargo().args(install))
        .map_err(|stop| Stop::Skipped(format!("no cargo-deny {VERSION}: {}", stop.reason())))
}

/// Whether `cargo deny --version` answers with the version wanted.
fn is_wanted(answer: &str) -> bool {
    answer.split_whitespace().nth(1) == Some(VERSION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_version_wanted_will_do() {
        let table = [
            ("cargo-deny 0.20.2\n", true),
            ("cargo-deny 0.20.20\n", false),
            ("cargo-deny 0.18.0\n", false),
            ("", false),
        ];
        for (answer, wanted) in table {
            assert_eq!(is_wanted(answer), wanted, "{answer:?}");
        }
    }
}
