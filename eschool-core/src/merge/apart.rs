//! Who is not to be merged with whom.

use alloc::collections::{BTreeMap, BTreeSet};

use super::MergeRow;
use crate::{
    id::{AccountId, PersonId},
    people::KeptApart,
};

/// The persons that somebody keeps apart, each pair once, the older person first.
pub(super) struct Apart {
    pairs: BTreeSet<(PersonId, PersonId)>,
    persons: BTreeSet<PersonId>,
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
        let pair = |apart: &KeptApart| {
            let [one, other] = [apart.one, apart.other].map(|account| holders.get(&account));
            one.zip(other)
                .filter(|(one, other)| one != other)
                .map(|(one, other)| pair(*one, *other))
        };
        let pairs: BTreeSet<_> = said.iter().filter_map(pair).collect();
        let persons = pairs.iter().flat_map(|(one, other)| [*one, *other]).collect();
        Self { pairs, persons }
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

fn pair(one: PersonId, other: PersonId) -> (PersonId, PersonId) {
    (one.min(other), one.max(other))
}
