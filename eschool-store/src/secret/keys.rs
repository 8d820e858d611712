//! The installation's secrets.

use std::{collections::BTreeMap, fmt};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use self::lookup::LookupKeys;
use super::bytes::Secret32;

mod error;
mod file;
mod lookup;

pub use error::KeysError;

/// The number of a seal key or a lookup key, from 1 on; the highest is the newest.
///
/// That of a seal key is stored in clear before each sealed value.
///
/// ```
/// use eschool_store::secret::Keys;
///
/// let keys = Keys::generate(&mut |bytes| bytes.fill(7));
/// assert_eq!(keys.newest().to_string(), "1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub u32);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The installation's secrets: lookup keys and seal keys, one or more of each.
///
/// # Two kinds of keys
/// From a **lookup key** come the keyed hashes by which people are found: of СНИЛС, phone, e-mail,
/// number in ЕСИА and login. From the **first** lookup key come besides, by HMAC with a label each,
/// the keys of every other keyed hash: counting failed sign-ins, what is hashed of passwords, tokens,
/// the audit chain, the mark by which the installation knows its keys. No derived key is used for two
/// purposes and none tells the others. So the first lookup key is never taken out of the file: it
/// can be [retired](Self::retire_lookup) from looking up, and stays all else. From each later one comes
/// its own mark, by which the installation misses it ([`Store::check_keys`](crate::Store::check_keys)).
///
/// **Seal keys** encrypt. The newest seals, all open, so they rotate while the system runs:
///
/// ```
/// use eschool_store::secret::{KeyId, Keys};
///
/// // In earnest: the system's randomness.
/// let mut keys = Keys::generate(&mut |bytes| bytes.fill(7));
/// assert_eq!(keys.rotate(&mut |bytes| bytes.fill(8))?, KeyId(2));
/// // … every instance runs with the new file, every row has been sealed anew …
/// keys.retire(KeyId(1))?;
/// assert_eq!(keys.seal_ids().collect::<Vec<_>>(), [KeyId(2)]);
/// # Ok::<(), eschool_store::secret::KeysError>(())
/// ```
///
/// # Another lookup key
/// A hash does not say which key made it, and who looks up with another finds nobody and takes
/// somebody for new. So a lookup key rotates in steps, each with the new file in **all** programs
/// before the next:
///
/// ```
/// use eschool_store::secret::{KeyId, Keys};
///
/// let mut keys = Keys::generate(&mut |bytes| bytes.fill(7));
/// // 1. It is looked up by, and nothing is written with it: «lookup 2 … next».
/// assert_eq!(keys.rotate_lookup(&mut |bytes| bytes.fill(9))?, KeyId(2));
/// assert_eq!(keys.writes_with(), KeyId(1));
/// // 2. It is written with, and both are looked up by: «lookup 2 …».
/// keys.begin_lookup(KeyId(2))?;
/// assert_eq!(keys.writes_with(), KeyId(2));
/// assert_eq!(keys.lookup_ids().collect::<Vec<_>>(), [KeyId(1), KeyId(2)]);
/// // 3. `Store::rehash` writes anew what the former wrote, until nothing is left; then nothing is
/// //    found by that one any more: «lookup 1 … retired».
/// keys.retire_lookup(KeyId(1))?;
/// assert_eq!(keys.lookup_ids().collect::<Vec<_>>(), [KeyId(2)]);
/// # Ok::<(), eschool_store::secret::KeysError>(())
/// ```
///
/// Where one program alone has the file, the first two steps are one. Before the second, the key can be
/// [dropped](Self::drop_lookup) again.
///
/// # The key file
/// A line each, keys as base64url without padding; empty lines and lines from `#` on are for
/// people. A lookup key without a number is the first. Losing the file loses every sealed value; keep
/// it apart from the database's backups.
///
/// ```
/// use eschool_store::secret::Keys;
///
/// let keys = Keys::parse(
///     "eschool-keys 1\n# Рязань, 01.09.2026\n\
///      lookup BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc\n\
///      seal 1 CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\n",
/// )?;
/// assert!(keys.to_text().starts_with("eschool-keys 1\nlookup BwcH"));
/// assert_eq!(format!("{keys:?}"), "Keys { seal_ids: [KeyId(1)], .. }");
/// # Ok::<(), eschool_store::secret::KeysError>(())
/// ```
pub struct Keys {
    lookup: LookupKeys,
    newest: (KeyId, Secret32),
    older: BTreeMap<KeyId, Secret32>,
}

