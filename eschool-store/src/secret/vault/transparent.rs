//! A vault that hides nothing, for the test of the test.
//!
//! Whether a dump of a database shows a secret is checked by searching it. A search that finds
//! nothing proves something only if it would find what is there: so the same search is made over a
//! database that was written through this vault, and must find every kind of secret that the vault
//! guards. It exists behind the feature `testing` alone; without it there is no code that could be
//! switched to it.

use super::{ClaimKind, KeyHash, Purpose, Sealed, Vault, VaultError};
use crate::secret::keys::Keys;

/// As long as the cipher's tag.
const TAG: [u8; 16] = [0; 16];

impl Vault {
    /// A vault that neither hashes nor seals: a look-up is the first 32 bytes of the value, and a
    /// sealed value stands as it is. Only to show that a search for leaks finds them.
    ///
    /// The chain of the audit is as with any other: it hides nothing.
    #[must_use]
    pub fn transparent(keys: Keys) -> Self {
        Self { is_transparent: true, ..Self::new(keys) }
    }

    /// What a look-up is if nothing is hidden.
    pub(super) fn shown(&self, kind: ClaimKind, canonical: &str) -> Option<KeyHash> {
        self.is_transparent.then(|| first_bytes(&[canonical.as_bytes(), kind.code().as_bytes()]))
    }

    /// What a MAC is if nothing is hidden; none where it is to hide nothing.
    pub(super) fn shown_parts(&self, purpose: Purpose, parts: &[&[u8]]) -> Option<KeyHash> {
        let hides = matches!(purpose, Purpose::Lockout | Purpose::Password);
        (self.is_transparent && hides).then(|| first_bytes(parts))
    }

    pub(super) fn seal_openly(&self, plaintext: &[u8], nonce: [u8; 24]) -> Option<Sealed> {
        let (id, _) = self.keys.sealing();
        self.is_transparent.then(|| Sealed::new(id, nonce, [plaintext, &TAG].concat()))
    }

    pub(super) fn open_openly(&self, sealed: &Sealed) -> Option<Result<Vec<u8>, VaultError>> {
        let plaintext = sealed.ciphertext().strip_suffix(&TAG).map(<[u8]>::to_vec);
        self.is_transparent.then(|| plaintext.ok_or(VaultError::WrongKey))
    }
}

fn first_bytes(parts: &[&[u8]]) -> KeyHash {
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(parts.iter().copied().flatten()) {
        *to = *from;
    }
    KeyHash(hash)
}
