//! Hashing anew what an older lookup key hashed.

use std::collections::{BTreeMap, BTreeSet};

use eschool_core::{
    id::{AccountId, SchoolId},
    identity::Login,
    signin::CaseCode,
};

use super::{
    Store, StoreError,
    numbers::Numbers,
    reseal::{PAGE, Quota, TYPED, last_instant},
    sign_in::commit,
    unreadable::Unreadable,
};
use crate::{
    backend::{
        Backend, Changes, Claim, Credential, RefusedSignInRow, Registry, Removed, SupportCaseRow,
        Turn,
    },
    secret::{ClaimKind, KeyHash},
};

/// Of how many accounts one transaction hashes the claims anew, and how many logins: it holds up whoever
/// signs in by one of them.
const ACCOUNTS: usize = 50;
const LOGINS: usize = 50;

/// How far [`Store::rehash`] came.
///
/// ```
/// use eschool_store::Rehashed;
///
/// assert_eq!(Rehashed::default(), Rehashed { left: 0, unsealed: 0 });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rehashed {
    /// How many rows are left where it stopped, or because others wrote them just then; 0 when none is
    /// left anywhere.
    pub left: u64,
    /// How many of the rows that were gone through keep the hash they have, because a version before
    /// did not keep what it is the hash of: numbers in ЕСИА. Each comes anew when its person signs in;
    /// what is still there when the first lookup key is retired is forgotten by the next call.
    pub unsealed: u64,
}

impl<B: Backend> Store<B> {
    /// Hashes anew, with the lookup key that is written with, rows that another one hashed, no more
    /// than `limit`: what is claimed by СНИЛС, phone, e-mail and number in ЕСИА, phones that people
    /// share, logins with the devices they were used on, and whom refused sign-ins and support cases are
    /// about.
    ///
    /// After [`Keys::begin_lookup`](crate::secret::Keys::begin_lookup), when every program runs with that
    /// file, an operator calls this until none is left; then
    /// [`Keys::retire_lookup`](crate::secret::Keys::retire_lookup) loses nothing but what is told of as
    /// unsealed. All else goes on meanwhile: whoever has one hash or the other is found by both, and
    /// each row is read and written in its turn. A program that still has an older file may write
    /// with the former key: the next call finds that. Rows that others write just then are left, too.
    ///
    /// ```
    /// use eschool_store::{Store, StoreError, backend::Backend};
    ///
    /// async fn after_a_rotation<B: Backend>(store: &Store<B>) -> Result<(), StoreError> {
    ///     loop {
    ///         let done = store.rehash(1000).await?;
    ///         println!("{} rows are left, {} stay as they are", done.left, done.unsealed);
    ///         if done.left == 0 {
    ///             return Ok(());
    ///         }
    ///     }
    /// }
    /// # drop(after_a_rotation::<eschool_store::memory::MemoryBackend>);
    /// ```
    ///
    /// # Errors
    /// [`StoreError`] if the database fails. Rows whose sealed values do not open are left as they are,
    /// and told of when no other is left: [`StoreError::Unreadable`].
    pub async fn rehash(&self, limit: u32) -> Result<Rehashed, StoreError> {
        let may = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut quota = Quota { may, left: 0 };
        let mut unreadable = Unreadable::default();
        let mut unsealed = 0;
        self.rehash_refused(&mut quota, &mut unreadable).await?;
        self.rehash_shared_phones(&mut quota, &mut unreadable).await?;
        for school in self.schools().await? {
            if quota.is_spent() {
                return Ok(Rehashed { left: quota.left, unsealed });
            }
            unsealed += self.rehash_registry(school.id, &mut quota, &mut unreadable).await?;
            self.rehash_logins(school.id, &mut quota).await?;
        }
        if quota.is_spent() {
            return Ok(Rehashed { left: quota.left, unsealed });
        }
        // Last, and once: rows of all schools may have to tell whom a case is about.
        unsealed += self.rehash_cases(&mut quota, &mut unreadable).await?;
        if quota.left == 0 {
            unreadable.finish()?;
        }
        Ok(Rehashed { left: quota.left, unsealed })
    }

