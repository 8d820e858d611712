//! The Kotlin package on a JVM: compiled by kotlinc, tested by JUnit, and its program run against a
//! portal.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::native;
use crate::command;
use crate::debian;
use crate::npm;
use crate::report::{Outcome, Stop};
use crate::workspace::Workspace;

/// The whole compiler, with Kotlin's library and the one tests are written with.
const COMPILER: &str = "kotlin-compiler@2.4.20";
const PACKAGE: &str = "bindings/uniffi/kotlin/src/main";
const TESTS: &str = "bindings/uniffi/kotlin/src/test";
const BENCH: &str = "bindings/uniffi/kotlin/src/bench";
const EXAMPLE: &str = "examples/kotlin-diary/src/main";
const VECTORS: &str = "bindings/vectors.json";
/// Where Debian has the jars of Java.
const JARS: &str = "/usr/share/java";
const OLDEST_JAVA: u32 = 17;

pub(super) fn run(workspace: &Workspace) -> Outcome {
    let kotlin = Kotlin::provide(workspace)?;
    let package = kotlin.package(workspace)?;
    let built = workspace.target().join("debug");
    let tests = kotlin.jar("eschool-tests");
    let friend = format!("-Xfriend-paths={}", package.display());
    kotlin.compile(&[workspace.root().join(TESTS)], &tests, &[&friend])?;
    let mut junit = kotlin.java(&built);
    junit.arg("org.junit.runner.JUnitCore").args(test_classes(&workspace.root().join(TESTS))?);
    junit.env("ESCHOOL_VECTORS", workspace.root().join(VECTORS));
    command::run(junit.env("ESCHOOL_TESTS", workspace.root().join(TESTS)))?;

    kotlin.compile(&[workspace.root().join(EXAMPLE)], &kotlin.jar("kotlin-diary"), &[])?;
    let mut diary = kotlin.java(&built);
    diary.arg("MainKt");
    native::read_a_diary(workspace, &diary)
}

/// What one call costs that composes a year, in nanoseconds, of each round.
///
/// # Errors
/// What could not be had, built or run.
pub(crate) fn bench(workspace: &Workspace, year: &Path, days: &[&str]) -> Result<String, Stop> {
    let kotlin = Kotlin::provide(workspace)?;
    kotlin.package(workspace)?;
    native::release(workspace)?;
    kotlin.compile(&[workspace.root().join(BENCH)], &kotlin.jar("eschool-bench"), &[])?;
    let mut java = kotlin.java(&workspace.target().join("release"));
    command::quietly(java.arg("BenchKt").arg(year).args(days))
}

/// The compiler, and the folder of all jars.
struct Kotlin {
    compiler: PathBuf,
    folder: PathBuf,
    /// The path by which the compiler's own programs are found.
    path: OsString,
}

impl Kotlin {
    /// Sees to Java, the jars and the compiler.
    fn provide(workspace: &Workspace) -> Result<Self, Stop> {
        let missing = missing();
        if !missing.is_empty() {
            debian::install(&missing)?;
        }
        let tools = workspace.target().join("tools");
        let path = npm::provide(18, &tools)?;
        let home = tools.join("kotlin").join("node_modules").join("kotlin-compiler");
        let compiler = home.join("lib").join("kotlin-compiler.jar");
        if compiler.is_file() {
            println!("{COMPILER} is there");
        } else {
            println!("installing {COMPILER} into {}", tools.join("kotlin").display());
            let mut npm = Command::new("npm");
            npm.args(["install", "--no-audit", "--no-fund", "--no-save", "--prefix"]);
            command::run(npm.arg(tools.join("kotlin")).arg(COMPILER).env("PATH", &path))
                .map_err(|stop| Stop::Skipped(format!("no kotlinc: {}", stop.reason())))?;
        }
        let folder = workspace.target().join("kotlin");
        let failed = |error: std::io::Error| Stop::Failed(format!("{}: {error}", folder.display()));
        fs::create_dir_all(&folder).map_err(failed)?;
        let lib = home.join("lib");
        for (from, jars) in [
            (lib.as_path(), &["kotlin-stdlib", "kotlin-test", "kotlin-test-junit"][..]),
            (Path::new(JARS), &["jna", "gson", "junit4", "hamcrest-core"][..]),
        ] {
            for jar in jars {
                let name = format!("{jar}.jar");
                fs::copy(from.join(&name), folder.join(&name)).map_err(failed)?;
            }
        }
        Ok(Self { compiler, folder, path })
    }

