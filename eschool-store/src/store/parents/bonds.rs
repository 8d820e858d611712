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

/// A bond written anew: what was seen, and what is to stand instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BondCorrection {
    /// The bond of the two as it was seen; none where none was.
    pub seen: Option<Guardianship>,
    /// The bond as it is to be, of the same two.
    pub bond: Guardianship,
}

impl<B: Backend> Store<B> {
    /// Links a parent whom the school has to a child, or says anew what their bond is: the kinship,
    /// whether the parent represents the child, the days, whether the parent is barred. For who
    /// keeps the registry of the child's family.
    ///
    /// Where the bond opens less than it did, the parent's sessions end. The audit tells a bar that
    /// was set or lifted by its name.
    ///
    /// # Errors
    /// [`ParentError::BondChanged`] with the bond that stands if it is not what was seen, which is
    /// noted in the audit as a look: whoever did not see a bar does not lift it. A bond that is
    /// already as it is to be is no error. [`ParentError`] says what else stands in the way.
    pub async fn link_child(
        &self,
        session: &Session,
        school: SchoolId,
        correction: &BondCorrection,
    ) -> Result<(), ParentError> {
        let BondCorrection { seen, bond } = correction;
        bond.validate()?;
        let pair = (bond.parent, bond.child);
        self.write_bond(session, school, pair, Wanted::Stands { seen: seen.as_ref(), bond }).await
    }

    /// Ends the bond of a parent and a child: from today on it opens nothing, and the parent's
    /// sessions end. It stays on record as ended. A bond that is not there is no error.
    ///
    /// # Errors
    /// [`ParentError::StillBarred`] for a bond that bars the parent: it has to stay as long as the
    /// bar does. Others as for [`link_child`](Self::link_child).
    pub async fn unlink_child(
        &self,
        session: &Session,
        school: SchoolId,
        parent: AccountId,
        child: AccountId,
    ) -> Result<(), ParentError> {
        self.write_bond(session, school, (parent, child), Wanted::Ended).await
    }

    async fn write_bond(
        &self,
        session: &Session,
        school: SchoolId,
        (parent, child): (AccountId, AccountId),
        wanted: Wanted<'_>,
    ) -> Result<(), ParentError> {
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        let work = self.at_work(&mut *tx, session, school).await?;
        let pupil = tx.members(&[(school, child)]).await?;
        let pupil = pupil.first().filter(|member| !member.account.name.is_erased());
        let stays = pupil.map_or(&[][..], |member| &member.stays);
        let classes = classes_on(stays, work.today);
        let whose = Whose { account: child, school, classes: &classes };
        self.may_write_registry(&work, whose, false, &[])?;
        if stays.is_empty() {
            return Err(ParentError::ChildNotFound);
        }
        let adult = tx.members(&[(school, parent)]).await?;
        let adult = adult.first().filter(|_| parent != child);
        let adult = adult.filter(|member| !member.account.name.is_erased());
        let adult = adult.ok_or(ParentError::ParentNotFound)?;
        let mut bonds = adult.children.iter().map(|known| &known.guardianship);
        let before = bonds.find(|bond| bond.child == child);
        let bond = match wanted {
            Wanted::Stands { bond, .. } if before == Some(bond) => return Ok(()),
            Wanted::Stands { seen, .. } if before != seen => {
                let stands = before.cloned().map(Box::new);
                // Nothing is told before the look is on record.
                let audit = vec![self.registry_entry(&work, "child_of", "bond_changed", parent)];
                commit(tx, Changes { audit, ..Changes::default() }).await?;
                return Err(ParentError::BondChanged(stands));
            }
            Wanted::Stands { bond, .. } => bond.clone(),
            Wanted::Ended => match before {
                None => return Ok(()),
                Some(before) if before.still_bars(work.today) => {
                    return Err(ParentError::StillBarred);
                }
                Some(before) => before.ended_before(work.today),
            },
        };
        if before == Some(&bond) {
            return Ok(());
        }
        let outcome = match (before.is_some_and(|before| before.barred), wanted) {
            (_, Wanted::Ended) => "unlinked",
            (false, _) if bond.barred => "barred",
            (true, _) if !bond.barred => "unbarred",
            _ => "linked",
        };
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

/// What is to become of a bond.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    /// It is to stand so, where what was seen still stands.
    Stands { seen: Option<&'a Guardianship>, bond: &'a Guardianship },
    /// It is to be over.
    Ended,
}
