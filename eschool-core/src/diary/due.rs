//! The day homework is due.

use alloc::{collections::BTreeMap, vec, vec::Vec};

use chrono::NaiveDate;

use super::{DiaryHomework, UpcomingLesson, place::Place};
use crate::{
    calendar::{CalendarSpan, DayKind, school_day},
    journal::{Homework, Lesson},
};

/// Homework with its day: the one the teacher set, else that of the pupil's next lesson.
pub(super) fn with_due(homework: Homework, next: Option<NaiveDate>) -> DiaryHomework {
    let Homework { text, due, materials } = homework;
    DiaryHomework { text, due: due.or(next), materials }
}

/// Whether lessons are held on this day.
pub(super) fn is_ordinary(calendar: &[CalendarSpan], date: NaiveDate) -> bool {
    school_day(calendar, date).kind == DayKind::Ordinary
}

/// For each of the pupil's lessons, which are in order, the day of the next one of its subject.
///
/// Next is what comes later, by day or by number: of a double lesson the second is the first's
/// next. Cancelled lessons, and rows on days without lessons, are passed over.
pub(super) fn next_lessons(
    lessons: &[Lesson],
    upcoming: &[UpcomingLesson],
    place: &Place,
    calendar: &[CalendarSpan],
) -> Vec<Option<NaiveDate>> {
    let mut upcoming: Vec<_> = upcoming
        .iter()
        .filter(|lesson| place.owns(*lesson) && is_ordinary(calendar, lesson.date))
        .collect();
    upcoming.sort_by_key(|lesson| lesson.date);

    // From the last lesson to the first: what is met later is nearer.
    let mut nearest = BTreeMap::new();
    let mut next = vec![None; lessons.len()];
    let mut day = None;
    for (lesson, next) in lessons.iter().zip(&mut next).rev() {
        let date = lesson.date;
        while let Some(lesson) = upcoming.pop_if(|lesson| lesson.date > date) {
            let near = Near { hour: (lesson.date, u8::MAX), after: None };
            nearest.insert(subject_key(&lesson.subject), near);
        }
        let (_, ordinary) = match day {
            Some(known @ (known_date, _)) if known_date == date => known,
            _ => *day.insert((date, is_ordinary(calendar, date))),
        };
        let hour = (date, lesson.number);
        let near = nearest.get_mut(&subject_key(&lesson.subject));
        *next = near.as_ref().and_then(|near| near.later_than(hour));
        if ordinary && !lesson.cancelled {
            let here = Near { hour, after: *next };
            match near {
                Some(near) => *near = here,
                None => drop(nearest.insert(subject_key(&lesson.subject), here)),
            }
        }
    }
    next
}

/// The nearest lesson of a subject, and the day of the one after that hour.
struct Near {
    hour: (NaiveDate, u8),
    after: Option<NaiveDate>,
}

impl Near {
    /// The day of the nearest lesson that is later than this hour.
    fn later_than(&self, hour: (NaiveDate, u8)) -> Option<NaiveDate> {
        if self.hour > hour { Some(self.hour.0) } else { self.after }
    }
}

/// A subject as a key that is quick to compare: most differ in length.
fn subject_key(subject: &str) -> (usize, &str) {
    (subject.len(), subject)
}
