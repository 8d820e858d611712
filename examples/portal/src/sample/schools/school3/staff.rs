//! The teachers of school № 3. All invented; only a list.

use crate::sample::school::Teacher;

pub(super) static TEACHERS: &[Teacher] = &[
    Teacher {
        name: "Лебедева Марина Геннадьевна",
        age: 44,
        subject: "Литературное чтение",
        class: "2А",
        room: "104",
    },
    Teacher {
        name: "Ситникова Ольга Эдуардовна",
        age: 38,
        subject: "Английский язык",
        class: "",
        room: "207",
    },
    Teacher {
        name: "Хасанов Рустам Айратович",
        age: 31,
        subject: "Английский язык",
        class: "",
        room: "208",
    },
    Teacher {
        name: "Овсянникова Лидия Романовна",
        age: 57,
        subject: "Музыка",
        class: "",
        room: "115",
    },
    Teacher {
        name: "Кудрявцева Жанна Викторовна",
        age: 49,
        subject: "Изобразительное искусство",
        class: "",
        room: "мастерская",
    },
    Teacher {
        name: "Поздеев Андрей Геннадьевич",
        age: 35,
        subject: "Физическая культура",
        class: "",
        room: "спортзал",
    },
    Teacher {
        name: "Широбокова Елена Аркадьевна",
        age: 46,
        subject: "Русский язык",
        class: "5Б",
        room: "203",
    },
    Teacher {
        name: "Гордеева Нина Алексеевна",
        age: 61,
        subject: "Литература",
        class: "",
        room: "204",
    },
    Teacher {
        name: "Князева Светлана Игоревна",
        age: 42,
        subject: "Алгебра",
        class: "",
        room: "301",
    },
    Teacher {
        name: "Максимов Леонид Юрьевич",
        age: 52,
        subject: "История",
        class: "",
        room: "305",
    },
    Teacher {
        name: "Ушакова Тамара Степановна",
        age: 63,
        subject: "География",
        class: "",
        room: "306",
    },
    Teacher {
        name: "Огурцова Наталья Викторовна",
        age: 36,
        subject: "Биология",
        class: "8А",
        room: "309",
    },
    Teacher {
        name: "Белых Виктор Семёнович", age: 58, subject: "Физика", class: "", room: "311"
    },
    Teacher {
        name: "Закиров Артур Ринатович",
        age: 28,
        subject: "Информатика",
        class: "",
        room: "210",
    },
];
