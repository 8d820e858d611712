//! Which persons are one.

use alloc::{vec, vec::Vec};

use super::{
    AccountMove, ConflictingAccount, MergeConflict, MergePlan, MergeRow, folded::Folded, sets::Sets,
};
use crate::{id::PersonId, identity::BirthDate};

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
/// Sorts of all rows; only accounts that one СНИЛС ties together are compared pairwise, and a
/// school has one of each. A name is folded once at most, and only where birth dates differ and
/// names are not typed alike. The plan does not depend on the order of rows.
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
    let of_several = rows_of_several(rows);
    let mut several = vec![false; rows.len()];
    for (_, place) in &of_several {
        if let Some(several) = several.get_mut(*place) {
            *several = true;
        }
    }
    let mut by_snils: Vec<(K, usize)> = rows
        .iter()
        .enumerate()
        .filter_map(|(place, row)| row.snils.map(|snils| (snils, place)))
        .collect();
    by_snils.sort_unstable();

    let (mut steps, mut conflicts) = (Vec::new(), Vec::new());
    let mut knots = Vec::new();
    let holders = holders(rows, &by_snils);
    let mut left = holders.as_slice();
    for same in by_snils.chunk_by(|one, other| one.0 == other.0) {
        let Some((tied, rest)) = left.split_at_checked(same.len()) else { break };
        left = rest;
        if at_most_one(tied.iter().map(|holder| holder.person)) {
            continue;
        }
        if tied.iter().any(|holder| several.get(holder.place) == Some(&true)) {
            knots.push(same);
        } else if never_unlike(rows, tied) {
            join_all(tied, &mut steps);
        } else {
            judge(rows, same.iter().map(|(_, place)| *place), &mut steps, &mut conflicts);
        }
    }
    if !knots.is_empty() {
        untie(rows, &of_several, &knots, &mut steps, &mut conflicts);
    }
    conflicts.sort_unstable_by_key(|conflict| {
        conflict.accounts.first().map(|first| (first.person, first.account))
    });
    MergePlan { moves: moves(rows, steps), conflicts }
}

/// The rows of persons who have several, by person.
///
/// Few identifiers share a half, so the halves tell cheaply who need not be looked at.
fn rows_of_several<K>(rows: &[MergeRow<'_, K>]) -> Vec<(PersonId, usize)> {
    let half = |person: PersonId| person.0.as_u64_pair().1;
    let mut halves: Vec<u64> = rows.iter().map(|row| half(row.person)).collect();
    halves.sort_unstable();
    let repeated: Vec<u64> = halves
        .chunk_by(|one, other| one == other)
        .filter_map(|same| same.first().filter(|_| same.len() > 1).copied())
        .collect();
    if repeated.is_empty() {
        return Vec::new();
    }
    let mut by_person: Vec<(PersonId, usize)> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| repeated.binary_search(&half(row.person)).is_ok())
        .map(|(place, row)| (row.person, place))
        .collect();
    by_person.sort_unstable();
    let several = by_person.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() > 1);
    several.flatten().copied().collect()
}

/// What most merges are judged by.
struct Holder {
    person: PersonId,
    birth_date: Option<BirthDate>,
    place: usize,
}

/// Fetched in one go: rows lie all over the memory, and to fetch them while judging would be to
/// wait for each.
fn holders<K>(rows: &[MergeRow<'_, K>], by_snils: &[(K, usize)]) -> Vec<Holder> {
    let holder = |(_, place): &(K, usize)| {
        let row = rows.get(*place)?;
        Some(Holder { person: row.person, birth_date: row.birth_date, place: *place })
    };
    by_snils.iter().filter_map(holder).collect()
}

/// That the row at a place goes over to a person.
type Step = (PersonId, usize);

/// Whether it is plain that name and birth date do not both differ: most often it is, and then
/// nothing needs folding.
fn never_unlike<K>(rows: &[MergeRow<'_, K>], tied: &[Holder]) -> bool {
    at_most_one(tied.iter().filter_map(|holder| holder.birth_date))
        || at_most_one(tied.iter().map(|holder| rows.get(holder.place).map(|row| row.name)))
}

fn join_all(tied: &[Holder], steps: &mut Vec<Step>) {
    if let Some(oldest) = tied.iter().map(|holder| holder.person).min() {
        let others = tied.iter().filter(|holder| holder.person != oldest);
        steps.extend(others.map(|holder| (oldest, holder.place)));
    }
}

fn moves<K>(rows: &[MergeRow<'_, K>], mut steps: Vec<Step>) -> Vec<AccountMove> {
    steps.sort_unstable();
    let step = |(into, place): Step| {
        let MergeRow { account, school, person: from, .. } = *rows.get(place)?;
        Some(AccountMove { account, school, from, into })
    };
    let mut moves: Vec<AccountMove> = steps.into_iter().filter_map(step).collect();
    for same in moves.chunk_by_mut(|one, other| one.into == other.into) {
        same.sort_unstable_by_key(|step| step.account);
    }
    moves
}

/// Judges those whom several СНИЛС or accounts without one tie together, through the persons they
/// belong to. A knot is what has one СНИЛС.
fn untie<K: Copy + Ord>(
    rows: &[MergeRow<'_, K>],
    of_several: &[(PersonId, usize)],
    knots: &[&[(K, usize)]],
    steps: &mut Vec<Step>,
    conflicts: &mut Vec<MergeConflict>,
) {
    let mut ties = Sets::of(rows.len());
    of_several.chunk_by(|one, other| one.0 == other.0).for_each(|same| tie(&mut ties, same));
    knots.iter().for_each(|same| tie(&mut ties, same));
    let mut smallest: Vec<usize> = knots
        .iter()
        .filter_map(|same| same.first())
        .map(|(_, place)| ties.smallest(*place))
        .collect();
    smallest.sort_unstable();
    smallest.dedup();
    for place in smallest {
        judge(rows, ties.ring(place), steps, conflicts);
    }
}

fn tie<T>(ties: &mut Sets, same: &[(T, usize)]) {
    if let [(_, first), others @ ..] = same {
        others.iter().for_each(|(_, place)| ties.join(*first, *place));
    }
}

/// Judges rows of several persons that are tied together.
fn judge<K: PartialEq>(
    rows: &[MergeRow<'_, K>],
    places: impl Iterator<Item = usize>,
    steps: &mut Vec<Step>,
    conflicts: &mut Vec<MergeConflict>,
) {
    let mut tied: Vec<(usize, &MergeRow<'_, K>)> =
        places.filter_map(|place| rows.get(place).map(|row| (place, row))).collect();
    tied.sort_unstable_by_key(|(_, row)| (row.person, row.account));
    let folded: Vec<Folded<'_, '_, K>> = tied.iter().map(|(_, row)| Folded::of(row)).collect();
    let persons = persons_after(&folded);
    let moved = tied.iter().zip(&persons).filter(|((_, row), into)| row.person != **into);
    steps.extend(moved.map(|((place, _), into)| (*into, *place)));
    if !at_most_one(persons.iter()) {
        conflicts.push(conflict(&folded, &persons));
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

fn at_most_one<T: PartialEq>(mut values: impl Iterator<Item = T>) -> bool {
    values.next().is_none_or(|first| values.all(|value| value == first))
}
