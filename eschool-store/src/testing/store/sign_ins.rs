//! Signing in with a card.

use chrono::TimeDelta;
use eschool_core::signin::{GrantedRole, RefusalCode};

use super::{
    Harness,
    harness::{join, refused},
};
use crate::{SignInError, backend::Backend};

const HOME: &str = "192.0.2.10";

/// A right password costs one hash and opens a session of a pupil.
pub async fn a_right_password_opens_a_session(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let cards = harness.cards().await;
    let login = format!(" {} ", cards[0].login.as_str().to_uppercase());
    let signed_in = harness.sign_in(&login, &cards[0].password, HOME).await.unwrap();
    assert_eq!(harness.hasher.take(), 1);
    let session = harness.store.session(&signed_in.token.to_text()).await.unwrap();
    assert_eq!(session, signed_in.session);
    assert_eq!(session.accounts[0].roles, [GrantedRole::Pupil]);
    assert_eq!(session.pupil().unwrap().0, session.accounts[0].school);
}

/// A wrong password and a login that nobody has are told alike and cost one hash each.
pub async fn a_wrong_password_and_an_unknown_login_look_alike(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let cards = harness.cards().await;
    let mut told = Vec::new();
    for (login, password) in [
        (cards[0].login.as_str(), "wrong"),
        (cards[0].login.as_str(), ""),
        ("s7_nobody", cards[0].password.as_str()),
        ("не логин", "wrong"),
        ("", ""),
        (&"x".repeat(10_000), "wrong"),
    ] {
        let result = harness.sign_in(login, password, HOME).await;
        assert_eq!(harness.hasher.take(), 1);
        match result.unwrap_err() {
            SignInError::Refused(refusal) => told.push(refusal),
            SignInError::Store(error) => panic!("{error}"),
        }
    }
    assert_eq!(told[0].code, RefusalCode::WrongCredentials);
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]));
}

/// `use_esia` and `account_closed` come only after a right password.
pub async fn what_a_right_password_tells_a_wrong_one_does_not(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let cards = harness.cards().await;
    let [alla, anna] = &cards[..] else { panic!("two cards: the third pupil is too old") };
    for (now, card, expected) in [
        ("2025-02-27T20:59:59Z", anna, None),
        ("2025-02-27T21:00:00Z", anna, Some(RefusalCode::UseEsia)),
        ("2024-10-10T20:59:59Z", alla, None),
        ("2024-10-10T21:00:00Z", alla, Some(RefusalCode::AccountClosed)),
    ] {
        harness.clock.set(now);
        let result = harness.sign_in(card.login.as_str(), &card.password, HOME).await;
        match expected {
            None => assert!(result.is_ok(), "{now}"),
            Some(code) => assert_eq!(refused(result), code, "{now}"),
        }
        let wrong = harness.sign_in(card.login.as_str(), "wrong", HOME).await;
        assert_eq!(refused(wrong), RefusalCode::WrongCredentials, "{now}");
    }
}

/// Failures close a login, existing or not; while it is closed nothing is hashed and a right
/// password is refused too; then it opens again.
pub async fn failures_close_a_login_for_a_while(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let card = harness.cards().await.remove(0);
    for login in [card.login.as_str(), "s7_nobody"] {
        let mut hashed = 0;
        for attempt in 0..6 {
            // Each from elsewhere, so that only the login is counted.
            let from = format!("198.51.{attempt}.1");
            let code = refused(harness.sign_in(login, "wrong", &from).await);
            assert_eq!(code, RefusalCode::WrongCredentials);
            hashed += harness.hasher.take();
        }
        assert_eq!(hashed, 6);
        for password in ["wrong", card.password.as_str()] {
            let result = harness.sign_in(login, password, "203.0.113.1").await;
            match result.unwrap_err() {
                SignInError::Refused(refusal) => {
                    assert_eq!(refusal.code, RefusalCode::LockedUntil);
                    assert!(refusal.until.is_some());
                }
                SignInError::Store(error) => panic!("{error}"),
            }
            assert_eq!(harness.hasher.take(), 0, "nothing is hashed");
        }
    }
    harness.clock.forward(TimeDelta::seconds(61));
    assert!(harness.sign_in(card.login.as_str(), &card.password, HOME).await.is_ok());
}

