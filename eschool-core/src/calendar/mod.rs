//! When school is: ranges of days, terms, vacations, bells, the weekly timetable.

mod bell;
mod day;
mod range;
mod term;
mod timetable;

pub use bell::Bell;
pub use day::{CalendarRule, CalendarSpan, DayKind, SchoolDay, school_day};
pub use range::{DateRange, DateRangeError};
pub use term::{Term, TermKind};
pub use timetable::TimetableLesson;
