//! Which staff looked at a child.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use eschool_core::{
    access::{AccessError, Sight, Whose, may},
    calendar::DateRange,
    id::{AccountId, LessonId, SchoolId},
    journal::classes_on,
};

use super::PersonalDataError;
use crate::{
    backend::{AuditEntry, Backend, Tx},
    store::{Session, Store, StoreError, at_work::AtWork},
};

/// That a member of staff looked at what is about a child, or wrote it.
///
/// ```
/// use eschool_store::StaffLook;
///
/// let look = StaffLook {
///     at: "2024-09-02T09:00:00Z".parse().unwrap(),
///     action: "lesson_read".into(),
///     by: "019379ab-0000-7000-8000-000000000002".parse().unwrap(),
///     name: None,
///     lesson: None,
/// };
/// assert!(look.name.is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffLook {
    /// When.
    pub at: DateTime<Utc>,
    /// What, by the code of the audit, as in `lesson_read`.
    pub action: String,
    /// The account of who it was.
    pub by: AccountId,
    /// The name of who it was; none where the account has a name no more, or is of another school.
    pub name: Option<eschool_core::identity::FullName>,
    /// The lesson, where it is about one.
    pub lesson: Option<LessonId>,
}

impl<B: Backend> Store<B> {
    /// How many looks are told at once at most.
    pub const LOOKS_AT_MOST: u32 = 500;

    /// Which staff looked at a pupil's data on some days or wrote them, the last first: for parents,
    /// and for the administrator, whose look is noted.
    ///
    /// A look at a lesson is one at every pupil who was in its class that day, and so is a write in
    /// it. Of what the family did itself nothing is told.
    ///
    /// # Errors
    /// [`PersonalDataError::Access`] for who may not.
    pub async fn looks(
        &self,
        session: &Session,
        school: SchoolId,
        pupil: AccountId,
        days: DateRange,
    ) -> Result<Vec<StaffLook>, PersonalDataError> {
        let mut tx = self.read().await?;
        let work = self.at_work(&mut *tx, session, school).await?;
        let viewers = work.standings.viewers(self.rules(work.today));
        let cover = tx.cover(school, pupil).await?.ok_or(AccessError::NotYours)?;
        let classes = classes_on(&cover.stays, work.today);
        let sight = Sight::Looks(Whose { account: pupil, school, classes: &classes });
        let allowed = may(&viewers, &sight, work.today)?;

        let mut lessons = Vec::new();
        for stay in &cover.stays {
            for lesson in tx.lessons_between(school, stay.class, days).await? {
                if stay.holds_on(lesson.date) {
                    lessons.push(lesson.id);
                }
            }
        }
        let limit = Self::LOOKS_AT_MOST;
        let entries = tx.audit_about(school, &[pupil], &lessons, limit).await?;
        let lessons: BTreeSet<LessonId> = lessons.into_iter().collect();
        let looks = self.by_staff(&mut *tx, &work, entries, pupil, &lessons, days).await?;
        drop(tx);
        if allowed.audited {
            let entry = self.audit_entry("looks_read", "done", None, Some(pupil));
            let actor = work.standings.actor();
            self.note(vec![AuditEntry { school: Some(school), actor, ..entry }]).await?;
        }
        Ok(looks)
    }

    async fn by_staff(
        &self,
        tx: &mut dyn Tx,
        work: &AtWork,
        entries: Vec<AuditEntry>,
        pupil: AccountId,
        lessons: &BTreeSet<LessonId>,
        days: DateRange,
    ) -> Result<Vec<StaffLook>, StoreError> {
        let school = work.school.id;
        let zone = self.zone(&work.school);
        let is_about = |entry: &AuditEntry| {
            let lesson = entry.lesson.is_some_and(|lesson| lessons.contains(&lesson));
            let on = entry.at.with_timezone(&zone).date_naive();
            entry.subject == Some(pupil) && days.contains(on) || lesson
        };
        let actors: BTreeSet<AccountId> = entries.iter().filter_map(|entry| entry.actor).collect();
        let actors: Vec<_> = actors.into_iter().map(|account| (school, account)).collect();
        let members = tx.members(&actors).await?;
        let mut looks = Vec::new();
        for entry in entries.into_iter().filter(is_about) {
            let Some(by) = entry.actor.filter(|actor| *actor != pupil) else { continue };
            let member = members.iter().find(|member| member.account.id == by);
            let is_family = member.is_some_and(|member| {
                let works = !member.posts.is_empty() || !member.duties.is_empty();
                !works && member.children.iter().any(|child| child.guardianship.child == pupil)
            });
            if is_family {
                continue;
            }
            looks.push(StaffLook {
                at: entry.at,
                action: entry.action,
                by,
                name: member.map(|member| member.account.name.clone()).filter(|n| !n.is_erased()),
                lesson: entry.lesson,
            });
        }
        Ok(looks)
    }
}
