//! Phones that two people of a school were once seen to share.
//!
//! Such a number has changed hands at least once, so it identifies nobody any more, whoever still holds
//! it. The note is of the number alone: it names no school and no account, and outlives both.

use std::collections::{BTreeMap, BTreeSet};

use eschool_core::{
    id::{AccountId, PersonId, SchoolId},
    identity::MobilePhone,
    people::shared_phones,
};

use super::{Store, StoreError, places::of_shared_phone};
use crate::{
    backend::{Backend, Changes, SharedPhone, Tx},
    secret::{ClaimKind, KeyHash},
};

/// How many accounts are read at once.
const PAGE: usize = 500;

impl<B: Backend> Store<B> {
    /// Notes each phone that two people of one school have once these changes are written, or had
    /// before: of the accounts that they write, and of those that are `looked` at besides.
    pub(super) async fn note_shared_phones(
        &self,
        tx: &mut dyn Tx,
        looked: &[(SchoolId, AccountId)],
        changes: &mut Changes,
    ) -> Result<(), StoreError> {
        let mut people: BTreeMap<(SchoolId, AccountId), PersonId> =
            changes.accounts.iter().map(|new| ((new.school, new.id), new.person)).collect();
        let known: BTreeSet<_> = people.keys().chain(looked).copied().collect();
        people.extend(changes.moves.iter().map(|step| ((step.school, step.account), step.into)));
        let mut phones = BTreeSet::new();
        for page in known.into_iter().collect::<Vec<_>>().chunks(PAGE) {
            for member in tx.members(page).await? {
                // What does not open is told of elsewhere, and holds up nobody here.
                phones.extend(self.open_account(&member.account).ok().and_then(|held| held.phone));
            }
        }
        for account in &changes.accounts {
            phones.extend(self.open_account(account)?.phone);
        }
        let by_key: BTreeMap<KeyHash, MobilePhone> = phones
            .iter()
            .flat_map(|phone| self.phone_keys(*phone).into_iter().map(|key| (key, *phone)))
            .collect();
        let keys: Vec<_> = by_key.keys().copied().collect();
        let mut rows = Vec::new();
        for claim in tx.claims(&keys).await?.iter().chain(&changes.claims) {
            let phone = by_key.get(&claim.key).filter(|_| claim.kind == ClaimKind::Phone);
            let person = people.get(&(claim.school, claim.account)).unwrap_or(&claim.person);
            rows.extend(phone.map(|phone| ((*phone, claim.school), *person)));
        }
        let shared = shared_phones(rows).into_iter().map(|(phone, _)| phone).collect();
        changes.shared_phones.extend(self.newly_shared(tx, &shared).await?);
        Ok(())
    }

    /// The notes that are due before these accounts are erased: by who is left nobody can tell later
    /// that a phone was another's too.
    pub(super) async fn phones_of_two(
        &self,
        tx: &mut dyn Tx,
        accounts: &[(SchoolId, AccountId)],
    ) -> Result<Vec<SharedPhone>, StoreError> {
        let mut changes = Changes::default();
        self.note_shared_phones(tx, accounts, &mut changes).await?;
        Ok(changes.shared_phones)
    }

    /// The notes of those phones that are not noted yet.
    pub(super) async fn newly_shared(
        &self,
        tx: &mut dyn Tx,
        shared: &BTreeSet<MobilePhone>,
    ) -> Result<Vec<SharedPhone>, StoreError> {
        if shared.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<_> = shared.iter().flat_map(|phone| self.phone_keys(*phone)).collect();
        let noted: BTreeSet<KeyHash> =
            tx.shared_phones(&keys).await?.into_iter().map(|row| row.key).collect();
        let mut new = Vec::new();
        for phone in shared {
            if !self.phone_keys(*phone).iter().any(|key| noted.contains(key)) {
                new.push(self.shared_phone(&phone.to_string())?);
            }
        }
        Ok(new)
    }

    /// Whether two people were once seen to share a phone.
    pub(super) async fn is_shared(
        &self,
        tx: &mut dyn Tx,
        phone: Option<MobilePhone>,
    ) -> Result<bool, StoreError> {
        let Some(phone) = phone else { return Ok(false) };
        Ok(!tx.shared_phones(&self.phone_keys(phone)).await?.is_empty())
    }

    /// That a phone is shared, found by the lookup key that is written with.
    pub(super) fn shared_phone(&self, phone: &str) -> Result<SharedPhone, StoreError> {
        let vault = &self.inner.vault;
        let key = vault.lookup(ClaimKind::Phone, phone);
        let nonce = self.inner.ambient.random();
        Ok(SharedPhone { key, phone: vault.seal(&of_shared_phone(&key), phone.as_bytes(), nonce)? })
    }

    /// The phone of a note.
    pub(super) fn open_shared_phone(&self, row: &SharedPhone) -> Result<String, StoreError> {
        let opened = self.inner.vault.open(&of_shared_phone(&row.key), &row.phone)?;
        let phone = std::str::from_utf8(&opened)
            .map_err(|_| crate::backend::BackendError::Corrupt("shared phone"))?;
        Ok(phone.to_owned())
    }
}
