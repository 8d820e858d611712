//! Sealing anew what an older key sealed.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use eschool_core::{
    id::{AccountId, SchoolId},
    signin::CaseCode,
};
use uuid::Uuid;

use super::{
    Store, StoreError,
    excuses::any_day,
    places::{
        of_account, of_basis, of_case_person, of_claim, of_excuse, of_letter, of_refused_row,
        of_refused_sign_in, of_shared_phone, of_support_case,
    },
    sign_in::commit,
    unreadable::Unreadable,
};
use crate::{
    backend::{Backend, Changes, RefusedSignInRow, StoredAccount, Turn, Tx},
    secret::{ClaimKind, KeyHash, Place, Sealed},
};

/// How many rows of a school one transaction seals anew: few enough to hold up nobody who writes.
pub(super) const BATCH: usize = 200;

/// How many codes of support cases are loaded at once.
pub(super) const PAGE: u32 = 500;

/// What is claimed by values that an account has sealed.
pub(super) const TYPED: [ClaimKind; 3] = [ClaimKind::Snils, ClaimKind::Phone, ClaimKind::Email];

impl<B: Backend> Store<B> {
    /// Seals anew, with the newest key, rows that an older one sealed, no more than `limit`; tells
    /// how many are left where it stopped, and 0 when none is left anywhere.
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
    /// [`StoreError`] if the database fails. A value that does not open – no key of the file sealed
    /// it, or it was changed – is left as it is, and told of when no other is left:
    /// [`StoreError::Unreadable`].
    pub async fn reseal(&self, limit: u32) -> Result<u64, StoreError> {
        let mut quota = Quota { may: usize::try_from(limit).unwrap_or(usize::MAX), left: 0 };
        let mut unreadable = Unreadable::default();
        for school in self.schools().await? {
            self.reseal_school(school.id, &mut quota, &mut unreadable).await?;
            if quota.left > 0 {
                return Ok(quota.left);
            }
        }
        self.reseal_shared_phones(&mut quota, &mut unreadable).await?;
        let mut tx = self.read().await?;
        let cases = tx.cases_until(last_instant(), u32::MAX).await?;
        let letters = tx.letters_due(last_instant(), u32::MAX).await?;
        drop(tx);
        for case in cases {
            let row = self.read().await?.refused_sign_in(&case).await?;
            if let Some(row) = row.filter(|row| self.is_stale(&row.said))
                && quota.may_take()
            {
                let done = self.reseal_case(&row).await;
                quota.took(unreadable.note("refused_sign_in", case, done)?.into_iter().count());
            }
        }
        for letter in letters {
            if self.is_stale(&letter.asked) && quota.may_take() {
                let done = self.reseal_letter(letter.id).await;
                quota
                    .took(unreadable.note("recovery_letter", letter.id, done)?.into_iter().count());
            }
        }
        let mut last: Option<CaseCode> = None;
        loop {
            let codes = self.read().await?.support_cases_after(last.as_ref(), PAGE).await?;
            for code in &codes {
                let row = self.read().await?.support_case(code).await?;
                let sealed = row.iter().flat_map(|row| row.number.iter().chain([&row.case]));
                let is_stale = sealed.into_iter().any(|sealed| self.is_stale(sealed));
                if is_stale && quota.may_take() {
                    let done = self.reseal_support_case(code).await;
                    quota.took(unreadable.note("support_case", code, done)?.into_iter().count());
                }
            }
            match codes.last() {
                Some(_) if quota.left > 0 => return Ok(quota.left),
                Some(code) => last = Some(*code),
                None if quota.left > 0 => return Ok(quota.left),
                None => return unreadable.finish().map(|()| 0),
            }
        }
    }

    fn is_stale(&self, sealed: &Sealed) -> bool {
        self.inner.vault.is_stale(sealed)
    }

    /// Seals rows of a school anew, each once.
    async fn reseal_school(
        &self,
        school: SchoolId,
        quota: &mut Quota,
        unreadable: &mut Unreadable,
    ) -> Result<(), StoreError> {
        let mut tx = self.read().await?;
        let stale = self.stale_rows(&mut *tx, school).await?;
        drop(tx);
        let mut rest = stale.as_slice();
        while !rest.is_empty() && quota.may > 0 {
            let (batch, after) = rest.split_at(rest.len().min(quota.may).min(BATCH));
            let batch: BTreeSet<_> = batch.iter().cloned().collect();
            quota.took(self.reseal_rows(school, &batch, unreadable).await?);
            rest = after;
        }
        quota.left += rest.len() as u64;
        Ok(())
    }

