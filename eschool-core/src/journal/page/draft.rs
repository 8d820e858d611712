//! What a teacher's form holds.

use alloc::{string::String, vec::Vec};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::LessonPage;
use crate::{
    debug::debug_shows,
    id::{AccountId, ClassId, MarkId, WorkId},
    journal::{Homework, MarkValue, Subgroup, Weight, WorkKind},
    wire::masked,
};

/// A lesson as its teacher wants it, whole: what it does not hold is taken away.
///
/// What stands there already comes with its identifier, what is new without one. The way to change
/// one thing is to take the [draft of the page](LessonPage::draft), change it there, and give it
/// back with the version of that page.
///
/// ```
/// use eschool_core::journal::LessonDraft;
///
/// let draft: LessonDraft = serde_json::from_str(r#"{
///     "class": "019379ab-0000-7000-8000-0000000000c7",
///     "date": "2024-09-16", "number": 2, "subject": "Физика", "topic": "Сила",
///     "homework": {"text": "§ 5", "due": "2024-09-23"},
///     "works": [{
///         "kind": "Ответ на уроке", "title": "вопрос 2", "weight": "3",
///         "marks": [{"pupil": "019379ab-0000-7000-8000-000000000001", "value": "4-"}]
///     }],
///     "attendance": [{"pupil": "019379ab-0000-7000-8000-000000000002", "code": "УП"}]
/// }"#).unwrap();
/// assert_eq!(draft.works[0].marks.len(), 1);
/// assert!(!draft.cancelled);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LessonDraft {
    /// The class; that of a lesson that stands there is never another.
    pub class: ClassId,
    /// The part of the class, if not the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subgroup: Option<Subgroup>,
    /// The day.
    pub date: NaiveDate,
    /// The number in the day.
    pub number: u8,
    /// The subject that is taught.
    pub subject: String,
    /// The subject it replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// Whether it is cancelled.
    #[serde(default)]
    pub cancelled: bool,
    /// Whether it is held at a distance.
    #[serde(default)]
    pub distant: bool,
    /// The teacher's name as the school prints it: by it the lesson is known for the teacher's own.
    #[serde(default)]
    pub teacher: String,
    /// The room.
    #[serde(default)]
    pub room: String,
    /// What it is about; a blank one is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Homework for everybody; one without text and materials is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homework: Option<Homework>,
    /// The works of the lesson with the marks given for them in it.
    #[serde(default)]
    pub works: Vec<WorkDraft>,
    /// Marks for works of earlier lessons that were handed in here.
    #[serde(default)]
    pub late_marks: Vec<LateMarkDraft>,
    /// Who was not there, or came late.
    #[serde(default)]
    pub attendance: Vec<AttendanceDraft>,
    /// Homework for single pupils.
    #[serde(default)]
    pub individual_homework: Vec<HomeworkDraft>,
    /// Remarks on single pupils.
    #[serde(default)]
    pub remarks: Vec<RemarkDraft>,
}

/// A work of the lesson.
///
/// ```
/// use eschool_core::journal::WorkDraft;
///
/// let work: WorkDraft =
///     serde_json::from_str(r#"{"kind": "Тест", "title": "Тест № 1", "weight": "2"}"#).unwrap();
/// assert!(work.id.is_none() && work.marks.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkDraft {
    /// The work, if it stands there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<WorkId>,
    /// What kind it is.
    pub kind: WorkKind,
    /// What it is about.
    pub title: String,
    /// How much its marks count.
    pub weight: Weight,
    /// The marks for it in this lesson.
    #[serde(default)]
    pub marks: Vec<MarkDraft>,
}

/// A mark.
///
/// ```
/// use eschool_core::journal::MarkDraft;
///
/// let mark: MarkDraft = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001", "value": ".", "comment": "до пятницы"
/// }"#).unwrap();
/// assert!(mark.value.is_debt());
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MarkDraft {
    /// The mark, if it stands there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<MarkId>,
    /// Whose it is.
    pub pupil: AccountId,
    /// What it is.
    pub value: MarkValue,
    /// What is written beside it.
    #[serde(default, deserialize_with = "masked::option", skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A mark for a work of an earlier lesson.
///
/// ```
/// use eschool_core::journal::LateMarkDraft;
///
/// let late: LateMarkDraft = serde_json::from_str(r#"{
///     "work": "019379ab-0000-7000-8000-000000000201",
///     "pupil": "019379ab-0000-7000-8000-000000000001", "value": "4"
/// }"#).unwrap();
/// assert_eq!(late.mark.value.to_string(), "4");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LateMarkDraft {
    /// The work.
    pub work: WorkId,
    /// The mark.
    #[serde(flatten)]
    pub mark: MarkDraft,
}

