//! The portal in a real browser: Node's test runner drives a headless Chromium.

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use crate::command;
use crate::debian;
use crate::report::{Outcome, Stop};
use crate::workspace::Workspace;

const CHROMIUM: &str = "/usr/bin/chromium";
/// The first Node whose own test runner is stable.
const OLDEST_NODE: u32 = 18;
const TESTS: &str = "examples/portal/browser";

pub(super) fn run(workspace: &Workspace) -> Outcome {
    let tests = workspace.root().join(TESTS);
    if !tests.join("package.json").is_file() {
        return Err(Stop::Failed(format!("there is no {TESTS}/package.json")));
    }
    provide()?;
    if is_stale(&tests) {
        let install = ["ci", "--no-audit", "--no-fund"];
        command::run(Command::new("npm").args(install).current_dir(&tests))?;
    }
    command::run(workspace.cargo().args(["build", "-p", "portal"]))?;
    let portal = workspace.target().join("debug").join("portal");
    let mut node = Command::new("node");
    node.arg("--test").current_dir(&tests);
    command::run(node.env("PORTAL_BIN", portal).env("CHROMIUM", CHROMIUM))
}

/// Sees to Node, npm and Chromium.
fn provide() -> Outcome {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    debian::install(&missing)?;
    match self::missing().as_slice() {
        [] => Ok(()),
        still => Err(Stop::Skipped(format!("installed, but still not usable: {still:?}"))),
    }
}

/// Debian's packages for what is not there or too old.
fn missing() -> Vec<&'static str> {
    let version = |tool| command::probe(Command::new(tool).arg("--version"));
    let node = version("node").and_then(|answer| major(&answer));
    let checks = [
        ("chromium", Path::new(CHROMIUM).exists()),
        ("nodejs", node.is_some_and(|major| major >= OLDEST_NODE)),
        ("npm", version("npm").is_some()),
    ];
    checks.into_iter().filter(|(_, there)| !there).map(|(package, _)| package).collect()
}

/// The major version in Node's `v20.1.0`.
fn major(answer: &str) -> Option<u32> {
    answer.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Whether what npm installed is absent or older than the lock file.
fn is_stale(tests: &Path) -> bool {
    let changed = |file: &str| -> Option<SystemTime> {
        tests.join(file).metadata().and_then(|metadata| metadata.modified()).ok()
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
