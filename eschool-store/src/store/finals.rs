//! Final marks of a class in a subject, and how a school counts marks.

use std::collections::BTreeSet;

use eschool_core::{
    access::{AccessError, Deed, Sight, may, may_do},
    calendar::school_year_days,
    error::CodedError,
    id::{AccountId, ClassId, SchoolId},
    journal::{FinalMark, FinalsError, FinalsPage, Grading, teacher_of, write_finals},
};
use thiserror::Error;

use super::{
    Session, Store, StoreError,
    at_work::AtWork,
    sign_in::commit,
    watch::{Watch, Watched},
};
use crate::backend::{
    AuditEntry, Backend, BackendError, Changes, ClassPupils, SchoolClass, SchoolFrame, Turn, Tx,
};

/// Why final marks are not shown or not written.
#[derive(Debug, Error)]
pub enum ClassFinalsError {
    /// Nobody may look or write who is not allowed to.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The school has no such class.
    #[error("there is no such class")]
    ClassNotFound,
    /// Somebody else wrote them since they were seen. Nothing was written: here is what stands
    /// there now.
    #[error("the finals were written by somebody else meanwhile; look at them and write again")]
    Conflict(Vec<FinalMark>),
    /// What was to be written cannot stand so.
    #[error(transparent)]
    Finals(#[from] FinalsError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for ClassFinalsError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl ClassFinalsError {
    fn cause(&self) -> Option<&dyn CodedError> {
        match self {
            Self::Access(error) => Some(error),
            Self::ClassNotFound | Self::Conflict(_) => None,
            Self::Finals(error) => Some(error),
            Self::Store(error) => Some(error),
        }
    }
}

impl CodedError for ClassFinalsError {
    fn code(&self) -> &'static str {
        match self {
            Self::ClassNotFound => "class_not_found",
            _ => self.cause().map_or("finals_conflict", CodedError::code),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::ClassNotFound => "Такого класса в школе нет",
            _ => self.cause().map_or(
                "Пока вы ставили итоговые отметки, их изменил кто-то ещё. Посмотрите, что \
                 изменилось, и сохраните ещё раз",
                CodedError::text_ru,
            ),
        }
    }

    fn field(&self) -> Option<&'static str> {
        self.cause().and_then(CodedError::field)
    }

    fn value(&self) -> Option<String> {
        self.cause().and_then(CodedError::value)
    }
}

/// The final marks of a class in a subject as they stand, and what they are judged by.
struct Page {
    class: SchoolClass,
    frame: SchoolFrame,
    pupils: ClassPupils,
    /// Who teaches the class this subject.
    teachers: Vec<AccountId>,
    finals: Vec<FinalMark>,
}

impl<B: Backend> Store<B> {
    /// The final marks of a class in a subject in its school year, by pupil, kind and term: for who
    /// teaches the class the subject, who leads it, and the administrator. The look is noted.
    ///
    /// # Errors
    /// [`ClassFinalsError::Access`] if they may not, [`ClassFinalsError::ClassNotFound`],
    /// [`StoreError::YearArchived`] for a year that is not in the database, or not whole.
    pub async fn class_finals(
        &self,
        session: &Session,
        school: SchoolId,
        class: ClassId,
        subject: &str,
    ) -> Result<Vec<FinalMark>, ClassFinalsError> {
        let mut tx = self.read().await?;
        let work = self.at_work(&mut *tx, session, school).await?;
        let page = Page::load(&mut *tx, &work, class, subject).await?;
        let viewers = work.standings.viewers(self.rules(work.today));
        let sheet = Sight::ClassSheet { school, class };
        let teaches = may_do(&viewers, &page.deed(school), work.today);
        may(&viewers, &sheet, work.today).map(drop).or(teaches)?;
        self.may_read_year(&mut *tx, school, page.class.year).await?;
        let actor = work.standings.actor();
        // Each child's parents may ask who looked.
        let here = page.pupils.stays.iter().filter(|stay| stay.class == page.class.id);
        let pupils: BTreeSet<AccountId> = here.map(|stay| stay.pupil).collect();
        let note = |pupil: Option<AccountId>| {
            let entry = self.audit_entry("finals_read", "done", None, pupil);
            AuditEntry { school: Some(school), actor, ..entry }
        };
        let mut looks: Vec<_> = pupils.into_iter().map(|pupil| note(Some(pupil))).collect();
        if looks.is_empty() {
            looks.push(note(None));
        }
        drop(tx);
        self.note(looks).await?;
        Ok(page.finals)
    }

