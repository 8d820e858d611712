//! Which days of a diary a write touches.

use chrono::{Days, NaiveDate};

use crate::{calendar::DateRange, journal::Lesson};

/// How far before a lesson homework is looked for that may be due on it: two months, more than any
/// vacation but the summer's.
const BACK: Days = Days::new(62);

/// No more days than this before or after the lesson are compared: a school year and what homework
/// is looked for before it. A day further off was a slip, and its end of the journal with it.
const FURTHEST: Days = Days::new(366 + 62);

/// What the journal of a class is like around a lesson that is written.
///
/// ```
/// use eschool_core::diary::LessonsAround;
///
/// assert_eq!(LessonsAround::default().end_before, None);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct LessonsAround<'a> {
    /// The lessons of the class in the two months before the lesson, as it was and as it is.
    pub lessons: &'a [Lesson],
    /// The last day of the class's journal before the write.
    pub end_before: Option<NaiveDate>,
    /// The last day after it.
    pub end_after: Option<NaiveDate>,
}

/// The days of the class's diaries in which something may be told otherwise once a lesson is
/// written: those to compare for [`events_of`](super::events_of). A debt that a mark of the lesson
/// closes stands on days of its own.
///
/// As long as a lesson keeps its place, its subject, and is held or not as before, that is its own
/// day. Else it may be, or may have been, the day on which homework of earlier lessons is due; and
/// as far as the journal reaches, what was planned gives way to it. Days more than fourteen months
/// from the lesson, where only a slip can have put one, are left out.
///
/// ```
/// use eschool_core::{diary::{LessonsAround, touched_days}, journal::Lesson};
///
/// let lesson = |date: &str, cancelled: bool| -> Lesson {
///     serde_json::from_value(serde_json::json!({
///         "id": format!("019379ab-0000-7000-8000-0000{}", date.replace('-', "")),
///         "class": "019379ab-0000-7000-8000-0000000000c7",
///         "date": date, "number": 2, "subject": "Физика", "cancelled": cancelled,
///         "writtenAt": "2024-09-16T07:00:00Z",
///     })).unwrap()
/// };
/// let (held, cancelled) = (lesson("2024-09-16", false), lesson("2024-09-16", true));
/// let before = [lesson("2024-09-09", false)];
/// let end = Some(held.date);
/// let around = LessonsAround { lessons: &before, end_before: end, end_after: end };
///
/// let days = touched_days(Some(&held), &held, around);
/// assert_eq!((days.from(), days.to()), (held.date, held.date));
/// // Homework of the 9th is due on another day now.
/// let days = touched_days(Some(&held), &cancelled, around);
/// assert_eq!((days.from().to_string().as_str(), days.to()), ("2024-09-09", held.date));
/// ```
#[must_use]
pub fn touched_days(
    before: Option<&Lesson>,
    after: &Lesson,
    around: LessonsAround<'_>,
) -> DateRange {
    let mut days = Hull { from: after.date, to: after.date };
    if before.is_some_and(|before| stands_as(before) == stands_as(after)) {
        return days.range();
    }
    let furthest = Hull {
        from: after.date.checked_sub_days(FURTHEST).unwrap_or(after.date),
        to: after.date.checked_add_days(FURTHEST).unwrap_or(after.date),
    };
    for lesson in before.into_iter().chain([after]) {
        days.add(lesson.date);
        days.add(homework_since(lesson, around.lessons));
    }
    match (around.end_before, around.end_after) {
        (before, after) if before == after => {}
        (Some(before), Some(after)) => {
            days.add(before);
            days.add(after);
        }
        // A journal that begins, or is empty again: there was no day that nothing was planned for.
        (before, after) => {
            let end = before.or(after).unwrap_or(days.to);
            days.add(end);
            days.add(end.checked_sub_days(BACK).unwrap_or(end));
        }
    }
    days.within(&furthest).range()
}

/// The days of a pupil's diary in which something may be told otherwise once the pupil is in another
/// class of the school from a day on: from two months before it, for homework is due on another
/// lesson now, to the end of the journals (`ends`) of the class that is left and of the new one, but
/// no further than fourteen months. What both merely plan beyond is no event.
///
/// ```
/// use chrono::NaiveDate;
/// use eschool_core::diary::days_of_move;
///
/// let day = |text: &str| text.parse::<NaiveDate>().unwrap();
/// let days = days_of_move(day("2024-10-11"), [day("2024-10-25"), day("2024-10-18")]);
/// assert_eq!((days.from(), days.to()), (day("2024-08-10"), day("2024-10-25")));
/// assert_eq!(days_of_move(day("2024-10-11"), []).to(), day("2024-10-11"));
/// ```
#[must_use]
pub fn days_of_move(from: NaiveDate, ends: impl IntoIterator<Item = NaiveDate>) -> DateRange {
    let mut days = Hull { from: from.checked_sub_days(BACK).unwrap_or(from), to: from };
    ends.into_iter().for_each(|end| days.to = days.to.max(end));
    let to = from.checked_add_days(FURTHEST).unwrap_or(from);
    days.within(&Hull { from: NaiveDate::MIN, to }).range()
}

/// Where a lesson stands, of what, and whether it is held.
fn stands_as(lesson: &Lesson) -> impl PartialEq + use<'_> {
    let Lesson { class, subgroup, date, number, subject, instead_of, cancelled, .. } = lesson;
    (class, subgroup, date, number, subject, instead_of, cancelled)
}

/// The first day whose homework may be due on this lesson: for each part of the class that of the
/// last lesson of the subject that is held, and of all those the earliest.
fn homework_since(lesson: &Lesson, lessons: &[Lesson]) -> NaiveDate {
    let is_before = |other: &&Lesson| {
        other.id != lesson.id
            && other.class == lesson.class
            && other.subject == lesson.subject
            && (other.date, other.number) < (lesson.date, lesson.number)
    };
    let earlier = || lessons.iter().filter(is_before);
    let first = earlier()
        .filter_map(|one| {
            let same_part = |other: &&Lesson| !other.cancelled && other.subgroup == one.subgroup;
            earlier().filter(same_part).map(|other| other.date).max().or(Some(one.date))
        })
        .min();
    // Where the journal holds nothing so far back, nothing is due.
    first.unwrap_or(lesson.date).min(lesson.date)
}

/// The days between the earliest and the latest of some.
struct Hull {
    from: NaiveDate,
    to: NaiveDate,
}

impl Hull {
    fn add(&mut self, day: NaiveDate) {
        (self.from, self.to) = (self.from.min(day), self.to.max(day));
    }

    /// Those of the days that are among others.
    fn within(self, others: &Self) -> Self {
        Self { from: self.from.max(others.from), to: self.to.min(others.to) }
    }

    /// The first is never after the last.
    fn range(self) -> DateRange {
        DateRange::new(self.from, self.to).unwrap_or_else(|_| DateRange::day(self.from))
    }
}
