//! A school year goes.

use std::{collections::BTreeSet, io::Read};

use eschool_core::{
    access::Deed,
    archive::{ArchiveLine, DropOrder, YearState, may_drop},
    calendar::school_year,
    id::{AccountId, SchoolId},
};

use super::{
    YearArchiveError, YearProgress, YearStep, archive_of,
    lines::{Writing, verify},
    load::{Year, events_of_year},
};
use crate::{
    backend::{Backend, Changes, SchoolClass, Tx, YearArchiveRow},
    store::{Actor, Store, sign_in::commit},
};

/// A school, its year, and the digest of the archive it goes by.
pub(super) type Known = (SchoolId, i32, [u8; 32]);

impl<B: Backend> Store<B> {
    /// Takes a school year out of the database, by its archive: the file is read whole and must be the
    /// one that was made, and the year must still be what the file says; only then anything goes.
    /// From the comparison on nobody writes to the year.
    ///
    /// The policy's term must have passed, or the head has ordered it. Stopped in the middle, the same
    /// call goes on. Works that marks of other years are for stay. For the administrator; it is
    /// audited.
    ///
    /// # Errors
    /// [`YearArchiveError::Access`] for who may not, [`YearArchiveError::Retention`] before the term,
    /// [`YearArchiveError::Archive`] and [`YearArchiveError::Foreign`] for a file that is not the
    /// year's archive, [`YearArchiveError::NotArchived`],
    /// [`YearArchiveError::WrittenSince`] if it was written to since, and
    /// [`YearArchiveError::NotWhole`] while it is being restored.
    pub async fn drop_year(
        &self,
        by: Actor<'_>,
        school: SchoolId,
        year: i32,
        file: &mut (dyn Read + Send),
        order: Option<DropOrder>,
        progress: &mut (dyn FnMut(YearProgress) + Send),
    ) -> Result<YearArchiveRow, YearArchiveError> {
        let mut tx = self.read().await?;
        let actor = self.may_write(&mut *tx, by, school, &Deed::SchoolYear { school }).await?;
        let of = self.year_of(&mut *tx, school, year).await?;
        let today = self.today(&of.school);
        let row = archive_of(&mut *tx, school, year).await?;
        let row = row.ok_or(YearArchiveError::NotArchived)?;
        drop(tx);
        let order = order.or_else(|| row.order.clone());
        may_drop(year, today, self.rules(today).keep_journals_years, order.as_ref())?;
        let (header, digest) = verify(file, |_| ())?;
        if (header.school, header.year, digest) != (school, year, row.digest) {
            return Err(YearArchiveError::Foreign);
        }
        let known = (school, year, digest);
        match row.state {
            YearState::Dropped => return Ok(row),
            YearState::Restoring => return Err(YearArchiveError::NotWhole(row.state)),
            YearState::Archived | YearState::Held => {
                self.hold(known, &of, progress).await?;
                let (tx, row) = self.in_state(known, &[YearState::Held]).await?;
                let row = YearArchiveRow { state: YearState::Dropping, order, ..row };
                self.commit_year(tx, row, Some(("year_dropping", actor))).await?;
            }
            YearState::Dropping => {}
        }
        self.take_out(known, &of, progress).await?;
        let (tx, row) = self.in_state(known, &[YearState::Dropping]).await?;
        let row = YearArchiveRow { state: YearState::Dropped, ..row };
        self.commit_year(tx, row.clone(), Some(("year_dropped", actor))).await?;
        Ok(row)
    }

    /// Lets nobody write to the year, and compares it with its archive; it is let go where they
    /// differ.
    async fn hold(
        &self,
        known: Known,
        of: &Year,
        progress: &mut (dyn FnMut(YearProgress) + Send),
    ) -> Result<(), YearArchiveError> {
        let (tx, row) = self.in_state(known, &[YearState::Archived, YearState::Held]).await?;
        self.commit_year(tx, YearArchiveRow { state: YearState::Held, ..row }, None).await?;
        let mut tx = self.read().await?;
        // As it stands now that nobody writes.
        let now = self.year_of(&mut *tx, of.school.id, of.year).await?;
        let mut to = Writing::new(None);
        self.write_year(&mut *tx, &now, &mut to, YearStep::Comparing, progress).await?;
        drop(tx);
        let (digest, _) = to.end()?;
        if digest == known.2 {
            return Ok(());
        }
        let (tx, row) = self.in_state(known, &[YearState::Held]).await?;
        self.commit_year(tx, YearArchiveRow { state: YearState::Archived, ..row }, None).await?;
        Err(YearArchiveError::WrittenSince)
    }

