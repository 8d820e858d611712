//! From evidence to findings.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::{
    CaseEvidence, Cause, DiagnosisScope, Finding,
    clue::{Clue, clues, stopped_by},
    scope::Reach,
    text::{Told, Words},
};
use crate::{
    id::{AccountId, ClassId, SchoolId},
    policy::Rules,
    signin::{EsiaPerson, RefusalCode},
};

/// Somebody who came through ЕСИА and was refused.
///
/// ```
/// use eschool_core::{diagnosis::RefusedPerson, policy::SignInPolicy, signin::RefusalCode};
///
/// let said = serde_json::from_str(
///     r#"{"oid": "1", "assurance": "confirmed", "name": {"family": "Ёлкина", "given": "Анна"}}"#,
/// )?;
/// let (policy, today) = (SignInPolicy::ryazan_2022(), "2024-09-30".parse().unwrap());
/// let (refusal, rules) = (&RefusalCode::NotFound, policy.rules_on(today));
/// let person = RefusedPerson { said: &said, refusal, rules, today };
/// assert_eq!(person.refusal.as_str(), "not_found");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RefusedPerson<'a> {
    /// What ЕСИА said of them.
    pub said: &'a EsiaPerson,
    /// Why they were refused.
    pub refusal: &'a RefusalCode,
    /// The rules of today.
    pub rules: &'a Rules,
    /// The school's date.
    pub today: NaiveDate,
}

/// Finds what stands in the way of a person who came through ЕСИА and was refused.
///
/// `evidence` is what a store gathered about them, `scopes` by what right the viewer looks (any of
/// them is enough).
///
/// # What is found
///
/// [`Cause`] names it, best first; each finding has its repair worded for who reads it. Whether
/// the person would be recognised today is asked of [`identify`](crate::signin::identify), the rule
/// of sign-in itself, over all of the evidence. Who would be, and was refused for something else,
/// is told what that was.
///
/// An account is the person's if sign-in finds them by it, if it has their СНИЛС and nothing else
/// in it contradicts, if it has their family name, given name and birth date, or their name alone
/// where it has nothing else to compare. A refused entry is theirs if it has their СНИЛС, or their
/// name with the birth date, with the phone, or with a birth date nobody can read.
///
/// # Who sees what
///
/// A class teacher sees the evidence of the classes led, a registrar or an administrator that of
/// the school, support that of every school. Of evidence beyond that nothing is told, not even that
/// there is some. Whoever has no scope is told nothing at all.
///
/// ```
/// use eschool_core::{
///     diagnosis::{CaseEvidence, Cause, DiagnosisScope, RefusedPerson, diagnose},
///     policy::SignInPolicy,
///     signin::RefusalCode,
/// };
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
/// let (policy, today) = (SignInPolicy::ryazan_2022(), "2024-09-30".parse().unwrap());
/// let (refusal, rules) = (&RefusalCode::NotFound, policy.rules_on(today));
/// let person = RefusedPerson { said: &said, refusal, rules, today };
///
/// let found = diagnose(&person, &evidence, &[DiagnosisScope::School(school)]);
/// assert_eq!(found[0].cause, Cause::SnilsMissing);
/// assert_eq!(found[0].text_ru, "В учётной записи «Елкина Анна» нет СНИЛС.");
///
/// let teacher = DiagnosisScope::ClassTeacher { school, classes: vec![] };
/// let found = diagnose(&person, &evidence, &[teacher]);
/// assert_eq!((found.len(), &found[0].cause), (1, &Cause::NotEntered));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn diagnose(
    refused: &RefusedPerson<'_>,
    evidence: &CaseEvidence,
    scopes: &[DiagnosisScope],
) -> Vec<Finding> {
    let Some(reach) = scopes.iter().map(DiagnosisScope::reach).max() else {
        return Vec::new();
    };
    let sees = |school: SchoolId, classes: &[ClassId]| {
        scopes.iter().any(|scope| scope.sees(school, classes))
    };
    let mut seen = clues(refused, evidence, &sees);
    drop_explained(&mut seen);

    let words = Words { refused, reach };
    let finding = |clue: &Clue<'_>| {
        let row = match clue {
            Clue::Entry(_, entry) => entry.row.clone(),
            _ => None,
        };
        Finding {
            school: Some(clue.school()),
            account: account_of(clue),
            relative: relative_of(clue),
            row,
            ..bare(clue.cause(), words.tell(clue))
        }
    };
    // The text settles what is still alike: two rows of one line, two readings of one account.
    let mut findings: Vec<_> = seen.iter().map(|clue| (order(clue), finding(clue))).collect();
    findings.sort_by(|(order, one), (other_order, other)| {
        (&one.cause, order, &one.text_ru).cmp(&(&other.cause, other_order, &other.text_ru))
    });
    let mut findings: Vec<Finding> = findings.into_iter().map(|(_, finding)| finding).collect();
    let is_found = |cause: &Cause| findings.iter().any(|finding| finding.cause == *cause);
    let bare_causes = [
        stopped_by(refused.refusal).filter(|cause| !is_found(cause)),
        not_seen(refused.refusal, reach).filter(|_| seen.is_empty()),
    ];
    findings.extend(bare_causes.into_iter().flatten().map(|cause| {
        let told = words.tell_bare(&cause);
        bare(cause, told)
    }));
    findings.sort_by(|one, other| one.cause.cmp(&other.cause));
    findings
}

/// What it means that nothing near the person is seen. Where sign-in looked and found nobody, or
/// never looked, the person is not entered as far as the viewer sees; where it found too much, that
/// is somebody else's to see.
fn not_seen(refusal: &RefusalCode, reach: Reach) -> Option<Cause> {
    match refusal {
        RefusalCode::NotFound | RefusalCode::EsiaNotConfirmed => Some(Cause::NotEntered),
        RefusalCode::Ambiguous if reach == Reach::Schools => Some(Cause::NotEntered),
        RefusalCode::Ambiguous => Some(Cause::OutOfSight),
        _ => None,
    }
}

/// That somebody else holds the СНИЛС says nothing new once they are known to be a relative; that an
/// account agrees, nothing where another is seen to be the reason.
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
    let held_by_another = [Cause::SnilsAtRelative, Cause::SnilsAtAnother];
    if clues.iter().any(|clue| held_by_another.contains(&clue.cause())) {
        clues.retain(|clue| clue.cause() != Cause::AccountAgrees);
    }
}

/// What puts clues of one cause in order, whatever the order of the evidence.
fn order(clue: &Clue<'_>) -> impl Ord + use<> {
    let (fit, row, column) = match clue {
        Clue::Entry(fit, entry) => {
            (Some(*fit), entry.row.clone(), Some((entry.error.code.clone(), entry.cell.clone())))
        }
        _ => (None, None, None),
    };
    (fit, clue.school(), account_of(clue), relative_of(clue), row, column)
}

fn account_of(clue: &Clue<'_>) -> Option<AccountId> {
    match clue {
        Clue::Account(_, near)
        | Clue::SnilsAtRelative(near, _)
        | Clue::HoldsRelativesSnils(near, _) => Some(near.account.id),
        Clue::Entry(..) => None,
    }
}

fn relative_of(clue: &Clue<'_>) -> Option<AccountId> {
    match clue {
        Clue::SnilsAtRelative(_, one) | Clue::HoldsRelativesSnils(_, one) => Some(one.account.id),
        Clue::Account(..) | Clue::Entry(..) => None,
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
