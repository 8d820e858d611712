//! Which persons are one.

use alloc::{vec, vec::Vec};

use super::{
    AccountMove, ConflictingAccount, MergeConflict, MergePlan, MergeRow, folded::Folded, sets::Sets,
};
use crate::id::PersonId;

/// Says which accounts are one person's.
///
/// # The rule
///
/// Two accounts with the same СНИЛС are one person's, unless name **and** birth date both differ:
/// a name changes with a wedding, a date is mistyped, but both are somebody else. Then they are a
/// conflict, for a person to settle. What one of them lacks is no difference; names are compared
/// as [`FullName::matches`](crate::identity::FullName::matches) does. Without a СНИЛС nothing
/// merges.
///
/// What merges are **persons**: all accounts go over to the person with the smallest identifier,
/// which is the oldest, those without a СНИЛС with the person they belong to. So give every
/// account of the installation, or at least every account of every person among them, each once.
///
/// # Where the rule contradicts itself
///
/// One СНИЛС, three accounts: the second agrees with the first in the birth date and with the
/// third in the name, but the first and the third agree in nothing. Whose the second is, nobody
/// can tell from here, and a diary opened to a stranger is worse than a merge that waits. So of
/// accounts that agree one by one **nothing merges as long as two of them contradict each other**;
/// that they have different СНИЛС, through a person who has both, is such a contradiction as well.
/// Accounts which agree with one another and with nobody else's side still merge: a mistyped
/// number in a third school does not keep two others apart.
///
/// What is one person's already is not asked again, however its accounts differ: somebody settled
/// that.
///
/// # Cost
///
/// Two sorts of all rows; only accounts that one СНИЛС ties together are compared pairwise, and a
/// school has one of each. A name is folded once at most, and only where birth dates differ.
/// The plan does not depend on the order of rows.
///
/// ```
/// use eschool_core::{
///     id::{AccountId, PersonId, SchoolId}, identity::FullName, merge::{MergeRow, plan_merges},
/// };
/// use uuid::Uuid;
///
/// let names = ["Ёлкина", "Соснова", "Дубова"].map(|f| FullName::new(f, "Анна", None).unwrap());
/// let row = |school: u128, name, born: &str| MergeRow {
///     account: AccountId(Uuid::from_u128(10 + school)),
///     school: SchoolId(Uuid::from_u128(school)),
///     person: PersonId(Uuid::from_u128(20 + school)),
///     snils: Some("the same"),
///     name,
///     birth_date: born.parse().ok(),
/// };
/// // The family name changed between two schools; the third one has somebody else.
/// let plan = plan_merges(&[
///     row(1, &names[0], "17.05.1985"),
///     row(2, &names[1], "17.05.1985"),
///     row(3, &names[2], "01.02.1990"),
/// ]);
/// assert_eq!(plan.moves.len(), 1);
/// assert_eq!(plan.moves[0].into, PersonId(Uuid::from_u128(21)));
/// assert_eq!(plan.conflicts[0].accounts.len(), 3);
/// ```
#[must_use]
pub fn plan_merges<K: Copy + Ord>(rows: &[MergeRow<'_, K>]) -> MergePlan {
    let mut by_person: Vec<(PersonId, usize)> =
        rows.iter().enumerate().map(|(place, row)| (row.person, place)).collect();
    by_person.sort_unstable();
    let several = has_several(rows.len(), &by_person);
    let mut by_snils: Vec<(K, usize)> = rows
        .iter()
        .enumerate()
        .filter_map(|(place, row)| row.snils.map(|snils| (snils, place)))
        .collect();
    by_snils.sort_unstable();

    let mut plan = MergePlan::default();
    let mut tied = Vec::new();
    let mut knots = Vec::new();
    for same in by_snils.chunk_by(|one, other| one.0 == other.0) {
        let places = || same.iter().map(|(_, place)| *place);
        if same.len() == 1 || !gather(rows, places(), &mut tied) {
            continue;
        }
        if places().any(|place| several.get(place) == Some(&true)) {
            knots.push(same);
        } else {
            judge(&mut tied, &mut plan);
        }
    }
    if !knots.is_empty() {
        untie(rows, &by_person, &knots, &mut plan);
    }
    plan.moves.sort_unstable_by_key(|step| (step.into, step.account));
    plan.conflicts.sort_unstable_by_key(|conflict| {
        conflict.accounts.first().map(|first| (first.person, first.account))
    });
    plan
}

/// By place of a row, whether its person has other accounts too.
fn has_several(rows: usize, by_person: &[(PersonId, usize)]) -> Vec<bool> {
    let mut several = vec![false; rows];
    for same in by_person.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() > 1) {
        for (_, place) in same {
            if let Some(several) = several.get_mut(*place) {
                *several = true;
            }
        }
    }
    several
}

