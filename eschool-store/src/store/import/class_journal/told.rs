//! Whose diaries an import changes, and on which days: what families are told of it.
//!
//! A journal that comes in for the first time is no news, though the import was cut short and another
//! completes it: whoever follows events reads the diary before. From then on they are told of what an
//! import changes as of what a teacher does.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;
use eschool_core::{
    calendar::DateRange,
    diary::{LessonsAround, touched_days},
    id::{AccountId, ClassId, SchoolId},
    journal::Lesson,
};

use crate::{
    StoreError,
    backend::{Changes, Tx},
    store::watch::Watched,
};

/// How far back homework may be due on a lesson.
const BACK: Days = Days::new(62);

/// The diaries to read before and after the changes of a class are written.
pub(in crate::store::import) async fn watched(
    tx: &mut dyn Tx,
    school: SchoolId,
    class: ClassId,
    changes: &Changes,
) -> Result<Vec<Watched>, StoreError> {
    let mut days: Option<DateRange> = None;
    let mut add = |range: DateRange| {
        let (from, to) = days.map_or((range.from(), range.to()), |days| {
            (days.from().min(range.from()), days.to().max(range.to()))
        });
        days = DateRange::new(from, to).ok();
    };
    let lessons: Vec<&Lesson> = changes.lessons.iter().map(|(_, lesson)| lesson).collect();
    if let (Some(first), Some(last)) = (
        lessons.iter().map(|lesson| lesson.date).min(),
        lessons.iter().map(|lesson| lesson.date).max(),
    ) {
        let first = first.checked_sub_days(BACK).unwrap_or(first);
        let around = DateRange::new(first, last).unwrap_or_else(|_| DateRange::day(last));
        let stored = tx.lessons_between(school, class, around).await?;
        let former: BTreeMap<_, _> = stored.iter().map(|lesson| (lesson.id, lesson)).collect();
        let end_before = tx.journal_end(school, class).await?;
        let end_after = end_before.max(Some(last));
        let around = LessonsAround { lessons: &stored, end_before, end_after };
        for lesson in &lessons {
            add(touched_days(former.get(&lesson.id).copied(), lesson, around));
        }
    }
    // What was due on a lesson that goes is due on another.
    let gone = changes.removed.lessons.iter().map(|(_, lesson)| lesson.date);
    for date in gone {
        let first = date.checked_sub_days(BACK).unwrap_or(date);
        add(DateRange::new(first, date).unwrap_or_else(|_| DateRange::day(date)));
    }
    let removed = &changes.removed;
    let marks = changes.marks.iter().chain(&removed.marks);
    let marks = marks.map(|(_, row)| (row.pupil, row.date));
    let attendance = changes.attendance.iter().chain(&removed.attendance);
    let attendance = attendance.map(|(_, row)| (row.pupil, row.date));
    let homework = changes.individual_homework.iter().chain(&removed.individual_homework);
    let homework = homework.map(|(_, row)| (row.pupil, row.date));
    let mut pupils = BTreeSet::<AccountId>::new();
    for (pupil, date) in marks.chain(attendance).chain(homework) {
        pupils.insert(pupil);
        add(DateRange::day(date));
    }
    let Some(days) = days else { return Ok(Vec::new()) };
    if !lessons.is_empty() || !removed.lessons.is_empty() {
        let everybody = tx.class_pupils(school, class).await?;
        let here = everybody.stays.iter().filter(|stay| {
            stay.class == class
                && stay.from <= days.to()
                && stay.to.is_none_or(|to| days.from() <= to)
        });
        pupils.extend(here.map(|stay| stay.pupil));
    }
    let watched = |pupil| Watched { pupil, days: vec![days], finals: false };
    Ok(pupils.into_iter().map(watched).collect())
}
