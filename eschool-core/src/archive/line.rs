//! What a line of an archive is.

use alloc::{collections::BTreeMap, string::String};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    debug::debug_shows,
    diary::DiaryEvent,
    id::{AccountId, ClassId, LessonId, MarkId, SchoolId},
    identity::{BirthDate, FullName},
    journal::{
        Attendance, ClassName, Excuse, FinalMark, Homework, Lesson, Mark, MarkValue, Stay,
        SubgroupMembership, Work,
    },
    wire::masked,
};

/// The version of the file that this version of the library writes, and the newest it reads.
pub const ARCHIVE_VERSION: u32 = 1;

/// A line of an archive: a JSON object with one key, which tells what it is.
///
/// The [header](ArchiveHeader) is first. Each class follows with its pupils, stays and memberships –
/// for who reads the file without a database – and its journal: lessons, works, works of earlier
/// years that marks are for, marks, changes of marks, attendance, homework for single pupils, remarks. Final marks, excuses and events follow,
/// and the [end](ArchiveEnd) is last.
///
/// ```
/// use eschool_core::archive::ArchiveLine;
///
/// let line: ArchiveLine = serde_json::from_str(r#"{"header": {
///     "version": 1, "school": "019379ab-0000-7000-8000-000000000001",
///     "name": "Школа № 7", "year": 2024
/// }}"#)?;
/// assert!(matches!(&line, ArchiveLine::Header(header) if header.year == 2024));
/// assert_eq!(line.kind(), "header");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ArchiveLine {
    /// What the file is.
    Header(ArchiveHeader),
    /// A class, before all that is about it.
    Class(ArchivedClass),
    /// Who was in the class.
    Pupil(ArchivedPupil),
    /// When they were.
    Stay(Stay),
    /// In which part of it.
    Subgroup(SubgroupMembership),
    /// A lesson.
    Lesson(ArchivedLesson),
    /// A work of a lesson.
    Work(Work),
    /// A work of an earlier year that a mark of the class is for: of a lesson that is not in the file.
    FormerWork(Work),
    /// A mark.
    Mark(Mark),
    /// What became of a mark, of one that was taken back too.
    MarkChange(ArchivedChange),
    /// Attendance.
    Attendance(Attendance),
    /// Homework for one pupil.
    IndividualHomework(ArchivedHomework),
    /// A remark.
    Remark(ArchivedRemark),
    /// A final mark.
    FinalMark(FinalMark),
    /// Why somebody was absent, in a parent's words.
    Excuse(ArchivedExcuse),
    /// What happened in a diary.
    Event(DiaryEvent),
    /// How much there was.
    End(ArchiveEnd),
}

impl ArchiveLine {
    /// The key by which a line tells what it is.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Header(_) => "header",
            Self::Class(_) => "class",
            Self::Pupil(_) => "pupil",
            Self::Stay(_) => "stay",
            Self::Subgroup(_) => "subgroup",
            Self::Lesson(_) => "lesson",
            Self::Work(_) => "work",
            Self::FormerWork(_) => "formerWork",
            Self::Mark(_) => "mark",
            Self::MarkChange(_) => "markChange",
            Self::Attendance(_) => "attendance",
            Self::IndividualHomework(_) => "individualHomework",
            Self::Remark(_) => "remark",
            Self::FinalMark(_) => "finalMark",
            Self::Excuse(_) => "excuse",
            Self::Event(_) => "event",
            Self::End(_) => "end",
        }
    }

    /// Whether it is there for who reads the file, and not of what the year is: what it tells stays
    /// in the database when the year goes, and may be otherwise by then.
    ///
    /// ```
    /// use eschool_core::archive::{ArchiveHeader, ArchiveLine};
    ///
    /// let school = "019379ab-0000-7000-8000-000000000001".parse().unwrap();
    /// let header = ArchiveHeader::of(school, "Школа № 7".into(), 2024);
    /// assert!(ArchiveLine::Header(header).is_for_the_reader());
    /// ```
    #[must_use]
    pub const fn is_for_the_reader(&self) -> bool {
        matches!(
            self,
            Self::Header(_)
                | Self::Class(_)
                | Self::Pupil(_)
                | Self::Stay(_)
                | Self::Subgroup(_)
                | Self::End(_)
        )
    }
}

/// What an archive is of: the first line.
///
/// ```
/// use eschool_core::archive::{ARCHIVE_VERSION, ArchiveHeader};
///
/// let school = "019379ab-0000-7000-8000-000000000001".parse().unwrap();
/// let header = ArchiveHeader::of(school, "Школа № 7".into(), 2024);
/// assert_eq!(header.version, ARCHIVE_VERSION);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchiveHeader {
    /// The version of the file.
    pub version: u32,
    /// The school.
    pub school: SchoolId,
    /// What it was called when the archive was made.
    pub name: String,
    /// The calendar year in which the school year begins.
    pub year: i32,
}

impl ArchiveHeader {
    /// The header of an archive of this version.
    #[must_use]
    pub const fn of(school: SchoolId, name: String, year: i32) -> Self {
        Self { version: ARCHIVE_VERSION, school, name, year }
    }
}

/// A class of the year.
///
/// ```
/// use eschool_core::archive::ArchivedClass;
///
/// let class: ArchivedClass = serde_json::from_str(
///     r#"{"id": "019379ab-0000-7000-8000-000000000001", "name": "7А"}"#,
/// )?;
/// assert_eq!(class.name.to_string(), "7А");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchivedClass {
    /// Its identifier.
    pub id: ClassId,
    /// Its name.
    pub name: ClassName,
}

