//! A school year comes back.

use std::{
    collections::BTreeSet,
    io::{Read, Seek, SeekFrom},
};

use eschool_core::{
    access::Deed,
    archive::{ArchiveLine, YearState},
    id::{ClassId, SchoolId},
    journal::Work,
};

use super::{
    Run, YearArchiveError, YearProgress, YearStep, archive_of,
    drop::released,
    lines::{Lines, verify},
};
use crate::{
    backend::{Backend, Changes, IndividualHomeworkRow, MarkChange, RemarkRow, YearArchiveRow},
    store::{Actor, Store, excuses::KnownExcuse, sign_in::commit},
};

/// Rows beside the journals of classes that are written at once.
const ROWS: usize = if cfg!(test) { 2 } else { 2000 };

impl<B: Backend> Store<B> {
    /// Brings a school year back from its archive. The file is read whole before anything is written:
    /// it must be the one by which the year was dropped. Then every row stands as it stood; excuses
    /// are sealed anew, but those of who was erased since.
    ///
    /// Stopped in the middle, the same call begins anew and doubles nothing; a year that stands is
    /// left alone. For the administrator; it is audited.
    ///
    /// # Errors
    /// [`YearArchiveError::Archive`] for a file that is no whole archive, or a newer program's;
    /// [`YearArchiveError::Foreign`] for one of another school, year or installation, or another than
    /// was dropped by; [`YearArchiveError::Access`] for who may not. Nothing was written then.
    pub async fn restore_year<F: Read + Seek + Send>(
        &self,
        by: Actor<'_>,
        file: &mut F,
        progress: &mut (dyn FnMut(YearProgress) + Send),
    ) -> Result<YearArchiveRow, YearArchiveError> {
        let (mut classes, mut total) = (BTreeSet::new(), 0);
        let (header, digest) = verify(&mut *file, |line| {
            total += 1;
            if let ArchiveLine::Class(class) = line {
                classes.insert(class.id);
            }
            Ok(())
        })?;
        let (school, year) = (header.school, header.year);
        let run = Run { school, year, digest, id: self.inner.ambient.new_id() };
        let mut tx = self.read().await?;
        if tx.school(school).await?.is_none() {
            return Err(YearArchiveError::Foreign);
        }
        let actor = self.may_write(&mut *tx, by, school, &Deed::SchoolYear { school }).await?;
        let row = archive_of(&mut *tx, school, year).await?;
        let row = row.filter(|row| row.digest == digest).ok_or(YearArchiveError::Foreign)?;
        let of = self.year_of(&mut *tx, school, year).await?;
        drop(tx);
        match row.state {
            YearState::Archived => return Ok(row),
            YearState::Held => {
                let (tx, row) = self.in_state(run, &[YearState::Held]).await?;
                let row = released(row);
                self.commit_year(tx, row.clone(), Some(("year_released", actor))).await?;
                return Ok(row);
            }
            YearState::Dropping | YearState::Dropped | YearState::Restoring => {}
        }
        let there: BTreeSet<ClassId> = of.classes.iter().map(|class| class.id).collect();
        if !classes.is_subset(&there) {
            return Err(YearArchiveError::Foreign);
        }
        let states = [YearState::Dropping, YearState::Dropped, YearState::Restoring];
        self.begin_run(run, &states, ("year_restoring", actor), |row| YearArchiveRow {
            state: YearState::Restoring,
            ..row
        })
        .await?;

        file.seek(SeekFrom::Start(0))?;
        let mut portion = Portion::of(school);
        let (mut lines, mut done) = (Lines::of(&mut *file), 0);
        while let Some(line) = lines.next()? {
            let begins = matches!(line, ArchiveLine::Class(_));
            let is_of_class = portion.is_of_class() && !is_beside(&line);
            if begins || !is_of_class && portion.rows >= ROWS {
                self.bring(run, &mut portion).await?;
                progress(YearProgress { step: YearStep::Restoring, done, total });
            }
            portion.take(line);
            done += 1;
        }
        self.bring(run, &mut portion).await?;
        // What was written is what was verified, though the file was read twice.
        if lines.finish()?.1 != digest {
            return Err(YearArchiveError::Foreign);
        }
        let done = ("year_restored", actor);
        let row = self.go_on(run, YearState::Restoring, done, released).await?;
        progress(YearProgress { step: YearStep::Restoring, done: total, total });
        Ok(row)
    }

