//! How long apps stay in, and how they are put out.

use std::sync::Arc;

use chrono::TimeDelta;
use eschool_core::{
    error::CodedError as _,
    people::{Guardianship, KeptApart, StaffPost},
    policy::SignInPolicy,
    signin::RefusalCode,
};

use super::{
    Harness,
    apps::{APP, HOME, code, let_in, opens, pupil, redeem, refused},
    families::{FATHER, Known, MOTHER, MOTHER_THERE, TEACHER, bond},
    harness::{Yielding, join},
};
use crate::{
    AppGrantError, PasswordChange, RevokeError,
    backend::{Backend, Changes, Removed},
    testing::{
        fixtures::{class_id, day, school_id},
        reading, save,
    },
};

/// Each refresh gives other tokens; the access token before lasts as long as it was to.
pub async fn tokens_rotate(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let store = &harness.store;
    let mut tokens = let_in(store, &pupil(&harness).await).await;
    for _ in 0..5 {
        harness.clock.forward(TimeDelta::minutes(10));
        let former = tokens;
        tokens = store.refresh_app(&former.refresh.to_text(), APP).await.unwrap();
        assert_ne!(former.refresh.to_text(), tokens.refresh.to_text());
        assert_ne!(former.access.to_text(), tokens.access.to_text());
        assert!(opens(store, &former).await && opens(store, &tokens).await);
        assert_eq!(tokens.session.expires_at, former.session.expires_at + TimeDelta::minutes(10));
    }
    let stranger = store.refresh_app(&tokens.refresh.to_text(), "swift-diary").await.unwrap_err();
    assert_eq!(stranger.code(), "app_mismatch");
    assert!(store.refresh_app(&tokens.refresh.to_text(), APP).await.is_ok());
}

/// A token that was used before ends the access with all its tokens; one that was made up ends none.
pub async fn a_token_used_twice_ends_the_access(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let store = &harness.store;
    let browser = pupil(&harness).await;
    let (first, other) = (let_in(store, &browser).await, let_in(store, &browser).await);
    let old = first.refresh.to_text();
    let second = store.refresh_app(&old, APP).await.unwrap();
    let third = store.refresh_app(&second.refresh.to_text(), APP).await.unwrap();

    // Who knows whose access it is, and no token of it.
    let mut made_up = third.refresh.to_text().to_string();
    let is_a = made_up.get(50..60) == Some("AAAAAAAAAA");
    made_up.replace_range(50..60, if is_a { "BBBBBBBBBB" } else { "AAAAAAAAAA" });
    for unknown in [&*made_up, "", "x", &"A".repeat(128), &"A".repeat(100_000)] {
        let error = store.refresh_app(unknown, APP).await.unwrap_err();
        assert_eq!(error.code(), "app_access_ended");
    }
    assert!(opens(store, &third).await);

    assert_eq!(store.refresh_app(&old, APP).await.unwrap_err().code(), "app_token_reused");
    for tokens in [&first, &second, &third] {
        assert!(!opens(store, tokens).await);
    }
    let error = store.refresh_app(&third.refresh.to_text(), APP).await.unwrap_err();
    assert_eq!(error.code(), "app_access_ended");
    assert_eq!(store.audit(1).await.unwrap()[0].outcome, "reused");
    assert!(opens(store, &other).await);
}

/// Of two who refresh with one token at once one gets tokens, and they end with the other's coming.
pub async fn two_refreshes_at_once_are_one(backend: impl Backend) {
    let harness = Harness::new(Yielding(backend)).await;
    let store = &harness.store;
    let tokens = let_in(store, &pupil(&harness).await).await;
    let refresh = tokens.refresh.to_text();
    let done = join((0..4).map(|_| store.refresh_app(&refresh, APP))).await;
    let (got, refused): (Vec<_>, Vec<_>) = done.into_iter().partition(Result::is_ok);
    assert_eq!((got.len(), refused.len()), (1, 3));
    let mut codes: Vec<_> = refused.iter().map(|e| e.as_ref().unwrap_err().code()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["app_access_ended", "app_access_ended", "app_token_reused"]);
    for tokens in got {
        assert!(!opens(store, &tokens.unwrap()).await);
    }
}

/// Of two who redeem one code at once one gets tokens.
pub async fn two_redemptions_at_once_are_one(backend: impl Backend) {
    let harness = Harness::new(Yielding(backend)).await;
    let store = &harness.store;
    let code = code(store, &pupil(&harness).await).await;
    let done = join((0..2).map(|_| redeem(store, &code))).await;
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1);
    for tokens in done.into_iter().flatten() {
        assert!(!opens(store, &tokens).await);
    }
}

