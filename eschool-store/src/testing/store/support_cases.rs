//! Cases of people whom a sign-in refused, and what the diagnosis finds.

use std::sync::Arc;

use eschool_core::{
    diagnosis::Cause,
    error::CodedError as _,
    people::{Duty, TypedEntry},
    signin::CaseCode,
    support::{CaseAct, Desk},
};

use super::{
    Harness,
    families::{FATHER, Known, MOTHER, NEWCOMER, TEACHER},
    journal_people::{ADMINISTRATOR, COLLEAGUE, at_work, mother, staff},
    parents::{form, typed},
};
use crate::{
    SignInError, SupportError,
    backend::{Backend, DutyRow},
    testing::{
        fixtures::{day, school_id},
        reading,
    },
};

/// Somebody whom no school knows.
pub(super) const AUNT: Known =
    Known {
        account: 99, name: ("Рябина", "Нина"), snils: "087-654-302 00", phone: "", ..NEWCOMER
    };

/// Works for technical support, in a school.
const SUPPORTER: Known =
    Known {
        account: 51, person: 51, name: ("Ива", "Роман"), snils: "", phone: "", ..NEWCOMER
    };

/// The class teacher who is told the code opens the case, and is told why the father of a pupil was
/// not recognised; a step says that it was shown. A second look that finds the same is no step.
pub async fn a_case_tells_what_stands_in_the_way(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let store = &harness.store;
    let father = Known { snils: "087-654-302 00", phone: "", ..FATHER };
    let code = refused(&harness, father).await;
    let view = store.open_case(&staff(TEACHER), school_id(1), &code).await.unwrap();
    assert_eq!((view.case.turn(), &view.desk), (&Desk::ClassTeacher, &Desk::ClassTeacher));
    let causes: Vec<_> = view.findings.iter().map(|finding| &finding.cause).collect();
    assert_eq!(causes, [&Cause::SnilsMissing]);
    assert_eq!(view.findings[0].account, Some(FATHER.id()));
    let acts = |case: &eschool_core::support::SupportCase| {
        case.steps().iter().map(|step| step.act.clone()).collect::<Vec<_>>()
    };
    assert_eq!(acts(&view.case), [CaseAct::Opened, CaseAct::FindingsShown]);
    let again = store.case(&staff(TEACHER), school_id(1), &code).await.unwrap();
    assert_eq!(acts(&again.case), acts(&view.case));

    let entry = store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.outcome.as_str()), ("case", "looked_at"));
    assert_eq!((entry.actor, entry.case), (Some(TEACHER.id()), Some(code)));
    for nobody in [staff(COLLEAGUE), mother()] {
        let refused = store.case(&nobody, school_id(1), &code).await.unwrap_err();
        assert_eq!(refused.code(), "not_allowed");
    }
}

/// What was typed wrongly is found by the name; it is the registrar's or the class teacher's to see,
/// and of another school nothing is told.
pub async fn a_refused_entry_is_found(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let store = &harness.store;
    let wrong = TypedEntry { snils: "087-654-302 01".into(), ..typed(AUNT) };
    let entered = store.enter_parent(&staff(TEACHER), school_id(1), &form(wrong, &[1])).await;
    assert_eq!(entered.unwrap_err().code(), "snils_checksum");
    let code = refused(&harness, AUNT).await;
    for known in [TEACHER, ADMINISTRATOR] {
        let view = store.open_case(&staff(known), school_id(1), &code).await.unwrap();
        let causes: Vec<_> = view.findings.iter().map(|finding| &finding.cause).collect();
        assert_eq!(causes, [&Cause::EntryRefused], "{known:?}");
        assert!(!view.findings[0].text_ru.contains("302 01"), "no number is told");
    }
}

