//! In which roles somebody acts in a school today.

use chrono::NaiveDate;
use eschool_core::{
    access::{Standing, Viewer, viewers},
    id::{AccountId, ClassId, SchoolId},
    journal::last_day_of,
    policy::Rules,
    signin::{AccountGrant, ChildFacts, GrantedRole, ParentFacts, PupilFacts, StaffFacts},
};

use super::{
    Session, StoreError,
    facts::{child_facts, other_bonds_of, staff_facts},
};
use crate::backend::Tx;

/// What the open accounts of a session are in one school, read anew: stays, bonds and posts may
/// have ended since the sign-in.
pub(super) struct Standings {
    accounts: Vec<(AccountGrant, Roles)>,
    other_bonds: Vec<ChildFacts>,
}

struct Roles {
    pupil: Option<PupilFacts>,
    parent: Option<ParentFacts>,
    staff: Option<StaffFacts>,
}

impl Standings {
    pub(super) async fn load(
        tx: &mut dyn Tx,
        session: &Session,
        school: SchoolId,
        today: NaiveDate,
    ) -> Result<Self, StoreError> {
        let (mut accounts, mut other_bonds) = (Vec::new(), Vec::new());
        for grant in session.open().filter(|grant| grant.school == school) {
            for member in tx.members(&[(school, grant.account)]).await? {
                let pupil = (!member.stays.is_empty()).then(|| PupilFacts {
                    until: last_day_of(&member.stays),
                    consents: Vec::new(),
                });
                let children: Vec<_> = member.children.iter().map(child_facts).collect();
                let parent = (!children.is_empty()).then_some(ParentFacts { children });
                let staff = staff_facts(&member, today);
                other_bonds.extend(other_bonds_of(tx, session, &member).await?);
                accounts.push((grant.clone(), Roles { pupil, parent, staff }));
            }
        }
        Ok(Self { accounts, other_bonds })
    }

    /// The roles, for the core to judge.
    pub(super) fn viewers<'a>(&'a self, rules: &'a Rules) -> Vec<Viewer<'a>> {
        let viewers = self.accounts.iter().flat_map(|(grant, roles)| {
            let now = Standing {
                pupil: roles.pupil.as_ref(),
                parent: roles.parent.as_ref(),
                staff: roles.staff.as_ref(),
                other_bonds: &self.other_bonds,
            };
            viewers(grant, now, rules)
        });
        viewers.collect()
    }

    /// The account by which somebody acts as staff, else the first that is open.
    pub(super) fn actor(&self) -> Option<AccountId> {
        let is_staff = |grant: &&AccountGrant| {
            grant.roles.iter().any(|role| matches!(role, GrantedRole::Staff { .. }))
        };
        let mut grants = self.accounts.iter().map(|(grant, _)| grant);
        let staff = grants.clone().find(is_staff);
        staff.or_else(|| grants.next()).map(|grant| grant.account)
    }

    /// The account by which somebody is a parent of this child.
    pub(super) fn parent_of(&self, child: AccountId) -> Option<AccountId> {
        let bonds = |roles: &Roles| {
            let children = roles.parent.iter().flat_map(|parent| &parent.children);
            children.filter(|bond| bond.guardianship.child == child).count()
        };
        self.accounts.iter().find(|(_, roles)| bonds(roles) > 0).map(|(grant, _)| grant.account)
    }

    /// The classes that are led.
    pub(super) fn led(&self) -> Vec<ClassId> {
        let staff = self.accounts.iter().filter_map(|(_, roles)| roles.staff.as_ref());
        staff.flat_map(|staff| staff.class_teacher_of.iter().copied()).collect()
    }

    /// Whose diaries the family roles are about: the pupils themselves, and the children.
    pub(super) fn family(&self) -> Vec<AccountId> {
        let mut pupils = Vec::new();
        for (grant, roles) in &self.accounts {
            pupils.extend(roles.pupil.as_ref().map(|_| grant.account));
            let children = roles.parent.iter().flat_map(|parent| &parent.children);
            pupils.extend(children.map(|child| child.guardianship.child));
        }
        pupils.sort_unstable();
        pupils.dedup();
        pupils
    }
}
