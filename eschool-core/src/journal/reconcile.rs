//! How a second import compares marks with those already there.

use alloc::{string::String, vec::Vec};
use core::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{MarkValue, Weight, WorkKind};
use crate::{debug::debug_shows, id::MarkId, wire::masked};

/// What tells one work of a lesson from another in a file: the kind, the title and the weight.
///
/// ```
/// use eschool_core::journal::{Weight, WorkKey, WorkKind};
///
/// let key = |title: &str| WorkKey {
///     kind: WorkKind("Контрольная работа".into()),
///     title: title.into(),
///     weight: "5".parse().unwrap(),
/// };
/// assert_ne!(key("вариант 1"), key("вариант 2"));
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkKey {
    /// The kind of work.
    pub kind: WorkKind,
    /// What it was about.
    pub title: String,
    /// How much its marks count.
    pub weight: Weight,
}

/// All that a row of a file says of one mark of a known pupil in a known lesson.
///
/// ```
/// use eschool_core::journal::{MarkContent, MarkValue};
///
/// let row: MarkContent = serde_json::from_str(
///     r#"{"work": {"kind": "Ответ на уроке", "title": "вопрос 2", "weight": "3"}, "value": "4-"}"#,
/// ).unwrap();
/// assert_eq!(row.value.to_string(), "4-");
/// assert_eq!(row.comment, None);
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MarkContent {
    /// The work it is for.
    pub work: WorkKey,
    /// What it is.
    pub value: MarkValue,
    /// What the teacher wrote beside it.
    #[serde(default, deserialize_with = "masked::option", skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A mark that stands in the journal.
///
/// ```
/// use eschool_core::journal::ExistingMark;
///
/// let mark: ExistingMark = serde_json::from_str(r#"{
///     "id": "019379ab-0000-7000-8000-000000000001",
///     "work": {"kind": "Ответ на уроке", "title": "вопрос 2", "weight": "3"},
///     "value": "5"
/// }"#).unwrap();
/// assert_eq!(mark.content.work.title, "вопрос 2");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExistingMark {
    /// Its identifier.
    pub id: MarkId,
    /// What it says.
    #[serde(flatten)]
    pub content: MarkContent,
}

/// What a file changes in the marks of one pupil in one lesson. Rows are counted from 0 in the
/// order they were given; each is in exactly one of `kept`, `changed` and `new`, and each mark that
/// stood there in exactly one of `kept`, `changed` and `absent`.
///
/// ```
/// use eschool_core::journal::{MarkChanges, reconcile_marks};
///
/// assert_eq!(reconcile_marks(&[], &[]), MarkChanges::default());
/// assert!(MarkChanges::default().is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MarkChanges {
    /// Rows that stand there already, in order.
    pub kept: Vec<KeptMark>,
    /// Rows that give a mark another value or comment, in order.
    pub changed: Vec<ChangedMark>,
    /// Rows that are new marks, in order.
    pub new: Vec<usize>,
    /// Marks the file does not hold, by identifier. They stay, unless the caller was told to
    /// replace what is there by what the file says.
    pub absent: Vec<MarkId>,
}

/// A row that stands in the journal already.
///
/// ```
/// use eschool_core::{id::MarkId, journal::KeptMark};
///
/// let kept = KeptMark { id: MarkId(uuid::Uuid::nil()), row: 0 };
/// assert_eq!(kept.row, 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptMark {
    /// The mark.
    pub id: MarkId,
    /// The row.
    pub row: usize,
}

/// A row that gives a mark another value, another comment, or both.
///
/// ```
/// use eschool_core::{id::MarkId, journal::ChangedMark};
///
/// let changed = |old: &str, new: &str| ChangedMark {
///     id: MarkId(uuid::Uuid::nil()),
///     row: 0,
///     old: old.parse().unwrap(),
///     new: new.parse().unwrap(),
/// };
/// assert!(changed("3", "4").is_of_value());
/// assert!(!changed("4", "4").is_of_value()); // only the comment differs
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangedMark {
    /// The mark.
    pub id: MarkId,
    /// The row; its comment is the new one.
    pub row: usize,
    /// The value until now, for the mark's history.
    pub old: MarkValue,
    /// The value of the row.
    pub new: MarkValue,
}

impl ChangedMark {
    /// Whether the value changes; else only the comment does, which is no history.
    #[must_use]
    pub fn is_of_value(&self) -> bool {
        self.old != self.new
    }
}

impl MarkChanges {
    /// Whether the file brings nothing: no row is new, none changes a mark.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.new.is_empty()
    }
}

