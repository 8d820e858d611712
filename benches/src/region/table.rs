//! A file as schools exchange it: UTF-8 with a byte order mark, `;`, CRLF.

use chrono::NaiveDate;

/// A file being written.
pub(super) struct Table(csv::Writer<Vec<u8>>);

impl Table {
    /// A file with these columns.
    pub(super) fn new(columns: &[&str]) -> Self {
        let mut table = Self(
            csv::WriterBuilder::new()
                .delimiter(b';')
                .terminator(csv::Terminator::CRLF)
                .from_writer("\u{feff}".into()),
        );
        table.row(columns);
        table
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: &[&str]) {
        self.0.write_record(cells).expect("memory takes whatever is written");
    }

    /// The text of the file.
    pub(super) fn finish(self) -> String {
        let bytes = self.0.into_inner().expect("memory takes whatever is written");
        String::from_utf8(bytes).expect("only texts were written")
    }
}

/// A date as the files write it, `01.09.2024`.
pub(super) fn date(date: NaiveDate) -> String {
    date.format("%d.%m.%Y").to_string()
}
