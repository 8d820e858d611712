//! Matching against a model written from the design's sentences, over few values, so that equal,
//! absent and different ones meet in every way.

use alloc::collections::BTreeSet;

use proptest::{prelude::*, sample::select};

use super::*;
use crate::{
    identity::Patronymic,
    signin::{Evidence, FieldMatch, Identified, identify},
};

/// One of two values or none, each as likely.
fn either<T: Clone + core::fmt::Debug + 'static>(
    one: T,
    other: T,
) -> impl Strategy<Value = Option<T>> {
    select(vec![Some(one), Some(other), None])
}

fn snils() -> impl Strategy<Value = Option<Snils>> {
    either(Snils::parse(SNILS).unwrap(), Snils::parse(OTHER_SNILS).unwrap())
}

fn phone() -> impl Strategy<Value = Option<MobilePhone>> {
    either(MobilePhone::parse(PHONE).unwrap(), MobilePhone::parse("+79120000000").unwrap())
}

fn born() -> impl Strategy<Value = Option<crate::identity::BirthDate>> {
    either("31.08.2010".parse().unwrap(), "01.09.2010".parse().unwrap())
}

fn name() -> impl Strategy<Value = FullName> {
    let patronymics = vec!["", "-", "Олеговна", "Ильинична"];
    (select(vec!["Ёлкина", "ЕЛКИНА", "Соснова"]), select(vec!["Анна", "Яна"]), select(patronymics))
        .prop_map(|(family, given, own)| FullName::new(family, given, Some(own)).unwrap())
}

fn person() -> impl Strategy<Value = EsiaPerson> {
    (name(), born(), snils(), phone()).prop_map(|(name, birth_date, snils, verified_phone)| {
        EsiaPerson { name, birth_date, snils, verified_phone, ..esia(Assurance::Confirmed) }
    })
}

/// Accounts of up to three people, each a parent's in a school of its own.
fn accounts() -> impl Strategy<Value = Vec<Account>> {
    let one = (1..=3_u128, name(), born(), snils(), phone());
    prop::collection::vec(one, 0..5).prop_map(|accounts| {
        let numbered = (1_u128..).zip(accounts);
        numbered
            .map(|(n, (of, name, birth_date, snils, phone))| Account {
                id: AccountId(Uuid::from_u128(n)),
                school: SchoolId(Uuid::from_u128(n)),
                person: PersonId(Uuid::from_u128(of)),
                name,
                birth_date,
                snils,
                phone,
                email: None,
            })
            .collect()
    })
}

fn candidates(accounts: &[Account]) -> Vec<Candidate> {
    accounts.iter().map(|account| parent(account.clone(), vec![child(1)])).collect()
}

/// Which of them somebody keeps apart: mostly none.
fn kept_apart() -> impl Strategy<Value = Vec<KeptApart>> {
    let account = || (1..=5_u128).prop_map(|n| AccountId(Uuid::from_u128(n)));
    let pair = (account(), account()).prop_map(|(one, other)| KeptApart { one, other });
    prop::collection::vec(pair, 0..2)
}

/// `Ok` with the people found, or that it is ambiguous.
type Found = Result<BTreeSet<PersonId>, ()>;

