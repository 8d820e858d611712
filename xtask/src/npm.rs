//! What Node packages need: Node and npm themselves, and installing as the lock file has it.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::command;
use crate::debian;
use crate::report::{Outcome, Stop};

/// What is installed from npm where the system's own Node is too old, as Debian's often is.
const NODE: &str = "node@20.19.5";

/// Sees to npm and a Node that is not too old; the `PATH` by which a program finds it. Whatever runs
/// Node or npm after that is given it: see [`node`].
///
/// # Errors
/// [`Stop::Skipped`] if they cannot be had.
pub(crate) fn provide(oldest_node: u32, tools: &Path) -> Result<OsString, Stop> {
    let own = std::env::var_os("PATH").unwrap_or_default();
    let missing = missing(oldest_node, &own);
    if missing.is_empty() {
        return Ok(own);
    }
    // Where the system's is only too old there is perhaps no newer one, and that is no end yet.
    if let Err(stop) = debian::install(&missing) {
        if probe("npm", &own).is_none() || probe("node", &own).is_none() {
            return Err(stop);
        }
        println!("{}", stop.reason());
    }
    if self::missing(oldest_node, &own).is_empty() {
        return Ok(own);
    }
    let bin = tools.join("node").join("node_modules").join("node").join("bin");
    let path = std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&own)))
        .map_err(|error| Stop::Failed(format!("no PATH for Node: {error}")))?;
    if !self::missing(oldest_node, &path).is_empty() {
        println!("the system's Node is older than {oldest_node}: installing {NODE}");
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--no-save", "--prefix"]);
        command::run(npm.arg(tools.join("node")).arg(NODE))
            .map_err(|stop| Stop::Skipped(format!("no Node: {}", stop.reason())))?;
    }
    match self::missing(oldest_node, &path).as_slice() {
        [] => Ok(path),
        still => Err(Stop::Skipped(format!("{NODE} was installed, and still missing: {still:?}"))),
    }
}

/// A run of the Node that a `PATH` finds; what it starts finds the same.
pub(crate) fn node(path: &OsStr) -> Command {
    let mut node = Command::new("node");
    node.env("PATH", path);
    node
}

/// The tests for Node that lie in a folder, by their names. Node is told them one by one: where it looks
/// for them itself and finds none, nothing fails.
///
/// # Errors
/// [`Stop::Failed`] if there is none, or no such folder.
pub(crate) fn test_files(folder: &Path) -> Result<Vec<PathBuf>, Stop> {
    let failed = |error: std::io::Error| Stop::Failed(format!("{}: {error}", folder.display()));
    let entries = fs::read_dir(folder).map_err(failed)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut tests = paths.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    tests.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    tests.sort();
    if tests.is_empty() {
        return Err(Stop::Failed(format!("{} holds no tests", folder.display())));
    }
    Ok(tests)
}

/// The packages of Debian for what a `PATH` does not find, or finds too old.
fn missing(oldest_node: u32, path: &OsStr) -> Vec<&'static str> {
    let node = probe("node", path).and_then(|answer| major(&answer));
    let checks = [
        ("nodejs", node.is_some_and(|major| major >= oldest_node)),
        ("npm", probe("npm", path).is_some()),
    ];
    checks.into_iter().filter(|(_, there)| !there).map(|(package, _)| package).collect()
}

/// What a tool says of its version.
fn probe(tool: &str, path: &OsStr) -> Option<String> {
    command::probe(Command::new(tool).arg("--version").env("PATH", path))
}

/// Installs into a folder what its lock file names, unless that is there.
///
/// # Errors
/// npm could not be run or failed.
pub(crate) fn install(folder: &Path, path: &OsStr) -> Outcome {
    if !is_stale(folder) {
        return Ok(());
    }
    let install = ["ci", "--no-audit", "--no-fund"];
    command::run(Command::new("npm").args(install).current_dir(folder).env("PATH", path))
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
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// A folder of programs that say these versions and nothing else.
    fn programs(folder: &Path, said: &[(&str, &str)]) -> PathBuf {
        fs::create_dir_all(folder).unwrap();
        for (program, version) in said {
            let path = folder.join(program);
            fs::write(&path, format!("#!/bin/sh\necho {version}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        folder.to_owned()
    }

    #[test]
    fn the_node_that_counts_is_the_one_that_a_path_finds_first() {
        let folder = std::env::temp_dir().join(format!("eschool-npm-{}", std::process::id()));
        let old = programs(&folder.join("old"), &[("node", "v18.19.0"), ("npm", "9.2.0")]);
        let new = programs(&folder.join("new"), &[("node", "v20.19.5")]);
        let path = |folders: &[&PathBuf]| std::env::join_paths(folders).unwrap();
        for (folders, expected) in [
            (&[&old][..], &["nodejs"][..]),
            (&[&new], &["npm"]),
            (&[&old, &new], &["nodejs"]),
            (&[&new, &old], &[]),
        ] {
            assert_eq!(missing(20, &path(folders)), expected, "{folders:?}");
        }
        assert_eq!(missing(18, &path(&[&old])), [""; 0]);
        let said = command::read(node(&path(&[&new, &old])).arg("--version"));
        assert_eq!(said, Ok("v20.19.5\n".into()));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_folder_without_tests_fails() {
        let folder = std::env::temp_dir().join(format!("eschool-tests-{}", std::process::id()));
        assert!(matches!(test_files(&folder), Err(Stop::Failed(_))));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("cases.mjs"), "").unwrap();
        assert!(matches!(test_files(&folder), Err(Stop::Failed(_))));
        let tests = ["node.test.mjs", "types.test.mjs"].map(|name| folder.join(name));
        for test in &tests {
            fs::write(test, "").unwrap();
        }
        assert_eq!(test_files(&folder), Ok(tests.to_vec()));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn major_version_of_node() {
        let table = [("v20.20.2\n", Some(20)), ("v18.0.0", Some(18)), ("20.1", None), ("", None)];
        for (answer, expected) in table {
            assert_eq!(major(answer), expected, "{answer:?}");
        }
    }
}
