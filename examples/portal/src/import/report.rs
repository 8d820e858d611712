//! What became of a school's files, as the person at the terminal reads it.

use std::{fmt::Write as _, io};

use eschool_core::people::{Discrepancy, MandatoryField};
use eschool_store::exchange::{ImportReport, Refused};

use crate::view::number::{counted, grouped};

/// How many rows of a kind are shown; the rest is counted.
const SHOWN: usize = 20;

const ROWS: [&str; 3] = ["строка", "строки", "строк"];

/// Prints the report. Rows are named by file and line, never by what stands in them.
pub(super) fn print(
    report: &ImportReport,
    dry_run: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    out.write_all(text(report, dry_run).as_bytes())
}

fn text(report: &ImportReport, dry_run: bool) -> String {
    let mut text = format!("  {}\n", report.school_name);
    counts(report, dry_run, &mut text);
    for of_file in report.refused.chunk_by(|one, next| one.file == next.file) {
        let file = of_file.first().map_or("", |row| row.file.as_str());
        section(&mut text, &format!("Не приняты, {file}"), of_file.iter().map(refused));
    }
    section(&mut text, "Отложены: решить должен человек", report.conflicts.iter().map(refused));
    let incomplete = report.incomplete.chunk_by(|one, next| one.line == next.line).map(|row| {
        let line = row.first().map_or(0, |first| first.line);
        let missing: Vec<_> = row.iter().map(|of| mandatory(&of.missing)).collect();
        format!("parents.csv:{line}  не хватает: {}", missing.join(", "))
    });
    let incomplete: Vec<_> = incomplete.collect();
    section(&mut text, "Приняты неполными", incomplete.into_iter());
    let differing = report
        .discrepancies
        .iter()
        .map(|row| format!("parents.csv:{}  {}", row.line, discrepancy(&row.field)));
    section(&mut text, "Расходятся с тем, что записано раньше", differing);
    let phones = report.shared_phones.iter().map(|lines| {
        let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
        format!("parents.csv, строки {}", lines.join(", "))
    });
    section(&mut text, "Один телефон у нескольких людей: по нему никого не узнать", phones);
    let alike = report.latin_look_alikes.iter().map(|line| format!("parents.csv:{line}"));
    section(&mut text, "Латинские буквы вместо русских в имени", alike);
    text.push('\n');
    text
}

fn counts(report: &ImportReport, dry_run: bool, text: &mut String) {
    let n = &report.counts;
    for (what, count) in [
        ("классы", n.classes),
        ("ученики", n.pupils),
        ("строки о родителях", n.parent_rows),
        ("новые учётные записи родителей", report.accounts_created),
        ("семьи с несколькими детьми", report.families_with_several_children),
        ("уроки", n.lessons),
        ("отметки", n.marks),
        ("посещаемость", n.attendance),
        ("итоговые отметки", n.finals),
    ] {
        push(text, format_args!("    {what:<32} {:>9}\n", grouped(count.into())));
    }
    let changed = counted(report.changed, ["запись", "записи", "записей"]);
    let line = match (report.changed, dry_run) {
        (0, false) => "В базе данных ничего не изменилось: всё это в ней уже есть.".into(),
        (0, true) => "В базе данных ничего не изменится: всё это в ней уже есть.".into(),
        (_, false) => format!("В базе данных добавлено или изменено: {changed}"),
        (_, true) => format!("В базе данных будет добавлено или изменено: {changed}"),
    };
    push(text, format_args!("    {line}\n"));
}

fn section(text: &mut String, title: &str, rows: impl ExactSizeIterator<Item = String>) {
    let total = rows.len();
    if total == 0 {
        return;
    }
    push(text, format_args!("  {title} ({}):\n", counted(total as u64, ROWS)));
    for row in rows.take(SHOWN) {
        push(text, format_args!("    {row}\n"));
    }
    if total > SHOWN {
        push(text, format_args!("    и ещё {}\n", grouped((total - SHOWN) as u64)));
    }
}

fn refused(row: &Refused) -> String {
    let Refused { file, line, column, code, text_ru } = row;
    if column.is_empty() {
        format!("{file}:{line}  {code}  {text_ru}")
    } else {
        format!("{file}:{line}  «{column}»  {code}  {text_ru}")
    }
}

fn mandatory(field: &MandatoryField) -> &str {
    match field {
        MandatoryField::Patronymic => "отчество",
        MandatoryField::BirthDate => "дата рождения",
        MandatoryField::Phone => "телефон",
        MandatoryField::Snils => "СНИЛС",
        MandatoryField::Unknown(field) => field,
    }
}

fn discrepancy(field: &Discrepancy) -> &str {
    match field {
        Discrepancy::Name => "имя другое: осталось прежнее",
        Discrepancy::BirthDate => "дата рождения другая: осталась прежняя",
        Discrepancy::Phone => "телефон другой, или их несколько: остался первый",
        Discrepancy::Unknown(field) => field,
    }
}

/// Writing to a string does not fail.
fn push(text: &mut String, line: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(line);
}

#[cfg(test)]
mod tests {
    use eschool_core::{identity::DateError, people::MandatoryField};
    use eschool_store::exchange::{ImportCounts, Incomplete};

    use super::*;
    use crate::view::NBSP;

    #[test]
    fn a_report_names_rows_and_counts_the_rest() {
        let school = "019379ab-0000-7000-8000-000000000001".parse().unwrap();
        let bad = |line| Refused::of("pupils.csv", line, "Дата рождения", &DateError::BirthInvalid);
        let report = ImportReport {
            school,
            school_name: "МБОУ «Школа № 7»".into(),
            counts: ImportCounts { marks: 12_447, ..ImportCounts::default() },
            refused: (2..25).map(bad).collect(),
            conflicts: Vec::new(),
            incomplete: vec![
                Incomplete { line: 9, missing: MandatoryField::Phone },
                Incomplete { line: 9, missing: MandatoryField::Snils },
            ],
            discrepancies: Vec::new(),
            shared_phones: vec![vec![3, 14]],
            latin_look_alikes: Vec::new(),
            several_children: Vec::new(),
            families_with_several_children: 1,
            accounts_created: 7,
            changed: 21,
            removed: 0,
            kept_back: Vec::new(),
        };
        insta::assert_snapshot!(text(&report, false).replace(NBSP, " "));
        let trial = text(&report, true).replace(NBSP, " ");
        assert!(trial.contains("будет добавлено или изменено: 21 запись"), "{trial}");
    }
}
