//! Loads of journals: what a class's holds, and final marks.

use std::collections::BTreeSet;

use eschool_core::{
    calendar::DateRange,
    id::{AccountId, ClassId, LessonId},
    journal::{Attendance, FinalMark, Lesson},
};

use super::state::SchoolState;
use crate::backend::{ClassJournal, IndividualHomeworkRow};

impl SchoolState {
    /// The lessons in the order in which they stand.
    pub(super) fn lessons_in_order(&self) -> impl Iterator<Item = &Lesson> {
        self.places.values().filter_map(|id| self.lessons.get(id))
    }

    pub(super) fn class_journal(&self, class: ClassId, days: Option<DateRange>) -> ClassJournal {
        let lessons: Vec<Lesson> = self
            .lessons_in_order()
            .filter(|lesson| lesson.class == class)
            .filter(|lesson| days.is_none_or(|days| days.contains(lesson.date)))
            .cloned()
            .collect();
        let ids: BTreeSet<LessonId> = lessons.iter().map(|lesson| lesson.id).collect();
        ClassJournal {
            works: self.works.values().filter(|w| ids.contains(&w.lesson)).cloned().collect(),
            marks: self.marks.values().filter(|m| ids.contains(&m.lesson)).cloned().collect(),
            attendance: self.attendance_where(|row| ids.contains(&row.lesson)),
            individual_homework: self.homework_where(|row| ids.contains(&row.lesson)),
            lessons,
        }
    }

    pub(super) fn attendance_where(&self, picked: impl Fn(&Attendance) -> bool) -> Vec<Attendance> {
        let mut rows: Vec<Attendance> =
            self.attendance.values().filter(|row| picked(row)).cloned().collect();
        rows.sort_by_key(|row| (row.pupil, row.date, row.lesson));
        rows
    }

    pub(super) fn homework_where(
        &self,
        picked: impl Fn(&IndividualHomeworkRow) -> bool,
    ) -> Vec<IndividualHomeworkRow> {
        let mut rows: Vec<IndividualHomeworkRow> =
            self.individual_homework.values().filter(|row| picked(row)).cloned().collect();
        rows.sort_by_key(|row| (row.pupil, row.date, row.lesson, row.position));
        rows
    }

    pub(super) fn all_finals(&self) -> Vec<FinalMark> {
        self.finals.values().cloned().collect()
    }

    pub(super) fn finals_of(&self, pupil: AccountId) -> Vec<FinalMark> {
        self.finals.values().filter(|mark| mark.pupil == pupil).cloned().collect()
    }
}
