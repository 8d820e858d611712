//! A step of a case.

use alloc::{string::String, vec::Vec};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Desk;
use crate::{
    debug::debug_shows,
    diagnosis::{Cause, Finding},
    id::{AccountId, SchoolId},
    wire::{masked, wire_enum},
};

wire_enum! {
    /// What was done about a case.
    ///
    /// ```
    /// use eschool_core::support::CaseAct;
    ///
    /// assert_eq!(CaseAct::PassedOn.as_str(), "passed_on");
    /// assert_eq!(CaseAct::PassedOn.text_ru(), "обращение передано дальше");
    /// ```
    pub enum CaseAct {
        /// It was opened by its code.
        Opened = "opened",
        /// Something was noted.
        Note = "note",
        /// Findings of the diagnosis were shown.
        FindingsShown = "findings_shown",
        /// The data were mended.
        Repaired = "repaired",
        /// It was passed on to the next desk.
        PassedOn = "passed_on",
        /// It was closed.
        Closed = "closed",
        /// It was opened again, by who has it from then on.
        Reopened = "reopened",
    }
}

impl CaseAct {
    /// Whether it is for the desk whose turn it is alone.
    pub(super) const fn takes_the_turn(&self) -> bool {
        matches!(self, Self::Repaired | Self::PassedOn | Self::Closed)
    }

    /// What a person reads in the history.
    #[must_use]
    pub fn text_ru(&self) -> &str {
        match self {
            Self::Opened => "обращение открыто",
            Self::Note => "заметка",
            Self::FindingsShown => "показана диагностика",
            Self::Repaired => "данные исправлены",
            Self::PassedOn => "обращение передано дальше",
            Self::Closed => "обращение закрыто",
            Self::Reopened => "обращение открыто снова",
            Self::Unknown(text) => text,
        }
    }
}

/// A step of a case: who did what as what, and when.
///
/// ```
/// use eschool_core::support::{CaseAct, CaseStep, Desk};
///
/// let step: CaseStep = serde_json::from_str(
///     r#"{"at": "2024-09-30T09:00:00Z", "by": "019379ab-0000-7000-8000-000000000001",
///         "desk": "class_teacher", "act": "note", "text": "Мама принесла СНИЛС"}"#,
/// )?;
/// assert_eq!((&step.desk, &step.act), (&Desk::ClassTeacher, &CaseAct::Note));
/// assert!(!format!("{step:?}").contains("Мама"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseStep {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: AccountId,
    /// As what.
    pub desk: Desk,
    /// What.
    pub act: CaseAct,
    /// In their own words; a note has some.
    #[serde(default, deserialize_with = "masked::option", skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The findings that were shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<ShownFinding>,
}

debug_shows! {
    CaseStep { at, by, desk, act, findings }
}

/// A finding as a history keeps it: without its texts, which name people.
///
/// ```
/// use eschool_core::{
///     diagnosis::{CaseEvidence, Cause, DiagnosisScope, RefusedPerson, diagnose},
///     policy::SignInPolicy,
///     signin::RefusalCode,
///     support::ShownFinding,
/// };
///
/// let said = serde_json::from_str(
///     r#"{"oid": "1", "assurance": "confirmed", "name": {"family": "Ёлкина", "given": "Анна"}}"#,
/// )?;
/// let (policy, today) = (SignInPolicy::ryazan_2022(), "2024-09-30".parse().unwrap());
/// let (refusal, rules) = (&RefusalCode::NotFound, policy.rules_on(today));
/// let person = RefusedPerson { said: &said, refusal, rules, today };
/// let found = diagnose(&person, &CaseEvidence::default(), &[DiagnosisScope::Support]);
/// assert_eq!(ShownFinding::from(&found[0]).cause, Cause::NotEntered);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownFinding {
    /// Why the person was not recognised.
    pub cause: Cause,
    /// The school whose data it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school: Option<SchoolId>,
    /// The account it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
}

impl From<&Finding> for ShownFinding {
    fn from(finding: &Finding) -> Self {
        Self { cause: finding.cause.clone(), school: finding.school, account: finding.account }
    }
}
