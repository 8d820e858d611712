//! The load of a diary: the rows that [`DiarySlice`] documents, unjudged.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use eschool_core::{
    calendar::DateRange,
    diary::{DiarySlice, UpcomingLesson},
    id::{AccountId, ClassId, WorkId},
    journal::{IndividualHomework, Lesson, Mark, Stay, Subgroup},
};

use super::state::SchoolState;
use crate::backend::IndividualHomeworkRow;

impl SchoolState {
    pub(super) fn diary_slice(&self, pupil: AccountId, range: DateRange) -> DiarySlice {
        let stays = self.stays_of(Some(pupil));
        let classes: BTreeSet<ClassId> = stays.iter().map(|stay| stay.class).collect();
        let marks: Vec<Mark> = self
            .marks
            .values()
            .filter(|mark| mark.pupil == pupil && range.contains(mark.date))
            .cloned()
            .collect();
        let marked: BTreeSet<WorkId> = marks.iter().map(|mark| mark.work).collect();
        DiarySlice {
            pupil,
            subgroups: self.subgroups_of(Some(pupil)),
            calendar: self.frame.calendar.clone(),
            bells: self.frame.bells.clone(),
            timetable: self
                .frame
                .timetable
                .iter()
                .filter(|lesson| classes.contains(&lesson.class))
                .cloned()
                .collect(),
            journal_ends: self.journal_ends(&classes),
            lessons: self
                .lessons_in_order()
                .filter(|lesson| classes.contains(&lesson.class) && range.contains(lesson.date))
                .cloned()
                .collect(),
            upcoming: self.upcoming(&stays, range),
            works: marked.iter().filter_map(|id| self.works.get(id)).cloned().collect(),
            marks,
            attendance: self.attendance_where(|row| row.pupil == pupil && range.contains(row.date)),
            individual_homework: self
                .homework_where(|row| row.pupil == pupil && range.contains(row.date))
                .into_iter()
                .map(|IndividualHomeworkRow { lesson, pupil, homework, .. }| IndividualHomework {
                    lesson,
                    pupil,
                    homework,
                })
                .collect(),
            stays,
        }
    }

    /// The last day of each class's journal; a class without lessons has none.
    fn journal_ends(&self, classes: &BTreeSet<ClassId>) -> Vec<(ClassId, NaiveDate)> {
        // A later date replaces an earlier one, for lessons come in the order of dates.
        let ends: BTreeMap<ClassId, NaiveDate> = self
            .lessons_in_order()
            .filter(|lesson| classes.contains(&lesson.class))
            .map(|lesson| (lesson.class, lesson.date))
            .collect();
        ends.into_iter().collect()
    }

    /// The first lessons after the range that are not cancelled: of each stay, one for each
    /// subgroup and subject of its class.
    fn upcoming(&self, stays: &[Stay], range: DateRange) -> Vec<UpcomingLesson> {
        let mut upcoming = Vec::new();
        for stay in stays {
            let mut first: BTreeMap<(Option<&Subgroup>, &str), &Lesson> = BTreeMap::new();
            let coming = self.lessons_in_order().filter(|lesson| {
                lesson.class == stay.class
                    && lesson.date > range.to()
                    && stay.holds_on(lesson.date)
                    && !lesson.cancelled
            });
            for lesson in coming {
                first.entry((lesson.subgroup.as_ref(), &lesson.subject)).or_insert(lesson);
            }
            upcoming.extend(first.into_values().map(|lesson| UpcomingLesson {
                class: lesson.class,
                subgroup: lesson.subgroup.clone(),
                subject: lesson.subject.clone(),
                date: lesson.date,
            }));
        }
        upcoming.sort_by(|a, b| {
            (a.date, a.class, &a.subgroup, &a.subject).cmp(&(
                b.date,
                b.class,
                &b.subgroup,
                &b.subject,
            ))
        });
        upcoming
    }
}
