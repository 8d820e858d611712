//! A table as a file holds it: a heading and rows of cells, with the lines a spreadsheet shows.

use csv::{ErrorKind, ReaderBuilder, StringRecord};
use eschool_core::error::CodedError;

use super::{
    ExchangeError, FileForm, Refused, RowError,
    columns::{Column, Columns, fold},
    content::Content,
    guard::plain,
    tap::Tap,
};

/// The heading of the line a refused row stood on.
pub(super) const SOURCE_LINE: &str = "Строка";
/// The heading of why it was refused.
pub(super) const REASON: &str = "Ошибка";

/// A file that is being read row by row.
pub(crate) struct Sheet<'t> {
    content: &'t Content<'t>,
    delimiter: u8,
    reader: csv::Reader<Tap<'t>>,
    columns: Columns,
    record: StringRecord,
    line: u32,
    /// Whether the row before ended with a return, of which a line feed may be left.
    after_return: bool,
}

/// A row of a [`Sheet`]. Columns are named by their place in the list the sheet was opened with.
#[derive(Clone, Copy)]
pub(crate) struct Row<'s> {
    columns: &'s Columns,
    record: &'s StringRecord,
    /// The line, counted as a spreadsheet does.
    pub(crate) line: u32,
    /// A cell that a column was looked for in and that says nothing.
    fault: Option<(usize, RowError)>,
}

impl<'t> Sheet<'t> {
    /// Opens a file by its heading.
    pub(super) fn open(
        content: &'t Content<'t>,
        columns: &[Column],
    ) -> Result<Self, ExchangeError> {
        let semicolons = Self::with_delimiter(content, columns, b';');
        let commas = Self::with_delimiter(content, columns, b',');
        let errors = [semicolons.as_ref().err(), commas.as_ref().err()].into_iter().flatten();
        // What is no matter of delimiters says nothing about which it is.
        let is_other = |error: &&ExchangeError| {
            use ExchangeError::{CsvMalformed, RowTooLong};
            !matches!(error, CsvMalformed { .. } | RowTooLong { .. })
        };
        if let Some(error) = errors.into_iter().find(is_other) {
            return Err(error.clone());
        }
        let found = |sheet: &Result<Self, _>| sheet.as_ref().map_or(0, |s| s.columns.found());
        let sheet = if found(&commas) > found(&semicolons) { commas } else { semicolons }?;
        sheet.columns.demand(columns)?;
        Ok(sheet)
    }

    fn with_delimiter(
        content: &'t Content<'t>,
        columns: &[Column],
        delimiter: u8,
    ) -> Result<Self, ExchangeError> {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(Tap::new(content.open()?));
        let mut sheet = Self {
            content,
            delimiter,
            reader,
            columns: Columns::unread(content.file),
            record: StringRecord::new(),
            line: 0,
            after_return: false,
        };
        sheet.advance()?;
        sheet.columns = Columns::of(content.file, columns, &sheet.record);
        Ok(sheet)
    }

    /// The next row that is not empty.
    ///
    /// # Errors
    /// [`ExchangeError::CsvMalformed`] where a quoted cell is not closed: it swallowed the rows
    /// after it, and nobody can tell where they begin.
    pub(crate) fn next_row(&mut self) -> Result<Option<Row<'_>>, ExchangeError> {
        while self.advance()? {
            if self.record.iter().any(|cell| !cell.trim().is_empty()) {
                let columns = &self.columns;
                let fault = self.content.fault(self.line, |place| columns.is_known(place));
                return Ok(Some(Row { columns, record: &self.record, line: self.line, fault }));
            }
        }
        Ok(None)
    }

    /// How many bytes have been read, and how many there are.
    pub(super) fn progress(&self) -> (u64, u64) {
        (self.reader.get_ref().read_so_far(), self.content.length)
    }

    pub(super) const fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(super) fn into_columns(self) -> Columns {
        self.columns
    }

    /// Reads a record and counts its line; false at the end.
    fn advance(&mut self) -> Result<bool, ExchangeError> {
        let there = self.reader.read_record(&mut self.record);
        let end = self.reader.position().byte();
        let raw = self.reader.get_mut().stretch(end);
        // What is left of the line break that ended the row before.
        let rest = if self.after_return { raw.strip_prefix(b"\n").unwrap_or(raw) } else { raw };
        let (blank, row) = blank_lines(rest);
        let is_closed = is_one_line(row) || quotes_close(row, self.delimiter);
        if let Some(last) = raw.last() {
            self.after_return = *last == b'\r';
        }
        self.line = self.line.saturating_add(blank);
        let malformed = ExchangeError::CsvMalformed {
            file: self.columns.file(),
            row: self.line.saturating_add(1),
        };
        let file = self.columns.file();
        let is_too_long = self.reader.get_ref().is_too_long;
        let is_there = there.map_err(|error| match error.into_kind() {
            ErrorKind::Io(_) if is_too_long => {
                ExchangeError::RowTooLong { file, row: self.line.saturating_add(1) }
            }
            ErrorKind::Io(error) => ExchangeError::of_io(file, &error),
            // It was UTF-8 when it was looked through.
            ErrorKind::Utf8 { .. } => ExchangeError::FileChanged { file },
            _ => malformed.clone(),
        })?;
        let read = self.reader.get_ref().read_so_far();
        if read > self.content.length || !is_there && read < self.content.length {
            return Err(ExchangeError::FileChanged { file });
        }
        if !is_there {
            return Ok(false);
        }
        self.line = self.line.saturating_add(1);
        if is_closed { Ok(true) } else { Err(malformed) }
    }
}

