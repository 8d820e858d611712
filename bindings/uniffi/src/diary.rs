//! Diaries: out of a portal's JSON, out of the journal's rows, and what is asked of them.

use eschool_core::{
    calendar::{DateRange, Term},
    diary::{
        self, Absences, Change, Diary, DiaryEvent, DiarySlice, Given, SubjectSummary,
        TargetVerdict, TermSlice, TermSummary, Way, WayMarks, WorkToCome,
    },
    journal::{Mean, Weight, WorkKind},
};

use crate::{
    Answer,
    error::{answer, read},
};

/// A change, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ChangeInWords {
    /// In Russian.
    pub text_ru: String,
    /// The same in English.
    pub text_en: String,
}

/// A diary out of a portal's JSON.
///
/// Throws `json_malformed`.
#[uniffi::export]
pub fn decode_diary(json: &str) -> Answer<Diary> {
    read(json, "diary")
}

/// A diary as JSON, to be kept; [`decode_diary`] reads it again.
#[uniffi::export]
pub fn encode_diary(diary: &Diary) -> Answer<String> {
    Ok(serde_json::to_string(diary).unwrap_or_default())
}

/// A term's summary out of a portal's JSON.
///
/// Throws `json_malformed`.
#[uniffi::export]
pub fn decode_term(json: &str) -> Answer<TermSummary> {
    read(json, "summary of a term")
}

/// A year's terms out of a portal's JSON.
///
/// Throws `json_malformed`.
#[uniffi::export]
pub fn decode_terms(json: &str) -> Answer<Vec<Term>> {
    read(json, "list of terms")
}

/// Events out of a portal's JSON.
///
/// Throws `json_malformed`.
#[uniffi::export]
pub fn decode_events(json: &str) -> Answer<Vec<DiaryEvent>> {
    read(json, "list of events")
}

/// What a store reads of one pupil, out of JSON.
///
/// Throws `json_malformed`.
#[uniffi::export]
pub fn decode_slice(json: &str) -> Answer<DiarySlice> {
    read(json, "slice of a journal")
}

/// What a store reads of one pupil and a term, out of JSON.
///
/// Throws `json_malformed`.
#[uniffi::export]
pub fn decode_term_slice(json: &str) -> Answer<TermSlice> {
    read(json, "slice of a term")
}

/// The days of a range: lessons by number with topic, homework, marks with the work each is for,
/// attendance; beyond the journal what the timetable plans.
///
/// Throws `range_too_long` for more than 3660 days, and for fewer where names and timetable would fill
/// them with more than 256 MB; a week is never refused.
#[uniffi::export]
pub fn compose(slice: DiarySlice, range: DateRange) -> Answer<Diary> {
    let range = answer(range.at_most(slice.most_days()))?;
    Ok(diary::compose(slice, range))
}

/// A term, subject by subject: topics, homework, works with marks, mean, finals, attendance, debts.
#[uniffi::export]
pub fn summarise(slice: TermSlice, term: &Term) -> Answer<TermSummary> {
    Ok(diary::summarise(slice, term))
}

/// What changed between two readings of one pupil's diary, on the days that both have.
#[uniffi::export]
pub fn changes(before: &Diary, after: &Diary) -> Answer<Vec<Change>> {
    Ok(diary::changes(before, after))
}

/// What happened, as people read it.
#[uniffi::export]
pub fn change_in_words(change: &Change) -> Answer<ChangeInWords> {
    Ok(ChangeInWords { text_ru: change.text_ru(), text_en: change.text_en() })
}

/// How much a pupil missed in the days of a diary, of how much, by subject and in all.
#[uniffi::export]
pub fn absences(diary: &Diary) -> Answer<Absences> {
    Ok(diary::absences(diary))
}

/// The mean of a subject after these marks; none while nothing counts.
///
/// Throws `mark_malformed` for points that are not 1 to 5.
#[uniffi::export]
pub fn what_if(subject: &SubjectSummary, given: Vec<Given>) -> Answer<Option<Mean>> {
    Ok(diary::what_if(subject, &given))
}

/// The kinds of work a subject has had, each with its latest weight.
#[uniffi::export]
pub fn works_met(subject: &SubjectSummary) -> Answer<Vec<WorkToCome>> {
    Ok(diary::works_met(subject))
}

/// What can be said of a target, and the shortest ways to it, each as people read it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct WaysInWords {
    /// Whether there is a way.
    pub verdict: TargetVerdict,
    /// The verdict in Russian.
    pub text_ru: String,
    /// The same in English.
    pub text_en: String,
    /// The ways, the shortest first; empty unless the target is reachable.
    pub ways: Vec<WayInWords>,
}

/// A way to a target as people read it: «ещё две пятёрки за контрольную».
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct WayInWords {
    /// The marks, the best first.
    pub marks: Vec<WayMarks>,
    /// The kind of work they are for.
    pub kind: WorkKind,
    /// How much each counts.
    pub weight: Weight,
    /// The mean they lead to.
    pub mean: Mean,
    /// The way in Russian.
    pub text_ru: String,
    /// The same in English.
    pub text_en: String,
}

impl From<Way> for WayInWords {
    fn from(way: Way) -> Self {
        let (text_ru, text_en) = (way.text_ru(), way.text_en());
        let Way { marks, kind, weight, mean } = way;
        Self { marks, kind, weight, mean, text_ru, text_en }
    }
}

/// The shortest ways from the mean of a subject to a target, in hundredths (`450` is 4,50), by marks
/// for works that may still come: those the school names, or those of `works_met`.
#[uniffi::export]
pub fn ways_to(
    subject: &SubjectSummary,
    target: u32,
    works: Vec<WorkToCome>,
) -> Answer<WaysInWords> {
    let diary::Ways { verdict, ways } = diary::ways_to(subject, target, &works);
    let (text_ru, text_en) = (verdict.text_ru().into(), verdict.text_en().into());
    let ways = ways.into_iter().map(WayInWords::from).collect();
    Ok(WaysInWords { verdict, text_ru, text_en, ways })
}
