//! The columns a file has, found by their headings.

use csv::StringRecord;
use eschool_core::error::CodedError;

use super::{ExchangeError, FileKind, Refused};

/// A column of a file.
#[derive(Clone, Copy)]
pub(super) struct Column {
    heading: &'static str,
    mandatory: bool,
}

/// A column without which the file is not read.
pub(super) const fn must(heading: &'static str) -> Column {
    Column { heading, mandatory: true }
}

/// A column that may be absent.
pub(super) const fn may(heading: &'static str) -> Column {
    Column { heading, mandatory: false }
}

/// Where the columns of a file stand.
pub(crate) struct Columns {
    kind: FileKind,
    /// The place of each column; none if the file does not have it.
    places: Vec<Option<usize>>,
    /// Every heading of the file, trimmed.
    headings: Vec<String>,
}

impl Columns {
    /// That a row of the file is refused for what stands in a column.
    pub(crate) fn refuse(&self, line: u32, column: usize, error: &dyn CodedError) -> Refused {
        let place = self.places.get(column).copied().flatten();
        let heading = place.and_then(|place| self.headings.get(place));
        Refused::of(self.kind.name(), line, heading.map_or("", String::as_str), error)
    }

    pub(super) fn of(kind: FileKind, columns: &[Column], heading: &StringRecord) -> Self {
        let headings: Vec<String> = heading.iter().map(|cell| cell.trim().into()).collect();
        let folded: Vec<String> = headings.iter().map(|heading| fold(heading)).collect();
        let place = |column: &Column| {
            let wanted = fold(column.heading);
            folded.iter().position(|heading| *heading == wanted)
        };
        Self { kind, places: columns.iter().map(place).collect(), headings }
    }

    pub(super) fn found(&self) -> usize {
        self.places.iter().flatten().count()
    }
}

/// A heading without what does not make it another: case, ё and е, repeated spaces.
fn fold(heading: &str) -> String {
    let words: Vec<_> = heading.split_whitespace().collect();
    words.join(" ").to_lowercase().replace('ё', "е")
}
