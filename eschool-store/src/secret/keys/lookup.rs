//! Lookup keys, and which of them is used for what.

use std::collections::BTreeMap;

use hmac::Hmac;
use sha2::Sha256;

use super::{KeyId, Keys, KeysError, derived};
use crate::secret::bytes::Secret32;

/// The key that all but looking up is derived from.
const FIRST: KeyId = KeyId(1);

/// How far a lookup key is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Looked up by; nothing is written with it yet.
    Next,
    /// Looked up by, and written with while there is no newer one of these.
    Used,
    /// Nothing is found by it: kept for what else is derived from it.
    Retired,
}

/// The lookup keys: the first, and one that is written with, are always there.
pub(super) struct LookupKeys {
    root: Secret32,
    root_stage: Stage,
    later: BTreeMap<KeyId, (Secret32, Stage)>,
}

impl LookupKeys {
    pub(super) const fn first(root: Secret32) -> Self {
        Self { root, root_stage: Stage::Used, later: BTreeMap::new() }
    }

    /// Keys as a file has them; none if the first is missing, or one to write with.
    pub(super) fn of(mut keys: BTreeMap<KeyId, (Secret32, Stage)>) -> Option<Self> {
        let is_written = keys.values().any(|(_, stage)| *stage == Stage::Used);
        let (root, root_stage) = keys.remove(&FIRST).filter(|_| is_written)?;
        Some(Self { root, root_stage, later: keys })
    }

    /// Whether a key of this number may be that far: the first is never next, and the others are gone
    /// when they are retired.
    pub(super) fn may_be(id: KeyId, stage: Stage) -> bool {
        match stage {
            Stage::Next => id != FIRST,
            Stage::Used => true,
            Stage::Retired => id == FIRST,
        }
    }

    pub(super) const fn root(&self) -> &Secret32 {
        &self.root
    }

    pub(super) fn len(&self) -> usize {
        self.later.len().saturating_add(1)
    }

    /// Every key, oldest first.
    pub(super) fn all(&self) -> impl DoubleEndedIterator<Item = (KeyId, &Secret32, Stage)> {
        let later = self.later.iter().map(|(id, (key, stage))| (*id, key, *stage));
        std::iter::once((FIRST, &self.root, self.root_stage)).chain(later)
    }

    fn written(&self) -> KeyId {
        let mut newest = self.all().rev().filter(|(.., stage)| *stage == Stage::Used);
        newest.next().map_or(FIRST, |(id, ..)| id)
    }
}

impl Keys {
    /// Adds a lookup key from the caller's randomness: what it finds is found from now on, and nothing
    /// is written with it before [`begin_lookup`](Self::begin_lookup).
    ///
    /// # Errors
    /// [`KeysError::NotBegun`] while another one waits for that, [`KeysError::Exhausted`] after key
    /// number 4 294 967 295.
    pub fn rotate_lookup(&mut self, fill: &mut dyn FnMut(&mut [u8])) -> Result<KeyId, KeysError> {
        if self.lookup.all().any(|(.., stage)| stage == Stage::Next) {
            return Err(KeysError::NotBegun);
        }
        let newest = self.lookup.later.keys().next_back().unwrap_or(&FIRST);
        let id = KeyId(newest.0.checked_add(1).ok_or(KeysError::Exhausted)?);
        self.lookup.later.insert(id, (Secret32::filled(fill), Stage::Next));
        Ok(id)
    }

    /// Writes with the added lookup key from now on.
    ///
    /// Where several programs have the file, all of them have the key by now: one that had not would
    /// find nobody whom this one wrote.
    ///
    /// # Errors
    /// [`KeysError::Unknown`] if no key of this number waits for it.
    pub fn begin_lookup(&mut self, id: KeyId) -> Result<(), KeysError> {
        let waiting = self.lookup.later.get_mut(&id);
        let (_, stage) =
            waiting.filter(|(_, stage)| *stage == Stage::Next).ok_or(KeysError::Unknown)?;
        *stage = Stage::Used;
        Ok(())
    }

    /// Forgets the added lookup key that was never written with, so that another can be added.
    ///
    /// # Errors
    /// [`KeysError::Unknown`] if no key of this number waits to be written with.
    pub fn drop_lookup(&mut self, id: KeyId) -> Result<(), KeysError> {
        if self.lookup.later.get(&id).is_none_or(|(_, stage)| *stage != Stage::Next) {
            return Err(KeysError::Unknown);
        }
        self.lookup.later.remove(&id);
        Ok(())
    }

    /// Looks up by an old key no more. What was written with it alone is found by nothing any more;
    /// [`Store::rehash`](crate::Store::rehash) tells before how much that is. The first key stays in
    /// the file for what else is derived from it; any other is forgotten.
    ///
    /// # Errors
    /// [`KeysError::InUse`] for the key that is written with or is to be, [`KeysError::Unknown`] for
    /// none, or for one that is retired.
    pub fn retire_lookup(&mut self, id: KeyId) -> Result<(), KeysError> {
        let mut known = self.lookup.all().filter(|(known, ..)| *known == id);
        let stage = known.next().map(|(.., stage)| stage);
        drop(known);
        match stage {
            None | Some(Stage::Retired) => Err(KeysError::Unknown),
            Some(Stage::Next) => Err(KeysError::InUse),
            Some(Stage::Used) if id == self.writes_with() => Err(KeysError::InUse),
            Some(Stage::Used) if id == FIRST => {
                self.lookup.root_stage = Stage::Retired;
                Ok(())
            }
            Some(Stage::Used) => {
                self.lookup.later.remove(&id);
                Ok(())
            }
        }
    }

    /// The number of the lookup key that is written with.
    #[must_use]
    pub fn writes_with(&self) -> KeyId {
        self.lookup.written()
    }

    /// The numbers of the lookup keys that are looked up by, oldest first.
    pub fn lookup_ids(&self) -> impl Iterator<Item = KeyId> {
        self.looked_up().map(|(id, _)| id)
    }

    /// Whether nothing is found by the first lookup key any more.
    pub(in crate::secret) fn is_first_retired(&self) -> bool {
        self.lookup.root_stage == Stage::Retired
    }

    /// Of each lookup key after the first: HMAC-SHA-256 for its mark, and whether it is written with or
    /// was.
    pub(in crate::secret) fn derive_marks(
        &self,
    ) -> impl Iterator<Item = (KeyId, Hmac<Sha256>, bool)> {
        let later = self.lookup.later.iter();
        later.map(|(id, (key, stage))| (*id, derived(key, "mark"), *stage != Stage::Next))
    }

    /// HMAC-SHA-256 for looking up under each key that is looked up by: under the one that is written
    /// with, and under the others.
    pub(in crate::secret) fn derive_lookups(&self) -> (Hmac<Sha256>, Vec<Hmac<Sha256>>) {
        let written = self.writes_with();
        let mut of_written = derived(self.lookup.root(), LABEL);
        let mut others = Vec::new();
        for (id, key) in self.looked_up() {
            let lookup = derived(key, LABEL);
            if id == written {
                of_written = lookup;
            } else {
                others.push(lookup);
            }
        }
        (of_written, others)
    }

    fn looked_up(&self) -> impl Iterator<Item = (KeyId, &Secret32)> {
        let found_by = self.lookup.all().filter(|(.., stage)| *stage != Stage::Retired);
        found_by.map(|(id, key, _)| (id, key))
    }
}

/// What a key's use for looking up is derived by.
const LABEL: &str = "lookup";
