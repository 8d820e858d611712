//! Whether all of an opened school year stands as it was made.

use std::collections::BTreeSet;

use eschool_core::{
    id::SchoolId,
    journal::{Stay, SubgroupMembership},
};

use crate::{
    backend::{NewYearRow, Registry, Tx, YearChange},
    store::StoreError,
};

/// Whether somebody whose stay or post was written was erased since.
pub(super) fn names_erased(row: &NewYearRow, registry: &Registry) -> bool {
    let after = &row.change.after;
    let stays = after.stays.iter().map(|stay| stay.pupil);
    let named: BTreeSet<_> = stays.chain(after.posts.iter().map(|post| post.account)).collect();
    let mut erased = registry.accounts.iter().filter(|account| account.name.is_erased());
    erased.any(|account| named.contains(&account.id))
}

/// Whether every row stands as it was written, nobody came into the classes since, and nothing was
/// written to their year.
pub(super) async fn as_made(
    tx: &mut dyn Tx,
    school: SchoolId,
    row: &NewYearRow,
    registry: &Registry,
) -> Result<bool, StoreError> {
    let YearChange { classes, after, .. } = &row.change;
    let pupils: BTreeSet<_> = after.stays.iter().map(|stay| stay.pupil).collect();
    // What was over before, and whom it does not concern, may be as it likes.
    let ours = |class, pupil| classes.contains(&class) || pupils.contains(&pupil);
    let is_ours = |stay: &&Stay| ours(stay.class, stay.pupil);
    let made = |stay: &Stay| after.stays.contains(stay);
    let former = |stay: &Stay| row.change.classes.iter().all(|class| *class != stay.class);
    let begins = after.stays.iter().filter(|stay| classes.contains(&stay.class));
    let begins = row.change.begins.or_else(|| begins.map(|stay| stay.from).min());
    let was_before = |stay: &Stay| begins.map_or(stay.to.is_some(), |day| stay.from < day);
    let is_over = |stay: &Stay| former(stay) && was_before(stay);
    let stays = registry.stays.iter().filter(is_ours);
    if !stays.clone().all(|stay| made(stay) || is_over(stay)) {
        return Ok(false);
    }
    let all_there = after.stays.iter().all(|stay| registry.stays.contains(stay));
    let is_new = |part: &&SubgroupMembership| classes.contains(&part.class);
    let parts_stand = registry.subgroups.iter().filter(is_new).all(|p| after.subgroups.contains(p))
        && after.subgroups.iter().all(|part| registry.subgroups.contains(part));
    let leads = |class: Option<_>| class.is_some_and(|class| classes.contains(&class));
    let mut posts = registry.staff.iter().filter(|post| leads(post.class_teacher_of));
    let posts_stand = posts.all(|post| after.posts.contains(post))
        && after.posts.iter().all(|post| registry.staff.contains(post));
    if !(all_there && parts_stand && posts_stand) {
        return Ok(false);
    }
    let frame = tx.frame(school).await?;
    if frame.timetable.iter().any(|planned| classes.contains(&planned.class)) {
        return Ok(false);
    }
    for class in classes {
        if tx.journal_end(school, *class).await?.is_some() {
            return Ok(false);
        }
    }
    Ok(tx.school_finals(school).await?.iter().all(|mark| mark.year != row.year))
}
