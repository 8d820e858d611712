//! What the steps of Kotlin and Swift share: the library, what is generated of it, and the program that
//! reads a diary from a portal.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use super::browser;
use crate::command;
use crate::report::{Outcome, Stop};
use crate::workspace::Workspace;

/// Builds the library, and what writes its other side.
pub(super) fn build(workspace: &Workspace) -> Outcome {
    let mut cargo = workspace.cargo();
    command::run(cargo.args(["build", "-p", "eschool-uniffi", "-p", "eschool-uniffi-bindgen"]))
}

/// Builds the library as it is shipped.
pub(super) fn release(workspace: &Workspace) -> Outcome {
    let mut cargo = workspace.cargo();
    command::quietly(cargo.args(["build", "--release", "-p", "eschool-uniffi"])).map(drop)
}

/// Writes the other side. What lies in the folder beside stays: of Swift it is the package's own.
pub(super) fn generate(workspace: &Workspace, language: &str, to: &Path) -> Outcome {
    let built = workspace.target().join("debug");
    let library =
        format!("{}eschool_uniffi{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let mut bindgen = Command::new(built.join("eschool-uniffi-bindgen"));
    bindgen.arg(language).arg("--library").arg(built.join(library)).arg("--out").arg(to);
    // It asks cargo where the crates are.
    command::run(bindgen.current_dir(workspace.root()))
}

/// Has a program sign people in at a portal and print their diaries, and compares them with the pages.
pub(super) fn read_a_diary(workspace: &Workspace, program: &Command) -> Outcome {
    let words = std::iter::once(program.get_program()).chain(program.get_args());
    let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
    let words = serde_json::to_string(&words)
        .map_err(|error| Stop::Failed(format!("no command line: {error}")))?;
    let mut node = browser::node(workspace)?;
    command::run(
        node.args(["--test", "native/answers.mjs", "native/diary.mjs"]).env("DIARY_PROGRAM", words),
    )
}