    /// Hashes what accounts of a school claim; tells how many claims stay because they are unsealed.
    async fn rehash_registry(
        &self,
        school: SchoolId,
        quota: &mut Quota,
        unreadable: &mut Unreadable,
    ) -> Result<u64, StoreError> {
        let registry = self.read().await?.registry(school).await?;
        let (found, unsealed) = self.stale_claims(&registry, None, unreadable)?;
        drop(registry);
        let stale: Vec<AccountId> = found.keys().copied().collect();
        let mut rest = stale.as_slice();
        while !rest.is_empty() && quota.may > 0 {
            let (batch, after) = rest.split_at(rest.len().min(quota.may).min(ACCOUNTS));
            let turns = batch.iter().filter_map(|account| found.get(account));
            let turns: BTreeSet<_> = turns.flat_map(Anew::turns).collect();
            let done = self.rehash_accounts(school, batch, &turns).await;
            let is_held = done.as_ref().is_err_and(StoreError::is_passing);
            quota.settle_some(batch.len(), done)?;
            rest = after;
            if is_held {
                // Whoever holds the school would make the turns of all the others' keys wait as well.
                break;
            }
        }
        quota.left += rest.len() as u64;
        Ok(unsealed)
    }

    /// Hashes what these accounts of a school claim, in the turns of the school and of every hash that
    /// goes or comes: who looks up by one of them meanwhile, in however many places a region's database
    /// lies, sees what was before or what is after. Tells how many accounts are left, because they got
    /// other claims since the turns were named.
    async fn rehash_accounts(
        &self,
        school: SchoolId,
        batch: &[AccountId],
        turns: &BTreeSet<Turn>,
    ) -> Result<usize, StoreError> {
        let of: BTreeSet<_> = batch.iter().copied().collect();
        let all: Vec<_> = turns.iter().copied().chain([Turn::School(school)]).collect();
        let mut tx = self.write_in(&all).await?;
        // Read in the turns: nobody changes it before this is written.
        let registry = tx.registry(school).await?;
        // What does not open was noted before.
        let mut noted = Unreadable::default();
        let (found, _) = self.stale_claims(&registry, Some(&of), &mut noted)?;
        let (mut changes, mut left) = (Changes::default(), 0);
        for anew in found.into_values() {
            if anew.turns().all(|turn| turns.contains(&turn)) {
                changes.removed.claims.extend(anew.removed);
                changes.claims.extend(anew.claims);
            } else {
                left += 1;
            }
        }
        commit(tx, changes).await?;
        Ok(left)
    }

