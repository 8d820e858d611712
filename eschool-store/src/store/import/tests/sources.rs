//! Files that are read where they lie, and files that change under the reader.

use std::{
    io::Cursor,
    sync::atomic::{AtomicUsize, Ordering},
};

use encoding_rs::WINDOWS_1251;
use eschool_core::error::CodedError as _;

use super::*;
use crate::exchange::{
    ExchangeError, FileKind, ImportProgress, ImportStage, SchoolFile, SchoolFolder, SchoolSource,
};

fn school() -> Texts {
    Texts::new()
        .with("parents.csv", &["Ёлкина;Ольга;Ильинична;01.02.1985;;;мать;Ёлкина Анна Олеговна;7А"])
        .with("staff.csv", &["Сосна;Вера;Ивановна;01.02.1980;;;Алгебра;7А"])
        .with("lessons.csv", &["02.09.2024;7А;;1;Алгебра;;;;;Дроби;"])
        .with("marks.csv", &["02.09.2024;7А;1;Алгебра;Ёлкина Анна Олеговна;5;Ответ;;;"])
}

#[tokio::test]
async fn a_folder_says_what_its_files_say_in_memory() {
    let texts = school();
    let installation = Installation::new();
    let first = installation.import(&texts).await;
    assert_eq!((first.refused.len(), first.counts.marks), (0, 1));
    for form in [
        |text: &str| text.as_bytes().to_vec(),
        |text: &str| [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        |text: &str| WINDOWS_1251.encode(text).0.into_owned(),
        |text: &str| text.replace('\n', "\r\n").into_bytes(),
    ] {
        let place = tempfile::tempdir().unwrap();
        for (name, text) in &texts.0 {
            std::fs::write(place.path().join(name), form(text)).unwrap();
        }
        let folder = SchoolFolder::at(place.path()).unwrap();
        let mut told: Vec<ImportProgress> = Vec::new();
        let again = installation.store.import_school(&folder, &mut |now| told.push(now)).await;
        assert_eq!(again.unwrap().changed, 0);
        for pair in told.windows(2) {
            assert!(pair[0].stage != pair[1].stage || pair[0].done <= pair[1].done, "{pair:?}");
        }
        let read = told.iter().rfind(|now| now.stage == ImportStage::Reading).unwrap();
        assert_eq!((read.done, read.percent()), (read.total, 100));
    }
}

/// Files of which one is another from some opening of it on.
struct Changing {
    files: SchoolFiles,
    kind: FileKind,
    now: Vec<u8>,
    /// How often it is still what it was.
    same: usize,
    /// How often it was opened.
    opened: AtomicUsize,
}

impl SchoolSource for Changing {
    fn form(&self, kind: FileKind) -> Option<FileForm> {
        self.files.form(kind)
    }

    fn open(&self, kind: FileKind) -> Result<Box<dyn SchoolFile + '_>, ExchangeError> {
        let is_other =
            kind == self.kind && self.opened.fetch_add(1, Ordering::Relaxed) >= self.same;
        if is_other { Ok(Box::new(Cursor::new(&self.now))) } else { self.files.open(kind) }
    }
}

#[tokio::test]
async fn a_file_that_is_cut_short_or_grows_is_none_of_these_files() {
    let texts = school();
    let whole = Installation::new();
    let undisturbed = whole.import(&texts).await;
    let given = whole.export(&undisturbed, FileForm::Csv).await;
    let mut refused = 0;
    for (name, text) in &texts.0 {
        let heading = text.lines().next().unwrap();
        for now in [heading.to_owned(), format!("{text}\n{text}")] {
            for same in 0.. {
                let source = Changing {
                    files: texts.files(),
                    kind: FileKind::of_name(name).unwrap(),
                    now: now.clone().into_bytes(),
                    same,
                    opened: 0.into(),
                };
                // Of what is there, nothing is lost.
                let options = ImportOptions { replace: true, ..ImportOptions::default() };
                let outcome = whole.store.import_school_with(&source, options, &mut |_| {}).await;
                if source.opened.load(Ordering::Relaxed) <= same {
                    // It is never opened so often.
                    assert_eq!(outcome.unwrap().changed, 0);
                    break;
                }
                // From the first opening on it is simply another file.
                if same > 0 {
                    // An opening of which the heading alone is read harms nothing.
                    match &outcome {
                        Ok(report) => assert_eq!((report.changed, report.removed), (0, 0)),
                        Err(error) => assert_eq!(error.code(), "file_changed", "{name} {same}"),
                    }
                    refused += usize::from(outcome.is_err());
                    let after = whole.export(&undisturbed, FileForm::Csv).await;
                    assert!(after == given, "{name} {same}");

                    // Where nothing is there yet, it is all or nothing too.
                    source.opened.store(0, Ordering::Relaxed);
                    let new = Installation::new();
                    match new.store.import_school(&source, &mut |_| {}).await {
                        Ok(report) => {
                            let after = new.export(&report, FileForm::Csv).await;
                            assert!(after == given, "{name} {same}");
                        }
                        Err(error) => {
                            assert_eq!(error.code(), "file_changed", "{name} {same}");
                            let schools = new.store.schools().await.unwrap();
                            assert!(schools.is_empty(), "{name} {same}");
                        }
                    }
                } else if outcome.is_ok() {
                    whole.import(&texts).await;
                }
                let after = whole.export(&undisturbed, FileForm::Csv).await;
                if after != given {
                    // What another file did is undone by the right one.
                    whole.import_with(&texts.files(), options).await;
                }
            }
        }
    }
    assert!(refused > texts.0.len(), "{refused}");
}

#[tokio::test]
async fn refused_rows_are_not_taken_from_another_file() {
    let texts = school().with("parents.csv", &["Дуб;;;;;;мать;Никто;7А"]);
    let installation = Installation::new();
    let report = installation.import(&texts).await;
    assert_eq!(report.refused.len(), 1);
    assert!(!report.refused_rows(&texts.files()).unwrap().is_empty());
    let source = Changing {
        files: texts.files(),
        kind: FileKind::Parents,
        now: heading("parents.csv").into(),
        same: 1,
        opened: 0.into(),
    };
    assert_eq!(report.refused_rows(&source).unwrap_err().code(), "file_changed");
}

#[tokio::test]
async fn a_spreadsheet_that_grows_while_it_is_read_is_none_of_these_files() {
    let whole = Installation::new();
    let report = whole.import(&school()).await;
    let files = whole.export(&report, FileForm::Xlsx).await;
    let now = [files.get(FileKind::Marks).unwrap(), &[0]].concat();
    let source = Changing { files, kind: FileKind::Marks, now, same: 1, opened: 0.into() };
    let outcome = whole.store.import_school(&source, &mut |_| {}).await;
    assert_eq!(outcome.unwrap_err().code(), "file_changed");
}
