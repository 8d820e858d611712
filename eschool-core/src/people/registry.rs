//! How an entry finds its account.

use alloc::vec::Vec;

use super::{Account, AccountEntry, Namesake, Namesakes, account::both_differ, namesakes};
use crate::{id::AccountId, wire::wire_enum};

wire_enum! {
    /// Where a second entry of one person says something else; what stood first stays.
    ///
    /// ```
    /// use eschool_core::people::Discrepancy;
    ///
    /// assert_eq!(Discrepancy::from("name"), Discrepancy::Name);
    /// ```
    pub enum Discrepancy {
        /// The name.
        Name = "name",
        /// The birth date.
        BirthDate = "birth_date",
        /// The phone: several in one field, or another than the account has.
        Phone = "phone",
    }
}

/// Where an entry goes.
///
/// ```
/// use eschool_core::{
///     id::{AccountId, PersonId, SchoolId},
///     people::{AccountEntry, Placement, place},
/// };
///
/// let entry: AccountEntry = serde_json::from_str(
///     r#"{"name": {"family": "Ёлкина", "given": "Анна"}, "snils": "112-233-445 95"}"#,
/// )?;
/// let id = uuid::Uuid::from_u128;
/// let known = entry.clone().into_account(AccountId(id(2)), SchoolId(id(1)), PersonId(id(3)));
/// assert_eq!(place(&entry, None, &[]), Placement::New);
/// assert!(matches!(place(&entry, Some(&known), &[]), Placement::Joins { .. }));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Nobody like this is known: a new account.
    New,
    /// It is this account's person; what stood first stays, what was missing is filled.
    Joins {
        /// The account.
        account: AccountId,
        /// What the entry says otherwise.
        discrepancies: Vec<Discrepancy>,
    },
    /// The СНИЛС belongs to somebody with another name **and** another birth date: the entry is
    /// set aside for a person to settle, and changes nothing.
    Conflict {
        /// The account that holds the СНИЛС.
        account: AccountId,
    },
    /// The entry has no СНИЛС, and several people of this name fit it alike: it is set aside for a
    /// person to settle, and changes nothing.
    Several {
        /// Their accounts.
        accounts: Vec<AccountId>,
    },
}

/// Finds the account of an entry among those of its school.
///
/// The same СНИЛС is the same person, unless name and birth date both differ. Where one side has
/// no СНИЛС, the same folded name and birth date are the same person, if they are one person's
/// alone: see [`namesakes`].
///
/// `by_snils` is the school's account with the entry's СНИЛС; `by_name` are its accounts with the
/// entry's folded name and birth date, or those that lack the date and stand where the entry would.
///
/// ```
/// use eschool_core::{
///     id::{AccountId, PersonId, SchoolId},
///     identity::{FullName, Snils},
///     people::{AccountEntry, Discrepancy, Placement, place},
/// };
///
/// let entry = |family: &str| AccountEntry {
///     name: FullName::new(family, "Анна", Some("Олеговна")).unwrap(),
///     birth_date: "17.05.1985".parse().ok(),
///     snils: Snils::parse("112-233-445 95").ok(),
///     phone: None,
///     email: None,
/// };
/// let id: AccountId = "019379ab-0000-7000-8000-000000000002".parse()?;
/// let there = entry("Ёлкина").into_account(id, SchoolId(id.0), PersonId(id.0));
///
/// // A new family name is no new person.
/// assert_eq!(
///     place(&entry("Соснова"), Some(&there), []),
///     Placement::Joins { account: id, discrepancies: vec![Discrepancy::Name] },
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn place<'a>(
    entry: &AccountEntry,
    by_snils: Option<&'a Account>,
    by_name: impl IntoIterator<Item = &'a Account>,
) -> Placement {
    if let Some(account) = by_snils {
        return join(entry, account);
    }
    let known = by_name.into_iter().map(|account| Namesake {
        key: account,
        name: &account.name,
        birth_date: account.birth_date,
        has_snils: account.snils.is_some(),
        is_near: true,
    });
    match namesakes(entry, known) {
        Namesakes::Nobody { .. } => Placement::New,
        Namesakes::One { key: account, .. } => join(entry, account),
        Namesakes::Several(accounts) => {
            Placement::Several { accounts: accounts.iter().map(|account| account.id).collect() }
        }
    }
}

