//! The diary: composed, summarised, compared, and what marks to come would make of it.

use eschool_core::{
    calendar::{DateRange, Term},
    diary::{
        self, Absences, Change, Diary, DiarySlice, Given, SubjectSummary, TargetVerdict, TermSlice,
        TermSummary, Way, WorkToCome,
    },
    identity::parse_date,
    journal::{Grading, MarkValue, Mean, Points, Weight},
};
use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::{
    json::{decoded, read, read_any, write, write_any},
    policy::date,
};
use crate::border::{number, parsed, thrown};

/// The ends as they come, so that ends in the wrong order are told as that.
#[derive(Deserialize)]
struct Ends {
    from: String,
    to: String,
}

fn range_of(range: Ts<DateRange>) -> Result<DateRange, JsValue> {
    let Ends { from, to } = read_any(&range.into(), "range")?;
    let day = |text: &str| parse_date(text).map_err(|error| thrown(&error));
    DateRange::new(day(&from)?, day(&to)?).map_err(|error| thrown(&error))
}

/// Makes the diary of some days of what the school's rows say: days by the calendar, lessons by
/// number, each mark with the work it is for, homework with the day it is due, and what comes after
/// the journal's end from the timetable.
///
/// Ends of a range in the wrong order are refused (`range_reversed`), and so are more than 3660 days, or
/// fewer where names and timetable would fill them with more than 256 MB (`range_too_long`); a week
/// is never refused as too long. An end that is no date is refused as `parseDate` does
/// (`date_missing`, `date_invalid`).
#[wasm_bindgen(js_name = compose)]
pub fn compose(slice: Ts<DiarySlice>, range: Ts<DateRange>) -> Result<Ts<Diary>, JsValue> {
    let range = range_of(range)?;
    let slice: DiarySlice = read(slice, "slice")?;
    let range = range.at_most(slice.most_days()).map_err(|error| thrown(&error))?;
    write(&diary::compose(slice, range))
}

/// Makes the summary of a term, subject by subject: topics and homework by date, marks with their
/// works, the weighted mean, final marks, attendance, debts, lessons unfilled.
#[wasm_bindgen(js_name = summarise)]
pub fn summarise(slice: Ts<TermSlice>, term: Ts<Term>) -> Result<Ts<TermSummary>, JsValue> {
    let term = read(term, "term")?;
    write(&diary::summarise(read(slice, "slice")?, &term))
}

/// What is different in the second of two diaries of one pupil: for who keeps a copy and wants to
/// tell the family what came. Of days that only one of them has, nothing is told.
#[wasm_bindgen(js_name = changes, unchecked_return_type = "Change[]")]
pub fn changes(before: Ts<Diary>, after: Ts<Diary>) -> Result<JsValue, JsValue> {
    write_any(&diary::changes(&read(before, "before")?, &read(after, "after")?))
}

/// A change, as people read it.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ChangeInWords {
    /// In Russian.
    text_ru: String,
    /// The same in English.
    text_en: String,
}

/// What `changes` finds, as people read it, in the same order.
#[wasm_bindgen(js_name = changesInWords, unchecked_return_type = "ChangeInWords[]")]
pub fn changes_in_words(before: Ts<Diary>, after: Ts<Diary>) -> Result<JsValue, JsValue> {
    // A change is told here and never read: reading one would be a tenth of what a page downloads.
    let told =
        |change: &Change| ChangeInWords { text_ru: change.text_ru(), text_en: change.text_en() };
    let found = diary::changes(&read(before, "before")?, &read(after, "after")?);
    write_any(&found.iter().map(told).collect::<Vec<_>>())
}

/// How much a pupil missed in the days of a diary, of how much, by subject and in all.
#[wasm_bindgen(js_name = absences)]
pub fn absences(diary: Ts<Diary>) -> Result<Ts<Absences>, JsValue> {
    write(&diary::absences(&read(diary, "diary")?))
}

/// The mean of a subject after marks that are not there yet; `undefined` if no mark counts.
///
/// Debts and words change no mean; a sign counts as the subject's `grading` says.
#[wasm_bindgen(js_name = whatIf, unchecked_return_type = "Mean | undefined")]
pub fn what_if(
    subject: Ts<SubjectSummary>,
    #[wasm_bindgen(unchecked_param_type = "Given[]")] given: JsValue,
) -> Result<JsValue, JsValue> {
    let given: Vec<Given> = read_any(&given, "given")?;
    match diary::what_if(&read(subject, "subject")?, &given) {
        Some(mean) => write_any(&mean),
        None => Ok(JsValue::UNDEFINED),
    }
}

/// What can be said of a target, and the shortest ways to it, each with its words.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct WaysInWords {
    /// Whether there is a way.
    verdict: TargetVerdict,
    /// The verdict in Russian.
    text_ru: &'static str,
    /// The same in English.
    text_en: &'static str,
    /// The ways, the shortest first; empty unless the target is reachable.
    ways: Vec<WayInWords>,
}

