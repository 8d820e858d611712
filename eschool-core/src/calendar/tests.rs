use alloc::{format, string::ToString, vec::Vec};

use chrono::{NaiveDate, Weekday};
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn newer_rule(word: &str) -> CalendarRule {
    serde_json::from_value(word.into()).unwrap()
}

fn span(from: &str, to: &str, rule: CalendarRule, name: &str) -> CalendarSpan {
    CalendarSpan { days: DateRange::new(day(from), day(to)).unwrap(), rule, name: name.into() }
}

/// The calendar of the sample school, and days on which everything falls together.
fn calendar() -> Vec<CalendarSpan> {
    [
        ("2024-10-26", "2024-11-04", CalendarRule::Vacation, "осенние каникулы"),
        ("2024-11-04", "2024-11-04", CalendarRule::Holiday, "День народного единства"),
        ("2024-12-28", "2024-12-28", CalendarRule::Working(Weekday::Mon), "рабочая суббота"),
        ("2025-02-22", "2025-02-23", CalendarRule::Working(Weekday::Fri), ""),
        ("2025-02-23", "2025-02-23", CalendarRule::Holiday, "День защитника Отечества"),
        ("2025-03-01", "2025-03-01", CalendarRule::Working(Weekday::Tue), "рабочая суббота"),
        ("2025-03-01", "2025-03-02", CalendarRule::Vacation, ""),
        ("2025-03-05", "2025-03-05", CalendarRule::Working(Weekday::Mon), "по понедельнику"),
        ("2025-03-06", "2025-03-06", CalendarRule::Vacation, "первое"),
        ("2025-03-06", "2025-03-06", CalendarRule::Vacation, "второе"),
        ("2025-03-07", "2025-03-08", newer_rule("quarantine"), "карантин"),
    ]
    .into_iter()
    .map(|(from, to, rule, name)| span(from, to, rule, name))
    .collect()
}

#[test]
fn a_day_is_a_holiday_else_a_vacation_else_a_working_day_else_what_the_week_says() {
    use DayKind::{Holiday, Ordinary, Vacation, Weekend};
    let cases = [
        ("2024-09-16", Ordinary, Some(Weekday::Mon), None),
        ("2024-09-20", Ordinary, Some(Weekday::Fri), None),
        ("2024-09-21", Weekend, None, None),
        ("2024-09-22", Weekend, None, None),
        // A vacation covers its weekends, and its first and last day belong to it.
        ("2024-10-25", Ordinary, Some(Weekday::Fri), None),
        ("2024-10-26", Vacation, None, Some("осенние каникулы")),
        ("2024-11-03", Vacation, None, Some("осенние каникулы")),
        ("2024-11-04", Holiday, None, Some("День народного единства")),
        ("2024-11-05", Ordinary, Some(Weekday::Tue), None),
        // A working Saturday follows the weekday it names.
        ("2024-12-28", Ordinary, Some(Weekday::Mon), Some("рабочая суббота")),
        ("2025-02-22", Ordinary, Some(Weekday::Fri), None),
        ("2025-02-23", Holiday, None, Some("День защитника Отечества")),
        ("2025-03-01", Vacation, None, None),
        ("2025-03-02", Vacation, None, None),
        // So does a weekday that was made to follow another.
        ("2025-03-05", Ordinary, Some(Weekday::Mon), Some("по понедельнику")),
        ("2025-03-06", Vacation, None, Some("первое")),
        // A rule that this version does not know changes nothing.
        ("2025-03-07", Ordinary, Some(Weekday::Fri), None),
        ("2025-03-08", Weekend, None, None),
    ];
    let calendar = calendar();
    for (date, kind, timetable, name) in cases {
        assert_eq!(school_day(&calendar, day(date)), SchoolDay { kind, timetable, name }, "{date}");
    }
}

#[test]
fn a_week_is_monday_to_sunday() {
    for date in ["2024-12-30", "2025-01-01", "2025-01-05"] {
        let week = DateRange::week_of(day(date));
        assert_eq!((week.from(), week.to()), (day("2024-12-30"), day("2025-01-05")), "{date}");
    }
    assert!(DateRange::week_of(NaiveDate::MAX).contains(NaiveDate::MAX));
    assert!(DateRange::week_of(NaiveDate::MIN).contains(NaiveDate::MIN));
}

