//! The vault: personal data found by keyed hash, stored sealed.

use std::{collections::BTreeMap, fmt};

use chacha20poly1305::{
    XChaCha20Poly1305,
    aead::{Aead, KeyInit, Payload},
};
use eschool_core::error::CodedError;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{
    bytes::framed,
    keys::{KeyId, Keys},
};

mod place;
mod sealed;
#[cfg(any(test, feature = "testing"))]
mod transparent;

pub use place::{ClaimKind, KeyHash, Place, Purpose};
pub use sealed::Sealed;

/// Why a value cannot be sealed or opened. Holds no data.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_store::secret::{Sealed, VaultError};
///
/// let error = Sealed::parse(b"short").unwrap_err();
/// assert_eq!(error, VaultError::Malformed);
/// assert_eq!(error.code(), "vault_malformed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The value was sealed with another key, for another place, or has been changed since.
    #[error("the sealed value does not open here")]
    WrongKey,
    /// No key of this number is in the key file: retired too early, not there yet, or foreign.
    #[error("the sealed value names a key that is not in the key file")]
    UnknownKey,
    /// The bytes are too short for a sealed value, or begin with key number 0.
    #[error("the stored bytes are not a sealed value")]
    Malformed,
    /// More than [`Vault::LONGEST`] bytes were to be sealed.
    #[error("the value is too long to be sealed")]
    TooLong,
}

impl CodedError for VaultError {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongKey => "vault_wrong_key",
            Self::UnknownKey => "vault_unknown_key",
            Self::Malformed => "vault_malformed",
            Self::TooLong => "vault_too_long",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::WrongKey => "Зашифрованные данные не открываются: другой ключ или повреждение.",
            Self::UnknownKey => "Ключа, которым зашифрованы данные, нет в файле ключей.",
            Self::Malformed => "Сохранённые данные не похожи на зашифрованные.",
            Self::TooLong => "Данные слишком велики для шифрования.",
        }
    }
}

/// Finds personal data by keyed hash and seals it for its place in the database.
///
/// СНИЛС, phone, e-mail and ЕСИА id stand in the database twice: as a [`KeyHash`] to be found by
/// and as a [`Sealed`] value to be read. Whoever has the database without the key file has
/// neither: nobody can try all 10⁹ numbers of СНИЛС against a hash whose key is missing.
///
/// # Looking up
/// ```
/// use eschool_store::secret::{ClaimKind, Keys, Vault};
///
/// let vault = Vault::new(Keys::generate(&mut |bytes| bytes.fill(7)));
/// let found = vault.lookup(ClaimKind::Snils, "11223344595");
/// assert_eq!(found, vault.lookup(ClaimKind::Snils, "11223344595"));
/// assert_ne!(found, vault.lookup(ClaimKind::Login, "11223344595"));
/// ```
///
/// # Sealing
/// XChaCha20-Poly1305; the nonce is 24 bytes of the caller's randomness, new for every value. A
/// value opens only in the place it was sealed for: nobody can copy the administrator's phone
/// number into another row and read it there.
///
/// ```
/// use eschool_store::secret::{Keys, Place, Sealed, Vault, VaultError};
/// use uuid::Uuid;
///
/// let vault = Vault::new(Keys::generate(&mut |bytes| bytes.fill(7)));
/// let (school, account) = (Uuid::from_u128(1), Uuid::from_u128(2));
/// let place = Place::new("account", [school, account], "snils");
/// let column: Vec<u8> = vault.seal(&place, b"11223344595", [9; 24])?.to_bytes();
///
/// let sealed = Sealed::parse(&column)?;
/// assert_eq!(*vault.open(&place, &sealed)?, b"11223344595");
/// let elsewhere = Place::new("account", [school, Uuid::from_u128(3)], "snils");
/// assert_eq!(vault.open(&elsewhere, &sealed), Err(VaultError::WrongKey));
/// # Ok::<(), VaultError>(())
/// ```
///
/// # Rotating
/// After [`Keys::rotate`] a pass over the rows opens and seals anew what
/// [`Vault::is_stale`] says; then the old key can be retired. While a lookup key is changed a value has
/// several hashes: it is written with [`Vault::lookup`] and looked up by [`Vault::lookups`].
pub struct Vault {
    keys: Keys,
    lookup: Hmac<Sha256>,
    /// What else is looked up by.
    other_lookups: Vec<Hmac<Sha256>>,
    lockout: Hmac<Sha256>,
    password: Hmac<Sha256>,
    token: Hmac<Sha256>,
    audit: Hmac<Sha256>,
    installation: Hmac<Sha256>,
    /// Whether nothing is hidden: only to show that a search for leaks finds them.
    #[cfg(any(test, feature = "testing"))]
    is_transparent: bool,
}

