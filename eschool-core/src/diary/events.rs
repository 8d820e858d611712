//! What can happen in a diary, as typed events.
//!
//! A store appends a [`DiaryEvent`] with every write, as [`events_of`] makes them;
//! [`changes`](super::changes) tells what lies between two readings. Both say it as a [`Change`],
//! so a cache that follows the one and a notification that follows the other agree.

mod day;
mod lesson;
mod reading;
mod text;
mod text_en;
mod unknown;

use alloc::string::String;
use core::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use self::{
    day::DayFacts,
    lesson::{LessonFacts, LessonPlace},
    reading::{Reading, events_of},
    unknown::UnknownChange,
};
use super::{DebtClosing, DiaryAttendance, DiaryHomework, DiaryMark, DiaryRemark};
use crate::{id::AccountId, journal::FinalMark};

/// Something that happened in a pupil's diary, as a store keeps it. To read it is to look at that
/// diary, and whoever may not do so gets none of it: [`Sight::event`](crate::access::Sight::event).
///
/// ```
/// use eschool_core::diary::{Change, DiaryEvent};
///
/// let event: DiaryEvent = serde_json::from_str(r#"{
///     "cursor": 1042, "pupil": "019379ab-0000-7000-8000-000000000001",
///     "at": "2024-09-20T12:00:00Z",
///     "what": {
///         "kind": "mark_new",
///         "lesson": {
///             "lesson": "019379ab-0000-7000-8000-000000000101",
///             "date": "2024-09-16", "number": 2, "subject": "Физика"
///         },
///         "mark": {
///             "id": "019379ab-0000-7000-8000-000000000301", "value": "5",
///             "work": "Ответ на уроке", "title": "вопрос 2", "weight": "3"
///         }
///     }
/// }"#).unwrap();
/// assert_eq!(event.what.text_ru(), "Физика, 16 сентября: отметка 5 – вопрос 2");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct DiaryEvent {
    /// Its place among the events of the school: each has a greater one than all before it. Who
    /// has read up to a cursor asks for what is greater.
    pub cursor: u64,
    /// In whose diary.
    pub pupil: AccountId,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// What happened.
    pub what: Change,
}

