//! Every code a row is refused with, and which one of several.

use super::*;

/// A school with a lesson for everybody, one for the first part, one cancelled.
fn school() -> Texts {
    Texts::new()
        .with(
            "lessons.csv",
            &[
                "02.09.2024;7А;;1;Алгебра;;;;;Дроби;",
                "02.09.2024;7А;1;2;Химия;;;;;Вода;",
                "02.09.2024;7А;;3;Физика;;да;;;;",
            ],
        )
        .with(
            "pupils.csv",
            &[
                "8Б;Дуб;Олег;Ильич;01.01.2010;;;01.09.2024;;",
                "8Б;Клён;Яна;нет;02.01.2010;;;01.09.2024;;",
                "8Б;Клен;Яна;нет;03.01.2010;;;01.09.2024;;",
            ],
        )
}

async fn refuses(file: &'static str, cases: &[(&str, &str, &str)]) {
    let rows: Vec<_> = cases.iter().map(|(row, ..)| *row).collect();
    let texts = school().with(file, &rows);
    let first_line = texts.0[file].lines().count() - rows.len() + 1;
    let installation = Installation::new();
    let report = installation.import(&texts).await;
    let expected: Vec<_> = cases
        .iter()
        .enumerate()
        .map(|(i, (_, column, code))| (file, (first_line + i) as u32, *column, *code))
        .collect();
    assert_eq!(refused(&report), expected);
    assert!(report.refused.iter().all(|row| !row.text_ru.is_empty()));
    changes_nothing_again(&installation, &texts, &report).await;

    // Without the refused rows the database would be the same, but for what is kept of them.
    let clean = Installation::new();
    let without = clean.import(&school().with(file, &[])).await;
    let kept = installation.registry(&report).await.refused_rows.len() as u64;
    assert_eq!(report.changed - kept, without.changed);
}

#[tokio::test]
async fn rows_of_the_frame() {
    refuses(
        "calendar.csv",
        &[
            ("31.09.2024;;праздник;;", "С", "date_invalid"),
            (";;праздник;;", "С", "date_missing"),
            ("01.01.0000;;праздник;;", "С", "date_invalid"),
            ("02.09.2024;01.09.2024;каникулы;;", "По", "range_reversed"),
            ("02.09.2024;02.09.2024;карантин;;", "Вид", "calendar_kind_unknown"),
            ("07.09.2024;07.09.2024;учебный;День;", "По расписанию", "weekday_unknown"),
        ],
    )
    .await;
    refuses(
        "periods.csv",
        &[
            ("7;2 четверть;01.13.2024;28.12.2024", "Начало", "date_invalid"),
            ("7;2 четверть;05.11.2024;01.11.2024", "Конец", "range_reversed"),
            ("13;2 четверть;05.11.2024;28.12.2024", "Параллель", "grade_invalid"),
            ("+7;2 четверть;05.11.2024;28.12.2024", "Параллель", "grade_invalid"),
            ("7;;05.11.2024;28.12.2024", "Период", "term_missing"),
        ],
    )
    .await;
    refuses(
        "bells.csv",
        &[
            ("первый;08:30;09:15", "Урок", "number_invalid"),
            ("21;08:30;09:15", "Урок", "number_invalid"),
            ("2;8.30;09:15", "Начало", "time_invalid"),
            ("2;09:15;09:15", "Конец", "time_invalid"),
            ("2;09:15", "", "row_malformed"),
        ],
    )
    .await;
    refuses(
        "timetable.csv",
        &[
            ("7Я;Пн;1;Химия;;;", "Класс", "class_not_found"),
            ("7А;Пнд;1;Химия;;;", "День", "weekday_unknown"),
            ("7А;Пн;-1;Химия;;;", "Урок", "number_invalid"),
            ("7А;Пн;1;;;;", "Предмет", "subject_missing"),
        ],
    )
    .await;
}

