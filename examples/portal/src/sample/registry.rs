//! The people of the sample as the registries of their schools know them on the first day.

use chrono::{Datelike, NaiveDate};

use super::{
    dice::Dice,
    homes::{Home, Role, Turn},
    school::{School, Teacher},
    schools::SCHOOLS,
    thresholds,
    year::{SchoolYear, months_before, on, plus},
};

/// Everybody of one school.
pub(super) struct Registry {
    /// By class and name.
    pub(super) pupils: Vec<Pupil>,
    /// One for each parent and child, in the order of the pupils.
    pub(super) guardianships: Vec<Guardianship>,
    /// In the order of the list.
    pub(super) staff: Vec<(Person, &'static Teacher)>,
}

/// A person.
#[derive(Clone, Copy)]
pub(super) struct Person {
    /// Family name, given name, patronymic.
    pub(super) name: &'static str,
    /// The birth date.
    pub(super) born: NaiveDate,
    number: u64,
}

/// A pupil (ученик) and the stay in a class.
pub(super) struct Pupil {
    pub(super) person: Person,
    pub(super) class: &'static str,
    pub(super) subgroup: u8,
    pub(super) mail: Option<&'static str>,
    pub(super) enrolled: NaiveDate,
    /// The last day in the school.
    pub(super) left: Option<NaiveDate>,
    pub(super) turn: Turn,
}

/// What binds a parent to a child (связь родитель–ребёнок).
pub(super) struct Guardianship {
    pub(super) parent: Person,
    pub(super) role: Role,
    pub(super) child: &'static str,
    pub(super) class: &'static str,
}

impl Registry {
    /// The registry of each school, where the portal was first used on this day.
    pub(super) fn on(first_day: NaiveDate) -> Vec<Self> {
        let mut known = Vec::new();
        SCHOOLS.iter().map(|school| Self::of(school, first_day, &mut known)).collect()
    }

    /// The registry of a school; adults who are `known` already are the same people.
    fn of(school: &School, first_day: NaiveDate, known: &mut Vec<Person>) -> Self {
        let year = SchoolYear::of(first_day);
        let staff: Vec<_> = (school.numbers_from + 1..)
            .zip(school.teachers)
            .map(|(number, teacher)| {
                let born = birthday(teacher.name, year.first.year(), teacher.age);
                (adult(Person { name: teacher.name, born, number }, known), teacher)
            })
            .collect();

        let mut pupils = Vec::new();
        let mut guardianships = Vec::new();
        let numbers = (10..).map(|tens| school.numbers_from + tens * 10);
        for (number, home) in numbers.zip(school.homes) {
            let children = children(home, number, school, &year, first_day);
            let eldest = children.iter().map(|child| child.person.born).min().unwrap_or(first_day);
            for (number, (role, name)) in (number + 5..).zip(home.parents) {
                let born = parent_born(*role, name, eldest);
                let parent = adult(Person { name, born, number }, known);
                guardianships.extend(children.iter().map(|child| Guardianship {
                    parent,
                    role: *role,
                    child: child.person.name,
                    class: child.class,
                }));
            }
            pupils.extend(children);
        }
        pupils.sort_by_key(|pupil| (pupil.class, alphabetical(pupil.person.name)));
        guardianships.sort_by_key(|of| (of.class, alphabetical(of.child)));
        divide(&mut pupils);
        Self { pupils, guardianships, staff }
    }

    /// Everybody, some of them more than once.
    pub(super) fn people(&self) -> impl Iterator<Item = Person> {
        let pupils = self.pupils.iter().map(|pupil| pupil.person);
        let parents = self.guardianships.iter().map(|of| of.parent);
        pupils.chain(parents).chain(self.staff.iter().map(|(person, _)| *person))
    }
}

impl Person {
    /// Somebody of no school; the number is nobody else's.
    pub(super) const fn outsider(name: &'static str, born: NaiveDate, number: u64) -> Self {
        Self { name, born, number }
    }

    /// The СНИЛС, from a range that is not given out yet.
    pub(super) fn snils(&self) -> String {
        let nine = 900_000_000 + self.number * 37_195_873 % 100_000_000;
        let digit = |place: u32| nine / 10_u64.pow(place) % 10;
        let sum: u64 = (0..9).map(|place| digit(place) * u64::from(place + 1)).sum();
        let (high, middle, low) = (nine / 1_000_000, nine / 1000 % 1000, nine % 1000);
        format!("{high:03}-{middle:03}-{low:03} {:02}", sum % 101 % 100)
    }

