//! What holds for the files together, whenever the portal was started first.

use std::{
    collections::{BTreeMap, BTreeSet},
    slice,
};

use chrono::{Datelike, Months, NaiveDate};

use eschool_core::identity::{MobilePhone, Snils};

use super::{
    EsiaAccount, SCHOOLS, SampleFile, by_esia, esia_people, export, people,
    registry::Registry,
    schools,
    year::{SchoolYear, on, plus},
};

/// The files of the first school.
fn files(first_day: NaiveDate, today: NaiveDate) -> Vec<SampleFile> {
    schools(first_day, today).next().unwrap()
}

/// Days on which a portal might be started first.
fn first_days() -> [NaiveDate; 8] {
    [
        on(2025, 9, 1),
        on(2025, 11, 26),
        on(2026, 1, 1),
        on(2026, 5, 30),
        on(2026, 8, 28),
        on(2026, 8, 30),
        on(2026, 8, 31),
        on(2028, 2, 29),
    ]
}

/// The rows of one file after its head. Line breaks within cells stand in quotes.
fn rows(files: &[SampleFile], name: &str) -> Vec<Vec<String>> {
    let file = files.iter().find(|file| file.name == name).unwrap();
    let text = file.text.strip_prefix('\u{feff}').unwrap().strip_suffix("\r\n").unwrap();
    let unquoted = |cell: &str| cell.trim_matches('"').to_owned();
    let cells = |row: &str| {
        let mut cells = vec![String::new()];
        let mut quoted = false;
        for letter in row.chars() {
            quoted ^= letter == '"';
            if letter == ';' && !quoted {
                cells.push(String::new());
            } else {
                cells.last_mut().unwrap().push(letter);
            }
        }
        cells.iter().map(|cell| unquoted(cell)).collect()
    };
    text.split("\r\n").skip(1).map(cells).collect()
}

fn day(cell: &str) -> NaiveDate {
    let [day, month, year] = cell.split('.').collect::<Vec<_>>()[..] else { panic!("{cell}") };
    on(year.parse().unwrap(), month.parse().unwrap(), day.parse().unwrap())
}

#[test]
fn the_heads_are_those_of_the_format() {
    let heads: Vec<String> = files(on(2025, 10, 1), on(2025, 10, 1))
        .iter()
        .map(|file| format!("{}: {}", file.name, file.text.lines().next().unwrap()))
        .collect();
    let expected = [
        "school.csv: \u{feff}Наименование;Учредитель;Муниципалитет;Часовой пояс",
        "calendar.csv: \u{feff}С;По;Вид;По расписанию;Название",
        "periods.csv: \u{feff}Параллель;Период;Начало;Конец",
        "bells.csv: \u{feff}Урок;Начало;Конец",
        "staff.csv: \u{feff}Фамилия;Имя;Отчество;Дата рождения;Телефон;СНИЛС;Предмет;\
         Классный руководитель",
        "pupils.csv: \u{feff}Класс;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Пол;Эл. почта;\
         Зачислен;Выбыл;Подгруппа",
        "parents.csv: \u{feff}Фамилия;Имя;Отчество;Дата рождения;Телефон;СНИЛС;Тип родства;\
         Ребёнок;Класс",
        "timetable.csv: \u{feff}Класс;День;Урок;Предмет;Подгруппа;Учитель;Кабинет",
        "lessons.csv: \u{feff}Дата;Класс;Подгруппа;Урок;Предмет;Вместо;Отменён;Учитель;Кабинет;\
         Тема;Домашнее задание",
        "individual_homework.csv: \u{feff}Дата;Класс;Урок;Предмет;Ученик;Домашнее задание",
        "marks.csv: \u{feff}Дата;Класс;Урок;Предмет;Ученик;Отметка;Вид работы;Работа;Вес;\
         Комментарий",
        "attendance.csv: \u{feff}Дата;Класс;Урок;Предмет;Ученик;Код",
        "finals.csv: \u{feff}Класс;Ученик;Предмет;Период;Отметка",
    ];
    assert_eq!(heads, expected);
}

