//! A child's year across schools.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{SubjectSummary, TermSummary};
use crate::{calendar::Term, debug::debug_shows, id::SchoolId, identity::fold_name, journal::Mean};

/// A term and the school it was in.
///
/// ```
/// use eschool_core::diary::SchoolTerm;
///
/// let term: SchoolTerm = serde_json::from_str(r#"{
///     "school": "019379ab-0000-7000-8000-00000000000a", "from": "2024-10-08",
///     "summary": {
///         "pupil": "019379ab-0000-7000-8000-000000000001",
///         "term": {"grade": 7, "name": "1 четверть", "kind": "quarter", "days": {"from": "2024-09-01", "to": "2024-10-25"}},
///         "subjects": [],
///         "attendance": {"late": 0, "ill": 0, "excused": 0, "unexcused": 0, "unspecified": 0},
///         "debts": 0, "unfilled": 0
///     }
/// }"#).unwrap();
/// assert_eq!(term.summary.term.name, "1 четверть");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SchoolTerm {
    /// The school.
    pub school: SchoolId,
    /// The child's first day in the school, of the stay the term belongs to; none where it is not
    /// known. In a term that two schools share it tells which of them came first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The term, of the account the child has there.
    pub summary: TermSummary,
}

/// A child's year, whatever schools it passed in, by subject.
///
/// ```
/// use eschool_core::diary::{JoinedYear, join_year};
///
/// assert_eq!(join_year(vec![]), JoinedYear { subjects: vec![], archived: vec![] });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JoinedYear {
    /// The subjects by name.
    pub subjects: Vec<JoinedSubject>,
    /// Schools the child came from whose part of the year went to an archive, and is not here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub archived: Vec<SchoolId>,
}

/// One subject of a year.
///
/// ```
/// use eschool_core::diary::JoinedSubject;
///
/// let physics: JoinedSubject = serde_json::from_str(
///     r#"{"subject": "Физика", "schools": [], "mean": {"sum": 9, "weights": 2}}"#,
/// ).unwrap();
/// assert_eq!(physics.mean.unwrap().to_string(), "4.50");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JoinedSubject {
    /// The subject, as the school where the year began names it.
    pub subject: String,
    /// What each school says of it, in the order the child was there.
    pub schools: Vec<SubjectInSchool>,
    /// The mean over the marks of all schools, each counted and weighed as its school does; none when
    /// no mark counts. Schools weigh differently, so it is a family's number, not a school's:
    /// show it beside the schools' own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<Mean>,
}

/// What one school says of a subject.
///
/// ```
/// use eschool_core::diary::SubjectInSchool;
///
/// let there: SubjectInSchool = serde_json::from_str(
///     r#"{"school": "019379ab-0000-7000-8000-00000000000a", "terms": []}"#,
/// ).unwrap();
/// assert_eq!(there.mean, None);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubjectInSchool {
    /// The school.
    pub school: SchoolId,
    /// Its terms by the day the child's part of them began.
    pub terms: Vec<SubjectInTerm>,
    /// The mean over all marks of the school; none when no mark counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<Mean>,
}

/// A subject in one term of one school: marks, mean, finals, attendance and debts stay as they are.
///
/// ```
/// use eschool_core::diary::SubjectInTerm;
///
/// let part: SubjectInTerm = serde_json::from_str(r#"{
///     "term": {"grade": 7, "name": "1 четверть", "kind": "quarter", "days": {"from": "2024-09-01", "to": "2024-10-25"}},
///     "summary": {
///         "subject": "Физика", "topics": [], "homework": [], "marks": [], "finals": [],
///         "attendance": {"late": 0, "ill": 0, "excused": 0, "unexcused": 0, "unspecified": 0},
///         "debts": 0, "unfilled": 0, "lessons": 14
///     }
/// }"#).unwrap();
/// assert_eq!(part.summary.lessons, 14);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubjectInTerm {
    /// The term.
    pub term: Term,
    /// The subject in it.
    pub summary: SubjectSummary,
}

