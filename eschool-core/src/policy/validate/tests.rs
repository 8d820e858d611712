//! Every unsound rule, one by one.

use alloc::{string::ToString as _, vec};

use chrono::NaiveDate;

use super::*;
use crate::{
    identity::AgeSpan,
    people::ConsentGiver,
    policy::{ConsentRule, KeyRule, MethodRule, SignInPolicy},
    signin::Assurance,
};

#[test]
fn presets_are_sound() {
    for name in SignInPolicy::PRESETS {
        let policy = SignInPolicy::preset(name).unwrap();
        assert_eq!(policy.rules_on(NaiveDate::MIN).validate(), Ok(()), "{name}");
    }
}

/// One change to sound rules.
type Spoil = fn(&mut Rules);

#[test]
fn every_unsound_rule_is_named() {
    let cases: &[(&str, &str, Spoil)] = &[
        ("policy_contradiction", "threshold", |r| r.threshold.months = 12),
        ("policy_contradiction", "threshold", |r| r.threshold.years = 19),
        ("policy_contradiction", "threshold", |r| r.threshold.years = 0),
        ("policy_contradiction", "noticeDays", |r| r.notice_days = 400),
        ("policy_contradiction", "eraseAfterDays", |r| r.erase_after_days = Some(0)),
        ("policy_contradiction", "eraseAfterDays", |r| r.erase_after_days = Some(36_526)),
        ("policy_contradiction", "keepJournalsYears", |r| r.keep_journals_years = Some(0)),
        ("policy_contradiction", "keepJournalsYears", |r| r.keep_journals_years = Some(101)),
        ("policy_unknown", "methods.method", |r| r.methods[0].method = "teleport".into()),
        ("policy_unknown", "methods.role", |r| r.methods[0].role = "teleport".into()),
        ("policy_unknown", "methods.band", |r| r.methods[0].band = Some("teleport".into())),
        ("policy_unknown", "methods.assurance", |r| {
            r.methods[1].assurance = vec!["teleport".into()];
        }),
        ("policy_contradiction", "methods.band", |r| {
            r.methods[2].band = Some(AgeBand::Older);
        }),
        ("policy_contradiction", "methods", |r| {
            r.methods[2] = MethodRule {
                role: Role::Parent,
                band: None,
                method: SignInMethod::Password,
                assurance: vec![],
            };
        }),
        ("policy_contradiction", "methods.assurance", |r| {
            r.methods[0].assurance = vec![Assurance::Confirmed];
        }),
        ("policy_contradiction", "methods.assurance", |r| {
            r.methods[1].assurance = vec![Assurance::Unconfirmed];
        }),
        ("policy_contradiction", "methods.assurance", |r| {
            r.methods[2].assurance = vec![Assurance::Unconfirmed];
        }),
        ("policy_contradiction", "methods.assurance", |r| {
            r.methods[3].assurance = vec![Assurance::Confirmed, Assurance::Unconfirmed];
        }),
        ("policy_missing", "methods.assurance", |r| r.methods[1].assurance.clear()),
        ("policy_contradiction", "methods", |r| r.methods.push(r.methods[0].clone())),
        ("policy_missing", "methods for parents", |r| {
            r.methods.remove(2);
        }),
        ("policy_missing", "methods for staff", |r| {
            r.methods.remove(3);
        }),
        ("policy_missing", "methods for older pupils", |r| {
            r.methods.remove(1);
        }),
        ("policy_missing", "methods for younger pupils", |r| {
            r.methods.remove(0);
            r.young_by_esia = YoungByEsia::Refuse;
        }),
        ("policy_unknown", "youngByEsia", |r| r.young_by_esia = "teleport".into()),
        ("policy_contradiction", "youngByEsia", |r| {
            r.methods[1].band = Some(AgeBand::Older);
        }),
        ("policy_contradiction", "youngByEsia", |r| {
            let mut younger = r.methods[1].clone();
            r.methods[1].band = Some(AgeBand::Older);
            younger.band = Some(AgeBand::Younger);
            r.methods.push(younger);
            r.young_by_esia = YoungByEsia::Refuse;
        }),
        ("policy_missing", "matching", |r| r.matching.clear()),
        ("policy_unknown", "matching.key", |r| r.matching[0].key = "teleport".into()),
        ("policy_unknown", "matching.with", |r| r.matching[0].with = vec!["teleport".into()]),
        ("policy_contradiction", "matching", |r| {
            r.matching.push(KeyRule { key: MatchKey::Snils, with: vec![] });
        }),
        ("policy_contradiction", "matching.with", |r| r.matching[1].with.clear()),
        ("policy_unknown", "accounts", |r| r.accounts = "teleport".into()),
        ("policy_unknown", "parentsAfter18", |r| r.parents_after_18 = "teleport".into()),
        ("policy_unknown", "registryKeeper", |r| r.registry_keeper = "teleport".into()),
        ("policy_unknown", "mandatory", |r| r.mandatory = vec!["teleport".into()]),
        ("policy_missing", "helpers", |r| r.helpers.clear()),
        ("policy_unknown", "helpers", |r| r.helpers = vec!["teleport".into()]),
        ("policy_contradiction", "helpers", |r| r.helpers = vec![NextStep::UseEsia]),
        ("policy_contradiction", "helpers", |r| r.helpers = vec![NextStep::AskSupport]),
        ("policy_contradiction", "helpers", |r| {
            r.helpers = vec![NextStep::AskClassTeacher, NextStep::AskSupport];
        }),
        ("policy_contradiction", "helpers", |r| {
            r.helpers = vec![NextStep::AskAdministrator, NextStep::AskSupport];
        }),
        ("policy_contradiction", "helpers", |r| {
            r.helpers = vec![NextStep::AskRegistrar, NextStep::AskAdministrator];
        }),
        ("policy_contradiction", "helpers", |r| {
            r.registry_keeper = RegistryKeeper::Registrar;
        }),
        ("policy_contradiction", "methods.assurance", |r| {
            r.methods[1].assurance = vec![Assurance::Confirmed, Assurance::Confirmed];
        }),
        ("policy_contradiction", "matching.with", |r| {
            r.matching[0].with = vec![MatchField::BirthDate, MatchField::BirthDate];
        }),
        ("policy_contradiction", "mandatory", |r| r.mandatory.push(r.mandatory[0].clone())),
        ("policy_contradiction", "helpers", |r| r.helpers.push(r.helpers[0].clone())),
        ("policy_contradiction", "lockOut.login", |r| r.lock_out.login.free = 0),
        ("policy_contradiction", "lockOut.source", |r| r.lock_out.source.first_seconds = 0),
        ("policy_contradiction", "lockOut.login", |r| {
            r.lock_out.login.greatest_seconds = 1;
        }),
        ("policy_contradiction", "lockOut.login", |r| r.lock_out.login.forget_seconds = 60),
    ];
    each_is_named(&SignInPolicy::ryazan_2022(), cases);
}

