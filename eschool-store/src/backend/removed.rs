//! What a use case takes away.

use eschool_core::{
    id::{LessonId, SchoolId},
    journal::{Attendance, Lesson, Mark, Stay, SubgroupMembership, Work},
    people::{Guardianship, StaffPost},
};

use super::{Claim, IndividualHomeworkRow, SchoolClass};
use crate::secret::KeyHash;

/// Rows to take away, each known by its key; one that is not there is no error. What hangs on a row
/// stays where it is, unless it is named too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Claims, by key, kind, school and account.
    pub claims: Vec<Claim>,
    /// Phones that two people share, by key: they are noted under another one.
    pub shared_phones: Vec<KeyHash>,
    /// Stays, by pupil, class and first day.
    pub stays: Vec<(SchoolId, Stay)>,
    /// Memberships, by pupil, class, subject and first day.
    pub subgroups: Vec<(SchoolId, SubgroupMembership)>,
    /// Guardianships, by parent and child.
    pub guardianships: Vec<(SchoolId, Guardianship)>,
    /// Posts, by account and subject.
    pub staff: Vec<(SchoolId, StaffPost)>,
    /// Classes, by identifier, after everything that may be in them.
    pub classes: Vec<SchoolClass>,
    /// Lessons, by identifier and day.
    pub lessons: Vec<(SchoolId, Lesson)>,
    /// Works, by identifier.
    pub works: Vec<(SchoolId, Work)>,
    /// Marks, by identifier and day; what became of them stays on record.
    pub marks: Vec<(SchoolId, Mark)>,
    /// Attendance, by pupil, day and lesson.
    pub attendance: Vec<(SchoolId, Attendance)>,
    /// Homework for single pupils, by lesson, day, pupil and position.
    pub individual_homework: Vec<(SchoolId, IndividualHomeworkRow)>,
}

impl Removed {
    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.claims.len()
            + self.shared_phones.len()
            + self.stays.len()
            + self.subgroups.len()
            + self.guardianships.len()
            + self.staff.len()
            + self.classes.len()
            + self.lessons.len()
            + self.works.len()
            + self.marks.len()
            + self.attendance.len()
            + self.individual_homework.len()
    }

    /// The lessons in which rows stood.
    pub(super) fn lessons_of_rows(&self) -> impl Iterator<Item = (SchoolId, LessonId)> {
        let works = self.works.iter().map(|(school, row)| (*school, row.lesson));
        let marks = self.marks.iter().map(|(school, row)| (*school, row.lesson));
        let attendance = self.attendance.iter().map(|(school, row)| (*school, row.lesson));
        let homework = self.individual_homework.iter();
        let homework = homework.map(|(school, row)| (*school, row.lesson));
        works.chain(marks).chain(attendance).chain(homework)
    }
}
