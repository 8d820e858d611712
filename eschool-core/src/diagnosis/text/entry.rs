//! A row or an entry that was refused.

use alloc::{format, string::String, vec::Vec};

use super::Told;
use crate::diagnosis::{RefusedEntry, RowPlace, clue::Fit, scope::Reach};
use crate::letters::upper;

pub(super) fn entry_refused(fit: Fit, entry: &RefusedEntry, reach: Reach) -> Told {
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
            (format!("Строка\u{a0}{line} файла {file}"), format!("Line {line} of {file}"))
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
    let why_ru = error.text_ru.trim_end_matches('.');
    let (stands_en, why_en) = match stands_en.as_str() {
        // The reason stands alone, or names the value itself.
        "" => (stands_en, capital(&error.text_en)),
        _ if !cell.is_empty() && error.text_en.contains(&format!("`{cell}`")) => {
            (String::new(), capital(&error.text_en))
        }
        _ => (stands_en, error.text_en.clone()),
    };
    let repair = match (error.code.as_str(), row) {
        ("snils_conflict", _) => whose_number(reach),
        ("snils_taken", _) => [
            "Сверьте документы обоих и впишите каждому его собственный СНИЛС.",
            "Compare the documents of both and enter each one's own СНИЛС.",
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

/// What to do where the number is known as somebody else's.
const fn whose_number(reach: Reach) -> [&'static str; 2] {
    match reach {
        Reach::Classes => [
            "Этот СНИЛС уже записан у человека с другими именем и датой рождения. Сверьте документы \
             обоих; чей это номер, решает администратор школы: передайте ему обращение.",
            "Somebody with another name and birth date has this СНИЛС already. Compare the \
             documents of both; whose the number is, the school's administrator settles: pass the \
             case on.",
        ],
        Reach::School => [
            "Этот СНИЛС уже записан у человека с другими именем и датой рождения. Сверьте документы \
             обоих, решите, чей это номер, и впишите другому его собственный.",
            "Somebody with another name and birth date has this СНИЛС already. Compare the \
             documents of both, settle whose the number is, and enter the other's own.",
        ],
        Reach::Schools => [
            "Этот СНИЛС уже записан у человека с другими именем и датой рождения. Выясните вместе \
             со школой, чей это номер, и пусть она впишет другому его собственный.",
            "Somebody with another name and birth date has this СНИЛС already. Find out together \
             with the school whose the number is, and let it enter the other's own.",
        ],
    }
}

/// With a capital letter.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().map(upper);
    first.chain(chars).collect()
}

/// A cell as typed, cut where it is long. Of its digits, in whatever script, the last two alone are
/// shown, unless it is a date as people write it: a СНИЛС or a phone, or half of one, may be in any
/// column.
fn masked_cell(cell: &str) -> String {
    const LONGEST: usize = 60;

    let cell = cell.trim();
    let digits = cell.chars().filter(|c| c.is_numeric()).count();
    let hidden = if is_date_like(cell) { 0 } else { digits.saturating_sub(2) };
    let mut seen = 0;
    let shown = cell.chars().map(|c| {
        seen += usize::from(c.is_numeric());
        if c.is_numeric() && seen <= hidden { '*' } else { c }
    });
    let mut shown: String = shown.take(LONGEST).collect();
    if cell.chars().count() > LONGEST {
        shown.push('…');
    }
    shown
}

/// Whether it is written as a date is, right or impossible: day, month and a year of 1900–2099, or
/// the other way round.
fn is_date_like(cell: &str) -> bool {
    let parts = |separator: char| {
        let parts: Vec<&str> = cell.split(separator).collect();
        <[&str; 3]>::try_from(parts).ok()
    };
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_short = |part: &str| (1..=2).contains(&part.len()) && is_number(part);
    let is_year = |part: &str| {
        part.len() == 4 && is_number(part) && (part.starts_with("19") || part.starts_with("20"))
    };
    ['.', '-', '/'].into_iter().filter_map(parts).any(|[first, middle, last]| {
        is_short(middle)
            && ((is_short(first) && is_year(last)) || (is_year(first) && is_short(last)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_shown_as_typed_but_for_long_numbers() {
        for (cell, shown) in [
            (" 31.02.1985 ", "31.02.1985"),
            ("1985-2-31", "1985-2-31"),
            ("31/02/2085", "31/02/2085"),
            ("31.02.1885", "**.**.**85"),
            ("31.02/1985", "**.**/**85"),
            ("31.02.1985.", "**.**.**85."),
            ("112.33.1985", "***.**.**85"),
            // Eight of the eleven digits of a СНИЛС.
            ("112-233-44", "***-***-44"),
            ("11223344", "******44"),
            ("8912-34-56", "****-**-56"),
            ("9а", "9а"),
            ("٠٠١-٠١٩-٨٩٩ ٩٩", "***-***-*** ٩٩"),
            ("１１２２３３４４", "******４４"),
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

    #[test]
    fn the_english_text_begins_with_a_capital_and_says_the_value_once() {
        let entry = |field: Option<&str>, cell: &str, text_en: &str| RefusedEntry {
            school: crate::id::SchoolId(uuid::Uuid::from_u128(1)),
            row: None,
            error: crate::error::ApiError {
                code: "some".into(),
                field: field.map(String::from),
                value: None,
                text_ru: "Ошибка".into(),
                text_en: text_en.into(),
            },
            cell: cell.into(),
            typed: crate::diagnosis::TypedPerson::default(),
            classes: Vec::new(),
        };
        let start = "An entry in a form with the same СНИЛС was refused.";
        for (field, cell, text_en, told) in [
            (None, "", "the snils is missing", "The snils is missing."),
            (Some("СНИЛС"), "", "the snils is missing", "`СНИЛС` is empty: the snils is missing."),
            (Some("Имя"), "А1", "it is none", "`Имя` holds `А1`: it is none."),
            (Some("Имя"), "А1", "a name is never `А1`", "A name is never `А1`."),
        ] {
            let text_en =
                entry_refused(Fit::Snils, &entry(field, cell, text_en), Reach::Classes).text_en;
            assert_eq!(text_en, format!("{start} {told}"));
        }
    }
}
