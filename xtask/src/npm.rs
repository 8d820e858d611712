//! What Node packages need: Node and npm themselves, and installing as the lock file has it.

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use crate::command;
use crate::report::Outcome;

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
