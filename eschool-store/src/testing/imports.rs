//! A school's files imported again, after what was done by hand since.
//!
//! Not part of [`conformance!`](crate::conformance!), for files are read with the feature
//! `exchange` alone: a backend's own tests run these cases.

use std::{num::NonZeroUsize, sync::Arc};

use eschool_core::{
    archive::DropOrder,
    error::CodedError as _,
    id::{AccountId, ClassId, SchoolId},
    journal::{NewYear, Stay},
    policy::SignInPolicy,
};

use super::{
    fixtures::{claim, day, vault},
    reading, save,
    store::Harness,
};
use crate::{
    Actor, Store, StoreSettings, Transfer,
    ambient::{Ambient, OsEntropy},
    backend::{Backend, Changes, Claim, Registry},
    exchange::{ImportOptions, ImportReport, SchoolFiles},
    secret::{ClaimKind, KeyId, Keys, Passwords, Vault},
};

const CONSOLE: Actor<'static> = Actor::Console;

/// Three classes; two pupils have neither СНИЛС nor birth date.
const PUPILS: &str = "\
Класс;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Зачислен;Выбыл;Подгруппа
7А;Ёлкина;Анна;Олеговна;17.05.2011;;01.09.2024;;1
7А;Сосна;Пётр;Ильич;18.06.2011;;01.09.2024;;2
7А;Клён;Лев;;;;01.09.2024;;1
7Б;Дуб;Яна;;;;01.09.2024;;
11А;Пихта;Олег;Ильич;01.02.2007;;01.09.2024;;";

const PARENTS: &str = "\
Фамилия;Имя;Отчество;Дата рождения;Телефон;СНИЛС;Тип родства;Ребёнок;Класс
Ёлкина;Мария;-;03.04.1985;;;мать;Ёлкина Анна Олеговна;7А
Сосна;Илья;-;04.05.1984;;;отец;Сосна Пётр Ильич;7А
Пихта;Илья;-;05.06.1975;;;отец;Пихта Олег Ильич;11А";

/// One post in three rows, of which the last speaks against the first.
const STAFF: &str = "\
Фамилия;Имя;Отчество;Дата рождения;Телефон;СНИЛС;Предмет;Классный руководитель
Граб;Лев;-;01.01.1980;;;Химия;7А
Граб;Лев;-;01.01.1980;;;Химия;7А
Граб;Лев;-;01.01.1980;;;Химия;7Б
Вяз;Инна;-;02.02.1981;;;Физика;11А
Вяз;Инна;-;02.02.1981;;;Астрономия;";

