//! Cards, counters, devices, sessions.

use eschool_core::{
    id::PersonId,
    people::Duty,
    policy::{Counter, SignInMethod},
    signin::{AccountGrant, GrantedRole},
};
use uuid::Uuid;

use crate::{
    backend::{Access, Backend, Changes, Credential, Device, SessionRow},
    testing::{
        fixtures::{
            EXTREME_DAYS, account, account_id, at, card, class_id, extreme_instants, login_key,
            person_id, school, school_id, session, token, unusual_texts,
        },
        reading, save,
    },
};

/// A card with everything that stands on it, alone and among its school's, by login.
pub async fn cards_are_loaded_as_saved(backend: impl Backend) {
    let id = school_id(1);
    let longest = "a".repeat(64);
    let logins = ["0-0", longest.as_str(), "pr1_a", "pr1_b.c-d", "zzz"];
    let mut cards: Vec<Credential> =
        (1..).zip(logins).map(|(n, login)| card(id, n, login)).collect();
    let texts = unusual_texts();
    for (card, (text, instant)) in cards.iter_mut().zip(texts.iter().zip(extreme_instants())) {
        card.phc.clone_from(text);
        card.issued_at = instant;
    }
    let mut saved = cards.clone();
    saved.reverse();
    save(&backend, &Changes { credentials: saved, ..people() }).await;

    let mut tx = reading(&backend).await;
    for card in &cards {
        assert_eq!(tx.credential(&card.login_hash).await.unwrap().as_ref(), Some(card));
    }
    assert_eq!(tx.credential(&login_key("pr1_c")).await.unwrap(), None);
    assert_eq!(tx.school_credentials(id).await.unwrap(), cards);
    assert_eq!(tx.school_credentials(school_id(2)).await.unwrap(), []);
}

/// A new card of the same account takes the former login away; others' cards stay, that of the
/// account with the same number in another school among them.
pub async fn a_new_card_replaces_the_former(backend: impl Backend) {
    let id = school_id(1);
    let (former, other) = (card(id, 1, "pr1_old"), card(id, 2, "pr1_other"));
    let elsewhere = card(school_id(2), 1, "pr2_old");
    let credentials = vec![former.clone(), other.clone(), elsewhere.clone()];
    save(&backend, &Changes { credentials, ..people() }).await;

    let new = card(id, 1, "pr1_new");
    save(&backend, &Changes { credentials: vec![new.clone()], ..Changes::default() }).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.credential(&former.login_hash).await.unwrap(), None);
    assert_eq!(tx.credential(&new.login_hash).await.unwrap().as_ref(), Some(&new));
    assert_eq!(tx.school_credentials(id).await.unwrap(), [new, other]);
    assert_eq!(tx.school_credentials(school_id(2)).await.unwrap(), [elsewhere]);
}

/// A card with the same login replaces the former, even if it is another account's.
pub async fn a_login_has_one_card(backend: impl Backend) {
    let id = school_id(1);
    let former = card(id, 1, "pr1_a");
    save(&backend, &Changes { credentials: vec![former.clone()], ..people() }).await;
    for new in [
        Credential {
            phc: "$argon2id$other".into(),
            issued_at: at("2025-01-09T00:00:00Z"),
            ..former
        },
        card(id, 2, "pr1_a"),
        card(school_id(2), 1, "pr1_a"),
    ] {
        save(&backend, &Changes { credentials: vec![new.clone()], ..Changes::default() }).await;
        let mut tx = reading(&backend).await;
        assert_eq!(tx.credential(&new.login_hash).await.unwrap().as_ref(), Some(&new));
        let cards = [1, 2].map(school_id);
        let mut all = Vec::new();
        for school in cards {
            all.extend(tx.school_credentials(school).await.unwrap());
        }
        assert_eq!(all, [new]);
    }
}

/// A counter is zero until it is saved, comes back with every field both ways, and is replaced.
pub async fn counters_are_loaded_as_saved(backend: impl Backend) {
    let [first, exact, last] = extreme_instants();
    let counters = [
        Counter { failures: 1, last: None, until: None },
        Counter { failures: u32::MAX, last: Some(exact), until: None },
        Counter { failures: 6, last: Some(first), until: Some(last) },
        Counter { failures: 0, last: None, until: Some(exact) },
        Counter::default(),
    ];
    let (one, other) = (login_key("pr1_a"), login_key("pr1_b"));
    assert_eq!(reading(&backend).await.counter(&one).await.unwrap(), Counter::default());
    let kept = Counter { failures: 3, ..Counter::default() };
    save(&backend, &Changes { counters: vec![(other, kept)], ..Changes::default() }).await;
    for counter in counters {
        save(&backend, &Changes { counters: vec![(one, counter)], ..Changes::default() }).await;
        let mut tx = reading(&backend).await;
        assert_eq!(tx.counter(&one).await.unwrap(), counter);
        assert_eq!(tx.counter(&other).await.unwrap(), kept);
    }
}

