//! What changed in final marks.

use alloc::vec::Vec;

use super::pairs::pair_off;
use crate::{
    diary::{Change, TermSummary},
    journal::FinalMark,
};

/// What changed in final marks, of a term, a year, an exam or a course, by subject.
///
/// A final mark is known by its pupil, its subject, what it closes and the year.
///
/// ```
/// use eschool_core::{diary::final_changes, journal::FinalMark};
///
/// let year = |value: &str| -> FinalMark {
///     serde_json::from_value(serde_json::json!({
///         "pupil": "019379ab-0000-7000-8000-000000000001", "subject": "Физика",
///         "kind": "year", "year": 2024, "value": value,
///     })).unwrap()
/// };
/// let changes = final_changes(&[year("4")], &[year("5")]);
/// assert_eq!(changes[0].text_ru(), "Физика: годовая отметка – 5 вместо 4");
/// ```
#[must_use]
pub fn final_changes(before: &[FinalMark], after: &[FinalMark]) -> Vec<Change> {
    compared(before.iter().collect(), after.iter().collect())
}

/// What changed in the final marks of a term, by subject, as [`final_changes`] tells it; nothing if
/// the summaries are of different pupils or terms.
///
/// ```
/// use eschool_core::diary::{TermSummary, term_final_changes};
///
/// let reading = |value: &str| -> TermSummary {
///     serde_json::from_value(serde_json::json!({
///         "pupil": "019379ab-0000-7000-8000-000000000001",
///         "term": {"grade": 7, "name": "1 четверть", "kind": "quarter", "days": {"from": "2024-09-01", "to": "2024-10-25"}},
///         "subjects": [{
///             "subject": "Физика", "topics": [], "homework": [], "marks": [],
///             "finals": [{
///                 "pupil": "019379ab-0000-7000-8000-000000000001", "subject": "Физика",
///                 "kind": "term", "term": "1 четверть", "year": 2024, "value": value,
///             }],
///             "attendance": {"late": 0, "ill": 0, "excused": 0, "unexcused": 0, "unspecified": 0},
///             "debts": 0, "unfilled": 0, "lessons": 14,
///         }],
///         "attendance": {"late": 0, "ill": 0, "excused": 0, "unexcused": 0, "unspecified": 0},
///         "debts": 0, "unfilled": 0,
///     })).unwrap()
/// };
/// let changes = term_final_changes(&reading("4"), &reading("5"));
/// assert_eq!(changes[0].text_ru(), "Физика: отметка за 1 четверть – 5 вместо 4");
/// ```
#[must_use]
pub fn term_final_changes(before: &TermSummary, after: &TermSummary) -> Vec<Change> {
    if (before.pupil, &before.term) != (after.pupil, &after.term) {
        return Vec::new();
    }
    compared(finals_of(before), finals_of(after))
}

fn finals_of(summary: &TermSummary) -> Vec<&FinalMark> {
    summary.subjects.iter().flat_map(|subject| &subject.finals).collect()
}

fn compared(before: Vec<&FinalMark>, after: Vec<&FinalMark>) -> Vec<Change> {
    let (_, old, new) = pair_off(before, after, |mark| Some((closes(mark), &mark.value)));
    let (changed, old, new) = pair_off(old, new, |mark| Some(closes(mark)));
    let changed = changed
        .into_iter()
        .map(|(old, new)| (new, Change::FinalChanged { old: old.clone(), new: new.clone() }));
    let new = new.into_iter().map(|mark| (mark, Change::FinalNew { mark: mark.clone() }));
    let old = old.into_iter().map(|mark| (mark, Change::FinalRemoved { mark: mark.clone() }));
    let mut changes: Vec<_> = changed.chain(new).chain(old).collect();
    changes.sort_by(|(a, _), (b, _)| closes(a).cmp(&closes(b)));
    changes.into_iter().map(|(_, change)| change).collect()
}

/// What tells one final mark from another.
fn closes(mark: &FinalMark) -> impl Ord + use<'_> {
    (mark.pupil, &mark.subject, &mark.kind, &mark.term, mark.year)
}