#[test]
fn a_range_from_the_wire_is_checked() {
    let good = r#"{"from":"2024-09-01","to":"2024-09-01"}"#;
    let range: DateRange = serde_json::from_str(good).unwrap();
    assert_eq!(serde_json::to_string(&range).unwrap(), good);
    let error = serde_json::from_str::<DateRange>(r#"{"from":"2024-09-02","to":"2024-09-01"}"#)
        .unwrap_err();
    assert!(
        error.to_string().contains("ends on `2024-09-01`, before it begins on `2024-09-02`"),
        "{error}"
    );
}

#[test]
fn every_calendar_rule_is_given_back_as_it_came() {
    use CalendarRule::{Holiday, Vacation, Working};
    for (json, expected) in [
        (r#""vacation""#, Vacation),
        (r#""holiday""#, Holiday),
        (r#"{"working":"Mon"}"#, Working(Weekday::Mon)),
        (r#""quarantine""#, newer_rule("quarantine")),
    ] {
        let rule: CalendarRule = serde_json::from_str(json).unwrap();
        assert_eq!(rule, expected);
        assert_eq!(serde_json::to_string(&rule).unwrap(), json);
    }
    assert!(serde_json::from_str::<CalendarRule>(r#"{"working":"Someday"}"#).is_err());
}

#[test]
fn the_name_of_a_term_tells_its_kind() {
    let cases = [
        ("1 четверть", TermKind::Quarter),
        ("II Триместр", TermKind::Trimester),
        ("1 полугодие", TermKind::HalfYear),
        ("Модуль 3", TermKind::Module),
        ("1 сессия", TermKind::Unknown("1 сессия".into())),
    ];
    for (name, kind) in cases {
        assert_eq!(TermKind::of_name(name), kind, "{name}");
    }
}

#[test]
fn a_day_has_the_term_that_holds_it_else_the_last_before_else_the_first() {
    let term = |name: &str, from, to| Term {
        grade: 7,
        name: name.into(),
        kind: TermKind::of_name(name),
        days: DateRange::new(day(from), day(to)).unwrap(),
    };
    let terms = [
        term("1 четверть", "2024-09-01", "2024-10-25"),
        term("2 четверть", "2024-11-05", "2024-12-28"),
        term("3 четверть", "2025-01-09", "2025-03-21"),
    ];
    for (date, name) in [
        ("2024-08-25", "1 четверть"),
        ("2024-09-01", "1 четверть"),
        ("2024-10-25", "1 четверть"),
        ("2024-10-26", "1 четверть"),
        ("2024-11-04", "1 четверть"),
        ("2024-11-05", "2 четверть"),
        ("2025-01-08", "2 четверть"),
        ("2025-01-09", "3 четверть"),
        ("2025-07-01", "3 четверть"),
    ] {
        assert_eq!(term_on(&terms, day(date)).unwrap().name, name, "{date}");
    }
    assert_eq!(term_on(&[], day("2024-09-01")), None);
}

proptest! {
    #[test]
    fn a_range_holds_exactly_its_days(from in -40_000_i32..40_000, length in 0_u32..400) {
        let from = NaiveDate::from_num_days_from_ce_opt(730_000 + from).unwrap();
        let to = from + chrono::Days::new(length.into());
        let range = DateRange::new(from, to).unwrap();
        let days: Vec<_> = range.days().collect();
        prop_assert_eq!(days.len(), range.len_days() as usize);
        prop_assert!(days.iter().all(|day| range.contains(*day)));
        prop_assert!(!range.contains(to + chrono::Days::new(1)));
        prop_assert_eq!(DateRange::new(to, from).is_err(), length > 0);
    }

    #[test]
    fn wire_enums_give_back_what_they_were_given(text in "\\PC{0,12}") {
        for json in [
            serde_json::to_string(&DayKind::from(text.as_str())).unwrap(),
            serde_json::to_string(&TermKind::from(text.as_str())).unwrap(),
        ] {
            prop_assert_eq!(&json, &serde_json::to_string(&text).unwrap());
        }
        let kind: DayKind = serde_json::from_str(&serde_json::to_string(&text).unwrap()).unwrap();
        prop_assert_eq!(kind.to_string(), format!("{text}"));
    }
}
