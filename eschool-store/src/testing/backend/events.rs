//! What happened in diaries, one after the other.

use eschool_core::{
    diary::{Change, DiaryEvent},
    id::SchoolId,
};

use crate::{
    backend::{Access, Backend, BackendError, Changes},
    testing::{
        fixtures::{
            account_id, at, extreme_instants, final_mark, sample, school_id, unusual_texts,
        },
        reading, save,
    },
};

fn event(cursor: u64, pupil: u128) -> DiaryEvent {
    DiaryEvent {
        cursor,
        pupil: account_id(pupil),
        at: at("2024-09-02T08:30:00Z"),
        what: Change::FinalNew { mark: final_mark(pupil, "Алгебра", "5") },
    }
}

fn of(school: SchoolId, events: &[DiaryEvent]) -> Changes {
    let events = events.iter().map(|event| (school, event.clone())).collect();
    Changes { events, ..Changes::default() }
}

/// Every event as it was appended, unusual words and what no version knows too; after a cursor, no
/// more than are asked for, one school's alone.
pub async fn events_are_loaded_as_saved(backend: impl Backend) {
    let [one, other] = [1, 2].map(school_id);
    save(&backend, &sample(1)).await;
    save(&backend, &sample(2)).await;
    assert_eq!(reading(&backend).await.last_event(one).await.unwrap(), 0);
    let newer = serde_json::from_str(r#"{"kind":"week_signed","by":{"a":[1,null]}}"#).unwrap();
    let mut events = vec![DiaryEvent { what: newer, ..event(1, 1) }];
    events.extend((2..).zip(extreme_instants()).map(|(n, at)| DiaryEvent { at, ..event(n, 2) }));
    events.extend((5..).zip(unusual_texts()).map(|(n, text)| DiaryEvent {
        what: Change::FinalRemoved { mark: final_mark(1, &text, "4") },
        ..event(n, 1)
    }));
    // Cursors need not follow one another closely.
    events.push(event(1 << 40, 3));
    save(&backend, &of(one, &events)).await;
    save(&backend, &of(other, &[event(7, 1)])).await;

    let mut tx = reading(&backend).await;
    assert_eq!(tx.events(one, 0, None, u32::MAX).await.unwrap(), events);
    assert_eq!(tx.events(one, 2, None, 2).await.unwrap(), events[2..4]);
    assert_eq!(tx.events(one, 1 << 40, None, 9).await.unwrap(), []);
    assert_eq!(tx.events(one, u64::MAX, None, 9).await.unwrap(), []);
    assert_eq!(tx.events(one, 0, None, 0).await.unwrap(), []);
    assert_eq!(tx.events(other, 0, None, 9).await.unwrap(), [event(7, 1)]);
    assert_eq!(tx.events(school_id(3), 0, None, 9).await.unwrap(), []);
    assert_eq!(tx.last_event(one).await.unwrap(), 1 << 40);
    assert_eq!(tx.last_event(other).await.unwrap(), 7);
}

/// The events of some pupils, in one order, no more than are asked for.
pub async fn events_are_found_by_pupil(backend: impl Backend) {
    let id = school_id(1);
    let events: Vec<DiaryEvent> =
        [1, 2, 1, 3, 2, 1].iter().zip(1..).map(|(pupil, cursor)| event(cursor, *pupil)).collect();
    save(&backend, &sample(1)).await;
    save(&backend, &sample(2)).await;
    save(&backend, &of(id, &events)).await;
    save(&backend, &of(school_id(2), &[event(9, 1)])).await;
    let mut tx = reading(&backend).await;
    for (after, pupils, limit, expected) in [
        (0, &[1][..], 9, &[1, 3, 6][..]),
        (1, &[1], 9, &[3, 6]),
        (0, &[2, 1], 3, &[1, 2, 3]),
        (3, &[3, 2, 2], 9, &[4, 5]),
        (0, &[404], 9, &[]),
        (0, &[], 9, &[]),
    ] {
        let pupils: Vec<_> = pupils.iter().map(|pupil| account_id(*pupil)).collect();
        let found = tx.events(id, after, Some(&pupils), limit).await.unwrap();
        let cursors: Vec<u64> = found.iter().map(|event| event.cursor).collect();
        assert_eq!(cursors, expected);
    }
}

/// A cursor that is taken is a conflict, in the same changes and afterwards; in another school it is
/// free. What was told stays.
pub async fn an_event_takes_no_others_place(backend: impl Backend) {
    let [one, other] = [1, 2].map(school_id);
    save(&backend, &sample(1)).await;
    save(&backend, &sample(2)).await;
    let told = [event(1, 1), event(2, 1)];
    save(&backend, &of(one, &told)).await;
    for refused in [[event(2, 2), event(3, 2)], [event(3, 1), event(3, 2)]] {
        let mut tx = backend.begin(Access::Write).await.unwrap();
        let applied = tx.apply(&of(one, &refused)).await;
        assert!(matches!(applied, Err(BackendError::Conflict)), "{applied:?}");
        drop(tx);
        let mut tx = reading(&backend).await;
        assert_eq!(tx.events(one, 0, None, 9).await.unwrap(), told);
    }
    save(&backend, &of(other, &[event(2, 2)])).await;
    let mut tx = reading(&backend).await;
    assert_eq!(tx.events(other, 0, None, 9).await.unwrap(), [event(2, 2)]);
}
