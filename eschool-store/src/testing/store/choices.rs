//! Several schools of one person: apart or together.

use eschool_core::{error::CodedError as _, policy::SignInPolicy};

use super::{
    Harness,
    families::{FATHER, MOTHER, MOTHER_THERE},
};
use crate::{
    Session,
    backend::Backend,
    testing::fixtures::{account_id, school_id},
};

/// Where schools stand together, all are open at once, and there is nothing to choose.
pub async fn merged_accounts_are_open_together(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::udmurtia_2023()).await;
    let signed_in = harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    let session = signed_in.session;
    assert!(!session.choose && !session.must_choose());
    assert_eq!(session.open().count(), 2);
    assert_eq!(readable(&harness, &session).await, [1, 4]);
    let token = signed_in.token.to_text();
    let chosen = harness.store.choose_account(&token, MOTHER_THERE.id()).await.unwrap();
    assert_eq!(chosen, session);
}

/// Where schools stand apart, nothing is open until one is chosen; then that one alone, until
/// another is.
pub async fn separate_accounts_are_open_one_at_a_time(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    let signed_in = harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    assert!(signed_in.session.choose && signed_in.session.must_choose());
    assert_eq!(signed_in.session.open().count(), 0);
    assert_eq!(readable(&harness, &signed_in.session).await, [0; 0]);
    let overviews = harness.store.overview(&signed_in.session).await.unwrap();
    assert!(overviews.iter().all(|overview| !overview.is_open));

    let token = signed_in.token.to_text();
    for (account, child) in [(MOTHER, 1), (MOTHER_THERE, 4), (MOTHER, 1), (MOTHER, 1)] {
        let chosen = harness.store.choose_account(&token, account.id()).await.unwrap();
        assert_eq!(harness.store.session(&token).await.unwrap(), chosen);
        assert!(chosen.choose && !chosen.must_choose());
        assert_eq!(chosen.expires_at, signed_in.session.expires_at);
        let open: Vec<_> = chosen.open().map(|grant| grant.account).collect();
        assert_eq!(open, [account.id()]);
        assert_eq!(readable(&harness, &chosen).await, [child]);
        let overviews = harness.store.overview(&chosen).await.unwrap();
        let open: Vec<_> = overviews.iter().filter(|o| o.is_open).map(|o| o.account).collect();
        assert_eq!((overviews.len(), &open[..]), (2, &[account.id()][..]));
    }
    // Each choice that changed something is told, and by which account.
    let audit = harness.store.audit(10).await.unwrap();
    let chosen: Vec<_> = audit.iter().filter(|e| e.action == "choose_account").collect();
    let actors: Vec<_> = chosen.iter().map(|entry| (entry.school, entry.actor)).collect();
    let of = |known: super::families::Known| (Some(school_id(known.school)), Some(known.id()));
    assert_eq!(actors, [of(MOTHER), of(MOTHER_THERE), of(MOTHER)]);
}

/// Nobody chooses an account that was not granted, or in a session that has ended.
pub async fn only_a_granted_account_is_chosen(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    let signed_in = harness.store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    let token = signed_in.token.to_text();
    for stranger in [FATHER.id(), account_id(1), account_id(404)] {
        let refused = harness.store.choose_account(&token, stranger).await.unwrap_err();
        assert_eq!(refused.code(), "not_granted");
    }
    assert_eq!(harness.store.session(&token).await.unwrap(), signed_in.session);
    for token in ["", "no token", &"A".repeat(43)] {
        let refused = harness.store.choose_account(token, MOTHER.id()).await.unwrap_err();
        assert_eq!(refused.code(), "session_ended");
    }
    harness.clock.forward(chrono::TimeDelta::days(31));
    let refused = harness.store.choose_account(&token, MOTHER.id()).await.unwrap_err();
    assert_eq!(refused.code(), "session_ended");
}

/// Who has one account has nothing to choose, whatever the policy.
pub async fn one_account_is_open_at_once(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    let session = harness.store.sign_in_with_esia(FATHER.in_esia()).await.unwrap().session;
    assert!(!session.choose && !session.must_choose());
    assert_eq!(readable(&harness, &session).await, [3]);
}

/// The numbers of the pupils whose diaries a session reads: 1 and 3 of school 1, 4 of school 2.
async fn readable<B: Backend>(harness: &Harness<B>, session: &Session) -> Vec<u128> {
    let mut readable = Vec::new();
    for (school, pupil) in [(1, 1), (1, 3), (2, 4)] {
        let (school, account) = (school_id(school), account_id(pupil));
        match harness.store.week(session, school, account, None).await {
            Ok((profile, _)) => {
                assert_eq!(profile.account, account);
                readable.push(pupil);
            }
            Err(refused) => assert_eq!(refused.code(), "not_yours"),
        }
    }
    readable
}
