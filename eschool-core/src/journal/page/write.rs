//! How a draft becomes the page of a lesson.

mod judge;

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use core::mem;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use self::judge::judge;
use super::{
    AttendanceDraft, HomeworkDraft, LateMarkDraft, LessonDraft, LessonPage, MarkDraft, PageError,
    RemarkDraft, WorkDraft,
};
use crate::{
    calendar::{Bell, CalendarSpan},
    id::{AccountId, LessonId, MarkId, WorkId},
    journal::{
        Attendance, AttendanceCodes, Correction, Homework, IndividualHomework, Lesson, Mark,
        MarkRevision, Remark, Stay, SubgroupMembership, Work,
    },
};

/// Who writes, when, and by what a school names absences.
///
/// ```
/// use eschool_core::journal::{AttendanceCodes, Writing};
/// use uuid::Uuid;
///
/// let (codes, mut last) = (AttendanceCodes::standard(), 0);
/// let mut new_id = || { last += 1; Uuid::from_u128(last) };
/// let at = "2024-09-16T12:00:00Z".parse()?;
/// let writing = Writing { by: None, at, codes: &codes, new_id: &mut new_id };
/// assert!((writing.new_id)() < (writing.new_id)());
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub struct Writing<'a> {
    /// The account that writes.
    pub by: Option<AccountId>,
    /// When.
    pub at: DateTime<Utc>,
    /// What the school's codes of attendance mean.
    pub codes: &'a AttendanceCodes,
    /// Makes an identifier that nothing has, each greater than the one before: a UUIDv7 of the
    /// caller's clock and randomness.
    pub new_id: &'a mut dyn FnMut() -> Uuid,
}

/// What stands around a lesson, as far as its page is judged by it.
///
/// ```
/// use eschool_core::journal::Around;
///
/// assert!(Around::default().stays.is_empty());
/// assert_eq!(Around::default().class_year, None); // of no class that the school has
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Around<'a> {
    /// The calendar year in which the school year of the draft's class begins; none for a class
    /// that the school does not have.
    pub class_year: Option<i32>,
    /// Which days have no lessons.
    pub calendar: &'a [CalendarSpan],
    /// When lessons begin and end.
    pub bells: &'a [Bell],
    /// The times in classes of everybody who has something on the page, former ones too.
    pub stays: &'a [Stay],
    /// Their times in subgroups.
    pub subgroups: &'a [SubgroupMembership],
    /// Other lessons: those of the class on the day the draft names, those whose works are handed
    /// in here, and those in which works of this one were handed in.
    pub lessons: &'a [Lesson],
    /// Works of other lessons that marks of the page are for. Where a work's lesson is not among the
    /// lessons, no new mark may be for it; one that stands on the page is corrected as any other.
    pub works: &'a [Work],
    /// Marks in other lessons for works of this one.
    pub marks: &'a [Mark],
}

/// A page that was written.
///
/// ```
/// use eschool_core::journal::{Around, AttendanceCodes, Writing, write_lesson};
/// use uuid::Uuid;
///
/// let draft = serde_json::from_value(serde_json::json!({
///     "class": "019379ab-0000-7000-8000-0000000000c7", "date": "2024-09-16", "number": 2,
///     "subject": "Физика", "topic": "Сила",
/// })).unwrap();
/// let around = Around { class_year: Some(2024), ..Around::default() };
/// let (codes, at) = (AttendanceCodes::standard(), "2024-09-16T12:00:00Z".parse().unwrap());
/// let mut new_id = || Uuid::from_u128(1);
/// let mut writing = Writing { by: None, at, codes: &codes, new_id: &mut new_id };
/// let written = write_lesson(None, draft, around, &mut writing).unwrap();
/// assert!(written.is_different(None) && written.removed.is_empty());
/// // Written as it is, it stays the same page.
/// let again = write_lesson(Some(&written.page), written.page.draft(), around, &mut writing);
/// assert!(!again.unwrap().is_different(Some(&written.page)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The page as it is now. Its version is the next one, or the same where nothing changed.
    pub page: LessonPage,
    /// What became of the values of marks that stay, in the order of the page.
    pub revisions: Vec<MarkRevision>,
    /// The marks that were taken back, as they were.
    pub removed: Vec<Mark>,
}

impl Written {
    /// Whether the page says something else than before.
    #[must_use]
    pub fn is_different(&self, before: Option<&LessonPage>) -> bool {
        before != Some(&self.page)
    }
}

