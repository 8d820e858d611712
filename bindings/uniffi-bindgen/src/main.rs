//! Writes the Kotlin and Swift sides of `eschool-uniffi`, from the library that was built of it.
//!
//! A crate of its own, so that the generator is of the very version of the library and never ships with
//! it. What uniffi writes is mended in a few places, each said and checked in [`mend`].
#![expect(clippy::print_stderr, reason = "a tool talks to a terminal")]

mod mend;

use std::{fs, process::ExitCode};

use anyhow::Context as _;
use camino::{Utf8Path, Utf8PathBuf};
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
    /// The folder to write to; of Swift, the one with the sources of the package
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
    let (language, ending, written) = match cli.language {
        Language::Kotlin => (TargetLanguage::Kotlin, "kt", cli.out.clone()),
        // Beside nothing that is written by hand.
        Language::Swift => (TargetLanguage::Swift, "swift", cli.out.join("Eschool/Generated")),
    };
    uniffi::generate(GenerateOptions {
        languages: vec![language],
        source: cli.library.clone(),
        out_dir: written.clone(),
        ..GenerateOptions::default()
    })
    .with_context(|| format!("{} does not tell what it exports", cli.library))?;
    mend::folder(&written, ending)?;
    if matches!(cli.language, Language::Swift) {
        headers_apart(&written, &cli.out.join("EschoolFFI"))?;
    }
    Ok(())
}

/// Moves what is in C to its own target: a Swift package has no targets of two languages.
fn headers_apart(written: &Utf8Path, target: &Utf8Path) -> anyhow::Result<()> {
    fs::create_dir_all(target).with_context(|| target.to_string())?;
    for name in ["EschoolFFI.h", "EschoolCoreFFI.h"] {
        let header = written.join(name);
        fs::rename(&header, target.join(name)).with_context(|| header.to_string())?;
    }
    Ok(())
}
