//! What an import writes after the people: the journals class by class, then the final marks.

use std::collections::BTreeSet;

use eschool_core::{
    calendar::DateRange,
    id::{AccountId, ClassId},
};

use super::{
    class_journal::{self, Cover, DaysRows, Judge},
    classes::ClassCells,
    cover::KeptBack,
    finals::Finals,
    pupil_index::{PupilCells, PupilIndex},
    run::Import,
};
use crate::{
    backend::{Backend, Changes, ClassJournal, SchoolFrame},
    exchange::{FileKind, FileRows, FinalRow, ImportProgress, ImportStage, JournalRows, Texts},
    store::{StoreError, lesson::MarksTurned, overtaken::Tries, watch::Watched},
};

/// How many rows of a journal one transaction takes: enough to make it cheap, few enough to let
/// others write between two of them.
const MOST_ROWS: usize = if cfg!(test) { 4 } else { 1000 };

/// What an import knows once people and frame are written.
pub(super) struct Known {
    pub(super) year: i32,
    pub(super) frame: SchoolFrame,
    pub(super) texts: Texts,
    pub(super) cells: ClassCells,
    pub(super) pupils: PupilIndex,
    /// Whether marks and homework are added to what stands in their lesson.
    pub(super) adds: bool,
}

impl<B: Backend> Import<'_, B> {
    /// Journals class by class, then the final marks.
    pub(super) async fn write_journals(
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
            excuses: Vec::new(),
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
                    let stored = self.stored_days(*class, *days).await?;
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
            // As it was before the first of its days was written: not there, or begun by an import
            // that was cut short.
            let mut is_new = None;
            for (place, part) in parts.iter().enumerate() {
                let is_last = place + 1 == parts.len();
                let (counts, refused, was_new) = (judge.counts, judge.refused.len(), is_new);
                let mut tries = Tries::new();
                while let Err(error) =
                    self.write_days(&mut judge, &known, *class, (part, is_last), &mut is_new).await
                {
                    if !tries.again_if_passing(&error) {
                        return Err(error);
                    }
                    // What was told of these rows is told anew; and somebody else may have begun the
                    // journal meanwhile.
                    judge.counts = counts;
                    judge.refused.truncate(refused);
                    is_new = was_new;
                }
                done += part.rows.len();
                progress(ImportProgress { stage: ImportStage::Journal, done, total });
            }
        }
        let Judge { refused, counts, .. } = judge;
        self.report.refused.extend(refused);
        self.report.counts = counts;
        let mut kept_back = cover.kept_back.clone();

        if let Some(file) = &journal.finals
            && (self.options.replace || !file.rows.is_empty())
        {
            let (refused, kept) = (self.report.refused.len(), kept_back.clone());
            let mut tries = Tries::new();
            while let Err(error) = self.write_finals(file, &mut known, &mut kept_back).await {
                if !tries.again_if_passing(&error) {
                    return Err(error);
                }
                // What was told of these rows is told anew.
                self.report.refused.truncate(refused);
                kept_back = kept.clone();
            }
            let total = file.rows.len() as u64;
            progress(ImportProgress { stage: ImportStage::Finals, done: total, total });
        }
        if self.options.replace {
            self.report.kept_back.extend(kept_back.names());
        }
        Ok(())
    }

    /// What stands on some days of a class.
    async fn stored_days(
        &self,
        class: ClassId,
        days: DateRange,
    ) -> Result<ClassJournal, StoreError> {
        let mut tries = Tries::new();
        loop {
            let read = async {
                let mut tx = self.store.read().await?;
                Ok(tx.journal_days(self.school, class, days).await?)
            };
            match read.await {
                Err(error) if tries.again_if_passing(&error) => {}
                read => return read,
            }
        }
    }

    /// The final marks of a school, in one transaction.
    async fn write_finals(
        &mut self,
        file: &FileRows<FinalRow>,
        known: &mut Known,
        kept_back: &mut KeptBack,
    ) -> Result<(), StoreError> {
        let mut tx = self.tx().await?;
        self.store.may_write_year(&mut *tx, self.school, known.year).await?;
        let stored = tx.school_finals(self.school).await?;
        let is_new = stored.is_empty();
        let mut finals = Finals {
            year: known.year,
            terms: &known.frame.terms,
            texts: &known.texts,
            cells: &mut known.cells,
            pupils: PupilCells::new(&known.pupils),
            index: &known.pupils,
            replace: self.options.replace,
            kept_back,
        };
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
        self.write_and_tell(tx, changes, watched).await
    }

    /// The rows of a class on some days, in one transaction.
    async fn write_days(
        &mut self,
        judge: &mut Judge<'_>,
        known: &Known,
        class: ClassId,
        (DaysRows { days, rows }, is_last): (&DaysRows<'_>, bool),
        is_new: &mut Option<bool>,
    ) -> Result<(), StoreError> {
        let mut tx = self.tx().await?;
        self.store.may_write_year(&mut *tx, self.school, known.year).await?;
        let stored = tx.journal_days(self.school, class, *days).await?;
        if rows.tell_absences() {
            let pupils = known.pupils.of_class(class);
            let excuses = self.store.accepted_excuses(&mut *tx, self.school, &pupils, *days);
            judge.excuses = excuses.await?;
        }
        let mut changes = judge.difference(class, stored, rows);
        let turned = MarksTurned {
            school: self.school,
            class: Some(class),
            removed: changes.removed.marks.iter().map(|(_, mark)| mark).collect(),
            written: changes.marks.iter().map(|(_, mark)| mark).collect(),
        };
        let lost: Vec<_> = changes.removed.works.iter().map(|(_, work)| work.id).collect();
        // A late mark for a work may stand on a day of another part.
        let needed = turned.needed(&mut *tx, &lost).await?;
        let spent = turned.spent(&mut *tx).await?;
        changes.removed.works.retain(|(_, work)| !needed.contains(&work.id));
        let spent = spent.into_iter().filter(|work| !lost.contains(&work.id));
        changes.removed.works.extend(spent.map(|work| (self.school, work)));
        let is_noted = *is_new != Some(false) && tx.is_unfinished(self.school, class).await?;
        if is_new.is_none() {
            *is_new = Some(is_noted || tx.journal_end(self.school, class).await?.is_none());
        }
        let is_new = *is_new == Some(true);
        let watched = match is_new {
            true => Vec::new(),
            false => class_journal::watched(&mut *tx, self.school, class, &changes).await?,
        };
        match (is_noted, is_last) {
            (true, true) if !judge.adds => changes.finished_journals.push((self.school, class)),
            (false, false) if is_new && changes != Changes::default() => {
                changes.unfinished_journals.push((self.school, class));
            }
            _ => {}
        }
        self.write_and_tell(tx, changes, watched).await
    }
}
