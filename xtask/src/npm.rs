//! What Node packages need: Node and npm themselves, and installing as the lock file has it.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use crate::command;
use crate::debian;
use crate::report::{Outcome, Stop};

/// What is installed from npm where the system's own Node is too old, as Debian's often is.
const NODE: &str = "node@20.19.5";

/// Sees to npm and a Node that is not too old; the `PATH` by which a program finds it.
///
/// # Errors
/// [`Stop::Skipped`] if they cannot be had.
pub(crate) fn provide(oldest_node: u32, tools: &Path) -> Result<OsString, Stop> {
    let own = std::env::var_os("PATH").unwrap_or_default();
    let missing = missing(oldest_node);
    if missing.is_empty() {
        return Ok(own);
    }
    debian::install(&missing)?;
    if self::missing(oldest_node).is_empty() {
        return Ok(own);
    }
    let bin = tools.join("node").join("node_modules").join("node").join("bin");
    let there = || {
        let answer = command::probe(Command::new(bin.join("node")).arg("--version"));
        answer.and_then(|answer| major(&answer)).is_some_and(|major| major >= oldest_node)
    };
    if !there() {
        println!("the system's Node is older than {oldest_node}: installing {NODE}");
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--no-save", "--prefix"]);
        command::run(npm.arg(tools.join("node")).arg(NODE))
            .map_err(|stop| Stop::Skipped(format!("no Node: {}", stop.reason())))?;
    }
    if !there() {
        return Err(Stop::Skipped(format!("{NODE} was installed and does not run")));
    }
    std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&own)))
        .map_err(|error| Stop::Failed(format!("no PATH for Node: {error}")))
}

/// The packages of Debian for what is not there or too old.
pub(crate) fn missing(oldest_node: u32) -> Vec<&'static str> {
    let version = |tool| command::probe(Command::new(tool).arg("--version"));
    let node = version("node").and_then(|answer| major(&answer));
    let checks = [
        ("nodejs", node.is_some_and(|major| major >= oldest_node)),
        ("npm", version("npm").is_some()),
    ];
    checks.into_iter().filter(|(_, there)| !there).map(|(package, _)| package).collect()
}

/// Installs into a folder what its lock file names, unless that is there.
///
/// # Errors
/// npm could not be run or failed.
pub(crate) fn install(folder: &Path) -> Outcome {
    if !is_stale(folder) {
        return Ok(());
    }
    let install = ["ci", "--no-audit", "--no-fund"];
    command::run(Command::new("npm").args(install).current_dir(folder))
}

/// The major version in Node's `v20.1.0`.
fn major(answer: &str) -> Option<u32> {
    answer.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Whether what npm installed is absent or older than the lock file.
fn is_stale(folder: &Path) -> bool {
    let changed = |file: &str| -> Option<SystemTime> {
        folder.join(file).metadata().and_then(|metadata| metadata.modified()).ok()
    };
    // npm writes this copy of the lock file last, so a broken installation has none.
    match (changed("node_modules/.package-lock.json"), changed("package-lock.json")) {
        (Some(installed), Some(locked)) => installed < locked,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn major_version_of_node() {
        let table = [("v20.20.2\n", Some(20)), ("v18.0.0", Some(18)), ("20.1", None), ("", None)];
        for (answer, expected) in table {
            assert_eq!(major(answer), expected, "{answer:?}");
        }
    }
}