/// Design §4, «Matching», sentence by sentence, for policies that match by both keys.
fn model(said: &EsiaPerson, accounts: &[Account], kept_apart: &[KeptApart]) -> Found {
    // Absent never counts as Equal, and it never counts as Differs.
    fn equal<T: PartialEq>(ours: Option<T>, theirs: Option<T>) -> bool {
        ours.is_some() && ours == theirs
    }
    fn differ<T: PartialEq>(ours: Option<T>, theirs: Option<T>) -> bool {
        ours.is_some() && theirs.is_some() && ours != theirs
    }
    let fold = |name: &str| name.to_lowercase().replace('ё', "е");
    let same_given = |a: &Account| fold(said.name.given()) == fold(a.name.given());
    let same_family = |a: &Account| fold(said.name.family()) == fold(a.name.family());

    let mut by_snils = BTreeSet::new();
    let holders_of_snils = || accounts.iter().filter(|a| equal(said.snils, a.snils));
    let agrees =
        |a: &Account| same_given(a) && (same_family(a) || !differ(said.birth_date, a.birth_date));
    for account in holders_of_snils() {
        // «СНИЛС equal decides, unless the given name Differs, or birth date and family name both
        // Differ → `ambiguous` (twins, swapped numbers).»
        if !agrees(account) {
            return Err(());
        }
        by_snils.insert(account.person);
    }

    // §5: «same СНИЛС and not (name and birth date both differing) → a merge; both differing → a
    // conflict for a person to settle».
    let same_patronymic =
        |a: &Account, b: &Account| match (a.name.patronymic(), b.name.patronymic()) {
            (Patronymic::Missing, _) | (_, Patronymic::Missing) => true,
            (ours, theirs) => ours == theirs,
        };
    let same_name = |a: &Account, b: &Account| {
        fold(a.name.family()) == fold(b.name.family())
            && fold(a.name.given()) == fold(b.name.given())
            && same_patronymic(a, b)
    };
    // What would not be merged is not granted as one, by whichever accounts of those people.
    let of_those = || accounts.iter().filter(|a| by_snils.contains(&a.person));
    for a in of_those() {
        for b in of_those().filter(|b| b.person != a.person) {
            let unlike = differ(a.birth_date, b.birth_date) && !same_name(a, b);
            if unlike || differ(a.snils, b.snils) {
                return Err(());
            }
        }
    }

    // «A verified phone decides only if exactly one account holds it» – and several accounts of
    // one person are never ambiguous – «that account has no СНИЛС, and birth date and given name
    // are Equal.»
    let holders = || accounts.iter().filter(|a| equal(said.verified_phone, a.phone));
    let people: BTreeSet<PersonId> = holders().map(|a| a.person).collect();
    let mut by_phone: BTreeSet<PersonId> = holders()
        .filter(|a| equal(said.birth_date, a.birth_date) && same_given(a))
        .map(|a| a.person)
        .collect();
    if people.len() > 1 || holders().any(|a| a.snils.is_some()) {
        by_phone.clear();
    }
    // «numbers change hands»: whoever has another СНИЛС is somebody else.
    by_phone.retain(|found| {
        !accounts.iter().any(|a| a.person == *found && differ(said.snils, a.snils))
    });

    // «Two keys, two people → `ambiguous`, never a guess.»
    let found = match (by_snils.is_empty(), by_phone.is_empty()) {
        (false, false) if !by_phone.is_subset(&by_snils) => return Err(()),
        (false, _) => by_snils,
        (true, _) => by_phone,
    };
    // Who somebody said are two people is never granted as one.
    let theirs = || accounts.iter().filter(|a| found.contains(&a.person));
    let are_apart = |a: &Account, b: &Account| {
        a.person != b.person && kept_apart.iter().any(|apart| apart.is_of(a.id, b.id))
    };
    if theirs().any(|a| theirs().any(|b| are_apart(a, b))) { Err(()) } else { Ok(found) }
}

