//! finals.csv: final marks.

use eschool_core::{
    calendar::Term,
    id::{AccountId, ClassId},
    identity::fold_name,
    journal::{FinalKind, FinalMark},
};

use super::{classes::ClassCells, pupil_index::PupilCells, table::Table};
use crate::exchange::{FileRows, FinalPeriod, FinalRow, Refused, RowError, Texts};

/// Pupil, subject, kind, term and year.
type Key = (AccountId, String, FinalKind, String, i32);

/// What final marks are judged by.
pub(super) struct Finals<'a> {
    pub(super) year: i32,
    pub(super) terms: &'a [Term],
    pub(super) texts: &'a Texts,
    pub(super) cells: &'a mut ClassCells,
    pub(super) pupils: PupilCells<'a>,
}

impl Finals<'_> {
    /// The final marks that are new or different, and how many rows are good.
    pub(super) fn difference(
        &mut self,
        stored: Vec<FinalMark>,
        file: &FileRows<FinalRow>,
        refused: &mut Vec<Refused>,
    ) -> (Vec<FinalMark>, u32) {
        let mut table = Table::new(stored.into_iter().map(|mark| (key(&mark), mark)));
        let mut good = 0;
        for row in &file.rows {
            let class = match self.cells.find(row.class, self.texts) {
                Ok(class) => class,
                Err(fault) => {
                    refused.push(file.columns.refuse(row.line, FinalRow::CLASS, fault.error()));
                    continue;
                }
            };
            match self.mark(row, class, &table) {
                Ok(mark) => {
                    table.put(key(&mark), mark);
                    good += 1;
                }
                Err((column, error)) => {
                    refused.push(file.columns.refuse(row.line, column, &error));
                }
            }
        }
        (table.into_changes().collect(), good)
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
