//! The decision table of the design, row by row, under the presets.

mod closing;
mod consent;
mod ends;
mod matching;
mod order;
mod precedence;
mod renewal;
mod roles;
mod told;
mod unknown;

use alloc::{format, string::String, vec, vec::Vec};

use chrono::{DateTime, NaiveDate, TimeDelta};
use uuid::Uuid;

use super::{
    Assurance, At, Attempt, Candidate, ChildFacts, EsiaPerson, Facts, Grant, GrantedRole,
    LookupKeys, ParentFacts, PasswordAttempt, PasswordCheck, PupilFacts, Refusal, RefusalCode,
    StaffFacts, admit, admit_invited, decide, of_one_human_being, renew,
};
use crate::{
    id::{AccountId, ClassId, PersonId, SchoolId},
    identity::{AgeSpan, FullName, MobilePhone, Snils},
    people::{Account, Duty, Guardianship, KeptApart, Kinship},
    policy::{MatchKey, ParentsAfter18, Role, Rules, SignInMethod, SignInPolicy, YoungByEsia},
};

const SNILS: &str = "112-233-445 95";
const OTHER_SNILS: &str = "116-973-385 89";
const PHONE: &str = "+79123456789";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(date: &str) -> At {
    let date = day(date);
    At { instant: date.and_hms_opt(9, 0, 0).unwrap().and_utc(), date }
}

fn presets() -> impl Iterator<Item = SignInPolicy> {
    SignInPolicy::PRESETS.iter().map(|name| SignInPolicy::preset(name).unwrap())
}

/// The regimes of the two documents: passwords for the younger, nobody's consent.
fn seeds() -> [SignInPolicy; 2] {
    [SignInPolicy::ryazan_2022(), SignInPolicy::udmurtia_2023()]
}

/// A preset with one rule changed.
fn with(change: impl FnOnce(&mut Rules)) -> SignInPolicy {
    let mut rules = SignInPolicy::ryazan_2022().rules_on(NaiveDate::MIN).clone();
    change(&mut rules);
    SignInPolicy::new("changed", rules, vec![]).unwrap()
}

/// An account like the ESIA person below, in school 1.
fn account(n: u128) -> Account {
    Account {
        id: AccountId(Uuid::from_u128(n)),
        school: SchoolId(Uuid::from_u128(1)),
        person: PersonId(Uuid::from_u128(n)),
        name: FullName::new("Ёлкина", "Анна", Some("Олеговна")).unwrap(),
        birth_date: "31.08.2010".parse().ok(),
        snils: Snils::parse(SNILS).ok(),
        phone: MobilePhone::parse(PHONE).ok(),
        email: None,
    }
}

fn nobody_yet(account: Account) -> Candidate {
    Candidate { account, pupil: None, parent: None, staff: None }
}

fn pupil(account: Account, until: Option<&str>) -> Candidate {
    Candidate {
        pupil: Some(PupilFacts { until: until.map(day), consents: vec![] }),
        ..nobody_yet(account)
    }
}

fn child(n: u128) -> ChildFacts {
    ChildFacts {
        guardianship: Guardianship {
            parent: AccountId(Uuid::from_u128(9)),
            child: AccountId(Uuid::from_u128(n)),
            kinship: Kinship::Mother,
            legal_representative: None,
            from: None,
            until: None,
            barred: false,
        },
        birth_date: "02.06.2017".parse().ok(),
        until: None,
    }
}

/// A parent whose bonds these are.
fn parent(account: Account, mut children: Vec<ChildFacts>) -> Candidate {
    children.iter_mut().for_each(|child| child.guardianship.parent = account.id);
    Candidate { parent: Some(ParentFacts { children }), ..nobody_yet(account) }
}

fn staff(account: Account, until: Option<&str>) -> Candidate {
    let class_teacher_of = vec![ClassId(Uuid::from_u128(5))];
    Candidate {
        staff: Some(StaffFacts { class_teacher_of, duties: vec![], until: until.map(day) }),
        ..nobody_yet(account)
    }
}

fn esia(assurance: Assurance) -> EsiaPerson {
    EsiaPerson {
        oid: "1000299353".into(),
        assurance,
        name: FullName::new("ЕЛКИНА", "Анна", Some("Олеговна")).unwrap(),
        birth_date: "31.08.2010".parse().ok(),
        snils: Snils::parse(SNILS).ok(),
        verified_phone: MobilePhone::parse(PHONE).ok(),
        verified_email: None,
        children: Vec::new(),
    }
}

/// Both steps by ЕСИА.
fn by_esia(
    policy: &SignInPolicy,
    person: EsiaPerson,
    candidates: Vec<Candidate>,
    on: &str,
) -> Result<Grant, Refusal> {
    let attempt = Attempt::Esia(person);
    admit(policy, &attempt, &at(on))?;
    decide(policy, Facts { candidates, ..Facts::default() }, &attempt, &at(on))
}

/// Both steps by password.
fn by_password(
    policy: &SignInPolicy,
    password: PasswordCheck,
    candidates: Vec<Candidate>,
    on: &str,
) -> Result<Grant, Refusal> {
    let attempt = Attempt::Password(PasswordAttempt { login: "pr7_test".into() });
    admit(policy, &attempt, &at(on))?;
    let facts = Facts { password: Some(password), candidates, ..Facts::default() };
    decide(policy, facts, &attempt, &at(on))
}