/// Compares the rows a file holds of one pupil in one lesson with the marks that stand there, as
/// **multisets**: two equal rows are two marks (the rule of `marks.csv`, which has no key).
///
/// Rows and marks are paired off three times, each time what is left of the time before: those
/// that agree in everything are kept; then those of the same work and value differ in the comment;
/// then those of the same work differ in the value. Marks stand by identifier, which is the order
/// they were given in, rows in the order of the file. A row left over is a new mark, a mark left
/// over is absent from the file.
///
/// So a second import of the same file changes nothing, whatever the order of its equal rows; the
/// order of `existing` does not matter at all; and no row is lost.
///
/// ```
/// use eschool_core::{id::MarkId, journal::{ExistingMark, MarkContent, WorkKey, WorkKind, reconcile_marks}};
///
/// let answer = |value: &str| MarkContent {
///     work: WorkKey {
///         kind: WorkKind("Ответ на уроке".into()),
///         title: "вопрос 2".into(),
///         weight: "3".parse().unwrap(),
///     },
///     value: value.parse().unwrap(),
///     comment: None,
/// };
/// let id = |n| MarkId(uuid::Uuid::from_u128(n));
///
/// let existing = [
///     ExistingMark { id: id(1), content: answer("5") },
///     ExistingMark { id: id(2), content: answer("3") },
/// ];
/// // The 5 stands there, the 3 has become a 4, and a second 5 is a mark of its own.
/// let changes = reconcile_marks(&existing, &[answer("4"), answer("5"), answer("5")]);
/// assert_eq!((changes.kept[0].id, changes.kept[0].row), (id(1), 1));
/// assert_eq!((changes.changed[0].id, changes.changed[0].row), (id(2), 0));
/// assert_eq!(changes.new, [2]);
/// assert!(changes.absent.is_empty());
/// ```
#[must_use]
pub fn reconcile_marks(existing: &[ExistingMark], incoming: &[MarkContent]) -> MarkChanges {
    let mut left =
        Unpaired { marks: existing.iter().collect(), rows: incoming.iter().enumerate().collect() };

    let kept = left.pair_off(MarkContent::cmp);
    let commented = left.pair_off(|a, b| (&a.work, &a.value).cmp(&(&b.work, &b.value)));
    let revalued = left.pair_off(|a, b| a.work.cmp(&b.work));

    let mut kept: Vec<_> =
        kept.into_iter().map(|(mark, (row, _))| KeptMark { id: mark.id, row }).collect();
    let mut changed: Vec<_> = commented
        .into_iter()
        .chain(revalued)
        .map(|(mark, (row, content))| ChangedMark {
            id: mark.id,
            row,
            old: mark.content.value.clone(),
            new: content.value.clone(),
        })
        .collect();
    let mut new: Vec<_> = left.rows.into_iter().map(|(row, _)| row).collect();
    let mut absent: Vec<_> = left.marks.into_iter().map(|mark| mark.id).collect();
    kept.sort_unstable_by_key(|kept| kept.row);
    changed.sort_unstable_by_key(|changed| changed.row);
    new.sort_unstable();
    absent.sort_unstable();
    MarkChanges { kept, changed, new, absent }
}

type Row<'a> = (usize, &'a MarkContent);

/// Marks and rows that have found no partner yet.
struct Unpaired<'a> {
    marks: Vec<&'a ExistingMark>,
    rows: Vec<Row<'a>>,
}

impl<'a> Unpaired<'a> {
    /// Pairs marks and rows that are equal in this order, and keeps the rest. Among equals marks
    /// stand by identifier, rows in the order of the file, and the first goes with the first.
    fn pair_off(
        &mut self,
        order: impl Fn(&MarkContent, &MarkContent) -> Ordering,
    ) -> Vec<(&'a ExistingMark, Row<'a>)> {
        self.marks.sort_unstable_by(|a, b| order(&a.content, &b.content).then(a.id.cmp(&b.id)));
        self.rows.sort_unstable_by(|a, b| order(a.1, b.1).then(a.0.cmp(&b.0)));

        let mut marks = core::mem::take(&mut self.marks).into_iter().peekable();
        let mut rows = core::mem::take(&mut self.rows).into_iter().peekable();
        let mut pairs = Vec::new();
        while let (Some(mark), Some(row)) = (marks.peek(), rows.peek()) {
            match order(&mark.content, row.1) {
                Ordering::Less => self.marks.extend(marks.next()),
                Ordering::Greater => self.rows.extend(rows.next()),
                Ordering::Equal => pairs.extend(marks.next().zip(rows.next())),
            }
        }
        self.marks.extend(marks);
        self.rows.extend(rows);
        pairs
    }
}

debug_shows! {
    WorkKey { kind, weight }
    MarkContent { work }
    ExistingMark { id, content }
    ChangedMark { id, row }
}

#[cfg(test)]
mod tests;
