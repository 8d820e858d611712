//! Why a child was absent.

use std::sync::Arc;

use eschool_core::{
    calendar::DateRange,
    error::CodedError as _,
    journal::{AttendanceClass, AttendanceDraft, LessonPage},
};

use uuid::Uuid;

use super::{
    Harness,
    families::TEACHER,
    journal_people::{COLLEAGUE, algebra, at_work, mother, pupil, staff},
};
use crate::{
    ExcuseForm, ExcuseUseError, SeenLesson,
    backend::{Backend, Changes, ExcuseRow},
    testing::{
        fixtures::{account_id, day, school_id, sealed},
        reading, save,
    },
};

/// What a mother tells changes nothing before the class teacher accepts it; then the absences of
/// those days are excused, the diary tells so, and whoever had the page open sees a conflict.
pub async fn an_accepted_excuse_excuses_absences(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let (store, school, teacher) = (&harness.store, school_id(1), staff(TEACHER));
    let page = absent(&harness, "2024-09-03").await;
    let other_day = absent(&harness, "2024-09-06").await;
    let told = store.tell_excuse(&mother(), school, form()).await.unwrap();
    assert_eq!(told.excuse.accepted, None);
    let untouched = store.lesson(&teacher, school, page.lesson.id).await.unwrap();
    assert_eq!((untouched.version, untouched.attendance[0].code.as_str()), (page.version, "н"));
    let before = store.events_since(&mother(), school, 0, 100).await.unwrap();

    let accepted = store.accept_excuse(&teacher, school, account_id(1), told.id).await.unwrap();
    assert_eq!(accepted.excuse.accepted.unwrap().by, TEACHER.id());
    let entry = store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.outcome.as_str()), ("excuse", "accepted"));
    assert_eq!((entry.actor, entry.subject), (Some(TEACHER.id()), Some(account_id(1))));
    let excused = store.lesson(&teacher, school, page.lesson.id).await.unwrap();
    // Алла was absent too, and nobody told why.
    let codes: Vec<_> = excused.attendance.iter().map(|row| row.code.as_str()).collect();
    assert_eq!(codes, ["Б", "н"]);
    assert_ne!(excused.version, page.version);
    let other = store.lesson(&teacher, school, other_day.lesson.id).await.unwrap();
    assert_eq!(other.attendance[0].class, AttendanceClass::Unspecified);
    let after = store.events_since(&mother(), school, before.next, 100).await.unwrap();
    assert_eq!(after.events.len(), 1);
    assert_eq!(after.events[0].pupil, account_id(1));

    let again = store.accept_excuse(&teacher, school, account_id(1), told.id).await.unwrap_err();
    assert_eq!(again.code(), "excuse_accepted");
}

/// What was accepted for days to come holds when their pages are written.
pub async fn an_excuse_accepted_before_holds_for_later_pages(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let (store, school) = (&harness.store, school_id(1));
    let told = store.tell_excuse(&mother(), school, form()).await.unwrap();
    store.accept_excuse(&staff(TEACHER), school, account_id(1), told.id).await.unwrap();
    for (date, code) in [("2024-09-04", "Б"), ("2024-09-05", "н")] {
        let page = absent(&harness, date).await;
        let codes: Vec<_> = page.attendance.iter().map(|row| row.code.as_str()).collect();
        assert_eq!(codes, [code, "н"], "{date}");
    }
}

/// An absence that the teacher sets back, because the note was forged, stays set back however often
/// the page is written; a new absence is excused.
pub async fn a_teacher_has_the_last_word_on_an_absence(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let (store, school, teacher) = (&harness.store, school_id(1), staff(TEACHER));
    let told = store.tell_excuse(&mother(), school, form()).await.unwrap();
    store.accept_excuse(&teacher, school, account_id(1), told.id).await.unwrap();
    let mut page = absent(&harness, "2024-09-03").await;
    for (set, code) in
        [(None, "Б"), (Some("н"), "н"), (None, "н"), (Some("оп"), "оп"), (Some("н"), "Б")]
    {
        let mut draft = page.draft();
        draft.topic = Some(format!("{set:?} {code}"));
        let row = draft.attendance.iter_mut().find(|row| row.pupil == account_id(1)).unwrap();
        if let Some(set) = set {
            row.code = set.into();
        }
        let seen = SeenLesson { lesson: page.lesson.id, version: page.version };
        store.save_lesson(&teacher, school, Some(seen), draft).await.unwrap();
        page = store.lesson(&teacher, school, page.lesson.id).await.unwrap();
        assert_eq!(page.attendance[0].code, code, "{set:?}");
    }
}