fn roles(result: Result<Grant, Refusal>) -> Result<Vec<&'static str>, RefusalCode> {
    let name = |role: &GrantedRole| match role {
        GrantedRole::Pupil => "pupil",
        GrantedRole::Parent { .. } => "parent",
        GrantedRole::Staff { .. } => "staff",
        GrantedRole::Unknown(_) => panic!("no decision gives an unknown role"),
    };
    result
        .map(|grant| grant.accounts.iter().flat_map(|a| a.roles.iter().map(name)).collect())
        .map_err(|refusal| refusal.code)
}

/// The day before, the day of and the day after 14 years 6 months from 31.08.2010.
const AROUND_THE_THRESHOLD: [(&str, bool); 3] =
    [("2025-02-27", false), ("2025-02-28", true), ("2025-03-01", true)];

#[test]
fn the_table_for_pupils() {
    use PasswordCheck::{Right, Wrong};
    use RefusalCode::{EsiaNotConfirmed, UseEsia, WrongCredentials};
    for policy in seeds() {
        for (on, older) in AROUND_THE_THRESHOLD {
            let found = || vec![pupil(account(1), None)];
            let password = |check| roles(by_password(&policy, check, found(), on));
            let through = |assurance| roles(by_esia(&policy, esia(assurance), found(), on));
            let expected = if older { Err(UseEsia) } else { Ok(vec!["pupil"]) };
            assert_eq!(password(Right), expected, "{} {on}", policy.name());
            assert_eq!(password(Wrong), Err(WrongCredentials), "{} {on}", policy.name());
            assert_eq!(through(Assurance::Confirmed), Ok(vec!["pupil"]));
            assert_eq!(through(Assurance::Unconfirmed), Err(EsiaNotConfirmed));
            assert_eq!(through(Assurance::Child), Err(EsiaNotConfirmed));
            assert_eq!(through(Assurance::from("gold")), Err(EsiaNotConfirmed));
        }
    }
}

#[test]
fn the_table_for_parents_and_staff() {
    for policy in presets() {
        for (found, role) in
            [(parent(account(9), vec![child(1)]), "parent"), (staff(account(9), None), "staff")]
        {
            let through = |assurance| {
                roles(by_esia(&policy, esia(assurance), vec![found.clone()], "2025-02-28"))
            };
            assert_eq!(through(Assurance::Confirmed), Ok(vec![role]));
            assert_eq!(through(Assurance::Unconfirmed), Err(RefusalCode::EsiaNotConfirmed));
        }
    }
}

#[test]
fn the_table_for_nobody() {
    for policy in seeds() {
        let on = "2025-02-28";
        assert_eq!(
            roles(by_password(&policy, PasswordCheck::Wrong, vec![], on)),
            Err(RefusalCode::WrongCredentials)
        );
        assert_eq!(
            roles(by_password(&policy, PasswordCheck::Right, vec![], on)),
            Err(RefusalCode::WrongCredentials)
        );
        assert_eq!(
            roles(by_esia(&policy, esia(Assurance::Confirmed), vec![], on)),
            Err(RefusalCode::NotFound)
        );
        assert_eq!(
            roles(by_esia(&policy, esia(Assurance::Unconfirmed), vec![], on)),
            Err(RefusalCode::EsiaNotConfirmed)
        );
    }
}

#[test]
fn young_pupils_by_esia_are_a_rule() {
    let policy = with(|rules| rules.young_by_esia = YoungByEsia::Refuse);
    let on =
        |on| roles(by_esia(&policy, esia(Assurance::Confirmed), vec![pupil(account(1), None)], on));
    assert_eq!(on("2025-02-27"), Err(RefusalCode::UsePassword));
    assert_eq!(on("2025-02-28"), Ok(vec!["pupil"]));
}

#[test]
fn where_no_role_grants_the_first_that_holds_is_told() {
    use RefusalCode::{AccountClosed, EsiaNotConfirmed, NoChildren, UsePassword};
    let young_refused = with(|rules| rules.young_by_esia = YoungByEsia::Refuse);
    let on = "2025-02-20";
    let left = Some("2025-02-19");
    let gone = || ChildFacts { until: Some(day("2025-02-19")), ..child(1) };
    let both = |a: Candidate, b: Candidate| Candidate {
        account: a.account,
        pupil: a.pupil.or(b.pupil),
        parent: a.parent.or(b.parent),
        staff: a.staff.or(b.staff),
    };
    for (policy, assurance, found, expected) in [
        // one role alone
        (&young_refused, Assurance::Confirmed, pupil(account(1), left), AccountClosed),
        (&young_refused, Assurance::Confirmed, staff(account(1), left), AccountClosed),
        (&young_refused, Assurance::Confirmed, parent(account(1), vec![gone()]), NoChildren),
        (&young_refused, Assurance::Confirmed, pupil(account(1), None), UsePassword),
        (&young_refused, Assurance::Confirmed, nobody_yet(account(1)), AccountClosed),
        // two roles: what comes first in the order of precedence
        (
            &young_refused,
            Assurance::Confirmed,
            both(parent(account(1), vec![gone()]), staff(account(1), left)),
            AccountClosed,
        ),
        (
            &young_refused,
            Assurance::Confirmed,
            both(parent(account(1), vec![gone()]), pupil(account(1), None)),
            NoChildren,
        ),
        (
            &young_refused,
            Assurance::Unconfirmed,
            both(parent(account(1), vec![gone()]), staff(account(1), left)),
            EsiaNotConfirmed,
        ),
    ] {
        let told = by_esia(policy, esia(assurance), vec![found.clone()], on);
        assert_eq!(roles(told), Err(expected), "{found:?}");
    }
}

