//! A row whose name is folded once, for many comparisons.

use alloc::{string::String, vec::Vec};

use super::{MergeField, MergeRow};
use crate::{
    identity::{FullName, Patronymic, fold_name},
    people::both_differ,
};

/// A row with its name folded.
pub(super) struct Folded<'r, 'a, K> {
    pub(super) row: &'r MergeRow<'a, K>,
    name: FoldedName,
}

impl<'r, 'a, K: PartialEq> Folded<'r, 'a, K> {
    pub(super) fn of(row: &'r MergeRow<'a, K>) -> Self {
        Self { row, name: FoldedName::of(row.name) }
    }

    /// Where two rows say something else.
    pub(super) fn differs(&self, other: &Self) -> Vec<MergeField> {
        let fields = [
            (!self.name.matches(&other.name), MergeField::Name),
            (self.born_otherwise(other), MergeField::BirthDate),
            (self.of_another_snils(other), MergeField::Snils),
        ];
        fields.into_iter().filter_map(|(differs, field)| differs.then_some(field)).collect()
    }

    /// Whether the rule makes them one person's: the same СНИЛС, and name and birth date do not
    /// both differ.
    pub(super) fn is_same_by_snils(&self, other: &Self) -> bool {
        self.has_snils_of(other) && !self.is_unlike(other)
    }

    /// Whether one СНИЛС ties them.
    pub(super) fn has_snils_of(&self, other: &Self) -> bool {
        self.row.snils.is_some() && self.row.snils == other.row.snils
    }

    /// Whether nothing but a person's word can make them one person's.
    pub(super) fn contradicts(&self, other: &Self) -> bool {
        self.of_another_snils(other) || self.is_unlike(other)
    }

    fn is_unlike(&self, other: &Self) -> bool {
        self.born_otherwise(other) && !self.name.matches(&other.name)
    }

    fn born_otherwise(&self, other: &Self) -> bool {
        both_differ(self.row.birth_date, other.row.birth_date)
    }

    fn of_another_snils(&self, other: &Self) -> bool {
        both_differ(self.row.snils.as_ref(), other.row.snils.as_ref())
    }
}

/// A name folded as [`FullName::matches`] folds it.
struct FoldedName {
    family: String,
    given: String,
    /// None while nobody said; then empty if the person has none.
    patronymic: Option<String>,
}

impl FoldedName {
    fn of(name: &FullName) -> Self {
        Self {
            family: fold_name(name.family()),
            given: fold_name(name.given()),
            patronymic: match name.patronymic() {
                Patronymic::Given(text) => Some(fold_name(text)),
                Patronymic::None => Some(String::new()),
                Patronymic::Missing | Patronymic::Unknown(_) => None,
            },
        }
    }

    fn matches(&self, other: &Self) -> bool {
        let patronymic_matches = match (&self.patronymic, &other.patronymic) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => true,
        };
        patronymic_matches && self.family == other.family && self.given == other.given
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_names_are_compared_as_names_are() {
        let names = [
            ("Ёлкина", "Анна", Some("Олеговна")),
            ("EЛКИНA", "анна", Some("ОЛЕГОВНА")),
            ("Ёлкина", "Анна", None),
            ("Ёлкина", "Анна", Some("-")),
            ("Ёлкина", "Анна", Some("Ольговна")),
            ("Ёлкина", "Яна", Some("Олеговна")),
            ("Соснова", "Анна", Some("Олеговна")),
        ]
        .map(|(family, given, patronymic)| FullName::new(family, given, patronymic).unwrap());
        for left in &names {
            for right in &names {
                assert_eq!(
                    FoldedName::of(left).matches(&FoldedName::of(right)),
                    left.matches(right),
                    "{left} | {right}"
                );
            }
        }
    }
}
