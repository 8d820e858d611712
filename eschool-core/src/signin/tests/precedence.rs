//! The order of refusals: whatever holds together, in whatever order it is found, the first of the
//! design's list is told.

use super::*;
use crate::{
    people::ConsentPurpose,
    policy::{AgeBand, ConsentRule, GiverRule, MethodRule},
};

const ON: &str = "2025-02-20";

/// Parents with a child account, staff with a confirmed one; pupils by password below the threshold
/// and through ЕСИА from it on, for the older with a consent.
pub(super) fn strict() -> SignInPolicy {
    with(|rules| {
        let by_esia = |role, band, assurance| MethodRule {
            role,
            band,
            method: SignInMethod::Esia,
            assurance,
        };
        let child_or_confirmed = vec![Assurance::Child, Assurance::Confirmed];
        rules.methods.truncate(1);
        rules.methods.extend([
            by_esia(Role::Pupil, Some(AgeBand::Older), child_or_confirmed.clone()),
            by_esia(Role::Parent, None, child_or_confirmed),
            by_esia(Role::Staff, None, vec![Assurance::Confirmed]),
        ]);
        rules.young_by_esia = YoungByEsia::Refuse;
        rules.consent = [AgeBand::Younger, AgeBand::Older].map(consented).into();
    })
}

fn consented(band: AgeBand) -> ConsentRule {
    ConsentRule {
        role: Role::Pupil,
        band: Some(band),
        purpose: ConsentPurpose::SchoolPortfolio,
        givers: vec![GiverRule {
            giver: crate::people::ConsentGiver::Parent,
            from: None,
            until: None,
        }],
    }
}

/// A pupil of a school of their own, whose account stands joined to the others.
fn pupil_born(n: u128, born: &str, until: Option<&str>) -> Candidate {
    pupil(of_school(n, born), until)
}

fn of_school(n: u128, born: &str) -> Account {
    Account {
        school: SchoolId(Uuid::from_u128(n)),
        person: PersonId(Uuid::from_u128(1)),
        birth_date: born.parse().ok(),
        ..account(n)
    }
}

/// Every account of a person that is refused for its own reason, by a child account in ЕСИА.
fn refused_by_esia() -> Vec<(RefusalCode, Candidate)> {
    vec![
        (RefusalCode::EsiaNotConfirmed, staff(of_school(1, "31.08.2010"), None)),
        (RefusalCode::AccountClosed, pupil_born(2, "31.08.2010", Some("2025-02-19"))),
        (RefusalCode::NoChildren, parent(of_school(3, "31.08.2010"), vec![])),
        (RefusalCode::UsePassword, pupil_born(4, "31.08.2012", None)),
        (RefusalCode::ConsentMissing, pupil_born(5, "31.08.2009", None)),
    ]
}

/// The same with a right password.
fn refused_by_password() -> Vec<(RefusalCode, Candidate)> {
    vec![
        (RefusalCode::AccountClosed, pupil_born(2, "31.08.2010", Some("2025-02-19"))),
        (RefusalCode::NoChildren, parent(of_school(6, "31.08.2010"), vec![])),
        (RefusalCode::UseEsia, pupil_born(3, "31.08.2009", None)),
        (RefusalCode::UseEsia, parent(of_school(7, "31.08.2010"), vec![child(1)])),
        (RefusalCode::ConsentMissing, pupil_born(4, "31.08.2012", None)),
    ]
}

/// Every choice of the reasons, in every order of finding, with the one that comes first.
fn choices(reasons: &[(RefusalCode, Candidate)]) -> Vec<(RefusalCode, Vec<Candidate>)> {
    let mut choices = Vec::new();
    for chosen in 1_u32..1 << reasons.len() {
        let chosen: Vec<_> =
            (0..).zip(reasons).filter(|(i, _)| chosen & (1 << i) != 0).map(|(_, it)| it).collect();
        let first = chosen[0].0.clone();
        for order in orders(chosen.iter().map(|(_, candidate)| candidate.clone()).collect()) {
            choices.push((first.clone(), order));
        }
    }
    choices
}

