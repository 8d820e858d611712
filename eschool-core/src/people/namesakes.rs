//! Which of several people of one name an entry means.

use alloc::vec::Vec;

use super::{AccountEntry, account::both_differ};
use crate::identity::{BirthDate, FullName};

/// An account of the entry's school with its family and given name: as much as the choice needs, so
/// that what is sealed stays so.
///
/// See [`namesakes`].
///
/// ```
/// use eschool_core::{identity::FullName, people::Namesake};
///
/// let name = FullName::new("Ёлкина", "Анна", None)?;
/// let known = Namesake { key: 1, name: &name, birth_date: None, has_snils: false, is_near: true };
/// assert!(known.is_near && known.key == 1);
/// # Ok::<(), eschool_core::identity::NameError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Namesake<'a, K> {
    /// By what the caller knows the account.
    pub key: K,
    /// The name.
    pub name: &'a FullName,
    /// The birth date, if the school has it.
    pub birth_date: Option<BirthDate>,
    /// Whether the school has a СНИЛС of theirs.
    pub has_snils: bool,
    /// Whether the account stands where the entry would stand: a parent of the same child, a pupil
    /// of the same class, a teacher of the same subject.
    pub is_near: bool,
}

/// Whom an entry means among those of its name.
///
/// ```
/// use eschool_core::people::Namesakes;
///
/// let found = Namesakes::One { key: 7, is_doubtful: true };
/// assert_ne!(found, Namesakes::Several(vec![7]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Namesakes<K> {
    /// None of them.
    Nobody {
        /// Whether what is learnt later may make it one of them.
        is_doubtful: bool,
    },
    /// This one.
    One {
        /// The account.
        key: K,
        /// Whether what is learnt later may make it somebody else: a birth date is missing, or
        /// there are others nearly as alike.
        is_doubtful: bool,
    },
    /// One of these, and nothing tells which: a person has to say.
    Several(Vec<K>),
}

