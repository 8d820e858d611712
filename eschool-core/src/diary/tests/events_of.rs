//! The events of a write, put back.

use proptest::{collection::vec, prelude::*};

use super::{
    changes::{RANGE, apply, apply_to_days, calendar, diary, on_days, readings, spoken_of},
    *,
};
use crate::journal::{FinalKind, FinalMark};

const AT: &str = "2024-09-20T12:00:00Z";

fn closing(kind: FinalKind, value: &str) -> FinalMark {
    FinalMark {
        pupil: PUPIL,
        subject: "Физика".into(),
        kind,
        term: String::new(),
        year: 2024,
        value: value.parse().unwrap(),
    }
}

/// Final marks of a pupil and a classmate; two rows may close the same.
fn some_finals() -> impl Strategy<Value = Vec<FinalMark>> {
    let mark = (
        prop::sample::select(&[PUPIL, CLASSMATE][..]),
        prop::sample::select(FinalKind::KNOWN),
        prop::sample::select(&["Физика", "Химия"][..]),
        prop::sample::select(&["3", "4", "н/а"][..]),
    );
    let mark = mark.prop_map(|(pupil, kind, subject, value)| FinalMark {
        pupil,
        subject: subject.into(),
        ..closing(kind, value)
    });
    vec(mark, 0..8)
}

/// The pupil's finals in one order.
fn own(finals: &[FinalMark]) -> Vec<String> {
    let own = finals.iter().filter(|mark| mark.pupil == PUPIL);
    let mut told: Vec<_> = own.map(|mark| serde_json::to_string(mark).unwrap()).collect();
    told.sort();
    told
}

/// Puts changes back into the finals they came from.
fn apply_finals(before: &[FinalMark], changes: &[Change]) -> Vec<FinalMark> {
    let mut finals = before.to_vec();
    let at = |finals: &[FinalMark], mark: &FinalMark| {
        finals.iter().position(|there| there == mark).expect("the final is there")
    };
    for change in changes {
        match change {
            Change::FinalNew { mark } => finals.push(mark.clone()),
            Change::FinalChanged { old, new } => {
                let at = at(&finals, old);
                finals[at] = new.clone();
            }
            Change::FinalRemoved { mark } => {
                let at = at(&finals, mark);
                finals.remove(at);
            }
            _ => {}
        }
    }
    finals
}

proptest! {
    #[test]
    fn events_put_back_make_what_was_written(
        (before, after) in readings(), school_then in calendar(), school_now in calendar(),
        old in some_finals(), new in some_finals(), next in any::<u32>(),
    ) {
        let (was, is) = (
            on_days(diary(RANGE.0, RANGE.1, before.clone()), &school_then),
            on_days(diary(RANGE.0, RANGE.1, after.clone()), &school_now),
        );
        let events = events_of(
            Reading { diary: &was, finals: &old }, Reading { diary: &is, finals: &new },
            next.into(), at(AT),
        );
        for (cursor, event) in (u64::from(next)..).zip(&events) {
            prop_assert_eq!((event.cursor, event.pupil, event.at), (cursor, PUPIL, at(AT)));
        }
        let told: Vec<_> = events.into_iter().map(|event| event.what).collect();
        prop_assert_eq!(spoken_of(&apply(&before, &told)), spoken_of(&after));
        prop_assert_eq!(apply_to_days(&school_then, &told), school_now);
        prop_assert_eq!(own(&apply_finals(&old, &told)), own(&new));

        // Who compares the readings is told the same, in the same order.
        let of_days = changes(&was, &is);
        prop_assert_eq!(told.get(..of_days.len()), Some(&of_days[..]));
        prop_assert!(told.iter().skip(of_days.len()).all(|told| told.kind().starts_with("final_")));
    }
}

#[test]
fn a_write_that_changes_nothing_has_no_events() {
    let reading = diary(RANGE.0, RANGE.1, vec![]);
    let finals = [closing(FinalKind::Year, "4")];
    let reading = Reading { diary: &reading, finals: &finals };
    assert_eq!(events_of(reading, reading, 1, at(AT)), []);
}

#[test]
fn readings_of_two_pupils_have_no_events() {
    let mine = diary(RANGE.0, RANGE.1, vec![]);
    let other = Diary { pupil: CLASSMATE, ..mine.clone() };
    let finals = [closing(FinalKind::Year, "4")];
    let before = Reading { diary: &other, finals: &[] };
    assert_eq!(events_of(before, Reading { diary: &mine, finals: &finals }, 1, at(AT)), []);
}

#[test]
fn the_last_cursor_there_is_overflows_nothing() {
    let reading = diary(RANGE.0, RANGE.1, vec![]);
    let finals = [closing(FinalKind::Year, "4")];
    let before = Reading { diary: &reading, finals: &[] };
    let events = events_of(before, Reading { finals: &finals, ..before }, u64::MAX, at(AT));
    let cursors: Vec<_> = events.iter().map(|event| event.cursor).collect();
    assert_eq!(cursors, [u64::MAX]);
}