/// An excuse that does not open any more excuses nothing, and the page is written all the same.
pub async fn an_excuse_that_does_not_open_stops_no_page(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    let (store, school) = (&harness.store, school_id(1));
    let told = store.tell_excuse(&mother(), school, form()).await.unwrap();
    store.accept_excuse(&staff(TEACHER), school, account_id(1), told.id).await.unwrap();
    let unreadable = ExcuseRow {
        id: Uuid::from_u128(1),
        pupil: account_id(1),
        days: form().days,
        excuse: sealed(school, account_id(1), "excuse", "болен"),
    };
    let excuses = vec![(school, unreadable)];
    save(&backend, &Changes { excuses, ..Changes::default() }).await;
    let page = absent(&harness, "2024-09-03").await;
    assert_eq!(page.attendance[0].code, "Б");
}

/// The child does not tell it, nor does who is no parent of the child; a colleague accepts nothing.
pub async fn an_excuse_is_a_parents_to_tell_and_a_class_teachers_to_accept(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let (store, school) = (&harness.store, school_id(1));
    let of_another = ExcuseForm { pupil: account_id(3), ..form() };
    for (session, form, code) in [
        (pupil(1), form(), "not_allowed"),
        (staff(TEACHER), form(), "not_allowed"),
        (mother(), of_another, "not_yours"),
        (mother(), ExcuseForm { text: " ".into(), ..form() }, "excuse_text_missing"),
        (mother(), ExcuseForm { class: AttendanceClass::Present, ..form() }, "excuse_class"),
    ] {
        let refused = store.tell_excuse(&session, school, form).await.unwrap_err();
        assert_eq!(refused.code(), code);
    }
    let told = store.tell_excuse(&mother(), school, form()).await.unwrap();
    for session in [staff(COLLEAGUE), mother(), pupil(1)] {
        let refused = store.accept_excuse(&session, school, account_id(1), told.id).await;
        assert_eq!(refused.unwrap_err().code(), "not_allowed");
    }
    let unknown =
        store.accept_excuse(&staff(TEACHER), school, account_id(2), told.id).await.unwrap_err();
    assert!(matches!(unknown, ExcuseUseError::NotFound));

    for (session, audited) in [(mother(), 0), (staff(TEACHER), 1)] {
        let lines = store.audit(100).await.unwrap().len();
        let listed = store.excuses(&session, school, account_id(1), form().days).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(store.audit(100).await.unwrap().len() - lines, audited);
    }
    let before = DateRange::day(day("2024-09-02"));
    let listed = store.excuses(&mother(), school, account_id(1), before).await.unwrap();
    assert!(listed.is_empty());
}

/// Reasons tell of health: they are sealed.
pub async fn what_an_excuse_says_is_sealed(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    harness.store.tell_excuse(&mother(), school_id(1), form()).await.unwrap();
    let pupils = [account_id(1)];
    let rows = reading(&backend).await.excuses(school_id(1), &pupils, form().days).await.unwrap();
    let [row] = &rows[..] else { panic!("one excuse") };
    let bytes = row.excuse.to_bytes();
    assert!(!bytes.windows(12).any(|window| window == "Темпер".as_bytes()));
    assert!(!bytes.windows(4).any(|window| window == b"text"));
}

/// Анна was ill on two days.
fn form() -> ExcuseForm {
    ExcuseForm {
        pupil: account_id(1),
        days: DateRange::new(day("2024-09-03"), day("2024-09-04")).unwrap(),
        lessons: vec![],
        class: AttendanceClass::Ill,
        text: "Температура".into(),
    }
}

/// A lesson on which Анна and Алла were absent.
async fn absent<B: Backend>(harness: &Harness<B>, date: &str) -> LessonPage {
    let mut draft = algebra(date, 2);
    for pupil in [1, 2] {
        draft.attendance.push(AttendanceDraft { pupil: account_id(pupil), code: "н".into() });
    }
    harness.store.save_lesson(&staff(TEACHER), school_id(1), None, draft).await.unwrap()
}
