//! A diary's days.

use alloc::{collections::BTreeMap, string::String, vec::Vec};
use core::mem;

use chrono::{NaiveDate, NaiveTime, Weekday};

use super::{
    Diary, DiaryDay, DiaryEntry, DiarySlice,
    due::with_due,
    own::{OwnLesson, OwnLessons},
    place::{self, Place, take_place},
};
use crate::{
    calendar::{Bell, DateRange, DayKind, TimetableLesson, school_day},
    id::ClassId,
};

/// Makes the days of a diary from what a store read.
///
/// # Which days, which lessons
///
/// Every day of `range` is there, in order; its kind is that of [`school_day`], and only an
/// ordinary one has entries (rule 7 of the exchange files). A lesson is the pupil's if a stay holds
/// that day in its class and it is for the whole class or for the pupil's subgroup on that day: the
/// one for its subject, or, where none names the subject, the one for all. A lesson that replaces
/// another keeps the subgroups of the replaced one.
///
/// Entries stand by number, those of one number in the order of the slice. A day after the last of
/// its class's journal takes the timetable of the weekday it follows, and its entries are
/// `planned`; a day the journal reaches but has no lesson on has no entries.
///
/// # What stands in them
///
/// Marks, attendance, remarks and individual homework stand in the lesson they name, whatever day a
/// row of theirs tells, marks in the order of their identifiers, and with a debt that is closed
/// ([`closed_debts`](crate::journal::closed_debts)) the mark that closed it, in a lesson after the
/// range too. Homework is due on the day the teacher set, else on that of the pupil's next lesson
/// of the subject, in the class and subgroup of **that** day (rule 8): a later one by date, or by
/// number on the same day, that is not cancelled and not merely planned. Individual homework
/// follows the same rule.
///
/// The function is total: rows of another pupil and rows in lessons that are not the pupil's are
/// passed over; a mark whose work is missing keeps its place with an empty title and the weight 1;
/// of two rows of attendance in one lesson the first holds.
///
/// # Example
///
/// ```
/// use eschool_core::{calendar::DateRange, diary::{DiarySlice, compose}};
///
/// let slice: DiarySlice = serde_json::from_value(serde_json::json!({
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "stays": [{
///         "pupil": "019379ab-0000-7000-8000-000000000001",
///         "class": "019379ab-0000-7000-8000-0000000000c7",
///         "from": "2024-09-01",
///     }],
///     "bells": [{"number": 2, "begins": "09:25:00", "ends": "10:10:00"}],
///     "lessons": [{
///         "id": "019379ab-0000-7000-8000-000000000101",
///         "class": "019379ab-0000-7000-8000-0000000000c7",
///         "date": "2024-09-16", "number": 2, "subject": "Физика", "topic": "Сила",
///         "homework": {"text": "§ 5"},
///         "writtenAt": "2024-09-16T07:00:00Z",
///     }],
///     "upcoming": [{
///         "class": "019379ab-0000-7000-8000-0000000000c7",
///         "subject": "Физика", "date": "2024-09-23",
///     }],
/// })).unwrap();
///
/// let monday = "2024-09-16".parse().unwrap();
/// let diary = compose(slice, DateRange::week_of(monday));
/// assert_eq!(diary.days.len(), 7);
///
/// let physics = &diary.days[0].entries[0];
/// assert_eq!(physics.begins.unwrap().to_string(), "09:25:00");
/// let homework = physics.homework.as_ref().unwrap();
/// assert_eq!(homework.due.unwrap().to_string(), "2024-09-23");
/// ```
#[must_use]
pub fn compose(mut slice: DiarySlice, range: DateRange) -> Diary {
    let place = take_place(&mut slice);
    let plan = Plan::take(&mut slice);
    let bells = Bells::of(&slice.bells);
    let mut lessons = OwnLessons::take(&mut slice, &place);

    let days = range.days().map(|date| {
        let day = school_day(&slice.calendar, date);
        let mut entries: Vec<_> = match day.kind {
            DayKind::Ordinary => lessons.of_day(date).map(|own| written(own, &bells)).collect(),
            _ => Vec::new(),
        };
        if let Some(weekday) = day.timetable {
            let planned = plan.of(weekday, date, &place);
            entries.extend(planned.map(|lesson| self::planned(lesson, &bells)));
            entries.sort_by_key(|entry| entry.number);
        }
        DiaryDay { date, kind: day.kind, name: day.name.map(String::from), entries }
    });
    Diary { pupil: slice.pupil, range, days: days.collect() }
}

/// An entry from a lesson of the journal.
#[inline]
fn written(own: OwnLesson, bells: &Bells) -> DiaryEntry {
    let OwnLesson { lesson, next, individual, marks, attendance, remarks, .. } = own;
    let (begins, ends) = bells.of_number(lesson.number);
    DiaryEntry {
        lesson: Some(lesson.id),
        number: lesson.number,
        begins,
        ends,
        planned: false,
        cancelled: lesson.cancelled,
        distant: lesson.distant,
        filled: lesson.is_filled(),
        subject: lesson.subject,
        teacher: lesson.teacher,
        room: lesson.room,
        instead_of: lesson.instead_of,
        topic: lesson.topic,
        homework: lesson.homework.map(|homework| with_due(homework, next)),
        individual_homework: individual.into_iter().map(|own| with_due(own, next)).collect(),
        marks,
        attendance,
        remarks,
    }
}

/// An entry from the timetable.
fn planned(lesson: &TimetableLesson, bells: &Bells) -> DiaryEntry {
    let (begins, ends) = bells.of_number(lesson.number);
    DiaryEntry {
        lesson: None,
        number: lesson.number,
        begins,
        ends,
        planned: true,
        cancelled: false,
        distant: false,
        filled: false,
        subject: lesson.subject.clone(),
        teacher: lesson.teacher.clone(),
        room: lesson.room.clone(),
        instead_of: None,
        topic: None,
        homework: None,
        individual_homework: Vec::new(),
        marks: Vec::new(),
        attendance: None,
        remarks: Vec::new(),
    }
}

/// The timetable by weekday, and the last day of each class's journal, after which it holds.
struct Plan {
    lessons: Vec<TimetableLesson>,
    journal_ends: BTreeMap<ClassId, NaiveDate>,
}

impl Plan {
    /// Takes the timetable out of the slice. A lesson that stands in the slice belongs to the
    /// journal, even should `journal_ends` not reach it.
    fn take(slice: &mut DiarySlice) -> Self {
        let mut journal_ends = BTreeMap::new();
        let known = slice.journal_ends.iter().map(|end| (end.class, end.date));
        for (class, date) in known.chain(slice.lessons.iter().map(|l| (l.class, l.date))) {
            let end = journal_ends.entry(class).or_insert(date);
            *end = date.max(*end);
        }
        let mut lessons = mem::take(&mut slice.timetable);
        lessons.sort_by_key(|lesson| lesson.weekday.num_days_from_monday());
        Self { lessons, journal_ends }
    }

    /// The pupil's lessons of a day that follows this weekday and lies beyond the journal.
    fn of<'a>(
        &'a self,
        weekday: Weekday,
        date: NaiveDate,
        place: &'a Place,
    ) -> impl Iterator<Item = &'a TimetableLesson> {
        let weekday = weekday.num_days_from_monday();
        let first = self.lessons.partition_point(|l| l.weekday.num_days_from_monday() < weekday);
        self.lessons
            .iter()
            .skip(first)
            .take_while(move |lesson| lesson.weekday.num_days_from_monday() == weekday)
            .filter(move |lesson| {
                self.journal_ends.get(&lesson.class).is_none_or(|end| *end < date)
                    && place.owns(place::planned(lesson, date))
            })
    }
}

/// The bells by number; of two for one number the first holds.
struct Bells(BTreeMap<u8, Bell>);

impl Bells {
    fn of(bells: &[Bell]) -> Self {
        Self(bells.iter().rev().map(|bell| (bell.number, *bell)).collect())
    }

    fn of_number(&self, number: u8) -> (Option<NaiveTime>, Option<NaiveTime>) {
        self.0.get(&number).map(|bell| (bell.begins, bell.ends)).unzip()
    }
}