    /// Writes what was gathered, and begins anew.
    async fn bring(&self, run: Run, portion: &mut Portion) -> Result<(), YearArchiveError> {
        let school = run.school;
        let portion = std::mem::replace(portion, Portion::of(school));
        if portion.rows == 0 {
            return Ok(());
        }
        let (mut tx, _) = self.in_run(run, YearState::Restoring).await?;
        let Portion { mut changes, former_works, excuses, .. } = portion;
        // A work of another year is that year's to say; it is only brought where it is missing.
        let ids: Vec<_> = former_works.iter().map(|work| work.id).collect();
        let there = tx.works(school, &ids).await?;
        let missing = former_works.into_iter();
        let missing = missing.filter(|work| there.iter().all(|(known, _)| known.id != work.id));
        changes.works.extend(missing.map(|work| (school, work)));
        // Asked in the school's turn: nobody is erased between this and the commit.
        let pupils: BTreeSet<_> = excuses.iter().map(|row| (school, row.excuse.pupil)).collect();
        let members = tx.members(&pupils.into_iter().collect::<Vec<_>>()).await?;
        let holders = members.iter().map(|member| &member.account);
        let holders = holders.filter(|account| !account.name.is_erased());
        let holders: BTreeSet<_> = holders.map(|account| account.id).collect();
        for known in excuses.iter().filter(|row| holders.contains(&row.excuse.pupil)) {
            changes.excuses.push((school, self.seal_excuse(school, known)?));
        }
        Ok(commit(tx, changes).await?)
    }
}

/// Rows on their way into the database: the journal of one class, or some of the rest.
struct Portion {
    school: SchoolId,
    rows: usize,
    changes: Changes,
    former_works: Vec<Work>,
    excuses: Vec<KnownExcuse>,
}

impl Portion {
    fn of(school: SchoolId) -> Self {
        let (changes, former_works, excuses) = (Changes::default(), Vec::new(), Vec::new());
        Self { school, rows: 0, changes, former_works, excuses }
    }

    /// Whether the journal of a class is gathered: it is written whole.
    fn is_of_class(&self) -> bool {
        !self.changes.archive.emptied_classes.is_empty()
    }

    /// Adds what a line holds. Each row takes the place of the one with its key, so that a second
    /// time doubles nothing.
    fn take(&mut self, line: ArchiveLine) {
        self.rows += 1;
        let (school, changes) = (self.school, &mut self.changes);
        match line {
            ArchiveLine::Class(class) => changes.archive.emptied_classes.push((school, class.id)),
            ArchiveLine::Lesson(row) => {
                changes.archive.versions.push((school, row.lesson.id, row.version));
                changes.lessons.push((school, row.lesson));
            }
            ArchiveLine::Work(row) => changes.works.push((school, row)),
            ArchiveLine::FormerWork(row) => self.former_works.push(row),
            ArchiveLine::Mark(row) => changes.marks.push((school, row)),
            ArchiveLine::MarkChange(row) => changes.mark_changes.push(MarkChange {
                entry: row.entry,
                school,
                lesson: row.lesson,
                mark: row.mark,
                pupil: row.pupil,
                old: row.old,
                new: row.new,
                by: row.by,
                at: row.at,
                comment: row.comment,
            }),
            ArchiveLine::Attendance(row) => changes.attendance.push((school, row)),
            ArchiveLine::IndividualHomework(row) => {
                let (lesson, pupil, homework) = (row.lesson, row.pupil, row.homework);
                let (date, position) = (row.date, row.position);
                let row = IndividualHomeworkRow { lesson, pupil, date, position, homework };
                changes.individual_homework.push((school, row));
            }
            ArchiveLine::Remark(row) => {
                let (lesson, pupil, text) = (row.lesson, row.pupil, row.text);
                let (date, position) = (row.date, row.position);
                changes.remarks.push((school, RemarkRow { lesson, pupil, date, position, text }));
            }
            ArchiveLine::FinalMark(row) => changes.finals.push((school, row)),
            ArchiveLine::Excuse(row) => {
                self.excuses.push(KnownExcuse { id: row.id, excuse: row.excuse });
            }
            ArchiveLine::Event(event) => {
                changes.archive.removed_events.push((school, event.cursor));
                changes.events.push((school, event));
            }
            // Who was in a class stayed in the database.
            ArchiveLine::Header(_)
            | ArchiveLine::Pupil(_)
            | ArchiveLine::Stay(_)
            | ArchiveLine::Subgroup(_)
            | ArchiveLine::End(_) => {}
        }
    }
}

/// Whether a line stands beside the journals of classes.
const fn is_beside(line: &ArchiveLine) -> bool {
    matches!(
        line,
        ArchiveLine::FinalMark(_)
            | ArchiveLine::Excuse(_)
            | ArchiveLine::Event(_)
            | ArchiveLine::End(_)
    )
}
