//! Why a draft does not become the page of a lesson.

use alloc::string::{String, ToString as _};

use chrono::NaiveDate;
use thiserror::Error;

use crate::{
    error::CodedError,
    id::{ClassId, MarkId, WorkId},
    journal::{AttendanceError, HistoryError, JournalFault},
};

/// Why a draft does not become the page of a lesson, by the field and its value.
///
/// ```
/// use eschool_core::{error::CodedError, journal::PageError};
///
/// let work = "019379ab-0000-7000-8000-000000000201".parse()?;
/// let error = PageError::WorkNotThere { work };
/// assert_eq!((error.code(), error.field()), ("page_work_not_there", Some("work")));
/// # Ok::<(), eschool_core::id::IdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PageError {
    /// A lesson does not go from one class to another.
    #[error("the field `class` is `{class}`, not that of the lesson")]
    ClassDiffers {
        /// The class of the draft.
        class: ClassId,
    },
    /// The school has no such class.
    #[error("the field `class` is `{class}`, no class of this school")]
    ClassUnknown {
        /// The class of the draft.
        class: ClassId,
    },
    /// The day is not one of the school year of the class.
    #[error("the field `date` is `{date}`, not in the school year that begins in {year}")]
    DateOutsideYear {
        /// The day of the draft.
        date: NaiveDate,
        /// The calendar year in which the school year of the class begins.
        year: i32,
    },
    /// The draft has more rows of a kind than [`MOST_ROWS`](Self::MOST_ROWS).
    #[error("the field `{field}` has more than {} rows", Self::MOST_ROWS)]
    TooManyRows {
        /// The rows.
        field: &'static str,
    },
    /// A text holds a zero character, which not every database keeps.
    #[error("the field `{field}` has a text with a zero character")]
    TextMalformed {
        /// The field.
        field: &'static str,
    },
    /// The lesson is of no subject.
    #[error("the field `subject` is missing; a lesson is of a subject")]
    SubjectMissing,
    /// A work of the draft has an identifier that no work of the lesson has, or one that stands
    /// twice.
    #[error("the field `work` is `{work}`, no work of this lesson, or one that stands here twice")]
    WorkNotThere {
        /// The work.
        work: WorkId,
    },
    /// A mark of the draft has an identifier that no mark of this pupil for this work has in the
    /// lesson, or one that stands twice.
    #[error(
        "the field `mark` is `{mark}`, no mark of this pupil for this work in this lesson, or one \
         that stands here twice"
    )]
    MarkNotThere {
        /// The mark.
        mark: MarkId,
    },
    /// An attendance code means nothing.
    #[error(transparent)]
    Attendance(#[from] AttendanceError),
    /// A mark cannot become what it is to be.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A row cannot stand where it does; the first such row.
    #[error("a {} of the lesson cannot stand so: {}", .0.row.kind(), .0.error)]
    Unsound(JournalFault),
}

impl PageError {
    /// No page has more works, marks, or other rows of one kind: a hundred for every pupil of a
    /// large class.
    pub const MOST_ROWS: usize = 4096;

    fn cause(&self) -> Option<&dyn CodedError> {
        match self {
            Self::ClassDiffers { .. }
            | Self::ClassUnknown { .. }
            | Self::DateOutsideYear { .. }
            | Self::TooManyRows { .. }
            | Self::TextMalformed { .. }
            | Self::SubjectMissing
            | Self::WorkNotThere { .. }
            | Self::MarkNotThere { .. } => None,
            Self::Attendance(error) => Some(error),
            Self::History(error) => Some(error),
            Self::Unsound(fault) => Some(&fault.error),
        }
    }
}

impl From<JournalFault> for PageError {
    fn from(fault: JournalFault) -> Self {
        Self::Unsound(fault)
    }
}

impl CodedError for PageError {
    fn code(&self) -> &'static str {
        match self {
            Self::ClassDiffers { .. } => "page_class_differs",
            Self::ClassUnknown { .. } => "page_class_unknown",
            Self::DateOutsideYear { .. } => "page_date_outside_year",
            Self::TooManyRows { .. } => "page_too_many_rows",
            Self::TextMalformed { .. } => "page_text_malformed",
            Self::SubjectMissing => "page_subject_missing",
            Self::WorkNotThere { .. } => "page_work_not_there",
            Self::MarkNotThere { .. } => "page_mark_not_there",
            _ => self.cause().map_or("page_unsound", CodedError::code),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::ClassDiffers { .. } => "Урок не переносят из одного класса в другой",
            Self::ClassUnknown { .. } => "Такого класса в школе нет",
            Self::DateOutsideYear { .. } => {
                "Этот день не относится к учебному году класса: проверьте дату урока"
            }
            Self::TooManyRows { .. } => {
                "На странице урока слишком много записей одного вида: не больше 4096"
            }
            Self::TextMalformed { .. } => {
                "В тексте есть символ, который нельзя сохранить: наберите текст заново"
            }
            Self::SubjectMissing => "Укажите предмет урока",
            Self::WorkNotThere { .. } => "Такой работы на этом уроке нет, или она указана дважды",
            Self::MarkNotThere { .. } => {
                "Такой отметки за эту работу у ученика на этом уроке нет, или она указана дважды"
            }
            _ => self.cause().map_or("Страницу урока нельзя записать", CodedError::text_ru),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::ClassDiffers { .. } | Self::ClassUnknown { .. } => Some("class"),
            Self::DateOutsideYear { .. } => Some("date"),
            Self::TooManyRows { field } | Self::TextMalformed { field } => Some(field),
            Self::SubjectMissing => Some("subject"),
            Self::WorkNotThere { .. } => Some("work"),
            Self::MarkNotThere { .. } => Some("mark"),
            _ => self.cause().and_then(CodedError::field),
        }
    }

    fn value(&self) -> Option<String> {
        match self {
            Self::ClassDiffers { class } | Self::ClassUnknown { class } => Some(class.to_string()),
            Self::DateOutsideYear { date, .. } => Some(date.to_string()),
            Self::TooManyRows { .. } | Self::TextMalformed { .. } | Self::SubjectMissing => None,
            Self::WorkNotThere { work } => Some(work.to_string()),
            Self::MarkNotThere { mark } => Some(mark.to_string()),
            _ => self.cause().and_then(CodedError::value),
        }
    }
}
