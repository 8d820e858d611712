//! Links between parents and children.

use eschool_core::{
    id::{AccountId, SchoolId},
    people::Guardianship,
};

use super::{ParentError, desk::RegistryDesk};
use crate::{
    backend::{Backend, Changes, Turn},
    store::{Session, Store, sign_in::commit},
};

impl<B: Backend> Store<B> {
    /// Links a parent whom the school has to a child, or says anew what their bond is: the kinship,
    /// whether the parent represents the child, the days, whether the parent is barred. For who
    /// keeps the registry of the child's family.
    ///
    /// Where the bond opens less than it did, the parent's sessions end.
    ///
    /// # Errors
    /// [`ParentError`] says what stands in the way.
    pub async fn link_child(
        &self,
        session: &Session,
        school: SchoolId,
        bond: Guardianship,
    ) -> Result<(), ParentError> {
        bond.validate()?;
        self.write_bond(session, school, (bond.parent, bond.child), Some(bond)).await
    }

    /// Ends the bond of a parent and a child: from today on it opens nothing, and the parent's
    /// sessions end. It stays on record as ended. A bond that is not there is no error.
    ///
    /// # Errors
    /// As for [`link_child`](Self::link_child).
    pub async fn unlink_child(
        &self,
        session: &Session,
        school: SchoolId,
        parent: AccountId,
        child: AccountId,
    ) -> Result<(), ParentError> {
        self.write_bond(session, school, (parent, child), None).await
    }

    async fn write_bond(
        &self,
        session: &Session,
        school: SchoolId,
        (parent, child): (AccountId, AccountId),
        after: Option<Guardianship>,
    ) -> Result<(), ParentError> {
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        let desk = RegistryDesk::open(self, &mut *tx, session, school).await?;
        desk.may_write_child(child)?;
        let account = desk.stored(parent).filter(|account| account.id != child);
        let person = account.ok_or(ParentError::ParentNotFound)?.person;
        let bonds = &desk.registry.guardianships;
        let before = bonds.iter().find(|bond| (bond.parent, bond.child) == (parent, child));
        let outcome = if after.is_some() { "linked" } else { "unlinked" };
        let after = after.or_else(|| before.map(|before| before.ended_before(desk.today())));
        let Some(bond) = after.filter(|after| before != Some(after)) else { return Ok(()) };
        let mut changes = Changes::default();
        if before.is_some_and(|before| before.is_narrowed_by(Some(&bond))) {
            changes.ended_people.push(person);
        }
        changes.audit.push(desk.entry("child_of", outcome, parent));
        changes.audit.push(desk.entry("parent_of", outcome, child));
        changes.guardianships.push((school, bond));
        Ok(commit(tx, changes).await?)
    }
}
