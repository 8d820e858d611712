//! How somebody whom another school has finds their account in a new one.

use alloc::vec::Vec;

use super::{Account, AccountEntry, Placement, place};
use crate::id::AccountId;

/// Where somebody belongs whom another school of the installation has.
///
/// ```
/// use eschool_core::people::Newcomer;
///
/// assert_ne!(Newcomer::New, Newcomer::Unsettled(Vec::new()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Newcomer {
    /// Nobody like this is known: a new account.
    New,
    /// This account is theirs.
    Known(AccountId),
    /// One of these may be theirs, and a person has to say.
    Unsettled(Vec<AccountId>),
    /// This account is settled to be another person's and has their СНИЛС: until one of the two
    /// numbers is corrected, the school can have no account with it.
    SnilsTaken(AccountId),
}

/// Finds the account of somebody among those of a school they come to, as [`place`] does; but what
/// somebody settled goes before names and numbers: an account of another person is never theirs.
///
/// `entry` is what the former school typed; `by_snils` and `by_name` are as for [`place`]. `apart`
/// are those of them that are [kept apart](super::KeptApart) from the newcomer.
///
/// ```
/// use eschool_core::{
///     id::{AccountId, PersonId, SchoolId},
///     people::{AccountEntry, Newcomer, place_newcomer},
/// };
///
/// let entry: AccountEntry = serde_json::from_str(
///     r#"{"name": {"family": "Ёлкина", "given": "Анна"}, "birth_date": "2010-08-31"}"#,
/// )?;
/// let id = uuid::Uuid::from_u128;
/// let there = entry.clone().into_account(AccountId(id(2)), SchoolId(id(1)), PersonId(id(3)));
/// let known = [there.clone()];
/// assert_eq!(place_newcomer(&entry, None, &known, &[]), Newcomer::Known(there.id));
/// assert_eq!(place_newcomer(&entry, None, &known, &[there.id]), Newcomer::New);
/// assert_eq!(
///     place_newcomer(&entry, Some(&there), &[], &[there.id]),
///     Newcomer::SnilsTaken(there.id),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn place_newcomer<'a>(
    entry: &AccountEntry,
    by_snils: Option<&'a Account>,
    by_name: impl IntoIterator<Item = &'a Account>,
    apart: &[AccountId],
) -> Newcomer {
    if let Some(holder) = by_snils.filter(|holder| apart.contains(&holder.id)) {
        return Newcomer::SnilsTaken(holder.id);
    }
    let by_name = by_name.into_iter().filter(|known| !apart.contains(&known.id));
    match place(entry, by_snils, by_name) {
        Placement::New => Newcomer::New,
        Placement::Joins { account, .. } => Newcomer::Known(account),
        Placement::Conflict { account } => Newcomer::Unsettled(alloc::vec![account]),
        Placement::Several { accounts } => Newcomer::Unsettled(accounts),
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use uuid::Uuid;

    use super::*;
    use crate::{
        id::{PersonId, SchoolId},
        identity::{FullName, Snils},
    };

    fn entry(given: &str, born: &str, snils: &str) -> AccountEntry {
        AccountEntry {
            name: FullName::new("Ёлкина", given, None).unwrap(),
            birth_date: born.parse().ok(),
            snils: Snils::parse(snils).ok(),
            phone: None,
            email: None,
        }
    }

    fn there(n: u128, entry: AccountEntry) -> Account {
        let id = Uuid::from_u128(n);
        entry.into_account(AccountId(id), SchoolId(id), PersonId(id))
    }

    #[test]
    fn whoever_is_kept_apart_is_no_candidate() {
        let bare = || entry("Анна", "31.08.2010", "");
        let (one, other) = (there(1, bare()), there(2, bare()));
        let both = [one.clone(), other.clone()];
        let ids = vec![one.id, other.id];
        for (apart, expected) in [
            (&[][..], Newcomer::Unsettled(ids.clone())),
            (&[one.id], Newcomer::Known(other.id)),
            (&ids, Newcomer::New),
        ] {
            assert_eq!(place_newcomer(&bare(), None, &both, apart), expected);
        }
    }

    #[test]
    fn a_number_decides_unless_it_is_another_persons() {
        const SNILS: &str = "112-233-445 95";
        let of = |given| entry(given, "31.08.2010", SNILS);
        let holder = there(1, of("Анна"));
        let stranger = there(2, entry("Инга", "01.02.2011", SNILS));
        let placed =
            |holder, apart: &[AccountId]| place_newcomer(&of("Анна"), Some(holder), [], apart);
        assert_eq!(placed(&holder, &[]), Newcomer::Known(holder.id));
        assert_eq!(placed(&holder, &[holder.id]), Newcomer::SnilsTaken(holder.id));
        assert_eq!(placed(&stranger, &[]), Newcomer::Unsettled(vec![stranger.id]));
        assert_eq!(placed(&stranger, &[stranger.id]), Newcomer::SnilsTaken(stranger.id));
    }
}
