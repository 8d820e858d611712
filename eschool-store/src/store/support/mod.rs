//! Support cases: what a school and technical support do for somebody whom a sign-in refused.
//!
//! * here: a case is opened, looked at, moved on;
//! * `evidence`: what is near the refused person, for the diagnosis;
//! * `error`: why not.

mod error;
mod evidence;

use chrono::{DateTime, Utc};
use eschool_core::{
    access::{Post, Sight, Viewer, may},
    diagnosis::{DiagnosisScope, Finding, RefusedPerson, diagnose},
    id::{AccountId, SchoolId},
    signin::CaseCode,
    support::{CaseAct, CaseStep, Desk, ShownFinding, SupportCase},
};
use zeroize::Zeroizing;

pub use self::error::SupportError;
use super::{
    Session, Store, StoreError,
    at_work::AtWork,
    cases::RefusedSignIn,
    places::{of_case_person, of_support_case},
    sign_in::commit,
};
use crate::{
    backend::{AuditEntry, Backend, BackendError, CaseAccount, Changes, SupportCaseRow, Turn, Tx},
    secret::{KeyHash, Purpose, Sealed},
};

/// The most characters somebody writes into one step.
const LONGEST_TEXT: usize = 2000;

/// A case as somebody at a desk sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseView {
    /// The case with every step.
    pub case: SupportCase,
    /// As what they see it.
    pub desk: Desk,
    /// What stands in the way, as far as the desk may see; nothing once the case is closed, or once
    /// what ЕСИА said is forgotten.
    pub findings: Vec<Finding>,
}

/// Somebody at a desk.
struct AtDesk {
    work: AtWork,
    actor: AccountId,
    /// Every desk they have, as the path of a case goes.
    desks: Vec<Desk>,
}

/// Whom a case is about: what their number at ЕСИА is found by, and the number.
type About = (Option<KeyHash>, Option<Sealed>);

/// A case as somebody at a desk came upon it.
struct Seen {
    row: SupportCaseRow,
    case: SupportCase,
    about: About,
    at_desk: AtDesk,
    findings: Vec<Finding>,
}

impl AtDesk {
    /// As what they take a step: as the desk whose turn it is, if that is theirs.
    fn desk(&self, case: &SupportCase) -> Result<Desk, SupportError> {
        let own = self.desks.iter().find(|desk| *desk == case.turn());
        own.or(self.desks.first()).cloned().ok_or(SupportError::NotFound)
    }
}

impl<B: Backend> Store<B> {
    /// Opens a case by the code that the refused person reads off the screen, for who was told it in
    /// their school: a class teacher, the registrar, the administrator. It stands with who keeps the
    /// registry. A case that is open in this school already is shown as it is.
    ///
    /// `school` is the school in which the session acts.
    ///
    /// # Errors
    /// [`SupportError::NotFound`] for a code that nobody has, or of a case of another school;
    /// [`SupportError::Access`] for who takes no cases.
    pub async fn open_case(
        &self,
        session: &Session,
        school: SchoolId,
        code: &CaseCode,
    ) -> Result<CaseView, SupportError> {
        let mut tx = self.write_in(&[self.case_turn(code)]).await?;
        let at_desk = self.at_desk(&mut *tx, session, school, (school, false)).await?;
        let now = self.inner.ambient.now();
        if tx.support_case(code).await?.is_none() {
            let refused = tx.refused_sign_in(code).await?.filter(|row| now < row.expires_at);
            let Some(refused) = refused else {
                drop(tx);
                return Err(self.not_found(session, school, code).await?);
            };
            let about = self.about(code, &self.open_refused(refused)?.person.oid)?;
            let keeper = self.rules(at_desk.work.today).registry_keeper.clone();
            let desk = at_desk.desks.first().cloned().ok_or(SupportError::NotFound)?;
            let opener = (at_desk.actor, desk);
            let case = SupportCase::open(*code, school, keeper, opener, now)?;
            let changes = Changes {
                support_cases: vec![self.seal_support_case(&case, about)?],
                audit: vec![self.case_entry("opened", &at_desk, &case)],
                ..Changes::default()
            };
            commit(tx, changes).await?;
        } else {
            drop(tx);
        }
        self.case(session, school, code).await
    }

