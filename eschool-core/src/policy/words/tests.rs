//! What people read of a policy.

use alloc::{collections::BTreeSet, format, string::String, vec, vec::Vec};

use super::*;
use crate::{
    identity::AgeSpan,
    people::{ConsentGiver, ConsentPurpose},
    policy::{
        AgeBand, ConsentRule, GiverRule, LockOutDelays, MatchField, ParentsAfter18, Role, Rules,
        SignInMethod, YoungByEsia,
    },
    signin::Assurance,
};

fn told(policy: &SignInPolicy) -> String {
    let lines: Vec<String> = policy
        .in_words()
        .iter()
        .map(|told| {
            let from = told.from.map(|from| format!(" from {from}")).unwrap_or_default();
            format!("{}{from}\n  {}\n  {}", told.rule, told.text_ru, told.text_en)
        })
        .collect();
    lines.join("\n")
}

fn changed(change: impl FnOnce(&mut Rules)) -> SignInPolicy {
    let mut rules = SignInPolicy::ryazan_2022().rules_on(NaiveDate::MIN).clone();
    change(&mut rules);
    SignInPolicy::new("changed", rules, vec![]).unwrap()
}

/// What a changed policy says that Рязань of 2022 does not.
fn news(change: impl FnOnce(&mut Rules)) -> Vec<String> {
    let old: Vec<String> =
        SignInPolicy::ryazan_2022().in_words().into_iter().map(|told| told.text_ru).collect();
    let new = changed(change).in_words().into_iter().map(|told| told.text_ru);
    new.filter(|text| !old.contains(text)).collect()
}

#[test]
fn ryazan_2022_in_words() {
    insta::assert_snapshot!(told(&SignInPolicy::ryazan_2022()));
}

#[test]
fn udmurtia_2023_in_words() {
    insta::assert_snapshot!(told(&SignInPolicy::udmurtia_2023()));
}

#[test]
fn ryazan_2024_in_words() {
    insta::assert_snapshot!(told(&SignInPolicy::ryazan_2024()));
}

#[test]
fn a_schedule_tells_what_changes_on_each_day() {
    let of = |policy: SignInPolicy| policy.rules_on(NaiveDate::MIN).clone();
    let [first, second] = ["2024-09-01", "2025-01-15"].map(|day| day.parse().unwrap());
    let before = of(SignInPolicy::ryazan_2022());
    let after = of(SignInPolicy::ryazan_2024());
    let ended = Rules { parents_after_18: ParentsAfter18::End, ..after.clone() };
    let later =
        vec![DatedRules { from: first, rules: after }, DatedRules { from: second, rules: ended }];
    let policy = SignInPolicy::new("ryazan", before, later).unwrap();
    let words = policy.in_words();
    // What does not change is not told twice.
    let at_first: BTreeSet<&str> =
        words.iter().filter(|told| told.from == Some(first)).map(|t| t.rule.as_str()).collect();
    let changed = ["consent", "later", "lockOut", "methods", "noticeDays", "threshold"];
    assert_eq!(at_first, BTreeSet::from(changed));
    let dated: Vec<String> = words
        .iter()
        .filter_map(|told| Some(format!("{} {}: {}", told.from?, told.rule, told.text_ru)))
        .collect();
    insta::assert_snapshot!(dated.join("\n"));
}

#[test]
fn a_day_that_changes_nothing_is_not_told() {
    let rules = SignInPolicy::ryazan_2022().rules_on(NaiveDate::MIN).clone();
    let erased = Rules { erase_after_days: Some(30), ..rules.clone() };
    let [first, second, third] =
        ["2025-01-01", "2025-02-01", "2025-03-01"].map(|day| day.parse().unwrap());
    let later = [(first, rules.clone()), (second, erased), (third, rules.clone())];
    let later = later.map(|(from, rules)| DatedRules { from, rules }).into();
    let words = SignInPolicy::new("test", rules, later).unwrap().in_words();
    let told = |day| -> Vec<String> {
        let of_day = words.iter().filter(|told| told.from == Some(day));
        of_day.map(|told| told.rule.clone()).collect()
    };
    assert_eq!(told(first), Vec::<String>::new());
    assert_eq!(told(second), ["later", "eraseAfterDays"]);
    assert_eq!(told(third), ["later", "eraseAfterDays"]);
    assert!(words.last().unwrap().text_ru.contains("больше не стирают"));
}

#[test]
fn other_regimes_are_told_as_they_are() {
    let years = |years| Some(AgeSpan { years, months: 0 });
    let of_children = |r: &mut Rules| r.methods[1].assurance = vec![Assurance::Child];
    let federal = |band| ConsentRule {
        role: Role::Pupil,
        band,
        purpose: ConsentPurpose::SignIn,
        givers: vec![
            GiverRule { giver: ConsentGiver::Parent, from: None, until: years(18) },
            GiverRule { giver: ConsentGiver::Pupil, from: years(14), until: None },
        ],
    };
    let told: Vec<String> = [
        ("no ЕСИА below the threshold", news(|r| r.young_by_esia = YoungByEsia::Refuse)),
        ("14 flat", news(|r| r.threshold = AgeSpan { years: 14, months: 0 })),
        ("passwords for all", news(|r| r.methods[0].band = None)),
        (
            "passwords alone",
            news(|r| {
                r.young_by_esia = YoungByEsia::Refuse;
                r.methods[0].band = None;
                r.methods.remove(1);
            }),
        ),
        (
            "a child account below the threshold",
            news(|r| {
                of_children(r);
                let mut older = r.methods[1].clone();
                r.methods[1].band = Some(AgeBand::Younger);
                older.band = Some(AgeBand::Older);
                older.assurance = vec![Assurance::Child, Assurance::Confirmed];
                r.methods.push(older);
                r.methods.retain(|rule| rule.method != SignInMethod::Password);
            }),
        ),
        ("erased after a month", news(|r| r.erase_after_days = Some(31))),
        ("no notice", news(|r| r.notice_days = 0)),
        ("a notice of a day", news(|r| r.notice_days = 1)),
        ("the federal matrix", news(|r| r.consent = vec![federal(None)])),
        (
            "two consents",
            news(|r| {
                let personal = ConsentPurpose::PersonalData;
                r.consent = vec![
                    federal(Some(AgeBand::Younger)),
                    ConsentRule { purpose: personal, ..federal(Some(AgeBand::Older)) },
                ];
            }),
        ),
        ("СНИЛС and birth date", news(|r| r.matching[0].with = vec![MatchField::BirthDate])),
        ("nothing mandatory", news(|r| r.mandatory.clear())),
        ("parents end at 18", news(|r| r.parents_after_18 = ParentsAfter18::End)),
        (
            "one delay",
            news(|r| {
                r.lock_out.login = LockOutDelays {
                    free: 1,
                    first_seconds: 90,
                    greatest_seconds: 90,
                    forget_seconds: 7200,
                };
            }),
        ),
    ]
    .into_iter()
    .map(|(what, news)| format!("{what}\n  {}", news.join("\n  ")))
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_rule_in_words_crosses_borders() {
    let words = SignInPolicy::ryazan_2024().in_words();
    let json = serde_json::to_value(&words).unwrap();
    assert_eq!(json[0]["rule"], "threshold");
    assert!(json[0]["textRu"].is_string() && json[0].get("from").is_none());
    assert_eq!(serde_json::from_value::<Vec<RuleInWords>>(json).unwrap(), words);
}
