use alloc::{format, vec};

use proptest::{collection::vec as many, prelude::*};
use uuid::Uuid;

use super::*;
use crate::id::{LessonId, WorkId};

fn at(day: u32) -> DateTime<Utc> {
    format!("2024-09-{day:02}T12:00:00Z").parse().unwrap()
}

fn value(text: &str) -> MarkValue {
    text.parse().unwrap()
}

/// A mark of 16 September.
fn mark(text: &str) -> Mark {
    Mark {
        id: MarkId(Uuid::from_u128(1)),
        pupil: AccountId(Uuid::from_u128(2)),
        lesson: LessonId(Uuid::from_u128(3)),
        date: "2024-09-16".parse().unwrap(),
        work: WorkId(Uuid::from_u128(4)),
        value: value(text),
        comment: None,
        written_at: at(16),
    }
}

fn correction(text: &str, comment: Option<&str>, day: u32) -> Correction {
    let by = Some(AccountId(Uuid::from_u128(5)));
    Correction { value: value(text), comment: comment.map(Into::into), by, at: at(day) }
}

fn revision(old: &str, new: &str, day: u32) -> MarkRevision {
    let mark = mark(new).id;
    MarkRevision { mark, old: value(old), new: value(new), by: None, at: at(day), comment: None }
}

#[test]
fn a_correction_of_the_value_is_a_revision_and_nothing_else_is() {
    let given = mark("3");
    let Corrected { mark, revision } =
        given.corrected(correction("4-", Some("пересдал"), 20)).unwrap();
    let revision = revision.unwrap();
    assert_eq!((revision.mark, revision.old, revision.new), (given.id, value("3"), value("4-")));
    assert_eq!((revision.by, revision.at), (Some(AccountId(Uuid::from_u128(5))), at(20)));
    assert_eq!(revision.comment.as_deref(), Some("пересдал"));
    let expected = Mark {
        value: value("4-"),
        comment: Some("пересдал".into()),
        written_at: at(20),
        ..given.clone()
    };
    assert_eq!(mark, expected);

    // The comment alone: the value was written when it was, and the mark has no history.
    let commented = given.corrected(correction("3", Some("невнимательно"), 20)).unwrap();
    let expected = Mark { comment: Some("невнимательно".into()), ..given.clone() };
    assert_eq!((commented.mark, commented.revision), (expected, None));
    // Nothing at all: not even that.
    let same = given.corrected(correction("3", None, 20)).unwrap();
    assert_eq!((same.mark, same.revision), (given.clone(), None));
    // A sign is another value.
    assert!(given.corrected(correction("3+", None, 16)).unwrap().revision.is_some());
}

#[test]
fn a_correction_is_not_older_than_the_mark() {
    let error = mark("3").corrected(correction("4", None, 15)).unwrap_err();
    let expected = HistoryError::TimeGoesBack { field: "at", at: at(15), former: at(16) };
    assert_eq!(
        (error, error.field(), error.value()),
        (expected, Some("at"), Some(at(15).to_string()))
    );
}

#[test]
fn what_does_not_follow_is_no_history() {
    let other = MarkRevision { mark: MarkId(Uuid::from_u128(9)), ..revision("3", "4", 17) };
    let foreign = HistoryError::AnotherMark { revision: 1, mark: other.mark };
    let back = HistoryError::TimeGoesBack { field: "at", at: at(17), former: at(18) };
    let unwritten = HistoryError::TimeGoesBack { field: "writtenAt", at: at(20), former: at(21) };
    let cases = [
        (vec![], "3", Ok(())),
        (vec![revision("3", "4", 17)], "4", Ok(())),
        (vec![revision("3", "4", 17), revision("4", "3", 17)], "3", Ok(())),
        (vec![other], "4", Err(foreign)),
        (vec![revision("3", "4", 18), revision("4", "5", 17)], "5", Err(back)),
        (
            vec![revision("3", "4", 17), revision("3", "5", 18)],
            "5",
            Err(HistoryError::Broken { revision: 2 }),
        ),
        (
            vec![revision("3", "4", 17), revision("4", "4", 18)],
            "4",
            Err(HistoryError::NothingChanges { revision: 2 }),
        ),
        (vec![revision("3", "4", 17)], "5", Err(HistoryError::EndsElsewhere { revision: 1 })),
        (vec![revision("3", "4", 21)], "4", Err(unwritten)),
    ];
    for (revisions, now, expected) in cases {
        let written = Mark { written_at: at(20), ..mark(now) };
        let history = MarkHistory::new(&written, revisions.clone());
        assert_eq!(history.clone().map(drop), expected, "{revisions:?}");
        if let Ok(history) = history {
            let json = serde_json::to_string(&history).unwrap();
            assert_eq!(serde_json::from_str::<MarkHistory>(&json).unwrap(), history);
            assert_eq!((history.mark(), history.revisions()), (written.id, &revisions[..]));
        }
    }
}

