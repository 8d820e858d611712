//! Accounts that are two people's, by somebody's word.

use serde::{Deserialize, Serialize};

use crate::id::AccountId;

/// Two accounts that somebody settled to be two people's, though one СНИЛС ties them: a conflict
/// decided, or a merge undone. One of the two numbers is somebody else's, and until it is
/// corrected neither a merge nor a sign-in takes the accounts for one person's.
///
/// It says something as long as the accounts belong to two persons: who makes them one person's
/// after that takes it back.
///
/// ```
/// use eschool_core::{id::AccountId, people::KeptApart};
///
/// let id = |number| AccountId(uuid::Uuid::from_u128(number));
/// let apart = KeptApart { one: id(1), other: id(2) };
/// assert!(apart.is_of(id(2), id(1)) && !apart.is_of(id(1), id(1)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct KeptApart {
    /// One account.
    pub one: AccountId,
    /// The other; which is which says nothing.
    pub other: AccountId,
}

impl KeptApart {
    /// Whether it is these two accounts, in whatever order.
    #[must_use]
    pub fn is_of(&self, left: AccountId, right: AccountId) -> bool {
        (self.one, self.other) == (left, right) || (self.one, self.other) == (right, left)
    }
}
