//! Hashing anew what an older lookup key hashed.

use std::collections::{BTreeMap, BTreeSet};

use eschool_core::{
    id::{AccountId, SchoolId},
    identity::Login,
    signin::CaseCode,
};
use zeroize::Zeroizing;

use super::{
    Store, StoreError,
    reseal::{BATCH, PAGE, Quota, TYPED, last_instant},
    sign_in::commit,
    unreadable::Unreadable,
};
use crate::{
    backend::{
        Backend, Changes, Claim, Credential, RefusedSignInRow, Registry, SupportCaseRow, Turn, Tx,
    },
    secret::{ClaimKind, KeyHash},
};

/// How many logins one transaction hashes anew: it holds up whoever signs in with one of them.
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
    /// How many rows are left where it stopped; 0 when none is left anywhere.
    pub left: u64,
    /// How many of the rows that were gone through keep the hash they have, because a version before
    /// did not keep what it is the hash of: numbers in ЕСИА. Each comes anew when its person signs in;
    /// what is still there when the first lookup key is retired is forgotten by the next call.
    pub unsealed: u64,
}

impl<B: Backend> Store<B> {
    /// Hashes anew, with the lookup key that is written with, rows that another one hashed, no more
    /// than `limit`: what is claimed by СНИЛС, phone, e-mail and number in ЕСИА, logins with the devices
    /// they were used on, and whom refused sign-ins and support cases are about.
    ///
    /// After [`Keys::begin_lookup`](crate::secret::Keys::begin_lookup), when every program runs with that
    /// file, an operator calls this until none is left; then
    /// [`Keys::retire_lookup`](crate::secret::Keys::retire_lookup) loses nothing but what is told of as
    /// unsealed. All else goes on meanwhile: whoever has one hash or the other is found by both, and
    /// each row is read and written in its turn. A program that still has an older file may write
    /// with the former key: the next call finds that.
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
        // Cases first: who some of them are about tells a claim that still has the same hash.
        let mut unsealed = self.rehash_cases(&mut quota, &mut unreadable).await?;
        self.rehash_refused(&mut quota, &mut unreadable).await?;
        for school in self.schools().await? {
            if quota.left > 0 {
                return Ok(Rehashed { left: quota.left, unsealed });
            }
            unsealed += self.rehash_registry(school.id, &mut quota, &mut unreadable).await?;
            self.rehash_logins(school.id, &mut quota).await?;
        }
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
        let stale: Vec<AccountId> = found.into_keys().collect();
        let mut rest = stale.as_slice();
        while !rest.is_empty() && quota.may > 0 {
            let (batch, after) = rest.split_at(rest.len().min(quota.may).min(BATCH));
            let batch: BTreeSet<_> = batch.iter().copied().collect();
            let mut tx = self.write_in(&[Turn::School(school)]).await?;
            // Read in the turn: nobody changes it before this is written.
            let registry = tx.registry(school).await?;
            // What does not open was noted before.
            let mut noted = Unreadable::default();
            let (found, _) = self.stale_claims(&registry, Some(&batch), &mut noted)?;
            quota.took(found.len());
            let mut changes = Changes::default();
            for (_, anew) in found {
                changes.removed.claims.extend(anew.removed);
                changes.claims.extend(anew.claims);
            }
            commit(tx, changes).await?;
            rest = after;
        }
        quota.left += rest.len() as u64;
        Ok(unsealed)
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
            quota.took(changes.credentials.len());
            commit(tx, changes).await?;
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
            let mut tx = self.write_in(&turns).await?;
            // Another person's by now, it is hashed as it has to be.
            let row = tx.refused_sign_in(&case).await?.filter(|row| row.person == former);
            let Some(row) = row else { continue };
            let refused_sign_ins = vec![RefusedSignInRow { person, ..row }];
            commit(tx, Changes { refused_sign_ins, ..Changes::default() }).await?;
            quota.took(1);
        }
        Ok(())
    }

    /// Hashes anew whom support cases are about; tells how many stay because that is unsealed.
    async fn rehash_cases(
        &self,
        quota: &mut Quota,
        unreadable: &mut Unreadable,
    ) -> Result<u64, StoreError> {
        let mut unsealed = 0;
        let mut last: Option<CaseCode> = None;
        loop {
            let codes = self.read().await?.support_cases_after(last.as_ref(), PAGE).await?;
            for code in &codes {
                let mut tx = self.read().await?;
                let judged = self.case_about(&mut *tx, code).await;
                drop(tx);
                match unreadable.note("support_case", code, judged)? {
                    Some(CaseAbout::Unsealed) => unsealed += 1,
                    Some(CaseAbout::Stale(_)) if quota.may_take() => {
                        let mut tx = self.write_in(&[self.case_turn(code)]).await?;
                        if let CaseAbout::Stale(row) = self.case_about(&mut *tx, code).await? {
                            let support_cases = vec![*row];
                            commit(tx, Changes { support_cases, ..Changes::default() }).await?;
                        }
                        quota.took(1);
                    }
                    Some(CaseAbout::Stale(_) | CaseAbout::Known) | None => {}
                }
            }
            match codes.last() {
                Some(code) => last = Some(*code),
                None => return Ok(unsealed),
            }
        }
    }

    /// Whether it has to be hashed anew whom a case is about.
    async fn case_about(&self, tx: &mut dyn Tx, code: &CaseCode) -> Result<CaseAbout, StoreError> {
        let Some(row) = tx.support_case(code).await? else { return Ok(CaseAbout::Known) };
        let Some(key) = row.person else { return Ok(CaseAbout::Known) };
        let (person, number) = match self.case_number(tx, &row, key).await? {
            Some(oid) if key == self.esia_key(&oid) && row.number.is_some() => {
                return Ok(CaseAbout::Known);
            }
            Some(oid) => self.about(code, &oid)?,
            // Hashed with the first key: nobody is found by it any more.
            None if self.inner.vault.is_first_lookup_retired() => (None, None),
            None => return Ok(CaseAbout::Unsealed),
        };
        Ok(CaseAbout::Stale(Box::new(SupportCaseRow { person, number, ..row })))
    }

    /// The number in ЕСИА of whom a case is about: its own, or one that has its hash.
    async fn case_number(
        &self,
        tx: &mut dyn Tx,
        row: &SupportCaseRow,
        key: KeyHash,
    ) -> Result<Option<Zeroizing<String>>, StoreError> {
        if let Some(number) = self.open_case_person(row)? {
            return Ok(Some(number));
        }
        let mut known = Vec::new();
        if let Some(refused) = tx.refused_sign_in(&row.code).await? {
            known.push(self.open_refused(refused)?.person.oid);
        }
        for claim in tx.claims(&[key]).await? {
            known.extend(self.open_claim(&claim)?);
        }
        let theirs = known.into_iter().find(|oid| self.esia_keys(oid).contains(&key));
        Ok(theirs.map(Zeroizing::new))
    }
}

/// What hashes the claims of an account anew.
#[derive(Default)]
struct Anew {
    removed: Vec<Claim>,
    claims: Vec<Claim>,
}

/// How it is kept whom a support case is about.
enum CaseAbout {
    /// As it has to be, or not at all.
    Known,
    /// By a hash alone.
    Unsealed,
    /// Otherwise than in this row.
    Stale(Box<SupportCaseRow>),
}
