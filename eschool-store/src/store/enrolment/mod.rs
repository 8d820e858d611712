//! Pupils who come, move and leave.
//!
//! * `transfer`: from one school of the installation to another.
//! * `families`: whose the child is in the new school.
//! * `error`: why a pupil stays where they are.

mod error;
mod families;
mod transfer;

use chrono::NaiveDate;
use eschool_core::{
    access::{AccessError, Deed, may_do},
    diary::days_of_move,
    id::{AccountId, ClassId, SchoolId},
    journal::{Enrolment, Stay, SubgroupMembership, classes_on, move_pupil},
};

pub use self::{
    error::MoveError,
    families::UnsettledParent,
    transfer::{Transfer, Transferred},
};
use super::{
    Actor, Store, StoreError,
    sign_in::commit,
    standing::Standings,
    watch::{Watch, Watched},
};
use crate::backend::{AuditEntry, Backend, Changes, SchoolClass, Turn, Tx};

impl<B: Backend> Store<B> {
    /// Moves a pupil into another class of the school from a day on, as
    /// [`move_pupil`](eschool_core::journal::move_pupil) says: the stay there was ends on the day
    /// before, and so do the memberships in parts of that class. The journal of the former class
    /// keeps what stands in it, and the diary goes on with the new one's lessons; what that brings
    /// and takes away is told as events. For a registrar or an administrator of the school; the audit
    /// names the pupil.
    ///
    /// # Errors
    /// [`MoveError::Access`] for who may not, [`MoveError::PupilNotFound`],
    /// [`MoveError::ClassNotFound`], and [`MoveError::Enrolment`] where the days speak against it.
    /// Nothing is written then.
    pub async fn move_pupil(
        &self,
        by: Actor<'_>,
        school: SchoolId,
        pupil: AccountId,
        to: ClassId,
        from: NaiveDate,
    ) -> Result<(), MoveError> {
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        let actor = self.may_write(&mut *tx, by, school, &Deed::Enrolment { school }).await?;
        let class = class_of(&mut *tx, school, to).await?;
        let mut members = tx.members(&[(school, pupil)]).await?;
        let member = members.pop().filter(|member| !member.account.name.is_erased());
        let member = member.ok_or(MoveError::PupilNotFound)?;
        let parts = parts_of(&mut *tx, school, &member.stays).await?;
        let moved = move_pupil(&member.stays, &parts, (class.id, class.year), from)?;
        let mut ends = Vec::new();
        for class in classes_on(&member.stays, from).into_iter().chain([class.id]) {
            ends.extend(tx.journal_end(school, class).await?);
        }
        let days = vec![days_of_move(from, ends)];
        let watched = Watched { pupil, days, finals: false };
        let watch = Watch::begin(&mut *tx, school, vec![watched]).await?;
        let mut changes = Changes::default();
        write(moved, school, &mut changes);
        tx.apply(&changes).await?;
        let events = watch.events(&mut *tx, self.inner.ambient.now()).await?;
        let entry = self.audit_entry("pupil_moved", "done", actor, Some(pupil));
        let audit = vec![AuditEntry { school: Some(school), ..entry }];
        Ok(commit(tx, Changes { audit, events, ..Changes::default() }).await?)
    }

    /// The account as which somebody may write this in a school today; none at the console.
    pub(super) async fn may_write(
        &self,
        tx: &mut dyn Tx,
        by: Actor<'_>,
        school: SchoolId,
        deed: &Deed<'_>,
    ) -> Result<Option<(SchoolId, AccountId)>, EnrolmentAccess> {
        let found = tx.school(school).await.map_err(StoreError::from)?;
        let Actor::Session(session) = by else {
            return found.map(|_| None).ok_or(StoreError::SchoolNotFound.into());
        };
        // An unknown school is nobody's.
        let found = found.ok_or(AccessError::NotAllowed)?;
        let today = self.today(&found);
        let standings = Standings::load(tx, session, school, today).await?;
        may_do(&standings.viewers(self.rules(today)), deed, today)?;
        Ok(standings.actor().map(|account| (school, account)))
    }
}

/// Why somebody may not, or nobody knows.
#[derive(Debug)]
pub(super) enum EnrolmentAccess {
    Access(AccessError),
    Store(StoreError),
}

impl From<AccessError> for EnrolmentAccess {
    fn from(error: AccessError) -> Self {
        Self::Access(error)
    }
}

impl From<StoreError> for EnrolmentAccess {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

async fn class_of(
    tx: &mut dyn Tx,
    school: SchoolId,
    class: ClassId,
) -> Result<SchoolClass, MoveError> {
    let classes = tx.classes(school).await?;
    classes.into_iter().find(|other| other.id == class).ok_or(MoveError::ClassNotFound)
}

/// The parts of classes that one pupil is in.
async fn parts_of(
    tx: &mut dyn Tx,
    school: SchoolId,
    stays: &[Stay],
) -> Result<Vec<SubgroupMembership>, StoreError> {
    let Some(stay) = stays.first() else { return Ok(Vec::new()) };
    // With everybody of a class come all their memberships, those in other classes too.
    let mut parts = tx.class_pupils(school, stay.class).await?.subgroups;
    parts.retain(|part| part.pupil == stay.pupil);
    Ok(parts)
}

fn write(enrolment: Enrolment, school: SchoolId, changes: &mut Changes) {
    let Enrolment { stays, removed_stays, subgroups, removed_subgroups } = enrolment;
    changes.stays.extend(stays.into_iter().map(|stay| (school, stay)));
    changes.subgroups.extend(subgroups.into_iter().map(|part| (school, part)));
    changes.removed.stays.extend(removed_stays.into_iter().map(|stay| (school, stay)));
    changes.removed.subgroups.extend(removed_subgroups.into_iter().map(|part| (school, part)));
}
