//! The events of a write.

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use super::DiaryEvent;
use crate::{
    diary::{Diary, changes, final_changes},
    journal::FinalMark,
};

/// What events tell of one pupil, as it stands at one moment.
///
/// ```
/// use eschool_core::{diary::{Diary, Reading, events_of}, journal::FinalMark};
///
/// let diary: Diary = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "range": {"from": "2024-09-16", "to": "2024-09-16"}, "days": []
/// }"#).unwrap();
/// let year = |pupil: &str| -> FinalMark {
///     serde_json::from_value(serde_json::json!({
///         "pupil": pupil, "subject": "Физика", "kind": "year", "year": 2024, "value": "5",
///     })).unwrap()
/// };
/// let finals = [
///     year("019379ab-0000-7000-8000-000000000001"),
///     year("019379ab-0000-7000-8000-000000000002"), // a classmate's
/// ];
/// let before = Reading { diary: &diary, finals: &[] };
/// let after = Reading { finals: &finals, ..before };
/// let events = events_of(before, after, 1042, "2025-05-26T12:00:00Z".parse().unwrap());
/// assert_eq!(events.len(), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading<'a> {
    /// The days that are looked at: of a write, those it touches. A mark that closes a debt, or
    /// closed it, touches the day of the debt as well.
    pub diary: &'a Diary,
    /// The final marks; those of other pupils are passed over.
    pub finals: &'a [FinalMark],
}

/// The events of a write, for a store to append in its transaction: what [`changes`] and
/// [`final_changes`] tell between what one pupil would have read before it and reads after it, in
/// that order. Readings of two pupils have nothing in common and give none.
///
/// So whoever follows the events has what somebody has who compares readings. The first event gets
/// the cursor `next`, each further one the next number; all have the instant of the write. A write
/// that touches several pupils has events for each of them.
///
/// ```
/// use eschool_core::{diary::{Diary, Reading, events_of}, journal::FinalMark};
///
/// let pupil = "019379ab-0000-7000-8000-000000000001";
/// let reading = |topic: &str| -> Diary {
///     serde_json::from_value(serde_json::json!({
///         "pupil": pupil, "range": {"from": "2024-09-16", "to": "2024-09-16"},
///         "days": [{"date": "2024-09-16", "kind": "ordinary", "entries": [{
///             "lesson": "019379ab-0000-7000-8000-000000000101",
///             "number": 2, "subject": "Физика", "teacher": "", "room": "118",
///             "planned": false, "cancelled": false, "distant": false, "filled": true,
///             "topic": topic, "individualHomework": [], "marks": [],
///         }]}],
///     })).unwrap()
/// };
/// let (before, after) = (reading("Сила"), reading("Сила трения"));
/// let year: FinalMark = serde_json::from_value(serde_json::json!({
///     "pupil": pupil, "subject": "Физика", "kind": "year", "year": 2024, "value": "5",
/// })).unwrap();
///
/// let events = events_of(
///     Reading { diary: &before, finals: &[] },
///     Reading { diary: &after, finals: &[year] },
///     1042,
///     "2024-09-16T12:00:00Z".parse().unwrap(),
/// );
/// let told: Vec<_> = events.iter().map(|event| (event.cursor, event.what.text_ru())).collect();
/// assert_eq!(told, [
///     (1042, "Физика, 16 сентября: тема «Сила трения», была «Сила»".into()),
///     (1043, "Физика: годовая отметка – 5".into()),
/// ]);
/// ```
#[must_use]
pub fn events_of(
    before: Reading<'_>,
    after: Reading<'_>,
    next: u64,
    at: DateTime<Utc>,
) -> Vec<DiaryEvent> {
    let pupil = after.diary.pupil;
    if before.diary.pupil != pupil {
        return Vec::new();
    }
    let own = |finals: &'_ [FinalMark]| -> Vec<FinalMark> {
        finals.iter().filter(|mark| mark.pupil == pupil).cloned().collect()
    };
    let of_days = changes(before.diary, after.diary);
    let of_finals = final_changes(&own(before.finals), &own(after.finals));
    let what = of_days.into_iter().chain(of_finals);
    let event = |(cursor, what)| DiaryEvent { cursor, pupil, at, what };
    (next..=u64::MAX).zip(what).map(event).collect()
}