/// How many empty lines a text begins with, and what follows them. The csv crate skips them; a
/// spreadsheet counts them.
fn blank_lines(text: &[u8]) -> (u32, &[u8]) {
    let (mut count, mut rest) = (0_u32, text);
    while let [b'\r', b'\n', after @ ..] | [b'\r' | b'\n', after @ ..] = rest {
        count = count.saturating_add(1);
        rest = after;
    }
    (count, rest)
}

/// Whether no line breaks stand within a row.
fn is_one_line(row: &[u8]) -> bool {
    let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let end = row.iter().rposition(|byte| !is_break(byte)).map_or(0, |last| last + 1);
    !row.iter().take(end).any(is_break)
}

/// Whether every quoted cell of a row ends where a cell may end. The csv crate takes a cell that is
/// never closed for one that goes on to the end of the file, or to the next quoted cell.
fn quotes_close(row: &[u8], delimiter: u8) -> bool {
    enum At {
        Begin,
        Bare,
        Quoted,
        Quote,
    }
    let mut at = At::Begin;
    for byte in row {
        let ends_cell = *byte == delimiter || matches!(byte, b'\r' | b'\n');
        at = match (at, *byte) {
            (At::Begin, b'"') | (At::Quote, b'"') => At::Quoted,
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, _) => At::Quoted,
            (At::Begin | At::Bare | At::Quote, _) if ends_cell => At::Begin,
            (At::Begin | At::Bare, _) => At::Bare,
            (At::Quote, _) => return false,
        };
    }
    !matches!(at, At::Quoted)
}

impl<'s> Row<'s> {
    /// That every cell can be read, and that there are as many as in the heading; more, if those
    /// are empty. A spreadsheet tells nothing of the empty cells at the end of a row.
    pub(super) fn whole(&self) -> Result<(), Refused> {
        if let Some((place, error)) = self.fault {
            let heading = self.columns.headings().get(place).map_or("", String::as_str);
            return Err(self.columns.refuse_at(self.line, heading, &error));
        }
        let width = self.columns.headings().len();
        let is_text = self.columns.file().form == FileForm::Csv;
        let sound = (self.record.len() >= width || !is_text)
            && self.record.iter().skip(width).all(|cell| cell.trim().is_empty());
        if sound { Ok(()) } else { Err(self.refuse_whole(&RowError::RowMalformed)) }
    }

