//! When a year may be dropped, and which lines make an archive.

use alloc::{borrow::ToOwned as _, string::ToString as _, vec::Vec};

use chrono::NaiveDate;
use serde_json::json;

use super::*;
use crate::error::CodedError as _;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn lines(kinds: &[&str]) -> Vec<ArchiveLine> {
    let (one, two) =
        ("019379ab-0000-7000-8000-000000000001", "019379ab-0000-7000-8000-000000000002");
    let line = |kind: &&str| {
        let value = match *kind {
            "header" => json!({"version": 1, "school": one, "name": "Школа № 7", "year": 2024}),
            "class" => json!({"id": one, "name": "7А"}),
            "stay" => json!({"pupil": one, "class": two, "from": "2024-09-01"}),
            "work" | "formerWork" => {
                json!({"id": one, "lesson": two, "kind": "Ответ", "title": "", "weight": "1"})
            }
            "finalMark" => json!({
                "pupil": one, "subject": "Физика", "kind": "year", "term": "", "year": 2024,
                "value": "5"
            }),
            "end" => json!({"lines": {}, "sha256": ""}),
            other => panic!("{other}"),
        };
        serde_json::from_value(json!({ *kind: value })).unwrap()
    };
    kinds.iter().map(line).collect()
}

fn read(kinds: &[&str]) -> Result<ArchiveReading, ArchiveFault> {
    let mut reading = ArchiveReading::default();
    lines(kinds).iter().try_for_each(|line| reading.take(line))?;
    Ok(reading)
}

#[test]
fn a_year_is_kept_for_its_term_or_until_an_order() {
    let order = |number: &str, date| Some(DropOrder { number: number.to_owned(), date: day(date) });
    let good = order("12-од", "2025-08-20");
    for (today, years, order, told) in [
        ("2025-07-31", Some(1), good.clone(), Err("year_runs")),
        ("2025-08-20", Some(5), good.clone(), Ok(())),
        ("2025-08-19", Some(5), good, Err("year_order_unclear")),
        ("2025-08-20", Some(5), order(" ", "2025-08-20"), Err("year_order_unclear")),
        ("2026-12-31", Some(1), None, Err("year_kept")),
        ("2027-01-01", Some(1), None, Ok(())),
        ("2099-01-01", None, None, Err("year_order_needed")),
        ("2099-01-01", Some(u16::MAX), None, Err("year_kept")),
    ] {
        let answer = may_drop(2024, day(today), years, order.as_ref());
        assert_eq!(answer.map_err(|error| error.code()), told, "{today}");
    }
}

#[test]
fn lines_stand_in_their_order() {
    let whole = [
        "header",
        "class",
        "stay",
        "work",
        "formerWork",
        "class",
        "work",
        "finalMark",
        "finalMark",
    ];
    assert!(read(&whole).is_ok());
    for (kinds, fault) in [
        (&["class", "header"][..], ArchiveFault::NotAnArchive),
        (&["header", "header"], ArchiveFault::Damaged(2)),
        (&["header", "work"], ArchiveFault::Damaged(2)),
        (&["header", "class", "finalMark", "work"], ArchiveFault::Damaged(4)),
        (&["header", "class", "finalMark", "class"], ArchiveFault::Damaged(4)),
        (&["header", "end", "class"], ArchiveFault::Damaged(3)),
        (&["header", "end", "end"], ArchiveFault::Damaged(3)),
    ] {
        assert_eq!(read(kinds).unwrap_err(), fault, "{kinds:?}");
    }
}

#[test]
fn the_last_line_counts_the_others() {
    let mut reading = read(&["header", "class", "work", "work"]).unwrap();
    let lines = reading.lines().clone();
    assert_eq!(lines.get("work"), Some(&2));
    let mut fewer = reading.clone();
    let mut less = lines.clone();
    less.insert("work".to_owned(), 1);
    fewer.take(&ArchiveLine::End(ArchiveEnd { lines: less, sha256: "ab".to_owned() })).unwrap();
    assert_eq!(fewer.finish("ab"), Err(ArchiveFault::Altered));

    let end = ArchiveEnd { lines, sha256: "ab".to_owned() };
    assert_eq!(end.total(), 4);
    reading.take(&ArchiveLine::End(end)).unwrap();
    assert!(reading.is_over());
    assert_eq!(reading.finish("ab").unwrap().name, "Школа № 7");
}

#[test]
fn a_newer_archive_is_told_as_one() {
    let header: ArchiveLine = serde_json::from_value(json!({"header": {
        "version": 2, "school": "019379ab-0000-7000-8000-000000000001", "name": "", "year": 2024,
        "sealed": true
    }}))
    .unwrap();
    let fault = ArchiveReading::default().take(&header).unwrap_err();
    assert_eq!(fault, ArchiveFault::Newer(2));
    assert!(fault.to_string().contains('2') && !fault.text_ru().is_empty());
}

#[test]
fn a_line_names_its_kind() {
    for line in lines(&["header", "class", "stay", "work", "formerWork", "finalMark", "end"]) {
        let value = serde_json::to_value(&line).unwrap();
        let kinds: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        assert_eq!(kinds, [line.kind()]);
    }
}
