use std::io::{Cursor, Read as _, Write as _};

use eschool_core::error::CodedError as _;
use rust_xlsxwriter::Workbook;

use super::*;
use crate::exchange::FileKind;

const SHEET: &str = "xl/worksheets/sheet1.xml";

/// A sheet with a heading of two columns and a row.
fn sheet() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["Класс", "Фамилия"]).unwrap();
    sheet.write_row(1, 0, ["7А", "Дуб"]).unwrap();
    book.save_to_buffer().unwrap()
}

/// The text of one part of a spreadsheet replaced, which has to be there.
fn tampered(part: &str, old: &str, new: &str) -> Vec<u8> {
    let bytes = sheet();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut written = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).unwrap();
        let (name, mut text) = (entry.name().to_owned(), String::new());
        entry.read_to_string(&mut text).unwrap();
        if name == part {
            assert!(text.contains(old), "{text}");
            text = text.replacen(old, new, 1);
        }
        written.start_file(&name, zip::write::SimpleFileOptions::default()).unwrap();
        written.write_all(text.as_bytes()).unwrap();
    }
    written.finish().unwrap().into_inner()
}

fn read(bytes: &[u8]) -> Result<(String, Faults), ExchangeError> {
    super::read(FileKind::Pupils.into(), Box::new(Cursor::new(bytes)))
}

/// The code of why a file is refused.
fn refused(bytes: &[u8]) -> &'static str {
    read(bytes).unwrap_err().code()
}

#[test]
fn a_cell_beyond_the_last_corner_is_refused() {
    let last = tampered(
        SHEET,
        "</row></sheetData>",
        r#"</row><row><c r="XFD1048576"><v>1</v></c></row></sheetData>"#,
    );
    assert!(read(&last).is_ok());
    for place in ["XFE3", "ZZZZZZ3", "A1048577", "A4000000000"] {
        let new = format!(r#"</row><row><c r="{place}"><v>1</v></c></row></sheetData>"#);
        assert_eq!(
            refused(&tampered(SHEET, "</row></sheetData>", &new)),
            "file_too_large",
            "{place}"
        );
    }
}

#[test]
fn a_row_of_one_long_text_many_times_is_refused_before_it_is_put_together() {
    // A text of a mebibyte stands once in the file, and in each of the cells of a row.
    let long = "я".repeat(1 << 19);
    let mut table = Table::new(FileKind::Pupils.into(), Vec::new());
    let mut taken = 0;
    let refused = loop {
        match table.take((0, taken), &DataRef::SharedString(&long), false) {
            Ok(()) => taken += 1,
            Err(error) => break error,
        }
    };
    assert_eq!((refused.code(), taken), ("file_too_large", 256));
}

#[test]
fn a_merged_stretch_is_told_of_columns_of_the_heading_alone() {
    let merged = |stretch: &str| {
        let new = format!(
            r#"</sheetData><mergeCells count="1"><mergeCell ref="{stretch}"/></mergeCells>"#
        );
        tampered(SHEET, "</sheetData>", &new)
    };
    for (stretch, places) in
        [("A2:XFD50000", vec![0, 1]), ("B2:B3", vec![1]), ("C2:XFD2", vec![]), ("A3:B3", vec![])]
    {
        let bytes = merged(stretch);
        let (_, faults) = read(&bytes).unwrap();
        let found: Vec<_> = faults.get(&2).into_iter().flatten().copied().collect();
        let expected: Vec<_> =
            places.into_iter().map(|place| (place, RowError::CellsMerged)).collect();
        assert_eq!(found, expected, "{stretch}");
    }
}

#[test]
fn faults_without_end_are_refused() {
    let all = Dimensions::new((1, 0), (ROWS - 1, COLUMNS - 1));
    let mut table = Table::new(FileKind::Pupils.into(), vec![all; MOST_MERGED]);
    let text = DataRef::SharedString("Класс");
    for column in 0..COLUMNS {
        table.take((0, column), &text, false).unwrap();
    }
    table.take((1, 0), &text, false).unwrap();
    let refused = table.take((2, 0), &text, false).and_then(|()| table.take((3, 0), &text, false));
    assert_eq!(refused.unwrap_err().code(), "file_too_large");

    let mut table = Table::new(FileKind::Pupils.into(), Vec::new());
    let again = (0..=MOST_FAULTS + 1).map(|_| table.take((0, 0), &text, true));
    assert_eq!(again.last().unwrap().unwrap_err().code(), "file_too_large");
}

#[test]
fn a_zero_in_a_text_is_a_fault_of_its_cell() {
    let zero_in =
        |faults: &Faults| faults.get(&2).map(Vec::as_slice) == Some(&[(1, RowError::CellZero)]);
    for zero in ["\0", "_x0000_", "&#0;"] {
        let new = format!("<t>Ду{zero}б</t>");
        let bytes = tampered("xl/sharedStrings.xml", "<t>Дуб</t>", &new);
        let Ok((text, faults)) = read(&bytes) else { continue };
        assert!(!text.contains('\0'), "{zero:?}");
        assert_eq!(zero_in(&faults), !text.contains(zero), "{zero:?}");
    }
    let bytes = tampered("xl/sharedStrings.xml", "<t>Дуб</t>", "<t>Ду\0б</t>");
    assert!(zero_in(&read(&bytes).unwrap().1));
}
