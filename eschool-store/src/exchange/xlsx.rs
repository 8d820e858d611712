//! A spreadsheet as the text it would be if it were saved as one.
//!
//! The first sheet is read cell by cell, never as a rectangle: one cell in the last corner would
//! make that one of seventeen thousand million cells. Before that the file is unpacked once into
//! nothing, so that a small file which unpacks to a huge one is refused before it takes memory.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use calamine::{DataRef, Dimensions, ExcelDateTime, Reader as _, Xlsx, XlsxError};
use zip::result::ZipError;

use super::{
    ExchangeError, FileName, RowError, SchoolFile, SchoolFiles, columns::fold, content::Faults,
};

/// What old spreadsheets begin with, and new ones that a password protects.
const COMPOUND_FILE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// More merged stretches than a table of people or marks can have by mistake.
const MOST_MERGED: usize = 4096;

/// The rows and columns of a sheet: a cell beyond them is no spreadsheet program's.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// More cells that say nothing than anybody would mend.
const MOST_FAULTS: usize = 1 << 20;

/// Reads a spreadsheet's first sheet: its text, and the cells that say nothing.
pub(super) fn read(
    file: FileName,
    mut opened: Box<dyn SchoolFile + '_>,
) -> Result<(String, Faults), ExchangeError> {
    let not_a_sheet = ExchangeError::SpreadsheetUnreadable { file };
    let is_old = is_compound(&mut *opened).map_err(|error| ExchangeError::of_io(file, &error))?;
    match is_old {
        None => {}
        Some(Encrypted(true)) => return Err(ExchangeError::SpreadsheetProtected { file }),
        Some(Encrypted(false)) => return Err(not_a_sheet),
    }
    let mut opened = BufReader::new(opened);
    unpacks_small_enough(file, &mut opened)?;
    let failed = |error: XlsxError| match error {
        XlsxError::Password => ExchangeError::SpreadsheetProtected { file },
        XlsxError::Io(error) => unreadable_or_broken(file, &error),
        _ => ExchangeError::SpreadsheetUnreadable { file },
    };
    let mut book = Xlsx::new(opened).map_err(failed)?;
    let Some(sheet) = book.sheet_names().into_iter().next() else { return Err(not_a_sheet) };
    let merged = book.merge_cells_by_sheet_name(&sheet).map_err(failed)?;
    if merged.len() > MOST_MERGED {
        return Err(ExchangeError::FileTooLarge { file });
    }
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(failed)?;
    let mut table = Table::new(file, merged);
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(failed)? {
        table.take(cell.pos, &cell.value, cell.formula.is_some())?;
    }
    table.finish()
}

/// Whether a password protects what an old container holds.
struct Encrypted(bool);

/// Whether a file is an old container, and whether a spreadsheet that a password protects is in it: it
/// names its one stream so, in UTF-16. The file is at its beginning before and after.
fn is_compound(file: &mut dyn SchoolFile) -> io::Result<Option<Encrypted>> {
    let mut bytes = Vec::new();
    file.take(COMPOUND_FILE.len() as u64).read_to_end(&mut bytes)?;
    let is_old = bytes == COMPOUND_FILE;
    if is_old {
        file.read_to_end(&mut bytes)?;
    }
    file.seek(SeekFrom::Start(0))?;
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let is_named = || bytes.windows(name.len()).any(|window| window == name);
    Ok(is_old.then(|| Encrypted(is_named())))
}

/// What is packed wrong is told as an error of reading, too.
fn unreadable_or_broken(file: FileName, error: &io::Error) -> ExchangeError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            ExchangeError::SpreadsheetUnreadable { file }
        }
        _ => ExchangeError::of_io(file, error),
    }
}

/// Unpacks everything into nothing and counts, whatever the file says of itself.
fn unpacks_small_enough(
    file: FileName,
    opened: &mut (impl Read + Seek),
) -> Result<(), ExchangeError> {
    let failed = |error| match error {
        ZipError::Io(error) => unreadable_or_broken(file, &error),
        _ => ExchangeError::SpreadsheetUnreadable { file },
    };
    let mut archive = zip::ZipArchive::new(opened).map_err(failed)?;
    let mut left = SchoolFiles::LONGEST_FILE;
    for place in 0..archive.len() {
        let entry = archive.by_index(place).map_err(failed)?;
        let mut entry = entry.take(left + 1);
        let length = io::copy(&mut entry, &mut io::sink())
            .map_err(|error| unreadable_or_broken(file, &error))?;
        left = left.checked_sub(length).ok_or(ExchangeError::FileTooLarge { file })?;
    }
    Ok(())
}

/// The text that rows of cells become.
struct Table {
    file: FileName,
    text: String,
    /// The line the text has come to.
    line: u32,
    /// The row that is being read, from 0, and its cells.
    row: u32,
    cells: Vec<String>,
    /// How many bytes they hold together.
    length: u64,
    faults: Faults,
    fault_count: usize,
    /// How many cells the heading has: what is beyond belongs to no column.
    width: usize,
    of_row: Vec<(usize, RowError)>,
    /// Where a number is a СНИЛС that lost its zeros; none before the heading is read.
    snils: Option<Vec<usize>>,
    merged: Vec<Dimensions>,
}

impl Table {
    fn new(file: FileName, mut merged: Vec<Dimensions>) -> Self {
        merged.retain(|stretch| stretch.start != stretch.end);
        Self {
            file,
            text: String::new(),
            line: 0,
            row: 0,
            cells: Vec::new(),
            length: 0,
            faults: Faults::new(),
            fault_count: 0,
            width: usize::MAX,
            of_row: Vec::new(),
            snils: None,
            merged,
        }
    }

