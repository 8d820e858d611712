//! Who looks, and what the family sees.

use chrono::NaiveDate;

use super::{AccessError, Post, Sight, still_there};
use crate::{id::AccountId, policy::Rules, signin::ChildFacts};

/// Somebody who looks, in one of their roles.
///
/// ```
/// use eschool_core::access::{Post, Viewer};
///
/// let school = "019379ab-0000-7000-8000-000000000001".parse()?;
/// let class = "019379ab-0000-7000-8000-0000000000c7".parse()?;
/// let post = Post::ClassTeacher { school, classes: &[class] };
/// let teacher = Viewer::Staff { post, until: None };
/// assert_ne!(teacher, Viewer::Staff { post: Post::Support, until: None });
/// # Ok::<(), uuid::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer<'a> {
    /// A pupil, with the last day in the school; none while the last stay goes on.
    Pupil(AccountId, Option<NaiveDate>),
    /// A parent.
    Parent {
        /// The adult's account; a bond of anybody else opens nothing.
        account: AccountId,
        /// Every bond the school knows of, former and barred ones too.
        children: &'a [ChildFacts],
        /// The rules of the day.
        rules: &'a Rules,
    },
    /// An adult who did not come as a parent, with every bond: none of them opens anything, and a
    /// child that one of them bars stays closed to the adult's other roles.
    Bonds {
        /// The adult's account.
        account: AccountId,
        /// The bonds.
        children: &'a [ChildFacts],
    },
    /// Whoever looks because it is their work.
    Staff {
        /// As what.
        post: Post<'a>,
        /// The last day at work, once it is known.
        until: Option<NaiveDate>,
    },
}

impl Viewer<'_> {
    pub(super) const fn is_staff(&self) -> bool {
        matches!(self, Self::Staff { .. })
    }

    /// Whether one of the bonds bars the adult who looks from this child.
    pub(super) fn is_barred_from(&self, child: AccountId, today: NaiveDate) -> bool {
        match self {
            Self::Pupil(..) | Self::Staff { .. } => false,
            Self::Parent { account, children, .. } | Self::Bonds { account, children } => children
                .iter()
                .any(|bond| bond.bars(*account, child) && bond.guardianship.holds_on(today)),
        }
    }

    /// Whether it is open to this viewer, bars apart.
    pub(super) fn opens(&self, sight: &Sight<'_>, today: NaiveDate) -> Result<(), AccessError> {
        match (self, sight) {
            (Self::Staff { post, until }, _) if post.reaches(sight) => still_there(*until, today),
            (Self::Pupil(..) | Self::Parent { .. }, Sight::Diary(whose))
            | (Self::Parent { .. }, Sight::Looks(whose)) => {
                self.opens_diary_of(whose.account, today)
            }
            _ => Err(AccessError::NotAllowed),
        }
    }

    /// Whether the diary is open to this viewer as one of the family, bars apart.
    pub(super) fn opens_diary_of(
        &self,
        pupil: AccountId,
        today: NaiveDate,
    ) -> Result<(), AccessError> {
        match self {
            Self::Pupil(account, until) if *account == pupil => still_there(*until, today),
            Self::Parent { account, children, rules } => {
                let mut refused = AccessError::NotYours;
                for bond in *children {
                    if (bond.guardianship.parent, bond.guardianship.child) != (*account, pupil) {
                        continue;
                    }
                    if bond.is_seen_on(today, rules) {
                        return Ok(());
                    }
                    refused = AccessError::GuardianshipEnded;
                }
                Err(refused)
            }
            Self::Pupil(..) | Self::Bonds { .. } | Self::Staff { .. } => Err(AccessError::NotYours),
        }
    }
}
