//! A school as lists: all that its files are made of.

use super::{
    courses::Course,
    homes::Home,
    timetable::{WEEKDAYS, Week},
};

/// One of the sample's schools.
pub(super) struct School {
    /// The name (наименование).
    pub(super) name: &'static str,
    /// The founder (учредитель).
    pub(super) founder: &'static str,
    /// The municipality (муниципалитет).
    pub(super) municipality: &'static str,
    /// The classes, from the youngest.
    pub(super) classes: &'static [Class],
    /// Who teaches: no two share a family name.
    pub(super) teachers: &'static [Teacher],
    /// The families.
    pub(super) homes: &'static [Home],
    /// Parents whose СНИЛС nobody has entered.
    pub(super) without_snils: &'static [&'static str],
    /// Where the numbers of its people begin: СНИЛС and phones are made of them.
    pub(super) numbers_from: u64,
}

/// A class (класс).
pub(super) struct Class {
    /// Its name; no two classes of the sample share one.
    pub(super) name: &'static str,
    /// The year of study (параллель).
    pub(super) grade: u8,
    /// The weekly timetable.
    pub(super) week: &'static Week,
    /// What it is taught.
    pub(super) courses: &'static [Course],
}

/// A teacher (учитель).
pub(super) struct Teacher {
    /// Family name, given name, patronymic.
    pub(super) name: &'static str,
    /// Full years at the beginning of the school year.
    pub(super) age: u32,
    /// The subject the staff list names; in a small school many teach more than one.
    pub(super) subject: &'static str,
    /// The class whose class teacher (классный руководитель) this is, or nothing.
    pub(super) class: &'static str,
    /// The teacher's own room (кабинет).
    pub(super) room: &'static str,
}

impl School {
    /// The class of this name.
    pub(super) fn class(&self, name: &str) -> Option<&'static Class> {
        self.classes.iter().find(|class| class.name == name)
    }

    /// The teacher of this family name.
    pub(super) fn teacher(&self, family: &str) -> Option<&'static Teacher> {
        self.teachers.iter().find(|teacher| teacher.name.split(' ').next() == Some(family))
    }
}

impl Class {
    /// The lessons of one weekday: weekday from 0, number from 1, subject.
    pub(super) fn lessons(
        &self,
        weekday: usize,
    ) -> impl Iterator<Item = (u8, &'static str)> + use<> {
        let day = self.week.get(weekday).copied().unwrap_or_default();
        (1..).zip(day.iter().copied())
    }

    /// How many lessons of a subject there are in a week.
    pub(super) fn hours(&self, subject: &str) -> usize {
        let week = (0..WEEKDAYS.len()).flat_map(|weekday| self.lessons(weekday));
        week.filter(|(_, of)| *of == subject).count()
    }

    /// The course of this subject.
    pub(super) fn course(&self, subject: &str) -> Option<&'static Course> {
        self.courses.iter().find(|course| course.subject == subject)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::sample::schools::SCHOOLS;

    #[test]
    fn every_lesson_is_of_a_course_and_every_course_has_lessons() {
        let mut hours = Vec::new();
        for class in SCHOOLS.iter().flat_map(|school| school.classes) {
            let week: Vec<_> = (0..5).flat_map(|weekday| class.lessons(weekday)).collect();
            assert!(week.iter().all(|(_, subject)| class.course(subject).is_some()));
            for course in class.courses {
                assert!(class.hours(course.subject) > 0, "{} {}", class.name, course.subject);
            }
            hours.push((class.name, week.len()));
        }
        assert_eq!(hours, [("2А", 23), ("5Б", 29), ("8А", 33), ("9Б", 30)]);
    }

    #[test]
    fn every_course_has_its_teachers_and_every_class_its_class_teacher() {
        for school in SCHOOLS {
            for class in school.classes {
                let families = class.courses.iter().flat_map(|course| course.teachers);
                families.for_each(|family| assert!(school.teacher(family).is_some(), "{family}"));
                let leads = school.teachers.iter().filter(|teacher| teacher.class == class.name);
                assert_eq!(leads.count(), 1, "{}", class.name);
            }
            let families: BTreeSet<_> =
                school.teachers.iter().map(|teacher| teacher.name.split(' ').next()).collect();
            assert_eq!(families.len(), school.teachers.len());
        }
    }
}
