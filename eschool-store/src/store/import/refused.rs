//! Rows of people that were refused or set aside, kept sealed as they were typed.
//!
//! Somebody who cannot sign in may stand in such a row: the evidence is there to be found, and
//! nobody reads it from the database alone.

use std::collections::{HashMap, HashSet};

use eschool_core::id::SchoolId;

use crate::{
    backend::{Backend, Changes, RefusedRow},
    exchange::{FileKind, Refused, Row},
    store::{Store, StoreError, places::of_refused_row, refused_rows::typed as typed_cells},
};

/// What is kept of one row: more than any sound row has, less than the vault seals.
const LONGEST_TYPED: usize = 1 << 16;

/// The refused rows of an import.
#[derive(Default)]
pub(super) struct RefusedRows {
    read: HashSet<&'static str>,
    rows: Vec<(Refused, String)>,
    /// Rows that are corrected ones, by file and the line they were refused on; none where whole
    /// files are taken in.
    corrected: Option<HashSet<(&'static str, u32)>>,
}

impl RefusedRows {
    /// Of corrections, which settle the rows they are about and no others.
    pub(super) fn of_corrections() -> Self {
        Self { corrected: Some(HashSet::new()), ..Self::default() }
    }

    /// The same without what was noted.
    pub(super) fn renewed(&self) -> Self {
        if self.corrected.is_some() { Self::of_corrections() } else { Self::default() }
    }

    /// Notes that a row is there, whatever becomes of it.
    pub(super) fn see(&mut self, kind: FileKind, row: &Row<'_>) {
        if let Some(corrected) = &mut self.corrected
            && let Some(line) = row.source_line()
        {
            corrected.insert((kind.name(), line));
        }
    }

    /// That a file is read: rows of it that were refused before and are not any more are settled.
    pub(super) fn begin(&mut self, file: FileKind) {
        self.read.insert(file.name());
    }

    /// Keeps a row. The same row is the same in a text and in a spreadsheet.
    pub(super) fn keep(&mut self, mut refused: Refused, row: Row<'_>) {
        if let Some(kind) = FileKind::of_name(&refused.file) {
            refused.file = kind.name().into();
        }
        if self.corrected.is_some() {
            // A row that was never refused before has no line of its own to be kept under.
            let Some(line) = row.source_line() else { return };
            refused.line = line;
        }
        self.rows.push((refused, typed(row)));
    }

    /// Puts the difference from what is stored into the changes.
    pub(super) fn finish<B: Backend>(
        self,
        store: &Store<B>,
        school: SchoolId,
        stored: Vec<RefusedRow>,
        changes: &mut Changes,
    ) -> Result<(), StoreError> {
        let mut stored: HashMap<_, _> =
            stored.into_iter().map(|row| ((row.file.clone(), row.line), row)).collect();
        for (refused, typed) in &self.rows {
            let place = of_refused_row(school, &refused.file, refused.line);
            let same = |row: RefusedRow| {
                // What does not open was sealed with a key that is gone, and is sealed anew.
                let opened = store.inner.vault.open(&place, &row.typed).ok();
                row.column == refused.column
                    && row.code == refused.code
                    && opened.is_some_and(|opened| *opened == typed.as_bytes())
            };
            if stored.remove(&(refused.file.clone(), refused.line)).is_some_and(same) {
                continue;
            }
            let nonce = store.inner.ambient.random();
            changes.refused_rows.push(RefusedRow {
                school,
                typed: store.inner.vault.seal(&place, typed.as_bytes(), nonce)?,
                file: refused.file.clone(),
                line: refused.line,
                column: refused.column.clone(),
                code: refused.code.into(),
            });
        }
        let is_settled = |(file, line): &(String, u32)| match &self.corrected {
            Some(corrected) => corrected.contains(&(file.as_str(), *line)),
            None => self.read.contains(file.as_str()),
        };
        let mut settled: Vec<_> = stored.into_keys().filter(is_settled).collect();
        settled.sort();
        changes.settled_rows.extend(settled.into_iter().map(|(file, line)| (school, file, line)));
        Ok(())
    }
}

/// A row as typed: a JSON array of pairs, each a heading and its cell.
fn typed(row: Row<'_>) -> String {
    let mut left = LONGEST_TYPED;
    typed_cells(row.typed().map_while(|(heading, cell)| {
        left = left.checked_sub(heading.len() + cell.len())?;
        Some((heading, cell))
    }))
}
