//! The Swift package: generated, compiled and tested with Swift's own tools, and the example on it.

use std::path::Path;
use std::process::Command;

use super::native;
use crate::command;
use crate::report::Outcome;
use crate::swift::Swift;
use crate::workspace::Workspace;

const PACKAGE: &str = "bindings/uniffi/swift";
const EXAMPLE: &str = "examples/swift-diary";
/// Questions that every language is asked.
const VECTORS: &str = "bindings/vectors.json";

pub(super) fn run(workspace: &Workspace) -> Outcome {
    let swift = Swift::find(workspace)?;
    native::build(workspace)?;
    native::generate(workspace, "swift", &workspace.root().join(PACKAGE).join("Sources"))?;
    let package = workspace.root().join(PACKAGE);
    let built = workspace.target().join("debug");
    if cfg!(target_os = "macos") {
        // There the package takes the library out of an XCFramework.
        command::run(Command::new("./make-xcframework.sh").current_dir(&package))?;
    }
    let linked = |folder: &Path, scratch: &str, words: &[&str]| {
        let mut command = swift.command(folder, "swift");
        command
            .args(words)
            .arg("--scratch-path")
            .arg(workspace.target().join("swift").join(scratch));
        command.arg("-Xlinker").arg(format!("-L{}", built.display()));
        command.env("LD_LIBRARY_PATH", &built);
        command
    };
    command::run(&mut linked(&package, "package", &["build", "--build-tests"]))?;
    let mut test = linked(&package, "package", &["test", "--skip-build", "--quiet"]);
    let vectors = workspace.root().join(VECTORS);
    if vectors.is_file() {
        test.env("ESCHOOL_VECTORS", vectors);
    } else {
        println!("there is no {VECTORS}: its questions are not asked");
    }
    command::run(&mut test)?;

    let example = workspace.root().join(EXAMPLE);
    command::run(&mut linked(&example, "example", &["build"]))?;
    let program = workspace.target().join("swift/example/debug/swift-diary");
    let mut diary = swift.command(&example, "/usr/bin/env");
    diary.arg(format!("LD_LIBRARY_PATH={}", built.display())).arg(program);
    native::read_a_diary(workspace, &diary)
}
