//! The npm package: made, type-checked by a strict caller, used in Node and in a headless Chromium.

use super::browser;
use crate::command;
use crate::npm;
use crate::package::{self, HOME, OLDEST_NODE};
use crate::report::Outcome;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Outcome {
    let path = browser::provide(OLDEST_NODE, workspace)?;
    let made = package::made(workspace)?;
    for size in &made.sizes {
        println!("{}: {} bytes, compressed", size.entry, size.bytes);
    }
    let home = workspace.root().join(HOME);
    let mut node = npm::node(&path);
    // A folder it would take for a module from 22 on.
    node.arg("--test").args(npm::test_files(&home.join("tests"))?).current_dir(home);
    node.env("ESCHOOL_PACKAGE", &made.folder).env("CHROMIUM", browser::CHROMIUM);
    command::run(&mut node)
}