#[test]
fn an_error_names_the_field_and_masks_the_mark() {
    for (error, code, field, shown) in [
        (HistoryError::Broken { revision: 2 }, "history_broken", "old", "***"),
        (HistoryError::NothingChanges { revision: 2 }, "history_nothing_changes", "new", "***"),
        (HistoryError::EndsElsewhere { revision: 2 }, "history_ends_elsewhere", "value", "***"),
        (
            HistoryError::AnotherMark { revision: 2, mark: mark("5").id },
            "history_another_mark",
            "mark",
            "00000000-0000-0000-0000-000000000001",
        ),
    ] {
        let told = error.to_string();
        assert_eq!((error.code(), error.field()), (code, Some(field)));
        assert_eq!(error.value().as_deref(), Some(shown));
        assert!(told.contains(&format!("`{field}`")) && told.contains(shown), "{told}");
        assert!(told.contains("revision 2"), "{told}");
    }
}

#[test]
fn the_history_of_a_mark_tells_no_mark_to_a_log() {
    let secret = MarkValue::Unknown("тайна".into());
    let comment = Some(String::from("тайна"));
    let to = Correction { comment, ..correction("5", None, 20) };
    let given = Mark { value: secret.clone(), ..mark("3") };
    let corrected = given.corrected(to.clone()).unwrap();
    let history = MarkHistory::new(&corrected.mark, corrected.revision.iter().cloned().collect());
    let newer = Correction { value: secret, ..to };
    let shown = format!("{newer:?} {corrected:#?} {history:?}");
    assert!(!shown.contains("тайна") && shown.contains("2024-09-20"), "{shown}");
}

#[test]
fn a_value_of_a_newer_version_is_not_written_but_stays_where_it_stood() {
    let newer = |text: &str| MarkValue::Unknown(text.into());
    let given = mark("3");
    let error =
        given.corrected(Correction { value: newer("6"), ..correction("4", None, 20) }).unwrap_err();
    assert_eq!(error, HistoryError::ValueUnknown);
    assert_eq!((error.field(), error.value().as_deref()), (Some("value"), Some("***")));

    let kept = Mark { value: newer("6"), ..given };
    let commented =
        Correction { value: newer("6"), ..correction("4", Some("олимпиада"), 20) };
    assert_eq!(kept.corrected(commented).unwrap().mark.value, newer("6"));
    assert_eq!(kept.corrected(correction("4", None, 20)).unwrap().mark.value, value("4"));
}

proptest! {
    #[test]
    fn a_mark_that_is_corrected_has_a_history_that_tells_every_value(
        steps in many((prop::sample::select(&["3", "4", "4-", ".", "н/а"][..]), 0_u32..3), 0..7),
    ) {
        let mut now = mark("3");
        let mut revisions = vec![];
        // What stood when, after the last step of each day.
        let mut stood = vec![(16, now.value.clone())];
        let mut day = 16;
        for (text, later) in steps {
            day += later;
            let corrected = now.corrected(correction(text, None, day)).unwrap();
            revisions.extend(corrected.revision);
            now = corrected.mark;
            stood.push((day, now.value.clone()));
        }
        let history = MarkHistory::new(&now, revisions).unwrap();
        for asked in 15..=day + 1 {
            let last = stood.iter().rev().find(|(day, _)| *day <= asked);
            // Before the mark was given there is only the value it was given as.
            let expected = last.map_or_else(|| value("3"), |(_, value)| value.clone());
            prop_assert_eq!(history.value_at(at(asked)), &expected, "on {}", asked);
        }
    }
}
