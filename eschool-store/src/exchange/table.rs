//! Tables as they are written: headings, rows of cells, in either form.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use super::{
    FileForm, FileKind,
    guard::{guarded, guarded_in_sheet},
};

/// A table that is being written, row by row.
pub(crate) enum Table {
    Csv(TextTable),
    /// The sheet, and how many rows it has.
    Xlsx(Box<Worksheet>, u32),
}

impl Table {
    /// A table with every column of its kind.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub(crate) fn of(kind: FileKind, form: FileForm) -> Result<Self, XlsxError> {
        let mut table = match form {
            FileForm::Csv => return Ok(Self::Csv(TextTable::with(headings(kind)))),
            FileForm::Xlsx => Self::Xlsx(Box::default(), 0),
        };
        table.push(headings(kind))?;
        Ok(table)
    }

    /// Adds a row; cells are trimmed, as they are when they are read.
    ///
    /// # Errors
    /// If a spreadsheet cannot hold it: it has too many rows already, or a cell is too long.
    pub(crate) fn push(
        &mut self,
        cells: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<(), XlsxError> {
        match self {
            Self::Csv(text) => {
                text.push(cells);
                Ok(())
            }
            Self::Xlsx(sheet, row) => {
                for (column, cell) in (0_u16..).zip(cells) {
                    push_cell(sheet, (*row, column), cell.as_ref().trim())?;
                }
                *row = row.saturating_add(1);
                Ok(())
            }
        }
    }

    /// The file. Two equal tables are equal bytes.
    ///
    /// # Errors
    /// If the spreadsheet cannot be packed.
    pub(crate) fn finish(self) -> Result<Vec<u8>, XlsxError> {
        match self {
            Self::Csv(text) => Ok(text.finish()),
            Self::Xlsx(sheet, _) => {
                let mut book = Workbook::new();
                let no_day = ExcelDateTime::from_ymd(2000, 1, 1)?;
                book.set_properties(&DocProperties::new().set_creation_datetime(&no_day));
                book.push_worksheet(*sheet);
                book.save_to_buffer()
            }
        }
    }
}

/// A table as text: UTF-8 with a byte order mark, semicolons, CRLF between rows, what spreadsheets open
/// as it is.
pub(crate) struct TextTable(String);

impl TextTable {
    /// A table with these columns.
    pub(super) fn with(headings: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut table = Self("\u{feff}".into());
        table.push(headings);
        table
    }

    /// Adds a row; cells are trimmed, as they are when they are read.
    pub(super) fn push(&mut self, cells: impl IntoIterator<Item = impl AsRef<str>>) {
        let text = &mut self.0;
        for (place, cell) in cells.into_iter().enumerate() {
            if place > 0 {
                text.push(';');
            }
            let cell = guarded(cell.as_ref().trim());
            if cell.contains(['"', ';', '\r', '\n']) {
                text.push('"');
                text.push_str(&cell.replace('"', "\"\""));
                text.push('"');
            } else {
                text.push_str(&cell);
            }
        }
        text.push_str("\r\n");
    }

    /// The file.
    pub(super) fn finish(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

/// A cell of texts alone: nothing in the sheet is a number or a date that a spreadsheet would change.
fn push_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &str,
) -> Result<(), XlsxError> {
    if cell.is_empty() {
        return Ok(());
    }
    // A spreadsheet has line feeds alone within a cell.
    let cell = cell.replace("\r\n", "\n").replace('\r', "\n");
    sheet.write_string(row, column, &*guarded_in_sheet(&cell))?;
    Ok(())
}

/// Every column of a kind of file, in the order in which they are written.
const fn headings(kind: FileKind) -> &'static [&'static str] {
    match kind {
        FileKind::School => &["Наименование", "Учредитель", "Муниципалитет", "Часовой пояс"],
        FileKind::Calendar => &["С", "По", "Вид", "По расписанию", "Название"],
        FileKind::Periods => &["Параллель", "Период", "Начало", "Конец"],
        FileKind::Bells => &["Урок", "Начало", "Конец"],
        FileKind::Pupils => &[
            "Класс",
            "Фамилия",
            "Имя",
            "Отчество",
            "Дата рождения",
            "СНИЛС",
            "Эл. почта",
            "Зачислен",
            "Выбыл",
            "Подгруппа",
        ],
        FileKind::Parents => &[
            "Фамилия",
            "Имя",
            "Отчество",
            "Дата рождения",
            "Телефон",
            "СНИЛС",
            "Тип родства",
            "Ребёнок",
            "Класс",
        ],
        FileKind::Staff => &[
            "Фамилия",
            "Имя",
            "Отчество",
            "Дата рождения",
            "Телефон",
            "СНИЛС",
            "Предмет",
            "Классный руководитель",
        ],
        FileKind::Timetable => {
            &["Класс", "День", "Урок", "Предмет", "Подгруппа", "Учитель", "Кабинет"]
        }
        FileKind::Lessons => &[
            "Дата",
            "Класс",
            "Подгруппа",
            "Урок",
            "Предмет",
            "Вместо",
            "Отменён",
            "Дистанционно",
            "Учитель",
            "Кабинет",
            "Тема",
            "Домашнее задание",
        ],
        FileKind::IndividualHomework => {
            &["Дата", "Класс", "Урок", "Предмет", "Ученик", "Домашнее задание"]
        }
        FileKind::Marks => &[
            "Дата",
            "Класс",
            "Урок",
            "Предмет",
            "Ученик",
            "Отметка",
            "Вид работы",
            "Работа",
            "Вес",
            "Комментарий",
        ],
        FileKind::Attendance => &["Дата", "Класс", "Урок", "Предмет", "Ученик", "Код"],
        FileKind::Finals => &["Класс", "Ученик", "Предмет", "Период", "Отметка"],
    }
}
