//! An import on its way: its transactions, and its report.

use chrono::{DateTime, Utc};
use eschool_core::{id::SchoolId, people::School};

use crate::{
    backend::{Backend, Changes, Turn, Tx},
    exchange::{FileKind, ImportCounts, ImportOptions, ImportReport, Refused},
    store::{
        Store, StoreError,
        watch::{Watch, Watched},
    },
};

/// An import on its way.
pub(super) struct Import<'s, B> {
    pub(super) store: &'s Store<B>,
    pub(super) school: SchoolId,
    pub(super) now: DateTime<Utc>,
    pub(super) options: ImportOptions,
    pub(super) report: ImportReport,
}

impl<'s, B: Backend> Import<'s, B> {
    pub(super) fn begin(
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
    pub(super) async fn tx(&self) -> Result<Box<dyn Tx>, StoreError> {
        if self.options.dry_run {
            return self.store.read().await;
        }
        self.store.write_in(&[Turn::School(self.school)]).await
    }

    /// Writes what is different and commits; nothing at all where nothing is, or in a dry run.
    pub(super) async fn write(
        &mut self,
        tx: Box<dyn Tx>,
        changes: Changes,
    ) -> Result<(), StoreError> {
        self.write_and_tell(tx, changes, Vec::new()).await
    }

    /// The same, with the events of the diaries that are watched.
    pub(super) async fn write_and_tell(
        &mut self,
        mut tx: Box<dyn Tx>,
        mut changes: Changes,
        watched: Vec<Watched>,
    ) -> Result<(), StoreError> {
        let rows = rows_of(&changes);
        let removed = (changes.removed.rows() + changes.removed_finals.len()) as u64;
        let is_noted = !changes.finished_journals.is_empty();
        if rows + removed == 0 && !is_noted || self.options.dry_run {
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

    pub(super) fn into_report(self) -> ImportReport {
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
        shared_phones,
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
        shared_phones.len(),
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
