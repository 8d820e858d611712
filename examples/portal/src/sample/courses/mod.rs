//! What is taught: for each class the subjects (предметы), who teaches them, and their topics in
//! the order they come. Only lists; how a list becomes a year of lessons is told in `plan`.

mod grade2;
mod grade5;
mod grade8;

use super::manners::Manner;

/// A subject in one class for one school year.
pub(super) struct Course {
    /// The class (класс).
    pub(super) class: &'static str,
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

/// Every course of the school.
pub(super) fn all() -> impl Iterator<Item = &'static Course> {
    grade2::COURSES.iter().chain(grade5::COURSES).chain(grade8::COURSES)
}

/// The course of this subject in this class.
pub(super) fn of(class: &str, subject: &str) -> Option<&'static Course> {
    all().find(|course| course.class == class && course.subject == subject)
}
