//! A term as a family reads it: subjects with topics, marks, means and finals.

use alloc::{string::String, vec::Vec};
use core::ops::AddAssign;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{DiaryMark, FinalAgainstMean, WordTotals};
use crate::{
    calendar::Term,
    debug::debug_shows,
    id::AccountId,
    journal::{AttendanceClass, FinalMark, Grading, Material, Mean},
};

/// One term of one pupil.
///
/// ```
/// use eschool_core::diary::TermSummary;
///
/// let summary: TermSummary = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "term": {"grade": 7, "name": "1 четверть", "kind": "quarter", "days": {"from": "2024-09-01", "to": "2024-10-25"}},
///     "subjects": [],
///     "attendance": {"late": 2, "ill": 30, "excused": 0, "unexcused": 0, "unspecified": 0},
///     "debts": 1, "unfilled": 0
/// }"#).unwrap();
/// assert_eq!(summary.attendance.missed(), 30);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
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
    /// Open debts over all subjects.
    pub debts: u32,
    /// The pupil's lessons that nobody has filled, over all subjects.
    pub unfilled: u32,
    /// Words among the marks of all subjects.
    #[serde(default, skip_serializing_if = "WordTotals::is_empty")]
    pub words: WordTotals,
    /// Words among the final marks.
    #[serde(default, skip_serializing_if = "WordTotals::is_empty")]
    pub final_words: WordTotals,
}

/// One subject of a term.
///
/// ```
/// use eschool_core::diary::SubjectSummary;
///
/// let physics: SubjectSummary = serde_json::from_str(r#"{
///     "subject": "Физика", "topics": [{"date": "2024-09-16", "topic": "Сила"}], "homework": [], "marks": [],
///     "mean": {"sum": 25, "weights": 6, "shown": "4.17"}, "finals": [],
///     "attendance": {"late": 0, "ill": 0, "excused": 0, "unexcused": 0, "unspecified": 0},
///     "debts": 0, "unfilled": 0, "lessons": 14, "lastWrite": "2024-09-20T12:00:00Z"
/// }"#).unwrap();
/// assert_eq!(physics.mean.unwrap().to_string(), "4.17");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
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
    /// Attendance at those of the subject's lessons that [`lessons`](Self::lessons) counts.
    pub attendance: AttendanceTotals,
    /// Marks that are open debts.
    pub debts: u32,
    /// The pupil's lessons of the subject that nobody has filled.
    pub unfilled: u32,
    /// The pupil's lessons of the subject that were not cancelled.
    pub lessons: u32,
    /// When a teacher last wrote in the pupil's lessons of the subject: what a lesson itself holds,
    /// as its topic, homework for all or a cancellation ([`Lesson::written_at`]), or the value of a
    /// mark of the pupil's ([`Mark::written_at`]). Attendance, own homework, remarks, comments on
    /// marks and final marks do not move it: of them nobody keeps when they were written.
    ///
    /// [`Lesson::written_at`]: crate::journal::Lesson::written_at
    /// [`Mark::written_at`]: crate::journal::Mark::written_at
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_write: Option<DateTime<Utc>>,
    /// Words among the marks.
    #[serde(default, skip_serializing_if = "WordTotals::is_empty")]
    pub words: WordTotals,
    /// Where the final mark, the first should there be more than one, is not what the mean comes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_against_mean: Option<FinalAgainstMean>,
    /// How the school counts these marks; what may come of them is reckoned by the same rules.
    #[serde(default, skip_serializing_if = "Grading::is_plain")]
    pub grading: Grading,
}

/// A topic and its day.
///
/// ```
/// use eschool_core::diary::TopicLine;
///
/// let line: TopicLine = serde_json::from_str(r#"{"date": "2024-09-16", "topic": "Сила"}"#).unwrap();
/// assert_eq!(line.topic, "Сила");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TopicLine {
    /// The day of the lesson.
    pub date: NaiveDate,
    /// What it was about.
    pub topic: String,
}

/// Homework and its days.
///
/// ```
/// use eschool_core::diary::HomeworkLine;
///
/// let line: HomeworkLine = serde_json::from_str(
///     r#"{"date": "2024-09-16", "text": "Карточка № 46", "due": "2024-09-23", "individual": true}"#,
/// ).unwrap();
/// assert!(line.individual);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
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
    /// What comes with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<Material>,
}

/// A mark, its work and its day.
///
/// ```
/// use eschool_core::diary::MarkedWork;
///
/// let marked: MarkedWork = serde_json::from_str(r#"{
///     "date": "2024-09-16", "id": "019379ab-0000-7000-8000-000000000301", "value": "5",
///     "work": "Ответ на уроке", "title": "вопрос 2", "weight": "3"
/// }"#).unwrap();
/// assert_eq!(marked.mark.title, "вопрос 2");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct MarkedWork {
    /// The day of the lesson the mark stands in.
    pub date: NaiveDate,
    /// The mark with its work.
    #[serde(flatten)]
    pub mark: DiaryMark,
}

/// How often a pupil was late or absent.
///
/// ```
/// use eschool_core::{diary::AttendanceTotals, journal::AttendanceClass};
///
/// let mut totals = AttendanceTotals::default();
/// totals.count(&AttendanceClass::Ill);
/// totals.count(&AttendanceClass::Late);
/// totals += totals;
/// assert_eq!((totals.ill, totals.late, totals.missed()), (2, 2, 2));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
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

impl AttendanceTotals {
    /// Counts one more lesson of this class; presence and what this version does not know count
    /// nowhere.
    pub fn count(&mut self, class: &AttendanceClass) {
        match class {
            AttendanceClass::Late => self.late = self.late.saturating_add(1),
            AttendanceClass::Ill => self.ill = self.ill.saturating_add(1),
            AttendanceClass::Excused => self.excused = self.excused.saturating_add(1),
            AttendanceClass::Unexcused => self.unexcused = self.unexcused.saturating_add(1),
            AttendanceClass::Unspecified => self.unspecified = self.unspecified.saturating_add(1),
            AttendanceClass::Present | AttendanceClass::Unknown(_) => {}
        }
    }

    /// Lessons missed, whatever the reason.
    #[must_use]
    pub const fn missed(self) -> u32 {
        let with_reason = self.ill.saturating_add(self.excused);
        with_reason.saturating_add(self.unexcused).saturating_add(self.unspecified)
    }
}

impl AddAssign for AttendanceTotals {
    fn add_assign(&mut self, other: Self) {
        self.late = self.late.saturating_add(other.late);
        self.ill = self.ill.saturating_add(other.ill);
        self.excused = self.excused.saturating_add(other.excused);
        self.unexcused = self.unexcused.saturating_add(other.unexcused);
        self.unspecified = self.unspecified.saturating_add(other.unspecified);
    }
}

debug_shows! {
    TermSummary { pupil, term, subjects }
    SubjectSummary { subject, marks, finals, lessons, unfilled, last_write }
    HomeworkLine { date, due, individual }
    MarkedWork { date, mark }
}
