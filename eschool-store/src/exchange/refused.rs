//! The rows that were refused, as files that can be corrected and fed back.

use std::collections::HashMap;

use super::{
    ExchangeError, FileForm, FileKind, FileName, ImportReport, Refused, SchoolFiles, Sheet, Table,
    rows,
    sheet::{REASON, SOURCE_LINE},
    source::Source,
};

impl SchoolFiles {
    /// The rows of these files that an import refused or set aside, each as it was typed, with the
    /// line it stood on («Строка») and why it was not taken («Ошибка») behind. The headings are those
    /// of the file, the form is text; files without such rows are left out.
    ///
    /// Corrected, the files are fed back with
    /// [`import_corrections`](crate::Store::import_corrections); both columns are ignored by the
    /// eye that reads rows, so nobody has to take them away.
    ///
    /// ```no_run
    /// use eschool_store::exchange::{ExchangeError, ImportReport, SchoolFiles};
    ///
    /// fn hand_back(files: &SchoolFiles, report: &ImportReport) -> Result<(), ExchangeError> {
    ///     for (name, bytes) in files.refused_rows(report)?.iter() {
    ///         println!("{name}: {} bytes to correct", bytes.len());
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`ExchangeError`] where a file cannot be read: then it is none of those the report is about.
    pub fn refused_rows(&self, report: &ImportReport) -> Result<Self, ExchangeError> {
        let mut lines: HashMap<FileKind, HashMap<u32, &Refused>> = HashMap::new();
        for refused in report.refused.iter().chain(&report.conflicts) {
            if let Some(kind) = FileKind::of_name(&refused.file) {
                lines.entry(kind).or_default().insert(refused.line, refused);
            }
        }
        let mut files = Self::default();
        for (name, bytes) in self.iter() {
            let Some(lines) = lines.get(&name.kind) else { continue };
            let table = refused_of(&Source::read(name, bytes)?, lines)?;
            let file = FileName { kind: name.kind, form: FileForm::Csv };
            files.put(file, table.to_csv().into_bytes());
        }
        Ok(files)
    }
}

fn refused_of(source: &Source<'_>, lines: &HashMap<u32, &Refused>) -> Result<Table, ExchangeError> {
    let mut sheet = Sheet::open(source, rows::columns_of(source.file.kind))?;
    let headings = sheet.columns().headings().iter();
    let headings = headings.filter(|heading| ![SOURCE_LINE, REASON].contains(&heading.as_str()));
    let mut headings: Vec<String> = headings.cloned().collect();
    let mut rows = Vec::new();
    while let Some(row) = sheet.next_row()? {
        let Some(refused) = lines.get(&row.line) else { continue };
        let cells: Vec<String> = row.typed().map(|(_, cell)| cell.into()).collect();
        // A row may have more cells than the heading, which is why it was refused.
        headings.resize(headings.len().max(cells.len()), String::new());
        let reason = match refused.column.as_str() {
            "" => refused.text_ru.into(),
            column => format!("{column}: {}", refused.text_ru),
        };
        rows.push((cells, row.source_line().unwrap_or(row.line), reason));
    }
    let width = headings.len();
    let mut table = Table::new(headings.into_iter().chain([SOURCE_LINE, REASON].map(Into::into)));
    for (mut cells, line, reason) in rows {
        cells.resize(width, String::new());
        table.push(cells.into_iter().chain([line.to_string(), reason]));
    }
    Ok(table)
}
