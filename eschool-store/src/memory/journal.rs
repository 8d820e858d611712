//! Loads of journals: what a class's holds, and final marks.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use eschool_core::{
    calendar::DateRange,
    id::{AccountId, ClassId, LessonId, WorkId},
    journal::{Attendance, FinalMark, IndividualHomework, Lesson, LessonPage, Mark, Remark, Work},
};

use super::state::SchoolState;
use crate::backend::{ClassJournal, ClassPupils, IndividualHomeworkRow, RemarkRow};

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
        let marks: Vec<Mark> =
            self.marks.values().filter(|m| ids.contains(&m.lesson)).cloned().collect();
        let marked: BTreeSet<WorkId> = marks.iter().map(|mark| mark.work).collect();
        let is_former = |w: &&Work| !ids.contains(&w.lesson) && marked.contains(&w.id);
        ClassJournal {
            works: self.works.values().filter(|w| ids.contains(&w.lesson)).cloned().collect(),
            former_works: self.works.values().filter(is_former).cloned().collect(),
            marks,
            attendance: self.attendance_where(|row| ids.contains(&row.lesson)),
            individual_homework: self.homework_where(|row| ids.contains(&row.lesson)),
            remarks: self.remarks_where(|row| ids.contains(&row.lesson)),
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

    pub(super) fn remarks_where(&self, picked: impl Fn(&RemarkRow) -> bool) -> Vec<RemarkRow> {
        let mut rows: Vec<RemarkRow> =
            self.remarks.values().filter(|row| picked(row)).cloned().collect();
        rows.sort_by_key(|row| (row.pupil, row.date, row.lesson, row.position));
        rows
    }

    pub(super) fn lesson_page(&self, id: LessonId) -> Option<LessonPage> {
        let lesson = self.lessons.get(&id)?.clone();
        let homework = self.homework_where(|row| row.lesson == id);
        let remarks = self.remarks_where(|row| row.lesson == id);
        Some(LessonPage {
            version: self.versions.get(&id).copied().unwrap_or_default(),
            lesson,
            works: self.works.values().filter(|work| work.lesson == id).cloned().collect(),
            marks: self.marks.values().filter(|mark| mark.lesson == id).cloned().collect(),
            attendance: self.attendance_where(|row| row.lesson == id),
            individual_homework: homework
                .into_iter()
                .map(|row| IndividualHomework {
                    lesson: id,
                    pupil: row.pupil,
                    homework: row.homework,
                })
                .collect(),
            remarks: remarks
                .into_iter()
                .map(|row| Remark { pupil: row.pupil, lesson: id, text: row.text })
                .collect(),
        })
    }

    pub(super) fn lessons_between(&self, class: ClassId, days: DateRange) -> Vec<Lesson> {
        let of_class = |lesson: &&Lesson| lesson.class == class && days.contains(lesson.date);
        self.lessons_in_order().filter(of_class).cloned().collect()
    }

    pub(super) fn journal_end(&self, class: ClassId) -> Option<NaiveDate> {
        let of_class = self.lessons.values().filter(|lesson| lesson.class == class);
        of_class.map(|lesson| lesson.date).max()
    }

    pub(super) fn works_with_lessons(&self, ids: &[WorkId]) -> Vec<(Work, Option<Lesson>)> {
        let asked = self.works.values().filter(|work| ids.contains(&work.id));
        asked.map(|work| (work.clone(), self.lessons.get(&work.lesson).cloned())).collect()
    }

    pub(super) fn class_pupils(&self, class: ClassId) -> ClassPupils {
        let of_class = self.stays.values().filter(|stay| stay.class == class);
        let pupils: BTreeSet<AccountId> = of_class.map(|stay| stay.pupil).collect();
        let (mut stays, mut subgroups) = (self.stays_of(None), self.subgroups_of(None));
        stays.retain(|stay| pupils.contains(&stay.pupil));
        subgroups.retain(|membership| pupils.contains(&membership.pupil));
        ClassPupils { stays, subgroups }
    }

    pub(super) fn all_finals(&self) -> Vec<FinalMark> {
        self.finals.values().cloned().collect()
    }

    pub(super) fn finals_of(&self, pupil: AccountId) -> Vec<FinalMark> {
        self.finals.values().filter(|mark| mark.pupil == pupil).cloned().collect()
    }
}
