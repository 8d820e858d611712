//! Debts, and the marks that close them.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use super::{Mark, MarkValue};
use crate::id::MarkId;

impl MarkValue {
    /// Whether it is a debt.
    #[must_use]
    pub const fn is_debt(&self) -> bool {
        matches!(self, Self::Debt)
    }

    /// Whether a mark with this value closes a debt for the same work.
    ///
    /// A debt says that a work was not handed in. Points say that it was, whatever they are: a 2
    /// closes the debt and is paid for in the mean. Зачёт says that it was accepted, осв. that it
    /// is not owed any more. Незачёт does not close it: the work was not accepted and is still to
    /// be done, and as a word counts in no mean, it would else be seen nowhere. Neither do н/а and
    /// another debt, which say that there is nothing yet, nor a value this version does not know.
    ///
    /// ```
    /// use eschool_core::journal::MarkValue;
    ///
    /// let closes = |value: &str| value.parse::<MarkValue>().unwrap().closes_debt();
    /// assert!(["5", "2", "4-", "зачёт", "осв"].into_iter().all(closes));
    /// assert!(![".", "незачёт", "н/а"].into_iter().any(closes));
    /// ```
    #[must_use]
    pub const fn closes_debt(&self) -> bool {
        matches!(self, Self::Points(..) | Self::Passed | Self::Exempt)
    }
}

/// The debts among these marks that are closed, each with the mark that closed it: the first later
/// one of the same pupil for the same work whose value [closes](MarkValue::closes_debt) a debt.
///
/// Later is what stands in a lesson of a later day, whenever it was written, or, on the same day,
/// what was written after the debt; a comment on either changes nothing. The day is the mark's own
/// [`date`](Mark::date): who has the lessons at hand gives it theirs first, as
/// [`compose`](crate::diary::compose) and [`summarise`](crate::diary::summarise) do. A mark that was written together with the debt, as
/// two rows of one file are, does not close it: a lesson may hold a mark and a debt for one work,
/// and then a part of it is still owed. A debt that was itself corrected is none any more, and one
/// that is not among the keys is open. Other marks may stand beside them in any order.
///
/// ```
/// use eschool_core::journal::{Mark, closed_debts};
///
/// let mark = |n: u8, date: &str, value: &str| -> Mark {
///     serde_json::from_value(serde_json::json!({
///         "id": format!("019379ab-0000-7000-8000-0000000003{n:02}"),
///         "pupil": "019379ab-0000-7000-8000-000000000001",
///         "lesson": format!("019379ab-0000-7000-8000-0000000001{n:02}"),
///         "work": "019379ab-0000-7000-8000-000000000201",
///         "date": date, "value": value, "writtenAt": "2024-09-30T12:00:00Z",
///     })).unwrap()
/// };
/// let marks = [
///     mark(1, "2024-09-16", "."),
///     mark(2, "2024-09-18", "н/а"),
///     mark(3, "2024-09-23", "4"),
///     mark(4, "2024-09-24", "."),
/// ];
/// let closed = closed_debts(&marks);
/// assert_eq!(closed[&marks[0].id].id, marks[2].id);
/// assert!(!closed.contains_key(&marks[3].id));
/// ```
#[must_use]
pub fn closed_debts(marks: &[Mark]) -> BTreeMap<MarkId, &Mark> {
    let debts: Vec<_> = marks.iter().filter(|mark| mark.value.is_debt()).collect();
    let owed: BTreeSet<_> = debts.iter().map(|debt| (debt.pupil, debt.work)).collect();
    let mut closing: BTreeMap<_, Vec<&Mark>> = BTreeMap::new();
    for mark in marks.iter().filter(|mark| mark.value.closes_debt()) {
        let what = (mark.pupil, mark.work);
        if owed.contains(&what) {
            closing.entry(what).or_default().push(mark);
        }
    }
    for marks in closing.values_mut() {
        marks.sort_unstable_by_key(|mark| (mark.date, mark.written_at, mark.id));
    }
    let closed = debts.into_iter().filter_map(|debt| {
        let marks = closing.get(&(debt.pupil, debt.work))?;
        let when = (debt.date, debt.written_at);
        let later = marks.partition_point(|mark| (mark.date, mark.written_at) <= when);
        Some((debt.id, *marks.get(later)?))
    });
    closed.collect()
}

#[cfg(test)]
mod tests;