/// Finds whom an entry means whose СНИЛС nobody has.
///
/// An account of the same name is the entry's person where the birth date is equal, or where one of
/// the dates is missing and the account stands near: a name alone joins nobody. Two СНИЛС are two
/// people. Who is near comes before who is not, and who has the birth date before who lacks it; of
/// several that fit alike none is guessed. An entry with a СНИЛС that fits several is nobody's: a
/// number of its own is not given to one it may not belong to.
///
/// ```
/// use eschool_core::{
///     identity::FullName,
///     people::{AccountEntry, Namesake, Namesakes, namesakes},
/// };
///
/// let name = FullName::new("Ёлкина", "Анна", Some("Олеговна"))?;
/// let birth_date = "17.05.1985".parse().ok();
/// let entry =
///     AccountEntry { name: name.clone(), birth_date, snils: None, phone: None, email: None };
/// let known = |key, is_near| Namesake { key, name: &name, birth_date, has_snils: true, is_near };
///
/// let two = namesakes(&entry, [known(1, false), known(2, false)]);
/// assert_eq!(two, Namesakes::Several(vec![1, 2]));
/// // The second is a parent of the very child.
/// let near = namesakes(&entry, [known(1, false), known(2, true)]);
/// assert!(matches!(near, Namesakes::One { key: 2, .. }));
/// # Ok::<(), eschool_core::identity::NameError>(())
/// ```
pub fn namesakes<'a, K>(
    entry: &AccountEntry,
    known: impl IntoIterator<Item = Namesake<'a, K>>,
) -> Namesakes<K> {
    let mut alike = 0_usize;
    let mut fitting = 0_usize;
    let mut best_rank = None;
    let mut best = Vec::new();
    for Namesake { key, name, birth_date, has_snils, is_near } in known {
        if both_differ(entry.birth_date, birth_date) {
            continue;
        }
        alike += 1;
        let is_equal = entry.birth_date.is_some() && birth_date.is_some();
        let is_other = entry.snils.is_some() && has_snils;
        if is_other || !(is_near || is_equal) || !entry.name.matches(name) {
            continue;
        }
        fitting += 1;
        let rank = Some((is_near, is_equal));
        if rank > best_rank {
            best_rank = rank;
            best.clear();
        }
        if rank == best_rank {
            best.push(key);
        }
    }
    let is_plain = alike == 1 && matches!(best_rank, Some((_, true)));
    match (best.len(), best.pop()) {
        (1, Some(key)) => Namesakes::One { key, is_doubtful: fitting > 1 || !is_plain },
        (_, Some(last)) if entry.snils.is_none() => {
            best.push(last);
            Namesakes::Several(best)
        }
        _ => Namesakes::Nobody { is_doubtful: alike > 0 },
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::identity::Snils;

    fn name(patronymic: &str) -> FullName {
        FullName::new("Ёлкина", "Анна", Some(patronymic)).unwrap()
    }

    #[test]
    fn of_several_that_fit_alike_none_is_guessed() {
        const BORN: &str = "17.05.1985";
        let full = name("Олеговна");
        let other = name("Ильинична");
        // key, patronymic's own, birth date, СНИЛС, near
        type Row = (u8, bool, &'static str, bool, bool);
        let plain = |key| Namesakes::One { key, is_doubtful: false };
        let doubtful = |key| Namesakes::One { key, is_doubtful: true };
        let nobody = |is_doubtful| Namesakes::Nobody { is_doubtful };
        // what, whether the entry has a СНИЛС, its birth date, who is known
        type Case = (&'static str, bool, &'static str, &'static [Row], Namesakes<u8>);
        let cases: [Case; 16] = [
            ("nobody", false, BORN, &[], nobody(false)),
            ("one", false, BORN, &[(1, true, BORN, true, false)], plain(1)),
            ("another day", false, BORN, &[(1, true, "18.05.1985", true, true)], nobody(false)),
            ("another patronymic", false, BORN, &[(1, false, BORN, true, true)], nobody(true)),
            ("a name alone", false, "", &[(1, true, BORN, true, false)], nobody(true)),
            ("a name nearby", false, "", &[(1, true, BORN, true, true)], doubtful(1)),
            ("no day nearby", false, BORN, &[(1, true, "", true, true)], doubtful(1)),
            ("two numbers", true, BORN, &[(1, true, BORN, true, true)], nobody(true)),
            ("a number for one", true, BORN, &[(1, true, BORN, false, false)], plain(1)),
            (
                "two of them",
                false,
                BORN,
                &[(1, true, BORN, true, false), (2, true, BORN, true, false)],
                Namesakes::Several(vec![1, 2]),
            ),
            (
                "two of them nearby",
                false,
                "",
                &[
                    (1, true, BORN, true, true),
                    (2, true, "", true, true),
                    (3, true, "", true, false),
                ],
                Namesakes::Several(vec![1, 2]),
            ),
            (
                "the near one",
                false,
                BORN,
                &[(1, true, BORN, true, false), (2, true, BORN, true, true)],
                doubtful(2),
            ),
            (
                "of the near ones who has the day",
                false,
                BORN,
                &[(1, true, "", true, true), (2, true, BORN, true, true)],
                doubtful(2),
            ),
            (
                "a number fits one of two",
                true,
                BORN,
                &[(1, true, BORN, true, false), (2, true, BORN, false, false)],
                doubtful(2),
            ),
            (
                "a number that fits several",
                true,
                BORN,
                &[(1, true, BORN, false, false), (2, true, BORN, false, false)],
                nobody(true),
            ),
            (
                "one beside a namesake",
                false,
                BORN,
                &[(1, false, BORN, true, false), (2, true, BORN, true, false)],
                doubtful(2),
            ),
        ];
        for (case, has_snils, born, rows, expected) in cases {
            let entry = AccountEntry {
                name: full.clone(),
                birth_date: born.parse().ok(),
                snils: has_snils.then(|| Snils::parse("112-233-445 95").unwrap()),
                phone: None,
                email: None,
            };
            let known = rows.iter().map(|(key, own, born, has_snils, is_near)| Namesake {
                key: *key,
                name: if *own { &full } else { &other },
                birth_date: born.parse().ok(),
                has_snils: *has_snils,
                is_near: *is_near,
            });
            assert_eq!(namesakes(&entry, known), expected, "{case}");
        }
    }
}