#[test]
fn every_row_has_as_many_cells_as_its_head() {
    let schools: Vec<_> = schools(on(2026, 3, 4), on(2026, 3, 4)).collect();
    assert_eq!(schools.len(), SCHOOLS);
    for files in schools {
        for file in &files {
            let columns = file.text.lines().next().unwrap().split(';').count();
            let rows = rows(&files, file.name);
            assert!(!rows.is_empty(), "{}", file.name);
            for row in rows {
                assert_eq!(row.len(), columns, "{} {row:?}", file.name);
                assert!(row.iter().all(|cell| cell.trim() == cell), "{row:?}");
            }
        }
    }
}

#[test]
fn the_same_days_give_the_same_files() {
    for first_day in first_days() {
        let today = plus(first_day, 9);
        assert!(schools(first_day, today).eq(schools(first_day, today)));
    }
}

#[test]
fn a_later_day_only_adds() {
    for first_day in [on(2025, 9, 1), on(2025, 10, 20), on(2025, 12, 24), on(2026, 5, 20)] {
        let all = |today| schools(first_day, today).flatten().collect::<Vec<_>>();
        let mut earlier = all(first_day);
        for days in [1, 2, 3, 4, 5, 9, 14, 23] {
            let later = all(plus(first_day, days));
            for (old, new) in earlier.iter().zip(&later) {
                match old.name {
                    "marks.csv" | "attendance.csv" | "finals.csv" | "individual_homework.csv" => {
                        let mut left = count(rows(slice::from_ref(new), new.name));
                        for (row, times) in count(rows(slice::from_ref(old), old.name)) {
                            let now = left.remove(&row).unwrap_or_default();
                            assert!(times <= now, "{first_day} +{days}: {row:?}");
                        }
                    }
                    "lessons.csv" => only_filled(
                        &rows(slice::from_ref(old), old.name),
                        &rows(slice::from_ref(new), new.name),
                    ),
                    _ => assert_eq!(old, new),
                }
            }
            earlier = later;
        }
    }
}

fn count(rows: Vec<Vec<String>>) -> BTreeMap<Vec<String>, usize> {
    let mut counted = BTreeMap::new();
    rows.into_iter().for_each(|row| *counted.entry(row).or_default() += 1);
    counted
}

/// Every earlier lesson is there as it was, or has got a topic since.
fn only_filled(earlier: &[Vec<String>], later: &[Vec<String>]) {
    let later: BTreeMap<_, _> = later.iter().map(|row| (row[..9].to_vec(), &row[9..])).collect();
    for row in earlier {
        let now = later.get(&row[..9]).unwrap_or_else(|| panic!("gone: {row:?}"));
        assert!(row[9].is_empty() || row[9..] == **now, "{row:?} {now:?}");
    }
}

#[test]
fn special_pupils_are_what_they_are_there_for() {
    for first_day in first_days() {
        let pupils = rows(&files(first_day, first_day), "pupils.csv");
        let born = |family: &str| {
            let pupil = pupils.iter().find(|row| row[1] == family).unwrap();
            day(&pupil[4])
        };
        let reached = |family| born(family).checked_add_months(Months::new(174)).unwrap();

        let young = born("Зорин").checked_add_months(Months::new(8 * 12)).unwrap();
        assert!(plus(young, 150) < first_day && first_day < plus(young, 300), "{first_day}");

        let next = reached("Емельянова");
        let exact = first_day != on(2026, 5, 30) && first_day != on(2026, 8, 30);
        // nobody reaches it on 31 May or 31 August: half a year before there is no such day
        assert_eq!(next, plus(first_day, if exact { 1 } else { 2 }), "{first_day}");

        let past = first_day.signed_duration_since(reached("Жуйков")).num_days();
        assert!((20..40).contains(&past), "{first_day}: {past}");

        let gone = pupils.iter().find(|row| !row[9].is_empty()).unwrap();
        assert_eq!(day(&gone[9]), plus(first_day, -14));
        assert!(day(&gone[8]) <= day(&gone[9]));
        let fourteen_and_half = day(&gone[4]).checked_add_months(Months::new(174)).unwrap();
        assert!(first_day < fourteen_and_half);
    }
}

