//! What is wrong with a row of a journal.

use alloc::string::{String, ToString as _};

use chrono::NaiveDate;
use thiserror::Error;
use uuid::Uuid;

use crate::{
    error::{CodedError, Shown},
    id::{AccountId, LessonId, WorkId},
};

/// Why a row cannot stand where it does, by the field and its value.
///
/// ```
/// use eschool_core::{error::CodedError, journal::JournalError};
///
/// let error = JournalError::LessonNumber { number: 21 };
/// assert_eq!(error.code(), "lesson_number");
/// assert_eq!(error.to_string(), "the field `number` is `21`; lessons go from 1, or from 0 where a bell rings for it, to 20");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum JournalError {
    /// A lesson's number is beyond 20, or 0 in a school that has no bell for it.
    #[error(
        "the field `number` is `{number}`; lessons go from 1, or from 0 where a bell rings for it, \
         to 20"
    )]
    LessonNumber {
        /// The number.
        number: u8,
    },
    /// Another lesson has the same day, class, subgroup and number.
    #[error("the field `number` is `{number}`, that of `{other}` in the same class and hour")]
    LessonRepeated {
        /// The number both have.
        number: u8,
        /// The lesson that stood first.
        other: LessonId,
    },
    /// The lesson is on a day that has none: a holiday, a vacation, a weekend that is not worked.
    #[error("the field `date` is `{date}`, a day without lessons")]
    NoSchoolDay {
        /// The day.
        date: NaiveDate,
    },
    /// Homework is due before the lesson it was given in.
    #[error("the field `due` is `{due}`, before the lesson on `{held}`")]
    DueBefore {
        /// The day it is due.
        due: NaiveDate,
        /// The day of the lesson.
        held: NaiveDate,
    },
    /// There is no such lesson.
    #[error("the field `lesson` is `{lesson}`; there is no such lesson")]
    LessonUnknown {
        /// The lesson.
        lesson: LessonId,
    },
    /// Attendance is recorded at a lesson that was not held.
    #[error("the field `lesson` is `{lesson}`; that lesson was cancelled")]
    LessonCancelled {
        /// The lesson.
        lesson: LessonId,
    },
    /// The day is not that of the lesson.
    #[error("the field `date` is `{date}`; the lesson is on `{held}`")]
    DateDiffers {
        /// The day of the row.
        date: NaiveDate,
        /// The day of the lesson.
        held: NaiveDate,
    },
    /// On the day of the lesson the pupil is not in its class, or not in its part of it.
    #[error("the field `pupil` is `{pupil}`, who is not in the class or subgroup on `{date}`")]
    PupilElsewhere {
        /// The pupil.
        pupil: AccountId,
        /// The day.
        date: NaiveDate,
    },
    /// There is no such work.
    #[error("the field `work` is `{work}`; there is no such work")]
    WorkUnknown {
        /// The work.
        work: WorkId,
    },
    /// The work is neither of the mark's lesson nor of an earlier one of the same subject in a class
    /// of the pupil's, and in the pupil's part of it.
    #[error(
        "the field `work` is `{work}`, a work of another subject, of a lesson to come, or of a class \
         or a part of one the pupil was never in"
    )]
    WorkElsewhere {
        /// The work.
        work: WorkId,
    },
    /// Another row of the kind has the same identifier.
    #[error("the field `id` is `{id}`, that of another row of the kind")]
    IdRepeated {
        /// The identifier.
        id: Uuid,
    },
    /// What was written is a value of a newer version, which this one cannot vouch for.
    #[error("the field `{field}` is `***`, which this version does not know")]
    ValueUnknown {
        /// `value` of a mark, `class` of an attendance, `kind` of a final.
        field: &'static str,
    },
    /// A final of a term names none.
    #[error("the field `term` is missing; a final of a term names it")]
    TermMissing,
    /// A final of a year, an exam or a course names a term.
    #[error("the field `term` is `{term}`, in a final that is of no term")]
    TermUnwanted {
        /// The term.
        term: Shown,
    },
    /// No year of study has such a term in that school year.
    #[error("the field `term` is `{term}`; there is no such term in that school year")]
    TermUnknown {
        /// The term.
        term: Shown,
    },
    /// A debt closes nothing.
    #[error("the field `value` is `***`, a debt; what was not handed in closes no term or year")]
    FinalDebt,
    /// The pupil has a final of that subject for the same already.
    #[error("the field `subject` is `{subject}`, in which the pupil has the same final already")]
    FinalRepeated {
        /// The subject.
        subject: Shown,
    },
    /// The pupil has attendance at this lesson already.
    #[error("the field `lesson` is `{lesson}`, at which the pupil has attendance already")]
    AttendanceRepeated {
        /// The lesson.
        lesson: LessonId,
    },
}

