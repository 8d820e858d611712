//! Taking in the files of a school.
//!
//! One transaction writes the school with its people and its frame – what a row of people means
//! depends on all of them –, then one each few days of a class's journal, so that none has more than
//! a thousand rows unless a single day has, then one the final marks. Each loads what is there, computes the difference and writes
//! that alone: an import that was cut short is completed by the next one, and a second import of
//! the same files writes nothing.
//!
//! Nothing is removed: what a file no longer says stays. What a school typed first of a person
//! stays too; a later row fills what was missing.

mod class_journal;
mod classes;
mod error;
mod finals;
mod frame;
mod known;
mod parents;
mod people;
mod pupil_index;
mod pupils;
mod refused;
mod registry;
mod school;
mod staff;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use eschool_core::{
    id::{AccountId, SchoolId},
    people::School,
};

pub use self::error::ImportError;
use self::{
    class_journal::{DaysRows, Judge},
    classes::ClassCells,
    finals::Finals,
    pupil_index::{PupilCells, PupilIndex},
    registry::Registrar,
};
use super::{
    Store, StoreError,
    watch::{Watch, Watched},
};
use crate::{
    backend::{Backend, Changes, SchoolFrame, Turn, Tx},
    exchange::{
        Decoded, FileKind, ImportCounts, ImportProgress, ImportReport, ImportStage, JournalRows,
        Parsed, Refused, SchoolFiles, Texts, parse,
    },
};

impl<B: Backend> Store<B> {
    /// Takes in the files of one school, and tells what became of every row.
    ///
    /// The school is the one with the name in `school.csv`; it is made if the installation has
    /// none. Rows are matched by their keys in the school, never by line: people by СНИЛС, else by
    /// name and birth date; lessons by date, class, subgroup and number; marks as a multiset of one
    /// pupil in one lesson. Rows of people that are refused or set aside are kept sealed, as they
    /// were typed.
    ///
    /// A second import of the same files changes nothing and reports the same, but for
    /// `accounts_created` and `changed`. Nothing is removed, and an import that was cut short is
    /// completed by the next one. Where a class has a journal already, or the school final marks,
    /// the diaries get events of what changes in them.
    ///
    /// ```
    /// use eschool_store::{ImportError, Store, backend::Backend, exchange::SchoolFiles};
    ///
    /// async fn import<B: Backend>(store: &Store<B>) -> Result<(), ImportError> {
    ///     let files = SchoolFiles::read_folder("school-a".as_ref())?;
    ///     let mut show = |told: eschool_store::exchange::ImportProgress| {
    ///         println!("{}: {} %", told.stage.text_ru(), told.percent());
    ///     };
    ///     let report = store.import_school(&files, &mut show).await?;
    ///     for row in &report.refused {
    ///         println!("{}, строка {}: {}", row.file, row.line, row.text_ru);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`ImportError::Exchange`] if a file cannot be read: then nothing was written.
    /// [`ImportError::Store`] if the database fails.
    pub async fn import_school(
        &self,
        files: &SchoolFiles,
        progress: &mut (dyn FnMut(ImportProgress) + Send),
    ) -> Result<ImportReport, ImportError> {
        let decoded = Decoded::of(files)?;
        let Parsed { school, year, frame, journal, texts, refused } = parse(&decoded, progress)?;
        tokio::task::yield_now().await;

        progress(ImportProgress { stage: ImportStage::People, done: 0, total: 1 });
        let known = self.schools().await?.into_iter().find(|known| known.name == school.name);
        // Who makes a school decides by the names and prefixes of all.
        let mut tx = match known {
            Some(known) => self.write_in(&[Turn::School(known.id)]).await?,
            None => self.write().await?,
        };
        let (school, is_different) = self.school_of(tx.schools().await?, school);
        let registry = tx.registry(school.id).await?;
        let stored_frame = tx.frame(school.id).await?;
        let mut import = Import::begin(self, &school, refused);
        let mut changes = Changes::default();
        if is_different {
            changes.schools.push(school.clone());
        }
        let mut registrar = Registrar::new(self, &school, &mut import.report, year, registry);
        let pupils = registrar.take_people(&decoded)?;
        let mut cells = registrar.finish(&mut changes)?;
        let refused = &mut import.report.refused;
        let frame = frame::merged(&stored_frame, frame, year, &mut cells, &texts, refused);
        if !frame::says_the_same(&stored_frame, &frame) {
            changes.frames.push((school.id, frame.clone()));
        }
        import.write(tx, changes).await?;
        progress(ImportProgress { stage: ImportStage::People, done: 1, total: 1 });

        let known = Known { year, frame, texts, cells, pupils };
        import.write_journals(&journal, known, progress).await?;
        Ok(import.into_report())
    }
}

/// How many rows of a journal one transaction takes: enough to make it cheap, few enough to let
/// others write between two of them.
const MOST_ROWS: usize = if cfg!(test) { 4 } else { 1000 };

/// What an import knows once people and frame are written.
struct Known {
    year: i32,
    frame: SchoolFrame,
    texts: Texts,
    cells: ClassCells,
    pupils: PupilIndex,
}

/// An import on its way.
struct Import<'s, B> {
    store: &'s Store<B>,
    school: SchoolId,
    now: DateTime<Utc>,
    report: ImportReport,
}

