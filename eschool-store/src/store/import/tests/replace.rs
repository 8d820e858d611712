//! What is removed when files replace what is there, and what is not.

use eschool_core::journal::Mark;

use super::*;
use crate::{backend::Changes, exchange::FileKind};

const ANNA: &str = "Ёлкина Анна Олеговна";
const PETER: &str = "Сосна Пётр Ильич";

const REPLACE: ImportOptions = ImportOptions { dry_run: false, replace: true };

/// Two classes with rows of every kind.
fn school() -> Texts {
    let mark = |day: u32, class: &str, pupil: &str, rest: &str| {
        format!("{day:02}.09.2024;{class};1;Алгебра;{pupil};{rest};Ответ;;;")
    };
    let lesson = |day: u32, class: &str| format!("{day:02}.09.2024;{class};;1;Алгебра;;;;;;");
    let mut texts = Texts::new()
        .with("calendar.csv", &["26.10.2024;04.11.2024;каникулы;;", "04.11.2024;;праздник;;"])
        .with("bells.csv", &["2;09:25;10:10"])
        .with("pupils.csv", &["7Б;Клён;Яна;Ильинична;17.05.2011;;;01.09.2024;;1"])
        .with(
            "parents.csv",
            &[
                &format!("Ёлкина;Яна;-;01.01.1985;;{};мать;{ANNA};7А", snils(10)),
                &format!("Ёлкин;Ян;-;01.01.1985;;{};отец;{ANNA};7А", snils(11)),
                &format!("Клён;Ян;-;01.01.1985;;{};отец;Клён Яна Ильинична;7Б", snils(12)),
            ],
        )
        .with("staff.csv", &["Дуб;Ян;-;01.01.1980;;;Алгебра;7А", "Дуб;Ян;-;01.01.1980;;;Химия;"])
        .with("timetable.csv", &["7А;Пн;1;Алгебра;;;", "7А;Пн;2;Химия;;;"]);
    for class in ["7А", "7Б"] {
        for day in [2, 3, 4, 5, 6] {
            texts = texts.with("lessons.csv", &[&lesson(day, class)]);
        }
    }
    for day in [2, 3, 4, 5, 6] {
        for pupil in [ANNA, PETER] {
            texts = texts
                .with("marks.csv", &[&mark(day, "7А", pupil, "5"), &mark(day, "7А", pupil, "4")])
                .with("attendance.csv", &[&format!("{day:02}.09.2024;7А;1;Алгебра;{pupil};оп")])
                .with(
                    "individual_homework.csv",
                    &[
                        &format!("{day:02}.09.2024;7А;1;Алгебра;{pupil};карточка 1"),
                        &format!("{day:02}.09.2024;7А;1;Алгебра;{pupil};карточка 2"),
                    ],
                );
        }
        texts = texts.with("marks.csv", &[&mark(day, "7Б", "Клён Яна Ильинична", "3")]);
    }
    texts.with(
        "finals.csv",
        &[
            &format!("7А;{ANNA};Алгебра;1 четверть;5"),
            &format!("7А;{PETER};Алгебра;1 четверть;5"),
            &format!("7А;{PETER};Алгебра;год;5"),
        ],
    )
}

/// The texts without the rows that hold this.
fn without(mut texts: Texts, file: &'static str, what: &[&str]) -> Texts {
    let text = texts.0.get_mut(file).unwrap();
    let rows = text.lines().filter(|row| !what.iter().all(|what| row.contains(what)));
    *text = rows.collect::<Vec<_>>().join("\n");
    texts
}

/// That the store holds what these texts give an empty one.
async fn holds(installation: &Installation, report: &ImportReport, texts: &Texts, what: &str) {
    let fresh = Installation::new();
    let there = fresh.import(texts).await;
    let (ours, theirs) = (
        installation.export(report, FileForm::Csv).await,
        fresh.export(&there, FileForm::Csv).await,
    );
    for (name, bytes) in theirs.iter() {
        let (ours, theirs) = (ours.get(name.kind).unwrap(), bytes);
        let (ours, theirs) = (String::from_utf8_lossy(ours), String::from_utf8_lossy(theirs));
        assert_eq!(ours, theirs, "{what}: {name}");
    }
}