impl Keys {
    /// New keys from the caller's randomness, asked for 32 bytes twice.
    #[must_use]
    pub fn generate(fill: &mut dyn FnMut(&mut [u8])) -> Self {
        let lookup = LookupKeys::first(Secret32::filled(fill));
        Self { lookup, newest: (KeyId(1), Secret32::filled(fill)), older: BTreeMap::new() }
    }

    /// Adds a seal key from the caller's randomness; from now on it seals.
    ///
    /// Where several instances run, all get the new file at once: one with the old file answers
    /// `vault_unknown_key` for whatever the others have sealed since.
    ///
    /// # Errors
    /// [`KeysError::Exhausted`] after key number 4 294 967 295.
    pub fn rotate(&mut self, fill: &mut dyn FnMut(&mut [u8])) -> Result<KeyId, KeysError> {
        let id = KeyId(self.newest.0.0.checked_add(1).ok_or(KeysError::Exhausted)?);
        let (old_id, old) = std::mem::replace(&mut self.newest, (id, Secret32::filled(fill)));
        self.older.insert(old_id, old);
        Ok(id)
    }

    /// Forgets an old seal key. What is still sealed with it is lost.
    ///
    /// # Errors
    /// [`KeysError::InUse`] for the newest key, [`KeysError::Unknown`] for none.
    pub fn retire(&mut self, id: KeyId) -> Result<(), KeysError> {
        if id == self.newest.0 {
            return Err(KeysError::InUse);
        }
        self.older.remove(&id).map(drop).ok_or(KeysError::Unknown)
    }

    /// The number of the key that seals.
    #[must_use]
    pub fn newest(&self) -> KeyId {
        self.newest.0
    }

    /// The numbers of all seal keys, oldest first.
    pub fn seal_ids(&self) -> impl Iterator<Item = KeyId> {
        self.seals().map(|(id, _)| id)
    }

    fn seals(&self) -> impl Iterator<Item = (KeyId, &Secret32)> {
        let newest = (self.newest.0, &self.newest.1);
        self.older.iter().map(|(id, key)| (*id, key)).chain([newest])
    }

    /// The seal key with this number.
    pub(super) fn seal_key(&self, id: KeyId) -> Option<&[u8; 32]> {
        if id == self.newest.0 {
            return Some(self.newest.1.expose());
        }
        self.older.get(&id).map(Secret32::expose)
    }

    /// The key that seals, with its number.
    pub(super) fn sealing(&self) -> (KeyId, &[u8; 32]) {
        (self.newest.0, self.newest.1.expose())
    }

    /// HMAC-SHA-256 under the key for one purpose: HMAC(first lookup key, `eschool/` ‖ label).
    pub(super) fn derive(&self, label: &str) -> Hmac<Sha256> {
        derived(self.lookup.root(), label)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.seal_ids().collect();
        f.debug_struct("Keys").field("seal_ids", &ids).finish_non_exhaustive()
    }
}

// Every field is.
impl ZeroizeOnDrop for Keys {}

fn derived(key: &Secret32, label: &str) -> Hmac<Sha256> {
    let mut root = hmac(key.expose());
    root.update(b"eschool/");
    root.update(label.as_bytes());
    let derived = Zeroizing::new(<[u8; 32]>::from(root.finalize().into_bytes()));
    hmac(&derived)
}

/// HMAC pads a short key with zeros to one block; given as a block it cannot have a wrong length.
fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = Zeroizing::new([0; 64]);
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    Hmac::new((&*block).into())
}
