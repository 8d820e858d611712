//! What a list of courses tells: the subjects (предметы) of a class, who teaches them, and their
//! topics in the order they come. How a list becomes a year of lessons is told in `plan`.

use super::manners::Manner;

/// A subject of a class for one school year.
pub(super) struct Course {
    /// The subject.
    pub(super) subject: &'static str,
    /// Family names of the teachers: one for the whole class or one for each subgroup.
    pub(super) teachers: &'static [&'static str],
    /// How the subject is taught.
    pub(super) manner: &'static Manner,
    /// What is taught, in order; a control work ends each chapter.
    pub(super) chapters: &'static [Chapter],
}

/// A chapter (раздел): its title and its topics.
pub(super) type Chapter = (&'static str, &'static [&'static str]);

impl Course {
    /// Each teacher with the subgroup taught; no subgroup means the whole class.
    pub(super) fn subgroups(&self) -> impl Iterator<Item = (Option<u8>, &'static str)> + use<> {
        let divided = self.teachers.len() > 1;
        (1..).zip(self.teachers).map(move |(number, teacher)| (divided.then_some(number), *teacher))
    }
}
