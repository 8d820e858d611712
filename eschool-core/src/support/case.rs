//! A case and its history.

use alloc::{collections::BTreeSet, vec, vec::Vec};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{CaseAct, CaseError, CaseStep, Desk};
use crate::{
    diagnosis::DiagnosisScope,
    id::{AccountId, ClassId, SchoolId},
    policy::RegistryKeeper,
    signin::CaseCode,
};

/// How soon after a step the same one is the same form, arrived twice.
const TWICE: TimeDelta = TimeDelta::minutes(2);

/// A support case (*обращение*) of somebody who could not sign in, with every step.
///
/// # Whose turn it is
///
/// The case begins with who keeps the registry, class teacher or registrar, goes on to the
/// administrator of the school and from there to technical support. Whose turn it is repairs,
/// passes on and closes. Every desk of the school may look at the diagnosis and leave a note at any
/// time, support once the case was passed on to it. A closed case takes one step alone: somebody on
/// its path reopens it, and has it from then on.
///
/// ```
/// use eschool_core::{
///     policy::RegistryKeeper,
///     support::{CaseAct, CaseError, CaseStep, Desk, SupportCase},
/// };
///
/// let teacher = "019379ab-0000-7000-8000-000000000002".parse()?;
/// let mut case = SupportCase::open(
///     "7Q4-K2M".parse()?,
///     "019379ab-0000-7000-8000-000000000001".parse()?,
///     RegistryKeeper::ClassTeacher,
///     (teacher, Desk::ClassTeacher),
///     "2024-09-30T09:00:00Z".parse().unwrap(),
/// )?;
/// let step = |desk, act| CaseStep {
///     at: "2024-09-30T09:05:00Z".parse().unwrap(),
///     by: teacher,
///     desk,
///     act,
///     text: None,
///     findings: vec![],
/// };
/// case.record(step(Desk::ClassTeacher, CaseAct::PassedOn))?;
/// assert_eq!(case.turn(), &Desk::Administrator);
/// let late = case.record(step(Desk::ClassTeacher, CaseAct::Closed));
/// assert!(matches!(late, Err(CaseError::NotYourTurn { .. })));
/// case.record(step(Desk::Administrator, CaseAct::Closed))?;
/// assert!(case.is_closed() && !case.with_support());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What a newer version wrote
///
/// On the wire it is its code, its path's beginning and its steps; a history that no case could
/// have is refused. An act that only a newer version knows is kept and says nothing of the case.
///
/// So is a desk: decoding keeps the steps of one that this version does not know, the opening among
/// them, with what they did. [`open`](Self::open), [`record`](Self::record) and
/// [`scope`](Self::scope) refuse it: nothing is done by such a desk. Once it had the turn, nobody
/// knows here whose turn came after it, so nobody repairs, passes on or closes
/// ([`CaseError::ThroughUnknownDesk`]) until a newer version wrote that a desk known here did.
///
/// ```
/// use eschool_core::support::{CaseAct, CaseError, CaseStep, Desk, SupportCase};
///
/// let by = "019379ab-0000-7000-8000-000000000002";
/// let mut case: SupportCase = serde_json::from_value(serde_json::json!({
///     "code": "7Q4-K2M", "school": "019379ab-0000-7000-8000-000000000001",
///     "keeper": "class_teacher",
///     "steps": [
///         {"at": "2024-09-30T09:00:00Z", "by": by, "desk": "class_teacher", "act": "opened"},
///         {"at": "2024-09-30T09:05:00Z", "by": by, "desk": "hotline", "act": "passed_on"},
///     ],
/// }))?;
/// assert_eq!(case.turn(), &Desk::from("hotline"));
/// let mut step = case.steps()[1].clone();
/// assert!(matches!(case.record(step.clone()), Err(CaseError::UnknownDesk { .. })));
/// step.desk = Desk::Administrator;
/// assert!(matches!(case.record(step), Err(CaseError::ThroughUnknownDesk { .. })));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct SupportCase {
    code: CaseCode,
    school: SchoolId,
    keeper: RegistryKeeper,
    steps: Vec<CaseStep>,
    turn: Desk,
    is_closed: bool,
    with_support: bool,
}