#[test]
fn the_order_of_precedence_is_the_designs() {
    let order: Vec<&str> = [
        "locked_until",
        "esia_not_confirmed",
        "ambiguous",
        "not_found",
        "account_closed",
        "no_children",
        "use_esia",
        "use_password",
        "consent_missing",
    ]
    .into();
    let ours: Vec<&str> = RefusalCode::KNOWN
        .iter()
        .map(RefusalCode::as_str)
        .filter(|code| order.contains(code))
        .collect();
    assert_eq!(ours, order);
}

#[test]
fn any_role_that_grants_grants() {
    let found = Candidate {
        staff: Some(StaffFacts {
            class_teacher_of: vec![],
            duties: vec![],
            until: Some(day("2024-05-31")),
        }),
        ..parent(account(9), vec![child(1)])
    };
    let policy = SignInPolicy::ryazan_2022();
    let granted = by_esia(&policy, esia(Assurance::Confirmed), vec![found], "2025-02-20");
    assert_eq!(roles(granted), Ok(vec!["parent"]));

    let teacher = Candidate {
        staff: Some(StaffFacts { class_teacher_of: vec![], duties: vec![], until: None }),
        ..parent(account(9), vec![child(1)])
    };
    let granted = by_esia(&policy, esia(Assurance::Confirmed), vec![teacher], "2025-02-20");
    assert_eq!(roles(granted), Ok(vec!["parent", "staff"]));
}

#[test]
fn a_pupils_password_opens_no_other_role() {
    let found = Candidate {
        staff: Some(StaffFacts { class_teacher_of: vec![], duties: vec![], until: None }),
        ..pupil(account(1), None)
    };
    let policy = SignInPolicy::ryazan_2022();
    let granted = by_password(&policy, PasswordCheck::Right, vec![found], "2025-02-20");
    assert_eq!(roles(granted), Ok(vec!["pupil"]));
}

#[test]
fn a_closed_counter_answers_first_and_alike() {
    let policy = SignInPolicy::ryazan_2022();
    let at = at("2025-02-28");
    let attempt = Attempt::Password(PasswordAttempt { login: "pr7_test".into() });
    let until = at.instant + TimeDelta::minutes(5);
    for candidates in
        [vec![], vec![pupil(account(1), None)], vec![pupil(account(1), Some("2024-09-01"))]]
    {
        for password in [None, Some(PasswordCheck::Right), Some(PasswordCheck::Wrong)] {
            let facts = Facts {
                locked_until: Some(until),
                password,
                candidates: candidates.clone(),
                ..Facts::default()
            };
            let refusal = decide(&policy, facts, &attempt, &at).unwrap_err();
            assert_eq!((refusal.code, refusal.until), (RefusalCode::LockedUntil, Some(until)));
        }
    }
    // A delay that has ended closes nothing.
    let facts = Facts {
        locked_until: Some(at.instant),
        password: Some(PasswordCheck::Wrong),
        ..Facts::default()
    };
    let refusal = decide(&policy, facts, &attempt, &at).unwrap_err();
    assert_eq!(refusal.code, RefusalCode::WrongCredentials);
}

#[test]
fn a_pupil_who_left_is_told_so_after_a_right_password_only() {
    let policy = SignInPolicy::ryazan_2022();
    let on = |check, on| {
        roles(by_password(&policy, check, vec![pupil(account(1), Some("2024-10-10"))], on))
    };
    assert_eq!(on(PasswordCheck::Right, "2024-10-10"), Ok(vec!["pupil"]));
    assert_eq!(on(PasswordCheck::Right, "2024-10-11"), Err(RefusalCode::AccountClosed));
    assert_eq!(on(PasswordCheck::Wrong, "2024-10-11"), Err(RefusalCode::WrongCredentials));
    // closed and past the threshold: closed comes first
    assert_eq!(on(PasswordCheck::Right, "2025-09-01"), Err(RefusalCode::AccountClosed));
}

#[test]
fn a_grant_says_when_it_and_the_password_end() {
    let policy = SignInPolicy::ryazan_2022();
    for (on, until, notice, valid) in [
        ("2024-09-01", None, None, Some("2025-02-28")),
        ("2025-01-28", None, None, Some("2025-02-28")),
        ("2025-01-29", None, Some("2025-02-28"), Some("2025-02-28")),
        ("2025-02-27", None, Some("2025-02-28"), Some("2025-02-28")),
        ("2024-09-01", Some("2024-10-10"), None, Some("2024-10-11")),
    ] {
        let found = vec![pupil(account(1), until)];
        let grant = by_password(&policy, PasswordCheck::Right, found, on).unwrap();
        assert_eq!(grant.password_ends, notice.map(day), "{on}");
        assert_eq!(grant.valid_until, valid.map(day), "{on}");
    }
    // ЕСИА does not end at the threshold.
    let grant =
        by_esia(&policy, esia(Assurance::Confirmed), vec![pupil(account(1), None)], "2025-02-27");
    assert_eq!(grant.unwrap().valid_until, None);
}

