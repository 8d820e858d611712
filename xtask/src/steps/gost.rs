//! ГОСТ signatures held against OpenSSL's gost engine.

use std::process::Command;

use crate::command;
use crate::debian;
use crate::report::{Outcome, Stop};
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Outcome {
    provide()?;
    let test = ["test", "--package", "eschool-esia", "--test", "openssl", "--", "--ignored"];
    command::run(workspace.cargo().args(test))
}

/// Sees to OpenSSL and the engine.
fn provide() -> Outcome {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    debian::install(&missing)?;
    match self::missing().as_slice() {
        [] => Ok(()),
        still => Err(Stop::Skipped(format!("installed, but still not usable: {still:?}"))),
    }
}

/// Debian's packages for what is not there.
fn missing() -> Vec<&'static str> {
    let answers = |question: &[&str]| {
        let mut openssl = Command::new("openssl");
        command::probe(openssl.args(question)).is_some()
    };
    let checks = [
        ("openssl", answers(&["version"])),
        ("libengine-gost-openssl", answers(&["engine", "-t", "gost"])),
    ];
    checks.into_iter().filter(|(_, there)| !there).map(|(package, _)| package).collect()
}
