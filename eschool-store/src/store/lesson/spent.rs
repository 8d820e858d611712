//! Works that no mark needs any more.

use std::collections::BTreeSet;

use eschool_core::{
    id::{AccountId, ClassId, MarkId, SchoolId, WorkId},
    journal::{Mark, Work},
};

use crate::backend::{BackendError, Tx};

/// What comes and goes among the marks of a class.
pub(in crate::store) struct MarksTurned<'m> {
    pub(in crate::store) school: SchoolId,
    /// None of a lesson whose class is not known.
    pub(in crate::store) class: Option<ClassId>,
    pub(in crate::store) removed: Vec<&'m Mark>,
    pub(in crate::store) written: Vec<&'m Mark>,
}

impl MarksTurned<'_> {
    /// The works that go with the removed marks: those that stand in no lesson any more – it was taken
    /// out with its year, and the file of that year has them too –, for which there is no other mark.
    /// They were kept because of the marks for them.
    pub(in crate::store) async fn spent(&self, tx: &mut dyn Tx) -> Result<Vec<Work>, BackendError> {
        let works: BTreeSet<WorkId> = self.removed.iter().map(|mark| mark.work).collect();
        let works: Vec<WorkId> = works.into_iter().collect();
        if works.is_empty() {
            return Ok(Vec::new());
        }
        let mut left = tx.works(self.school, &works).await?;
        left.retain(|(_, lesson)| lesson.is_none());
        let works: Vec<WorkId> = left.iter().map(|(work, _)| work.id).collect();
        let needed = self.needed(tx, &works).await?;
        let left = left.into_iter().map(|(work, _)| work);
        Ok(left.filter(|work| !needed.contains(&work.id)).collect())
    }

    /// Those of these works for which there is a mark when all is done, on whatever day.
    pub(in crate::store) async fn needed(
        &self,
        tx: &mut dyn Tx,
        works: &[WorkId],
    ) -> Result<BTreeSet<WorkId>, BackendError> {
        let mut needed = BTreeSet::new();
        if works.is_empty() {
            return Ok(needed);
        }
        let removed: BTreeSet<MarkId> = self.removed.iter().map(|mark| mark.id).collect();
        let mates = self.classmates(tx).await?;
        let others = tx.marks_for(self.school, &mates, works).await?;
        let stays = others.iter().filter(|mark| !removed.contains(&mark.id));
        needed.extend(stays.chain(self.written.iter().copied()).map(|mark| mark.work));
        Ok(needed)
    }

    /// Everybody who ever was in the class, or in one with a pupil whose mark goes.
    async fn classmates(&self, tx: &mut dyn Tx) -> Result<Vec<AccountId>, BackendError> {
        let pupils: BTreeSet<_> = self.removed.iter().map(|mark| mark.pupil).collect();
        let stays = tx.registry(self.school).await?.stays;
        let theirs = stays.iter().filter(|stay| pupils.contains(&stay.pupil));
        let classes: BTreeSet<ClassId> = theirs.map(|stay| stay.class).chain(self.class).collect();
        let shared = stays.iter().filter(|stay| classes.contains(&stay.class));
        let mates: BTreeSet<AccountId> = shared.map(|stay| stay.pupil).chain(pupils).collect();
        Ok(mates.into_iter().collect())
    }
}