impl<'s, B: Backend> Import<'s, B> {
    fn begin(store: &'s Store<B>, school: &School, refused: Vec<Refused>) -> Self {
        let report = ImportReport {
            school: school.id,
            school_name: school.name.clone(),
            counts: ImportCounts::default(),
            refused,
            conflicts: Vec::new(),
            incomplete: Vec::new(),
            discrepancies: Vec::new(),
            shared_phones: Vec::new(),
            latin_look_alikes: Vec::new(),
            several_children: Vec::new(),
            families_with_several_children: 0,
            accounts_created: 0,
            changed: 0,
        };
        Self { store, school: school.id, now: store.inner.ambient.now(), report }
    }

    /// Writes what is different and commits; nothing at all where nothing is.
    async fn write(&mut self, tx: Box<dyn Tx>, changes: Changes) -> Result<(), StoreError> {
        self.write_and_tell(tx, changes, Vec::new()).await
    }

    /// The same, with the events of the diaries that are watched.
    async fn write_and_tell(
        &mut self,
        mut tx: Box<dyn Tx>,
        mut changes: Changes,
        watched: Vec<Watched>,
    ) -> Result<(), StoreError> {
        let rows = rows_of(&changes);
        if rows == 0 {
            return Ok(());
        }
        if self.report.changed == 0 {
            let mut audit = self.store.audit_entry("import", "written", None, None);
            audit.school = Some(self.school);
            changes.audit.push(audit);
        }
        let is_watched = !watched.is_empty();
        let watch = Watch::begin(&mut *tx, self.school, watched).await?;
        tx.apply(&changes).await?;
        if is_watched {
            let events = watch.events(&mut *tx, self.now).await?;
            tx.apply(&Changes { events, ..Changes::default() }).await?;
        }
        tx.commit().await?;
        self.report.changed += rows;
        Ok(())
    }

    /// Journals class by class, then the final marks.
    async fn write_journals(
        &mut self,
        journal: &JournalRows,
        mut known: Known,
        progress: &mut (dyn FnMut(ImportProgress) + Send),
    ) -> Result<(), StoreError> {
        let refused = &mut self.report.refused;
        let mut rows = class_journal::by_class(journal, &mut known.cells, &known.texts, refused);
        let total = rows.values().map(|rows| rows.len()).sum();
        let mut done = 0;
        let mut judge = Judge {
            school: self.school,
            now: self.now,
            ambient: &self.store.inner.ambient,
            texts: &known.texts,
            journal,
            pupils: PupilCells::new(&known.pupils),
            refused: Vec::new(),
            counts: self.report.counts,
        };
        let turn = [Turn::School(self.school)];
        for class in known.cells.in_order() {
            let Some(rows) = rows.remove(&class) else { continue };
            // As it was before the first of its days was written.
            let mut is_new = None;
            for DaysRows { days, rows } in rows.by_days(MOST_ROWS) {
                let mut tx = self.store.write_in(&turn).await?;
                let stored = tx.journal_days(self.school, class, days).await?;
                let changes = judge.difference(class, stored, &rows);
                if is_new.is_none() {
                    is_new = Some(tx.journal_end(self.school, class).await?.is_none());
                }
                let watched = match is_new {
                    Some(true) => Vec::new(),
                    _ => class_journal::watched(&mut *tx, self.school, class, &changes).await?,
                };
                self.write_and_tell(tx, changes, watched).await?;
                done += rows.len();
                progress(ImportProgress { stage: ImportStage::Journal, done, total });
            }
        }
        let Judge { pupils, refused, counts, .. } = judge;
        self.report.refused.extend(refused);
        self.report.counts = counts;

        let Some(file) = &journal.finals else { return Ok(()) };
        let total = file.rows.len() as u64;
        let mut tx = self.store.write_in(&turn).await?;
        let stored = tx.school_finals(self.school).await?;
        let mut finals = Finals {
            year: known.year,
            terms: &known.frame.terms,
            texts: &known.texts,
            cells: &mut known.cells,
            pupils,
        };
        let is_new = stored.is_empty();
        let (different, good) = finals.difference(stored, file, &mut self.report.refused);
        self.report.counts.finals = good;
        let pupils: BTreeSet<AccountId> = different.iter().map(|mark| mark.pupil).collect();
        let watched = |pupil| Watched { pupil, days: Vec::new(), finals: true };
        let watched = pupils.into_iter().filter(|_| !is_new).map(watched).collect();
        let finals = different.into_iter().map(|mark| (self.school, mark)).collect();
        self.write_and_tell(tx, Changes { finals, ..Changes::default() }, watched).await?;
        progress(ImportProgress { stage: ImportStage::Finals, done: total, total });
        Ok(())
    }

    fn into_report(self) -> ImportReport {
        let mut report = self.report;
        report.refused.sort_by_key(|refused| (FileKind::of_name(&refused.file), refused.line));
        report
    }
}

/// How many rows of the database changes write; the audit's are none of the school's.
fn rows_of(changes: &Changes) -> u64 {
    let Changes {
        schools,
        frames,
        classes,
        accounts,
        claims,
        stays,
        subgroups,
        guardianships,
        staff,
        lessons,
        works,
        marks,
        mark_changes,
        attendance,
        individual_homework,
        finals,
        refused_rows,
        settled_rows,
        ..
    } = changes;
    let rows = [
        schools.len(),
        frames.len(),
        classes.len(),
        accounts.len(),
        claims.len(),
        stays.len(),
        subgroups.len(),
        guardianships.len(),
        staff.len(),
        lessons.len(),
        works.len(),
        marks.len(),
        mark_changes.len(),
        attendance.len(),
        individual_homework.len(),
        finals.len(),
        refused_rows.len(),
        settled_rows.len(),
    ];
    rows.into_iter().map(|rows| rows as u64).sum()
}
