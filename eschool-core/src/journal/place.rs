//! Which lessons are a pupil's.

use alloc::vec::Vec;

use chrono::NaiveDate;

use super::{Lesson, Stay, Subgroup, SubgroupMembership};
use crate::id::ClassId;

/// Where one pupil belongs, day by day.
#[derive(Default)]
pub(crate) struct Place {
    /// The pupil's times in classes.
    pub(crate) stays: Vec<Stay>,
    /// The pupil's times in subgroups.
    pub(crate) subgroups: Vec<SubgroupMembership>,
}

/// Where and when something is taught: what decides whether it is the pupil's.
#[derive(Clone, Copy)]
pub(crate) struct Spot<'a> {
    /// The class.
    pub(crate) class: ClassId,
    /// The part of it, if not the whole.
    pub(crate) subgroup: Option<&'a Subgroup>,
    /// The subject whose subgroups divide the class: of a replaced lesson, its own.
    pub(crate) divided_for: &'a str,
    /// The day.
    pub(crate) date: NaiveDate,
}

impl<'a> From<&'a Lesson> for Spot<'a> {
    fn from(lesson: &'a Lesson) -> Self {
        Self {
            class: lesson.class,
            subgroup: lesson.subgroup.as_ref(),
            divided_for: lesson.instead_of.as_ref().unwrap_or(&lesson.subject),
            date: lesson.date,
        }
    }
}

impl Place {
    /// Whether it is the pupil's: a stay holds in that class on that day, and the lesson is for
    /// the whole class or for the pupil's part of it.
    pub(crate) fn owns<'a>(&self, spot: impl Into<Spot<'a>>) -> bool {
        let spot = spot.into();
        let stays =
            self.stays.iter().any(|stay| stay.class == spot.class && stay.holds_on(spot.date));
        stays && spot.subgroup.is_none_or(|subgroup| self.is_in(subgroup, spot))
    }

    /// The first day on which it would have been the pupil's, whenever it was taught: the pupil was
    /// in that class then, and in that part of it.
    ///
    /// It takes the rows in the order of their days, so that thousands of them are no work.
    pub(crate) fn first_day<'a>(&self, spot: impl Into<Spot<'a>>) -> Option<NaiveDate> {
        let spot = spot.into();
        let mut turns = Vec::new();
        for stay in self.stays.iter().filter(|stay| stay.class == spot.class) {
            add_turns(&mut turns, (stay.from, stay.to), Holding { stays: 1, ..Holding::default() });
        }
        for membership in self.subgroups.iter().filter(|row| row.class == spot.class) {
            let matches = i64::from(Some(&membership.subgroup) == spot.subgroup);
            let held = match membership.subject.as_deref() {
                None => Holding { in_general: matches, ..Holding::default() },
                Some(subject) if subject == spot.divided_for => {
                    Holding { named: 1, in_named: matches, ..Holding::default() }
                }
                Some(_) => continue,
            };
            add_turns(&mut turns, (membership.from, membership.to), held);
        }
        turns.sort_unstable_by_key(|(day, _)| *day);
        let mut held = Holding::default();
        turns.chunk_by(|(one, _), (other, _)| one == other).find_map(|turns| {
            held = turns.iter().fold(held, |held, (_, turn)| held.plus(*turn, 1));
            let in_part = if held.named > 0 { held.in_named } else { held.in_general } > 0;
            let owns = held.stays > 0 && (spot.subgroup.is_none() || in_part);
            turns.first().filter(|_| owns).map(|(day, _)| *day)
        })
    }

    /// Whether the pupil is in this part of the class: by the memberships that name the subject,
    /// or by those for every subject where none names it on that day.
    fn is_in(&self, subgroup: &Subgroup, spot: Spot<'_>) -> bool {
        let (mut named, mut in_named, mut in_general) = (false, false, false);
        for membership in &self.subgroups {
            if membership.class != spot.class || !membership.holds_on(spot.date) {
                continue;
            }
            let matches = membership.subgroup == *subgroup;
            match membership.subject.as_deref() {
                None => in_general |= matches,
                Some(subject) if subject == spot.divided_for => {
                    named = true;
                    in_named |= matches;
                }
                Some(_) => {}
            }
        }
        if named { in_named } else { in_general }
    }
}

/// How many rows hold at once, by what they say of a spot.
#[derive(Clone, Copy, Default)]
struct Holding {
    /// Stays in the class.
    stays: i64,
    /// Memberships that name the subject.
    named: i64,
    /// Those of them that are in the part.
    in_named: i64,
    /// Memberships for every subject that are in the part.
    in_general: i64,
}

impl Holding {
    const fn plus(self, other: Self, times: i64) -> Self {
        Self {
            stays: self.stays + times * other.stays,
            named: self.named + times * other.named,
            in_named: self.in_named + times * other.in_named,
            in_general: self.in_general + times * other.in_general,
        }
    }
}

/// Adds the days on which a row begins to hold and holds no more; a reversed one never holds.
fn add_turns(
    turns: &mut Vec<(NaiveDate, Holding)>,
    (from, to): (NaiveDate, Option<NaiveDate>),
    row: Holding,
) {
    if to.is_none_or(|to| from <= to) {
        turns.push((from, row));
        let after = to.and_then(|to| to.succ_opt());
        turns.extend(after.map(|day| (day, Holding::default().plus(row, -1))));
    }
}

#[cfg(test)]
mod tests {
    use alloc::{string::String, vec};

    use proptest::{collection, option, prelude::*, sample::select};
    use uuid::Uuid;

    use super::*;
    use crate::id::AccountId;

    fn day(n: u64) -> NaiveDate {
        NaiveDate::default() + chrono::Days::new(n)
    }

    /// A row of one of two classes; some end before they begin.
    fn time() -> impl Strategy<Value = (ClassId, NaiveDate, Option<NaiveDate>)> {
        let class = (1..=2_u128).prop_map(|n| ClassId(Uuid::from_u128(n)));
        (class, (0..12_u64).prop_map(day), option::of((0..12_u64).prop_map(day)))
    }

    fn stay() -> impl Strategy<Value = Stay> {
        let pupil = AccountId(Uuid::nil());
        time().prop_map(move |(class, from, to)| Stay { pupil, class, from, to })
    }

    fn subject() -> impl Strategy<Value = String> {
        select(vec!["Физика", "Химия"]).prop_map(String::from)
    }

    fn subgroup() -> impl Strategy<Value = Subgroup> {
        select(vec!["1", "2"]).prop_map(|name| Subgroup(name.into()))
    }

    fn membership() -> impl Strategy<Value = SubgroupMembership> {
        let row = (time(), option::of(subject()), subgroup());
        row.prop_map(|((class, from, to), subject, subgroup)| {
            let pupil = AccountId(Uuid::nil());
            SubgroupMembership { pupil, class, subject, subgroup, from, to }
        })
    }

    proptest! {
        /// Tried day by day.
        #[test]
        fn the_first_day_is_the_first_on_which_it_is_the_pupils(
            stays in collection::vec(stay(), 0..4),
            subgroups in collection::vec(membership(), 0..6),
            subgroup in option::of(subgroup()),
            divided_for in subject(),
        ) {
            let place = Place { stays, subgroups };
            let class = ClassId(Uuid::from_u128(1));
            let on = |date| Spot {
                class, subgroup: subgroup.as_ref(), divided_for: &divided_for, date,
            };
            let first = (0..30).map(day).find(|date| place.owns(on(*date)));
            prop_assert_eq!(place.first_day(on(day(0))), first);
        }
    }
}
