//! Accounts whose time is over.

use eschool_core::{
    id::SchoolId,
    journal::is_read_elsewhere,
    signin::{MayErase, may_erase},
};

use super::Erased;
use crate::{
    backend::{AuditEntry, Backend, Changes, Registry, StoredAccount, Tx},
    store::{
        Store, StoreError,
        closing::{closings, is_open},
        sign_in::commit,
    },
};

impl<B: Backend> Store<B> {
    /// Erases accounts that have been closed for as long as the policy keeps them, as
    /// [`erase_person`](Self::erase_person) does but one school's account alone, no more than are
    /// asked for; and tells how many that were. Under a policy that keeps closed accounts it does
    /// nothing. Kept is who a ground to keep the data holds for, and a pupil who has left for another
    /// school while the year runs ([`is_read_elsewhere`]). A program calls it beside
    /// [`forget_expired`](Self::forget_expired), school after school in transactions of their own:
    /// those erased before a failure stay erased, and the other schools are gone through all the same.
    ///
    /// ```
    /// use eschool_store::{Store, StoreError, backend::Backend};
    ///
    /// async fn every_night<B: Backend>(store: &Store<B>) -> Result<(), StoreError> {
    ///     let erased = store.close_and_erase_due(100).await?;
    ///     println!("{erased} accounts were erased");
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`StoreError`] if the database fails: the first one, where several schools did.
    pub async fn close_and_erase_due(&self, limit: usize) -> Result<usize, StoreError> {
        let (mut count, mut failed) = (0, None);
        for school in self.schools().await? {
            let Some(left) = limit.checked_sub(count).filter(|left| *left > 0) else { break };
            let today = self.today(&school);
            if self.rules(today).erase_after_days.is_none() {
                continue;
            }
            match self.erase_school(school.id, today, left).await {
                Ok(erased) => count += erased,
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(count), Err)
    }

    async fn erase_school(
        &self,
        school: SchoolId,
        today: chrono::NaiveDate,
        limit: usize,
    ) -> Result<usize, StoreError> {
        let registry = self.read().await?.registry(school).await?;
        if self.due(&registry, today).is_empty() {
            return Ok(0);
        }
        self.erase_due(school, today, limit).await
    }

    async fn erase_due(
        &self,
        school: SchoolId,
        today: chrono::NaiveDate,
        limit: usize,
    ) -> Result<usize, StoreError> {
        // Alone: a card that changes meanwhile is written by its login, another school's account by
        // that school, and both must come before or after.
        let mut tx = self.write().await?;
        // Somebody may have come back since it was looked at.
        let registry = tx.registry(school).await?;
        let (mut erased, mut changes) = (Erased::default(), Changes::default());
        let closings = closings(&registry, self.rules(today), today);
        let rows = self.typed_rows(&registry);
        for account in self.due(&registry, today) {
            if erased.accounts.len() >= limit {
                break;
            }
            let known = self.known_bases(&mut *tx, school, account.id).await?;
            let bases: Vec<_> = known.into_iter().map(|known| known.basis).collect();
            let closing = closings.get(&account.id).copied();
            if may_erase(closing, &bases, account.id, today) != MayErase::Yes {
                continue;
            }
            if self.is_kept_for_another(&mut *tx, &registry, account, today).await? {
                continue;
            }
            let of_school = (&registry, rows.as_slice());
            self.erase(&mut *tx, of_school, account, &mut erased, &mut changes).await?;
        }
        let entry = |(school, account): &(SchoolId, _)| AuditEntry {
            school: Some(*school),
            ..self.audit_entry("account_erased", "due", None, Some(*account))
        };
        changes.audit = erased.accounts.iter().map(entry).collect();
        commit(tx, changes).await?;
        Ok(erased.accounts.len())
    }

    /// Whether a pupil's account is part of a year that another school reads.
    async fn is_kept_for_another(
        &self,
        tx: &mut dyn Tx,
        registry: &Registry,
        account: &StoredAccount,
        today: chrono::NaiveDate,
    ) -> Result<bool, StoreError> {
        let mut stays = registry.stays.clone();
        stays.retain(|stay| stay.pupil == account.id);
        if !is_read_elsewhere(&stays, true, today) {
            return Ok(false);
        }
        let mut elsewhere = tx.accounts_of(&[account.person]).await?;
        elsewhere.retain(|(school, _)| *school != account.school);
        let members = tx.members(&elsewhere).await?.into_iter();
        let mut open = members.map(|member| is_open(member, self.rules(today), today));
        Ok(is_read_elsewhere(&stays, open.any(|is_open| is_open), today))
    }

    /// The accounts of a school that are to be gone by today and are not, grounds to keep them apart.
    fn due<'r>(&self, registry: &'r Registry, today: chrono::NaiveDate) -> Vec<&'r StoredAccount> {
        let closings = closings(registry, self.rules(today), today);
        let is_due = |account: &&StoredAccount| {
            let closing = closings.get(&account.id).copied();
            !account.name.is_erased() && may_erase(closing, &[], account.id, today) == MayErase::Yes
        };
        registry.accounts.iter().filter(is_due).collect()
    }
}
