//! Rows of exchange files that were refused, and of whom they tell.

use eschool_core::people::TypedEntry;

use crate::{
    backend::{Backend, Registry},
    store::{Store, places::of_refused_row, refused_rows::entry},
};

/// A refused row, opened.
pub(super) struct TypedRow {
    /// The file.
    pub(super) file: String,
    /// The line.
    pub(super) line: u32,
    /// What was typed, as it is kept.
    pub(super) text: String,
    /// Whoever the row is of.
    pub(super) entry: TypedEntry,
}

impl<B: Backend> Store<B> {
    /// The rows that were refused in a school, each opened once. What does not open any more tells
    /// nobody anything, and is left out.
    pub(super) fn typed_rows(&self, registry: &Registry) -> Vec<TypedRow> {
        let opened = registry.refused_rows.iter().filter_map(|row| {
            let place = of_refused_row(row.school, &row.file, row.line);
            let opened = self.inner.vault.open(&place, &row.typed).ok()?;
            let text = String::from_utf8_lossy(&opened).into_owned();
            let cells: Vec<_> = serde_json::from_str(&text).unwrap_or_default();
            let entry = entry(&cells);
            Some(TypedRow { file: row.file.clone(), line: row.line, text, entry })
        });
        opened.collect()
    }
}
