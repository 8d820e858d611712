//! Who is in a school: its classes, pupils with their families, and staff.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use eschool_core::identity::FullName;

use super::{
    Region,
    numbers::{Place, printed},
    table::{Table, date},
    timetable,
};
use crate::{names, random::Random};

/// Somebody.
#[derive(Clone, Debug)]
pub(super) struct Person {
    place: Place,
    pub(super) name: FullName,
    born: NaiveDate,
}

/// A family: what its children have in common, and their parents with their kinship.
#[derive(Clone, Debug)]
struct Family {
    name: &'static str,
    patronymic: &'static str,
    parents: Vec<(Person, &'static str)>,
}

/// A class.
#[derive(Clone, Debug)]
pub(super) struct Class {
    pub(super) grade: usize,
    pub(super) name: String,
}

/// A pupil.
#[derive(Clone, Debug)]
pub(super) struct Pupil {
    pub(super) person: Person,
    /// The place of the class.
    pub(super) class: usize,
    /// 1 or 2.
    pub(super) subgroup: usize,
    family: usize,
}

/// A teacher of one subject.
#[derive(Clone, Debug)]
pub(super) struct Teacher {
    pub(super) person: Person,
    pub(super) subject: &'static str,
}

/// Everybody of a school.
#[derive(Clone, Debug)]
pub(super) struct People {
    region: Region,
    pub(super) classes: Vec<Class>,
    /// Class by class.
    pub(super) pupils: Vec<Pupil>,
    families: Vec<Family>,
    /// Subject by subject; the first of them lead the classes.
    pub(super) staff: Vec<Teacher>,
}

impl People {
    pub(super) fn of(region: &Region, school: usize) -> Self {
        let random = &mut region.random("people", school);
        let size = 450 + random.below(301);
        let classes = classes(size / 25);
        let mut next = 0;
        let mut place = || {
            next += 1;
            Place::of(school, next)
        };
        let mut people = Self {
            region: *region,
            pupils: Vec::with_capacity(size),
            families: Vec::new(),
            staff: Vec::new(),
            classes,
        };
        let abroad = people.shared_families(school);
        let mut names = HashSet::new();
        for class in 0..people.classes.len() {
            let grade = people.classes[class].grade;
            let own =
                size * (class + 1) / people.classes.len() - size * class / people.classes.len();
            let guests = abroad.iter().filter(|(at, ..)| *at == class);
            let guests: Vec<_> = guests.map(|(_, family, place)| (*family, Some(*place))).collect();
            let pupils = std::iter::repeat_n(None, own).chain(guests.into_iter().map(Some));
            for (number, guest) in pupils.enumerate() {
                let (family, known) = match guest {
                    Some(guest) => guest,
                    None => (people.family(random, class, &mut place), None),
                };
                let name = loop {
                    let Family { name, patronymic, .. } = people.families[family];
                    let woman = random.below(2) == 1;
                    let name = names::formed(name, names::given(random, woman), patronymic, woman);
                    if names.insert((class, name.to_string())) {
                        break name;
                    }
                };
                let born = first_of_birth(grade) + Days::new(random.below(340) as u64);
                let person = Person { place: known.unwrap_or_else(&mut place), name, born };
                people.pupils.push(Pupil { person, class, subgroup: number % 2 + 1, family });
            }
        }
        people.hire(random, &mut place);
        people
    }

    /// The families with a child here and another in the school before or after: the class, the
    /// family, and the child's place.
    fn shared_families(&mut self, school: usize) -> Vec<(usize, usize, Place)> {
        let before = school.checked_sub(1).map(|before| (before, 2));
        let after = (school + 1 < self.region.schools).then_some((school, 3));
        let mut found = Vec::new();
        for (border, member) in before.into_iter().chain(after) {
            let mut random = self.region.random("border", border);
            for family in 0..Region::SHARED {
                let place = |member| Place::shared(border, family, member);
                let mut members = (0..2).map(place);
                let made = Family::of(&mut random, || members.next().expect("there are two"));
                // Both schools draw the same, so that the next family is the same too.
                let class = [random.below(9), random.below(9)][member - 2] % self.classes.len();
                found.push((class, self.families.len(), place(member)));
                self.families.push(made);
            }
        }
        found
    }

    /// The family of a class's next pupil: one that has a child in another class, or a new one.
    fn family(&mut self, random: &mut Random, class: usize, place: impl FnMut() -> Place) -> usize {
        if class > 0 && random.below(10) < 3 {
            let sibling = &self.pupils[random.below(self.pupils.len())];
            let is_free = sibling.class != class
                && !self.pupils.iter().any(|p| p.class == class && p.family == sibling.family);
            if is_free {
                return sibling.family;
            }
        }
        self.families.push(Family::of(random, place));
        self.families.len() - 1
    }

    /// As many teachers of each subject as its hours need.
    fn hire(&mut self, random: &mut Random, mut place: impl FnMut() -> Place) {
        let mut names = HashSet::new();
        for (subject, hours) in timetable::hours(&self.classes) {
            for _ in 0..hours.div_ceil(20) {
                let person = loop {
                    let (name, born) = (names::somebody(random), grown_up(random));
                    if names.insert(name.to_string()) {
                        break Person { place: place(), name, born };
                    }
                };
                self.staff.push(Teacher { person, subject });
            }
        }
    }

