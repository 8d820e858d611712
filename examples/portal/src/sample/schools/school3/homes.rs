//! The families of school № 3. All invented; only a list.

use crate::sample::homes::{
    Home,
    Role::{Father, Guardian, Mother},
    Turn::{Exempt, Gone, OnThreshold, PastThreshold, Plain, Young},
};

pub(super) static HOMES: &[Home] = &[
    Home {
        mail: Some("berestnev"),
        parents: &[(Mother, "Берестнева Ольга Сергеевна"), (Father, "Берестнев Илья Валентинович")],
        children: &[
            ("2А", "Берестнев Артём Ильич", Plain),
            ("8А", "Берестнева Полина Ильинична", Plain),
        ],
    },
    Home {
        mail: Some("vahrusheva"),
        parents: &[(Mother, "Вахрушева Кристина Андреевна"), (Father, "Вахрушев Денис Леонидович")],
        children: &[("2А", "Вахрушева Милана Денисовна", Plain)],
    },
    Home {
        mail: Some("galiev"),
        parents: &[(Mother, "Галиева Гузель Ринатовна"), (Father, "Галиев Руслан Наилевич")],
        children: &[
            ("2А", "Галиев Амир Русланович", Plain),
            ("5Б", "Галиева Самира Руслановна", Plain),
        ],
    },
    Home {
        mail: Some("ezhova"),
        parents: &[(Mother, "Ежова Анастасия Романовна")],
        children: &[("2А", "Ежова Ульяна Павловна", Plain)],
    },
    Home {
        mail: Some("zorin"),
        parents: &[(Mother, "Зорина Юлия Александровна"), (Father, "Зорин Кирилл Евгеньевич")],
        children: &[("2А", "Зорин Матвей Кириллович", Young)],
    },
    Home {
        mail: Some("korepanov"),
        parents: &[
            (Mother, "Корепанова Татьяна Геннадьевна"),
            (Father, "Корепанов Антон Аркадьевич"),
        ],
        children: &[
            ("2А", "Корепанова Есения Антоновна", Plain),
            ("5Б", "Корепанов Степан Антонович", Plain),
            ("8А", "Корепанов Егор Антонович", Plain),
        ],
    },
    Home {
        mail: Some("laptev"),
        parents: &[(Mother, "Лаптева Елена Владимировна"), (Father, "Лаптев Сергей Борисович")],
        children: &[("2А", "Лаптев Тимофей Сергеевич", Plain)],
    },
    Home {
        mail: None,
        parents: &[
            (Mother, "Насибуллина Лилия Фанисовна"),
            (Father, "Насибуллин Марат Ильгизович"),
        ],
        children: &[("2А", "Насибуллина Алия Маратовна", Plain)],
    },
    Home {
        mail: Some("ogurtsov"),
        parents: &[(Mother, "Огурцова Наталья Викторовна"), (Father, "Огурцов Николай Иванович")],
        children: &[("2А", "Огурцова Варвара Николаевна", Plain)],
    },
    Home {
        mail: Some("perevoshchikov"),
        parents: &[(Mother, "Шубина Дарья Павловна"), (Father, "Перевощиков Роман Анатольевич")],
        children: &[("2А", "Перевощиков Глеб Романович", Plain)],
    },
    Home {
        mail: Some("rodionova"),
        parents: &[(Mother, "Родионова Екатерина Ильинична")],
        children: &[("2А", "Родионова Ева Максимовна", Plain)],
    },
    Home {
        mail: Some("arslanov"),
        parents: &[(Mother, "Арсланова Динара Рашидовна"), (Father, "Арсланов Ильдар Тагирович")],
        children: &[("5Б", "Арсланов Данияр Ильдарович", Plain)],
    },
    Home {
        mail: Some("bushuev"),
        parents: &[(Mother, "Бушуева Светлана Юрьевна"), (Father, "Бушуев Алексей Николаевич")],
        children: &[
            ("5Б", "Бушуева Вероника Алексеевна", Plain),
            ("5Б", "Бушуева Ксения Алексеевна", Plain),
        ],
    },
    Home {
        mail: Some("dorofeeva"),
        parents: &[(Mother, "Дорофеева Ирина Валерьевна")],
        children: &[("5Б", "Дорофеев Иван Андреевич", Plain)],
    },
    Home {
        mail: Some("metelev"),
        parents: &[(Mother, "Метелёва Марина Станиславовна"), (Father, "Метелёв Игорь Павлович")],
        children: &[("5Б", "Метелёва Алёна Игоревна", Plain)],
    },
    Home {
        mail: Some("nikitin"),
        parents: &[(Mother, "Никитина Вера Анатольевна"), (Father, "Никитин Олег Витальевич")],
        children: &[("5Б", "Никитин Фёдор Олегович", Plain)],
    },
    Home {
        mail: None,
        parents: &[(Mother, "Пушкарёва Людмила Степановна")],
        children: &[("5Б", "Пушкарёва Дарья Евгеньевна", Plain)],
    },
    Home {
        mail: Some("semenova"),
        parents: &[(Mother, "Семёнова Оксана Викторовна")],
        children: &[("5Б", "Семёнов Кирилл Вадимович", Gone)],
    },
    Home {
        mail: Some("tretyakova"),
        parents: &[(Guardian, "Третьякова Галина Михайловна")],
        children: &[("5Б", "Третьяков Михаил Юрьевич", Plain)],
    },
    Home {
        mail: Some("shklyaev"),
        parents: &[(Mother, "Шкляева Ирина Леонидовна"), (Father, "Шкляев Дмитрий Алексеевич")],
        children: &[("5Б", "Шкляева Анна Дмитриевна", Plain)],
    },
    Home {
        mail: Some("ashihmin"),
        parents: &[(Mother, "Ашихмина Евгения Борисовна"), (Father, "Ашихмин Пётр Сергеевич")],
        children: &[("8А", "Ашихмин Владислав Петрович", Plain)],
    },
    Home {
        mail: Some("valiullina"),
        parents: &[(Mother, "Валиуллина Эльмира Харисовна"), (Father, "Валиуллин Азат Рафисович")],
        children: &[("8А", "Валиуллина Камилла Азатовна", Plain)],
    },
    Home {
        mail: Some("golubeva"),
        parents: &[(Mother, "Голубева Надежда Олеговна")],
        children: &[("8А", "Голубев Даниил Станиславович", Plain)],
    },
    Home {
        mail: Some("emelyanov"),
        parents: &[
            (Mother, "Емельянова Алла Вячеславовна"),
            (Father, "Емельянов Виктор Денисович"),
        ],
        children: &[("8А", "Емельянова София Викторовна", OnThreshold)],
    },
    Home {
        mail: Some("zhuikov"),
        parents: &[(Mother, "Жуйкова Лариса Аркадьевна"), (Father, "Жуйков Михаил Егорович")],
        children: &[("8А", "Жуйков Ярослав Михайлович", PastThreshold)],
    },
    Home {
        mail: Some("loginova"),
        parents: &[(Mother, "Логинова Анна Тимофеевна"), (Father, "Логинов Константин Львович")],
        children: &[("8А", "Логинова Мария Константиновна", Exempt)],
    },
    Home {
        mail: Some("muhametshin"),
        parents: &[
            (Mother, "Мухаметшина Альбина Ренатовна"),
            (Father, "Мухаметшин Фарит Камилевич"),
        ],
        children: &[("8А", "Мухаметшин Тимур Фаритович", Plain)],
    },
    Home {
        mail: Some("solovyova"),
        parents: &[(Mother, "Соловьёва Алёна Петровна"), (Father, "Соловьёв Григорий Максимович")],
        children: &[("8А", "Соловьёва Арина Григорьевна", Plain)],
    },
    Home {
        mail: None,
        parents: &[(Mother, "Тронина Наталия Фёдоровна")],
        children: &[("8А", "Тронин Никита Валерьевич", Plain)],
    },
    Home {
        mail: Some("ryabova"),
        parents: &[(Mother, "Рябова Инна Сергеевна"), (Father, "Чернов Борис Владимирович")],
        children: &[("8А", "Чернова Елизавета Борисовна", Plain)],
    },
];
