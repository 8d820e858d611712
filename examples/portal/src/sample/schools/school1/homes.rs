//! The families of school № 1. All invented; only a list.

use crate::sample::homes::{
    Home,
    Role::{Father, Mother},
    Turn::{Fifteen, Plain},
};

pub(super) static HOMES: &[Home] = &[
    // their son is in 5Б of school № 3
    Home {
        mail: Some("arslanov"),
        parents: &[(Mother, "Арсланова Динара Рашидовна"), (Father, "Арсланов Ильдар Тагирович")],
        children: &[("9Б", "Арсланова Алина Ильдаровна", Plain)],
    },
    Home {
        mail: Some("babincev"),
        parents: &[(Mother, "Бабинцева Ольга Николаевна"), (Father, "Бабинцев Сергей Юрьевич")],
        children: &[("9Б", "Бабинцев Роман Сергеевич", Plain)],
    },
    Home {
        mail: Some("volkova"),
        parents: &[(Mother, "Волкова Инга Михайловна")],
        children: &[("9Б", "Волкова Таисия Андреевна", Plain)],
    },
    Home {
        mail: Some("gavrilov"),
        parents: &[(Mother, "Гаврилова Юлия Олеговна"), (Father, "Гаврилов Константин Эдуардович")],
        children: &[("9Б", "Гаврилов Лев Константинович", Plain)],
    },
    Home {
        mail: Some("ibragimova"),
        parents: &[(Mother, "Ибрагимова Регина Маратовна"), (Father, "Ибрагимов Тимур Шамилевич")],
        children: &[("9Б", "Ибрагимова Лейла Тимуровна", Plain)],
    },
    Home {
        mail: None,
        parents: &[(Mother, "Клабукова Нина Андреевна")],
        children: &[("9Б", "Клабуков Денис Витальевич", Plain)],
    },
    Home {
        mail: Some("lozhkin"),
        parents: &[(Mother, "Ложкина Елена Юрьевна"), (Father, "Ложкин Дмитрий Петрович")],
        children: &[("9Б", "Ложкин Фёдор Дмитриевич", Fifteen)],
    },
    Home {
        mail: Some("medvedeva"),
        parents: &[(Mother, "Медведева Оксана Игоревна"), (Father, "Медведев Роман Валерьевич")],
        children: &[("9Б", "Медведева Злата Романовна", Plain)],
    },
    Home {
        mail: Some("pantyuhin"),
        parents: &[(Mother, "Пантюхина Светлана Борисовна")],
        children: &[("9Б", "Пантюхин Макар Алексеевич", Plain)],
    },
    Home {
        mail: Some("russkih"),
        parents: &[(Mother, "Русских Анна Сергеевна"), (Father, "Русских Павел Дмитриевич")],
        children: &[("9Б", "Русских Вера Павловна", Plain)],
    },
    Home {
        mail: Some("sterhova"),
        parents: &[(Mother, "Стерхова Алёна Викторовна"), (Father, "Стерхов Олег Ильич")],
        children: &[("9Б", "Стерхова Майя Олеговна", Plain)],
    },
    Home {
        mail: Some("hohryakov"),
        parents: &[(Mother, "Хохрякова Мария Леонидовна")],
        children: &[("9Б", "Хохряков Егор Станиславович", Plain)],
    },
];
