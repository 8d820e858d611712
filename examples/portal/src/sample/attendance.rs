//! Who is away and why (посещаемость).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    dice::Dice,
    lessons::Lesson,
    registry::Pupil,
    year::{SchoolYear, plus},
};

/// Whole days away in one school year: illness and what a family asks for.
pub(super) struct DaysAway(BTreeMap<(&'static str, NaiveDate), &'static str>);

/// Ill (Б).
pub(super) const ILL: &str = "Б";
/// Excused (УП).
pub(super) const EXCUSED: &str = "УП";
/// Unexcused (НП).
pub(super) const UNEXCUSED: &str = "НП";
/// Away, nobody said why (н).
pub(super) const UNSPECIFIED: &str = "н";
/// Late (оп).
pub(super) const LATE: &str = "оп";

impl DaysAway {
    /// The days away of these pupils.
    pub(super) fn of(pupils: &[Pupil], year: &SchoolYear) -> Self {
        let mut days = BTreeMap::new();
        for name in pupils.iter().map(|pupil| pupil.person.name) {
            let mut dice = Dice::of("illness").text(name).day(year.first);
            let mut begins = plus(year.first, 3 + dice.below(200).cast_signed());
            while begins <= year.last {
                let length = 3 + dice.below(6).cast_signed();
                days.extend((0..length).map(|day| ((name, plus(begins, day)), ILL)));
                begins = plus(begins, length + 50 + dice.below(220).cast_signed());
            }
            for (day, _) in year.school_days() {
                if Dice::of("asked for").text(name).day(day).chance(4) {
                    days.entry((name, day)).or_insert(EXCUSED);
                }
            }
        }
        Self(days)
    }

    /// The code the journal holds for this pupil in this lesson.
    pub(super) fn code(&self, pupil: &Pupil, lesson: &Lesson) -> Option<&'static str> {
        let name = pupil.person.name;
        if let Some(code) = self.0.get(&(name, lesson.date)) {
            return Some(code);
        }
        let careless = Dice::of("careless").text(name).below(4);
        let late = if lesson.number == 1 { 15 + 10 * careless } else { 2 };
        let mut dice = lesson.dice("attendance").text(name);
        match dice.below(1000) {
            roll if roll < late => Some(LATE),
            roll if roll < late + careless * 2 => Some(UNEXCUSED),
            roll if roll < late + careless * 2 + 3 => Some(UNSPECIFIED),
            roll if roll < late + careless * 2 + 6 => Some(EXCUSED),
            _ => None,
        }
    }
}