fn found(said: &EsiaPerson, accounts: &[Account], kept_apart: &[KeptApart]) -> Found {
    let policy = SignInPolicy::ryazan_2022();
    let (rules, candidates) = (policy.rules_on(NaiveDate::MIN), candidates(accounts));
    match identify(rules, said, &candidates, kept_apart) {
        Identified::Person(found) => {
            let people: BTreeSet<PersonId> = found.iter().map(|c| c.account.person).collect();
            // all the accounts of whoever is found, and of nobody else
            let theirs = accounts.iter().filter(|a| people.contains(&a.person)).count();
            assert_eq!(found.len(), theirs);
            Ok(people)
        }
        Identified::Nobody => Ok(BTreeSet::new()),
        Identified::Ambiguous => Err(()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn people_are_found_as_the_design_says(
        said in person(),
        accounts in accounts(),
        apart in kept_apart(),
    ) {
        prop_assert_eq!(found(&said, &accounts, &apart), model(&said, &accounts, &apart));
    }

    #[test]
    fn the_order_of_accounts_does_not_matter(
        said in person(),
        (accounts, shuffled) in accounts().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        apart in kept_apart(),
    ) {
        prop_assert_eq!(found(&said, &accounts, &apart), found(&said, &shuffled, &apart));
    }

    #[test]
    fn nobody_is_granted_what_two_people_have(said in person(), accounts in accounts()) {
        for policy in presets() {
            let told = by_esia(&policy, said.clone(), candidates(&accounts), "2025-02-20");
            let Ok(grant) = told else { continue };
            let person_of = |id| accounts.iter().find(|a| a.id == id).map(|a| a.person);
            let granted: BTreeSet<_> =
                grant.accounts.iter().filter_map(|granted| person_of(granted.account)).collect();
            prop_assert!(granted.contains(&grant.person));
            // Several are one human being if each of them is known by the СНИЛС that ЕСИА told.
            for person in granted.iter().filter(|_| granted.len() > 1) {
                let known = |a: &Account| a.person == *person && a.snils == said.snils;
                prop_assert!(said.snils.is_some() && accounts.iter().any(known));
            }
        }
    }

    #[test]
    fn nobody_is_found_by_a_field_that_is_absent(said in person(), accounts in accounts()) {
        let Ok(people) = found(&said, &accounts, &[]) else { return Ok(()) };
        for person in people {
            let by_a_key = accounts.iter().filter(|a| a.person == person).any(|account| {
                let Evidence { snils, phone, given_name, birth_date, .. } =
                    Evidence::of(&said, account);
                let by_snils = snils == FieldMatch::Equal && given_name == FieldMatch::Equal;
                let beside = [phone, given_name, birth_date];
                by_snils || beside.iter().all(|field| *field == FieldMatch::Equal)
            });
            prop_assert!(by_a_key);
        }
    }

    /// Sign-in joins nobody whom a merge would leave apart.
    #[test]
    fn whom_sign_in_takes_for_one_a_merge_makes_one(
        said in person(),
        accounts in accounts(),
        apart in kept_apart(),
    ) {
        use crate::merge::{MergeRow, plan_merges};
        let Ok(people) = found(&said, &accounts, &apart) else { return Ok(()) };
        let theirs = accounts.iter().filter(|account| people.contains(&account.person));
        let rows: Vec<_> = theirs.map(MergeRow::from).collect();
        let plan = plan_merges(&rows, &apart);
        prop_assert!(plan.conflicts.is_empty());
        let oldest = people.iter().min();
        for row in rows.iter().filter(|row| Some(&row.person) != oldest) {
            let step = plan.moves.iter().find(|step| step.account == row.account);
            prop_assert_eq!(step.map(|step| &step.into), oldest);
        }
    }

    /// What ЕСИА does not tell never opens more than what it tells.
    #[test]
    fn a_field_left_out_finds_nobody_new(said in person(), accounts in accounts(), field in 0..3_u8) {
        let mut less = said.clone();
        match field {
            0 => less.verified_phone = None,
            1 => less.birth_date = None,
            _ => (less.snils, less.verified_phone) = (None, None),
        }
        if let (Ok(before), Ok(after)) = (found(&said, &accounts, &[]), found(&less, &accounts, &[])) {
            prop_assert!(after.is_subset(&before), "{:?} {:?}", before, after);
        }
    }

    #[test]
    fn a_rule_that_wants_a_field_is_not_content_with_its_absence(said in person(), accounts in accounts()) {
        use crate::policy::MatchField;
        for field in MatchField::KNOWN {
            let policy = with(|rules| {
                rules.matching[0].with = vec![field.clone()];
                rules.matching.truncate(1);
            });
            let rules = policy.rules_on(NaiveDate::MIN);
            let candidates = candidates(&accounts);
            let Identified::Person(found) = identify(rules, &said, &candidates, &[]) else { continue };
            let people: BTreeSet<PersonId> = found.iter().map(|c| c.account.person).collect();
            for person in people {
                let by_rule = accounts.iter().filter(|a| a.person == person).any(|account| {
                    let evidence = Evidence::of(&said, account);
                    let wanted = match field {
                        MatchField::FamilyName => evidence.family_name,
                        MatchField::GivenName => evidence.given_name,
                        MatchField::Patronymic => evidence.patronymic,
                        _ => evidence.birth_date,
                    };
                    [evidence.snils, wanted] == [FieldMatch::Equal; 2]
                });
                prop_assert!(by_rule, "{}", field);
            }
        }
    }
}
