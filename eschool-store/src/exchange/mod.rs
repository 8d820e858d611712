//! The files schools exchange: tables as text or as spreadsheets, one school in a folder.
//!
//! * [`SchoolSource`]: where the files of one school are: [`SchoolFolder`] on a disk, [`SchoolFiles`]
//!   in memory, as an upload or a program has them.
//! * [`Store::import_school`](crate::Store::import_school) takes them in; [`ImportReport`] tells
//!   what became of them, [`ImportProgress`] how far it is.
//! * [`Store::export_school`](crate::Store::export_school) gives them out, in the same form.
//! * [`ImportReport::refused_rows`]: what was refused, as files to correct;
//!   [`Store::import_corrections`](crate::Store::import_corrections) takes them.
//! * [`ExchangeError`]: why files cannot be read at all; [`RowError`]: why one row is refused,
//!   beside the core's own errors of dates, СНИЛС, phones, names, marks and weights.
//!
//! # The form
//! UTF-8 with or without a byte order mark, or windows-1251; cells between `;` or `,`, found by
//! the heading; quoted cells may hold line breaks, which stay as they are. Headings are matched by
//! name, whatever the case, ё or е, and the order; columns nobody knows are ignored. Dates are
//! `31.12.2024`. Cells are trimmed; a row of empty cells is no row.
//!
//! Any of them may be a spreadsheet instead, `parents.xlsx`, of which the first sheet is read as if
//! it had been saved as text: days and times as they are shown, a number under «СНИЛС» with the
//! zeros that a spreadsheet forgets. A row with an error (#Н/Д), a formula or a merged cell in one of
//! our columns is refused. A spreadsheet may have 64 MiB, and 256 MiB once it is unpacked.
//!
//! A spreadsheet takes a cell of a text that begins with `=`, `+`, `-` or `@` for a formula. What is
//! written begins such a cell with an apostrophe, `'+79123456789`, unless the sign stands alone; of
//! what is read one apostrophe before such a sign is taken away. So no name is run as a formula, no
//! phone loses its sign when the file is saved by hand, and what is fed back is what was given out.
//! Marks (`4-`) do not begin with a sign and stay as they are.
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
//! emptied. An empty «Зачислен» means the stay in the class that is there, else 1 September; an empty
//! «Выбыл» does not say that a stay goes on, unless the files replace what is there.
//!
//! # What is refused
//! A row stands alone: it is taken or refused whole, with one code, and its line is counted as a
//! spreadsheet counts rows, the heading being 1. An empty cell is missing, not malformed.
//!
//! What never lives here: a database, and rules about who is whose. Rows become typed values by
//! the core's own types, and no error or `Debug` repeats what stood in a cell.

mod columns;
mod content;
mod encoding;
mod error;
mod files;
mod folder;
mod guard;
mod name;
mod progress;
mod read;
mod refused;
mod report;
mod rows;
mod sheet;
mod source;
mod table;
mod tap;
mod text;
mod xlsx;

pub(crate) use columns::Columns;
pub use error::{ExchangeError, RowError};
pub use files::{FileKind, SchoolFiles};
pub use folder::SchoolFolder;
pub use name::{FileForm, FileName};
pub use progress::{ImportProgress, ImportStage};
pub(crate) use read::{Contents, FrameRows, JournalRows, Parsed, PeopleSheets, parse};
pub use report::{
    Differing, ImportCounts, ImportOptions, ImportReport, Incomplete, Refused, SeveralChildren,
};
pub(crate) use rows::{
    AttendanceRow, FileRows, FinalPeriod, FinalRow, HomeworkRow, InLesson, LessonRow, MarkRow,
    ParentCells, Person, PupilCells, SchoolRow, StaffCells, TimetableRow,
};
pub(crate) use sheet::{Row, Sheet};
pub use source::{SchoolFile, SchoolSource};
pub(crate) use table::Table;
pub(crate) use text::{Text, Texts};
