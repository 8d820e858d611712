//! Writes the Kotlin and Swift sides of `eschool-uniffi`, from the library that was built of it.
//!
//! A crate of its own, so that the generator is of the very version of the library and never ships with
//! it. What uniffi writes is mended in a few places, each said and checked in [`mend`].
#![expect(clippy::print_stderr, reason = "a tool talks to a terminal")]

mod mend;

use std::process::ExitCode;

use anyhow::Context as _;
use camino::Utf8PathBuf;
use clap::{Parser, ValueEnum};
use uniffi::{GenerateOptions, TargetLanguage};

/// Writes the Kotlin or Swift side of eschool-uniffi.
#[derive(Parser)]
#[command(
    after_help = "Exit codes: 0 all is well, 1 something failed, 2 the command line was wrong."
)]
struct Cli {
    /// The language
    #[arg(value_enum)]
    language: Language,
    /// The built library: libeschool_uniffi.so, .dylib or .dll
    #[arg(long)]
    library: Utf8PathBuf,
    /// The folder to write to
    #[arg(long)]
    out: Utf8PathBuf,
}

/// A language that can be written.
#[derive(Clone, Copy, ValueEnum)]
enum Language {
    Kotlin,
    Swift,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<()> {
    let (language, ending) = match cli.language {
        Language::Kotlin => (TargetLanguage::Kotlin, "kt"),
        Language::Swift => (TargetLanguage::Swift, "swift"),
    };
    uniffi::generate(GenerateOptions {
        languages: vec![language],
        source: cli.library.clone(),
        out_dir: cli.out.clone(),
        ..GenerateOptions::default()
    })
    .with_context(|| format!("{} does not tell what it exports", cli.library))?;
    mend::folder(&cli.out, ending)
}
