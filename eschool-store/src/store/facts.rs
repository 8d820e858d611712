//! What was found in the database, as the core judges it.

use eschool_core::{
    journal::last_day_of,
    signin::{Candidate, ChildFacts, ParentFacts, PupilFacts, StaffFacts},
};

use super::{Store, StoreError};
use crate::backend::{Backend, Member};

impl<B: Backend> Store<B> {
    /// The account with its roles, as [`decide`](eschool_core::signin::decide) judges it.
    pub(super) fn candidate(&self, member: &Member) -> Result<Candidate, StoreError> {
        let account = self.open_account(&member.account)?;
        let pupil =
            (!member.stays.is_empty()).then(|| PupilFacts { until: last_day_of(&member.stays) });
        let parent = (!member.children.is_empty()).then(|| ParentFacts {
            children: member
                .children
                .iter()
                .map(|child| ChildFacts {
                    guardianship: child.guardianship.clone(),
                    birth_date: child.birth_date,
                    until: last_day_of(&child.stays),
                })
                .collect(),
        });
        let staff = (!member.posts.is_empty()).then(|| StaffFacts {
            class_teacher_of: member.posts.iter().filter_map(|p| p.class_teacher_of).collect(),
            until: last_day(member.posts.iter().map(|post| post.until)),
        });
        Ok(Candidate { account, pupil, parent, staff })
    }
}

/// The last day of several posts; none if one of them has no end yet.
fn last_day<D: Ord>(days: impl Iterator<Item = Option<D>>) -> Option<D> {
    let mut last = None;
    for day in days {
        last = last.max(Some(day?));
    }
    last
}
