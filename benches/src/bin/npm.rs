//! Times what the npm package is held against: composing a year in Rust, with its input and its output
//! written as JSON and read again. It writes that year for the package to compose.
//!
//! `cargo xtask bench --only npm` calls this, and the package turn by turn.
#![expect(clippy::print_stdout, reason = "a program that tells figures")]

use std::{error::Error, fs, hint::black_box, path::PathBuf, time::Instant};

use clap::Parser;
use eschool_benches::{diary::Days, stats::Measured};
use eschool_core::diary::{Diary, DiarySlice, compose};
use serde_json::json;

/// Times composing a year with both sides as JSON.
#[derive(Parser)]
struct Options {
    /// Where the year is written, for the package
    #[arg(long)]
    year: PathBuf,
    /// How many times it is composed
    #[arg(long, default_value_t = 60)]
    turns: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let Days { slice, range } = Days::year();
    fs::write(&options.year, serde_json::to_string(&json!({"slice": slice, "range": range}))?)?;
    let mut all = Vec::with_capacity(options.turns);
    for _ in 0..options.turns {
        let started = Instant::now();
        let written = serde_json::to_string(black_box(&slice))?;
        let read: DiarySlice = serde_json::from_str(&written)?;
        let written = serde_json::to_string(&compose(read, range))?;
        let diary: Diary = serde_json::from_str(&written)?;
        all.push(started.elapsed().as_secs_f64() * 1e9);
        black_box(diary);
    }
    let Measured { median, mad, .. } = Measured::of(all);
    println!("{}", json!({"median": median, "mad": mad}));
    Ok(())
}
