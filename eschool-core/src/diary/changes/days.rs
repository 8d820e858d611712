//! What the calendar says otherwise than before.

use alloc::collections::BTreeMap;

use chrono::NaiveDate;

use crate::diary::{Change, DayFacts, Diary};

/// The changes of days that both readings have.
pub(super) fn day_changes<'a>(
    before: &'a Diary,
    after: &'a Diary,
) -> impl Iterator<Item = (NaiveDate, Change)> + 'a {
    let old: BTreeMap<_, _> = before.days.iter().map(|day| (day.date, day)).collect();
    after.days.iter().filter_map(move |new| {
        let (old, date) = (old.get(&new.date)?, new.date);
        let (old, new) = (DayFacts::of(old), DayFacts::of(new));
        (old != new).then_some((date, Change::DayChanged { date, old, new }))
    })
}
