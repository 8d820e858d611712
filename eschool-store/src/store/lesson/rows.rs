//! What is loaded to judge a draft by.

use chrono::Days;
use eschool_core::{
    calendar::DateRange,
    id::{AccountId, SchoolId, WorkId},
    journal::{Around, Lesson, LessonDraft, LessonPage, Mark, Work},
};

use super::LessonError;
use crate::backend::{ClassPupils, SchoolFrame, Tx};

/// The rows that stand around a lesson.
pub(super) struct Rows {
    class_year: Option<i32>,
    frame: SchoolFrame,
    pub(super) pupils: ClassPupils,
    /// Lessons of the class, from two months before the lesson as it was and as it is to be, and
    /// those with which it has works in common.
    pub(super) lessons: Vec<Lesson>,
    works: Vec<Work>,
    /// Marks in other lessons for works of this one.
    marks: Vec<Mark>,
}

impl Rows {
    /// How far back homework may be due on a lesson.
    const BACK: Days = Days::new(62);

    /// Loads what a draft is judged by, once it names a class of the school and a day of its year:
    /// nothing is looked for on a day that no lesson may have.
    pub(super) async fn load(
        tx: &mut dyn Tx,
        school: SchoolId,
        class_year: Option<i32>,
        before: Option<&LessonPage>,
        draft: &LessonDraft,
    ) -> Result<Self, LessonError> {
        draft.check_bounds(before, class_year)?;
        let frame = tx.frame(school).await?;
        let pupils = tx.class_pupils(school, draft.class).await?;
        let was = before.map_or(draft.date, |page| page.lesson.date);
        let first = was.min(draft.date);
        let first = first.checked_sub_days(Self::BACK).unwrap_or(first);
        let days = DateRange::new(first, was.max(draft.date));
        let days = days.unwrap_or_else(|_| DateRange::day(draft.date));
        let mut lessons = tx.lessons_between(school, draft.class, days).await?;
        let late: Vec<WorkId> = draft.late_marks.iter().map(|late| late.work).collect();
        let mut works = Vec::new();
        if !late.is_empty() {
            for (work, lesson) in tx.works(school, &late).await? {
                works.push(work);
                lessons.extend(lesson);
            }
        }
        let mut marks = Vec::new();
        if let Some(before) = before.filter(|page| works_change(page, draft)) {
            let own: Vec<WorkId> = before.works.iter().map(|work| work.id).collect();
            marks = tx.marks_for(school, &everybody(&pupils), &own).await?;
            marks.retain(|mark| mark.lesson != before.lesson.id);
            for mark in &marks {
                if !lessons.iter().any(|lesson| lesson.id == mark.lesson) {
                    let page = tx.lesson_page(school, mark.lesson).await?;
                    lessons.extend(page.map(|page| page.lesson));
                }
            }
        }
        lessons.sort_by_key(|lesson| lesson.id);
        lessons.dedup_by_key(|lesson| lesson.id);
        Ok(Self { class_year, frame, pupils, lessons, works, marks })
    }

    pub(super) fn around(&self) -> Around<'_> {
        Around {
            class_year: self.class_year,
            calendar: &self.frame.calendar,
            bells: &self.frame.bells,
            stays: &self.pupils.stays,
            subgroups: &self.pupils.subgroups,
            lessons: &self.lessons,
            works: &self.works,
            marks: &self.marks,
        }
    }
}

/// Whether marks in other lessons for works of this one may be told otherwise, or be left without
/// their work: a work goes or is another, or the lesson is given at another time or as another.
fn works_change(before: &LessonPage, draft: &LessonDraft) -> bool {
    let kept = |work: &Work| {
        draft.works.iter().any(|kept| {
            kept.id == Some(work.id)
                && (&kept.kind, &kept.title, kept.weight) == (&work.kind, &work.title, work.weight)
        })
    };
    let lesson = &before.lesson;
    let as_was = (&lesson.subgroup, lesson.date, lesson.number, &lesson.subject)
        == (&draft.subgroup, draft.date, draft.number, &draft.subject)
        && lesson.instead_of == draft.instead_of;
    !(before.works.is_empty() || as_was && before.works.iter().all(kept))
}

/// Everybody who ever was in a class.
pub(super) fn everybody(pupils: &ClassPupils) -> Vec<AccountId> {
    let mut everybody: Vec<_> = pupils.stays.iter().map(|stay| stay.pupil).collect();
    everybody.sort_unstable();
    everybody.dedup();
    everybody
}
