//! What changed between two readings of a diary.

mod content;
mod days;
mod finals;
mod lessons;
mod pairs;

use alloc::{collections::BTreeSet, vec::Vec};

use chrono::NaiveDate;

pub use self::finals::{final_changes, term_final_changes};
use self::{
    content::content_changes,
    days::day_changes,
    lessons::lesson_change,
    pairs::{Paired, pair_off},
};
use super::{Change, Diary, DiaryEntry, LessonFacts};

/// What changed in a pupil's diary from one reading to the next.
///
/// # What is compared
///
/// The days both have; a day that only one of them has was not looked at before or is not now, and
/// tells nothing. Two diaries of different pupils have nothing in common.
///
/// # Which is which
///
/// A lesson is known by its identifier wherever it went among these days; one that left them is
/// removed. What is left is paired within a day and number, planned lessons with planned ones
/// before others, the same lesson first, then the same subject, then in order: so a planned lesson
/// becomes the journal's ([`LessonWritten`](Change::LessonWritten), or the change that came with
/// it). A mark is known by its identifier within a lesson; of the rest, equal content is the same
/// mark, then another value for the same work is a changed one, each counted as often as it stands:
/// two equal marks are two marks. A debt may be closed by a mark of another week, so that is told of
/// the debt ([`DebtClosed`](Change::DebtClosed)); of what closed it the day and the value matter.
/// Homework for one pupil and remarks have no identifier: equal is the same, the rest is paired in
/// order.
///
/// # Order
///
/// By day, number, subject and lesson; within one the timetable, the topic, homework, marks,
/// debts that were closed or are open again, attendance, remarks. A lesson that goes comes after what stood in it. What the calendar says
/// otherwise of a day stands before its lessons.
///
/// ```
/// use eschool_core::diary::{Diary, changes};
///
/// let reading = |value: &str, due: &str| -> Diary {
///     serde_json::from_value(serde_json::json!({
///         "pupil": "019379ab-0000-7000-8000-000000000001",
///         "range": {"from": "2024-09-16", "to": "2024-09-16"},
///         "days": [{"date": "2024-09-16", "kind": "ordinary", "entries": [{
///             "lesson": "019379ab-0000-7000-8000-000000000101",
///             "number": 2, "subject": "Физика", "teacher": "", "room": "118",
///             "planned": false, "cancelled": false, "distant": false, "filled": true,
///             "topic": "Сила", "homework": {"text": "§ 5", "due": due}, "individualHomework": [],
///             "marks": [{
///                 "id": "019379ab-0000-7000-8000-000000000301", "value": value,
///                 "work": "Ответ на уроке", "title": "вопрос 2", "weight": "3",
///             }],
///         }]}],
///     })).unwrap()
/// };
/// let (before, after) = (reading("4", "2024-09-18"), reading("5", "2024-09-23"));
/// let told: Vec<_> = changes(&before, &after).iter().map(|change| change.text_ru()).collect();
/// assert_eq!(told, [
///     "Физика, 16 сентября: срок задания изменён к 23 сентября: § 5",
///     "Физика, 16 сентября: отметка 5 вместо 4 – вопрос 2",
/// ]);
/// assert!(changes(&after, &after).is_empty());
/// ```
#[must_use]
pub fn changes(before: &Diary, after: &Diary) -> Vec<Change> {
    if before.pupil != after.pupil {
        return Vec::new();
    }
    let (old_days, new_days) = (dates(before), dates(after));
    let common: BTreeSet<_> = old_days.intersection(&new_days).copied().collect();

    // What is told of a day has no row, and so stands before its rows.
    let mut groups: Vec<(NaiveDate, Option<Row<'_>>, Vec<Change>)> = day_changes(before, after)
        .map(|(date, change)| (date, None, Vec::from([change])))
        .collect();
    let (pairs, old, new) = paired(rows(before, &common), rows(after, &common));
    for (old, new) in pairs {
        let mut group = Vec::new();
        group.extend(lesson_change(old.facts(), new.facts()));
        content_changes(Some(old.entry), Some(new.entry), &new.facts().place(), &mut group);
        groups.push((new.date, Some(new), group));
    }
    for new in new {
        let lesson = new.facts();
        let place = lesson.place();
        let mut group = Vec::from([Change::LessonAdded { lesson }]);
        content_changes(None, Some(new.entry), &place, &mut group);
        groups.push((new.date, Some(new), group));
    }
    for old in old {
        let lesson = old.facts();
        let mut group = Vec::new();
        content_changes(Some(old.entry), None, &lesson.place(), &mut group);
        group.push(Change::LessonRemoved { lesson });
        groups.push((old.date, Some(old), group));
    }
    groups.sort_by(|(one, a, _), (other, b, _)| {
        (one, a.map(Row::place)).cmp(&(other, b.map(Row::place)))
    });
    groups.into_iter().flat_map(|(.., group)| group).collect()
}

/// The rows of one lesson in both readings, and those of one reading alone.
fn paired<'a>(old: Vec<Row<'a>>, new: Vec<Row<'a>>) -> Paired<Row<'a>> {
    let (mut pairs, old, new) = pair_off(old, new, |row| row.entry.lesson);
    let mut left = (old, new);
    let mut take = |(more, old, new): Paired<Row<'a>>| {
        pairs.extend(more);
        (old, new)
    };
    // A planned lesson is looked for among the planned ones first.
    left = take(pair_off(left.0, left.1, |row| row.is_planned().then(|| row.as_told())));
    left = take(pair_off(left.0, left.1, |row| row.is_planned().then(|| row.subject())));
    left = take(pair_off(left.0, left.1, |row| Some(row.as_told())));
    left = take(pair_off(left.0, left.1, |row| Some(row.subject())));
    left = take(pair_off(left.0, left.1, |row| Some(row.hour())));
    (pairs, left.0, left.1)
}

/// An entry and its day.
#[derive(Clone, Copy)]
struct Row<'a> {
    date: NaiveDate,
    entry: &'a DiaryEntry,
}

impl<'a> Row<'a> {
    fn facts(self) -> LessonFacts {
        LessonFacts::of(self.date, self.entry)
    }

    /// All that a timetable tells of a lesson; whether it is planned is no part of it.
    fn as_told(self) -> impl Ord + use<'a> {
        let DiaryEntry { number, subject, begins, ends, teacher, room, .. } = self.entry;
        let DiaryEntry { instead_of, cancelled, distant, .. } = self.entry;
        let when = (self.date, number, begins, ends);
        (when, subject, instead_of, teacher, room, cancelled, distant)
    }

    fn is_planned(self) -> bool {
        self.entry.lesson.is_none()
    }

    fn hour(self) -> impl Ord {
        (self.date, self.entry.number)
    }

    fn subject(self) -> impl Ord + use<'a> {
        (self.date, self.entry.number, &self.entry.subject)
    }

    fn place(self) -> impl Ord + use<'a> {
        (self.entry.number, &self.entry.subject, self.entry.lesson)
    }
}

fn dates(diary: &Diary) -> BTreeSet<NaiveDate> {
    diary.days.iter().map(|day| day.date).collect()
}

fn rows<'a>(diary: &'a Diary, days: &BTreeSet<NaiveDate>) -> Vec<Row<'a>> {
    let days = diary.days.iter().filter(|day| days.contains(&day.date));
    days.flat_map(|day| day.entries.iter().map(|entry| Row { date: day.date, entry })).collect()
}