    /// The package, compiled anew with what is generated of the library.
    fn package(&self, workspace: &Workspace) -> Result<PathBuf, Stop> {
        native::build(workspace)?;
        let generated = self.folder.join("generated");
        native::generate(workspace, "kotlin", &generated)?;
        let package = self.jar("eschool");
        self.compile(&[generated, workspace.root().join(PACKAGE)], &package, &[])?;
        Ok(package)
    }

    fn jar(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.jar"))
    }

    /// Compiles all sources of some folders into one jar.
    fn compile(&self, sources: &[PathBuf], jar: &Path, more: &[&str]) -> Outcome {
        let mut java = Command::new("java");
        java.args(["-Xmx2g", "-cp"]).arg(&self.compiler);
        java.args(["org.jetbrains.kotlin.cli.jvm.K2JVMCompiler", "-no-stdlib", "-no-reflect"]);
        // What uniffi writes is not ours to mend for every hint.
        java.args(["-nowarn", "-jvm-target", "17", "-Xno-param-assertions", "-cp"]);
        java.arg(self.class_path()?);
        java.arg("-d").arg(jar).args(more).args(sources).env("PATH", &self.path);
        command::run(&mut java)
    }

    /// Every jar there is, in their order by name.
    fn class_path(&self) -> Result<OsString, Stop> {
        let failed = |error: std::io::Error| Stop::Failed(format!("no list of jars: {error}"));
        let entries = fs::read_dir(&self.folder).map_err(failed)?;
        let paths = entries.map(|entry| entry.map(|entry| entry.path()));
        let mut jars = paths.collect::<Result<Vec<_>, _>>().map_err(failed)?;
        jars.retain(|path| path.extension().is_some_and(|kind| kind == "jar"));
        jars.sort();
        std::env::join_paths(jars).map_err(|error| Stop::Failed(format!("no class path: {error}")))
    }

    /// A JVM that finds our library and JNA's.
    fn java(&self, library: &Path) -> Command {
        let mut java = Command::new("java");
        java.arg(format!("-Djna.library.path={}", library.display()));
        java.arg(format!("-Djna.boot.library.path={}", jni().display()));
        java.arg("-cp").arg(self.folder.join("*"));
        java
    }
}

/// Where Debian has JNA's own part in C.
fn jni() -> PathBuf {
    PathBuf::from(format!("/usr/lib/{}-linux-gnu/jni", std::env::consts::ARCH))
}

/// Debian's packages for what is not there or too old.
fn missing() -> Vec<&'static str> {
    let java = command::probe(Command::new("java").args(["--version"]));
    let java = java.and_then(|answer| major(&answer)).is_some_and(|major| major >= OLDEST_JAVA);
    let jar = |name: &str| Path::new(JARS).join(name).is_file();
    let checks = [
        ("openjdk-17-jre-headless", java),
        ("libjna-java", jar("jna.jar") && jni().is_dir()),
        ("libgoogle-gson-java", jar("gson.jar")),
        ("junit4", jar("junit4.jar") && jar("hamcrest-core.jar")),
    ];
    checks.into_iter().filter(|(_, there)| !there).map(|(package, _)| package).collect()
}

/// The major version in `openjdk 17.0.15 2025-04-15`.
fn major(answer: &str) -> Option<u32> {
    answer.split_whitespace().nth(1)?.split('.').next()?.parse().ok()
}

/// The classes of tests, by their files.
fn test_classes(folder: &Path) -> Result<Vec<String>, Stop> {
    let package = folder.join("kotlin").join("ru").join("eschool");
    let failed = |error: std::io::Error| Stop::Failed(format!("{}: {error}", package.display()));
    let mut classes = Vec::new();
    for entry in fs::read_dir(&package).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let name = name.to_string_lossy();
        classes.extend(name.strip_suffix("Test.kt").map(|of| format!("ru.eschool.{of}Test")));
    }
    classes.sort();
    if classes.is_empty() {
        return Err(Stop::Failed(format!("{TESTS} holds no tests")));
    }
    Ok(classes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn major_version_of_java() {
        let table = [
            ("openjdk 17.0.15 2025-04-15\nOpenJDK Runtime", Some(17)),
            ("openjdk 21 2023-09-19", Some(21)),
            ("java", None),
        ];
        for (answer, expected) in table {
            assert_eq!(major(answer), expected, "{answer:?}");
        }
    }

    #[test]
    fn gradle_compiles_with_the_same_compiler() {
        let (_, version) = COMPILER.split_once('@').unwrap();
        for build in [
            include_str!("../../../bindings/uniffi/kotlin/build.gradle.kts"),
            include_str!("../../../examples/kotlin-diary/build.gradle.kts"),
        ] {
            assert!(build.contains(&format!("kotlin(\"jvm\") version \"{version}\"")), "{build}");
        }
    }
}
