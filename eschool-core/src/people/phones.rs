//! Phones that identify nobody, because two people have them.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use crate::id::PersonId;

/// The phones that two people share (*общие номера*), each once, in order.
///
/// A row is a phone an account holds and the person the account belongs to; one person in two
/// schools shares with nobody. A phone is only ever compared, so anything stands for it that is the
/// same for the same number and for no other: a store that keeps numbers sealed gives the keyed
/// hash it finds them by.
///
/// What is found is to be noted for good ([`Facts::phone_is_shared`]): from then on the number
/// identifies neither, though one of them drops it, for it has changed hands at least once.
///
/// ```
/// use eschool_core::{
///     id::PersonId,
///     identity::MobilePhone,
///     people::shared_phones,
/// };
///
/// let person = |number| PersonId(uuid::Uuid::from_u128(number));
/// let (home, own) = (MobilePhone::parse("9123456789")?, MobilePhone::parse("9123456780")?);
/// let rows = [(home, person(1)), (home, person(2)), (own, person(3)), (own, person(3))];
/// assert_eq!(shared_phones(rows), [home]);
/// # Ok::<(), eschool_core::identity::PhoneError>(())
/// ```
///
/// [`Facts::phone_is_shared`]: crate::signin::Facts::phone_is_shared
#[must_use]
pub fn shared_phones<K: Ord>(rows: impl IntoIterator<Item = (K, PersonId)>) -> Vec<K> {
    let mut first: BTreeMap<K, PersonId> = BTreeMap::new();
    let mut shared = BTreeSet::new();
    for (phone, person) in rows {
        match first.get(&phone) {
            Some(holder) if *holder != person => {
                shared.insert(phone);
            }
            Some(_) => {}
            None => {
                first.insert(phone, person);
            }
        }
    }
    shared.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_phone_of_two_people_is_shared_and_one_of_two_accounts_is_not() {
        type Rows = &'static [(u8, u128)];
        let rows = |rows: Rows| -> Vec<(u8, PersonId)> {
            rows.iter().map(|(phone, n)| (*phone, PersonId(Uuid::from_u128(*n)))).collect()
        };
        let cases: [(&str, Rows, &[u8]); 6] = [
            ("nobody", &[], &[]),
            ("one person", &[(7, 1)], &[]),
            ("one person in two schools", &[(7, 1), (7, 1)], &[]),
            ("two people", &[(7, 1), (7, 2)], &[7]),
            ("three, one of them twice", &[(7, 1), (7, 2), (7, 1), (7, 3)], &[7]),
            ("two phones of many", &[(9, 1), (8, 1), (7, 2), (9, 2), (7, 3)], &[7, 9]),
        ];
        for (case, given, shared) in cases {
            let mut given = rows(given);
            assert_eq!(shared_phones(given.clone()), shared, "{case}");
            given.reverse();
            assert_eq!(shared_phones(given), shared, "{case}, the other way round");
        }
    }
}
