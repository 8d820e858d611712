//! Rows by key, and which of them an import changed.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

/// Rows by key as a database has them, with what an import says put over them.
pub(super) struct Table<K, V> {
    rows: HashMap<K, V>,
    /// What an import spoke of, changed or not.
    seen: HashSet<K>,
    /// What the database had of rows that became different, in the order of the import.
    before: HashMap<K, Option<V>>,
    order: Vec<K>,
}

impl<K: Clone + Eq + Hash, V: Clone + PartialEq> Table<K, V> {
    pub(super) fn new(rows: impl IntoIterator<Item = (K, V)>) -> Self {
        Self {
            rows: rows.into_iter().collect(),
            seen: HashSet::new(),
            before: HashMap::new(),
            order: Vec::new(),
        }
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.rows.get(key)
    }

    /// Whether this import has put a row under the key.
    pub(super) fn is_seen(&self, key: &K) -> bool {
        self.seen.contains(key)
    }

    pub(super) fn put(&mut self, key: K, row: V) {
        self.seen.insert(key.clone());
        if self.rows.get(&key) == Some(&row) {
            return;
        }
        let old = self.rows.insert(key.clone(), row);
        if !self.before.contains_key(&key) {
            self.order.push(key.clone());
            self.before.insert(key, old);
        }
    }

    /// Begins anew with the rows as they are: nothing has been put yet.
    pub(super) fn forget_seen(&mut self) {
        self.seen.clear();
    }

    /// A copy of the rows as they are.
    pub(super) fn snapshot(&self) -> HashMap<K, V> {
        self.rows.clone()
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = (&K, &V)> {
        self.rows.iter()
    }

    /// The rows that are new or different, in the order of the import.
    pub(super) fn into_changes(mut self) -> impl Iterator<Item = V> {
        self.order.into_iter().filter_map(move |key| {
            let row = self.rows.remove(&key)?;
            (self.before.get(&key)?.as_ref() != Some(&row)).then_some(row)
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
        assert_eq!(table.get(&3), Some(&"z"));
        assert_eq!(table.into_changes().collect::<Vec<_>>(), ["new", "z"]);
    }
}