    /// What hashes anew the claims of accounts, all or those in `of`, and how many claims stay because
    /// they are unsealed.
    fn stale_claims(
        &self,
        registry: &Registry,
        of: Option<&BTreeSet<AccountId>>,
        unreadable: &mut Unreadable,
    ) -> Result<(BTreeMap<AccountId, Anew>, u64), StoreError> {
        let mut held: BTreeMap<AccountId, Vec<&Claim>> = BTreeMap::new();
        for claim in &registry.claims {
            held.entry(claim.account).or_default().push(claim);
        }
        let (mut stale, mut unsealed) = (BTreeMap::new(), 0);
        for stored in &registry.accounts {
            if of.is_some_and(|of| !of.contains(&stored.id)) {
                continue;
            }
            let held = held.get(&stored.id).map_or(&[][..], Vec::as_slice);
            let mut anew = Anew::default();
            let opened = self.open_account(stored);
            if let Some(account) = unreadable.note("account", stored.id, opened)? {
                let due = self.typed_claims(&account);
                let typed = || held.iter().filter(|claim| TYPED.contains(&claim.kind));
                let former = typed().filter(|claim| !due.contains(claim));
                anew.removed.extend(former.map(|claim| Claim::clone(claim)));
                anew.claims.extend(due.into_iter().filter(|due| !typed().any(|own| *own == due)));
            }
            for claim in held.iter().filter(|claim| claim.kind == ClaimKind::EsiaId) {
                let opened = self.open_claim(claim);
                match unreadable.note("claim", claim.account, opened)? {
                    Some(Some(oid)) if self.esia_key(&oid) != claim.key => {
                        let holder = (claim.school, claim.account);
                        anew.claims.push(self.esia_claim(&oid, holder, claim.person)?);
                        anew.removed.push(Claim::clone(claim));
                    }
                    Some(None) if self.inner.vault.is_first_lookup_retired() => {
                        anew.removed.push(Claim::clone(claim));
                    }
                    Some(None) => unsealed += 1,
                    Some(Some(_)) | None => {}
                }
            }
            if !anew.removed.is_empty() || !anew.claims.is_empty() {
                stale.insert(stored.id, anew);
            }
        }
        Ok((stale, unsealed))
    }

    /// Hashes the logins of a school anew. They are readable, for they stand on cards.
    async fn rehash_logins(&self, school: SchoolId, quota: &mut Quota) -> Result<(), StoreError> {
        let is_stale = |card: &Credential| card.login_hash != self.login_key(card.login.as_str());
        let cards = self.read().await?.school_credentials(school).await?;
        let stale = cards.into_iter().filter(is_stale).map(|card| card.login);
        let stale: Vec<Login> = stale.collect();
        let mut rest = stale.as_slice();
        while !rest.is_empty() && quota.may > 0 {
            let (batch, after) = rest.split_at(rest.len().min(quota.may).min(LOGINS));
            let turns = batch.iter().flat_map(|login| self.login_turns(login.as_str()));
            let turns: Vec<_> = turns.chain([Turn::School(school)]).collect();
            let done = async {
                let mut tx = self.write_in(&turns).await?;
                let mut changes = Changes::default();
                for mut card in tx.school_credentials(school).await? {
                    if is_stale(&card) && batch.contains(&card.login) {
                        let now = self.login_key(card.login.as_str());
                        changes.rehashed_logins.push((card.login_hash, now));
                        card.login_hash = now;
                        changes.credentials.push(card);
                    }
                }
                commit(tx, changes).await
            };
            quota.settle(batch.len(), done.await)?;
            rest = after;
        }
        quota.left += rest.len() as u64;
        Ok(())
    }

    /// Hashes anew whom refused sign-ins are of.
    async fn rehash_refused(
        &self,
        quota: &mut Quota,
        unreadable: &mut Unreadable,
    ) -> Result<(), StoreError> {
        let cases = self.read().await?.cases_until(last_instant(), u32::MAX).await?;
        for case in cases {
            let Some(row) = self.read().await?.refused_sign_in(&case).await? else { continue };
            let former = row.person;
            let opened = self.open_refused(row);
            let Some(refused) = unreadable.note("refused_sign_in", case, opened)? else { continue };
            let person = self.esia_key(&refused.person.oid);
            if person == former || !quota.may_take() {
                continue;
            }
            let mut turns = self.esia_turns(&refused.person.oid);
            turns.push(Turn::Key(former));
            let done = async {
                let mut tx = self.write_in(&turns).await?;
                // Another person's by now, it is hashed as it has to be.
                let row = tx.refused_sign_in(&case).await?.filter(|row| row.person == former);
                let Some(row) = row else { return Ok(()) };
                let refused_sign_ins = vec![RefusedSignInRow { person, ..row }];
                commit(tx, Changes { refused_sign_ins, ..Changes::default() }).await
            };
            quota.settle(1, done.await)?;
        }
        Ok(())
    }

