//! The page of a lesson: shown, and written whole.
//!
//! * `rows`: what is loaded to judge a draft by.
//! * `spent`: works that nothing needs any more.
//! * `touched`: whose diaries a written page changes, and on which days.
//! * `error`: why a page is not shown or not written.

mod error;
mod rows;
mod spent;
mod touched;

use chrono::{DateTime, Utc};
use eschool_core::{
    access::{AccessError, Deed, Sight, Viewer, may, may_do},
    id::{AccountId, LessonId, SchoolId},
    journal::{
        AttendanceCodes, Lesson, LessonDraft, LessonPage, Mark, MarkRevision, MarkValue, Writing,
        Written, giver_of, teacher_of, write_lesson,
    },
};
use serde::{Deserialize, Serialize};

pub use self::error::LessonError;
use self::rows::Rows;
pub(in crate::store) use self::spent::MarksTurned;
use super::{Session, Store, at_work::AtWork, sign_in::commit, watch::Watch};
use crate::backend::{
    AuditEntry, Backend, Changes, IndividualHomeworkRow, MarkChange, RemarkRow, Removed, Turn, Tx,
};

/// Which state of which lesson somebody saw before writing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenLesson {
    /// The lesson.
    pub lesson: LessonId,
    /// The version of the page that was seen.
    pub version: u64,
}

impl<B: Backend> Store<B> {
    /// The page of a lesson, for who may see it: the class teacher, the teacher who gives it, the
    /// administrator. Each look is noted in the audit before anything is shown.
    ///
    /// # Errors
    /// [`LessonError::Access`] if they may not, [`LessonError::NotFound`] if there is none; that is
    /// told to nobody who has no post in the school.
    pub async fn lesson(
        &self,
        session: &Session,
        school: SchoolId,
        lesson: LessonId,
    ) -> Result<LessonPage, LessonError> {
        let (_, page, entry) = self.look_at_lesson(session, school, lesson).await?;
        self.note(vec![entry]).await?;
        Ok(page)
    }

    /// What became of the marks of a lesson, those that were taken back too, in the order it
    /// happened; for who may see the lesson, and noted as a look at it.
    ///
    /// # Errors
    /// As for [`lesson`](Self::lesson).
    pub async fn mark_history(
        &self,
        session: &Session,
        school: SchoolId,
        lesson: LessonId,
    ) -> Result<Vec<MarkChange>, LessonError> {
        let (mut tx, _, entry) = self.look_at_lesson(session, school, lesson).await?;
        let changes = tx.mark_changes(school, lesson).await?;
        drop(tx);
        self.note(vec![entry]).await?;
        Ok(changes)
    }