/// A device remembers each login that was used on it, and when it was used last.
pub async fn a_device_remembers_its_logins(backend: impl Backend) {
    let [first, exact, last] = extreme_instants();
    let device =
        |n, login, seen_at| Device { token: token(n), login_hash: login_key(login), seen_at };
    let other = device(2, "pr1_a", first);
    assert_eq!(reading(&backend).await.devices(&token(1)).await.unwrap(), []);
    save(&backend, &Changes { devices: vec![other], ..Changes::default() }).await;
    for seen in [device(1, "pr1_a", first), device(1, "pr1_b", exact), device(1, "pr1_a", last)] {
        save(&backend, &Changes { devices: vec![seen], ..Changes::default() }).await;
    }
    let mut expected = [device(1, "pr1_a", last), device(1, "pr1_b", exact)];
    expected.sort_by_key(|device| device.login_hash);
    let mut tx = reading(&backend).await;
    assert_eq!(tx.devices(&token(1)).await.unwrap(), expected);
    assert_eq!(tx.devices(&token(2)).await.unwrap(), [other]);
}

/// Every role, several accounts, none; with and without the day the password ends.
pub async fn sessions_are_loaded_as_saved(backend: impl Backend) {
    let [first, exact, last] = extreme_instants();
    let grant = |school, n, roles| AccountGrant {
        account: account_id(n),
        school: school_id(school),
        roles,
    };
    let plain = |n| session(n, school_id(1), 1);
    let sessions = [
        plain(1),
        SessionRow { password_ends: Some(EXTREME_DAYS[1]), expires_at: exact, ..plain(2) },
        SessionRow { method: SignInMethod::Esia, choose: true, ..plain(5) },
        SessionRow { choose: true, chosen: Some(account_id(1)), ..plain(6) },
        SessionRow { method: SignInMethod::from("later"), ..plain(7) },
        SessionRow { accounts: Vec::new(), created_at: first, expires_at: last, ..plain(3) },
        SessionRow {
            accounts: vec![
                grant(
                    2,
                    11,
                    vec![
                        GrantedRole::Parent { children: vec![account_id(2), account_id(1)] },
                        GrantedRole::Staff {
                            class_teacher_of: vec![class_id(1)],
                            duties: vec![Duty::Administrator],
                        },
                    ],
                ),
                grant(
                    1,
                    11,
                    vec![
                        GrantedRole::Staff { class_teacher_of: Vec::new(), duties: Vec::new() },
                        GrantedRole::Pupil,
                        GrantedRole::Parent { children: Vec::new() },
                    ],
                ),
            ],
            ..plain(4)
        },
    ];
    save(&backend, &Changes { sessions: sessions.to_vec(), ..people() }).await;
    let mut tx = reading(&backend).await;
    for session in &sessions {
        assert_eq!(
            tx.session(session.person, &session.token).await.unwrap().as_ref(),
            Some(session)
        );
    }
    assert_eq!(tx.session(person_id(1), &token(8)).await.unwrap(), None);
    // A token is its person's.
    assert_eq!(tx.session(person_id(2), &token(1)).await.unwrap(), None);
}

