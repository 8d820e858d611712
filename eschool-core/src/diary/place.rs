//! Where the pupil of a slice belongs.

use core::mem;

use chrono::NaiveDate;

use super::{DiarySlice, UpcomingLesson};
use crate::{calendar::TimetableLesson, journal::Spot};

pub(super) use crate::journal::Place;

/// A lesson of the timetable on a day that follows it.
pub(super) fn planned(lesson: &TimetableLesson, date: NaiveDate) -> Spot<'_> {
    Spot {
        class: lesson.class,
        subgroup: lesson.subgroup.as_ref(),
        divided_for: &lesson.subject,
        date,
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

/// Takes the pupil's stays and memberships out of the slice.
pub(super) fn take_place(slice: &mut DiarySlice) -> Place {
    let pupil = slice.pupil;
    let mut stays = mem::take(&mut slice.stays);
    let mut subgroups = mem::take(&mut slice.subgroups);
    stays.retain(|stay| stay.pupil == pupil);
    subgroups.retain(|membership| membership.pupil == pupil);
    Place { stays, subgroups }
}