/// What is done to a school between two imports of its files is not undone by the second: a pupil
/// was moved, another one went to the next school, the year is over. Files that replace what is
/// there say what they say.
pub async fn what_was_done_since_outlives_the_same_files(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with(Arc::clone(&backend), Changes::default(), policy()).await;
    let store = &harness.store;
    let here = files(
        "Школа № 27",
        2024,
        &[("pupils.csv", PUPILS), ("parents.csv", PARENTS), ("staff.csv", STAFF)],
    );
    let beside = "Класс;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Зачислен;Выбыл\n\
                  7А;Ель;Инна;-;01.01.2011;;01.09.2024;";
    let there = files("Школа № 28", 2024, &[("pupils.csv", beside)]);
    let first = import(&harness, &here).await;
    let elsewhere = import(&harness, &there).await;
    let school = first.school;
    let refused: Vec<_> = first.refused.iter().map(|row| (row.line, row.code)).collect();
    assert_eq!(refused, [(4, "post_duplicate")]);

    let all = async |school| reading(&backend).await.registry(school).await.unwrap();
    let registry = all(school).await;
    let (anna, peter) = (account(&registry, "Ёлкина", "Анна"), account(&registry, "Сосна", "Пётр"));
    let (a, b) = (class(&registry, 2024, "7А"), class(&registry, 2024, "7Б"));
    store.move_pupil(CONSOLE, school, anna, b, day("2024-10-11")).await.unwrap();
    let transfer = Transfer {
        from_school: school,
        pupil: peter,
        to_school: elsewhere.school,
        class: class(&all(elsewhere.school).await, 2024, "7А"),
        on: day("2024-11-05"),
    };
    store.transfer_pupil(CONSOLE, transfer).await.unwrap();
    let since = (all(school).await, all(elsewhere.school).await);
    assert_eq!(rows(&import(&harness, &here).await), rows(&first));
    assert_eq!(rows(&import(&harness, &there).await), rows(&elsewhere));
    assert_eq!((all(school).await, all(elsewhere.school).await), since);

    harness.clock.set("2025-08-25T09:00:00Z");
    open(&harness, school, "2025-09-01").await;
    let since = all(school).await;
    let led: Vec<_> = since.staff.iter().filter_map(|post| post.class_teacher_of).collect();
    assert_eq!(led, [class(&since, 2025, "8А")]);
    assert_eq!(rows(&import(&harness, &here).await), rows(&first));
    assert_eq!(all(school).await, since);

    let options = ImportOptions { dry_run: false, replace: true };
    let replaced = store.import_school_with(&here, options, &mut |_| {}).await.unwrap();
    assert!(replaced.changed > 0);
    let registry = all(school).await;
    let again = Stay { pupil: anna, class: a, from: day("2024-09-01"), to: None };
    assert!(registry.stays.contains(&again));
    let mut led: Vec<_> = registry.staff.iter().filter_map(|post| post.class_teacher_of).collect();
    led.sort_unstable();
    let mut said = [a, class(&registry, 2024, "11А")];
    said.sort_unstable();
    assert_eq!(led, said);
}

/// Where a row does not tell the first day it is about the stay that is there: the year was opened
/// on another day than the first of September, or the pupil came in the midst of it.
pub async fn a_row_without_a_first_day_makes_no_second_stay(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with(Arc::clone(&backend), Changes::default(), policy()).await;
    let store = &harness.store;
    let here = files("Школа № 27", 2024, &[("pupils.csv", PUPILS)]);
    let school = import(&harness, &here).await.school;
    let all = async || reading(&backend).await.registry(school).await.unwrap();
    let registry = all().await;
    let (anna, b) = (account(&registry, "Ёлкина", "Анна"), class(&registry, 2024, "7Б"));
    store.move_pupil(CONSOLE, school, anna, b, day("2024-10-11")).await.unwrap();
    let since = all().await;
    let moved = PUPILS.replace("7А;Ёлкина", "7Б;Ёлкина").replace("01.09.2024;;1", ";;");
    let moved = moved.replace("01.09.2024", "");
    let later = files("Школа № 27", 2024, &[("pupils.csv", &moved)]);
    assert_eq!(import(&harness, &later).await.changed, 0);
    assert_eq!(all().await, since);

    harness.clock.set("2025-08-25T09:00:00Z");
    open(&harness, school, "2025-09-02").await;
    let since = all().await;
    let next = "Класс;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Зачислен;Выбыл\n\
                8А;Клён;Лев;;;;;\n\
                8А;Клён;Лев;;;;;\n\
                8Б;Дуб;Яна;;;;;25.12.2025\n\
                8Б;Ёлкина;Анна;Олеговна;17.05.2011;;;";
    let next = import(&harness, &files("Школа № 27", 2025, &[("pupils.csv", next)])).await;
    assert_eq!(next.refused, []);
    let mut registry = all().await;
    let yana = account(&since, "Дуб", "Яна");
    let left = registry.stays.iter_mut().find(|s| s.pupil == yana && s.from == day("2025-09-02"));
    assert_eq!(left.unwrap().to.take(), Some(day("2025-12-25")));
    assert_eq!(registry, since);
    let year = NewYear::beginning(day("2026-09-01"));
    let plan = store.foresee_new_year(CONSOLE, school, year).await.unwrap().plan;
    assert_eq!(plan.conflicts, []);
}

