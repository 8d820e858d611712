//! Regions: as many schools as one likes, each as the files that schools exchange.
//!
//! `numbers`: what tells people apart. `people`: families and staff. `timetable`: who teaches what,
//! hour by hour. `journal`: a quarter of lessons with what stands in them. `table`: how a file is
//! written. A school is made by itself, from the region's seed and its number, so that a region need
//! not be held at once; its neighbours are asked for the families they share.

mod journal;
mod numbers;
mod people;
mod table;
mod timetable;

use self::{journal::Journal, people::People, table::Table, timetable::Timetable};
use crate::random::Random;

/// A region of schools with some 600 pupils each, and the first quarter of 2024/25.
///
/// Everybody has a СНИЛС and, if grown up, a mobile phone, no two the same; a third of the pupils
/// has an e-mail address. Three pupils of ten have a sister or brother in the school, and
/// [`SHARED`](Self::SHARED) families have a child in one school and another in the next.
///
/// ```
/// use eschool_benches::region::Region;
///
/// let region = Region::new(7, 3);
/// let school = region.school(0);
/// assert!(school.files.iter().any(|(name, _)| *name == "marks.csv"));
/// assert_eq!(school, Region::new(7, 3).school(0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    seed: u64,
    schools: usize,
}

/// A school's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct School {
    /// Its name.
    pub name: String,
    /// Each file's name and text.
    pub files: Vec<(&'static str, String)>,
    /// What is in them.
    pub counts: Counts,
}

/// How many rows there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Pupils.
    pub pupils: usize,
    /// Parents and guardians.
    pub parents: usize,
    /// Lessons of the journal.
    pub lessons: usize,
    /// Marks.
    pub marks: usize,
}

impl Region {
    /// How many families have children in a school and in the next one.
    pub const SHARED: usize = 6;

    /// So many schools, drawn from a seed.
    #[must_use]
    pub const fn new(seed: u64, schools: usize) -> Self {
        Self { seed, schools }
    }

    /// How many schools there are.
    #[must_use]
    pub const fn schools(&self) -> usize {
        self.schools
    }

    /// The school of this number, from zero on.
    #[must_use]
    pub fn school(&self, number: usize) -> School {
        let people = People::of(self, number);
        let timetable = Timetable::of(&people, &mut self.random("timetable", number));
        let journal = Journal::of(&people, &timetable, &mut self.random("journal", number));
        let name = format!(
            "Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная \
             школа № {}»",
            number + 1
        );
        let counts = Counts {
            pupils: people.pupils.len(),
            parents: people.parents(),
            lessons: journal.lessons,
            marks: journal.marks,
        };
        let files = vec![
            ("school.csv", school(&name)),
            ("calendar.csv", timetable::calendar()),
            ("periods.csv", timetable::periods()),
            ("bells.csv", timetable::bells()),
            ("staff.csv", people.staff_file()),
            ("pupils.csv", people.pupils_file()),
            ("parents.csv", people.parents_file()),
            ("timetable.csv", timetable.file(&people)),
            ("lessons.csv", journal.lessons_file),
            ("marks.csv", journal.marks_file),
            ("attendance.csv", journal.attendance_file),
            ("finals.csv", journal.finals_file),
        ];
        School { name, files, counts }
    }

    /// Numbers about something of a school, or of the border between it and the next one.
    fn random(&self, about: &str, number: usize) -> Random {
        let about = about.bytes().fold(self.seed, |seed, byte| {
            seed.wrapping_mul(0x0000_0100_0000_01b3) ^ u64::from(byte)
        });
        let mut random =
            Random::seeded(about ^ (number as u64).wrapping_mul(0xd6e8_feb8_6659_fd93));
        Random::seeded(random.next())
    }
}

fn school(name: &str) -> String {
    let mut table = Table::new(&["Наименование", "Учредитель", "Муниципалитет", "Часовой пояс"]);
    table.row(&[name, "Управление образования", "городской округ", "Europe/Samara"]);
    table.finish()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use eschool_core::identity::{MobilePhone, Snils};

    use super::*;

    fn column(school: &School, file: &str, heading: &str) -> Vec<String> {
        let (_, text) = school.files.iter().find(|(name, _)| *name == file).unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let place = reader.headers().unwrap().iter().position(|found| found == heading).unwrap();
        reader.records().map(|row| row.unwrap()[place].to_owned()).collect()
    }

    #[test]
    fn a_school_is_that_of_its_region_alone() {
        let region = Region::new(7, 3);
        assert_eq!(region.school(1), Region::new(7, 3).school(1));
        assert_ne!(region.school(1).files, region.school(2).files);
        assert_ne!(region.school(1).files, Region::new(8, 3).school(1).files);
    }

    #[test]
    fn nobody_has_the_numbers_of_another() {
        let region = Region::new(1, 3);
        let mut whose: BTreeMap<Snils, BTreeSet<String>> = BTreeMap::new();
        for school in (0..3).map(|number| region.school(number)) {
            for file in ["pupils.csv", "parents.csv", "staff.csv"] {
                let names = column(&school, file, "Фамилия").into_iter();
                let names = names.zip(column(&school, file, "Имя"));
                for ((family, given), number) in names.zip(column(&school, file, "СНИЛС")) {
                    let snils = Snils::parse(&number).unwrap();
                    whose.entry(snils).or_default().insert(format!("{family} {given}"));
                }
            }
            for file in ["parents.csv", "staff.csv"] {
                for phone in column(&school, file, "Телефон") {
                    MobilePhone::parse(&phone).unwrap();
                }
            }
        }
        assert!(whose.len() > 3_000, "{}", whose.len());
        assert_eq!(whose.values().find(|names| names.len() > 1), None);
    }

    #[test]
    fn neighbours_share_families_and_nobody_else_does() {
        let region = Region::new(5, 3);
        let parents = |number| -> BTreeSet<String> {
            column(&region.school(number), "parents.csv", "СНИЛС").into_iter().collect()
        };
        let [first, second, third] = [0, 1, 2].map(parents);
        for (one, other) in [(&first, &second), (&second, &third)] {
            let shared = one.intersection(other).count();
            assert!((Region::SHARED..=2 * Region::SHARED).contains(&shared), "{shared}");
        }
        assert_eq!(first.intersection(&third).count(), 0);
    }

    #[test]
    fn schools_are_of_some_six_hundred_pupils_and_a_quarter() {
        let region = Region::new(1, 12);
        let schools = (0..12).map(|number| region.school(number).counts);
        let mut pupils = 0;
        for counts in schools {
            assert!((450..=770).contains(&counts.pupils), "{counts:?}");
            assert!((25..60).contains(&(counts.marks / counts.pupils)), "{counts:?}");
            assert!((1..3).contains(&(counts.parents / counts.pupils)), "{counts:?}");
            assert!(counts.lessons > 4_000, "{counts:?}");
            pupils += counts.pupils;
        }
        assert!((540..660).contains(&(pupils / 12)), "{pupils}");
    }

    #[test]
    fn a_name_stands_once_in_a_class() {
        let school = Region::new(3, 1).school(0);
        let mut names = BTreeSet::new();
        let cells =
            ["Класс", "Фамилия", "Имя", "Отчество"].map(|c| column(&school, "pupils.csv", c));
        for row in 0..school.counts.pupils {
            assert!(names.insert(cells.each_ref().map(|cells| &cells[row])), "{row}");
        }
    }
}
