//! Taking in the files of a school.
//!
//! A school that is not there yet is made first, with its calendar, terms and bells: whoever makes
//! another one waits for that transaction, so it holds nothing else. Then one writes the people of the school
//! with what is left of its frame – what a row of people means depends on all of them –, and is done
//! again where another was in its way; then one each few days of a class's journal, so that none has
//! more than a thousand rows unless a single day has, then one the final marks. Each loads what is
//! there, computes the difference and writes that alone: an import that was cut short is completed by
//! the next one, and a second import of the same files writes nothing.
//!
//! Nothing is removed unless it is to be: what a file no longer says stays. What a school typed
//! first of a person stays too; a later row fills what was missing.
//!
//! * `run`: an import on its way, its transactions and its report; `journals`: what it writes after
//!   the people.
//! * `registry`: the people of a school under an import; `pupils`, `parents`, `staff`: the rows of
//!   each file; `people`, `pupil_index`, `known`: who is meant by them; `refused`: those that are not
//!   taken.
//! * `school`, `classes`, `frame`: the school and its year.
//! * `class_journal`, `finals`: the rows of journals; `cover`: what they are about.
//! * `table`: rows by key, and which of them changed.

mod class_journal;
mod classes;
mod cover;
mod error;
mod finals;
mod frame;
mod journals;
mod known;
mod parents;
mod people;
mod pupil_index;
mod pupils;
mod refused;
mod registry;
mod run;
mod school;
mod staff;
mod table;
#[cfg(test)]
mod tests;

use eschool_core::id::SchoolId;