    /// Writes a lesson whole, in one transaction: the lesson with its topic and homework, works,
    /// marks, attendance, remarks. What became of marks is kept, the families' diaries get their
    /// events, and the audit says who did it.
    ///
    /// `seen` tells which lesson, and in which state it was when the draft was made of it; none is
    /// for a new lesson. A draft that says what is there already changes nothing. The page as it
    /// stands now is given back.
    ///
    /// ```
    /// use eschool_core::id::{LessonId, SchoolId};
    /// use eschool_store::{LessonError, SeenLesson, Session, Store, backend::Backend};
    ///
    /// async fn set_topic<B: Backend>(
    ///     store: &Store<B>, teacher: &Session, school: SchoolId, lesson: LessonId, topic: &str,
    /// ) -> Result<(), LessonError> {
    ///     let page = store.lesson(teacher, school, lesson).await?;
    ///     let mut draft = page.draft();
    ///     draft.topic = Some(topic.into());
    ///     let seen = SeenLesson { lesson, version: page.version };
    ///     store.save_lesson(teacher, school, Some(seen), draft).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`LessonError::Access`] if somebody may not write the lesson, as it is or as it is to be;
    /// [`LessonError::Conflict`] with the present page if it was written since it was seen, which
    /// is noted as a look at it;
    /// [`LessonError::Page`] if something in the draft cannot stand. Then nothing was written.
    pub async fn save_lesson(
        &self,
        session: &Session,
        school: SchoolId,
        seen: Option<SeenLesson>,
        draft: LessonDraft,
    ) -> Result<LessonPage, LessonError> {
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        let work = self.at_work(&mut *tx, session, school).await?;
        let before = match seen {
            None => None,
            Some(seen) => {
                let page = tx.lesson_page(school, seen.lesson).await?;
                let page = page.ok_or_else(|| work.no_lesson(self))?;
                work.may_write(self, &page.lesson)?;
                if page.version != seen.version {
                    let actor = work.standings.actor();
                    let entry = self.lesson_entry("lesson_read", school, actor, page.lesson.id);
                    commit(tx, Changes { audit: vec![entry], ..Changes::default() }).await?;
                    return Err(LessonError::Conflict(Box::new(page)));
                }
                Some(page)
            }
        };
        work.may_make(self, &draft, before.as_ref().map(|page| &page.lesson))?;
        let classes = tx.classes(school).await?;
        let class = classes.iter().find(|class| class.id == draft.class);
        let class_year = class.map(|class| class.year);
        if let Some(year) = class_year {
            self.may_write_year(&mut *tx, school, year).await?;
        }

        let rows = Rows::load(&mut *tx, school, class_year, before.as_ref(), &draft).await?;
        let codes = AttendanceCodes::standard();
        let actor = work.standings.actor();
        let at = self.inner.ambient.now();
        // A block of its own: what makes identifiers may not be kept while others work.
        let mut written = {
            let mut new_id = || self.inner.ambient.new_id();
            let mut writing = Writing { by: actor, at, codes: &codes, new_id: &mut new_id };
            write_lesson(before.as_ref(), draft, rows.around(), &mut writing)?
        };
        self.excuse_absences(&mut *tx, school, before.as_ref(), &mut written.page).await?;
        if !written.is_different(before.as_ref()) {
            return Ok(written.page);
        }
        let page = &written.page;
        let watched = touched::watched(&mut *tx, school, before.as_ref(), page, &rows).await?;
        let watch = Watch::begin(&mut *tx, school, watched).await?;
        let changes = self.page_changes(school, actor, at, &written);
        let turned = MarksTurned {
            school,
            class: Some(written.page.lesson.class),
            removed: written.removed.iter().collect(),
            written: written.page.marks.iter().collect(),
        };
        let works = turned.spent(&mut *tx).await?;
        tx.apply(&changes).await?;
        let events = watch.events(&mut *tx, at).await?;
        let audit = vec![self.lesson_entry("lesson_saved", school, actor, written.page.lesson.id)];
        let works = works.into_iter().map(|work| (school, work)).collect();
        let removed = Removed { works, ..Removed::default() };
        commit(tx, Changes { removed, events, audit, ..Changes::default() }).await?;
        Ok(written.page)
    }

    /// The page that somebody may look at, and the entry that says they did.
    async fn look_at_lesson(
        &self,
        session: &Session,
        school: SchoolId,
        lesson: LessonId,
    ) -> Result<(Box<dyn Tx>, LessonPage, AuditEntry), LessonError> {
        let mut tx = self.read().await?;
        let work = self.at_work(&mut *tx, session, school).await?;
        let page = tx.lesson_page(school, lesson).await?;
        let page = page.ok_or_else(|| work.no_lesson(self))?;
        let viewers = work.standings.viewers(self.rules(work.today));
        let staff = work.staff.iter().map(|(post, name)| (post.account, name));
        let teacher = teacher_of(&page.lesson.teacher, staff);
        let sight = Sight::Lesson { school, class: page.lesson.class, teacher };
        may(&viewers, &sight, work.today)?;
        let entry = self.lesson_entry("lesson_read", school, work.standings.actor(), lesson);
        Ok((tx, page, entry))
    }

    fn lesson_entry(
        &self,
        action: &str,
        school: SchoolId,
        actor: Option<AccountId>,
        lesson: LessonId,
    ) -> AuditEntry {
        let entry = self.audit_entry(action, "done", None, None);
        AuditEntry { school: Some(school), actor, lesson: Some(lesson), ..entry }
    }

