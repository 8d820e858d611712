//! Enums that cross as strings: what version 1 knows, and what a newer one sends.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
    path::Path,
};

use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// The strings of each enum, for nothing may be taken away from them.
fn promised() -> BTreeMap<String, Vec<String>> {
    serde_json::from_str(include_str!("enums.json")).unwrap()
}

/// What holds for a value and the string it crosses as.
fn crosses<T>(value: &T, text: &str) -> Result<(), TestCaseError>
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let json = serde_json::to_string(text).unwrap();
    prop_assert_eq!(&serde_json::to_string(value).unwrap(), &json);
    prop_assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value);
    // as part of a tree that was read before
    let tree = serde_json::to_value(value).unwrap();
    prop_assert_eq!(&serde_json::from_value::<T>(tree).unwrap(), value);
    Ok(())
}

macro_rules! enums {
    ($( $module:ident::$name:ident, )+) => {
        /// The name and the known strings of every enum.
        fn known() -> BTreeMap<&'static str, Vec<String>> {
            BTreeMap::from([$({
                let known = eschool_core::$module::$name::KNOWN.iter();
                (stringify!($name), known.map(|value| value.as_str().to_owned()).collect())
            }),+])
        }

        #[test]
        fn known_values_cross_as_their_strings() {
            $(
                for value in eschool_core::$module::$name::KNOWN {
                    assert!(value.is_known());
                    assert_eq!(value.to_string(), value.as_str());
                    crosses(value, value.as_str()).unwrap();
                }
            )+
        }

        proptest! {
            #[test]
            fn a_value_of_a_newer_version_is_kept(text in prop_oneof!["[a-z_]{0,20}", ".*"]) {
                $({
                    use eschool_core::$module::$name;
                    let value = $name::from(text.as_str());
                    prop_assert_eq!(value.as_str(), &text);
                    let is_known = $name::KNOWN.contains(&value);
                    prop_assert_eq!(value.is_known(), is_known);
                    prop_assert_eq!(matches!(value, $name::Unknown(_)), !is_known);
                    crosses(&value, &text)?;
                })+
            }
        }
    };
}

enums! {
    calendar::DayKind,
    calendar::TermKind,
    diagnosis::Cause,
    diagnosis::Relation,
    diary::TargetVerdict,
    journal::AttendanceClass,
    journal::FinalKind,
    merge::MergeField,
    people::CardStep,
    people::ConsentGiver,
    people::ConsentPurpose,
    people::DataGround,
    people::Discrepancy,
    people::Duty,
    people::Kinship,
    people::MandatoryField,
    policy::AccountsOfOnePerson,
    policy::AgeBand,
    policy::MatchField,
    policy::MatchKey,
    policy::ParentsAfter18,
    policy::RegistryKeeper,
    policy::Role,
    policy::SignInMethod,
    policy::YoungByEsia,
    recovery::LinkState,
    signin::Assurance,
    signin::NextStep,
    signin::RefusalCode,
    support::CaseAct,
    support::Desk,
}

#[test]
fn nothing_that_was_promised_is_gone() {
    let known = known();
    for (name, promised) in promised() {
        let ours: BTreeSet<&String> =
            known.get(name.as_str()).unwrap_or_else(|| panic!("{name} is gone")).iter().collect();
        for text in &promised {
            assert!(ours.contains(text), "{name} no longer knows `{text}`");
        }
    }
}

#[test]
fn what_is_known_is_promised_in_stable_words() {
    let promised = promised();
    for (name, ours) in known() {
        let theirs = promised.get(name).unwrap_or_else(|| panic!("{name} is not in enums.json"));
        assert_eq!(ours.iter().collect::<BTreeSet<_>>().len(), ours.len(), "{name}");
        for text in &ours {
            assert!(theirs.contains(text), "`{text}` of {name} is not in enums.json");
            let is_snake = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(text.chars().all(is_snake) && !text.is_empty(), "{name}: {text}");
        }
    }
}

/// Every enum that the sources declare for the wire stands in the list above.
#[test]
fn no_enum_of_the_wire_is_left_out() {
    fn declared(folder: &Path, names: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                declared(&path, names);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = std::fs::read_to_string(path).unwrap();
                for body in source.split("\nwire_enum! {").skip(1) {
                    let (_, after) = body.split_once("pub enum ").unwrap();
                    names.insert(after.split_once(' ').unwrap().0.to_owned());
                }
            }
        }
    }
    let mut names = BTreeSet::new();
    declared(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut names);
    let listed: BTreeSet<String> = known().keys().map(ToString::to_string).collect();
    assert_eq!(names, listed);
}

/// Enums with more to say than a name: what a newer version adds is kept as well.
#[test]
fn a_newer_kind_with_content_is_kept() {
    fn kept<T: Serialize + DeserializeOwned>(json: &str) {
        let value: T = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), json);
    }
    use eschool_core::{
        calendar::CalendarRule, diary::Change, identity::Patronymic, journal::MarkValue,
        signin::GrantedRole,
    };
    kept::<CalendarRule>(r#""quarantine""#);
    kept::<CalendarRule>(r#"{"shortened":30}"#);
    kept::<Change>(r#"{"kind":"week_signed","week":38}"#);
    kept::<GrantedRole>(r#"{"role":"observer","lessons":["physics"]}"#);
    kept::<MarkValue>(r#""A+""#);
    kept::<Patronymic>(r#""not_asked""#);
}
