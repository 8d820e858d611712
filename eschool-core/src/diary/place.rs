//! Which lessons are the pupil's.

use alloc::vec::Vec;
use core::mem;

use chrono::NaiveDate;

use super::{DiarySlice, UpcomingLesson};
use crate::{
    calendar::TimetableLesson,
    id::ClassId,
    journal::{Lesson, Stay, Subgroup, SubgroupMembership},
};

/// Where the pupil belongs, day by day.
pub(super) struct Place {
    stays: Vec<Stay>,
    subgroups: Vec<SubgroupMembership>,
}

/// Where and when something is taught: what decides whether it is the pupil's.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    class: ClassId,
    subgroup: Option<&'a Subgroup>,
    /// The subject whose subgroups divide the class: of a replaced lesson, its own.
    divided_for: &'a str,
    date: NaiveDate,
}

impl<'a> Spot<'a> {
    /// A lesson of the timetable on a day that follows it.
    pub(super) fn planned(lesson: &'a TimetableLesson, date: NaiveDate) -> Self {
        Self {
            class: lesson.class,
            subgroup: lesson.subgroup.as_ref(),
            divided_for: &lesson.subject,
            date,
        }
    }
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

impl<'a> From<&'a UpcomingLesson> for Spot<'a> {
    fn from(lesson: &'a UpcomingLesson) -> Self {
        Self {
            class: lesson.class,
            subgroup: lesson.subgroup.as_ref(),
            divided_for: lesson.instead_of.as_ref().unwrap_or(&lesson.subject),
            date: lesson.date,
        }
    }
}

impl Place {
    /// Takes the pupil's stays and memberships out of the slice.
    pub(super) fn take(slice: &mut DiarySlice) -> Self {
        let pupil = slice.pupil;
        let mut stays = mem::take(&mut slice.stays);
        let mut subgroups = mem::take(&mut slice.subgroups);
        stays.retain(|stay| stay.pupil == pupil);
        subgroups.retain(|membership| membership.pupil == pupil);
        Self { stays, subgroups }
    }

    /// Whether it is the pupil's: a stay holds in that class on that day, and the lesson is for
    /// the whole class or for the pupil's part of it.
    pub(super) fn owns<'a>(&self, spot: impl Into<Spot<'a>>) -> bool {
        let spot = spot.into();
        let stays =
            self.stays.iter().any(|stay| stay.class == spot.class && stay.holds_on(spot.date));
        stays && spot.subgroup.is_none_or(|subgroup| self.is_in(subgroup, spot))
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
