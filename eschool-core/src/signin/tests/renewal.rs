//! Who came in earlier is judged anew.

use super::{
    consent::{by_parent, in_ryazan, with_consents},
    ends::by_accounts,
    *,
};

fn renewed(
    policy: &SignInPolicy,
    found: Vec<Candidate>,
    method: SignInMethod,
    on: &str,
) -> Result<Grant, Refusal> {
    renew(policy, found, &method, &at(on))
}

/// On every day the answer is that of signing in with the same facts, and its end too.
#[test]
fn a_renewal_is_what_a_sign_in_would_be() {
    let younger = || pupil(account(1), Some("2025-05-31"));
    for policy in presets() {
        for (on, _) in AROUND_THE_THRESHOLD.into_iter().chain([("2024-09-01", false)]) {
            let password = by_password(&policy, PasswordCheck::Right, vec![younger()], on);
            let again = renewed(&policy, vec![younger()], SignInMethod::Password, on);
            // Where nobody has a password, it is refused before anybody is looked up.
            if policy.rules_on(day(on)).allows_password(&Role::Pupil, None) || password.is_ok() {
                assert_eq!(again.map_err(|r| r.code), password.map_err(|r| r.code), "{on}");
            }
            for found in [
                vec![parent(account(9), vec![child(1)])],
                vec![staff(account(9), None)],
                vec![staff(account(9), Some("2025-01-31"))],
            ] {
                let through = by_esia(&policy, esia(Assurance::Confirmed), found.clone(), on);
                let again = renewed(&policy, found, SignInMethod::Esia, on);
                assert_eq!(again.map_err(|r| r.code), through.map_err(|r| r.code), "{on}");
            }
        }
    }
}

/// Which type of account it was is not asked: one that signs in is enough, with the consent it needs.
#[test]
fn who_came_as_a_child_is_renewed_while_the_consent_holds() {
    let policy = SignInPolicy::ryazan_2024();
    for (consents, on, expected) in [
        (vec![by_parent("2025-05-31")], "2024-09-02", Ok(vec!["pupil"])),
        (vec![by_parent("2025-05-31")], "2025-06-01", Err(RefusalCode::ConsentMissing)),
        (vec![], "2024-09-02", Err(RefusalCode::ConsentMissing)),
    ] {
        let child = roles(in_ryazan(Assurance::Child, consents.clone(), on));
        let found = vec![with_consents(consents)];
        let again = roles(renewed(&policy, found.clone(), SignInMethod::Esia, on));
        assert_eq!((&child, &again), (&expected, &expected), "{on}");
        let password = roles(renewed(&policy, found, SignInMethod::Password, on));
        assert_eq!(password, Err(RefusalCode::UseEsia), "{on}");
    }
    // Where a child's account alone signs in, a confirmed one is not asked for.
    let children = by_accounts(&[Assurance::Child], &[Assurance::Confirmed]);
    let found = vec![with_consents(vec![])];
    let again = renewed(&children, found.clone(), SignInMethod::Esia, "2024-09-02");
    let child = by_esia(&children, esia(Assurance::Child), found, "2024-09-02");
    assert_eq!(again, child);
    assert_eq!(roles(again), Ok(vec!["pupil"]));
}

/// A bar holds whichever account of the human being it stands in, from its day on.
#[test]
fn a_bar_in_another_account_ends_it() {
    let policy = SignInPolicy::ryazan_2022();
    let mut barred = child(1);
    (barred.guardianship.barred, barred.guardianship.from) = (true, Some(day("2025-03-01")));
    let elsewhere = parent(account(10), vec![barred]);
    let found = vec![parent(account(9), vec![child(1)]), elsewhere];
    let before = renewed(&policy, found.clone(), SignInMethod::Esia, "2025-02-28").unwrap();
    assert_eq!(before.valid_until, Some(day("2025-03-01")));
    let after = renewed(&policy, found, SignInMethod::Esia, "2025-03-01").unwrap_err();
    assert_eq!(after.code, RefusalCode::NoChildren);
}

/// Which of two persons' accounts are left.
fn of_one(found: Vec<Candidate>, kept_apart: &[KeptApart]) -> Vec<AccountId> {
    let left = of_one_human_being(found, account(9).person, kept_apart);
    left.into_iter().map(|candidate| candidate.account.id).collect()
}

/// A key in common makes two persons one human being, unless something speaks against it, as it would at
/// a sign-in.
#[test]
fn a_key_in_common_is_not_enough_for_who_is_told_apart() {
    let own = || Account { phone: MobilePhone::parse(PHONE).ok(), ..account(9) };
    let other = |change: fn(&mut Account)| {
        let mut other = Account { phone: own().phone, ..account(10) };
        change(&mut other);
        vec![nobody_yet(own()), nobody_yet(other)]
    };
    let as_found = |_: &mut Account| {};
    let (both, own_alone) = ([account(9).id, account(10).id], [account(9).id]);
    assert_eq!(of_one(other(as_found), &[]), both);
    let apart = KeptApart { one: account(10).id, other: account(9).id };
    assert_eq!(of_one(other(as_found), &[apart]), own_alone);
    // A family's phone, and a number of their own.
    assert_eq!(of_one(other(|it| it.snils = Snils::parse("123-456-789 64").ok()), &[]), own_alone);
    assert_eq!(of_one(other(|it| it.snils = None), &[]), both);
    assert_eq!(of_one(other(|it| it.phone = None), &[]), both);
    assert_eq!(of_one(other(|it| (it.snils, it.phone) = (None, None)), &[]), own_alone);
    // A СНИЛС that was typed into a relative's account.
    let unlike = |it: &mut Account| {
        it.name = FullName::new("Седов", "Пётр", None).unwrap();
        it.birth_date = "01.02.1980".parse().ok();
    };
    assert_eq!(of_one(other(unlike), &[]), own_alone);
}
