//! Works whose lesson is gone, and which nothing needs any more.

use std::collections::BTreeSet;

use eschool_core::{
    id::{AccountId, ClassId, MarkId, SchoolId, WorkId},
    journal::{Mark, Work},
};

use crate::backend::{BackendError, Tx};

/// The works that go with these marks: those whose lesson stands in no journal any more, for which
/// there is no other mark. They were kept because of the marks for them.
pub(in crate::store) async fn spent_works(
    tx: &mut dyn Tx,
    school: SchoolId,
    removed: impl Iterator<Item = &Mark>,
) -> Result<Vec<Work>, BackendError> {
    let (mut marks, mut works, mut pupils) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for mark in removed {
        marks.insert(mark.id);
        works.insert(mark.work);
        pupils.insert(mark.pupil);
    }
    let works: Vec<WorkId> = works.into_iter().collect();
    if works.is_empty() {
        return Ok(Vec::new());
    }
    let mut left = tx.works(school, &works).await?;
    left.retain(|(_, lesson)| lesson.is_none());
    if left.is_empty() {
        return Ok(Vec::new());
    }
    let works: Vec<WorkId> = left.iter().map(|(work, _)| work.id).collect();
    let mates = classmates(tx, school, &pupils).await?;
    let others = tx.marks_for(school, &mates, &works).await?;
    let is_left = |mark: &&Mark| !marks.contains::<MarkId>(&mark.id);
    let needed: BTreeSet<WorkId> = others.iter().filter(is_left).map(|mark| mark.work).collect();
    let left = left.into_iter().map(|(work, _)| work);
    Ok(left.filter(|work| !needed.contains(&work.id)).collect())
}

/// Everybody who ever was in a class with one of these.
async fn classmates(
    tx: &mut dyn Tx,
    school: SchoolId,
    pupils: &BTreeSet<AccountId>,
) -> Result<Vec<AccountId>, BackendError> {
    let stays = tx.registry(school).await?.stays;
    let theirs = stays.iter().filter(|stay| pupils.contains(&stay.pupil));
    let classes: BTreeSet<ClassId> = theirs.map(|stay| stay.class).collect();
    let shared = stays.iter().filter(|stay| classes.contains(&stay.class));
    let mates: BTreeSet<AccountId> = shared.map(|stay| stay.pupil).collect();
    Ok(mates.into_iter().collect())
}
