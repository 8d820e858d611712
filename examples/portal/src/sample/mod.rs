//! The built-in sample: two small schools of one town as exchange files, so that whoever starts
//! the portal finds a year of lessons, marks and people to sign in as, with cards or through ЕСИА.
//!
//! Nobody in it is real. Chance is seeded with what it is about ([`dice`]), so the same lesson is
//! the same on every start; a later day only adds to what an earlier one had. Here live lists
//! ([`schools`], [`manners`], [`esia`]) and what makes a year of them. Nothing here reads a clock, a file or a store: the portal imports these files like any others.

mod attendance;
mod courses;
mod csv;
mod dice;
mod esia;
mod export;
mod finals;
mod homes;
mod journal;
mod lessons;
mod manners;
mod marks;
mod plan;
mod registry;
mod school;
mod schools;
#[cfg(test)]
mod tests;
mod thresholds;
mod timetable;
mod works;
mod year;

use chrono::NaiveDate;

pub(crate) use esia::{EsiaAccount, SampleEsiaPerson, by_esia, esia_people};
use homes::Turn;
use journal::{Journal, Morning};
use registry::{Pupil, Registry};
use school::School;
use year::SchoolYear;

/// One file of the exchange format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SampleFile {
    /// Its name, as in `marks.csv`.
    pub(crate) name: &'static str,
    /// Its text, with a byte order mark and CRLF between rows.
    pub(crate) text: String,
}

/// A pupil worth signing in as with a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SamplePerson {
    /// Family name, given name, patronymic.
    pub(crate) name: &'static str,
    /// The class.
    pub(crate) class: &'static str,
    /// What to expect, in Russian.
    pub(crate) note: String,
}

/// How many schools there are.
pub(crate) const SCHOOLS: usize = schools::SCHOOLS.len();

/// The sample schools as exchange files, as they would be exported in the morning of `today`.
///
/// `first_day` is the day on which the portal first created its data: people depend on it alone,
/// and it chooses the school year. `today` is that day or a later one; what is known of a lesson
/// does not depend on it, only how much of it is written yet.
pub(crate) fn schools(
    first_day: NaiveDate,
    today: NaiveDate,
) -> impl Iterator<Item = Vec<SampleFile>> {
    let year = SchoolYear::of(first_day);
    let registries = Registry::on(first_day);
    let schools = schools::SCHOOLS.into_iter().zip(registries);
    schools.map(move |(school, registry)| files(school, &registry, &year, today))
}

fn files(
    school: &School,
    registry: &Registry,
    year: &SchoolYear,
    today: NaiveDate,
) -> Vec<SampleFile> {
    let journal = &Journal::of(school, year, &registry.pupils);
    let morning = &Morning::of(today, year);
    [
        ("school.csv", export::school(school)),
        ("calendar.csv", export::calendar(year)),
        ("periods.csv", export::periods(school, year)),
        ("bells.csv", export::bells()),
        ("staff.csv", export::staff(registry)),
        ("pupils.csv", export::pupils(registry)),
        ("parents.csv", export::parents(school, registry)),
        ("timetable.csv", export::timetable(school)),
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

/// Whom to sign in as by password, with what to expect; all of them are in the first school.
pub(crate) fn people(first_day: NaiveDate) -> Vec<SamplePerson> {
    let pupils = Registry::on(first_day).into_iter().next().map(|registry| registry.pupils);
    let shown = pupils.iter().flatten().filter_map(|pupil| {
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
        Turn::Plain | Turn::Fifteen | Turn::Exempt => None,
    }
}
