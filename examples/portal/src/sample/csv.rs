//! The exchange format: UTF-8 with a byte order mark, `;`, CRLF between rows, quotes where needed.

use chrono::NaiveDate;

/// A file being written.
pub(super) struct Table(String);

impl Table {
    /// A file with these columns.
    pub(super) fn new(columns: &[&str]) -> Self {
        let mut table = Self("\u{feff}".into());
        table.row(columns);
        table
    }

    /// Adds one row.
    pub(super) fn row(&mut self, cells: &[&str]) {
        for (column, cell) in cells.iter().enumerate() {
            if column > 0 {
                self.0.push(';');
            }
            if cell.contains([';', '"', '\n', '\r']) {
                self.0.push('"');
                self.0.push_str(&cell.replace('"', "\"\""));
                self.0.push('"');
            } else {
                self.0.push_str(cell);
            }
        }
        self.0.push_str("\r\n");
    }

    /// The text of the file.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// A date as the files write it, `01.09.2025`.
pub(super) fn date(date: NaiveDate) -> String {
    date.format("%d.%m.%Y").to_string()
}

/// A cell that may be empty.
pub(super) fn maybe<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let mut table = Table::new(&["а", "б"]);
        table.row(&["1;2", "«x»"]);
        table.row(&["a\"b", "c\nd"]);
        assert_eq!(table.finish(), "\u{feff}а;б\r\n\"1;2\";«x»\r\n\"a\"\"b\";\"c\nd\"\r\n");
    }
}
