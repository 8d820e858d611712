//! In which order accounts are found tells nothing of a person, so it changes no answer.

use alloc::{collections::BTreeMap, string::ToString as _};

use proptest::{prelude::*, sample::select, strategy::ValueTree as _, test_runner::TestRunner};

use super::{precedence::strict, *};

const ON: &str = "2025-02-20";
const LEFT: &str = "2025-02-19";
const LEAVES: &str = "2025-05-31";

/// An account of one person in a school of its own, in any roles.
fn candidate(n: u128) -> impl Strategy<Value = Candidate> {
    let until = || select(vec![None, Some(LEFT), Some(LEAVES)]);
    let born = select(vec![None, Some("31.08.2009"), Some("31.08.2010"), Some("31.08.2012")]);
    // A child, until when, and whether a court has closed it to the parent.
    let bond = (1..=2_u128, until(), any::<bool>());
    let pupils = prop::option::of(until());
    let parents = prop::option::of(prop::collection::vec(bond, 0..3));
    let staffs = prop::option::of(until());
    (born, pupils, parents, staffs).prop_map(move |(born, pupils, parents, staffs)| {
        let account = Account {
            school: SchoolId(Uuid::from_u128(n)),
            person: PersonId(Uuid::from_u128(n)),
            birth_date: born.and_then(|born| born.parse().ok()),
            ..account(n)
        };
        let bonds = parents.map(|bonds| {
            let of = |(n, until, barred): (_, Option<&str>, _)| {
                let guardianship = Guardianship { barred, ..child(n).guardianship };
                ChildFacts { guardianship, until: until.map(day), ..child(n) }
            };
            parent(account.clone(), bonds.into_iter().map(of).collect()).parent
        });
        Candidate {
            pupil: pupils.and_then(|until| pupil(account.clone(), until).pupil),
            parent: bonds.flatten(),
            staff: staffs.and_then(|until| staff(account.clone(), until).staff),
            account,
        }
    })
}

fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    (1..=4_u128).prop_flat_map(|count| (1..=count).map(candidate).collect::<Vec<_>>())
}

/// What each way in answers under each policy.
fn told(found: &[Candidate]) -> Vec<Result<Grant, Refusal>> {
    let policies =
        presets().chain([strict(), with(|rules| rules.young_by_esia = YoungByEsia::Refuse)]);
    let mut told = Vec::new();
    for policy in policies {
        told.push(by_password(&policy, PasswordCheck::Right, found.to_vec(), ON));
        for assurance in [Assurance::Confirmed, Assurance::Child] {
            told.push(by_esia(&policy, esia(assurance), found.to_vec(), ON));
        }
        for method in [SignInMethod::Password, SignInMethod::Esia] {
            told.push(renew(&policy, found.to_vec(), &method, &at(ON)));
        }
    }
    for refusal in told.iter_mut().filter_map(|told| told.as_mut().err()) {
        refusal.details.consents.sort_by_key(|wanted| wanted.purpose.to_string());
    }
    told
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn the_order_of_accounts_changes_no_answer(
        (found, shuffled) in candidates().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        prop_assert_eq!(told(&found), told(&shuffled));
    }

    /// Whatever else the holder is.
    #[test]
    fn a_password_opens_what_a_pupil_has_alone(found in candidates()) {
        for policy in presets() {
            let told = by_password(&policy, PasswordCheck::Right, found.clone(), ON);
            if let Ok(grant) = told {
                let roles = grant.accounts.iter().flat_map(|granted| &granted.roles);
                prop_assert!(roles.into_iter().all(|role| *role == GrantedRole::Pupil));
            }
        }
    }
}

/// A notice of one school is not lost for another that knows no birth date.
#[test]
fn the_first_day_on_which_a_password_ends_is_told() {
    let of = |n: u128, born: Option<&str>| {
        let birth_date = born.and_then(|born| born.parse().ok());
        let person = PersonId(Uuid::from_u128(1));
        pupil(
            Account { birth_date, person, school: SchoolId(Uuid::from_u128(n)), ..account(n) },
            None,
        )
    };
    let policy = SignInPolicy::ryazan_2022();
    for (one, other) in [
        (Some("31.08.2010"), None),
        (Some("31.08.2010"), Some("05.09.2010")),
        (Some("31.08.2010"), Some("31.08.2012")),
    ] {
        for found in [vec![of(1, one), of(2, other)], vec![of(1, other), of(2, one)]] {
            let grant = by_password(&policy, PasswordCheck::Right, found, ON).unwrap();
            assert_eq!(grant.password_ends, Some(day("2025-02-28")), "{other:?}");
            assert_eq!(grant.valid_until, Some(day("2025-02-28")), "{other:?}");
        }
    }
}

/// Each answer is met often enough that an order which mattered would show.
#[test]
fn the_generated_people_meet_every_answer() {
    let mut runner = TestRunner::deterministic();
    let mut met: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..500 {
        let found = candidates().new_tree(&mut runner).unwrap().current();
        for told in told(&found) {
            let what = match &told {
                Ok(grant) if grant.accounts.len() > 1 => "several".into(),
                Ok(grant) if grant.password_ends.is_some() => "a notice".into(),
                Ok(_) => "one".into(),
                Err(refusal) => refusal.code.to_string(),
            };
            *met.entry(what).or_default() += 1;
        }
    }
    for what in [
        "several",
        "a notice",
        "one",
        "esia_not_confirmed",
        "account_closed",
        "no_children",
        "use_esia",
        "use_password",
        "consent_missing",
    ] {
        assert!(met.get(what).is_some_and(|times| *times >= 20), "{what}: {met:?}");
    }
}
