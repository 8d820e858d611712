//! `cargo xtask`: the one place for the project's chores. CI calls the same ones.
//!
//! What lives here: starting tools, checking what they say, telling a person what came of it.
//! What never does: a rule of the diary; those are the library's.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to a terminal")]

mod bench;
mod check_kills;
mod check_leaks;
mod check_merge;
mod check_restart;
mod check_school;
mod command;
mod debian;
mod fuzz;
mod npm;
mod package;
mod postgres;
mod python;
mod report;
mod sample;
mod steps;
mod swift;
mod test;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use eschool_store::exchange::FileForm;

use crate::check_school::Database;
use crate::workspace::Workspace;

/// The process that [`check_kills`] starts.
const HIDDEN_IMPORT: &str = "killed-import";

/// The chores of eschool.
#[derive(Parser)]
#[command(
    name = "xtask",
    bin_name = "cargo xtask",
    after_help = "Exit codes: 0 all is well, 1 something failed, 2 the command line was wrong."
)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    Test(test::Options),
    Bench(bench::Options),
    Fuzz(fuzz::Options),
    Sample(sample::Options),
    Npm(package::Options),
    CheckKills(check_kills::Options),
    CheckRestart(check_restart::Options),
    /// The import that check-kills kills.
    #[command(name = HIDDEN_IMPORT, hide = true)]
    KilledImport,
    /// Imports a school's exchange files into a fresh store, signs its people in by card and through
    /// an emulator of ЕСИА, and compares every answer with those in DIR/expected.json
    CheckSchool {
        /// The folder of the school's files and answers
        dir: PathBuf,
        /// Where a file is there both as text and as a spreadsheet, read the spreadsheet
        #[arg(long)]
        xlsx: bool,
        /// The kind of database the school is kept in
        #[arg(long, value_enum, default_value_t = Database::Sqlite)]
        database: Database,
    },
    /// Imports two schools into a fresh store, joins their accounts into persons, compares what was
    /// joined with SECOND/merge.json, and undoes it
    CheckMerge {
        /// The folder of the first school's files
        first: PathBuf,
        /// The folder of the second school's files, and of the answers
        second: PathBuf,
        /// The kind of database the schools are kept in
        #[arg(long, value_enum, default_value_t = Database::Sqlite)]
        database: Database,
    },
    /// Fills a store with schools, lets people sign in, be refused and invited, and searches the
    /// database for every СНИЛС, phone, e-mail, password and token of theirs in every spelling
    CheckLeaks {
        /// Folders of schools; a small one that is built in where there is none
        schools: Vec<PathBuf>,
        /// The kind of database to search; without it, both
        #[arg(long, value_enum)]
        database: Option<Database>,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let workspace = match Workspace::here() {
        Ok(workspace) => workspace,
        Err(stop) => {
            eprintln!("error: {}", stop.reason());
            return ExitCode::FAILURE;
        }
    };
    match cli.chore {
        Chore::Test(options) => test::run(&workspace, &options),
        Chore::Bench(options) => bench::run(&workspace, &options),
        Chore::Fuzz(options) => fuzz::run(&workspace, &options),
        Chore::Sample(options) => sample::run(&options),
        Chore::Npm(_) => package::run(&workspace),
        Chore::CheckKills(options) => check_kills::run(&workspace, &options),
        Chore::CheckRestart(options) => check_restart::run(&options),
        Chore::KilledImport => check_kills::run_child(),
        Chore::CheckSchool { dir, xlsx, database } => {
            let form = if xlsx { FileForm::Xlsx } else { FileForm::Csv };
            check_school::run(&dir, form, database)
        }
        Chore::CheckLeaks { schools, database } => check_leaks::run(&schools, database),
        Chore::CheckMerge { first, second, database } => {
            check_merge::run(&first, &second, database)
        }
    }
}
