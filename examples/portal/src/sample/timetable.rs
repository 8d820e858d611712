//! The weekly timetable and the bells: no teacher stands in two rooms at once. Only lists.

/// The classes with their year of study (параллель).
pub(super) const CLASSES: [(&str, u8); 3] = [("2А", 2), ("5Б", 5), ("8А", 8)];

/// The weekdays of lessons, as the timetable names them.
pub(super) const WEEKDAYS: [&str; 5] = ["Пн", "Вт", "Ср", "Чт", "Пт"];

/// When each lesson begins and ends.
pub(super) const BELLS: [(&str, &str); 8] = [
    ("08:00", "08:45"),
    ("08:55", "09:40"),
    ("10:00", "10:45"),
    ("11:05", "11:50"),
    ("12:00", "12:45"),
    ("12:55", "13:40"),
    ("13:50", "14:35"),
    ("14:45", "15:30"),
];

/// The lessons of one class on one weekday: weekday from 0, number from 1, subject.
pub(super) fn lessons(class: &str, weekday: usize) -> impl Iterator<Item = (u8, &'static str)> {
    let week = WEEKS.iter().find(|(of, _)| *of == class);
    let day = week.and_then(|(_, days)| days.get(weekday)).copied().unwrap_or_default();
    (1..).zip(day.iter().copied())
}

/// How many lessons of a subject the class has in a week.
pub(super) fn hours(class: &str, subject: &str) -> usize {
    let week = (0..WEEKDAYS.len()).flat_map(|weekday| lessons(class, weekday));
    week.filter(|(_, of)| *of == subject).count()
}

#[rustfmt::skip] // a day is easier to read as a paragraph
static WEEKS: [(&str, [&[&str]; 5]); 3] = [
    ("2А", [
        &["Литературное чтение", "Математика", "Русский язык", "Физическая культура", "Музыка"],
        &["Окружающий мир", "Английский язык", "Математика", "Труд (технология)", "Русский язык"],
        &["Литературное чтение", "Русский язык", "Математика", "Физическая культура"],
        &["Литературное чтение", "Русский язык", "Изобразительное искусство", "Английский язык",
            "Математика"],
        &["Литературное чтение", "Русский язык", "Окружающий мир", "Физическая культура"],
    ]),
    ("5Б", [
        &["Английский язык", "Русский язык", "Математика", "Труд (технология)",
            "Труд (технология)", "Физическая культура"],
        &["Английский язык", "Русский язык", "Литература", "География", "Математика", "История"],
        &["Английский язык", "Математика", "Русский язык", "Изобразительное искусство", "ОДНКНР",
            "Физическая культура"],
        &["Литература", "История", "Биология", "Русский язык", "Математика", "Информатика"],
        &["Литература", "Математика", "Музыка", "Русский язык", "Физическая культура"],
    ]),
    ("8А", [
        &["Биология", "Химия", "Русский язык", "Английский язык", "Физика", "География",
            "Физическая культура"],
        &["Обществознание", "Русский язык", "Геометрия", "Алгебра", "Труд (технология)", "ОБЗР",
            "История"],
        &["Литература", "Английский язык", "Русский язык", "Алгебра", "Физическая культура",
            "Музыка"],
        &["География", "Геометрия", "Вероятность и статистика", "Алгебра", "Химия",
            "Английский язык", "Биология"],
        &["Информатика", "Литература", "Физика", "История", "Алгебра", "Физическая культура"],
    ]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::courses;

    #[test]
    fn every_lesson_is_of_a_course_and_every_course_has_lessons() {
        for (class, lessons_a_week) in [("2А", 23), ("5Б", 29), ("8А", 33)] {
            let week: Vec<_> = (0..5).flat_map(|weekday| lessons(class, weekday)).collect();
            assert_eq!(week.len(), lessons_a_week);
            assert!(week.iter().all(|(_, subject)| courses::of(class, subject).is_some()));
        }
        for course in courses::all() {
            assert!(hours(course.class, course.subject) > 0, "{} {}", course.class, course.subject);
        }
    }
}