impl Vault {
    /// The most bytes [`Vault::seal`] takes, 16 MiB: fields and small records, never files.
    pub const LONGEST: usize = 16 << 20;

    /// A vault over the installation's keys.
    #[must_use]
    pub fn new(keys: Keys) -> Self {
        let (lookup, other_lookups) = keys.derive_lookups();
        Self {
            lookup,
            other_lookups,
            lockout: keys.derive("lockout"),
            password: keys.derive("password"),
            token: keys.derive("token"),
            audit: keys.derive("audit"),
            installation: keys.derive("installation"),
            #[cfg(any(test, feature = "testing"))]
            is_transparent: false,
            keys,
        }
    }

    /// The keys, to write them to a file.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// What a value is written to be found by: HMAC-SHA-256(key, kind ‖ 0 ‖ canonical).
    ///
    /// `canonical` is the one spelling a value has: the digits of a СНИЛС, a phone in E.164, an
    /// e-mail or login in lower case. A kind holds no zero byte, so no two inputs run together.
    #[must_use]
    pub fn lookup(&self, kind: ClaimKind, canonical: &str) -> KeyHash {
        #[cfg(any(test, feature = "testing"))]
        if let Some(shown) = self.shown(kind, canonical) {
            return shown;
        }
        looked_up(&self.lookup, kind, canonical)
    }

    /// Everything by which a value may be found: [`Vault::lookup`] first, then its hash under each
    /// other key that is looked up by.
    ///
    /// ```
    /// use eschool_store::secret::{ClaimKind, Keys, Vault};
    ///
    /// let mut keys = Keys::generate(&mut |bytes| bytes.fill(7));
    /// let before = Vault::new(Keys::parse(&keys.to_text())?);
    /// keys.rotate_lookup(&mut |bytes| bytes.fill(9))?;
    /// let vault = Vault::new(keys);
    /// let found_by = vault.lookups(ClaimKind::Phone, "+79123456789");
    /// assert_eq!(found_by.len(), 2);
    /// assert_eq!(found_by[0], before.lookup(ClaimKind::Phone, "+79123456789"));
    /// # Ok::<(), eschool_store::secret::KeysError>(())
    /// ```
    #[must_use]
    pub fn lookups(&self, kind: ClaimKind, canonical: &str) -> Vec<KeyHash> {
        let mut hashes = vec![self.lookup(kind, canonical)];
        #[cfg(any(test, feature = "testing"))]
        if self.shown(kind, canonical).is_some() {
            return hashes;
        }
        let others = self.other_lookups.iter().map(|key| looked_up(key, kind, canonical));
        hashes.extend(others);
        hashes
    }

    /// Whether values may be written with another lookup key than this vault writes with.
    #[must_use]
    pub fn has_several_lookups(&self) -> bool {
        !self.other_lookups.is_empty()
    }

    /// HMAC-SHA-256 under the key of another purpose, over parts that cannot run together: each
    /// stands after its length (8 bytes, big-endian).
    ///
    /// ```
    /// use eschool_store::secret::{Keys, Purpose, Vault};
    ///
    /// let vault = Vault::new(Keys::generate(&mut |bytes| bytes.fill(7)));
    /// let counter = vault.mac(Purpose::Lockout, &[b"login", b"pr7_test"]);
    /// assert_ne!(counter, vault.mac(Purpose::Lockout, &[b"loginp", b"r7_test"]));
    /// ```
    #[must_use]
    pub fn mac(&self, purpose: Purpose, parts: &[&[u8]]) -> KeyHash {
        #[cfg(any(test, feature = "testing"))]
        if let Some(shown) = self.shown_parts(purpose, parts) {
            return shown;
        }
        KeyHash(self.mac_over(purpose, parts).finalize().into_bytes().into())
    }