#[tokio::test]
async fn rows_of_people() {
    let (first, other) = (snils(1), snils(50));
    refuses(
        "pupils.csv",
        &[
            ("Ъ;А;Б;;;;;01.09.2024;;", "Класс", "class_malformed"),
            (";А;Б;;;;;01.09.2024;;", "Класс", "class_missing"),
            ("7А;А;Б;;30.02.2017;1;x;01.09.2024;;", "Дата рождения", "date_invalid"),
            ("7А;А;Б;;30.03.2917;1;x;01.09.2024;;", "Дата рождения", "birth_date_in_future"),
            ("7А;А;Б;;30.03.1900;1;x;01.09.2024;;", "Дата рождения", "birth_date_too_long_ago"),
            ("7А;А;Б;;;1;x;31.09.2024;;", "Зачислен", "date_invalid"),
            ("7А;А;Б;;;1;x;;31.08.2024;", "Выбыл", "range_reversed"),
            ("Ъ;А;;;;112-233-445 96;x;01.09.2024;;", "СНИЛС", "snils_checksum"),
            ("Ъ;А;;;;1,12233E+10;x;01.09.2024;;", "СНИЛС", "snils_malformed"),
            ("7А;;Б;;;;;01.09.2024;;", "Фамилия", "name_missing"),
            ("7А;А;;;;;;01.09.2024;;", "Имя", "name_missing"),
            ("7А;А;Б;1;;;;01.09.2024;;", "Отчество", "name_malformed"),
            ("7А;А;Б;;;;почта;01.09.2024;;", "Эл. почта", "email_malformed"),
            (&format!("7А;А;Б;;01.01.2001;{first};;01.09.2024;;"), "СНИЛС", "snils_conflict"),
            ("7А;А;Б;;;;;01.09.2024;;;лишнее", "", "row_malformed"),
        ],
    )
    .await;
    refuses(
        "parents.csv",
        &[
            ("А;Б;;00.00.0000;891234567;112-233-445 96;;Никто;7А", "Дата рождения", "date_invalid"),
            (
                "А;Б;;01.01.1900;891234567;112-233-445 96;;Никто;7А",
                "Дата рождения",
                "birth_date_too_long_ago",
            ),
            ("А;Б;;;891234567;112-233-445 96;;Никто;7А", "СНИЛС", "snils_checksum"),
            ("А;Б;;;891234567;;;Никто;7А", "Телефон", "phone_malformed"),
            ("А;Б;;;8 (4912) 25-33-11;;;Никто;7А", "Телефон", "phone_not_mobile"),
            ("А;;;;;;;Никто Никита;7А", "Ребёнок", "child_not_found"),
            ("А;;;;;;;Дуб Олег Ильич;7А", "Ребёнок", "child_not_found"),
            ("А;;;;;;;Клён Яна;8Б", "Ребёнок", "child_ambiguous"),
            ("А;;;;;;;;7А", "Ребёнок", "child_missing"),
            ("А;Б;;;;;;Ёлкина Анна Олеговна;7Я", "Класс", "class_not_found"),
            ("А;Б;;;;;;Ёлкина Анна Олеговна;Ъ", "Класс", "class_malformed"),
            ("А;Б;;;;;;Ёлкина Анна Олеговна;", "Класс", "class_missing"),
            ("А;;;;;;;Ёлкина Анна Олеговна;7А", "Имя", "name_missing"),
        ],
    )
    .await;
    refuses(
        "staff.csv",
        &[
            ("А;Б;;31.02.1985;8;1;Химия;Ъ", "Дата рождения", "date_invalid"),
            ("А;Б;;28.02.2985;8;1;Химия;Ъ", "Дата рождения", "birth_date_in_future"),
            ("А;;;;8;1;Химия;Ъ", "СНИЛС", "snils_malformed"),
            ("А;;;;8;;Химия;Ъ", "Телефон", "phone_malformed"),
            ("А;;;;;;Химия;Ъ", "Имя", "name_missing"),
            ("А;Б;;;;;Химия;Ъ", "Классный руководитель", "class_malformed"),
            ("А;Б;;;;;Химия;9А", "Классный руководитель", "class_not_found"),
            (&format!("А;Б;;01.01.1985;;{first};Химия;"), "СНИЛС", "snils_conflict"),
        ],
    )
    .await;
    let texts = school().with(
        "staff.csv",
        &[
            &format!("А;Б;;01.01.1985;;{other};Химия;"),
            &format!("А;Б;;01.01.1985;;{other};Химия;7А"),
            &format!("А;Б;;01.01.1985;;{other};Химия;8Б"),
        ],
    );
    let installation = Installation::new();
    let report = installation.import(&texts).await;
    assert_eq!(refused(&report), [("staff.csv", 4, "Классный руководитель", "post_duplicate")]);
    let class = installation.class(&report, "7А").await;
    assert_eq!(installation.registry(&report).await.staff[0].class_teacher_of, Some(class));
    changes_nothing_again(&installation, &texts, &report).await;
}