impl CodedError for JournalError {
    fn code(&self) -> &'static str {
        match self {
            Self::LessonNumber { .. } => "lesson_number",
            Self::LessonRepeated { .. } => "lesson_repeated",
            Self::NoSchoolDay { .. } => "no_school_day",
            Self::DueBefore { .. } => "due_before_lesson",
            Self::LessonUnknown { .. } => "lesson_unknown",
            Self::LessonCancelled { .. } => "lesson_cancelled",
            Self::DateDiffers { .. } => "date_differs",
            Self::PupilElsewhere { .. } => "pupil_elsewhere",
            Self::WorkUnknown { .. } => "work_unknown",
            Self::WorkElsewhere { .. } => "work_elsewhere",
            Self::IdRepeated { .. } => "id_repeated",
            Self::ValueUnknown { .. } => "value_unknown",
            Self::TermMissing => "term_missing",
            Self::TermUnwanted { .. } => "term_unwanted",
            Self::TermUnknown { .. } => "term_unknown",
            Self::FinalDebt => "final_debt",
            Self::FinalRepeated { .. } => "final_repeated",
            Self::AttendanceRepeated { .. } => "attendance_repeated",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::LessonNumber { .. } => {
                "Номер урока – от 1 до 20; нулевой урок бывает, если на него есть звонок"
            }
            Self::LessonRepeated { .. } => "У класса или подгруппы уже есть урок с этим номером",
            Self::NoSchoolDay { .. } => "В этот день уроков нет: выходной, праздник или каникулы",
            Self::DueBefore { .. } => "Срок домашнего задания раньше урока, на котором его задали",
            Self::LessonUnknown { .. } => "Такого урока в журнале нет",
            Self::LessonCancelled { .. } => "Урок отменён: посещаемость на нём не отмечают",
            Self::DateDiffers { .. } => "Дата не совпадает с датой урока",
            Self::PupilElsewhere { .. } => "В этот день ученик не в этом классе или подгруппе",
            Self::WorkUnknown { .. } => "Такой работы в журнале нет",
            Self::WorkElsewhere { .. } => {
                "Работа относится к другому предмету, к будущему уроку, к чужому классу или подгруппе"
            }
            Self::IdRepeated { .. } => "Запись с таким идентификатором уже есть",
            Self::ValueUnknown { .. } => "Такого значения эта версия не знает: записать его нельзя",
            Self::TermMissing => "Укажите учебный период, за который выставлена отметка",
            Self::TermUnwanted { .. } => {
                "Учебный период указывают только у отметки за период: не у годовой, не у экзамена"
            }
            Self::TermUnknown { .. } => "Такого учебного периода в этом году нет",
            Self::FinalDebt => "Долг не бывает итоговой отметкой",
            Self::FinalRepeated { .. } => "Такая итоговая отметка по предмету уже выставлена",
            Self::AttendanceRepeated { .. } => "Посещаемость ученика на этом уроке уже отмечена",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::LessonNumber { .. } | Self::LessonRepeated { .. } => "number",
            Self::LessonUnknown { .. }
            | Self::LessonCancelled { .. }
            | Self::AttendanceRepeated { .. } => "lesson",
            Self::NoSchoolDay { .. } | Self::DateDiffers { .. } => "date",
            Self::DueBefore { .. } => "due",
            Self::ValueUnknown { field } => field,
            Self::TermMissing | Self::TermUnwanted { .. } | Self::TermUnknown { .. } => "term",
            Self::FinalDebt => "value",
            Self::FinalRepeated { .. } => "subject",
            Self::PupilElsewhere { .. } => "pupil",
            Self::WorkUnknown { .. } | Self::WorkElsewhere { .. } => "work",
            Self::IdRepeated { .. } => "id",
        })
    }

    fn value(&self) -> Option<String> {
        Some(match self {
            Self::LessonNumber { number } | Self::LessonRepeated { number, .. } => {
                number.to_string()
            }
            Self::LessonUnknown { lesson }
            | Self::LessonCancelled { lesson }
            | Self::AttendanceRepeated { lesson } => lesson.to_string(),
            Self::NoSchoolDay { date } | Self::DateDiffers { date, .. } => date.to_string(),
            Self::DueBefore { due, .. } => due.to_string(),
            Self::ValueUnknown { .. } | Self::FinalDebt => "***".into(),
            Self::TermMissing => return None,
            Self::TermUnwanted { term } | Self::TermUnknown { term } => term.to_string(),
            Self::FinalRepeated { subject } => subject.to_string(),
            Self::PupilElsewhere { pupil, .. } => pupil.to_string(),
            Self::WorkUnknown { work } | Self::WorkElsewhere { work } => work.to_string(),
            Self::IdRepeated { id } => id.to_string(),
        })
    }
}
