//! A row or an entry that was refused.

use alloc::{format, string::String};

use super::Told;
use crate::diagnosis::{RefusedEntry, RowPlace, clue::Fit};

pub(super) fn entry_refused(fit: Fit, entry: &RefusedEntry) -> Told {
    let RefusedEntry { row, error, cell, .. } = entry;
    let column = error.field.as_deref().filter(|field| !field.is_empty());
    let cell = masked_cell(cell);
    let [fit_ru, fit_en] = match fit {
        Fit::Snils => ["тот же СНИЛС", "the same СНИЛС"],
        Fit::NameAndBirthDate => ["те же имя и дата рождения", "the same name and birth date"],
        Fit::NameAndPhone => ["те же имя и телефон", "the same name and phone"],
        Fit::NameAlone => [
            "то же имя, а дату рождения сверить нельзя",
            "the same name and a birth date that cannot be compared",
        ],
    };
    let (what_ru, what_en) = match row {
        Some(RowPlace { file, line }) => {
            (format!("Строка {line} файла {file}"), format!("Line {line} of {file}"))
        }
        None => ("Запись из формы".into(), "An entry in a form".into()),
    };
    let (stands_ru, stands_en) = match column {
        Some(column) if cell.is_empty() => {
            (format!(" Поле «{column}» пустое."), format!(" `{column}` is empty:"))
        }
        Some(column) => {
            (format!(" В поле «{column}» стоит «{cell}»."), format!(" `{column}` holds `{cell}`:"))
        }
        None => (String::new(), String::new()),
    };
    let (why_ru, why_en) = (error.text_ru.trim_end_matches('.'), &error.text_en);
    let repair = match (error.code.as_str(), row) {
        ("snils_conflict", _) => [
            "Этот СНИЛС уже записан у человека с другими именем и датой рождения. Сверьте документы \
             обоих; чей это номер, решает администратор школы.",
            "Somebody with another name and birth date has this СНИЛС already. Compare the \
             documents of both; whose the number is, the school's administrator settles.",
        ],
        (_, Some(_)) => [
            "Исправьте строку и загрузите файл ещё раз или внесите человека вручную.",
            "Correct the line and import the file again, or enter the person by hand.",
        ],
        (_, None) => [
            "Внесите человека ещё раз, без этой ошибки.",
            "Enter the person again without this mistake.",
        ],
    };
    Told::new(
        [
            format!("{what_ru}, где {fit_ru}, не принята.{stands_ru} {why_ru}."),
            format!("{what_en} with {fit_en} was refused.{stands_en} {why_en}."),
        ],
        repair,
    )
}

/// A cell as typed, cut where it is long. Nothing else with more digits than a date has may stand
/// in full: a СНИЛС or a phone may be in any column.
fn masked_cell(cell: &str) -> String {
    const DIGITS_OF_A_DATE: usize = 8;
    const LONGEST: usize = 60;

    let cell = cell.trim();
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let hidden = if digits > DIGITS_OF_A_DATE { digits - 2 } else { 0 };
    let mut seen = 0;
    let shown = cell.chars().map(|c| {
        seen += usize::from(c.is_ascii_digit());
        if c.is_ascii_digit() && seen <= hidden { '*' } else { c }
    });
    let mut shown: String = shown.take(LONGEST).collect();
    if cell.chars().count() > LONGEST {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_shown_as_typed_but_for_long_numbers() {
        for (cell, shown) in [
            (" 31.02.1985 ", "31.02.1985"),
            ("112-233-445 96", "***-***-*** 96"),
            ("8 (4912) 25-33-11", "* (****) **-**-11"),
            ("17.05.1985 112-233-445 95", "**.**.**** ***-***-*** 95"),
            ("Ёлкина Ана", "Ёлкина Ана"),
            ("", ""),
        ] {
            assert_eq!(masked_cell(cell), shown);
        }
        assert_eq!(masked_cell(&"ё".repeat(61)), format!("{}…", "ё".repeat(60)));
    }
}
