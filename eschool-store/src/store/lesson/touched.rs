//! Whose diaries a written page changes, and on which days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use eschool_core::{
    calendar::DateRange,
    diary::{LessonsAround, touched_days},
    id::{AccountId, SchoolId, WorkId},
    journal::{Lesson, LessonPage, Mark},
};

use super::rows::{Rows, everybody};
use crate::{StoreError, backend::Tx, store::watch::Watched};

/// The diaries to read before and after a page is written. It may be more than will change, never
/// less.
pub(super) async fn watched(
    tx: &mut dyn Tx,
    school: SchoolId,
    before: Option<&LessonPage>,
    after: &LessonPage,
    rows: &Rows,
) -> Result<Vec<Watched>, StoreError> {
    let class = after.lesson.class;
    let end_before = tx.journal_end(school, class).await?;
    let was_last = before.is_some_and(|page| Some(page.lesson.date) == end_before);
    // The journal's end is known for certain only once the lesson has left its day; so much at
    // least is touched.
    let end_after = if was_last {
        let others = rows.lessons.iter().filter(|lesson| lesson.id != after.lesson.id);
        let last = others.filter(|lesson| lesson.class == class).map(|lesson| lesson.date).max();
        last.max(Some(after.lesson.date))
    } else {
        end_before.max(Some(after.lesson.date))
    };
    let around = LessonsAround { lessons: &rows.lessons, end_before, end_after };
    let days = touched_days(before.map(|page| &page.lesson), &after.lesson, around);

    let mut touched: BTreeMap<AccountId, BTreeSet<NaiveDate>> = BTreeMap::new();
    if before.is_none_or(|before| as_told(&before.lesson) != as_told(&after.lesson)) {
        let here = rows.pupils.stays.iter().filter(|stay| {
            stay.class == class
                && stay.from <= days.to()
                && stay.to.is_none_or(|to| days.from() <= to)
        });
        touched.extend(here.map(|stay| (stay.pupil, BTreeSet::new())));
    }
    let differing = Differing::between(before, after);
    for pupil in &differing.pupils {
        touched.entry(*pupil).or_default();
    }
    if !differing.works_elsewhere.is_empty() {
        let pupils = everybody(&rows.pupils);
        for mark in tx.marks_for(school, &pupils, &differing.works_elsewhere).await? {
            touched.entry(mark.pupil).or_default().insert(mark.date);
        }
    }
    Ok(touched
        .into_iter()
        .map(|(pupil, single)| {
            let others = single.into_iter().filter(|day| !days.contains(*day));
            let mut days: Vec<_> = others.map(DateRange::day).chain([days]).collect();
            days.sort_unstable();
            Watched { pupil, days, finals: false }
        })
        .collect())
}

/// All that a lesson tells every pupil in it.
fn as_told(lesson: &Lesson) -> Lesson {
    Lesson { written_at: chrono::DateTime::UNIX_EPOCH, ..lesson.clone() }
}

/// What stands otherwise on a page than before.
struct Differing {
    /// Who has something else on it.
    pupils: BTreeSet<AccountId>,
    /// Works whose marks in other lessons may be told otherwise: they were handed in here or there.
    works_elsewhere: Vec<WorkId>,
}

impl Differing {
    fn between(before: Option<&LessonPage>, after: &LessonPage) -> Self {
        let (mut pupils, mut works) = (BTreeSet::new(), BTreeSet::new());
        let old_marks = before.map_or(&[][..], |page| &page.marks);
        for mark in unlike(old_marks, &after.marks) {
            pupils.insert(mark.pupil);
            works.insert(mark.work);
        }
        let attendance = before.map_or(&[][..], |page| &page.attendance);
        pupils.extend(unlike(attendance, &after.attendance).map(|row| row.pupil));
        let homework = before.map_or(&[][..], |page| &page.individual_homework);
        pupils.extend(unlike(homework, &after.individual_homework).map(|row| row.pupil));
        let remarks = before.map_or(&[][..], |page| &page.remarks);
        pupils.extend(unlike(remarks, &after.remarks).map(|row| row.pupil));
        // A work of this lesson alone is told of on its page, but for those who hand it in later.
        let own = before.map_or(&[][..], |page| &page.works);
        let is_own = |id: &WorkId| own.iter().chain(&after.works).any(|work| work.id == *id);
        works.retain(|work| !is_own(work));
        let renamed: Vec<WorkId> = unlike(own, &after.works).map(|work| work.id).collect();
        let of_renamed = |mark: &&Mark| renamed.contains(&mark.work);
        pupils.extend(old_marks.iter().filter(of_renamed).map(|mark| mark.pupil));
        works.extend(own.iter().map(|work| work.id).filter(|work| renamed.contains(work)));
        Self { pupils, works_elsewhere: works.into_iter().collect() }
    }
}

/// The rows that stand in one list alone.
fn unlike<'a, R: PartialEq>(old: &'a [R], new: &'a [R]) -> impl Iterator<Item = &'a R> {
    let gone = old.iter().filter(|row| !new.contains(row));
    gone.chain(new.iter().filter(|row| !old.contains(row)))
}
