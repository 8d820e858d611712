//! Apps are let in, and what they get.

use std::sync::Arc;

use chrono::TimeDelta;
use eschool_core::{
    error::CodedError as _,
    policy::{SignInMethod, SignInPolicy},
    signin::RefusalCode,
};

use super::{
    Harness,
    families::{FATHER, MOTHER, MOTHER_THERE},
};
use crate::{
    AppGrantError, AppRequest, AppTokens, Store,
    backend::Backend,
    secret::CodeChallenge,
    testing::{fixtures::account_id, reading},
};

pub(super) const HOME: &str = "192.0.2.10";
pub(super) const APP: &str = "kotlin-diary";
pub(super) const ADDRESS: &str = "http://127.0.0.1:4100/callback";
/// The verifier of RFC 7636, appendix B.
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

pub(super) fn request() -> AppRequest {
    AppRequest {
        client: APP.into(),
        redirect_uri: ADDRESS.into(),
        challenge: CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").unwrap(),
        device: "Телефон мамы".parse().ok(),
    }
}

/// A code for the person of a session.
pub(super) async fn code<B: Backend>(store: &Store<B>, session: &str) -> String {
    store.grant_app(session, request()).await.unwrap().to_text().to_string()
}

pub(super) async fn redeem<B: Backend>(
    store: &Store<B>,
    code: &str,
) -> Result<AppTokens, AppGrantError> {
    store.redeem_app_code(code, APP, ADDRESS, VERIFIER).await
}

/// The tokens of an app that the person of a session lets in.
pub(super) async fn let_in<B: Backend>(store: &Store<B>, session: &str) -> AppTokens {
    let code = code(store, session).await;
    redeem(store, &code).await.unwrap()
}

/// Whether what opens a session still does.
pub(super) async fn opens<B: Backend>(store: &Store<B>, tokens: &AppTokens) -> bool {
    store.session(&tokens.access.to_text()).await.is_ok()
}

/// The pupil 2, Алла, signed in with a password.
pub(super) async fn pupil<B: Backend>(harness: &Harness<B>) -> String {
    let card = harness.cards().await.remove(0);
    let signed_in = harness.sign_in(card.login.as_str(), &card.password, HOME).await.unwrap();
    signed_in.token.to_text().to_string()
}

/// An app opens what the session opened that let it in, for fifteen minutes; the session goes on.
pub async fn an_app_opens_what_its_person_may(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let browser = pupil(&harness).await;
    let tokens = let_in(&harness.store, &browser).await;
    let own = harness.store.session(&browser).await.unwrap();
    let session = harness.store.session(&tokens.access.to_text()).await.unwrap();
    assert_eq!(session, tokens.session);
    assert_eq!((session.pupil(), session.person), (own.pupil(), own.person));
    assert_eq!(session.method, SignInMethod::Password);
    assert!(session.app.is_some() && own.app.is_none());
    harness.clock.forward(TimeDelta::minutes(15) - TimeDelta::seconds(1));
    assert!(opens(&harness.store, &tokens).await);
    harness.clock.forward(TimeDelta::seconds(1));
    assert!(!opens(&harness.store, &tokens).await);
    assert!(harness.store.session(&browser).await.is_ok());
}

/// A code is good once; brought again it ends what it began, and what follows from that.
pub async fn a_code_is_good_once(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let browser = pupil(&harness).await;
    let other = let_in(&harness.store, &browser).await;
    for wait in [TimeDelta::zero(), TimeDelta::days(1)] {
        let code = code(&harness.store, &browser).await;
        let tokens = redeem(&harness.store, &code).await.unwrap();
        harness.clock.forward(wait);
        let next = harness.store.refresh_app(&tokens.refresh.to_text(), APP).await.unwrap();
        // Whoever has it need not know the rest.
        let again = harness.store.redeem_app_code(&code, APP, ADDRESS, "").await.unwrap_err();
        assert_eq!(again.code(), "app_token_reused");
        assert!(!opens(&harness.store, &tokens).await && !opens(&harness.store, &next).await);
        let next = harness.store.refresh_app(&next.refresh.to_text(), APP).await.unwrap_err();
        assert_eq!(next.code(), "app_access_ended");
        assert_eq!(redeem(&harness.store, &code).await.unwrap_err().code(), "app_access_ended");
    }
    // No other access of the person is touched.
    assert!(harness.store.refresh_app(&other.refresh.to_text(), APP).await.is_ok());
}