/// Somebody who was in a class, as they were called when the archive was made.
///
/// ```
/// use eschool_core::archive::ArchivedPupil;
///
/// let pupil: ArchivedPupil = serde_json::from_str(r#"{
///     "id": "019379ab-0000-7000-8000-000000000001",
///     "name": {"family": "Ёлкина", "given": "Анна", "patronymic": {"given": "Олеговна"}}
/// }"#)?;
/// assert_eq!(pupil.birth_date, None);
/// assert!(!format!("{pupil:?}").contains("Ёлкина"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchivedPupil {
    /// The account.
    pub id: AccountId,
    /// The name.
    pub name: FullName,
    /// The birth date, if the school had it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<BirthDate>,
}

/// A lesson with the number of its state, so that an editor who saw it before the archive still
/// notices what was written since.
///
/// ```
/// use eschool_core::archive::ArchivedLesson;
///
/// let row: ArchivedLesson = serde_json::from_str(r#"{"version": 3, "lesson": {
///     "id": "019379ab-0000-7000-8000-000000000101",
///     "class": "019379ab-0000-7000-8000-000000000201",
///     "date": "2024-09-16", "number": 2, "subject": "Физика", "cancelled": false,
///     "distant": false, "teacher": "Ель И.П.", "room": "12", "writtenAt": "2024-09-16T09:00:00Z"
/// }}"#)?;
/// assert_eq!((row.version, row.lesson.number), (3, 2));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchivedLesson {
    /// How often it was written.
    pub version: u64,
    /// The lesson.
    pub lesson: Lesson,
}

/// What became of a mark.
///
/// ```
/// use eschool_core::archive::ArchivedChange;
///
/// let change: ArchivedChange = serde_json::from_str(r#"{
///     "entry": "019379ab-0000-7000-8000-000000000401",
///     "lesson": "019379ab-0000-7000-8000-000000000101",
///     "mark": "019379ab-0000-7000-8000-000000000301",
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "old": "3", "at": "2024-09-20T12:00:00Z"
/// }"#)?;
/// assert_eq!(change.new, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchivedChange {
    /// Its identifier, a UUIDv7.
    pub entry: Uuid,
    /// The lesson the mark stands in, or stood in.
    pub lesson: LessonId,
    /// The mark.
    pub mark: MarkId,
    /// Whose mark it is.
    pub pupil: AccountId,
    /// What it was.
    pub old: MarkValue,
    /// What it became; none for a mark that was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<MarkValue>,
    /// Who did it; none where a file brought the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
    /// When.
    pub at: DateTime<Utc>,
    /// What was written beside the new value.
    #[serde(default, deserialize_with = "masked::option", skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Homework for one pupil.
///
/// ```
/// use eschool_core::archive::ArchivedHomework;
///
/// let row: ArchivedHomework = serde_json::from_str(r#"{
///     "lesson": "019379ab-0000-7000-8000-000000000101",
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "date": "2024-09-16", "position": 0, "homework": {"text": "Карточка № 46"}
/// }"#)?;
/// assert_eq!(row.homework.due, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchivedHomework {
    /// The lesson.
    pub lesson: LessonId,
    /// Whose it is.
    pub pupil: AccountId,
    /// The day of the lesson.
    pub date: NaiveDate,
    /// Its place among the pupil's homework of that lesson, from 0.
    pub position: u16,
    /// What to do.
    pub homework: Homework,
}

/// A remark on one pupil.
///
/// ```
/// use eschool_core::archive::ArchivedRemark;
///
/// let row: ArchivedRemark = serde_json::from_str(r#"{
///     "lesson": "019379ab-0000-7000-8000-000000000101",
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "date": "2024-09-16", "position": 0, "text": "Забыл форму"
/// }"#)?;
/// assert!(!format!("{row:?}").contains("форму"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchivedRemark {
    /// The lesson.
    pub lesson: LessonId,
    /// Whom it is about.
    pub pupil: AccountId,
    /// The day of the lesson.
    pub date: NaiveDate,
    /// Its place among the remarks on the pupil in that lesson, from 0.
    pub position: u16,
    /// What the teacher wrote.
    #[serde(deserialize_with = "masked::string")]
    pub text: String,
}

/// An excuse, opened: a restored one is sealed anew.
///
/// ```
/// use eschool_core::archive::ArchivedExcuse;
///
/// let row: ArchivedExcuse = serde_json::from_str(r#"{
///     "id": "019379ab-0000-7000-8000-000000000501", "excuse": {
///         "pupil": "019379ab-0000-7000-8000-000000000001",
///         "by": "019379ab-0000-7000-8000-000000000002", "at": "2024-09-16T06:00:00Z",
///         "from": "2024-09-16", "to": "2024-09-17", "class": "ill", "text": "Температура"
///     }
/// }"#)?;
/// assert!(!format!("{row:?}").contains("Температура"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchivedExcuse {
    /// Its identifier.
    pub id: Uuid,
    /// The excuse.
    pub excuse: Excuse,
}

/// The last line of an archive: how many lines of each kind there are before it, and the SHA-256 of
/// them, each with its line break.
///
/// ```
/// use eschool_core::archive::ArchiveEnd;
///
/// let end: ArchiveEnd = serde_json::from_str(r#"{
///     "lines": {"header": 1},
///     "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
/// }"#)?;
/// assert_eq!(end.total(), 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchiveEnd {
    /// How many lines there are, by kind.
    pub lines: BTreeMap<String, u64>,
    /// In hexadecimal digits, lower-case.
    pub sha256: String,
}

impl ArchiveEnd {
    /// How many lines there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.lines.values().fold(0, |sum, lines| sum.saturating_add(*lines))
    }
}

debug_shows! {
    ArchivedPupil { id }
    ArchivedChange { entry, lesson, mark, pupil, by, at }
    ArchivedRemark { lesson, pupil, date, position }
}
