//! What is kept after ЕСИА vouched for somebody and the rules said no.

use std::sync::Arc;

use chrono::TimeDelta;
use eschool_core::{
    policy::SignInPolicy,
    signin::{Assurance, CaseCode, EsiaChild, EsiaPerson, Refusal, RefusalCode},
};

use super::{
    Harness,
    families::{MOTHER, NEWCOMER},
};
use crate::{
    SignInError,
    backend::Backend,
    testing::{fixtures::at, reading},
};

fn unconfirmed() -> EsiaPerson {
    EsiaPerson { assurance: Assurance::Unconfirmed, ..MOTHER.in_esia() }
}

async fn refusal<B: Backend>(harness: &Harness<B>, person: EsiaPerson) -> Refusal {
    match harness.store.sign_in_with_esia(person).await.unwrap_err() {
        SignInError::Refused(refusal) => refusal,
        SignInError::Store(error) => panic!("{error}"),
    }
}

/// Under the code that the refusal names, what ЕСИА said is found again, with why and when.
pub async fn what_esia_said_is_found_by_the_case_code(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    let mut codes = Vec::new();
    for (person, expected) in [
        (unconfirmed(), RefusalCode::EsiaNotConfirmed),
        (NEWCOMER.in_esia(), RefusalCode::NotFound),
        (
            EsiaPerson { snils: None, verified_phone: None, ..MOTHER.in_esia() },
            RefusalCode::NotFound,
        ),
    ] {
        // ЕСИА may have told of children, too: they are not kept.
        let child = EsiaChild { name: Some(person.name.clone()), birth_date: None, snils: None };
        let told = EsiaPerson { children: vec![child], ..person.clone() };
        let refusal = refusal(&harness, told).await;
        assert_eq!(refusal.code, expected);
        // As it is told on the telephone.
        let code = refusal.case.unwrap().to_string().to_lowercase().replace('-', " ");
        let kept = harness.store.refused_sign_in(&code.parse().unwrap()).await.unwrap().unwrap();
        assert_eq!((kept.refusal, kept.person), (expected, person));
        assert_eq!(kept.at, at("2024-09-02T09:00:00Z"));
        assert_eq!(kept.expires_at, at("2024-10-02T09:00:00Z"));
        codes.push(code);
    }
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), 3, "each has a code of its own");
}

/// In the database it is sealed, for its own row alone.
pub async fn what_esia_said_is_sealed(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    let case = refusal(&harness, unconfirmed()).await.case.unwrap();
    let other = refusal(&harness, NEWCOMER.in_esia()).await.case.unwrap();
    let row = reading(&backend).await.refused_sign_in(&case).await.unwrap().unwrap();
    let bytes = row.said.to_bytes();
    for secret in [MOTHER.name.0, MOTHER.snils, MOTHER.phone, "esiaNotConfirmed", "1985-05-17"] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
    // A row whose seal was taken from another opens nothing.
    let moved = crate::backend::RefusedSignInRow { case: other, ..row };
    let changes = crate::backend::Changes { refused_sign_ins: vec![moved], ..<_>::default() };
    crate::testing::save(&backend, &changes).await;
    assert!(harness.store.refused_sign_in(&other).await.is_err());
    // That somebody looked is told all the same.
    let entry = harness.store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.outcome.as_str()), ("case_read", "failed"));
    assert_eq!(entry.case, Some(other));
}

