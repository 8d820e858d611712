//! Consents against a model that asks day by day.

use alloc::{vec, vec::Vec};

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{id::AccountId, policy::SignInPolicy};

const PARENT: AccountId = AccountId(Uuid::from_u128(1));
const PUPIL: AccountId = AccountId(Uuid::from_u128(2));

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn consent(giver: AccountId, from: &str, until: &str) -> Consent {
    Consent {
        giver,
        pupil: PUPIL,
        purpose: ConsentPurpose::SignIn,
        from: day(from),
        until: until.parse().ok(),
        revoked: None,
    }
}

/// The federal matrix, for one band.
fn matrix(band: Option<AgeBand>) -> Rules {
    let years = |years| Some(AgeSpan { years, months: 0 });
    let mut rules = SignInPolicy::ryazan_2022().rules_on(NaiveDate::MIN).clone();
    rules.consent = vec![ConsentRule {
        role: Role::Pupil,
        band,
        purpose: ConsentPurpose::SignIn,
        givers: vec![
            GiverRule { giver: ConsentGiver::Parent, from: None, until: years(18) },
            GiverRule { giver: ConsentGiver::Pupil, from: years(14), until: None },
        ],
    }];
    rules
}

#[test]
fn who_consents_at_which_age() {
    let rules = matrix(None);
    // Born on 31.08.2010: 14 on 31.08.2024, 18 on 31.08.2028.
    for (case, given, today, missing) in [
        ("nobody consented", vec![], "2024-09-01", Some("2024-09-01")),
        (
            "a parent, until 18",
            vec![consent(PARENT, "2020-09-01", "")],
            "2024-09-01",
            Some("2028-08-31"),
        ),
        (
            "a parent, until the consent's last day",
            vec![consent(PARENT, "2020-09-01", "2025-05-31")],
            "2024-09-01",
            Some("2025-06-01"),
        ),
        (
            "two consents without a gap",
            vec![
                consent(PARENT, "2025-06-01", "2025-08-31"),
                consent(PARENT, "2024-09-01", "2025-05-31"),
            ],
            "2024-09-01",
            Some("2025-09-01"),
        ),
        (
            "two consents with a gap of a day",
            vec![
                consent(PARENT, "2024-09-01", "2025-05-31"),
                consent(PARENT, "2025-06-02", "2025-08-31"),
            ],
            "2024-09-01",
            Some("2025-06-01"),
        ),
        (
            "not yet in force",
            vec![consent(PARENT, "2024-09-02", "")],
            "2024-09-01",
            Some("2024-09-01"),
        ),
        ("the pupil, at 14", vec![consent(PUPIL, "2024-08-31", "")], "2024-08-31", None),
        (
            "the pupil, a day too young, for ever",
            vec![consent(PUPIL, "2024-08-30", "")],
            "2029-01-01",
            Some("2029-01-01"),
        ),
        (
            "a parent, then the pupil",
            vec![consent(PARENT, "2020-09-01", ""), consent(PUPIL, "2028-08-31", "")],
            "2024-09-01",
            None,
        ),
        (
            "a parent of who is 18",
            vec![consent(PARENT, "2020-09-01", "")],
            "2028-08-31",
            Some("2028-08-31"),
        ),
    ] {
        let told = rules.consent_missing_from(&given, "31.08.2010".parse().ok(), day(today));
        assert_eq!(told, missing.map(day), "{case}");
    }
}

#[test]
fn without_a_birth_date_a_parent_consents() {
    let today = day("2024-09-01");
    let missing = |given| matrix(None).consent_missing_from(&[given], None, today);
    assert_eq!(missing(consent(PARENT, "2020-09-01", "")), None);
    assert_eq!(missing(consent(PUPIL, "2020-09-01", "")), Some(today));
}

#[test]
fn another_purpose_counts_for_nothing() {
    let today = day("2024-09-01");
    let other =
        Consent { purpose: ConsentPurpose::PersonalData, ..consent(PARENT, "2020-09-01", "") };
    assert_eq!(matrix(None).consent_missing_from(&[other], None, today), Some(today));
}