#[tokio::test]
async fn what_files_no_longer_hold_is_removed_if_it_is_to_be_and_only_then() {
    let whole = school();
    for (file, what) in [
        ("calendar.csv", &["праздник"][..]),
        ("periods.csv", &["триместр"]),
        ("bells.csv", &["09:25"]),
        ("timetable.csv", &["Химия"]),
        ("parents.csv", &["отец", ANNA]),
        ("staff.csv", &["Химия"]),
        ("lessons.csv", &["03.09.2024", "7Б"]),
        ("marks.csv", &["03.09.2024", ANNA]),
        ("marks.csv", &["04.09.2024", "7А", ";4;"]),
        ("marks.csv", &["05.09.2024", "7А"]),
        ("attendance.csv", &["03.09.2024"]),
        ("individual_homework.csv", &["04.09.2024", "карточка 1"]),
        ("individual_homework.csv", &["05.09.2024", PETER]),
        ("finals.csv", &["1 четверть", ANNA]),
    ] {
        let mut less = without(whole.clone(), file, what);
        if file == "lessons.csv" {
            // A lesson in which something stands is not removed.
            less = without(less, "marks.csv", what);
        }
        let installation = Installation::new();
        let first = installation.import(&whole).await;
        assert_eq!(refused(&first), []);
        let without_a_word = installation.import(&less).await;
        assert_eq!((without_a_word.changed, without_a_word.removed), (0, 0), "{file} {what:?}");
        holds(&installation, &first, &whole, file).await;

        let dry = ImportOptions { dry_run: true, replace: true };
        let would = installation.import_with(&less.files(), dry).await;
        holds(&installation, &first, &whole, file).await;
        let replaced = installation.import_with(&less.files(), REPLACE).await;
        assert_eq!(would, replaced);
        assert!(replaced.removed + replaced.changed > 0, "{file} {what:?}");
        assert_eq!(replaced.kept_back, Vec::<String>::new());
        holds(&installation, &first, &less, file).await;
        let again = installation.import_with(&less.files(), REPLACE).await;
        assert_eq!((again.changed, again.removed), (0, 0), "{file} {what:?}");
    }
}

#[tokio::test]
async fn files_remove_nothing_they_are_not_about() {
    let whole = school();
    let installation = Installation::new();
    let first = installation.import(&whole).await;
    // Files of one class, of days in the middle, of one quarter: the rest is there.
    let mut part = whole.clone();
    part = without(part, "pupils.csv", &["7Б"]);
    part = without(part, "parents.csv", &["7Б"]);
    for file in ["lessons.csv", "marks.csv", "attendance.csv", "individual_homework.csv"] {
        part = without(part, file, &["7Б"]);
        part = without(part, file, &["02.09.2024"]);
        part = without(part, file, &["06.09.2024"]);
    }
    part = without(part, "finals.csv", &["год"]);
    let replaced = installation.import_with(&part.files(), REPLACE).await;
    assert_eq!((replaced.changed, replaced.removed), (0, 0));
    for file in ["parents.csv", "staff.csv", "timetable.csv", "lessons.csv", "marks.csv"] {
        part.0.remove(file);
    }
    let replaced = installation.import_with(&part.files(), REPLACE).await;
    assert_eq!((replaced.changed, replaced.removed), (0, 0));
    holds(&installation, &first, &whole, "all").await;
}

#[tokio::test]
async fn who_left_the_files_leaves_the_class_and_keeps_the_account() {
    let whole = school();
    let installation = Installation::new();
    let first = installation.import(&whole).await;
    let mut less = whole;
    for file in ["pupils.csv", "marks.csv", "attendance.csv", "individual_homework.csv"] {
        less = without(less, file, &["Сосна"]);
    }
    less = without(less, "finals.csv", &["Сосна"]);
    let replaced = installation.import_with(&less.files(), REPLACE).await;
    assert_eq!((refused(&replaced), replaced.kept_back.len()), (vec![], 0));
    holds(&installation, &first, &less, "a pupil").await;
    let accounts = installation.accounts(&first).await;
    assert!(accounts.iter().any(|account| account.name.family() == "Сосна"));
}

