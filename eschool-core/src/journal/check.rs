//! Rows of a journal that cannot stand together.
//!
//! * `rows`: what is checked; `error`: what may be wrong with it.
//! * `lessons`, `finals`: what is asked of these beside the rest.

mod error;
mod finals;
mod lessons;
mod rows;

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use chrono::NaiveDate;

pub use error::JournalError;
use finals::final_faults;
use lessons::{is_due_after, lesson_faults};
pub use rows::{JournalFault, JournalRow, JournalRows};

use super::{
    Attendance, Lesson, Mark, Subgroup, Work,
    place::{Place, Spot},
};
use crate::id::{AccountId, ClassId, LessonId, WorkId};

/// Finds the rows of a journal that cannot stand together, kind by kind in the order they came, each
/// with the first thing that is wrong with it.
///
/// A diary made of such rows passes over what is not its own, and a stay or a membership that ends
/// before it begins holds on no day; but on the wire one such stay or membership refuses the whole
/// slice it stands in. This is for who writes them. Whether a weight, a mark or a name is one is
/// asked where it is made, and terms have a check of their own
/// ([`check_terms`](crate::calendar::check_terms)). What reading keeps as unknown, writing refuses: a
/// mark, a class of attendance, a kind of final.
///
/// A mark may stand in a later lesson than its work, one of the same subject: so a work that was
/// owed is handed in. A pupil who changed class hands it in there; a work of a class they had not
/// been in by then is not theirs, nor is one of a part of the class they were never in.
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
    let finals = final_faults(rows);
    let works = rows
        .works
        .iter()
        .map(|work| (JournalRow::Work(work.id), check.lesson(work.lesson).map(drop)));
    let mut first_days = FirstDays::new();
    let marks = rows
        .marks
        .iter()
        .map(|mark| (JournalRow::Mark(mark.id), check.mark(mark, &mut first_days)));
    let mut met = BTreeSet::new();
    let attendance = rows.attendance.iter().map(|row| {
        let repeated = !met.insert((row.pupil, row.lesson));
        (JournalRow::Attendance(row.pupil, row.lesson), check.attendance(row, repeated))
    });
    let homework = rows.individual_homework.iter().map(|row| {
        let checked = check
            .pupil_in(row.pupil, row.lesson)
            .and_then(|lesson| is_due_after(lesson.date, Some(&row.homework)));
        (JournalRow::IndividualHomework(row.pupil, row.lesson), checked)
    });
    let remarks = rows.remarks.iter().map(|row| {
        let checked = check.pupil_in(row.pupil, row.lesson).map(drop);
        (JournalRow::Remark(row.pupil, row.lesson), checked)
    });
    let checked = lessons.into_iter().chain(works).chain(marks);
    let checked = checked.chain(attendance).chain(homework).chain(remarks).chain(finals);
    let mut known = BTreeSet::new();
    let faults = checked.filter_map(|(row, checked)| {
        let repeated = row.id().filter(|_| !known.insert(row));
        let error = repeated.map(|id| JournalError::IdRepeated { id }).or(checked.err())?;
        Some(JournalFault { row, error })
    });
    faults.collect()
}

type Checked = Result<(), JournalError>;

/// What is written must be known.
const fn is_known(is_known: bool, field: &'static str) -> Checked {
    if is_known { Ok(()) } else { Err(JournalError::ValueUnknown { field }) }
}

/// Where each pupil belongs, class by class: nothing else decides what is theirs there.
type Places = BTreeMap<(AccountId, ClassId), Place>;

fn places(rows: &JournalRows<'_>) -> Places {
    let mut places = Places::new();
    for stay in rows.stays {
        places.entry((stay.pupil, stay.class)).or_default().stays.push(*stay);
    }
    for membership in rows.subgroups {
        let place = places.entry((membership.pupil, membership.class)).or_default();
        place.subgroups.push(membership.clone());
    }
    places
}

/// The day since which a pupil has what is taught in a class, or a part of it, under a subject:
/// found once, for many works may have been handed in later.
type FirstDays<'a> =
    BTreeMap<(AccountId, ClassId, Option<&'a Subgroup>, &'a str), Option<NaiveDate>>;

/// The rows by what others name them by.
struct Check<'a> {
    lessons: BTreeMap<LessonId, &'a Lesson>,
    works: BTreeMap<WorkId, &'a Work>,
    places: Places,
}

impl<'a> Check<'a> {
    fn lesson(&self, lesson: LessonId) -> Result<&'a Lesson, JournalError> {
        self.lessons.get(&lesson).copied().ok_or(JournalError::LessonUnknown { lesson })
    }

    fn pupil(&self, pupil: AccountId, lesson: &Lesson) -> Checked {
        if self.places.get(&(pupil, lesson.class)).is_some_and(|place| place.owns(lesson)) {
            Ok(())
        } else {
            Err(JournalError::PupilElsewhere { pupil, date: lesson.date })
        }
    }

    /// Whether the lesson is there, and the pupil in it.
    fn pupil_in(&self, pupil: AccountId, lesson: LessonId) -> Result<&'a Lesson, JournalError> {
        let lesson = self.lesson(lesson)?;
        self.pupil(pupil, lesson)?;
        Ok(lesson)
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

    /// Whether the pupil was, on some day up to this one, where the lesson was given.
    fn was_theirs(
        &self,
        given: &'a Lesson,
        pupil: AccountId,
        day: NaiveDate,
        first_days: &mut FirstDays<'a>,
    ) -> bool {
        let spot = Spot::from(given);
        let first = *first_days
            .entry((pupil, spot.class, spot.subgroup, spot.divided_for))
            .or_insert_with(|| self.places.get(&(pupil, spot.class))?.first_day(spot));
        first.is_some_and(|first| first <= day)
    }

    fn mark(&self, mark: &Mark, first_days: &mut FirstDays<'a>) -> Checked {
        let lesson = self.place(mark.pupil, mark.lesson, mark.date)?;
        let work = self.works.get(&mark.work);
        let work = work.ok_or(JournalError::WorkUnknown { work: mark.work })?;
        // A work of a lesson that is not there is that work's own fault.
        let Some(given) = self.lessons.get(&work.lesson) else { return Ok(()) };
        let earlier = (given.date, given.number) < (lesson.date, lesson.number);
        let mut is_owed = || {
            earlier
                && given.subject == lesson.subject
                && self.was_theirs(given, mark.pupil, lesson.date, first_days)
        };
        if given.id != lesson.id && !is_owed() {
            return Err(JournalError::WorkElsewhere { work: work.id });
        }
        is_known(mark.value.is_known(), "value")
    }

    fn attendance(&self, row: &Attendance, repeated: bool) -> Checked {
        let lesson = self.place(row.pupil, row.lesson, row.date)?;
        if lesson.cancelled {
            Err(JournalError::LessonCancelled { lesson: lesson.id })
        } else if repeated {
            Err(JournalError::AttendanceRepeated { lesson: lesson.id })
        } else {
            is_known(row.class.is_known(), "class")
        }
    }
}

#[cfg(test)]
mod tests;
