//! Marks, weights, classes and codes as people write them.

use alloc::{format, string::ToString, vec::Vec};

use proptest::prelude::*;

use super::*;
use crate::{
    error::{CodedError, Shown},
    id::{AccountId, ClassId},
};

#[test]
fn marks_are_read_as_people_write_them() {
    let cases = [
        ("5", "5"),
        (" 4- ", "4-"),
        ("4−", "4-"),
        ("4–", "4-"),
        ("3+", "3+"),
        ("1", "1"),
        ("ЗАЧЁТ", "зачёт"),
        ("зачет", "зачёт"),
        ("зач.", "зачёт"),
        ("незач", "незачёт"),
        ("Н/А", "н/а"),
        ("осв.", "осв"),
        (".", "."),
        ("•", "."),
    ];
    for (text, shown) in cases {
        assert_eq!(text.parse::<MarkValue>().unwrap().to_string(), shown, "{text}");
    }
    for text in ["", "0", "6", "10", "5+-", "+5", "5 5", "н", "..", "4.5"] {
        let error = text.parse::<MarkValue>().unwrap_err();
        assert_eq!(error.code(), "mark_malformed", "{text}");
    }
}

#[test]
fn only_points_count() {
    let points = |text: &str| text.parse::<MarkValue>().unwrap().points().map(Points::get);
    assert_eq!([points("4-"), points("4"), points("4+")], [Some(4); 3]);
    for text in [".", "н/а", "осв", "зачёт", "незачёт"] {
        assert_eq!(points(text), None, "{text}");
    }
    assert!(".".parse::<MarkValue>().unwrap().is_debt());
    assert!(!"н/а".parse::<MarkValue>().unwrap().is_debt());
}

#[test]
fn weights_are_hundredths() {
    let cases = [
        ("1", 100, "1"),
        ("1,5", 150, "1.5"),
        ("1.05", 105, "1.05"),
        ("0.01", 1, "0.01"),
        ("100", 10_000, "100"),
        ("10.", 1_000, "10"),
        (" 3 ", 300, "3"),
    ];
    for (text, hundredths, shown) in cases {
        let weight: Weight = text.parse().unwrap();
        assert_eq!(
            (weight.hundredths(), weight.to_string().as_str()),
            (hundredths, shown),
            "{text}"
        );
    }
    for text in
        ["", "0", "0.00", "-1", "+1", "1.005", "100.01", "1e2", ".5", "x", "99999999999", "1,2,3"]
    {
        assert_eq!(text.parse::<Weight>().unwrap_err().code(), "weight_invalid", "{text}");
    }
}

#[test]
fn classes_are_read_as_schools_write_them() {
    let cases = [
        ("7А", 7, "А"),
        ("11 б", 11, "Б"),
        ("5-в", 5, "В"),
        ("10 ИТ", 10, "ИТ"),
        ("3", 3, ""),
        // Latin look-alikes, alone and among Cyrillic letters
        ("7A", 7, "А"),
        ("7 b", 7, "В"),
        ("5 Kaдeт", 5, "КАДЕТ"),
        ("9 A1", 9, "А1"),
        // Latin words
        ("10 IT", 10, "IT"),
        ("10 it", 10, "IT"),
        ("8 Rа", 8, "RА"),
    ];
    for (text, grade, letter) in cases {
        let name: ClassName = text.parse().unwrap();
        assert_eq!((name.grade(), name.letter()), (grade, letter), "{text}");
        assert_eq!(name.to_string().parse(), Ok(name), "{text}");
    }
    for text in ["", "А", "0А", "13А", "777", "7А!", "5абвгдежзиклмн"] {
        assert_eq!(text.parse::<ClassName>().unwrap_err().code(), "class_malformed", "{text}");
    }
}

#[test]
fn codes_are_data() {
    let codes = AttendanceCodes::standard();
    let cases = [
        ("Б", AttendanceClass::Ill),
        ("б", AttendanceClass::Ill),
        ("уп", AttendanceClass::Excused),
        ("НП", AttendanceClass::Unexcused),
        ("н", AttendanceClass::Unspecified),
        ("ОП ", AttendanceClass::Late),
    ];
    for (code, class) in cases {
        assert_eq!(codes.class_of(code), Ok(&class), "{code}");
    }
    for (code, shown) in [
        ("", ""),
        ("ЩЩ", "ЩЩ"),
        (" УПП ", "УПП"),
        ("ОРВИ", "***"),
        ("болен, ОРВИ", "***"),
        ("е\u{301}\u{301}\u{301}", "***"),
    ] {
        let error = codes.class_of(code).unwrap_err();
        assert_eq!(error, AttendanceError::CodeUnknown { given: Shown::of(shown) });
        assert_eq!(error.value().as_deref(), Some(shown), "{code}");
        assert!(error.to_string().contains(&format!("`{shown}`")), "{error}");
        assert!(format!("{error:?}").contains(&format!("`{shown}`")), "{error:?}");
    }
}

