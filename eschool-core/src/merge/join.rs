//! Which persons are one.

use alloc::{collections::BTreeSet, vec, vec::Vec};
use core::hash::Hash;

use super::{
    AccountMove, ConflictingAccount, MergeConflict, MergePlan, MergeRow,
    alike::{each_alike, sort_by_bits},
    apart::Apart,
    folded::Folded,
    sets::Sets,
};
use crate::{id::PersonId, identity::BirthDate, people::KeptApart};

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
/// What somebody settled is not asked again: accounts that are one person's already, however they
/// differ, and persons kept apart by `kept_apart`, however their accounts agree. Two who are kept
/// apart contradict each other, so nothing merges through a third that agrees with both; that third
/// is a conflict still.
///
/// # Cost
///
/// A few passes over all rows; only accounts that one СНИЛС ties together are compared pairwise,
/// and a school has one of each. A name is folded once at most, and only where birth dates differ and
/// names are not typed alike. The plan does not depend on the order of rows.
///
/// ```
/// use eschool_core::{
///     id::{AccountId, PersonId, SchoolId}, identity::FullName, merge::{MergeRow, plan_merges},
///     people::KeptApart,
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
/// let rows = [
///     row(1, &names[0], "17.05.1985"),
///     row(2, &names[1], "17.05.1985"),
///     row(3, &names[2], "01.02.1990"),
/// ];
/// let plan = plan_merges(&rows, &[]);
/// assert_eq!(plan.moves.len(), 1);
/// assert_eq!(plan.moves[0].into, PersonId(Uuid::from_u128(21)));
/// assert_eq!(plan.conflicts[0].accounts.len(), 3);
///
/// // Somebody looked at the documents: the third is another person.
/// let apart = KeptApart { one: rows[0].account, other: rows[2].account };
/// let plan = plan_merges(&rows, &[apart]);
/// assert_eq!((plan.moves.len(), plan.conflicts.len()), (1, 0));
/// ```
#[must_use]
pub fn plan_merges<K: Copy + Ord + Hash>(
    rows: &[MergeRow<'_, K>],
    kept_apart: &[KeptApart],
) -> MergePlan {
    let apart = Apart::of(rows, kept_apart);
    let of_several = rows_of_several(rows);
    let mut told = vec![false; rows.len()];
    for place in of_several.iter().map(|(_, place)| *place).chain(apart.places(rows)) {
        if let Some(told) = told.get_mut(place) {
            *told = true;
        }
    }

    let (mut steps, mut conflicts) = (Vec::new(), Vec::new());
    let mut knots: Vec<Vec<usize>> = Vec::new();
    each_tied(rows, &told, |tied| {
        let places = tied.iter().map(|holder| holder.place);
        if at_most_one(tied.iter().map(|holder| holder.person)) {
            return;
        }
        if tied.iter().any(|holder| holder.is_told) {
            knots.push(places.collect());
        } else if never_unlike(rows, tied) {
            join_all(tied, &mut steps);
        } else {
            judge(rows, places, &apart, &mut steps, &mut conflicts);
        }
    });
    if !knots.is_empty() {
        untie(rows, &of_several, &knots, &apart, &mut steps, &mut conflicts);
    }
    conflicts.sort_unstable_by_key(|conflict| {
        conflict.accounts.first().map(|first| (first.person, first.account))
    });
    MergePlan { moves: moves(rows, steps), conflicts }
}

/// The rows of persons who have several, those of one side by side.
fn rows_of_several<K>(rows: &[MergeRow<'_, K>]) -> Vec<(PersonId, usize)> {
    let mut of_several = Vec::new();
    let persons = rows.iter().enumerate().map(|(place, row)| (row.person, place));
    each_alike(persons, |(person, _)| *person, |same| of_several.extend_from_slice(same));
    of_several
}

/// What most merges are judged by, copied out of a row: rows lie all over the memory, and to fetch
/// one after the other would be to wait for each.
#[derive(Clone, Copy)]
struct Holder<K> {
    snils: K,
    person: PersonId,
    birth_date: Option<BirthDate>,
    place: usize,
    /// Whether more is told of the person than the row: other rows, or from whom they are kept
    /// apart.
    is_told: bool,
}

/// Shows the holders of each СНИЛС that several have.
fn each_tied<K: Copy + Ord + Hash>(
    rows: &[MergeRow<'_, K>],
    told: &[bool],
    show: impl FnMut(&[Holder<K>]),
) {
    let holders = rows.iter().zip(told).enumerate().filter_map(|(place, (row, told))| {
        let MergeRow { snils, person, birth_date, .. } = *row;
        Some(Holder { snils: snils?, person, birth_date, place, is_told: *told })
    });
    each_alike(holders, |holder| holder.snils, show);
}

/// That a row goes over to the person of another.
#[derive(Clone, Copy)]
struct Step {
    place: usize,
    /// The place of that other row.
    into: usize,
}

/// Whether it is plain that name and birth date do not both differ: most often it is, and then
/// nothing needs folding.
fn never_unlike<K>(rows: &[MergeRow<'_, K>], tied: &[Holder<K>]) -> bool {
    at_most_one(tied.iter().filter_map(|holder| holder.birth_date))
        || at_most_one(tied.iter().map(|holder| rows.get(holder.place).map(|row| row.name)))
}

fn join_all<K>(tied: &[Holder<K>], steps: &mut Vec<Step>) {
    if let Some(oldest) = tied.iter().min_by_key(|holder| holder.person) {
        let others = tied.iter().filter(|holder| holder.person != oldest.person);
        steps.extend(others.map(|holder| Step { place: holder.place, into: oldest.place }));
    }
}

/// Rows mostly stand by identifier, as a store reads them. Brought into their order, the moves are
/// all but sorted, and the rows are read once from end to end.
fn moves<K>(rows: &[MergeRow<'_, K>], mut steps: Vec<Step>) -> Vec<AccountMove> {
    sort_by_bits(&mut steps, rows.len().next_power_of_two().ilog2(), |step| step.into as u64);
    let moved = |step: Step| {
        let MergeRow { account, school, person: from, .. } = *rows.get(step.place)?;
        Some(AccountMove { account, school, from, into: rows.get(step.into)?.person })
    };
    let mut moves: Vec<AccountMove> = steps.into_iter().filter_map(moved).collect();
    moves.sort_by_key(|step| (step.into, step.account));
    moves
}

/// Judges those whom several СНИЛС or accounts without one tie together, through the persons they
/// belong to. A knot is what has one СНИЛС.
fn untie<K: Copy + Ord>(
    rows: &[MergeRow<'_, K>],
    of_several: &[(PersonId, usize)],
    knots: &[Vec<usize>],
    apart: &Apart,
    steps: &mut Vec<Step>,
    conflicts: &mut Vec<MergeConflict>,
) {
    let mut ties = Sets::of(rows.len());
    for same in of_several.chunk_by(|one, other| one.0 == other.0) {
        tie(&mut ties, same.iter().map(|(_, place)| *place));
    }
    for same in knots {
        tie(&mut ties, same.iter().copied());
    }
    let mut smallest: Vec<usize> =
        knots.iter().filter_map(|same| same.first()).map(|place| ties.smallest(*place)).collect();
    smallest.sort_unstable();
    smallest.dedup();
    for place in smallest {
        judge(rows, ties.ring(place), apart, steps, conflicts);
    }
}

fn tie(ties: &mut Sets, mut places: impl Iterator<Item = usize>) {
    if let Some(first) = places.next() {
        places.for_each(|place| ties.join(first, place));
    }
}

/// Judges rows of several persons that are tied together.
fn judge<K: PartialEq>(
    rows: &[MergeRow<'_, K>],
    places: impl Iterator<Item = usize>,
    apart: &Apart,
    steps: &mut Vec<Step>,
    conflicts: &mut Vec<MergeConflict>,
) {
    let mut tied: Vec<(usize, &MergeRow<'_, K>)> =
        places.filter_map(|place| rows.get(place).map(|row| (place, row))).collect();
    tied.sort_unstable_by_key(|(_, row)| (row.person, row.account));
    let folded: Vec<Folded<'_, '_, K>> = tied.iter().map(|(_, row)| Folded::of(row)).collect();
    let heads = heads(&folded, apart);
    let after = || heads.iter().filter_map(|head| tied.get(*head));
    let moved = tied.iter().zip(after()).filter(|(one, head)| one.1.person != head.1.person);
    steps.extend(moved.map(|(one, head)| Step { place: one.0, into: head.0 }));
    let persons: Vec<PersonId> = after().map(|(_, head)| head.person).collect();
    if !is_settled(&folded, &persons, apart) {
        conflicts.push(conflict(&folded, &persons, apart));
    }
}

/// Whether nothing is left to ask: of every two persons that one СНИЛС ties, after the merge,
/// somebody said that they are two.
fn is_settled<K: PartialEq>(
    tied: &[Folded<'_, '_, K>],
    persons: &[PersonId],
    apart: &Apart,
) -> bool {
    let after: Vec<_> = tied.iter().zip(persons).collect();
    let are_two = |left: &Folded<'_, '_, K>, right: &Folded<'_, '_, K>| {
        apart.holds(left.row.person, right.row.person)
    };
    let said: BTreeSet<_> = pairs(&after)
        .filter(|((_, one), (_, other))| are_two(one.0, other.0))
        .flat_map(|((_, one), (_, other))| [(one.1, other.1), (other.1, one.1)])
        .collect();
    pairs(&after).all(|((_, (left, one)), (_, (right, other)))| {
        one == other || !left.has_snils_of(right) || said.contains(&(*one, *other))
    })
}

/// For each row, the one whose person it belongs to when what may merge has merged: itself, or
/// the oldest of its side.
fn heads<K: PartialEq>(tied: &[Folded<'_, '_, K>], apart: &Apart) -> Vec<usize> {
    let are_apart = |one: &Folded<'_, '_, K>, other: &Folded<'_, '_, K>| {
        apart.holds(one.row.person, other.row.person)
    };
    let mut alike = Sets::of(tied.len());
    for ((left, one), (right, other)) in pairs(tied) {
        let is_same = one.is_same_by_snils(other) && !are_apart(one, other);
        if one.row.person == other.row.person || is_same {
            alike.join(left, right);
        }
    }
    let mut held: Vec<bool> = tied.iter().map(|_| false).collect();
    for ((left, one), (right, other)) in pairs(tied) {
        let side = alike.smallest(left);
        if one.row.person != other.row.person
            && side == alike.smallest(right)
            && (one.contradicts(other) || are_apart(one, other))
            && let Some(held) = held.get_mut(side)
        {
            *held = true;
        }
    }
    let head = |place| {
        let side = alike.smallest(place);
        if held.get(side) == Some(&true) { place } else { side }
    };
    (0..tied.len()).map(head).collect()
}

/// Every two items with their places, once.
fn pairs<T>(items: &[T]) -> impl Iterator<Item = ((usize, &T), (usize, &T))> {
    let later = move |(left, one)| {
        items.iter().enumerate().skip(left).skip(1).map(move |other| ((left, one), other))
    };
    items.iter().enumerate().flat_map(later)
}

fn conflict<K: PartialEq>(
    tied: &[Folded<'_, '_, K>],
    persons: &[PersonId],
    apart: &Apart,
) -> MergeConflict {
    let account = |(one, person): (&Folded<'_, '_, K>, &PersonId)| ConflictingAccount {
        account: one.row.account,
        school: one.row.school,
        person: *person,
        differs: tied.first().map(|first| first.differs(one)).unwrap_or_default(),
    };
    let accounts = tied.iter().map(|one| one.row.account).collect();
    MergeConflict {
        accounts: tied.iter().zip(persons).map(account).collect(),
        kept_apart: apart.said_of(&accounts),
    }
}

fn at_most_one<T: PartialEq>(mut values: impl Iterator<Item = T>) -> bool {
    values.next().is_none_or(|first| values.all(|value| value == first))
}
