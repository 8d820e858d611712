//! Tables as they are written: headings, rows of cells, in either form.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::{
    FileForm, FileKind,
    guard::{guarded, guarded_in_sheet},
};

/// A table that becomes a file.
pub(crate) struct Table {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new(headings: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { headings: headings.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// A table with every column of its kind.
    pub(crate) fn of(kind: FileKind) -> Self {
        Self::new(headings(kind).iter().copied())
    }

    /// Adds a row; cells are trimmed, as they are when they are read.
    pub(crate) fn push(&mut self, cells: impl IntoIterator<Item = impl AsRef<str>>) {
        self.rows.push(cells.into_iter().map(|cell| cell.as_ref().trim().into()).collect());
    }

    /// The file.
    ///
    /// # Errors
    /// If a spreadsheet cannot hold the table: it has too many rows, or a cell is too long.
    pub(crate) fn write(&self, form: FileForm) -> Result<Vec<u8>, XlsxError> {
        match form {
            FileForm::Csv => Ok(self.to_csv().into_bytes()),
            FileForm::Xlsx => self.to_xlsx(),
        }
    }

    /// UTF-8 with a byte order mark, semicolons, CRLF between rows: what spreadsheets open as it is.
    pub(super) fn to_csv(&self) -> String {
        let mut text = String::from("\u{feff}");
        for row in std::iter::once(&self.headings).chain(&self.rows) {
            // A row of one empty cell would be an empty line, which is no row.
            for (place, cell) in row.iter().enumerate() {
                if place > 0 {
                    text.push(';');
                }
                let cell = guarded(cell);
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
        text
    }

    /// One sheet of texts: nothing in it is a number or a date that a spreadsheet would change. Two
    /// equal tables are equal bytes.
    fn to_xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let no_day = ExcelDateTime::from_ymd(2000, 1, 1)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&no_day));
        let sheet = book.add_worksheet();
        for (row, cells) in (0_u32..).zip(std::iter::once(&self.headings).chain(&self.rows)) {
            for (column, cell) in (0_u16..).zip(cells) {
                if !cell.is_empty() {
                    // A spreadsheet has line feeds alone within a cell.
                    let cell = cell.replace("\r\n", "\n").replace('\r', "\n");
                    sheet.write_string(row, column, &*guarded_in_sheet(&cell))?;
                }
            }
        }
        book.save_to_buffer()
    }
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
