//! A sealed value and its form in a column.

use std::fmt;

use super::VaultError;
use crate::secret::keys::KeyId;

/// The cipher's tag at the end of every ciphertext.
const TAG: usize = 16;

/// A sealed value, as one BLOB column holds it.
///
/// The bytes are key number (4, big-endian) ‖ nonce (24) ‖ ciphertext with tag (as long as the
/// value, and 16). So the column tells how long a value is; where that matters, pad it first.
///
/// ```
/// use eschool_store::secret::{KeyId, Keys, Place, Sealed, Vault};
///
/// let vault = Vault::new(Keys::generate(&mut |bytes| bytes.fill(7)));
/// let place = Place::new("account", [[1; 16]], "phone");
/// let sealed = vault.seal(&place, b"+79123456789", [9; 24])?;
/// assert_eq!(sealed.to_bytes().len(), 4 + 24 + 12 + 16);
/// assert_eq!(Sealed::parse(&sealed.to_bytes())?, sealed);
/// assert_eq!(sealed.key_id(), KeyId(1));
/// # Ok::<(), eschool_store::secret::VaultError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sealed {
    key: KeyId,
    nonce: [u8; 24],
    ciphertext: Vec<u8>,
}

impl Sealed {
    pub(super) fn new(key: KeyId, nonce: [u8; 24], ciphertext: Vec<u8>) -> Self {
        Self { key, nonce, ciphertext }
    }

    /// Reads the bytes of a column.
    ///
    /// # Errors
    /// [`VaultError::Malformed`] for fewer than 44 bytes or key number 0. Other foreign bytes are
    /// told by [`Vault::open`](super::Vault::open).
    pub fn parse(bytes: &[u8]) -> Result<Self, VaultError> {
        let (key, rest) = bytes.split_first_chunk().ok_or(VaultError::Malformed)?;
        let (nonce, ciphertext) = rest.split_first_chunk().ok_or(VaultError::Malformed)?;
        let key = KeyId(u32::from_be_bytes(*key));
        if key.0 == 0 || ciphertext.len() < TAG {
            return Err(VaultError::Malformed);
        }
        Ok(Self { key, nonce: *nonce, ciphertext: ciphertext.to_vec() })
    }

    /// The bytes to store.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.key.0.to_be_bytes(), self.nonce.as_slice(), &self.ciphertext].concat()
    }

    /// The number of the key it is sealed with.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.key
    }

    pub(super) fn nonce(&self) -> &[u8; 24] {
        &self.nonce
    }

    pub(super) fn ciphertext(&self) -> &[u8] {
        &self.ciphertext
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").field("key", &self.key).finish_non_exhaustive()
    }
}
