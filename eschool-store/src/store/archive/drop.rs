//! A school year goes.

use std::{collections::BTreeSet, io::Read};

use eschool_core::{
    access::Deed,
    archive::{ArchiveLine, DropOrder, YearState, may_drop},
    calendar::year_of_lesson,
    id::{AccountId, SchoolId, WorkId},
    journal::{Mark, Work},
};

use super::{
    Doer, Run, YearArchiveError, YearProgress, YearStep, archive_of,
    lines::{Contents, TakesLines as _, verify},
    load::{Year, events_of_year},
};
use crate::{
    backend::{Backend, Changes, SchoolClass, Tx, YearArchiveRow},
    store::{Actor, Store, sign_in::commit, unreadable::Unreadable},
};

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
    /// [`StoreError::Unreadable`](crate::StoreError::Unreadable) is told of excuses that do not open
    /// when all is done: they stay.
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
        // An order is for one drop, and for what goes on with it.
        let order = order.or_else(|| row.order.clone().filter(|_| !row.state.is_whole()));
        may_drop(year, today, self.rules(today).keep_journals_years, order.as_ref())?;
        let mut contents = Contents::default();
        let (header, digest) = verify(file, |line| contents.line(line))?;
        if (header.school, header.year, digest) != (school, year, row.digest) {
            return Err(YearArchiveError::Foreign);
        }
        let run = Run { school, year, digest, id: self.inner.ambient.new_id() };
        let dropping = |row| YearArchiveRow { state: YearState::Dropping, order, ..row };
        let begun = ("year_dropping", actor);
        match row.state {
            YearState::Dropped => return Ok(row),
            YearState::Restoring => return Err(YearArchiveError::NotWhole(row.state)),
            YearState::Archived | YearState::Held => {
                self.hold(run, actor, contents, progress).await?;
                self.go_on(run, YearState::Held, begun, dropping).await?;
            }
            YearState::Dropping => {
                self.begin_run(run, &[YearState::Dropping], begun, dropping).await?;
            }
        }
        let unreadable = self.take_out(run, &of, progress).await?;
        let row = self.go_on(run, YearState::Dropping, ("year_dropped", actor), |row| {
            YearArchiveRow { state: YearState::Dropped, ..row }
        });
        let row = row.await?;
        unreadable.finish()?;
        Ok(row)
    }

    /// Lets nobody write to the year, and compares it with its archive; it is let go where they
    /// differ, or cannot be compared.
    async fn hold(
        &self,
        run: Run,
        actor: Doer,
        archive: Contents,
        progress: &mut (dyn FnMut(YearProgress) + Send),
    ) -> Result<(), YearArchiveError> {
        let states = [YearState::Archived, YearState::Held];
        self.begin_run(run, &states, ("year_held", actor), |row| YearArchiveRow {
            state: YearState::Held,
            ..row
        })
        .await?;
        let told = match self.is_still(run, archive, progress).await {
            Ok(true) => return Ok(()),
            Ok(false) => YearArchiveError::WrittenSince,
            Err(error) => error,
        };
        let released = self.go_on(run, YearState::Held, ("year_released", actor), released).await;
        released.and(Err(told))
    }

    /// Whether the year still is what its archive says.
    async fn is_still(
        &self,
        run: Run,
        archive: Contents,
        progress: &mut (dyn FnMut(YearProgress) + Send),
    ) -> Result<bool, YearArchiveError> {
        let mut tx = self.read().await?;
        // As it stands now that nobody writes.
        let now = self.year_of(&mut *tx, run.school, run.year).await?;
        let mut contents = Contents::default();
        self.write_year(&mut *tx, &now, &mut contents, YearStep::Comparing, progress).await?;
        Ok(archive.says_as(contents, &now.erased()))
    }

    async fn take_out(
        &self,
        run: Run,
        of: &Year,
        progress: &mut (dyn FnMut(YearProgress) + Send),
    ) -> Result<Unreadable, YearArchiveError> {
        let mut unreadable = Unreadable::default();
        let step = YearStep::Dropping;
        let total = of.classes.len() as u64 + 1;
        for (done, class) in (0..).zip(&of.classes) {
            progress(YearProgress { step, done, total });
            let (mut tx, _) = self.in_run(run, YearState::Dropping).await?;
            let changes = class_goes(&mut *tx, of, class).await?;
            commit(tx, changes).await?;
        }
        progress(YearProgress { step, done: of.classes.len() as u64, total });
        for pupils in of.accounts() {
            let (mut tx, _) = self.in_run(run, YearState::Dropping).await?;
            let changes = self.rest_goes(&mut *tx, of, &pupils, &mut unreadable).await?;
            commit(tx, changes).await?;
        }
        let mut after = Some(0);
        while let Some(cursor) = after {
            let (mut tx, _) = self.in_run(run, YearState::Dropping).await?;
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
        Ok(unreadable)
    }

    /// The final marks and excuses of some pupils go.
    async fn rest_goes(
        &self,
        tx: &mut dyn Tx,
        of: &Year,
        pupils: &[AccountId],
        unreadable: &mut Unreadable,
    ) -> Result<Changes, YearArchiveError> {
        let school = of.school.id;
        let mut changes = Changes::default();
        let finals = tx.finals_of_year(school, of.year, pupils).await?;
        changes.removed_finals.extend(finals.into_iter().map(|mark| (school, mark)));
        let excuses = self.excuses_of_year(tx, of, pupils, unreadable).await?;
        let excuses = excuses.into_iter().map(|row| (school, row.excuse.pupil, row.id));
        changes.archive.removed_excuses.extend(excuses);
        Ok(changes)
    }
}

