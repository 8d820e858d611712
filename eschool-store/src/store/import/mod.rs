//! Taking in the files of a school.
//!
//! One transaction writes the school with its people and its frame – what a row of people means
//! depends on all of them –, then one each few days of a class's journal, so that none has more than
//! a thousand rows unless a single day has, then one the final marks. Each loads what is there, computes the difference and writes
//! that alone: an import that was cut short is completed by the next one, and a second import of
//! the same files writes nothing.
//!
//! Nothing is removed unless it is to be: what a file no longer says stays. What a school typed first of a person
//! stays too; a later row fills what was missing.

mod class_journal;
mod classes;
mod cover;
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
    id::{AccountId, ClassId, SchoolId},
    people::School,
};

pub use self::error::ImportError;
use self::{
    class_journal::{Cover, DaysRows, Judge},
    classes::ClassCells,
    cover::KeptBack,
    finals::Finals,
    pupil_index::{PupilCells, PupilIndex},
    refused::RefusedRows,
    registry::Registrar,
};
use super::{
    Store, StoreError,
    export::last_year,
    watch::{Watch, Watched},
};
use crate::{
    backend::{Backend, Changes, SchoolFrame, Turn, Tx},
    exchange::{
        Decoded, ExchangeError, FileKind, ImportCounts, ImportOptions, ImportProgress,
        ImportReport, ImportStage, JournalRows, Parsed, Refused, SchoolFiles, SchoolRow, Texts,
        parse,
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
        self.import_school_with(files, ImportOptions::default(), progress).await
    }

    /// Takes in the files of one school as [`import_school`](Self::import_school) does, or tries
    /// what that would do, or removes what the files no longer hold.
    ///
    /// With `replace`, what is there and not in the files any more is removed, of what they are about
    /// and of nothing else; without it, nothing is:
    ///
    /// | file | is about |
    /// |---|---|
    /// | calendar, periods, bells, timetable | its school year, all of it |
    /// | pupils | the classes it names |
    /// | parents | the children who were in the classes it names alone |
    /// | staff | the school |
    /// | lessons, marks, attendance, homework | the classes it names, from its first day to its last |
    /// | finals | the classes and periods it names |
    ///
    /// Accounts are never removed, nor bonds that bar an adult, nor posts that have ended, nor a
    /// lesson in which something still stands. Where a row is refused, of that file and class
    /// nothing is removed, for nobody can tell which of the rows that are there it stands for; the
    /// report [names the file](ImportReport::kept_back).
    ///
    /// A dry run writes nothing, not even into the audit, and holds up no writer; its report is that
    /// of an import at this moment.
    ///
    /// # Errors
    /// As [`import_school`](Self::import_school).
    pub async fn import_school_with(
        &self,
        files: &SchoolFiles,
        options: ImportOptions,
        progress: &mut (dyn FnMut(ImportProgress) + Send),
    ) -> Result<ImportReport, ImportError> {
        let decoded = Decoded::of(files)?;
        let mut parsed = parse(&decoded, progress)?;
        let school = parsed.school.take().ok_or(ExchangeError::SchoolMissing)?;
        let year = parsed.frame.year().ok_or(ExchangeError::TermsMissing)?;
        tokio::task::yield_now().await;
        self.import(&decoded, parsed, Whose::File(school, year), options, progress).await
    }

    /// Takes in rows that were refused and are corrected now, as
    /// [`SchoolFiles::refused_rows`] gave them out: those rows alone, by the school's last year that
    /// has terms. None of the files is required.
    ///
    /// Of the rows kept as refused, those that a row is about by its «Строка» are settled once it is
    /// taken, or kept anew as it is typed now; all others stay. Marks and homework are added to what
    /// stands in their lesson, except for what stands there word for word: so the same file fed back
    /// twice adds nothing the second time.
    ///
    /// ```
    /// use eschool_core::id::SchoolId;
    /// use eschool_store::{ImportError, Store, backend::Backend, exchange::{ImportOptions, SchoolFiles}};
    ///
    /// async fn feed_back<B: Backend>(store: &Store<B>, school: SchoolId) -> Result<(), ImportError> {
    ///     let files = SchoolFiles::read_corrections("corrected".as_ref())?;
    ///     let options = ImportOptions::default();
    ///     let report = store.import_corrections(school, &files, options, &mut |_| {}).await?;
    ///     println!("{} rows are still refused", report.refused.len());
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`import_school`](Self::import_school), and
    /// [`SchoolNotFound`](StoreError::SchoolNotFound) for an unknown school.
    pub async fn import_corrections(
        &self,
        school: SchoolId,
        files: &SchoolFiles,
        options: ImportOptions,
        progress: &mut (dyn FnMut(ImportProgress) + Send),
    ) -> Result<ImportReport, ImportError> {
        let decoded = Decoded::of_corrections(files)?;
        let parsed = parse(&decoded, progress)?;
        tokio::task::yield_now().await;
        // A file of some rows says nothing against those it does not have.
        let options = ImportOptions { replace: false, ..options };
        self.import(&decoded, parsed, Whose::Known(school), options, progress).await
    }

    async fn import(
        &self,
        decoded: &Decoded<'_>,
        parsed: Parsed,
        whose: Whose,
        options: ImportOptions,
        progress: &mut (dyn FnMut(ImportProgress) + Send),
    ) -> Result<ImportReport, ImportError> {
        progress(ImportProgress { stage: ImportStage::People, done: 0, total: 1 });
        let Parsed { frame, journal, texts, refused, .. } = parsed;
        let of_corrections = matches!(whose, Whose::Known(_));
        let known = match &whose {
            Whose::File(row, _) => {
                let mut schools = self.schools().await?.into_iter();
                schools.find(|known| known.name == row.name).map(|known| known.id)
            }
            Whose::Known(school) => Some(*school),
        };
        let mut tx = match known {
            _ if options.dry_run => self.read().await?,
            Some(school) => self.write_in(&[Turn::School(school)]).await?,
            // Who makes a school decides by the names and prefixes of all.
            None => self.write().await?,
        };
        let (school, is_different, year) = match whose {
            Whose::File(row, year) => {
                let (school, is_different) = self.school_of(tx.schools().await?, row);
                (school, is_different, Some(year))
            }
            Whose::Known(id) => {
                let school = tx.school(id).await?.ok_or(StoreError::SchoolNotFound)?;
                (school, false, None)
            }
        };
        let registry = tx.registry(school.id).await?;
        let stored_frame = tx.frame(school.id).await?;
        let year = year.or_else(|| last_year(&stored_frame)).ok_or(ExchangeError::TermsMissing)?;
        let mut import = Import::begin(self, &school, options, refused);
        let mut changes = Changes::default();
        if is_different {
            changes.schools.push(school.clone());
        }
        let kept =
            if of_corrections { RefusedRows::of_corrections() } else { RefusedRows::default() };
        let report = &mut import.report;
        let mut registrar = Registrar::new(self, &school, report, year, registry, kept);
        let pupils = registrar.take_people(decoded)?;
        let mut cells = registrar.finish(options.replace, &pupils, &mut changes)?;
        let mut renewal = frame::Renewal {
            year,
            replace: options.replace,
            cells: &mut cells,
            texts: &texts,
            refused: &mut import.report.refused,
        };
        let frame = renewal.renew(&stored_frame, frame);
        if !frame::says_the_same(&stored_frame, &frame) {
            changes.frames.push((school.id, frame.clone()));
        }
        import.write(tx, changes).await?;
        progress(ImportProgress { stage: ImportStage::People, done: 1, total: 1 });

        let known = Known { year, frame, texts, cells, pupils, adds: of_corrections };
        import.write_journals(&journal, known, progress).await?;
        Ok(import.into_report())
    }
}

