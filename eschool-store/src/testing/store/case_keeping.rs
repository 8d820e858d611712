//! How long support cases are kept, whose they are, and who tries codes.

use std::sync::Arc;

use chrono::TimeDelta;
use eschool_core::{
    error::CodedError as _,
    id::SchoolId,
    signin::{CaseCode, EsiaPerson},
    support::{CaseAct, SupportCase},
};

use super::{
    Harness,
    families::{FATHER, Known, NEWCOMER, TEACHER},
    journal_people::{ADMINISTRATOR, COLLEAGUE, at_work, staff},
};
use crate::{
    Actor, SignInError, SupportError,
    backend::Backend,
    testing::{
        fixtures::{person_id, school_id},
        reading,
    },
};

const HERE: SchoolId = school_id(1);

/// Whom no school knows.
const STRANGER: Known =
    Known {
        account: 98, person: 98, name: ("Рябина", "Нина"), snils: "", phone: "", ..NEWCOMER
    };

/// A closed case goes thirty days after its last step, to the second, with what it found; one that
/// is open stays, and one that was opened again begins anew.
pub async fn a_closed_case_is_forgotten(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    let store = &harness.store;
    let mut codes = Vec::new();
    for (n, known) in [FATHER, STRANGER].into_iter().enumerate() {
        let known = Known { snils: "087-654-302 00", phone: "", person: 90 + n as u128, ..known };
        let code = refused(&harness, known.in_esia()).await;
        store.open_case(&staff(TEACHER), HERE, &code).await.unwrap();
        codes.push(code);
    }
    let act = async |code, act| -> SupportCase {
        store.record_step(&staff(TEACHER), HERE, code, act, None).await.unwrap()
    };
    let closed = act(&codes[0], CaseAct::Closed).await;
    assert_eq!(closed.closed_at(), closed.steps().last().map(|step| step.at));
    harness.clock.forward(TimeDelta::days(10));
    assert_eq!(act(&codes[0], CaseAct::Reopened).await.closed_at(), None);
    act(&codes[0], CaseAct::Closed).await;
    let left = async || {
        let mut tx = reading(&backend).await;
        let found = tx.support_cases_of(&[], &[(HERE, FATHER.id())]).await.unwrap();
        (found, tx.support_cases_after(None, 10).await.unwrap().len())
    };
    harness.clock.forward(TimeDelta::days(30) - TimeDelta::seconds(1));
    store.forget_expired().await.unwrap();
    assert_eq!(left().await, (vec![codes[0]], 2));
    harness.clock.forward(TimeDelta::seconds(1));
    assert_eq!(store.forget_expired().await.unwrap(), 1);
    assert_eq!(left().await, (vec![], 1));
    harness.clock.forward(TimeDelta::days(400));
    assert_eq!(store.forget_expired().await.unwrap(), 0);
}

/// Who was never let in is given the case that found their account, and has it erased, though what
/// ЕСИА said is forgotten and no number at ЕСИА is known.
pub async fn a_case_is_given_out_and_erased_without_its_refusal(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    let store = &harness.store;
    let father = Known { snils: "087-654-302 00", phone: "", ..FATHER };
    let code = refused(&harness, father.in_esia()).await;
    let others = refused(&harness, STRANGER.in_esia()).await;
    for code in [&code, &others] {
        store.open_case(&staff(TEACHER), HERE, code).await.unwrap();
    }
    harness.clock.forward(TimeDelta::days(31));
    store.forget_expired().await.unwrap();
    let export = store.export_person(Actor::Console, person_id(FATHER.person)).await.unwrap();
    assert!(export.refused_sign_ins.is_empty());
    let told: Vec<_> = export.support_cases.iter().map(SupportCase::code).collect();
    assert_eq!(told, [code]);

    harness.clock.set("2025-09-01T09:00:00Z");
    store.erase_person(Actor::Console, person_id(FATHER.person)).await.unwrap();
    let mut tx = reading(&backend).await;
    assert_eq!(tx.support_case(&code).await.unwrap(), None);
    assert!(tx.support_case(&others).await.unwrap().is_some());
    assert_eq!(tx.support_cases_of(&[], &[(HERE, FATHER.id())]).await.unwrap(), []);
}

