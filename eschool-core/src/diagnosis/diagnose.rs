//! From evidence to findings.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::{
    CaseEvidence, Cause, DiagnosisScope, Finding,
    clue::{Clue, clues},
    text::{Told, tell, tell_notice},
};
use crate::{
    id::{AccountId, ClassId, SchoolId},
    signin::EsiaPerson,
};

/// Finds what stands in the way of a person who came through ЕСИА and was refused.
///
/// `said` is what ЕСИА said of them, `evidence` what a store gathered about it, `scopes` by what
/// right the viewer looks (any of them is enough), `today` the school's date.
///
/// # What is found
///
/// [`Cause`] names it, best first; each finding has its repair worded for a class teacher. An
/// account is the person's if it has their СНИЛС, and nothing else in it contradicts, or their
/// family name, given name and birth date. A refused entry is theirs if it has their СНИЛС, or
/// their name with the birth date, with the phone, or with a birth date nobody can read.
///
/// # Who sees what
///
/// A class teacher sees the evidence of the classes led, a registrar or an administrator that of
/// the school, support that of every school. Of evidence beyond that only this is told: that there
/// is some in the school ([`Cause::KnownInSchool`]) or in another ([`Cause::KnownElsewhere`]).
/// Whoever has no scope is told nothing.
///
/// ```
/// use eschool_core::diagnosis::{Cause, CaseEvidence, DiagnosisScope, diagnose};
///
/// let said = serde_json::from_str(
///     r#"{"oid": "1", "assurance": "confirmed", "snils": "112-233-445 95",
///         "name": {"family": "Ёлкина", "given": "Анна"}, "birthDate": "1985-05-17"}"#,
/// )?;
/// let evidence: CaseEvidence = serde_json::from_str(
///     r#"{"accounts": [{"account": {
///         "id": "019379ab-0000-7000-8000-000000000002",
///         "school": "019379ab-0000-7000-8000-000000000001",
///         "person": "019379ab-0000-7000-8000-000000000003",
///         "name": {"family": "Елкина", "given": "Анна"}, "birthDate": "1985-05-17"}}]}"#,
/// )?;
/// let school = evidence.accounts[0].account.school;
/// let today = "2024-09-30".parse().unwrap();
///
/// let found = diagnose(&said, &evidence, &[DiagnosisScope::School(school)], today);
/// assert_eq!(found[0].cause, Cause::SnilsMissing);
/// assert_eq!(found[0].text_ru, "В учётной записи «Елкина Анна» нет СНИЛС.");
///
/// let teacher = DiagnosisScope::ClassTeacher { school, classes: vec![] };
/// let found = diagnose(&said, &evidence, &[teacher], today);
/// assert_eq!(found[0].cause, Cause::NotEntered);
/// assert_eq!(found[1].cause, Cause::KnownInSchool);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn diagnose(
    said: &EsiaPerson,
    evidence: &CaseEvidence,
    scopes: &[DiagnosisScope],
    today: NaiveDate,
) -> Vec<Finding> {
    if scopes.is_empty() {
        return Vec::new();
    }
    let sees = |(school, classes): (SchoolId, &[ClassId])| {
        scopes.iter().any(|scope| scope.sees(school, classes))
    };
    let (mut seen, hidden): (Vec<Clue<'_>>, Vec<Clue<'_>>) =
        clues(said, evidence, today).into_iter().partition(|clue| sees(clue.place()));
    drop_explained(&mut seen);
    seen.sort_by_cached_key(|clue| (clue.cause(), order(clue)));

    let finding = |clue: &Clue<'_>| {
        let relative = match clue {
            Clue::SnilsAtRelative(_, relative) | Clue::HoldsRelativesSnils(_, relative) => {
                Some(*relative).filter(|one| sees((one.account.school, &one.classes)))
            }
            Clue::Account(..) | Clue::Entry(..) => None,
        };
        let row = match clue {
            Clue::Entry(_, entry) => entry.row.clone(),
            _ => None,
        };
        Finding {
            school: Some(clue.place().0),
            account: account_of(clue),
            relative: relative.map(|relative| relative.account.id),
            row,
            ..bare(clue.cause(), tell(clue, said, relative.is_some()))
        }
    };
    let mut findings: Vec<Finding> = seen.iter().map(finding).collect();
    let is_own = |clue: &Clue<'_>| scopes.iter().any(|scope| scope.is_of(clue.place().0));
    let notices = [
        (seen.is_empty(), Cause::NotEntered),
        (hidden.iter().any(is_own), Cause::KnownInSchool),
        (!hidden.iter().all(is_own), Cause::KnownElsewhere),
    ];
    let due = notices.into_iter().filter_map(|(due, cause)| due.then_some(cause));
    findings.extend(due.map(|cause| {
        let told = tell_notice(&cause);
        bare(cause, told)
    }));
    findings
}

/// That somebody else holds the СНИЛС says nothing new once they are known to be a relative.
fn drop_explained(clues: &mut Vec<Clue<'_>>) {
    let relatives: Vec<AccountId> = clues
        .iter()
        .filter_map(|clue| match clue {
            Clue::SnilsAtRelative(_, relative) => Some(relative.account.id),
            _ => None,
        })
        .collect();
    clues.retain(|clue| {
        clue.cause() != Cause::SnilsAtAnother
            || account_of(clue).is_none_or(|account| !relatives.contains(&account))
    });
}

/// What puts clues of one cause in order, whatever the order of the evidence.
fn order(clue: &Clue<'_>) -> impl Ord + use<> {
    let (fit, row, column) = match clue {
        Clue::Entry(fit, entry) => {
            (Some(*fit), entry.row.clone(), Some((entry.error.code.clone(), entry.cell.clone())))
        }
        _ => (None, None, None),
    };
    let relative = match clue {
        Clue::SnilsAtRelative(_, one) | Clue::HoldsRelativesSnils(_, one) => Some(one.account.id),
        _ => None,
    };
    (fit, clue.place().0, account_of(clue), relative, row, column)
}

fn account_of(clue: &Clue<'_>) -> Option<AccountId> {
    match clue {
        Clue::Account(_, near)
        | Clue::SnilsAtRelative(near, _)
        | Clue::HoldsRelativesSnils(near, _) => Some(near.account.id),
        Clue::Entry(..) => None,
    }
}

fn bare(cause: Cause, told: Told) -> Finding {
    let Told { text_ru, repair_ru, text_en, repair_en } = told;
    Finding {
        cause,
        school: None,
        account: None,
        relative: None,
        row: None,
        text_ru,
        repair_ru,
        text_en,
        repair_en,
    }
}
