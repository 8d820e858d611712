//! Whatever comes in, every constructor takes it: a value, or a typed error that names the field
//! and shows no more of the value than it may.

use std::any::type_name;

use chrono::NaiveDate;
use eschool_core::{
    calendar::{DateRange, TermKind, school_day, school_year},
    error::{CodedError, Shown},
    id::{AccountId, SchoolId},
    identity::{
        AgeSpan, BirthDate, Email, FullName, Login, MobilePhone, Patronymic, Snils, fold_name,
        has_latin_look_alikes, parse_date,
    },
    journal::{AttendanceCodes, ClassName, Grading, MarkValue, Mean, Points, Weight},
    policy::{LockOutDelays, Rules, SignInPolicy},
    recovery::RecoveryRequest,
    signin::{At, Attempt, CaseCode, DeviceName, PasswordAttempt, admit},
};
use proptest::prelude::*;
use serde::de::DeserializeOwned;

/// Texts that break what was written with ordinary ones in mind.
fn odd_texts() -> Vec<String> {
    let megabyte = 1 << 20;
    let mut texts: Vec<String> = [
        "",
        " ",
        "\u{0}",
        "\u{301}",
        "и\u{306}\u{308}\u{301}",
        "\u{feff}112-233-445 95",
        "\u{202e}95 544-332-211",
        "１１２２３３４４５９５",
        "١١٢٢٣٣٤٤٥٩٥",
        "👩‍👩‍👧",
        "+",
        "++",
        "+7",
        "+0",
        "-",
        "--",
        ".",
        "..",
        "@",
        "a@",
        "@a.b",
        "a@b.",
        "a@.b",
        "99.99.9999",
        "99999-01-01",
        "-1-1-1",
        "0000-00-00",
        "31.12.9999",
        "+9.+9.+999",
        "18446744073709551616",
        "99999999999999999999999999999",
        "4294967295",
        "1e309",
        "NaN",
        "null",
        "'; drop table account; --",
        "<script>",
        "ß",
        "İ",
        "ﬃ",
        "\u{10ffff}",
        "\r\n",
        "\t1\t",
    ]
    .map(String::from)
    .to_vec();
    for part in ["7", "я", "\u{301}", "\u{0}", "-", " ", "👧", "@", ".", "1."] {
        texts.push(part.repeat(megabyte / part.len()));
    }
    texts
}

/// Parses a text as everything that is parsed from one.
fn errors_of(text: &str) -> Vec<Box<dyn CodedError>> {
    fn keep<T, E: CodedError + 'static>(
        errors: &mut Vec<Box<dyn CodedError>>,
        parsed: Result<T, E>,
    ) {
        errors.extend(parsed.err().map(|error| Box::new(error) as Box<dyn CodedError>));
    }
    let mut errors = Vec::new();
    keep(&mut errors, Snils::parse(text));
    keep(&mut errors, MobilePhone::parse(text));
    keep(&mut errors, text.parse::<Email>());
    keep(&mut errors, text.parse::<Login>());
    keep(&mut errors, FullName::new(text, "Анна", None));
    keep(&mut errors, FullName::new("Ёлкина", text, None));
    keep(&mut errors, FullName::new("Ёлкина", "Анна", Some(text)));
    keep(&mut errors, Patronymic::of_cell(text));
    keep(&mut errors, text.parse::<BirthDate>());
    keep(&mut errors, parse_date(text));
    keep(&mut errors, CaseCode::parse(text));
    keep(&mut errors, text.parse::<Weight>());
    keep(&mut errors, text.parse::<MarkValue>());
    keep(&mut errors, text.parse::<ClassName>());
    keep(&mut errors, AttendanceCodes::standard().class_of(text));
    keep(&mut errors, text.parse::<AccountId>());
    keep(&mut errors, text.parse::<SchoolId>());
    keep(&mut errors, text.parse::<RecoveryRequest>());
    keep(&mut errors, text.parse::<DeviceName>());
    errors
}

