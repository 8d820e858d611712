//! Lessons and the homework given in them.

use alloc::{string::String, vec::Vec};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Subgroup;
use crate::{
    debug::debug_shows,
    id::{AccountId, ClassId, LessonId},
    wire::masked,
};

/// A lesson of the journal (*урок*).
///
/// Its key within a school is date, class, subgroup and number: a teacher or a room may stand
/// twice in one hour, as they do in real files.
///
/// ```
/// use eschool_core::journal::Lesson;
///
/// let mut lesson: Lesson = serde_json::from_str(r#"{
///     "id": "019379ab-0000-7000-8000-000000000101",
///     "class": "019379ab-0000-7000-8000-0000000000c7",
///     "date": "2024-09-16", "number": 3, "subject": "Физика", "insteadOf": "Музыка",
///     "writtenAt": "2024-09-16T07:00:00Z"
/// }"#).unwrap();
/// assert!(!lesson.is_filled());
/// lesson.topic = Some("Сила".into());
/// assert!(lesson.is_filled());
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Lesson {
    /// Its identifier.
    pub id: LessonId,
    /// The class.
    pub class: ClassId,
    /// The part of the class, if not the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subgroup: Option<Subgroup>,
    /// The day, local to the school.
    pub date: NaiveDate,
    /// The number in the day.
    pub number: u8,
    /// The subject that is taught.
    pub subject: String,
    /// The subject it replaces (*замена*); the subgroups stay those of the replaced lesson.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// Whether it was cancelled (*отменён*).
    #[serde(default)]
    pub cancelled: bool,
    /// Whether it is held at a distance (*дистанционно*).
    #[serde(default)]
    pub distant: bool,
    /// The teacher's name as the school prints it; empty if not set.
    #[serde(default)]
    pub teacher: String,
    /// The room; empty if not set.
    #[serde(default)]
    pub room: String,
    /// What the lesson is about (*тема*), as it came, so perhaps [blank](Self::topic).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Homework for everybody in the lesson.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homework: Option<Homework>,
    /// When it was last written.
    pub written_at: DateTime<Utc>,
}

impl Lesson {
    /// What it is about, as the teacher wrote it; a topic of spaces alone is none.
    ///
    /// ```
    /// use eschool_core::journal::Lesson;
    ///
    /// let lesson: Lesson = serde_json::from_str(r#"{
    ///     "id": "019379ab-0000-7000-8000-000000000101",
    ///     "class": "019379ab-0000-7000-8000-0000000000c7",
    ///     "date": "2024-09-16", "number": 3, "subject": "Физика", "topic": " ",
    ///     "writtenAt": "2024-09-16T07:00:00Z"
    /// }"#).unwrap();
    /// assert_eq!(lesson.topic(), None);
    /// ```
    #[must_use]
    pub fn topic(&self) -> Option<&str> {
        self.topic.as_deref().filter(|topic| topic.chars().any(|c| !c.is_whitespace()))
    }

    /// Whether the teacher has filled it: it has a [topic](Self::topic), or it was cancelled.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        self.cancelled || self.topic().is_some()
    }
}

/// Homework (*домашнее задание*).
///
/// ```
/// use eschool_core::journal::Homework;
///
/// let homework: Homework =
///     serde_json::from_str(r#"{"text": "§ 5, упр. 17", "due": "2024-09-23"}"#).unwrap();
/// assert!(homework.materials.is_empty());
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Homework {
    /// What to do, line breaks kept.
    #[serde(deserialize_with = "masked::string")]
    pub text: String,
    /// The day it is due if the teacher set one; else it is due on the pupil's next lesson of the
    /// subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// What comes with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<Material>,
}

/// Something that comes with homework: a file or a page (*материал*).
///
/// ```
/// use eschool_core::journal::Material;
///
/// let sheet: Material =
///     serde_json::from_str(r#"{"name": "Карточка № 46", "link": "/files/46.pdf"}"#).unwrap();
/// assert_eq!(sheet.link, "/files/46.pdf");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Material {
    /// What it is called.
    pub name: String,
    /// Where it is: a link, or the path of a file the school serves.
    pub link: String,
}

/// Homework for one pupil alone.
///
/// ```
/// use eschool_core::journal::IndividualHomework;
///
/// let row: IndividualHomework = serde_json::from_str(r#"{
///     "lesson": "019379ab-0000-7000-8000-000000000101",
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "homework": {"text": "Карточка № 46"}
/// }"#).unwrap();
/// assert_eq!(row.homework.due, None);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct IndividualHomework {
    /// The lesson it was given in.
    pub lesson: LessonId,
    /// Whose it is.
    pub pupil: AccountId,
    /// What to do.
    pub homework: Homework,
}

debug_shows! {
    Lesson { id, class, subgroup, date, number, subject, instead_of, cancelled, distant, written_at }
    Homework { due }
    Material {}
    IndividualHomework { lesson, pupil }
}