    /// Whether `shown` is the [`Vault::mac`] of these parts; takes as long for a near miss as for
    /// a far one, so a stranger cannot guess it byte by byte.
    ///
    /// ```
    /// use eschool_store::secret::{Keys, Purpose, Vault};
    ///
    /// let vault = Vault::new(Keys::generate(&mut |bytes| bytes.fill(7)));
    /// let shown = vault.mac(Purpose::Token, &[b"device", b"42"]);
    /// assert!(vault.verify(Purpose::Token, &[b"device", b"42"], &shown));
    /// assert!(!vault.verify(Purpose::Token, &[b"device", b"43"], &shown));
    /// ```
    #[must_use]
    pub fn verify(&self, purpose: Purpose, parts: &[&[u8]], shown: &KeyHash) -> bool {
        self.mac_over(purpose, parts).verify_slice(&shown.0).is_ok()
    }

    fn mac_over(&self, purpose: Purpose, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = match purpose {
            Purpose::Lockout => &self.lockout,
            Purpose::Password => &self.password,
            Purpose::Token => &self.token,
            Purpose::Audit => &self.audit,
            Purpose::Installation => &self.installation,
        }
        .clone();
        for part in parts {
            framed(part, &mut |bytes| mac.update(bytes));
        }
        mac
    }

    /// Seals a value for its place with the newest key.
    ///
    /// The nonce must be random and new for every call: two values under one nonce tell each
    /// other. 24 bytes are enough for chance never to repeat one.
    ///
    /// # Errors
    /// [`VaultError::TooLong`] beyond [`Vault::LONGEST`].
    pub fn seal(
        &self,
        place: &Place,
        plaintext: &[u8],
        nonce: [u8; 24],
    ) -> Result<Sealed, VaultError> {
        if plaintext.len() > Self::LONGEST {
            return Err(VaultError::TooLong);
        }
        #[cfg(any(test, feature = "testing"))]
        if let Some(sealed) = self.seal_openly(plaintext, nonce) {
            return Ok(sealed);
        }
        let (id, key) = self.keys.sealing();
        let payload = Payload { msg: plaintext, aad: &place.associated_data(id) };
        XChaCha20Poly1305::new(key.into())
            .encrypt((&nonce).into(), payload)
            .map(|ciphertext| Sealed::new(id, nonce, ciphertext))
            .map_err(|_| VaultError::TooLong)
    }

    /// Opens a value in its place; the plaintext is wiped when dropped.
    ///
    /// # Errors
    /// [`VaultError::UnknownKey`] if its key is not here; [`VaultError::WrongKey`] if it was sealed
    /// with another key of that number, for another place, or has been changed.
    pub fn open(&self, place: &Place, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        #[cfg(any(test, feature = "testing"))]
        if let Some(plaintext) = self.open_openly(sealed) {
            return plaintext.map(Zeroizing::new);
        }
        let id = sealed.key_id();
        let key = self.keys.seal_key(id).ok_or(VaultError::UnknownKey)?;
        let payload = Payload { msg: sealed.ciphertext(), aad: &place.associated_data(id) };
        XChaCha20Poly1305::new(key.into())
            .decrypt(sealed.nonce().into(), payload)
            .map(Zeroizing::new)
            .map_err(|_| VaultError::WrongKey)
    }

    /// What proves which lookup keys after the first these are, by number, each with whether it is
    /// written with or was.
    pub(crate) fn lookup_marks(&self) -> BTreeMap<KeyId, (KeyHash, bool)> {
        let marks = self.keys.derive_marks().map(|(id, mut mac, is_begun)| {
            framed(b"lookup-key-1", &mut |bytes| mac.update(bytes));
            (id, (KeyHash(mac.finalize().into_bytes().into()), is_begun))
        });
        marks.collect()
    }

    /// Whether nothing is found any more by what was written before there were several lookup keys.
    pub(crate) fn is_first_lookup_retired(&self) -> bool {
        self.keys.is_first_retired()
    }

    /// Whether a value is sealed with another key than the newest and should be sealed anew.
    #[must_use]
    pub fn is_stale(&self, sealed: &Sealed) -> bool {
        sealed.key_id() != self.keys.newest()
    }
}

fn looked_up(key: &Hmac<Sha256>, kind: ClaimKind, canonical: &str) -> KeyHash {
    let mut mac = key.clone();
    mac.update(kind.code().as_bytes());
    mac.update(&[0]);
    mac.update(canonical.as_bytes());
    KeyHash(mac.finalize().into_bytes().into())
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("keys", &self.keys).finish_non_exhaustive()
    }
}
