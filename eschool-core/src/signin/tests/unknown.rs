//! A value that only a newer version knows gives nothing.

use super::*;
use crate::{
    people::{Consent, ConsentGiver, ConsentPurpose, MandatoryField},
    policy::{AccountsOfOnePerson, AgeBand, ConsentRule, GiverRule, MatchField, MatchKey},
};

const ON: &str = "2025-02-20";

/// A policy with a rule that no sound one has.
fn newer(change: impl FnOnce(&mut Rules)) -> SignInPolicy {
    let mut rules = SignInPolicy::ryazan_2022().rules_on(NaiveDate::MIN).clone();
    change(&mut rules);
    assert!(rules.validate().is_err());
    SignInPolicy::sound("newer", rules, vec![])
}

#[test]
fn what_this_version_does_not_know_lets_nobody_in() {
    use RefusalCode::{
        AccountClosed, ConsentMissing, EsiaNotConfirmed, NoChildren, NotFound, UsePassword,
    };
    let confirmed = || esia(Assurance::Confirmed);
    let young = || pupil(account(1), None);
    let grown = ChildFacts { birth_date: "01.03.2000".parse().ok(), ..child(2) };
    let by_phone = Account { snils: None, ..account(1) };
    let librarian = StaffFacts { duties: vec![Duty::from("librarian")], ..StaffFacts::default() };
    let with_consent = |purpose: &str| {
        let consent = Consent {
            giver: AccountId(Uuid::from_u128(9)),
            pupil: AccountId(Uuid::from_u128(1)),
            purpose: ConsentPurpose::from(purpose),
            from: day("2024-09-01"),
            until: None,
            revoked: None,
        };
        let facts = PupilFacts { until: None, consents: vec![consent] };
        Candidate { pupil: Some(facts), ..nobody_yet(account(1)) }
    };
    let consent = |band: Option<AgeBand>, giver: &str| {
        let givers = vec![GiverRule { giver: ConsentGiver::from(giver), from: None, until: None }];
        let purpose = ConsentPurpose::SchoolPortfolio;
        newer(|rules| {
            rules.consent = vec![ConsentRule { role: Role::Pupil, band, purpose, givers }];
            rules.notice_days = 400;
        })
    };
    for (what, policy, person, found, expected) in [
        (
            "youngByEsia",
            newer(|rules| rules.young_by_esia = YoungByEsia::from("ask")),
            confirmed(),
            young(),
            UsePassword,
        ),
        (
            "parentsAfter18",
            newer(|rules| rules.parents_after_18 = ParentsAfter18::from("ask")),
            confirmed(),
            parent(account(1), vec![grown]),
            NoChildren,
        ),
        (
            "assurance",
            newer(|rules| rules.methods[1].assurance.push(Assurance::from("gold"))),
            esia(Assurance::from("gold")),
            young(),
            EsiaNotConfirmed,
        ),
        (
            "role",
            newer(|rules| rules.methods[1].role = Role::from("observer")),
            confirmed(),
            young(),
            UsePassword,
        ),
        (
            "band",
            newer(|rules| rules.methods[1].band = Some(AgeBand::from("oldest"))),
            confirmed(),
            young(),
            UsePassword,
        ),
        (
            "method",
            newer(|rules| rules.methods[1].method = SignInMethod::from("face")),
            confirmed(),
            young(),
            UsePassword,
        ),
        (
            "key",
            newer(|rules| rules.matching[0].key = MatchKey::from("inn")),
            EsiaPerson { verified_phone: None, ..confirmed() },
            young(),
            NotFound,
        ),
        (
            "field beside a key",
            newer(|rules| rules.matching[1].with.push(MatchField::from("birth_place"))),
            confirmed(),
            pupil(by_phone, None),
            NotFound,
        ),
        (
            "duty",
            SignInPolicy::ryazan_2022(),
            confirmed(),
            Candidate { staff: Some(librarian), ..nobody_yet(account(1)) },
            AccountClosed,
        ),
        (
            "purpose",
            consent(None, "parent"),
            confirmed(),
            with_consent("excursion"),
            ConsentMissing,
        ),
        (
            "giver",
            consent(None, "teacher"),
            confirmed(),
            with_consent("school_portfolio"),
            ConsentMissing,
        ),
        (
            "band of a consent",
            consent(Some(AgeBand::from("oldest")), "parent"),
            confirmed(),
            young(),
            ConsentMissing,
        ),
    ] {
        let told = by_esia(&policy, person, vec![found], ON);
        assert_eq!(roles(told), Err(expected), "{what}");
    }
}

#[test]
fn an_unknown_duty_is_no_part_of_a_grant() {
    let duties = vec![Duty::from("librarian"), Duty::Administrator];
    let facts = StaffFacts { duties, ..StaffFacts::default() };
    let found = vec![Candidate { staff: Some(facts), ..nobody_yet(account(1)) }];
    let policy = SignInPolicy::ryazan_2022();
    let grant = by_esia(&policy, esia(Assurance::Confirmed), found, ON).unwrap();
    let staff = GrantedRole::Staff { class_teacher_of: vec![], duties: vec![Duty::Administrator] };
    assert_eq!(grant.accounts[0].roles, [staff]);
}

#[test]
fn accounts_stand_apart_unless_they_are_known_to_stand_together() {
    let policy = newer(|rules| rules.accounts = AccountsOfOnePerson::from("ask"));
    let second = Account { school: SchoolId(Uuid::from_u128(2)), ..account(2) };
    let found = vec![parent(account(1), vec![child(3)]), parent(second, vec![child(4)])];
    let grant = by_esia(&policy, esia(Assurance::Confirmed), found, ON).unwrap();
    assert!(grant.choose_school);
}

#[test]
fn an_unknown_mandatory_field_is_missing() {
    let field = MandatoryField::from("address");
    assert_eq!(account(1).missing(core::slice::from_ref(&field)), [field]);
}
