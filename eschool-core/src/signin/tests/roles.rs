//! What each role is judged by, and what it never is.

use super::*;

#[test]
fn a_pupil_who_left_is_told_of_the_account_in_esia_first() {
    let policy = SignInPolicy::ryazan_2024();
    let gone = || vec![pupil(account(1), Some("2025-02-19"))];
    // A child account is enough for parents here, so it passes `admit`.
    let strict = with(|rules| {
        rules.methods[2].assurance = vec![Assurance::Child, Assurance::Confirmed];
    });
    let on = |policy, assurance| roles(by_esia(policy, esia(assurance), gone(), "2025-02-20"));
    assert_eq!(on(&strict, Assurance::Child), Err(RefusalCode::EsiaNotConfirmed));
    assert_eq!(on(&strict, Assurance::Confirmed), Err(RefusalCode::AccountClosed));
    assert_eq!(on(&policy, Assurance::Child), Err(RefusalCode::AccountClosed));
}

/// Parents and staff have no password, so a right one of theirs was a pupil's once, and the way that
/// is theirs is told.
#[test]
fn a_right_password_of_nobodys_pupil_opens_nothing() {
    let barred = || {
        let guardianship = Guardianship { barred: true, ..child(2).guardianship };
        ChildFacts { guardianship, ..child(2) }
    };
    let mother = || parent(account(1), vec![child(2)]);
    let teacher = |until| staff(account(1), until);
    let left = Some("2025-02-19");
    let both = |pupil: Candidate, other: Candidate| Candidate { pupil: pupil.pupil, ..other };
    let past = || pupil(Account { birth_date: "31.08.2009".parse().ok(), ..account(1) }, None);
    use RefusalCode::{AccountClosed, NoChildren, UseEsia};
    for policy in seeds() {
        for (found, code, role) in [
            (vec![nobody_yet(account(1))], AccountClosed, Some(Role::Pupil)),
            (vec![mother()], UseEsia, Some(Role::Parent)),
            (vec![parent(account(1), vec![])], NoChildren, None),
            (vec![parent(account(1), vec![barred()])], NoChildren, None),
            (vec![teacher(None)], UseEsia, Some(Role::Staff)),
            (vec![teacher(left)], AccountClosed, Some(Role::Staff)),
            // What ended comes first, as what it was; the parent's way is open still.
            (vec![both(pupil(account(1), left), mother())], AccountClosed, Some(Role::Pupil)),
            // To a pupil it is said why the password serves no more.
            (vec![past(), mother()], UseEsia, None),
        ] {
            let told = by_password(&policy, PasswordCheck::Right, found.clone(), "2025-02-20");
            let refusal = told.unwrap_err();
            assert_eq!((&refusal.code, &refusal.details.role), (&code, &role), "{found:?}");
            let to_a_pupil = code == UseEsia && role.is_none();
            assert_eq!(refusal.threshold.is_some(), to_a_pupil, "{found:?}");
        }
        // What a parent's bonds end with is no end of what the password opened.
        let ends = ChildFacts { until: Some(day("2025-02-21")), ..child(2) };
        let found = both(pupil(account(1), None), parent(account(1), vec![ends]));
        let grant = by_password(&policy, PasswordCheck::Right, vec![found], "2025-02-20").unwrap();
        assert_eq!(grant.valid_until, Some(day("2025-02-28")));
        assert_eq!(roles(Ok(grant)), Ok(vec!["pupil"]));
    }
}

#[test]
fn a_bond_of_somebody_else_shows_nobody() {
    let policy = SignInPolicy::ryazan_2022();
    let of = |n: u128, child: ChildFacts| {
        let parent = AccountId(Uuid::from_u128(n));
        ChildFacts { guardianship: Guardianship { parent, ..child.guardianship }, ..child }
    };
    let told = |children| {
        let facts = Some(ParentFacts { children });
        let found = vec![Candidate { parent: facts, ..nobody_yet(account(9)) }];
        by_esia(&policy, esia(Assurance::Confirmed), found, "2025-02-20")
    };
    assert_eq!(roles(told(vec![of(8, child(1))])), Err(RefusalCode::NoChildren));
    let ends = |until: &str, child: ChildFacts| ChildFacts { until: Some(day(until)), ..child };
    let both = vec![of(8, ends("2025-03-01", child(1))), of(9, ends("2025-04-01", child(2)))];
    let grant = told(both).unwrap();
    assert_eq!(grant.valid_until, Some(day("2025-04-02")));
    let children = vec![AccountId(Uuid::from_u128(2))];
    assert_eq!(grant.accounts[0].roles, [GrantedRole::Parent { children }]);
}