/// That a year that was held is held no more.
pub(super) fn released(row: YearArchiveRow) -> YearArchiveRow {
    YearArchiveRow { state: YearState::Archived, run: None, ..row }
}

/// The journal of a class goes, but for works that marks of other years are for; works of earlier
/// years go with the last mark for them, once their own year is away.
async fn class_goes(
    tx: &mut dyn Tx,
    of: &Year,
    class: &SchoolClass,
) -> Result<Changes, YearArchiveError> {
    let school = class.school;
    let journal = tx.class_archive(school, class.id).await?.journal;
    let own: BTreeSet<_> = journal.lessons.iter().map(|lesson| lesson.id).collect();
    let mut changes = Changes::default();
    changes.archive.emptied_classes.push((school, class.id));

    let stays = tx.class_pupils(school, class.id).await?.stays;
    let pupils: BTreeSet<AccountId> = stays.iter().map(|stay| stay.pupil).collect();
    let pupils: Vec<AccountId> = pupils.into_iter().collect();
    let marks = tx.marks_for(school, &pupils, &ids(&journal.works)).await?;
    let elsewhere = marks.iter().filter(|mark| !own.contains(&mark.lesson));
    let elsewhere = elsewhere.filter(|mark| year_of_lesson(mark.date) != of.year);
    let kept: BTreeSet<_> = elsewhere.map(|mark| mark.work).collect();
    let kept = journal.works.into_iter().filter(|work| kept.contains(&work.id));
    changes.works.extend(kept.map(|work| (school, work)));

    let former = tx.works(school, &ids(&journal.former_works)).await?.into_iter();
    let left: Vec<Work> =
        former.filter(|(_, lesson)| lesson.is_none()).map(|(work, _)| work).collect();
    if !left.is_empty() {
        let is_left = |mark: &&Mark| left.iter().any(|work| work.id == mark.work);
        let pupils = journal.marks.iter().filter(is_left).map(|mark| mark.pupil).collect();
        let marks = tx.marks_for(school, &of.classmates(&pupils), &ids(&left)).await?;
        let elsewhere = marks.iter().filter(|mark| !own.contains(&mark.lesson));
        let needed: BTreeSet<_> = elsewhere.map(|mark| mark.work).collect();
        let gone = left.into_iter().filter(|work| !needed.contains(&work.id));
        changes.removed.works.extend(gone.map(|work| (school, work)));
    }
    Ok(changes)
}

fn ids(works: &[Work]) -> Vec<WorkId> {
    works.iter().map(|work| work.id).collect()
}