#[test]
fn a_rule_for_one_band_is_missed_in_that_band_alone() {
    let born = "31.08.2010".parse().ok();
    let before = day("2025-02-27");
    let threshold = day("2025-02-28");
    for (band, today, missing) in [
        (AgeBand::Older, before, Some(threshold)),
        (AgeBand::Older, threshold, Some(threshold)),
        (AgeBand::Younger, before, Some(before)),
        (AgeBand::Younger, threshold, None),
    ] {
        let rules = matrix(Some(band.clone()));
        assert_eq!(rules.consent_missing_from(&[], born, today), missing, "{band} {today}");
    }
    let given = [consent(PARENT, "2024-09-01", "2025-02-27")];
    let younger = matrix(Some(AgeBand::Younger));
    assert_eq!(younger.consent_missing_from(&given, born, before), None);
    // Without a birth date nobody is older.
    assert_eq!(matrix(Some(AgeBand::Older)).consent_missing_from(&[], None, before), None);
}

const HORIZON: u64 = 120;

/// Day by day: is there, for every rule of the pupil's band, a consent that holds and counts?
fn model(
    rules: &Rules,
    consents: &[Consent],
    born: Option<BirthDate>,
    today: NaiveDate,
) -> Option<NaiveDate> {
    let aged = |age: AgeSpan, on| born.is_some_and(|born| age.is_reached(born, on));
    (0..HORIZON).filter_map(|n| today.checked_add_days(Days::new(n))).find(|on| {
        rules.consent.iter().any(|rule| {
            let demanded =
                rule.band.as_ref().is_none_or(|band| *band == rules.pupil_band(born, *on));
            let met = consents.iter().any(|consent| {
                let giver = consent.given_by();
                consent.purpose == rule.purpose
                    && consent.holds_on(*on)
                    && rule.givers.iter().any(|rule| {
                        rule.giver == giver
                            && rule.from.is_none_or(|age| aged(age, consent.from))
                            && !rule.until.is_some_and(|age| aged(age, *on))
                    })
            });
            demanded && !met
        })
    })
}

fn offset(days: u64) -> NaiveDate {
    day("2024-03-01") + Days::new(days)
}

prop_compose! {
    fn consents()(
        rows in prop::collection::vec(
            (any::<bool>(), any::<bool>(), 0..90_u64, prop::option::of(0..60_u64),
             prop::option::weighted(0.2, 0..60_u64)),
            0..6,
        )
    ) -> Vec<Consent> {
        rows.into_iter().map(|(own, other, from, length, revoked)| Consent {
            giver: if own { PUPIL } else { PARENT },
            pupil: PUPIL,
            purpose: if other { ConsentPurpose::PersonalData } else { ConsentPurpose::SignIn },
            from: offset(from),
            until: length.map(|length| offset(from + length)),
            revoked: revoked.map(|after| offset(from + after)),
        }).collect()
    }
}

fn giver_rule(giver: ConsentGiver) -> impl Strategy<Value = GiverRule> {
    // 14 years, give or take a month, so that ages fall among the days.
    let age = || {
        prop::option::of(0..4_u8).prop_map(|month| {
            month.map(|month| match month {
                0 => AgeSpan { years: 13, months: 11 },
                month => AgeSpan { years: 14, months: month - 1 },
            })
        })
    };
    (age(), age()).prop_map(move |(from, until)| GiverRule { giver: giver.clone(), from, until })
}

fn consent_rule(purpose: ConsentPurpose) -> impl Strategy<Value = ConsentRule> {
    let band = prop::option::of(prop::sample::select(AgeBand::KNOWN));
    (band, giver_rule(ConsentGiver::Parent), giver_rule(ConsentGiver::Pupil)).prop_map(
        move |(band, parent, pupil)| ConsentRule {
            role: Role::Pupil,
            band,
            purpose: purpose.clone(),
            givers: vec![parent, pupil],
        },
    )
}

proptest! {
    #[test]
    fn the_first_day_without_a_consent_is_the_first_a_day_by_day_search_finds(
        consents in consents(),
        first in consent_rule(ConsentPurpose::SignIn),
        second in prop::option::of(consent_rule(ConsentPurpose::PersonalData)),
        born in prop::option::of(0..120_u64),
        today in 0..90_u64,
    ) {
        let mut rules = SignInPolicy::ryazan_2022().rules_on(NaiveDate::MIN).clone();
        rules.threshold = AgeSpan { years: 14, months: 1 };
        rules.consent = [Some(first), second].into_iter().flatten().collect();
        let born = born.and_then(|days| {
            let day = offset(days).checked_sub_months(chrono::Months::new(14 * 12))?;
            BirthDate::try_from(day).ok()
        });
        let today = offset(today);
        let told = rules.consent_missing_from(&consents, born, today);
        let within = told.filter(|day| *day < today + Days::new(HORIZON));
        prop_assert_eq!(within, model(&rules, &consents, born, today));
    }
}