    /// Writes the final marks of a class in a subject in its school year, all of them: what is not
    /// among them is taken back. `seen` is what [`class_finals`](Self::class_finals) told before.
    /// The diaries get their events; the audit says whose marks were written.
    ///
    /// # Errors
    /// [`ClassFinalsError::Access`] if somebody may not, [`ClassFinalsError::Conflict`] with what
    /// stands there now if that is not what was seen, [`ClassFinalsError::Finals`] if something
    /// cannot stand. Then nothing was written.
    pub async fn save_finals(
        &self,
        session: &Session,
        school: SchoolId,
        class: ClassId,
        subject: &str,
        seen: &[FinalMark],
        finals: Vec<FinalMark>,
    ) -> Result<Vec<FinalMark>, ClassFinalsError> {
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        let work = self.at_work(&mut *tx, session, school).await?;
        let page = Page::load(&mut *tx, &work, class, subject).await?;
        let viewers = work.standings.viewers(self.rules(work.today));
        may_do(&viewers, &page.deed(school), work.today)?;
        self.may_write_year(&mut *tx, school, page.class.year).await?;
        if in_order(seen.to_vec()) != page.finals {
            return Err(ClassFinalsError::Conflict(page.finals));
        }
        let grade = page.class.name.grade();
        let terms: Vec<_> =
            page.frame.terms.iter().filter(|term| term.grade == grade).cloned().collect();
        let (year, stays) = (page.class.year, page.pupils.stays.as_slice());
        let of = FinalsPage { class, subject, year, terms: &terms, stays };
        let written = write_finals(&page.finals, finals.clone(), of)?;
        let changed = written.saved.iter().chain(&written.removed).map(|mark| mark.pupil);
        let changed: BTreeSet<AccountId> = changed.collect();
        if changed.is_empty() {
            return Ok(page.finals);
        }
        let watched =
            changed.iter().map(|pupil| Watched { pupil: *pupil, days: Vec::new(), finals: true });
        let watch = Watch::begin(&mut *tx, school, watched.collect()).await?;
        let of_school = |marks: Vec<FinalMark>| marks.into_iter().map(|mark| (school, mark));
        let changes = Changes {
            finals: of_school(written.saved).collect(),
            removed_finals: of_school(written.removed).collect(),
            ..Changes::default()
        };
        tx.apply(&changes).await?;
        let events = watch.events(&mut *tx, self.inner.ambient.now()).await?;
        let actor = work.standings.actor();
        let entries = changed.into_iter().map(|pupil| {
            let entry = self.audit_entry("finals_saved", "done", None, Some(pupil));
            AuditEntry { school: Some(school), actor, ..entry }
        });
        commit(tx, Changes { events, audit: entries.collect(), ..Changes::default() }).await?;
        Ok(in_order(finals))
    }

    /// Sets how a school counts marks and rounds means, from now on and for all that stands there.
    ///
    /// # Errors
    /// [`ClassFinalsError::Access`] for who does not administer the school, others if the database
    /// fails.
    pub async fn set_grading(
        &self,
        session: &Session,
        school: SchoolId,
        grading: Grading,
    ) -> Result<(), ClassFinalsError> {
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        let work = self.at_work(&mut *tx, session, school).await?;
        let viewers = work.standings.viewers(self.rules(work.today));
        may_do(&viewers, &Deed::Grading { school }, work.today)?;
        let entry = self.audit_entry("grading_saved", "done", None, None);
        let actor = work.standings.actor();
        let audit = vec![AuditEntry { school: Some(school), actor, ..entry }];
        let gradings = vec![(school, grading)];
        commit(tx, Changes { gradings, audit, ..Changes::default() }).await?;
        Ok(())
    }
}

impl Page {
    async fn load(
        tx: &mut dyn Tx,
        work: &AtWork,
        class: ClassId,
        subject: &str,
    ) -> Result<Self, ClassFinalsError> {
        let school = work.school.id;
        let classes = tx.classes(school).await?;
        let found = classes.into_iter().find(|other| other.id == class);
        let class = found.ok_or(ClassFinalsError::ClassNotFound)?;
        let frame = tx.frame(school).await?;
        let pupils = tx.class_pupils(school, class.id).await?;
        let mut printed: BTreeSet<String> = BTreeSet::new();
        if let Some(days) = school_year_days(class.year) {
            let lessons = tx.lessons_between(school, class.id, days).await?;
            let of_subject = lessons.into_iter().filter(|lesson| lesson.subject == subject);
            printed.extend(of_subject.map(|lesson| lesson.teacher));
        }
        let planned = frame.timetable.iter();
        let planned = planned.filter(|row| row.class == class.id && row.subject == subject);
        printed.extend(planned.map(|row| row.teacher.clone()));
        let teacher = |printed: &String| {
            teacher_of(printed, work.staff.iter().map(|(post, name)| (post.account, name)))
        };
        let teachers = printed.iter().filter_map(teacher).collect();

        let mut finals = Vec::new();
        let here = pupils.stays.iter().filter(|stay| stay.class == class.id);
        for pupil in here.map(|stay| stay.pupil).collect::<BTreeSet<_>>() {
            finals.extend(tx.finals(school, pupil).await?);
        }
        finals.retain(|mark| mark.subject == subject && mark.year == class.year);
        Ok(Self { class, frame, pupils, teachers, finals: in_order(finals) })
    }

    fn deed(&self, school: SchoolId) -> Deed<'_> {
        Deed::Finals { school, class: self.class.id, teachers: &self.teachers }
    }
}

/// By pupil, kind and term.
fn in_order(mut finals: Vec<FinalMark>) -> Vec<FinalMark> {
    finals.sort_by(|a, b| {
        let key = |mark: &FinalMark| (mark.pupil, mark.kind.as_str().to_owned(), mark.term.clone());
        key(a).cmp(&key(b))
    });
    finals
}
