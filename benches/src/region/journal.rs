//! A quarter of a school's journals: lessons, and what stands in them.

use chrono::{Datelike as _, NaiveDate};

use super::{
    people::{People, Pupil},
    table::{Table, date},
    timetable::{self, Hour, Timetable},
};
use crate::random::Random;

const TOPICS: [&str; 6] = [
    "Новый материал",
    "Закрепление",
    "Решение задач",
    "Повторение изученного",
    "Практическая работа",
    "Разбор ошибок",
];
const HOMEWORK: [&str; 4] = [
    "§ {n}, упр. {n}2, {n}4 (письменно)",
    "№ {n}5, {n}7; повторить правило",
    "Выучить слова урока {n}; читать с. {n}0",
    "Подготовить сообщение на три минуты",
];
/// Every so many lessons of a subject, the whole class writes a control work.
const CONTROL: usize = 9;

/// The files, and how much is in them.
pub(super) struct Journal {
    pub(super) lessons_file: String,
    pub(super) marks_file: String,
    pub(super) attendance_file: String,
    pub(super) finals_file: String,
    pub(super) lessons: usize,
    pub(super) marks: usize,
}

/// A pupil in this quarter.
struct Fate<'p> {
    pupil: &'p Pupil,
    name: String,
    /// The mark they mostly get, in tenths.
    ability: usize,
    /// The days in which they are ill, by their places.
    ill: std::ops::Range<usize>,
}

/// A lesson on its day.
struct Lesson<'t> {
    hour: &'t Hour,
    /// The day's place in the quarter.
    day: usize,
    date: String,
    /// How many lessons of the subject were before it.
    past: usize,
    is_cancelled: bool,
}

/// What is being written.
struct Files {
    lessons: Table,
    marks: Table,
    attendance: Table,
    counted: usize,
}

impl Journal {
    pub(super) fn of(people: &People, timetable: &Timetable, random: &mut Random) -> Self {
        let days = days();
        let fates: Vec<Fate<'_>> =
            people.pupils.iter().map(|pupil| Fate::of(pupil, days.len(), random)).collect();
        let mut files = Files {
            lessons: Table::new(&[
                "Дата",
                "Класс",
                "Подгруппа",
                "Урок",
                "Предмет",
                "Вместо",
                "Отменён",
                "Учитель",
                "Кабинет",
                "Тема",
                "Домашнее задание",
            ]),
            marks: Table::new(&[
                "Дата",
                "Класс",
                "Урок",
                "Предмет",
                "Ученик",
                "Отметка",
                "Вид работы",
                "Работа",
                "Вес",
                "Комментарий",
            ]),
            attendance: Table::new(&["Дата", "Класс", "Урок", "Предмет", "Ученик", "Код"]),
            counted: 0,
        };
        let mut past = vec![0; timetable.0.len()];
        let mut lessons = 0;
        for (day, held) in days.into_iter().enumerate() {
            let weekday = held.weekday().num_days_from_monday() as usize;
            for (place, hour) in timetable.0.iter().enumerate() {
                if hour.weekday != weekday {
                    continue;
                }
                let is_cancelled = random.below(100) == 0;
                let lesson =
                    Lesson { hour, day, date: date(held), past: past[place], is_cancelled };
                files.lesson(people, &lesson, random);
                lessons += 1;
                past[place] += 1;
                if !is_cancelled {
                    files.filled(people, &lesson, &fates, random);
                }
            }
        }
        Self {
            lessons_file: files.lessons.finish(),
            marks_file: files.marks.finish(),
            attendance_file: files.attendance.finish(),
            finals_file: finals(people, &fates, random),
            lessons,
            marks: files.counted,
        }
    }
}

impl<'p> Fate<'p> {
    fn of(pupil: &'p Pupil, days: usize, random: &mut Random) -> Self {
        let first = random.below(days);
        let ill = if random.below(10) < 4 { first..first + 1 + random.below(5) } else { 0..0 };
        Self { pupil, name: pupil.person.name.to_string(), ability: 30 + random.below(21), ill }
    }

    /// A mark as this pupil gets it.
    fn points(&self, random: &mut Random) -> usize {
        ((self.ability + random.below(16)).saturating_sub(3) / 10).clamp(2, 5)
    }
}

