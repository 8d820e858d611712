//! The rows that are checked, and how a fault names one.

use uuid::Uuid;

use super::JournalError;
use crate::{
    calendar::{Bell, CalendarSpan, Term},
    id::{AccountId, LessonId, MarkId, WorkId},
    journal::{
        Attendance, FinalMark, IndividualHomework, Lesson, Mark, Remark, Stay, SubgroupMembership,
        Work,
    },
};

/// The rows of some days' journals, with the stays and bells of those days.
///
/// ```
/// use eschool_core::journal::{JournalRows, check_journal};
///
/// assert!(check_journal(&JournalRows::default()).is_empty());
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct JournalRows<'a> {
    /// Which days have no lessons, and which Saturdays have.
    pub calendar: &'a [CalendarSpan],
    /// When lessons begin and end.
    pub bells: &'a [Bell],
    /// The terms, of every year of study.
    pub terms: &'a [Term],
    /// The pupils' times in classes, former ones too: a work may be of a class that was left.
    pub stays: &'a [Stay],
    /// The pupils' times in subgroups.
    pub subgroups: &'a [SubgroupMembership],
    /// The lessons.
    pub lessons: &'a [Lesson],
    /// The works of those lessons.
    pub works: &'a [Work],
    /// The marks.
    pub marks: &'a [Mark],
    /// The attendance.
    pub attendance: &'a [Attendance],
    /// The homework for one pupil alone.
    pub individual_homework: &'a [IndividualHomework],
    /// The remarks.
    pub remarks: &'a [Remark],
    /// The final marks.
    pub finals: &'a [FinalMark],
}

/// Which row of a journal.
///
/// ```
/// use eschool_core::journal::JournalRow;
///
/// let row = JournalRow::Lesson("019379ab-0000-7000-8000-000000000101".parse().unwrap());
/// assert_eq!(row.kind(), "lesson");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JournalRow {
    /// A lesson.
    Lesson(LessonId),
    /// A work.
    Work(WorkId),
    /// A mark.
    Mark(MarkId),
    /// A pupil's attendance at a lesson.
    Attendance(AccountId, LessonId),
    /// A pupil's own homework of a lesson.
    IndividualHomework(AccountId, LessonId),
    /// A remark on a pupil in a lesson.
    Remark(AccountId, LessonId),
    /// A pupil's final mark, by its place among those given, from 0.
    Final(AccountId, usize),
}

impl JournalRow {
    /// What kind of row it is, as on the wire.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Lesson(_) => "lesson",
            Self::Work(_) => "work",
            Self::Mark(_) => "mark",
            Self::Attendance(..) => "attendance",
            Self::IndividualHomework(..) => "individualHomework",
            Self::Remark(..) => "remark",
            Self::Final(..) => "final",
        }
    }

    /// The identifier of a row that has one of its own.
    pub(super) const fn id(&self) -> Option<Uuid> {
        match self {
            Self::Lesson(id) => Some(id.0),
            Self::Work(id) => Some(id.0),
            Self::Mark(id) => Some(id.0),
            Self::Attendance(..)
            | Self::IndividualHomework(..)
            | Self::Remark(..)
            | Self::Final(..) => None,
        }
    }
}

/// A row that cannot stand where it does.
///
/// ```
/// use eschool_core::{error::CodedError, journal::{JournalError, JournalFault, JournalRow}};
///
/// let lesson = "019379ab-0000-7000-8000-000000000101".parse().unwrap();
/// let row = JournalRow::Lesson(lesson);
/// let fault = JournalFault { row, error: JournalError::LessonNumber { number: 0 } };
/// assert_eq!((fault.row.kind(), fault.error.field(), fault.error.value().as_deref()), ("lesson", Some("number"), Some("0")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalFault {
    /// Which row.
    pub row: JournalRow,
    /// What is wrong with it.
    pub error: JournalError,
}
