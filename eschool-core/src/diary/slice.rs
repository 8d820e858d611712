//! What a store reads for one pupil and a range of days.

use alloc::{string::String, vec::Vec};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::{Bell, CalendarSpan, TimetableLesson},
    id::{AccountId, ClassId},
    journal::{
        Attendance, FinalMark, IndividualHomework, Lesson, Mark, Stay, Subgroup,
        SubgroupMembership, Work,
    },
};

/// Everything about one pupil that some days of a diary are made of, exactly as a store reads it.
///
/// The rows are of **every** class and subgroup the pupil's classes have in the range: which of
/// them are the pupil's is a rule, so [`compose`](super::compose) decides it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiarySlice {
    /// Whose diary it is.
    pub pupil: AccountId,
    /// The pupil's times in classes, all of the school year.
    pub stays: Vec<Stay>,
    /// The pupil's times in subgroups.
    pub subgroups: Vec<SubgroupMembership>,
    /// What the school's calendar says of days.
    pub calendar: Vec<CalendarSpan>,
    /// When lessons begin and end.
    pub bells: Vec<Bell>,
    /// The weekly timetable of the pupil's classes.
    pub timetable: Vec<TimetableLesson>,
    /// The last day of each class's journal: days after it come from the timetable.
    pub journal_ends: Vec<(ClassId, NaiveDate)>,
    /// Lessons of the pupil's classes in the range.
    pub lessons: Vec<Lesson>,
    /// Lessons after the range, one for each class, subgroup and subject and each stay: the first
    /// that is not cancelled. Homework of the range may be due on them.
    pub upcoming: Vec<UpcomingLesson>,
    /// The works of those lessons that the pupil has marks for.
    pub works: Vec<Work>,
    /// The pupil's marks in the range.
    pub marks: Vec<Mark>,
    /// The pupil's attendance in the range.
    pub attendance: Vec<Attendance>,
    /// The pupil's own homework in the range, in the order it was given.
    pub individual_homework: Vec<IndividualHomework>,
}

/// A lesson after the range, known only as a day on which homework may be due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpcomingLesson {
    /// The class.
    pub class: ClassId,
    /// The part of the class, if not the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subgroup: Option<Subgroup>,
    /// The subject.
    pub subject: String,
    /// The day.
    pub date: NaiveDate,
}

/// A [`DiarySlice`] over the days of a term, with the final marks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TermSlice {
    /// The rows of the term's days.
    pub diary: DiarySlice,
    /// The pupil's final marks of the school year.
    pub finals: Vec<FinalMark>,
}