/// Who comes again and again is told one code: the case is brought up to date, and no other is made.
/// Another reason, another person and a case whose time is over have codes of their own.
pub async fn who_is_refused_again_keeps_the_case(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    let case = refusal(&harness, unconfirmed()).await.case.unwrap();
    harness.clock.forward(TimeDelta::days(29));
    let later = EsiaPerson { verified_phone: None, ..unconfirmed() };
    for _ in 0..3 {
        assert_eq!(refusal(&harness, later.clone()).await.case, Some(case));
    }
    let kept = harness.store.refused_sign_in(&case).await.unwrap().unwrap();
    assert_eq!((kept.refusal, kept.person), (RefusalCode::EsiaNotConfirmed, later.clone()));
    assert_eq!(kept.at, at("2024-10-01T09:00:00Z"));
    assert_eq!(kept.expires_at, at("2024-10-31T09:00:00Z"));

    let unknown = EsiaPerson { snils: None, verified_phone: None, ..MOTHER.in_esia() };
    let mut cases = vec![
        case,
        refusal(&harness, unknown).await.case.unwrap(),
        refusal(&harness, EsiaPerson { oid: "1".into(), ..later.clone() }).await.case.unwrap(),
    ];
    harness.clock.forward(TimeDelta::days(29));
    assert_eq!(all_cases(&backend).await, 3);
    harness.clock.forward(TimeDelta::days(1));
    cases.push(refusal(&harness, later).await.case.unwrap());
    cases.sort();
    cases.dedup();
    assert_eq!(cases.len(), 4);
}

async fn all_cases(backend: &impl Backend) -> usize {
    let end = at("9999-12-31T00:00:00Z");
    reading(backend).await.cases_until(end, u32::MAX).await.unwrap().len()
}

/// After thirty days it is gone: from the answers at once, from the database with the next refusal.
pub async fn a_case_is_kept_for_thirty_days(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    let case = refusal(&harness, unconfirmed()).await.case.unwrap();
    harness.clock.forward(TimeDelta::days(30) - TimeDelta::seconds(1));
    assert!(harness.store.refused_sign_in(&case).await.unwrap().is_some());
    let younger = refusal(&harness, NEWCOMER.in_esia()).await.case.unwrap();
    let there = reading(&backend).await.refused_sign_in(&case).await.unwrap();
    assert!(there.is_some(), "not a second too early");

    harness.clock.forward(TimeDelta::seconds(1));
    assert!(harness.store.refused_sign_in(&case).await.unwrap().is_none());
    refusal(&harness, NEWCOMER.in_esia()).await;
    let mut tx = reading(&backend).await;
    assert!(tx.refused_sign_in(&case).await.unwrap().is_none());
    assert!(tx.refused_sign_in(&younger).await.unwrap().is_some());
}

/// Who looks is noted with the code, whether they found something or not; nothing noted tells of
/// whom.
pub async fn every_look_at_a_case_is_audited(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    let case = refusal(&harness, unconfirmed()).await.case.unwrap();
    harness.store.refused_sign_in(&case).await.unwrap();
    let unknown = CaseCode::from_random([9; 8]);
    assert!(harness.store.refused_sign_in(&unknown).await.unwrap().is_none());
    let entries = harness.store.audit(10).await.unwrap();
    let told: Vec<_> = entries.iter().map(|e| (e.action.as_str(), e.outcome.as_str())).collect();
    assert_eq!(
        told,
        [("case_read", "not_found"), ("case_read", "found"), ("sign_in", "esia_not_confirmed")]
    );
    let cases: Vec<_> = entries.iter().map(|entry| entry.case).collect();
    assert_eq!(cases, [Some(unknown), Some(case), Some(case)]);
    let shown = serde_json::to_string(&entries).unwrap();
    for secret in [MOTHER.name.0, MOTHER.snils, MOTHER.phone] {
        assert!(!shown.contains(secret));
    }
}

/// A refusal that ЕСИА had no part in has no case.
pub async fn a_wrong_password_opens_no_case(backend: impl Backend) {
    let harness = Harness::with_families(backend, SignInPolicy::ryazan_2022()).await;
    match harness.sign_in("s7_nobody", "wrong", "192.0.2.10").await.unwrap_err() {
        SignInError::Refused(refusal) => assert_eq!(refusal.case, None),
        SignInError::Store(error) => panic!("{error}"),
    }
}