fn orders(items: Vec<Candidate>) -> Vec<Vec<Candidate>> {
    let Some((last, rest)) = items.split_last() else { return vec![vec![]] };
    orders(rest.to_vec())
        .into_iter()
        .flat_map(|order| {
            (0..=order.len()).map(move |at| {
                let mut order = order.clone();
                order.insert(at, last.clone());
                order
            })
        })
        .collect()
}

#[test]
fn of_all_that_holds_the_first_is_told() {
    let policy = strict();
    let by_esia_choices = choices(&refused_by_esia());
    // 5 alone, 20 pairs, 60 threes, 120 fours and 120 fives
    assert_eq!(by_esia_choices.len(), 325);
    for (first, found) in by_esia_choices {
        let told = by_esia(&policy, esia(Assurance::Child), found.clone(), ON);
        assert_eq!(roles(told), Err(first), "{found:?}");
    }
    for (first, found) in choices(&refused_by_password()) {
        let told = by_password(&policy, PasswordCheck::Right, found.clone(), ON);
        assert_eq!(roles(told), Err(first), "{found:?}");
    }
}

#[test]
fn one_account_that_grants_outweighs_all_that_refuse() {
    let policy = strict();
    let mut refused = refused_by_esia();
    refused.push((RefusalCode::Busy, parent(of_school(9, "31.08.2010"), vec![child(1)])));
    let found = refused.into_iter().map(|(_, candidate)| candidate).collect();
    assert_eq!(roles(by_esia(&policy, esia(Assurance::Child), found, ON)), Ok(vec!["parent"]));
}

/// Design §4 names `esia_not_confirmed` before `ambiguous` and `not_found`. For an account that no
/// role accepts that is so; of one that some role accepts, nothing can be said to be missing while it
/// is not known who it is.
#[test]
fn who_it_is_comes_before_what_they_are() {
    let policy = strict();
    let twin = Account {
        name: FullName::new("Ёлкина", "Яна", None).unwrap(),
        ..of_school(8, "31.08.2010")
    };
    for (_, found) in choices(&refused_by_esia()) {
        let mut ambiguous = found.clone();
        ambiguous.push(nobody_yet(twin.clone()));
        let told = by_esia(&policy, esia(Assurance::Child), ambiguous, ON);
        assert_eq!(roles(told), Err(RefusalCode::Ambiguous));

        let mut stranger = esia(Assurance::Child);
        stranger.snils = Snils::parse(OTHER_SNILS).ok();
        stranger.verified_phone = None;
        let told = by_esia(&policy, stranger, found.clone(), ON);
        assert_eq!(roles(told), Err(RefusalCode::NotFound));

        // What no role accepts is refused before anybody is looked up.
        let told = by_esia(&policy, esia(Assurance::Unconfirmed), found, ON);
        assert_eq!(roles(told), Err(RefusalCode::EsiaNotConfirmed));
    }
}

#[test]
fn a_closed_counter_and_a_wrong_password_come_before_all_that_is_known() {
    let policy = strict();
    let at = at(ON);
    let attempt = Attempt::Password(PasswordAttempt { login: "pr7_test".into() });
    for (_, candidates) in choices(&refused_by_password()) {
        for (locked, password, expected) in [
            (1, Some(PasswordCheck::Right), RefusalCode::LockedUntil),
            (1, Some(PasswordCheck::Wrong), RefusalCode::LockedUntil),
            (1, None, RefusalCode::LockedUntil),
            (0, Some(PasswordCheck::Wrong), RefusalCode::WrongCredentials),
            (0, None, RefusalCode::WrongCredentials),
        ] {
            let facts = Facts {
                locked_until: Some(at.instant + TimeDelta::seconds(locked)),
                password,
                candidates: candidates.clone(),
                ..Facts::default()
            };
            let refusal = decide(&policy, facts, &attempt, &at).unwrap_err();
            assert_eq!(refusal.code, expected);
        }
    }
}