/// What every error owes to whoever reads it.
fn is_fit_to_be_read(error: &dyn CodedError) -> Result<(), TestCaseError> {
    let (code, english, russian) = (error.code(), error.to_string(), error.text_ru());
    prop_assert!(code.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}", code);
    prop_assert!(!english.ends_with('.') && english.len() < 700, "{}", english);
    prop_assert!(!english.chars().any(char::is_control), "{:?}", english);
    prop_assert!(russian.chars().next().is_some_and(char::is_uppercase), "{}", russian);
    let missing = code.ends_with("_missing");
    prop_assert_eq!(error.value().is_none(), missing, "{}", english);
    let is_date = matches!(code, "date_missing" | "date_invalid");
    prop_assert!(error.field().is_some() || is_date, "{}", english);
    prop_assert!(error.value().is_none_or(|value| english.contains(&value)), "{}", english);
    Ok(())
}

#[test]
fn odd_texts_are_taken_and_answered() {
    for text in odd_texts() {
        for error in errors_of(&text) {
            is_fit_to_be_read(&*error).unwrap();
        }
        // what takes any text
        let _ = (fold_name(&text), has_latin_look_alikes(&text), TermKind::of_name(&text));
        let shown = Shown::of(&text).to_string();
        assert!(shown.len() < 400 && !shown.chars().any(char::is_control), "{shown:?}");
        let attempt = Attempt::Password(PasswordAttempt { login: text });
        let at = At { instant: chrono::DateTime::UNIX_EPOCH, date: NaiveDate::MIN };
        assert!(admit(&SignInPolicy::ryazan_2022(), &attempt, &at).is_ok());
    }
}

/// What is said of an odd text that is read as a value.
fn said_on_the_wire<T: DeserializeOwned>(text: &str) -> String {
    let json = serde_json::to_string(text).unwrap();
    let read = serde_json::from_str::<T>(&json);
    assert!(read.is_err(), "a {} is read from {}", type_name::<T>(), Shown::of(text));
    read.err().unwrap().to_string()
}

#[test]
fn odd_texts_are_no_values_on_the_wire() {
    for text in odd_texts() {
        let personal = [
            said_on_the_wire::<Snils>(&text),
            said_on_the_wire::<MobilePhone>(&text),
            said_on_the_wire::<Email>(&text),
            said_on_the_wire::<BirthDate>(&text),
            said_on_the_wire::<FullName>(&text),
        ];
        for said in personal {
            // of the others any error may have as much
            let is_telling = text.trim().chars().count() > 2;
            assert!(!(is_telling && said.contains(text.trim())), "{said}");
            assert!(said.len() < 400, "{said}");
        }
        said_on_the_wire::<CaseCode>(&text);
        said_on_the_wire::<DateRange>(&text);
    }
}

#[test]
fn a_personal_value_stands_in_no_error() {
    for (text, secrets) in [
        ("112-233-445 96", ["112", "233", "445"]),
        ("8 (4912) 25-33-11", ["4912", "25", "33"]),
        ("8912345678", ["8912", "345", "56"]),
        ("Иван0ва-Петрова", ["Иван", "ова", "Петр"]),
        ("anna.elkina@example,org", ["anna", "elkina", "example"]),
        ("31.02.2010", ["31", "02", "2010"]),
    ] {
        let personal = [
            "snils",
            "phone",
            "email",
            "login",
            "family",
            "given",
            "patronymic",
            "birthDate",
            "request",
            "device",
            "value",
        ];
        for error in errors_of(text) {
            if error.field().is_some_and(|field| personal.contains(&field)) {
                let told = format!("{error} {error:?} {:?} {}", error.value(), error.text_ru());
                // the examples of how to write it
                let told = ["112-233-445 95", "+7 912 345-67-89", "31.12.2010", "name@example.org"]
                    .iter()
                    .fold(told, |told, example| told.replace(example, ""));
                for secret in secrets {
                    assert!(!told.contains(secret), "{secret}: {told}");
                }
            }
        }
    }
}

/// The rules of a preset as JSON, for a number to be put in.
fn rules_with(path: &[&str], number: u64) -> Result<Rules, String> {
    let policy = SignInPolicy::ryazan_2024();
    let mut json = serde_json::to_value(policy.schedule().0).unwrap();
    let mut place = &mut json;
    for step in path {
        place = match step.parse::<usize>() {
            Ok(index) => &mut place[index],
            Err(_) => &mut place[*step],
        };
    }
    *place = number.into();
    let rules: Rules = serde_json::from_value(json).map_err(|error| error.to_string())?;
    rules.validate().map(|()| rules).map_err(|error| {
        let value = error.value().unwrap_or_default();
        assert!(error.to_string().contains(&format!("`{value}`")), "{error}");
        error.to_string()
    })
}

