//! What a call over a language's border is held against: a year composed in Rust, with its rows and its
//! days through JSON and back once each.
//!
//! Writes the rows to the file it is given, for the other side to compose the same, and prints
//! nanoseconds, a line for each round.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a program for a bench")]

use std::{env, fs, hint::black_box, time::Instant};

use eschool_benches::diary::Days;
use eschool_core::{
    calendar::DateRange,
    diary::{Diary, DiarySlice, compose},
};

const ROUNDS: usize = 15;
const CALLS: u32 = 10;

fn main() {
    let file = env::args().nth(1).expect("a file to write the rows to");
    let Days { slice, range } = Days::year();
    fs::write(&file, serde_json::to_string(&slice).expect("rows are JSON")).expect("a file");
    println!("{} {}", range.from(), range.to());
    for _ in 0..CALLS {
        there_and_back(&slice, range);
    }
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        for _ in 0..CALLS {
            black_box(there_and_back(black_box(&slice), range));
        }
        println!("{}", begun.elapsed().as_nanos() / u128::from(CALLS));
    }
}

fn there_and_back(slice: &DiarySlice, range: DateRange) -> Diary {
    let json = serde_json::to_string(slice).expect("rows are JSON");
    let slice = serde_json::from_str(&json).expect("what was written reads");
    let json = serde_json::to_string(&compose(slice, range)).expect("days are JSON");
    serde_json::from_str(&json).expect("what was written reads")
}
