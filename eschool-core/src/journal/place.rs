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

    /// Whether it was the pupil's on some day up to this one, whenever it was taught: the pupil was
    /// in that class then, and in that part of it.
    pub(crate) fn owned_by<'a>(&self, spot: impl Into<Spot<'a>>, day: NaiveDate) -> bool {
        let spot = spot.into();
        // Where a pupil belongs changes on these days alone.
        let begun = self.stays.iter().map(|stay| stay.from);
        let joined = self.subgroups.iter().map(|membership| membership.from);
        let left = self.subgroups.iter().filter_map(|membership| membership.to?.succ_opt());
        let mut days = begun.chain(joined).chain(left).filter(|date| *date <= day);
        days.any(|date| self.owns(Spot { date, ..spot }))
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
