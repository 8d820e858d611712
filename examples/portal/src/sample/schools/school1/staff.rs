//! The teachers of school № 1. All invented; only a list.

use crate::sample::school::Teacher;

pub(super) static TEACHERS: &[Teacher] = &[
    Teacher {
        name: "Зубкова Ирина Анатольевна",
        age: 47,
        subject: "Русский язык",
        class: "",
        room: "12",
    },
    Teacher {
        name: "Чирков Вадим Олегович", age: 39, subject: "Алгебра", class: "9Б", room: "14"
    },
    Teacher {
        name: "Дьячкова Наталия Петровна",
        age: 55,
        subject: "Физика",
        class: "",
        room: "21",
    },
    Teacher {
        name: "Сабирова Фарида Ильдусовна",
        age: 43,
        subject: "Химия",
        class: "",
        room: "22",
    },
    Teacher {
        name: "Мокрушин Пётр Андреевич", age: 50, subject: "История", class: "", room: "15"
    },
    Teacher {
        name: "Кононова Раиса Фёдоровна",
        age: 60,
        subject: "География",
        class: "",
        room: "16",
    },
    Teacher {
        name: "Юферева Анна Леонидовна",
        age: 33,
        subject: "Английский язык",
        class: "",
        room: "24",
    },
    Teacher {
        name: "Исупова Дарья Валентиновна",
        age: 27,
        subject: "Английский язык",
        class: "",
        room: "25",
    },
    Teacher {
        name: "Опарин Сергей Витальевич",
        age: 41,
        subject: "Физическая культура",
        class: "",
        room: "спортзал",
    },
];
