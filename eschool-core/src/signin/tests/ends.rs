//! When a grant ends: with what admitted the pupil, at the threshold or on a day of the schedule.

use super::*;
use crate::{
    people::{Consent, ConsentPurpose},
    policy::{AgeBand, DatedRules, MatchKey, MethodRule},
};

fn rules(policy: &SignInPolicy) -> Rules {
    policy.rules_on(NaiveDate::MIN).clone()
}

/// Рязань of 2022 until each of these days.
fn changing(later: &[(&str, Rules)]) -> SignInPolicy {
    let dated =
        |(from, rules): &(&str, Rules)| DatedRules { from: day(from), rules: rules.clone() };
    let first = rules(&SignInPolicy::ryazan_2022());
    SignInPolicy::new("changing", first, later.iter().map(dated).collect()).unwrap()
}

fn changed(change: impl FnOnce(&mut Rules)) -> Rules {
    rules(&with(change))
}

/// Pupils by ЕСИА alone, the younger with these accounts, the older with those.
pub(super) fn by_accounts(younger: &[Assurance], older: &[Assurance]) -> SignInPolicy {
    let of = |band, assurance: &[Assurance]| MethodRule {
        role: Role::Pupil,
        band: Some(band),
        method: SignInMethod::Esia,
        assurance: assurance.to_vec(),
    };
    with(|rules| {
        rules.methods.retain(|rule| rule.role != Role::Pupil);
        rules.methods.extend([of(AgeBand::Younger, younger), of(AgeBand::Older, older)]);
    })
}

fn consented(until: &str) -> Candidate {
    let consent = Consent {
        giver: AccountId(Uuid::from_u128(9)),
        pupil: AccountId(Uuid::from_u128(1)),
        purpose: ConsentPurpose::SchoolPortfolio,
        from: day("2024-08-01"),
        until: until.parse().ok(),
        revoked: None,
    };
    let facts = PupilFacts { until: None, consents: vec![consent] };
    Candidate { pupil: Some(facts), ..nobody_yet(account(1)) }
}

#[test]
fn esia_ends_at_the_threshold_where_the_older_need_another_account() {
    use Assurance::{Child, Confirmed};
    let stricter = by_accounts(&[Child, Confirmed], &[Confirmed]);
    let same = by_accounts(&[Child], &[Child, Confirmed]);
    for (policy, assurance, on, expected) in [
        (&stricter, Child, "2025-02-27", Ok(Some("2025-02-28"))),
        (&stricter, Child, "2025-02-28", Err(RefusalCode::EsiaNotConfirmed)),
        (&stricter, Confirmed, "2025-02-27", Ok(None)),
        (&stricter, Confirmed, "2025-02-28", Ok(None)),
        (&same, Child, "2025-02-27", Ok(None)),
    ] {
        let told = by_esia(policy, esia(assurance.clone()), vec![pupil(account(1), None)], on);
        let told = told.map(|grant| grant.valid_until).map_err(|refusal| refusal.code);
        assert_eq!(told, expected.map(|until| until.map(day)), "{assurance} {on}");
    }
}

#[test]
fn a_password_ends_on_the_day_the_rules_switch_it_off() {
    let in_2024 = rules(&SignInPolicy::ryazan_2024());
    let off = changing(&[("2024-09-01", in_2024.clone())]);
    for (on, notice, valid) in [
        ("2024-08-01", None, "2024-09-01"),
        ("2024-08-02", Some("2024-09-01"), "2024-09-01"),
        ("2024-08-31", Some("2024-09-01"), "2024-09-01"),
    ] {
        let found = vec![consented("")];
        let grant = by_password(&off, PasswordCheck::Right, found, on).unwrap();
        assert_eq!(grant.password_ends, notice.map(day), "{on}");
        assert_eq!(grant.valid_until, Some(day(valid)), "{on}");
    }
    let told = by_password(&off, PasswordCheck::Right, vec![consented("")], "2024-09-01");
    assert_eq!(roles(told), Err(RefusalCode::UseEsia));

    // The threshold comes first.
    let after = changing(&[("2025-03-01", in_2024)]);
    let grant = by_password(&after, PasswordCheck::Right, vec![consented("")], "2025-02-20");
    assert_eq!(grant.unwrap().valid_until, Some(day("2025-02-28")));

    // Later rules let the older keep their passwords, or end them sooner than the first ones.
    let kept = changed(|rules| rules.methods[0].band = None);
    let sooner = changed(|rules| rules.threshold = AgeSpan { years: 14, months: 0 });
    for (later, valid) in [
        (vec![("2024-12-01", kept)], None),
        (vec![("2024-12-01", sooner.clone())], Some("2024-12-01")),
        (vec![("2024-09-10", changed(|_| {})), ("2024-12-01", sooner)], Some("2024-12-01")),
    ] {
        let found = vec![pupil(account(1), None)];
        let grant = by_password(&changing(&later), PasswordCheck::Right, found, "2024-09-05");
        assert_eq!(grant.unwrap().valid_until, valid.map(day));
    }
}

#[test]
fn a_grant_ends_with_the_rules_that_gave_it() {
    let in_2024 = || rules(&SignInPolicy::ryazan_2024());
    let stricter = || rules(&by_accounts(&[Assurance::Confirmed], &[Assurance::Confirmed]));
    let by_child_account = || rules(&by_accounts(&[Assurance::Child], &[Assurance::Child]));
    let on = "2024-08-31";
    for (what, later, found, expected) in [
        (
            "a consent from then on",
            vec![("2024-09-01", in_2024())],
            consented("2024-08-31"),
            Some("2024-09-01"),
        ),
        (
            "the consent is there",
            vec![("2024-09-01", in_2024())],
            consented(""),
            Some("2028-08-31"),
        ),
        (
            "it ends under the later rules",
            vec![("2024-09-01", in_2024())],
            consented("2024-10-10"),
            Some("2024-10-11"),
        ),
        (
            "another account from the third rules on",
            vec![("2024-09-01", stricter()), ("2025-01-01", by_child_account())],
            pupil(account(1), None),
            Some("2025-01-01"),
        ),
        (
            "the last day comes before",
            vec![("2025-01-01", by_child_account())],
            pupil(account(1), Some("2024-10-10")),
            Some("2024-10-11"),
        ),
        (
            "nothing changes for them",
            vec![("2024-09-01", stricter())],
            pupil(account(1), None),
            None,
        ),
        (
            "parents end at 18 from then on",
            vec![("2024-09-01", changed(|rules| rules.parents_after_18 = ParentsAfter18::End))],
            parent(
                account(1),
                vec![child(2), ChildFacts { birth_date: "01.09.2005".parse().ok(), ..child(3) }],
            ),
            Some("2024-09-01"),
        ),
        (
            "found by phone, which no longer serves",
            vec![(
                "2024-10-01",
                changed(|rules| rules.matching.retain(|rule| rule.key == MatchKey::Snils)),
            )],
            staff(Account { snils: None, ..account(1) }, None),
            Some("2024-10-01"),
        ),
    ] {
        let policy = changing(&later);
        let grant = by_esia(&policy, esia(Assurance::Confirmed), vec![found], on).unwrap();
        assert_eq!(grant.valid_until, expected.map(day), "{what}");
    }
}