#[tokio::test]
async fn rows_of_the_journal() {
    refuses(
        "lessons.csv",
        &[
            ("31.09.2024;7А;;1;Музыка;;;;;;", "Дата", "date_invalid"),
            ("02.09.2024;12Я;;4;Музыка;;;;;;", "Класс", "class_not_found"),
            ("02.09.2024;;;4;Музыка;;;;;;", "Класс", "class_missing"),
            ("02.09.2024;7А;;первый;Музыка;;;;;;", "Урок", "number_invalid"),
            ("02.09.2024;7А;;4;;;;;;;", "Предмет", "subject_missing"),
            ("02.09.2024;7А;;4;Музыка;;может быть;;;;", "Отменён", "flag_malformed"),
            ("02.09.2024;7А;;1;Музыка;;;;;;", "Урок", "lesson_duplicate"),
        ],
    )
    .await;
    let anna = "Ёлкина Анна Олеговна";
    let rows = |tail: &str| {
        [
            (format!("02.09.2024;Ъ;1;Алгебра;{anna};{tail}"), "Класс", "class_malformed"),
            (format!("02.09.2024;7А;1;Алгебра;;{tail}"), "Ученик", "pupil_missing"),
            (format!("02.09.2024;7А;1;Алгебра;Никто;{tail}"), "Ученик", "pupil_not_found"),
            (format!("02.09.2024;7А;1;Алгебра;Дуб Олег Ильич;{tail}"), "Ученик", "not_in_class"),
            (format!("11.10.2024;7А;1;Алгебра;Сосна Петр Ильич;{tail}"), "Ученик", "not_in_class"),
            (format!("02.09.2024;8Б;1;Алгебра;Клён Яна;{tail}"), "Ученик", "pupil_ambiguous"),
            (format!("02.09.2024;7А;4;Алгебра;{anna};{tail}"), "Урок", "lesson_not_found"),
            (format!("02.09.2024;7А;1;Химия;{anna};{tail}"), "Урок", "lesson_not_found"),
            (format!("02.09.2024;7А;2;Химия;Сосна Пётр Ильич;{tail}"), "Урок", "lesson_not_found"),
        ]
    };
    let beside = |cases: Vec<(String, &'static str, &'static str)>| cases;
    let mut marks = beside(rows("5;;;;").to_vec());
    marks.extend([
        (format!("02.09.2024;7А;1;Алгебра;{anna};6;;;;"), "Отметка", "mark_malformed"),
        (format!("02.09.2024;7А;1;Алгебра;{anna};;;;;"), "Отметка", "mark_missing"),
        (format!("02.09.2024;7А;1;Алгебра;{anna};5;;;-3;"), "Вес", "weight_invalid"),
        (format!("02.09.2024;7А;1;Алгебра;{anna};5;;;0;"), "Вес", "weight_invalid"),
    ]);
    let mut attendance = beside(rows("н").to_vec());
    attendance.extend([
        (format!("02.09.2024;7А;1;Алгебра;{anna};ЩЩ"), "Код", "code_unknown"),
        (format!("02.09.2024;7А;1;Алгебра;{anna};"), "Код", "code_missing"),
        (format!("02.09.2024;7А;3;Физика;{anna};н"), "Урок", "lesson_cancelled"),
    ]);
    let mut homework = beside(rows("карточка").to_vec());
    homework.push((
        format!("02.09.2024;7А;1;Алгебра;{anna};"),
        "Домашнее задание",
        "homework_missing",
    ));
    let finals = [
        ("Ъ;Ёлкина Анна Олеговна;Химия;1 четверть;5", "Класс", "class_malformed"),
        ("7А;;Химия;1 четверть;5", "Ученик", "pupil_missing"),
        ("7А;Никто;Химия;1 четверть;5", "Ученик", "pupil_not_found"),
        ("7А;Дуб Олег Ильич;Химия;1 четверть;5", "Ученик", "not_in_class"),
        ("8Б;Клён Яна;Химия;1 триместр;5", "Ученик", "pupil_ambiguous"),
        ("7А;Ёлкина Анна Олеговна;;1 четверть;5", "Предмет", "subject_missing"),
        ("7А;Ёлкина Анна Олеговна;Химия;1 триместр;5", "Период", "term_not_found"),
        ("7А;Ёлкина Анна Олеговна;Химия;;5", "Период", "term_missing"),
        ("7А;Ёлкина Анна Олеговна;Химия;1 четверть;отл", "Отметка", "mark_malformed"),
    ];
    for (file, cases) in [
        ("marks.csv", &marks),
        ("attendance.csv", &attendance),
        ("individual_homework.csv", &homework),
    ] {
        let cases: Vec<_> =
            cases.iter().map(|(row, column, code)| (row.as_str(), *column, *code)).collect();
        refuses(file, &cases).await;
    }
    refuses("finals.csv", &finals).await;
}

