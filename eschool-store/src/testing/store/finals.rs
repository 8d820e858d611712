//! Final marks, and how a school counts marks.

use eschool_core::{
    calendar::{Term, TermKind},
    error::CodedError as _,
    journal::{FinalMark, Grading, LessonDraft},
};

use super::{
    families::TEACHER,
    journal_people::{ADMINISTRATOR, COLLEAGUE, algebra, at_work, mother, pupil, staff, work},
};
use crate::{
    ClassFinalsError, Session,
    backend::{Backend, Changes, SchoolFrame},
    testing::fixtures::{account_id, class_id, days, final_mark, school_id},
};

fn quarter(changes: &mut Changes) {
    let term = Term {
        grade: 8,
        name: "1 четверть".into(),
        kind: TermKind::Quarter,
        days: days("2024-09-01", "2024-10-25"),
    };
    let frame = SchoolFrame { terms: vec![term], ..SchoolFrame::default() };
    changes.frames.push((school_id(1), frame));
}

/// Whoever teaches the class the subject writes its finals; the families are told, and the second
/// of two writers is shown what stands there.
pub async fn finals_are_written_by_who_teaches_the_subject(backend: impl Backend) {
    let harness = at_work(backend, quarter).await;
    let (school, class) = (school_id(1), class_id(8));
    let algebra_of = |pupil, value| final_mark(pupil, "Алгебра", value);
    let (teacher, administrator) = (staff(TEACHER), staff(ADMINISTRATOR));
    let save = async |who: &Session, seen: &[FinalMark], finals: Vec<FinalMark>| {
        harness.store.save_finals(who, school, class, "Алгебра", seen, finals).await
    };
    // Before they gave a lesson, nobody knows that they teach it.
    let refused = save(&teacher, &[], vec![algebra_of(1, "5")]).await.unwrap_err();
    assert_eq!(refused.code(), "not_allowed");
    harness
        .store
        .save_lesson(&administrator, school, None, algebra("2024-09-02", 1))
        .await
        .unwrap();
    let cursor = harness.store.events_since(&pupil(1), school, 0, 100).await.unwrap().next;

    let first = vec![algebra_of(3, "3"), algebra_of(1, "5")];
    let written = save(&teacher, &[], first).await.unwrap();
    assert_eq!(written, [algebra_of(1, "5"), algebra_of(3, "3")]);
    let read =
        async |who: &Session| harness.store.class_finals(who, school, class, "Алгебра").await;
    assert_eq!(read(&teacher).await.unwrap(), written);
    for nobody in [staff(COLLEAGUE), mother(), pupil(1)] {
        assert_eq!(read(&nobody).await.unwrap_err().code(), "not_allowed");
        let refused = save(&nobody, &written, vec![]).await.unwrap_err();
        assert_eq!(refused.code(), "not_allowed");
    }

    let late = save(&administrator, &[], vec![algebra_of(1, "2")]).await;
    let Err(ClassFinalsError::Conflict(now)) = late else { panic!("a conflict: {late:?}") };
    assert_eq!(now, written);
    let debt = save(&administrator, &now, vec![algebra_of(1, ".")]).await.unwrap_err();
    assert_eq!(debt.code(), "final_debt");
    let again = save(&administrator, &now, vec![algebra_of(1, "4")]).await.unwrap();
    assert_eq!(read(&administrator).await.unwrap(), again);

    let told = harness.store.events_since(&pupil(1), school, cursor, 100).await.unwrap();
    let told: Vec<_> = told.events.iter().map(|event| event.what.text_ru()).collect();
    assert_eq!(
        told,
        ["Алгебра: отметка за 1 четверть – 5", "Алгебра: отметка за 1 четверть – 4 вместо 5",]
    );
    let entries = harness.store.audit(5).await.unwrap();
    let saved: Vec<_> = entries.iter().map(|e| (e.action.as_str(), e.actor, e.subject)).collect();
    let by = Some(ADMINISTRATOR.id());
    assert_eq!(
        saved,
        [
            ("finals_read", by, Some(account_id(3))),
            ("finals_read", by, Some(account_id(2))),
            ("finals_read", by, Some(account_id(1))),
            ("finals_saved", by, Some(account_id(3))),
            ("finals_saved", by, Some(account_id(1))),
        ]
    );
}

/// How a school counts marks is its administrator's to say, and means are counted so.
pub async fn means_are_counted_by_the_schools_rules(backend: impl Backend) {
    let harness = at_work(backend, quarter).await;
    let school = school_id(1);
    let draft =
        LessonDraft { works: vec![work("тест", &[(1, "4+")])], ..algebra("2024-09-02", 1) };
    harness.new_lesson(draft).await;
    let mean = async || {
        let term = harness.store.term(&pupil(1), school, account_id(1), None).await.unwrap();
        term.subjects[0].mean.unwrap().to_string()
    };
    assert_eq!(mean().await, "4.00");
    let ours = Grading::default().with_sign(30).unwrap();
    let refused = harness.store.set_grading(&staff(TEACHER), school, ours).await.unwrap_err();
    assert_eq!(refused.code(), "not_allowed");
    assert_eq!(mean().await, "4.00");
    harness.store.set_grading(&staff(ADMINISTRATOR), school, ours).await.unwrap();
    assert_eq!(mean().await, "4.30");
    assert_eq!(harness.store.audit(1).await.unwrap()[0].action, "grading_saved");
}
