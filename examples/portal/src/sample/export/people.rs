//! Teachers, pupils and parents.

use crate::sample::{
    csv::{Table, date},
    homes::Role,
    registry::{Registry, name_parts},
    school::School,
};

pub(in crate::sample) fn staff(registry: &Registry) -> Table {
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
    for (person, teacher) in &registry.staff {
        let [family, given, patronymic] = name_parts(person.name);
        let (born, phone, snils) = (date(person.born), person.phone(), person.snils());
        let (subject, class) = (teacher.subject, teacher.class);
        table.row(&[family, given, patronymic, &born, &phone, &snils, subject, class]);
    }
    table
}

pub(in crate::sample) fn pupils(registry: &Registry) -> Table {
    let mut table = Table::new(&[
        "Класс",
        "Фамилия",
        "Имя",
        "Отчество",
        "Дата рождения",
        "СНИЛС",
        "Пол",
        "Эл. почта",
        "Зачислен",
        "Выбыл",
        "Подгруппа",
    ]);
    for pupil in &registry.pupils {
        let [family, given, patronymic] = name_parts(pupil.person.name);
        table.row(&[
            pupil.class,
            family,
            given,
            patronymic,
            &date(pupil.person.born),
            &pupil.person.snils(),
            if pupil.person.is_female() { "ж" } else { "м" },
            &pupil.mail.map(|mail| format!("{mail}@example.org")).unwrap_or_default(),
            &date(pupil.enrolled),
            &pupil.left.map(date).unwrap_or_default(),
            &pupil.subgroup.to_string(),
        ]);
    }
    table
}

pub(in crate::sample) fn parents(school: &School, registry: &Registry) -> Table {
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
    for of in &registry.guardianships {
        let [family, given, patronymic] = name_parts(of.parent.name);
        let (born, phone) = (date(of.parent.born), of.parent.phone());
        let is_entered = !school.without_snils.contains(&of.parent.name);
        let snils = if is_entered { of.parent.snils() } else { String::new() };
        let role = match of.role {
            Role::Mother => "мать",
            Role::Father => "отец",
            Role::Guardian => "опекун",
        };
        let row = [family, given, patronymic, &born, &phone, &snils, role, of.child, of.class];
        table.row(&row);
    }
    table
}
