//! What becomes of the bonds of a pupil who goes to another school.

use chrono::NaiveDate;

use crate::{id::AccountId, people::Guardianship};

/// The bond that a child's new school has of an adult, where the former one has this bond: the same
/// from the day on which the child comes; none of one that is over by then. A bar goes along, and
/// so does what the school says of the adult's rights.
///
/// ```
/// use eschool_core::{journal::bond_after, people::Guardianship};
///
/// let bond: Guardianship = serde_json::from_str(
///     r#"{"parent": "019379ab-0000-7000-8000-000000000002",
///         "child": "019379ab-0000-7000-8000-000000000003",
///         "kinship": "mother", "barred": true}"#,
/// )?;
/// let (parent, child) = (bond.child, bond.parent); // whatever the new school calls them
/// let there = bond_after(&bond, (parent, child), "2024-10-11".parse().unwrap()).unwrap();
/// assert!(there.barred && there.from == "2024-10-11".parse().ok());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn bond_after(
    bond: &Guardianship,
    (parent, child): (AccountId, AccountId),
    day: NaiveDate,
) -> Option<Guardianship> {
    if bond.until.is_some_and(|until| until < day) {
        return None;
    }
    let from = Some(bond.from.map_or(day, |from| from.max(day)));
    Some(Guardianship { parent, child, from, ..bond.clone() })
}

/// The one of two bonds of the same adult and child that holds, where a school knew the adult by two
/// accounts: one that bars goes before one that does not; of two alike the one that holds longer.
///
/// ```
/// use eschool_core::{journal::stricter_bond, people::Guardianship};
///
/// let bond: Guardianship = serde_json::from_str(
///     r#"{"parent": "019379ab-0000-7000-8000-000000000002",
///         "child": "019379ab-0000-7000-8000-000000000003", "kinship": "father"}"#,
/// )?;
/// let barred = Guardianship { barred: true, until: "2030-01-01".parse().ok(), ..bond.clone() };
/// assert_eq!(stricter_bond(bond.clone(), barred.clone()), barred);
/// assert_eq!(stricter_bond(barred.clone(), bond), barred);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn stricter_bond(one: Guardianship, other: Guardianship) -> Guardianship {
    let rank = |bond: &Guardianship| (bond.barred, bond.until.unwrap_or(NaiveDate::MAX));
    if rank(&other) > rank(&one) { other } else { one }
}

/// What becomes of a bond that the former school has, where the new one has one of the two already.
///
/// ```
/// use eschool_core::journal::BondThere;
///
/// assert_ne!(BondThere::Stays, BondThere::Over);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BondThere {
    /// The former school's is entered.
    Entered,
    /// What the new school has stays.
    Stays,
    /// What it has stays and is over by that day: a person has to say whether it is to hold again.
    Over,
}

/// Whether the bond of a child's former school takes the place of what the new one has: only a bar
/// does, for what the new school limited, nobody else widens. The days of a bond are those of its
/// bar, so that one that is over bars nobody either.
///
/// ```
/// use eschool_core::{journal::{BondThere, bond_there}, people::Guardianship};
///
/// let bond: Guardianship = serde_json::from_str(
///     r#"{"parent": "019379ab-0000-7000-8000-000000000002",
///         "child": "019379ab-0000-7000-8000-000000000003", "kinship": "father"}"#,
/// )?;
/// let day = "2024-10-11".parse().unwrap();
/// let ended = |until: &str| Guardianship { until: until.parse().ok(), ..bond.clone() };
/// let barred = Guardianship { barred: true, ..bond.clone() };
/// assert_eq!(bond_there(None, &bond, day), BondThere::Entered);
/// assert_eq!(bond_there(Some(&ended("2024-12-31")), &bond, day), BondThere::Stays);
/// assert_eq!(bond_there(Some(&ended("2024-10-10")), &bond, day), BondThere::Over);
/// assert_eq!(bond_there(Some(&bond), &barred, day), BondThere::Entered);
/// assert_eq!(bond_there(Some(&barred), &bond, day), BondThere::Stays);
/// let was_barred = Guardianship { barred: true, ..ended("2024-10-10") };
/// assert_eq!(bond_there(Some(&was_barred), &bond, day), BondThere::Over);
/// assert_eq!(bond_there(Some(&was_barred), &barred, day), BondThere::Entered);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn bond_there(
    known: Option<&Guardianship>,
    former: &Guardianship,
    day: NaiveDate,
) -> BondThere {
    let Some(known) = known else { return BondThere::Entered };
    let is_over = known.until.is_some_and(|until| until < day);
    match (former.barred && (is_over || !known.barred), is_over) {
        (true, _) => BondThere::Entered,
        (false, true) => BondThere::Over,
        (false, false) => BondThere::Stays,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_bond_that_is_over_bars_nobody() {
        let bond = |barred: bool, until: &str| -> Guardianship {
            serde_json::from_value(serde_json::json!({
                "parent": Uuid::from_u128(2), "child": Uuid::from_u128(1), "kinship": "father",
                "barred": barred, "until": day(until),
            }))
            .unwrap()
        };
        let (over, holds) = ("2024-10-10", "2024-10-11");
        for (known, former, expected) in [
            (bond(false, holds), bond(false, holds), BondThere::Stays),
            (bond(true, holds), bond(false, holds), BondThere::Stays),
            (bond(true, holds), bond(true, holds), BondThere::Stays),
            (bond(false, holds), bond(true, holds), BondThere::Entered),
            (bond(false, over), bond(false, holds), BondThere::Over),
            (bond(true, over), bond(false, holds), BondThere::Over),
            (bond(false, over), bond(true, holds), BondThere::Entered),
            (bond(true, over), bond(true, holds), BondThere::Entered),
        ] {
            assert_eq!(bond_there(Some(&known), &former, day("2024-10-11")), expected);
        }
    }
}
