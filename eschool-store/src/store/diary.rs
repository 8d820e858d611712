//! Reading a diary.

use chrono::NaiveDate;
use eschool_core::{
    access::{AccessError, Standing, may_read_diary, viewers},
    calendar::{DateRange, Term, term_on, year_of_lesson},
    diary::{Diary, TermSlice, TermSummary, compose, summarise},
    error::CodedError,
    id::{AccountId, SchoolId},
    identity::FullName,
    journal::{ClassName, Grading, last_day_of, stay_on},
    people::School,
    policy::SignInMethod,
    signin::{AccountGrant, GrantedRole, ParentFacts, PupilFacts},
};
use thiserror::Error;

use super::{Session, Store, StoreError, facts::child_on};
use crate::backend::{AsParent, Backend, BackendError, DiaryCover, Tx};

/// Whose diary it is, and what it can be turned to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PupilProfile {
    /// The school.
    pub school: School,
    /// The pupil's account.
    pub account: AccountId,
    /// The name.
    pub name: FullName,
    /// The class today, else the last one.
    pub class: Option<ClassName>,
    /// The terms of the pupil's year of study, in order.
    pub terms: Vec<Term>,
    /// The day from which the password no longer serves, once it is near; only where the pupil
    /// reads and came in with one.
    pub password_ends: Option<NaiveDate>,
    /// The date it is at the school.
    pub today: NaiveDate,
    /// How the school counts marks.
    pub grading: Grading,
    /// School years whose journals were archived and are not in the database, whole or in part.
    pub archived: Vec<i32>,
}

impl PupilProfile {
    /// The term of a day: the one that holds it, else the last before it, else the first.
    #[must_use]
    pub fn term_on(&self, day: NaiveDate) -> Option<&Term> {
        term_on(&self.terms, day)
    }

    /// That the journals of these days are in the database. A week is shown that merely touches a
    /// year that is not.
    fn holds(&self, days: DateRange) -> Result<(), DiaryError> {
        let is_archived = |year| self.archived.contains(&year);
        let mut years = year_of_lesson(days.from())..=year_of_lesson(days.to());
        let is_week = days.len_days() <= 7;
        let is_away = if is_week { years.all(is_archived) } else { years.any(is_archived) };
        if is_away { Err(DiaryError::YearArchived) } else { Ok(()) }
    }

    /// The term with this name.
    #[must_use]
    pub fn term_named(&self, name: &str) -> Option<&Term> {
        self.terms.iter().find(|term| term.name == name)
    }
}

/// Why a diary is not shown.
#[derive(Debug, Error)]
pub enum DiaryError {
    /// Nobody may look who is not allowed to.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The range is longer than a diary is read at once.
    #[error("the range is longer than 62 days; ask for less")]
    RangeTooLong,
    /// The pupil's year of study has no such term.
    #[error("there is no such term; ask for one of the pupil's terms")]
    TermNotFound,
    /// The journals of that school year were archived and are not in the database.
    #[error("the journals of that school year were archived; ask the school")]
    YearArchived,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BackendError> for DiaryError {
    fn from(error: BackendError) -> Self {
        Self::Store(error.into())
    }
}

impl CodedError for DiaryError {
    fn code(&self) -> &'static str {
        match self {
            Self::Access(error) => error.code(),
            Self::RangeTooLong => "range_too_long",
            Self::TermNotFound => "term_not_found",
            Self::YearArchived => "year_archived",
            Self::Store(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Access(error) => error.text_ru(),
            Self::RangeTooLong => "За один раз дневник читают не больше чем за 62 дня",
            Self::TermNotFound => "Такого учебного периода у ученика нет",
            Self::YearArchived => "Журналы этого учебного года убраны в архив. Обратитесь в школу",
            Self::Store(error) => error.text_ru(),
        }
    }
}

impl<B: Backend> Store<B> {
    /// The longest range of days a diary is read for at once: two months.
    pub const LONGEST_RANGE_DAYS: u32 = 62;

    /// Some days of a pupil's diary, for somebody who may read it.
    ///
    /// # Errors
    /// [`DiaryError::Access`] if they may not, [`DiaryError::RangeTooLong`] beyond
    /// [`LONGEST_RANGE_DAYS`](Self::LONGEST_RANGE_DAYS), [`DiaryError::YearArchived`] for days some
    /// of whose journals are not in the database any more; of seven days at most, for all of them.
    pub async fn diary(
        &self,
        session: &Session,
        school: SchoolId,
        pupil: AccountId,
        range: DateRange,
    ) -> Result<Diary, DiaryError> {
        if range.len_days() > Self::LONGEST_RANGE_DAYS {
            return Err(DiaryError::RangeTooLong);
        }
        let mut tx = self.read().await?;
        self.profile_for(&mut *tx, session, school, pupil).await?.holds(range)?;
        Ok(compose(tx.diary_slice(school, pupil, range).await?, range))
    }

