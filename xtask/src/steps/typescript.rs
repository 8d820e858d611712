//! The npm package: made, type-checked by a strict caller, used in Node and in a headless Chromium.

use std::process::Command;

use super::browser;
use crate::command;
use crate::package::{self, HOME, OLDEST_NODE};
use crate::report::Outcome;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Outcome {
    browser::provide(OLDEST_NODE)?;
    let made = package::made(workspace)?;
    for size in &made.sizes {
        println!("{}: {} bytes, compressed", size.entry, size.bytes);
    }
    let mut node = Command::new("node");
    node.arg("--test").arg("tests/").current_dir(workspace.root().join(HOME));
    node.env("ESCHOOL_PACKAGE", &made.folder).env("CHROMIUM", browser::CHROMIUM);
    command::run(&mut node)
}
