//! finals.csv: final marks.

use std::collections::HashSet;

use eschool_core::{
    calendar::Term,
    id::{AccountId, ClassId},
    identity::fold_name,
    journal::{FinalKind, FinalMark},
};

use super::{
    classes::ClassCells,
    cover::KeptBack,
    pupil_index::{PupilCells, PupilIndex},
    table::Table,
};
use crate::exchange::{FileKind, FileRows, FinalPeriod, FinalRow, Refused, RowError, Texts};

/// Pupil, subject, kind, term and year.
type Key = (AccountId, String, FinalKind, String, i32);

/// What final marks are judged by.
pub(super) struct Finals<'a> {
    pub(super) year: i32,
    pub(super) terms: &'a [Term],
    pub(super) texts: &'a Texts,
    pub(super) cells: &'a mut ClassCells,
    pub(super) pupils: PupilCells<'a>,
    pub(super) index: &'a PupilIndex,
    /// Whether what the file no longer holds goes.
    pub(super) replace: bool,
    pub(super) kept_back: &'a mut KeptBack,
}

/// What a file of final marks does to those that are there.
pub(super) struct FinalsDifference {
    pub(super) changed: Vec<FinalMark>,
    pub(super) removed: Vec<FinalMark>,
    /// How many rows are good.
    pub(super) good: u32,
}

impl Finals<'_> {
    /// The final marks that are new or different, and those that go: of the classes and periods
    /// that the file names, what it does not hold.
    pub(super) fn difference(
        &mut self,
        stored: Vec<FinalMark>,
        file: &FileRows<FinalRow>,
        refused: &mut Vec<Refused>,
    ) -> FinalsDifference {
        for cell in &file.refused_classes {
            self.kept_back.keep_named(FileKind::Finals, cell, |name| self.cells.get(name));
        }
        let mut covered = HashSet::new();
        let mut table = Table::new(stored.into_iter().map(|mark| (key(&mark), mark)));
        let mut good = 0;
        for row in &file.rows {
            let class = match self.cells.find(row.class, self.texts) {
                Ok(class) => class,
                Err(fault) => {
                    refused.push(file.columns.refuse(row.line, FinalRow::CLASS, fault.error()));
                    self.kept_back.keep_named(FileKind::Finals, "", |_| None);
                    continue;
                }
            };
            match self.mark(row, class, &table) {
                Ok(mark) => {
                    covered.insert((class, mark.kind.clone(), mark.term.clone()));
                    table.put(key(&mark), mark);
                    good += 1;
                }
                Err((column, error)) => {
                    refused.push(file.columns.refuse(row.line, column, &error));
                    self.kept_back.keep(FileKind::Finals, class);
                }
            }
        }
        let is_covered = |mark: &&FinalMark| {
            let mut classes = self.index.classes_of(mark.pupil).peekable();
            let period = (mark.kind.clone(), mark.term.clone());
            let covers = |class: ClassId| {
                covered.contains(&(class, period.0.clone(), period.1.clone()))
                    && !self.kept_back.holds(FileKind::Finals, class)
            };
            mark.year == self.year && classes.peek().is_some() && classes.all(covers)
        };
        let removed: Vec<_> = match self.replace {
            true => table.unseen().filter(is_covered).cloned().collect(),
            false => Vec::new(),
        };
        FinalsDifference { changed: table.into_changes().collect(), removed, good }
    }

    fn mark(
        &mut self,
        row: &FinalRow,
        class: ClassId,
        table: &Table<Key, FinalMark>,
    ) -> Result<FinalMark, (usize, RowError)> {
        let pupil = self.pupils.find(row.pupil, self.texts, |pupil| pupil.was_in(class));
        let pupil = pupil.map_err(|error| (FinalRow::PUPIL, error))?.account;
        let (kind, term) = match &row.period {
            FinalPeriod::Whole(kind) => (kind.clone(), String::new()),
            FinalPeriod::Term(name) => {
                let term = self.term(class, self.texts.get(*name));
                let term = term.ok_or((FinalRow::PERIOD, RowError::TermNotFound))?;
                (FinalKind::Term, term.name.clone())
            }
        };
        let subject = self.texts.get(row.subject).into();
        let value = row.value.clone();
        let mark = FinalMark { pupil, subject, kind, term, year: self.year, value };
        if table.is_seen(&key(&mark)) {
            return Err((FinalRow::PERIOD, RowError::FinalDuplicate));
        }
        Ok(mark)
    }

    /// The term of this name that the class has this year.
    fn term(&self, class: ClassId, name: &str) -> Option<&Term> {
        let grade = self.cells.name(class)?.grade();
        let name = fold_name(name);
        self.terms.iter().find(|term| term.grade == grade && fold_name(&term.name) == name)
    }
}

fn key(mark: &FinalMark) -> Key {
    (mark.pupil, mark.subject.clone(), mark.kind.clone(), mark.term.clone(), mark.year)
}
