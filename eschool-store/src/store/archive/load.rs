//! A school year as lines, in portions: class by class, then some pupils, then some events at a time.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use eschool_core::{
    archive::{
        ArchiveHeader, ArchiveLine, ArchivedChange, ArchivedClass, ArchivedExcuse,
        ArchivedHomework, ArchivedLesson, ArchivedPupil, ArchivedRemark, is_of_year,
    },
    calendar::{school_year, school_year_days},
    id::{AccountId, SchoolId},
    journal::{Lesson, Work},
    people::School,
};

use super::{YearArchiveError, YearProgress, YearStep, lines::TakesLines};
use crate::{
    backend::{Backend, ClassArchive, MarkChange, Registry, SchoolClass, Tx},
    store::{Store, unreadable::Unreadable},
};

/// Pupils whose rows are asked for at once.
const PUPILS: usize = if cfg!(test) { 2 } else { 200 };
/// Events that are asked for at once.
const EVENTS: u32 = if cfg!(test) { 3 } else { 1000 };

/// A school's year.
pub(super) struct Year {
    pub(super) school: School,
    pub(super) zone: Tz,
    pub(super) year: i32,
    /// Its classes, by name.
    pub(super) classes: Vec<SchoolClass>,
    registry: Registry,
}

impl Year {
    pub(super) fn new(school: School, zone: Tz, year: i32, registry: Registry) -> Self {
        let mut classes = registry.classes.clone();
        classes.retain(|class| class.year == year);
        classes.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        Self { school, zone, year, classes, registry }
    }

    /// Every account of the school, in portions: whoever has rows of the year is among them.
    pub(super) fn accounts(&self) -> impl Iterator<Item = Vec<AccountId>> + use<> {
        let accounts: BTreeSet<_> =
            self.registry.accounts.iter().map(|account| account.id).collect();
        let accounts: Vec<_> = accounts.into_iter().collect();
        let portions: Vec<_> = accounts.chunks(PUPILS).map(<[_]>::to_vec).collect();
        portions.into_iter()
    }

    /// Accounts whose holders were erased.
    pub(super) fn erased(&self) -> BTreeSet<AccountId> {
        let erased = self.registry.accounts.iter().filter(|account| account.name.is_erased());
        erased.map(|account| account.id).collect()
    }

    /// Everybody who ever was in a class with one of these.
    pub(super) fn classmates(&self, pupils: &BTreeSet<AccountId>) -> Vec<AccountId> {
        let stays = &self.registry.stays;
        let theirs = stays.iter().filter(|stay| pupils.contains(&stay.pupil));
        let classes: BTreeSet<_> = theirs.map(|stay| stay.class).collect();
        let shared = stays.iter().filter(|stay| classes.contains(&stay.class));
        let mates: BTreeSet<_> = shared.map(|stay| stay.pupil).collect();
        mates.into_iter().collect()
    }

    /// Whether a lesson is of a class of the year.
    fn has(&self, lesson: &Lesson) -> bool {
        self.classes.iter().any(|class| class.id == lesson.class)
    }

    /// Whether a line that no class is named for is of the year.
    pub(super) fn holds(&self, line: &ArchiveLine) -> bool {
        is_of_year(line, self.year, |at| at.with_timezone(&self.zone).date_naive())
    }

    /// A class with who was in it, for who reads the file without a database.
    fn about(&self, class: &SchoolClass) -> Vec<ArchiveLine> {
        let name = class.name.clone();
        let mut lines = vec![ArchiveLine::Class(ArchivedClass { id: class.id, name })];
        let stays = self.registry.stays.iter().filter(|stay| stay.class == class.id);
        let mut stays: Vec<_> = stays.copied().collect();
        stays.sort_by_key(|stay| (stay.pupil, stay.from));
        let pupils: BTreeSet<_> = stays.iter().map(|stay| stay.pupil).collect();
        let accounts: BTreeMap<_, _> =
            self.registry.accounts.iter().map(|account| (account.id, account)).collect();
        let accounts = pupils.iter().filter_map(|pupil| accounts.get(pupil));
        lines.extend(accounts.map(|account| {
            let (id, name) = (account.id, account.name.clone());
            ArchiveLine::Pupil(ArchivedPupil { id, name, birth_date: account.birth_date })
        }));
        lines.extend(stays.into_iter().map(ArchiveLine::Stay));
        let parts = self.registry.subgroups.iter().filter(|part| part.class == class.id);
        let mut parts: Vec<_> = parts.cloned().collect();
        parts.sort_by(|one, other| {
            (one.pupil, &one.subject, one.from).cmp(&(other.pupil, &other.subject, other.from))
        });
        lines.extend(parts.into_iter().map(ArchiveLine::Subgroup));
        lines
    }
}

impl<B: Backend> Store<B> {
    /// A school's year as it stands in this snapshot.
    pub(super) async fn year_of(
        &self,
        tx: &mut dyn Tx,
        school: SchoolId,
        year: i32,
    ) -> Result<Year, YearArchiveError> {
        let found = tx.school(school).await?;
        let found = found.ok_or(crate::StoreError::SchoolNotFound)?;
        let zone = self.zone(&found);
        Ok(Year::new(found, zone, year, tx.registry(school).await?))
    }

