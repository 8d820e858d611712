//! The portal in a real browser, with the npm package for its forms: Node's test runner drives a headless
//! Chromium.

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
    provide(package::OLDEST_NODE)?;
    let made = package::made(workspace)?;
    command::run(node(workspace)?.arg("--test").env("ESCHOOL_PACKAGE", &made.folder))
}

/// Node in the folder of the tests, with a portal and Chromium for them.
pub(super) fn node(workspace: &Workspace) -> Result<Command, Stop> {
    let tests = workspace.root().join(TESTS);
    if !tests.join("package.json").is_file() {
        return Err(Stop::Failed(format!("there is no {TESTS}/package.json")));
    }
    provide(OLDEST_NODE)?;
    npm::install(&tests)?;
    command::run(workspace.cargo().args(["build", "-p", "portal"]))?;
    let portal = workspace.target().join("debug").join("portal");
    let mut node = Command::new("node");
    node.current_dir(&tests).env("PORTAL_BIN", portal).env("CHROMIUM", CHROMIUM);
    Ok(node)
}

/// Sees to Node, npm and Chromium.
pub(super) fn provide(oldest_node: u32) -> Outcome {
    let missing = missing(oldest_node);
    if missing.is_empty() {
        return Ok(());
    }
    debian::install(&missing)?;
    match self::missing(oldest_node).as_slice() {
        [] => Ok(()),
        still => Err(Stop::Skipped(format!("installed, but still not usable: {still:?}"))),
    }
}

/// Debian's packages for what is not there or too old.
fn missing(oldest_node: u32) -> Vec<&'static str> {
    let chromium = (!Path::new(CHROMIUM).exists()).then_some("chromium");
    chromium.into_iter().chain(npm::missing(oldest_node)).collect()
}