#[test]
fn a_number_of_a_policy_that_cannot_be_is_named_with_its_rule() {
    for (path, number, said) in [
        (&["threshold", "years"][..], 0, "`threshold` cannot be `0 years, 6 months`"),
        (&["threshold", "years"], 18, "`threshold` cannot be `18 years, 6 months`"),
        (&["threshold", "years"], 255, "`threshold` cannot be `255 years, 6 months`"),
        (&["threshold", "years"], 256, "256"),
        (&["threshold", "months"], 12, "`threshold` cannot be `14 years, 12 months`"),
        (&["noticeDays"], 367, "`noticeDays` cannot be `367`"),
        (&["noticeDays"], 65_535, "`noticeDays` cannot be `65535`"),
        (&["noticeDays"], 65_536, "65536"),
        (
            &["consent", "0", "givers", "0", "until", "years"],
            19,
            "`consent.givers.until` cannot be `19 years, 0 months`",
        ),
        (&["lockOut", "login", "free"], 0, "`lockOut.login` cannot be `0`"),
        (&["lockOut", "login", "firstSeconds"], 0, "`lockOut.login` cannot be `0`"),
        (&["lockOut", "login", "firstSeconds"], 3_601, "`lockOut.login` cannot be `3601`"),
        (&["lockOut", "source", "forgetSeconds"], 1, "`lockOut.source` cannot be `1`"),
        (&["lockOut", "source", "forgetSeconds"], u64::from(u32::MAX) + 1, "4294967296"),
    ] {
        let error = rules_with(path, number).unwrap_err();
        assert!(error.contains(said), "{error}");
    }
    for (path, number) in [
        (&["threshold", "years"][..], 1),
        (&["threshold", "years"], 17),
        (&["threshold", "months"], 11),
        (&["noticeDays"], 366),
        (&["noticeDays"], 0),
        (&["lockOut", "login", "free"], 65_535),
        (&["lockOut", "source", "forgetSeconds"], u64::from(u32::MAX)),
    ] {
        assert!(rules_with(path, number).is_ok(), "{path:?} {number}");
    }
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    let ends = prop_oneof![Just(NaiveDate::MIN), Just(NaiveDate::MAX)];
    let days = any::<i32>().prop_filter_map("no such day", NaiveDate::from_num_days_from_ce_opt);
    prop_oneof![1 => ends, 9 => days]
}