/// An app is in no longer than what the sign-in granted: the threshold of a pupil with a password, the
/// end of a parent's guardianship.
pub async fn an_app_ends_with_its_grant(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    let store = &harness.store;
    let anna = harness.cards().await.remove(1);
    harness.clock.set("2024-12-31T20:55:00Z");
    let signed_in = harness.sign_in(anna.login.as_str(), &anna.password, HOME).await.unwrap();
    let pupil = let_in(store, &signed_in.token.to_text()).await;
    let father = store.sign_in_with_esia(FATHER.in_esia()).await.unwrap();
    let father = let_in(store, &father.token.to_text()).await;
    assert_eq!(father.session.expires_at.to_rfc3339(), "2024-12-31T21:00:00+00:00");
    harness.clock.set("2024-12-31T21:00:00Z");
    assert!(!opens(store, &father).await);
    let error = store.refresh_app(&father.refresh.to_text(), APP).await.unwrap_err();
    assert_eq!(error.code(), "app_access_ended");

    harness.clock.set("2025-02-27T20:50:00Z");
    let pupil = store.refresh_app(&pupil.refresh.to_text(), APP).await.unwrap();
    assert_eq!(pupil.session.expires_at.to_rfc3339(), "2025-02-27T21:00:00+00:00");
    assert_eq!(pupil.session.password_ends, Some(day("2025-02-28")));
    harness.clock.set("2025-02-27T21:00:00Z");
    assert!(!opens(store, &pupil).await);
    let error = store.refresh_app(&pupil.refresh.to_text(), APP).await.unwrap_err();
    assert_eq!(error.code(), "app_access_ended");
}

/// An app that nobody uses for half a year is out; one that is used is not.
pub async fn an_app_that_is_not_used_is_out(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    let store = &harness.store;
    let browser = store.sign_in_with_esia(TEACHER.in_esia()).await.unwrap().token.to_text();
    let mut tokens = let_in(store, &browser).await;
    for _ in 0..3 {
        harness.clock.forward(TimeDelta::days(180) - TimeDelta::seconds(1));
        tokens = store.refresh_app(&tokens.refresh.to_text(), APP).await.unwrap();
        assert_eq!(store.devices_of(&tokens.session).await.unwrap().len(), 1);
    }
    harness.clock.forward(TimeDelta::days(180));
    let error = store.refresh_app(&tokens.refresh.to_text(), APP).await.unwrap_err();
    assert_eq!(error.code(), "app_access_ended");
    assert_eq!(store.devices_of(&tokens.session).await.unwrap(), []);
    // The access, its last session, and that of the browser.
    assert!(store.forget_expired().await.unwrap() >= 2);
    assert_eq!(store.forget_expired().await.unwrap(), 0);
}

/// A code that nobody redeems is forgotten.
pub async fn a_code_that_waits_in_vain_is_forgotten(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::new(Arc::clone(&backend)).await;
    let browser = pupil(&harness).await;
    code(&harness.store, &browser).await;
    let session = harness.store.session(&browser).await.unwrap();
    assert_eq!(harness.store.devices_of(&session).await.unwrap(), []);
    harness.clock.forward(TimeDelta::seconds(59));
    assert_eq!(harness.store.forget_expired().await.unwrap(), 0);
    harness.clock.forward(TimeDelta::seconds(1));
    assert_eq!(harness.store.forget_expired().await.unwrap(), 1);
    assert_eq!(reading(&backend).await.app_grants_of(session.person).await.unwrap(), []);
}

/// An operator's word that two accounts are two people's ends what a key in common held together.
pub async fn who_is_told_apart_loses_the_others_accounts(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::udmurtia_2023()).await;
    let store = &harness.store;
    let mother = store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().token.to_text();
    let tokens = let_in(store, &mother).await;
    assert_eq!(tokens.session.accounts.len(), 2);
    let kept_apart = vec![KeptApart { one: MOTHER.id(), other: MOTHER_THERE.id() }];
    save(&backend, &Changes { kept_apart, ..Changes::default() }).await;
    let next = store.refresh_app(&tokens.refresh.to_text(), APP).await.unwrap();
    assert_eq!(next.session.accounts.len(), 1);
    // And an app stays in the school that the person agreed to.
    let other = next.session.accounts.first().unwrap().account;
    let chosen = store.choose_account(&next.access.to_text(), other).await;
    assert_eq!(chosen.unwrap_err().code(), "not_granted");
}

/// What the schools know is asked at each refresh: who is barred since is out, and told why.
pub async fn each_refresh_judges_anew(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::udmurtia_2023()).await;
    let store = &harness.store;
    let mother = store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap().token.to_text();
    let teacher = store.sign_in_with_esia(TEACHER.in_esia()).await.unwrap().token.to_text();
    let (mother, teacher) = (let_in(store, &mother).await, let_in(store, &teacher).await);
    assert_eq!(mother.session.accounts.len(), 2);

    // As if it were written by an import, which ends no sessions.
    let (school, bond_of_1) = bond(MOTHER, 1);
    let (_, bond_of_2) = bond(MOTHER, 2);
    let barred = |bond| (school, Guardianship { barred: true, ..bond });
    let guardianships = vec![barred(bond_of_1), barred(bond_of_2)];
    save(&backend, &Changes { guardianships, ..Changes::default() }).await;
    let next = store.refresh_app(&mother.refresh.to_text(), APP).await.unwrap();
    let left: Vec<_> = next.session.accounts.iter().map(|grant| grant.school).collect();
    assert_eq!(left, [school_id(2)]);

    // The other school's account turns out to be somebody else's.
    let mut theirs = Changes::default();
    Known { snils: "112-855-899 74", ..MOTHER_THERE }.save(&mut theirs);
    save(&backend, &theirs).await;
    let out = store.refresh_app(&next.refresh.to_text(), APP).await;
    assert_eq!(refused(out), RefusalCode::NoChildren);
    assert!(!opens(store, &next).await);

    let post = StaffPost {
        account: TEACHER.id(),
        subject: "Алгебра".into(),
        class_teacher_of: Some(class_id(8)),
        until: None,
    };
    let removed = Removed {
        staff: vec![(school, post)],
        guardianships: vec![bond(TEACHER, 3)],
        ..Removed::default()
    };
    save(&backend, &Changes { removed, ..Changes::default() }).await;
    let out = store.refresh_app(&teacher.refresh.to_text(), APP).await;
    assert_eq!(refused(out), RefusalCode::AccountClosed);
    assert!(!opens(store, &teacher).await);
    let entry = store.audit(1).await.unwrap().remove(0);
    assert_eq!((&*entry.action, &*entry.outcome), ("app_access", "account_closed"));
    assert_eq!(entry.actor, Some(TEACHER.id()));
}