/// Which school an import is about.
enum Whose {
    /// The one that the files name, in the school year of their terms.
    File(SchoolRow, i32),
    /// One that is there, in its last school year.
    Known(SchoolId),
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
    /// Whether marks and homework are added to what stands in their lesson.
    adds: bool,
}

/// An import on its way.
struct Import<'s, B> {
    store: &'s Store<B>,
    school: SchoolId,
    now: DateTime<Utc>,
    options: ImportOptions,
    report: ImportReport,
}

impl<'s, B: Backend> Import<'s, B> {
    fn begin(
        store: &'s Store<B>,
        school: &School,
        options: ImportOptions,
        refused: Vec<Refused>,
    ) -> Self {
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
            removed: 0,
            kept_back: Vec::new(),
        };
        let now = store.inner.ambient.now();
        Self { store, school: school.id, now, options, report }
    }

    /// A transaction as this import needs it.
    async fn tx(&self) -> Result<Box<dyn Tx>, StoreError> {
        if self.options.dry_run {
            return self.store.read().await;
        }
        self.store.write_in(&[Turn::School(self.school)]).await
    }

    /// Writes what is different and commits; nothing at all where nothing is, or in a dry run.
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
        let removed = (changes.removed.rows() + changes.removed_finals.len()) as u64;
        if rows + removed == 0 || self.options.dry_run {
            self.report.changed += rows;
            self.report.removed += removed;
            return Ok(());
        }
        if self.report.changed + self.report.removed == 0 {
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
        self.report.removed += removed;
        Ok(())
    }

    /// Journals class by class, then the final marks.
    async fn write_journals(
        &mut self,
        journal: &JournalRows,
        mut known: Known,
        progress: &mut (dyn FnMut(ImportProgress) + Send),
    ) -> Result<(), StoreError> {
        let mut kept_back = KeptBack::default();
        let refused = &mut self.report.refused;
        let by_class = class_journal::by_class(
            journal,
            &mut known.cells,
            &known.texts,
            refused,
            &mut kept_back,
        );
        let total = by_class.values().map(|rows| rows.len()).sum();
        let mut cover = Cover::new(journal, &by_class, kept_back);
        let mut by_class: Vec<(ClassId, Vec<DaysRows<'_>>)> =
            by_class.into_iter().map(|(class, rows)| (class, rows.by_days(MOST_ROWS))).collect();
        let order = known.cells.in_order();
        by_class.sort_by_key(|(class, _)| order.iter().position(|other| other == class));
        let mut judge = Judge {
            school: self.school,
            now: self.now,
            ambient: &self.store.inner.ambient,
            texts: &known.texts,
            journal,
            pupils: PupilCells::new(&known.pupils),
            refused: Vec::new(),
            counts: self.report.counts,
            adds: known.adds,
            cover: None,
        };
        if self.options.replace {
            by_class.iter_mut().for_each(|(_, parts)| cover.stretch(parts));
            // Which rows are refused is known before anything is removed for them.
            for (class, parts) in &by_class {
                for DaysRows { days, rows } in parts {
                    let mut tx = self.store.read().await?;
                    let stored = tx.journal_days(self.school, *class, *days).await?;
                    judge.difference(*class, stored, rows);
                }
                for refused in judge.refused.drain(..) {
                    if let Some(file) = FileKind::of_name(&refused.file) {
                        cover.kept_back.keep(file, *class);
                    }
                }
            }
            judge.counts = self.report.counts;
            judge.cover = Some(&cover);
        }
        let mut done = 0;
        for (class, parts) in &by_class {
            // As it was before the first of its days was written.
            let mut is_new = None;
            for DaysRows { days, rows } in parts {
                let mut tx = self.tx().await?;
                let stored = tx.journal_days(self.school, *class, *days).await?;
                let changes = judge.difference(*class, stored, rows);
                if is_new.is_none() {
                    is_new = Some(tx.journal_end(self.school, *class).await?.is_none());
                }
                let watched = match is_new {
                    Some(true) => Vec::new(),
                    _ => class_journal::watched(&mut *tx, self.school, *class, &changes).await?,
                };
                self.write_and_tell(tx, changes, watched).await?;
                done += rows.len();
                progress(ImportProgress { stage: ImportStage::Journal, done, total });
            }
        }
        let Judge { pupils, refused, counts, .. } = judge;
        self.report.refused.extend(refused);
        self.report.counts = counts;
        let mut kept_back = cover.kept_back.clone();

        if let Some(file) = &journal.finals {
            let total = file.rows.len() as u64;
            let mut tx = self.tx().await?;
            let stored = tx.school_finals(self.school).await?;
            let mut finals = Finals {
                year: known.year,
                terms: &known.frame.terms,
                texts: &known.texts,
                cells: &mut known.cells,
                pupils,
                index: &known.pupils,
                replace: self.options.replace,
                kept_back: &mut kept_back,
            };
            let is_new = stored.is_empty();
            let difference = finals.difference(stored, file, &mut self.report.refused);
            let of_school = |mark| (self.school, mark);
            self.report.counts.finals = difference.good;
            let mut changes = Changes::default();
            changes.finals.extend(difference.changed.into_iter().map(of_school));
            changes.removed_finals.extend(difference.removed.into_iter().map(of_school));
            let written = changes.finals.iter().chain(&changes.removed_finals);
            let pupils: BTreeSet<AccountId> = written.map(|(_, mark)| mark.pupil).collect();
            let watched = |pupil| Watched { pupil, days: Vec::new(), finals: true };
            let watched = pupils.into_iter().filter(|_| !is_new).map(watched).collect();
            self.write_and_tell(tx, changes, watched).await?;
            progress(ImportProgress { stage: ImportStage::Finals, done: total, total });
        }
        if self.options.replace {
            self.report.kept_back.extend(kept_back.names());
        }
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
