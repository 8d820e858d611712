//! Somebody at work on a school's registry.

use chrono::NaiveDate;
use eschool_core::{
    access::{AccessError, Deed, Whose, may_do},
    id::{AccountId, ClassId, PersonId, SchoolId},
    identity::FullName,
    journal::{Stay, classes_on},
    merge::AccountMove,
    people::{
        Account, AccountEntry, Guardianship, MandatoryField, Namesake, Namesakes, Placement,
        namesakes, place,
    },
};

use super::ParentError;
use crate::{
    backend::{AuditEntry, Backend, Changes, Registry, StoredAccount, Tx},
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

    /// The classes an account is known by today: a pupil's own, those of the children whom an adult
    /// has by a bond that holds and bars nothing.
    pub(in crate::store) fn classes(&self, account: AccountId) -> Vec<ClassId> {
        let bonds = self.bonds_today(account).filter(|bond| !bond.barred);
        let mut classes: Vec<ClassId> = std::iter::once(account)
            .chain(bonds.map(|bond| bond.child))
            .flat_map(|pupil| classes_on(&self.stays(pupil), self.today()))
            .collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    }

    /// The classes of each child behind an adult's sign-in, barred or not, today or later. Who left
    /// is behind none: such a bond opens nothing any more.
    fn behind(&self, account: AccountId) -> Vec<Vec<ClassId>> {
        let today = self.today();
        let bonds = self.registry.guardianships.iter().filter(|bond| bond.parent == account);
        let bonds = bonds.filter(|bond| bond.until.is_none_or(|last| today <= last));
        let stays = bonds.map(|bond| self.stays(bond.child));
        let is_here = |stays: &Vec<Stay>| is_here(stays, self.today());
        stays.filter(is_here).map(|stays| classes_on(&stays, self.today())).collect()
    }

    fn bonds_today(&self, parent: AccountId) -> impl Iterator<Item = &Guardianship> {
        let today = self.today();
        let bonds = self.registry.guardianships.iter();
        bonds.filter(move |bond| bond.parent == parent && bond.holds_on(today))
    }

    /// Whether the account is also that of a pupil or of somebody at work here.
    fn has_another_role(&self, account: AccountId) -> bool {
        self.registry.stays.iter().any(|stay| stay.pupil == account)
            || self.registry.staff.iter().any(|post| post.account == account)
            || self.registry.duties.iter().any(|row| row.account == account)
    }

    /// Whether who asks keeps the registry of somebody.
    pub(in crate::store) fn may_write(&self, account: AccountId) -> Result<(), AccessError> {
        let classes = self.classes(account);
        let whose = Whose { account, school: self.school(), classes: &classes };
        self.store.may_write_registry(&self.work, whose, false, &[])
    }

    /// Whether who asks may write what an adult signs in by, who is a parent of these children or
    /// is to be: they keep the registry of every child behind that sign-in.
    pub(super) fn may_write_key(
        &self,
        account: AccountId,
        children: &[AccountId],
    ) -> Result<(), AccessError> {
        let mut classes = self.classes(account);
        classes.extend(children.iter().flat_map(|child| self.classes(*child)));
        let whose = Whose { account, school: self.school(), classes: &classes };
        let behind = self.behind(account);
        let of_another_role = self.has_another_role(account);
        self.store.may_write_registry(&self.work, whose, of_another_role, &behind)
    }

    /// Whether there is such a pupil, and who asks keeps the family's registry.
    pub(in crate::store) fn may_write_child(&self, child: AccountId) -> Result<(), ParentError> {
        self.may_write(child)?;
        let is_pupil = self.registry.stays.iter().any(|stay| stay.pupil == child);
        let is_pupil = is_pupil && self.stored(child).is_some_and(|child| !child.name.is_erased());
        is_pupil.then_some(()).ok_or(ParentError::ChildNotFound)
    }

    pub(in crate::store) fn stored(&self, account: AccountId) -> Option<&StoredAccount> {
        self.registry.accounts.iter().find(|stored| stored.id == account)
    }

    /// An account of the school; none of whom nothing is kept any more.
    pub(in crate::store) fn account(
        &self,
        account: AccountId,
    ) -> Result<Option<Account>, StoreError> {
        let stored = self.stored(account).filter(|stored| !stored.name.is_erased());
        stored.map(|stored| self.store.open_account(stored)).transpose()
    }

    /// Who of the school holds this СНИЛС.
    pub(in crate::store) fn by_snils(&self, entry: &AccountEntry) -> Option<AccountId> {
        self.store.holder_of_snils(&self.registry.claims, entry.snils?)
    }

    /// Where an entry goes that is to be a parent of these children.
    pub(in crate::store) fn place(
        &self,
        entry: &AccountEntry,
        children: &[AccountId],
    ) -> Result<Placement, StoreError> {
        if let Some(account) = self.by_snils(entry) {
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
        self.store.registry_entry(&self.work, action, outcome, subject)
    }

    /// Puts what a known account is to say from now on. If what it was joined by to the accounts of
    /// other schools is another then, it is a person's of its own, until accounts are joined again.
    pub(super) async fn put_known(
        &self,
        tx: &mut dyn Tx,
        before: &Account,
        after: &Account,
        changes: &mut Changes,
    ) -> Result<(), StoreError> {
        if before.snils.is_some() && before.snils != after.snils {
            // Whoever signed in by the former number may have been somebody else.
            changes.lost_esia.push((before.school, before.id));
        }
        let parts = before.is_parted_by(after) && tx.accounts_of(&[before.person]).await?.len() > 1;
        if !parts {
            return self.store.put_account(after, changes);
        }
        let Account { id: account, school, person: from, .. } = *before;
        let into = PersonId(self.store.inner.ambient.new_id());
        self.store.put_account(&Account { person: into, ..after.clone() }, changes)?;
        let moves = vec![AccountMove { account, school, from, into }];
        let actor = self.work.standings.actor().map(|actor| (school, actor));
        self.store.carry_out(moves, actor, "parted", changes);
        Ok(())
    }
}

impl<B: Backend> Store<B> {
    pub(super) fn may_write_registry(
        &self,
        work: &AtWork,
        whose: Whose<'_>,
        of_another_role: bool,
        behind: &[Vec<ClassId>],
    ) -> Result<(), AccessError> {
        let rules = self.rules(work.today);
        let keeper = &rules.registry_keeper;
        let deed = Deed::Registry { whose, keeper, of_another_role, behind };
        may_do(&work.standings.viewers(rules), &deed, work.today)
    }

    pub(super) fn registry_entry(
        &self,
        work: &AtWork,
        action: &str,
        outcome: &str,
        subject: AccountId,
    ) -> AuditEntry {
        let entry = self.audit_entry(action, outcome, None, Some(subject));
        AuditEntry { school: Some(work.school.id), actor: work.standings.actor(), ..entry }
    }

    pub(super) fn put_account(
        &self,
        account: &Account,
        changes: &mut Changes,
    ) -> Result<(), StoreError> {
        let (stored, claims) = self.seal_account(account)?;
        changes.accounts.push(stored);
        changes.claims.extend(claims);
        Ok(())
    }
}

/// Whether a pupil is in a class today, or will be.
pub(super) fn is_here(stays: &[Stay], today: NaiveDate) -> bool {
    stays.iter().any(|stay| stay.to.is_none_or(|last| today <= last))
}