#[tokio::test]
async fn a_second_row_of_one_key() {
    let anna = "Ёлкина Анна Олеговна";
    let texts = school()
        .with(
            "attendance.csv",
            &[
                &format!("02.09.2024;7А;1;Алгебра;{anna};н"),
                &format!("02.09.2024;7А;1;Алгебра;{anna};Б"),
            ],
        )
        .with(
            "finals.csv",
            &[
                &format!("7А;{anna};Химия;1 четверть;5"),
                &format!("7А;{anna};Химия;1 Четверть;4"),
                &format!("7А;{anna};Химия;год;4"),
            ],
        );
    let installation = Installation::new();
    let report = installation.import(&texts).await;
    assert_eq!(
        refused(&report),
        [
            ("attendance.csv", 3, "Ученик", "attendance_duplicate"),
            ("finals.csv", 3, "Период", "final_duplicate"),
        ]
    );
    assert_eq!((report.counts.attendance, report.counts.finals), (1, 2));
    changes_nothing_again(&installation, &texts, &report).await;
}

#[tokio::test]
async fn refused_rows_are_kept_sealed_until_they_are_mended() {
    let typed = "Дуб;Яков;Львович;31.02.1985;8 912 345-67-89;;отец;Ёлкина Анна Олеговна;7А";
    let texts = Texts::new().with("parents.csv", &[typed]);
    let installation = Installation::new();
    let report = installation.import(&texts).await;
    let kept = installation.registry(&report).await.refused_rows;
    let [row] = kept.as_slice() else { panic!("one row: {}", kept.len()) };
    assert_eq!((row.file.as_str(), row.line), ("parents.csv", 2));
    assert_eq!((row.column.as_str(), row.code.as_str()), ("Дата рождения", "date_invalid"));
    let place = crate::store::places::of_refused_row(report.school, &row.file, row.line);
    let opened = installation.store.inner.vault.open(&place, &row.typed).unwrap();
    let cells: Vec<(String, String)> = serde_json::from_slice(&opened).unwrap();
    assert_eq!(cells[4], ("Телефон".into(), "8 912 345-67-89".into()));
    assert_eq!(cells.len(), 9);

    // Another fault in the same line replaces it; a good row settles it.
    let other = Texts::new().with("parents.csv", &[&typed.replace("912", "4912")]);
    assert_eq!(installation.import(&other).await.changed, 1);
    let mended = Texts::new().with("parents.csv", &[&typed.replace("31.02", "28.02")]);
    assert_eq!(installation.import(&mended).await.accounts_created, 1);
    assert!(installation.registry(&report).await.refused_rows.is_empty());
    // A file that is absent says nothing of its rows.
    installation.import(&texts).await;
    installation.import(&Texts::new()).await;
    assert_eq!(installation.registry(&report).await.refused_rows.len(), 1);
}

#[tokio::test]
async fn a_giant_row_is_kept_in_part() {
    let name = "А".repeat(100_000);
    let texts = Texts::new().with("parents.csv", &[&format!("{name};Б;;;;;;Никто;7А")]);
    let installation = Installation::new();
    let report = installation.import(&texts).await;
    assert_eq!(refused(&report), [("parents.csv", 2, "Ребёнок", "child_not_found")]);
    let kept = installation.registry(&report).await.refused_rows;
    assert!(kept[0].typed.to_bytes().len() < 1000);
}