/// Fills `tied` with the rows at these places. Gives whether they are of several persons.
fn gather<'r, 'a, K>(
    rows: &'r [MergeRow<'a, K>],
    places: impl Iterator<Item = usize>,
    tied: &mut Vec<&'r MergeRow<'a, K>>,
) -> bool {
    tied.clear();
    tied.extend(places.filter_map(|place| rows.get(place)));
    !at_most_one(tied.iter().map(|row| row.person))
}

/// Judges those whom several СНИЛС or accounts without one tie together, through the persons they
/// belong to. A knot is what has one СНИЛС.
fn untie<K: Copy + Ord>(
    rows: &[MergeRow<'_, K>],
    by_person: &[(PersonId, usize)],
    knots: &[&[(K, usize)]],
    plan: &mut MergePlan,
) {
    let mut ties = Sets::of(rows.len());
    by_person.chunk_by(|one, other| one.0 == other.0).for_each(|same| join_all(&mut ties, same));
    knots.iter().for_each(|same| join_all(&mut ties, same));
    let mut smallest: Vec<usize> = knots
        .iter()
        .filter_map(|same| same.first())
        .map(|(_, place)| ties.smallest(*place))
        .collect();
    smallest.sort_unstable();
    smallest.dedup();
    let mut tied = Vec::new();
    for place in smallest {
        gather(rows, ties.ring(place), &mut tied);
        judge(&mut tied, plan);
    }
}

fn join_all<T>(ties: &mut Sets, same: &[(T, usize)]) {
    if let [(_, first), others @ ..] = same {
        others.iter().for_each(|(_, place)| ties.join(*first, *place));
    }
}

/// Judges rows of several persons that are tied together.
fn judge<K: Copy + Ord>(tied: &mut [&MergeRow<'_, K>], plan: &mut MergePlan) {
    tied.sort_unstable_by_key(|row| (row.person, row.account));
    let never_unlike = at_most_one(tied.iter().filter_map(|row| row.birth_date))
        || at_most_one(tied.iter().map(|row| row.name));
    if never_unlike && at_most_one(tied.iter().filter_map(|row| row.snils)) {
        if let Some(oldest) = tied.first() {
            plan.moves.extend(tied.iter().filter_map(|row| step(row, oldest.person)));
        }
        return;
    }
    let folded: Vec<Folded<'_, '_, K>> = tied.iter().map(|row| Folded::of(row)).collect();
    let persons = persons_after(&folded);
    plan.moves.extend(tied.iter().zip(&persons).filter_map(|(row, into)| step(row, *into)));
    if !at_most_one(persons.iter()) {
        plan.conflicts.push(conflict(&folded, &persons));
    }
}

/// The person each row belongs to when what may merge has merged.
fn persons_after<K: PartialEq>(tied: &[Folded<'_, '_, K>]) -> Vec<PersonId> {
    let mut alike = Sets::of(tied.len());
    for ((left, one), (right, other)) in pairs(tied) {
        if one.row.person == other.row.person || one.is_same_by_snils(other) {
            alike.join(left, right);
        }
    }
    let mut held: Vec<bool> = tied.iter().map(|_| false).collect();
    for ((left, one), (right, other)) in pairs(tied) {
        let side = alike.smallest(left);
        if one.row.person != other.row.person
            && side == alike.smallest(right)
            && one.contradicts(other)
            && let Some(held) = held.get_mut(side)
        {
            *held = true;
        }
    }
    let after = |(place, one): (usize, &Folded<'_, '_, K>)| {
        let side = alike.smallest(place);
        let oldest = tied.get(side).filter(|_| held.get(side) == Some(&false));
        oldest.unwrap_or(one).row.person
    };
    tied.iter().enumerate().map(after).collect()
}

/// Every two items with their places, once.
fn pairs<T>(items: &[T]) -> impl Iterator<Item = ((usize, &T), (usize, &T))> {
    let later = move |(left, one)| {
        items.iter().enumerate().skip(left + 1).map(move |other| ((left, one), other))
    };
    items.iter().enumerate().flat_map(later)
}

fn conflict<K: PartialEq>(tied: &[Folded<'_, '_, K>], persons: &[PersonId]) -> MergeConflict {
    let account = |(one, person): (&Folded<'_, '_, K>, &PersonId)| ConflictingAccount {
        account: one.row.account,
        school: one.row.school,
        person: *person,
        differs: tied.first().map(|first| first.differs(one)).unwrap_or_default(),
    };
    MergeConflict { accounts: tied.iter().zip(persons).map(account).collect() }
}

fn step<K>(row: &MergeRow<'_, K>, into: PersonId) -> Option<AccountMove> {
    let MergeRow { account, school, person: from, .. } = *row;
    (from != into).then_some(AccountMove { account, school, from, into })
}

fn at_most_one<T: PartialEq>(mut values: impl Iterator<Item = T>) -> bool {
    values.next().is_none_or(|first| values.all(|value| value == first))
}