    async fn take_out(
        &self,
        known: Known,
        of: &Year,
        progress: &mut (dyn FnMut(YearProgress) + Send),
    ) -> Result<(), YearArchiveError> {
        let step = YearStep::Dropping;
        let total = of.classes.len() as u64 + 1;
        for (done, class) in (0..).zip(&of.classes) {
            progress(YearProgress { step, done, total });
            let (mut tx, _) = self.in_state(known, &[YearState::Dropping]).await?;
            let changes = class_goes(&mut *tx, class, of.year).await?;
            commit(tx, changes).await?;
        }
        progress(YearProgress { step, done: of.classes.len() as u64, total });
        for pupils in of.accounts() {
            let (mut tx, _) = self.in_state(known, &[YearState::Dropping]).await?;
            let changes = self.rest_goes(&mut *tx, of, &pupils).await?;
            commit(tx, changes).await?;
        }
        let mut after = Some(0);
        while let Some(cursor) = after {
            let (mut tx, _) = self.in_state(known, &[YearState::Dropping]).await?;
            let (events, next) = events_of_year(&mut *tx, of, cursor).await?;
            // The last one stays: what comes next counts on from it.
            let last = tx.last_event(of.school.id).await?;
            let mut changes = Changes::default();
            let cursors = events.iter().filter_map(|line| match line {
                ArchiveLine::Event(event) => Some(event.cursor),
                _ => None,
            });
            let cursors = cursors.filter(|cursor| *cursor != last);
            changes.archive.removed_events.extend(cursors.map(|cursor| (of.school.id, cursor)));
            commit(tx, changes).await?;
            after = next;
        }
        progress(YearProgress { step, done: total, total });
        Ok(())
    }

    /// The final marks and excuses of some pupils go.
    async fn rest_goes(
        &self,
        tx: &mut dyn Tx,
        of: &Year,
        pupils: &[AccountId],
    ) -> Result<Changes, YearArchiveError> {
        let school = of.school.id;
        let mut changes = Changes::default();
        let finals = tx.finals_of_year(school, of.year, pupils).await?;
        changes.removed_finals.extend(finals.into_iter().map(|mark| (school, mark)));
        let excuses = self.excuses_of_year(tx, of, pupils).await?;
        let excuses = excuses.into_iter().map(|row| (school, row.excuse.pupil, row.id));
        changes.archive.removed_excuses.extend(excuses);
        Ok(changes)
    }
}

/// The journal of a class goes, but for works that marks of other years are for.
async fn class_goes(
    tx: &mut dyn Tx,
    class: &SchoolClass,
    year: i32,
) -> Result<Changes, YearArchiveError> {
    let school = class.school;
    let works = tx.class_archive(school, class.id).await?.journal.works;
    let stays = tx.class_pupils(school, class.id).await?.stays;
    let pupils: BTreeSet<AccountId> = stays.iter().map(|stay| stay.pupil).collect();
    let pupils: Vec<AccountId> = pupils.into_iter().collect();
    let ids: Vec<_> = works.iter().map(|work| work.id).collect();
    let marks = tx.marks_for(school, &pupils, &ids).await?;
    let elsewhere = marks.iter().filter(|mark| school_year(mark.date) != year);
    let kept: BTreeSet<_> = elsewhere.map(|mark| mark.work).collect();
    let mut changes = Changes::default();
    changes.archive.emptied_classes.push((school, class.id));
    let kept = works.into_iter().filter(|work| kept.contains(&work.id));
    changes.works.extend(kept.map(|work| (school, work)));
    Ok(changes)
}
