//! Policies across borders.

mod generate;

use alloc::{
    format,
    string::{String, ToString as _},
};

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

#[test]
fn presets_on_the_wire() {
    for name in SignInPolicy::PRESETS {
        let policy = SignInPolicy::preset(name).unwrap();
        insta::assert_json_snapshot!(format!("{name}_on_the_wire"), policy);
    }
}

#[test]
fn a_policy_that_knows_no_consent_is_read() {
    let policy = SignInPolicy::udmurtia_2023();
    let json = serde_json::to_string(&policy).unwrap();
    assert!(!json.contains("consent"));
    let read: SignInPolicy = serde_json::from_str(&json).unwrap();
    assert!(read.rules_on(NaiveDate::MIN).consent.is_empty());
}

#[test]
fn an_unsound_policy_is_not_read() {
    let json = serde_json::to_string(&SignInPolicy::ryazan_2024()).unwrap();
    for (from, to, named) in [
        (r#""until":{"years":18,"months":0}"#, r#""until":{"years":17}"#, "consent.givers"),
        (r#""giver":"pupil""#, r#""giver":"school""#, "school"),
        (r#""purpose":"#, r#""purposes":"#, "purposes"),
    ] {
        let broken = json.replacen(from, to, 1);
        assert_ne!(broken, json, "{from}");
        let error = serde_json::from_str::<SignInPolicy>(&broken).unwrap_err();
        assert!(error.to_string().contains(named), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_policy_comes_back_from_json(policy in generate::policy()) {
        let json = serde_json::to_string(&policy).unwrap();
        prop_assert_eq!(serde_json::from_str::<SignInPolicy>(&json).unwrap(), policy);
    }

    #[cfg(feature = "toml")]
    #[test]
    fn every_policy_comes_back_from_toml(policy in generate::policy()) {
        let text = policy.to_toml().unwrap();
        prop_assert_eq!(SignInPolicy::from_toml(&text), Ok(policy), "{}", text);
    }

    #[test]
    fn every_policy_can_be_told(policy in generate::policy()) {
        let told = policy.in_words();
        let whole = |text: &String| {
            text.ends_with('.') && !text.contains("  ") && text.chars().next().is_some_and(char::is_uppercase)
        };
        for rule in &told {
            prop_assert!(whole(&rule.text_ru) && whole(&rule.text_en), "{:?}", rule);
        }
        for rule in ["threshold", "methods", "consent", "matching", "mandatory", "accounts",
                     "parentsAfter18", "registryKeeper", "helpers"] {
            let first = told.iter().any(|told| told.rule == rule && told.from.is_none());
            prop_assert!(first, "{} is not told", rule);
        }
    }
}
