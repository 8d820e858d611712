//! Why files cannot be read, and why a row is refused.

use std::io;

use eschool_core::error::CodedError;
use thiserror::Error;

use super::FileName;

/// Why the files of a school cannot be imported at all. Nothing is written then.
///
/// It names files, rows and headings, never what stands in a cell.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_store::exchange::{ExchangeError, FileKind};
///
/// let error = ExchangeError::HeaderMissing { file: FileKind::Marks.into(), column: "Отметка" };
/// assert_eq!(error.code(), "header_missing");
/// assert_eq!(error.to_string(), "`marks.csv` has no column `Отметка`");
/// assert_eq!(error.message_ru(), "В файле marks.csv нет столбца «Отметка»");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExchangeError {
    /// A required file is not there.
    #[error("`{file}` is missing")]
    FileMissing {
        /// The file.
        file: FileName,
    },
    /// The system does not give the file out.
    #[error("`{file}` cannot be read: {reason}")]
    FileUnreadable {
        /// The file.
        file: FileName,
        /// What the system says.
        reason: io::ErrorKind,
    },
    /// The file is not the one that it was when it was looked at first.
    #[error("`{file}` was changed while it was read; begin anew")]
    FileChanged {
        /// The file.
        file: FileName,
    },
    /// The file, or what a spreadsheet unpacks to, is longer than
    /// [`SchoolFiles::LONGEST_FILE`](super::SchoolFiles::LONGEST_FILE) says.
    #[error("`{file}` is too large: a text may have 256 MiB, a spreadsheet 64, unpacked 256")]
    FileTooLarge {
        /// The file.
        file: FileName,
    },
    /// The file is neither UTF-8 nor windows-1251 text; perhaps it is a spreadsheet.
    #[error("`{file}` is not a text in UTF-8 or windows-1251; save it as CSV or name it .xlsx")]
    EncodingUnknown {
        /// The file.
        file: FileName,
    },
    /// The heading lacks a column that rows cannot do without.
    #[error("`{file}` has no column `{column}`")]
    HeaderMissing {
        /// The file.
        file: FileName,
        /// The column's heading.
        column: &'static str,
    },
    /// A quoted cell is not closed, so that it swallows the rows after it.
    #[error("row {row} of `{file}` has a quoted cell that is not closed")]
    CsvMalformed {
        /// The file.
        file: FileName,
        /// The row, counted as a spreadsheet does.
        row: u32,
    },
    /// A row longer than any table has: it is none, or a quoted cell is not closed.
    #[error("row {row} of `{file}` is too long: 4 MiB at most; is a quoted cell not closed?")]
    RowTooLong {
        /// The file.
        file: FileName,
        /// The row, counted as a spreadsheet does.
        row: u32,
    },
    /// A spreadsheet that cannot be taken apart: no spreadsheet at all, an old `.xls` under another
    /// name, a broken one.
    #[error("`{file}` is not a spreadsheet that can be read; save it as .xlsx anew")]
    SpreadsheetUnreadable {
        /// The file.
        file: FileName,
    },
    /// A spreadsheet that a password protects.
    #[error("`{file}` is protected with a password; save it without one")]
    SpreadsheetProtected {
        /// The file.
        file: FileName,
    },
    /// `school.csv` names no school.
    #[error("`school.csv` names no school")]
    SchoolMissing,
    /// `school.csv` names several schools: each is imported by itself.
    #[error("`school.csv` names several schools; import them one by one")]
    SeveralSchools,
    /// The time zone is none that the IANA database knows.
    #[error("`school.csv` names a time zone nobody knows; write it as `Europe/Moscow`")]
    TimeZoneUnknown,
    /// `periods.csv` has no good row, so nobody can tell which school year it is.
    #[error("`periods.csv` has no term, so the school year is not known")]
    TermsMissing,
}

impl ExchangeError {
    /// Why a file cannot be read: what the system says, or what a source says by an error of ours.
    pub(super) fn of_io(file: FileName, error: &io::Error) -> Self {
        let ours = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>());
        ours.cloned().unwrap_or(Self::FileUnreadable { file, reason: error.kind() })
    }

    /// What a person reads, in Russian, with the file and the column.
    #[must_use]
    pub fn message_ru(&self) -> String {
        match self {
            Self::FileMissing { file } => format!("Нет файла {file}"),
            Self::FileUnreadable { file, .. } => {
                format!("Файл {file} не читается: проверьте права на него")
            }
            Self::FileChanged { file } => {
                format!("Файл {file} изменили, пока его читали: загрузите файлы ещё раз")
            }
            Self::FileTooLarge { file } => format!("Файл {file} слишком велик: {LARGEST_RU}"),
            Self::EncodingUnknown { file } => {
                format!("Файл {file} – не текст в UTF-8 или windows-1251: сохраните его как CSV")
            }
            Self::HeaderMissing { file, column } => {
                format!("В файле {file} нет столбца «{column}»")
            }
            Self::CsvMalformed { file, row } => {
                format!("В файле {file} в строке {row} не закрыты кавычки")
            }
            Self::RowTooLong { file, row } => format!(
                "В файле {file} строка {row} длиннее 4 МиБ: закройте кавычки или сохраните его как CSV"
            ),
            Self::SpreadsheetUnreadable { file } => {
                format!("Файл {file} не читается как электронная таблица: сохраните его как .xlsx")
            }
            Self::SpreadsheetProtected { file } => {
                format!("Файл {file} защищён паролем: сохраните его без пароля")
            }
            Self::SchoolMissing
            | Self::SeveralSchools
            | Self::TimeZoneUnknown
            | Self::TermsMissing => self.text_ru().into(),
        }
    }
}

