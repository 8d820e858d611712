//! Whether a page may stand.

use alloc::vec::Vec;

use super::Around;
use crate::{
    id::WorkId,
    journal::{
        JournalError, JournalFault, JournalRow, JournalRows, Lesson, LessonPage, Mark, PageError,
        Work, check_journal,
    },
};

/// Whether the page, and what others have of it, may stand. What is amiss in other lessons alone is
/// none of this page's. Nor is what stands here as it did, while the lesson is held where it was:
/// it was good when it was written, before a pupil left the class, say.
pub(super) fn judge(
    before: Option<&LessonPage>,
    page: &LessonPage,
    around: Around<'_>,
) -> Result<(), PageError> {
    let others = around.lessons.iter().filter(|lesson| lesson.id != page.lesson.id);
    let lessons: Vec<_> = others.chain([&page.lesson]).cloned().collect();
    let works: Vec<_> = around.works.iter().chain(&page.works).cloned().collect();
    let elsewhere = around.marks.iter().filter(|mark| mark.lesson != page.lesson.id);
    let marks: Vec<_> = page.marks.iter().chain(elsewhere).cloned().collect();
    let faults = check_journal(&JournalRows {
        calendar: around.calendar,
        bells: around.bells,
        stays: around.stays,
        subgroups: around.subgroups,
        lessons: &lessons,
        works: &works,
        marks: &marks,
        attendance: &page.attendance,
        individual_homework: &page.individual_homework,
        remarks: &page.remarks,
        ..JournalRows::default()
    });
    let is_ours = |row: &JournalRow| match row {
        JournalRow::Lesson(lesson) => *lesson == page.lesson.id,
        JournalRow::Work(work) => has(page, *work),
        _ => true,
    };
    let in_place = before.filter(|before| stands_as(&before.lesson) == stands_as(&page.lesson));
    let is_new = |fault: &JournalFault| {
        in_place.is_none_or(|before| Change { before, page, marks: &marks }.has_made(fault))
    };
    let mut faults = faults.into_iter().filter(|fault| is_ours(&fault.row) && is_new(fault));
    let fault = faults.next().or_else(|| of_no_lesson(before, page, &works, &lessons));
    fault.map_or(Ok(()), |fault| Err(fault.into()))
}

/// A new mark for a work whose lesson is not there, being in an archive: nobody can tell whether it
/// was theirs to hand in. What stands may be corrected, and moves with its lesson.
fn of_no_lesson(
    before: Option<&LessonPage>,
    page: &LessonPage,
    works: &[Work],
    lessons: &[Lesson],
) -> Option<JournalFault> {
    let is_there = |mark: &Mark| {
        works
            .iter()
            .filter(|work| work.id == mark.work)
            .any(|work| lessons.iter().any(|lesson| lesson.id == work.lesson))
    };
    let stood = |mark: &Mark| before.is_some_and(|page| page.marks.iter().any(|m| m.id == mark.id));
    let mark = page.marks.iter().find(|mark| !stood(mark) && !is_there(mark))?;
    let error = JournalError::WorkUnknown { work: mark.work };
    Some(JournalFault { row: JournalRow::Mark(mark.id), error })
}

/// When a lesson is given, to whom, of what, and whether it is held: by that is judged all that
/// stands in it.
fn stands_as(lesson: &Lesson) -> impl PartialEq + use<'_> {
    let Lesson { subgroup, date, number, subject, instead_of, cancelled, .. } = lesson;
    (subgroup, date, number, subject, instead_of, cancelled)
}

/// A page of a lesson that is given where it was.
struct Change<'a> {
    before: &'a LessonPage,
    page: &'a LessonPage,
    /// The marks of the page, and those elsewhere for works of it.
    marks: &'a [Mark],
}

impl Change<'_> {
    /// Whether the row of a fault is another than before, or is left without its work.
    fn has_made(&self, fault: &JournalFault) -> bool {
        let Self { before, page, marks } = self;
        match fault.row {
            JournalRow::Lesson(_) => {
                let is_of_homework = matches!(fault.error, JournalError::DueBefore { .. });
                is_of_homework && before.lesson.homework != page.lesson.homework
            }
            JournalRow::Work(id) => differ(&before.works, &page.works, |work| work.id == id),
            JournalRow::Mark(id) => {
                let is_left = |mark: &Mark| has(before, mark.work) && !has(page, mark.work);
                differ(&before.marks, &page.marks, |mark| mark.id == id)
                    || marks.iter().any(|mark| mark.id == id && is_left(mark))
            }
            JournalRow::Attendance(pupil, _) => {
                differ(&before.attendance, &page.attendance, |row| row.pupil == pupil)
            }
            JournalRow::IndividualHomework(pupil, _) => {
                let (was, is) = (&before.individual_homework, &page.individual_homework);
                differ(was, is, |row| row.pupil == pupil)
            }
            JournalRow::Remark(pupil, _) => {
                differ(&before.remarks, &page.remarks, |row| row.pupil == pupil)
            }
            JournalRow::Final(..) => false,
        }
    }
}

fn has(page: &LessonPage, work: WorkId) -> bool {
    page.works.iter().any(|own| own.id == work)
}

/// Whether the rows that are meant are others than before.
fn differ<R: PartialEq>(before: &[R], after: &[R], is_meant: impl Fn(&R) -> bool) -> bool {
    let was = before.iter().filter(|row| is_meant(row));
    !was.eq(after.iter().filter(|row| is_meant(row)))
}
