//! How a year was closed: the finals of its terms, and the year's final against their mean.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{FinalAgainstMean, WordTotals};
use crate::{
    debug::debug_shows,
    id::AccountId,
    journal::{FinalKind, FinalMark, Grading, MarkValue, Mean, Weight},
};

/// The final marks of one pupil's year, by subject.
///
/// ```
/// use eschool_core::diary::YearFinals;
///
/// let year: YearFinals = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001", "year": 2024, "subjects": []
/// }"#).unwrap();
/// assert!(year.words.is_empty());
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct YearFinals {
    /// Whose they are.
    pub pupil: AccountId,
    /// The calendar year in which the school year began.
    pub year: i32,
    /// The subjects by name.
    pub subjects: Vec<YearSubject>,
    /// Words among all final marks.
    #[serde(default, skip_serializing_if = "WordTotals::is_empty")]
    pub words: WordTotals,
}

/// One subject of a year.
///
/// ```
/// use eschool_core::diary::YearSubject;
///
/// let physics: YearSubject = serde_json::from_str(r#"{
///     "subject": "Физика", "terms": [{"term": "1 четверть", "value": "4"}],
///     "mean": {"sum": 4, "weights": 1}, "year": "5", "finalAgainstMean": {"final": 5, "mean": 4}
/// }"#).unwrap();
/// assert!(physics.final_against_mean.unwrap().is_above());
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct YearSubject {
    /// The subject.
    pub subject: String,
    /// The finals of its terms, by the terms' names: «2 модуль» before «10 модуль».
    pub terms: Vec<TermFinal>,
    /// The mean of those that have points, each counted once; none where none has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<Mean>,
    /// The final mark of the year (*годовая*).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<MarkValue>,
    /// The mark of the exam.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exam: Option<MarkValue>,
    /// The final mark of the course (*итоговая*).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_mark: Option<MarkValue>,
    /// Where the year's final is not what the mean of the terms comes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_against_mean: Option<FinalAgainstMean>,
}

/// The final mark of a term.
///
/// ```
/// use eschool_core::diary::TermFinal;
///
/// let first: TermFinal = serde_json::from_str(r#"{"term": "1 четверть", "value": "н/а"}"#).unwrap();
/// assert_eq!(first.value.points(), None);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TermFinal {
    /// The term's name.
    pub term: String,
    /// What it is.
    pub value: MarkValue,
}

/// Sets the final marks of a pupil's year side by side.
///
/// Those of other pupils and years, and those that close what this version does not know, are passed
/// over, and of two that close the same the first holds. The exam and the final of the course are
/// shown; what a school makes of them together is its own rule. `grading` is that of the year: a school that closes it by other thresholds than a
/// term gives those.
///
/// ```
/// use eschool_core::{diary::year_finals, journal::{FinalMark, Grading}};
///
/// let pupil = "019379ab-0000-7000-8000-000000000001";
/// let mark = |kind: &str, term: &str, value: &str| -> FinalMark {
///     serde_json::from_value(serde_json::json!({
///         "pupil": pupil, "subject": "Физика", "kind": kind, "term": term, "year": 2024, "value": value,
///     })).unwrap()
/// };
/// let finals = vec![
///     mark("term", "1 четверть", "4"), mark("term", "2 четверть", "4"),
///     mark("term", "3 четверть", "н/а"), mark("term", "4 четверть", "3"), mark("year", "", "3"),
/// ];
/// let year = year_finals(pupil.parse().unwrap(), 2024, finals, &Grading::default());
/// let physics = &year.subjects[0];
/// assert_eq!(physics.mean.unwrap().to_string(), "3.67");
/// assert_eq!(
///     physics.final_against_mean.unwrap().text_of_year_ru(),
///     "годовая 3, по отметкам за периоды выходит 4",
/// );
/// assert_eq!(year.words.text_ru(), "н/а: 1");
/// ```
#[must_use]
pub fn year_finals(
    pupil: AccountId,
    year: i32,
    finals: Vec<FinalMark>,
    grading: &Grading,
) -> YearFinals {
    let mut subjects: BTreeMap<String, YearSubject> = BTreeMap::new();
    for mark in finals
        .into_iter()
        .filter(|mark| mark.pupil == pupil && mark.year == year && mark.kind.is_known())
    {
        let FinalMark { subject, kind, term, value, .. } = mark;
        let of = subjects.entry(subject).or_insert_with_key(|subject| YearSubject {
            subject: subject.clone(),
            terms: Vec::new(),
            mean: None,
            year: None,
            exam: None,
            final_mark: None,
            final_against_mean: None,
        });
        let place = match kind {
            FinalKind::Term => {
                if !of.terms.iter().any(|known| known.term == term) {
                    of.terms.push(TermFinal { term, value });
                }
                continue;
            }
            FinalKind::Year => &mut of.year,
            FinalKind::Exam => &mut of.exam,
            FinalKind::Final => &mut of.final_mark,
            FinalKind::Unknown(_) => continue,
        };
        place.get_or_insert(value);
    }

    let mut words = WordTotals::default();
    for of in subjects.values_mut() {
        of.terms.sort_by(|a, b| runs(&a.term).cmp(&runs(&b.term)));
        of.mean = grading.mean(of.terms.iter().map(|term| (&term.value, Weight::ONE)));
        of.final_against_mean = FinalAgainstMean::of_both(of.year.as_ref(), of.mean, grading);
        let terms = of.terms.iter().map(|term| &term.value);
        words += WordTotals::of(terms.chain(&of.year).chain(&of.exam).chain(&of.final_mark));
    }
    YearFinals { pupil, year, subjects: subjects.into_values().collect(), words }
}

/// A part of a name that is all digits, without zeros before it, or all else.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Run<'a> {
    /// Fewer digits are a smaller number.
    Number(usize, &'a [u8]),
    Text(&'a [u8]),
}

/// What a name is sorted by: its numbers as numbers, all else as text.
fn runs(name: &str) -> Vec<Run<'_>> {
    let runs = name.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
    let runs = runs.map(|mut run| {
        if !run.iter().all(u8::is_ascii_digit) {
            return Run::Text(run);
        }
        while let [b'0', rest @ ..] = run {
            run = rest;
        }
        Run::Number(run.len(), run)
    });
    runs.collect()
}

debug_shows! {
    YearFinals { pupil, year, subjects }
    YearSubject { subject, terms }
    TermFinal { term }
}
