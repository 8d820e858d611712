//! The lessons of the year: the timetable laid over the calendar, with cancelled and replaced ones.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    courses::Course,
    dice::Dice,
    plan::{Step, plan},
    school::{Class, School, Teacher},
    works,
    year::SchoolYear,
};

/// A lesson (урок) as it is once everything about it is written.
pub(super) struct Lesson {
    pub(super) date: NaiveDate,
    pub(super) class: &'static Class,
    pub(super) subgroup: Option<u8>,
    pub(super) number: u8,
    pub(super) course: &'static Course,
    /// The subject it replaces (вместо).
    pub(super) instead_of: Option<&'static str>,
    pub(super) teacher: &'static Teacher,
    /// What happens in it; nothing if it is cancelled.
    pub(super) step: Option<Step>,
    /// What is set for everybody; empty if nothing is.
    pub(super) homework: String,
    /// The topic whose homework is checked in it.
    pub(super) checks: Option<&'static str>,
}

impl Lesson {
    /// Dice about this lesson.
    pub(super) fn dice(&self, purpose: &str) -> Dice {
        lesson_dice(purpose, self.date, self.class.name, self.number)
            .number(self.subgroup.unwrap_or_default().into())
    }
}

/// All lessons of a school's year, by date, class, number and subgroup.
pub(super) fn of_year(school: &School, year: &SchoolYear) -> Vec<Lesson> {
    let mut lessons = Vec::new();
    for (date, weekday) in year.school_days() {
        for class in school.classes {
            for (number, subject) in class.lessons(weekday) {
                lessons.extend(held(school, date, weekday, class, number, subject));
            }
        }
    }
    teach(&mut lessons);
    lessons
}

/// What becomes of one lesson of the timetable: one row, or one for each subgroup.
fn held(
    school: &School,
    date: NaiveDate,
    weekday: usize,
    class: &'static Class,
    number: u8,
    subject: &'static str,
) -> Vec<Lesson> {
    let planned = class.course(subject);
    let fate = lesson_dice("fate", date, class.name, number).below(160);
    let replacing = planned
        .filter(|course| fate == 0 && course.teachers.len() == 1)
        .and_then(|_| substitute(school, date, weekday, class, number));
    let Some(course) = replacing.or(planned) else { return Vec::new() };
    let rows = course.subgroups().filter_map(|(subgroup, family)| {
        Some(Lesson {
            date,
            class,
            subgroup,
            number,
            course,
            instead_of: replacing.map(|_| subject),
            teacher: school.teacher(family)?,
            step: None,
            homework: String::new(),
            checks: None,
        })
    });
    rows.collect()
}

/// A subject the class does not have on this day, whose teacher is free in this hour.
fn substitute(
    school: &School,
    date: NaiveDate,
    weekday: usize,
    class: &Class,
    number: u8,
) -> Option<&'static Course> {
    let busy: Vec<&str> = school
        .classes
        .iter()
        .flat_map(|other| {
            let hour = other.lessons(weekday).filter(|(at, _)| *at == number);
            hour.filter_map(|(_, subject)| other.course(subject))
        })
        .flat_map(|course| course.teachers.iter().copied())
        .collect();
    let candidates: Vec<Option<&'static Course>> = class
        .courses
        .iter()
        .filter(|course| course.teachers.len() == 1)
        .filter(|course| course.teachers.iter().all(|teacher| !busy.contains(teacher)))
        .filter(|course| class.lessons(weekday).all(|(_, s)| s != course.subject))
        .map(Some)
        .collect();
    lesson_dice("substitute", date, class.name, number).pick(&candidates)
}

/// Gives every lesson that takes place its step of the plan of its course.
fn teach(lessons: &mut [Lesson]) {
    let mut taught: BTreeMap<_, Vec<&mut Lesson>> = BTreeMap::new();
    for lesson in lessons.iter_mut().filter(|lesson| !is_cancelled(lesson)) {
        let course = (lesson.class.name, lesson.course.subject, lesson.subgroup);
        taught.entry(course).or_default().push(lesson);
    }
    for lessons in taught.into_values() {
        let Some(course) = lessons.first().map(|lesson| lesson.course) else { continue };
        let steps = plan(course, lessons.len());
        let mut set = None;
        for (lesson, step) in lessons.into_iter().zip(steps) {
            lesson.homework = works::homework(course.manner, &step, &mut lesson.dice("homework"));
            let is_checked = !lesson.homework.is_empty() && course.manner.checks_homework();
            lesson.checks = std::mem::replace(&mut set, is_checked.then_some(step.topic));
            lesson.step = Some(step);
        }
    }
}

fn is_cancelled(lesson: &Lesson) -> bool {
    lesson.instead_of.is_none() && lesson.dice("cancelled").below(160) == 0
}

fn lesson_dice(purpose: &str, date: NaiveDate, class: &str, number: u8) -> Dice {
    Dice::of(purpose).day(date).text(class).number(number.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{schools::SCHOOLS, year::on};

    #[test]
    fn about_one_lesson_in_eighty_is_cancelled_or_replaced() {
        let lessons = of_year(SCHOOLS[0], &SchoolYear::of(on(2025, 9, 1)));
        let cancelled = lessons.iter().filter(|lesson| lesson.step.is_none()).count();
        let replaced = lessons.iter().filter(|lesson| lesson.instead_of.is_some()).count();
        let all = lessons.len();
        assert!(cancelled > 5 && replaced > 5, "{cancelled} {replaced}");
        assert!(
            (60..110).contains(&(all / (cancelled + replaced))),
            "{all} {cancelled} {replaced}"
        );
    }

    #[test]
    fn no_teacher_stands_in_two_rooms_at_once() {
        let year = SchoolYear::of(on(2025, 9, 1));
        let mut hours = std::collections::BTreeSet::new();
        for lesson in SCHOOLS.iter().flat_map(|school| of_year(school, &year)) {
            let hour = (lesson.date, lesson.number, lesson.teacher.name);
            assert!(hours.insert(hour), "{hour:?}");
        }
    }
}