    /// The week of a day, or of today, and whose diary it is, in one snapshot.
    ///
    /// # Errors
    /// [`DiaryError::Access`] if somebody may not read it.
    pub async fn week(
        &self,
        session: &Session,
        school: SchoolId,
        pupil: AccountId,
        day: Option<NaiveDate>,
    ) -> Result<(PupilProfile, Diary), DiaryError> {
        let mut tx = self.read().await?;
        let profile = self.profile_for(&mut *tx, session, school, pupil).await?;
        let range = DateRange::week_of(day.unwrap_or(profile.today));
        profile.holds(range)?;
        Ok((profile, compose(tx.diary_slice(school, pupil, range).await?, range)))
    }

    /// A term of a pupil, by the term's name, for somebody who may read the diary; the term of
    /// today if no name is given.
    ///
    /// # Errors
    /// [`DiaryError::Access`] if they may not, [`DiaryError::TermNotFound`] for a name that none of
    /// the pupil's terms has.
    pub async fn term(
        &self,
        session: &Session,
        school: SchoolId,
        pupil: AccountId,
        name: Option<&str>,
    ) -> Result<TermSummary, DiaryError> {
        let mut tx = self.read().await?;
        let profile = self.profile_for(&mut *tx, session, school, pupil).await?;
        let term = match name {
            Some(name) => profile.term_named(name),
            None => profile.term_on(profile.today),
        };
        let term = term.ok_or(DiaryError::TermNotFound)?;
        profile.holds(term.days)?;
        let finals = tx.finals(school, pupil).await?;
        let diary = tx.diary_slice(school, pupil, term.days).await?;
        let grading = profile.grading;
        Ok(summarise(TermSlice { diary, finals, grading }, term))
    }

    /// Whose diary it is, for somebody who may read it.
    ///
    /// # Errors
    /// [`DiaryError::Access`] if they may not.
    pub async fn pupil_profile(
        &self,
        session: &Session,
        school: SchoolId,
        pupil: AccountId,
    ) -> Result<PupilProfile, DiaryError> {
        let mut tx = self.read().await?;
        self.profile_for(&mut *tx, session, school, pupil).await
    }

    /// Whose diary it is, once the core has answered for every role that the session opens. Stays
    /// and bonds are read anew, with the cover: they may have ended or been barred since the sign-in.
    async fn profile_for(
        &self,
        tx: &mut dyn Tx,
        session: &Session,
        school: SchoolId,
        pupil: AccountId,
    ) -> Result<PupilProfile, DiaryError> {
        let grants: Vec<_> = session.open().filter(|grant| grant.school == school).collect();
        let is_parent = |grant: &AccountGrant| {
            grant.roles.iter().any(|role| matches!(role, GrantedRole::Parent { .. }))
        };
        let parents = grants.iter().filter(|grant| is_parent(grant)).map(|grant| grant.account);
        let parents: Vec<AccountId> = parents.collect();
        let parent = AsParent { person: session.person, accounts: &parents };
        let cover = tx.cover(school, pupil, Some(parent)).await?.ok_or(AccessError::NotYours)?;
        let today = self.today(&cover.school);
        let rules = self.inner.policy.rules_on(today);
        let own = PupilFacts { until: last_day_of(&cover.stays), consents: Vec::new() };
        // An account opens by its own bonds alone, and any of them may bar: the core tells them apart.
        let bonds = cover.bonds.iter().map(|bond| child_on(&cover, bond)).collect();
        let bonds = ParentFacts { children: bonds };
        let family = grants.iter().flat_map(|grant| {
            let pupil = Some(&own).filter(|_| grant.account == pupil);
            let parent = Some(&bonds).filter(|_| is_parent(grant));
            let now = Standing { pupil, parent, staff: None, other_bonds: &bonds.children };
            viewers(grant, now, rules)
        });
        may_read_diary(&family.collect::<Vec<_>>(), pupil, today)?;
        let is_own = grants
            .iter()
            .any(|grant| grant.account == pupil && grant.roles.contains(&GrantedRole::Pupil));
        let DiaryCover { school, name, birth_date, stays, classes, mut terms, .. } = cover;
        let (grading, archives) = (cover.grading, cover.archives);
        let archived = archives.into_iter().filter(|(_, state)| !state.is_whole());
        let archived = archived.map(|(year, _)| year).collect();
        // Asked anew each day: the session may have begun before the day was near.
        let password_ends = self
            .inner
            .policy
            .password_notice(birth_date, today)
            .filter(|_| is_own && session.method == SignInMethod::Password);
        let class = stay_on(&stays, today)
            .and_then(|stay| classes.into_iter().find(|class| class.id == stay.class))
            .map(|class| class.name);
        let grade = class.as_ref().map(ClassName::grade);
        terms.retain(|term| Some(term.grade) == grade);
        terms.sort_by_key(|term| term.days);
        let account = pupil;
        Ok(PupilProfile {
            school,
            account,
            name,
            class,
            terms,
            password_ends,
            today,
            grading,
            archived,
        })
    }
}
