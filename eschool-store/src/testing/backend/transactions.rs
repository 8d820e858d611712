//! Snapshots, writers, and what is dropped.

use std::{sync::Arc, time::Duration};

use eschool_core::{journal::Lesson, policy::Counter};

use super::{
    apart::{assert_empty, everything},
    registry_of,
};
use crate::{
    backend::{Access, AuditEntry, Backend, BackendError, Changes, Turn},
    secret::KeyHash,
    testing::{
        fixtures::{
            at, lesson_id, login_key, person_id, sample, school, school_id, session, token,
        },
        reading, save,
    },
};

/// What was not committed leaves no trace, and the next writer has its turn.
pub async fn dropped_changes_leave_no_trace(backend: impl Backend) {
    let mut tx = backend.begin(Access::Write).await.unwrap();
    tx.apply(&whole()).await.unwrap();
    assert_eq!(tx.schools().await.unwrap().len(), 1);
    drop(tx);
    assert_empty(&mut *reading(&backend).await).await;

    save(&backend, &whole()).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.schools().await.unwrap().len(), 1);
    assert_eq!(tx.audit(10).await.unwrap().len(), 1);
}

/// What is not yet committed is seen by nobody else, who need not wait to read.
pub async fn uncommitted_changes_are_not_seen(backend: impl Backend) {
    let mut writer = backend.begin(Access::Write).await.unwrap();
    writer.apply(&whole()).await.unwrap();
    assert_empty(&mut *reading(&backend).await).await;
    writer.commit().await.unwrap();
    assert_eq!(reading(&backend).await.schools().await.unwrap().len(), 1);
}

/// A transaction sees what it applied, all of it, and the later of two changes.
pub async fn a_transaction_sees_its_own_changes(backend: impl Backend) {
    let id = school_id(1);
    let mut tx = backend.begin(Access::Write).await.unwrap();
    tx.apply(&whole()).await.unwrap();
    let own = everything(&mut *tx, id).await;
    assert_eq!(tx.counter(&counted()).await.unwrap().failures, 1);
    assert!(tx.session(person_id(1), &token(1)).await.unwrap().is_some());
    assert_eq!(tx.audit(10).await.unwrap().len(), 1);
    assert!(tx.credential(&login_key("pr1_pupil")).await.unwrap().is_some());

    let second = Changes {
        counters: vec![(counted(), Counter { failures: 2, ..Counter::default() })],
        ended_sessions: vec![(person_id(1), token(1))],
        ..Changes::default()
    };
    tx.apply(&second).await.unwrap();
    assert_eq!(tx.counter(&counted()).await.unwrap().failures, 2);
    assert!(tx.session(person_id(1), &token(1)).await.unwrap().is_none());
    assert_eq!(everything(&mut *tx, id).await, own);
    tx.commit().await.unwrap();

    let mut tx = reading(&backend).await;
    assert_eq!(everything(&mut *tx, id).await, own);
    assert_eq!(tx.counter(&counted()).await.unwrap().failures, 2);
    assert!(tx.session(person_id(1), &token(1)).await.unwrap().is_none());
}