    /// Hashes the phones anew that people share.
    async fn rehash_shared_phones(
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
                let opened = self.open_shared_phone(&row);
                let Some(phone) = unreadable.note("shared_phone", "a phone", opened)? else {
                    continue;
                };
                let anew = self.shared_phone(&phone)?;
                if anew.key == row.key || !quota.may_take() {
                    continue;
                }
                let turns = [Turn::Key(row.key), Turn::Key(anew.key)];
                // A note never changes, so what was read is what is there.
                let removed = Removed { shared_phones: vec![row.key], ..Removed::default() };
                let shared_phones = vec![anew];
                let changes = Changes { removed, shared_phones, ..Changes::default() };
                let done = async { commit(self.write_in(&turns).await?, changes).await };
                quota.settle(1, done.await)?;
            }
        }
    }

    /// Hashes anew whom support cases are about; tells how many stay because that is unsealed.
    async fn rehash_cases(
        &self,
        quota: &mut Quota,
        unreadable: &mut Unreadable,
    ) -> Result<u64, StoreError> {
        let mut hashed = BTreeMap::new();
        let mut last: Option<CaseCode> = None;
        loop {
            let codes = self.read().await?.support_cases_after(last.as_ref(), PAGE).await?;
            for code in &codes {
                let row = self.read().await?.support_case(code).await?;
                let Some((row, key)) = row.and_then(|row| row.person.map(|key| (row, key))) else {
                    continue;
                };
                let opened = self.open_case_person(&row);
                match unreadable.note("support_case", code, opened)? {
                    Some(Some(oid)) if key != self.esia_key(&oid) => {
                        self.rehash_case(code, &Numbers::default(), quota).await?;
                    }
                    Some(None) => drop(hashed.insert(*code, key)),
                    Some(Some(_)) | None => {}
                }
            }
            match codes.last() {
                Some(code) => last = Some(*code),
                None => break,
            }
        }
        if hashed.is_empty() {
            return Ok(0);
        }
        // Another row that keeps the number, by whatever hash, tells of whom these are.
        let mut known = Numbers::wanted(hashed.values().copied().collect());
        self.learn_of_all(&mut known).await?;
        let mut unsealed = 0;
        for (code, key) in hashed {
            if known.of(&key).is_some() || self.inner.vault.is_first_lookup_retired() {
                self.rehash_case(&code, &known, quota).await?;
            } else {
                unsealed += 1;
            }
        }
        Ok(unsealed)
    }

    /// Hashes anew whom a case is about, in its turn. The number is its own or a known one; without
    /// any the hash goes: it was made with the first key, and nobody is found by that any more.
    async fn rehash_case(
        &self,
        code: &CaseCode,
        known: &Numbers,
        quota: &mut Quota,
    ) -> Result<(), StoreError> {
        if !quota.may_take() {
            return Ok(());
        }
        let done = async {
            let mut tx = self.write_in(&[self.case_turn(code)]).await?;
            let Some(row) = tx.support_case(code).await? else { return Ok(()) };
            let own = self.open_case_person(&row)?;
            let other = row.person.and_then(|key| known.of(&key));
            let number = own.as_ref().map(|own| own.as_str()).or(other);
            let (person, number) = match number {
                Some(number) => self.about(code, number)?,
                None if self.inner.vault.is_first_lookup_retired() => (None, None),
                None => return Ok(()),
            };
            let support_cases = vec![SupportCaseRow { person, number, ..row }];
            commit(tx, Changes { support_cases, ..Changes::default() }).await
        };
        quota.settle(1, done.await)
    }
}

/// What hashes the claims of an account anew.
#[derive(Default)]
struct Anew {
    removed: Vec<Claim>,
    claims: Vec<Claim>,
}

impl Anew {
    /// The turns of who looks up by what changes.
    fn turns(&self) -> impl Iterator<Item = Turn> {
        self.removed.iter().chain(&self.claims).map(|claim| Turn::Key(claim.key))
    }
}
