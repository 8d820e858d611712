//! Who teaches what, hour by hour, and the days of the year.

use super::{
    people::{Class, People},
    table::Table,
};
use crate::random::Random;

/// Subjects with their hours a week, for grades 1 to 4, 5 to 9, and 10 and 11.
const SUBJECTS: [&[(&str, usize)]; 3] = [
    &[
        ("Русский язык", 5),
        ("Литературное чтение", 4),
        ("Математика", 4),
        ("Физическая культура", 3),
        ("Окружающий мир", 2),
        (ENGLISH, 2),
        ("Музыка", 1),
        ("Изобразительное искусство", 1),
        ("Труд (технология)", 1),
    ],
    &[
        ("Алгебра", 5),
        ("Русский язык", 4),
        ("Литература", 3),
        (ENGLISH, 3),
        ("История", 2),
        ("География", 2),
        ("Биология", 2),
        ("Физика", 2),
        ("Физическая культура", 2),
        ("Труд (технология)", 2),
        ("Обществознание", 1),
        ("Информатика", 1),
        ("Музыка", 1),
    ],
    &[
        ("Алгебра", 4),
        ("Литература", 3),
        ("Физика", 3),
        ("История", 3),
        (ENGLISH, 3),
        ("Русский язык", 2),
        ("Геометрия", 2),
        ("Химия", 2),
        ("Обществознание", 2),
        ("Информатика", 2),
        ("Физическая культура", 2),
        ("Биология", 1),
        ("Основы безопасности и защиты Родины", 1),
    ],
];

/// Taught in two subgroups at once.
const ENGLISH: &str = "Английский язык";
const DAYS: [&str; 5] = ["Пн", "Вт", "Ср", "Чт", "Пт"];

/// A lesson of every week.
#[derive(Clone, Debug)]
pub(super) struct Hour {
    /// The place of the class.
    pub(super) class: usize,
    /// From Monday, zero, on.
    pub(super) weekday: usize,
    pub(super) number: usize,
    pub(super) subject: &'static str,
    /// None for the whole class.
    pub(super) subgroup: Option<usize>,
    /// The place of the teacher among the staff.
    pub(super) teacher: usize,
    pub(super) room: usize,
}

/// A school's week, class by class.
#[derive(Clone, Debug)]
pub(super) struct Timetable(pub(super) Vec<Hour>);

impl Timetable {
    pub(super) fn of(people: &People, random: &mut Random) -> Self {
        let mut hours = Vec::new();
        for (class, of) in people.classes.iter().enumerate() {
            let mut teachers = |subject: &str, parts: usize| -> Vec<usize> {
                let all = people.staff.iter().enumerate();
                let mut all: Vec<usize> = all
                    .filter(|(_, teacher)| teacher.subject == subject)
                    .map(|(place, _)| place)
                    .collect();
                random.shuffle(&mut all);
                all.into_iter().cycle().take(parts).collect()
            };
            let mut week: Vec<(usize, &'static str)> = Vec::new();
            let mut taught = Vec::new();
            for (place, (subject, weekly)) in subjects(of.grade).iter().enumerate() {
                let parts = if *subject == ENGLISH { 2 } else { 1 };
                taught.push(teachers(subject, parts));
                week.extend((0..*weekly).map(|_| (place, *subject)));
            }
            random.shuffle(&mut week);
            for (hour, (place, subject)) in week.into_iter().enumerate() {
                let parts = &taught[place];
                for (part, teacher) in parts.iter().enumerate() {
                    hours.push(Hour {
                        class,
                        weekday: hour % DAYS.len(),
                        number: hour / DAYS.len() + 1,
                        subject,
                        subgroup: (parts.len() > 1).then_some(part + 1),
                        teacher: *teacher,
                        room: 101 + (place * 7 + part) % 99,
                    });
                }
            }
        }
        Self(hours)
    }

    pub(super) fn file(&self, people: &People) -> String {
        let mut table =
            Table::new(&["Класс", "День", "Урок", "Предмет", "Подгруппа", "Учитель", "Кабинет"]);
        for hour in &self.0 {
            table.row(&[
                &people.classes[hour.class].name,
                DAYS[hour.weekday],
                &hour.number.to_string(),
                hour.subject,
                &hour.subgroup.map(|part| part.to_string()).unwrap_or_default(),
                &people.staff[hour.teacher].person.name.to_string(),
                &hour.room.to_string(),
            ]);
        }
        table.finish()
    }
}

/// What a grade is taught.
pub(super) fn subjects(grade: usize) -> &'static [(&'static str, usize)] {
    match grade {
        ..=4 => SUBJECTS[0],
        5..=9 => SUBJECTS[1],
        _ => SUBJECTS[2],
    }
}

/// Every subject, with the hours a week that all classes together need a teacher for.
pub(super) fn hours(classes: &[Class]) -> Vec<(&'static str, usize)> {
    let mut all: Vec<(&'static str, usize)> = Vec::new();
    for class in classes {
        for (subject, weekly) in subjects(class.grade) {
            let needed = if *subject == ENGLISH { 2 * weekly } else { *weekly };
            match all.iter_mut().find(|(known, _)| known == subject) {
                Some((_, hours)) => *hours += needed,
                None => all.push((subject, needed)),
            }
        }
    }
    all
}

pub(super) fn calendar() -> String {
    let mut table = Table::new(&["С", "По", "Вид", "По расписанию", "Название"]);
    for row in [
        ["26.10.2024", "04.11.2024", "каникулы", "", "осенние каникулы"],
        ["04.11.2024", "04.11.2024", "праздник", "", "День народного единства"],
        ["28.12.2024", "28.12.2024", "учебный", "Пн", "рабочая суббота"],
        ["29.12.2024", "08.01.2025", "каникулы", "", "зимние каникулы"],
    ] {
        table.row(&row);
    }
    table.finish()
}

pub(super) fn periods() -> String {
    let mut table = Table::new(&["Параллель", "Период", "Начало", "Конец"]);
    for grade in 1..=11 {
        let terms: &[[&str; 3]] = if grade < 10 {
            &[
                ["1 четверть", "01.09.2024", "25.10.2024"],
                ["2 четверть", "05.11.2024", "28.12.2024"],
                ["3 четверть", "09.01.2025", "21.03.2025"],
                ["4 четверть", "31.03.2025", "26.05.2025"],
            ]
        } else {
            &[
                ["1 полугодие", "01.09.2024", "28.12.2024"],
                ["2 полугодие", "09.01.2025", "26.05.2025"],
            ]
        };
        for [name, from, to] in terms {
            table.row(&[&grade.to_string(), name, from, to]);
        }
    }
    table.finish()
}

pub(super) fn bells() -> String {
    let mut table = Table::new(&["Урок", "Начало", "Конец"]);
    for (number, from, to) in [
        ("1", "08:30", "09:15"),
        ("2", "09:25", "10:10"),
        ("3", "10:25", "11:10"),
        ("4", "11:25", "12:10"),
        ("5", "12:20", "13:05"),
        ("6", "13:15", "14:00"),
        ("7", "14:10", "14:55"),
        ("8", "15:05", "15:50"),
    ] {
        table.row(&[number, from, to]);
    }
    table.finish()
}
