//! Recovery from its rules: design §5 and the document from Рязань.

use alloc::{borrow::ToOwned as _, format, string::ToString as _, vec, vec::Vec};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{collection::vec as vec_of, prelude::*};
use uuid::Uuid;

use super::*;
use crate::{
    error::CodedError as _,
    id::{AccountId, RecoveryLinkId},
    identity::FullName,
    policy::{RegistryKeeper, SignInPolicy},
    signin::{NextStep, RefusalCode},
};

fn now() -> DateTime<Utc> {
    "2024-09-30T09:00:00Z".parse().unwrap()
}

fn id(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(n))
}

fn pupil(n: u128, given: &str, login: &str, born: &str, email: &str) -> RecoveryAccount {
    RecoveryAccount {
        account: id(n),
        login: login.parse().unwrap(),
        name: FullName::new("Ёлкин", given, None).unwrap(),
        email: email.parse().ok(),
        birth_date: born.parse().ok(),
        until: None,
        today: "2024-09-30".parse().unwrap(),
    }
}

/// Siblings of one address, one past the threshold today and one who has left, and a stranger.
fn known() -> Vec<RecoveryAccount> {
    vec![
        pupil(3, "Пётр", "s7_yolkin", "30.03.2010", "mama@example.org"),
        pupil(1, "Анна", "s7_yolkina", "05.03.2014", "Mama@Example.org"),
        pupil(2, "Мария", "s7_yolkina_m", "31.03.2010", "mama@example.org"),
        RecoveryAccount {
            until: "2024-09-29".parse().ok(),
            ..pupil(4, "Яна", "s9_yolkina", "01.01.2015", "mama@example.org")
        },
        pupil(5, "Олег", "s7_pixtin", "01.01.2015", "papa@example.org"),
        pupil(6, "Глеб", "s7_sosnin", "01.01.2015", ""),
    ]
}

fn plan(asked: &str, known: &[RecoveryAccount]) -> RecoveryPlan {
    plan_recovery(&SignInPolicy::ryazan_2022(), &asked.parse().unwrap(), known, now())
}

