use chrono::{DateTime, Days, TimeDelta};
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

use super::*;
use crate::{
    id::{AccountId, LessonId, WorkId},
    journal::Correction,
};

/// A mark: its number, which is also the hour it was written in, the pupil, the work, the day of
/// September and the value.
fn mark(n: u128, pupil: u128, work: u128, day: u64, value: &str) -> Mark {
    Mark {
        id: MarkId(Uuid::from_u128(n)),
        pupil: AccountId(Uuid::from_u128(pupil)),
        lesson: LessonId(Uuid::from_u128(day.into())),
        date: "2024-09-01".parse::<chrono::NaiveDate>().unwrap() + Days::new(day - 1),
        work: WorkId(Uuid::from_u128(work)),
        value: value.parse().unwrap(),
        comment: None,
        written_at: DateTime::UNIX_EPOCH + TimeDelta::hours(n as i64),
    }
}

/// The number of the mark that closes the first of these.
fn closed_by(marks: &[Mark]) -> Option<u128> {
    closed_debts(marks).get(&marks[0].id).map(|mark| mark.id.0.as_u128())
}

#[test]
fn a_debt_is_closed_by_the_first_later_mark_of_the_pupil_for_the_work() {
    let debt = || mark(5, 1, 1, 16, ".");
    let cases = [
        ("nothing", [].as_slice(), None),
        ("a later mark of the lesson", &[mark(6, 1, 1, 16, "4")], Some(6)),
        ("the first of them", &[mark(8, 1, 1, 16, "5"), mark(6, 1, 1, 16, "2")], Some(6)),
        ("an earlier mark of the lesson", &[mark(4, 1, 1, 16, "4")], None),
        ("a mark in a later lesson", &[mark(4, 1, 1, 17, "4")], Some(4)),
        ("the day goes before", &[mark(6, 1, 1, 18, "4"), mark(9, 1, 1, 17, "3")], Some(9)),
        ("a mark in an earlier lesson", &[mark(6, 1, 1, 15, "4")], None),
        ("a classmate's", &[mark(6, 2, 1, 16, "4")], None),
        ("another work", &[mark(6, 1, 2, 16, "4")], None),
        ("a word that says nothing yet", &[mark(6, 1, 1, 16, "н/а")], None),
        ("a word that says not accepted", &[mark(6, 1, 1, 16, "незачёт")], None),
        ("accepted", &[mark(6, 1, 1, 16, "незачёт"), mark(7, 1, 1, 16, "зачёт")], Some(7)),
        ("not owed any more", &[mark(6, 1, 1, 16, "осв")], Some(6)),
        ("a debt again", &[mark(6, 1, 1, 16, ".")], None),
    ];
    for (what, others, expected) in cases {
        let marks: Vec<_> = [debt()].into_iter().chain(others.iter().cloned()).collect();
        assert_eq!(closed_by(&marks), expected, "{what}");
    }
}

#[test]
fn a_mark_written_together_with_the_debt_does_not_close_it() {
    let debt = mark(5, 1, 1, 16, ".");
    for n in [4, 6] {
        let beside = Mark { written_at: debt.written_at, ..mark(n, 1, 1, 16, "3") };
        assert_eq!(closed_by(&[debt.clone(), beside.clone()]), None, "{n}");
        // Once it is corrected it does, and so does another.
        let corrected = Mark { written_at: mark(7, 1, 1, 16, "4").written_at, ..beside.clone() };
        assert_eq!(closed_by(&[debt.clone(), corrected]), Some(n), "{n}");
        assert_eq!(closed_by(&[debt.clone(), beside, mark(8, 1, 1, 16, "4")]), Some(8));
    }
    // In a later lesson it does, whenever it was written.
    let later = Mark { written_at: debt.written_at, ..mark(4, 1, 1, 17, "3") };
    assert_eq!(closed_by(&[debt, later]), Some(4));
}

#[test]
fn a_comment_neither_opens_a_debt_nor_closes_one() {
    let commented = |mark: &Mark| {
        let at = mark.written_at + TimeDelta::hours(4);
        let (value, comment) = (mark.value.clone(), Some("принёс тетрадь".into()));
        mark.corrected(Correction { value, comment, by: None, at }).unwrap().mark
    };
    let (debt, five) = (mark(9, 1, 1, 16, "."), mark(12, 1, 1, 16, "5"));
    assert_eq!(closed_by(&[commented(&debt), five.clone()]), Some(12));
    assert_eq!(closed_by(&[debt.clone(), commented(&five)]), Some(12));
    for n in [8, 10] {
        let beside = Mark { written_at: debt.written_at, ..mark(n, 1, 1, 16, "3") };
        assert_eq!(closed_by(&[debt.clone(), commented(&beside)]), None, "{n}");
        assert_eq!(closed_by(&[commented(&debt), beside]), None, "{n}");
    }
}

#[test]
fn a_value_nobody_knows_closes_nothing() {
    let newer = Mark { value: MarkValue::Unknown("сдано".into()), ..mark(6, 1, 1, 16, "5") };
    assert_eq!(closed_by(&[mark(5, 1, 1, 16, "."), newer]), None);
}

proptest! {
    #[test]
    fn debts_are_closed_as_the_rule_says(
        rows in vec((1_u128..=2, 1_u128..=2, 1_u64..=3, prop::sample::select(&[".", "5", "незачёт", "зачёт"][..]), 0_i64..4), 0..12),
    ) {
        let marks: Vec<_> = rows
            .into_iter()
            .enumerate()
            .map(|(n, (pupil, work, day, value, hour))| Mark {
                written_at: DateTime::UNIX_EPOCH + TimeDelta::hours(hour),
                ..mark(n as u128 * 5 % 12, pupil, work, day, value)
            })
            .collect();
        let closed = closed_debts(&marks);
        for debt in &marks {
            let rivals = marks.iter().filter(|mark| {
                debt.value.is_debt()
                    && mark.pupil == debt.pupil
                    && mark.work == debt.work
                    && mark.value.closes_debt()
                    && (mark.date > debt.date
                        || mark.date == debt.date && mark.written_at > debt.written_at)
            });
            let first = rivals.min_by_key(|mark| (mark.date, mark.written_at, mark.id));
            prop_assert_eq!(closed.get(&debt.id).map(|mark| mark.id), first.map(|mark| mark.id));
        }
    }
}