/// A reader keeps seeing what it saw first; who begins after a commit sees what was committed.
pub async fn a_snapshot_does_not_move(backend: impl Backend) {
    let id = school_id(1);
    save(&backend, &whole()).await;
    let mut reader = reading(&backend).await;
    let before = everything(&mut *reader, id).await;

    let mut changes = whole();
    changes.schools.push(school(2));
    changes.counters = vec![(counted(), Counter { failures: 2, ..Counter::default() })];
    changes.ended_sessions = vec![(person_id(1), token(1))];
    changes.sessions.clear();
    for (_, mark) in &mut changes.marks {
        mark.value = "2".parse().unwrap();
    }
    for (_, lesson) in &mut changes.lessons {
        *lesson = Lesson { cancelled: true, number: lesson.number + 10, ..lesson.clone() };
    }
    save(&backend, &changes).await;

    assert_eq!(everything(&mut *reader, id).await, before);
    assert_eq!(reader.schools().await.unwrap().len(), 1);
    assert_eq!(reader.counter(&counted()).await.unwrap().failures, 1);
    assert!(reader.session(person_id(1), &token(1)).await.unwrap().is_some());
    assert_eq!(reader.audit(10).await.unwrap().len(), 1);

    let mut later = reading(&backend).await;
    assert_ne!(everything(&mut *later, id).await, before);
    assert_eq!(later.schools().await.unwrap().len(), 2);
    assert_eq!(later.counter(&counted()).await.unwrap().failures, 2);
    assert!(later.session(person_id(1), &token(1)).await.unwrap().is_none());
    assert_eq!(later.audit(10).await.unwrap().len(), 2);
    later.commit().await.unwrap();
    reader.commit().await.unwrap();
}

/// A reading transaction refuses changes, empty ones too, and goes on reading.
pub async fn a_reading_transaction_refuses_changes(backend: impl Backend) {
    save(&backend, &whole()).await;
    let mut tx = reading(&backend).await;
    for changes in [sample(2), Changes::default()] {
        assert!(matches!(tx.apply(&changes).await, Err(BackendError::NotWritable)));
    }
    assert_eq!(tx.schools().await.unwrap().len(), 1);
    tx.commit().await.unwrap();
    assert_eq!(reading(&backend).await.schools().await.unwrap().len(), 1);
}

/// Of a transaction whose last change was refused nothing remains.
pub async fn a_refused_change_leaves_no_trace(backend: impl Backend) {
    let mut tx = backend.begin(Access::Write).await.unwrap();
    tx.apply(&whole()).await.unwrap();
    let (id, twin) = whole().lessons[0].clone();
    let lessons = vec![(id, Lesson { id: lesson_id(99), ..twin })];
    let audit = whole().audit;
    assert!(tx.apply(&Changes { lessons, audit, ..Changes::default() }).await.is_err());
    drop(tx);
    assert_empty(&mut *reading(&backend).await).await;
}

