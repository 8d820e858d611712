//! Spreadsheets in the place of texts, sound and unsound.

use eschool_core::error::CodedError as _;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use super::*;
use crate::exchange::{ExchangeError, FileName};

const HEADING: [&str; 9] = [
    "Фамилия",
    "Имя",
    "Отчество",
    "Дата рождения",
    "Телефон",
    "СНИЛС",
    "Тип родства",
    "Ребёнок",
    "Класс",
];

/// A spreadsheet whose first sheet has parents; their rows begin on the second line.
fn parents(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, HEADING).unwrap();
    fill(sheet);
    book.add_worksheet().write(0, 0, "Другой лист").unwrap();
    book.save_to_buffer().unwrap()
}

fn row(sheet: &mut Worksheet, line: u32, snils: &str) {
    let child = "Ёлкина Анна Олеговна";
    let cells = ["Дуб", "Яков", "-", "01.01.1980", "9123456780", snils, "отец", child, "7А"];
    sheet.write_row(line - 1, 0, cells).unwrap();
}

fn with_parents(bytes: Vec<u8>) -> SchoolFiles {
    let mut files = Texts::new().files();
    files.put(FileName::of("parents.xlsx").unwrap(), bytes);
    files
}

async fn imported(bytes: Vec<u8>) -> (Installation, ImportReport) {
    let installation = Installation::new();
    let report = installation.try_import(&with_parents(bytes)).await.unwrap();
    (installation, report)
}

#[tokio::test]
async fn values_are_read_as_they_would_have_been_typed() {
    // A number that begins with a zero, as a spreadsheet forgets it.
    let digits = (0..100_u32).map(|control| 1_234_567_800 + control);
    let is_sound = |digits: &u32| Snils::from_digits(u64::from(*digits)).is_ok();
    let number = digits.into_iter().find(is_sound).unwrap();
    let sound = Snils::from_digits(number.into()).unwrap();
    let date = Format::new().set_num_format("dd.mm.yyyy");
    let bytes = parents(|sheet| {
        row(sheet, 2, "");
        let born = ExcelDateTime::from_ymd(1980, 2, 29).unwrap();
        sheet.write_with_format(1, 3, &born, &date).unwrap();
        sheet.write(1, 4, 9_123_456_780_f64).unwrap();
        sheet
            .write(1, 5, f64::from(u32::try_from(sound.digits() % 10_u64.pow(10)).unwrap_or(0)))
            .unwrap();
        // A row far below; empty ones between them are counted.
        row(sheet, 1000, "123");
        // Beside and beyond the table.
        sheet.write(1, 12, "").unwrap();
    });
    let (installation, report) = imported(bytes).await;
    assert_eq!(refused(&report), [("parents.xlsx", 1000, "СНИЛС", "snils_malformed")]);
    assert_eq!(report.incomplete, []);
    let accounts = installation.accounts(&report).await;
    let parent = accounts.iter().find(|account| account.name.given() == "Яков").unwrap();
    assert_eq!(parent.birth_date.unwrap().date(), day("1980-02-29"));
    assert_eq!(parent.phone.unwrap().to_string(), "+79123456780");
    assert_eq!(parent.snils, Some(sound));
}

#[tokio::test]
async fn a_text_of_digits_is_not_padded() {
    let (_, report) = imported(parents(|sheet| row(sheet, 2, "1234567894"))).await;
    assert_eq!(refused(&report), [("parents.xlsx", 2, "СНИЛС", "snils_malformed")]);
}

#[tokio::test]
async fn errors_formulas_and_merged_cells_refuse_their_rows_alone() {
    let bytes = parents(|sheet| {
        for line in 2..=6 {
            row(sheet, line, &snils(u64::from(line)));
        }
        // What a program writes that does not reckon has the value it was given.
        sheet.write(1, 3, Formula::new("=NA()").set_result("#N/A")).unwrap();
        sheet.write(2, 1, Formula::new("=A1").set_result("Яков")).unwrap();
        let plain = Format::new();
        sheet.merge_range(3, 7, 4, 7, "Ёлкина Анна Олеговна", &plain).unwrap();
        // A formula in a column nobody knows is nobody's.
        sheet.write(0, 9, "Примечание").unwrap();
        sheet.write(5, 9, Formula::new("=A1").set_result("x")).unwrap();
        sheet.merge_range(5, 10, 6, 11, "рядом", &plain).unwrap();
    });
    let (installation, report) = imported(bytes).await;
    assert_eq!(
        refused(&report),
        [
            ("parents.xlsx", 2, "Дата рождения", "cell_error"),
            ("parents.xlsx", 3, "Имя", "cell_formula"),
            ("parents.xlsx", 4, "Ребёнок", "cells_merged"),
            ("parents.xlsx", 5, "Ребёнок", "cells_merged"),
            ("parents.xlsx", 6, "", "row_malformed"),
        ]
    );
    assert_eq!(report.accounts_created, 0);
    // As typed, for who has to mend it.
    assert_eq!(installation.registry(&report).await.refused_rows.len(), 5);
}