/// Classmates who try a pupil's login do not lock out the device the pupil has used.
pub async fn a_known_device_is_not_locked_out_by_others(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let cards = harness.cards().await;
    let (card, other) = (&cards[0], &cards[1]);
    let login = card.login.as_str();
    let own = harness.sign_in(login, &card.password, HOME).await.unwrap();
    for attempt in 0..10 {
        let from = format!("198.51.{attempt}.1");
        let _ = harness.sign_in(login, "wrong", &from).await;
    }
    let stranger = harness.sign_in(login, &card.password, "203.0.113.1").await;
    assert_eq!(refused(stranger), RefusalCode::LockedUntil);
    let device = Some(&own);
    assert!(harness.sign_in_on(device, login, &card.password, HOME).await.is_ok());
    // The device is known for its own login alone.
    for attempt in 0..6 {
        let from = format!("198.51.{attempt}.2");
        let _ = harness.sign_in(other.login.as_str(), "wrong", &from).await;
    }
    let elsewhere = harness.sign_in_on(device, other.login.as_str(), &other.password, HOME).await;
    assert_eq!(refused(elsewhere), RefusalCode::LockedUntil);
    // And it guesses no more than anybody.
    for _ in 0..6 {
        let _ = harness.sign_in_on(device, login, "wrong", HOME).await;
    }
    let guesser = harness.sign_in_on(device, login, &card.password, HOME).await;
    assert_eq!(refused(guesser), RefusalCode::LockedUntil);
}

/// Brothers and sisters share a device, and it is known for each; a token that was never given out
/// makes no device known.
pub async fn a_family_shares_a_device(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let cards = harness.cards().await;
    let sign_in = async |device: Option<&crate::SignedIn>, n: usize, from: &str| {
        let card = &cards[n];
        harness.sign_in_on(device, card.login.as_str(), &card.password, from).await
    };
    let first = sign_in(None, 0, HOME).await.unwrap();
    let second = sign_in(Some(&first), 1, HOME).await.unwrap();
    let device = |signed_in: &crate::SignedIn| signed_in.device.as_ref().unwrap().to_text();
    assert_eq!(*device(&first), *device(&second));
    for attempt in 0..12 {
        let from = format!("198.51.{attempt}.1");
        let _ = harness.sign_in(cards[attempt % 2].login.as_str(), "wrong", &from).await;
    }
    assert!(sign_in(Some(&first), 0, HOME).await.is_ok());
    assert!(sign_in(Some(&first), 1, HOME).await.is_ok());

    let request = crate::PasswordSignIn {
        login: cards[0].login.to_string(),
        password: cards[0].password.clone().into(),
        source: None,
        device: Some(crate::secret::Token::new([7; 32]).to_text().to_string()),
    };
    let foreign = harness.store.sign_in_with_password(request).await;
    assert_eq!(refused(foreign), RefusalCode::LockedUntil);
}

/// Very many failures from one network close it for every login alike.
pub async fn failures_close_a_source(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let card = harness.cards().await.remove(0);
    for attempt in 0..61 {
        let from = format!("192.0.2.{attempt}");
        let _ = harness.sign_in(&format!("s7_nobody{attempt}"), "wrong", &from).await;
    }
    let same = harness.sign_in(card.login.as_str(), &card.password, "192.0.2.200").await;
    assert_eq!(refused(same), RefusalCode::LockedUntil);
    let mapped = harness.sign_in(card.login.as_str(), &card.password, "::ffff:192.0.2.7").await;
    assert_eq!(refused(mapped), RefusalCode::LockedUntil);
    assert!(harness.sign_in(card.login.as_str(), &card.password, "192.0.3.1").await.is_ok());
}

