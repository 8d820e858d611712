//! Excuses: a parent tells why a child was or will be absent, the class teacher accepts it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use eschool_core::{
    access::{AccessError, Deed, Sight, Whose, may, may_do},
    calendar::{DateRange, school_year, year_of_lesson},
    error::CodedError,
    id::{AccountId, ClassId, LessonId, SchoolId},
    journal::{
        Attendance, AttendanceClass, AttendanceCodes, Excuse, ExcuseError, Lesson, LessonPage,
        classes_on, excuse_new_absences,
    },
};
use thiserror::Error;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    Session, Store, StoreError,
    at_work::AtWork,
    places::of_excuse,
    sign_in::commit,
    watch::{Watch, Watched},
};
use crate::backend::{
    AuditEntry, Backend, BackendError, Changes, ExcuseRow, SchoolClass, Turn, Tx,
};

/// Why a child was or will be absent, as a parent tells it.
#[derive(Clone, PartialEq, Eq)]
pub struct ExcuseForm {
    /// The child.
    pub pupil: AccountId,
    /// The days.
    pub days: DateRange,
    /// The lessons of those days; none for all of them.
    pub lessons: Vec<LessonId>,
    /// What it is to count as: ill, or excused.
    pub class: AttendanceClass,
    /// The reason.
    pub text: String,
}

impl std::fmt::Debug for ExcuseForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExcuseForm")
            .field("pupil", &self.pupil)
            .field("days", &self.days)
            .finish_non_exhaustive()
    }
}

/// An excuse that was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownExcuse {
    /// Its identifier.
    pub id: Uuid,
    /// The excuse, and whether it was accepted.
    pub excuse: Excuse,
}

/// Why an excuse is not taken, accepted or shown.
#[derive(Debug, Error)]
pub enum ExcuseUseError {
    /// Who asks is no parent of the child, or does not lead the class.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// It cannot stand, or was accepted before.
    #[error(transparent)]
    Excuse(#[from] ExcuseError),
    /// There is no such excuse or pupil.
    #[error("there is no such excuse")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for ExcuseUseError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl CodedError for ExcuseUseError {
    fn code(&self) -> &'static str {
        match self {
            Self::Access(error) => error.code(),
            Self::Excuse(error) => error.code(),
            Self::NotFound => "excuse_not_found",
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Access(error) => error.text_ru(),
            Self::Excuse(error) => error.text_ru(),
            Self::NotFound => "Такого объяснения нет",
            Self::Store(error) => error.text_ru(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Excuse(error) => error.field(),
            _ => None,
        }
    }
}

impl<B: Backend> Store<B> {
    /// A parent tells why a child was or will be absent. It changes nothing in the journal before
    /// the class teacher [accepts](Self::accept_excuse) it. One that says the same as another which
    /// nobody has accepted yet, as a form does that arrives twice, is that one.
    ///
    /// # Errors
    /// [`ExcuseUseError`] says why it is not taken.
    pub async fn tell_excuse(
        &self,
        session: &Session,
        school: SchoolId,
        form: ExcuseForm,
    ) -> Result<KnownExcuse, ExcuseUseError> {
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        let work = self.at_work(&mut *tx, session, school).await?;
        let classes = self.classes_today(&mut *tx, &work, form.pupil).await?;
        let whose = Whose { account: form.pupil, school, classes: &classes };
        let viewers = work.standings.viewers(self.rules(work.today));
        may_do(&viewers, &Deed::Excuse(whose), work.today)?;
        let by = work.standings.parent_of(form.pupil).ok_or(AccessError::NotYours)?;
        let ExcuseForm { pupil, days, lessons, class, text } = form;
        let at = self.inner.ambient.now();
        let excuse = Excuse { pupil, by, at, days, lessons, class, text, accepted: None };
        excuse.validate()?;
        // The excuse is of the year it begins in, and about lessons up to its last day.
        let years = BTreeSet::from([school_year(days.from()), year_of_lesson(days.to())]);
        self.may_write_years(&mut *tx, school, years).await?;
        let told = tx.excuses(school, &[pupil], days).await?;
        let mut told = told.iter().filter_map(|row| self.open_excuse(school, row).ok());
        let is_it = |told: &KnownExcuse| {
            told.excuse.accepted.is_none() && told.excuse.says_the_same(&excuse)
        };
        if let Some(known) = told.find(is_it) {
            return Ok(known);
        }
        let known = KnownExcuse { id: self.inner.ambient.new_id(), excuse };
        let changes = Changes {
            excuses: vec![(school, self.seal_excuse(school, &known)?)],
            audit: vec![self.excuse_entry("told", school, by, pupil)],
            ..Changes::default()
        };
        commit(tx, changes).await?;
        Ok(known)
    }

