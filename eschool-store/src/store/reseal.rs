//! Sealing anew what an older key sealed.

use chrono::{DateTime, Utc};
use eschool_core::id::SchoolId;

use super::{
    Store, StoreError,
    places::{of_account, of_refused_row, of_refused_sign_in},
    sign_in::commit,
};
use crate::{
    backend::{Backend, Changes, RefusedRow, RefusedSignInRow, Registry, StoredAccount, Turn},
    secret::{ClaimKind, Place, Sealed},
};

/// How many rows of a school one transaction seals anew: few enough to hold up nobody who writes.
const BATCH: usize = 200;

/// What is claimed by values that an account has sealed.
const TYPED: [ClaimKind; 3] = [ClaimKind::Snils, ClaimKind::Phone, ClaimKind::Email];

impl<B: Backend> Store<B> {
    /// Seals anew, with the newest key, rows that an older one sealed, no more than `limit`; tells
    /// how many are left.
    ///
    /// After [`Keys::rotate`](crate::secret::Keys::rotate) an operator calls this until none is left;
    /// then [`Keys::retire`](crate::secret::Keys::retire) loses nothing, if every instance runs with
    /// the new keys. All else goes on meanwhile: each row is read and written in its turn, so that
    /// what somebody changes stays changed.
    ///
    /// ```
    /// use eschool_store::{Store, StoreError, backend::Backend};
    ///
    /// async fn after_a_rotation<B: Backend>(store: &Store<B>) -> Result<(), StoreError> {
    ///     while let left @ 1.. = store.reseal(1000).await? {
    ///         println!("{left} rows are left");
    ///     }
    ///     Ok(())
    /// }
    /// # drop(after_a_rotation::<eschool_store::memory::MemoryBackend>);
    /// ```
    ///
    /// # Errors
    /// [`StoreError`] if the database fails, or a value does not open: no key of the file sealed it.
    pub async fn reseal(&self, limit: u32) -> Result<u64, StoreError> {
        let mut may = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut left = 0;
        for school in self.schools().await? {
            let registry = self.read().await?.registry(school.id).await?;
            let mut stale = self.stale_rows(&registry);
            while stale > 0 && may > 0 {
                let (done, still) = self.reseal_school(school.id, may.min(BATCH)).await?;
                (may, stale) = (may.saturating_sub(done), still);
            }
            left += stale;
        }
        let cases = self.read().await?.cases_until(last_instant(), u32::MAX).await?;
        for case in cases {
            let row = self.read().await?.refused_sign_in(&case).await?;
            let Some(row) = row.filter(|row| self.inner.vault.is_stale(&row.said)) else {
                continue;
            };
            if may == 0 {
                left += 1;
            } else {
                self.reseal_case(&row).await?;
                may -= 1;
            }
        }
        Ok(left as u64)
    }

    /// How many rows of a school an older key sealed.
    fn stale_rows(&self, registry: &Registry) -> usize {
        registry.accounts.iter().filter(|account| self.is_stale_account(account)).count()
            + registry.refused_rows.iter().filter(|row| self.is_stale_row(row)).count()
    }

    fn is_stale_account(&self, account: &StoredAccount) -> bool {
        let sealed = [&account.snils, &account.phone, &account.email];
        sealed.into_iter().flatten().any(|sealed| self.inner.vault.is_stale(sealed))
    }

    fn is_stale_row(&self, row: &RefusedRow) -> bool {
        self.inner.vault.is_stale(&row.typed)
    }

    /// Seals rows of a school anew; tells how many, and how many are left.
    async fn reseal_school(
        &self,
        school: SchoolId,
        limit: usize,
    ) -> Result<(usize, usize), StoreError> {
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        // Read in the turn: nobody changes it before this is written.
        let registry = tx.registry(school).await?;
        let stale = self.stale_rows(&registry);
        let mut changes = Changes::default();
        let accounts = registry.accounts.into_iter().filter(|row| self.is_stale_account(row));
        for account in accounts.take(limit) {
            // An account that is saved loses what it claims, unless that comes along.
            let own = registry.claims.iter().filter(|claim| claim.account == account.id);
            changes.claims.extend(own.filter(|claim| TYPED.contains(&claim.kind)));
            changes.accounts.push(self.resealed_account(account)?);
        }
        let rows = registry.refused_rows.into_iter().filter(|row| self.is_stale_row(row));
        for mut row in rows.take(limit.saturating_sub(changes.accounts.len())) {
            let place = of_refused_row(row.school, &row.file, row.line);
            row.typed = self.resealed(&place, &row.typed)?;
            changes.refused_rows.push(row);
        }
        let done = changes.accounts.len() + changes.refused_rows.len();
        commit(tx, changes).await?;
        Ok((done, stale.saturating_sub(done)))
    }

    fn resealed_account(&self, mut account: StoredAccount) -> Result<StoredAccount, StoreError> {
        let (school, id) = (account.school, account.id);
        for (column, sealed) in [
            ("snils", &mut account.snils),
            ("phone", &mut account.phone),
            ("email", &mut account.email),
        ] {
            if let Some(sealed) = sealed {
                *sealed = self.resealed(&of_account(school, id, column), sealed)?;
            }
        }
        Ok(account)
    }

    /// Seals what is kept of a refused sign-in anew, if it still is kept as it was.
    async fn reseal_case(&self, seen: &RefusedSignInRow) -> Result<(), StoreError> {
        let mut tx = self.write_in(&[Turn::Key(seen.person)]).await?;
        // Another person's by now, it is guarded by another turn, and was sealed anew.
        let row = tx.refused_sign_in(&seen.case).await?.filter(|row| row.person == seen.person);
        let Some(row) = row else { return Ok(()) };
        let said = self.resealed(&of_refused_sign_in(&row.case), &row.said)?;
        let refused_sign_ins = vec![RefusedSignInRow { said, ..row }];
        commit(tx, Changes { refused_sign_ins, ..Changes::default() }).await
    }

    fn resealed(&self, place: &Place, sealed: &Sealed) -> Result<Sealed, StoreError> {
        let vault = &self.inner.vault;
        if !vault.is_stale(sealed) {
            return Ok(sealed.clone());
        }
        let opened = vault.open(place, sealed)?;
        Ok(vault.seal(place, &opened, self.inner.ambient.random())?)
    }
}

/// The last instant that every database can tell.
fn last_instant() -> DateTime<Utc> {
    DateTime::from_timestamp(253_402_300_799, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
