//! Files in every form: encodings, delimiters, line breaks, and bytes that are no files.

use encoding_rs::WINDOWS_1251;
use eschool_core::error::CodedError;
use proptest::prelude::*;

use super::*;
use crate::exchange::{ExchangeError, FileKind, SchoolFolder};

fn school() -> Texts {
    Texts::new()
        .with("lessons.csv", &["02.09.2024;7А;;1;Алгебра;;;;;Дроби;\"§ 1, упр. 2;\nвыучить\""])
        .with("marks.csv", &["02.09.2024;7А;1;Алгебра;Ёлкина Анна Олеговна;5;Ответ;;;устно"])
}

/// The files of a school, each text in another form.
fn files(form: impl Fn(&str) -> Vec<u8>) -> SchoolFiles {
    SchoolFiles::from_bytes(school().0.iter().map(|(name, text)| (*name, form(text))))
}

#[tokio::test]
async fn every_form_says_the_same() {
    let with_commas = |text: &str| {
        let mut rows = text.lines();
        let heading = rows.next().unwrap().replace(';', ",");
        // The one cell with a delimiter in it is quoted.
        let rows = rows.map(|row| match row.split_once('"') {
            Some((cells, quoted)) => format!("{}\"{quoted}", cells.replace(';', ",")),
            None if row.ends_with('"') => row.into(),
            None => row.replace(';', ","),
        });
        std::iter::once(heading).chain(rows).collect::<Vec<_>>().join("\n")
    };
    let plain = Installation::new();
    let first = plain.try_import(&files(|text| text.into())).await.unwrap();
    assert_eq!((first.refused.len(), first.counts.marks), (0, 1));
    let homework = |journal: ClassJournal| journal.lessons[0].homework.clone().unwrap().text;
    assert_eq!(homework(plain.journal(&first, "7А").await), "§ 1, упр. 2;\nвыучить");
    for again in [
        files(|text| [b"\xef\xbb\xbf", text.as_bytes()].concat()),
        files(|text| WINDOWS_1251.encode(text).0.into_owned()),
        files(|text| text.replace('\n', "\r\n").replace(";\r\nвыучить", ";\nвыучить").into()),
        files(|text| with_commas(text).into()),
        files(|text| format!("\n{text}\n\n;;;\n").into()),
        files(|text| text.to_uppercase().split('\n').next().unwrap().to_owned().into_bytes())
            .merged_with_rows(),
    ] {
        assert_eq!(plain.try_import(&again).await.unwrap().changed, 0);
    }
}

/// A quote that nobody closes would else be held with all that follows it.
#[tokio::test]
async fn a_row_longer_than_any_is_told_of_and_a_million_empty_lines_are_not() {
    let installation = Installation::new();
    for (rest, code) in [
        (format!("02.09.2024;7А;1;Алгебра;\"{}", "строка\n".repeat(400_000)), Err("row_too_long")),
        (format!("{}\n", "5".repeat(5 << 20)), Err("row_too_long")),
        (format!("02.09.2024;7А;1;Алгебра;\"{}", "строка\n".repeat(1000)), Err("csv_malformed")),
        ("\n".repeat(1 << 20), Ok(1)),
    ] {
        let files = files(|text| {
            let is_marks = text.contains("устно");
            if is_marks { format!("{text}\n{rest}") } else { text.to_owned() }.into()
        });
        let outcome = installation.try_import(&files).await;
        let outcome = outcome.as_ref().map(|report| report.counts.marks);
        assert_eq!(outcome.map_err(CodedError::code), code);
    }
}

trait MergedWithRows {
    fn merged_with_rows(self) -> Self;
}