pub use self::error::ImportError;
use self::{
    classes::ClassCells, journals::Known, pupil_index::PupilIndex, refused::RefusedRows,
    registry::Registrar, run::Import, school::Founded,
};
use super::{Store, StoreError, export::last_year, overtaken::Tries};
use crate::{
    backend::{Backend, Changes, SchoolFrame, Turn},
    exchange::{
        Contents, ExchangeError, ImportOptions, ImportProgress, ImportReport, ImportStage, Parsed,
        SchoolRow, SchoolSource, parse,
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
    /// The files are read before anything is written, row by row; reading them blocks the thread as
    /// [`SchoolSource`] says.
    ///
    /// A second import of the same files changes nothing and reports the same, but for
    /// `accounts_created` and `changed`. Nothing is removed, and an import that was cut short is
    /// completed by the next one; in a school in which nobody is yet, the next one's days stand in the
    /// place of those before. What was done since stands: an empty «Выбыл» ends no stay and
    /// opens none that was ended, a row without «Зачислен» is about the stay that is there, and
    /// files of a year that another has followed do not say who leads which class. Where a class
    /// has a journal already, or the school final marks, the diaries get events of what changes in
    /// them.
    ///
    /// ```
    /// use eschool_store::{ImportError, Store, backend::Backend, exchange::SchoolFolder};
    ///
    /// async fn import<B: Backend>(store: &Store<B>) -> Result<(), ImportError> {
    ///     let files = SchoolFolder::at("school-a".as_ref())?;
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
    /// [`ImportError::Exchange`] if a file cannot be read, [`StoreError::YearArchived`] if the files
    /// have journals of a year that was archived: then nothing was written.
    /// [`ImportError::Store`] if the database fails; [`ImportError::SchoolLeftEmpty`] if that was after
    /// a new school was made, and before anybody was in it.
    pub async fn import_school(
        &self,
        files: &dyn SchoolSource,
        progress: &mut (dyn FnMut(ImportProgress) + Send),
    ) -> Result<ImportReport, ImportError> {
        self.import_school_with(files, ImportOptions::default(), progress).await
    }

    /// Takes in the files of one school as [`import_school`](Self::import_school) does, or tries
    /// what that would do, or removes what the files no longer hold.
    ///
    /// With `replace`, what is there and not in the files any more is removed, of what they are
    /// about and of nothing else; without it, nothing is:
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
    /// Accounts are never removed, nor bonds that bar an adult or have a last day, nor posts that
    /// have one, nor a lesson in which something still stands. An empty «Выбыл» takes the last day
    /// away, and files of a past year put class teachers back. Where a row is refused, of that file
    /// and class nothing is removed, for nobody can tell which of the rows that are there it stands
    /// for; the report [names the file](ImportReport::kept_back).
    ///
    /// A dry run writes nothing, not even into the audit, and holds up no writer; its report is
    /// that of an import at this moment.
    ///
    /// # Errors
    /// As [`import_school`](Self::import_school).
    pub async fn import_school_with(
        &self,
        files: &dyn SchoolSource,
        options: ImportOptions,
        progress: &mut (dyn FnMut(ImportProgress) + Send),
    ) -> Result<ImportReport, ImportError> {
        let mut contents = Contents::of(files)?;
        let mut parsed = parse(&contents, progress)?;
        let school = parsed.school.take().ok_or(ExchangeError::SchoolMissing)?;
        let year = parsed.frame.year().ok_or(ExchangeError::TermsMissing)?;
        contents.keep_people();
        tokio::task::yield_now().await;
        self.import(contents, parsed, Whose::File(school, year), options, progress).await
    }

    /// Takes in rows that were refused and are corrected now, as [`ImportReport::refused_rows`] gave
    /// them out: those rows alone, by the school's last year that has terms. None of the files is
    /// required.
    ///
    /// Of the rows kept as refused, those that a row is about by its «Строка» are settled once it
    /// is taken, or kept anew as it is typed now; all others stay. Marks and homework are added to
    /// what stands in their lesson, except for what stands there word for word: so the same file
    /// fed back twice adds nothing the second time.
    ///
    /// ```
    /// use eschool_core::id::SchoolId;
    /// use eschool_store::{ImportError, Store, backend::Backend, exchange::{ImportOptions, SchoolFolder}};
    ///
    /// async fn feed_back<B: Backend>(store: &Store<B>, school: SchoolId) -> Result<(), ImportError> {
    ///     let files = SchoolFolder::corrections_at("corrected".as_ref())?;
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
        files: &dyn SchoolSource,
        options: ImportOptions,
        progress: &mut (dyn FnMut(ImportProgress) + Send),
    ) -> Result<ImportReport, ImportError> {
        let mut contents = Contents::of_corrections(files)?;
        let parsed = parse(&contents, progress)?;
        contents.keep_people();
        tokio::task::yield_now().await;
        // A file of some rows says nothing against those it does not have.
        let options = ImportOptions { replace: false, ..options };
        self.import(contents, parsed, Whose::Known(school), options, progress).await
    }

    async fn import(
        &self,
        contents: Contents<'_>,
        parsed: Parsed,
        whose: Whose,
        options: ImportOptions,
        progress: &mut (dyn FnMut(ImportProgress) + Send),
    ) -> Result<ImportReport, ImportError> {
        let of_corrections = matches!(whose, Whose::Known(_));
        let known = match &whose {
            Whose::File(row, _) => {
                let mut schools = self.schools().await?.into_iter();
                schools.find(|known| known.name == row.name).map(|known| known.id)
            }
            Whose::Known(school) => Some(*school),
        };
        let is_made = known.is_none() && !options.dry_run;
        let (mut done, total) = (0, 1 + u64::from(is_made));
        let mut tell = |done| progress(ImportProgress { stage: ImportStage::People, done, total });
        tell(done);
        let mut founded = None;
        if let (Whose::File(row, _), true) = (&whose, is_made) {
            // A file that cannot be read leaves no school behind.
            contents.read_people()?;
            let frame = frame::begun(&parsed.frame);
            let mut tries = Tries::new();
            founded = loop {
                match self.make_school(row, frame.clone()).await {
                    Ok(founded) => break Some(founded),
                    Err(error) if tries.again_if_passing(&error) => {}
                    Err(error) => return Err(error.into()),
                }
            };
            done += 1;
            tell(done);
        }
        let mut tries = Tries::new();
        let (mut import, written) = loop {
            match self.import_people(&contents, &parsed, &whose, (known, founded), options).await {
                Ok(written) => break written,
                // All of it is computed anew.
                Err(ImportError::Store(error)) if tries.again_if_passing(&error) => {}
                Err(ImportError::Store(source)) => {
                    return Err(match founded.filter(|founded| founded.rows > 0) {
                        Some(Founded { school, .. }) => {
                            ImportError::SchoolLeftEmpty { school, source }
                        }
                        None => source.into(),
                    });
                }
                Err(error) => return Err(error),
            }
        };
        tell(done + 1);
        drop(contents);

        let PeopleWritten { year, frame, cells, pupils } = written;
        let Parsed { journal, texts, .. } = parsed;
        let known = Known { year, frame, texts, cells, pupils, adds: of_corrections };
        import.write_journals(&journal, known, progress).await?;
        Ok(import.into_report())
    }

    /// Writes the people of a school with what is left of its frame, in one transaction.
    async fn import_people(
        &self,
        contents: &Contents<'_>,
        parsed: &Parsed,
        whose: &Whose,
        (known, founded): (Option<SchoolId>, Option<Founded>),
        options: ImportOptions,
    ) -> Result<(Import<'_, B>, PeopleWritten), ImportError> {
        let Parsed { frame, journal, texts, refused, .. } = parsed;
        let mut tx = match known.or(founded.map(|founded| founded.school)) {
            Some(school) if !options.dry_run => self.write_in(&[Turn::School(school)]).await?,
            _ => self.read().await?,
        };
        let (school, is_different, year) = match whose {
            Whose::File(row, year) => {
                let (school, is_different) = self.school_of(tx.schools().await?, row.clone());
                (school, is_different, Some(*year))
            }
            Whose::Known(id) => {
                let school = tx.school(*id).await?.ok_or(StoreError::SchoolNotFound)?;
                (school, false, None)
            }
        };
        let registry = tx.registry(school.id).await?;
        let stored_frame = tx.frame(school.id).await?;
        let year = year.or_else(|| last_year(&stored_frame)).ok_or(ExchangeError::TermsMissing)?;
        if journal.writes(options.replace) {
            self.may_write_year(&mut *tx, school.id, year).await?;
        }
        let mut import = Import::begin(self, &school, options, refused.clone());
        import.report.changed = founded.map_or(0, |founded| founded.rows);
        let mut changes = Changes::default();
        if is_different {
            changes.schools.push(school.clone());
        }
        let kept = match whose {
            Whose::File(..) => RefusedRows::default(),
            Whose::Known(_) => RefusedRows::of_corrections(),
        };
        // Of a school with nobody in it, files that were read before say nothing: they may have been
        // corrected since.
        let is_empty = matches!(whose, Whose::File(..))
            && registry.accounts.is_empty()
            && registry.classes.is_empty();
        let nothing = SchoolFrame::default();
        let before = if is_empty { &nothing } else { &stored_frame };
        let report = &mut import.report;
        let mut registrar =
            Registrar::new(self, &school, report, year, registry, kept, options.replace);
        let pupils = registrar.take_people(contents)?;
        let shared = registrar.phones_of_two();
        let mut cells = registrar.finish(&pupils, &mut changes)?;
        changes.shared_phones = self.newly_shared(&mut *tx, &shared).await?;
        let mut renewal = frame::Renewal {
            year,
            replace: options.replace,
            cells: &mut cells,
            texts,
            refused: &mut import.report.refused,
        };
        let frame = renewal.renew(before, frame);
        let says_the_same = match is_empty {
            true => stored_frame == frame,
            false => frame::says_the_same(&stored_frame, &frame),
        };
        if !says_the_same {
            changes.frames.push((school.id, frame.clone()));
        }
        // The frame of a school that was made here is counted already.
        let is_counted = import.report.changed > 0 && !changes.frames.is_empty();
        import.write(tx, changes).await?;
        import.report.changed -= u64::from(is_counted);
        Ok((import, PeopleWritten { year, frame, cells, pupils }))
    }
}

/// What an import knows once the people of a school are written.
struct PeopleWritten {
    year: i32,
    frame: SchoolFrame,
    cells: ClassCells,
    pupils: PupilIndex,
}

/// Which school an import is about.
enum Whose {
    /// The one that the files name, in the school year of their terms.
    File(SchoolRow, i32),
    /// One that is there, in its last school year.
    Known(SchoolId),
}
