//! Rows of a journal that cannot stand together.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::{String, ToString as _},
    vec::Vec,
};

use chrono::NaiveDate;
use thiserror::Error;
use uuid::Uuid;

use super::{
    Attendance, IndividualHomework, Lesson, Mark, Remark, Stay, SubgroupMembership, Work,
    place::Place,
};
use crate::{
    calendar::{Bell, GREATEST_NUMBER},
    error::CodedError,
    id::{AccountId, LessonId, MarkId, WorkId},
};

/// The rows of some days' journals, with the stays and bells of those days.
///
/// ```
/// use eschool_core::journal::{JournalRows, check_journal};
///
/// assert!(check_journal(&JournalRows::default()).is_empty());
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct JournalRows<'a> {
    /// When lessons begin and end.
    pub bells: &'a [Bell],
    /// The pupils' times in classes, former ones too: a work may be of a class that was left.
    pub stays: &'a [Stay],
    /// The pupils' times in subgroups.
    pub subgroups: &'a [SubgroupMembership],
    /// The lessons.
    pub lessons: &'a [Lesson],
    /// The works of those lessons.
    pub works: &'a [Work],
    /// The marks.
    pub marks: &'a [Mark],
    /// The attendance.
    pub attendance: &'a [Attendance],
    /// The homework for one pupil alone.
    pub individual_homework: &'a [IndividualHomework],
    /// The remarks.
    pub remarks: &'a [Remark],
}

/// Which row of a journal.
///
/// ```
/// use eschool_core::journal::JournalRow;
///
/// let row = JournalRow::Lesson("019379ab-0000-7000-8000-000000000101".parse().unwrap());
/// assert_eq!(row.kind(), "lesson");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JournalRow {
    /// A lesson.
    Lesson(LessonId),
    /// A work.
    Work(WorkId),
    /// A mark.
    Mark(MarkId),
    /// A pupil's attendance at a lesson.
    Attendance(AccountId, LessonId),
    /// A pupil's own homework of a lesson.
    IndividualHomework(AccountId, LessonId),
    /// A remark on a pupil in a lesson.
    Remark(AccountId, LessonId),
}

impl JournalRow {
    /// What kind of row it is, as on the wire.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Lesson(_) => "lesson",
            Self::Work(_) => "work",
            Self::Mark(_) => "mark",
            Self::Attendance(..) => "attendance",
            Self::IndividualHomework(..) => "individualHomework",
            Self::Remark(..) => "remark",
        }
    }

    /// The identifier of a row that has one of its own.
    const fn id(&self) -> Option<Uuid> {
        match self {
            Self::Lesson(id) => Some(id.0),
            Self::Work(id) => Some(id.0),
            Self::Mark(id) => Some(id.0),
            Self::Attendance(..) | Self::IndividualHomework(..) | Self::Remark(..) => None,
        }
    }
}

/// A row that cannot stand where it does.
///
/// ```
/// use eschool_core::{error::CodedError, journal::{JournalError, JournalFault, JournalRow}};
///
/// let lesson = "019379ab-0000-7000-8000-000000000101".parse().unwrap();
/// let row = JournalRow::Lesson(lesson);
/// let fault = JournalFault { row, error: JournalError::LessonNumber { number: 0 } };
/// assert_eq!((fault.row.kind(), fault.error.field(), fault.error.value().as_deref()), ("lesson", Some("number"), Some("0")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalFault {
    /// Which row.
    pub row: JournalRow,
    /// What is wrong with it.
    pub error: JournalError,
}

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
    /// of the pupil's.
    #[error(
        "the field `work` is `{work}`, a work of another subject, of a lesson to come or of a class \
         the pupil was never in"
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
            Self::LessonUnknown { .. } => "lesson_unknown",
            Self::LessonCancelled { .. } => "lesson_cancelled",
            Self::DateDiffers { .. } => "date_differs",
            Self::PupilElsewhere { .. } => "pupil_elsewhere",
            Self::WorkUnknown { .. } => "work_unknown",
            Self::WorkElsewhere { .. } => "work_elsewhere",
            Self::IdRepeated { .. } => "id_repeated",
            Self::AttendanceRepeated { .. } => "attendance_repeated",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::LessonNumber { .. } => {
                "Номер урока – от 1 до 20; нулевой урок бывает, если на него есть звонок"
            }
            Self::LessonRepeated { .. } => "У класса или подгруппы уже есть урок с этим номером",
            Self::LessonUnknown { .. } => "Такого урока в журнале нет",
            Self::LessonCancelled { .. } => "Урок отменён: посещаемость на нём не отмечают",
            Self::DateDiffers { .. } => "Дата не совпадает с датой урока",
            Self::PupilElsewhere { .. } => "В этот день ученик не в этом классе или подгруппе",
            Self::WorkUnknown { .. } => "Такой работы в журнале нет",
            Self::WorkElsewhere { .. } => {
                "Работа относится к другому предмету, к будущему уроку или к чужому классу"
            }
            Self::IdRepeated { .. } => "Запись с таким идентификатором уже есть",
            Self::AttendanceRepeated { .. } => "Посещаемость ученика на этом уроке уже отмечена",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::LessonNumber { .. } | Self::LessonRepeated { .. } => "number",
            Self::LessonUnknown { .. }
            | Self::LessonCancelled { .. }
            | Self::AttendanceRepeated { .. } => "lesson",
            Self::DateDiffers { .. } => "date",
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
            Self::DateDiffers { date, .. } => date.to_string(),
            Self::PupilElsewhere { pupil, .. } => pupil.to_string(),
            Self::WorkUnknown { work } | Self::WorkElsewhere { work } => work.to_string(),
            Self::IdRepeated { id } => id.to_string(),
        })
    }
}

