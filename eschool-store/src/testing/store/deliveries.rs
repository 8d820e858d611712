//! A form that arrives twice.

use eschool_core::{
    calendar::DateRange,
    journal::AttendanceClass,
    people::{DataBasis, DataGround},
    support::{CaseAct, SupportCase},
};

use super::{
    Harness,
    families::TEACHER,
    journal_people::{ADMINISTRATOR, at_work, mother, staff},
    support_cases::{AUNT, refused},
};
use crate::{
    ExcuseForm,
    backend::Backend,
    testing::fixtures::{account_id, day, school_id},
};

/// A form that arrives twice is one: the second is answered with what stands there, and leaves no
/// trace. Once that was accepted, ended or followed by something else, the same words are new.
pub async fn a_form_that_arrives_twice_is_one(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    excuses(&harness).await;
    grounds(&harness).await;
    steps_of_cases(&harness).await;
}

async fn lines<B: Backend>(harness: &Harness<B>) -> usize {
    harness.store.audit(1000).await.unwrap().len()
}

async fn excuses<B: Backend>(harness: &Harness<B>) {
    let (store, school, anna) = (&harness.store, school_id(1), account_id(1));
    let days = DateRange::new(day("2024-09-03"), day("2024-09-04")).unwrap();
    let form = |text: &str| ExcuseForm {
        pupil: anna,
        days,
        lessons: vec![],
        class: AttendanceClass::Ill,
        text: text.into(),
    };
    let tell = async |text| store.tell_excuse(&mother(), school, form(text)).await.unwrap();
    let first = tell("Температура").await;
    let before = lines(harness).await;
    harness.clock.forward(chrono::TimeDelta::seconds(1));
    assert_eq!(tell("Температура").await, first);
    assert_eq!(lines(harness).await, before);
    let other = tell("Температура и кашель").await;
    assert_ne!(other.id, first.id);
    store.accept_excuse(&staff(TEACHER), school, anna, first.id).await.unwrap();
    let after = tell("Температура").await;
    assert_ne!(after.id, first.id);
    assert_eq!(store.excuses(&mother(), school, anna, days).await.unwrap().len(), 3);
}

async fn grounds<B: Backend>(harness: &Harness<B>) {
    let (store, school, teacher) = (&harness.store, school_id(1), staff(TEACHER));
    let basis = |account| DataBasis {
        account: account_id(account),
        ground: DataGround::Consent,
        document: "Согласие № 17".into(),
        date: day("2024-09-01"),
        until: None,
        withdrawn: None,
    };
    let add = async |account| store.add_basis(&teacher, school, basis(account)).await.unwrap();
    let first = add(1).await;
    let before = lines(harness).await;
    assert_eq!(add(1).await, first);
    assert_eq!(lines(harness).await, before);
    assert_ne!(add(2).await.id, first.id, "of somebody else");
    store.end_basis(&teacher, school, account_id(1), first.id, day("2024-10-01")).await.unwrap();
    assert_ne!(add(1).await.id, first.id, "what was withdrawn is not given again");
    let kept = store.data_bases(&teacher, school, account_id(1)).await.unwrap();
    assert_eq!(kept.len(), 2);
}

async fn steps_of_cases<B: Backend>(harness: &Harness<B>) {
    let (store, school) = (&harness.store, school_id(1));
    let code = refused(harness, AUNT).await;
    store.open_case(&staff(TEACHER), school, &code).await.unwrap();
    let step = async |known, act, text: Option<&str>| {
        store.record_step(&staff(known), school, &code, act, text.map(Into::into)).await
    };
    let steps = |case: &SupportCase| case.steps().len();
    let opened = steps(&store.case(&staff(TEACHER), school, &code).await.unwrap().case);
    let noted = async |known| step(known, CaseAct::Note, Some("Принесла СНИЛС")).await.unwrap();
    let first = noted(TEACHER).await;
    let before = lines(harness).await;
    assert_eq!(noted(TEACHER).await, first);
    assert_eq!((steps(&first), lines(harness).await), (opened + 1, before));
    // Another's words, and one's own after them, are new.
    noted(ADMINISTRATOR).await;
    assert_eq!(steps(&noted(TEACHER).await), opened + 3);
    let passed = step(TEACHER, CaseAct::PassedOn, None).await.unwrap();
    assert_eq!(step(TEACHER, CaseAct::PassedOn, None).await.unwrap(), passed);
    let closed = step(ADMINISTRATOR, CaseAct::Closed, None).await.unwrap();
    assert!(step(ADMINISTRATOR, CaseAct::Closed, None).await.is_err(), "it is closed");
    let reopened = step(ADMINISTRATOR, CaseAct::Reopened, None).await.unwrap();
    assert_eq!(steps(&reopened), steps(&closed) + 1);
    assert_eq!(step(ADMINISTRATOR, CaseAct::Reopened, None).await.unwrap(), reopened);
}