const LARGEST_RU: &str = "текст – не больше 256 МиБ, таблица .xlsx – 64 МиБ и 256 МиБ без сжатия";

impl CodedError for ExchangeError {
    fn code(&self) -> &'static str {
        match self {
            Self::FileMissing { .. } => "file_missing",
            Self::FileUnreadable { .. } => "file_unreadable",
            Self::FileChanged { .. } => "file_changed",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::EncodingUnknown { .. } => "encoding_unknown",
            Self::HeaderMissing { .. } => "header_missing",
            Self::CsvMalformed { .. } => "csv_malformed",
            Self::RowTooLong { .. } => "row_too_long",
            Self::SpreadsheetUnreadable { .. } => "spreadsheet_unreadable",
            Self::SpreadsheetProtected { .. } => "spreadsheet_protected",
            Self::SchoolMissing => "school_missing",
            Self::SeveralSchools => "several_schools",
            Self::TimeZoneUnknown => "time_zone_unknown",
            Self::TermsMissing => "terms_missing",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::FileMissing { .. } => "Нет нужного файла",
            Self::FileUnreadable { .. } => "Файл не читается: проверьте права на него",
            Self::FileChanged { .. } => "Файл изменили, пока его читали: загрузите файлы ещё раз",
            Self::FileTooLarge { .. } => {
                "Файл слишком велик: текст – не больше 256 МиБ, таблица .xlsx – 64 МиБ и 256 МиБ \
                 без сжатия"
            }
            Self::EncodingUnknown { .. } => {
                "Файл – не текст в UTF-8 или windows-1251: сохраните его как CSV"
            }
            Self::HeaderMissing { .. } => "В файле нет нужного столбца",
            Self::CsvMalformed { .. } => "В файле не закрыты кавычки",
            Self::RowTooLong { .. } => "В файле слишком длинная строка: закройте кавычки",
            Self::SpreadsheetUnreadable { .. } => {
                "Файл не читается как электронная таблица: сохраните его как .xlsx"
            }
            Self::SpreadsheetProtected { .. } => "Файл защищён паролем: сохраните его без пароля",
            Self::SchoolMissing => "В файле school.csv нет школы",
            Self::SeveralSchools => "В файле school.csv несколько школ: загрузите их по одной",
            Self::TimeZoneUnknown => {
                "В файле school.csv неизвестный часовой пояс. Запишите его так: Europe/Moscow"
            }
            Self::TermsMissing => {
                "В файле periods.csv нет ни одного учебного периода, и учебный год неизвестен"
            }
        }
    }
}

