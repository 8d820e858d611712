//! Letters, links, cases, consents, grounds, excuses.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use eschool_core::{
    calendar::DateRange,
    id::{AccountId, SchoolId},
    people::Consent,
    signin::CaseCode,
};
use uuid::Uuid;

use super::state::State;
use crate::{
    backend::{
        BackendError, CaseAccount, Changes, Credential, DataBasisRow, ExcuseRow, LetterRow,
        RecoveryLinkRow, SupportCaseRow,
    },
    secret::KeyHash,
};

impl State {
    pub(super) fn apply_family(&mut self, changes: &Changes) -> Result<(), BackendError> {
        self.check_accounts(changes)?;
        for (person, token) in &changes.ended_others {
            self.sessions.retain(|(whose, key), _| whose != person || *key == token.0);
        }
        for row in &changes.letters {
            self.letters.insert(row.id, row.clone());
        }
        for letter in &changes.sent_letters {
            self.letters.remove(letter);
        }
        for row in &changes.recovery_links {
            self.recovery_links.insert((row.school, row.link.account()), row.clone());
        }
        for row in &changes.support_cases {
            self.support_cases.insert(row.code, row.clone());
        }
        self.case_accounts.extend(&changes.case_accounts);
        for (school, row) in &changes.consents {
            let key = (row.pupil, row.purpose.as_str().to_owned(), row.giver, row.from);
            self.owned(*school).consents.insert(key, row.clone());
        }
        for (school, row) in &changes.data_bases {
            self.owned(*school).data_bases.insert((row.account, row.id), row.clone());
        }
        for (school, row) in &changes.excuses {
            self.owned(*school).excuses.insert((row.pupil, row.id), row.clone());
        }
        Ok(())
    }

    /// That whoever a link, a consent, a ground or an excuse is of is there.
    fn check_accounts(&self, changes: &Changes) -> Result<(), BackendError> {
        let links = changes.recovery_links.iter().map(|row| (row.school, row.link.account()));
        let consents = changes.consents.iter().map(|(school, row)| (*school, row.pupil));
        let bases = changes.data_bases.iter().map(|(school, row)| (*school, row.account));
        let excuses = changes.excuses.iter().map(|(school, row)| (*school, row.pupil));
        let mut whose = links.chain(consents).chain(bases).chain(excuses);
        if whose.all(|(school, account)| self.school(school).accounts.contains_key(&account)) {
            Ok(())
        } else {
            Err(BackendError::Dangling)
        }
    }

    pub(super) fn credentials_of(&self, accounts: &[(SchoolId, AccountId)]) -> Vec<Credential> {
        let asked = |card: &&Credential| accounts.contains(&(card.school, card.account));
        let mut cards: Vec<_> = self.credentials.values().filter(asked).cloned().collect();
        cards.sort_by(|one, other| one.login.cmp(&other.login));
        cards
    }

    pub(super) fn letters_due(&self, at: DateTime<Utc>, limit: u32) -> Vec<LetterRow> {
        let mut due: Vec<_> =
            self.letters.values().filter(|row| row.due_at <= at).cloned().collect();
        due.sort_by_key(|row| (row.due_at, row.id));
        due.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        due
    }

    pub(super) fn letters_until(&self, end: DateTime<Utc>, limit: u32) -> Vec<Uuid> {
        let mut ended: Vec<_> = self.letters.values().map(|row| (row.expires_at, row.id)).collect();
        ended.retain(|(ends, _)| *ends <= end);
        ended.sort_unstable();
        ended.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        ended.into_iter().map(|(_, letter)| letter).collect()
    }

    pub(super) fn letter(&self, id: Uuid) -> Option<LetterRow> {
        self.letters.get(&id).cloned()
    }

    pub(super) fn recovery_link(
        &self,
        school: SchoolId,
        account: AccountId,
    ) -> Option<RecoveryLinkRow> {
        self.recovery_links.get(&(school, account)).cloned()
    }

    pub(super) fn support_cases_of(
        &self,
        people: &[KeyHash],
        accounts: &[(SchoolId, AccountId)],
    ) -> Vec<CaseCode> {
        let of_person = |row: &&SupportCaseRow| row.person.is_some_and(|key| people.contains(&key));
        let of_account = |found: &&CaseAccount| accounts.contains(&(found.school, found.account));
        let cases = self.support_cases.values().filter(of_person).map(|row| row.code);
        let found = self.case_accounts.iter().filter(of_account).map(|found| found.code);
        cases.chain(found).collect::<BTreeSet<_>>().into_iter().collect()
    }

    pub(super) fn support_cases_until(&self, end: DateTime<Utc>, limit: u32) -> Vec<CaseCode> {
        let ends = |row: &SupportCaseRow| row.expires_at.map(|ends| (ends, row.code));
        let mut ended: Vec<_> = self.support_cases.values().filter_map(ends).collect();
        ended.retain(|(ends, _)| *ends <= end);
        ended.sort_unstable();
        ended.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        ended.into_iter().map(|(_, code)| code).collect()
    }

    pub(super) fn support_cases_after(&self, code: Option<&CaseCode>, limit: u32) -> Vec<CaseCode> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let codes = self.support_cases.keys().filter(|own| code.is_none_or(|code| code < *own));
        codes.take(limit).copied().collect()
    }

    pub(super) fn support_case(&self, code: &CaseCode) -> Option<SupportCaseRow> {
        self.support_cases.get(code).cloned()
    }

    pub(super) fn consents(&self, school: SchoolId, pupils: &[AccountId]) -> Vec<Consent> {
        let consents = self.school(school).consents.values();
        consents.filter(|row| pupils.contains(&row.pupil)).cloned().collect()
    }

    pub(super) fn data_bases(&self, school: SchoolId, accounts: &[AccountId]) -> Vec<DataBasisRow> {
        let bases = self.school(school).data_bases.values();
        bases.filter(|row| accounts.contains(&row.account)).cloned().collect()
    }

    pub(super) fn excuses(
        &self,
        school: SchoolId,
        pupils: &[AccountId],
        days: DateRange,
    ) -> Vec<ExcuseRow> {
        let touches =
            |row: &&ExcuseRow| row.days.from() <= days.to() && days.from() <= row.days.to();
        let excuses = self.school(school).excuses.values();
        excuses.filter(|row| pupils.contains(&row.pupil)).filter(touches).cloned().collect()
    }
}
