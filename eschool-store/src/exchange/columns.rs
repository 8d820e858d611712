//! The columns a file has, found by their headings.

use csv::StringRecord;
use eschool_core::error::CodedError;

use super::{ExchangeError, FileName, Refused};

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
    file: FileName,
    /// The place of each column; none if the file does not have it.
    places: Vec<Option<usize>>,
    /// Every heading of the file, trimmed.
    headings: Vec<String>,
}

impl Columns {
    /// The columns of a file whose heading is still to be read.
    pub(super) const fn unread(file: FileName) -> Self {
        Self { file, places: Vec::new(), headings: Vec::new() }
    }

    pub(super) fn of(file: FileName, columns: &[Column], heading: &StringRecord) -> Self {
        let headings: Vec<String> = heading.iter().map(|cell| cell.trim().into()).collect();
        let folded: Vec<String> = headings.iter().map(|heading| fold(heading)).collect();
        let place = |column: &Column| {
            let wanted = fold(column.heading);
            folded.iter().position(|heading| *heading == wanted)
        };
        Self { file, places: columns.iter().map(place).collect(), headings }
    }

    /// That every mandatory one of these columns is there.
    pub(super) fn demand(&self, columns: &[Column]) -> Result<(), ExchangeError> {
        let lacking = |(column, place): (&Column, &Option<usize>)| {
            (column.mandatory && place.is_none()).then_some(column.heading)
        };
        match columns.iter().zip(&self.places).find_map(lacking) {
            Some(column) => Err(ExchangeError::HeaderMissing { file: self.file, column }),
            None => Ok(()),
        }
    }

    /// How many of the columns that were looked for are there.
    pub(super) fn found(&self) -> usize {
        self.places.iter().flatten().count()
    }

    pub(super) const fn file(&self) -> FileName {
        self.file
    }

    /// Whether one of the columns that were looked for stands in this place.
    pub(super) fn is_known(&self, place: usize) -> bool {
        self.places.contains(&Some(place))
    }

    /// Where a column stands; none if the file does not have it.
    pub(super) fn place(&self, column: usize) -> Option<usize> {
        self.places.get(column).copied().flatten()
    }

    /// Every heading of the file.
    pub(super) fn headings(&self) -> &[String] {
        &self.headings
    }

    /// That a row of the file is refused for what stands in a column.
    pub(crate) fn refuse(&self, line: u32, column: usize, error: &dyn CodedError) -> Refused {
        let heading = self.place(column).and_then(|place| self.headings.get(place));
        self.refuse_at(line, heading.map_or("", String::as_str), error)
    }

    /// That a row of the file is refused for what stands under a heading.
    pub(super) fn refuse_at(&self, line: u32, heading: &str, error: &dyn CodedError) -> Refused {
        Refused::of(&self.file.to_string(), line, heading, error)
    }
}

/// A heading without what does not make it another: case, ё and е, repeated spaces.
pub(super) fn fold(heading: &str) -> String {
    let words: Vec<_> = heading.split_whitespace().collect();
    words.join(" ").to_lowercase().replace('ё', "е")
}