#[test]
fn the_notes_tell_what_to_expect() {
    let notes: Vec<String> = people(on(2026, 2, 12))
        .into_iter()
        .map(|person| format!("{}, {}: {}", person.name, person.class, person.note))
        .collect();
    assert_eq!(
        notes,
        [
            "Зорин Матвей Кириллович, 2А: ученик 8 лет",
            "Семёнов Кирилл Вадимович, 5Б: выбыл из школы 29.01.2026 – запись закрыта",
            "Емельянова София Викторовна, 8А: 14,5 года исполнится 13.02.2026 – до этого дня \
             дневник открыт",
            "Жуйков Ярослав Михайлович, 8А: 14,5 года исполнилось 19.01.2026 – только через ЕСИА",
        ]
    );
}

#[test]
fn lessons_are_on_ordinary_days_until_the_end_of_the_week() {
    for first_day in first_days() {
        let year = SchoolYear::of(first_day);
        let lessons = rows(&files(first_day, first_day), "lessons.csv");
        for row in &lessons {
            let date = day(&row[0]);
            assert!(year.timetable_of(date).is_some(), "{row:?}");
            assert!(date < plus(first_day, 7) && date.iso_week() <= first_day.iso_week());
            if date >= first_day {
                assert!(row[9].is_empty() && row[10].is_empty(), "{row:?}");
            }
        }
        let keys: BTreeSet<_> = lessons.iter().map(|row| &row[..4]).collect();
        assert_eq!(keys.len(), lessons.len());
    }
}

#[test]
fn some_of_the_latest_lessons_are_not_filled_yet() {
    let (mut unfilled, mut all) = (0, 0);
    for days in 0..40 {
        let today = plus(on(2025, 11, 17), days);
        for row in rows(&files(on(2025, 10, 1), today), "lessons.csv") {
            let date = day(&row[0]);
            if row[6].is_empty() && date < today && plus(today, -3) <= date {
                all += 1;
                unfilled += usize::from(row[9].is_empty());
            }
        }
    }
    assert!((25..60).contains(&(all / unfilled)), "{unfilled} of {all}");
}

#[test]
fn what_belongs_to_a_lesson_belongs_to_a_filled_one_of_the_pupils_subgroup() {
    let days = [on(2025, 9, 8), on(2025, 12, 10), on(2026, 8, 31), on(2028, 2, 29)];
    for files in days.into_iter().flat_map(|day| schools(day, day)) {
        let pupils = rows(&files, "pupils.csv");
        let filled: BTreeSet<Vec<String>> = rows(&files, "lessons.csv")
            .into_iter()
            .filter(|row| row[6].is_empty() && !row[9].is_empty())
            .map(|row| row[..5].to_vec())
            .collect();
        for name in ["marks.csv", "attendance.csv", "individual_homework.csv"] {
            for row in rows(&files, name) {
                let [date, class, number, subject, child] = &row[..5] else { panic!("{row:?}") };
                let pupil = pupils
                    .iter()
                    .find(|pupil| pupil[0] == *class && pupil[1..4].join(" ") == *child)
                    .unwrap_or_else(|| panic!("not in class: {row:?}"));
                assert!(day(&pupil[8]) <= day(date), "{row:?}");
                assert!(pupil[9].is_empty() || day(date) <= day(&pupil[9]), "{row:?}");
                let lesson = |subgroup: &str| {
                    let key = [date, class, subgroup, number, subject].map(str::to_owned);
                    filled.contains(&key[..])
                };
                assert!(lesson("") || lesson(&pupil[10]), "{name} {row:?}");
            }
        }
    }
}