    /// Takes a cell that stands after those before it, or in a later row.
    fn take(
        &mut self,
        (row, column): (u32, u32),
        value: &DataRef<'_>,
        is_formula: bool,
    ) -> Result<(), ExchangeError> {
        let too_large = ExchangeError::FileTooLarge { file: self.file };
        if row >= ROWS || column >= COLUMNS {
            return Err(too_large);
        }
        if row < self.row {
            return Err(ExchangeError::SpreadsheetUnreadable { file: self.file });
        }
        if row > self.row {
            self.end_row()?;
            self.row = row;
        }
        let column = column as usize;
        let is_snils = self.snils.as_ref().is_some_and(|columns| columns.contains(&column));
        let mut text = text_of(value, is_snils);
        let fault = match value {
            DataRef::Error(_) => Some(RowError::CellError),
            _ if is_formula => Some(RowError::CellFormula),
            _ if text.contains('\0') => Some(RowError::CellZero),
            _ => None,
        };
        text.retain(|c| c != '\0');
        if column < self.width {
            self.of_row.extend(fault.map(|fault| (column, fault)));
        }
        self.length = self.length.saturating_add(text.len() as u64);
        let before = self.text.len() as u64;
        let is_long = before.saturating_add(self.length) > SchoolFiles::LONGEST_FILE;
        if is_long || self.of_row.len() > MOST_FAULTS {
            return Err(too_large);
        }
        if !text.is_empty() || fault.is_some() {
            if self.cells.len() <= column {
                self.cells.resize(column + 1, String::new());
            }
            if let Some(cell) = self.cells.get_mut(column) {
                *cell = text;
            }
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), ExchangeError> {
        let mut cells = std::mem::take(&mut self.cells);
        let mut faults = std::mem::take(&mut self.of_row);
        self.length = 0;
        if cells.is_empty() {
            return Ok(());
        }
        match &self.snils {
            None => {
                // A heading that is not a plain text is none: its column is then missing.
                for (column, _) in faults.drain(..) {
                    cells.get_mut(column).map(String::clear);
                }
                let heading = cells.iter().enumerate();
                let of_snils = heading.filter(|(_, cell)| fold(cell) == "снилс");
                self.width = cells.len();
                self.snils = Some(of_snils.map(|(column, _)| column).collect());
            }
            Some(_) => faults.extend(self.merged_at(self.row)),
        }
        while self.line < self.row {
            self.text.push('\n');
            self.line += 1;
        }
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                self.text.push(';');
            }
            push_cell(&mut self.text, cell);
        }
        self.text.push('\n');
        self.line += 1;
        if !faults.is_empty() {
            self.fault_count = self.fault_count.saturating_add(faults.len());
            self.faults.insert(self.line, faults);
        }
        if self.fault_count > MOST_FAULTS || self.text.len() as u64 > SchoolFiles::LONGEST_FILE {
            return Err(ExchangeError::FileTooLarge { file: self.file });
        }
        Ok(())
    }

    /// The places of a row that belong to merged stretches, as far as the heading goes.
    fn merged_at(&self, row: u32) -> impl Iterator<Item = (usize, RowError)> {
        let here = self.merged.iter().filter(move |m| (m.start.0..=m.end.0).contains(&row));
        let columns = here.flat_map(|stretch| {
            let end = (stretch.end.1 as usize).saturating_add(1).min(self.width);
            stretch.start.1 as usize..end
        });
        // Stretches of a tampered file may lie upon each other.
        columns.take(MOST_FAULTS).map(|column| (column, RowError::CellsMerged))
    }

    fn finish(mut self) -> Result<(String, Faults), ExchangeError> {
        self.end_row()?;
        Ok((self.text, self.faults))
    }
}

/// What a person would have typed for a value.
fn text_of(value: &DataRef<'_>, is_snils: bool) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        // Zeros before a number are what a spreadsheet forgets of a СНИЛС.
        DataRef::Int(number) if is_snils => format!("{number:011}"),
        DataRef::Float(number) if is_snils && number.fract() == 0.0 => format!("{number:011.0}"),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(yes) => if *yes { "да" } else { "нет" }.into(),
        DataRef::DateTime(at) => date_or_time(at),
        DataRef::DateTimeIso(text) => match text.split_once('T') {
            Some((day, time)) if time.starts_with("00:00") => day.into(),
            _ => text.clone(),
        },
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// A day as `31.12.2024`; a time of day as `08:30`; a day with a time as both, which no column
/// takes.
fn date_or_time(at: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let has_time = (hour, minute, second) != (0, 0, 0);
    if (0.0..1.0).contains(&at.as_f64()) {
        return match second {
            0 => format!("{hour:02}:{minute:02}"),
            _ => format!("{hour:02}:{minute:02}:{second:02}"),
        };
    }
    let day = format!("{day:02}.{month:02}.{year:04}");
    if has_time { format!("{day} {hour:02}:{minute:02}:{second:02}") } else { day }
}

/// A cell as a text holds it.
fn push_cell(text: &mut String, cell: &str) {
    if !cell.contains(['"', ';', '\r', '\n']) {
        text.push_str(cell);
        return;
    }
    text.push('"');
    for (place, part) in cell.split('"').enumerate() {
        if place > 0 {
            text.push_str("\"\"");
        }
        text.push_str(part);
    }
    text.push('"');
}

#[cfg(test)]
mod tests;
