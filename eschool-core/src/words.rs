//! Words that go with numbers and dates in texts.

use alloc::{
    format,
    string::{String, ToString as _},
};

use chrono::{Datelike as _, NaiveDate, NaiveTime, Timelike as _};

/// The text as it is set: a number is not parted from the word it counts, and no line begins with a
/// dash.
pub(crate) fn unbroken(text: &str) -> String {
    let mut set = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied();
        let counts = before.is_some_and(|c: char| c.is_ascii_digit())
            && after.is_some_and(char::is_alphabetic);
        set.push(if c == ' ' && (counts || after == Some('–')) { '\u{a0}' } else { c });
        before = Some(c);
    }
    set
}

/// The word that stands after a number: for one, for two to four, for more.
pub(crate) fn counted(number: impl Into<u64>, [one, few, many]: [&str; 3]) -> &str {
    let number = number.into();
    match (number % 100, number % 10) {
        (11..=14, _) => many,
        (_, 1) => one,
        (_, 2..=4) => few,
        _ => many,
    }
}

/// A day without its year, as people say it: «16 сентября».
pub(crate) fn day_ru(date: NaiveDate) -> String {
    let month = match date.month() {
        1 => "января",
        2 => "февраля",
        3 => "марта",
        4 => "апреля",
        5 => "мая",
        6 => "июня",
        7 => "июля",
        8 => "августа",
        9 => "сентября",
        10 => "октября",
        11 => "ноября",
        _ => "декабря",
    };
    format!("{} {month}", date.day())
}

/// The same in English: `16 September`.
pub(crate) fn day_en(date: NaiveDate) -> String {
    let month = match date.month() {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    };
    format!("{} {month}", date.day())
}

/// A day as papers have it, `16.09.2024`. A format of chrono's would say the same, and brings all that
/// it could say along.
pub(crate) fn day_in_digits(date: NaiveDate) -> String {
    let written = date.to_string();
    let year = written.rsplitn(3, '-').last().unwrap_or_default();
    format!("{:02}.{:02}.{year}", date.day(), date.month())
}

/// A time of day as a timetable has it, `8:30`.
pub(crate) fn time_in_digits(time: NaiveTime) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_are_as_chrono_formats_them() {
        let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        let far = [(-1, 12, 31), (0, 1, 1), (9999, 12, 31), (10_000, 1, 1)];
        let far = far.map(|(year, month, day)| NaiveDate::from_ymd_opt(year, month, day).unwrap());
        for date in first.iter_days().take(366).chain(far) {
            assert_eq!(day_in_digits(date), date.format("%d.%m.%Y").to_string());
            assert_eq!(day_en(date), date.format("%-d %B").to_string());
        }
        for (hour, minute) in [(0, 0), (8, 5), (9, 59), (10, 10), (23, 59)] {
            let time = NaiveTime::from_hms_opt(hour, minute, 59).unwrap();
            assert_eq!(time_in_digits(time), time.format("%-H:%M").to_string());
        }
    }

    #[test]
    fn a_noun_agrees_with_its_number() {
        let forms = ["урок", "урока", "уроков"];
        for (word, numbers) in [
            ("урок", &[1_u32, 21, 101, 1_001][..]),
            ("урока", &[2, 3, 4, 22, 104]),
            ("уроков", &[0, 5, 10, 11, 12, 14, 19, 20, 111, 112]),
        ] {
            for number in numbers {
                assert_eq!(counted(*number, forms), word, "{number}");
            }
        }
    }

    #[test]
    fn numbers_keep_their_words_and_lines_begin_with_no_dash() {
        for (text, set) in [
            ("", ""),
            ("до 14,5 лет", "до 14,5\u{a0}лет"),
            ("14 лет и 3 месяца", "14\u{a0}лет и 3\u{a0}месяца"),
            ("с 1 сентября 2025 года", "с 1\u{a0}сентября 2025\u{a0}года"),
            ("вход – только там", "вход\u{a0}– только там"),
            ("№ 7 «Лицей»", "№ 7 «Лицей»"),
            ("A-1 – 2", "A-1\u{a0}– 2"),
        ] {
            assert_eq!(unbroken(text), set);
        }
    }

    #[test]
    fn a_day_is_said_with_its_month() {
        for (date, russian, english) in [
            ("2024-01-01", "1 января", "1 January"),
            ("2024-05-31", "31 мая", "31 May"),
            ("2024-09-16", "16 сентября", "16 September"),
            ("2024-12-28", "28 декабря", "28 December"),
        ] {
            let date = date.parse().unwrap();
            assert_eq!((day_ru(date).as_str(), day_en(date).as_str()), (russian, english));
        }
    }
}
