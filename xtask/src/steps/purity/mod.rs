//! `eschool-core` reads no clock, file or randomness. Shown from two sides: by what it depends on,
//! and by building it where none of these exists.
//!
//! It is looked at alone: beside other crates of the workspace its dependencies are built with the
//! features those ask for, and the picture is wrong.

mod tree;
mod wasm;

pub(crate) use self::wasm::{PLATFORM, provide_debian_rustc};
use crate::report::{self, Outcome};
use crate::workspace::Workspace;

/// The crate that has to be pure.
const CORE: &str = "eschool-core";

pub(super) fn run(workspace: &Workspace) -> Outcome {
    report::all([tree::run(workspace), wasm::run(workspace)])
}
