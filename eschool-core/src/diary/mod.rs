//! What a family reads (*дневник*): made from the journal, never stored.
//!
//! A store reads a [`DiarySlice`]: rows, unjudged. [`compose`] turns it into days, [`summarise`]
//! into the subjects of a term. Both take the slice by value: its texts are moved, not copied.
//!
//! What both need stands once: `place` says which lessons are the pupil's, `due` when homework is
//! due, `beside` what stands in a lesson for one pupil, and `own` hands the lessons out with all of
//! it. What is asked of days and terms once they are made has a module each: [`absences`],
//! [`changes`] and the [`Change`] they share with a store's events ([`events_of`]), [`what_if`] and
//! [`ways_to`], [`class_sheet`], [`year_finals`], [`join_year`]. Nothing here asks who may read: that
//! is [`access`](crate::access).

mod absence;
mod beside;
mod changes;
mod class_sheet;
mod compose;
mod day;
mod due;
mod events;
mod final_against_mean;
mod joined_year;
mod own;
mod place;
mod slice;
mod summarise;
mod term;
mod touched;
mod what_if;
mod word_totals;
mod year_finals;

pub use absence::{Absence, Absences, SubjectAbsence, absences};
pub use changes::{changes, final_changes, term_final_changes};
pub use class_sheet::{ClassSheet, SheetCell, SheetRow, class_sheet};
pub use compose::{MOST_DAYS, compose};
pub use day::{
    DebtClosing, Diary, DiaryAttendance, DiaryDay, DiaryEntry, DiaryHomework, DiaryMark,
    DiaryRemark,
};
pub use events::{
    Change, DayFacts, DiaryEvent, LessonFacts, LessonPlace, Reading, UnknownChange, events_of,
};
pub use final_against_mean::FinalAgainstMean;
pub use joined_year::{
    JoinedSubject, JoinedYear, SchoolTerm, SubjectInSchool, SubjectInTerm, join_year,
};
pub use slice::{DiarySlice, JournalEnd, TermSlice, UpcomingLesson};
pub use summarise::summarise;
pub use term::{
    AttendanceTotals, HomeworkLine, MarkedWork, SubjectSummary, TermSummary, TopicLine,
};
pub use touched::{LessonsAround, days_of_move, touched_days};
pub use what_if::{
    Given, MARKS_AT_MOST, TargetVerdict, Way, WayMarks, Ways, WorkToCome, ways_to, what_if,
    works_met,
};
pub use word_totals::WordTotals;
pub use year_finals::{TermFinal, YearFinals, YearSubject, year_finals};

#[cfg(test)]
mod tests;
