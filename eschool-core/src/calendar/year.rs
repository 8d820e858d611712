//! School years.

use alloc::vec::Vec;

use chrono::{Datelike as _, NaiveDate};

use super::{DateRange, Term};

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

/// The school year in which a lesson of this day is given, by the calendar year it begins in: the
/// first lesson is on 1 September, and whatever is given in August belongs to the year that ends.
///
/// ```
/// use eschool_core::calendar::{school_year, year_of_lesson};
///
/// for (day, year) in [("2024-09-01", 2024), ("2025-08-31", 2024), ("2025-09-01", 2025)] {
///     assert_eq!(year_of_lesson(day.parse().unwrap()), year);
/// }
/// // The year that is prepared in August is the next one.
/// assert_eq!(school_year("2025-08-31".parse().unwrap()), 2025);
/// ```
#[must_use]
pub fn year_of_lesson(day: NaiveDate) -> i32 {
    if day.month() >= 9 { day.year() } else { day.year() - 1 }
}

/// The days of a school year, from its August to its July; none beyond what a calendar counts.
///
/// ```
/// use eschool_core::calendar::{school_year, school_year_days};
///
/// let days = school_year_days(2024).unwrap();
/// assert_eq!((days.from(), days.to()), ("2024-08-01".parse()?, "2025-07-31".parse()?));
/// assert_eq!(school_year(days.from()), school_year(days.to()));
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[must_use]
pub fn school_year_days(year: i32) -> Option<DateRange> {
    let first = NaiveDate::from_ymd_opt(year, 8, 1)?;
    let last = NaiveDate::from_ymd_opt(year.checked_add(1)?, 7, 31)?;
    DateRange::new(first, last).ok()
}

/// The terms of a year of study in a school year, in order, each day in one of them at most: where
/// half-years are given beside their quarters, the quarters.
///
/// ```
/// use eschool_core::calendar::{Term, terms_of_year};
///
/// let terms: Vec<Term> = serde_json::from_str(r#"[
///     {"grade": 7, "name": "1 полугодие", "kind": "half_year", "days": {"from": "2024-09-01", "to": "2024-12-28"}},
///     {"grade": 7, "name": "2 четверть", "kind": "quarter", "days": {"from": "2024-11-05", "to": "2024-12-28"}},
///     {"grade": 7, "name": "1 четверть", "kind": "quarter", "days": {"from": "2024-09-01", "to": "2024-10-25"}},
///     {"grade": 8, "name": "1 четверть", "kind": "quarter", "days": {"from": "2024-09-01", "to": "2024-10-25"}}
/// ]"#)?;
/// let of_year: Vec<_> = terms_of_year(&terms, 7, 2024).into_iter().map(|term| &term.name).collect();
/// assert_eq!(of_year, ["1 четверть", "2 четверть"]);
/// assert!(terms_of_year(&terms, 7, 2023).is_empty());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn terms_of_year(terms: &[Term], grade: u8, year: i32) -> Vec<&Term> {
    let is_of = |term: &&Term| term.grade == grade && school_year(term.days.from()) == year;
    let mut of_year: Vec<&Term> = terms.iter().filter(is_of).collect();
    let shortest = of_year.iter().min_by_key(|term| (term.days.len_days(), term.days));
    let kind = shortest.map(|term| term.kind.clone());
    of_year.retain(|term| Some(&term.kind) == kind.as_ref());
    of_year.sort_by_key(|term| term.days);
    of_year
}