/// One thing that changed in a pupil's diary.
///
/// On the wire `kind` tells which; a kind that only a newer version writes is kept and written back
/// unchanged. A day is told before its lessons. What stands in a lesson names it as it is after the
/// change, or as it was if it is gone. A lesson that comes is told before what stands in it, a
/// lesson that goes after.
///
/// ```
/// use eschool_core::diary::Change;
///
/// let change: Change = serde_json::from_str(r#"{
///     "kind": "topic_changed",
///     "lesson": {"date": "2024-09-16", "number": 2, "subject": "Физика"},
///     "old": "Сила", "new": "Сила трения"
/// }"#).unwrap();
/// assert_eq!(change.kind(), "topic_changed");
///
/// let newer = r#"{"kind":"week_signed","by":"019379ab-0000-7000-8000-000000000002"}"#;
/// let change: Change = serde_json::from_str(newer).unwrap();
/// assert!(matches!(change, Change::Unknown(_)));
/// assert_eq!(serde_json::to_string(&change).unwrap(), newer);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Change {
    /// A day is of another kind or has another name: it became a holiday, say. The lessons that go
    /// or come with that are told for themselves.
    DayChanged {
        /// The day.
        date: NaiveDate,
        /// What it was.
        old: DayFacts,
        /// What it is.
        new: DayFacts,
    },
    /// A lesson came into the timetable.
    LessonAdded {
        /// The lesson.
        lesson: LessonFacts,
    },
    /// A lesson went out of the timetable, from these days at least.
    LessonRemoved {
        /// The lesson as it was.
        lesson: LessonFacts,
    },
    /// A lesson was cancelled.
    LessonCancelled {
        /// As it was.
        old: LessonFacts,
        /// As it is.
        new: LessonFacts,
    },
    /// A lesson that was cancelled is held after all.
    LessonRestored {
        /// As it was.
        old: LessonFacts,
        /// As it is.
        new: LessonFacts,
    },
    /// A lesson was moved to another day or number.
    LessonMoved {
        /// As it was.
        old: LessonFacts,
        /// As it is.
        new: LessonFacts,
    },
    /// Another subject is taught than was to be (*замена*), or that was taken back.
    LessonReplaced {
        /// As it was.
        old: LessonFacts,
        /// As it is.
        new: LessonFacts,
    },
    /// A lesson has another teacher, room or time, or is held at a distance.
    LessonChanged {
        /// As it was.
        old: LessonFacts,
        /// As it is.
        new: LessonFacts,
    },
    /// A lesson of the timetable stands in the journal now (or no longer) and nothing else is new
    /// of it: it has an identifier, or another one. Of use to caches; to a family it is no news.
    LessonWritten {
        /// As it was.
        old: LessonFacts,
        /// As it is.
        new: LessonFacts,
    },
    /// The topic was set, changed or taken away.
    TopicChanged {
        /// The lesson.
        lesson: LessonPlace,
        /// What it was about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        old: Option<String>,
        /// What it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new: Option<String>,
    },
    /// Homework was given.
    HomeworkNew {
        /// The lesson it was given in.
        lesson: LessonPlace,
        /// What was given.
        homework: DiaryHomework,
        /// Whether it is for this pupil alone.
        individual: bool,
    },
    /// Homework, or the day it is due, was changed.
    HomeworkChanged {
        /// The lesson it was given in.
        lesson: LessonPlace,
        /// As it was.
        old: DiaryHomework,
        /// As it is.
        new: DiaryHomework,
        /// Whether it is for this pupil alone.
        individual: bool,
    },
    /// Homework was taken back.
    HomeworkRemoved {
        /// The lesson it was given in.
        lesson: LessonPlace,
        /// As it was.
        homework: DiaryHomework,
        /// Whether it was for this pupil alone.
        individual: bool,
    },
    /// A mark was given. That a debt is closed already is told after it.
    MarkNew {
        /// The lesson it stands in.
        lesson: LessonPlace,
        /// The mark.
        mark: DiaryMark,
    },
    /// A mark, its comment or its work was changed.
    MarkChanged {
        /// The lesson it stands in.
        lesson: LessonPlace,
        /// As it was.
        old: DiaryMark,
        /// As it is; if it was and is a debt, what closed it is still what it was.
        new: DiaryMark,
    },
    /// A mark was taken back.
    MarkRemoved {
        /// The lesson it stood in.
        lesson: LessonPlace,
        /// As it was.
        mark: DiaryMark,
    },
    /// A debt was closed, or another mark closes it now: one that may stand in a lesson of days
    /// nobody looked at, and is told there for itself.
    DebtClosed {
        /// The lesson the debt stands in.
        lesson: LessonPlace,
        /// The debt, as if nothing closed it.
        mark: DiaryMark,
        /// What closed it before, if something did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        old: Option<DebtClosing>,
        /// What closes it.
        by: DebtClosing,
    },
    /// A debt is open again: the mark that closed it was taken back or corrected.
    DebtReopened {
        /// The lesson the debt stands in.
        lesson: LessonPlace,
        /// The debt.
        mark: DiaryMark,
        /// What closed it before.
        by: DebtClosing,
    },
    /// Attendance was recorded.
    AttendanceSet {
        /// The lesson.
        lesson: LessonPlace,
        /// What was recorded.
        attendance: DiaryAttendance,
    },
    /// Attendance was recorded otherwise: a valid reason was shown, say.
    AttendanceChanged {
        /// The lesson.
        lesson: LessonPlace,
        /// As it was.
        old: DiaryAttendance,
        /// As it is.
        new: DiaryAttendance,
    },
    /// The record was taken back: the pupil was there.
    AttendanceRemoved {
        /// The lesson.
        lesson: LessonPlace,
        /// As it was.
        attendance: DiaryAttendance,
    },
    /// A teacher remarked something on the pupil.
    RemarkNew {
        /// The lesson.
        lesson: LessonPlace,
        /// The remark.
        remark: DiaryRemark,
    },
    /// A remark was worded otherwise.
    RemarkChanged {
        /// The lesson.
        lesson: LessonPlace,
        /// As it was.
        old: DiaryRemark,
        /// As it is.
        new: DiaryRemark,
    },
    /// A remark was taken back.
    RemarkRemoved {
        /// The lesson.
        lesson: LessonPlace,
        /// As it was.
        remark: DiaryRemark,
    },
    /// A final mark was given.
    FinalNew {
        /// The mark.
        mark: FinalMark,
    },
    /// A final mark was changed.
    FinalChanged {
        /// As it was.
        old: FinalMark,
        /// As it is.
        new: FinalMark,
    },
    /// A final mark was taken back.
    FinalRemoved {
        /// As it was.
        mark: FinalMark,
    },
    /// A kind this version does not know, kept as it came.
    #[serde(untagged)]
    Unknown(UnknownChange),
}

