//! The threshold age of 14 years and 6 months: the day it is reached, and birth dates for it.

use chrono::{Months, NaiveDate};

use super::year::{months_before, plus};

/// The threshold in months.
const MONTHS: u32 = 14 * 12 + 6;

/// The day on which somebody born then reaches the threshold: the same day of the month, or its
/// last.
pub(super) fn reached(born: NaiveDate) -> NaiveDate {
    born.checked_add_months(Months::new(MONTHS)).unwrap_or(born)
}

/// The birth date of one who reaches the threshold on `day` or on the first day after it on which
/// anybody does: nobody reaches it on 31 August, for there is no 31 February.
pub(super) fn born_to_reach_from(day: NaiveDate) -> NaiveDate {
    nearest(day, 1)
}

/// The birth date of one who reaches the threshold on `day` or on the last day before it on which
/// anybody does.
pub(super) fn born_to_reach_by(day: NaiveDate) -> NaiveDate {
    nearest(day, -1)
}

fn nearest(day: NaiveDate, step: i64) -> NaiveDate {
    // at most three days in a row have no birth date: 29 to 31 August
    let days = (0..4).map(|n| plus(day, n * step));
    let mut births = days.map(|day| (months_before(day, MONTHS), day));
    births.find(|(born, day)| reached(*born) == *day).map_or(day, |(born, _)| born)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::year::on;

    #[test]
    fn the_threshold_is_clamped_to_the_end_of_the_month() {
        assert_eq!(reached(on(2010, 8, 31)), on(2025, 2, 28));
        assert_eq!(reached(on(2012, 2, 29)), on(2026, 8, 29));
    }

    #[test]
    fn a_birth_date_is_found_for_every_day() {
        for day in on(2023, 9, 1).iter_days().take(4 * 366) {
            let after = reached(born_to_reach_from(day));
            let before = reached(born_to_reach_by(day));
            assert!(day <= after && after <= plus(day, 3), "{day} {after}");
            assert!(plus(day, -3) <= before && before <= day, "{day} {before}");
        }
        assert_eq!(reached(born_to_reach_from(on(2026, 8, 31))), on(2026, 9, 1));
        assert_eq!(reached(born_to_reach_by(on(2026, 8, 31))), on(2026, 8, 29));
        assert_eq!(reached(born_to_reach_by(on(2027, 8, 31))), on(2027, 8, 28));
    }
}
