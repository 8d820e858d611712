//! The people who sign in through ЕСИА: what its emulator knows of them.

use chrono::NaiveDate;

use super::{
    csv::{Table, date},
    registry::{Person, Registry, name_parts},
    year::on,
};

/// A person of ЕСИА.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SampleEsiaPerson {
    /// Who it is, in a few Russian words that fit nobody else of them.
    pub(crate) key: &'static str,
    /// Family name, given name, patronymic.
    pub(crate) name: &'static str,
    /// The birth date.
    pub(crate) born: NaiveDate,
    /// The СНИЛС, `112-233-445 95`.
    pub(crate) snils: String,
    /// The mobile phone, `+79123456789`; ЕСИА has verified it.
    pub(crate) phone: String,
    /// The type of the account.
    pub(crate) account: EsiaAccount,
}

/// The type of an account in ЕСИА (тип учётной записи).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum EsiaAccount {
    /// Подтверждённая.
    Confirmed,
    /// Стандартная: not confirmed.
    Standard,
    /// Детская.
    Child,
}

use EsiaAccount::{Child, Confirmed, Standard};

/// Who of the schools' people has an account, and of what type. Only a list.
static PEOPLE: [(&str, &str, EsiaAccount); 9] = [
    ("мама двоих детей", "Берестнева Ольга Сергеевна", Confirmed),
    ("мама детей из двух школ", "Арсланова Динара Рашидовна", Confirmed),
    ("классный руководитель и мама", "Огурцова Наталья Викторовна", Confirmed),
    ("девятиклассник 15 лет", "Ложкин Фёдор Дмитриевич", Confirmed),
    ("восьмиклассник, уже 14,5 года", "Жуйков Ярослав Михайлович", Confirmed),
    ("мама, в школе есть её телефон, а СНИЛС нет", "Пушкарёва Людмила Степановна", Confirmed),
    ("папа со стандартной учётной записью", "Никитин Олег Витальевич", Standard),
    ("второклассник с детской учётной записью", "Зорин Матвей Кириллович", Child),
    ("мама ученика, который выбыл", "Семёнова Оксана Викторовна", Confirmed),
];

/// The key of one whom no school knows.
const STRANGER: &str = "посторонний: его нет ни в одной школе";

/// Whom to sign in as through ЕСИА.
pub(crate) fn by_esia(first_day: NaiveDate) -> Vec<SampleEsiaPerson> {
    let registries = Registry::on(first_day);
    let named = |name| registries.iter().flat_map(Registry::people).find(|p| p.name == name);
    let known = PEOPLE
        .into_iter()
        .filter_map(|(key, name, account)| Some(SampleEsiaPerson::new(key, named(name)?, account)));
    let stranger = Person::outsider("Саблин Геннадий Борисович", on(1979, 3, 14), 9000);
    known.chain([SampleEsiaPerson::new(STRANGER, stranger, Confirmed)]).collect()
}

/// The same people as a file for the emulator, `esia_people.csv`.
pub(crate) fn esia_people(first_day: NaiveDate) -> String {
    let mut table = Table::new(&[
        "Ключ",
        "Фамилия",
        "Имя",
        "Отчество",
        "Дата рождения",
        "СНИЛС",
        "Телефон",
        "Телефон подтверждён",
        "Тип учётной записи",
    ]);
    for SampleEsiaPerson { key, name, born, snils, phone, account } in by_esia(first_day) {
        let [family, given, patronymic] = name_parts(name);
        let account = account.text_ru();
        table.row(&[key, family, given, patronymic, &date(born), &snils, &phone, "да", account]);
    }
    table.finish()
}

impl SampleEsiaPerson {
    fn new(key: &'static str, person: Person, account: EsiaAccount) -> Self {
        let Person { name, born, .. } = person;
        Self { key, name, born, snils: person.snils(), phone: person.phone(), account }
    }
}

impl EsiaAccount {
    /// The word of the file.
    const fn text_ru(self) -> &'static str {
        match self {
            Confirmed => "подтверждённая",
            Standard => "стандартная",
            Child => "детская",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everybody_of_the_list_is_in_a_school_and_told_apart() {
        let people = by_esia(on(2026, 2, 12));
        assert_eq!(people.len(), PEOPLE.len() + 1);
        let keys: BTreeSet<_> = people.iter().map(|person| person.key).collect();
        let snils: BTreeSet<_> = people.iter().map(|person| &person.snils).collect();
        assert_eq!([keys.len(), snils.len()], [people.len(); 2]);
    }

    #[test]
    fn nobody_of_a_school_is_the_stranger() {
        let first_day = on(2026, 2, 12);
        let stranger = by_esia(first_day).pop().unwrap();
        assert_eq!(stranger.key, STRANGER);
        for person in Registry::on(first_day).iter().flat_map(Registry::people) {
            assert!(person.snils() != stranger.snils && person.phone() != stranger.phone);
        }
    }
}
