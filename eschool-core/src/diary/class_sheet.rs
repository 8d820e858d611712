//! A class at a glance, for its class teacher (*сводная ведомость*).

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    Absence, FinalAgainstMean, SubjectSummary, TermSlice, WordTotals, absences, compose, summarise,
};
use crate::{
    calendar::{DateRange, Term},
    debug::debug_shows,
    id::{AccountId, ClassId},
    journal::{MarkValue, Mean, Stay, classes_on, last_day_of},
};

/// One term of a class: pupils by subjects.
///
/// ```
/// use eschool_core::diary::ClassSheet;
///
/// let sheet: ClassSheet = serde_json::from_str(r#"{
///     "term": {"grade": 7, "name": "1 четверть", "kind": "quarter", "days": {"from": "2024-09-01", "to": "2024-10-25"}},
///     "subjects": ["Физика"], "rows": []
/// }"#).unwrap();
/// assert_eq!(sheet.subjects.len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClassSheet {
    /// Which term.
    pub term: Term,
    /// The columns: the subjects that are taught, by name.
    pub subjects: Vec<String>,
    /// A row for each pupil, in the order of the slices.
    pub rows: Vec<SheetRow>,
}

/// One pupil of a [`ClassSheet`].
///
/// ```
/// use eschool_core::diary::SheetRow;
///
/// let row: SheetRow = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001", "cells": [null], "debts": 0,
///     "absence": {"held": 0, "attendance": {"late": 0, "ill": 0, "excused": 0, "unexcused": 0, "unspecified": 0}}
/// }"#).unwrap();
/// assert_eq!(row.cells[0], None); // the pupil does not have that subject
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SheetRow {
    /// Whose row it is.
    pub pupil: AccountId,
    /// The last day in the class of who left it before the term's last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<NaiveDate>,
    /// A cell for each column; none where the pupil does not have the subject.
    pub cells: Vec<Option<SheetCell>>,
    /// Open debts over all subjects.
    pub debts: u32,
    /// What was missed over all subjects.
    pub absence: Absence,
    /// Words among the marks of all subjects.
    #[serde(default, skip_serializing_if = "WordTotals::is_empty")]
    pub words: WordTotals,
    /// Words among the final marks.
    #[serde(default, skip_serializing_if = "WordTotals::is_empty")]
    pub final_words: WordTotals,
}

/// One pupil in one subject.
///
/// ```
/// use eschool_core::diary::SheetCell;
///
/// let cell: SheetCell = serde_json::from_str(r#"{
///     "mean": {"sum": 9, "weights": 2}, "finalMark": "4",
///     "finalAgainstMean": {"final": 4, "mean": 5}, "debts": 1,
///     "absence": {"held": 14, "attendance": {"late": 0, "ill": 0, "excused": 0, "unexcused": 0, "unspecified": 0}}
/// }"#).unwrap();
/// assert_eq!(cell.final_against_mean.unwrap().text_ru(), "за период 4, по среднему баллу выходит 5");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SheetCell {
    /// The weighted mean; none when no mark counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<Mean>,
    /// The final mark of the term: the first row, should there be more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_mark: Option<MarkValue>,
    /// Where the final mark is not what the mean comes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_against_mean: Option<FinalAgainstMean>,
    /// Marks that are open debts.
    pub debts: u32,
    /// What was missed of the subject.
    pub absence: Absence,
    /// Words among the marks.
    #[serde(default, skip_serializing_if = "WordTotals::is_empty")]
    pub words: WordTotals,
}