#[test]
fn marks_are_as_many_as_in_real_journals() {
    let [third, first] = &schools(on(2026, 4, 1), on(2026, 4, 1)).collect::<Vec<_>>()[..] else {
        panic!("two schools")
    };
    let marks = [rows(third, "marks.csv"), rows(first, "marks.csv")].concat();
    let days: BTreeSet<_> = marks.iter().map(|row| row[0].clone()).collect();
    for (class, pupils, a_week) in
        [("2А", 11, 4.5..6.5), ("5Б", 12, 7.5..12.0), ("8А", 12, 8.0..12.0), ("9Б", 12, 8.0..12.0)]
    {
        let given = marks.iter().filter(|row| row[1] == class).count();
        let weeks = days.len() as f64 / 5.0;
        let each = given as f64 / f64::from(pupils) / weeks;
        assert!(a_week.contains(&each), "{class}: {each}");
    }
    for value in ["5", "4", "3", "2", "4-", "5+", ".", "н/а", "осв"] {
        assert!(marks.iter().any(|row| row[5] == value), "{value}");
    }
    let attendance = rows(third, "attendance.csv");
    for code in ["Б", "УП", "НП", "н", "оп"] {
        assert!(attendance.iter().any(|row| row[5] == code), "{code}");
    }
}

#[test]
fn finals_are_the_rounded_means_of_ended_terms() {
    let files = files(on(2026, 1, 20), on(2026, 1, 20));
    let terms = rows(&files, "periods.csv");
    let marks = rows(&files, "marks.csv");
    let finals = rows(&files, "finals.csv");
    let periods: BTreeSet<_> = finals.iter().map(|row| row[3].clone()).collect();
    assert!(periods.iter().eq(["1 четверть", "2 четверть"]));
    for row in &finals {
        let term = terms.iter().find(|term| term[1] == row[3]).unwrap();
        let (mut sum, mut weight) = (0, 0);
        for mark in &marks {
            let date = day(&mark[0]);
            let in_term = day(&term[2]) <= date && date <= day(&term[3]);
            let points = mark[5].chars().next().and_then(|first| first.to_digit(10));
            if let (true, Some(points)) =
                (in_term && mark[4] == row[1] && mark[3] == row[2], points)
            {
                let of: u32 = mark[8].parse().unwrap();
                sum += points * of;
                weight += of;
            }
        }
        let mean = f64::from(sum) / f64::from(weight);
        assert_eq!(row[4], ((mean + 0.5).floor() as u32).to_string(), "{row:?} {mean}");
    }
}

/// The rows of pupils.csv, parents.csv and staff.csv of each school.
fn registries(first_day: NaiveDate) -> Vec<[Vec<Vec<String>>; 3]> {
    let registries = schools::SCHOOLS.into_iter().zip(Registry::on(first_day));
    let files = registries.map(|(school, registry)| {
        [
            ("pupils.csv", export::pupils(&registry)),
            ("parents.csv", export::parents(school, &registry)),
            ("staff.csv", export::staff(&registry)),
        ]
        .map(|(name, table)| rows(&[SampleFile { name, text: table.finish() }], name))
    });
    files.collect()
}

/// The row of a registry with this СНИЛС.
fn with_snils<'a>(rows: &'a [Vec<String>], snils: &str) -> Option<&'a Vec<String>> {
    rows.iter().find(|row| row[5] == snils)
}

