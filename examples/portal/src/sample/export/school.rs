//! The school, its calendar and its timetable.

use crate::sample::{
    csv::{Table, date, maybe},
    school::School,
    timetable::{BELLS, WEEKDAYS},
    year::{ExceptionKind, SchoolYear},
};

pub(in crate::sample) fn school(school: &School) -> Table {
    let mut table = Table::new(&["Наименование", "Учредитель", "Муниципалитет", "Часовой пояс"]);
    table.row(&[school.name, school.founder, school.municipality, "Europe/Moscow"]);
    table
}

pub(in crate::sample) fn calendar(year: &SchoolYear) -> Table {
    let mut table = Table::new(&["С", "По", "Вид", "По расписанию", "Название"]);
    for exception in &year.exceptions {
        let (kind, weekday) = match exception.kind {
            ExceptionKind::Vacation => ("каникулы", None),
            ExceptionKind::Holiday => ("праздник", None),
            ExceptionKind::Working(weekday) => ("учебный", WEEKDAYS.get(weekday)),
        };
        let (from, to) = (date(exception.from), date(exception.to));
        let weekday = weekday.copied().unwrap_or_default();
        table.row(&[&from, &to, kind, weekday, exception.name]);
    }
    table
}

pub(in crate::sample) fn periods(school: &School, year: &SchoolYear) -> Table {
    let mut table = Table::new(&["Параллель", "Период", "Начало", "Конец"]);
    for class in school.classes {
        for term in &year.terms {
            table.row(&[&class.grade.to_string(), term.name, &date(term.begins), &date(term.ends)]);
        }
    }
    table
}

pub(in crate::sample) fn bells() -> Table {
    let mut table = Table::new(&["Урок", "Начало", "Конец"]);
    for (number, (begins, ends)) in (1..).zip(BELLS) {
        table.row(&[&i32::to_string(&number), begins, ends]);
    }
    table
}

pub(in crate::sample) fn timetable(school: &School) -> Table {
    let mut table =
        Table::new(&["Класс", "День", "Урок", "Предмет", "Подгруппа", "Учитель", "Кабинет"]);
    for class in school.classes {
        for (weekday, day) in WEEKDAYS.into_iter().enumerate() {
            for (number, subject) in class.lessons(weekday) {
                let Some(course) = class.course(subject) else { continue };
                for (subgroup, family) in course.subgroups() {
                    let Some(teacher) = school.teacher(family) else { continue };
                    table.row(&[
                        class.name,
                        day,
                        &number.to_string(),
                        subject,
                        &maybe(subgroup),
                        teacher.name,
                        teacher.room,
                    ]);
                }
            }
        }
    }
    table
}