/// The page that a draft makes of a lesson, or of none yet, if it may stand so.
///
/// What comes with an identifier keeps it, and what it was; what comes without is new. A mark whose
/// value is another is [corrected](Mark::corrected), so that its history goes on; one that the
/// draft does not hold is taken back. Marks, attendance and homework go with a lesson that moves to
/// another day. A draft that says what is there changes nothing, not even when it was written.
///
/// ```
/// use eschool_core::journal::{Around, AttendanceCodes, Stay, Writing, write_lesson};
/// use uuid::Uuid;
///
/// let pupil = "019379ab-0000-7000-8000-000000000001";
/// let class = "019379ab-0000-7000-8000-0000000000c7";
/// let draft = serde_json::from_value(serde_json::json!({
///     "class": class, "date": "2024-09-16", "number": 2, "subject": "Физика", "topic": "Сила",
///     "works": [{
///         "kind": "Ответ", "title": "вопрос 2", "weight": "1",
///         "marks": [{"pupil": pupil, "value": "4"}],
///     }],
/// })).unwrap();
/// let stay: Stay = serde_json::from_value(serde_json::json!({
///     "pupil": pupil, "class": class, "from": "2024-09-01",
/// })).unwrap();
/// let around = Around { class_year: Some(2024), stays: &[stay], ..Around::default() };
///
/// let (codes, mut next) = (AttendanceCodes::standard(), 0);
/// let mut new_id = || { next += 1; Uuid::from_u128(next) };
/// let at = "2024-09-16T12:00:00Z".parse().unwrap();
/// let mut writing = Writing { by: None, at, codes: &codes, new_id: &mut new_id };
/// let page = write_lesson(None, draft, around, &mut writing).unwrap().page;
/// assert_eq!((page.version, page.marks[0].value.to_string().as_str()), (1, "4"));
///
/// let mut draft = page.draft();
/// draft.works[0].marks[0].value = "5".parse().unwrap();
/// let written = write_lesson(Some(&page), draft, around, &mut writing).unwrap();
/// assert_eq!((written.page.version, written.revisions[0].old.to_string().as_str()), (2, "4"));
/// ```
///
/// # Errors
/// [`PageError`] tells the first thing that is wrong.
pub fn write_lesson(
    before: Option<&LessonPage>,
    draft: LessonDraft,
    around: Around<'_>,
    writing: &mut Writing<'_>,
) -> Result<Written, PageError> {
    draft.check_bounds(before, around.class_year)?;
    let mut written = Pen { before, writing, revisions: Vec::new() }.write(draft)?;
    if before.is_some_and(|before| *before == written.page) {
        return Ok(written);
    }
    written.page.version = before.map_or(0, |before| before.version).saturating_add(1);
    judge(before, &written.page, around)?;
    Ok(written)
}

/// The marks to give, each with the work it is for.
type Given = Vec<(WorkId, MarkDraft)>;

/// What writes a page.
struct Pen<'w, 'a> {
    before: Option<&'w LessonPage>,
    writing: &'w mut Writing<'a>,
    revisions: Vec<MarkRevision>,
}

impl Pen<'_, '_> {
    fn write(mut self, mut draft: LessonDraft) -> Result<Written, PageError> {
        let (works, late_marks) = (mem::take(&mut draft.works), mem::take(&mut draft.late_marks));
        let attendance = mem::take(&mut draft.attendance);
        let own = mem::take(&mut draft.individual_homework);
        let remarks = mem::take(&mut draft.remarks);
        let lesson = self.lesson(draft)?;
        let (works, given) = self.works(lesson.id, works, late_marks)?;
        let (marks, removed) = self.marks(lesson.id, lesson.date, given)?;
        let page = LessonPage {
            version: self.before.map_or(0, |page| page.version),
            works,
            marks,
            attendance: self.attendance(&lesson, attendance)?,
            individual_homework: individual(lesson.id, own),
            remarks: said(lesson.id, remarks),
            lesson,
        };
        Ok(Written { page, revisions: self.revisions, removed })
    }

    /// The works of the page, and the marks to give, each with the work it is for.
    fn works(
        &mut self,
        lesson: LessonId,
        drafts: Vec<WorkDraft>,
        late: Vec<LateMarkDraft>,
    ) -> Result<(Vec<Work>, Given), PageError> {
        let mut stored: BTreeSet<WorkId> = self
            .before
            .map(|page| page.works.iter().map(|work| work.id).collect())
            .unwrap_or_default();
        let (mut works, mut given) = (Vec::with_capacity(drafts.len()), Vec::new());
        for WorkDraft { id, kind, title, weight, marks } in drafts {
            let id = match id {
                None => WorkId((self.writing.new_id)()),
                Some(work) if stored.remove(&work) => work,
                Some(work) => return Err(PageError::WorkNotThere { work }),
            };
            given.extend(marks.into_iter().map(|mark| (id, mark)));
            works.push(Work { id, lesson, kind, title, weight });
        }
        given.extend(late.into_iter().map(|late| (late.work, late.mark)));
        works.sort_by_key(|work| work.id);
        Ok((works, given))
    }

