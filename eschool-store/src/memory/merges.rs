//! Joining accounts into persons: what is read for it, what is kept of it.

use eschool_core::people::KeptApart;

use super::state::State;
use crate::{
    backend::{Changes, MergeRow, MergeableAccount},
    secret::ClaimKind,
};

impl State {
    pub(super) fn mergeable_accounts(&self) -> Vec<MergeableAccount> {
        let is_snils = |kind| kind == ClaimKind::Snils;
        // The smallest key of an account comes last, and stays.
        let claims = self.claims.values().rev().filter(|claim| is_snils(claim.kind));
        let keys: std::collections::BTreeMap<_, _> =
            claims.map(|claim| ((claim.school, claim.account), claim.key)).collect();
        let accounts = self.owned.values().flat_map(|school| school.accounts.values());
        accounts
            .map(|account| MergeableAccount {
                account: account.id,
                school: account.school,
                person: account.person,
                name: account.name.clone(),
                birth_date: account.birth_date,
                snils: keys.get(&(account.school, account.id)).copied(),
            })
            .collect()
    }

    pub(super) fn apply_merges(&mut self, changes: &Changes) {
        for step in &changes.moves {
            let accounts = self.owned.get_mut(&step.school).map(|school| &mut school.accounts);
            let account = accounts.and_then(|accounts| accounts.get_mut(&step.account));
            let Some(account) = account else { continue };
            account.person = step.into;
            for claim in self.claims.values_mut() {
                if (claim.school, claim.account) == (step.school, step.account) {
                    claim.person = step.into;
                }
            }
            let (school, account) = (step.school, step.account);
            self.memberships.retain(|(_, of, other)| (*of, *other) != (school, account));
            self.memberships.insert((step.into, school, account));
        }
        for row in &changes.merges {
            let mut moves = row.moves.clone();
            moves.sort_unstable_by_key(|step| (step.school, step.account));
            self.merges.insert(row.id, MergeRow { moves, ..row.clone() });
        }
        for apart in changes.kept_apart.iter().map(in_order) {
            self.kept_apart.insert((apart.one, apart.other), apart);
        }
        for apart in changes.reunited.iter().map(in_order) {
            self.kept_apart.remove(&(apart.one, apart.other));
        }
    }
}

fn in_order(apart: &KeptApart) -> KeptApart {
    let KeptApart { one, other } = *apart;
    KeptApart { one: one.min(other), other: one.max(other) }
}