    /// How many parents there are.
    pub(super) fn parents(&self) -> usize {
        let mut families: Vec<usize> = self.pupils.iter().map(|pupil| pupil.family).collect();
        families.sort_unstable();
        families.dedup();
        families.into_iter().map(|family| self.families[family].parents.len()).sum()
    }

    pub(super) fn staff_file(&self) -> String {
        let mut table = Table::new(&[
            "Фамилия",
            "Имя",
            "Отчество",
            "Дата рождения",
            "Телефон",
            "СНИЛС",
            "Предмет",
            "Классный руководитель",
        ]);
        for (number, teacher) in self.staff.iter().enumerate() {
            let class = self.classes.get(number).map_or("", |class| &class.name);
            let [family, given, patronymic, born, snils] = self.cells(&teacher.person);
            let phone = teacher.person.place.phone(&self.region);
            table.row(&[
                &family,
                &given,
                &patronymic,
                &born,
                &phone,
                &snils,
                teacher.subject,
                class,
            ]);
        }
        table.finish()
    }

    pub(super) fn pupils_file(&self) -> String {
        let mut table = Table::new(&[
            "Класс",
            "Фамилия",
            "Имя",
            "Отчество",
            "Дата рождения",
            "СНИЛС",
            "Эл. почта",
            "Зачислен",
            "Выбыл",
            "Подгруппа",
        ]);
        for (number, pupil) in self.pupils.iter().enumerate() {
            let [family, given, patronymic, born, snils] = self.cells(&pupil.person);
            let email = pupil.person.place.email(&self.region);
            let email = if number % 3 == 0 { email.as_str() } else { "" };
            let (class, subgroup) = (&self.classes[pupil.class].name, pupil.subgroup.to_string());
            table.row(&[
                class,
                &family,
                &given,
                &patronymic,
                &born,
                &snils,
                email,
                "01.09.2024",
                "",
                &subgroup,
            ]);
        }
        table.finish()
    }

    pub(super) fn parents_file(&self) -> String {
        let mut table = Table::new(&[
            "Фамилия",
            "Имя",
            "Отчество",
            "Дата рождения",
            "Телефон",
            "СНИЛС",
            "Тип родства",
            "Ребёнок",
            "Класс",
        ]);
        for pupil in &self.pupils {
            for (parent, kinship) in &self.families[pupil.family].parents {
                let [family, given, patronymic, born, snils] = self.cells(parent);
                let (child, phone) =
                    (pupil.person.name.to_string(), parent.place.phone(&self.region));
                let class = &self.classes[pupil.class].name;
                table.row(&[
                    &family,
                    &given,
                    &patronymic,
                    &born,
                    &phone,
                    &snils,
                    kinship,
                    &child,
                    class,
                ]);
            }
        }
        table.finish()
    }

    /// Name, birth date and СНИЛС as cells.
    fn cells(&self, person: &Person) -> [String; 5] {
        let name = &person.name;
        [
            name.family().to_string(),
            name.given().to_string(),
            name.patronymic().as_deref().unwrap_or_default().to_owned(),
            date(person.born),
            printed(person.place.snils(&self.region)),
        ]
    }
}

impl Family {
    fn of(random: &mut Random, mut place: impl FnMut() -> Place) -> Self {
        let (name, patronymic) = (names::family(random), names::patronymic(random));
        let drawn = random.below(100);
        let mut parents = Vec::new();
        let mut parent = |woman, kinship| {
            let own = names::patronymic(random);
            let name = names::formed(name, names::given(random, woman), own, woman);
            parents.push((Person { place: place(), name, born: grown_up(random) }, kinship));
        };
        if drawn < 95 {
            parent(true, "мать");
        }
        if drawn >= 35 {
            parent(false, "отец");
        }
        Self { name, patronymic, parents }
    }
}

/// So many classes, twenty at least: every grade has one, the lower ones more.
fn classes(count: usize) -> Vec<Class> {
    let count = count.max(20);
    let mut of_grade = [2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1];
    let grades = of_grade.len();
    for more in 0..count - 20 {
        of_grade[more % grades] += 1;
    }
    let letters = ["А", "Б", "В", "Г", "Д"];
    let classes = of_grade
        .iter()
        .zip(1..)
        .flat_map(|(count, grade)| letters.iter().take(*count).map(move |letter| (grade, letter)));
    classes.map(|(grade, letter)| Class { grade, name: format!("{grade}{letter}") }).collect()
}

/// The first day on which a pupil of a grade was born, in September 2024.
fn first_of_birth(grade: usize) -> NaiveDate {
    day(2018 - grade as i32, 3, 1)
}

/// From 1968 to 1985: twenty years older than any pupil.
fn grown_up(random: &mut Random) -> NaiveDate {
    day(1968, 1, 1) + Days::new(random.below(18 * 365) as u64)
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("such a day is")
}
