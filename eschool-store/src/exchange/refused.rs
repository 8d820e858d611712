//! The rows that were refused, as files that can be corrected and fed back.

use std::collections::HashMap;

use super::{
    ExchangeError, FileForm, FileKind, FileName, ImportReport, Refused, SchoolFiles, SchoolSource,
    Sheet,
    content::Content,
    rows,
    sheet::{REASON, SOURCE_LINE},
    source::names,
    table::TextTable,
};

impl ImportReport {
    /// The rows of the files of this import that were refused or set aside, each as it was typed, with the
    /// line it stood on («Строка») and why it was not taken («Ошибка») behind. The headings are those
    /// of the file, the form is text; files without such rows are left out.
    ///
    /// Corrected, the files are fed back with
    /// [`import_corrections`](crate::Store::import_corrections); both columns are ignored by the
    /// eye that reads rows, so nobody has to take them away.
    ///
    /// ```no_run
    /// use eschool_store::exchange::{ExchangeError, ImportReport, SchoolSource};
    ///
    /// fn hand_back(report: &ImportReport, files: &dyn SchoolSource) -> Result<(), ExchangeError> {
    ///     for (name, bytes) in report.refused_rows(files)?.iter() {
    ///         println!("{name}: {} bytes to correct", bytes.len());
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`ExchangeError`] where a file cannot be read. Rows are found by their lines, so these are to be
    /// the files that were imported: the [`SchoolFolder`](super::SchoolFolder) of the import tells by
    /// [`FileChanged`](ExchangeError::FileChanged) where one was changed since; one that is made anew
    /// cannot know.
    pub fn refused_rows(&self, files: &dyn SchoolSource) -> Result<SchoolFiles, ExchangeError> {
        let mut lines: HashMap<FileKind, HashMap<u32, &Refused>> = HashMap::new();
        for refused in self.refused.iter().chain(&self.conflicts) {
            if let Some(kind) = FileKind::of_name(&refused.file) {
                lines.entry(kind).or_default().insert(refused.line, refused);
            }
        }
        let mut given = SchoolFiles::default();
        for name in names(files) {
            let Some(lines) = lines.get(&name.kind) else { continue };
            let table = refused_of(&Content::of(files, name)?, lines)?;
            let file = FileName { kind: name.kind, form: FileForm::Csv };
            given.put(file, table.finish());
        }
        Ok(given)
    }
}

fn refused_of(
    content: &Content<'_>,
    lines: &HashMap<u32, &Refused>,
) -> Result<TextTable, ExchangeError> {
    let mut sheet = Sheet::open(content, rows::columns_of(content.file.kind))?;
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
    let mut table =
        TextTable::with(headings.into_iter().chain([SOURCE_LINE, REASON].map(Into::into)));
    for (mut cells, line, reason) in rows {
        cells.resize(width, String::new());
        table.push(cells.into_iter().chain([line.to_string(), reason]));
    }
    Ok(table)
}