#[test]
fn a_parents_grant_ends_with_the_first_bond() {
    let policy = SignInPolicy::ryazan_2022();
    let with_end = |n, until: &str| {
        let mut child = child(n);
        child.guardianship.until = Some(day(until));
        child
    };
    let found = vec![parent(
        account(9),
        vec![child(1), with_end(2, "2025-05-31"), with_end(3, "2025-03-31"), {
            let mut barred = child(4);
            barred.guardianship.barred = true;
            barred
        }],
    )];
    let grant = by_esia(&policy, esia(Assurance::Confirmed), found.clone(), "2025-02-20").unwrap();
    assert_eq!(grant.valid_until, Some(day("2025-04-01")));
    let [account] = &grant.accounts[..] else { panic!("one account") };
    let children = [1, 2, 3].map(|n| AccountId(Uuid::from_u128(n))).to_vec();
    assert_eq!(account.roles, [GrantedRole::Parent { children }]);

    let grant = by_esia(&policy, esia(Assurance::Confirmed), found, "2025-04-01").unwrap();
    assert_eq!(grant.valid_until, Some(day("2025-06-01")));
}

#[test]
fn what_becomes_of_parents_at_18_is_a_rule() {
    let grown = || {
        let mut grown = child(1);
        grown.birth_date = "01.03.2007".parse().ok();
        vec![parent(account(9), vec![grown])]
    };
    let keep = SignInPolicy::ryazan_2022();
    let end = with(|rules| rules.parents_after_18 = ParentsAfter18::End);
    let on = |policy, on| by_esia(policy, esia(Assurance::Confirmed), grown(), on);
    assert_eq!(roles(on(&keep, "2025-03-01")), Ok(vec!["parent"]));
    assert_eq!(roles(on(&end, "2025-03-01")), Err(RefusalCode::NoChildren));
    assert_eq!(on(&end, "2025-02-28").unwrap().valid_until, Some(day("2025-03-01")));
}

#[test]
fn accounts_of_one_person_stand_apart_or_together() {
    let in_two_schools = || {
        let mut second = account(8);
        second.school = SchoolId(Uuid::from_u128(2));
        second.name = FullName::new("Соснова", "Анна", Some("Олеговна")).unwrap();
        vec![parent(account(9), vec![child(1)]), parent(second, vec![child(2)])]
    };
    for (policy, choose) in
        [(SignInPolicy::ryazan_2022(), true), (SignInPolicy::udmurtia_2023(), false)]
    {
        let on = "2025-02-20";
        let grant = by_esia(&policy, esia(Assurance::Confirmed), in_two_schools(), on).unwrap();
        assert_eq!(grant.choose_school, choose, "{}", policy.name());
        let schools: Vec<_> = grant.accounts.iter().map(|a| a.school.0.as_u128()).collect();
        assert_eq!(schools, [1, 2]);
        assert_eq!(grant.person.0.as_u128(), 8);
    }
}

/// One change to the account that holds a key.
type Change = fn(&mut Account);

#[test]
fn matching_by_snils_and_phone() {
    use RefusalCode::{Ambiguous, NotFound};
    let cases: &[(&str, Change, Result<(), RefusalCode>)] = &[
        ("all equal", |_| {}, Ok(())),
        ("other phone", |a| a.phone = MobilePhone::parse("9120000000").ok(), Ok(())),
        ("no phone", |a| a.phone = None, Ok(())),
        (
            "other family name",
            |a| {
                a.name = FullName::new("Соснова", "Анна", Some("Олеговна")).unwrap();
            },
            Ok(()),
        ),
        ("other birth date", |a| a.birth_date = "01.09.2010".parse().ok(), Ok(())),
        (
            "other patronymic",
            |a| {
                a.name = FullName::new("Ёлкина", "Анна", Some("Игоревна")).unwrap();
            },
            Ok(()),
        ),
        (
            "no birth date, other family name",
            |a| {
                a.birth_date = None;
                a.name = FullName::new("Соснова", "Анна", None).unwrap();
            },
            Ok(()),
        ),
        (
            "other given name: a twin",
            |a| {
                a.name = FullName::new("Ёлкина", "Яна", Some("Олеговна")).unwrap();
            },
            Err(Ambiguous),
        ),
        (
            "other birth date and family name",
            |a| {
                a.birth_date = "01.09.2010".parse().ok();
                a.name = FullName::new("Соснова", "Анна", Some("Олеговна")).unwrap();
            },
            Err(Ambiguous),
        ),
        (
            "other СНИЛС, phone equal: a number that changed hands",
            |a| {
                a.snils = Snils::parse(OTHER_SNILS).ok();
            },
            Err(NotFound),
        ),
        ("no СНИЛС, phone, birth date and given name equal", |a| a.snils = None, Ok(())),
        (
            "no СНИЛС, other family name",
            |a| {
                a.snils = None;
                a.name = FullName::new("Соснова", "Анна", None).unwrap();
            },
            Ok(()),
        ),
        (
            "no СНИЛС, other birth date",
            |a| {
                a.snils = None;
                a.birth_date = "01.09.2010".parse().ok();
            },
            Err(NotFound),
        ),
        (
            "no СНИЛС, no birth date",
            |a| {
                a.snils = None;
                a.birth_date = None;
            },
            Err(NotFound),
        ),
        (
            "no СНИЛС, other given name",
            |a| {
                a.snils = None;
                a.name = FullName::new("Ёлкина", "Яна", None).unwrap();
            },
            Err(NotFound),
        ),
        (
            "no СНИЛС and no phone",
            |a| {
                a.snils = None;
                a.phone = None;
            },
            Err(NotFound),
        ),
    ];
    for policy in presets() {
        for (what, change, expected) in cases {
            let mut account = account(9);
            change(&mut account);
            let found = vec![parent(account, vec![child(1)])];
            let result = by_esia(&policy, esia(Assurance::Confirmed), found, "2025-02-20");
            let result = result.map(|_| ()).map_err(|refusal| refusal.code);
            assert_eq!(&result, expected, "{what}");
        }
    }
}

