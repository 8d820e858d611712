//! When the accounts of a school close.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use eschool_core::{
    id::AccountId,
    journal::{Stay, last_day_of},
    people::Account,
    policy::Rules,
    signin::{Candidate, Closing, ParentFacts, PupilFacts},
};

use super::facts::{child_facts, staff_facts};
use crate::backend::{Child, Member, Registry, StoredAccount};

/// When each account of a school closes and is erased, where that is known; of the others a role
/// goes on, or nobody knows what they were.
pub(super) fn closings(
    registry: &Registry,
    rules: &Rules,
    today: NaiveDate,
) -> BTreeMap<AccountId, Closing> {
    members(registry)
        .into_iter()
        .filter_map(|member| Some((member.account.id, candidate(member, today).closing(rules)?)))
        .collect()
}

/// Whether an account is nothing in the school and never was.
pub(super) fn is_nobody(registry: &Registry, account: AccountId, today: NaiveDate) -> bool {
    let mut members = members(registry).into_iter();
    let member = members.find(|member| member.account.id == account);
    member.is_some_and(|member| candidate(member, today).has_no_role())
}

/// Whether an account is open on a day: until it has closed.
pub(super) fn is_open(member: Member, rules: &Rules, today: NaiveDate) -> bool {
    let closing = candidate(member, today).closing(rules);
    !closing.is_some_and(|closing| closing.is_closed_on(today))
}

/// Everybody of a school with all they are there.
fn members(registry: &Registry) -> Vec<Member> {
    let mut stays: BTreeMap<AccountId, Vec<Stay>> = BTreeMap::new();
    for stay in &registry.stays {
        stays.entry(stay.pupil).or_default().push(*stay);
    }
    let stays_of = |pupil| stays.get(&pupil).cloned().unwrap_or_default();
    let births: BTreeMap<AccountId, _> =
        registry.accounts.iter().map(|account| (account.id, account.birth_date)).collect();
    let member = |account: &StoredAccount| Member {
        account: account.clone(),
        stays: stays_of(account.id),
        children: Vec::new(),
        posts: Vec::new(),
        duties: Vec::new(),
    };
    let mut members: BTreeMap<AccountId, Member> =
        registry.accounts.iter().map(|account| (account.id, member(account))).collect();
    for bond in &registry.guardianships {
        if let Some(parent) = members.get_mut(&bond.parent) {
            let birth_date = births.get(&bond.child).copied().flatten();
            let stays = stays_of(bond.child);
            parent.children.push(Child { guardianship: bond.clone(), birth_date, stays });
        }
    }
    for post in &registry.staff {
        if let Some(member) = members.get_mut(&post.account) {
            member.posts.push(post.clone());
        }
    }
    for duty in &registry.duties {
        if let Some(member) = members.get_mut(&duty.account) {
            member.duties.push(duty.clone());
        }
    }
    members.into_values().collect()
}

/// What closing is judged by; nothing that is sealed is among it.
fn candidate(member: Member, today: NaiveDate) -> Candidate {
    let staff = staff_facts(&member, today);
    let pupil = (!member.stays.is_empty())
        .then(|| PupilFacts { until: last_day_of(&member.stays), consents: Vec::new() });
    let parent = (!member.children.is_empty())
        .then(|| ParentFacts { children: member.children.iter().map(child_facts).collect() });
    let StoredAccount { id, school, person, name, birth_date, .. } = member.account;
    let account =
        Account { id, school, person, name, birth_date, snils: None, phone: None, email: None };
    Candidate { account, pupil, parent, staff }
}
