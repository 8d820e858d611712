//! What a store reads for one pupil and a range of days.

use alloc::{string::String, vec::Vec};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::{Bell, CalendarSpan, TimetableLesson},
    id::{AccountId, ClassId},
    journal::{
        Attendance, FinalMark, Grading, IndividualHomework, Lesson, Mark, Remark, Stay, Subgroup,
        SubgroupMembership, Work,
    },
};

/// Everything about one pupil that some days of a diary are made of, exactly as a store reads it.
///
/// The rows are of **every** class and subgroup the pupil's classes have in the range: which of
/// them are the pupil's is a rule, so [`compose`](super::compose) decides it.
///
/// ```
/// use eschool_core::diary::DiarySlice;
///
/// // Rows that are absent are empty.
/// let slice: DiarySlice =
///     serde_json::from_str(r#"{"pupil": "019379ab-0000-7000-8000-000000000001"}"#).unwrap();
/// assert!(slice.lessons.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct DiarySlice {
    /// Whose diary it is.
    pub pupil: AccountId,
    /// The pupil's times in classes, all of the school year.
    #[serde(default)]
    pub stays: Vec<Stay>,
    /// The pupil's times in subgroups.
    #[serde(default)]
    pub subgroups: Vec<SubgroupMembership>,
    /// What the school's calendar says of days.
    #[serde(default)]
    pub calendar: Vec<CalendarSpan>,
    /// When lessons begin and end.
    #[serde(default)]
    pub bells: Vec<Bell>,
    /// The weekly timetable of the pupil's classes.
    #[serde(default)]
    pub timetable: Vec<TimetableLesson>,
    /// The last day of each class's journal, one row a class; none for a class without a journal.
    #[serde(default)]
    pub journal_ends: Vec<JournalEnd>,
    /// Lessons of the pupil's classes in the range.
    #[serde(default)]
    pub lessons: Vec<Lesson>,
    /// Lessons after the range on which its homework may be due: of each class, subgroup, subject
    /// and replaced subject the first that is not cancelled, and again the first within every later
    /// stay and membership of the pupil, for a row counts only where the pupil is on its day. More
    /// rows do no harm: the earliest that is the pupil's is taken. Rows on days that are not
    /// ordinary are passed over, so a journal that holds such rows gives also the next ones.
    #[serde(default)]
    pub upcoming: Vec<UpcomingLesson>,
    /// The works of those lessons that the pupil has marks for.
    #[serde(default)]
    pub works: Vec<Work>,
    /// The pupil's marks in the range; and those in later lessons for a work that a debt in the
    /// range is for, which may close it. More rows do no harm.
    #[serde(default)]
    pub marks: Vec<Mark>,
    /// The pupil's attendance in the range.
    #[serde(default)]
    pub attendance: Vec<Attendance>,
    /// The pupil's own homework in the range, in the order it was given.
    #[serde(default)]
    pub individual_homework: Vec<IndividualHomework>,
    /// The remarks on the pupil in the range, in the order they were written.
    #[serde(default)]
    pub remarks: Vec<Remark>,
}

/// The last day a class's journal has a lesson on; days after it come from the timetable.
///
/// ```
/// use eschool_core::diary::JournalEnd;
///
/// let end: JournalEnd = serde_json::from_str(
///     r#"{"class": "019379ab-0000-7000-8000-0000000000c7", "date": "2024-12-28"}"#,
/// ).unwrap();
/// assert_eq!(end.date, "2024-12-28".parse().unwrap());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct JournalEnd {
    /// The class.
    pub class: ClassId,
    /// The last day.
    pub date: NaiveDate,
}

/// A lesson after the range, known only as a day on which homework may be due.
///
/// ```
/// use eschool_core::diary::UpcomingLesson;
///
/// let lesson: UpcomingLesson = serde_json::from_str(r#"{
///     "class": "019379ab-0000-7000-8000-0000000000c7",
///     "subgroup": "1", "subject": "Физика", "insteadOf": "Английский язык", "date": "2024-09-23"
/// }"#).unwrap();
/// assert_eq!(lesson.instead_of.as_deref(), Some("Английский язык"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct UpcomingLesson {
    /// The class.
    pub class: ClassId,
    /// The part of the class, if not the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subgroup: Option<Subgroup>,
    /// The subject that is taught.
    pub subject: String,
    /// The subject it replaces; the subgroups stay those of the replaced lesson.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// The day.
    pub date: NaiveDate,
}

/// A [`DiarySlice`] over the days of a term, with the final marks and the school's own rules of
/// assessment.
///
/// ```
/// use eschool_core::diary::TermSlice;
///
/// let slice: TermSlice =
///     serde_json::from_str(r#"{"diary": {"pupil": "019379ab-0000-7000-8000-000000000001"}}"#).unwrap();
/// assert!(slice.finals.is_empty() && slice.grading.is_plain());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TermSlice {
    /// The rows of the term's days.
    pub diary: DiarySlice,
    /// The pupil's final marks of the school year; those of other years do no harm.
    #[serde(default)]
    pub finals: Vec<FinalMark>,
    /// How the school counts marks and rounds means.
    #[serde(default, skip_serializing_if = "Grading::is_plain")]
    pub grading: Grading,
}
