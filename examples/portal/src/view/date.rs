//! Dates and times as Russian text.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use eschool_core::calendar::DateRange;

use super::NBSP;

/// The weekday in full, as in «среда».
pub(crate) fn weekday(day: NaiveDate) -> &'static str {
    match day.weekday() {
        chrono::Weekday::Mon => "понедельник",
        chrono::Weekday::Tue => "вторник",
        chrono::Weekday::Wed => "среда",
        chrono::Weekday::Thu => "четверг",
        chrono::Weekday::Fri => "пятница",
        chrono::Weekday::Sat => "суббота",
        chrono::Weekday::Sun => "воскресенье",
    }
}

/// The weekday in two letters, as in «ср».
pub(crate) fn weekday_short(day: NaiveDate) -> &'static str {
    match day.weekday() {
        chrono::Weekday::Mon => "пн",
        chrono::Weekday::Tue => "вт",
        chrono::Weekday::Wed => "ср",
        chrono::Weekday::Thu => "чт",
        chrono::Weekday::Fri => "пт",
        chrono::Weekday::Sat => "сб",
        chrono::Weekday::Sun => "вс",
    }
}

fn month(day: NaiveDate) -> &'static str {
    match day.month() {
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
    }
}

/// «18 сентября».
pub(crate) fn day_month(day: NaiveDate) -> String {
    format!("{}{NBSP}{}", day.day(), month(day))
}

/// «18 сентября 2026 года».
pub(crate) fn day_month_year(day: NaiveDate) -> String {
    format!("{} {}{NBSP}года", day_month(day), day.year())
}

/// «18 сентября», with the year where it is not the year of `today`.
pub(crate) fn day_month_near(day: NaiveDate, today: NaiveDate) -> String {
    if day.year() == today.year() { day_month(day) } else { day_month_year(day) }
}

/// «18.09, ср», for lists.
pub(crate) fn in_list(day: NaiveDate) -> String {
    format!("{:02}.{:02},{NBSP}{}", day.day(), day.month(), weekday_short(day))
}

/// «к 25 сентября, ср», for homework.
pub(crate) fn due(day: NaiveDate) -> String {
    format!("к{NBSP}{}, {}", day_month(day), weekday_short(day))
}

/// Some days: «16–22 ноября», «30 ноября – 6 декабря», with years where they differ.
pub(crate) fn span(days: DateRange) -> String {
    let (from, to) = (days.from(), days.to());
    if from == to {
        day_month(from)
    } else if from.year() != to.year() {
        let year = |day: NaiveDate| format!("{} {}", day_month(day), day.year());
        format!("{}{NBSP}– {}", year(from), year(to))
    } else if from.month() != to.month() {
        format!("{}{NBSP}– {}", day_month(from), day_month(to))
    } else {
        format!("{}–{}", from.day(), day_month(to))
    }
}

/// [`span`] with the year, as the title of a week: «16–22 ноября 2026».
pub(crate) fn span_with_year(days: DateRange) -> String {
    if days.from().year() == days.to().year() {
        format!("{} {}", span(days), days.to().year())
    } else {
        span(days)
    }
}

/// «08:30».
pub(crate) fn time(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// «08:30–09:15»; the beginning alone where the end is not set.
pub(crate) fn times(begins: Option<NaiveTime>, ends: Option<NaiveTime>) -> Option<String> {
    let begins = begins?;
    Some(match ends {
        Some(ends) => format!("{}–{}", time(begins), time(ends)),
        None => time(begins),
    })
}

/// An instant as the time of day at a place, rounded up to the minute: nobody who waits for it
/// comes too early.
pub(crate) fn not_before(instant: DateTime<Utc>, zone: Tz) -> String {
    let up = instant + chrono::TimeDelta::seconds(59);
    time(up.with_timezone(&zone).time())
}

/// An instant as date and time at a place: «20 ноября, 14:05».
pub(crate) fn moment(instant: DateTime<Utc>, zone: Tz) -> String {
    let local = instant.with_timezone(&zone);
    format!("{}, {}", day_month(local.date_naive()), time(local.time()))
}

/// An instant that is kept for years, as date and time: «20 ноября 2026 года, 14:05».
pub(crate) fn moment_year(instant: DateTime<Utc>, zone: Tz) -> String {
    let local = instant.with_timezone(&zone);
    format!("{}, {}", day_month_year(local.date_naive()), time(local.time()))
}

/// With a capital letter.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn spaced(text: String) -> String {
        text.replace(NBSP, "_")
    }

    #[test]
    fn days_read_as_people_write_them() {
        let wednesday = day(2024, 9, 18);
        assert_eq!(capitalised(weekday(wednesday)), "Среда");
        assert_eq!(spaced(day_month(wednesday)), "18_сентября");
        assert_eq!(spaced(due(day(2024, 9, 25))), "к_25_сентября, ср");
        assert_eq!(spaced(in_list(day(2024, 9, 2))), "02.09,_пн");
        assert_eq!(spaced(day_month_year(wednesday)), "18_сентября 2024_года");
        assert_eq!(spaced(day_month_near(wednesday, day(2024, 1, 1))), "18_сентября");
        assert_eq!(spaced(day_month_near(wednesday, day(2023, 12, 1))), "18_сентября 2024_года");
    }

    #[test]
    fn spans_name_what_differs() {
        for (from, to, expected) in [
            (day(2026, 11, 16), day(2026, 11, 22), "16–22_ноября 2026"),
            (day(2026, 11, 30), day(2026, 12, 6), "30_ноября_– 6_декабря 2026"),
            (day(2025, 12, 29), day(2026, 1, 4), "29_декабря 2025_– 4_января 2026"),
            (day(2026, 11, 4), day(2026, 11, 4), "4_ноября 2026"),
        ] {
            assert_eq!(spaced(span_with_year(DateRange::new(from, to).unwrap())), expected);
        }
    }

    #[test]
    fn times_are_local_and_never_too_early() {
        let half = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0);
        assert_eq!(times(half(8, 30), half(9, 15)).as_deref(), Some("08:30–09:15"));
        assert_eq!(times(half(8, 30), None).as_deref(), Some("08:30"));
        assert_eq!(times(None, half(9, 15)), None);
        let until: DateTime<Utc> = "2026-11-21T11:34:01Z".parse().unwrap();
        assert_eq!(not_before(until, chrono_tz::Europe::Moscow), "14:35");
        assert_eq!(spaced(moment(until, chrono_tz::Europe::Samara)), "21_ноября, 15:34");
        let kept = moment_year(until, chrono_tz::Europe::Samara);
        assert_eq!(spaced(kept), "21_ноября 2026_года, 15:34");
    }
}
