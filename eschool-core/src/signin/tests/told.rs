//! What a refusal tells beside its code: the schools, the role, the consents, the accounts.

use alloc::boxed::Box;

use super::*;
use crate::{
    people::{ConsentGiver, ConsentPurpose, SchoolContacts},
    policy::{AgeBand, ConsentRule, GiverRule, MethodRule},
    signin::WantedConsent,
};

const ON: &str = "2025-03-20";

fn contacts(n: u128) -> SchoolContacts {
    SchoolContacts {
        school: SchoolId(Uuid::from_u128(n)),
        name: format!("Школа № {n}"),
        telephone: Some("+7 (4912) 00-00-00".into()),
        email: None,
        site: None,
    }
}

fn refused(policy: &SignInPolicy, attempt: &Attempt, candidates: Vec<Candidate>) -> Refusal {
    let facts = Facts {
        password: matches!(attempt, Attempt::Password(_)).then_some(PasswordCheck::Right),
        candidates,
        contacts: vec![contacts(1), contacts(2)],
        ..Facts::default()
    };
    decide(policy, facts, attempt, &at(ON)).unwrap_err()
}

fn confirmed() -> Attempt {
    Attempt::Esia(esia(Assurance::Confirmed))
}

fn by_card() -> Attempt {
    Attempt::Password(PasswordAttempt { login: "pr7_test".into() })
}

#[test]
fn a_refusal_names_the_schools_of_who_was_refused_and_no_strangers() {
    let policy = SignInPolicy::ryazan_2022();
    let in_second = || Account {
        school: SchoolId(Uuid::from_u128(2)),
        person: account(1).person,
        ..account(2)
    };
    let gone = |account| pupil(account, Some("2024-10-10"));
    let twin =
        Account { name: FullName::new("Ёлкина", "Яна", None).unwrap(), ..account(3) };
    let of_another = Account {
        snils: Snils::parse(OTHER_SNILS).ok(),
        school: SchoolId(Uuid::from_u128(2)),
        ..account(3)
    };
    for (what, attempt, found, expected) in [
        ("one school", confirmed(), vec![gone(account(1))], vec![contacts(1)]),
        (
            "two schools",
            confirmed(),
            vec![gone(account(1)), gone(in_second())],
            vec![contacts(1), contacts(2)],
        ),
        ("a right password", by_card(), vec![pupil(in_second(), None)], vec![contacts(2)]),
        (
            "somebody with the phone",
            confirmed(),
            vec![gone(account(1)), gone(of_another)],
            vec![contacts(1)],
        ),
        ("ambiguous", confirmed(), vec![gone(account(1)), gone(twin)], vec![]),
        ("nobody", confirmed(), vec![], vec![]),
    ] {
        let refusal = refused(&policy, &attempt, found);
        assert_eq!(refusal.details.contacts, expected, "{what}");
        let json = serde_json::to_value(&refusal).unwrap();
        assert_eq!(json.get("contacts").is_some(), !expected.is_empty(), "{what}");
        assert_eq!(serde_json::from_value::<Refusal>(json).unwrap(), refusal);
    }
    let wrong = Facts {
        password: Some(PasswordCheck::Wrong),
        candidates: vec![pupil(account(1), None)],
        contacts: vec![contacts(1)],
        ..Facts::default()
    };
    assert_eq!(decide(&policy, wrong, &by_card(), &at(ON)).unwrap_err().details.contacts, []);
}