/// Files with journals of a year that went to an archive change nothing, not the people either; with
/// people alone they are taken.
pub async fn a_year_in_an_archive_takes_no_journals(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with(Arc::clone(&backend), Changes::default(), policy()).await;
    let store = &harness.store;
    let lessons = "Дата;Класс;Подгруппа;Урок;Предмет;Вместо;Отменён;Дистанционно;Учитель;Кабинет;\
                   Тема;Домашнее задание\n16.09.2024;7А;;1;Физика;;;;Вяз И.;12;Сила;";
    let given = [("pupils.csv", PUPILS), ("lessons.csv", lessons)];
    let first = import(&harness, &files("Школа № 27", 2024, &given)).await;
    assert_eq!((first.counts.lessons, &first.refused[..]), (1, &[][..]));
    let school = first.school;
    harness.clock.set("2026-01-20T09:00:00Z");
    let mut file = Vec::new();
    store.archive_year(CONSOLE, school, 2024, &mut file, &mut |_| ()).await.unwrap();
    let order = Some(DropOrder { number: "12-од".into(), date: day("2026-01-15") });
    let mut archive = &file[..];
    store.drop_year(CONSOLE, school, 2024, &mut archive, order, &mut |_| ()).await.unwrap();

    let since = reading(&backend).await.registry(school).await.unwrap();
    let more = format!("{PUPILS}\n7Б;Ель;Инна;-;01.01.2011;;01.09.2024;;");
    let with_journal = [("pupils.csv", more.as_str()), ("lessons.csv", lessons)];
    let here = files("Школа № 27", 2024, &with_journal);
    let told = store.import_school(&here, &mut |_| {}).await.unwrap_err();
    assert_eq!(told.code(), "year_archived");
    assert_eq!(reading(&backend).await.registry(school).await.unwrap(), since);
    let people = import(&harness, &files("Школа № 27", 2024, &with_journal[..1])).await;
    assert_eq!(people.refused, []);
    let now = reading(&backend).await.registry(school).await.unwrap();
    assert_eq!(now.accounts.len(), since.accounts.len() + 1);
}

/// Files that were taken in under the former lookup key make nobody new under the next one, whether the
/// rows have been hashed anew or not.
pub async fn another_lookup_key_makes_nobody_new(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with(Arc::clone(&backend), Changes::default(), policy()).await;
    let parents = "\
Фамилия;Имя;Отчество;Дата рождения;Телефон;СНИЛС;Тип родства;Ребёнок;Класс
Ёлкина;Мария;-;03.04.1985;+79123456789;112-233-445 95;мать;Ёлкина Анна Олеговна;7А
Сосна;Илья;-;04.05.1984;+79123456789;116-973-385 89;отец;Сосна Пётр Ильич;7А";
    let here = files("Школа № 27", 2024, &[("pupils.csv", PUPILS), ("parents.csv", parents)]);
    let first = import(&harness, &here).await;
    let shared = vec![vec![2, 3]];
    assert_eq!(first.shared_phones, shared);
    let all = async || reading(&backend).await.registry(first.school).await.unwrap();
    let before = all().await;
    let mut keys = Keys::parse(&vault().keys().to_text()).unwrap();
    keys.rotate_lookup(&mut |bytes| bytes.fill(43)).unwrap();
    keys.begin_lookup(KeyId(2)).unwrap();
    let vault = Vault::new(Keys::parse(&keys.to_text()).unwrap());
    let store = Store::new(
        Arc::clone(&backend),
        Ambient::new(Arc::new(harness.clock.clone()), Arc::new(OsEntropy)),
        Vault::new(keys),
        Passwords::new(harness.hasher.clone(), NonZeroUsize::MIN).unwrap(),
        policy(),
        StoreSettings::default(),
    );
    let harness = Harness { store, ..harness };
    let again = import(&harness, &here).await;
    assert_eq!((again.accounts_created, again.changed), (0, 0));
    assert_eq!(all().await, before);
    // One parent has the newest hash, the other the former.
    let parent = account(&before, "Ёлкина", "Мария");
    let row = before.accounts.iter().find(|row| row.id == parent).unwrap().clone();
    let claims = [(ClaimKind::Snils, "11223344595"), (ClaimKind::Phone, "+79123456789")];
    let claims = claims
        .map(|(kind, text)| Claim { key: vault.lookup(kind, text), ..claim(&row, kind, text) });
    let changes = Changes { accounts: vec![row], claims: claims.into(), ..Changes::default() };
    save(&backend, &changes).await;
    let half = all().await;
    for _ in 0..2 {
        let again = import(&harness, &here).await;
        assert_eq!((again.accounts_created, again.changed), (0, 0));
        assert_eq!(again.shared_phones, shared);
        assert_eq!(harness.store.rehash(1000).await.unwrap().left, 0);
    }
    assert_eq!(all().await.accounts, half.accounts);
}

