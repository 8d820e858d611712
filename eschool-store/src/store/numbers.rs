//! Numbers in ЕСИА of which some row has the hash alone.

use std::collections::{BTreeMap, BTreeSet};

use eschool_core::{
    id::{AccountId, PersonId, SchoolId},
    signin::CaseCode,
};
use zeroize::Zeroizing;

use super::{
    Store, StoreError,
    reseal::{PAGE, last_instant},
};
use crate::{
    backend::{Backend, Claim, Registry, Tx},
    secret::{ClaimKind, KeyHash},
};

/// Which numbers are known, each by every hash it may have. While there are several lookup keys, a
/// number that one row keeps sealed tells what the hash in another is of.
#[derive(Default)]
pub(super) struct Numbers {
    by_hash: BTreeMap<KeyHash, Zeroizing<String>>,
    /// The hashes that are asked about; none for all.
    wanted: Option<BTreeSet<KeyHash>>,
    /// Refused sign-ins and support cases that were gone through: whom they are about stays.
    refused: BTreeSet<CaseCode>,
    cases: BTreeSet<CaseCode>,
}

impl Numbers {
    /// What is to be known of these hashes alone.
    pub(super) fn wanted(wanted: BTreeSet<KeyHash>) -> Self {
        Self { wanted: Some(wanted), ..Self::default() }
    }

    /// The number with this hash, if it is known.
    pub(super) fn of(&self, key: &KeyHash) -> Option<&str> {
        self.by_hash.get(key).map(|number| number.as_str())
    }

    fn learn(&mut self, hashes: &[KeyHash], number: &str) {
        let is_wanted = |hash: &KeyHash| self.wanted.as_ref().is_none_or(|all| all.contains(hash));
        let hashes: Vec<_> = hashes.iter().copied().filter(is_wanted).collect();
        for hash in hashes {
            self.by_hash.entry(hash).or_insert_with(|| Zeroizing::new(number.to_owned()));
        }
    }
}

/// Of everything here: a value that does not open tells nothing, and is told of elsewhere.
impl<B: Backend> Store<B> {
    /// By which numbers in ЕСИА these claims were made: everything by which each may be found, as far
    /// as that is known. What is learnt of them stays in `known`.
    pub(super) async fn numbers_of(
        &self,
        tx: &mut dyn Tx,
        claims: &[Claim],
        known: &mut Numbers,
    ) -> Result<BTreeSet<Vec<KeyHash>>, StoreError> {
        self.learn_of_claims(claims, known);
        let is_open = |known: &Numbers| claims.iter().all(|own| known.of(&own.key).is_some());
        if self.inner.vault.has_several_lookups() && !is_open(known) {
            let keys: Vec<_> = claims.iter().map(|own| own.key).collect();
            let same = tx.claims(&keys).await?;
            self.learn_of_claims(&same, known);
            if !is_open(known) {
                self.learn_of_cases(tx, known).await?;
            }
            if !is_open(known) {
                let joined = self.joined_claims(tx, claims).await?;
                self.learn_of_claims(&joined, known);
            }
        }
        let numbers = claims.iter().map(|own| {
            let number = known.of(&own.key).map(|number| self.esia_keys(number));
            let mut hashes = number.unwrap_or_default();
            if !hashes.contains(&own.key) {
                hashes.push(own.key);
            }
            hashes
        });
        Ok(numbers.collect())
    }

    /// What tells numbers of all claims of a region and of all cases, as far as `known` wants it.
    pub(super) async fn learn_of_all(&self, known: &mut Numbers) -> Result<(), StoreError> {
        self.learn_of_cases(&mut *self.read().await?, known).await?;
        for school in self.schools().await? {
            let registry = self.read().await?.registry(school.id).await?;
            self.learn_of_claims(&registry.claims, known);
        }
        Ok(())
    }

    /// What tells numbers of refused sign-ins and support cases that were not gone through yet.
    pub(super) async fn learn_of_cases(
        &self,
        tx: &mut dyn Tx,
        known: &mut Numbers,
    ) -> Result<(), StoreError> {
        for code in tx.cases_until(last_instant(), u32::MAX).await? {
            if !known.refused.insert(code) {
                continue;
            }
            let Some(row) = tx.refused_sign_in(&code).await? else { continue };
            let person = row.person;
            if let Ok(refused) = self.open_refused(row) {
                self.learn(refused.person.oid.as_str(), person, known);
            }
        }
        let mut last: Option<CaseCode> = None;
        loop {
            let codes = tx.support_cases_after(last.as_ref(), PAGE).await?;
            for code in &codes {
                if !known.cases.insert(*code) {
                    continue;
                }
                let Some(row) = tx.support_case(code).await? else { continue };
                if let (Some(person), Ok(Some(number))) = (row.person, self.open_case_person(&row))
                {
                    self.learn(&number, person, known);
                }
            }
            match codes.last() {
                Some(code) => last = Some(*code),
                None => return Ok(()),
            }
        }
    }

    fn learn_of_claims(&self, claims: &[Claim], known: &mut Numbers) {
        for claim in claims.iter().filter(|claim| claim.kind == ClaimKind::EsiaId) {
            if let Ok(Some(number)) = self.open_claim(claim) {
                self.learn(&number, claim.key, known);
            }
        }
    }

    /// Of a row with this hash: a key that nothing is looked up by any more may have made it.
    fn learn(&self, number: &str, hash: KeyHash, known: &mut Numbers) {
        let mut hashes = self.esia_keys(number);
        hashes.push(hash);
        known.learn(&hashes, number);
    }

    /// By which numbers in ЕСИА the other accounts of these people were let in.
    async fn joined_claims(
        &self,
        tx: &mut dyn Tx,
        claims: &[Claim],
    ) -> Result<Vec<Claim>, StoreError> {
        let people: BTreeSet<PersonId> = claims.iter().map(|own| own.person).collect();
        let people: Vec<_> = people.into_iter().collect();
        let mut joined: BTreeMap<SchoolId, BTreeSet<AccountId>> = BTreeMap::new();
        for (school, account) in tx.accounts_of(&people).await? {
            joined.entry(school).or_default().insert(account);
        }
        let mut found = Vec::new();
        for (school, accounts) in joined {
            let claims = tx.registry(school).await?.claims.into_iter();
            found.extend(claims.filter(|claim| accounts.contains(&claim.account)));
        }
        Ok(found)
    }
}

/// What says by which numbers in ЕСИА an account was let in.
pub(super) fn claims_at_esia(
    registry: &Registry,
    account: AccountId,
) -> impl Iterator<Item = &Claim> {
    let own = registry.claims.iter().filter(move |claim| claim.account == account);
    own.filter(|claim| claim.kind == ClaimKind::EsiaId)
}
