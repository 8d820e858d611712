//! The journal (классный журнал): lessons with everything that belongs to them, and how much of it
//! is written in the morning of a day.

use chrono::{Datelike, NaiveDate};

use super::{
    attendance::DaysAway,
    lessons::{self, Lesson},
    marks::{self, Mark},
    registry::Pupil,
    school::School,
    works,
    year::{SchoolYear, plus},
};

/// The journal of the whole year as it is once everything is written. It does not depend on the
/// day: see [`Morning`].
pub(super) struct Journal(pub(super) Vec<Entry>);

/// A lesson and what belongs to it.
pub(super) struct Entry {
    pub(super) lesson: Lesson,
    pub(super) marks: Vec<Mark>,
    /// Pupil and code.
    pub(super) attendance: Vec<(&'static str, &'static str)>,
    /// Pupil and what is set for that one.
    pub(super) individual_homework: Option<(&'static str, String)>,
}

impl Journal {
    /// The journal of a school with these pupils.
    pub(super) fn of(school: &School, year: &SchoolYear, pupils: &[Pupil]) -> Self {
        let away = DaysAway::of(pupils, year);
        let lessons = lessons::of_year(school, year).into_iter();
        Self(lessons.map(|lesson| entry(lesson, pupils, &away)).collect())
    }
}

fn entry(lesson: Lesson, pupils: &[Pupil], away: &DaysAway) -> Entry {
    let taught = pupils.iter().filter(|p| p.is_in(lesson.class.name, lesson.subgroup, lesson.date));
    let taught: Vec<&Pupil> = taught.collect();
    let mut dice = lesson.dice("individual homework");
    let names: Vec<&'static str> = taught.iter().map(|pupil| pupil.person.name).collect();
    let step = lesson.step.as_ref();
    Entry {
        marks: marks::of_lesson(&lesson, &taught, away),
        attendance: step.map_or_else(Vec::new, |_| {
            let code = |pupil: &&Pupil| Some((pupil.person.name, away.code(pupil, &lesson)?));
            taught.iter().filter_map(code).collect()
        }),
        individual_homework: step
            .filter(|_| !names.is_empty() && dice.below(60) == 0)
            .map(|step| (dice.pick(&names), works::individual_homework(step, &mut dice))),
        lesson,
    }
}

/// The morning of a day: what teachers have written by then.
pub(super) struct Morning<'a> {
    today: NaiveDate,
    year: &'a SchoolYear,
    /// The school days before today, the latest first.
    gone: Vec<NaiveDate>,
}

impl<'a> Morning<'a> {
    /// The last school days on which a teacher may be behind.
    const BEHIND: usize = 3;

    pub(super) fn of(today: NaiveDate, year: &'a SchoolYear) -> Self {
        let days = year.school_days().map(|(day, _)| day);
        let mut gone: Vec<_> = days.take_while(|day| *day < today).collect();
        gone.reverse();
        Self { today, year, gone }
    }

    /// Whether the journal has a row for this lesson: the current week is laid out to its end.
    pub(super) fn holds(&self, lesson: &Lesson) -> bool {
        let sunday = 6 - i64::from(self.today.weekday().num_days_from_monday());
        lesson.date <= plus(self.today, sunday)
    }

    /// Whether the lesson is filled. One in forty of the latest is not, unless its term is over.
    pub(super) fn is_filled(&self, lesson: &Lesson) -> bool {
        let is_behind = || lesson.dice("behind").below(40) == 0;
        lesson.date < self.today
            && (self.days_since(lesson.date) > Self::BEHIND
                || self.is_over(lesson.date)
                || !is_behind())
    }

    /// Whether the mark is entered.
    pub(super) fn has(&self, mark: &Mark, lesson: &Lesson) -> bool {
        self.is_filled(lesson)
            && (self.days_since(lesson.date) > mark.entered_after || self.is_over(lesson.date))
    }

    /// Whether the term that holds this day has ended.
    pub(super) fn is_over(&self, day: NaiveDate) -> bool {
        self.year.term_of(day).is_some_and(|term| term.ends < self.today)
    }

    /// How many school days have gone since this one, itself included.
    fn days_since(&self, day: NaiveDate) -> usize {
        self.gone.iter().take_while(|gone| **gone >= day).count()
    }
}
