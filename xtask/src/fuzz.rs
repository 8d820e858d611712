//! `cargo xtask fuzz`: texts nobody would think of, for what comes from outside.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::{Args, ValueEnum};

use crate::command;
use crate::report::{Outcome, Stop};
use crate::workspace::Workspace;

/// The cargo-fuzz that is installed where there is none.
const VERSION: &str = "0.13.2";
const FOLDER: &str = "eschool-esia/fuzz";

/// Fuzz what comes to the library from outside.
///
/// Each target runs for a while, beginning with its seeds. What it finds on the way is kept in the
/// target folder, and the next run goes on from there. A crash ends the run; the text that led to
/// it is named. cargo-fuzz is installed into the target folder if it is missing.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 nothing crashed, 1 something did or could not be built, \
                        2 the command line was wrong.")]
pub(crate) struct Options {
    /// Run these targets alone.
    #[arg(value_name = "TARGET")]
    targets: Vec<Target>,

    /// How long each runs, in seconds.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Target {
    /// tokens of ЕСИА, as text
    Token,
    /// the claims of tokens whose signature held
    Claims,
    /// detached signatures
    Cms,
    /// a person's data, contacts and children
    Data,
}

/// Runs the chore to its exit code.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> ExitCode {
    let all = Target::value_variants();
    let targets = if options.targets.is_empty() { all } else { &options.targets };
    let fuzz = || -> Outcome {
        let tool = provide(workspace)?;
        targets.iter().try_for_each(|target| one(workspace, &tool, *target, options.seconds))
    };
    match fuzz() {
        Ok(()) => {
            println!("nothing crashed");
            ExitCode::SUCCESS
        }
        Err(stop) => {
            eprintln!("error: {}", stop.reason());
            ExitCode::FAILURE
        }
    }
}

/// cargo-fuzz, installed into the target folder if it is not there.
fn provide(workspace: &Workspace) -> Result<PathBuf, Stop> {
    let tools = workspace.target().join("tools");
    let tool = tools.join("bin").join("cargo-fuzz");
    let installed = command::probe(Command::new(&tool).arg("--version"));
    if installed.is_some_and(|answer| answer.split_whitespace().nth(1) == Some(VERSION)) {
        return Ok(tool);
    }
    println!("cargo-fuzz {VERSION} is missing: installing it, which takes a few minutes");
    let mut install = workspace.cargo();
    install.args(["install", "cargo-fuzz", "--locked", "--version", VERSION, "--force", "--root"]);
    command::run(install.arg(tools))?;
    Ok(tool)
}

fn one(workspace: &Workspace, tool: &Path, target: Target, seconds: u32) -> Outcome {
    let Some(name) = target.to_possible_value() else { return Ok(()) };
    let name = name.get_name();
    let folder = workspace.root().join(FOLDER);
    let home = workspace.target().join("fuzz");
    let found = home.join("corpus").join(name);
    let crashes = home.join("crashes").join(name);
    for folder in [&found, &crashes] {
        std::fs::create_dir_all(folder)
            .map_err(|error| Stop::Failed(format!("{}: {error}", folder.display())))?;
    }
    let mut fuzz = Command::new(tool);
    fuzz.current_dir(workspace.root()).env("CARGO_TARGET_DIR", home.join("target"));
    // A sanitizer needs a nightly compiler, and this code has nothing unsafe for it to find.
    fuzz.args(["fuzz", "run", "--sanitizer", "none", "--fuzz-dir", FOLDER, name]);
    fuzz.arg(&found).arg(folder.join("seeds").join(name));
    fuzz.arg("--").arg(format!("-max_total_time={seconds}"));
    fuzz.arg(format!("-artifact_prefix={}/", crashes.display()));
    fuzz.args(["-max_len=65536", "-timeout=10", "-print_final_stats=1"]);
    command::run(&mut fuzz)
}
