//! What the sample promises, by the rules themselves.

use std::{fs, path::PathBuf, sync::Arc};

use chrono::{DateTime, Utc};
use eschool_core::{id::SchoolId, people::CardStep, policy::SignInPolicy};
use eschool_store::{
    Actor,
    ambient::{Ambient, OsEntropy},
    backend::{Access, Backend as _},
    exchange::SchoolFiles,
};

use super::{ZONE, notes::Notes, outcome::Outcomes};
use crate::{
    cards,
    esia::{Esia, EsiaChoice},
    sample,
    start::{Begins, Installation, Settings, StartError},
};

/// A data folder that is gone with the value.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("portal-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }

    /// The portal over it, started at noon of a day.
    async fn start(&self, day: &str, policy: SignInPolicy) -> Installation {
        self.start_with(day, policy, Vec::new()).await
    }

    async fn start_with(
        &self,
        day: &str,
        policy: SignInPolicy,
        imports: Vec<PathBuf>,
    ) -> Installation {
        let noon: DateTime<Utc> = format!("{day}T09:00:00Z").parse().unwrap();
        let ambient = Ambient::new(Arc::new(move || noon), Arc::new(OsEntropy));
        let settings = Settings {
            data: self.0.clone(),
            database: None,
            imports,
            policy,
            begins: Begins::WithSample,
            ambient,
        };
        Installation::open(settings, &mut Vec::new()).await.unwrap()
    }

    fn notes(&self) -> PathBuf {
        self.0.join("sample.json")
    }

    fn schools(&self) -> Vec<SchoolId> {
        Notes::read(&self.notes()).unwrap().unwrap().schools
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What is told of everybody who comes from ЕСИА.
async fn told(installation: &Installation, schools: &[SchoolId]) -> Vec<(&'static str, String)> {
    let today = installation.ambient.now().with_timezone(&ZONE).date_naive();
    let outcomes = Outcomes::read(installation, schools).await.unwrap();
    let mut told = Vec::new();
    for person in sample::by_esia(today) {
        told.push((person.key, outcomes.by_esia(&person).await.unwrap()));
    }
    told
}

#[tokio::test]
async fn whom_esia_knows_is_told_by_the_policy_on_any_first_day() {
    for day in ["2026-09-01", "2026-11-18", "2027-01-09", "2027-05-31", "2027-08-31", "2028-02-29"]
    {
        let folder = Folder::new("esia");
        for (policy, of_both_schools) in [
            (
                SignInPolicy::ryazan_2022(),
                "вход с выбором школы: дневник ребёнка (Данияр) или дневник ребёнка (Алина)",
            ),
            (
                SignInPolicy::udmurtia_2023(),
                "вход сразу в\u{a0}2\u{a0}школы: дневник ребёнка (Данияр) и дневник ребёнка (Алина)",
            ),
        ] {
            let installation = folder.start(day, policy).await;
            let before = installation.store.audit(100).await.unwrap();
            let told = told(&installation, &folder.schools()).await;
            assert_eq!(installation.store.audit(100).await.unwrap(), before, "nobody signed in");
            let expected = [
                ("мама двоих детей", "вход: дневники детей (Артём, Полина)"),
                ("мама детей из двух школ", of_both_schools),
                (
                    "классный руководитель и мама",
                    "вход: дневник ребёнка (Варвара) и классное руководство (8А)",
                ),
                ("девятиклассник 15 лет", "вход: свой дневник"),
                ("восьмиклассник, уже 14,5 года", "вход: свой дневник"),
                ("мама, в школе есть её телефон, а СНИЛС нет", "вход: дневник ребёнка (Дарья)"),
                ("папа со стандартной учётной записью", "отказ esia_not_confirmed"),
                ("второклассник с детской учётной записью", "отказ esia_not_confirmed"),
                ("мама ученика, который выбыл", "отказ no_children"),
                ("посторонний: его нет ни в одной школе", "отказ not_found"),
            ];
            let told: Vec<_> = told.iter().map(|(key, outcome)| (*key, outcome.as_str())).collect();
            assert_eq!(told, expected, "{day}");
        }
    }
}

#[tokio::test]
async fn both_schools_import_with_nothing_refused() {
    for day in ["2026-09-01", "2026-11-18", "2027-02-28", "2027-08-31"] {
        let folder = Folder::new("schools");
        let installation = folder.start(day, SignInPolicy::ryazan_2022()).await;
        let first_day = day.parse().unwrap();
        let schools = folder.schools();
        let mut incomplete = 0;
        for (files, school) in sample::schools(first_day, first_day).zip(&schools) {
            let texts = files.iter().map(|file| (file.name, file.text.as_str()));
            let files = SchoolFiles::from_texts(texts);
            let report = installation.store.import_school(&files, &mut |_| {}).await.unwrap();
            assert_eq!((report.school, report.changed), (*school, 0), "{day}: it was there");
            assert_eq!((report.refused, report.conflicts), (Vec::new(), Vec::new()), "{day}");
            assert_eq!((report.discrepancies.len(), report.shared_phones.len()), (0, 0), "{day}");
            assert!(report.counts.pupils >= 12 && report.counts.lessons > 0, "{day}");
            incomplete += report.incomplete.len();
        }
        assert_eq!((schools.len(), incomplete), (2, 1), "{day}: one parent without СНИЛС");
    }
}

#[tokio::test]
async fn a_folder_of_one_school_gets_the_second() {
    let folder = Folder::new("one-school");
    let day = "2026-11-18";
    let first_day = day.parse().unwrap();
    let files = folder.0.join("school");
    fs::create_dir_all(&files).unwrap();
    for file in sample::schools(first_day, first_day).next().unwrap() {
        fs::write(files.join(file.name), file.text).unwrap();
    }
    let installation = folder.start_with(day, SignInPolicy::ryazan_2022(), vec![files]).await;
    let school = installation.store.schools().await.unwrap().pop().unwrap();
    assert_eq!(installation.esia_people(), None, "no school of the sample's own yet");
    let notes = format!(
        r#"{{"firstDay": "{day}", "importedOn": "{day}", "school": "{}", "cards": []}}"#,
        school.id
    );
    fs::write(folder.notes(), notes).unwrap();

    let installation = folder.start(day, SignInPolicy::ryazan_2022()).await;
    assert_eq!(folder.schools().first(), Some(&school.id));
    let names: Vec<_> =
        installation.store.schools().await.unwrap().into_iter().map(|school| school.name).collect();
    assert_eq!(
        names,
        ["МБОУ «Берёзовская средняя школа № 1»", "МБОУ «Берёзовская средняя школа № 3»"]
    );
    let mut out = Vec::new();
    let address = "127.0.0.1:80".parse().unwrap();
    let esia = Esia::open(&installation, &EsiaChoice::default(), address).await.unwrap();
    installation.announce(address, &esia, &mut out).await.unwrap();
    let printed = String::from_utf8(out).unwrap();
    assert!(printed.contains("вход с выбором школы"), "{printed}");
    assert!(installation.esia_people().unwrap().contains("мама двоих детей"));
}

#[tokio::test]
async fn the_cards_of_a_class_are_those_of_the_school_that_has_it() {
    let folder = Folder::new("class");
    let installation = folder.start("2026-11-18", SignInPolicy::ryazan_2022()).await;
    for (class, told) in
        [("2А", "Класс 2А: 11\u{a0}карточек."), ("9Б", "Класс 9Б: 0\u{a0}карточек.")]
    {
        let mut out = Vec::new();
        cards::print(&installation, &class.parse().unwrap(), None, &mut out).await.unwrap();
        let printed = String::from_utf8(out).unwrap();
        assert!(printed.contains(told), "{printed}");
    }
    let mut tx = installation.backend.begin(Access::Read).await.unwrap();
    let mut cards = Vec::new();
    for school in installation.store.schools().await.unwrap() {
        cards.extend(tx.school_credentials(school.id).await.unwrap());
    }
    drop(tx);
    let mut printed = 0;
    for card in cards {
        let (by, school) = (Actor::Console, card.school);
        let journal = installation.store.card_journal(by, school, card.account).await.unwrap();
        let last = journal.last_card().unwrap();
        printed += usize::from(journal.state(last) == Some(&CardStep::Printed));
        assert!(journal.records().iter().all(|line| line.by.is_none()));
    }
    assert_eq!(printed, 11, "those of 2А");
    let unknown = cards::print(&installation, &"7В".parse().unwrap(), None, &mut Vec::new()).await;
    assert!(matches!(unknown, Err(StartError::SchoolAmbiguous(_))), "{unknown:?}");
}

#[tokio::test]
async fn notes_about_another_database_are_left_alone() {
    let (own, other) = (Folder::new("noted-own"), Folder::new("noted-other"));
    for folder in [&own, &other] {
        drop(folder.start("2026-11-20", SignInPolicy::ryazan_2022()).await);
    }
    fs::copy(own.notes(), other.notes()).unwrap();
    let before = fs::read(other.notes()).unwrap();
    let installation = other.start("2026-11-21", SignInPolicy::ryazan_2022()).await;
    assert!(installation.esia_people().is_none());
    assert_eq!(fs::read(other.notes()).unwrap(), before);
}

#[tokio::test]
async fn a_chore_takes_no_sample_in() {
    let folder = Folder::new("chore");
    drop(folder.start("2026-11-20", SignInPolicy::ryazan_2022()).await);
    let before = fs::read(folder.notes()).unwrap();
    let later = "2026-11-21T09:00:00Z".parse::<DateTime<Utc>>().unwrap();
    let settings = Settings {
        data: folder.0.clone(),
        database: None,
        imports: Vec::new(),
        policy: SignInPolicy::ryazan_2022(),
        begins: Begins::Never,
        ambient: Ambient::new(Arc::new(move || later), Arc::new(OsEntropy)),
    };
    let installation = Installation::open(settings, &mut Vec::new()).await.unwrap();
    assert!(installation.esia_people().is_some());
    assert_eq!(fs::read(folder.notes()).unwrap(), before);
}