/// Finds the rows of a journal that cannot stand together, kind by kind in the order they came, each
/// with the first thing that is wrong with it.
///
/// Reading such rows is no danger: a diary passes over what is not its own. This is for who writes
/// them. Whether a weight, a mark or a name is one is asked where it is made, and terms have a check
/// of their own ([`check_terms`](crate::calendar::check_terms)).
///
/// A mark may stand in a later lesson than its work, one of the same subject: so a work that was
/// owed is handed in. A pupil who changed class hands it in there; a work of a class they had not
/// been in by then is not theirs.
///
/// ```
/// use eschool_core::journal::{JournalRows, Mark, check_journal};
///
/// let mark: Mark = serde_json::from_str(r#"{
///     "id": "019379ab-0000-7000-8000-000000000301",
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "lesson": "019379ab-0000-7000-8000-000000000101",
///     "work": "019379ab-0000-7000-8000-000000000201",
///     "date": "2024-09-16", "value": "5", "writtenAt": "2024-09-16T12:00:00Z"
/// }"#).unwrap();
/// let faults = check_journal(&JournalRows { marks: &[mark], ..JournalRows::default() });
/// assert_eq!(
///     faults[0].error.to_string(),
///     "the field `lesson` is `019379ab-0000-7000-8000-000000000101`; there is no such lesson",
/// );
/// ```
#[must_use]
pub fn check_journal(rows: &JournalRows<'_>) -> Vec<JournalFault> {
    let check = Check {
        lessons: rows.lessons.iter().map(|lesson| (lesson.id, lesson)).collect(),
        works: rows.works.iter().map(|work| (work.id, work)).collect(),
        places: places(rows),
    };
    let lessons = lesson_faults(rows);
    let works = rows
        .works
        .iter()
        .map(|work| (JournalRow::Work(work.id), check.lesson(work.lesson).map(drop)));
    let marks = rows.marks.iter().map(|mark| (JournalRow::Mark(mark.id), check.mark(mark)));
    let mut met = BTreeSet::new();
    let attendance = rows.attendance.iter().map(|row| {
        let repeated = !met.insert((row.pupil, row.lesson));
        (JournalRow::Attendance(row.pupil, row.lesson), check.attendance(row, repeated))
    });
    let homework = rows.individual_homework.iter().map(|row| {
        let checked = check.pupil_in(row.pupil, row.lesson);
        (JournalRow::IndividualHomework(row.pupil, row.lesson), checked)
    });
    let remarks = rows.remarks.iter().map(|row| {
        (JournalRow::Remark(row.pupil, row.lesson), check.pupil_in(row.pupil, row.lesson))
    });
    let checked = lessons.into_iter().chain(works).chain(marks);
    let checked = checked.chain(attendance).chain(homework).chain(remarks);
    let mut known = BTreeSet::new();
    let faults = checked.filter_map(|(row, checked)| {
        let repeated = row.id().filter(|_| !known.insert(row));
        let error = repeated.map(|id| JournalError::IdRepeated { id }).or(checked.err())?;
        Some(JournalFault { row, error })
    });
    faults.collect()
}