fn letter(asked: &str) -> RecoveryLetter {
    match plan(asked, &known()) {
        RecoveryPlan::Letter(letter) => letter,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_letter_names_every_login_of_its_address_each_with_its_own_way() {
    let letter = letter("s7_yolkina");
    let expires_at = now() + TimeDelta::minutes(30);
    let told: Vec<_> = letter
        .entries
        .iter()
        .map(|entry| {
            let way = match &entry.way {
                LetterWay::Link { expires_at: at } if *at == expires_at => "link",
                LetterWay::UseEsia(refusal) if refusal.code == RefusalCode::UseEsia => "use_esia",
                LetterWay::Closed => "closed",
                other => panic!("{other:?}"),
            };
            (entry.account, entry.login.as_str(), way)
        })
        .collect();
    assert_eq!(
        told,
        [
            (id(1), "s7_yolkina", "link"),
            // 14 years and 6 months are reached on 30.09.2024, also by who was born on 31.03.
            (id(2), "s7_yolkina_m", "use_esia"),
            (id(3), "s7_yolkin", "use_esia"),
            (id(4), "s9_yolkina", "closed"),
        ]
    );
}

#[test]
fn a_pupil_is_told_to_use_esia_from_the_threshold_on() {
    for (born, link) in [("01.04.2010", true), ("31.03.2010", false), ("", true)] {
        let known = [pupil(1, "Анна", "s7_yolkina", born, "mama@example.org")];
        let RecoveryPlan::Letter(letter) = plan("mama@example.org", &known) else { panic!() };
        let way = &letter.entries[0].way;
        assert_eq!(matches!(way, LetterWay::Link { .. }), link, "{born}");
        assert_eq!(matches!(way, LetterWay::UseEsia(_)), !link, "{born}");
    }
    // the last day in the school is still one
    let today = "2024-09-30".parse().ok();
    let known = [RecoveryAccount { until: today, ..known()[1].clone() }];
    let RecoveryPlan::Letter(letter) = plan("mama@example.org", &known) else { panic!() };
    assert!(matches!(letter.entries[0].way, LetterWay::Link { .. }));
}

#[test]
fn login_and_email_lead_to_the_same_letter_at_the_address_the_school_has() {
    let by_login = letter("s7_yolkina");
    assert_eq!(by_login.to.to_string(), "Mama@Example.org");
    for asked in ["S7_Yolkin", "s9_yolkina", "MAMA@EXAMPLE.ORG"] {
        let other = letter(asked);
        assert_eq!(other.entries, by_login.entries, "{asked}");
        assert_eq!(other.to.canonical(), "mama@example.org");
    }
    assert_eq!(letter("papa@example.org").entries.len(), 1);
}

#[test]
fn without_an_email_class_teacher_and_administrator_lead_to_a_new_card() {
    for (policy, path) in [
        (SignInPolicy::ryazan_2022(), [NextStep::AskClassTeacher, NextStep::AskAdministrator]),
        (SignInPolicy::udmurtia_2023(), [NextStep::AskRegistrar, NextStep::AskAdministrator]),
    ] {
        let plan = plan_recovery(&policy, &"s7_sosnin".parse().unwrap(), &known(), now());
        let way = HandWay::NewCard { path: path.to_vec() };
        assert_eq!(plan, RecoveryPlan::ByHand { account: id(6), way });
    }
}

#[test]
fn without_an_email_nobody_is_sent_for_a_card_that_the_rules_refuse() {
    let ryazan = SignInPolicy::ryazan_2022();
    for (policy, born, until, told) in [
        (&ryazan, "01.04.2010", "2024-09-30", "card"),
        (&ryazan, "", "", "card"),
        (&ryazan, "31.03.2010", "", "use_esia"),
        (&ryazan, "01.04.2010", "2024-09-29", "closed"),
        (&ryazan, "31.03.2010", "2024-09-29", "closed"),
        (&SignInPolicy::ryazan_2024(), "01.01.2015", "", "use_esia"),
    ] {
        let silent = pupil(6, "Глеб", "s7_sosnin", born, "");
        let known = [RecoveryAccount { until: until.parse().ok(), ..silent }];
        let asked = "s7_sosnin".parse().unwrap();
        let RecoveryPlan::ByHand { account, way } = plan_recovery(policy, &asked, &known, now())
        else {
            panic!()
        };
        assert_eq!(account, id(6));
        let way = match way {
            HandWay::NewCard { .. } => "card".to_owned(),
            HandWay::UseEsia(refusal) => refusal.code.to_string(),
            HandWay::Closed => "closed".to_owned(),
        };
        assert_eq!(way, told, "{born} {until}");
    }
}

#[test]
fn nobody_is_found_by_what_nobody_has() {
    for asked in ["s7_nobody", "nobody@example.org", "s7_yolkina_"] {
        assert_eq!(plan(asked, &known()), RecoveryPlan::Nobody, "{asked}");
    }
}

#[test]
fn what_is_neither_a_login_nor_an_email_is_refused() {
    for text in ["", "Проверка", "a", "mama@", "@example.org", "ма ма", "\0\0\0\0", "a@b@"]
    {
        let error = text.parse::<RecoveryRequest>().unwrap_err();
        assert_eq!(error.code(), "recovery_request_malformed", "{text}");
    }
}

#[test]
fn where_passwords_are_off_no_letter_has_a_link() {
    let policy = SignInPolicy::ryazan_2024();
    let plan = plan_recovery(&policy, &"mama@example.org".parse().unwrap(), &known(), now());
    let RecoveryPlan::Letter(letter) = plan else { panic!() };
    assert!(!letter.entries.iter().any(|entry| matches!(entry.way, LetterWay::Link { .. })));
    assert!(!letter.text_ru(|_| panic!("no link is asked for")).contains("Ссылка"));
}

fn address(entry: &LetterEntry) -> alloc::string::String {
    format!("https://school.example.org/password/{}", entry.account.0.as_u128())
}

#[test]
fn letters_read_as_people_write() {
    let mut told = alloc::string::String::new();
    let mut one = letter("papa@example.org");
    let mut two = letter("papa@example.org");
    two.entries.extend(letter("mama@example.org").entries.drain(..1));
    for (what, letter) in [
        ("siblings", &letter("mama@example.org")),
        ("one link", &one.clone()),
        ("two links", &two),
        ("no link", {
            one.entries[0].way = LetterWay::Closed;
            &one
        }),
    ] {
        let texts = [
            format!("{}\n\n{}", letter.subject_ru(), letter.text_ru(address)),
            format!("{}\n\n{}", letter.subject_en(), letter.text_en(address)),
        ];
        told.push_str(&format!("=== {what} ===\n{}", texts.join("---\n")));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn answers_read_as_people_write() {
    let today = "2024-09-30".parse().unwrap();
    let mut told = Vec::new();
    for policy in
        [SignInPolicy::ryazan_2022(), SignInPolicy::udmurtia_2023(), SignInPolicy::ryazan_2024()]
    {
        told.push(recovery_answer(policy.rules_on(today)));
    }
    let mut rules = SignInPolicy::ryazan_2022().rules_on(today).clone();
    rules.registry_keeper = RegistryKeeper::Registrar;
    rules.helpers =
        vec![NextStep::AskClassTeacher, NextStep::AskRegistrar, NextStep::AskAdministrator];
    told.push(recovery_answer(&rules));
    insta::assert_json_snapshot!(told);
}

#[test]
fn debug_tells_nothing_of_a_person() {
    let shown = format!("{:?} {:?}", known(), letter("s7_yolkina"));
    for personal in ["yolkin", "Анна", "Ёлкин", "example.org", "2014"] {
        assert!(!shown.contains(personal), "{personal}: {shown}");
    }
}

fn link(n: u128, made_at: DateTime<Utc>) -> RecoveryLink {
    RecoveryLink::new(RecoveryLinkId(Uuid::from_u128(n)), id(1), made_at)
}

#[test]
fn a_link_ends_once() {
    type Step = fn(&mut RecoveryLink, DateTime<Utc>) -> Result<(), LinkError>;
    let use_up: Step = RecoveryLink::use_up;
    let supersede: Step = RecoveryLink::supersede;
    let at = |minutes| now() + TimeDelta::minutes(minutes);
    for second in [use_up, supersede] {
        let mut used = link(1, now());
        used.use_up(at(29)).unwrap();
        assert_eq!(second(&mut used, at(29)), Err(LinkError::Used { at: at(29) }));
        assert_eq!(used.state(at(99)), LinkState::Used);

        let mut superseded = link(1, now());
        superseded.supersede(at(0)).unwrap();
        assert_eq!(second(&mut superseded, at(1)), Err(LinkError::Superseded { at: at(0) }));
        assert_eq!(superseded.state(at(99)), LinkState::Superseded);

        let mut expired = link(1, now());
        let before = expired.clone();
        assert_eq!(second(&mut expired, at(30)), Err(LinkError::Expired { at: at(30) }));
        let early = LinkError::Earlier { at: at(-1), made_at: now() };
        assert_eq!(second(&mut expired, at(-1)), Err(early));
        assert_eq!(expired, before);
    }
    let mut last_moment = link(1, now());
    last_moment.use_up(at(30) - TimeDelta::nanoseconds(1)).unwrap();
}

#[test]
fn a_newer_link_leaves_no_older_one_open() {
    let at = |minutes| now() + TimeDelta::minutes(minutes);
    let mut used = link(1, at(-3));
    used.use_up(at(-2)).unwrap();
    let others = RecoveryLink::new(RecoveryLinkId(Uuid::from_u128(9)), id(2), at(-3));
    let mut links = [used, link(2, at(-40)), link(3, at(-1)), link(4, at(5)), others];
    assert_eq!(replace_links(&mut links, id(1), now()), 2);
    let states: Vec<_> = links.iter().map(|link| link.state(at(6)).as_str().to_owned()).collect();
    assert_eq!(states, ["used", "expired", "superseded", "superseded", "made"]);
}

#[test]
fn a_link_is_kept_without_a_secret_and_never_with_two_ends() {
    let mut used = link(1, now());
    used.use_up(now()).unwrap();
    let json = serde_json::to_string(&used).unwrap();
    assert_eq!(
        json,
        r#"{"id":"00000000-0000-0000-0000-000000000001","account":"00000000-0000-0000-0000-000000000001","madeAt":"2024-09-30T09:00:00Z","usedAt":"2024-09-30T09:00:00Z"}"#
    );
    assert_eq!(serde_json::from_str::<RecoveryLink>(&json).unwrap(), used);
    let twice = json.replace("\"}", "\",\"supersededAt\":\"2024-09-30T09:00:00Z\"}");
    assert!(serde_json::from_str::<RecoveryLink>(&twice).is_err());
    let late = json.replace("usedAt\":\"2024-09-30T09:00", "usedAt\":\"2024-09-30T09:30");
    assert!(serde_json::from_str::<RecoveryLink>(&late).is_err());
}

#[test]
fn a_link_made_at_the_end_of_time_decodes_and_expires_there() {
    let end = DateTime::<Utc>::MAX_UTC;
    for at in [end, end - TimeDelta::minutes(15)] {
        let json = serde_json::to_string(&link(1, at)).unwrap();
        let kept: RecoveryLink = serde_json::from_str(&json).unwrap();
        assert_eq!((kept.made_at(), kept.expires_at()), (at, end));
        let used = json.replace('}', &format!(r#","usedAt":{}}}"#, serde_json::json!(at)));
        let used = serde_json::from_str::<RecoveryLink>(&used);
        // at the very end no instant is left in which it could be used
        assert_eq!(used.map(|link| link.state(at)).ok(), (at < end).then_some(LinkState::Used));
    }
    let known = [pupil(1, "Анна", "s7_yolkina", "01.01.2015", "mama@example.org")];
    let asked = "s7_yolkina".parse().unwrap();
    let plan = plan_recovery(&SignInPolicy::ryazan_2022(), &asked, &known, end);
    let RecoveryPlan::Letter(letter) = plan else { panic!() };
    assert_eq!(letter.entries[0].way, LetterWay::Link { expires_at: end });
}

#[test]
fn links_are_refused_in_words() {
    let at = now();
    for error in [
        LinkError::Used { at },
        LinkError::Superseded { at },
        LinkError::Expired { at },
        LinkError::Earlier { at, made_at: at },
    ] {
        assert!(error.code().starts_with("link_"));
        assert!(error.to_string().contains("2024-09-30"));
        assert!(error.text_ru().contains(|c: char| ('а'..='я').contains(&c)));
    }
}

proptest! {
    /// The order in which a store finds accounts says nothing.
    #[test]
    fn a_letter_is_the_same_whatever_the_order(known in Just(known()).prop_shuffle()) {
        for asked in ["mama@example.org", "s7_yolkin", "s7_sosnin", "s7_nobody"] {
            prop_assert_eq!(plan(asked, &known), plan(asked, &self::known()));
        }
    }

    #[test]
    fn steps_of_a_link_end_it_once_and_errors_change_nothing(
        steps in vec_of((any::<bool>(), -5_i64..40), 0..12),
    ) {
        let mut link = link(1, now());
        let mut ends = 0;
        for (uses, minutes) in steps {
            let (before, at) = (link.clone(), now() + TimeDelta::minutes(minutes));
            let open = ends == 0 && (0..30).contains(&minutes);
            prop_assert_eq!(link.check(at).is_ok(), open);
            let taken = if uses { link.use_up(at) } else { link.supersede(at) };
            prop_assert_eq!(taken.is_ok(), open);
            if open {
                ends += 1;
            } else {
                prop_assert_eq!(&link, &before);
            }
        }
    }

    #[test]
    fn any_text_is_taken(text in any::<alloc::string::String>()) {
        let _ = text.parse::<RecoveryRequest>();
    }
}
