//! The page of the journal for one lesson: as it stands, and as a teacher wants it.
//!
//! * `draft`: what a teacher's form holds.
//! * `bounds`: what a draft may be, whatever stands around its lesson.
//! * `write`: how a draft becomes the page, with the history of its marks.
//! * `error`: why it does not.

mod bounds;
mod draft;
mod error;
mod write;

use alloc::vec::Vec;

pub use draft::{
    AttendanceDraft, HomeworkDraft, LateMarkDraft, LessonDraft, MarkDraft, RemarkDraft, WorkDraft,
};
pub use error::PageError;
use serde::{Deserialize, Serialize};
pub use write::{Around, Writing, Written, write_lesson};

use super::{Attendance, IndividualHomework, Lesson, Mark, Remark, Work};

/// Everything that stands in one lesson, for all of its pupils, and which state of it that is.
///
/// ```
/// use eschool_core::journal::LessonPage;
///
/// let page: LessonPage = serde_json::from_str(r#"{
///     "version": 3,
///     "lesson": {
///         "id": "019379ab-0000-7000-8000-000000000101",
///         "class": "019379ab-0000-7000-8000-0000000000c7",
///         "date": "2024-09-16", "number": 2, "subject": "Физика", "topic": "Сила",
///         "writtenAt": "2024-09-16T07:00:00Z"
///     }
/// }"#).unwrap();
/// assert!(page.marks.is_empty());
/// assert_eq!(page.draft().topic.as_deref(), Some("Сила"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LessonPage {
    /// Which state it is. Every write of the lesson, or of what stands in it, moves it on; what it
    /// is moved to tells nothing else.
    pub version: u64,
    /// The lesson.
    pub lesson: Lesson,
    /// Its works.
    #[serde(default)]
    pub works: Vec<Work>,
    /// The marks in it, in the order they were given; each for one of its works or for one of an
    /// earlier lesson that was handed in here.
    #[serde(default)]
    pub marks: Vec<Mark>,
    /// The attendance at it.
    #[serde(default)]
    pub attendance: Vec<Attendance>,
    /// Homework for single pupils, each one's in the order it was given.
    #[serde(default)]
    pub individual_homework: Vec<IndividualHomework>,
    /// The remarks, on each pupil in the order they were written.
    #[serde(default)]
    pub remarks: Vec<Remark>,
}
