//! What merging reads of an account.

use alloc::vec::Vec;
use core::fmt;

use super::{MergeField, folded::Folded};
use crate::{
    id::{AccountId, PersonId, SchoolId},
    identity::{BirthDate, FullName, Snils},
    people::Account,
};

/// What [`plan_merges`](super::plan_merges) reads of one account.
///
/// The СНИЛС is only ever compared, so anything stands for it that is the same for the same number
/// and for no other: a store that keeps numbers sealed gives the keyed hash it finds them by, and
/// opens none.
///
/// ```
/// use eschool_core::{merge::{MergeField, MergeRow}, people::Account};
///
/// let account = |family: &str| -> Account {
///     serde_json::from_value(serde_json::json!({
///         "id": "019379ab-0000-7000-8000-000000000002",
///         "school": "019379ab-0000-7000-8000-000000000001",
///         "person": "019379ab-0000-7000-8000-000000000003",
///         "name": {"family": family, "given": "Анна"}, "snils": "112-233-445 95",
///     })).unwrap()
/// };
/// let (was, is) = (account("Ёлкина"), account("Соснова"));
/// assert_eq!(MergeRow::from(&was).differs(&MergeRow::from(&is)), [MergeField::Name]);
///
/// let hashed = MergeRow { snils: Some([7_u8; 32]), ..MergeRow::of(&was) };
/// assert!(hashed.differs(&hashed).is_empty());
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MergeRow<'a, K = Snils> {
    /// The account.
    pub account: AccountId,
    /// The school that keeps it.
    pub school: SchoolId,
    /// The person it belongs to now.
    pub person: PersonId,
    /// The СНИЛС, or what stands for it; none if the school has none.
    pub snils: Option<K>,
    /// The name.
    pub name: &'a FullName,
    /// The birth date, if the school has it.
    pub birth_date: Option<BirthDate>,
}

impl<'a, K> MergeRow<'a, K> {
    /// The row of an account, still without what stands for its СНИЛС.
    #[must_use]
    pub const fn of(account: &'a Account) -> Self {
        Self {
            account: account.id,
            school: account.school,
            person: account.person,
            snils: None,
            name: &account.name,
            birth_date: account.birth_date,
        }
    }
}

impl<K: PartialEq> MergeRow<'_, K> {
    /// Where two accounts say something else; what one of them lacks is no difference.
    #[must_use]
    pub fn differs(&self, other: &Self) -> Vec<MergeField> {
        Folded::of(self).differs(&Folded::of(other))
    }
}

impl<'a> From<&'a Account> for MergeRow<'a> {
    fn from(account: &'a Account) -> Self {
        Self { snils: account.snils, ..Self::of(account) }
    }
}

impl<K> fmt::Debug for MergeRow<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MergeRow")
            .field("account", &self.account)
            .field("school", &self.school)
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}
