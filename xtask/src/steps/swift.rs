//! The Swift package: generated, compiled and tested with Swift's own tools, and the example on it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::native;
use crate::command;
use crate::report::{Outcome, Stop};
use crate::swift::Swift;
use crate::workspace::Workspace;

const PACKAGE: &str = "bindings/uniffi/swift";
const EXAMPLE: &str = "examples/swift-diary";

pub(super) fn run(workspace: &Workspace) -> Outcome {
    let package = Package::provide(workspace)?;
    let built = workspace.target().join("debug");
    command::run(&mut package.swift(PACKAGE, &built, "package", &["build", "--build-tests"]))?;
    let test = ["test", "--skip-build", "--quiet"];
    command::run(&mut package.swift(PACKAGE, &built, "package", &test))?;

    command::run(&mut package.swift(EXAMPLE, &built, "example", &["build"]))?;
    let diary = package.program(EXAMPLE, &built, "example/debug/swift-diary");
    native::read_a_diary(workspace, &diary)
}

/// What one call costs that composes a year, in nanoseconds, of each round.
///
/// # Errors
/// What could not be had, built or run.
pub(crate) fn bench(workspace: &Workspace, year: &Path, days: &[&str]) -> Result<String, Stop> {
    let package = Package::provide(workspace)?;
    native::release(workspace)?;
    let built = workspace.target().join("release");
    let words = ["build", "--configuration", "release", "--product", "EschoolBench"];
    command::quietly(&mut package.swift(PACKAGE, &built, "bench", &words))?;
    let mut program = package.program(PACKAGE, &built, "bench/release/EschoolBench");
    command::quietly(program.arg(year).args(days))
}

/// The package with its generated half, and the toolchain.
struct Package<'a> {
    workspace: &'a Workspace,
    toolchain: Swift,
}

impl<'a> Package<'a> {
    fn provide(workspace: &'a Workspace) -> Result<Self, Stop> {
        let toolchain = Swift::find(workspace)?;
        let folder = workspace.root().join(PACKAGE);
        native::build(workspace)?;
        native::generate(workspace, "swift", &folder.join("Sources"))?;
        if cfg!(target_os = "macos") {
            // There the package takes the library out of an XCFramework.
            command::run(Command::new("./make-xcframework.sh").current_dir(&folder))?;
        }
        Ok(Self { workspace, toolchain })
    }

    /// Swift's own tool on a package, which is built in a folder of its own and linked with a library.
    fn swift(&self, package: &str, library: &Path, scratch: &str, words: &[&str]) -> Command {
        let mut command = self.toolchain.command(&self.workspace.root().join(package), "swift");
        command.args(words).arg("--scratch-path").arg(self.built(scratch));
        command.arg("-Xlinker").arg(format!("-L{}", library.display()));
        command.env("LD_LIBRARY_PATH", library);
        command
    }

    /// A program that was built so.
    fn program(&self, package: &str, library: &Path, program: &str) -> Command {
        let folder = self.workspace.root().join(package);
        let mut command = self.toolchain.command(&folder, "/usr/bin/env");
        let mut path = OsString::from("LD_LIBRARY_PATH=");
        path.push(library);
        command.arg(path).arg(self.built(program));
        command
    }

    fn built(&self, name: &str) -> PathBuf {
        self.workspace.target().join("swift").join(name)
    }
}
