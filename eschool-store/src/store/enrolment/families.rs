//! Whose the child is in the new school.

use std::collections::BTreeMap;

use eschool_core::{
    id::{AccountId, PersonId, SchoolId},
    identity::fold_name,
    journal::{BondThere, bond_after, bond_there, stricter_bond},
    people::{Account, AccountEntry, Guardianship, Placement, place},
};

use super::{MoveError, Transfer};
use crate::{
    backend::{Backend, Changes, Registry, StoredAccount},
    secret::ClaimKind,
    store::{Store, StoreError},
};

/// An adult whose bond did not go along: the new school has an account that may be theirs, and a
/// person has to settle whose it is before anybody enters the bond there; or it has one that is
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
    /// The accounts in the new one that it may be.
    pub accounts_there: Vec<AccountId>,
}

/// As whom a school knows somebody of another.
pub(super) enum There {
    /// By this account.
    Known(AccountId),
    /// By none.
    New,
    /// By one of these, and a person has to say.
    Unsettled(Vec<AccountId>),
}

impl<B: Backend> Store<B> {
    /// Enters the bonds of a child in the new school, with the adults whom it does not know yet. An
    /// adult with several accounts in the former school has one bond in the new one, as
    /// [`stricter_bond`] says.
    pub(super) fn families(
        &self,
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
                Some(account) => There::Known(*account),
                None => self.known_in(stored, registry)?,
            };
            let parent = match known {
                There::Known(account) => account,
                There::New => {
                    let account = self.open_account(stored)?;
                    self.enter(account, transfer.to_school, stored.person, changes)?
                }
                There::Unsettled(accounts_there) => {
                    unsettled.push(UnsettledParent { account: stored.id, accounts_there });
                    continue;
                }
            };
            people.insert(stored.person, parent);
            let bond = Guardianship { parent, ..bond };
            let bond = match entered.remove(&parent) {
                Some((_, other)) => stricter_bond(other, bond),
                None => bond,
            };
            entered.insert(parent, (stored.id, bond));
        }
        let parents = entered.keys().copied().collect();
        for (parent, (account, bond)) in entered {
            let same =
                |known: &&Guardianship| (known.parent, known.child) == (bond.parent, bond.child);
            let known = registry.guardianships.iter().find(same);
            match bond_there(known, &bond, transfer.on) {
                BondThere::Entered => changes.guardianships.push((transfer.to_school, bond)),
                BondThere::Stays => {}
                BondThere::Over => {
                    unsettled.push(UnsettledParent { account, accounts_there: vec![parent] });
                }
            }
        }
        Ok((parents, unsettled))
    }

    /// As whom a school knows somebody: as the same person, else as the core places an entry.
    pub(super) fn known_in(
        &self,
        stored: &StoredAccount,
        registry: &Registry,
    ) -> Result<There, StoreError> {
        let same = |account: &&StoredAccount| account.person == stored.person;
        if let Some(account) = registry.accounts.iter().find(same) {
            return Ok(There::Known(account.id));
        }
        let account = self.open_account(stored)?;
        let key = account.snils.map(|snils| self.snils_key(snils));
        let mut claims = registry.claims.iter().filter(|claim| claim.kind == ClaimKind::Snils);
        let holder = claims.find(|claim| Some(claim.key) == key).map(|claim| claim.account);
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
        Ok(match place(&entry(account), by_snils.as_ref(), &by_name) {
            Placement::New => There::New,
            Placement::Joins { account, .. } => There::Known(account),
            Placement::Conflict { account } => There::Unsettled(vec![account]),
            Placement::Several { accounts } => There::Unsettled(accounts),
        })
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

fn entry(account: Account) -> AccountEntry {
    let Account { name, birth_date, snils, phone, email, .. } = account;
    AccountEntry { name, birth_date, snils, phone, email }
}

/// A name in the form in which names are compared.
fn folded(account: &Account) -> [String; 2] {
    [account.name.family(), account.name.given()].map(fold_name)
}