    /// A cell, trimmed; empty if the file does not have the column.
    pub(super) fn cell(&self, column: usize) -> &'s str {
        self.given(column).unwrap_or_default()
    }

    /// A cell, trimmed; none if the file does not have the column.
    pub(super) fn given(&self, column: usize) -> Option<&'s str> {
        let place = self.columns.place(column)?;
        Some(plain(self.record.get(place).unwrap_or_default().trim()))
    }

    /// What a cell says.
    pub(super) fn read<T, E: CodedError>(
        &self,
        column: usize,
        parse: impl FnOnce(&'s str) -> Result<T, E>,
    ) -> Result<T, Refused> {
        parse(self.cell(column)).map_err(|error| self.refuse(column, &error))
    }

    /// What a cell says, if it is not empty.
    pub(super) fn read_given<T, E: CodedError>(
        &self,
        column: usize,
        parse: impl FnOnce(&'s str) -> Result<T, E>,
    ) -> Result<Option<T>, Refused> {
        if self.cell(column).is_empty() { Ok(None) } else { self.read(column, parse).map(Some) }
    }

    /// A cell that must not be empty.
    pub(super) fn read_text(&self, column: usize, missing: RowError) -> Result<&'s str, Refused> {
        self.read(column, |cell| if cell.is_empty() { Err(missing) } else { Ok(cell) })
    }

    /// What a cell says that must not be empty.
    pub(super) fn read_needed<T, E: CodedError>(
        &self,
        column: usize,
        missing: RowError,
        parse: impl FnOnce(&'s str) -> Result<T, E>,
    ) -> Result<T, Refused> {
        self.read_text(column, missing)?;
        self.read(column, parse)
    }

    /// That the row is refused for what stands in a column.
    pub(crate) fn refuse(&self, column: usize, error: &dyn CodedError) -> Refused {
        self.columns.refuse(self.line, column, error)
    }

    fn refuse_whole(&self, error: &dyn CodedError) -> Refused {
        self.columns.refuse_at(self.line, "", error)
    }

    /// What stands under «Класс», whatever else is wrong with the row; empty if nothing.
    pub(crate) fn class_cell(&self) -> &'s str {
        let place = self.columns.headings().iter().position(|heading| fold(heading) == "класс");
        place.and_then(|place| self.record.get(place)).unwrap_or_default().trim()
    }

    /// The line in the file that this row was refused in, where it comes from a file of refused
    /// rows.
    pub(crate) fn source_line(&self) -> Option<u32> {
        let place = self.columns.headings().iter().position(|heading| heading == SOURCE_LINE)?;
        self.record.get(place)?.trim().parse().ok()
    }

    /// The cells with their headings, as typed, without what a file of refused rows adds; cells
    /// beyond the heading have an empty one.
    pub(crate) fn typed(&self) -> impl Iterator<Item = (&'s str, &'s str)> {
        let headings = self.columns.headings().iter().map(String::as_str);
        let cells = self.record.iter().map(|cell| {
            let trimmed = cell.trim();
            let said = plain(trimmed);
            if said == trimmed { cell } else { said }
        });
        let typed = headings.chain(std::iter::repeat("")).zip(cells);
        typed.filter(|(heading, _)| ![SOURCE_LINE, REASON].contains(heading))
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor, Read, Seek, SeekFrom};

    use proptest::prelude::*;

    use super::*;
    use crate::exchange::{
        FileKind, SchoolFile, SchoolFiles, SchoolSource,
        columns::{may, must},
    };

    const COLUMNS: &[Column] = &[must("Класс"), must("Ученик"), may("Зачёт")];

    fn rows(text: &str) -> Result<Vec<(u32, [String; 3])>, ExchangeError> {
        let files = SchoolFiles::from_texts([("finals.csv", text)]);
        let content = Content::of(&files, FileKind::Finals.into())?;
        let mut sheet = Sheet::open(&content, COLUMNS)?;
        let mut rows = Vec::new();
        while let Some(row) = sheet.next_row()? {
            rows.push((row.line, [0, 1, 2].map(|column| row.cell(column).to_owned())));
        }
        Ok(rows)
    }

    fn row(line: u32, cells: [&str; 3]) -> (u32, [String; 3]) {
        (line, cells.map(str::to_owned))
    }

    #[test]
    fn headings_are_found_by_name_and_lines_are_counted_as_a_spreadsheet_does() {
        for text in [
            "Класс;Ученик;Зачёт\n7А;Ёлкина;да\n\n8Б;\"Два\nслова\";\n;;\n9А;\"Ещё \"\"раз\"\"\";x",
            "ЗАЧЕТ,прочее, класс ,ученик\r\nда,,7А,Ёлкина\r\n\r\n,,8Б,\"Два\nслова\"\r\n,,,\r\n\
             x,,9А,\"Ещё \"\"раз\"\"\"\r\n",
            "ученик;зачёт;класс\rЁлкина;да;7А\r\r\"Два\nслова\";;8Б\r;;\r\"Ещё \"\"раз\"\"\";x;9А",
        ] {
            let expected = vec![
                row(2, ["7А", "Ёлкина", "да"]),
                row(4, ["8Б", "Два\nслова", ""]),
                row(6, ["9А", "Ещё \"раз\"", "x"]),
            ];
            assert_eq!(rows(text), Ok(expected), "{text}");
        }
        let moved = "\r\n\r\nКласс;Ученик\r\n\r\n7А;Ёлкина";
        assert_eq!(rows(moved), Ok(vec![row(5, ["7А", "Ёлкина", ""])]));
    }

    #[test]
    fn a_lacking_column_is_named() {
        for text in ["", "\n", "Класс;Зачёт\n7А;да", "что-то,ещё", "\u{1}\u{2};;;"]
        {
            let column = if text.starts_with("Класс") { "Ученик" } else { "Класс" };
            let expected = ExchangeError::HeaderMissing { file: FileKind::Finals.into(), column };
            assert_eq!(rows(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn an_open_quote_does_not_swallow_rows() {
        for (text, at) in [
            ("Класс;Ученик\n7А;Ёлкина\n7А;\"Сосна\n7А;Клён\n", 3),
            ("Класс;Ученик\n7А;\"Сосна\n7А;\"Клён\"\n7А;Дуб\n", 2),
            ("\"Класс;Ученик\n7А;Дуб", 1),
        ] {
            let expected = ExchangeError::CsvMalformed { file: FileKind::Finals.into(), row: at };
            assert_eq!(rows(text), Err(expected), "{text}");
        }
        // A quote within a bare cell, or text after a closed one, harms nobody.
        let stray = "Класс;Ученик\n7А;доска 5\" и \"мел\n7А;\"Дуб\" сын\n";
        let expected = [row(2, ["7А", "доска 5\" и \"мел", ""]), row(3, ["7А", "Дуб сын", ""])];
        assert_eq!(rows(stray), Ok(expected.to_vec()));
    }

    #[test]
    fn a_row_of_another_width_is_refused() {
        let text = "Класс;Ученик\n7А\n7А;Дуб;;\n7А;Дуб;x\n";
        let files = SchoolFiles::from_texts([("finals.csv", text)]);
        let content = Content::of(&files, FileKind::Finals.into()).unwrap();
        let mut sheet = Sheet::open(&content, COLUMNS).unwrap();
        let mut sound = Vec::new();
        while let Some(row) = sheet.next_row().unwrap() {
            sound.push(row.whole().map_err(|refused| (refused.line, refused.code)));
        }
        let refused = |line| Err((line, "row_malformed"));
        assert_eq!(sound, [refused(2), Ok(()), refused(4)]);
    }

    /// A text that comes a few bytes at a time.
    struct Dribbling<'t>(&'t [u8], usize);

    impl SchoolSource for Dribbling<'_> {
        fn form(&self, kind: FileKind) -> Option<FileForm> {
            (kind == FileKind::Finals).then_some(FileForm::Csv)
        }

        fn open(&self, _: FileKind) -> Result<Box<dyn SchoolFile + '_>, ExchangeError> {
            Ok(Box::new(Drops(Cursor::new(self.0), self.1)))
        }
    }

    struct Drops<'t>(Cursor<&'t [u8]>, usize);

    impl Read for Drops<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            // As a signal interrupts a read now and then.
            if self.0.position() % 7 == 3 && self.1 % 2 == 1 {
                self.1 += 1;
                return Err(io::ErrorKind::Interrupted.into());
            }
            let most = into.len().min(self.1);
            self.0.read(&mut into[..most])
        }
    }

    impl Seek for Drops<'_> {
        fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
            self.0.seek(place)
        }
    }

    /// What a row of a text is: cells that say on which line it stands, and how it ends.
    fn pieces() -> impl Strategy<Value = Vec<(u8, bool, usize)>> {
        prop::collection::vec((0_u8..3, any::<bool>(), 0_usize..400), 100..300)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn lines_are_right_wherever_pieces_end(
            pieces in pieces(), drop in 1_usize..3000, is_1251 in any::<bool>(),
        ) {
            let (mut text, mut line, mut expected) = ("Класс;Ученик\n".to_owned(), 1, Vec::new());
            for (ending, is_quoted, filling) in pieces {
                let ending = ["\n", "\r\n", "\r"][usize::from(ending)];
                line += 1;
                if filling % 9 == 0 {
                    // An empty line. After a return alone a line feed would be its other half.
                    let ending = if text.ends_with('\r') { "\r" } else { ending };
                    text.push_str(ending);
                    continue;
                }
                let filling = "ё".repeat(filling);
                let cell = if is_quoted { format!("{filling}\r\n{line}\n") } else { filling.clone() };
                let quote = if is_quoted { "\"" } else { "" };
                text.push_str(&format!("{line};{quote}{cell}{quote}{ending}"));
                expected.push((line, line.to_string(), cell.trim().to_owned()));
            }
            let bytes = match is_1251 {
                true => encoding_rs::WINDOWS_1251.encode(&text).0.into_owned(),
                false => text.clone().into_bytes(),
            };
            let source = Dribbling(&bytes, drop);
            let content = Content::of(&source, FileKind::Finals.into()).unwrap();
            let mut sheet = Sheet::open(&content, COLUMNS).unwrap();
            let mut found = Vec::new();
            while let Some(row) = sheet.next_row().unwrap() {
                found.push((row.line, row.cell(0).to_owned(), row.cell(1).to_owned()));
            }
            prop_assert_eq!(sheet.progress(), (bytes.len() as u64, bytes.len() as u64));
            prop_assert_eq!(found, expected);
        }
    }
}