#[tokio::test]
async fn of_a_class_with_a_refused_row_nothing_is_removed() {
    let whole = school();
    let anna = "03.09.2024;7А;1;Алгебра;Ёлкина";
    for (file, wrong, right, gone) in [
        ("marks.csv", anna, "03.09.2024;7А;x;Алгебра;Ёлкина", &["04.09", "7А"][..]),
        ("marks.csv", anna, "03.09.2024;7А;9;Алгебра;Ёлкина", &["04.09", "7А"]),
        ("marks.csv", anna, "03.09.2024;7Я;1;Алгебра;Ёлкина", &["04.09"]),
        ("attendance.csv", "02.09.2024", "32.09.2024", &["05.09"]),
        ("individual_homework.csv", "Ёлкина", "Елина", &["05.09"]),
        ("finals.csv", "Ёлкина", "Елина", &["Сосна", "четверть"]),
        ("pupils.csv", "17.05.2011", "17.15.2011", &["Сосна"]),
        ("parents.csv", "01.01.1985", "01.13.1985", &["отец"]),
        ("staff.csv", "01.01.1980", "01.13.1980", &["Химия"]),
    ] {
        let installation = Installation::new();
        let first = installation.import(&whole).await;
        let mut less = without(whole.clone(), file, gone).replaced(file, wrong, right);
        if file == "pupils.csv" {
            less.0.retain(|name, _| FileKind::of_name(name).is_some_and(FileKind::is_required));
        }
        let replaced = installation.import_with(&less.files(), REPLACE).await;
        assert_eq!(replaced.removed, 0, "{file} {right}");
        assert_eq!(replaced.kept_back, [file], "{right}");
        assert_eq!(replaced.refused[0].file, file);
        holds(&installation, &first, &whole, file).await;
    }
}

#[tokio::test]
async fn a_bond_that_was_barred_or_ended_outlives_the_files() {
    let whole = school();
    let less = without(whole.clone(), "parents.csv", &["отец", ANNA]);
    for (barred, until, removed) in
        [(true, None, 0), (false, Some(day("2024-10-10")), 0), (false, None, 1)]
    {
        let installation = Installation::new();
        let first = installation.import(&whole).await;
        let mut bonds = installation.registry(&first).await.guardianships;
        bonds.iter_mut().for_each(|bond| (bond.barred, bond.until) = (barred, until));
        let saved = bonds.iter().map(|bond| (first.school, bond.clone())).collect();
        let changes = crate::backend::Changes { guardianships: saved, ..<_>::default() };
        crate::testing::save(&installation.backend, &changes).await;
        let replaced = installation.import_with(&less.files(), REPLACE).await;
        assert_eq!(replaced.removed, removed, "{barred} {until:?}");
        if removed == 0 {
            assert_eq!(installation.registry(&first).await.guardianships, bonds);
        }
    }
}

#[tokio::test]
async fn a_work_stays_while_a_late_mark_for_it_does() {
    let whole = school();
    let installation = Installation::new();
    let first = installation.import(&whole).await;
    let journal = installation.journal(&first, "7А").await;
    let on = |day: u32| chrono::NaiveDate::from_ymd_opt(2024, 9, day).unwrap();
    let of_the_second = journal.marks.iter().find(|mark| mark.date == on(2)).unwrap().work;
    // Given on the fifth for the work of the second, each in a transaction of its own.
    let late =
        journal.marks.iter().find(|mark| mark.date == on(5) && mark.value.to_string() == "4");
    let late = Mark { work: of_the_second, ..late.unwrap().clone() };
    let changes = Changes { marks: vec![(first.school, late.clone())], ..Changes::default() };
    let mut tx = installation.backend.begin(Access::Write).await.unwrap();
    tx.apply(&changes).await.unwrap();
    tx.commit().await.unwrap();

    // The files call what was done on the second another kind of work.
    let mut other = whole.clone();
    let text = other.0.get_mut("marks.csv").unwrap();
    let renamed = |row: &str| match row.starts_with("02.09.2024;7А") {
        true => row.replace("Ответ", "Диктант"),
        false => row.into(),
    };
    *text = text.lines().map(renamed).collect::<Vec<_>>().join("\n");
    let report = installation.import_with(&other.files(), REPLACE).await;
    assert!(report.removed > 0);
    let journal = installation.journal(&first, "7А").await;
    let marks = journal.marks.iter().filter(|mark| mark.work == of_the_second);
    assert_eq!(marks.collect::<Vec<_>>(), [&late]);
    assert!(journal.works.iter().any(|work| work.id == of_the_second));
    holds(&installation, &first, &other, "a late mark").await;
    let again = installation.import_with(&other.files(), REPLACE).await;
    assert_eq!((again.changed, again.removed), (0, 0));

    // With the mark goes the work, on whatever day it was done.
    let less = without(other, "marks.csv", &["05.09.2024;7А"]);
    installation.import_with(&less.files(), REPLACE).await;
    let journal = installation.journal(&first, "7А").await;
    assert!(journal.works.iter().all(|work| work.id != of_the_second));
}
