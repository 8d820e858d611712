//! When school is: ranges of days, terms, vacations, bells, the weekly timetable.
//!
//! All dates and times are the school's local ones; nothing here knows a time zone or today.

mod bell;
mod check;
mod day;
mod range;
mod term;
mod timetable;
mod unknown_rule;
mod year;

pub use bell::Bell;
pub(crate) use bell::GREATEST_NUMBER;
pub use check::{CalendarError, check_bells, check_terms};
pub use day::{CalendarRule, CalendarSpan, DayKind, SchoolDay, school_day};
pub use range::{DateRange, DateRangeError};
pub use term::{Term, TermKind, term_on};
pub use timetable::TimetableLesson;
pub use unknown_rule::UnknownRule;
pub use year::{school_year, school_year_days, terms_of_year, year_of_lesson};

#[cfg(test)]
mod tests;
