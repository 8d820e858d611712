//! Signing in through a gateway: against the npm package oidc-provider, which is not ours.

use std::fs;

use crate::command;
use crate::npm;
use crate::report::{Outcome, Stop};
use crate::workspace::Workspace;

/// The oldest Node that oidc-provider 9 runs on.
const OLDEST_NODE: u32 = 20;
const SOURCE: &str = "eschool-esia/tests/gateway";
/// What the provider is made of; npm installs beside it, and so neither lies in the source.
const FILES: [&str; 3] = ["package.json", "package-lock.json", "provider.mjs"];

pub(super) fn run(workspace: &Workspace) -> Outcome {
    let path = npm::provide(OLDEST_NODE, &workspace.target().join("tools"))?;
    let source = workspace.root().join(SOURCE);
    let folder = workspace.target().join("gateway");
    for file in FILES {
        copy(&source.join(file), &folder.join(file))?;
    }
    npm::install(&folder, &path)?;
    let test = ["test", "--package", "eschool-esia", "--test", "gateway", "--", "--ignored"];
    let mut cargo = workspace.cargo();
    command::run(cargo.args(test).env("GATEWAY_PROVIDER", folder).env("PATH", path))
}

/// Copies what is new, so that an unchanged lock file stays older than what npm installed.
fn copy(from: &std::path::Path, to: &std::path::Path) -> Outcome {
    let failed = |error: std::io::Error| Stop::Failed(format!("{}: {error}", to.display()));
    let new = fs::read(from).map_err(failed)?;
    if fs::read(to).is_ok_and(|old| old == new) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(to, new).map_err(failed)
}