/// A case goes from the class teacher to the administrator and to support, who sees it from then on
/// alone; every step is kept, and one out of turn is refused.
pub async fn a_case_goes_its_way(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |changes| {
        SUPPORTER.save(changes);
        let (account, duty) = (SUPPORTER.id(), Duty::Support);
        changes.duties.push((school_id(1), DutyRow { account, duty, since: day("2024-09-01") }));
    })
    .await;
    let store = &harness.store;
    let code = refused(&harness, AUNT).await;
    store.open_case(&staff(TEACHER), school_id(1), &code).await.unwrap();
    let step = async |known, act, text: Option<&str>| {
        store.record_step(&staff(known), school_id(1), &code, act, text.map(Into::into)).await
    };
    let early = step(SUPPORTER, CaseAct::Note, Some("рано")).await.unwrap_err();
    assert_eq!(early.code(), "not_allowed");
    let out_of_turn = step(ADMINISTRATOR, CaseAct::Closed, None).await.unwrap_err();
    assert_eq!(out_of_turn.code(), "case_not_your_turn");
    let long = "я".repeat(2001);
    let refused = step(TEACHER, CaseAct::Note, Some(&long)).await.unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("text_too_long", Some("text")));
    step(TEACHER, CaseAct::Note, Some("Принесла СНИЛС")).await.unwrap();
    step(TEACHER, CaseAct::PassedOn, None).await.unwrap();
    step(ADMINISTRATOR, CaseAct::PassedOn, None).await.unwrap();
    let view = store.case(&staff(SUPPORTER), school_id(1), &code).await.unwrap();
    assert_eq!((view.case.turn(), view.desk), (&Desk::Support, Desk::Support));
    let closed = step(SUPPORTER, CaseAct::Closed, None).await.unwrap();
    assert!(closed.is_closed());
    let entry = store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.outcome.as_str(), entry.actor), ("closed", Some(SUPPORTER.id())));

    let view = store.case(&staff(TEACHER), school_id(1), &code).await.unwrap();
    assert!(view.findings.is_empty());
    assert_eq!(view.case.steps().len(), closed.steps().len());
    let row = reading(&backend).await.support_case(&code).await.unwrap().unwrap();
    let bytes = row.case.to_bytes();
    assert!(!bytes.windows(12).any(|window| window == "Принес".as_bytes()));
}

/// A code that nobody has opens nothing; nor does one whose case another school has.
pub async fn a_case_is_its_schools(backend: impl Backend) {
    let harness = at_work(backend, |changes| {
        let there = Known { school: 2, account: 61, person: 61, ..SUPPORTER };
        there.save(changes);
        let (account, duty) = (there.id(), Duty::Administrator);
        changes.duties.push((school_id(2), DutyRow { account, duty, since: day("2024-09-01") }));
    })
    .await;
    let store = &harness.store;
    let nobodys: CaseCode = "7Q4-K2M".parse().unwrap();
    let unknown = store.open_case(&staff(TEACHER), school_id(1), &nobodys).await.unwrap_err();
    assert!(matches!(unknown, SupportError::NotFound));
    let entry = store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.outcome.as_str(), entry.case), ("not_found", Some(nobodys)));
    assert_eq!((entry.school, entry.actor), (Some(school_id(1)), Some(TEACHER.id())));
    let code = refused(&harness, AUNT).await;
    store.open_case(&staff(TEACHER), school_id(1), &code).await.unwrap();
    let mut there = staff(Known { account: 61, person: 61, ..SUPPORTER });
    there.accounts[0].school = school_id(2);
    let elsewhere = store.open_case(&there, school_id(2), &code).await.unwrap_err();
    assert_eq!(elsewhere.code(), "case_not_found");
    // Nobody opens a case anew when what was said is forgotten; one that is there stays.
    harness.clock.set("2024-10-20T09:00:00Z");
    let view = store.case(&staff(TEACHER), school_id(1), &code).await.unwrap();
    assert!(view.findings.is_empty() && !view.case.is_closed());
}

/// What the mother's СНИЛС in another school says is not a class teacher's to see.
pub async fn another_school_is_not_told_of(backend: impl Backend) {
    let harness = at_work(backend, |changes| {
        changes.claims.retain(|claim| claim.school != school_id(1) || claim.account != MOTHER.id());
    })
    .await;
    let store = &harness.store;
    let stranger = Known { name: ("Сирень", "Клара"), born: "01.01.1991", ..MOTHER };
    let code = refused(&harness, Known { phone: "", ..stranger }).await;
    let view = store.open_case(&staff(TEACHER), school_id(1), &code).await.unwrap();
    assert!(view.findings.iter().all(|finding| finding.school != Some(school_id(2))));
    assert!(view.findings.iter().all(|finding| finding.account.is_none()));
}

/// The code that somebody is told whom ЕСИА vouches for in vain.
pub(super) async fn refused<B: Backend>(harness: &Harness<B>, known: Known) -> CaseCode {
    match harness.store.sign_in_with_esia(known.in_esia()).await {
        Err(SignInError::Refused(refusal)) => refusal.case.unwrap(),
        other => panic!("a refusal: {other:?}"),
    }
}