/// A way to a target with its words, as «ещё две пятёрки за контрольную».
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct WayInWords {
    /// The way.
    #[serde(flatten)]
    way: Way,
    /// The way in Russian.
    text_ru: String,
    /// The same in English.
    text_en: String,
}

/// The shortest ways from the mean of a subject to a target, in hundredths (`450` is 4,50), by marks
/// for works that may still come: those the school names, or those of `worksMet`.
#[wasm_bindgen(js_name = waysTo)]
pub fn ways_to(
    subject: Ts<SubjectSummary>,
    #[wasm_bindgen(unchecked_param_type = "number")] target: JsValue,
    #[wasm_bindgen(unchecked_param_type = "WorkToCome[]")] works: JsValue,
) -> Result<Ts<WaysInWords>, JsValue> {
    let target = number(&target, "target", "a whole number of hundredths, as 450")?;
    let works: Vec<WorkToCome> = read_any(&works, "works")?;
    let ways = diary::ways_to(&read(subject, "subject")?, target, &works);
    let (text_ru, text_en) = (ways.verdict.text_ru(), ways.verdict.text_en());
    let told = |way: Way| WayInWords { text_ru: way.text_ru(), text_en: way.text_en(), way };
    let told = ways.ways.into_iter().map(told).collect();
    write(&WaysInWords { verdict: ways.verdict, text_ru, text_en, ways: told })
}

/// The kinds of work a subject has marks for, each with the weight of its latest mark: what `waysTo`
/// may be asked about where the school names no others.
#[wasm_bindgen(js_name = worksMet, unchecked_return_type = "WorkToCome[]")]
pub fn works_met(subject: Ts<SubjectSummary>) -> Result<JsValue, JsValue> {
    write_any(&diary::works_met(&read(subject, "subject")?))
}

/// A diary from the portal's JSON, as text or parsed: what is no diary is refused here and not met
/// later. What a newer portal adds is left out.
///
/// Throws `json_malformed`.
#[wasm_bindgen(js_name = decodeDiary)]
pub fn decode_diary(
    #[wasm_bindgen(unchecked_param_type = "unknown")] json: JsValue,
) -> Result<Ts<Diary>, JsValue> {
    write(&decoded::<Diary>(&json, "diary")?)
}

/// The summary of a term from the portal's JSON, as text or parsed.
///
/// Throws `json_malformed`.
#[wasm_bindgen(js_name = decodeTerm)]
pub fn decode_term(
    #[wasm_bindgen(unchecked_param_type = "unknown")] json: JsValue,
) -> Result<Ts<TermSummary>, JsValue> {
    write(&decoded::<TermSummary>(&json, "summary of a term")?)
}

/// The terms of a year from the portal's JSON, as text or parsed.
///
/// Throws `json_malformed`.
#[wasm_bindgen(js_name = decodeTerms, unchecked_return_type = "Term[]")]
pub fn decode_terms(
    #[wasm_bindgen(unchecked_param_type = "unknown")] json: JsValue,
) -> Result<JsValue, JsValue> {
    write_any(&decoded::<Vec<Term>>(&json, "list of terms")?)
}

/// A mark as a journal writes it, read from what a person typed: `5`, `4-`, `зачёт`, `н/а`.
///
/// Throws `mark_malformed`.
#[wasm_bindgen(js_name = parseMark)]
pub fn parse_mark(
    #[wasm_bindgen(unchecked_param_type = "string")] text: JsValue,
) -> Result<Ts<MarkValue>, JsValue> {
    write(&parsed::<MarkValue>(&text, "value")?)
}

/// The weight of a work, read from what a person typed: from 0,01 to 100.
///
/// Throws `weight_invalid`.
#[wasm_bindgen(js_name = parseWeight)]
pub fn parse_weight(
    #[wasm_bindgen(unchecked_param_type = "string")] text: JsValue,
) -> Result<Ts<Weight>, JsValue> {
    write(&parsed::<Weight>(&text, "weight")?)
}

/// The final mark that a mean comes to by the school's rules: a proposal, for the teacher decides.
#[wasm_bindgen(js_name = proposedFinal)]
pub fn proposed_final(grading: Ts<Grading>, mean: Ts<Mean>) -> Result<Ts<Points>, JsValue> {
    let grading: Grading = read(grading, "grading")?;
    write(&grading.proposed(read(mean, "mean")?))
}

/// The week of a day, Monday to Sunday.
///
/// Throws `date_missing`, `date_invalid`.
#[wasm_bindgen(js_name = weekOf)]
pub fn week_of(
    #[wasm_bindgen(unchecked_param_type = "string")] day: JsValue,
) -> Result<Ts<DateRange>, JsValue> {
    write(&DateRange::week_of(date(&day, "day")?))
}
