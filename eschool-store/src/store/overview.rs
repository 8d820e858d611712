//! What a session opens, school by school: «Мои дети», the choice of a school, a teacher's classes.

use chrono::NaiveDate;
use eschool_core::{
    access::{Standing, may_read_diary, viewers},
    id::AccountId,
    identity::FullName,
    journal::{ClassName, Stay, last_day_of},
    people::{Duty, School, StaffPost},
    signin::{AccountGrant, ChildFacts, GrantedRole, ParentFacts},
};

use super::{
    Session, Store, StoreError,
    facts::{child_facts, other_bonds_of},
};
use crate::backend::{Backend, Child, Member, SchoolClass, Tx};

/// What one account of a session stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchoolOverview {
    /// The school.
    pub school: School,
    /// The account.
    pub account: AccountId,
    /// The holder's name, as this school typed it.
    pub name: FullName,
    /// Whether the account is open now: under the policy `separate` only the chosen one is.
    pub is_open: bool,
    /// Whether the holder is a pupil here today.
    pub is_pupil: bool,
    /// The holder's own class today, if they are a pupil.
    pub class: Option<ClassName>,
    /// The children whose diaries the holder may read today, in the order of accounts.
    pub children: Vec<ChildOverview>,
    /// What the holder is as a member of staff.
    pub staff: Option<StaffOverview>,
    /// The date it is at the school.
    pub today: NaiveDate,
}

/// A child whose diary may be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildOverview {
    /// The child's account.
    pub account: AccountId,
    /// The name.
    pub name: FullName,
    /// The class today.
    pub class: Option<ClassName>,
    /// The last day on which the diary may be read, once it is known: that of the bond, the child's
    /// last in the school, or the one before the child comes of age, where the policy says so.
    pub until: Option<NaiveDate>,
    /// The day from which the child's password no longer serves, once it is near.
    pub password_ends: Option<NaiveDate>,
}

/// What a member of staff does today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffOverview {
    /// The classes led, by name.
    pub class_teacher_of: Vec<ClassName>,
    /// The subjects taught.
    pub subjects: Vec<String>,
    /// The duties held.
    pub duties: Vec<Duty>,
}

impl<B: Backend> Store<B> {
    /// What each account of a session stands for, open or not, as the school has it today. A role
    /// that was not granted at the sign-in shows nothing.
    ///
    /// # Errors
    /// [`StoreError`] if the database fails.
    pub async fn overview(&self, session: &Session) -> Result<Vec<SchoolOverview>, StoreError> {
        let mut tx = self.read().await?;
        let mut overviews = Vec::with_capacity(session.accounts.len());
        for grant in &session.accounts {
            let is_open = session.open().any(|open| open == grant);
            overviews.extend(self.school_overview(&mut *tx, session, grant, is_open).await?);
        }
        Ok(overviews)
    }

    /// Nothing, where the school or the account is no longer there.
    async fn school_overview(
        &self,
        tx: &mut dyn Tx,
        session: &Session,
        grant: &AccountGrant,
        is_open: bool,
    ) -> Result<Option<SchoolOverview>, StoreError> {
        let Some(school) = tx.school(grant.school).await? else { return Ok(None) };
        let mut members = tx.members(&[(grant.school, grant.account)]).await?;
        let Some(member) = members.pop() else { return Ok(None) };
        let classes = tx.classes(grant.school).await?;
        let today = self.today(&school);

        let is_granted = |is: fn(&GrantedRole) -> bool| grant.roles.iter().any(is);
        let is_pupil = is_granted(|role| matches!(role, GrantedRole::Pupil))
            && !member.stays.is_empty()
            && last_day_of(&member.stays).is_none_or(|last| today <= last);
        let class = class_on(&member.stays, &classes, today).filter(|_| is_pupil);
        let staff = if is_granted(|role| matches!(role, GrantedRole::Staff { .. })) {
            staff_on(&member, &classes, today)
        } else {
            None
        };
        let mut children = Vec::new();
        if is_granted(|role| matches!(role, GrantedRole::Parent { .. })) {
            let bonds: Vec<ChildFacts> = member.children.iter().map(child_facts).collect();
            let rules = self.inner.policy.rules_on(today);
            let parent = ParentFacts { children: bonds };
            let other_bonds = other_bonds_of(tx, session, &member).await?;
            let now = Standing {
                parent: Some(&parent),
                other_bonds: &other_bonds,
                ..Standing::default()
            };
            let family = viewers(grant, now, rules);
            for (child, facts) in member.children.iter().zip(&parent.children) {
                if may_read_diary(&family, facts.guardianship.child, today).is_ok() {
                    let overview = self.child_overview(tx, &school, child, facts, &classes);
                    children.extend(overview.await?);
                }
            }
        }
        let (account, name) = (member.account.id, member.account.name);
        let overview = SchoolOverview {
            school,
            account,
            name,
            is_open,
            is_pupil,
            class,
            children,
            staff,
            today,
        };
        Ok(Some(overview))
    }

    /// Nothing, if the child is not in the school.
    async fn child_overview(
        &self,
        tx: &mut dyn Tx,
        school: &School,
        child: &Child,
        facts: &ChildFacts,
        classes: &[SchoolClass],
    ) -> Result<Option<ChildOverview>, StoreError> {
        let today = self.today(school);
        let rules = self.inner.policy.rules_on(today);
        let account = facts.guardianship.child;
        let Some(cover) = tx.cover(school.id, account, None).await? else { return Ok(None) };
        Ok(Some(ChildOverview {
            account,
            name: cover.name,
            class: class_on(&child.stays, classes, today),
            until: facts.last_day(rules),
            password_ends: self.inner.policy.password_notice(child.birth_date, today),
        }))
    }
}

/// The class somebody is in on a day.
fn class_on(stays: &[Stay], classes: &[SchoolClass], day: NaiveDate) -> Option<ClassName> {
    let stay = stays.iter().find(|stay| stay.holds_on(day))?;
    classes.iter().find(|class| class.id == stay.class).map(|class| class.name.clone())
}

/// What a member of staff does on a day; nothing, for who is none any more.
fn staff_on(member: &Member, classes: &[SchoolClass], day: NaiveDate) -> Option<StaffOverview> {
    let posts: Vec<&StaffPost> = member.posts.iter().filter(|post| post.holds_on(day)).collect();
    if posts.is_empty() && member.duties.is_empty() {
        return None;
    }
    let is_led =
        |class: &&SchoolClass| posts.iter().any(|post| post.class_teacher_of == Some(class.id));
    let subjects = posts.iter().map(|post| post.subject.clone());
    Some(StaffOverview {
        class_teacher_of: classes.iter().filter(is_led).map(|class| class.name.clone()).collect(),
        subjects: subjects.filter(|subject| !subject.is_empty()).collect(),
        duties: member.duties.iter().map(|row| row.duty.clone()).collect(),
    })
}
