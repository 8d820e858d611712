//! Accounts whose time is over.

use std::collections::BTreeMap;

use eschool_core::{
    id::{AccountId, SchoolId},
    journal::is_read_elsewhere,
    people::{Account, DataBasis},
    signin::{MayErase, may_erase},
};

use super::Erased;
use crate::{
    backend::{AuditEntry, Backend, Changes, Registry, StoredAccount, Tx},
    store::{
        Store, StoreError,
        closing::{closings, is_open},
        numbers::{Numbers, claims_at_esia},
        sign_in::commit,
        unreadable::Unreadable,
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
    /// [`StoreError`] if the database fails: the first one, where several schools did. Whose data do
    /// not open stays, and is told of when all others are gone: [`StoreError::Unreadable`].
    pub async fn close_and_erase_due(&self, limit: usize) -> Result<usize, StoreError> {
        let (mut count, mut failed, mut unreadable) = (0, None, Unreadable::default());
        let mut known = None;
        for school in self.schools().await? {
            let Some(left) = limit.checked_sub(count).filter(|left| *left > 0) else { break };
            let today = self.today(&school);
            if self.rules(today).erase_after_days.is_none() {
                continue;
            }
            match self.erase_school(school.id, today, left, &mut known, &mut unreadable).await {
                Ok(erased) => count += erased,
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(()), Err)?;
        unreadable.finish()?;
        Ok(count)
    }

    async fn erase_school(
        &self,
        school: SchoolId,
        today: chrono::NaiveDate,
        limit: usize,
        known: &mut Option<Numbers>,
        unreadable: &mut Unreadable,
    ) -> Result<usize, StoreError> {
        let mut tx = self.read().await?;
        let registry = tx.registry(school).await?;
        let mut found = Unreadable::default();
        // Who has to stay is looked at every time, and holds up nobody.
        if self.due(&mut *tx, &registry, today, 1, &mut found).await?.is_empty() {
            unreadable.add(found);
            return Ok(0);
        }
        drop(tx);
        let known = match known {
            Some(known) => known,
            none => none.insert(self.known_before().await?),
        };
        self.erase_due(school, today, limit, known, unreadable).await
    }

    async fn erase_due(
        &self,
        school: SchoolId,
        today: chrono::NaiveDate,
        limit: usize,
        known: &mut Numbers,
        unreadable: &mut Unreadable,
    ) -> Result<usize, StoreError> {
        // Alone: a card that changes meanwhile is written by its login, another school's account by
        // that school, and both must come before or after.
        let mut tx = self.write().await?;
        // Somebody may have come back since it was looked at.
        let registry = tx.registry(school).await?;
        let (mut erased, mut changes) = (Erased::default(), Changes::default());
        let rows = self.typed_rows(&registry);
        let mut claims = Vec::new();
        for (stored, account) in self.due(&mut *tx, &registry, today, limit, unreadable).await? {
            claims.extend(claims_at_esia(&registry, stored.id).cloned());
            self.erase((&registry, &rows), (stored, &account), &mut erased, &mut changes);
        }
        let mut numbers = self.numbers_of(&mut *tx, &claims, known).await?;
        // By a number that no account has any more, nobody would find what ЕСИА said.
        let known: Vec<_> = numbers.iter().flatten().copied().collect();
        for claim in tx.claims(&known).await? {
            if !erased.accounts.contains(&(claim.school, claim.account)) {
                numbers.retain(|number: &Vec<_>| !number.contains(&claim.key));
            }
        }
        self.forget_sign_ins(&mut *tx, &numbers, &mut erased, &mut changes).await?;
        changes.shared_phones = self.phones_of_two(&mut *tx, &erased.accounts).await?;
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

    /// The accounts of a school that are to be gone by today and are not, opened; no more than are
    /// asked for.
    async fn due<'r>(
        &self,
        tx: &mut dyn Tx,
        registry: &'r Registry,
        today: chrono::NaiveDate,
        limit: usize,
        unreadable: &mut Unreadable,
    ) -> Result<Vec<(&'r StoredAccount, Account)>, StoreError> {
        let closings = closings(registry, self.rules(today), today);
        let may_go = |stored: &StoredAccount, bases: &[DataBasis]| {
            let closing = closings.get(&stored.id).copied();
            may_erase(closing, bases, stored.id, today) == MayErase::Yes
        };
        let over = registry.accounts.iter().filter(|stored| !stored.name.is_erased());
        let over: Vec<_> = over.filter(|stored| may_go(stored, &[])).collect();
        let Some(school) = over.first().map(|stored| stored.school) else { return Ok(Vec::new()) };
        let ids: Vec<AccountId> = over.iter().map(|stored| stored.id).collect();
        let mut rows: BTreeMap<AccountId, Vec<_>> = BTreeMap::new();
        for row in tx.data_bases(school, &ids).await? {
            rows.entry(row.account).or_default().push(row);
        }
        let mut due = Vec::new();
        for stored in over {
            if due.len() >= limit {
                break;
            }
            let grounds = rows.get(&stored.id).into_iter().flatten();
            let bases: Result<Vec<_>, _> =
                grounds.map(|row| Ok(self.open_basis(school, row)?.basis)).collect();
            let opened = bases.and_then(|bases| Ok((bases, self.open_account(stored)?)));
            let Some((bases, account)) = unreadable.note("account", stored.id, opened)? else {
                continue;
            };
            if may_go(stored, &bases)
                && !self.is_kept_for_another(tx, registry, stored, today).await?
            {
                due.push((stored, account));
            }
        }
        Ok(due)
    }
}