impl Change {
    /// The kinds this version knows, as they stand on the wire: what somebody may subscribe to.
    pub const KINDS: [&'static str; 27] = [
        "day_changed",
        "lesson_added",
        "lesson_removed",
        "lesson_cancelled",
        "lesson_restored",
        "lesson_moved",
        "lesson_replaced",
        "lesson_changed",
        "lesson_written",
        "topic_changed",
        "homework_new",
        "homework_changed",
        "homework_removed",
        "mark_new",
        "mark_changed",
        "mark_removed",
        "debt_closed",
        "debt_reopened",
        "attendance_set",
        "attendance_changed",
        "attendance_removed",
        "remark_new",
        "remark_changed",
        "remark_removed",
        "final_new",
        "final_changed",
        "final_removed",
    ];

    /// The stable name of its kind on the wire.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::DayChanged { .. } => "day_changed",
            Self::LessonAdded { .. } => "lesson_added",
            Self::LessonRemoved { .. } => "lesson_removed",
            Self::LessonCancelled { .. } => "lesson_cancelled",
            Self::LessonRestored { .. } => "lesson_restored",
            Self::LessonMoved { .. } => "lesson_moved",
            Self::LessonReplaced { .. } => "lesson_replaced",
            Self::LessonChanged { .. } => "lesson_changed",
            Self::LessonWritten { .. } => "lesson_written",
            Self::TopicChanged { .. } => "topic_changed",
            Self::HomeworkNew { .. } => "homework_new",
            Self::HomeworkChanged { .. } => "homework_changed",
            Self::HomeworkRemoved { .. } => "homework_removed",
            Self::MarkNew { .. } => "mark_new",
            Self::MarkChanged { .. } => "mark_changed",
            Self::MarkRemoved { .. } => "mark_removed",
            Self::DebtClosed { .. } => "debt_closed",
            Self::DebtReopened { .. } => "debt_reopened",
            Self::AttendanceSet { .. } => "attendance_set",
            Self::AttendanceChanged { .. } => "attendance_changed",
            Self::AttendanceRemoved { .. } => "attendance_removed",
            Self::RemarkNew { .. } => "remark_new",
            Self::RemarkChanged { .. } => "remark_changed",
            Self::RemarkRemoved { .. } => "remark_removed",
            Self::FinalNew { .. } => "final_new",
            Self::FinalChanged { .. } => "final_changed",
            Self::FinalRemoved { .. } => "final_removed",
            Self::Unknown(unknown) => unknown.kind(),
        }
    }
}

/// Its kind and which rows it is about; what they say of the pupil is hidden.
impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Change");
        shown.field("kind", &self.kind());
        match self {
            Self::DayChanged { date, old, new } => {
                shown.field("date", date).field("old", old).field("new", new);
            }
            Self::LessonAdded { lesson } | Self::LessonRemoved { lesson } => {
                shown.field("lesson", lesson);
            }
            Self::LessonCancelled { old, new }
            | Self::LessonRestored { old, new }
            | Self::LessonMoved { old, new }
            | Self::LessonReplaced { old, new }
            | Self::LessonChanged { old, new }
            | Self::LessonWritten { old, new } => {
                shown.field("old", old).field("new", new);
            }
            Self::TopicChanged { lesson, .. }
            | Self::AttendanceSet { lesson, .. }
            | Self::AttendanceChanged { lesson, .. }
            | Self::AttendanceRemoved { lesson, .. }
            | Self::RemarkNew { lesson, .. }
            | Self::RemarkChanged { lesson, .. }
            | Self::RemarkRemoved { lesson, .. } => {
                shown.field("lesson", lesson);
            }
            Self::HomeworkNew { lesson, individual, .. }
            | Self::HomeworkChanged { lesson, individual, .. }
            | Self::HomeworkRemoved { lesson, individual, .. } => {
                shown.field("lesson", lesson).field("individual", individual);
            }
            Self::MarkNew { lesson, mark }
            | Self::MarkChanged { lesson, new: mark, .. }
            | Self::MarkRemoved { lesson, mark } => {
                shown.field("lesson", lesson).field("mark", mark);
            }
            Self::DebtClosed { lesson, mark, by, .. } | Self::DebtReopened { lesson, mark, by } => {
                shown.field("lesson", lesson).field("mark", mark).field("by", by);
            }
            Self::FinalNew { mark }
            | Self::FinalChanged { new: mark, .. }
            | Self::FinalRemoved { mark } => {
                shown.field("mark", mark);
            }
            Self::Unknown(_) => {}
        }
        shown.finish_non_exhaustive()
    }
}