#[test]
fn a_phone_that_esia_did_not_verify_decides_nothing() {
    let mut person = esia(Assurance::Confirmed);
    person.verified_phone = None;
    let mut without_snils = account(9);
    without_snils.snils = None;
    let found = vec![parent(without_snils, vec![child(1)])];
    let policy = SignInPolicy::ryazan_2022();
    assert_eq!(roles(by_esia(&policy, person, found, "2025-02-20")), Err(RefusalCode::NotFound));
}

#[test]
fn a_phone_decides_nothing_where_its_account_has_a_snils() {
    let mut person = esia(Assurance::Confirmed);
    person.snils = None;
    let sign_in = |accounts: Vec<Account>| {
        let found = accounts.into_iter().map(|one| parent(one, vec![child(1)])).collect();
        let policy = SignInPolicy::ryazan_2022();
        roles(by_esia(&policy, person.clone(), found, "2025-02-20"))
    };
    let mut bare = account(9);
    bare.snils = None;
    // ЕСИА tells no СНИЛС, so that of the account neither agrees nor differs.
    assert_eq!(sign_in(vec![account(9)]), Err(RefusalCode::NotFound));
    assert_eq!(sign_in(vec![bare.clone()]), Ok(vec!["parent"]));
    // It stands in another account of the same person, which does not hold the phone.
    let mut numbered = account(8);
    (numbered.person, numbered.phone) = (bare.person, None);
    assert!(sign_in(vec![bare, numbered]).is_ok());
}

#[test]
fn evidence_has_no_patronymic_where_one_side_has_none() {
    use super::{Evidence, FieldMatch};
    let of = |ours: Option<&str>, theirs: Option<&str>| {
        let named = |patronymic| FullName::new("Ёлкина", "Анна", patronymic).unwrap();
        let (mut person, mut account) = (esia(Assurance::Confirmed), account(9));
        (person.name, account.name) = (named(ours), named(theirs));
        Evidence::of(&person, &account).patronymic
    };
    assert_eq!(of(Some("Олеговна"), None), FieldMatch::Absent);
    assert_eq!(of(None, Some("Олеговна")), FieldMatch::Absent);
    assert_eq!(of(None, None), FieldMatch::Absent);
    assert_eq!(of(Some("Олеговна"), Some("ОЛЕГОВНА")), FieldMatch::Equal);
    assert_eq!(of(Some("Олеговна"), Some("Игоревна")), FieldMatch::Differs);
}

#[test]
fn a_phone_that_two_people_hold_decides_nothing() {
    let bare = |n| {
        let mut bare = account(n);
        bare.snils = None;
        bare
    };
    let policy = SignInPolicy::ryazan_2022();
    let sign_in = |second: Account| {
        let found = vec![parent(bare(9), vec![child(1)]), parent(second, vec![child(2)])];
        roles(by_esia(&policy, esia(Assurance::Confirmed), found, "2025-02-20"))
    };
    assert_eq!(sign_in(bare(8)), Err(RefusalCode::NotFound));
    let mut husband = account(8);
    husband.snils = Snils::parse(OTHER_SNILS).ok();
    assert_eq!(sign_in(husband), Err(RefusalCode::NotFound));
}

#[test]
fn two_keys_and_two_people_are_ambiguous() {
    let mut by_snils = account(9);
    by_snils.phone = None;
    let mut by_phone = account(8);
    by_phone.snils = None;
    let policy = SignInPolicy::ryazan_2022();
    let sign_in = |by_phone: Account| {
        let found =
            vec![parent(by_snils.clone(), vec![child(1)]), parent(by_phone, vec![child(2)])];
        roles(by_esia(&policy, esia(Assurance::Confirmed), found, "2025-02-20"))
    };
    assert_eq!(sign_in(by_phone.clone()), Err(RefusalCode::Ambiguous));
    // The same two accounts, joined into one person, are no question.
    by_phone.person = by_snils.person;
    assert_eq!(sign_in(by_phone), Ok(vec!["parent", "parent"]));
}

