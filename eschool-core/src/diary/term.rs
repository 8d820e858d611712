//! A term as a family reads it: subjects with topics, marks, means and finals.

use alloc::{string::String, vec::Vec};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::DiaryMark;
use crate::{
    calendar::Term,
    id::AccountId,
    journal::{FinalMark, Mean},
};

/// One term of one pupil.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TermSummary {
    /// Whose it is.
    pub pupil: AccountId,
    /// Which term.
    pub term: Term,
    /// The subjects by name.
    pub subjects: Vec<SubjectSummary>,
    /// Attendance over all subjects.
    pub attendance: AttendanceTotals,
    /// Debts over all subjects.
    pub debts: u32,
    /// The pupil's lessons that nobody has filled, over all subjects.
    pub unfilled: u32,
}

/// One subject of a term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubjectSummary {
    /// The subject.
    pub subject: String,
    /// Topics by date.
    pub topics: Vec<TopicLine>,
    /// Homework by date.
    pub homework: Vec<HomeworkLine>,
    /// Marks with their works by date.
    pub marks: Vec<MarkedWork>,
    /// The weighted mean; none when no mark counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<Mean>,
    /// Final marks of the term.
    pub finals: Vec<FinalMark>,
    /// Attendance at the subject's lessons.
    pub attendance: AttendanceTotals,
    /// Marks that are debts.
    pub debts: u32,
    /// The pupil's lessons of the subject that nobody has filled.
    pub unfilled: u32,
    /// The pupil's lessons of the subject that were not cancelled.
    pub lessons: u32,
    /// When a teacher last wrote a lesson or a mark of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_write: Option<DateTime<Utc>>,
}

/// A topic and its day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TopicLine {
    /// The day of the lesson.
    pub date: NaiveDate,
    /// What it was about.
    pub topic: String,
}

/// Homework and its days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HomeworkLine {
    /// The day it was given.
    pub date: NaiveDate,
    /// What to do.
    pub text: String,
    /// The day it is due, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// Whether it is for this pupil alone.
    pub individual: bool,
}

/// A mark, its work and its day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MarkedWork {
    /// The day of the lesson the mark stands in.
    pub date: NaiveDate,
    /// The mark with its work.
    #[serde(flatten)]
    pub mark: DiaryMark,
}

/// How often a pupil was late or absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceTotals {
    /// Times late.
    pub late: u32,
    /// Lessons missed, ill.
    pub ill: u32,
    /// Lessons missed with a valid reason.
    pub excused: u32,
    /// Lessons missed without one.
    pub unexcused: u32,
    /// Lessons missed, reason not given.
    pub unspecified: u32,
}