/// A pupil's attendance, by the school's code.
///
/// ```
/// use eschool_core::journal::AttendanceDraft;
///
/// let late: AttendanceDraft = serde_json::from_str(
///     r#"{"pupil": "019379ab-0000-7000-8000-000000000001", "code": "оп"}"#,
/// ).unwrap();
/// assert_eq!(late.code, "оп");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceDraft {
    /// Whose it is.
    pub pupil: AccountId,
    /// The code as the school writes it.
    #[serde(deserialize_with = "masked::string")]
    pub code: String,
}

/// Homework for one pupil.
///
/// ```
/// use eschool_core::journal::HomeworkDraft;
///
/// let own: HomeworkDraft = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001", "homework": {"text": "Карточка № 46"}
/// }"#).unwrap();
/// assert_eq!(own.homework.text, "Карточка № 46");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HomeworkDraft {
    /// Whose it is.
    pub pupil: AccountId,
    /// What to do.
    pub homework: Homework,
}

/// A remark on one pupil.
///
/// ```
/// use eschool_core::journal::RemarkDraft;
///
/// let remark: RemarkDraft = serde_json::from_str(
///     r#"{"pupil": "019379ab-0000-7000-8000-000000000001", "text": "Забыл тетрадь"}"#,
/// ).unwrap();
/// assert_eq!(remark.text, "Забыл тетрадь");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemarkDraft {
    /// Whom it is about.
    pub pupil: AccountId,
    /// What the teacher wrote.
    #[serde(deserialize_with = "masked::string")]
    pub text: String,
}

impl LessonPage {
    /// The page as a form to change: given back as it is, it changes nothing.
    #[must_use]
    pub fn draft(&self) -> LessonDraft {
        let Self { lesson, works, marks, attendance, individual_homework, remarks, .. } = self;
        let lesson = lesson.clone();
        let draft_of = |mark: &crate::journal::Mark| MarkDraft {
            id: Some(mark.id),
            pupil: mark.pupil,
            value: mark.value.clone(),
            comment: mark.comment.clone(),
        };
        let own = |work: WorkId| marks.iter().filter(move |mark| mark.work == work);
        let is_late = |work: WorkId| !works.iter().any(|own| own.id == work);
        let late = marks.iter().filter(|mark| is_late(mark.work));
        LessonDraft {
            class: lesson.class,
            subgroup: lesson.subgroup,
            date: lesson.date,
            number: lesson.number,
            subject: lesson.subject,
            instead_of: lesson.instead_of,
            cancelled: lesson.cancelled,
            distant: lesson.distant,
            teacher: lesson.teacher,
            room: lesson.room,
            topic: lesson.topic,
            homework: lesson.homework,
            works: works
                .iter()
                .map(|work| WorkDraft {
                    id: Some(work.id),
                    kind: work.kind.clone(),
                    title: work.title.clone(),
                    weight: work.weight,
                    marks: own(work.id).map(draft_of).collect(),
                })
                .collect(),
            late_marks: late
                .map(|mark| LateMarkDraft { work: mark.work, mark: draft_of(mark) })
                .collect(),
            attendance: attendance
                .iter()
                .map(|row| AttendanceDraft { pupil: row.pupil, code: row.code.clone() })
                .collect(),
            individual_homework: individual_homework
                .iter()
                .map(|row| HomeworkDraft { pupil: row.pupil, homework: row.homework.clone() })
                .collect(),
            remarks: remarks
                .iter()
                .map(|row| RemarkDraft { pupil: row.pupil, text: row.text.clone() })
                .collect(),
        }
    }
}

debug_shows! {
    LessonDraft { class, subgroup, date, number, subject, instead_of, cancelled, distant, works }
    MarkDraft { id, pupil }
    AttendanceDraft { pupil }
    HomeworkDraft { pupil }
    RemarkDraft { pupil }
}