fn policy() -> SignInPolicy {
    SignInPolicy::ryazan_2022()
}

/// The files of a school with a term in each half of its year.
fn files(name: &str, year: i32, others: &[(&str, &str)]) -> SchoolFiles {
    let school = format!("Наименование;Учредитель;Муниципалитет;Часовой пояс\n{name};;;");
    let mut periods = String::from("Параллель;Период;Начало;Конец");
    for grade in [7, 8, 11] {
        let (first, second) = (format!("01.09.{year};28.12.{year}"), year + 1);
        periods.push_str(&format!("\n{grade};1 полугодие;{first}"));
        periods.push_str(&format!("\n{grade};2 полугодие;09.01.{second};25.05.{second}"));
    }
    let given = [
        ("school.csv", school.as_str()),
        ("periods.csv", &periods),
        ("calendar.csv", "С;По;Вид"),
        ("bells.csv", "Урок;Начало;Конец\n1;08:30;09:15"),
    ];
    SchoolFiles::from_texts(given.into_iter().chain(others.iter().copied()))
}

/// The files of a school with a journal in which one mark is refused.
#[must_use]
pub fn small_school() -> SchoolFiles {
    let lessons = "Дата;Класс;Урок;Предмет;Тема\n\
                   02.09.2024;7А;1;Химия;Вода\n\
                   03.09.2024;7А;1;Химия;Воздух";
    let marks = "Дата;Класс;Урок;Предмет;Ученик;Отметка\n\
                 02.09.2024;7А;1;Химия;Ёлкина Анна Олеговна;5\n\
                 02.09.2024;7А;1;Химия;Сосна Пётр Ильич;4\n\
                 02.09.2024;7А;1;Химия;Никто Никита;4";
    let others = [("pupils.csv", PUPILS), ("lessons.csv", lessons), ("marks.csv", marks)];
    files("Школа № 27", 2024, &others)
}

async fn import<B: Backend>(harness: &Harness<B>, files: &SchoolFiles) -> ImportReport {
    harness.store.import_school(files, &mut |_| {}).await.unwrap()
}

/// What became of the rows; of an import that changes something nothing else differs.
fn rows(report: &ImportReport) -> ImportReport {
    ImportReport { accounts_created: 0, changed: 0, ..report.clone() }
}

async fn open<B: Backend>(harness: &Harness<B>, school: SchoolId, begins: &str) {
    let year = NewYear::beginning(day(begins));
    let plan = harness.store.foresee_new_year(CONSOLE, school, year).await.unwrap().plan;
    harness.store.open_new_year(CONSOLE, school, &plan).await.unwrap();
}

fn account(registry: &Registry, family: &str, given: &str) -> AccountId {
    let named =
        |name: &eschool_core::identity::FullName| name.family() == family && name.given() == given;
    registry.accounts.iter().find(|account| named(&account.name)).unwrap().id
}

fn class(registry: &Registry, year: i32, name: &str) -> ClassId {
    let named =
        |class: &&crate::backend::SchoolClass| class.year == year && class.name.to_string() == name;
    registry.classes.iter().find(named).unwrap().id
}
