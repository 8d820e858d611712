//! The built-in sample school: one small school as exchange files, so that whoever starts the
//! portal finds a year of lessons, marks and people to sign in as.
//!
//! Nobody in it is real. Chance is seeded with what it is about ([`dice`]), so the same lesson is
//! the same on every start; a later day only adds to what an earlier one had. Here live lists
//! ([`homes`], [`staff`], [`timetable`], [`courses`], [`manners`]) and what makes a year of them.
//! Nothing here reads a clock, a file or a store: the portal imports these files like any others.

mod attendance;
mod courses;
mod csv;
mod dice;
mod export;
mod finals;
mod homes;
mod journal;
mod lessons;
mod manners;
mod marks;
mod plan;
mod registry;
mod staff;
#[cfg(test)]
mod tests;
mod thresholds;
mod timetable;
mod works;
mod year;

use chrono::NaiveDate;

use homes::Turn;
use journal::{Journal, Morning};
use registry::{Pupil, Registry};
use year::SchoolYear;

/// One file of the exchange format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SampleFile {
    /// Its name, as in `marks.csv`.
    pub(crate) name: &'static str,
    /// Its text, with a byte order mark and CRLF between rows.
    pub(crate) text: String,
}

/// A pupil of the sample school worth signing in as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SamplePerson {
    /// Family name, given name, patronymic.
    pub(crate) name: &'static str,
    /// The class.
    pub(crate) class: &'static str,
    /// What to expect, in Russian.
    pub(crate) note: String,
}

/// The sample school as exchange files, as they would be exported in the morning of `today`.
///
/// `first_day` is the day on which the portal first created its data: people depend on it alone,
/// and it chooses the school year. `today` is that day or a later one; what is known of a lesson
/// does not depend on it, only how much of it is written yet.
pub(crate) fn files(first_day: NaiveDate, today: NaiveDate) -> Vec<SampleFile> {
    let year = &SchoolYear::of(first_day);
    let registry = &Registry::on(first_day);
    let journal = &Journal::of(year, &registry.pupils);
    let morning = &Morning::of(today, year);
    [
        ("school.csv", export::school()),
        ("calendar.csv", export::calendar(year)),
        ("periods.csv", export::periods(year)),
        ("bells.csv", export::bells()),
        ("staff.csv", export::staff(registry)),
        ("pupils.csv", export::pupils(registry)),
        ("parents.csv", export::parents(registry)),
        ("timetable.csv", export::timetable()),
        ("lessons.csv", export::lessons(journal, morning)),
        ("individual_homework.csv", export::individual_homework(journal, morning)),
        ("marks.csv", export::marks(journal, morning)),
        ("attendance.csv", export::attendance(journal, morning)),
        ("finals.csv", export::finals(year, journal, &registry.pupils, morning)),
    ]
    .into_iter()
    .map(|(name, table)| SampleFile { name, text: table.finish() })
    .collect()
}

/// Whom to sign in as by password, with what to expect.
pub(crate) fn people(first_day: NaiveDate) -> Vec<SamplePerson> {
    let pupils = Registry::on(first_day).pupils;
    let shown = pupils.iter().filter_map(|pupil| {
        let note = note(pupil)?;
        Some(SamplePerson { name: pupil.person.name, class: pupil.class, note })
    });
    shown.collect()
}

fn note(pupil: &Pupil) -> Option<String> {
    let threshold = || csv::date(thresholds::reached(pupil.person.born));
    let she = pupil.person.is_female();
    match pupil.turn {
        Turn::Young => Some(format!("{} 8 лет", if she { "ученица" } else { "ученик" })),
        Turn::OnThreshold => {
            Some(format!("14,5 года исполнится {} – до этого дня дневник открыт", threshold()))
        }
        Turn::PastThreshold => {
            Some(format!("14,5 года исполнилось {} – только через ЕСИА", threshold()))
        }
        Turn::Gone => {
            let left = csv::date(pupil.left?);
            let gone = if she { "выбыла" } else { "выбыл" };
            Some(format!("{gone} из школы {left} – запись закрыта"))
        }
        Turn::Plain | Turn::Exempt => None,
    }
}
