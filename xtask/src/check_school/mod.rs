//! `cargo xtask check-school DIR`: imports a school's files into a fresh store and compares what
//! the store then tells with the answers in `DIR/expected.json`, leaf by leaf. The same files once
//! more change nothing, and the school goes through its own files, as text and as spreadsheets,
//! without a byte of difference.

mod actual;
mod canonical;
pub(crate) mod compare;
mod database;
mod diaries;
mod esia;
mod school;
mod sign_ins;
#[cfg(test)]
mod tests;

use std::{error::Error, path::Path, process::ExitCode};

pub(crate) use actual::store;
pub(crate) use canonical::export;
use compare::{Comparison, compare};
pub(crate) use database::{Database, Databases, Place};
use eschool_store::exchange::FileForm;
pub(crate) use school::Clock;

/// Differences beyond these are counted, not printed.
const SHOWN: usize = 50;

/// Compares and prints; the last line is `N passed, N failed`.
pub(crate) fn run(dir: &Path, form: FileForm, database: Database) -> ExitCode {
    let told =
        "every answer, sign-ins under both presets, twice in a row and through its own files";
    tell(check(dir, form, database), &dir.display().to_string(), told)
}

/// Prints what a comparison came to.
pub(crate) fn tell(
    comparison: Result<Comparison, Box<dyn Error>>,
    about: &str,
    what: &str,
) -> ExitCode {
    match comparison {
        Ok(comparison) => {
            for difference in comparison.differences.iter().take(SHOWN) {
                println!("{difference}");
            }
            if let Some(more @ 1..) = comparison.differences.len().checked_sub(SHOWN) {
                println!("and {more} more");
            }
            println!("{about}: {what}");
            println!("{} passed, {} failed", comparison.passed, comparison.differences.len());
            if comparison.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("error: {about}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn check(dir: &Path, form: FileForm, database: Database) -> Result<Comparison, Box<dyn Error>> {
    let (expected, actual) = both(dir, form, database)?;
    Ok(compare(&expected, &actual))
}

/// What ought to be told, and what the store tells.
fn both(
    dir: &Path,
    form: FileForm,
    database: Database,
) -> Result<(serde_json::Value, serde_json::Value), Box<dyn Error>> {
    let expected = std::fs::read_to_string(dir.join("expected.json"))?;
    let expected = compare::prepared(serde_json::from_str(&expected)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let actual = runtime.block_on(actual::of(dir, form, database, &expected))?;
    Ok((expected, compare::prepared(actual)))
}