/// The text of one part of a spreadsheet replaced.
fn tampered(bytes: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    use std::io::{Cursor, Read as _, Write as _};

    let mut old = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..old.len() {
        let mut entry = old.by_index(place).unwrap();
        let (name, mut text) = (entry.name().to_owned(), String::new());
        entry.read_to_string(&mut text).unwrap();
        new.start_file(&name, zip::write::SimpleFileOptions::default()).unwrap();
        let text = if name == part { change(text) } else { text };
        new.write_all(text.as_bytes()).unwrap();
    }
    new.finish().unwrap().into_inner()
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

#[tokio::test]
async fn an_error_in_a_cell_is_told() {
    let bytes = parents(|sheet| {
        row(sheet, 2, &snils(2));
        sheet.write(1, 3, 7.0).unwrap();
    });
    let bytes = tampered(&bytes, SHEET, |text| {
        assert!(text.contains(r#"<c r="D2"><v>7</v></c>"#), "{text}");
        text.replace(r#"<c r="D2"><v>7</v></c>"#, r##"<c r="D2" t="e"><v>#N/A</v></c>"##)
    });
    let (_, report) = imported(bytes).await;
    assert_eq!(refused(&report), [("parents.xlsx", 2, "Дата рождения", "cell_error")]);
}

#[tokio::test]
async fn a_cell_in_the_last_corner_takes_no_memory() {
    let bytes = parents(|sheet| {
        row(sheet, 2, &snils(12));
        sheet.write(1_048_575, 0, "конец").unwrap();
    });
    let (_, report) = imported(bytes).await;
    assert_eq!(report.accounts_created, 1);
    assert_eq!(report.refused.iter().map(|row| row.line).collect::<Vec<_>>(), [1_048_576]);
}

#[tokio::test]
async fn what_is_no_spreadsheet_is_told_and_nothing_is_written() {
    let sound = parents(|sheet| {
        row(sheet, 2, &snils(12));
        row(sheet, 3, &snils(13));
    });
    let cut = sound[..sound.len() / 2].to_vec();
    let old = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600]].concat();
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let secret = [old.as_slice(), &name].concat();
    let no_sheet = tampered(&sound, "xl/workbook.xml", |_| "<workbook/>".into());
    let broken = tampered(&sound, SHEET, |text| text.replace("</row>", "<row"));
    let backwards = tampered(&sound, SHEET, |text| text.replace("\"B3\"", "\"B2\""));
    let wrong_heading =
        tampered(&sound, "xl/sharedStrings.xml", |text| text.replace("<t>СНИЛС</t>", "<t>ИНН</t>"));
    let mut book = Workbook::new();
    book.add_worksheet();
    let empty = book.save_to_buffer().unwrap();
    let text = Texts::new().0.remove("pupils.csv").unwrap().into_bytes();
    for (what, bytes, code) in [
        ("nothing", Vec::new(), "spreadsheet_unreadable"),
        ("a text", text, "spreadsheet_unreadable"),
        ("half of it", cut, "spreadsheet_unreadable"),
        ("an old one", old, "spreadsheet_unreadable"),
        ("a protected one", secret, "spreadsheet_protected"),
        ("no sheet", no_sheet, "spreadsheet_unreadable"),
        ("a broken sheet", broken, "spreadsheet_unreadable"),
        ("rows that go backwards", backwards, "spreadsheet_unreadable"),
        ("another heading", wrong_heading, "header_missing"),
        ("an empty sheet", empty, "header_missing"),
    ] {
        let installation = Installation::new();
        let refused = installation.try_import(&with_parents(bytes)).await;
        let error = refused.expect_err(what);
        assert_eq!(error.code(), code, "{what}");
        assert!(error.to_string().contains("parents.xlsx"), "{error}");
        assert!(installation.store.schools().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_small_file_that_unpacks_to_a_huge_one_is_refused_before_it_is_read() {
    use std::io::{Cursor, Write as _};

    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    new.start_file("xl/sharedStrings.xml", options).unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..300 {
        new.write_all(&zeros).unwrap();
    }
    let bytes = new.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20);
    let refused = Installation::new().try_import(&with_parents(bytes)).await.unwrap_err();
    let file = FileName::of("parents.xlsx").unwrap();
    assert!(matches!(
        refused,
        ImportError::Exchange(ExchangeError::FileTooLarge { file: f }) if f == file
    ));
}

#[tokio::test]
async fn every_file_may_be_a_spreadsheet() {
    let installation = Installation::new();
    let report = installation.import(&Texts::new()).await;
    let files = installation.export(&report, FileForm::Xlsx).await;
    assert!(files.iter().all(|(name, _)| name.form == FileForm::Xlsx));
    let other = Installation::new();
    assert_eq!(other.try_import(&files).await.unwrap().refused, []);
}
