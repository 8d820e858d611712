//! Whose the child is in the new school.

use std::collections::BTreeMap;

use eschool_core::{
    id::{AccountId, PersonId, SchoolId},
    identity::fold_name,
    journal::{BondThere, bond_after, bond_there, stricter_bond},
    people::{Account, AccountEntry, Guardianship, KeptApart, Newcomer, place_newcomer},
};

use super::{MoveError, Transfer};
use crate::{
    backend::{Backend, Changes, Registry, StoredAccount, Tx},
    store::{Store, StoreError, merges::between},
};

/// An adult whose bond did not go along: the new school has an account that may be theirs, and a
/// person has to settle whose it is before anybody enters the bond there; or one that is settled to
/// be another person's has their СНИЛС, which has to be corrected first; or it has one that is
/// theirs and a bond that it ended itself.
///
/// ```
/// use eschool_store::UnsettledParent;
///
/// let ids: (eschool_core::id::AccountId, _) =
///     ("019379ab-0000-7000-8000-000000000002".parse()?, "019379ab-0000-7000-8000-000000000003".parse()?);
/// let parent = UnsettledParent { account: ids.0, accounts_there: vec![ids.1] };
/// assert_eq!(parent.accounts_there.len(), 1);
/// # Ok::<(), eschool_core::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsettledParent {
    /// The account in the former school.
    pub account: AccountId,
    /// The accounts in the new one that it may be, or that stand in its way.
    pub accounts_there: Vec<AccountId>,
}

impl<B: Backend> Store<B> {
    /// Enters the bonds of a child in the new school, with the adults whom it does not know yet. An
    /// adult with several accounts in the former school has one bond in the new one, as
    /// [`stricter_bond`] says. Returns whose bond was entered, and whose a person has to see to.
    pub(super) async fn families(
        &self,
        tx: &mut dyn Tx,
        transfer: &Transfer,
        child: AccountId,
        former: &Registry,
        registry: &Registry,
        changes: &mut Changes,
    ) -> Result<(Vec<AccountId>, Vec<UnsettledParent>), MoveError> {
        let (mut entered, mut unsettled) = (BTreeMap::new(), Vec::new());
        let mut people: BTreeMap<PersonId, AccountId> = BTreeMap::new();
        let bonds = former.guardianships.iter().filter(|bond| bond.child == transfer.pupil);
        for bond in bonds {
            let of_parent = |account: &&StoredAccount| account.id == bond.parent;
            let Some(stored) = former.accounts.iter().find(of_parent) else { continue };
            let Some(bond) = bond_after(bond, (bond.parent, child), transfer.on) else { continue };
            let known = match people.get(&stored.person) {
                Some(account) => Newcomer::Known(*account),
                None => self.known_in(tx, stored, registry).await?,
            };
            let parent = match known {
                Newcomer::Known(account) => account,
                Newcomer::New => {
                    let account = self.open_account(stored)?;
                    self.enter(account, transfer.to_school, stored.person, changes)?
                }
                Newcomer::Unsettled(accounts_there) => {
                    unsettled.push(UnsettledParent { account: stored.id, accounts_there });
                    continue;
                }
                Newcomer::SnilsTaken(holder) => {
                    let accounts_there = vec![holder];
                    unsettled.push(UnsettledParent { account: stored.id, accounts_there });
                    continue;
                }
            };
            let of_another =
                |known: &StoredAccount| known.id == parent && known.person != stored.person;
            if !registry.accounts.iter().any(of_another) {
                keep_apart(tx, stored.id, parent, changes).await?;
            }
            people.insert(stored.person, parent);
            let bond = Guardianship { parent, ..bond };
            let bond = match entered.remove(&parent) {
                Some((_, other)) => stricter_bond(other, bond),
                None => bond,
            };
            entered.insert(parent, (stored.id, bond));
        }
        let mut parents = Vec::new();
        for (parent, (account, bond)) in entered {
            let same =
                |known: &&Guardianship| (known.parent, known.child) == (bond.parent, bond.child);
            let known = registry.guardianships.iter().find(same);
            match bond_there(known, &bond, transfer.on) {
                BondThere::Entered => {
                    changes.guardianships.push((transfer.to_school, bond));
                    parents.push(parent);
                }
                BondThere::Stays => {}
                BondThere::Over => {
                    unsettled.push(UnsettledParent { account, accounts_there: vec![parent] });
                }
            }
        }
        Ok((parents, unsettled))
    }

    /// As whom a school knows somebody: as the same person, else as the core places a newcomer.
    pub(super) async fn known_in(
        &self,
        tx: &mut dyn Tx,
        stored: &StoredAccount,
        registry: &Registry,
    ) -> Result<Newcomer, StoreError> {
        let same = |account: &&StoredAccount| account.person == stored.person;
        if let Some(account) = registry.accounts.iter().find(same) {
            return Ok(Newcomer::Known(account.id));
        }
        let account = self.open_account(stored)?;
        let holder = account.snils.and_then(|snils| self.holder_of_snils(&registry.claims, snils));
        let folded = folded(&account);
        let (mut by_snils, mut by_name) = (None, Vec::new());
        for other in &registry.accounts {
            if Some(other.id) == holder {
                by_snils = Some(self.open_account(other)?);
            } else if other.birth_date == stored.birth_date && other.birth_date.is_some() {
                let other = self.open_account(other)?;
                if self::folded(&other) == folded {
                    by_name.push(other);
                }
            }
        }
        let apart = apart_from(tx, stored.person, by_snils.iter().chain(&by_name)).await?;
        Ok(place_newcomer(&entry(account), by_snils.as_ref(), &by_name, &apart))
    }

    /// A new account of a person whom another school has.
    pub(super) fn enter(
        &self,
        account: Account,
        school: SchoolId,
        person: PersonId,
        changes: &mut Changes,
    ) -> Result<AccountId, StoreError> {
        let id = AccountId(self.inner.ambient.new_id());
        let entered = entry(account).into_account(id, school, person);
        let (stored, claims) = self.seal_account(&entered)?;
        changes.accounts.push(stored);
        changes.claims.extend(claims);
        Ok(id)
    }
}

/// What was settled of the account in the former school holds for the same person's in the new one,
/// also when the former is erased.
pub(super) async fn keep_apart(
    tx: &mut dyn Tx,
    former: AccountId,
    account: AccountId,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    for apart in tx.kept_apart(Some(&[former])).await? {
        let other = if apart.one == former { apart.other } else { apart.one };
        if other != account {
            changes.kept_apart.push(KeptApart { one: account, other });
        }
    }
    Ok(())
}

/// Which of these accounts are settled to be another's than this person's. It is said of accounts
/// and holds for whoever they are.
async fn apart_from(
    tx: &mut dyn Tx,
    person: PersonId,
    others: impl Iterator<Item = &Account> + Send,
) -> Result<Vec<AccountId>, StoreError> {
    let mut apart = Vec::new();
    for other in others {
        let ours = tx.accounts_of(&[person]).await?;
        let theirs = tx.accounts_of(&[other.person]).await?;
        if !between(tx, &ours, &theirs).await?.is_empty() {
            apart.push(other.id);
        }
    }
    Ok(apart)
}

fn entry(account: Account) -> AccountEntry {
    let Account { name, birth_date, snils, phone, email, .. } = account;
    AccountEntry { name, birth_date, snils, phone, email }
}

/// A name in the form in which names are compared.
fn folded(account: &Account) -> [String; 2] {
    [account.name.family(), account.name.given()].map(fold_name)
}
