//! A diary as a family reads it: days and their entries.

use alloc::{string::String, vec::Vec};

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::{
    calendar::{DateRange, DayKind},
    debug::debug_shows,
    id::{AccountId, LessonId, MarkId},
    journal::{AttendanceClass, MarkValue, Material, Weight, WorkKind},
    wire::masked,
};

/// Some days of one pupil's diary.
///
/// ```
/// use eschool_core::diary::Diary;
///
/// let diary: Diary = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "range": {"from": "2024-11-04", "to": "2024-11-04"},
///     "days": [{"date": "2024-11-04", "kind": "holiday", "name": "День народного единства", "entries": []}]
/// }"#).unwrap();
/// assert_eq!(diary.days.len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Diary {
    /// Whose it is.
    pub pupil: AccountId,
    /// Which days.
    pub range: DateRange,
    /// Every day of the range, in order.
    pub days: Vec<DiaryDay>,
}

/// One day.
///
/// ```
/// use eschool_core::{calendar::DayKind, diary::DiaryDay};
///
/// let day: DiaryDay =
///     serde_json::from_str(r#"{"date": "2024-09-21", "kind": "weekend", "entries": []}"#).unwrap();
/// assert_eq!(day.kind, DayKind::Weekend);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct DiaryDay {
    /// The date, local to the school.
    pub date: NaiveDate,
    /// What kind of day it is.
    pub kind: DayKind,
    /// What the calendar calls it, as in «День народного единства».
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The lessons by number; only an ordinary day has any.
    pub entries: Vec<DiaryEntry>,
}

/// One lesson of a day.
///
/// ```
/// use eschool_core::diary::DiaryEntry;
///
/// let entry: DiaryEntry = serde_json::from_str(r#"{
///     "lesson": "019379ab-0000-7000-8000-000000000101",
///     "number": 2, "begins": "09:25:00", "ends": "10:10:00",
///     "subject": "Физика", "teacher": "", "room": "118",
///     "planned": false, "cancelled": false, "distant": false, "filled": true,
///     "topic": "Сила", "homework": {"text": "§ 5", "due": "2024-09-23"},
///     "individualHomework": [], "marks": []
/// }"#).unwrap();
/// assert_eq!(entry.homework.unwrap().due, Some("2024-09-23".parse().unwrap()));
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct DiaryEntry {
    /// The journal's lesson; none when the entry is planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson: Option<LessonId>,
    /// The number in the day.
    pub number: u8,
    /// When it begins, if the school has a bell for the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins: Option<NaiveTime>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<NaiveTime>,
    /// The subject.
    pub subject: String,
    /// The teacher's name; empty if not set.
    pub teacher: String,
    /// The room; empty if not set.
    pub room: String,
    /// Whether it comes from the timetable: the journal does not reach so far.
    pub planned: bool,
    /// The subject it replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// Whether it is held at a distance.
    pub distant: bool,
    /// Whether the teacher has filled it; never for a planned entry.
    pub filled: bool,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Homework for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homework: Option<DiaryHomework>,
    /// Homework for this pupil alone, in the order it was given.
    pub individual_homework: Vec<DiaryHomework>,
    /// The pupil's marks with their works, in the order they were given.
    pub marks: Vec<DiaryMark>,
    /// The pupil's attendance, if anything is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendance: Option<DiaryAttendance>,
    /// What teachers remarked on the pupil, in the order it was written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<DiaryRemark>,
}

/// Homework with the day it is due.
///
/// ```
/// use eschool_core::diary::DiaryHomework;
///
/// let homework: DiaryHomework = serde_json::from_str(r#"{"text": "§ 5, упр. 17"}"#).unwrap();
/// assert_eq!(homework.due, None);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct DiaryHomework {
    /// What to do.
    pub text: String,
    /// The day it is due: the one the teacher set, else the pupil's next lesson of the subject
    /// that is not cancelled; none when the journal holds none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// What comes with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<Material>,
}

/// A mark with the work it is for.
///
/// ```
/// use eschool_core::diary::DiaryMark;
///
/// let mark: DiaryMark = serde_json::from_str(r#"{
///     "id": "019379ab-0000-7000-8000-000000000301", "value": "4-",
///     "work": "Контрольная работа", "title": "Контрольная работа № 1, вариант 1", "weight": "5"
/// }"#).unwrap();
/// assert_eq!(mark.weight.to_string(), "5");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct DiaryMark {
    /// Its identifier.
    pub id: MarkId,
    /// What it is.
    pub value: MarkValue,
    /// The kind of work.
    pub work: WorkKind,
    /// What the work was about.
    pub title: String,
    /// How much it counts.
    pub weight: Weight,
    /// What the teacher wrote beside it.
    #[serde(default, deserialize_with = "masked::option", skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What closed it, if it is a debt that is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<DebtClosing>,
}

impl DiaryMark {
    /// Whether it is a debt that nothing has closed.
    #[must_use]
    pub const fn is_open_debt(&self) -> bool {
        self.value.is_debt() && self.closed_by.is_none()
    }
}

/// The mark that closed a debt; it may stand in a lesson after the days or the term that are read.
///
/// ```
/// use eschool_core::diary::DebtClosing;
///
/// let closing: DebtClosing = serde_json::from_str(r#"{
///     "mark": "019379ab-0000-7000-8000-000000000302", "date": "2024-09-23", "value": "4"
/// }"#).unwrap();
/// assert_eq!(closing.value.to_string(), "4");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct DebtClosing {
    /// Which mark.
    pub mark: MarkId,
    /// The day of the lesson it stands in. Where that lesson is not among those that were read, as
    /// one after the range is not, it is the day the mark's own row tells, which a lesson that was
    /// moved since may have left.
    pub date: NaiveDate,
    /// What it is.
    pub value: MarkValue,
}

/// Attendance as a family reads it.
///
/// ```
/// use eschool_core::diary::DiaryAttendance;
///
/// let late: DiaryAttendance = serde_json::from_str(r#"{"code": "оп", "class": "late"}"#).unwrap();
/// assert!(!late.class.is_absence());
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct DiaryAttendance {
    /// The code as the school writes it.
    #[serde(deserialize_with = "masked::string")]
    pub code: String,
    /// What it means.
    pub class: AttendanceClass,
}

/// A remark as a family reads it.
///
/// ```
/// use eschool_core::diary::DiaryRemark;
///
/// let remark: DiaryRemark = serde_json::from_str(r#"{"text": "Забыл тетрадь"}"#).unwrap();
/// assert_eq!(remark.text, "Забыл тетрадь");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct DiaryRemark {
    /// What the teacher wrote.
    #[serde(deserialize_with = "masked::string")]
    pub text: String,
}

debug_shows! {
    DiaryEntry { lesson, number, begins, ends, subject, planned, instead_of, cancelled, distant, filled, marks }
    DiaryHomework { due }
    DiaryMark { id, work, weight }
    DebtClosing { mark, date }
    DiaryAttendance {}
    DiaryRemark {}
}
