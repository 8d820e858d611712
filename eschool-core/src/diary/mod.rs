//! What a family reads (*дневник*): made from the journal, never stored.
//!
//! A store reads a [`DiarySlice`]: rows, unjudged. [`compose`] turns it into days, [`summarise`]
//! into the subjects of a term.

mod compose;
mod day;
mod slice;
mod summarise;
mod term;

pub use compose::compose;
pub use day::{Diary, DiaryAttendance, DiaryDay, DiaryEntry, DiaryHomework, DiaryMark};
pub use slice::{DiarySlice, TermSlice, UpcomingLesson};
pub use summarise::summarise;
pub use term::{
    AttendanceTotals, HomeworkLine, MarkedWork, SubjectSummary, TermSummary, TopicLine,
};