#[test]
fn who_corrects_data_and_who_issues_cards_is_help_enough() {
    use NextStep::{AskAdministrator, AskClassTeacher, AskRegistrar};
    for (keeper, helpers) in [
        (RegistryKeeper::ClassTeacher, vec![AskClassTeacher, AskAdministrator]),
        (RegistryKeeper::Registrar, vec![AskRegistrar, AskAdministrator]),
        (RegistryKeeper::Registrar, vec![AskClassTeacher, AskRegistrar, AskAdministrator]),
    ] {
        let mut rules = SignInPolicy::ryazan_2022().rules_on(NaiveDate::MIN).clone();
        (rules.registry_keeper, rules.helpers) = (keeper, helpers);
        assert_eq!(rules.validate(), Ok(()), "{:?}", rules.helpers);
    }
}

#[test]
fn a_policy_has_a_name_that_can_be_read() {
    let rules = SignInPolicy::ryazan_2022().rules_on(NaiveDate::MIN).clone();
    let named = |name: &str| SignInPolicy::new(name, rules.clone(), vec![]);
    let longest = "ё".repeat(64);
    for name in [
        "x",
        "ryazan_2022",
        "Порядок «Школы № 7» – 2024",
        "Oʼhara's \"new\"",
        "№\u{a0}7, и\u{306}",
        "Школа 🏫, «ё» – ’ …",
        &longest,
    ] {
        assert_eq!(named(name).unwrap().name(), name);
    }
    let unseen = "\0\n\t\u{7f}\u{85}\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{2003}\u{200b}\u{200d}\u{200f}\
        \u{2028}\u{202a}\u{202e}\u{202f}\u{2060}\u{2064}\u{2066}\u{206f}\u{2800}\u{3164}\u{e000}\u{fe0f}\
        \u{feff}\u{ffa0}\u{fffb}\u{e0041}\u{e0100}\u{10ffff}"
        .chars()
        .map(|sign| format!("a{sign}b"));
    let others =
        ["", " ", "\n", "\u{0}", "a\u{feff}", "👩\u{200d}👧", &"ё".repeat(65)].map(String::from);
    for name in unseen.chain(others) {
        let name = name.as_str();
        let error = named(name).unwrap_err();
        assert_eq!((error.code(), error.field()), ("policy_name_malformed", Some("name")));
        assert!(error.to_string().contains("`name`"), "{error}");
        let mut json = serde_json::to_value(named("x").unwrap()).unwrap();
        json["name"] = name.into();
        assert!(serde_json::from_value::<SignInPolicy>(json).is_err(), "{name:?}");
    }
}

