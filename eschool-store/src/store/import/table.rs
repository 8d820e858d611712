//! Rows by key, and which of them an import changed.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
};

/// Rows by key as a database has them, with what an import says put over them.
pub(super) struct Table<K, V> {
    slots: HashMap<K, Slot<V>>,
    /// The keys of rows that became different, in the order of the import.
    order: Vec<K>,
}

struct Slot<V> {
    row: V,
    before: Before<V>,
    /// Whether the import spoke of the row, changed or not.
    is_seen: bool,
}

/// What the database has.
enum Before<V> {
    /// The row as it is.
    Same,
    /// No row.
    Nothing,
    /// Another row.
    Other(V),
}

impl<K: Clone + Eq + Hash, V: Clone + PartialEq> Table<K, V> {
    pub(super) fn new(rows: impl IntoIterator<Item = (K, V)>) -> Self {
        let stored = |row| Slot { row, before: Before::Same, is_seen: false };
        let slots = rows.into_iter().map(|(key, row)| (key, stored(row))).collect();
        Self { slots, order: Vec::new() }
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.slots.get(key).map(|slot| &slot.row)
    }

    /// Whether this import has put a row under the key.
    pub(super) fn is_seen(&self, key: &K) -> bool {
        self.slots.get(key).is_some_and(|slot| slot.is_seen)
    }

    /// Whether the database has no row under the key.
    pub(super) fn is_new(&self, key: &K) -> bool {
        self.slots.get(key).is_none_or(|slot| matches!(slot.before, Before::Nothing))
    }

    pub(super) fn put(&mut self, key: K, row: V) {
        match self.slots.entry(key) {
            Entry::Vacant(vacant) => {
                self.order.push(vacant.key().clone());
                vacant.insert(Slot { row, before: Before::Nothing, is_seen: true });
            }
            Entry::Occupied(mut occupied) => {
                let slot = occupied.get_mut();
                slot.is_seen = true;
                if slot.row == row {
                    return;
                }
                let old = std::mem::replace(&mut slot.row, row);
                if matches!(slot.before, Before::Same) {
                    slot.before = Before::Other(old);
                    self.order.push(occupied.key().clone());
                }
            }
        }
    }

    /// Begins anew with the rows as they are: nothing has been put yet.
    pub(super) fn forget_seen(&mut self) {
        self.slots.values_mut().for_each(|slot| slot.is_seen = false);
    }

    /// The rows of the database that the import did not speak of.
    pub(super) fn unseen(&self) -> impl Iterator<Item = &V> {
        let unseen = |slot: &&Slot<V>| !slot.is_seen && !matches!(slot.before, Before::Nothing);
        self.slots.values().filter(unseen).map(|slot| &slot.row)
    }

    /// A copy of the rows as they are.
    pub(super) fn snapshot(&self) -> HashMap<K, V> {
        self.slots.iter().map(|(key, slot)| (key.clone(), slot.row.clone())).collect()
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &V> {
        self.slots.values().map(|slot| &slot.row)
    }

    /// The rows that are new or different, in the order of the import.
    pub(super) fn into_changes(mut self) -> impl Iterator<Item = V> {
        self.order.into_iter().filter_map(move |key| {
            let slot = self.slots.remove(&key)?;
            let is_same = match slot.before {
                Before::Same => true,
                Before::Nothing => false,
                Before::Other(old) => old == slot.row,
            };
            (!is_same).then_some(slot.row)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_ends_different_is_a_change() {
        let mut table = Table::new([(1, "a"), (2, "b"), (3, "c")]);
        table.put(4, "new");
        table.put(1, "a");
        table.put(2, "x");
        table.put(2, "b");
        table.put(3, "z");
        assert!(table.is_seen(&1) && !table.is_seen(&5));
        assert_eq!([1, 3, 4, 5].map(|key| table.is_new(&key)), [false, false, true, true]);
        assert_eq!(table.get(&3), Some(&"z"));
        assert_eq!(table.unseen().count(), 0);
        assert_eq!(table.into_changes().collect::<Vec<_>>(), ["new", "z"]);
    }
}