fn join(entry: &AccountEntry, account: &Account) -> Placement {
    let name_differs = !entry.name.matches(&account.name);
    let birth_date_differs = both_differ(entry.birth_date, account.birth_date);
    if name_differs && birth_date_differs {
        return Placement::Conflict { account: account.id };
    }
    let discrepancies = [
        (name_differs, Discrepancy::Name),
        (birth_date_differs, Discrepancy::BirthDate),
        (both_differ(entry.phone, account.phone), Discrepancy::Phone),
    ];
    Placement::Joins {
        account: account.id,
        discrepancies: discrepancies
            .into_iter()
            .filter_map(|(differs, field)| differs.then_some(field))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::{
        id::{PersonId, SchoolId},
        identity::{FullName, MobilePhone, Snils},
    };

    const SNILS: &str = "112-233-445 95";
    const OTHER_SNILS: &str = "116-973-385 89";

    fn entry(family: &str, born: &str, snils: &str, phone: &str) -> AccountEntry {
        AccountEntry {
            name: FullName::new(family, "Анна", Some("Олеговна")).unwrap(),
            birth_date: born.parse().ok(),
            snils: Snils::parse(snils).ok(),
            phone: MobilePhone::parse(phone).ok(),
            email: None,
        }
    }

    fn account(entry: AccountEntry) -> Account {
        let id = uuid::Uuid::from_u128(1);
        entry.into_account(AccountId(id), SchoolId(id), PersonId(id))
    }

    #[test]
    fn an_entry_finds_its_account_by_snils() {
        use Discrepancy::{BirthDate, Name, Phone};
        let there = account(entry("Ёлкина", "17.05.1985", SNILS, "9123456789"));
        for (family, born, phone, expected) in [
            ("ЕЛКИНА", "17.05.1985", "8 912 345-67-89", Some(vec![])),
            ("Ёлкина", "", "", Some(vec![])),
            ("Соснова", "17.05.1985", "9123456789", Some(vec![Name])),
            ("Ёлкина", "18.05.1985", "9123456789", Some(vec![BirthDate])),
            ("Соснова", "", "9123456789", Some(vec![Name])),
            ("Ёлкина", "17.05.1985", "9120000000", Some(vec![Phone])),
            ("Соснова", "18.05.1985", "9123456789", None),
        ] {
            let placed = place(&entry(family, born, SNILS, phone), Some(&there), []);
            let expected = expected.map_or(Placement::Conflict { account: there.id }, |found| {
                Placement::Joins { account: there.id, discrepancies: found }
            });
            assert_eq!(placed, expected, "{family} {born}");
        }
    }

    #[test]
    fn without_a_snils_name_and_birth_date_find_it() {
        let joins = |entry: &AccountEntry, there: &Account| {
            matches!(place(entry, None, [there]), Placement::Joins { .. })
        };
        let bare = || entry("Ёлкина", "17.05.1985", "", "");
        assert!(joins(&bare(), &account(bare())));
        assert!(joins(&entry("Ёлкина", "17.05.1985", SNILS, ""), &account(bare())));
        assert!(joins(&bare(), &account(entry("Ёлкина", "17.05.1985", SNILS, ""))));
        // Two numbers are two people, however alike the rest is.
        assert!(!joins(
            &entry("Ёлкина", "17.05.1985", OTHER_SNILS, ""),
            &account(entry("Ёлкина", "17.05.1985", SNILS, ""))
        ));
        assert_eq!(place(&bare(), None, []), Placement::New);
    }

    #[test]
    fn an_entry_without_a_snils_joins_none_of_several_namesakes() {
        let there = |n, snils| {
            let id = uuid::Uuid::from_u128(n);
            let entry = entry("Ёлкина", "17.05.1985", snils, "");
            entry.into_account(AccountId(id), SchoolId(id), PersonId(id))
        };
        let (one, other) = (there(1, SNILS), there(2, OTHER_SNILS));
        let bare = entry("Ёлкина", "17.05.1985", "", "");
        for order in [[&one, &other], [&other, &one]] {
            let accounts = order.map(|account| account.id).to_vec();
            assert_eq!(place(&bare, None, order), Placement::Several { accounts });
        }
        // A number decides, or makes a person of its own.
        let of_one = entry("Ёлкина", "17.05.1985", SNILS, "");
        assert!(matches!(place(&of_one, Some(&one), [&one, &other]), Placement::Joins { .. }));
        assert_eq!(place(&of_one, None, [&other]), Placement::New);
    }
}