    /// A case with its steps, and what the diagnosis finds, as far as the desk of who looks may see:
    /// a class teacher the evidence of the own class, the others of the school that of the school,
    /// support, once the case was passed on to it, that of other schools too. That findings were
    /// shown is a step of the case; every look is audited.
    ///
    /// Looked for are accounts anywhere with the person's СНИЛС or phone, and whoever has the
    /// person's name in the school of the case and in those where one of the keys was found.
    ///
    /// # Errors
    /// As for [`open_case`](Self::open_case).
    pub async fn case(
        &self,
        session: &Session,
        school: SchoolId,
        code: &CaseCode,
    ) -> Result<CaseView, SupportError> {
        loop {
            // Whole schools are read for the diagnosis: before anybody has to wait for this.
            let mut tx = self.read().await?;
            let Some(seen) = self.seen(&mut *tx, session, school, code).await? else {
                drop(tx);
                return Err(self.not_found(session, school, code).await?);
            };
            drop(tx);
            let mut tx = self.write_in(&[self.case_turn(code)]).await?;
            if tx.support_case(code).await?.as_ref() == Some(&seen.row) {
                return self.shown(tx, seen).await;
            }
        }
    }

    /// A case as it stands and what the diagnosis finds; none for a code that opens nothing here.
    async fn seen(
        &self,
        tx: &mut dyn Tx,
        session: &Session,
        school: SchoolId,
        code: &CaseCode,
    ) -> Result<Option<Seen>, SupportError> {
        let Some(row) = tx.support_case(code).await? else { return Ok(None) };
        let case = self.open_support_case(&row)?;
        let Some(at_desk) = self.at_desk_of(tx, session, school, &case).await? else {
            return Ok(None);
        };
        let now = self.inner.ambient.now();
        let refused = tx.refused_sign_in(code).await?.filter(|row| now < row.expires_at);
        let refused = refused.map(|row| self.open_refused(row)).transpose()?;
        // Of whoever else has the code by now nothing is shown here.
        let number = self.open_case_person(&row)?;
        let refused = refused.filter(|found| match (&number, row.person) {
            (Some(number), _) => **number == found.person.oid,
            (None, Some(own)) => self.esia_keys(&found.person.oid).contains(&own),
            (None, None) => true,
        });
        let about = match &refused {
            Some(found) if number.is_none() => self.about(code, &found.person.oid)?,
            _ => (row.person, row.number.clone()),
        };
        let findings = match refused {
            Some(refused) if !case.is_closed() => {
                self.findings(tx, &case, &at_desk, &refused).await?
            }
            _ => Vec::new(),
        };
        Ok(Some(Seen { row, case, about, at_desk, findings }))
    }

    /// Puts on record what is shown, and shows it.
    async fn shown(&self, tx: Box<dyn Tx>, seen: Seen) -> Result<CaseView, SupportError> {
        let Seen { mut case, about, at_desk, findings, .. } = seen;
        let desk = at_desk.desk(&case)?;
        let shown: Vec<ShownFinding> = findings.iter().map(ShownFinding::from).collect();
        let mut changes = Changes::default();
        if !shown.is_empty() && is_new(&case, at_desk.actor, &shown) {
            case.record(CaseStep {
                at: self.after(&case),
                by: at_desk.actor,
                desk: desk.clone(),
                act: CaseAct::FindingsShown,
                text: None,
                findings: shown,
            })?;
            changes.support_cases.push(self.seal_support_case(&case, about)?);
            changes.case_accounts = found_by(&case);
        }
        changes.audit.push(self.case_entry("looked_at", &at_desk, &case));
        commit(tx, changes).await?;
        Ok(CaseView { case, desk, findings })
    }

