//! Registration cards.

use std::sync::Arc;

use eschool_core::{
    error::CodedError as _, id::SchoolId, people::PASSWORD_ALPHABET, signin::RefusalCode,
};
use uuid::Uuid;

use super::{Harness, harness::refused};
use crate::{
    Actor, IssuedCard, SessionError,
    backend::{Backend, Changes},
    testing::{
        fixtures::{account_id, day, school_id},
        reading, save,
    },
};

const HOME: &str = "192.0.2.10";

/// Pupils of the class get cards, by name; from the threshold on a card is refused.
pub async fn a_class_gets_cards_but_for_who_is_too_old(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let class = "8А".parse().unwrap();
    let issued = harness.store.issue_cards(Actor::Console, school_id(1), &class).await.unwrap();
    let logins: Vec<_> = issued.cards.iter().map(|made| made.card.login.as_str()).collect();
    // namesakes by family: the second has the initial too
    assert_eq!(logins, ["s7_yolkina", "s7_yolkina_a"]);
    for IssuedCard { card, .. } in &issued.cards {
        assert_eq!(card.password.chars().count(), 8);
        assert!(card.password.chars().all(|c| PASSWORD_ALPHABET.contains(&c)));
        assert_eq!(card.registered.to_string(), "2024-09-02");
    }
    let [(name, code)] = &issued.not_issued[..] else { panic!("one is too old") };
    assert_eq!((name.family(), code), ("Пихта", &RefusalCode::UseEsia));
}

/// A second card keeps the login and changes the password.
pub async fn a_second_card_changes_the_password_alone(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let first = harness.cards().await.remove(0);
    let second = harness.cards().await.remove(0);
    assert_eq!(first.login, second.login);
    assert_ne!(first.password, second.password);
    let login = first.login.as_str();
    let old = harness.sign_in(login, &first.password, HOME).await;
    assert_eq!(refused(old), RefusalCode::WrongCredentials);
    assert!(harness.sign_in(login, &second.password, HOME).await.is_ok());
}

/// A second card ends the sessions that the first opened, and its devices are strangers again.
pub async fn a_second_card_ends_what_the_first_opened(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let cards = harness.cards().await;
    let login = cards[0].login.as_str();
    let first = harness.sign_in(login, &cards[0].password, HOME).await.unwrap();
    let second = harness.cards().await.remove(0);
    let ended = harness.store.session(&first.token.to_text()).await;
    assert!(matches!(ended, Err(SessionError::Ended)));
    for attempt in 0..6 {
        let _ = harness.sign_in(login, "wrong", &format!("198.51.{attempt}.1")).await;
    }
    let stranger = harness.sign_in_on(Some(&first), login, &second.password, HOME).await;
    assert_eq!(refused(stranger), RefusalCode::LockedUntil);
}

/// Who has left the class gets no card, and no class or school is made up.
pub async fn cards_are_for_todays_pupils(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    harness.clock.set("2024-10-11T09:00:00Z");
    let names: Vec<_> =
        harness.cards().await.iter().map(|card| card.name.given().to_owned()).collect();
    assert_eq!(names, ["Анна"]);
    let no_class =
        harness.store.issue_cards(Actor::Console, school_id(1), &"9Я".parse().unwrap()).await;
    assert_eq!(no_class.unwrap_err().code(), "class_not_found");
    let nowhere = SchoolId(Uuid::from_u128(99));
    let no_school =
        harness.store.issue_cards(Actor::Console, nowhere, &"8А".parse().unwrap()).await;
    assert_eq!(no_school.unwrap_err().code(), "school_not_found");
}

/// Each card is a line of the card journal and of the audit.
pub async fn cards_are_written_down(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let cards = harness.cards().await;
    let audit = harness.store.audit(10).await.unwrap();
    let issued = audit.iter().filter(|e| e.action == "card" && e.outcome == "issued").count();
    assert_eq!(issued, cards.len());
}

/// Who leaves while the passwords are hashed gets no card.
pub async fn who_left_meanwhile_gets_no_card(backend: impl Backend + 'static) {
    let backend = Arc::new(backend);
    let harness = Harness::new(Arc::clone(&backend)).await;
    let registry = reading(&backend).await.registry(school_id(1)).await.unwrap();
    let mut stays = registry.stays;
    stays.retain(|stay| stay.pupil == account_id(1));
    for stay in &mut stays {
        stay.to = Some(day("2024-09-01"));
    }
    let stays = stays.into_iter().map(|stay| (school_id(1), stay)).collect();
    let changes = Changes { stays, ..Changes::default() };
    let (other, runtime) = (Arc::clone(&backend), tokio::runtime::Handle::current());
    harness.hasher.meanwhile(move || runtime.block_on(save(&other, &changes)));
    let cards = harness.cards().await;
    let names: Vec<_> = cards.iter().map(|card| card.name.given()).collect();
    assert_eq!(names, ["Алла"]);
}