/// Makes the sheet of a class from what a store read for each of its pupils.
///
/// Means, finals, words and debts are those of [`summarise`], absences those of
/// [`absences`] over the days of the term. A subject is taught, and so a column, if a pupil has a
/// lesson of it that was not cancelled, a mark or a final mark.
///
/// # Who stands on it
///
/// The pupils who were in the class on a day of the term. Who ends the term there, a pupil who left
/// the school from there too, has all of it, that of an earlier class as well: the term's mark is
/// given for the whole. Who moved on to another class has the lessons of this one alone and no
/// final mark, for the rest is the other class teacher's.
///
/// ```
/// use eschool_core::{calendar::Term, diary::{TermSlice, class_sheet}, id::ClassId};
///
/// let term: Term = serde_json::from_value(serde_json::json!({
///     "grade": 7, "name": "1 четверть", "kind": "quarter",
///     "days": {"from": "2024-09-01", "to": "2024-10-25"},
/// })).unwrap();
/// let class: ClassId = "019379ab-0000-7000-8000-0000000000c7".parse().unwrap();
/// let pupil = |n: u8, subject: &str| -> TermSlice {
///     let pupil = format!("019379ab-0000-7000-8000-0000000000{n:02}");
///     serde_json::from_value(serde_json::json!({
///         "diary": {
///             "pupil": pupil,
///             "stays": [{"pupil": pupil, "class": class, "from": "2024-09-01"}],
///         },
///         "finals": [{
///             "pupil": pupil, "subject": subject,
///             "kind": "term", "term": "1 четверть", "year": 2024, "value": "5",
///         }],
///     })).unwrap()
/// };
/// let sheet = class_sheet(class, vec![pupil(1, "Физика"), pupil(2, "Химия")], &term);
/// assert_eq!(sheet.subjects, ["Физика", "Химия"]);
/// assert!(sheet.rows[0].cells[0].is_some() && sheet.rows[0].cells[1].is_none());
/// ```
#[must_use]
pub fn class_sheet(class: ClassId, slices: Vec<TermSlice>, term: &Term) -> ClassSheet {
    let of_class = slices.into_iter().filter_map(|slice| of_class(slice, class, term.days));
    let pupils: Vec<_> = of_class.map(|(slice, left)| Pupil::of(slice, left, term)).collect();
    let subjects = pupils.iter().flat_map(|pupil| pupil.cells.keys().cloned());
    let subjects: BTreeSet<String> = subjects.collect();
    let subjects: Vec<_> = subjects.into_iter().collect();
    let rows = pupils.into_iter().map(|pupil| pupil.row(&subjects)).collect();
    ClassSheet { term: term.clone(), subjects, rows }
}

/// What a class has of a pupil's term, and the last day there of who left it; none of who was never
/// in it.
fn of_class(
    mut slice: TermSlice,
    class: ClassId,
    term: DateRange,
) -> Option<(TermSlice, Option<NaiveDate>)> {
    let pupil = slice.diary.pupil;
    let in_term = |stay: &&Stay| {
        let overlaps = stay.from <= term.to() && stay.to.is_none_or(|to| term.from() <= to);
        stay.pupil == pupil && overlaps && stay.validate().is_ok()
    };
    let stays: Vec<Stay> = slice.diary.stays.iter().filter(in_term).copied().collect();
    let here: Vec<Stay> = stays.iter().filter(|stay| stay.class == class).copied().collect();
    if here.is_empty() {
        return None;
    }
    if !classes_on(&stays, term.to()).contains(&class) {
        slice.diary.stays.retain(|stay| stay.class == class);
        slice.finals.clear();
    }
    Some((slice, last_day_of(&here).filter(|last| *last < term.to())))
}

/// A pupil with the subjects they have.
struct Pupil {
    pupil: AccountId,
    left: Option<NaiveDate>,
    cells: BTreeMap<String, SheetCell>,
    debts: u32,
    absence: Absence,
    words: WordTotals,
    final_words: WordTotals,
}

impl Pupil {
    fn of(slice: TermSlice, left: Option<NaiveDate>, term: &Term) -> Self {
        let missed = absences(&compose(slice.diary.clone(), term.days));
        let absence: BTreeMap<_, _> =
            missed.subjects.into_iter().map(|one| (one.subject, one.absence)).collect();
        let summary = summarise(slice, term);
        let cells = summary.subjects.into_iter().filter(is_taught).map(|subject| {
            let absence = absence.get(&subject.subject).copied().unwrap_or_default();
            let cell = SheetCell {
                mean: subject.mean,
                final_mark: subject.finals.into_iter().next().map(|mark| mark.value),
                final_against_mean: subject.final_against_mean,
                debts: subject.debts,
                absence,
                words: subject.words,
            };
            (subject.subject, cell)
        });
        Self {
            pupil: summary.pupil,
            left,
            cells: cells.collect(),
            debts: summary.debts,
            absence: missed.all,
            words: summary.words,
            final_words: summary.final_words,
        }
    }

    fn row(mut self, subjects: &[String]) -> SheetRow {
        let cells = subjects.iter().map(|subject| self.cells.remove(subject)).collect();
        let Self { pupil, left, debts, absence, words, final_words, .. } = self;
        SheetRow { pupil, left, cells, debts, absence, words, final_words }
    }
}

fn is_taught(subject: &SubjectSummary) -> bool {
    subject.lessons > 0 || !subject.marks.is_empty() || !subject.finals.is_empty()
}

debug_shows! {
    SheetRow { pupil }
    SheetCell {}
}
