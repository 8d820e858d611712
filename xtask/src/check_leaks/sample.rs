//! A small school for where none is given: forty families, all of them invented.

use std::fmt::Write as _;

use eschool_store::exchange::SchoolFiles;

const FAMILIES: u64 = 40;
const NAMES: [&str; 8] =
    ["Ёлкин", "Рябинин", "Клёнов", "Осинкин", "Липин", "Ясенев", "Вязов", "Дубов"];

const GIVEN: [&str; 5] = ["Олег", "Пётр", "Семён", "Артём", "Глеб"];

/// The files of the school.
pub(super) fn files() -> SchoolFiles {
    let mut pupils = String::from(
        "Класс;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Пол;Эл. почта;Зачислен;Выбыл;Подгруппа\n",
    );
    let mut parents = String::from(
        "Фамилия;Имя;Отчество;Дата рождения;Телефон;СНИЛС;Тип родства;Ребёнок;Класс\n",
    );
    for (n, family) in (1..=FAMILIES).zip(NAMES.iter().cycle()) {
        let class = 1 + n % 8;
        // A name of its own for everybody of a family.
        let given =
            GIVEN.iter().cycle().nth(usize::try_from(n / 8).unwrap_or(0)).unwrap_or(&"Олег");
        let _ = writeln!(
            pupils,
            "{class}А;{family};{given};;01.0{}.201{};{};м;pupil{n}@school.example.org;01.09.2024;;1",
            1 + n % 9,
            1 + n % 6,
            snils(100_000_000 + n * 7_777_777),
        );
        // Now and then a row that is refused: what was typed is kept for who looks for the fault.
        let parent =
            if n % 10 == 0 { "123-456-789 00".into() } else { snils(700_000_000 + n * 3_333_333) };
        let _ = writeln!(
            parents,
            "{family};Отец{given};;1{}.05.198{};8 912 3{n:02}-4{}-{n:02};{parent};отец;{family} {given};{class}А",
            n % 10,
            n % 10,
            n % 10,
        );
        // Here and there both parents have one telephone.
        if n % 10 == 5 {
            let mother = snils(800_000_000 + n * 1_111_111);
            let _ = writeln!(
                parents,
                "{family}а;Мать{given};;15.06.1985;8 912 3{n:02}-45-{n:02};{mother};мать;{family} {given};{class}А",
            );
        }
    }
    SchoolFiles::from_texts([
        (
            "school.csv",
            "Наименование;Учредитель;Муниципалитет;Часовой пояс\nШкола № 7;;;Europe/Moscow\n",
        ),
        ("calendar.csv", "С;По;Вид;По расписанию;Название\n"),
        ("periods.csv", PERIODS),
        ("bells.csv", "Урок;Начало;Конец\n1;08:00;08:45\n"),
        ("pupils.csv", &pupils),
        ("parents.csv", &parents),
    ])
}

const PERIODS: &str = "Параллель;Период;Начало;Конец\n1;1 четверть;01.09.2024;25.10.2024\n";

/// A СНИЛС with these nine digits, as it is printed.
pub(super) fn snils(number: u64) -> String {
    let digits: Vec<u64> = (0..9).rev().map(|place| number / 10_u64.pow(place) % 10).collect();
    let sum: u64 = digits.iter().zip((1..=9).rev()).map(|(digit, weight)| digit * weight).sum();
    let check = sum % 101 % 100;
    let text: String = digits.iter().map(u64::to_string).collect();
    let (a, rest) = text.split_at(3);
    let (b, c) = rest.split_at(3);
    format!("{a}-{b}-{c} {check:02}")
}
