//! What has had its time is forgotten.

use std::sync::Arc;

use chrono::TimeDelta;
use eschool_core::policy::SignInPolicy;

use super::{
    Harness,
    families::{MOTHER, NEWCOMER},
};
use crate::{
    SignInError,
    backend::{Backend, Changes, SessionRow},
    secret::TokenHash,
    testing::{
        fixtures::{at, school_id, session},
        reading, save,
    },
};

/// Invitations, used or not, go after three days; refused sign-ins and sessions after thirty, to
/// the second, though nobody else is refused.
pub async fn what_has_had_its_time_is_forgotten(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    let Err(SignInError::Refused(refusal)) =
        harness.store.sign_in_with_esia(NEWCOMER.in_esia()).await
    else {
        panic!("a refusal")
    };
    let case = refusal.case.unwrap();
    let open = harness.store.invite_administrator(school_id(1)).await.unwrap().token;
    let used = harness.store.invite_administrator(school_id(1)).await.unwrap().token;
    let session = harness.store.accept_invitation(&used.to_text(), MOTHER.in_esia()).await;
    let session = session.unwrap().token;

    let left = async || {
        let mut tx = reading(&backend).await;
        let mut left = Vec::new();
        for token in [&open, &used] {
            left.push(tx.invitation(&token.hash()).await.unwrap().is_some());
        }
        left.push(tx.refused_sign_in(&case).await.unwrap().is_some());
        left.push(tx.session(session.person(), &session.hash()).await.unwrap().is_some());
        left
    };
    let second = TimeDelta::seconds(1);
    for (forward, forgotten, rows) in [
        (TimeDelta::days(3) - second, 0, [true; 4]),
        (second, 2, [false, false, true, true]),
        (TimeDelta::days(27) - second, 0, [false, false, true, true]),
        (second, 2, [false; 4]),
        (TimeDelta::days(400), 0, [false; 4]),
    ] {
        harness.clock.forward(forward);
        assert_eq!(harness.store.forget_expired().await.unwrap(), forgotten);
        assert_eq!(left().await, rows);
    }
}

/// However many there are, they all go, and what still has time stays.
pub async fn thousands_are_forgotten_at_once(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    let numbered = |n: u64| {
        let mut token = [0; 32];
        token[..8].copy_from_slice(&n.to_be_bytes());
        SessionRow {
            token: TokenHash(token),
            expires_at: at("2024-09-02T09:00:00Z"),
            ..session(1, school_id(1), 1)
        }
    };
    let sessions = (0..1201).map(numbered).collect();
    save(&backend, &Changes { sessions, ..Changes::default() }).await;
    let living = harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().token;
    assert_eq!(harness.store.forget_expired().await.unwrap(), 1201);
    let end = at("9999-12-31T00:00:00Z");
    let left = reading(&backend).await.sessions_until(end, u32::MAX).await.unwrap();
    assert_eq!(left, [(living.person(), living.hash())]);
}