    /// The class teacher, or the administrator, accepts an excuse: the pupil's absences of its days
    /// and lessons that had no good reason are excused, those that are written or imported later too,
    /// and the family's diary tells so. A teacher who sets one back by hand has the last word on it.
    ///
    /// # Errors
    /// [`ExcuseUseError`] says why it stays as it was.
    pub async fn accept_excuse(
        &self,
        session: &Session,
        school: SchoolId,
        pupil: AccountId,
        excuse: Uuid,
    ) -> Result<KnownExcuse, ExcuseUseError> {
        let mut tx = self.write_in(&[Turn::School(school)]).await?;
        let work = self.at_work(&mut *tx, session, school).await?;
        let classes = self.classes_today(&mut *tx, &work, pupil).await?;
        let whose = Whose { account: pupil, school, classes: &classes };
        let viewers = work.standings.viewers(self.rules(work.today));
        may_do(&viewers, &Deed::AcceptExcuse(whose), work.today)?;
        let by = work.standings.actor().ok_or(AccessError::NotAllowed)?;
        let known = self.known_excuses(&mut *tx, school, pupil, any_day()).await?;
        let known = known.into_iter().find(|known| known.id == excuse);
        let mut known = known.ok_or(ExcuseUseError::NotFound)?;
        let at = self.inner.ambient.now();
        known.excuse.accept(by, at)?;

        let days = known.excuse.days;
        let slice = tx.diary_slice(school, pupil, days).await?;
        let codes = AttendanceCodes::standard();
        let excused = slice.attendance.iter().filter_map(|row| known.excuse.excused(row, &codes));
        let excused: Vec<_> = excused.collect();
        let mut years = years_of(&tx.classes(school).await?, &slice.lessons, &excused);
        years.insert(school_year(days.from()));
        self.may_write_years(&mut *tx, school, years).await?;
        let watched = Watched { pupil, days: vec![days], finals: false };
        let watch = Watch::begin(&mut *tx, school, vec![watched]).await?;
        let changes = Changes {
            attendance: excused.into_iter().map(|row| (school, row)).collect(),
            excuses: vec![(school, self.seal_excuse(school, &known)?)],
            ..Changes::default()
        };
        tx.apply(&changes).await?;
        let events = watch.events(&mut *tx, at).await?;
        let audit = vec![self.excuse_entry("accepted", school, by, pupil)];
        commit(tx, Changes { events, audit, ..Changes::default() }).await?;
        Ok(known)
    }

    /// The excuses of a pupil that are about some of these days: for the family, and for the class
    /// teacher and the administrator, whose look is audited.
    ///
    /// # Errors
    /// [`ExcuseUseError::Access`] for anybody else.
    pub async fn excuses(
        &self,
        session: &Session,
        school: SchoolId,
        pupil: AccountId,
        days: DateRange,
    ) -> Result<Vec<KnownExcuse>, ExcuseUseError> {
        let mut tx = self.read().await?;
        let work = self.at_work(&mut *tx, session, school).await?;
        let classes = self.classes_today(&mut *tx, &work, pupil).await?;
        let whose = Whose { account: pupil, school, classes: &classes };
        let viewers = work.standings.viewers(self.rules(work.today));
        let look = may(&viewers, &Sight::Diary(whose), work.today)?;
        let known = self.known_excuses(&mut *tx, school, pupil, days).await?;
        drop(tx);
        if look.audited {
            let entry = self.audit_entry("excuses_read", "done", None, Some(pupil));
            let (school, actor) = (Some(school), work.standings.actor());
            self.note(vec![AuditEntry { school, actor, ..entry }]).await?;
        }
        Ok(known)
    }

