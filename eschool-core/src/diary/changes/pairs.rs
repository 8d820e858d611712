//! Pairing what stood there with what stands there now.

use alloc::{
    collections::{BTreeMap, VecDeque},
    vec::Vec,
};

/// The pairs in the order of `new`, then what is left of `old` and of `new`, in order.
pub(super) type Paired<T> = (Vec<(T, T)>, Vec<T>, Vec<T>);

/// Pairs rows of one key, the first with the first: equal rows count as often as they stand. Rows
/// without a key are left.
pub(super) fn pair_off<T: Copy, K: Ord>(
    old: Vec<T>,
    new: Vec<T>,
    key: impl Fn(T) -> Option<K>,
) -> Paired<T> {
    let mut waiting: BTreeMap<K, VecDeque<usize>> = BTreeMap::new();
    for (at, row) in old.iter().enumerate() {
        if let Some(key) = key(*row) {
            waiting.entry(key).or_default().push_back(at);
        }
    }
    let mut old: Vec<_> = old.into_iter().map(Some).collect();
    let (mut pairs, mut left) = (Vec::new(), Vec::new());
    for row in new {
        let at = key(row).and_then(|key| waiting.get_mut(&key)?.pop_front());
        match at.and_then(|at| old.get_mut(at)?.take()) {
            Some(before) => pairs.push((before, row)),
            None => left.push(row),
        }
    }
    (pairs, old.into_iter().flatten().collect(), left)
}