proptest! {
    #[test]
    fn any_text_is_taken_and_answered(text in ".*") {
        for error in errors_of(&text) {
            is_fit_to_be_read(&*error)?;
        }
    }

    #[test]
    fn any_text_near_a_value_is_taken_and_answered(
        text in r"[+]?[0-9. \-–()@_a-zа-яёЁA-F\u{a0}\u{301}]{0,40}",
    ) {
        for error in errors_of(&text) {
            is_fit_to_be_read(&*error)?;
        }
    }

    #[test]
    fn any_number_is_taken(number: u64, random: [u8; 8], years: u8, months: u8, day in any_day()) {
        let _ = (Snils::from_digits(number), CaseCode::from_random(random), school_year(day));
        let age = AgeSpan { years, months };
        if let Ok(born) = BirthDate::new(day) {
            let _ = (age.reached_on(born), born.of_somebody_on(NaiveDate::MAX));
            let _ = (age.is_reached(born, NaiveDate::MIN), born.of_somebody_on(NaiveDate::MIN));
        }
        let _ = school_day(&[], day);
        prop_assert!(DateRange::week_of(day).contains(day));
        let mut rules = SignInPolicy::ryazan_2022().rules_on(day).clone();
        rules.threshold = age;
        rules.notice_days = u16::from(years) * 257;
        let born = "31.08.2010".parse().ok();
        let _ = (rules.pupil_band(born, day), rules.consent_missing_from(&[], born, day));
        let is_sound = (12..=18 * 12).contains(&(u32::from(years) * 12 + u32::from(months)))
            && months < 12
            && rules.notice_days <= 366;
        prop_assert_eq!(rules.validate().is_ok(), is_sound);
        prop_assert_eq!(SignInPolicy::new("x", rules, Vec::new()).is_ok(), is_sound);
    }

    #[test]
    fn whatever_a_sound_policy_counts_with_a_password_ends_and_is_told_of_in_time(
        months in 12..=18 * 12_u8, notice_days in 0..=366_u16,
        born in 694_000..1_094_000_i32, lived in 0..7_000_i32,
    ) {
        let day = |day| NaiveDate::from_num_days_from_ce_opt(day).unwrap();
        let (born, today) = (BirthDate::new(day(born)).unwrap(), day(born + lived));
        let mut rules = SignInPolicy::ryazan_2022().rules_on(today).clone();
        rules.threshold = AgeSpan { years: months / 12, months: months % 12 };
        rules.notice_days = notice_days;
        let reached = rules.threshold.reached_on(born);
        let policy = SignInPolicy::new("x", rules, Vec::new()).unwrap();
        let ends = (today < reached).then_some(reached);
        prop_assert_eq!(policy.password_ends(Some(born), today), ends);
        let near = ends.filter(|ends| (*ends - today).num_days() <= notice_days.into());
        prop_assert_eq!(policy.password_notice(Some(born), today), near);
    }

    #[test]
    fn any_number_of_a_journal_is_one_or_named(
        points: u8, hundredths: u32, rule: u16, sum: u64, weights: u64,
    ) {
        let near = |number: u64, most: u64| [number, number % most];
        for hundredths in near(hundredths.into(), 20_000) {
            let hundredths = u32::try_from(hundredths).unwrap();
            match Weight::from_hundredths(hundredths) {
                Ok(weight) => prop_assert_eq!(weight.hundredths(), hundredths),
                Err(error) => {
                    prop_assert!(hundredths == 0 || hundredths > 10_000);
                    prop_assert_eq!(error.value(), Some(hundredths.to_string()));
                    is_fit_to_be_read(&error)?;
                }
            }
        }
        for rule in near(rule.into(), 600) {
            let (rule, five) = (u16::try_from(rule).unwrap(), Points::try_from(5).unwrap());
            let signed = Grading::default().with_sign(rule);
            prop_assert_eq!(signed.is_ok(), rule < 50);
            let from = Grading::default().with_threshold(five, rule);
            prop_assert_eq!(from.is_ok(), (401..=500).contains(&rule));
            for error in [signed.err(), from.err()].into_iter().flatten() {
                prop_assert_eq!(error.value(), Some(rule.to_string()));
                is_fit_to_be_read(&error)?;
            }
        }
        for points in [points, points % 8] {
            let read = Points::try_from(points);
            prop_assert_eq!(read.is_ok(), (1..=5).contains(&points));
            if let Err(error) = read {
                is_fit_to_be_read(&error)?;
            }
        }
        for (sum, weights) in [(sum, weights), (sum % 100, weights % 100), (sum % 100, 0)] {
            let mean = Mean::from_ratio(sum, weights);
            let (wide, lowest) = (u128::from(sum), u128::from(weights));
            prop_assert_eq!(mean.is_ok(), weights > 0 && (lowest..=5 * lowest).contains(&wide));
            if let Err(error) = mean {
                prop_assert_eq!(error.value(), Some(format!("{sum}/{weights}")));
                is_fit_to_be_read(&error)?;
            }
        }
    }

    #[test]
    fn any_two_days_are_a_range_or_the_error_names_both(a in any_day(), b in any_day()) {
        match DateRange::new(a, b) {
            Ok(range) => prop_assert!(a <= b && range.len_days() > 0),
            Err(error) => {
                prop_assert!(a > b);
                let told = error.to_string();
                prop_assert!(told.contains(&a.to_string()) && told.contains(&b.to_string()));
            }
        }
    }

    #[test]
    fn any_delays_are_counted(free: u16, first_seconds: u32, greatest_seconds: u32, forget_seconds: u32, failures: u32) {
        let delays = LockOutDelays { free, first_seconds, greatest_seconds, forget_seconds };
        let now = chrono::DateTime::UNIX_EPOCH;
        let counter = eschool_core::policy::Counter { failures, last: Some(now), until: None };
        let counted = counter.failed(&delays, now);
        prop_assert!(counted.failures >= 1 && counted.until.is_none_or(|until| now <= until));
    }
}