macro_rules! row_errors {
    ($( $(#[$meta:meta])* $variant:ident = $code:literal, $english:literal, $russian:literal; )+) => {
        /// Why a row is refused that no type of the core refuses: its form, and what it points at.
        ///
        /// ```
        /// use eschool_core::error::CodedError;
        /// use eschool_store::exchange::RowError;
        ///
        /// assert_eq!(RowError::ChildNotFound.code(), "child_not_found");
        /// assert_eq!(RowError::ChildNotFound.text_ru(), "Такого ребёнка в этом классе нет");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
        pub enum RowError {
            $( $(#[$meta])* #[error($english)] $variant, )+
        }

        impl CodedError for RowError {
            fn code(&self) -> &'static str {
                match self { $( Self::$variant => $code, )+ }
            }

            fn text_ru(&self) -> &'static str {
                match self { $( Self::$variant => $russian, )+ }
            }
        }
    };
}

row_errors! {
    /// The row has fewer cells than the heading, or more that are not empty.
    RowMalformed = "row_malformed",
        "the row has more or fewer cells than the heading",
        "В строке больше или меньше ячеек, чем в заголовке";
    /// A cell of a spreadsheet holds an error.
    CellError = "cell_error",
        "the cell holds an error of the spreadsheet",
        "В ячейке ошибка, например #Н/Д";
    /// A cell of a spreadsheet holds a formula: what it comes to may be old or not there.
    CellFormula = "cell_formula",
        "the cell holds a formula; put its value there",
        "В ячейке формула: вставьте вместо неё значение";
    /// A cell of a spreadsheet is merged with others: only the first of them says something.
    CellsMerged = "cells_merged",
        "the cell is merged with others; part them",
        "Ячейка объединена с соседними: отмените объединение ячеек";
    /// A cell of a spreadsheet holds a zero character, which not every database keeps.
    CellZero = "cell_zero",
        "the cell holds a zero character; type its text anew",
        "В ячейке есть символ, который нельзя сохранить: наберите её текст заново";
    /// A lesson has no number.
    NumberMissing = "number_missing",
        "the lesson's number is missing",
        "Укажите номер урока";
    /// A lesson's number is not 0 to 20.
    NumberInvalid = "number_invalid",
        "the lesson's number is not from 0 to 20",
        "Номер урока – число от 0 до 20";
    /// A year of study is not 1 to 12.
    GradeInvalid = "grade_invalid",
        "the year of study is not from 1 to 12",
        "Параллель – число от 1 до 12";
    /// A time of day is not `08:30`, or a lesson ends before it begins.
    TimeInvalid = "time_invalid",
        "the time is not written as `08:30`, or the lesson ends before it begins",
        "Время записывают так: 08:30, и конец урока позже начала";
    /// A day of the week has no such name.
    WeekdayUnknown = "weekday_unknown",
        "there is no such day of the week; write it as `Пн`",
        "Такого дня недели нет. Запишите его так: Пн";
    /// The calendar has no such kind of day.
    CalendarKindUnknown = "calendar_kind_unknown",
        "the calendar's kind is none of `каникулы`, `праздник`, `учебный`",
        "Вид дня – «каникулы», «праздник» или «учебный»";
    /// A yes-or-no cell says neither.
    FlagMalformed = "flag_malformed",
        "the cell says neither yes nor no",
        "В ячейке должно быть «да», «нет» или ничего";
    /// The subject is missing.
    SubjectMissing = "subject_missing",
        "the subject is missing",
        "Укажите предмет";
    /// A term has no name.
    TermMissing = "term_missing",
        "the term's name is missing",
        "Укажите учебный период";
    /// Homework has no text.
    HomeworkMissing = "homework_missing",
        "the homework is missing",
        "Укажите домашнее задание";
    /// There is no mark in a row of marks.
    MarkMissing = "mark_missing",
        "the mark is missing",
        "Укажите отметку";
    /// There is no code in a row of attendance.
    CodeMissing = "code_missing",
        "the attendance code is missing",
        "Укажите код посещаемости";
    /// The class is missing where a row cannot be without.
    ClassMissing = "class_missing",
        "the class is missing",
        "Укажите класс";
    /// The school has no such class this year.
    ClassNotFound = "class_not_found",
        "the school has no such class",
        "Такого класса в школе нет";
    /// A parent's row names no child.
    ChildMissing = "child_missing",
        "the child is missing",
        "Укажите ребёнка";
    /// No child of this name is or was in the class this year.
    ChildNotFound = "child_not_found",
        "the class has no such child",
        "Такого ребёнка в этом классе нет";
    /// Several children of the class have this name.
    ChildAmbiguous = "child_ambiguous",
        "the class has several children of this name",
        "В этом классе несколько детей с таким именем";
    /// The row names no pupil.
    PupilMissing = "pupil_missing",
        "the pupil is missing",
        "Укажите ученика";
    /// Nobody in the school has this name.
    PupilNotFound = "pupil_not_found",
        "the school has no such pupil",
        "Такого ученика в школе нет";
    /// Several pupils of the class have this name.
    PupilAmbiguous = "pupil_ambiguous",
        "the class has several pupils of this name",
        "В этом классе несколько учеников с таким именем";
    /// The pupil is not in the class on that day.
    NotInClass = "not_in_class",
        "the pupil is not in the class on that day",
        "В этот день ученик не в этом классе";
    /// The journal has no lesson with that date, class, number and subject for the pupil.
    LessonNotFound = "lesson_not_found",
        "the pupil has no such lesson",
        "Такого урока у ученика нет";
    /// Attendance is recorded in a lesson that was cancelled.
    LessonCancelled = "lesson_cancelled",
        "the lesson is cancelled",
        "Урок отменён";
    /// The pupil's year of study has no such term.
    TermNotFound = "term_not_found",
        "the pupil has no such term",
        "Такого учебного периода у ученика нет";
    /// The СНИЛС is somebody's with another name and another birth date.
    SnilsConflict = "snils_conflict",
        "the snils is somebody else's: name and birth date both differ",
        "СНИЛС записан у другого человека: и имя, и дата рождения другие";
    /// A row above gives the same subject of the same person another class.
    PostDuplicate = "post_duplicate",
        "a row above has this person and subject with another class",
        "Строка с этим сотрудником и предметом, но с другим классом, уже есть выше";
    /// A row above has the same date, class, subgroup and number.
    LessonDuplicate = "lesson_duplicate",
        "a row above has this date, class, subgroup and number",
        "Урок с этой датой, классом, подгруппой и номером уже есть выше";
    /// A row above has the same pupil and lesson.
    AttendanceDuplicate = "attendance_duplicate",
        "a row above has this pupil and lesson",
        "Посещаемость этого ученика на этом уроке уже есть выше";
    /// A row above has the same pupil, subject and period.
    FinalDuplicate = "final_duplicate",
        "a row above has this pupil, subject and period",
        "Итоговая отметка этого ученика по этому предмету и периоду уже есть выше";
}
