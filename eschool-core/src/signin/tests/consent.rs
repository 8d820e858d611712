//! Child accounts and consents: what came after the two documents.

use super::*;
use crate::{
    people::{Consent, ConsentGiver, ConsentPurpose},
    policy::{AgeBand, ConsentRule, GiverRule},
};

/// By a parent, from 1 September 2024 to this day.
pub(super) fn by_parent(until: &str) -> Consent {
    Consent {
        giver: AccountId(Uuid::from_u128(9)),
        pupil: AccountId(Uuid::from_u128(1)),
        purpose: ConsentPurpose::SchoolPortfolio,
        from: day("2024-09-01"),
        until: until.parse().ok(),
        revoked: None,
    }
}

pub(super) fn with_consents(consents: Vec<Consent>) -> Candidate {
    Candidate { pupil: Some(PupilFacts { until: None, consents }), ..nobody_yet(account(1)) }
}

/// Рязань of 2024, and what the pupil's consents come to there on a day.
pub(super) fn in_ryazan(
    assurance: Assurance,
    consents: Vec<Consent>,
    on: &str,
) -> Result<Grant, Refusal> {
    let policy = SignInPolicy::ryazan_2024();
    by_esia(&policy, esia(assurance), vec![with_consents(consents)], on)
}

#[test]
fn the_table_for_pupils_of_ryazan_2024() {
    use RefusalCode::{ConsentMissing, EsiaNotConfirmed, UseEsia};
    for (on, _) in AROUND_THE_THRESHOLD {
        for check in [PasswordCheck::Right, PasswordCheck::Wrong] {
            let found = vec![with_consents(vec![by_parent("")])];
            let told = by_password(&SignInPolicy::ryazan_2024(), check, found, on);
            assert_eq!(roles(told), Err(UseEsia), "{on}");
        }
        for (assurance, accepted) in [
            (Assurance::Child, true),
            (Assurance::Confirmed, true),
            (Assurance::Unconfirmed, false),
            (Assurance::from("gold"), false),
        ] {
            let told = |consents| roles(in_ryazan(assurance.clone(), consents, on));
            let expected = if accepted { Ok(vec!["pupil"]) } else { Err(EsiaNotConfirmed) };
            assert_eq!(told(vec![by_parent("")]), expected, "{assurance} {on}");
            let expected = if accepted { ConsentMissing } else { EsiaNotConfirmed };
            assert_eq!(told(vec![]), Err(expected), "{assurance} {on}");
        }
    }
}

#[test]
fn a_child_account_opens_no_other_role() {
    let policy = SignInPolicy::ryazan_2024();
    for found in [parent(account(9), vec![child(1)]), staff(account(9), None)] {
        let told = by_esia(&policy, esia(Assurance::Child), vec![found], "2025-02-20");
        assert_eq!(roles(told), Err(RefusalCode::EsiaNotConfirmed));
    }
    let told = by_esia(&policy, esia(Assurance::Child), vec![], "2025-02-20");
    assert_eq!(roles(told), Err(RefusalCode::NotFound));
}

#[test]
fn the_seeds_ask_for_no_consent() {
    for policy in seeds() {
        let found = vec![with_consents(vec![])];
        let told = by_esia(&policy, esia(Assurance::Confirmed), found, "2025-02-20");
        assert_eq!(roles(told), Ok(vec!["pupil"]));
    }
}

#[test]
fn a_grant_ends_with_the_consent() {
    let revoked = |on: &str| Consent { revoked: Some(day(on)), ..by_parent("2025-05-31") };
    let own = |from: &str| Consent {
        giver: AccountId(Uuid::from_u128(1)),
        from: day(from),
        ..by_parent("")
    };
    let of_another = Consent { pupil: AccountId(Uuid::from_u128(2)), ..by_parent("") };
    let for_something_else = Consent { purpose: ConsentPurpose::PersonalData, ..by_parent("") };
    let missing = Err(RefusalCode::ConsentMissing);
    // The pupil turns 18 on 31.08.2028.
    for (case, consents, on, expected) in [
        ("until 18", vec![by_parent("")], "2024-09-01", Ok("2028-08-31")),
        ("not yet given", vec![by_parent("")], "2024-08-31", missing.clone()),
        ("its last day", vec![by_parent("2025-05-31")], "2025-05-31", Ok("2025-06-01")),
        ("after its last day", vec![by_parent("2025-05-31")], "2025-06-01", missing.clone()),
        ("to be revoked", vec![revoked("2025-03-10")], "2025-03-09", Ok("2025-03-10")),
        ("revoked", vec![revoked("2025-03-10")], "2025-03-10", missing.clone()),
        (
            "of two the longer",
            vec![by_parent("2025-05-31"), by_parent("2025-06-30")],
            "2025-02-20",
            Ok("2025-07-01"),
        ),
        ("the own one of a minor", vec![own("2024-09-01")], "2025-02-20", missing.clone()),
        ("a parent's at 18", vec![by_parent("")], "2028-08-31", missing.clone()),
        ("the own one at 18", vec![own("2028-08-31")], "2028-08-31", Ok("")),
        ("about another pupil", vec![of_another], "2025-02-20", missing.clone()),
        ("for something else", vec![for_something_else], "2025-02-20", missing),
    ] {
        let told = in_ryazan(Assurance::Child, consents, on);
        let told = told.map(|grant| grant.valid_until).map_err(|refusal| refusal.code);
        assert_eq!(told, expected.map(|until| until.parse().ok()), "{case}");
    }
}