/// A right password takes its own attempt back, so a family that signs in often is never closed.
pub async fn a_right_password_is_not_counted(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let card = harness.cards().await.remove(0);
    for _ in 0..70 {
        assert!(harness.sign_in(card.login.as_str(), &card.password, HOME).await.is_ok());
    }
    harness.clock.set("2025-03-01T09:00:00Z");
    for _ in 0..8 {
        let _ = harness.sign_in(card.login.as_str(), &card.password, HOME).await;
    }
    let told = refused(harness.sign_in(card.login.as_str(), "wrong", HOME).await);
    assert_eq!(told, RefusalCode::WrongCredentials);
}

/// Many attempts at once are no way round the counter.
pub async fn attempts_at_once_are_counted_one_by_one(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let login = harness.cards().await.remove(0).login;
    let attempts = (0..12).map(|n| {
        let (store, login) = (harness.store.clone(), login.to_string());
        async move {
            let request = crate::PasswordSignIn {
                login,
                password: format!("guess {n}").into(),
                source: None,
                device: None,
            };
            store.sign_in_with_password(request).await
        }
    });
    let codes: Vec<_> = join(attempts).await.into_iter().map(refused).collect();
    let locked = codes.iter().filter(|code| **code == RefusalCode::LockedUntil).count();
    assert!(harness.hasher.take() <= 6, "{codes:?}");
    assert!(locked >= 6, "{codes:?}");
}

/// Whoever passes a counter after its delay leaves it as it was: neither the login nor the school's
/// address is closed by right passwords, however many failures stand on them.
pub async fn a_right_password_closes_nothing(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let card = harness.cards().await.remove(1);
    let login = card.login.as_str();
    for _ in 0..6 {
        let _ = harness.sign_in(login, "wrong", HOME).await;
    }
    harness.clock.forward(TimeDelta::seconds(61));
    for _ in 0..3 {
        assert!(harness.sign_in(login, &card.password, HOME).await.is_ok());
    }
    for attempt in 0..70 {
        let _ = harness.sign_in(&format!("s7_nobody{attempt}"), "wrong", HOME).await;
        harness.clock.forward(TimeDelta::seconds(20));
    }
    harness.clock.forward(TimeDelta::minutes(16));
    for _ in 0..5 {
        assert!(harness.sign_in(login, &card.password, HOME).await.is_ok());
    }
}

/// Every password that was checked leaves its outcome in the audit, and no name of anybody; a closed
/// counter leaves nothing, so a flood fills no disk.
pub async fn checked_attempts_are_audited_without_personal_data(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let card = harness.cards().await.remove(0);
    let _ = harness.sign_in(card.login.as_str(), "wrong", HOME).await;
    let _ = harness.sign_in("s7_nobody", "wrong", HOME).await;
    let _ = harness.sign_in(card.login.as_str(), &card.password, HOME).await.unwrap();
    let entries = harness.store.audit(3).await.unwrap();
    let told: Vec<_> = entries.iter().map(|e| (e.action.as_str(), e.outcome.as_str())).collect();
    assert_eq!(
        told,
        [
            ("sign_in", "granted"),
            ("sign_in", "wrong_credentials"),
            ("sign_in", "wrong_credentials"),
        ]
    );
    assert!(entries[0].actor.is_some());
    // A wrong password does not tell the log that the login exists either.
    assert_eq!((entries[1].actor, entries[2].actor), (None, None));
    let shown = serde_json::to_string(&entries).unwrap();
    for secret in [card.login.as_str(), card.name.family(), &card.password, HOME] {
        assert!(!shown.contains(secret));
    }
    for _ in 0..7 {
        let _ = harness.sign_in("s7_other", "wrong", HOME).await;
    }
    let before = harness.store.audit(100).await.unwrap().len();
    let locked = harness.sign_in("s7_other", "wrong", HOME).await;
    assert_eq!(refused(locked), RefusalCode::LockedUntil);
    assert_eq!(harness.store.audit(100).await.unwrap().len(), before);
}
