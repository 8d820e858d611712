//! How long each line of the table takes, with the other side of its bar in the same run.
//!
//! What a call consumes is made outside the timed part, a few at a time, so that it is as warm in
//! the caches as it would be after a read.

use std::{hint::black_box, time::Duration};

use criterion::{
    BatchSize,
    measurement::{Measurement, ValueFormatter, WallTime},
};
use eschool_benches::{clock::worked, diary::Days, people::Regions, sign_in::AtTheDoor, spellings};
use eschool_core::{diary::compose, identity::MobilePhone, merge::plan_merges};

type Criterion = criterion::Criterion<Work>;

fn main() {
    let criterion = criterion::Criterion::default().with_measurement(Work);
    let mut criterion = criterion.configure_from_args();
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
    sign_in(&mut criterion, "parent_in_capitals", &AtTheDoor::parent_in_capitals());
    sign_in(&mut criterion, "parent_before_a_change", &AtTheDoor::parent_before_a_change());
    sign_in(&mut criterion, "parent_in_two_schools", &AtTheDoor::parent_in_two_schools());
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
        bencher.iter_batched(facts, judge, BatchSize::NumIterations(256));
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
        bencher.iter_with_large_drop(|| plan_merges(black_box(&rows), &[]));
    });
}

/// What [`worked`] says, printed as criterion prints times.
struct Work;

impl Measurement for Work {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        worked()
    }

    fn end(&self, begun: Duration) -> Duration {
        worked() - begun
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}
