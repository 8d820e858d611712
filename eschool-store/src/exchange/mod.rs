//! The files schools exchange: tables as text, one school in a folder.
//!
//! * [`SchoolFiles`]: the files of one school as bytes, from a folder, an upload or a program.
//! * [`Store::import_school`](crate::Store::import_school) takes them in; [`ImportReport`] tells
//!   what became of them, [`ImportProgress`] how far it is.
//! * [`ExchangeError`]: why files cannot be read at all; [`RowError`]: why one row is refused,
//!   beside the core's own errors of dates, СНИЛС, phones, names, marks and weights.
//!
//! # The form
//! UTF-8 with or without a byte order mark, or windows-1251; cells between `;` or `,`, found by
//! the heading; quoted cells may hold line breaks, which stay as they are. Headings are matched by
//! name, whatever the case, ё or е, and the order; columns nobody knows are ignored. Dates are
//! `31.12.2024`. Cells are trimmed; a row of empty cells is no row.
//!
//! | file | columns; those in *italics* may be absent |
//! |---|---|
//! | school.csv | Наименование, *Учредитель, Муниципалитет, Часовой пояс* |
//! | calendar.csv | С, По, Вид (`каникулы`, `праздник`, `учебный`), *По расписанию, Название* |
//! | periods.csv | Параллель, Период, Начало, Конец |
//! | bells.csv | Урок, Начало, Конец |
//! | pupils.csv | Класс, Фамилия, Имя, Отчество, Дата рождения, СНИЛС, Зачислен, *Выбыл, Подгруппа, Эл. почта* |
//! | parents.csv | Фамилия, Имя, Отчество, Дата рождения, Телефон, СНИЛС, Ребёнок, Класс, *Тип родства* |
//! | staff.csv | Фамилия, Имя, Отчество, Дата рождения, Телефон, СНИЛС, Предмет, *Классный руководитель* |
//! | timetable.csv | Класс, День, Урок, Предмет, *Подгруппа, Учитель, Кабинет* |
//! | lessons.csv | Дата, Класс, Урок, Предмет, *Подгруппа, Вместо, Отменён, Дистанционно, Учитель, Кабинет, Тема, Домашнее задание* |
//! | individual_homework.csv | Дата, Класс, Урок, Предмет, Ученик, Домашнее задание |
//! | marks.csv | Дата, Класс, Урок, Предмет, Ученик, Отметка, *Вид работы, Работа, Вес, Комментарий* |
//! | attendance.csv | Дата, Класс, Урок, Предмет, Ученик, Код |
//! | finals.csv | Класс, Ученик, Предмет, Период (a term, `год`, `экзамен`, `итоговая`), Отметка |
//!
//! school, calendar, periods, bells and pupils are [required](FileKind::is_required). Where a
//! column is absent, what stands in the database stays; where its cell is empty, a lesson's field is
//! emptied.
//!
//! # What is refused
//! A row stands alone: it is taken or refused whole, with one code, and its line is counted as a
//! spreadsheet counts rows, the heading being 1. An empty cell is missing, not malformed.
//!
//! What never lives here: a database, and rules about who is whose. Rows become typed values by
//! the core's own types, and no error or `Debug` repeats what stood in a cell.

mod columns;
mod error;
mod files;
mod progress;
mod read;
mod report;
mod rows;
mod sheet;
mod text;

pub(crate) use columns::Columns;
pub use error::{ExchangeError, RowError};
pub use files::{FileKind, SchoolFiles};
pub use progress::{ImportProgress, ImportStage};
pub(crate) use read::{Decoded, FrameRows, JournalRows, Parsed, PeopleSheets, parse};
pub use report::{Differing, ImportCounts, ImportReport, Incomplete, Refused, SeveralChildren};
pub(crate) use rows::{
    AttendanceRow, FileRows, FinalPeriod, FinalRow, HomeworkRow, InLesson, LessonRow, MarkRow,
    ParentCells, Person, PupilCells, SchoolRow, StaffCells, TimetableRow,
};
pub(crate) use sheet::{Row, Sheet};
pub(crate) use text::{Text, Texts};
