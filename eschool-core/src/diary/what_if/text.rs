//! Ways to a target as people say them.

use alloc::{
    borrow::ToOwned as _,
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use core::iter;

use super::{TargetVerdict, Way};
use crate::{
    identity::fold_name,
    journal::WorkKind,
    letters::{lower, lowered, upper},
    words::counted,
};

impl TargetVerdict {
    /// What a person reads, in Russian.
    #[must_use]
    pub const fn text_ru(&self) -> &'static str {
        match self {
            Self::Reached => "Средний балл уже такой или выше",
            Self::Reachable => "Такой средний балл достижим",
            Self::AboveScale => "Средний балл не бывает выше 5",
            Self::Never => "Такой средний балл уже не получится, сколько бы отметок ни добавилось",
            Self::TooFar => "Для такого среднего балла нужно больше двадцати отметок",
            Self::Unknown(_) => "О таком среднем балле пока ничего нельзя сказать",
        }
    }

    /// The same in English.
    #[must_use]
    pub const fn text_en(&self) -> &'static str {
        match self {
            Self::Reached => "The mean is there already",
            Self::Reachable => "The mean can be reached",
            Self::AboveScale => "No mean is above 5",
            Self::Never => "No number of marks leads to this mean any more",
            Self::TooFar => "It takes more than twenty marks to reach this mean",
            Self::Unknown(_) => "Nothing can be said of this mean",
        }
    }
}

impl Way {
    /// What a person reads, in Russian: «ещё две пятёрки за контрольную».
    #[must_use]
    pub fn text_ru(&self) -> String {
        let marks = self.marks.iter().map(|marks| {
            let noun = match marks.points.get() {
                5 => ["пятёрка", "пятёрки", "пятёрок"],
                4 => ["четвёрка", "четвёрки", "четвёрок"],
                3 => ["тройка", "тройки", "троек"],
                2 => ["двойка", "двойки", "двоек"],
                _ => ["единица", "единицы", "единиц"],
            };
            format!("{} {}", number_ru(marks.count), counted(marks.count, noun))
        });
        let marks: Vec<_> = marks.collect();
        format!("ещё {}{}", marks.join(" и "), work_ru(&self.kind))
    }

    /// The same in English, the work by the school's own name for it.
    #[must_use]
    pub fn text_en(&self) -> String {
        let marks = self.marks.iter().enumerate().map(|(at, marks)| {
            let noun = match marks.points.get() {
                5 => "five",
                4 => "four",
                3 => "three",
                2 => "two",
                _ => "one",
            };
            let more = if at == 0 { " more" } else { "" };
            let plural = if marks.count == 1 { "" } else { "s" };
            format!("{}{more} {noun}{plural}", number_en(marks.count))
        });
        let marks: Vec<_> = marks.collect();
        match self.kind.0.trim() {
            "" => marks.join(" and "),
            kind => format!("{} for «{kind}»", marks.join(" and ")),
        }
    }
}

/// How many marks, in words as far as a way goes; the noun is feminine.
fn number_ru(number: u32) -> String {
    let word = match number {
        1 => "одна",
        2 => "две",
        3 => "три",
        4 => "четыре",
        5 => "пять",
        6 => "шесть",
        7 => "семь",
        8 => "восемь",
        9 => "девять",
        10 => "десять",
        11 => "одиннадцать",
        12 => "двенадцать",
        13 => "тринадцать",
        14 => "четырнадцать",
        15 => "пятнадцать",
        16 => "шестнадцать",
        17 => "семнадцать",
        18 => "восемнадцать",
        19 => "девятнадцать",
        20 => "двадцать",
        _ => return number.to_string(),
    };
    word.into()
}

fn number_en(number: u32) -> String {
    let word = match number {
        1 => "one",
        2 => "two",
        3 => "three",
        4 => "four",
        5 => "five",
        6 => "six",
        7 => "seven",
        8 => "eight",
        9 => "nine",
        10 => "ten",
        _ => return number.to_string(),
    };
    word.into()
}

/// What marks are for, with a space before it: « за контрольную», « за ответ на уроке»; nothing
/// for a kind without a name.
fn work_ru(kind: &WorkKind) -> String {
    let name = kind.0.trim();
    let spoken = match fold_name(name).as_str() {
        "" => return String::new(),
        "контрольная работа" => "контрольную".to_owned(),
        "самостоятельная работа" => "самостоятельную".to_owned(),
        "проверочная работа" => "проверочную".to_owned(),
        "лабораторная работа" => "лабораторную".to_owned(),
        "практическая работа" => "практическую".to_owned(),
        _ => accusative(name),
    };
    format!(" за {spoken}")
}