    /// The rows of a school that an older key sealed.
    async fn stale_rows(
        &self,
        tx: &mut dyn Tx,
        school: SchoolId,
    ) -> Result<Vec<StaleRow>, StoreError> {
        let registry = tx.registry(school).await?;
        let everybody: Vec<_> = registry.accounts.iter().map(|account| account.id).collect();
        let bases = tx.data_bases(school, &everybody).await?;
        let excuses = tx.excuses(school, &everybody, any_day()).await?;
        let accounts = registry.accounts.iter().filter(|account| {
            let sealed = [&account.snils, &account.phone, &account.email];
            sealed.into_iter().flatten().any(|sealed| self.is_stale(sealed))
        });
        let rows = registry.refused_rows.into_iter().filter(|row| self.is_stale(&row.typed));
        let bases = bases.iter().filter(|row| self.is_stale(&row.basis));
        let excuses = excuses.iter().filter(|row| self.is_stale(&row.excuse));
        let claims = registry.claims.iter();
        let claims =
            claims.filter(|claim| claim.sealed.as_ref().is_some_and(|value| self.is_stale(value)));
        Ok(accounts
            .map(|account| StaleRow::Account(account.id))
            .chain(claims.map(|claim| StaleRow::Claim(claim.key, claim.account)))
            .chain(rows.map(|row| StaleRow::Refused(row.file, row.line)))
            .chain(bases.map(|row| StaleRow::Basis(row.account, row.id)))
            .chain(excuses.map(|row| StaleRow::Excuse(row.pupil, row.id)))
            .collect())
    }

