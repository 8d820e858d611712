//! School years, and what is kept and forgotten of one account.

use chrono::{DateTime, Utc};
use eschool_core::id::{AccountId, LessonId, PersonId, SchoolId};

use super::state::State;
use crate::backend::{AuditEntry, CardJournalEntry, Changes, SessionRow};

impl State {
    pub(super) fn apply_year(&mut self, changes: &Changes) {
        for (school, account) in &changes.erased {
            let holder = (*school, *account);
            self.claims.retain(|_, claim| (claim.school, claim.account) != holder);
            let cards = self.credentials.values();
            let logins: Vec<_> = cards
                .filter(|card| (card.school, card.account) == holder)
                .map(|card| card.login_hash)
                .collect();
            self.credentials.retain(|login, _| !logins.contains(login));
            self.devices.retain(|_, device| !logins.contains(&device.login_hash));
            self.recovery_links.remove(&holder);
            for merge in self.merges.values_mut() {
                merge.moves.retain(|step| (step.school, step.account) != holder);
            }
            self.kept_apart.retain(|(one, other), _| one != account && other != account);
            let owned = self.owned(*school);
            owned.duties.retain(|(holder, _), _| holder != account);
            owned.data_bases.retain(|(holder, _), _| holder != account);
            owned.excuses.retain(|(pupil, _), _| pupil != account);
            owned.consents.retain(|_, consent| consent.pupil != *account);
        }
        for case in &changes.erased_cases {
            self.support_cases.remove(case);
            self.case_accounts.retain(|found| found.code != *case);
        }
        for row in &changes.new_years {
            self.owned(row.school).new_years.insert(row.id, row.clone());
        }
    }

    pub(super) fn audit_about(
        &self,
        school: SchoolId,
        accounts: &[AccountId],
        lessons: &[LessonId],
        limit: u32,
    ) -> Vec<AuditEntry> {
        let is_one = |id: Option<AccountId>| id.is_some_and(|id| accounts.contains(&id));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let about = self.audit.iter().rev().filter(|entry| {
            entry.school == Some(school)
                && (is_one(entry.subject)
                    || is_one(entry.actor)
                    || entry.lesson.is_some_and(|lesson| lessons.contains(&lesson)))
        });
        about.take(limit).cloned().collect()
    }

    pub(super) fn audit_between(
        &self,
        school: SchoolId,
        account: AccountId,
        lessons: &[LessonId],
        (from, until): (DateTime<Utc>, DateTime<Utc>),
        (skip, limit): (u32, u32),
    ) -> Vec<AuditEntry> {
        let [skip, limit] = [skip, limit].map(|count| usize::try_from(count).unwrap_or(usize::MAX));
        let about = self.audit.iter().rev().filter(|entry| {
            entry.school == Some(school)
                && (from..until).contains(&entry.at)
                && entry.actor.is_some_and(|actor| actor != account)
                && (entry.subject == Some(account)
                    || entry.lesson.is_some_and(|lesson| lessons.contains(&lesson)))
        });
        about.skip(skip).take(limit).cloned().collect()
    }

    pub(super) fn card_journal_of(
        &self,
        school: SchoolId,
        accounts: &[AccountId],
    ) -> Vec<CardJournalEntry> {
        let lines = self.school(school).card_journal.iter();
        let of_these = lines.filter(|entry| accounts.contains(&entry.account));
        let mut found: Vec<_> = of_these.cloned().collect();
        found.sort_by_key(|entry| (entry.account, entry.line.card));
        found
    }

    pub(super) fn sessions_of(&self, person: PersonId) -> Vec<SessionRow> {
        self.sessions.values().filter(|session| session.person == person).cloned().collect()
    }
}