    /// Writes the lines of a year but the last one.
    pub(super) async fn write_year(
        &self,
        tx: &mut dyn Tx,
        year: &Year,
        to: &mut dyn TakesLines,
        step: YearStep,
        progress: &mut (dyn FnMut(YearProgress) + Send),
    ) -> Result<Unreadable, YearArchiveError> {
        let mut unreadable = Unreadable::default();
        let school = year.school.id;
        let header = ArchiveHeader::of(school, year.school.name.clone(), year.year);
        to.line(&ArchiveLine::Header(header))?;
        let total = year.classes.len() as u64 + 1;
        for (done, class) in (0..).zip(&year.classes) {
            progress(YearProgress { step, done, total });
            year.about(class).iter().try_for_each(|line| to.line(line))?;
            let mut archive = tx.class_archive(school, class.id).await?;
            let works = archive.journal.former_works;
            archive.journal.former_works = of_earlier_years(tx, year, &works).await?;
            lines_of(archive).try_for_each(|line| to.line(&line))?;
        }
        progress(YearProgress { step, done: year.classes.len() as u64, total });
        for pupils in year.accounts() {
            for mark in tx.finals_of_year(school, year.year, &pupils).await? {
                to.line(&ArchiveLine::FinalMark(mark))?;
            }
        }
        for pupils in year.accounts() {
            for line in self.excuses_of_year(tx, year, &pupils, &mut unreadable).await? {
                to.line(&ArchiveLine::Excuse(line))?;
            }
        }
        let mut after = Some(0);
        while let Some(cursor) = after {
            let (events, next) = events_of_year(tx, year, cursor).await?;
            events.iter().try_for_each(|line| to.line(line))?;
            after = next;
        }
        progress(YearProgress { step, done: total, total });
        Ok(unreadable)
    }

    /// The excuses of these pupils that begin in the year, opened; one that does not open is noted,
    /// and left where it is.
    pub(super) async fn excuses_of_year(
        &self,
        tx: &mut dyn Tx,
        year: &Year,
        pupils: &[AccountId],
        unreadable: &mut Unreadable,
    ) -> Result<Vec<ArchivedExcuse>, YearArchiveError> {
        let Some(days) = school_year_days(year.year) else { return Ok(Vec::new()) };
        let mut lines = Vec::new();
        for row in tx.excuses(year.school.id, pupils, days).await? {
            if school_year(row.days.from()) != year.year {
                continue;
            }
            let opened = self.open_excuse(year.school.id, &row);
            if let Some(known) = unreadable.note("excuse", row.id, opened)? {
                lines.push(ArchivedExcuse { id: known.id, excuse: known.excuse });
            }
        }
        Ok(lines)
    }
}

/// Those of these works that are of no lesson of the year.
async fn of_earlier_years(
    tx: &mut dyn Tx,
    year: &Year,
    works: &[Work],
) -> Result<Vec<Work>, YearArchiveError> {
    if works.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = works.iter().map(|work| work.id).collect();
    let works = tx.works(year.school.id, &ids).await?.into_iter();
    let works = works.filter(|(_, lesson)| !lesson.as_ref().is_some_and(|one| year.has(one)));
    Ok(works.map(|(work, _)| work).collect())
}

/// Some of the year's events after a cursor, and after which one to go on.
pub(super) async fn events_of_year(
    tx: &mut dyn Tx,
    year: &Year,
    after: u64,
) -> Result<(Vec<ArchiveLine>, Option<u64>), YearArchiveError> {
    let events = tx.events(year.school.id, after, None, EVENTS).await?;
    let next = events.last().map(|event| event.cursor);
    let events = events.into_iter().map(ArchiveLine::Event);
    Ok((events.filter(|line| year.holds(line)).collect(), next))
}

/// What stands in the journal of a class, in the order of the file.
fn lines_of(archive: ClassArchive) -> impl Iterator<Item = ArchiveLine> {
    let ClassArchive { journal, versions, mark_changes } = archive;
    let versions: BTreeMap<_, _> = versions.into_iter().collect();
    let lessons = journal.lessons.into_iter().map(move |lesson| {
        let version = versions.get(&lesson.id).copied().unwrap_or(1);
        ArchiveLine::Lesson(ArchivedLesson { version, lesson })
    });
    let change = |row: MarkChange| {
        let MarkChange { entry, lesson, mark, pupil, old, new, by, at, comment, .. } = row;
        let row = ArchivedChange { entry, lesson, mark, pupil, old, new, by, at, comment };
        ArchiveLine::MarkChange(row)
    };
    let homework = journal.individual_homework.into_iter().map(|row| {
        let (date, position, homework) = (row.date, row.position, row.homework);
        let (lesson, pupil) = (row.lesson, row.pupil);
        let row = ArchivedHomework { lesson, pupil, date, position, homework };
        ArchiveLine::IndividualHomework(row)
    });
    let remarks = journal.remarks.into_iter().map(|row| {
        let (date, position, text) = (row.date, row.position, row.text);
        let (lesson, pupil) = (row.lesson, row.pupil);
        ArchiveLine::Remark(ArchivedRemark { lesson, pupil, date, position, text })
    });
    lessons
        .chain(journal.works.into_iter().map(ArchiveLine::Work))
        .chain(journal.former_works.into_iter().map(ArchiveLine::FormerWork))
        .chain(journal.marks.into_iter().map(ArchiveLine::Mark))
        .chain(mark_changes.into_iter().map(change))
        .chain(journal.attendance.into_iter().map(ArchiveLine::Attendance))
        .chain(homework)
        .chain(remarks)
}