#[test]
fn accounts_joined_to_the_person_stand_with_the_matched_ones() {
    let of_person = |n: u128, change: fn(&mut Account)| {
        let mut joined = account(n);
        joined.school = SchoolId(Uuid::from_u128(n));
        joined.person = PersonId(Uuid::from_u128(9));
        change(&mut joined);
        joined
    };
    let keyless: Change = |a| (a.snils, a.phone) = (None, None);
    let corrected: Change = |a| {
        a.snils = Snils::parse(OTHER_SNILS).ok();
        a.name = FullName::new("Соснова", "Анна", None).unwrap();
    };
    let without_snils: Change = |a| a.snils = None;
    let twin: Change = |a| a.name = FullName::new("Ёлкина", "Яна", None).unwrap();
    let cases: [(&str, Change, Change, Result<usize, RefusalCode>); 6] = [
        ("nothing to be found by", |_| {}, keyless, Ok(2)),
        ("another СНИЛС and name: a merge knew better", |_| {}, corrected, Ok(2)),
        ("found by phone, nothing to be found by", without_snils, keyless, Ok(2)),
        ("both by phone", without_snils, without_snils, Ok(2)),
        // A merge joins twins of one birth date whose numbers were swapped.
        ("the СНИЛС, contradicted", |_| {}, twin, Err(RefusalCode::Ambiguous)),
        (
            "found by phone, but the person has another СНИЛС",
            without_snils,
            corrected,
            Err(RefusalCode::NotFound),
        ),
    ];
    for policy in presets() {
        for (what, first, second, expected) in &cases {
            let found = vec![
                parent(of_person(1, *first), vec![child(1)]),
                parent(of_person(2, *second), vec![child(2)]),
            ];
            let result = by_esia(&policy, esia(Assurance::Confirmed), found, "2025-02-20");
            let granted = result.map(|grant| grant.accounts.len()).map_err(|refusal| refusal.code);
            assert_eq!(&granted, expected, "{what}");
        }
    }
}

#[test]
fn accounts_of_other_people_do_not_come_along() {
    let mut other = account(8);
    (other.snils, other.phone) = (None, None);
    let policy = SignInPolicy::udmurtia_2023();
    let found = vec![parent(account(9), vec![child(1)]), parent(other, vec![child(2)])];
    let grant = by_esia(&policy, esia(Assurance::Confirmed), found, "2025-02-20").unwrap();
    let granted: Vec<_> = grant.accounts.iter().map(|a| a.account.0.as_u128()).collect();
    assert_eq!(granted, [9]);
}

#[test]
fn a_duty_alone_makes_somebody_staff() {
    let duties = vec![Duty::Administrator];
    let facts = StaffFacts { class_teacher_of: vec![], duties: duties.clone(), until: None };
    let found = Candidate { staff: Some(facts), ..nobody_yet(account(9)) };
    for policy in presets() {
        let on = "2025-02-20";
        let sign_in = |person| by_esia(&policy, person, vec![found.clone()], on);
        let grant = sign_in(esia(Assurance::Confirmed)).unwrap();
        let staff = GrantedRole::Staff { class_teacher_of: vec![], duties: duties.clone() };
        assert_eq!(grant.accounts[0].roles, [staff]);
        let refused = roles(sign_in(esia(Assurance::Unconfirmed)));
        assert_eq!(refused, Err(RefusalCode::EsiaNotConfirmed));
    }
}

#[test]
fn an_invitation_is_accepted_by_whom_the_policy_lets_in_as_staff() {
    let at = at("2025-02-20");
    for policy in presets() {
        for (assurance, snils, expected) in [
            (Assurance::Confirmed, SNILS, Ok(Snils::parse(SNILS).unwrap())),
            (Assurance::Confirmed, "", Err(RefusalCode::NotFound)),
            (Assurance::Unconfirmed, SNILS, Err(RefusalCode::EsiaNotConfirmed)),
            (Assurance::Unconfirmed, "", Err(RefusalCode::EsiaNotConfirmed)),
            (Assurance::Child, SNILS, Err(RefusalCode::EsiaNotConfirmed)),
        ] {
            let person = EsiaPerson { snils: Snils::parse(snils).ok(), ..esia(assurance) };
            let told = admit_invited(&policy, &person, &at).map_err(|refusal| refusal.code);
            assert_eq!(told, expected);
        }
    }
}

#[test]
fn no_decision_sets_a_case_and_one_that_is_set_crosses_borders() {
    let policy = SignInPolicy::ryazan_2022();
    let refusal = by_esia(&policy, esia(Assurance::Confirmed), vec![], "2025-02-20").unwrap_err();
    assert_eq!(refusal.case, None);
    assert!(serde_json::to_value(&refusal).unwrap().get("case").is_none());
    let kept = Refusal { case: "7Q4-K2M".parse().ok(), ..refusal };
    let json = serde_json::to_value(&kept).unwrap();
    assert_eq!(json["case"], "7Q4-K2M");
    assert_eq!(serde_json::from_value::<Refusal>(json).unwrap(), kept);
}

