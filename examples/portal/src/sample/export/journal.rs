//! What teachers have written by the morning of a day.

use crate::sample::{
    csv::{Table, date, maybe},
    finals as final_marks,
    journal::{Entry, Journal, Morning},
    registry::Pupil,
    year::SchoolYear,
};

pub(in crate::sample) fn lessons(journal: &Journal, morning: &Morning<'_>) -> Table {
    let mut table = Table::new(&[
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
    ]);
    for Entry { lesson, .. } in journal.0.iter().filter(|entry| morning.holds(&entry.lesson)) {
        let filled = lesson.step.as_ref().filter(|_| morning.is_filled(lesson));
        table.row(&[
            &date(lesson.date),
            lesson.class.name,
            &maybe(lesson.subgroup),
            &lesson.number.to_string(),
            lesson.course.subject,
            lesson.instead_of.unwrap_or_default(),
            if lesson.step.is_none() { "да" } else { "" },
            lesson.teacher.name,
            lesson.teacher.room,
            filled.map_or("", |step| &step.title),
            filled.map_or("", |_| &lesson.homework),
        ]);
    }
    table
}

pub(in crate::sample) fn individual_homework(journal: &Journal, morning: &Morning<'_>) -> Table {
    let mut table = Table::new(&["Дата", "Класс", "Урок", "Предмет", "Ученик", "Домашнее задание"]);
    for (entry, [date, number]) in filled(journal, morning) {
        if let Some((pupil, text)) = &entry.individual_homework {
            let (class, subject) = (entry.lesson.class.name, entry.lesson.course.subject);
            table.row(&[&date, class, &number, subject, pupil, text]);
        }
    }
    table
}

pub(in crate::sample) fn marks(journal: &Journal, morning: &Morning<'_>) -> Table {
    let mut table = Table::new(&[
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
    ]);
    for (entry, [date, number]) in filled(journal, morning) {
        for mark in entry.marks.iter().filter(|mark| morning.has(mark, &entry.lesson)) {
            table.row(&[
                &date,
                entry.lesson.class.name,
                &number,
                entry.lesson.course.subject,
                mark.pupil,
                &mark.value,
                mark.work.kind,
                &mark.work.title,
                &mark.work.weight.to_string(),
                mark.comment,
            ]);
        }
    }
    table
}

pub(in crate::sample) fn attendance(journal: &Journal, morning: &Morning<'_>) -> Table {
    let mut table = Table::new(&["Дата", "Класс", "Урок", "Предмет", "Ученик", "Код"]);
    for (entry, [date, number]) in filled(journal, morning) {
        let (class, subject) = (entry.lesson.class.name, entry.lesson.course.subject);
        for (pupil, code) in &entry.attendance {
            table.row(&[&date, class, &number, subject, pupil, code]);
        }
    }
    table
}

pub(in crate::sample) fn finals(
    year: &SchoolYear,
    journal: &Journal,
    pupils: &[Pupil],
    morning: &Morning<'_>,
) -> Table {
    let mut table = Table::new(&["Класс", "Ученик", "Предмет", "Период", "Отметка"]);
    for term in year.terms.iter().filter(|term| morning.is_over(term.ends)) {
        for mark in final_marks::of_term(term, journal, pupils) {
            let points = mark.points.to_string();
            table.row(&[mark.class, mark.pupil, mark.subject, term.name, &points]);
        }
    }
    table
}

/// The lessons that are filled, with date and number as the files write them.
fn filled<'a>(
    journal: &'a Journal,
    morning: &'a Morning<'_>,
) -> impl Iterator<Item = (&'a Entry, [String; 2])> {
    let entries = journal.0.iter().filter(|entry| morning.is_filled(&entry.lesson));
    entries.map(|entry| (entry, [date(entry.lesson.date), entry.lesson.number.to_string()]))
}
