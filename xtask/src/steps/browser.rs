//! The portal in a real browser, with the npm package for its forms: Node's test runner drives a headless
//! Chromium.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::command;
use crate::debian;
use crate::npm;
use crate::package;
use crate::report::{Outcome, Stop};
use crate::workspace::Workspace;

pub(super) const CHROMIUM: &str = "/usr/bin/chromium";
/// The first Node whose own test runner is stable.
const OLDEST_NODE: u32 = 18;
const TESTS: &str = "examples/portal/browser";

pub(super) fn run(workspace: &Workspace) -> Outcome {
    let made = package::made(workspace)?;
    let tests = npm::test_files(&workspace.root().join(TESTS))?;
    let mut node = node(workspace)?;
    command::run(node.arg("--test").args(tests).env("ESCHOOL_PACKAGE", &made.folder))
}

/// Node in the folder of the tests, with a portal and Chromium for them.
pub(super) fn node(workspace: &Workspace) -> Result<Command, Stop> {
    let tests = workspace.root().join(TESTS);
    if !tests.join("package.json").is_file() {
        return Err(Stop::Failed(format!("there is no {TESTS}/package.json")));
    }
    let path = provide(OLDEST_NODE, workspace)?;
    npm::install(&tests, &path)?;
    command::run(workspace.cargo().args(["build", "-p", "portal"]))?;
    let portal = workspace.target().join("debug").join("portal");
    let mut node = npm::node(&path);
    node.current_dir(&tests).env("PORTAL_BIN", portal).env("CHROMIUM", CHROMIUM);
    Ok(node)
}

/// Sees to Chromium, Node and npm; the `PATH` that finds these, as [`npm::provide`].
pub(super) fn provide(oldest_node: u32, workspace: &Workspace) -> Result<OsString, Stop> {
    if !Path::new(CHROMIUM).exists() {
        debian::install(&["chromium"])?;
    }
    if !Path::new(CHROMIUM).exists() {
        return Err(Stop::Skipped(format!("installed, but there is no {CHROMIUM}")));
    }
    npm::provide(oldest_node, &workspace.target().join("tools"))
}