#[test]
fn a_closed_account_is_told_as_what_it_was() {
    let policy = SignInPolicy::ryazan_2022();
    let left = Some("2024-10-10");
    let gone = || ChildFacts { until: left.map(day), ..child(2) };
    let barred = || {
        let guardianship = Guardianship { barred: true, ..child(2).guardianship };
        ChildFacts { guardianship, ..child(2) }
    };
    let both = |one: Candidate, other: Candidate| Candidate {
        pupil: one.pupil.or(other.pupil),
        parent: one.parent.or(other.parent),
        staff: one.staff.or(other.staff),
        account: one.account,
    };
    let told: Vec<String> = [
        ("a pupil", confirmed(), pupil(account(1), left)),
        ("a member of staff", confirmed(), staff(account(1), left)),
        ("both", confirmed(), both(pupil(account(1), left), staff(account(1), left))),
        (
            "a pupil who is a parent",
            confirmed(),
            both(pupil(account(1), left), parent(account(1), vec![gone()])),
        ),
        ("nobody any more", confirmed(), nobody_yet(account(1))),
        ("a parent whose child left", confirmed(), parent(account(1), vec![gone()])),
        ("a barred parent", confirmed(), parent(account(1), vec![barred()])),
        ("a pupil's card", by_card(), pupil(account(1), left)),
        ("the card of a teacher who left", by_card(), staff(account(1), left)),
        ("a card of nobody any more", by_card(), nobody_yet(account(1))),
    ]
    .into_iter()
    .map(|(what, attempt, found)| {
        let refusal = refused(&policy, &attempt, vec![found]);
        format!("{what}: {}\n  {}\n  {}", refusal.code, refusal.text_ru(), refusal.text_en())
    })
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn who_has_no_password_reads_how_parents_and_staff_sign_in() {
    let policy = SignInPolicy::ryazan_2022();
    for (whose, found) in [
        ("a parent's", parent(account(1), vec![child(2)])),
        ("a teacher's", staff(account(1), None)),
    ] {
        let refusal = refused(&policy, &by_card(), vec![found]);
        assert_eq!(
            refusal.text_ru(),
            "Родители и сотрудники школы входят через ЕСИА («Госуслуги»), по подтверждённой \
             учётной записи.",
            "{whose}"
        );
        assert_eq!(
            refusal.text_en(),
            "Parents and staff sign in through the state sign-in (ЕСИА) with a confirmed account.",
            "{whose}"
        );
        let json = serde_json::to_value(&refusal).unwrap();
        assert_eq!(serde_json::from_value::<Refusal>(json).unwrap(), refusal);
    }
}

#[test]
fn a_missing_consent_is_named_with_who_may_give_it_now() {
    let years = |years| Some(AgeSpan { years, months: 0 });
    let giver = |giver, from, until| GiverRule { giver, from, until };
    let parent = || giver(ConsentGiver::Parent, None, None);
    let consent = |purpose, band, givers| ConsentRule { role: Role::Pupil, band, purpose, givers };
    let policy = |consent: Vec<ConsentRule>| with(|rules| rules.consent = consent);
    let federal = || {
        vec![
            giver(ConsentGiver::Parent, None, years(18)),
            giver(ConsentGiver::Pupil, years(14), None),
        ]
    };
    let (sign_in, personal) = (ConsentPurpose::SignIn, ConsentPurpose::PersonalData);
    let told: Vec<String> = [
        ("a parent", "31.08.2010", vec![consent(sign_in.clone(), None, vec![parent()])]),
        ("at 13", "31.08.2011", vec![consent(sign_in.clone(), None, federal())]),
        ("at 14", "31.08.2010", vec![consent(sign_in.clone(), None, federal())]),
        ("at 18", "31.08.2006", vec![consent(sign_in.clone(), None, federal())]),
        (
            "two",
            "31.08.2010",
            vec![
                consent(sign_in.clone(), None, vec![parent()]),
                consent(personal.clone(), Some(AgeBand::Older), federal()),
            ],
        ),
        (
            "one is not for them",
            "31.08.2011",
            vec![
                consent(sign_in, None, vec![parent()]),
                consent(personal, Some(AgeBand::Older), federal()),
            ],
        ),
    ]
    .into_iter()
    .map(|(what, born, rules)| {
        let found = pupil(Account { birth_date: born.parse().ok(), ..account(1) }, None);
        let refusal = refused(&policy(rules), &confirmed(), vec![found]);
        let json = serde_json::to_value(&refusal).unwrap();
        assert_eq!(serde_json::from_value::<Refusal>(json).unwrap(), refusal);
        let (wanted, ru, en) = (&refusal.details.consents, refusal.text_ru(), refusal.text_en());
        let named = |wanted: &WantedConsent| format!("{} {:?}", wanted.purpose, wanted.givers);
        let wanted: Vec<String> = wanted.iter().map(named).collect();
        format!("{what}: {}\n  {ru}\n  {en}", wanted.join(", "))
    })
    .collect();
    insta::assert_snapshot!(told.join("\n"));

    // What an older version wrote names none.
    let json = r#"{"code": "consent_missing", "next": []}"#;
    let old: Refusal = serde_json::from_str(json).unwrap();
    assert!(old.text_ru().ends_with("Обратитесь в школу."));
}

#[test]
fn who_is_sent_to_esia_reads_with_which_account() {
    let of = |band, assurance: &[Assurance]| MethodRule {
        role: Role::Pupil,
        band,
        method: SignInMethod::Esia,
        assurance: assurance.to_vec(),
    };
    use Assurance::{Child, Confirmed};
    let children = with(|rules| rules.methods[1] = of(None, &[Child, Confirmed]));
    let parted = with(|rules| {
        rules.methods.drain(..2);
        rules.methods.push(of(Some(AgeBand::Younger), &[Child]));
        rules.methods.push(of(Some(AgeBand::Older), &[Confirmed]));
    });
    for (policy, accounts, named) in [
        (SignInPolicy::ryazan_2022(), vec![Confirmed], "по подтверждённой учётной записи."),
        (children, vec![Child, Confirmed], "по детской или подтверждённой учётной записи."),
        (SignInPolicy::ryazan_2024(), vec![Child, Confirmed], "подтверждённой учётной записи."),
        (parted, vec![], "ЕСИА («Госуслуги»)."),
    ] {
        let refusal = Refusal::new(RefusalCode::UseEsia, policy.rules_on(day(ON)));
        assert_eq!(refusal.details.accounts, accounts);
        assert!(refusal.text_ru().ends_with(named), "{}", refusal.text_ru());
    }
}

#[test]
fn whose_esia_account_is_not_enough_reads_which_is() {
    use Assurance::{Child, Confirmed, Unconfirmed};
    let seeds =
        "Если вы только что подтвердили свою личность, то вам нужно войти в систему повторно.";
    let children = "Если вы только что получили такую, войдите в систему повторно.";
    for (policy, accounts, ends) in [
        (SignInPolicy::ryazan_2022(), vec![Confirmed], seeds),
        (SignInPolicy::udmurtia_2023(), vec![Confirmed], seeds),
        (SignInPolicy::ryazan_2024(), vec![Child, Confirmed], children),
    ] {
        let unconfirmed = Attempt::Esia(esia(Unconfirmed));
        let refusal = admit(&policy, &unconfirmed, &at(ON)).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::EsiaNotConfirmed);
        assert_eq!(refusal.details.accounts, accounts);
        let text = refusal.text_ru();
        assert!(text.ends_with(ends), "{text}");
        assert_eq!(text.contains("детская"), accounts.contains(&Child), "{text}");
        // An older version names none.
        let old = Refusal { details: Box::default(), ..refusal };
        assert!(old.text_ru().ends_with(seeds));
    }
}

#[test]
fn who_is_invited_to_work_reads_which_account_staff_need() {
    let policy = SignInPolicy::ryazan_2024();
    let refusal = admit_invited(&policy, &esia(Assurance::Child), &at(ON)).unwrap_err();
    assert_eq!(refusal.details.accounts, [Assurance::Confirmed]);
    assert!(!refusal.text_ru().contains("детская"));
}