    /// A mobile phone that belongs to nobody else.
    pub(super) fn phone(&self) -> String {
        format!("+7900555{:04}", self.number * 7919 % 10_000)
    }

    /// Whether it is a girl or a woman: the patronymic tells.
    pub(super) fn is_female(&self) -> bool {
        self.name.ends_with("на")
    }
}

impl Pupil {
    /// Whether the pupil is of this class, and of this subgroup if there is one, on this day.
    pub(super) fn is_in(&self, class: &str, subgroup: Option<u8>, day: NaiveDate) -> bool {
        self.class == class
            && subgroup.is_none_or(|subgroup| subgroup == self.subgroup)
            && self.enrolled <= day
            && self.left.is_none_or(|left| day <= left)
    }
}

/// The adult of this name: the one who is known already, else this one.
fn adult(person: Person, known: &mut Vec<Person>) -> Person {
    if let Some(same) = known.iter().find(|same| same.name == person.name) {
        return *same;
    }
    known.push(person);
    person
}

/// The children of a home, numbered from here on.
fn children(
    home: &Home,
    first_number: u64,
    school: &School,
    year: &SchoolYear,
    first_day: NaiveDate,
) -> Vec<Pupil> {
    let child = |(number, (class, name, turn)): (u64, &(&'static str, &'static str, Turn))| {
        let grade = school.class(class).map_or(1, |class| class.grade);
        let twins = Dice::of("born").number(first_number).text(class);
        let left = (*turn == Turn::Gone).then(|| plus(first_day, -14));
        Pupil {
            person: Person { name, born: child_born(*turn, grade, first_day, year, twins), number },
            class,
            subgroup: 1,
            mail: home.mail,
            enrolled: enrolled(year, left),
            left,
            turn: *turn,
        }
    };
    (first_number..).zip(home.children).map(child).collect()
}

/// Family name, given name, patronymic apart.
pub(super) fn name_parts(name: &'static str) -> [&'static str; 3] {
    let mut parts = name.split(' ');
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// Those of a class who come first in the alphabet are the first subgroup.
fn divide(pupils: &mut [Pupil]) {
    for class in pupils.chunk_by_mut(|one, next| one.class == next.class) {
        let half = class.len().div_ceil(2);
        class.iter_mut().skip(half).for_each(|pupil| pupil.subgroup = 2);
    }
}

/// Since 1 September; one who was gone by then had been entered in summer.
fn enrolled(year: &SchoolYear, left: Option<NaiveDate>) -> NaiveDate {
    match left {
        Some(left) if left < year.first => on(year.first.year(), 6, 1),
        _ => year.first,
    }
}

fn child_born(
    turn: Turn,
    grade: u8,
    first_day: NaiveDate,
    year: &SchoolYear,
    mut dice: Dice,
) -> NaiveDate {
    match turn {
        Turn::Young => months_before(first_day, 8 * 12 + 6),
        Turn::Fifteen => months_before(first_day, 15 * 12 + 4),
        Turn::OnThreshold => thresholds::born_to_reach_from(plus(first_day, 1)),
        Turn::PastThreshold => thresholds::born_to_reach_by(plus(first_day, -24)),
        Turn::Plain | Turn::Gone | Turn::Exempt => {
            // the first class begins at six and a half to nearly eight
            let usual = months_before(year.first, (u32::from(grade) + 6) * 12);
            plus(usual, 150 - dice.below(470).cast_signed())
        }
    }
}

fn parent_born(role: Role, name: &str, eldest: NaiveDate) -> NaiveDate {
    let age = Dice::of("parent").text(name).below(13);
    let years = match role {
        Role::Mother => 22 + age,
        Role::Father => 24 + age,
        Role::Guardian => 50 + age,
    };
    birthday(name, eldest.year(), u32::try_from(years).unwrap_or_default())
}

/// Some day in the year before the one `age` years ago.
fn birthday(name: &str, year: i32, age: u32) -> NaiveDate {
    let base = months_before(on(year, 9, 1), age * 12);
    plus(base, -Dice::of("birthday").text(name).below(365).cast_signed())
}

/// As the alphabet goes, where ё stands with е.
fn alphabetical(name: &str) -> String {
    name.replace('ё', "е")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_snils_is_valid_and_one_persons() {
        let people = everybody();
        let owners: BTreeSet<_> = people.iter().map(|p| (p.snils(), p.name, p.born)).collect();
        let snils: BTreeSet<_> = people.iter().map(Person::snils).collect();
        assert_eq!(snils.len(), owners.len());
        for snils in snils {
            let digits: Vec<u32> = snils.chars().filter_map(|c| c.to_digit(10)).collect();
            let sum: u32 = digits.iter().take(9).zip((1..=9).rev()).map(|(d, w)| d * w).sum();
            assert_eq!(digits[9] * 10 + digits[10], sum % 101 % 100, "{snils}");
            assert_eq!(snils.len(), 14);
        }
    }

    fn everybody() -> Vec<Person> {
        let registries = Registry::on(on(2025, 10, 1));
        registries.iter().flat_map(Registry::people).collect()
    }

    #[test]
    fn nobody_shares_a_name_a_number_or_a_phone() {
        let people = everybody();
        let one: BTreeSet<_> = people.iter().map(|p| (p.name, p.number, p.phone())).collect();
        let names: BTreeSet<_> = people.iter().map(|person| person.name).collect();
        let numbers: BTreeSet<_> = people.iter().map(|person| person.number).collect();
        let phones: BTreeSet<_> = people.iter().map(Person::phone).collect();
        assert_eq!([names.len(), numbers.len(), phones.len()], [one.len(); 3]);
    }

    #[test]
    fn who_is_named_twice_is_one_person() {
        let registries = Registry::on(on(2025, 10, 1));
        let [third, first] = &registries[..] else { panic!("two schools") };
        let children = |registry: &Registry, snils: &str| -> Vec<&str> {
            let own = registry.guardianships.iter().filter(|of| of.parent.snils() == snils);
            own.map(|of| of.child).collect()
        };
        let (teacher, _) = third.staff.iter().find(|(_, teacher)| teacher.class == "8А").unwrap();
        assert_eq!(children(third, &teacher.snils()), ["Огурцова Варвара Николаевна"]);

        let mut abroad = BTreeSet::new();
        for parent in first.guardianships.iter().map(|of| of.parent) {
            if let [child] = children(third, &parent.snils())[..] {
                assert_eq!(child, "Арсланов Данияр Ильдарович");
                assert_eq!(children(first, &parent.snils()), ["Арсланова Алина Ильдаровна"]);
                abroad.insert(parent.name);
            }
        }
        assert_eq!(abroad.len(), 2);
    }

    #[test]
    fn ages_fit_classes_and_parents() {
        for first_day in [on(2025, 9, 1), on(2026, 2, 14), on(2028, 2, 29), on(2026, 8, 31)] {
            let september = SchoolYear::of(first_day).first;
            for registry in Registry::on(first_day) {
                for pupil in &registry.pupils {
                    let age = september.signed_duration_since(pupil.person.born).num_days() / 365;
                    let usual = match pupil.class {
                        "2А" => 7..=8,
                        "5Б" => 10..=12,
                        "8А" => 13..=14,
                        _ => 14..=15,
                    };
                    assert!(usual.contains(&age), "{first_day} {} {age}", pupil.person.name);
                }
                for of in &registry.guardianships {
                    let child = registry.pupils.iter().find(|p| p.person.name == of.child).unwrap();
                    let born = child.person.born;
                    let age = born.signed_duration_since(of.parent.born).num_days() / 365;
                    assert!((18..=66).contains(&age), "{} {age}", of.parent.name);
                }
            }
        }
    }

    #[test]
    fn twins_are_born_on_one_day_and_stand_in_one_class() {
        let births: Vec<_> = Registry::on(on(2025, 10, 1))
            .iter()
            .flat_map(|registry| &registry.pupils)
            .filter(|pupil| pupil.person.name.starts_with("Бушуева"))
            .map(|pupil| (pupil.class, pupil.person.born))
            .collect();
        assert_eq!(births.len(), 2);
        assert_eq!(births[0], births[1]);
    }
}
