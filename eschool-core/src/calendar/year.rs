//! School years.

use chrono::{Datelike as _, NaiveDate};

/// The school year a day belongs to, by the calendar year it begins in: on 1 September by law, and
/// August, when the next year is prepared, already counts to it.
///
/// ```
/// use eschool_core::calendar::school_year;
///
/// for (day, year) in [("2024-09-01", 2024), ("2025-05-31", 2024), ("2025-08-01", 2025)] {
///     assert_eq!(school_year(day.parse().unwrap()), year);
/// }
/// ```
#[must_use]
pub fn school_year(day: NaiveDate) -> i32 {
    if day.month() >= 8 { day.year() } else { day.year() - 1 }
}