    /// Seals these rows of a school anew, those that are still there; tells how many.
    async fn reseal_rows(
        &self,
        school: SchoolId,
        batch: &BTreeSet<StaleRow>,
        unreadable: &mut Unreadable,
    ) -> Result<usize, StoreError> {
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        let (mut done, mut changes) = (0, Changes::default());
        // Read in the turn: nobody changes it before this is written.
        if batch.iter().any(StaleRow::is_of_registry) {
            let registry = tx.registry(school).await?;
            for account in registry.accounts {
                let id = account.id;
                if !batch.contains(&StaleRow::Account(id)) {
                    continue;
                }
                let resealed = self.resealed_account(account);
                if let Some(account) = unreadable.note("account", id, resealed)? {
                    // An account that is saved loses what it claims, unless that comes along.
                    let own = registry.claims.iter().filter(|claim| claim.account == id);
                    changes.claims.extend(own.filter(|claim| TYPED.contains(&claim.kind)).cloned());
                    changes.accounts.push(account);
                    done += 1;
                }
            }
            for mut claim in registry.claims {
                let Some(sealed) = &claim.sealed else { continue };
                if !batch.contains(&StaleRow::Claim(claim.key, claim.account)) {
                    continue;
                }
                let place = of_claim(&claim.key, claim.kind, school, claim.account);
                let resealed = self.resealed(&place, sealed);
                if let Some(sealed) = unreadable.note("claim", claim.account, resealed)? {
                    claim.sealed = Some(sealed);
                    changes.claims.push(claim);
                    done += 1;
                }
            }
            for mut row in registry.refused_rows {
                if !batch.contains(&StaleRow::Refused(row.file.clone(), row.line)) {
                    continue;
                }
                let resealed =
                    self.resealed(&of_refused_row(school, &row.file, row.line), &row.typed);
                let place = format!("{school}/{}:{}", row.file, row.line);
                if let Some(typed) = unreadable.note("refused_row", place, resealed)? {
                    row.typed = typed;
                    changes.refused_rows.push(row);
                    done += 1;
                }
            }
        }
        let holders: BTreeSet<_> = batch.iter().filter_map(StaleRow::holder).collect();
        let holders: Vec<_> = holders.into_iter().collect();
        if !holders.is_empty() {
            for mut row in tx.data_bases(school, &holders).await? {
                if !batch.contains(&StaleRow::Basis(row.account, row.id)) {
                    continue;
                }
                let resealed = self.resealed(&of_basis(school, row.account, row.id), &row.basis);
                if let Some(basis) = unreadable.note("data_basis", row.id, resealed)? {
                    row.basis = basis;
                    changes.data_bases.push((school, row));
                    done += 1;
                }
            }
            for mut row in tx.excuses(school, &holders, any_day()).await? {
                if !batch.contains(&StaleRow::Excuse(row.pupil, row.id)) {
                    continue;
                }
                let resealed = self.resealed(&of_excuse(school, row.pupil, row.id), &row.excuse);
                if let Some(excuse) = unreadable.note("excuse", row.id, resealed)? {
                    row.excuse = excuse;
                    changes.excuses.push((school, row));
                    done += 1;
                }
            }
        }
        commit(tx, changes).await?;
        Ok(done)
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

    /// Seals the phones anew that people share.
    async fn reseal_shared_phones(
        &self,
        quota: &mut Quota,
        unreadable: &mut Unreadable,
    ) -> Result<(), StoreError> {
        let mut last: Option<KeyHash> = None;
        loop {
            let rows = self.read().await?.shared_phones_after(last.as_ref(), PAGE).await?;
            let Some(end) = rows.last() else { return Ok(()) };
            last = Some(end.key);
            for row in rows {
                if self.is_stale(&row.phone) && quota.may_take() {
                    let done = self.reseal_shared_phone(&row.key).await;
                    quota.took(
                        unreadable.note("shared_phone", "a phone", done)?.into_iter().count(),
                    );
                }
            }
        }
    }

    async fn reseal_shared_phone(&self, key: &KeyHash) -> Result<(), StoreError> {
        let mut tx = self.write_in(&[Turn::Key(*key)]).await?;
        let Some(mut row) = tx.shared_phones(&[*key]).await?.pop() else { return Ok(()) };
        row.phone = self.resealed(&of_shared_phone(key), &row.phone)?;
        commit(tx, Changes { shared_phones: vec![row], ..Changes::default() }).await
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
        if let Some(number) = &mut row.number {
            *number = self.resealed(&of_case_person(code), number)?;
        }
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
pub(super) struct Quota {
    pub(super) may: usize,
    pub(super) left: u64,
}

impl Quota {
    /// Whether one more may be sealed anew; else it is left.
    pub(super) fn may_take(&mut self) -> bool {
        let may = self.may > 0;
        self.left += u64::from(!may);
        may
    }

    pub(super) fn took(&mut self, count: usize) {
        self.may = self.may.saturating_sub(count);
    }

    /// Whether rows are left and none of them may be taken.
    pub(super) const fn is_spent(&self) -> bool {
        self.may == 0 && self.left > 0
    }

    /// Settles a transaction over so many rows. Where others wrote just then, they are left.
    ///
    /// # Errors
    /// What the transaction failed with, if later it would fail as well.
    pub(super) fn settle(
        &mut self,
        count: usize,
        done: Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.settle_some(count, done.map(|()| 0))
    }

    /// As [`settle`](Self::settle), of a transaction that tells how many of its rows it left.
    pub(super) fn settle_some(
        &mut self,
        count: usize,
        done: Result<usize, StoreError>,
    ) -> Result<(), StoreError> {
        let left = match done {
            Err(error) if error.is_passing() => count,
            done => done?,
        };
        self.took(count);
        self.left += left as u64;
        Ok(())
    }
}

/// A row of a school that an older key sealed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum StaleRow {
    Account(AccountId),
    /// What is claimed, and by which account.
    Claim(KeyHash, AccountId),
    /// Its file and line.
    Refused(String, u32),
    Basis(AccountId, Uuid),
    Excuse(AccountId, Uuid),
}

impl StaleRow {
    const fn is_of_registry(&self) -> bool {
        matches!(self, Self::Account(_) | Self::Claim(..) | Self::Refused(..))
    }

    /// The account that a ground or an excuse is of.
    const fn holder(&self) -> Option<AccountId> {
        match self {
            Self::Basis(holder, _) | Self::Excuse(holder, _) => Some(*holder),
            Self::Account(_) | Self::Claim(..) | Self::Refused(..) => None,
        }
    }
}

/// The last instant that every database can tell.
pub(super) fn last_instant() -> DateTime<Utc> {
    DateTime::from_timestamp(253_402_300_799, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
