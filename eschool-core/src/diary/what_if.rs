//! What marks to come would make of a mean, and the shortest ways to a target.

mod text;
mod ways;

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

pub use self::ways::{MARKS_AT_MOST, TargetVerdict, Way, WayMarks, Ways, WorkToCome, ways_to};
use super::SubjectSummary;
use crate::{
    debug::debug_shows,
    journal::{MarkValue, Mean, Weight},
};

/// A mark that is not there yet, as a pupil tries it out.
///
/// ```
/// use eschool_core::diary::Given;
///
/// let given: Given = serde_json::from_str(r#"{"value": "5", "weight": "3"}"#).unwrap();
/// assert_eq!(given.weight.hundredths(), 300);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Given {
    /// What it would be; debts and words change no mean.
    pub value: MarkValue,
    /// How much it would count.
    pub weight: Weight,
}

/// The mean of a subject after marks that are not there yet, exact; none if no mark counts.
///
/// The rules are those of the subject's own mean: debts and words are left out, a sign counts as
/// `subject.grading` says, by default nothing. What stands in `subject.mean` is not asked: the marks are.
///
/// ```
/// use eschool_core::diary::{Given, SubjectSummary, what_if};
///
/// let physics: SubjectSummary = serde_json::from_str(r#"{
///     "subject": "Физика", "topics": [], "homework": [], "finals": [],
///     "marks": [{
///         "date": "2024-09-16", "id": "019379ab-0000-7000-8000-000000000301", "value": "4-",
///         "work": "Контрольная работа", "title": "Контрольная работа № 1", "weight": "5"
///     }],
///     "attendance": {"late": 0, "ill": 0, "excused": 0, "unexcused": 0, "unspecified": 0},
///     "debts": 0, "unfilled": 0, "lessons": 14
/// }"#).unwrap();
/// let five = Given { value: "5".parse().unwrap(), weight: "3".parse().unwrap() };
/// assert_eq!(what_if(&physics, &[five]).unwrap().to_string(), "4.38"); // 35 : 8
/// assert_eq!(what_if(&physics, &[]).unwrap().to_string(), "4.00");
/// ```
#[must_use]
pub fn what_if(subject: &SubjectSummary, given: &[Given]) -> Option<Mean> {
    let marks = subject.marks.iter().map(|marked| (&marked.mark.value, marked.mark.weight));
    subject.grading.mean(marks.chain(given.iter().map(|mark| (&mark.value, mark.weight))))
}

/// The kinds of work a subject has marks for, in the order they came, each with the weight of its
/// latest mark: what [`ways_to`] may be asked about when the school names no others.
///
/// Marks whose work has no kind are passed over.
///
/// ```
/// use eschool_core::diary::{SubjectSummary, works_met};
///
/// let mark = |n: u8, kind: &str, weight: &str| serde_json::json!({
///     "date": "2024-09-16", "id": format!("019379ab-0000-7000-8000-0000000003{n:02}"),
///     "value": "5", "work": kind, "title": "", "weight": weight,
/// });
/// let physics: SubjectSummary = serde_json::from_value(serde_json::json!({
///     "subject": "Физика", "topics": [], "homework": [], "finals": [],
///     "marks": [mark(1, "Ответ на уроке", "1"), mark(2, "Тест", "2"), mark(3, "Ответ на уроке", "3")],
///     "attendance": {"late": 0, "ill": 0, "excused": 0, "unexcused": 0, "unspecified": 0},
///     "debts": 0, "unfilled": 0, "lessons": 14,
/// })).unwrap();
/// let works = works_met(&physics);
/// assert_eq!(works[0].kind.to_string(), "Ответ на уроке");
/// assert_eq!(works[0].weight.to_string(), "3");
/// assert_eq!(works[1].kind.to_string(), "Тест");
/// ```
#[must_use]
pub fn works_met(subject: &SubjectSummary) -> Vec<WorkToCome> {
    let mut works: Vec<WorkToCome> = Vec::new();
    for mark in subject.marks.iter().map(|marked| &marked.mark) {
        match works.iter_mut().find(|work| work.kind == mark.work) {
            Some(work) => work.weight = mark.weight,
            None if mark.work.0.is_empty() => {}
            None => works.push(WorkToCome { kind: mark.work.clone(), weight: mark.weight }),
        }
    }
    works
}

debug_shows! {
    Given { weight }
}