#[test]
fn codes_of_a_school_have_a_text_and_a_meaning_and_stand_once() {
    use AttendanceClass::{Ill, Late, Unknown};
    assert_eq!(AttendanceCodes::standard().validate(), Ok(()));
    assert_eq!(AttendanceCodes(Vec::new()).validate(), Ok(()));
    for (code, class, refused) in [
        ("ОТ", Late, None),
        ("ОТ", Ill, None),
        ("", Late, Some(("code_missing", "code", None))),
        (" \u{a0}", Late, Some(("code_missing", "code", None))),
        ("Б", Ill, Some(("code_repeated", "code", Some("Б")))),
        (" уп ", Late, Some(("code_repeated", "code", Some(" уп ")))),
        ("ОТ", Unknown("away".into()), Some(("code_class_unknown", "class", Some("away")))),
    ] {
        let mut codes = AttendanceCodes::standard();
        codes.0.push((code.into(), class));
        let error = codes.validate().err();
        let told = error.map(|error| (error.code(), error.field().unwrap(), error.value()));
        let told = told.as_ref().map(|(code, field, value)| (*code, *field, value.as_deref()));
        assert_eq!(told, refused, "{code}");
    }
}

#[test]
fn a_stay_holds_on_both_its_ends() {
    let mut stay: Stay = serde_json::from_value(serde_json::json!({
        "pupil": uuid::Uuid::nil(), "class": uuid::Uuid::nil(),
        "from": "2024-09-19", "to": "2024-10-10",
    }))
    .unwrap();
    let holds = |stay: &Stay, day: &str| stay.holds_on(day.parse().unwrap());
    let on = ["2024-09-18", "2024-09-19", "2024-10-10", "2024-10-11"].map(|day| holds(&stay, day));
    assert_eq!(on, [false, true, true, false]);
    stay.to = None;
    assert!(holds(&stay, "2030-01-01"));
}

/// Stays of one pupil from their ends, `from..to` or `from..` for one that goes on.
fn stays(ends: &[&str]) -> Vec<Stay> {
    let stay = |(n, ends): (usize, &&str)| {
        let (from, to) = ends.split_once("..").unwrap();
        Stay {
            pupil: AccountId(uuid::Uuid::nil()),
            class: ClassId(uuid::Uuid::from_u128(n as u128)),
            from: from.parse().unwrap(),
            to: to.parse().ok(),
        }
    };
    ends.iter().enumerate().map(stay).collect()
}

#[test]
fn the_last_day_is_that_of_the_last_stay_to_end() {
    for (ends, last) in [
        (&[][..], None),
        (&["2024-09-01..2024-10-10"], Some("2024-10-10")),
        (&["2024-09-01.."], None),
        (&["2024-09-01..2024-10-10", "2024-10-11..2025-05-26"], Some("2025-05-26")),
        (&["2024-10-11..2025-05-26", "2024-09-01..2024-10-10"], Some("2025-05-26")),
        (&["2024-09-01..", "2024-09-01..2024-10-10"], None),
        (&["2024-09-01..2024-10-10", "2024-10-11.."], None),
    ] {
        let last = last.map(|day| day.parse().unwrap());
        assert_eq!(last_day_of(&stays(ends)), last, "{ends:?}");
    }
}

#[test]
fn a_stay_is_that_of_the_day_else_the_last() {
    let two = &["2024-09-01..2024-10-10", "2024-10-21.."][..];
    let reversed = &["2024-10-21..", "2024-09-01..2024-10-10"][..];
    let overlapping = &["2024-09-01..2024-10-10", "2024-10-01..2024-10-05"][..];
    for (ends, day, found) in [
        (&[][..], "2024-09-01", None),
        (two, "2024-08-31", Some(1)),
        (two, "2024-09-01", Some(0)),
        (two, "2024-10-10", Some(0)),
        (two, "2024-10-15", Some(1)),
        (two, "2024-10-21", Some(1)),
        (reversed, "2024-10-10", Some(1)),
        (reversed, "2024-10-15", Some(0)),
        (overlapping, "2024-10-03", Some(0)),
        (overlapping, "2024-11-01", Some(1)),
    ] {
        let stays = stays(ends);
        let on = stay_on(&stays, day.parse().unwrap());
        assert_eq!(on, found.map(|n: usize| &stays[n]), "{ends:?} {day}");
    }
}

proptest! {
    #[test]
    fn a_mark_value_gives_back_what_it_was_given(text in "\\PC{0,8}") {
        let json = serde_json::to_string(&text).unwrap();
        let value: MarkValue = serde_json::from_str(&json).unwrap();
        match text.parse::<MarkValue>() {
            Ok(known) => prop_assert_eq!(value, known),
            Err(_) => prop_assert_eq!(serde_json::to_string(&value).unwrap(), json),
        }
    }

    #[test]
    fn wire_enums_give_back_what_they_were_given(text in "\\PC{0,12}") {
        let json = serde_json::to_string(&text).unwrap();
        let class: AttendanceClass = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(serde_json::to_string(&class).unwrap(), json.clone());
        let kind: FinalKind = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(serde_json::to_string(&kind).unwrap(), json);
    }

    #[test]
    fn a_weight_prints_what_it_reads(hundredths in 1_u32..=10_000) {
        let weight = Weight::from_hundredths(hundredths).unwrap();
        prop_assert_eq!(weight.to_string().parse::<Weight>(), Ok(weight));
        let json = serde_json::to_string(&weight).unwrap();
        prop_assert_eq!(&json, &format!("\"{weight}\""));
        prop_assert_eq!(serde_json::from_str::<Weight>(&json).unwrap(), weight);
    }
}

#[test]
fn wire_enums_know_their_strings() {
    for class in AttendanceClass::KNOWN {
        assert_eq!(&AttendanceClass::from(class.as_str()), class);
        assert!(class.is_known());
    }
    for kind in FinalKind::KNOWN {
        assert_eq!(&FinalKind::from(kind.as_str()), kind);
    }
}
