//! Whether a person of ЕСИА is the one a school knows.

use alloc::{collections::BTreeSet, vec::Vec};

use super::{Candidate, EsiaPerson};
use crate::{
    id::PersonId,
    people::{Account, KeptApart, both_differ},
    policy::{KeyRule, MatchField, MatchKey, Rules},
};

/// How one field of the ЕСИА person stands against an account. Absent never counts as equal.
///
/// ```
/// use eschool_core::signin::FieldMatch;
///
/// // Of two accounts without a phone nobody can say that they have the same one.
/// assert_ne!(FieldMatch::Absent, FieldMatch::Equal);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldMatch {
    /// Both have it and it is the same.
    Equal,
    /// One of them lacks it.
    Absent,
    /// Both have it and it is not the same.
    Differs,
}

impl FieldMatch {
    fn of<T: PartialEq>(left: Option<T>, right: Option<T>) -> Self {
        match (left, right) {
            (Some(left), Some(right)) => Self::from_equal(left == right),
            _ => Self::Absent,
        }
    }

    const fn from_equal(equal: bool) -> Self {
        if equal { Self::Equal } else { Self::Differs }
    }
}

/// How a person of ЕСИА stands against one account, field by field.
///
/// ```
/// use eschool_core::{people::Account, signin::{EsiaPerson, Evidence, FieldMatch}};
///
/// let person: EsiaPerson = serde_json::from_str(
///     r#"{"oid": "1", "assurance": "confirmed", "snils": "112-233-445 95",
///         "name": {"family": "Соснова", "given": "Анна", "patronymic": "missing"}}"#,
/// )?;
/// let account: Account = serde_json::from_str(
///     r#"{"id": "019379ab-0000-7000-8000-000000000002",
///         "school": "019379ab-0000-7000-8000-000000000001",
///         "person": "019379ab-0000-7000-8000-000000000003", "snils": "112-233-445 95",
///         "name": {"family": "Ёлкина", "given": "Анна", "patronymic": "missing"}}"#,
/// )?;
/// let evidence = Evidence::of(&person, &account);
/// assert_eq!(evidence.snils, FieldMatch::Equal);
/// assert_eq!(evidence.family_name, FieldMatch::Differs);
/// assert_eq!(evidence.birth_date, FieldMatch::Absent);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// СНИЛС.
    pub snils: FieldMatch,
    /// The verified phone.
    pub phone: FieldMatch,
    /// Фамилия, folded.
    pub family_name: FieldMatch,
    /// Имя, folded.
    pub given_name: FieldMatch,
    /// Отчество, folded.
    pub patronymic: FieldMatch,
    /// Дата рождения.
    pub birth_date: FieldMatch,
}

impl Evidence {
    /// Compares field by field.
    #[must_use]
    pub fn of(person: &EsiaPerson, account: &Account) -> Self {
        let (ours, theirs) = (&person.name, &account.name);
        let patronymic_known = ours.patronymic().is_known() && theirs.patronymic().is_known();
        Self {
            snils: FieldMatch::of(person.snils, account.snils),
            phone: FieldMatch::of(person.verified_phone, account.phone),
            family_name: FieldMatch::from_equal(ours.family_matches(theirs)),
            given_name: FieldMatch::from_equal(ours.given_matches(theirs)),
            patronymic: if patronymic_known {
                FieldMatch::from_equal(ours.patronymic_matches(theirs))
            } else {
                FieldMatch::Absent
            },
            birth_date: FieldMatch::of(person.birth_date, account.birth_date),
        }
    }

    /// Whether what stands beside the key speaks against it: another given name, or another birth
    /// date **and** another family name. Twins and swapped numbers look so.
    #[must_use]
    pub fn contradicts(&self) -> bool {
        self.given_name == FieldMatch::Differs
            || (self.birth_date == FieldMatch::Differs && self.family_name == FieldMatch::Differs)
    }

    /// Whether every field a rule wants is equal.
    fn corroborates(&self, rule: &KeyRule) -> bool {
        rule.with.iter().all(|field| {
            let found = match field {
                MatchField::FamilyName => self.family_name,
                MatchField::GivenName => self.given_name,
                MatchField::Patronymic => self.patronymic,
                MatchField::BirthDate => self.birth_date,
                MatchField::Unknown(_) => FieldMatch::Absent,
            };
            found == FieldMatch::Equal
        })
    }
}

/// Who among the candidates the person of ЕСИА is.
///
/// ```
/// use eschool_core::{policy::SignInPolicy, signin::{EsiaPerson, Identified, identify}};
///
/// let person: EsiaPerson = serde_json::from_str(
///     r#"{"oid": "1", "assurance": "confirmed", "snils": "112-233-445 95",
///         "name": {"family": "Ёлкина", "given": "Анна"}}"#,
/// )?;
/// let policy = SignInPolicy::ryazan_2022();
/// let rules = policy.rules_on("2024-09-01".parse().unwrap());
/// assert_eq!(identify(rules, &person, &[], &[]), Identified::Nobody);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identified<'a> {
    /// This one, by all these accounts.
    Person(Vec<&'a Candidate>),
    /// The keys point at more than one, or what is known contradicts them.
    Ambiguous,
    /// Nobody.
    Nobody,
}