type Checked = Result<(), JournalError>;

fn lesson_faults(rows: &JournalRows<'_>) -> Vec<(JournalRow, Checked)> {
    let has_zeroth = rows.bells.iter().any(|bell| bell.number == 0);
    let mut hours = BTreeMap::new();
    let faults = rows.lessons.iter().map(|lesson| {
        let number = lesson.number;
        let hour = (lesson.date, lesson.class, lesson.subgroup.as_ref(), number);
        let other = *hours.entry(hour).or_insert(lesson.id);
        let checked = if number > GREATEST_NUMBER || number == 0 && !has_zeroth {
            Err(JournalError::LessonNumber { number })
        } else if other != lesson.id {
            Err(JournalError::LessonRepeated { number, other })
        } else {
            Ok(())
        };
        (JournalRow::Lesson(lesson.id), checked)
    });
    faults.collect()
}

/// Where each pupil belongs.
fn places(rows: &JournalRows<'_>) -> BTreeMap<AccountId, Place> {
    let mut places: BTreeMap<AccountId, Place> = BTreeMap::new();
    for stay in rows.stays {
        places.entry(stay.pupil).or_default().stays.push(*stay);
    }
    for membership in rows.subgroups {
        places.entry(membership.pupil).or_default().subgroups.push(membership.clone());
    }
    places
}

/// The rows by what others name them by.
struct Check<'a> {
    lessons: BTreeMap<LessonId, &'a Lesson>,
    works: BTreeMap<WorkId, &'a Work>,
    places: BTreeMap<AccountId, Place>,
}

impl<'a> Check<'a> {
    fn lesson(&self, lesson: LessonId) -> Result<&'a Lesson, JournalError> {
        self.lessons.get(&lesson).copied().ok_or(JournalError::LessonUnknown { lesson })
    }

    fn pupil(&self, pupil: AccountId, lesson: &Lesson) -> Checked {
        if self.places.get(&pupil).is_some_and(|place| place.owns(lesson)) {
            Ok(())
        } else {
            Err(JournalError::PupilElsewhere { pupil, date: lesson.date })
        }
    }

    /// Whether the lesson is there, and the pupil in it.
    fn pupil_in(&self, pupil: AccountId, lesson: LessonId) -> Checked {
        self.pupil(pupil, self.lesson(lesson)?)
    }

    /// Whether the lesson is there, on that day, and the pupil in it.
    fn place(
        &self,
        pupil: AccountId,
        lesson: LessonId,
        date: NaiveDate,
    ) -> Result<&'a Lesson, JournalError> {
        let lesson = self.lesson(lesson)?;
        if lesson.date != date {
            return Err(JournalError::DateDiffers { date, held: lesson.date });
        }
        self.pupil(pupil, lesson)?;
        Ok(lesson)
    }

    fn mark(&self, mark: &Mark) -> Checked {
        let lesson = self.place(mark.pupil, mark.lesson, mark.date)?;
        let work = self.works.get(&mark.work);
        let work = work.ok_or(JournalError::WorkUnknown { work: mark.work })?;
        // A work of a lesson that is not there is that work's own fault.
        let Some(given) = self.lessons.get(&work.lesson) else { return Ok(()) };
        let earlier = (given.date, given.number) < (lesson.date, lesson.number);
        let was_in_class = self.places.get(&mark.pupil).is_some_and(|place| {
            let in_class = |stay: &Stay| stay.class == given.class && stay.from <= lesson.date;
            place.stays.iter().any(in_class)
        });
        let is_owed = earlier && given.subject == lesson.subject && was_in_class;
        if given.id == lesson.id || is_owed {
            Ok(())
        } else {
            Err(JournalError::WorkElsewhere { work: work.id })
        }
    }

    fn attendance(&self, row: &Attendance, repeated: bool) -> Checked {
        let lesson = self.place(row.pupil, row.lesson, row.date)?;
        if lesson.cancelled {
            Err(JournalError::LessonCancelled { lesson: lesson.id })
        } else if repeated {
            Err(JournalError::AttendanceRepeated { lesson: lesson.id })
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
