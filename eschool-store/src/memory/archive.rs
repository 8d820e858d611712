//! Archives of school years, and what they move.

use std::collections::BTreeSet;

use eschool_core::{
    id::{AccountId, ClassId, LessonId},
    journal::FinalMark,
};

use super::state::{SchoolState, State, place};
use crate::backend::{ArchiveChanges, ClassArchive};

impl State {
    /// What goes, before any row is written.
    pub(super) fn remove_archived(&mut self, changes: &ArchiveChanges) {
        for (school, class) in &changes.emptied_classes {
            self.owned(*school).empty_class(*class);
        }
        for (school, pupil, excuse) in &changes.removed_excuses {
            self.owned(*school).excuses.remove(&(*pupil, *excuse));
        }
        for (school, cursor) in &changes.removed_events {
            self.owned(*school).events.remove(cursor);
        }
    }

    /// What stands after all else was written.
    pub(super) fn apply_archive(&mut self, changes: &ArchiveChanges) {
        for (school, lesson, version) in &changes.versions {
            self.owned(*school).versions.insert(*lesson, *version);
        }
        for row in &changes.rows {
            self.owned(row.school).year_archives.insert(row.year, row.clone());
        }
    }
}

impl SchoolState {
    fn empty_class(&mut self, class: ClassId) {
        let of_class = self.lessons.values().filter(|lesson| lesson.class == class);
        let gone: BTreeSet<LessonId> = of_class.map(|lesson| lesson.id).collect();
        self.mark_changes.retain(|(lesson, _), _| !gone.contains(lesson));
        self.marks.retain(|_, row| !gone.contains(&row.lesson));
        self.attendance.retain(|_, row| !gone.contains(&row.lesson));
        self.individual_homework.retain(|_, row| !gone.contains(&row.lesson));
        self.remarks.retain(|_, row| !gone.contains(&row.lesson));
        self.works.retain(|_, row| !gone.contains(&row.lesson));
        for lesson in gone {
            self.versions.remove(&lesson);
            if let Some(former) = self.lessons.remove(&lesson) {
                self.places.remove(&place(&former));
            }
        }
    }

    pub(super) fn class_archive(&self, class: ClassId) -> ClassArchive {
        let journal = self.class_journal(class, None);
        let ids: BTreeSet<LessonId> = journal.lessons.iter().map(|lesson| lesson.id).collect();
        let versions = self.versions.iter().filter(|(lesson, _)| ids.contains(lesson));
        let changes = self.mark_changes.values().filter(|change| ids.contains(&change.lesson));
        ClassArchive {
            versions: versions.map(|(lesson, version)| (*lesson, *version)).collect(),
            mark_changes: changes.cloned().collect(),
            journal,
        }
    }

    pub(super) fn finals_of_year(&self, year: i32, pupils: &[AccountId]) -> Vec<FinalMark> {
        let asked = |mark: &&FinalMark| mark.year == year && pupils.contains(&mark.pupil);
        self.finals.values().filter(asked).cloned().collect()
    }
}