/// A school's name for a kind of work as it stands after «за».
///
/// Only feminine words change, and only up to the noun they belong to: «Домашняя работа по химии»,
/// «Работа на уроке». Everything else has the form it has: «ответ», «сочинение», «тест».
fn accusative(name: &str) -> String {
    let mut head_is_past = false;
    let words = name.split_whitespace().map(|word| {
        let changed = if head_is_past { None } else { feminine(word) };
        head_is_past = changed.as_ref().is_none_or(|word| !word.adjective);
        changed.map_or_else(|| word.to_owned(), |word| word.text)
    });
    let words: Vec<_> = words.collect();
    lower_first(&words.join(" "))
}

/// A feminine word in the accusative.
struct Feminine {
    text: String,
    adjective: bool,
}

fn feminine(word: &str) -> Option<Feminine> {
    // Prepositions and abbreviations have no gender.
    if word.chars().count() <= 3 || is_plural(&lowered(word)) {
        return None;
    }
    let adjective = [("ая", "ую"), ("яя", "юю")].map(|endings| (endings, true));
    let noun = [("а", "у"), ("я", "ю")].map(|endings| (endings, false));
    // Nouns in «мя» are neuter.
    let mut forms = adjective.into_iter().chain(noun).filter(|_| !word.ends_with("мя"));
    forms.find_map(|((ending, accusative), adjective)| {
        let stem = word.strip_suffix(ending)?;
        Some(Feminine { text: format!("{stem}{accusative}"), adjective })
    })
}

/// Whether a word in «а» or «я» names several things, as «задания» and «правила» do. Plurals of nouns
/// in «-ние», «-тие», «-вие» and «-ство» are told by their endings, which no feminine name of a work
/// shares, others by name.
fn is_plural(word: &str) -> bool {
    const ENDINGS: [&str; 7] = ["ения", "ания", "ятия", "ытия", "вия", "собия", "ства"];
    const WORDS: [&str; 8] =
        ["правила", "слова", "числа", "дела", "письма", "номера", "изделия", "имена"];
    ENDINGS.iter().any(|ending| word.ends_with(ending)) || WORDS.contains(&word)
}

/// The text inside a sentence: an abbreviation keeps its capitals.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let (Some(first), rest) = (chars.next(), chars.as_str()) else { return String::new() };
    match rest.chars().next() {
        Some(second) if upper(second) != second => {
            iter::once(lower(first)).chain(rest.chars()).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_of_work_stands_after_za_as_people_say_it() {
        for (kind, said) in [
            ("Контрольная работа", " за контрольную"),
            ("Контрольная", " за контрольную"),
            ("Самостоятельная  работа", " за самостоятельную"),
            ("Лабораторная работа", " за лабораторную"),
            ("Домашняя работа", " за домашнюю работу"),
            ("Домашняя работа на каникулы", " за домашнюю работу на каникулы"),
            ("Контрольная на дом", " за контрольную на дом"),
            ("Работа на уроке", " за работу на уроке"),
            ("Ответ на уроке", " за ответ на уроке"),
            ("Устный ответ у доски", " за устный ответ у доски"),
            ("Домашнее задание", " за домашнее задание"),
            ("Сочинение на тему", " за сочинение на тему"),
            ("Экзамен", " за экзамен"),
            ("Задача", " за задачу"),
            ("Лекция", " за лекцию"),
            ("Презентация", " за презентацию"),
            ("Промежуточная аттестация", " за промежуточную аттестацию"),
            ("Аттестация", " за аттестацию"),
            ("Теория", " за теорию"),
            ("История одного портрета", " за историю одного портрета"),
            ("Глава учебника", " за главу учебника"),
            ("Упражнения", " за упражнения"),
            ("Упражнение 5", " за упражнение 5"),
            ("Задания ЕГЭ", " за задания ЕГЭ"),
            ("задания на карточке", " за задания на карточке"),
            ("Сочинения и изложения", " за сочинения и изложения"),
            ("Практические занятия", " за практические занятия"),
            ("Занятия в кружке", " за занятия в кружке"),
            ("Действия с дробями", " за действия с дробями"),
            ("Свойства степеней", " за свойства степеней"),
            ("Правила", " за правила"),
            ("Словарные слова", " за словарные слова"),
            ("Слова", " за слова"),
            ("Номера из учебника", " за номера из учебника"),
            ("Письма", " за письма"),
            ("Изделия из бумаги", " за изделия из бумаги"),
            ("Имена прилагательные", " за имена прилагательные"),
            ("Дела и числа", " за дела и числа"),
            ("Числа", " за числа"),
            ("Пособия", " за пособия"),
            ("Открытия", " за открытия"),
            ("Тетрадь", " за тетрадь"),
            ("Личное время", " за личное время"),
            ("Знамя", " за знамя"),
            ("Практические работы", " за практические работы"),
            ("ВПР", " за ВПР"),
            ("К/р", " за К/р"),
            ("Essay", " за essay"),
            ("  ", ""),
        ] {
            assert_eq!(work_ru(&WorkKind(kind.into())), said, "{kind}");
        }
    }
}