    /// The rows of a page that was written: all that stands in the lesson from now on.
    fn page_changes(
        &self,
        school: SchoolId,
        actor: Option<AccountId>,
        at: DateTime<Utc>,
        written: &Written,
    ) -> Changes {
        let LessonPage { lesson, works, marks, attendance, individual_homework, remarks, .. } =
            &written.page;
        let date = lesson.date;
        let mut changes = Changes {
            lessons: vec![(school, lesson.clone())],
            emptied_lessons: vec![(school, lesson.id)],
            works: works.iter().map(|row| (school, row.clone())).collect(),
            marks: marks.iter().map(|row| (school, row.clone())).collect(),
            attendance: attendance.iter().map(|row| (school, row.clone())).collect(),
            ..Changes::default()
        };
        let own = placed(individual_homework, |row| row.pupil).map(|(position, row)| {
            let (lesson, pupil, homework) = (row.lesson, row.pupil, row.homework.clone());
            (school, IndividualHomeworkRow { lesson, pupil, date, position, homework })
        });
        changes.individual_homework.extend(own);
        let said = placed(remarks, |row| row.pupil).map(|(position, row)| {
            let (lesson, pupil, text) = (row.lesson, row.pupil, row.text.clone());
            (school, RemarkRow { lesson, pupil, date, position, text })
        });
        changes.remarks.extend(said);
        let change = |mark: &Mark, old: &MarkValue, new: Option<&MarkRevision>| MarkChange {
            entry: self.inner.ambient.new_id(),
            school,
            lesson: lesson.id,
            mark: mark.id,
            pupil: mark.pupil,
            old: old.clone(),
            new: new.map(|revision| revision.new.clone()),
            by: actor,
            at: new.map_or(at, |revision| revision.at),
            comment: new.and_then(|revision| revision.comment.clone()),
        };
        let of_revision = |revision: &MarkRevision| {
            let mark = marks.iter().find(|mark| mark.id == revision.mark)?;
            Some(change(mark, &revision.old, Some(revision)))
        };
        changes.mark_changes.extend(written.revisions.iter().filter_map(of_revision));
        let removed = written.removed.iter().map(|mark| change(mark, &mark.value, None));
        changes.mark_changes.extend(removed);
        changes
    }
}

impl AtWork {
    /// What is said of a lesson that is not there: who has no post in the school learns nothing of
    /// which are.
    fn no_lesson<B: Backend>(&self, store: &Store<B>) -> LessonError {
        let is_at_work = |viewer: &Viewer<'_>| match viewer {
            Viewer::Staff { until, .. } => until.is_none_or(|last| self.today <= last),
            Viewer::Pupil(..) | Viewer::Parent { .. } | Viewer::Bonds { .. } => false,
        };
        if self.standings.viewers(store.rules(self.today)).iter().any(is_at_work) {
            LessonError::NotFound
        } else {
            AccessError::NotAllowed.into()
        }
    }

    /// Whether a lesson that stands there may be written.
    fn may_write<B: Backend>(&self, store: &Store<B>, lesson: &Lesson) -> Result<(), LessonError> {
        let staff = self.staff.iter().map(|(post, name)| (post.account, name));
        let teacher = teacher_of(&lesson.teacher, staff);
        let deed = Deed::Lesson { school: self.school.id, class: lesson.class, teacher };
        let viewers = self.standings.viewers(store.rules(self.today));
        Ok(may_do(&viewers, &deed, self.today)?)
    }

    /// Whether a lesson may become this, or be made.
    fn may_make<B: Backend>(
        &self,
        store: &Store<B>,
        draft: &LessonDraft,
        former: Option<&Lesson>,
    ) -> Result<(), LessonError> {
        let former = former.map(|lesson| lesson.subject.as_str());
        let teacher = giver_of(&draft.teacher, &draft.subject, former, &self.staff);
        let deed = Deed::Lesson { school: self.school.id, class: draft.class, teacher };
        let viewers = self.standings.viewers(store.rules(self.today));
        Ok(may_do(&viewers, &deed, self.today)?)
    }
}

/// Rows with their place among those of one pupil, which stand together.
fn placed<R>(rows: &[R], pupil: fn(&R) -> AccountId) -> impl Iterator<Item = (u16, &R)> {
    rows.chunk_by(move |one, next| pupil(one) == pupil(next)).flat_map(|own| (0..).zip(own))
}
