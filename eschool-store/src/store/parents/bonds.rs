//! Links between parents and children.

use eschool_core::{
    access::Whose,
    id::{AccountId, SchoolId},
    journal::classes_on,
    people::Guardianship,
};

use super::ParentError;
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
        let work = self.at_work(&mut *tx, session, school).await?;
        let pupil = tx.members(&[(school, child)]).await?;
        let stays = pupil.first().map_or(&[][..], |member| &member.stays);
        let classes = classes_on(stays, work.today);
        let whose = Whose { account: child, school, classes: &classes };
        self.may_write_registry(&work, whose, false, &[])?;
        if stays.is_empty() {
            return Err(ParentError::ChildNotFound);
        }
        let adult = tx.members(&[(school, parent)]).await?;
        let adult = adult.first().filter(|_| parent != child).ok_or(ParentError::ParentNotFound)?;
        let mut bonds = adult.children.iter().map(|known| &known.guardianship);
        let before = bonds.find(|bond| bond.child == child);
        let outcome = if after.is_some() { "linked" } else { "unlinked" };
        let after = after.or_else(|| before.map(|before| before.ended_before(work.today)));
        let Some(bond) = after.filter(|after| before != Some(after)) else { return Ok(()) };
        let mut changes = Changes::default();
        if before.is_some_and(|before| before.is_narrowed_by(Some(&bond))) {
            changes.ended_people.push(adult.account.person);
        }
        changes.audit.push(self.registry_entry(&work, "child_of", outcome, parent));
        changes.audit.push(self.registry_entry(&work, "parent_of", outcome, child));
        changes.guardianships.push((school, bond));
        Ok(commit(tx, changes).await?)
    }
}