/// A code waits a minute, for the app and the address and the verifier it was made for.
pub async fn a_code_is_bound(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let browser = pupil(&harness).await;
    let code = code(&harness.store, &browser).await;
    let wrong = "x".repeat(43);
    for (app, address, verifier, expected) in [
        ("swift-diary", ADDRESS, VERIFIER, "app_mismatch"),
        (APP, "http://127.0.0.1:4101/callback", VERIFIER, "app_mismatch"),
        (APP, "", VERIFIER, "app_mismatch"),
        (APP, ADDRESS, "", "code_verifier_wrong"),
        (APP, ADDRESS, wrong.as_str(), "code_verifier_wrong"),
        // The challenge itself, as with `plain`.
        (APP, ADDRESS, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_verifier_wrong"),
    ] {
        let refused = harness.store.redeem_app_code(&code, app, address, verifier).await;
        assert_eq!(refused.unwrap_err().code(), expected);
    }
    let mut other = code.clone();
    other.replace_range(60..62, if code.get(60..62) == Some("AA") { "BB" } else { "AA" });
    for unknown in ["", "x", &other, &"A".repeat(86), &"A".repeat(100_000)] {
        let refused = redeem(&harness.store, unknown).await.unwrap_err();
        assert_eq!(refused.code(), "app_access_ended");
    }
    harness.clock.forward(TimeDelta::seconds(59));
    assert!(redeem(&harness.store, &code).await.is_ok());

    let code = self::code(&harness.store, &browser).await;
    harness.clock.forward(TimeDelta::seconds(60));
    assert_eq!(redeem(&harness.store, &code).await.unwrap_err().code(), "app_code_expired");
}

/// A code is worth nothing once the person has signed out of where it was agreed to.
pub async fn a_code_ends_with_its_session(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let browser = pupil(&harness).await;
    let code = code(&harness.store, &browser).await;
    harness.store.sign_out(&browser).await.unwrap();
    assert_eq!(redeem(&harness.store, &code).await.unwrap_err().code(), "app_access_ended");
    let late = harness.store.grant_app(&browser, request()).await.unwrap_err();
    assert_eq!(late.code(), "session_ended");
}

/// No app lets in another: its token is no browser's session.
pub async fn an_app_lets_in_no_other(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let tokens = let_in(&harness.store, &pupil(&harness).await).await;
    let refused = harness.store.grant_app(&tokens.access.to_text(), request()).await.unwrap_err();
    assert_eq!(refused.code(), "app_from_app");
}

/// Where schools stand apart, an app gets the one that is chosen, and keeps it.
pub async fn an_app_gets_the_chosen_school(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    let store = &harness.store;
    let browser = store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().token.to_text();
    let early = store.grant_app(&browser, request()).await.unwrap_err();
    assert_eq!(early.code(), "school_not_chosen");
    store.choose_account(&browser, MOTHER_THERE.id()).await.unwrap();
    let tokens = let_in(store, &browser).await;
    store.choose_account(&browser, MOTHER.id()).await.unwrap();
    let next = store.refresh_app(&tokens.refresh.to_text(), APP).await.unwrap();
    let open: Vec<_> = next.session.open().map(|grant| grant.account).collect();
    assert_eq!(open, [MOTHER_THERE.id()]);
    let overview = store.overview(&next.session).await.unwrap();
    let open = overview.iter().filter(|school| school.is_open);
    let children: Vec<_> = open.flat_map(|school| &school.children).map(|c| c.account).collect();
    assert_eq!(children, [account_id(4)]);
}

/// Only hashes are kept: nothing of a code or token that was given out is in the row.
pub async fn an_app_is_kept_by_hashes(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::udmurtia_2023()).await;
    let store = &harness.store;
    let browser = store.sign_in_with_esia(FATHER.in_esia()).await.unwrap().token.to_text();
    let code = store.grant_app(&browser, request()).await.unwrap();
    let tokens = redeem(store, &code.to_text()).await.unwrap();
    let mut tx = reading(&backend).await;
    let row = tx.app_grants_of(tokens.session.person).await.unwrap().remove(0);
    let hashes = row.refresh.unwrap();
    assert_eq!(row.code, code.hash());
    assert_eq!((hashes.family, hashes.turn), (tokens.refresh.family(), tokens.refresh.turn()));
    assert!(tx.session(row.person, &tokens.access.hash()).await.unwrap().is_some());
    for shown in [format!("{row:?}"), format!("{tokens:?} {code:?} {:?}", request())] {
        assert!(!shown.contains("мамы"), "{shown}");
        for secret in [code.to_text(), tokens.access.to_text(), tokens.refresh.to_text()] {
            assert!(!shown.contains(&*secret), "{shown}");
        }
    }
    let told: Vec<_> = store.audit(3).await.unwrap().into_iter().map(|e| e.outcome).collect();
    assert_eq!(told, ["redeemed", "granted", "granted"]);
}

/// The code of a refusal that an app is told.
pub(super) fn refused(result: Result<AppTokens, AppGrantError>) -> RefusalCode {
    match result.unwrap_err() {
        AppGrantError::Refused(refusal) => refusal.code,
        error => panic!("no refusal: {error}"),
    }
}