/// A writer waits for the one before it, and sees what that one committed.
pub async fn a_writer_waits_for_the_one_before(backend: impl Backend + 'static) {
    let backend = Arc::new(backend);
    let mut first = backend.begin(Access::Write).await.unwrap();
    first.apply(&whole()).await.unwrap();
    let second = tokio::spawn({
        let backend = Arc::clone(&backend);
        async move {
            let mut tx = backend.begin(Access::Write).await.unwrap();
            tx.counter(&counted()).await.unwrap().failures
        }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!second.is_finished());
    first.commit().await.unwrap();
    assert_eq!(second.await.unwrap(), 1);
}

/// The changes of two writers at once are both there.
pub async fn two_writers_at_once_both_land(backend: impl Backend + 'static) {
    let backend = Arc::new(backend);
    let writers = [1, 2].map(|n| {
        let backend = Arc::clone(&backend);
        tokio::spawn(async move { save(&backend, &sample(n)).await })
    });
    for writer in writers {
        writer.await.unwrap();
    }
    let mut tx = reading(&backend).await;
    for n in [1, 2] {
        let registry = tx.registry(school_id(n)).await.unwrap();
        assert_eq!(registry, registry_of(&sample(n)));
    }
}

/// Of writers that each read, add one and write, none is lost.
pub async fn no_update_is_lost(backend: impl Backend + 'static) {
    let backend = Arc::new(backend);
    let writers: Vec<_> = (0..20)
        .map(|_| {
            let backend = Arc::clone(&backend);
            tokio::spawn(async move {
                let mut tx = backend.begin(Access::Write).await.unwrap();
                let failures = tx.counter(&counted()).await.unwrap().failures + 1;
                tokio::task::yield_now().await;
                let counters = vec![(counted(), Counter { failures, ..Counter::default() })];
                tx.apply(&Changes { counters, ..Changes::default() }).await.unwrap();
                tx.commit().await.unwrap();
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(reading(&backend).await.counter(&counted()).await.unwrap().failures, 20);
}

/// The same of writers by turns: those of one turn, those who name others beside it in another order,
/// and those who are alone.
pub async fn no_update_in_turn_is_lost(backend: impl Backend + 'static) {
    let backend = Arc::new(backend);
    let writers: Vec<_> = (0..20)
        .map(|n| {
            let backend = Arc::clone(&backend);
            tokio::spawn(async move {
                let (key, school) = (Turn::Key(counted()), Turn::School(school_id(1)));
                let access = match n % 4 {
                    0 => Access::InTurn(&[key]),
                    1 => Access::InTurn(&[key, school, key]),
                    2 => Access::InTurn(&[school, key]),
                    _ => Access::Write,
                };
                let mut tx = backend.begin(access).await.unwrap();
                let failures = tx.counter(&counted()).await.unwrap().failures + 1;
                tokio::task::yield_now().await;
                let counters = vec![(counted(), Counter { failures, ..Counter::default() })];
                tx.apply(&Changes { counters, ..Changes::default() }).await.unwrap();
                tx.commit().await.unwrap();
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(reading(&backend).await.counter(&counted()).await.unwrap().failures, 20);
}

/// A writer by turns waits for one that names a turn of its own, and for one that is alone; one that
/// is alone waits for whoever writes. Each sees what the one before committed.
pub async fn a_writer_waits_for_its_turn(backend: impl Backend + 'static) {
    let backend = Arc::new(backend);
    let (key, school) = (Turn::Key(counted()), Turn::School(school_id(1)));
    let (session, other) = (Turn::Token(token(1)), Turn::School(school_id(2)));
    let cases: [(&[Turn], Option<&[Turn]>); 6] = [
        (&[key], Some(&[key])),
        (&[session, school], Some(&[school, key])),
        (&[session], Some(&[other, session])),
        (&[school], None),
        (&[], None),
        (&[other], Some(&[other])),
    ];
    for (failures, (turns, next)) in (1..).zip(cases) {
        let mut first = backend.begin(Access::InTurn(turns)).await.unwrap();
        let counters = vec![(counted(), Counter { failures, ..Counter::default() })];
        first.apply(&Changes { counters, ..Changes::default() }).await.unwrap();
        let second = tokio::spawn({
            let backend = Arc::clone(&backend);
            let next: Option<Vec<Turn>> = next.map(Into::into);
            async move {
                let access = next.as_deref().map_or(Access::Write, Access::InTurn);
                let mut tx = backend.begin(access).await.unwrap();
                tx.counter(&counted()).await.unwrap().failures
            }
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!second.is_finished(), "case {failures}");
        first.commit().await.unwrap();
        assert_eq!(second.await.unwrap(), failures);
    }

    let alone = backend.begin(Access::Write).await.unwrap();
    let second = tokio::spawn({
        let backend = Arc::clone(&backend);
        async move { drop(backend.begin(Access::InTurn(&[])).await.unwrap()) }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!second.is_finished());
    drop(alone);
    second.await.unwrap();
}

/// The key of the counter that the cases change.
fn counted() -> KeyHash {
    login_key("pr1_pupil")
}

/// The sample school with a counter, a session and an audit entry.
fn whole() -> Changes {
    Changes {
        counters: vec![(counted(), Counter { failures: 1, ..Counter::default() })],
        sessions: vec![session(1, school_id(1), 1)],
        audit: vec![AuditEntry {
            at: at("2024-09-02T08:30:00Z"),
            action: "sign_in".into(),
            outcome: "granted".into(),
            school: Some(school_id(1)),
            actor: None,
            subject: None,
            case: None,
            lesson: None,
        }],
        ..sample(1)
    }
}