impl Files {
    fn lesson(&mut self, people: &People, lesson: &Lesson<'_>, random: &mut Random) {
        let Lesson { hour, past, is_cancelled, .. } = lesson;
        let number = (past + 1).to_string();
        let topic = format!("{}. Урок {number}", TOPICS[past % TOPICS.len()]);
        let homework = if random.below(10) < 6 {
            HOMEWORK[random.below(HOMEWORK.len())].replace("{n}", &number)
        } else {
            String::new()
        };
        let (topic, homework) = if *is_cancelled { ("", "") } else { (&*topic, &*homework) };
        self.lessons.row(&[
            &lesson.date,
            &people.classes[hour.class].name,
            &hour.subgroup.map(|part| part.to_string()).unwrap_or_default(),
            &hour.number.to_string(),
            hour.subject,
            "",
            if *is_cancelled { "да" } else { "" },
            &people.staff[hour.teacher].person.name.to_string(),
            &hour.room.to_string(),
            topic,
            homework,
        ]);
    }

    /// What stands in a lesson that took place.
    fn filled(
        &mut self,
        people: &People,
        lesson: &Lesson<'_>,
        fates: &[Fate<'_>],
        random: &mut Random,
    ) {
        let Lesson { hour, day, past, .. } = lesson;
        let class = &people.classes[hour.class];
        let start = fates.partition_point(|fate| fate.pupil.class < hour.class);
        let pupils = fates[start..].iter().take_while(|fate| fate.pupil.class == hour.class);
        let taught =
            |fate: &&Fate<'_>| hour.subgroup.is_none_or(|part| part == fate.pupil.subgroup);
        let is_control = past % CONTROL == CONTROL - 1;
        let number = hour.number.to_string();
        for fate in pupils.filter(taught) {
            let drawn = random.below(1000);
            let code = match drawn {
                _ if fate.ill.contains(day) => "Б",
                0..3 => "УП",
                3..5 => "н",
                5 => "НП",
                6..9 => "оп",
                _ => "",
            };
            let whose = [&lesson.date, &class.name, &number, hour.subject, fate.name.as_str()];
            let [date, class_name, number, subject, name] = whose;
            if !code.is_empty() {
                self.attendance.row(&[date, class_name, number, subject, name, code]);
            }
            let is_marked = is_control || random.below(100) < 20;
            if class.grade == 1 || !is_marked || !matches!(code, "" | "оп") {
                continue;
            }
            let (kind, title, weight) = match random.below(10) {
                _ if is_control => (
                    "Контрольная работа",
                    format!("Контрольная работа № {}", past / CONTROL + 1),
                    "5",
                ),
                0..3 => ("Домашняя работа", format!("Домашнее задание к уроку {past}"), "1"),
                3..7 => ("Ответ на уроке", format!("Ответ на уроке: вопрос {}", past % 4 + 1), "3"),
                _ => ("Работа на уроке", format!("Работа на уроке: вопрос {}", past % 3 + 1), "3"),
            };
            let value = match random.below(100) {
                0..2 => ".".to_owned(),
                2..5 => format!("{}-", fate.points(random).max(3)),
                _ => fate.points(random).to_string(),
            };
            self.marks
                .row(&[date, class_name, number, subject, name, &value, kind, &title, weight, ""]);
            self.counted += 1;
        }
    }
}

/// The marks of the quarter for those who get them.
fn finals(people: &People, fates: &[Fate<'_>], random: &mut Random) -> String {
    let mut table = Table::new(&["Класс", "Ученик", "Предмет", "Период", "Отметка"]);
    for fate in fates {
        let class = &people.classes[fate.pupil.class];
        if !(2..10).contains(&class.grade) {
            continue;
        }
        for (subject, _) in timetable::subjects(class.grade) {
            let points = fate.points(random).to_string();
            table.row(&[&class.name, &fate.name, subject, "1 четверть", &points]);
        }
    }
    table.finish()
}

/// The days of the quarter that have lessons.
fn days() -> Vec<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(2024, 9, 2).expect("such a day is");
    let last = NaiveDate::from_ymd_opt(2024, 10, 25).expect("such a day is");
    let all = first.iter_days().take_while(|day| *day <= last);
    all.filter(|day| day.weekday().num_days_from_monday() < 5).collect()
}
