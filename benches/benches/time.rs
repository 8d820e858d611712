//! How long each line of the table takes, with the other side of its bar in the same run.
//!
//! What a call consumes is made outside the timed part, a few at a time, so that it is as warm in
//! the caches as it would be after a read.

use std::hint::black_box;

use criterion::{BatchSize, Criterion};
use eschool_benches::{diary::Days, people::Regions, sign_in::AtTheDoor, spellings};
use eschool_core::{diary::compose, identity::MobilePhone, merge::plan_merges};

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let printed = spellings::snils();
    each(&mut criterion, "parse_snils", "printed", &printed, spellings::parsed);
    each(&mut criterion, "plain_loop", "printed", &printed, spellings::plain_loop);
    let any = spellings::snils_in_every_spelling();
    each(&mut criterion, "parse_snils", "any", &any, spellings::parsed);

    let phones = spellings::phones();
    each(&mut criterion, "parse_phone", "any", &phones, MobilePhone::parse);
    each(&mut criterion, "libphonenumber", "any", &phones, |text| {
        let region = rlibphonenumber::Region::RU;
        rlibphonenumber::PHONE_NUMBER_UTIL.parse(text, Some(region))
    });

    sign_in(&mut criterion, "pupil", &AtTheDoor::pupil());
    sign_in(&mut criterion, "parent", &AtTheDoor::parent());
    sign_in(&mut criterion, "staff", &AtTheDoor::staff());
    days(&mut criterion, "week", &Days::week(), BatchSize::NumIterations(16));
    days(&mut criterion, "year", &Days::year(), BatchSize::NumIterations(1));
    merge(&mut criterion);
}

/// One turn reads all texts.
fn each<T>(
    criterion: &mut Criterion,
    group: &str,
    name: &str,
    texts: &[String],
    read: impl Fn(&str) -> T,
) {
    criterion.benchmark_group(group).bench_function(name, |bencher| {
        bencher.iter(|| texts.iter().for_each(|text| drop(black_box(read(black_box(text))))));
    });
}

fn sign_in(criterion: &mut Criterion, who: &str, door: &AtTheDoor) {
    criterion.benchmark_group("sign_in").bench_function(who, |bencher| {
        let facts = || door.facts.clone();
        let judge = |facts| black_box(door).judge(black_box(facts));
        bencher.iter_batched(facts, judge, BatchSize::NumIterations(64));
    });
}

fn days(criterion: &mut Criterion, name: &str, days: &Days, batch: BatchSize) {
    let Days { slice, range } = days;
    criterion.benchmark_group("compose").bench_function(name, |bencher| {
        bencher.iter_batched(|| slice.clone(), |slice| compose(black_box(slice), *range), batch);
    });
    criterion.benchmark_group("clone").bench_function(name, |bencher| {
        bencher.iter_batched(|| (), |()| black_box(slice).clone(), batch);
    });
}

/// Small regions, for the sake of the instruction count beside it: the bar is timed by the program
/// `merge`.
fn merge(criterion: &mut Criterion) {
    let regions = Regions::of(10_000);
    let rows = regions.rows();
    criterion.benchmark_group("plan_merges").bench_function("small", |bencher| {
        bencher.iter_with_large_drop(|| plan_merges(black_box(&rows)));
    });
}
