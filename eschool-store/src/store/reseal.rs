//! Sealing anew what an older key sealed.

use chrono::{DateTime, NaiveDate, Utc};
use eschool_core::{calendar::DateRange, id::SchoolId, signin::CaseCode};
use uuid::Uuid;

use super::{
    Store, StoreError,
    places::{
        of_account, of_basis, of_excuse, of_letter, of_refused_row, of_refused_sign_in,
        of_support_case,
    },
    sign_in::commit,
};
use crate::{
    backend::{
        Backend, BackendError, Changes, Claim, DataBasisRow, ExcuseRow, RefusedRow,
        RefusedSignInRow, StoredAccount, Turn, Tx,
    },
    secret::{ClaimKind, Place, Sealed},
};

/// How many rows of a school one transaction seals anew: few enough to hold up nobody who writes.
const BATCH: usize = 200;

/// How many codes of support cases are loaded at once.
const PAGE: u32 = 500;

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
        let mut quota = Quota { may: usize::try_from(limit).unwrap_or(usize::MAX), left: 0 };
        for school in self.schools().await? {
            let mut stale = self.stale_rows(&mut *self.read().await?, school.id).await?.count();
            while stale > 0 && quota.may > 0 {
                let done = self.reseal_school(school.id, quota.may.min(BATCH)).await?;
                quota.may = quota.may.saturating_sub(done.0);
                stale = done.1;
            }
            quota.left += stale as u64;
        }
        let mut tx = self.read().await?;
        let cases = tx.cases_until(last_instant(), u32::MAX).await?;
        let letters = tx.letters_due(last_instant(), u32::MAX).await?;
        drop(tx);
        for case in cases {
            let row = self.read().await?.refused_sign_in(&case).await?;
            if let Some(row) = row.filter(|row| self.is_stale(&row.said))
                && quota.take()
            {
                self.reseal_case(&row).await?;
            }
        }
        for letter in letters {
            if self.is_stale(&letter.asked) && quota.take() {
                self.reseal_letter(letter.id).await?;
            }
        }
        let mut last: Option<CaseCode> = None;
        loop {
            let codes = self.read().await?.support_cases_after(last.as_ref(), PAGE).await?;
            for code in &codes {
                let row = self.read().await?.support_case(code).await?;
                if row.is_some_and(|row| self.is_stale(&row.case)) && quota.take() {
                    self.reseal_support_case(code).await?;
                }
            }
            match codes.last() {
                Some(code) => last = Some(*code),
                None => return Ok(quota.left),
            }
        }
    }

    fn is_stale(&self, sealed: &Sealed) -> bool {
        self.inner.vault.is_stale(sealed)
    }

    /// The rows of a school that an older key sealed, with what its accounts claim.
    async fn stale_rows(&self, tx: &mut dyn Tx, school: SchoolId) -> Result<Stale, StoreError> {
        let registry = tx.registry(school).await?;
        let everybody: Vec<_> = registry.accounts.iter().map(|account| account.id).collect();
        let mut bases = Vec::new();
        for account in &everybody {
            bases.extend(tx.data_bases(school, *account).await?);
        }
        let mut excuses = tx.excuses(school, &everybody, all_days()?).await?;
        let mut accounts = registry.accounts;
        accounts.retain(|account| {
            let sealed = [&account.snils, &account.phone, &account.email];
            sealed.into_iter().flatten().any(|sealed| self.is_stale(sealed))
        });
        let mut rows = registry.refused_rows;
        rows.retain(|row| self.is_stale(&row.typed));
        bases.retain(|row| self.is_stale(&row.basis));
        excuses.retain(|row| self.is_stale(&row.excuse));
        Ok(Stale { accounts, claims: registry.claims, rows, bases, excuses })
    }

    /// Seals rows of a school anew; tells how many, and how many are left.
    async fn reseal_school(
        &self,
        school: SchoolId,
        limit: usize,
    ) -> Result<(usize, usize), StoreError> {
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        // Read in the turn: nobody changes it before this is written.
        let stale = self.stale_rows(&mut *tx, school).await?;
        let (count, mut changes, mut may) = (stale.count(), Changes::default(), limit);
        for account in taken(stale.accounts, &mut may) {
            // An account that is saved loses what it claims, unless that comes along.
            let own = stale.claims.iter().filter(|claim| claim.account == account.id);
            changes.claims.extend(own.filter(|claim| TYPED.contains(&claim.kind)));
            changes.accounts.push(self.resealed_account(account)?);
        }
        for mut row in taken(stale.rows, &mut may) {
            let place = of_refused_row(row.school, &row.file, row.line);
            row.typed = self.resealed(&place, &row.typed)?;
            changes.refused_rows.push(row);
        }
        for mut row in taken(stale.bases, &mut may) {
            row.basis = self.resealed(&of_basis(school, row.account, row.id), &row.basis)?;
            changes.data_bases.push((school, row));
        }
        for mut row in taken(stale.excuses, &mut may) {
            row.excuse = self.resealed(&of_excuse(school, row.pupil, row.id), &row.excuse)?;
            changes.excuses.push((school, row));
        }
        commit(tx, changes).await?;
        let done = limit - may;
        Ok((done, count.saturating_sub(done)))
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

    async fn reseal_letter(&self, id: Uuid) -> Result<(), StoreError> {
        let mut tx = self.write_in(&[self.letter_turn(id)]).await?;
        let Some(mut row) = tx.letter(id).await? else { return Ok(()) };
        row.asked = self.resealed(&of_letter(id), &row.asked)?;
        commit(tx, Changes { letters: vec![row], ..Changes::default() }).await
    }

    async fn reseal_support_case(&self, code: &CaseCode) -> Result<(), StoreError> {
        let mut tx = self.write_in(&[self.case_turn(code)]).await?;
        let Some(mut row) = tx.support_case(code).await? else { return Ok(()) };
        row.case = self.resealed(&of_support_case(code), &row.case)?;
        commit(tx, Changes { support_cases: vec![row], ..Changes::default() }).await
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

/// How many more rows may be sealed anew, and how many are left.
struct Quota {
    may: usize,
    left: u64,
}

impl Quota {
    /// Whether one more may be sealed anew; else it is left.
    fn take(&mut self) -> bool {
        let may = self.may > 0;
        self.may = self.may.saturating_sub(1);
        self.left += u64::from(!may);
        may
    }
}

/// Rows of a school that an older key sealed, with what all its accounts claim.
struct Stale {
    accounts: Vec<StoredAccount>,
    claims: Vec<Claim>,
    rows: Vec<RefusedRow>,
    bases: Vec<DataBasisRow>,
    excuses: Vec<ExcuseRow>,
}

impl Stale {
    fn count(&self) -> usize {
        self.accounts.len() + self.rows.len() + self.bases.len() + self.excuses.len()
    }
}

/// The first rows, no more than may be taken.
fn taken<T>(rows: Vec<T>, may: &mut usize) -> impl Iterator<Item = T> + use<T> {
    let count = rows.len().min(*may);
    *may -= count;
    rows.into_iter().take(count)
}

/// Every day that a database can tell.
fn all_days() -> Result<DateRange, BackendError> {
    let days = NaiveDate::from_ymd_opt(1, 1, 1).zip(NaiveDate::from_ymd_opt(9999, 12, 31));
    let days = days.and_then(|(first, last)| DateRange::new(first, last).ok());
    days.ok_or(BackendError::Corrupt("range of days"))
}

/// The last instant that every database can tell.
fn last_instant() -> DateTime<Utc> {
    DateTime::from_timestamp(253_402_300_799, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