    fn attendance(
        &self,
        lesson: &Lesson,
        drafts: Vec<AttendanceDraft>,
    ) -> Result<Vec<Attendance>, PageError> {
        let mut rows = Vec::with_capacity(drafts.len());
        for AttendanceDraft { pupil, code } in drafts {
            // What stands there keeps its meaning, should the school's codes be others now.
            let stands = self.before.and_then(|page| {
                page.attendance.iter().find(|row| row.pupil == pupil && row.code == code)
            });
            let class = match stands {
                Some(row) => row.class.clone(),
                None => self.writing.codes.class_of(&code)?.clone(),
            };
            rows.push(Attendance { pupil, lesson: lesson.id, date: lesson.date, code, class });
        }
        rows.sort_by_key(|row| row.pupil);
        Ok(rows)
    }

    /// The lesson itself; it was written now if it says something else than before.
    fn lesson(&mut self, draft: LessonDraft) -> Result<Lesson, PageError> {
        let before = self.before.map(|page| &page.lesson);
        if before.is_some_and(|lesson| lesson.class != draft.class) {
            return Err(PageError::ClassDiffers { class: draft.class });
        }
        if is_blank(&draft.subject) {
            return Err(PageError::SubjectMissing);
        }
        let id = before.map_or_else(|| LessonId((self.writing.new_id)()), |lesson| lesson.id);
        let mut lesson = Lesson {
            id,
            class: draft.class,
            subgroup: draft.subgroup,
            date: draft.date,
            number: draft.number,
            subject: draft.subject,
            instead_of: draft.instead_of.filter(|subject| !is_blank(subject)),
            cancelled: draft.cancelled,
            distant: draft.distant,
            teacher: draft.teacher,
            room: draft.room,
            topic: draft.topic.filter(|topic| !is_blank(topic)),
            homework: homework(draft.homework),
            written_at: before.map_or(self.writing.at, |lesson| lesson.written_at),
        };
        if before.is_some_and(|before| *before != lesson) {
            lesson.written_at = self.writing.at.max(lesson.written_at);
        }
        Ok(lesson)
    }

    /// The marks of the page, and those that were taken back.
    fn marks(
        &mut self,
        lesson: LessonId,
        date: NaiveDate,
        given: Given,
    ) -> Result<(Vec<Mark>, Vec<Mark>), PageError> {
        let mut stored: BTreeMap<MarkId, &Mark> = self
            .before
            .map(|page| page.marks.iter().map(|mark| (mark.id, mark)).collect())
            .unwrap_or_default();
        let mut marks = Vec::with_capacity(given.len());
        for (work, MarkDraft { id, pupil, value, comment }) in given {
            let comment = comment.filter(|comment| !is_blank(comment));
            let Some(id) = id else {
                let (id, written_at) = (MarkId((self.writing.new_id)()), self.writing.at);
                marks.push(Mark { id, pupil, lesson, date, work, value, comment, written_at });
                continue;
            };
            // A mark never becomes one for other work: its history would not tell of it.
            let is_this = |mark: &&Mark| mark.pupil == pupil && mark.work == work;
            let known = stored.remove(&id).filter(is_this);
            let known = known.ok_or(PageError::MarkNotThere { mark: id })?;
            // Two clocks may disagree by a little: a mark is never written before it was.
            let at = self.writing.at.max(known.written_at);
            let corrected =
                known.corrected(Correction { value, comment, by: self.writing.by, at })?;
            self.revisions.extend(corrected.revision);
            marks.push(Mark { lesson, date, ..corrected.mark });
        }
        marks.sort_by_key(|mark| mark.id);
        Ok((marks, stored.into_values().cloned().collect()))
    }
}

/// Homework for single pupils, each one's in the order of the draft.
fn individual(lesson: LessonId, drafts: Vec<HomeworkDraft>) -> Vec<IndividualHomework> {
    let given = drafts.into_iter().filter_map(|HomeworkDraft { pupil, homework }| {
        let homework = self::homework(Some(homework))?;
        Some(IndividualHomework { lesson, pupil, homework })
    });
    let mut rows: Vec<_> = given.collect();
    rows.sort_by_key(|row| row.pupil);
    rows
}

/// Remarks that say something, each pupil's in the order of the draft.
fn said(lesson: LessonId, drafts: Vec<RemarkDraft>) -> Vec<Remark> {
    let said = drafts.into_iter().filter(|draft| !is_blank(&draft.text));
    let mut rows: Vec<_> =
        said.map(|RemarkDraft { pupil, text }| Remark { pupil, lesson, text }).collect();
    rows.sort_by_key(|row| row.pupil);
    rows
}

/// Homework that says something.
fn homework(given: Option<Homework>) -> Option<Homework> {
    given.filter(|homework| !is_blank(&homework.text) || !homework.materials.is_empty())
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

impl core::fmt::Debug for Writing<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Writing")
            .field("by", &self.by)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
