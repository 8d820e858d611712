//! Who is not to be merged with whom.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use super::MergeRow;
use crate::{
    id::{AccountId, PersonId},
    people::KeptApart,
};

/// The persons that somebody keeps apart.
pub(super) struct Apart {
    /// Each pair once, the older person first.
    pairs: BTreeSet<(PersonId, PersonId)>,
    persons: BTreeSet<PersonId>,
    /// By which accounts, each pair once and in order.
    accounts: BTreeSet<(AccountId, AccountId)>,
}

impl Apart {
    /// From the accounts they were said of. Those of one person are apart no longer, and of an
    /// account that is not among the rows nothing is known.
    pub(super) fn of<K>(rows: &[MergeRow<'_, K>], said: &[KeptApart]) -> Self {
        let accounts: BTreeSet<AccountId> =
            said.iter().flat_map(|apart| [apart.one, apart.other]).collect();
        let holders: BTreeMap<AccountId, PersonId> = if accounts.is_empty() {
            BTreeMap::new()
        } else {
            let named = rows.iter().filter(|row| accounts.contains(&row.account));
            named.map(|row| (row.account, row.person)).collect()
        };
        let (mut pairs, mut persons) = (BTreeSet::new(), BTreeSet::new());
        let mut accounts = BTreeSet::new();
        for KeptApart { one, other } in said {
            if let (Some(ours), Some(theirs)) = (holders.get(one), holders.get(other))
                && ours != theirs
            {
                pairs.insert(pair(*ours, *theirs));
                persons.extend([*ours, *theirs]);
                accounts.insert(pair(*one, *other));
            }
        }
        Self { pairs, persons, accounts }
    }

    /// What was said of these accounts among themselves.
    pub(super) fn said_of(&self, accounts: &BTreeSet<AccountId>) -> Vec<KeptApart> {
        let said = self.accounts.iter().filter(|(one, _)| accounts.contains(one));
        let said = said.filter(|(_, other)| accounts.contains(other));
        said.map(|(one, other)| KeptApart { one: *one, other: *other }).collect()
    }

    /// Whether two persons are kept apart.
    pub(super) fn holds(&self, one: PersonId, other: PersonId) -> bool {
        self.pairs.contains(&pair(one, other))
    }

    /// Where the rows of all of them stand.
    pub(super) fn places<K>(&self, rows: &[MergeRow<'_, K>]) -> impl Iterator<Item = usize> {
        let rows = if self.persons.is_empty() { &[] } else { rows };
        let theirs = rows.iter().enumerate().filter(|(_, row)| self.persons.contains(&row.person));
        theirs.map(|(place, _)| place)
    }
}

fn pair<T: Copy + Ord>(one: T, other: T) -> (T, T) {
    (one.min(other), one.max(other))
}
