//! How many instructions each line of the table takes: callgrind's count, the same on a busy
//! machine and on an idle one. Lines have the names they have in `time.rs`.
//!
//! A count is of one call in a fresh process, so each is made a few times before it is counted:
//! else the allocator's first steps would be counted as the library's.
#![expect(missing_docs, reason = "gungraun writes public functions around each of these")]

use std::hint::black_box;

use eschool_benches::{diary::Days, people::Regions, sign_in::AtTheDoor, spellings};
use eschool_core::{
    diary::{self, Diary, DiarySlice},
    identity::MobilePhone,
    merge::{self, MergePlan, MergeRow},
    signin::{Facts, Grant, Refusal},
};
use gungraun::prelude::*;

/// Reads every text and gives them back, so that their end is not counted.
fn each<T>(texts: Vec<String>, read: impl Fn(&str) -> T) -> Vec<String> {
    texts.iter().for_each(|text| drop(black_box(read(black_box(text)))));
    texts
}

#[library_benchmark]
#[bench::printed(spellings::snils())]
#[bench::any(spellings::snils_in_every_spelling())]
fn parse_snils(texts: Vec<String>) -> Vec<String> {
    each(texts, spellings::parsed)
}

#[library_benchmark]
#[bench::printed(spellings::snils())]
fn plain_loop(texts: Vec<String>) -> Vec<String> {
    each(texts, spellings::plain_loop)
}

#[library_benchmark]
#[bench::any(spellings::phones())]
fn parse_phone(texts: Vec<String>) -> Vec<String> {
    each(texts, MobilePhone::parse)
}

fn by_libphonenumber(text: &str) -> bool {
    let region = rlibphonenumber::Region::RU;
    black_box(rlibphonenumber::PHONE_NUMBER_UTIL.parse(text, Some(region))).is_ok()
}

/// It builds its tables with the first numbers it reads.
fn phones_after_the_first() -> Vec<String> {
    each(spellings::phones(), by_libphonenumber)
}

#[library_benchmark]
#[bench::any(phones_after_the_first())]
fn libphonenumber(texts: Vec<String>) -> Vec<String> {
    each(texts, by_libphonenumber)
}

/// Does something a few times.
fn warm<T>(work: impl Fn() -> T) {
    (0..8).for_each(|_| drop(black_box(work())));
}

fn with_facts(door: AtTheDoor) -> (AtTheDoor, Facts) {
    warm(|| door.judge(door.facts.clone()));
    let facts = door.facts.clone();
    (door, facts)
}

#[library_benchmark]
#[bench::pupil(with_facts(AtTheDoor::pupil()))]
#[bench::parent(with_facts(AtTheDoor::parent()))]
#[bench::staff(with_facts(AtTheDoor::staff()))]
#[bench::parent_in_capitals(with_facts(AtTheDoor::parent_in_capitals()))]
#[bench::parent_before_a_change(with_facts(AtTheDoor::parent_before_a_change()))]
#[bench::parent_in_two_schools(with_facts(AtTheDoor::parent_in_two_schools()))]
fn sign_in((door, facts): (AtTheDoor, Facts)) -> (Result<Grant, Refusal>, AtTheDoor) {
    let judged = black_box(&door).judge(black_box(facts));
    (judged, door)
}

fn composed_before(days: Days) -> Days {
    warm(|| diary::compose(days.slice.clone(), days.range));
    days
}

#[library_benchmark]
#[bench::week(composed_before(Days::week()))]
#[bench::year(composed_before(Days::year()))]
fn compose(Days { slice, range }: Days) -> Diary {
    diary::compose(black_box(slice), range)
}

#[library_benchmark]
#[bench::week(composed_before(Days::week()))]
#[bench::year(composed_before(Days::year()))]
fn clone(days: Days) -> (DiarySlice, Days) {
    (black_box(&days.slice).clone(), days)
}

/// The rows of small regions, which nobody takes down again.
fn rows() -> Vec<MergeRow<'static>> {
    let rows = Box::leak(Box::new(Regions::of(10_000))).rows();
    black_box(merge::plan_merges(&rows, &[]));
    rows
}

#[library_benchmark]
#[bench::small(rows())]
fn plan_merges(rows: Vec<MergeRow<'static>>) -> (MergePlan, Vec<MergeRow<'static>>) {
    (merge::plan_merges(black_box(&rows), &[]), rows)
}

library_benchmark_group!(
    name = lines,
    benchmarks = [
        parse_snils,
        plain_loop,
        parse_phone,
        libphonenumber,
        sign_in,
        compose,
        clone,
        plan_merges
    ]
);

main!(library_benchmark_groups = lines);
