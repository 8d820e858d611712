//! What the vault's hashes and seals are bound to: kinds, purposes, places.

use std::fmt;

use crate::secret::{bytes::framed, keys::KeyId};

/// What kind of value a person is found by.
///
/// ```
/// use eschool_store::secret::ClaimKind;
///
/// assert_eq!(ClaimKind::EsiaId.code(), "esia_id");
/// assert_eq!(ClaimKind::from_code("esia_id"), Some(ClaimKind::EsiaId));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimKind {
    /// СНИЛС: 11 digits.
    Snils,
    /// A mobile phone: E.164.
    Phone,
    /// An e-mail address.
    Email,
    /// The number of an ЕСИА account.
    EsiaId,
    /// A login.
    Login,
}

impl ClaimKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Snils, Self::Phone, Self::Email, Self::EsiaId, Self::Login];

    /// The code that is hashed with the value and stored beside it. Never changed: every stored
    /// hash depends on it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Snils => "snils",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::EsiaId => "esia_id",
            Self::Login => "login",
        }
    }

    /// The kind with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What a keyed hash other than a look-up is for; each purpose has its own key.
///
/// ```
/// use eschool_store::secret::{Keys, Purpose, Vault};
///
/// let vault = Vault::new(Keys::generate(&mut |bytes| bytes.fill(7)));
/// assert_ne!(vault.mac(Purpose::Audit, &[b"x"]), vault.mac(Purpose::Token, &[b"x"]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Counters of failed sign-ins: typed logins, existing or not, and source addresses.
    Lockout,
    /// What is hashed of a password, so that the database alone is nothing to guess against.
    Password,
    /// What is handed out and recognised later without a row of its own: known devices, cursors.
    Token,
    /// The chain over the audit's entries.
    Audit,
    /// Whether a database was begun with these keys.
    Installation,
}

/// HMAC-SHA-256 of a value under one of the installation's keys.
///
/// Tells nothing without the key file, but equal values have equal hashes; so `Debug` hides it.
///
/// ```
/// use eschool_store::secret::{ClaimKind, KeyHash, Keys, Vault};
///
/// let vault = Vault::new(Keys::generate(&mut |bytes| bytes.fill(7)));
/// let hash = vault.lookup(ClaimKind::Phone, "+79123456789");
/// let column = hash.0.to_vec();
/// assert_eq!(KeyHash(column.try_into().unwrap()), hash);
/// assert_eq!(format!("{hash:?}"), "KeyHash(…)");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyHash(pub [u8; 32]);

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyHash(…)")
    }
}

/// Where a sealed value stands: table, row and column. It opens nowhere else.
///
/// The row is the primary key, part by part, as UUIDs or bytes. Names and parts are written each
/// after its length, so no two places are spelled alike. A value whose row changes its key, or
/// whose table or column is renamed, must be opened and sealed anew.
///
/// ```
/// use eschool_store::secret::Place;
/// use uuid::Uuid;
///
/// let (school, account) = (Uuid::from_u128(1), Uuid::from_u128(2));
/// let snils = Place::new("account", [school, account], "snils");
/// let answer = Place::new("refusal", [b"7Q4-K2M"], "esia_answer");
/// assert_ne!(snils, answer);
/// assert_eq!(format!("{snils:?}"), "Place(account.snils)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    table: &'static str,
    column: &'static str,
    /// Each part after its length.
    row: Vec<u8>,
}

impl Place {
    /// The column of the row with this primary key.
    #[must_use]
    pub fn new(
        table: &'static str,
        row: impl IntoIterator<Item: AsRef<[u8]>>,
        column: &'static str,
    ) -> Self {
        let mut framed_row = Vec::new();
        for part in row {
            framed(part.as_ref(), &mut |bytes| framed_row.extend_from_slice(bytes));
        }
        Self { table, column, row: framed_row }
    }

    /// Table, column, row and key number as the cipher's associated data. The first part names
    /// this encoding, so that a later one cannot be mistaken for it.
    pub(super) fn associated_data(&self, key: KeyId) -> Vec<u8> {
        let mut data = Vec::new();
        let parts: [&[u8]; 5] = [
            b"eschool-seal-1",
            self.table.as_bytes(),
            &self.row,
            self.column.as_bytes(),
            &key.0.to_be_bytes(),
        ];
        for part in parts {
            framed(part, &mut |bytes| data.extend_from_slice(bytes));
        }
        data
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({}.{})", self.table, self.column)
    }
}