#[test]
fn whom_a_merge_keeps_apart_sign_in_does_not_join() {
    let policy = SignInPolicy::ryazan_2022();
    let of = |n: u128, family: &str, given: &str, born: &str| {
        let name = FullName::new(family, given, None).unwrap();
        parent(Account { name, birth_date: born.parse().ok(), ..account(n) }, vec![child(1)])
    };
    let person = || EsiaPerson {
        name: FullName::new("Ёлкина", "Анна", None).unwrap(),
        birth_date: "17.05.1985".parse().ok(),
        ..esia(Assurance::Confirmed)
    };
    let told = |one: Candidate, other: Candidate| {
        [vec![one.clone(), other.clone()], vec![other, one]]
            .map(|found| roles(by_esia(&policy, person(), found, "2025-02-20")))
    };
    // Each agrees with ЕСИА in one thing, and with the other in none.
    let by_name = || of(1, "Ёлкина", "Анна", "01.01.1990");
    let by_day = || of(2, "Соснова", "Анна", "17.05.1985");
    let ambiguous = Err(RefusalCode::Ambiguous);
    assert_eq!(told(by_name(), by_day()), [ambiguous.clone(), ambiguous]);
    // What one of them lacks is no difference.
    let both = Ok(vec!["parent", "parent"]);
    assert_eq!(told(by_name(), of(2, "Соснова", "Анна", "")), [both.clone(), both.clone()]);
    assert_eq!(
        told(by_name(), of(2, "Ёлкина", "Анна", "17.05.1985")),
        [both.clone(), both.clone()]
    );
    // What is one person's already is not asked again.
    let mut joined = by_day();
    joined.account.person = by_name().account.person;
    assert_eq!(told(by_name(), joined), [both.clone(), both]);
}

#[test]
fn a_phone_that_two_people_were_noted_to_share_identifies_neither() {
    let policy = SignInPolicy::ryazan_2022();
    let on = at("2025-02-20");
    let attempt = Attempt::Esia(esia(Assurance::Confirmed));
    let told = |snils: Option<Snils>, phone_is_shared| {
        // The other of the two has dropped the number since.
        let left = parent(Account { snils, ..account(9) }, vec![child(1)]);
        let facts = Facts { candidates: vec![left], phone_is_shared, ..Facts::default() };
        roles(decide(&policy, facts, &attempt, &on))
    };
    assert_eq!(told(None, false), Ok(vec!["parent"]));
    assert_eq!(told(None, true), Err(RefusalCode::NotFound));
    // A СНИЛС needs no phone.
    assert_eq!(told(Snils::parse(SNILS).ok(), true), Ok(vec!["parent"]));
}

#[test]
fn people_are_looked_up_by_the_keys_the_policy_matches_by() {
    let attempt = Attempt::Esia(esia(Assurance::Confirmed));
    let keys = |matching: &[MatchKey]| {
        let policy = with(|rules| rules.matching.retain(|rule| matching.contains(&rule.key)));
        admit(&policy, &attempt, &at("2025-02-20")).unwrap()
    };
    let snils = Snils::parse(SNILS).ok();
    let phone = MobilePhone::parse(PHONE).ok();
    let both = keys(&[MatchKey::Snils, MatchKey::Phone]);
    assert_eq!(both, LookupKeys::Esia { snils, phone });
    assert_eq!(keys(&[MatchKey::Snils]), LookupKeys::Esia { snils, phone: None });
    assert_eq!(keys(&[MatchKey::Phone]), LookupKeys::Esia { snils: None, phone });
    assert_eq!(format!("{both:?} {:?}", LookupKeys::Login("pr7".into())), "Esia(***) Login(***)");
}

#[test]
fn who_somebody_settled_to_be_two_is_not_signed_in_as_one() {
    let policy = SignInPolicy::ryazan_2022();
    let attempt = Attempt::Esia(esia(Assurance::Confirmed));
    let id = |n| AccountId(Uuid::from_u128(n));
    let told = |second_person: u128, kept_apart: &[(u128, u128)]| {
        let of = |n, person| Account {
            person: PersonId(Uuid::from_u128(person)),
            snils: Snils::parse(SNILS).ok(),
            ..account(n)
        };
        let candidates =
            vec![parent(of(8, 1), vec![child(1)]), parent(of(9, second_person), vec![child(2)])];
        let kept_apart =
            kept_apart.iter().map(|(one, other)| KeptApart { one: id(*one), other: id(*other) });
        let facts = Facts { candidates, kept_apart: kept_apart.collect(), ..Facts::default() };
        roles(decide(&policy, facts, &attempt, &at("2025-02-20")))
    };
    let both = Ok(vec!["parent", "parent"]);
    assert_eq!(told(2, &[]), both);
    assert_eq!(told(2, &[(8, 9)]), Err(RefusalCode::Ambiguous));
    assert_eq!(told(2, &[(9, 8)]), Err(RefusalCode::Ambiguous));
    // Of others; and somebody made them one person's since.
    assert_eq!(told(2, &[(8, 7)]), both);
    assert_eq!(told(1, &[(8, 9)]), both);
}

#[test]
fn a_counter_of_passwords_closes_passwords_alone() {
    let policy = SignInPolicy::ryazan_2022();
    let at = at("2025-02-20");
    let facts = Facts {
        locked_until: Some(at.instant + TimeDelta::minutes(5)),
        candidates: vec![pupil(account(1), None)],
        ..Facts::default()
    };
    let attempt = Attempt::Esia(esia(Assurance::Confirmed));
    assert_eq!(roles(decide(&policy, facts, &attempt, &at)), Ok(vec!["pupil"]));
}

#[test]
fn two_accounts_in_one_school_are_no_choice_of_schools() {
    let policy = SignInPolicy::ryazan_2022();
    let found = |school: u128| {
        let second = Account {
            school: SchoolId(Uuid::from_u128(school)),
            person: account(1).person,
            ..account(2)
        };
        vec![parent(account(1), vec![child(3)]), staff(second, None)]
    };
    for (school, choose) in [(1, false), (2, true)] {
        let grant = by_esia(&policy, esia(Assurance::Confirmed), found(school), "2025-02-20");
        assert_eq!(grant.unwrap().choose_school, choose, "{school}");
    }
}
