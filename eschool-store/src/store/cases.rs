//! Refused sign-ins through ЕСИА, kept for who has to find out why.

use chrono::{DateTime, Utc};
use eschool_core::signin::{CaseCode, EsiaPerson, Refusal, RefusalCode};
use zeroize::Zeroizing;

use super::{Store, StoreError, places::of_refused_sign_in, sign_in::commit};
use crate::backend::{AuditEntry, Backend, BackendError, Changes, RefusedSignInRow, Tx};

/// How many refused sign-ins whose time is over one write forgets: more than it adds, so that none
/// stays for long, and few enough to hold up nobody.
const FORGOTTEN_AT_ONCE: u32 = 50;

/// A sign-in through ЕСИА that was refused, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedSignIn {
    /// When it was.
    pub at: DateTime<Utc>,
    /// Why.
    pub refusal: RefusalCode,
    /// When it is forgotten.
    pub expires_at: DateTime<Utc>,
    /// What ЕСИА said of the person.
    pub person: EsiaPerson,
}

impl<B: Backend> Store<B> {
    /// What ЕСИА said at the refused sign-in with this code, for staff who were told it; nothing if
    /// there is none, or if it is older than it is kept. Every look is audited with its code, one
    /// that fails too.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails, or if what was sealed does not open.
    pub async fn refused_sign_in(
        &self,
        code: &CaseCode,
    ) -> Result<Option<RefusedSignIn>, StoreError> {
        let now = self.inner.ambient.now();
        let mut tx = self.write_in(&[]).await?;
        let row = tx.refused_sign_in(code).await?.filter(|row| now < row.expires_at);
        let found = row.map(|row| self.open_refused(row)).transpose();
        let outcome = match &found {
            Ok(Some(_)) => "found",
            Ok(None) => "not_found",
            Err(_) => "failed",
        };
        let entry = self.audit_entry("case_read", outcome, None, None);
        let audit = vec![AuditEntry { case: Some(*code), ..entry }];
        // Nothing is told, not even that it does not open, before the look is on record.
        commit(tx, Changes { audit, ..Changes::default() }).await?;
        found
    }

    /// Keeps what ЕСИА said of somebody who was refused, and gives the refusal with its code.
    ///
    /// Who is refused again for the same reason while it is kept has the same case, brought up to
    /// date, unless somebody worked on it and closed it: ЕСИА asks nothing of who is signed in there, so coming again costs one click. The
    /// person's children are not kept: nobody needs them to see what went wrong.
    pub(super) async fn keep_refused(
        &self,
        person: &EsiaPerson,
        refusal: Refusal,
    ) -> Result<Refusal, StoreError> {
        let now = self.inner.ambient.now();
        let mut tx = self.write_in(&self.esia_turns(&person.oid)).await?;
        let is_same = |row: &RefusedSignInRow| now < row.expires_at && row.refusal == refusal.code;
        let (mut same, mut known) = (None, Vec::new());
        for key in self.esia_keys(&person.oid) {
            known.extend(tx.refused_sign_ins_of(&key).await?);
        }
        for row in known.into_iter().filter(is_same) {
            // A case that was closed is over: with the next refusal something new begins.
            let known = tx.support_case(&row.case).await?;
            if known.is_none_or(|known| known.expires_at.is_none()) {
                same = Some(row.case);
                break;
            }
        }
        let case = match same {
            Some(case) => case,
            None => self.unused_case(&mut *tx).await?,
        };
        let person = EsiaPerson { children: Vec::new(), ..person.clone() };
        let said = serde_json::to_vec(&person).map(Zeroizing::new);
        let said = said.map_err(|_| BackendError::Corrupt("person to seal"))?;
        let row = RefusedSignInRow {
            case,
            person: self.esia_key(&person.oid),
            at: now,
            refusal: refusal.code.clone(),
            expires_at: now + self.inner.settings.refused_kept,
            said: self.inner.vault.seal(
                &of_refused_sign_in(&case),
                &said,
                self.inner.ambient.random(),
            )?,
        };
        let entry = self.audit_entry("sign_in", refusal.code.as_str(), None, None);
        let forgotten_cases = tx.cases_until(now, FORGOTTEN_AT_ONCE).await?;
        let changes = Changes {
            refused_sign_ins: vec![row],
            forgotten_cases,
            audit: vec![AuditEntry { case: Some(case), ..entry }],
            ..Changes::default()
        };
        commit(tx, changes).await?;
        Ok(Refusal { case: Some(case), ..refusal })
    }

    /// A code that neither a kept refusal has nor a support case, which may be kept for longer: there
    /// are far more codes than those.
    async fn unused_case(&self, tx: &mut dyn Tx) -> Result<CaseCode, StoreError> {
        loop {
            let case = CaseCode::from_random(self.inner.ambient.random());
            let is_unused = tx.refused_sign_in(&case).await?.is_none();
            if is_unused && tx.support_case(&case).await?.is_none() {
                return Ok(case);
            }
        }
    }

    pub(super) fn open_refused(&self, row: RefusedSignInRow) -> Result<RefusedSignIn, StoreError> {
        let RefusedSignInRow { case, at, refusal, expires_at, said, .. } = row;
        let said = self.inner.vault.open(&of_refused_sign_in(&case), &said)?;
        let person = serde_json::from_slice(&said);
        let person = person.map_err(|_| BackendError::Corrupt("refused sign-in"))?;
        Ok(RefusedSignIn { at, refusal, expires_at, person })
    }
}