/// Signing out in the app ends its access, and the browser's session does not end it.
pub async fn signing_out_of_an_app_ends_its_access(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let store = &harness.store;
    let browser = pupil(&harness).await;
    let (one, other) = (let_in(store, &browser).await, let_in(store, &browser).await);
    let again = store.refresh_app(&one.refresh.to_text(), APP).await.unwrap();
    store.sign_out(&again.access.to_text()).await.unwrap();
    assert!(!opens(store, &one).await && !opens(store, &again).await);
    let error = store.refresh_app(&again.refresh.to_text(), APP).await.unwrap_err();
    assert_eq!(error.code(), "app_access_ended");
    store.sign_out(&browser).await.unwrap();
    assert!(opens(store, &other).await);
    assert!(store.refresh_app(&other.refresh.to_text(), APP).await.is_ok());
}

/// A person sees the own devices, used last first, and puts out those alone, at once.
pub async fn own_devices_are_listed_and_put_out(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::udmurtia_2023()).await;
    let store = &harness.store;
    let mother = store.sign_in_with_esia(MOTHER.in_esia()).await.unwrap();
    let teacher = store.sign_in_with_esia(TEACHER.in_esia()).await.unwrap();
    let (browser, stranger) = (mother.token.to_text(), teacher.session);
    let one = let_in(store, &browser).await;
    harness.clock.forward(TimeDelta::minutes(1));
    let two = let_in(store, &browser).await;
    harness.clock.forward(TimeDelta::minutes(1));
    let one = store.refresh_app(&one.refresh.to_text(), APP).await.unwrap();
    let devices = store.devices_of(&mother.session).await.unwrap();
    let ids: Vec<_> = devices.iter().map(|device| device.id).collect();
    assert_eq!(ids, [one.session.app.unwrap(), two.session.app.unwrap()]);
    let first = &devices[0];
    assert_eq!((&*first.app, first.device.as_ref().unwrap().as_str()), (APP, "Телефон мамы"));
    assert_eq!(first.used_at - first.granted_at, TimeDelta::minutes(2));
    assert_eq!(store.devices_of(&two.session).await.unwrap(), devices);
    assert_eq!(store.devices_of(&stranger).await.unwrap(), []);

    let id = first.id;
    assert!(matches!(store.revoke_device(&stranger, id).await, Err(RevokeError::Unknown)));
    assert!(opens(store, &one).await);
    store.revoke_device(&mother.session, id).await.unwrap();
    assert!(!opens(store, &one).await && opens(store, &two).await);
    let error = store.refresh_app(&one.refresh.to_text(), APP).await.unwrap_err();
    assert!(matches!(error, AppGrantError::Unknown));
    assert_eq!(store.audit(1).await.unwrap()[0].outcome, "revoked");
    let again = store.revoke_device(&mother.session, id).await.unwrap_err();
    assert_eq!(again.code(), "device_unknown");
    assert_eq!(store.devices_of(&mother.session).await.unwrap().len(), 1);
}

/// Whoever changes the password, or gets a new card, has no app inside any more.
pub async fn a_new_password_puts_apps_out(backend: impl Backend) {
    let harness = Harness::new(backend).await;
    let store = &harness.store;
    let card = harness.cards().await.remove(0);
    let signed_in = harness.sign_in(card.login.as_str(), &card.password, HOME).await.unwrap();
    let browser = signed_in.token.to_text();
    let tokens = let_in(store, &browser).await;
    let change = PasswordChange {
        old: card.password.to_string().into(),
        new: String::from("горный ручей").into(),
        source: None,
        device: None,
    };
    store.change_password(&browser, change).await.unwrap();
    assert!(!opens(store, &tokens).await);
    let tokens = let_in(store, &browser).await;
    harness.cards().await;
    assert!(!opens(store, &tokens).await);
    let error = store.refresh_app(&tokens.refresh.to_text(), APP).await.unwrap_err();
    assert_eq!(error.code(), "app_access_ended");
}