#[test]
fn a_grant_ends_with_what_comes_first() {
    let leaves = |until: &str| Candidate {
        pupil: Some(PupilFacts {
            until: Some(day(until)),
            consents: vec![by_parent("2025-05-31")],
        }),
        ..nobody_yet(account(1))
    };
    let policy = SignInPolicy::ryazan_2024();
    for (until, ends) in [("2025-03-31", "2025-04-01"), ("2025-08-31", "2025-06-01")] {
        let found = vec![leaves(until)];
        let grant = by_esia(&policy, esia(Assurance::Child), found, "2025-02-20").unwrap();
        assert_eq!(grant.valid_until, Some(day(ends)));
    }
}

#[test]
fn every_other_refusal_comes_before_a_missing_consent() {
    let policy = SignInPolicy::ryazan_2024();
    let told =
        |found| roles(by_esia(&policy, esia(Assurance::Confirmed), vec![found], "2025-02-20"));
    assert_eq!(told(pupil(account(1), Some("2025-02-19"))), Err(RefusalCode::AccountClosed));
    let childless = Candidate { parent: Some(ParentFacts::default()), ..pupil(account(1), None) };
    assert_eq!(told(childless), Err(RefusalCode::NoChildren));
    // Another role of the same person waits for no consent.
    let grown =
        Candidate { pupil: Some(PupilFacts::default()), ..parent(account(1), vec![child(2)]) };
    assert_eq!(told(grown), Ok(vec!["parent"]));
}

#[test]
fn a_password_waits_for_consent_too_where_the_rules_say_so() {
    let policy = with(|rules| {
        rules.consent = vec![ConsentRule {
            role: Role::Pupil,
            band: None,
            purpose: ConsentPurpose::SchoolPortfolio,
            givers: vec![GiverRule { giver: ConsentGiver::Parent, from: None, until: None }],
        }];
    });
    let told = |check, consents| {
        by_password(&policy, check, vec![with_consents(consents)], "2025-02-20")
            .map(|grant| (grant.valid_until, grant.password_ends))
            .map_err(|refusal| refusal.code)
    };
    let threshold = Some(day("2025-02-28"));
    use PasswordCheck::{Right, Wrong};
    assert_eq!(told(Right, vec![]), Err(RefusalCode::ConsentMissing));
    assert_eq!(told(Wrong, vec![]), Err(RefusalCode::WrongCredentials));
    assert_eq!(told(Right, vec![by_parent("")]), Ok((threshold, threshold)));
    let soon = vec![by_parent("2025-02-24")];
    assert_eq!(told(Right, soon), Ok((Some(day("2025-02-25")), threshold)));
}

#[test]
fn a_consent_of_the_older_is_waited_for_from_the_threshold_on() {
    let policy = with(|rules| {
        rules.consent = vec![ConsentRule {
            role: Role::Pupil,
            band: Some(AgeBand::Older),
            purpose: ConsentPurpose::SignIn,
            givers: vec![GiverRule { giver: ConsentGiver::Pupil, from: None, until: None }],
        }];
    });
    let told = |on| {
        by_esia(&policy, esia(Assurance::Confirmed), vec![with_consents(vec![])], on)
            .map(|grant| grant.valid_until)
            .map_err(|refusal| refusal.code)
    };
    assert_eq!(told("2025-02-27"), Ok(Some(day("2025-02-28"))));
    assert_eq!(told("2025-02-28"), Err(RefusalCode::ConsentMissing));
}