#[test]
fn the_people_of_esia_are_those_of_the_registries() {
    let year_and_a_half = on(2026, 9, 1).iter_days().take(550);
    for first_day in year_and_a_half.chain(first_days()) {
        let registries = registries(first_day);
        let [[pupils, parents, staff], [ninth, elsewhere, _]] = &registries[..] else {
            panic!("two schools")
        };
        let by_esia = by_esia(first_day);
        let person = |key: &str| by_esia.iter().find(|p| p.key.starts_with(key)).unwrap();
        let children = |parents: &[Vec<String>], snils: &str| {
            parents.iter().filter(|row| row[5] == snils).count()
        };
        for person in &by_esia {
            assert!(
                Snils::parse(&person.snils).is_ok() && MobilePhone::parse(&person.phone).is_ok()
            );
            let held = registries.iter().flatten().find_map(|r| with_snils(r, &person.snils));
            let told = person.key.starts_with("посторонний") || person.key.contains("СНИЛС нет");
            assert_eq!(held.is_none(), told, "{}", person.key);
        }

        let two = person("мама двоих детей");
        assert_eq!((children(parents, &two.snils), children(elsewhere, &two.snils)), (2, 0));
        let both = person("мама детей из двух школ");
        assert_eq!((children(parents, &both.snils), children(elsewhere, &both.snils)), (1, 1));

        let teacher = person("классный руководитель и мама");
        assert_eq!(with_snils(staff, &teacher.snils).unwrap()[7], "8А");
        assert_eq!(children(parents, &teacher.snils), 1);

        let fifteen = with_snils(ninth, &person("девятиклассник").snils).unwrap();
        let age = |row: &[String], months| day(&row[4]).checked_add_months(Months::new(months));
        assert!(
            age(fifteen, 15 * 12) <= Some(first_day) && Some(first_day) < age(fifteen, 16 * 12)
        );
        let older = with_snils(pupils, &person("восьмиклассник").snils).unwrap();
        assert!(age(older, 174) <= Some(first_day), "{first_day}");
        let young = with_snils(pupils, &person("второклассник").snils).unwrap();
        assert_eq!(young[0], "2А");

        let by_phone = person("мама, в школе есть её телефон");
        let row = parents.iter().find(|row| row[4] == by_phone.phone).unwrap();
        assert_eq!((row[..3].join(" "), day(&row[3])), (by_phone.name.to_owned(), by_phone.born));
        assert_eq!(row[5], "");
        let phones = [(parents, 4), (elsewhere, 4), (staff, 4)];
        let holders = phones.iter().flat_map(|(rows, at)| rows.iter().map(|row| &row[*at]));
        assert_eq!(holders.filter(|phone| **phone == by_phone.phone).count(), 1);

        let left = person("мама ученика, который выбыл");
        let rows_of_left = parents.iter().filter(|row| row[5] == left.snils);
        for row in rows_of_left {
            let child = pupils.iter().find(|pupil| pupil[1..4].join(" ") == row[7]).unwrap();
            assert!(day(&child[9]) < first_day);
        }
        assert_eq!(children(parents, &left.snils), 1);

        let standard = person("папа со стандартной");
        assert_eq!(children(parents, &standard.snils), 1);
        assert_eq!(standard.account, EsiaAccount::Standard);
    }
}

#[test]
fn the_file_for_the_emulator_holds_them_all() {
    let first_day = on(2026, 2, 12);
    let file = SampleFile { name: "esia_people.csv", text: esia_people(first_day) };
    assert_eq!(
        file.text.lines().next().unwrap(),
        "\u{feff}Ключ;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Телефон;Телефон подтверждён;\
         Тип учётной записи"
    );
    let rows = rows(&[file], "esia_people.csv");
    assert_eq!(rows.len(), by_esia(first_day).len());
    for (row, person) in rows.iter().zip(by_esia(first_day)) {
        assert_eq!((row[0].as_str(), row[1..4].join(" ")), (person.key, person.name.to_owned()));
        assert_eq!((day(&row[4]), &row[5], &row[6]), (person.born, &person.snils, &person.phone));
        assert_eq!(row[7], "да");
        assert!(["подтверждённая", "стандартная", "детская"].contains(&row[8].as_str()));
    }
}
