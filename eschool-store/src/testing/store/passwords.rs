//! A pupil's own password.

use std::sync::Arc;

use eschool_core::{error::CodedError as _, signin::RefusalCode};

use super::{Harness, refused};
use crate::{
    PasswordChange, PasswordChangeError, SignedIn,
    backend::{Backend, Changes, Credential},
    testing::{fixtures::login_key, reading, save},
};

const HOME: &str = "192.0.2.10";
const NEW: &str = "горный ручей";

/// The new password serves and the old one no more; this session goes on, the others end, and the
/// devices are strangers again.
pub async fn a_pupil_changes_the_password(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let card = harness.cards().await.remove(0);
    let login = card.login.as_str();
    let other = harness.sign_in(login, &card.password, HOME).await.unwrap();
    let this = harness.sign_in(login, &card.password, HOME).await.unwrap();
    change(&harness, &this, &card.password, NEW).await.unwrap();
    let entry = harness.store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.outcome.as_str()), ("password", "changed"));
    assert_eq!(entry.actor, entry.subject);
    assert!(entry.actor.is_some() && entry.school.is_some());

    let store = &harness.store;
    assert!(store.session(&this.token.to_text()).await.is_ok());
    let ended = store.session(&other.token.to_text()).await.unwrap_err();
    assert_eq!(ended.code(), "session_ended");
    let old = harness.sign_in(login, &card.password, HOME).await;
    assert_eq!(refused(old), RefusalCode::WrongCredentials);
    assert!(harness.sign_in(login, NEW, HOME).await.is_ok());
    for attempt in 0..6 {
        let _ = harness.sign_in(login, "wrong", &format!("198.51.{attempt}.1")).await;
    }
    let stranger = harness.sign_in_on(Some(&this), login, NEW, HOME).await;
    assert_eq!(refused(stranger), RefusalCode::LockedUntil);
}

/// A password that is too short, the login or the present one changes nothing; so does whoever is
/// not signed in, or is past the threshold.
pub async fn a_password_that_will_not_do_is_refused(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let cards = harness.cards().await;
    let card = &cards[0];
    let this = harness.sign_in(card.login.as_str(), &card.password, HOME).await.unwrap();
    harness.hasher.take();
    for (new, code) in [
        ("короче", "password_too_short"),
        (card.login.as_str(), "password_is_login"),
        (&card.password, "password_is_former"),
    ] {
        let error = change(&harness, &this, &card.password, new).await.unwrap_err();
        assert_eq!((error.code(), error.field()), (code, Some("newPassword")));
    }
    assert_eq!(harness.hasher.take(), 0);
    harness.store.sign_out(&this.token.to_text()).await.unwrap();
    let out = change(&harness, &this, &card.password, NEW).await.unwrap_err();
    assert_eq!(out.code(), "session_ended");
    assert!(harness.sign_in(card.login.as_str(), &card.password, HOME).await.is_ok());
}

/// A wrong present password is counted as at a sign-in: after five the login is closed, and no
/// password is checked.
pub async fn wrong_passwords_are_counted_at_a_change_too(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let card = harness.cards().await.remove(0);
    let this = harness.sign_in(card.login.as_str(), &card.password, HOME).await.unwrap();
    for _ in 0..6 {
        let error = change(&harness, &this, "неверный", NEW).await.unwrap_err();
        assert_eq!(error.code(), "password_wrong");
    }
    harness.hasher.take();
    let closed = change(&harness, &this, &card.password, NEW).await.unwrap_err();
    let PasswordChangeError::Refused(refusal) = closed else { panic!("closed: {closed}") };
    assert_eq!(refusal.code, RefusalCode::LockedUntil);
    assert_eq!(harness.hasher.take(), 0);
    let outside = harness.sign_in(card.login.as_str(), &card.password, HOME).await;
    assert_eq!(refused(outside), RefusalCode::LockedUntil);
}

/// A card that is replaced while its password is being hashed does not let that sign-in through.
pub async fn a_card_replaced_meanwhile_lets_nobody_in(backend: impl Backend + 'static) {
    let backend = Arc::new(backend);
    let harness = Harness::new(Arc::clone(&backend)).await;
    let card = harness.cards().await.remove(0);
    replace_meanwhile(&harness, &backend, card.login.as_str()).await;
    let result = harness.sign_in(card.login.as_str(), &card.password, HOME).await;
    assert_eq!(refused(result), RefusalCode::WrongCredentials);
    let until = "2030-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(reading(&backend).await.sessions_until(until, 10).await.unwrap(), []);
}

/// Nor is the new card's password overwritten by a change that began before it.
pub async fn a_card_replaced_meanwhile_keeps_its_password(backend: impl Backend + 'static) {
    let backend = Arc::new(backend);
    let harness = Harness::new(Arc::clone(&backend)).await;
    let card = harness.cards().await.remove(0);
    let this = harness.sign_in(card.login.as_str(), &card.password, HOME).await.unwrap();
    replace_meanwhile(&harness, &backend, card.login.as_str()).await;
    let result = change(&harness, &this, &card.password, NEW).await.unwrap_err();
    assert_eq!(result.code(), "session_ended");
    let stands = reading(&backend).await.credential(&login_key(card.login.as_str())).await;
    assert_eq!(stands.unwrap().unwrap().phc, OTHER);
}

const OTHER: &str = "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAA";

/// Replaces a card while the next password is checked.
async fn replace_meanwhile<B: Backend + 'static>(
    harness: &Harness<Arc<B>>,
    backend: &Arc<B>,
    login: &str,
) {
    let card = reading(backend).await.credential(&login_key(login)).await.unwrap().unwrap();
    let credentials = vec![Credential { phc: OTHER.into(), ..card }];
    let changes = Changes { credentials, ..Changes::default() };
    let (backend, runtime) = (Arc::clone(backend), tokio::runtime::Handle::current());
    harness.hasher.meanwhile(move || runtime.block_on(save(&backend, &changes)));
}

/// The device on which the password was changed is none of the strangers.
pub async fn the_device_of_a_change_stays_known(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let card = harness.cards().await.remove(0);
    let login = card.login.as_str();
    let other = harness.sign_in(login, &card.password, HOME).await.unwrap();
    let this = harness.sign_in(login, &card.password, HOME).await.unwrap();
    let change = PasswordChange {
        old: card.password.clone().into(),
        new: String::from(NEW).into(),
        source: HOME.parse().ok(),
        device: this.device.as_ref().map(|device| device.to_text().to_string()),
    };
    harness.store.change_password(&this.token.to_text(), change).await.unwrap();
    for attempt in 0..6 {
        let _ = harness.sign_in(login, "wrong", &format!("198.51.{attempt}.1")).await;
    }
    let stranger = harness.sign_in_on(Some(&other), login, NEW, HOME).await;
    assert_eq!(refused(stranger), RefusalCode::LockedUntil);
    assert!(harness.sign_in_on(Some(&this), login, NEW, HOME).await.is_ok());
}

async fn change<B: Backend>(
    harness: &Harness<B>,
    signed_in: &SignedIn,
    old: &str,
    new: &str,
) -> Result<(), PasswordChangeError> {
    let change = PasswordChange {
        old: String::from(old).into(),
        new: String::from(new).into(),
        source: HOME.parse().ok(),
        device: None,
    };
    harness.store.change_password(&signed_in.token.to_text(), change).await
}
