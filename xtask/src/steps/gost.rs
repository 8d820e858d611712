//! ГОСТ signatures held against OpenSSL's gost engine, and the emulator's walk with curl and openssl.

use std::process::Command;

use crate::command;
use crate::debian;
use crate::report::{Outcome, Stop};
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Outcome {
    provide()?;
    let package = ["test", "--package", "eschool-esia", "--all-features"];
    let tests = ["--test", "openssl", "--test", "emulator", "--", "--ignored"];
    command::run(workspace.cargo().args(package).args(tests))
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
    let answers = |program: &str, question: &[&str]| {
        command::probe(Command::new(program).args(question)).is_some()
    };
    let checks = [
        ("openssl", answers("openssl", &["version"])),
        ("libengine-gost-openssl", answers("openssl", &["engine", "-t", "gost"])),
        ("curl", answers("curl", &["--version"])),
    ];
    checks.into_iter().filter(|(_, there)| !there).map(|(package, _)| package).collect()
}