impl SupportCase {
    /// Opens a case by its code. It stands with who keeps the registry, whichever desk of the
    /// school was told the code.
    ///
    /// # Errors
    /// [`CaseError::NotPassedOn`] if support would open it: nobody passed it on;
    /// [`CaseError::UnknownDesk`] for a desk that there is not; decoding keeps one, for a newer
    /// version may know it.
    pub fn open(
        code: CaseCode,
        school: SchoolId,
        keeper: RegistryKeeper,
        (by, desk): (AccountId, Desk),
        at: DateTime<Utc>,
    ) -> Result<Self, CaseError> {
        let act = CaseAct::Opened;
        match desk {
            Desk::Support => Err(CaseError::NotPassedOn { act }),
            Desk::Unknown(_) => Err(CaseError::UnknownDesk { act, desk }),
            _ => {
                let opened = CaseStep { at, by, desk, act, text: None, findings: Vec::new() };
                Ok(Self::begun(code, school, keeper, opened))
            }
        }
    }

    fn begun(code: CaseCode, school: SchoolId, keeper: RegistryKeeper, opened: CaseStep) -> Self {
        let turn = Desk::path(&keeper).into_iter().next().unwrap_or(Desk::Administrator);
        let steps = vec![opened];
        Self { code, school, keeper, steps, turn, is_closed: false, with_support: false }
    }

    /// The code that the refused person has.
    #[must_use]
    pub const fn code(&self) -> CaseCode {
        self.code
    }

    /// The school that it was opened in.
    #[must_use]
    pub const fn school(&self) -> SchoolId {
        self.school
    }

    /// Every step, earliest first.
    #[must_use]
    pub fn steps(&self) -> &[CaseStep] {
        &self.steps
    }

    /// Whose turn it is; of a closed case, who closed it. Where a desk that this version does not
    /// know had it last, that desk.
    #[must_use]
    pub const fn turn(&self) -> &Desk {
        &self.turn
    }

