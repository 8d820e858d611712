//! The weekly timetable.

use alloc::string::String;

use chrono::Weekday;
use serde::{Deserialize, Serialize};

use crate::{debug::debug_shows, id::ClassId, journal::Subgroup};

/// One lesson of the weekly timetable (*расписание*): what a day beyond the journal shows.
///
/// ```
/// use eschool_core::calendar::TimetableLesson;
///
/// let lesson: TimetableLesson = serde_json::from_str(r#"{
///     "class": "019379ab-0000-7000-8000-0000000000c7",
///     "subgroup": "1", "weekday": "Tue", "number": 3, "subject": "Английский язык"
/// }"#).unwrap();
/// assert_eq!(lesson.weekday, chrono::Weekday::Tue);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TimetableLesson {
    /// The class it is for.
    pub class: ClassId,
    /// The part of the class, if not the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subgroup: Option<Subgroup>,
    /// The day of the week, `Mon` to `Sun` on the wire. There are seven and no version adds one, so
    /// there is no unknown one to keep, and another word is refused.
    pub weekday: Weekday,
    /// The lesson's number in the day.
    pub number: u8,
    /// The subject.
    pub subject: String,
    /// The teacher's name as the school prints it; empty if not set.
    #[serde(default)]
    pub teacher: String,
    /// The room; empty if not set.
    #[serde(default)]
    pub room: String,
}

debug_shows! {
    TimetableLesson { class, subgroup, weekday, number, subject }
}