#[test]
fn admit_says_by_which_keys_to_look() {
    let at = at("2025-02-20");
    for policy in seeds() {
        let login = |typed: &str| {
            let attempt = Attempt::Password(PasswordAttempt { login: typed.into() });
            admit(&policy, &attempt, &at).unwrap()
        };
        assert_eq!(login(" PR7_Test "), LookupKeys::Login("pr7_test".into()));
        assert_eq!(login(" Иванова "), LookupKeys::Login("иванова".into()));
        assert_eq!(login(&"я".repeat(5000)), LookupKeys::Login("я".repeat(100)));
        let keys = admit(&policy, &Attempt::Esia(esia(Assurance::Confirmed)), &at);
        let snils = Snils::parse(SNILS).ok();
        assert_eq!(keys, Ok(LookupKeys::Esia { snils, phone: MobilePhone::parse(PHONE).ok() }));
        for (snils, phone) in [(snils, None), (None, MobilePhone::parse(PHONE).ok())] {
            let mut one_key = esia(Assurance::Confirmed);
            (one_key.snils, one_key.verified_phone) = (snils, phone);
            let keys = admit(&policy, &Attempt::Esia(one_key), &at);
            assert_eq!(keys, Ok(LookupKeys::Esia { snils, phone }), "one key is enough");
        }
        let mut keyless = esia(Assurance::Confirmed);
        (keyless.snils, keyless.verified_phone) = (None, None);
        let refusal = admit(&policy, &Attempt::Esia(keyless), &at).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::NotFound);
    }
}

#[test]
fn a_pupil_without_a_birth_date_counts_as_younger() {
    let mut undated = account(1);
    undated.birth_date = None;
    let policy = SignInPolicy::ryazan_2022();
    let found = vec![pupil(undated, None)];
    let grant = by_password(&policy, PasswordCheck::Right, found, "2025-02-20").unwrap();
    assert_eq!((grant.valid_until, grant.password_ends), (None, None));
}

#[test]
fn a_birth_date_the_school_lacks_is_taken_from_esia() {
    // Below the threshold only a password, from it on only ЕСИА.
    let policy = with(|rules| rules.young_by_esia = YoungByEsia::Refuse);
    for (typed, vouched, on, expected) in [
        ("", "31.08.2010", "2025-02-27", Err(RefusalCode::UsePassword)),
        ("", "31.08.2010", "2025-02-28", Ok(vec!["pupil"])),
        ("", "", "2025-02-28", Err(RefusalCode::UsePassword)),
        // What the school entered stands.
        ("01.09.2010", "31.08.2010", "2025-02-28", Err(RefusalCode::UsePassword)),
        ("31.08.2010", "01.09.2010", "2025-02-28", Ok(vec!["pupil"])),
        ("31.08.2010", "", "2025-02-28", Ok(vec!["pupil"])),
    ] {
        let account = Account { birth_date: typed.parse().ok(), ..account(1) };
        let person = EsiaPerson { birth_date: vouched.parse().ok(), ..esia(Assurance::Confirmed) };
        let told = by_esia(&policy, person, vec![pupil(account, None)], on);
        assert_eq!(roles(told), expected, "{typed} {vouched} {on}");
    }
}

#[test]
fn a_bar_goes_before_another_bond_of_the_same_two() {
    let policy = SignInPolicy::ryazan_2022();
    let mut bar = child(1);
    bar.guardianship.barred = true;
    bar.guardianship.from = Some(day("2025-03-01"));
    bar.guardianship.until = Some(day("2025-03-10"));
    for bonds in [vec![child(1), bar.clone()], vec![bar, child(1)]] {
        let found = || vec![parent(account(9), bonds.clone())];
        let on = |today| by_esia(&policy, esia(Assurance::Confirmed), found(), today);
        // The grant ends on the day the bar begins.
        assert_eq!(on("2025-02-28").unwrap().valid_until, Some(day("2025-03-01")));
        for today in ["2025-03-01", "2025-03-10"] {
            assert_eq!(on(today).unwrap_err().code, RefusalCode::NoChildren, "{today}");
        }
        assert_eq!(on("2025-03-11").unwrap().valid_until, None);
    }
}

#[test]
fn a_bar_on_one_account_of_an_adult_holds_for_the_others() {
    let policy = SignInPolicy::ryazan_2022();
    let mut bar = child(1);
    bar.guardianship.barred = true;
    bar.guardianship.from = Some(day("2025-03-01"));
    bar.guardianship.until = Some(day("2025-03-10"));
    // The same school made a second account of her, without a СНИЛС; somebody joined the two.
    let second = Account { snils: None, person: account(9).person, ..account(8) };
    let one = || parent(account(9), vec![child(1)]);
    let other = || parent(second.clone(), vec![bar.clone()]);
    for found in [vec![one(), other()], vec![other(), one()]] {
        let on = |today| by_esia(&policy, esia(Assurance::Confirmed), found.clone(), today);
        assert_eq!(on("2025-02-28").unwrap().valid_until, Some(day("2025-03-01")));
        assert_eq!(on("2025-03-05").unwrap_err().code, RefusalCode::NoChildren);
        assert_eq!(on("2025-03-11").unwrap().valid_until, None);
    }
    // Of another child it says nothing.
    let found = vec![parent(account(9), vec![child(2)]), other()];
    assert!(by_esia(&policy, esia(Assurance::Confirmed), found, "2025-03-05").is_ok());
}

