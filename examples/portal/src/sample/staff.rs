//! The teachers of the sample school. All invented; only a list.

/// A teacher (учитель).
pub(super) struct Teacher {
    /// Family name, given name, patronymic.
    pub(super) name: &'static str,
    /// Full years at the beginning of the school year.
    pub(super) age: u32,
    /// The subject the staff list names; in a small school many teach more than one.
    pub(super) subject: &'static str,
    /// The class whose class teacher (классный руководитель) this is, or nothing.
    pub(super) class: &'static str,
    /// The teacher's own room (кабинет).
    pub(super) room: &'static str,
}

/// The teacher of this family name: no two share one.
pub(super) fn teacher(family: &str) -> Option<&'static Teacher> {
    TEACHERS.iter().find(|teacher| teacher.name.split(' ').next() == Some(family))
}

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
        class: "8А",
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
        class: "",
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