/// While a case has a code nobody else gets it, though the refusal that had it is forgotten.
pub async fn a_code_is_nobody_elses_while_a_case_has_it(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let store = &harness.store;
    harness.entropy.next(&[7; 8]);
    let code = refused(&harness, STRANGER.in_esia()).await;
    assert_eq!(code, CaseCode::from_random([7; 8]));
    store.open_case(&staff(TEACHER), HERE, &code).await.unwrap();
    harness.clock.forward(TimeDelta::days(31));
    store.forget_expired().await.unwrap();
    harness.entropy.next(&[7; 8]);
    harness.entropy.next(&[8; 8]);
    let other =
        refused(&harness, Known { snils: "087-654-302 00", phone: "", ..FATHER }.in_esia()).await;
    assert_eq!(other, CaseCode::from_random([8; 8]));
}

/// Who is refused again while the case is open has its code; once it is closed, another one, which
/// any school may open.
pub async fn after_a_closed_case_a_new_one_begins(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let store = &harness.store;
    let code = refused(&harness, STRANGER.in_esia()).await;
    store.open_case(&staff(TEACHER), HERE, &code).await.unwrap();
    assert_eq!(refused(&harness, STRANGER.in_esia()).await, code);
    store.record_step(&staff(TEACHER), HERE, &code, CaseAct::Closed, None).await.unwrap();
    let new = refused(&harness, STRANGER.in_esia()).await;
    assert_ne!(new, code);
    assert_eq!(refused(&harness, STRANGER.in_esia()).await, new);
    let view = store.open_case(&staff(TEACHER), HERE, &new).await.unwrap();
    assert!(!view.case.is_closed());
}

/// Whoever tries a code that opens nothing is on record, whatever they would have done with it, and
/// who takes no cases learns nothing of codes.
pub async fn codes_are_not_tried_unseen(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let store = &harness.store;
    let code: CaseCode = "7Q4-K2M".parse().unwrap();
    let mut before = store.audit(u32::MAX).await.unwrap().len();
    let mut noted = async |by: Known| {
        let mut audit = store.audit(u32::MAX).await.unwrap();
        before += 1;
        assert_eq!(audit.len(), before);
        let entry = audit.remove(0);
        assert_eq!((entry.outcome.as_str(), entry.case), ("not_found", Some(code)));
        assert_eq!((entry.school, entry.actor), (Some(HERE), Some(by.id())));
    };
    for by in [TEACHER, ADMINISTRATOR] {
        let tried = store.case(&staff(by), HERE, &code).await.unwrap_err();
        assert!(matches!(tried, SupportError::NotFound));
        noted(by).await;
        let tried = store.record_step(&staff(by), HERE, &code, CaseAct::Closed, None).await;
        assert!(matches!(tried.unwrap_err(), SupportError::NotFound));
        noted(by).await;
    }
    let tried = store.case(&staff(COLLEAGUE), HERE, &code).await.unwrap_err();
    assert_eq!(tried.code(), "not_allowed");
    noted(COLLEAGUE).await;
}

/// A server whose clock is behind that of the last step takes the next one nevertheless.
pub async fn a_step_is_taken_though_a_clock_is_ahead(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let store = &harness.store;
    let code = refused(&harness, STRANGER.in_esia()).await;
    let opened = store.open_case(&staff(TEACHER), HERE, &code).await.unwrap().case;
    harness.clock.forward(TimeDelta::seconds(-2));
    let closed = store.record_step(&staff(TEACHER), HERE, &code, CaseAct::Closed, None).await;
    assert_eq!(closed.unwrap().closed_at(), opened.steps().last().map(|step| step.at));
}

async fn refused<B: Backend>(harness: &Harness<B>, person: EsiaPerson) -> CaseCode {
    match harness.store.sign_in_with_esia(person).await {
        Err(SignInError::Refused(refusal)) => refusal.case.unwrap(),
        other => panic!("a refusal: {other:?}"),
    }
}
