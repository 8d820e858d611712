//! Imports of small schools into a database in memory.

mod corrections;
mod excuses;
mod export;
mod form;
mod journal;
mod people;
mod random;
mod refusals;
mod replace;
mod resume;
mod sources;
mod spreadsheets;

use std::{collections::BTreeMap, num::NonZero, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use eschool_core::{id::ClassId, identity::Snils, people::Account, policy::SignInPolicy};

use super::ImportError;
use crate::{
    ExportOptions, Store, StoreSettings,
    ambient::{Ambient, OsEntropy},
    backend::{Access, Backend, ClassJournal, Registry, Tx},
    exchange::{FileForm, ImportOptions, ImportReport, SchoolFiles},
    memory::MemoryBackend,
    secret::{Argon2id, Keys, Passwords, Vault},
};

/// The texts of a school of one class, 7А, with two pupils, and room for what a test adds.
#[derive(Clone)]
struct Texts(BTreeMap<&'static str, String>);

impl Texts {
    fn new() -> Self {
        let mut texts = Self(BTreeMap::new());
        texts.put("school.csv", &["Наименование;Учредитель;Муниципалитет;Часовой пояс", SCHOOL]);
        texts.put("calendar.csv", &["С;По;Вид;По расписанию;Название"]);
        texts.put(
            "periods.csv",
            &[
                "Параллель;Период;Начало;Конец",
                "7;1 четверть;01.09.2024;25.10.2024",
                "8;1 триместр;01.09.2024;30.11.2024",
            ],
        );
        texts.put("bells.csv", &["Урок;Начало;Конец", "1;08:30;09:15"]);
        texts.put(
            "pupils.csv",
            &[
                "Класс;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Эл. почта;Зачислен;Выбыл;Подгруппа",
                &format!("7А;Ёлкина;Анна;Олеговна;17.05.2011;{};;01.09.2024;;1", snils(1)),
                &format!("7А;Сосна;Пётр;Ильич;18.06.2011;{};;01.09.2024;10.10.2024;2", snils(2)),
            ],
        );
        texts
    }

    fn put(&mut self, file: &'static str, rows: &[&str]) {
        self.0.insert(file, rows.join("\n"));
    }

    /// The texts with rows added to a file; its heading comes first if the file is new.
    fn with(mut self, file: &'static str, rows: &[&str]) -> Self {
        let text = self.0.entry(file).or_insert_with(|| heading(file).into());
        for row in rows {
            text.push('\n');
            text.push_str(row);
        }
        self
    }

    /// The texts with something in a file replaced.
    fn replaced(mut self, file: &'static str, old: &str, new: &str) -> Self {
        let text = self.0.get_mut(file).unwrap();
        assert!(text.contains(old), "{file} has no {old}");
        *text = text.replacen(old, new, 1);
        self
    }

    fn files(&self) -> SchoolFiles {
        SchoolFiles::from_texts(self.0.iter().map(|(name, text)| (*name, text.as_str())))
    }
}

const SCHOOL: &str = "Школа № 27;Управление образования;городской округ;Europe/Samara";

fn heading(file: &str) -> &'static str {
    match file {
        "parents.csv" => {
            "Фамилия;Имя;Отчество;Дата рождения;Телефон;СНИЛС;Тип родства;Ребёнок;Класс"
        }
        "staff.csv" => {
            "Фамилия;Имя;Отчество;Дата рождения;Телефон;СНИЛС;Предмет;Классный руководитель"
        }
        "timetable.csv" => "Класс;День;Урок;Предмет;Подгруппа;Учитель;Кабинет",
        "lessons.csv" => {
            "Дата;Класс;Подгруппа;Урок;Предмет;Вместо;Отменён;Учитель;Кабинет;Тема;Домашнее задание"
        }
        "individual_homework.csv" => "Дата;Класс;Урок;Предмет;Ученик;Домашнее задание",
        "marks.csv" => "Дата;Класс;Урок;Предмет;Ученик;Отметка;Вид работы;Работа;Вес;Комментарий",
        "attendance.csv" => "Дата;Класс;Урок;Предмет;Ученик;Код",
        "finals.csv" => "Класс;Ученик;Предмет;Период;Отметка",
        other => panic!("{other} has rows already"),
    }
}

/// A sound СНИЛС, another for every number.
fn snils(number: u64) -> String {
    let digits = (0..100).map(|control| (100_000_000 + number) * 100 + control);
    digits.into_iter().find_map(|digits| Snils::from_digits(digits).ok()).unwrap().to_string()
}

/// A store over a database, a day after the school's last lesson.
fn store_over<B: Backend>(backend: B) -> Store<B> {
    let now: DateTime<Utc> = "2024-12-31T12:00:00Z".parse().unwrap();
    Store::new(
        backend,
        Ambient::new(Arc::new(move || now), Arc::new(OsEntropy)),
        Vault::new(Keys::generate(&mut |bytes| bytes.fill(7))),
        Passwords::new(Arc::new(Argon2id::default()), NonZero::<usize>::MIN).unwrap(),
        SignInPolicy::ryazan_2022(),
        StoreSettings::default(),
    )
}

/// A store whose database a test looks into.
struct Installation {
    store: Store<MemoryBackend>,
    backend: MemoryBackend,
}

impl Installation {
    fn new() -> Self {
        let backend = MemoryBackend::new();
        Self { store: store_over(backend.clone()), backend }
    }

    async fn import(&self, texts: &Texts) -> ImportReport {
        self.try_import(&texts.files()).await.unwrap()
    }

    async fn try_import(&self, files: &SchoolFiles) -> Result<ImportReport, ImportError> {
        self.store.import_school(files, &mut |told| assert!(told.done <= told.total)).await
    }

    async fn import_with(&self, files: &SchoolFiles, options: ImportOptions) -> ImportReport {
        self.store.import_school_with(files, options, &mut |_| {}).await.unwrap()
    }

    async fn correct(&self, report: &ImportReport, files: &SchoolFiles) -> ImportReport {
        let options = ImportOptions::default();
        let (school, mut quiet) = (report.school, |_| {});
        self.store.import_corrections(school, files, options, &mut quiet).await.unwrap()
    }

    /// Every file of the school, written out.
    async fn export(&self, report: &ImportReport, form: FileForm) -> SchoolFiles {
        let options = ExportOptions { form, year: None };
        self.store.export_for_operator(report.school, options).await.unwrap()
    }

    async fn tx(&self) -> Box<dyn Tx> {
        self.backend.begin(Access::Read).await.unwrap()
    }

    async fn registry(&self, report: &ImportReport) -> Registry {
        self.tx().await.registry(report.school).await.unwrap()
    }

    async fn accounts(&self, report: &ImportReport) -> Vec<Account> {
        let registry = self.registry(report).await;
        registry.accounts.iter().map(|stored| self.store.open_account(stored).unwrap()).collect()
    }

    async fn journal(&self, report: &ImportReport, class: &str) -> ClassJournal {
        let class = self.class(report, class).await;
        self.tx().await.class_journal(report.school, class).await.unwrap()
    }

    async fn class(&self, report: &ImportReport, name: &str) -> ClassId {
        let classes = self.registry(report).await.classes;
        classes.into_iter().find(|class| class.name.to_string() == name).unwrap().id
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What was refused: file, line, column, code.
fn refused(report: &ImportReport) -> Vec<(&str, u32, &str, &str)> {
    let rows = report.refused.iter();
    rows.map(|row| (row.file.as_str(), row.line, row.column.as_str(), row.code)).collect()
}

/// That importing the same texts again changes nothing and tells the same.
async fn changes_nothing_again(installation: &Installation, texts: &Texts, first: &ImportReport) {
    let again = installation.import(texts).await;
    assert_eq!((again.changed, again.accounts_created), (0, 0));
    let (accounts_created, changed) = (first.accounts_created, first.changed);
    assert_eq!(&ImportReport { accounts_created, changed, ..again }, first);
}

#[test]
fn an_import_can_be_spawned() {
    fn is_send<T: Send>(_: T) {}
    let (installation, texts) = (Installation::new(), Texts::new());
    is_send(installation.store.import_school(&texts.files(), &mut |_| {}));
}
