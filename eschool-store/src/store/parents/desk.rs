//! Somebody at work on a school's registry.

use chrono::NaiveDate;
use eschool_core::{
    access::{AccessError, Deed, Whose, may_do},
    id::{AccountId, ClassId, PersonId, SchoolId},
    identity::FullName,
    journal::{Stay, classes_on},
    people::{
        Account, AccountEntry, MandatoryField, Namesake, Namesakes, Placement, namesakes, place,
    },
};

use super::ParentError;
use crate::{
    backend::{AuditEntry, Backend, Registry, StoredAccount, Tx},
    secret::ClaimKind,
    store::{Session, Store, StoreError, at_work::AtWork},
};

/// A school's registry, and who works on it.
pub(in crate::store) struct RegistryDesk<'s, B> {
    pub(in crate::store) store: &'s Store<B>,
    pub(in crate::store) work: AtWork,
    pub(in crate::store) registry: Registry,
}

impl<'s, B: Backend> RegistryDesk<'s, B> {
    pub(in crate::store) async fn open(
        store: &'s Store<B>,
        tx: &mut dyn Tx,
        session: &Session,
        school: SchoolId,
    ) -> Result<Self, ParentError> {
        let work = store.at_work(tx, session, school).await?;
        let registry = tx.registry(school).await?;
        Ok(Self { store, work, registry })
    }

    pub(in crate::store) const fn school(&self) -> SchoolId {
        self.work.school.id
    }

    pub(in crate::store) const fn today(&self) -> NaiveDate {
        self.work.today
    }

    pub(in crate::store) fn mandatory(&self) -> &'s [MandatoryField] {
        &self.store.rules(self.work.today).mandatory
    }

    pub(in crate::store) fn stays(&self, pupil: AccountId) -> Vec<Stay> {
        self.registry.stays.iter().filter(|stay| stay.pupil == pupil).copied().collect()
    }

    /// The classes an account is known by today: a pupil's own, those of a parent's children.
    pub(in crate::store) fn classes(&self, account: AccountId) -> Vec<ClassId> {
        let bonds = self.registry.guardianships.iter().filter(|bond| bond.parent == account);
        let mut classes: Vec<ClassId> = std::iter::once(account)
            .chain(bonds.map(|bond| bond.child))
            .flat_map(|pupil| classes_on(&self.stays(pupil), self.today()))
            .collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    }

    /// Whether the account is also that of a pupil or of somebody at work here.
    pub(in crate::store) fn has_another_role(&self, account: AccountId) -> bool {
        self.registry.stays.iter().any(|stay| stay.pupil == account)
            || self.registry.staff.iter().any(|post| post.account == account)
            || self.registry.duties.iter().any(|row| row.account == account)
    }

    /// Whether who asks keeps the registry of somebody.
    pub(in crate::store) fn may_write(
        &self,
        account: AccountId,
        of_another_role: bool,
    ) -> Result<(), AccessError> {
        let rules = self.store.rules(self.today());
        let classes = self.classes(account);
        let whose = Whose { account, school: self.school(), classes: &classes };
        let deed = Deed::Registry { whose, keeper: &rules.registry_keeper, of_another_role };
        may_do(&self.work.standings.viewers(rules), &deed, self.today())
    }

    /// Whether there is such a pupil, and who asks keeps the family's registry.
    pub(in crate::store) fn may_write_child(&self, child: AccountId) -> Result<(), ParentError> {
        self.may_write(child, false)?;
        let is_pupil = self.registry.stays.iter().any(|stay| stay.pupil == child);
        is_pupil.then_some(()).ok_or(ParentError::ChildNotFound)
    }

    pub(in crate::store) fn stored(&self, account: AccountId) -> Option<&StoredAccount> {
        self.registry.accounts.iter().find(|stored| stored.id == account)
    }

    pub(in crate::store) fn account(
        &self,
        account: AccountId,
    ) -> Result<Option<Account>, StoreError> {
        self.stored(account).map(|stored| self.store.open_account(stored)).transpose()
    }

    /// Who of the school holds this СНИЛС.
    pub(in crate::store) fn by_snils(&self, entry: &AccountEntry) -> Option<AccountId> {
        let key = self.store.snils_key(entry.snils?);
        let held = |kind, held| kind == ClaimKind::Snils && held == key;
        let claim = self.registry.claims.iter().find(|claim| held(claim.kind, claim.key))?;
        Some(claim.account)
    }

    /// Where an entry goes that is to be a parent of these children.
    pub(in crate::store) fn place(
        &self,
        entry: &AccountEntry,
        children: &[AccountId],
    ) -> Result<Placement, StoreError> {
        if let Some(account) = self.by_snils(entry) {
            // The number of the child itself was typed for the parent.
            if children.contains(&account) {
                return Ok(Placement::Conflict { account });
            }
            return Ok(place(entry, self.account(account)?.as_ref(), []));
        }
        let bonds = &self.registry.guardianships;
        let is_near = |account: AccountId| {
            bonds.iter().any(|bond| bond.parent == account && children.contains(&bond.child))
        };
        let is_named =
            |name: &FullName| name.family_matches(&entry.name) && name.given_matches(&entry.name);
        let known = self.registry.accounts.iter().filter(|stored| is_named(&stored.name));
        let known = known.filter(|stored| !children.contains(&stored.id)).map(|stored| Namesake {
            key: stored.id,
            name: &stored.name,
            birth_date: stored.birth_date,
            has_snils: stored.snils.is_some(),
            is_near: is_near(stored.id),
        });
        match namesakes(entry, known) {
            Namesakes::Nobody { .. } => Ok(Placement::New),
            Namesakes::Several(accounts) => Ok(Placement::Several { accounts }),
            Namesakes::One { key, .. } => Ok(place(entry, None, self.account(key)?.as_ref())),
        }
    }

    /// A line of the audit about somebody of the registry, by who works on it.
    pub(in crate::store) fn entry(
        &self,
        action: &str,
        outcome: &str,
        subject: AccountId,
    ) -> AuditEntry {
        let entry = self.store.audit_entry(action, outcome, None, Some(subject));
        AuditEntry { school: Some(self.school()), actor: self.work.standings.actor(), ..entry }
    }

    /// Whether a person has accounts in other schools too.
    pub(in crate::store) async fn is_joined(
        &self,
        tx: &mut dyn Tx,
        person: PersonId,
    ) -> Result<bool, StoreError> {
        Ok(tx.accounts_of(&[person]).await?.len() > 1)
    }
}
