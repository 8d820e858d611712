//! What is learnt by doing: music, art, craft and sport.

use super::{ANSWER, CLASSWORK, Manner, PRACTICAL};

pub(in crate::sample) static MUSIC: Manner = Manner {
    homework_percent: 30,
    homework: &[
        "Повторить слова песни",
        "Послушать произведение, описать впечатления",
        "Подготовить сообщение о композиторе",
    ],
    before_control: "",
    continuations: &["Слушание и пение", "Разучивание песни"],
    control: &[("Зачёт", "Музыкальная викторина «{глава}»")],
    self_study: ("Слушание музыки", "Слушание и анализ: {тема}"),
    answers: &[
        (CLASSWORK, "Пение"),
        (CLASSWORK, "Анализ произведения"),
        (ANSWER, "Ответ на уроке"),
    ],
    remarks: &["Выучи слова", "Слушай внимательнее"],
};

pub(in crate::sample) static ART: Manner = Manner {
    homework_percent: 35,
    homework: &[
        "Закончить рисунок",
        "Принести краски и плотную бумагу",
        "Принести пластилин и дощечку",
        "Подобрать иллюстрации по теме урока",
    ],
    before_control: "",
    continuations: &["Работа над эскизом", "Завершение работы"],
    control: &[("Зачёт", "Творческая работа «{глава}»")],
    self_study: (PRACTICAL, "Рисунок «{тема}»"),
    answers: &[(CLASSWORK, "Работа на уроке"), (CLASSWORK, "Эскиз")],
    remarks: &["Работа не закончена", "Не хватило фона"],
};

pub(in crate::sample) static CRAFT: Manner = Manner {
    homework_percent: 35,
    homework: &[
        "Принести материалы и инструменты для работы",
        "Закончить изделие",
        "Подготовить эскиз изделия",
        "Найти сведения о профессии по теме урока",
    ],
    before_control: "",
    continuations: &["Практическая работа", "Изготовление изделия", "Защита работ"],
    control: &[("Зачёт", "Проект «{глава}»")],
    self_study: (PRACTICAL, "Практическая работа «{тема}»"),
    answers: &[(CLASSWORK, "Изделие"), (CLASSWORK, "Работа на уроке")],
    remarks: &["Соблюдай разметку", "Изделие не закончено"],
};

pub(in crate::sample) static SPORT: Manner = Manner {
    homework_percent: 15,
    homework: &[
        "Комплекс утренней гимнастики",
        "Приседания: 3 подхода по 15 раз",
        "Прыжки через скакалку: 3 подхода по 1 минуте",
    ],
    before_control: "",
    continuations: &[
        "Совершенствование техники",
        "Учебная игра",
        "Эстафеты",
        "Развитие выносливости",
    ],
    control: &[("Зачёт", "Сдача нормативов по разделу «{глава}»")],
    self_study: ("Контрольное упражнение", "Контрольное упражнение «{тема}»"),
    answers: &[(CLASSWORK, "Техника выполнения"), (CLASSWORK, "Работа на уроке")],
    remarks: &["Нет спортивной формы", "Работай над техникой"],
};