#[test]
fn nothing_personal_stands_in_debug_output() {
    let guardianship = Guardianship {
        kinship: Kinship::of_cell("бабушка по отцу"),
        legal_representative: Some(false),
        barred: true,
        ..child(1).guardianship
    };
    let of_the_family = ChildFacts { guardianship, ..child(1) };
    let shown = format!(
        "{:?} {:?} {:?}",
        esia(Assurance::Confirmed),
        parent(account(9), vec![of_the_family]),
        Attempt::Password(PasswordAttempt { login: "pr7_test".into() })
    );
    for secret in [
        "Ёлкин",
        "ЕЛКИН",
        "Анна",
        "112-233",
        "9123456",
        "2010",
        "1000299353",
        "pr7_test",
        "2017",
        "бабушка",
        "barred",
        "representative",
    ] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn refusals_read_as_people_write() {
    let told: Vec<String> = presets()
        .flat_map(|policy| {
            let rules = policy.rules_on(NaiveDate::MIN).clone();
            let name = String::from(policy.name());
            RefusalCode::KNOWN.iter().map(move |code| {
                let refusal = Refusal::new(code.clone(), &rules);
                let next: Vec<String> = refusal
                    .next
                    .iter()
                    .map(|step| {
                        let (ru, en) = (refusal.step_text_ru(step), refusal.step_text_en(step));
                        format!("  {step}\n    {ru}\n    {en}")
                    })
                    .collect();
                format!(
                    "{name}: {code}\n  {}\n  {}\n{}",
                    refusal.text_ru(),
                    refusal.text_en(),
                    next.join("\n")
                )
            })
        })
        .collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn refusals_name_the_age_of_the_policy() {
    use RefusalCode::{UseEsia, UsePassword};
    let flat = with(|rules| rules.threshold = AgeSpan { years: 14, months: 0 });
    let later = with(|rules| rules.threshold = AgeSpan { years: 15, months: 3 });
    let no_passwords =
        with(|rules| rules.methods.retain(|rule| rule.method != SignInMethod::Password));
    let no_esia_for_pupils = with(|rules| {
        rules.young_by_esia = YoungByEsia::Refuse;
        rules
            .methods
            .retain(|rule| (rule.role != Role::Pupil) || (rule.method == SignInMethod::Password));
        rules.methods.iter_mut().for_each(|rule| rule.band = None);
    });
    let told: Vec<String> = [
        ("from 14", &flat, UseEsia),
        ("from 14", &flat, UsePassword),
        ("from 15 years and 3 months", &later, UseEsia),
        ("from 15 years and 3 months", &later, UsePassword),
        ("no passwords", &no_passwords, UseEsia),
        ("no ЕСИА for pupils", &no_esia_for_pupils, UsePassword),
    ]
    .into_iter()
    .map(|(what, policy, code)| {
        let refusal = Refusal::new(code, policy.rules_on(NaiveDate::MIN));
        let (code, ru, en) = (&refusal.code, refusal.text_ru(), refusal.text_en());
        format!("{what}: {code}\n  {ru}\n  {en}")
    })
    .collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn without_passwords_everybody_is_sent_to_esia() {
    let policy = with(|rules| rules.methods.retain(|r| r.method != SignInMethod::Password));
    let refusal =
        by_password(&policy, PasswordCheck::Right, vec![pupil(account(1), None)], "2025-02-20")
            .unwrap_err();
    assert_eq!((&refusal.code, refusal.threshold), (&RefusalCode::UseEsia, None));
    assert!(refusal.text_ru().contains("отключён"));
}

#[test]
fn the_threshold_of_a_refusal_crosses_borders() {
    let policy = SignInPolicy::ryazan_2022();
    let rules = policy.rules_on(NaiveDate::MIN);
    for code in RefusalCode::KNOWN {
        let refusal = Refusal::new(code.clone(), rules);
        let json = serde_json::to_value(&refusal).unwrap();
        let named = matches!(code, RefusalCode::UseEsia | RefusalCode::UsePassword);
        let expected = named.then(|| serde_json::json!({"years": 14, "months": 6}));
        assert_eq!(json.get("threshold"), expected.as_ref(), "{code}");
        assert_eq!(serde_json::from_value::<Refusal>(json).unwrap(), refusal);
    }
}

#[test]
fn a_locked_refusal_tells_until_when() {
    let until = DateTime::UNIX_EPOCH;
    let policy = SignInPolicy::ryazan_2022();
    let refusal = Refusal::locked(until, policy.rules_on(NaiveDate::MIN));
    assert_eq!(
        serde_json::to_value(&refusal).unwrap(),
        serde_json::json!({
            "code": "locked_until",
            "next": ["try_later", "restore_password", "ask_class_teacher", "ask_administrator",
                     "ask_support"],
            "until": "1970-01-01T00:00:00Z",
        })
    );
}