impl MergedWithRows for SchoolFiles {
    /// Headings in capitals, rows as they were.
    fn merged_with_rows(self) -> Self {
        let texts = school();
        Self::from_bytes(texts.0.iter().map(|(name, text)| {
            let heading = self.get(FileKind::of_name(name).unwrap()).unwrap();
            let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
            (*name, [heading, b"\n", rest.as_bytes()].concat())
        }))
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_told_and_nothing_is_written() {
    use FileKind::{Marks, Parents, Pupils, School};
    let cases: [(FileKind, Option<&[u8]>, &str); 10] = [
        (Pupils, None, "file_missing"),
        (School, Some(b""), "header_missing"),
        (Pupils, Some("Класс;Фамилия;Имя".as_bytes()), "header_missing"),
        (Marks, Some(b"\xef\xbb\xbf"), "header_missing"),
        (Marks, Some(b"PK\x03\x04\0\0"), "encoding_unknown"),
        (Parents, Some(b"\xef\xbb\xbf\xff\xff"), "encoding_unknown"),
        (School, Some("Наименование".as_bytes()), "school_missing"),
        (School, Some("Наименование\nОдна\nДругая".as_bytes()), "several_schools"),
        (School, Some("Наименование;Часовой пояс\nА;Самара".as_bytes()), "time_zone_unknown"),
        (FileKind::Periods, Some("Параллель;Период;Начало;Конец".as_bytes()), "terms_missing"),
    ];
    let installation = Installation::new();
    for (kind, bytes, code) in cases {
        let texts = school();
        let others = texts.0.iter().filter(|(name, _)| **name != kind.name());
        let others = others.map(|(name, text)| (*name, text.as_bytes().to_vec()));
        let file = bytes.map(|bytes| (kind.name(), bytes.to_vec()));
        let error = installation
            .try_import(&SchoolFiles::from_bytes(others.chain(file)))
            .await
            .unwrap_err();
        assert_eq!(error.code(), code);
        assert!(!error.text_ru().is_empty());
        assert!(installation.store.schools().await.unwrap().is_empty());
    }
    let open = school().with("parents.csv", &["А;\"Б\nВ;Г"]);
    let error = installation.try_import(&open.files()).await.unwrap_err();
    assert_eq!(error.to_string(), "row 2 of `parents.csv` has a quoted cell that is not closed");
    assert!(installation.store.schools().await.unwrap().is_empty());
}

#[test]
fn a_folder_is_read_for_its_known_files() {
    let folder = std::env::temp_dir().join(format!("eschool-exchange-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let missing = SchoolFolder::at(&folder);
    assert_eq!(missing.err(), Some(ExchangeError::FileMissing { file: FileKind::School.into() }));
    for (name, text) in &school().0 {
        std::fs::write(folder.join(name), text).unwrap();
    }
    std::fs::write(folder.join("notes.txt"), "чужое").unwrap();
    let found = SchoolFolder::at(&folder).and_then(|found| found.read());
    assert_eq!(found, Ok(school().files()));

    // A folder where a file should be.
    std::fs::remove_file(folder.join("marks.csv")).unwrap();
    std::fs::create_dir(folder.join("marks.csv")).unwrap();
    let unreadable = SchoolFolder::at(&folder).unwrap_err();
    assert_eq!(unreadable.code(), "file_unreadable");
    std::fs::remove_dir(folder.join("marks.csv")).unwrap();

    let large = std::fs::File::create(folder.join("marks.csv")).unwrap();
    large.set_len(SchoolFiles::LONGEST_FILE + 1).unwrap();
    let too_large = ExchangeError::FileTooLarge { file: FileKind::Marks.into() };
    assert_eq!(SchoolFolder::at(&folder).err(), Some(too_large));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn columns_that_a_file_does_not_have_leave_what_is_there() {
    let installation = Installation::new();
    let report = installation.import(&school()).await;
    let mut short = {
        let mut texts = school();
        texts.put("lessons.csv", &["Дата;Класс;Урок;Предмет", "02.09.2024;7А;1;Алгебра"]);
        texts.put(
            "pupils.csv",
            &[
                "Класс;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Зачислен",
                "7А;Сосна;Пётр;Ильич;18.06.2011;;01.09.2024",
            ],
        );
        texts
    };
    assert_eq!(installation.import(&short).await.changed, 0);
    let mark = "02.09.2024;7А;1;Алгебра;Ёлкина Анна Олеговна;4;Ответ";
    short.put("marks.csv", &["Дата;Класс;Урок;Предмет;Ученик;Отметка;Вид работы", mark]);
    assert_eq!(installation.import(&short).await.changed, 2);
    let marks = installation.journal(&report, "7А").await.marks;
    assert_eq!(marks[0].comment.as_deref(), Some("устно"));
    let lessons = installation.journal(&report, "7А").await.lessons;
    assert_eq!(lessons[0].topic.as_deref(), Some("Дроби"));
}

#[tokio::test]
async fn people_who_cannot_be_read_leave_no_school_behind() {
    let installation = Installation::new();
    for file in ["pupils.csv", "parents.csv", "staff.csv"] {
        let texts = Texts::new().with("parents.csv", &[]).with("staff.csv", &[]);
        let files = texts.with(file, &["\"Ёлкина;Анна\nСосна;Пётр"]).files();
        let error = installation.try_import(&files).await.unwrap_err();
        assert_eq!(error.code(), "csv_malformed", "{file}");
        assert_eq!(installation.tx().await.schools().await.unwrap(), []);
    }
}

#[test]
fn debug_and_errors_hold_nothing_of_the_cells() {
    let files = school().files();
    let printed = format!("{files:?}");
    assert!(printed.contains("pupils.csv") && !printed.contains("Ёлкина"), "{printed}");
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let heading = prop::sample::select(school().0.into_values().collect::<Vec<_>>());
    let noise = prop::collection::vec(any::<u8>(), 0..300);
    let cells = prop::collection::vec("[;,\"\r\n а-яёA-Z0-9.+()-]{0,12}", 0..60);
    prop_oneof![
        noise.clone(),
        (heading.clone(), noise).prop_map(|(text, noise)| [text.into_bytes(), noise].concat()),
        (heading, cells).prop_map(|(text, cells)| format!("{text}\n{}", cells.join(";")).into()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_are_taken_as_any_file(place in 0..FileKind::ALL.len(), bytes in bytes()) {
        let kind = FileKind::ALL[place];
        let texts = school();
        let others = texts.0.iter().filter(|(name, _)| **name != kind.name());
        let others = others.map(|(name, text)| (*name, text.as_bytes().to_vec()));
        let files = SchoolFiles::from_bytes(others.chain([(kind.name(), bytes)]));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let installation = Installation::new();
            if let Err(error) = installation.try_import(&files).await {
                // Files that cannot be read leave nothing behind, not even the school.
                assert!(matches!(error, ImportError::Exchange(_)), "{error}");
                assert_eq!(installation.tx().await.schools().await.unwrap(), []);
            } else {
                let again = installation.try_import(&files).await.unwrap();
                assert_eq!(again.changed, 0);
            }
        });
    }
}