    /// Takes a step of a case: a note, that the data were mended, that it is passed on, closed,
    /// opened again. One that only [repeats](SupportCase::is_repeated_by) the last, as a form does
    /// that arrives twice, leaves the case as it is.
    ///
    /// # Errors
    /// [`SupportError::Case`] for a step that may not follow, as one out of turn; others as for
    /// [`case`](Self::case).
    pub async fn record_step(
        &self,
        session: &Session,
        school: SchoolId,
        code: &CaseCode,
        act: CaseAct,
        text: Option<String>,
    ) -> Result<SupportCase, SupportError> {
        if text.as_ref().is_some_and(|text| text.chars().nth(LONGEST_TEXT).is_some()) {
            return Err(SupportError::TextTooLong);
        }
        let mut tx = self.write_in(&[self.case_turn(code)]).await?;
        let mut found = None;
        if let Some(row) = tx.support_case(code).await? {
            let case = self.open_support_case(&row)?;
            let at_desk = self.at_desk_of(&mut *tx, session, school, &case).await?;
            found = at_desk.map(|at_desk| ((row.person, row.number), case, at_desk));
        }
        let Some((about, mut case, at_desk)) = found else {
            drop(tx);
            return Err(self.not_found(session, school, code).await?);
        };
        let step = CaseStep {
            at: self.after(&case),
            by: at_desk.actor,
            desk: at_desk.desk(&case)?,
            act,
            text,
            findings: Vec::new(),
        };
        if case.is_repeated_by(&step) {
            return Ok(case);
        }
        let outcome = step.act.as_str().to_owned();
        case.record(step)?;
        let changes = Changes {
            support_cases: vec![self.seal_support_case(&case, about)?],
            audit: vec![self.case_entry(&outcome, &at_desk, &case)],
            ..Changes::default()
        };
        commit(tx, changes).await?;
        Ok(case)
    }

    /// What stands in the way, as far as the desks of who looks may see.
    async fn findings(
        &self,
        tx: &mut dyn Tx,
        case: &SupportCase,
        at_desk: &AtDesk,
        refused: &RefusedSignIn,
    ) -> Result<Vec<Finding>, SupportError> {
        let led = at_desk.work.standings.led();
        let scopes: Result<Vec<DiagnosisScope>, _> =
            at_desk.desks.iter().map(|desk| case.scope(desk, &led)).collect();
        let evidence = self.case_evidence(tx, case.school(), &refused.person).await?;
        let today = at_desk.work.today;
        let person = RefusedPerson {
            said: &refused.person,
            refusal: &refused.refusal,
            rules: self.rules(today),
            today,
        };
        Ok(diagnose(&person, &evidence, &scopes?))
    }

    /// The desks of a session, if it may see this case. That another school has a case of this code
    /// is not told: there are none then.
    async fn at_desk_of(
        &self,
        tx: &mut dyn Tx,
        session: &Session,
        school: SchoolId,
        case: &SupportCase,
    ) -> Result<Option<AtDesk>, SupportError> {
        let sight = (case.school(), case.with_support());
        match self.at_desk(tx, session, school, sight).await {
            Err(SupportError::Access(_)) if case.school() != school => Ok(None),
            at_desk => at_desk.map(Some),
        }
    }

    /// That a code opens nothing here, on record with who tried it: codes are not to be tried out
    /// unseen. Who takes no cases is told that, whoever has the code.
    async fn not_found(
        &self,
        session: &Session,
        school: SchoolId,
        code: &CaseCode,
    ) -> Result<SupportError, SupportError> {
        let mut tx = self.read().await?;
        let actor = self.at_work(&mut *tx, session, school).await?.standings.actor();
        let at_desk = self.at_desk(&mut *tx, session, school, (school, false)).await;
        drop(tx);
        let entry = self.audit_entry("case", "not_found", None, None);
        let entry = AuditEntry { school: Some(school), actor, case: Some(*code), ..entry };
        self.note(vec![entry]).await?;
        Ok(at_desk.err().unwrap_or(SupportError::NotFound))
    }

