//! From a grant to the roles somebody looks in.

use alloc::vec::Vec;

use super::{Post, Viewer};
use crate::{
    people::Duty,
    policy::Rules,
    signin::{AccountGrant, ChildFacts, GrantedRole, ParentFacts, PupilFacts, StaffFacts},
};

/// What an account is in its school today, read anew for each look: stays, bonds and posts may have
/// ended since the sign-in.
///
/// ```
/// use eschool_core::access::Standing;
///
/// assert!(Standing::default().staff.is_none());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing<'a> {
    /// The pupil it is, if it is one.
    pub pupil: Option<&'a PupilFacts>,
    /// The parent it is, if it is one.
    pub parent: Option<&'a ParentFacts>,
    /// The member of staff it is, if it is one.
    pub staff: Option<&'a StaffFacts>,
    /// The bonds of the same human being's other accounts in the school, those that the sign-in
    /// granted nothing among them. They open nothing; what one of them bars stays closed.
    pub other_bonds: &'a [ChildFacts],
}

/// The roles in which the holder of a grant looks, for [`may`](super::may): those that the sign-in
/// gave and that the account still has. Classes and duties are those of today, not those of the
/// sign-in.
///
/// A duty this version does not know opens nothing. Bonds are given even to who did not come as a
/// parent, and of all their accounts: a bar holds whatever the role and the account.
///
/// ```
/// use eschool_core::{
///     access::{Post, Standing, Viewer, viewers},
///     people::Duty,
///     policy::SignInPolicy,
///     signin::{AccountGrant, StaffFacts},
/// };
///
/// let grant: AccountGrant = serde_json::from_str(
///     r#"{"account": "019379ab-0000-7000-8000-000000000002",
///         "school": "019379ab-0000-7000-8000-000000000001",
///         "roles": [{"role": "staff", "classTeacherOf": []}]}"#,
/// )?;
/// let policy = SignInPolicy::ryazan_2022();
/// let rules = policy.rules_on("2024-09-01".parse().unwrap());
/// let staff = StaffFacts { duties: vec![Duty::Registrar], ..StaffFacts::default() };
/// let now = Standing { staff: Some(&staff), ..Standing::default() };
/// let posts = viewers(&grant, now, rules);
/// let post = Post::Registrar(grant.school);
/// assert!(posts.contains(&Viewer::Staff { post, until: None }));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn viewers<'a>(grant: &AccountGrant, now: Standing<'a>, rules: &'a Rules) -> Vec<Viewer<'a>> {
    let AccountGrant { account, school, roles } = grant;
    let (account, school) = (*account, *school);
    let has = |is: fn(&GrantedRole) -> bool| roles.iter().any(is);
    let mut viewers = Vec::new();
    if let Some(pupil) = now.pupil.filter(|_| has(|role| matches!(role, GrantedRole::Pupil))) {
        viewers.push(Viewer::Pupil(account, pupil.until));
    }
    if let Some(ParentFacts { children }) = now.parent {
        viewers.push(if has(|role| matches!(role, GrantedRole::Parent { .. })) {
            Viewer::Parent { account, children, rules }
        } else {
            Viewer::Bonds { account, children }
        });
    }
    let mut others: Vec<_> = now.other_bonds.iter().map(|bond| bond.guardianship.parent).collect();
    others.sort_unstable();
    others.dedup();
    let children = now.other_bonds;
    viewers.extend(others.into_iter().map(|account| Viewer::Bonds { account, children }));
    if let Some(staff) = now.staff.filter(|_| has(|role| matches!(role, GrantedRole::Staff { .. })))
    {
        let classes = staff.class_teacher_of.as_slice();
        let by_duty = staff.duties.iter().filter_map(|duty| match duty {
            Duty::Administrator => Some(Post::Administrator(school)),
            Duty::Registrar => Some(Post::Registrar(school)),
            Duty::Support => Some(Post::Support),
            Duty::Operator => Some(Post::Operator),
            Duty::Unknown(_) => None,
        });
        let posts = (!classes.is_empty())
            .then_some(Post::ClassTeacher { school, classes })
            .into_iter()
            .chain([Post::SubjectTeacher(account)])
            .chain(by_duty);
        viewers.extend(posts.map(|post| Viewer::Staff { post, until: staff.until }));
    }
    viewers
}

#[cfg(test)]
mod tests;