    /// Whether it is closed.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Whether a step only says again what was done last, as a form does that arrives twice: the same
    /// act by the same person in the same words, within two minutes. At which desk is not asked: who
    /// passed a case on from one desk to another of their own has not done it once more. Findings
    /// that were shown since count for nothing. What opened a case, and a closed one, no step repeats.
    ///
    /// ```
    /// use eschool_core::support::SupportCase;
    ///
    /// let by = "019379ab-0000-7000-8000-000000000002";
    /// let step = |act: &str, minute| serde_json::json!({
    ///     "at": format!("2024-09-30T09:{minute}:00Z"), "by": by, "desk": "class_teacher",
    ///     "act": act, "text": "Мама не отвечает",
    /// });
    /// let case: SupportCase = serde_json::from_value(serde_json::json!({
    ///     "code": "7Q4-K2M", "school": by, "keeper": "class_teacher",
    ///     "steps": [step("opened", 10), step("note", 20)],
    /// }))?;
    /// let repeats = |act, minute| Ok::<_, serde_json::Error>(
    ///     case.is_repeated_by(&serde_json::from_value(step(act, minute))?)
    /// );
    /// assert!(repeats("note", 22)? && !repeats("repaired", 22)? && !repeats("opened", 22)?);
    /// assert!(!repeats("note", 23)?, "she was called again");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn is_repeated_by(&self, step: &CaseStep) -> bool {
        let mut steps = self.steps.iter().rev();
        let last = steps.find(|step| step.act != CaseAct::FindingsShown);
        !self.is_closed
            && step.act != CaseAct::Opened
            && last.is_some_and(|last| {
                (last.by, &last.act, &last.text) == (step.by, &step.act, &step.text)
                    && step.at.signed_duration_since(last.at) <= TWICE
            })
    }

    /// When it was closed; none while it is open. From then on a store keeps it for as long as what
    /// ЕСИА said ([`CASE_KEPT`](crate::signin::CASE_KEPT)).
    #[must_use]
    pub fn closed_at(&self) -> Option<DateTime<Utc>> {
        self.steps.last().filter(|_| self.is_closed).map(|step| step.at)
    }

    /// The accounts that its findings said to be the refused person's, with their schools: by these
    /// the case is found when somebody is given, or has erased, what is kept of them. Those that are
    /// only like the person's are not among them.
    ///
    /// ```
    /// use eschool_core::{diagnosis::Cause, support::SupportCase};
    ///
    /// let school = "019379ab-0000-7000-8000-000000000001";
    /// let by = "019379ab-0000-7000-8000-000000000002";
    /// let at = "2024-09-30T09:00:00Z";
    /// let case: SupportCase = serde_json::from_value(serde_json::json!({
    ///     "code": "7Q4-K2M", "school": school, "keeper": "class_teacher",
    ///     "steps": [
    ///         {"at": at, "by": by, "desk": "class_teacher", "act": "opened"},
    ///         {"at": at, "by": by, "desk": "class_teacher", "act": "findings_shown", "findings": [
    ///             {"cause": "snils_missing", "school": school, "account": by},
    ///             {"cause": "phone_only", "school": school, "account": school},
    ///         ]},
    ///     ],
    /// }))?;
    /// assert!(Cause::SnilsMissing.is_of_the_person() && !Cause::PhoneOnly.is_of_the_person());
    /// assert_eq!(case.accounts().into_iter().collect::<Vec<_>>(), [(school.parse()?, by.parse()?)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn accounts(&self) -> BTreeSet<(SchoolId, AccountId)> {
        let shown = self.steps.iter().flat_map(|step| &step.findings);
        let own = shown.filter(|finding| finding.cause.is_of_the_person());
        own.filter_map(|finding| finding.school.zip(finding.account)).collect()
    }

    /// Whether it was ever passed on to support: only then may support look at it, as
    /// [`Sight::Case`](crate::access::Sight::Case) asks.
    #[must_use]
    pub const fn with_support(&self) -> bool {
        self.with_support
    }

    /// What a desk may see of the evidence of this case; `classes` are those a class teacher leads.
    ///
    /// ```
    /// use eschool_core::{
    ///     policy::RegistryKeeper,
    ///     support::{CaseError, Desk, SupportCase},
    /// };
    ///
    /// let case = SupportCase::open(
    ///     "7Q4-K2M".parse()?,
    ///     "019379ab-0000-7000-8000-000000000001".parse()?,
    ///     RegistryKeeper::Registrar,
    ///     ("019379ab-0000-7000-8000-000000000002".parse()?, Desk::Registrar),
    ///     "2024-09-30T09:00:00Z".parse().unwrap(),
    /// )?;
    /// assert!(case.scope(&Desk::Registrar, &[])?.sees(case.school(), &[]));
    /// assert!(matches!(case.scope(&Desk::Support, &[]), Err(CaseError::NotPassedOn { .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`CaseError::Closed`] for a closed case, whose history could not say that somebody looked;
    /// [`CaseError::NotPassedOn`] for support before the case was passed on to it;
    /// [`CaseError::UnknownDesk`] for a desk that there is not.
    pub fn scope(&self, desk: &Desk, classes: &[ClassId]) -> Result<DiagnosisScope, CaseError> {
        let act = CaseAct::FindingsShown;
        if self.is_closed {
            return Err(CaseError::Closed { act });
        }
        if *desk == Desk::Support && !self.with_support {
            return Err(CaseError::NotPassedOn { act });
        }
        let unknown = || CaseError::UnknownDesk { act, desk: desk.clone() };
        desk.scope(self.school, classes).ok_or_else(unknown)
    }

    /// Writes a step down, if it may follow. A step that may not leaves the case as it was.
    ///
    /// # Errors
    /// [`CaseError`] names the step and what stands in its way. What only a newer version knows,
    /// decoding keeps and this refuses.
    pub fn record(&mut self, step: CaseStep) -> Result<(), CaseError> {
        if !step.act.is_known() {
            return Err(CaseError::UnknownAct { act: step.act });
        }
        if !step.desk.is_known() {
            return Err(CaseError::UnknownDesk { act: step.act, desk: step.desk });
        }
        self.take(step)
    }

    /// Takes a step of a history, which a version that knows more desks may have written.
    fn recall(&mut self, step: CaseStep) -> Result<(), CaseError> {
        let on_path = Desk::path(&self.keeper).contains(&step.desk);
        // Where an unknown desk had the turn, who acts was passed the case: a newer version saw to it.
        if on_path && !self.is_closed && !self.turn.is_known() && step.act.is_known() {
            self.with_support |= step.desk == Desk::Support;
            if step.act.takes_the_turn() {
                self.turn = step.desk.clone();
            }
        }
        self.take(step)
    }

    fn take(&mut self, step: CaseStep) -> Result<(), CaseError> {
        self.check(&step)?;
        match step.act {
            _ if step.act.takes_the_turn() && !step.desk.is_known() => {
                self.turn = step.desk.clone();
                self.is_closed = step.act == CaseAct::Closed;
            }
            CaseAct::PassedOn => {
                self.turn = self.next_desk().ok_or(CaseError::PassedOnFromSupport)?;
                self.with_support |= self.turn == Desk::Support;
            }
            CaseAct::Closed => self.is_closed = true,
            CaseAct::Reopened => {
                self.is_closed = false;
                self.turn = step.desk.clone();
            }
            _ => {}
        }
        self.steps.push(step);
        Ok(())
    }

    /// Whom the desk whose turn it is passes on to; nobody is behind support.
    fn next_desk(&self) -> Option<Desk> {
        let path = Desk::path(&self.keeper);
        path.into_iter().skip_while(|desk| *desk != self.turn).nth(1)
    }

    fn check(&self, step: &CaseStep) -> Result<(), CaseError> {
        let CaseStep { at, desk, act, text, .. } = step;
        let (at, act) = (*at, act.clone());
        if let Some(last) = self.steps.last().map(|last| last.at).filter(|last| at < *last) {
            return Err(CaseError::Earlier { act, at, last });
        }
        match (&act, self.is_closed) {
            (CaseAct::Unknown(_), _) => return Ok(()),
            (CaseAct::Opened, _) => return Err(CaseError::AlreadyOpened),
            (CaseAct::Reopened, false) => return Err(CaseError::NotClosed),
            (CaseAct::Reopened, true) | (_, false) => {}
            (_, true) => return Err(CaseError::Closed { act }),
        }
        if *desk == Desk::Support && !self.with_support {
            return Err(CaseError::NotPassedOn { act });
        }
        match act {
            // What a newer version let such a desk do: nothing else is known of it.
            _ if !desk.is_known() && act != CaseAct::Note => Ok(()),
            _ if act.takes_the_turn() && !self.turn.is_known() => {
                Err(CaseError::ThroughUnknownDesk { act, desk: self.turn.clone() })
            }
            _ if act.takes_the_turn() && *desk != self.turn => {
                let turn = self.turn.clone();
                Err(CaseError::NotYourTurn { act, desk: desk.clone(), turn })
            }
            CaseAct::PassedOn if self.next_desk().is_none() => Err(CaseError::PassedOnFromSupport),
            CaseAct::Reopened if !Desk::path(&self.keeper).contains(desk) => {
                Err(CaseError::NotOnPath { act, desk: desk.clone() })
            }
            CaseAct::Note if text.as_deref().is_none_or(|text| text.trim().is_empty()) => {
                Err(CaseError::EmptyNote)
            }
            _ => Ok(()),
        }
    }
}

/// A case as it crosses.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parts {
    code: CaseCode,
    school: SchoolId,
    keeper: RegistryKeeper,
    steps: Vec<CaseStep>,
}

impl From<SupportCase> for Parts {
    fn from(case: SupportCase) -> Self {
        let SupportCase { code, school, keeper, steps, .. } = case;
        Self { code, school, keeper, steps }
    }
}

impl TryFrom<Parts> for SupportCase {
    type Error = CaseError;

    fn try_from(parts: Parts) -> Result<Self, Self::Error> {
        let Parts { code, school, keeper, steps } = parts;
        let mut steps = steps.into_iter();
        let opened = steps.next().filter(|first| first.act == CaseAct::Opened);
        let opened = opened.ok_or(CaseError::NotOpened)?;
        if opened.desk == Desk::Support {
            return Err(CaseError::NotPassedOn { act: CaseAct::Opened });
        }
        let mut case = Self::begun(code, school, keeper, opened);
        steps.try_for_each(|step| case.recall(step))?;
        Ok(case)
    }
}
