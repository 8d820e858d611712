//! What was found in the database, as the core judges it.

use chrono::NaiveDate;
use eschool_core::{
    journal::last_day_of,
    people::{Consent, Duty, Guardianship},
    signin::{Candidate, ChildFacts, ParentFacts, PupilFacts, StaffFacts},
};

use super::{Session, Store, StoreError};
use crate::backend::{Backend, Child, DiaryCover, Member, Tx};

impl<B: Backend> Store<B> {
    /// The account with its roles on a day, as [`decide`](eschool_core::signin::decide) judges it.
    pub(super) fn candidate(
        &self,
        member: &Member,
        consents: Vec<Consent>,
        today: NaiveDate,
    ) -> Result<Candidate, StoreError> {
        let account = self.open_account(&member.account)?;
        let pupil = (!member.stays.is_empty())
            .then(|| PupilFacts { until: last_day_of(&member.stays), consents });
        let parent = (!member.children.is_empty())
            .then(|| ParentFacts { children: member.children.iter().map(child_facts).collect() });
        Ok(Candidate { account, pupil, parent, staff: staff_facts(member, today) })
    }
}

/// A child, as the core judges what a parent sees of it.
pub(super) fn child_facts(child: &Child) -> ChildFacts {
    ChildFacts {
        guardianship: child.guardianship.clone(),
        birth_date: child.birth_date,
        until: last_day_of(&child.stays),
    }
}

/// The pupil of a diary as one of these bonds has it.
pub(super) fn child_on(cover: &DiaryCover, bond: &Guardianship) -> ChildFacts {
    ChildFacts {
        guardianship: bond.clone(),
        birth_date: cover.birth_date,
        until: last_day_of(&cover.stays),
    }
}

/// The bonds that the person of a session has in a member's school by other accounts: whom the
/// sign-in refused a role is not in the session, and a bar holds all the same.
pub(super) async fn other_bonds_of(
    tx: &mut dyn Tx,
    session: &Session,
    member: &Member,
) -> Result<Vec<ChildFacts>, StoreError> {
    let own = (member.account.school, member.account.id);
    let mut people = vec![session.person, member.account.person];
    people.dedup();
    let mut others = tx.accounts_of(&people).await?;
    others.retain(|other| other.0 == own.0 && *other != own);
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let others = tx.members(&others).await?;
    Ok(others.iter().flat_map(|member| &member.children).map(child_facts).collect())
}

/// A post gives its class until its last day; a duty has no end that is known. A duty that a newer
/// program wrote gives nothing here.
pub(super) fn staff_facts(member: &Member, today: NaiveDate) -> Option<StaffFacts> {
    let duties: Vec<Duty> =
        member.duties.iter().map(|row| &row.duty).filter(|duty| duty.is_known()).cloned().collect();
    if member.posts.is_empty() && duties.is_empty() {
        return None;
    }
    let held = member.posts.iter().filter(|post| post.holds_on(today));
    let until = last_day(member.posts.iter().map(|post| post.until));
    Some(StaffFacts {
        class_teacher_of: held.filter_map(|post| post.class_teacher_of).collect(),
        until: until.filter(|_| duties.is_empty()),
        duties,
    })
}

/// The last day of several posts; none if one of them has no end yet.
fn last_day<D: Ord>(days: impl Iterator<Item = Option<D>>) -> Option<D> {
    let mut last = None;
    for day in days {
        last = last.max(Some(day?));
    }
    last
}
