//! Sessions.

use chrono::TimeDelta;
use eschool_core::policy::SignInMethod;

use super::Harness;
use crate::{SessionError, backend::Backend};

const HOME: &str = "192.0.2.10";

/// A session ends when it is signed out of, and no other does.
pub async fn signing_out_ends_this_session_alone(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let card = harness.cards().await.remove(0);
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let signed_in = harness.sign_in(card.login.as_str(), &card.password, HOME).await.unwrap();
        tokens.push(signed_in.token.to_text());
    }
    let ended = harness.store.sign_out(&tokens[0]).await.unwrap();
    assert_eq!(ended, Some(SignInMethod::Password));
    assert!(matches!(harness.store.session(&tokens[0]).await, Err(SessionError::Ended)));
    assert!(harness.store.session(&tokens[1]).await.is_ok());
    for token in [&*tokens[0], "no token"] {
        assert_eq!(harness.store.sign_out(token).await.unwrap(), None);
    }
}

/// A session ends with the day before the threshold, at midnight of the school.
pub async fn a_session_ends_at_the_threshold(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let anna = harness.cards().await.remove(1);
    harness.clock.set("2025-02-27T09:00:00Z");
    let signed_in = harness.sign_in(anna.login.as_str(), &anna.password, HOME).await.unwrap();
    let token = signed_in.token.to_text();
    assert_eq!(signed_in.session.expires_at.to_rfc3339(), "2025-02-27T21:00:00+00:00");
    assert_eq!(signed_in.session.password_ends.unwrap().to_string(), "2025-02-28");
    harness.clock.set("2025-02-27T20:59:59Z");
    assert!(harness.store.session(&token).await.is_ok());
    harness.clock.set("2025-02-27T21:00:00Z");
    assert!(matches!(harness.store.session(&token).await, Err(SessionError::Ended)));
}

/// A session lasts no longer than the operator says.
pub async fn a_session_ends_after_its_time(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let anna = harness.cards().await.remove(1);
    let signed_in = harness.sign_in(anna.login.as_str(), &anna.password, HOME).await.unwrap();
    let token = signed_in.token.to_text();
    harness.clock.forward(TimeDelta::days(30) - TimeDelta::seconds(1));
    assert!(harness.store.session(&token).await.is_ok());
    harness.clock.forward(TimeDelta::seconds(1));
    assert!(matches!(harness.store.session(&token).await, Err(SessionError::Ended)));
}

/// Whatever is no token opens nothing.
pub async fn what_is_no_token_opens_nothing(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    for token in ["", "x", "%00", "ёжик", &"A".repeat(43), &"A".repeat(100_000)] {
        assert!(matches!(harness.store.session(token).await, Err(SessionError::Ended)));
    }
}
