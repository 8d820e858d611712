//! Accounts whose time is over.

use eschool_core::{
    id::SchoolId,
    signin::{MayErase, may_erase},
};

use super::Erased;
use crate::{
    backend::{AuditEntry, Backend, Changes, Registry, StoredAccount, Turn},
    store::{Store, StoreError, closing::closings, sign_in::commit},
};

impl<B: Backend> Store<B> {
    /// Erases accounts that have been closed for as long as the policy keeps them, as
    /// [`erase_person`](Self::erase_person) does but one school's account alone, no more than are
    /// asked for; and tells how many that were. Under a policy that keeps closed accounts it does
    /// nothing. A program calls it beside [`forget_expired`](Self::forget_expired), school after
    /// school in transactions of their own: those erased before a failure stay erased.
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
    /// [`StoreError`] if the database fails.
    pub async fn close_and_erase_due(&self, limit: usize) -> Result<usize, StoreError> {
        let mut count = 0;
        for school in self.schools().await? {
            let today = self.today(&school);
            if self.rules(today).erase_after_days.is_none() {
                continue;
            }
            let registry = self.read().await?.registry(school.id).await?;
            if count < limit && !self.due(&registry, today).is_empty() {
                count += self.erase_due(school.id, today, limit - count).await?;
            }
        }
        Ok(count)
    }

    async fn erase_due(
        &self,
        school: SchoolId,
        today: chrono::NaiveDate,
        limit: usize,
    ) -> Result<usize, StoreError> {
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        // Somebody may have come back since it was looked at.
        let registry = tx.registry(school).await?;
        let (mut erased, mut changes) = (Erased::default(), Changes::default());
        let closings = closings(&registry, self.rules(today), today);
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
            self.erase(&mut *tx, &registry, account, &mut erased, &mut changes).await?;
        }
        let entry = |(school, account): &(SchoolId, _)| AuditEntry {
            school: Some(*school),
            ..self.audit_entry("account_erased", "due", None, Some(*account))
        };
        changes.audit = erased.accounts.iter().map(entry).collect();
        commit(tx, changes).await?;
        Ok(erased.accounts.len())
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
