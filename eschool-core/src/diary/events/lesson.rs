//! Lessons as changes name them.

use alloc::string::String;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::{debug::debug_shows, diary::DiaryEntry, id::LessonId};

/// Which lesson something stands in.
///
/// ```
/// use eschool_core::diary::LessonPlace;
///
/// let place: LessonPlace = serde_json::from_str(
///     r#"{"date": "2024-09-16", "number": 2, "subject": "Физика"}"#,
/// ).unwrap();
/// assert_eq!(place.lesson, None); // planned
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct LessonPlace {
    /// The journal's lesson; none when the entry is planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson: Option<LessonId>,
    /// The day.
    pub date: NaiveDate,
    /// The number in the day.
    pub number: u8,
    /// The subject that is taught.
    pub subject: String,
}

/// A lesson as the timetable tells it: all of an entry that is not what a teacher writes in it.
///
/// ```
/// use eschool_core::diary::LessonFacts;
///
/// let facts: LessonFacts = serde_json::from_str(r#"{
///     "lesson": "019379ab-0000-7000-8000-000000000101", "date": "2024-09-16", "number": 2,
///     "subject": "Химия", "insteadOf": "Физика", "teacher": "", "room": "118",
///     "planned": false, "cancelled": false, "distant": false
/// }"#).unwrap();
/// assert_eq!(facts.place().subject, "Химия");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct LessonFacts {
    /// The journal's lesson; none when the entry is planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson: Option<LessonId>,
    /// The day.
    pub date: NaiveDate,
    /// The number in the day.
    pub number: u8,
    /// When it begins, if the school has a bell for the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins: Option<NaiveTime>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<NaiveTime>,
    /// The subject that is taught.
    pub subject: String,
    /// The subject it replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// The teacher's name; empty if not set.
    pub teacher: String,
    /// The room; empty if not set.
    pub room: String,
    /// Whether it comes from the timetable: the journal does not reach so far.
    pub planned: bool,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// Whether it is held at a distance.
    pub distant: bool,
}

impl LessonFacts {
    /// What an entry of this day tells of its lesson.
    #[must_use]
    pub fn of(date: NaiveDate, entry: &DiaryEntry) -> Self {
        Self {
            lesson: entry.lesson,
            date,
            number: entry.number,
            begins: entry.begins,
            ends: entry.ends,
            subject: entry.subject.clone(),
            instead_of: entry.instead_of.clone(),
            teacher: entry.teacher.clone(),
            room: entry.room.clone(),
            planned: entry.planned,
            cancelled: entry.cancelled,
            distant: entry.distant,
        }
    }

    /// Which lesson it is.
    #[must_use]
    pub fn place(&self) -> LessonPlace {
        LessonPlace {
            lesson: self.lesson,
            date: self.date,
            number: self.number,
            subject: self.subject.clone(),
        }
    }
}

debug_shows! {
    LessonFacts { lesson, date, number, begins, ends, subject, instead_of, planned, cancelled, distant }
}