    /// Excuses absences that are new on a page which is about to be written, and for which an excuse
    /// was accepted before.
    pub(super) async fn excuse_absences(
        &self,
        tx: &mut dyn Tx,
        school: SchoolId,
        before: Option<&LessonPage>,
        page: &mut LessonPage,
    ) -> Result<(), StoreError> {
        let absent = page.attendance.iter().filter(|row| row.class.is_absence());
        let absent: Vec<_> = absent.map(|row| row.pupil).collect();
        let day = DateRange::day(page.lesson.date);
        let excuses = self.accepted_excuses(tx, school, &absent, day).await?;
        let before = before.map_or(&[][..], |page| &page.attendance);
        excuse_new_absences(before, &mut page.attendance, &excuses, &AttendanceCodes::standard());
        Ok(())
    }

    /// The accepted excuses of these pupils that are about some of these days. One that does not open
    /// excuses nothing, and holds up no journal.
    pub(super) async fn accepted_excuses(
        &self,
        tx: &mut dyn Tx,
        school: SchoolId,
        pupils: &[AccountId],
        days: DateRange,
    ) -> Result<Vec<Excuse>, StoreError> {
        if pupils.is_empty() {
            return Ok(Vec::new());
        }
        let rows = tx.excuses(school, pupils, days).await?;
        let opened = rows.iter().filter_map(|row| self.open_excuse(school, row).ok());
        Ok(opened.map(|known| known.excuse).filter(|excuse| excuse.accepted.is_some()).collect())
    }

    async fn may_write_years(
        &self,
        tx: &mut dyn Tx,
        school: SchoolId,
        years: BTreeSet<i32>,
    ) -> Result<(), StoreError> {
        for year in years {
            self.may_write_year(tx, school, year).await?;
        }
        Ok(())
    }

    async fn classes_today(
        &self,
        tx: &mut dyn Tx,
        work: &AtWork,
        pupil: AccountId,
    ) -> Result<Vec<ClassId>, StoreError> {
        let members = tx.members(&[(work.school.id, pupil)]).await?;
        let stays = members.first().map_or(&[][..], |member| &member.stays);
        Ok(classes_on(stays, work.today))
    }

    pub(super) async fn known_excuses(
        &self,
        tx: &mut dyn Tx,
        school: SchoolId,
        pupil: AccountId,
        days: DateRange,
    ) -> Result<Vec<KnownExcuse>, StoreError> {
        let rows = tx.excuses(school, &[pupil], days).await?;
        rows.iter().map(|row| self.open_excuse(school, row)).collect()
    }

    pub(super) fn open_excuse(
        &self,
        school: SchoolId,
        row: &ExcuseRow,
    ) -> Result<KnownExcuse, StoreError> {
        let place = of_excuse(school, row.pupil, row.id);
        let opened = self.inner.vault.open(&place, &row.excuse)?;
        let excuse = serde_json::from_slice(&opened);
        Ok(KnownExcuse { id: row.id, excuse: excuse.map_err(|_| BackendError::Corrupt("excuse"))? })
    }

    pub(super) fn seal_excuse(
        &self,
        school: SchoolId,
        known: &KnownExcuse,
    ) -> Result<ExcuseRow, StoreError> {
        let KnownExcuse { id, excuse } = known;
        let text = serde_json::to_vec(excuse).map(Zeroizing::new);
        let text = text.map_err(|_| BackendError::Corrupt("excuse to write"))?;
        let nonce = self.inner.ambient.random();
        let sealed = self.inner.vault.seal(&of_excuse(school, excuse.pupil, *id), &text, nonce)?;
        Ok(ExcuseRow { id: *id, pupil: excuse.pupil, days: excuse.days, excuse: sealed })
    }

    fn excuse_entry(
        &self,
        outcome: &str,
        school: SchoolId,
        actor: AccountId,
        pupil: AccountId,
    ) -> AuditEntry {
        self.audit_entry("excuse", outcome, Some((school, actor)), Some(pupil))
    }
}

/// The school years of the classes in whose lessons these absences are.
fn years_of(classes: &[SchoolClass], lessons: &[Lesson], absences: &[Attendance]) -> BTreeSet<i32> {
    let year = |row: &Attendance| {
        let lesson = lessons.iter().find(|lesson| lesson.id == row.lesson)?;
        Some(classes.iter().find(|class| class.id == lesson.class)?.year)
    };
    absences.iter().map(|row| year(row).unwrap_or_else(|| year_of_lesson(row.date))).collect()
}

/// Every day a database keeps.
pub(super) fn any_day() -> DateRange {
    let first = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(NaiveDate::MIN);
    let last = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
    DateRange::new(first, last).unwrap_or(DateRange::day(first))
}
