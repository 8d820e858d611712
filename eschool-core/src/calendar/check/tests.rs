use alloc::{format, vec};

use proptest::{collection::vec as many, prelude::*};

use super::*;
use crate::calendar::{DateRange, TermKind};

fn term(grade: u8, name: &str, from: &str, to: &str) -> Term {
    let days = DateRange::new(from.parse().unwrap(), to.parse().unwrap()).unwrap();
    Term { grade, name: name.into(), kind: TermKind::of_name(name), days }
}

fn bell(number: u8, begins: &str, ends: &str) -> Bell {
    Bell { number, begins: begins.parse().unwrap(), ends: ends.parse().unwrap() }
}

/// Each fault as its place, code, field and value.
fn told(faults: Vec<(usize, CalendarError)>) -> Vec<String> {
    let line = |(at, error): (usize, CalendarError)| {
        let (field, value) = (error.field().unwrap(), error.value());
        let named = error.to_string();
        assert!(named.starts_with(&format!("the field `{field}`")), "{named}");
        let value = value.unwrap_or_else(|| "missing".into());
        assert!(named.replace('`', "").contains(&value), "{named}");
        format!("{at} {} {field} {value}", error.code())
    };
    faults.into_iter().map(line).collect()
}

#[test]
fn terms_of_one_grade_and_kind_do_not_overlap() {
    let first = || term(7, "1 четверть", "2024-09-01", "2024-10-25");
    for (other, expected) in [
        (term(7, "2 четверть", "2024-10-26", "2024-12-28"), None),
        (
            term(7, "2 четверть", "2024-10-25", "2024-12-28"),
            Some("1 terms_overlap days 2024-10-25"),
        ),
        (
            term(7, "2 четверть", "2024-09-10", "2024-09-20"),
            Some("1 terms_overlap days 2024-09-10"),
        ),
        (
            term(7, "2 четверть", "2024-09-01", "2024-09-01"),
            Some("1 terms_overlap days 2024-09-01"),
        ),
        // The one that begins later is at fault, wherever it stands.
        (
            term(7, "0 четверть", "2024-08-01", "2024-09-01"),
            Some("0 terms_overlap days 2024-09-01"),
        ),
        (term(8, "1 четверть", "2024-09-01", "2024-10-25"), None),
        (term(7, "1 полугодие", "2024-09-01", "2024-12-28"), None),
        (term(7, "1 четверть", "2025-09-01", "2025-10-25"), None),
        (
            term(7, "1 четверть", "2024-11-05", "2024-12-28"),
            Some("1 term_repeated name 1 четверть"),
        ),
        (term(0, "1 четверть", "2024-09-01", "2024-10-25"), Some("1 term_grade grade 0")),
        (term(13, "1 четверть", "2024-09-01", "2024-10-25"), Some("1 term_grade grade 13")),
        (term(12, "1 четверть", "2024-09-01", "2024-10-25"), None),
        (term(7, " ", "2024-11-05", "2024-12-28"), Some("1 term_unnamed name missing")),
    ] {
        let faults = told(check_terms(&[first(), other.clone()]));
        assert_eq!(faults.first().map(String::as_str), expected, "{other:?}");
        assert!(faults.len() <= 1, "{faults:?}");
    }
}

#[test]
fn terms_of_kinds_nobody_knows_do_not_overlap() {
    let first = || term(7, "1 сессия", "2024-09-01", "2024-10-25");
    for (other, expected) in [
        (term(7, "2 сессия", "2024-10-25", "2024-12-28"), Some("1 terms_overlap days 2024-10-25")),
        (term(7, "2 сессия", "2024-10-26", "2024-12-28"), None),
        (term(7, "весна", "2024-09-10", "2024-12-28"), Some("1 terms_overlap days 2024-09-10")),
        (term(7, "1 четверть", "2024-09-01", "2024-10-25"), None),
    ] {
        let faults = told(check_terms(&[first(), other.clone()]));
        assert_eq!(faults.first().map(String::as_str), expected, "{other:?}");
    }
}

#[test]
fn bells_follow_one_another() {
    let first = || bell(1, "08:30:00", "09:15:00");
    for (other, expected) in [
        (bell(2, "09:15:00", "10:00:00"), vec![]),
        (bell(2, "09:14:00", "10:00:00"), vec!["1 bells_overlap begins 09:14:00"]),
        (bell(0, "07:40:00", "08:25:00"), vec![]),
        (bell(0, "07:50:00", "08:35:00"), vec!["0 bells_overlap begins 08:30:00"]),
        (bell(1, "09:25:00", "10:10:00"), vec!["1 bell_repeated number 1"]),
        (bell(2, "10:00:00", "10:00:00"), vec!["1 bell_reversed ends 10:00:00"]),
        (bell(2, "10:00:00", "09:30:00"), vec!["1 bell_reversed ends 09:30:00"]),
        (bell(20, "22:00:00", "22:45:00"), vec![]),
        (bell(21, "22:00:00", "22:45:00"), vec!["1 bell_number number 21"]),
    ] {
        assert_eq!(told(check_bells(&[first(), other])), expected, "{other:?}");
    }
}

proptest! {
    #[test]
    fn terms_have_a_fault_just_when_two_of_a_kind_share_a_day(
        spans in many((7_u8..=8, 0_usize..4, 0_i64..60, 0_i64..20), 0..6),
    ) {
        let start: NaiveDate = "2024-09-01".parse().unwrap();
        let terms: Vec<_> = spans
            .iter()
            .enumerate()
            .map(|(n, (grade, kind, from, length))| {
                let from = start + chrono::Duration::days(*from);
                let days = DateRange::new(from, from + chrono::Duration::days(*length)).unwrap();
                let name = format!("{n} {}", ["модуль", "триместр", "сессия", "зима"][*kind]);
                Term { grade: *grade, kind: TermKind::of_name(&name), name, days }
            })
            .collect();
        let shares = |a: &Term, b: &Term| a.days.days().any(|day| b.days.contains(day));
        let pairs = terms.iter().enumerate().flat_map(|(n, a)| {
            terms.iter().skip(n + 1).map(move |b| (a, b))
        });
        let division = |term: &Term| term.kind.is_known().then(|| term.kind.clone());
        let alike = |a: &Term, b: &Term| a.grade == b.grade && division(a) == division(b);
        let shared = pairs.into_iter().any(|(a, b)| alike(a, b) && shares(a, b));
        prop_assert_eq!(!check_terms(&terms).is_empty(), shared);
    }
}