    /// The desks of a session, if it may see the case of this school, passed on to support or not.
    async fn at_desk(
        &self,
        tx: &mut dyn Tx,
        session: &Session,
        school: SchoolId,
        (of, with_support): (SchoolId, bool),
    ) -> Result<AtDesk, SupportError> {
        let work = self.at_work(tx, session, school).await?;
        let viewers = work.standings.viewers(self.rules(work.today));
        let sight = Sight::Case { school: of, with_support };
        may(&viewers, &sight, work.today)?;
        let desk = |viewer: &Viewer<'_>| match viewer {
            Viewer::Staff { post: Post::ClassTeacher { .. }, .. } => Some(Desk::ClassTeacher),
            Viewer::Staff { post: Post::Registrar(_), .. } => Some(Desk::Registrar),
            Viewer::Staff { post: Post::Administrator(_), .. } => Some(Desk::Administrator),
            Viewer::Staff { post: Post::Support, .. } => Some(Desk::Support),
            _ => None,
        };
        // Each desk by which this very case is open.
        let opens = |viewer: &&Viewer<'_>| may(&[**viewer], &sight, work.today).is_ok();
        let mut desks: Vec<Desk> = viewers.iter().filter(opens).filter_map(desk).collect();
        desks.sort_unstable();
        desks.dedup();
        let actor = work.standings.actor().ok_or(SupportError::NotFound)?;
        Ok(AtDesk { work, actor, desks })
    }

    pub(super) async fn support_case(
        &self,
        tx: &mut dyn Tx,
        code: &CaseCode,
    ) -> Result<Option<SupportCase>, StoreError> {
        let row = tx.support_case(code).await?;
        row.map(|row| self.open_support_case(&row)).transpose()
    }

    fn open_support_case(&self, row: &SupportCaseRow) -> Result<SupportCase, StoreError> {
        let opened = self.inner.vault.open(&of_support_case(&row.code), &row.case)?;
        let case = serde_json::from_slice(&opened);
        Ok(case.map_err(|_| BackendError::Corrupt("support case"))?)
    }

    /// Whom a case is about, as its row keeps it.
    pub(in crate::store) fn about(&self, code: &CaseCode, oid: &str) -> Result<About, StoreError> {
        let nonce = self.inner.ambient.random();
        let number = self.inner.vault.seal(&of_case_person(code), oid.as_bytes(), nonce)?;
        Ok((Some(self.esia_key(oid)), Some(number)))
    }

    /// The number at ЕСИА of the person whom a case is about, if it was kept.
    pub(in crate::store) fn open_case_person(
        &self,
        row: &SupportCaseRow,
    ) -> Result<Option<Zeroizing<String>>, StoreError> {
        let Some(sealed) = &row.number else { return Ok(None) };
        let opened = self.inner.vault.open(&of_case_person(&row.code), sealed)?;
        let number = std::str::from_utf8(&opened).map_err(|_| BackendError::Corrupt("number"))?;
        Ok(Some(Zeroizing::new(number.to_owned())))
    }

    fn seal_support_case(
        &self,
        case: &SupportCase,
        (person, number): About,
    ) -> Result<SupportCaseRow, StoreError> {
        let code = case.code();
        let text = serde_json::to_vec(case).map(Zeroizing::new);
        let text = text.map_err(|_| BackendError::Corrupt("support case to write"))?;
        let nonce = self.inner.ambient.random();
        let sealed = self.inner.vault.seal(&of_support_case(&code), &text, nonce)?;
        let expires_at = case.closed_at().map(|at| at + self.inner.settings.refused_kept);
        let school = case.school();
        Ok(SupportCaseRow { code, school, person, number, expires_at, case: sealed })
    }

    /// When a step is taken: now, or with the last one where another server's clock is ahead.
    fn after(&self, case: &SupportCase) -> DateTime<Utc> {
        let last = case.steps().last().map(|step| step.at);
        last.into_iter().fold(self.inner.ambient.now(), DateTime::max)
    }

    pub(in crate::store) fn case_turn(&self, code: &CaseCode) -> Turn {
        let code = code.to_string();
        Turn::Key(self.inner.vault.mac(Purpose::Token, &[b"case", code.as_bytes()]))
    }

    fn case_entry(&self, outcome: &str, at_desk: &AtDesk, case: &SupportCase) -> AuditEntry {
        let entry = self.audit_entry("case", outcome, None, None);
        let (school, actor) = (Some(case.school()), Some(at_desk.actor));
        AuditEntry { school, actor, case: Some(case.code()), ..entry }
    }
}

/// What a case found to be the refused person's.
fn found_by(case: &SupportCase) -> Vec<CaseAccount> {
    let code = case.code();
    let found = case.accounts().into_iter();
    found.map(|(school, account)| CaseAccount { code, school, account }).collect()
}

/// Whether somebody is shown other findings than last time.
fn is_new(case: &SupportCase, by: AccountId, shown: &[ShownFinding]) -> bool {
    let own = |step: &&CaseStep| step.by == by && step.act == CaseAct::FindingsShown;
    case.steps().iter().rev().find(own).is_none_or(|step| step.findings != shown)
}