#[test]
fn every_unsound_rule_of_consent_is_named() {
    const fn years(years: u8) -> Option<AgeSpan> {
        Some(AgeSpan { years, months: 0 })
    }
    let cases: &[(&str, &str, Spoil)] = &[
        ("policy_unknown", "consent.role", |r| r.consent[0].role = "teleport".into()),
        ("policy_contradiction", "consent.role", |r| r.consent[0].role = Role::Parent),
        ("policy_contradiction", "consent.role", |r| r.consent[0].role = Role::Staff),
        ("policy_unknown", "consent.band", |r| r.consent[0].band = Some("teleport".into())),
        ("policy_unknown", "consent.purpose", |r| r.consent[0].purpose = "teleport".into()),
        ("policy_unknown", "consent.givers.giver", |r| {
            r.consent[0].givers[0].giver = "teleport".into();
        }),
        ("policy_contradiction", "consent", |r| r.consent.push(r.consent[0].clone())),
        ("policy_contradiction", "consent", |r| {
            let older = ConsentRule { band: Some(AgeBand::Older), ..r.consent[0].clone() };
            r.consent.push(older);
        }),
        ("policy_missing", "consent.givers", |r| r.consent[0].givers.clear()),
        ("policy_contradiction", "consent.givers", |r| {
            r.consent[0].givers[1].giver = ConsentGiver::Parent;
        }),
        ("policy_contradiction", "consent.givers.from", |r| {
            r.consent[0].givers[1].from = Some(AgeSpan { years: 14, months: 12 });
        }),
        ("policy_contradiction", "consent.givers.from", |r| {
            r.consent[0].givers[1].from = years(19);
        }),
        ("policy_contradiction", "consent.givers.until", |r| {
            r.consent[0].givers[0].until = years(0);
        }),
        ("policy_contradiction", "consent.givers.until", |r| {
            r.consent[0].givers[0].from = years(18);
        }),
        // a parent until 17, the pupil from 18
        ("policy_contradiction", "consent.givers", |r| {
            r.consent[0].givers[0].until = years(17);
        }),
        // nobody from 18
        ("policy_contradiction", "consent.givers", |r| {
            r.consent[0].givers.remove(1);
        }),
        // nobody before 18
        ("policy_contradiction", "consent.givers", |r| {
            r.consent[0].givers.remove(0);
        }),
        // the younger ones reach 14 years 6 months, a parent's consent 14 years
        ("policy_contradiction", "consent.givers", |r| {
            r.consent[0].band = Some(AgeBand::Younger);
            r.consent[0].givers[0].until = years(14);
        }),
        // the older ones begin at 14 years 6 months, their own consent at 15 years
        ("policy_contradiction", "consent.givers", |r| {
            r.consent[0].band = Some(AgeBand::Older);
            r.consent[0].givers.remove(0);
            r.consent[0].givers[0].from = years(15);
        }),
    ];
    each_is_named(&SignInPolicy::ryazan_2024(), cases);
}

#[test]
fn rules_of_consent_that_leave_no_age_out_are_sound() {
    let cases: [Spoil; 5] = [
        |r| r.consent[0].givers[1].from = Some(AgeSpan { years: 14, months: 0 }),
        |r| {
            r.consent[0].givers.remove(1);
            r.consent[0].givers[0].until = None;
        },
        |r| {
            r.consent[0].givers.remove(0);
            r.consent[0].givers[0].from = None;
        },
        |r| {
            r.consent[0].band = Some(AgeBand::Younger);
            r.consent[0].givers.remove(1);
            r.consent[0].givers[0].until = Some(r.threshold);
        },
        |r| {
            r.consent[0].band = Some(AgeBand::Older);
            r.consent[0].givers.remove(0);
            r.consent[0].givers[0].from = Some(r.threshold);
        },
    ];
    for (i, change) in cases.iter().enumerate() {
        let mut rules = SignInPolicy::ryazan_2024().rules_on(NaiveDate::MIN).clone();
        change(&mut rules);
        assert_eq!(rules.validate(), Ok(()), "case {i}");
    }
}

fn each_is_named(policy: &SignInPolicy, cases: &[(&str, &str, Spoil)]) {
    for (i, (code, rule, spoil)) in cases.iter().enumerate() {
        let mut rules = policy.rules_on(NaiveDate::MIN).clone();
        spoil(&mut rules);
        let error = rules.validate().expect_err(rule);
        assert_eq!(error.code(), *code, "case {i}: {error}");
        assert!(error.to_string().contains(&alloc::format!("`{rule}`")), "case {i}: {error}");
        if *code == "policy_unknown" {
            assert!(error.to_string().contains("teleport"), "case {i}: {error}");
        }
    }
}
