//! Which staff looked at a child.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use eschool_core::{
    access::{AccessError, Sight, Whose, may},
    calendar::DateRange,
    id::{AccountId, LessonId, SchoolId},
    journal::classes_on,
};

use super::PersonalDataError;
use crate::{
    backend::{AuditEntry, Backend, Tx},
    store::{Session, Store, StoreError, session::start_of},
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

/// Looks at a child, the last first.
///
/// ```
/// use eschool_store::StaffLooks;
///
/// assert!(!StaffLooks::default().more);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffLooks {
    /// The looks.
    pub looks: Vec<StaffLook>,
    /// Whether there were more on these days than are told at once: to see them, ask for fewer days.
    pub more: bool,
}

impl<B: Backend> Store<B> {
    /// How many looks are told at once at most.
    pub const LOOKS_AT_MOST: u32 = 500;

    /// Which staff looked at a pupil's data on some days or wrote them, the last first: for parents,
    /// and for the administrator, whose look is noted. The days are those of the look.
    ///
    /// A look at a lesson is one at every pupil who was in its class that day, and so is a write in
    /// it. Staff is who has or had a post or has a duty in the school, and whoever has no account
    /// there; of what the family did itself, or whoever was family, nothing is told. Nor is it of who
    /// looked at a whole school or class and names no pupil – an export of its files, its list of
    /// incomplete accounts, a support case – and of what an operator does at the console, who has no
    /// account.
    ///
    /// # Errors
    /// [`PersonalDataError::Access`] for who may not.
    pub async fn looks(
        &self,
        session: &Session,
        school: SchoolId,
        pupil: AccountId,
        days: DateRange,
    ) -> Result<StaffLooks, PersonalDataError> {
        let mut tx = self.read().await?;
        let work = self.at_work(&mut *tx, session, school).await?;
        let viewers = work.standings.viewers(self.rules(work.today));
        let cover = tx.cover(school, pupil, None).await?.ok_or(AccessError::NotYours)?;
        let classes = classes_on(&cover.stays, work.today);
        let sight = Sight::Looks(Whose { account: pupil, school, classes: &classes });
        let allowed = may(&viewers, &sight, work.today)?;

        let mut lessons = Vec::new();
        for stay in &cover.stays {
            let end = match stay.to {
                Some(to) => Some(to),
                None => tx.journal_end(school, stay.class).await?,
            };
            let of_stay = end.and_then(|end| DateRange::new(stay.from, end).ok());
            let Some(of_stay) = of_stay else { continue };
            let there = tx.lessons_between(school, stay.class, of_stay).await?;
            lessons.extend(there.into_iter().map(|lesson| lesson.id));
        }
        let zone = self.zone(&work.school);
        let after = days.to().succ_opt().unwrap_or(days.to());
        let start = |day: NaiveDate| {
            start_of(day, zone).unwrap_or_else(|| day.and_time(NaiveTime::MIN).and_utc())
        };
        let between = (start(days.from()), start(after));
        let limit = Self::LOOKS_AT_MOST;
        let at_most = usize::try_from(limit).unwrap_or(usize::MAX);
        let (mut looks, mut skip) = (Vec::new(), 0_u32);
        loop {
            let page = (skip, limit);
            let entries = tx.audit_between(school, pupil, &lessons, between, page).await?;
            let is_last = entries.len() < at_most;
            looks.extend(by_staff(&mut *tx, school, entries).await?);
            if is_last || looks.len() > at_most {
                break;
            }
            skip = skip.saturating_add(limit);
        }
        let more = looks.len() > at_most;
        looks.truncate(at_most);
        drop(tx);
        if allowed.audited {
            let entry = self.audit_entry("looks_read", "done", None, Some(pupil));
            let actor = work.standings.actor();
            self.note(vec![AuditEntry { school: Some(school), actor, ..entry }]).await?;
        }
        Ok(StaffLooks { looks, more })
    }
}

async fn by_staff(
    tx: &mut dyn Tx,
    school: SchoolId,
    entries: Vec<AuditEntry>,
) -> Result<Vec<StaffLook>, StoreError> {
    let actors: BTreeSet<AccountId> = entries.iter().filter_map(|entry| entry.actor).collect();
    let actors: Vec<_> = actors.into_iter().map(|account| (school, account)).collect();
    let members = tx.members(&actors).await?;
    let mut looks = Vec::new();
    for entry in entries {
        let Some(by) = entry.actor else { continue };
        let member = members.iter().find(|member| member.account.id == by);
        if member.is_some_and(|member| member.posts.is_empty() && member.duties.is_empty()) {
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