/// Finds the person of ЕСИА among the accounts that hold one of the keys or are joined to one that
/// does.
///
/// An equal СНИЛС decides, unless an account that has it [contradicts](Evidence::contradicts). A
/// verified phone decides only if one person alone holds it, no account that holds it has a СНИЛС,
/// no account of that person has another one, and what the policy wants beside it is equal: numbers
/// change hands. Two keys that point at two people are ambiguous, never a guess; a phone that decides
/// nothing points at nobody. Several accounts of one person are one holder.
///
/// Accounts of one person stand together, whatever else they hold: somebody who knew them, or a
/// merge, made them one person's. One of them that has the СНИЛС and contradicts stops the sign-in
/// all the same: a merge joins twins whose numbers were swapped, for they have one birth date.
/// Persons whom one СНИЛС ties are one if a
/// [merge](crate::merge::plan_merges) would make them one, and else ambiguous: two accounts of two
/// of them that are [unlike](Account::is_unlike) each other or hold two СНИЛС, or that somebody
/// keeps apart, are a conflict for a person to settle.
#[must_use]
pub fn identify<'a>(
    rules: &Rules,
    person: &EsiaPerson,
    candidates: &'a [Candidate],
    kept_apart: &[KeptApart],
) -> Identified<'a> {
    let rule_for = |key: MatchKey| rules.matching.iter().find(|rule| rule.key == key);
    let (snils_rule, phone_rule) = (rule_for(MatchKey::Snils), rule_for(MatchKey::Phone));
    let (mut by_snils, mut by_phone) = (BTreeSet::new(), BTreeSet::new());
    let (mut phone_holders, mut numbered) = (BTreeSet::new(), BTreeSet::new());
    for Candidate { account, .. } in candidates {
        let evidence = Evidence::of(person, account);
        if evidence.phone == FieldMatch::Equal {
            phone_holders.insert(account.person);
        }
        if evidence.snils == FieldMatch::Differs
            || (evidence.phone == FieldMatch::Equal && account.snils.is_some())
        {
            numbered.insert(account.person);
        }
        if let Some(rule) = snils_rule
            && evidence.snils == FieldMatch::Equal
        {
            if evidence.contradicts() {
                return Identified::Ambiguous;
            }
            if evidence.corroborates(rule) {
                by_snils.insert(account.person);
            }
        } else if let Some(rule) = phone_rule
            && evidence.phone == FieldMatch::Equal
            && evidence.corroborates(rule)
        {
            by_phone.insert(account.person);
        }
    }
    by_phone.retain(|found| phone_holders.len() == 1 && !numbered.contains(found));
    let found = match (by_snils.is_empty(), by_phone.is_empty()) {
        (true, true) => return Identified::Nobody,
        (true, false) => by_phone,
        (false, true) => by_snils,
        (false, false) if by_phone.is_subset(&by_snils) => by_snils,
        (false, false) => return Identified::Ambiguous,
    };
    let is_theirs = |candidate: &&Candidate| found.contains(&candidate.account.person);
    let theirs: Vec<&Candidate> = candidates.iter().filter(is_theirs).collect();
    if found.len() > 1 && are_several(&theirs, kept_apart) {
        return Identified::Ambiguous;
    }
    Identified::Person(theirs)
}

/// Whether two of these are two people's, as far as anybody can tell from here.
fn are_several(theirs: &[&Candidate], kept_apart: &[KeptApart]) -> bool {
    let accounts = || theirs.iter().map(|candidate| &candidate.account);
    let person_of = |id| accounts().find(|account| account.id == id).map(|account| account.person);
    let are_apart = |apart: &KeptApart| both_differ(person_of(apart.one), person_of(apart.other));
    kept_apart.iter().any(are_apart)
        || accounts().any(|one| accounts().any(|other| contradict(one, other)))
}

/// Whether two persons' accounts speak against being one human being's.
fn contradict(one: &Account, other: &Account) -> bool {
    one.person != other.person && (one.is_unlike(other) || both_differ(one.snils, other.snils))
}

/// Of the candidates those of a person, and those of others who may still be the same human being:
/// schools that were never merged have a person each.
///
/// Another's account stays while it has a key in common with one of the person's – the СНИЛС, or the
/// phone where one of the two has no СНИЛС – and nothing speaks against it: neither a word that they
/// are two (`kept_apart`), nor two СНИЛС, nor name and birth date that both differ. It is what a
/// sign-in would find, for who is judged without one ([`renew`](super::renew)).
///
/// ```
/// use eschool_core::{id::PersonId, signin::of_one_human_being};
/// use uuid::Uuid;
///
/// assert!(of_one_human_being(Vec::new(), PersonId(Uuid::nil()), &[]).is_empty());
/// ```
#[must_use]
pub fn of_one_human_being(
    candidates: Vec<Candidate>,
    person: PersonId,
    kept_apart: &[KeptApart],
) -> Vec<Candidate> {
    let (mut own, others): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(|found| found.account.person == person);
    let shares = |one: &Account, other: &Account| match (one.snils, other.snils) {
        (Some(one), Some(other)) => one == other,
        _ => one.phone.is_some() && one.phone == other.phone,
    };
    let are_apart = |one: &Account, other: &Account| {
        kept_apart.iter().any(|apart| apart.is_of(one.id, other.id)) || contradict(one, other)
    };
    let others: Vec<_> = others
        .into_iter()
        .filter(|other| {
            let accounts = || own.iter().map(|own| &own.account);
            accounts().any(|own| shares(own, &other.account))
                && !accounts().any(|own| are_apart(own, &other.account))
        })
        .collect();
    own.extend(others);
    own
}