/// A session is replaced by its token, stays when its time is over, and is gone once it was ended.
pub async fn ended_sessions_are_gone(backend: impl Backend) {
    let over = SessionRow {
        created_at: at("1970-01-01T00:00:00Z"),
        expires_at: at("1970-01-02T00:00:00Z"),
        ..session(1, school_id(1), 1)
    };
    let other = session(2, school_id(1), 1);
    let sessions = vec![session(1, school_id(1), 1), over.clone(), other.clone()];
    save(&backend, &Changes { sessions, ..people() }).await;
    let found = reading(&backend).await.session(person_id(1), &token(1)).await.unwrap();
    assert_eq!(found, Some(over));

    // One that nobody has ends none; one that begins and ends in the same changes is ended.
    let ended = Changes {
        sessions: vec![session(3, school_id(1), 1)],
        ended_sessions: [(1, 1), (1, 9), (1, 3), (2, 2)]
            .map(|(person, n)| (person_id(person), token(n)))
            .into(),
        ..Changes::default()
    };
    save(&backend, &ended).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.session(person_id(1), &token(1)).await.unwrap(), None);
    assert_eq!(tx.session(person_id(1), &token(3)).await.unwrap(), None);
    assert_eq!(tx.session(person_id(1), &token(2)).await.unwrap().as_ref(), Some(&other));
    drop(tx);

    // In later changes the token may be used again.
    let again = session(1, school_id(1), 2);
    let mut tx = backend.begin(Access::Write).await.unwrap();
    let ended_sessions = vec![(person_id(1), token(2))];
    tx.apply(&Changes { ended_sessions, ..Changes::default() }).await.unwrap();
    let sessions = vec![again.clone(), other.clone()];
    tx.apply(&Changes { sessions, ..Changes::default() }).await.unwrap();
    assert_eq!(tx.session(person_id(2), &token(1)).await.unwrap(), Some(again));
    assert_eq!(tx.session(person_id(1), &token(2)).await.unwrap(), Some(other));
}

/// Tokens by the end of their time, no more than are asked for; the instant itself belongs to it.
pub async fn sessions_stand_by_their_end(backend: impl Backend) {
    let noon = at("2024-09-02T12:00:00Z");
    let end = |n, expires_at| SessionRow { expires_at, ..session(n, school_id(1), 1) };
    let sessions = vec![
        end(1, at("2024-09-03T00:00:00Z")),
        end(2, at("2024-09-01T00:00:00Z")),
        end(3, at("2024-09-02T12:00:00.000001Z")),
        end(5, noon),
        end(4, noon),
    ];
    save(&backend, &Changes { sessions, ..people() }).await;
    let mut tx = reading(&backend).await;
    let mut together = [token(4), token(5)];
    together.sort_by_key(|token| token.0);
    let all = [&[token(2)][..], &together].concat();
    let all: Vec<_> = all.into_iter().map(|token| (person_id(1), token)).collect();
    assert_eq!(tx.sessions_until(noon, 10).await.unwrap(), all);
    assert_eq!(tx.sessions_until(noon, 2).await.unwrap(), all[..2]);
    assert_eq!(tx.sessions_until(noon, 0).await.unwrap(), []);
    assert_eq!(tx.sessions_until(at("2024-08-31T00:00:00Z"), 10).await.unwrap(), []);
    assert_eq!(tx.sessions_until(at("9999-12-31T00:00:00Z"), u32::MAX).await.unwrap().len(), 5);
}

/// Two schools, and pupils 1 to 5 in both.
fn people() -> Changes {
    Changes {
        schools: vec![school(1), school(2)],
        accounts: [1, 2]
            .into_iter()
            .flat_map(|n| (1..=5).map(move |pupil| account(school_id(n), pupil, "Ёлкина")))
            .collect(),
        ..Changes::default()
    }
}

/// All sessions of a person end, of no other; all devices of a login are forgotten, of no other.
pub async fn what_a_new_card_ends_is_gone(backend: impl Backend) {
    let [first, ..] = extreme_instants();
    let device =
        |n, login| Device { token: token(n), login_hash: login_key(login), seen_at: first };
    let mut sessions =
        vec![session(1, school_id(1), 1), session(2, school_id(1), 1), session(3, school_id(1), 1)];
    let (gone, kept) = (PersonId(Uuid::from_u128(901)), PersonId(Uuid::from_u128(902)));
    for (session, person) in sessions.iter_mut().zip([gone, kept, gone]) {
        session.person = person;
    }
    let devices = vec![device(1, "pr1_a"), device(1, "pr1_b"), device(2, "pr1_a")];
    save(&backend, &Changes { sessions, devices, ..people() }).await;
    let ended = Changes {
        ended_people: vec![gone],
        forgotten_devices: vec![login_key("pr1_a")],
        ..Changes::default()
    };
    save(&backend, &ended).await;
    let mut tx = reading(&backend).await;
    for (n, person, there) in [(1, gone, false), (2, kept, true), (3, gone, false)] {
        assert_eq!(tx.session(person, &token(n)).await.unwrap().is_some(), there, "{n}");
    }
    assert_eq!(tx.devices(&token(1)).await.unwrap(), [device(1, "pr1_b")]);
    assert_eq!(tx.devices(&token(2)).await.unwrap(), []);
}
