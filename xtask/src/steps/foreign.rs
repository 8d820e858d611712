//! Signing in at the emulator with a client that others wrote: esia-connector of PyPI.

use std::fs;
use std::process::Command;

use crate::command;
use crate::debian;
use crate::python;
use crate::report::{Outcome, Stop};
use crate::workspace::Workspace;

const REQUIREMENTS: &str = "eschool-esia/tests/foreign/requirements.txt";

pub(super) fn run(workspace: &Workspace) -> Outcome {
    // The client signs with it.
    if command::probe(Command::new("openssl").arg("version")).is_none() {
        debian::install(&["openssl"])?;
    }
    let folder = workspace.target().join("foreign");
    let requirements = workspace.root().join(REQUIREMENTS);
    let failed = |error: std::io::Error| Stop::Failed(format!("{REQUIREMENTS}: {error}"));
    let wanted = fs::read_to_string(&requirements).map_err(failed)?;
    let installed = folder.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|there| there == wanted) {
        println!("the packages of {REQUIREMENTS} are there");
    } else {
        println!("installing the packages of {REQUIREMENTS} into {}", folder.display());
        python::make(&folder, &["--requirement", &requirements.to_string_lossy()])?;
        fs::write(&installed, wanted).map_err(failed)?;
    }
    let test = ["--package", "eschool-esia", "--all-features", "--test", "foreign"];
    let mut cargo = workspace.cargo();
    cargo.arg("test").args(test).args(["--", "--ignored"]);
    command::run(cargo.env("ESCHOOL_FOREIGN_PYTHON", python::at(&folder)))
}