/// Joins the terms of a child who was in several schools in one year.
///
/// Each school's account, terms, weights and finals stay its own: nothing a school said is
/// recomputed, and a final mark of one is no final mark of another. Beside that stand two exact
/// means, that of each school's marks and that of all marks together. Subjects are joined when
/// their names differ in nothing but case, ё and е, spaces and look-alike letters
/// ([`fold_name`]); «Русский язык» and «Рус. яз.» stay two, for a guess would mix up «История» and
/// «История России».
///
/// Terms stand by the day the child's part of them began: the first of the term, or of the
/// [stay](SchoolTerm::from) where that is later, for a child who moves in mid-term has the same
/// quarter in both schools.
///
/// Whether the accounts are one child's is not asked here: a merge decides it, and access whether
/// the reader may see both. The terms of one school are those of one division of the year: half
/// years given beside their quarters would count every mark twice.
///
/// ```
/// use eschool_core::diary::{SchoolTerm, join_year};
///
/// let term = |school: &str, subject: &str, from: &str, to: &str, value: &str| -> SchoolTerm {
///     serde_json::from_value(serde_json::json!({
///         "school": format!("019379ab-0000-7000-8000-00000000000{school}"),
///         "summary": {
///             "pupil": format!("019379ab-0000-7000-8000-00000000001{school}"),
///             "term": {"grade": 7, "name": "четверть", "kind": "quarter", "days": {"from": from, "to": to}},
///             "subjects": [{
///                 "subject": subject, "topics": [], "homework": [], "finals": [],
///                 "marks": [{
///                     "date": from, "id": format!("019379ab-0000-7000-8000-00000000030{school}"),
///                     "value": value, "work": "Тест", "title": "", "weight": "1",
///                 }],
///                 "attendance": {"late": 0, "ill": 0, "excused": 0, "unexcused": 0, "unspecified": 0},
///                 "debts": 0, "unfilled": 0, "lessons": 14,
///             }],
///             "attendance": {"late": 0, "ill": 0, "excused": 0, "unexcused": 0, "unspecified": 0},
///             "debts": 0, "unfilled": 0,
///         },
///     })).unwrap()
/// };
/// let year = join_year(vec![
///     term("b", "ФИЗИКА", "2024-11-05", "2024-12-28", "5"),
///     term("a", "Физика", "2024-09-01", "2024-10-25", "4"),
/// ]);
/// let [physics] = &year.subjects[..] else { panic!("one subject") };
/// assert_eq!((physics.subject.as_str(), physics.schools.len()), ("Физика", 2));
/// assert_eq!(physics.schools[0].mean.unwrap().to_string(), "4.00");
/// assert_eq!(physics.mean.unwrap().to_string(), "4.50");
/// ```
#[must_use]
pub fn join_year(mut terms: Vec<SchoolTerm>) -> JoinedYear {
    terms.sort_by_key(|term| {
        let days = term.summary.term.days;
        (term.from.map_or(days.from(), |from| from.max(days.from())), days, term.school)
    });
    let mut subjects: BTreeMap<String, Vec<(SchoolId, SubjectInTerm)>> = BTreeMap::new();
    for SchoolTerm { school, summary, .. } in terms {
        let TermSummary { term, subjects: of_term, .. } = summary;
        for summary in of_term {
            let parts = subjects.entry(fold_name(&summary.subject)).or_default();
            parts.push((school, SubjectInTerm { term: term.clone(), summary }));
        }
    }
    let mut subjects: Vec<_> = subjects.into_values().map(joined).collect();
    subjects.sort_by(|a, b| a.subject.cmp(&b.subject));
    JoinedYear { subjects, archived: Vec::new() }
}

/// A subject from its parts, which are in the order of their terms.
fn joined(parts: Vec<(SchoolId, SubjectInTerm)>) -> JoinedSubject {
    let subject = parts.first().map(|(_, part)| part.summary.subject.clone());
    let mean = mean_of(parts.iter().map(|(_, part)| part));
    let mut schools: Vec<SubjectInSchool> = Vec::new();
    for (school, part) in parts {
        match schools.iter_mut().find(|there| there.school == school) {
            Some(there) => there.terms.push(part),
            None => schools.push(SubjectInSchool { school, terms: Vec::from([part]), mean: None }),
        }
    }
    for there in &mut schools {
        there.mean = mean_of(&there.terms);
    }
    JoinedSubject { subject: subject.unwrap_or_default(), schools, mean }
}

/// The mean over the marks of several terms, each counted as its school counts it.
fn mean_of<'a>(parts: impl IntoIterator<Item = &'a SubjectInTerm>) -> Option<Mean> {
    let marks = parts.into_iter().flat_map(|part| {
        let SubjectSummary { marks, grading, .. } = &part.summary;
        let marks = marks.iter().map(|marked| &marked.mark);
        marks.filter_map(move |mark| Some((grading.worth(&mark.value)?, mark.weight)))
    });
    Mean::of_hundredths(marks)
}

debug_shows! {
    JoinedSubject { subject, schools }
    SubjectInSchool { school, terms }
}
