//! What a mark was before: who changed it, when, from what to what.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Mark, MarkValue};
use crate::{
    debug::debug_shows,
    error::CodedError,
    id::{AccountId, MarkId},
    wire::masked,
};

/// One change of a mark's value (*исправление отметки*).
///
/// A change of the comment alone is no revision.
///
/// ```
/// use eschool_core::journal::MarkRevision;
///
/// let revision: MarkRevision = serde_json::from_str(r#"{
///     "mark": "019379ab-0000-7000-8000-000000000301", "old": "3", "new": "4",
///     "by": "019379ab-0000-7000-8000-000000000002", "at": "2024-09-20T12:00:00Z",
///     "comment": "пересдал"
/// }"#).unwrap();
/// assert_eq!((revision.old.to_string(), revision.new.to_string()), ("3".into(), "4".into()));
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MarkRevision {
    /// Which mark.
    pub mark: MarkId,
    /// What it was.
    pub old: MarkValue,
    /// What it became.
    pub new: MarkValue,
    /// The account of the teacher who changed it; none where a file brought the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
    /// When; from this instant on the new value holds.
    pub at: DateTime<Utc>,
    /// What was written beside the new value.
    #[serde(default, deserialize_with = "masked::option", skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// What a mark is to become.
///
/// ```
/// use eschool_core::journal::Correction;
///
/// let correction: Correction =
///     serde_json::from_str(r#"{"value": "4", "at": "2024-09-20T12:00:00Z"}"#).unwrap();
/// assert_eq!(correction.by, None);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Correction {
    /// The value from now on.
    pub value: MarkValue,
    /// What stands beside it from now on.
    #[serde(default, deserialize_with = "masked::option", skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The account of the teacher; none where a file brings the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A mark after a correction, and the line of its history.
///
/// ```
/// use eschool_core::journal::{Correction, Mark};
///
/// let mark: Mark = serde_json::from_str(r#"{
///     "id": "019379ab-0000-7000-8000-000000000301",
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "lesson": "019379ab-0000-7000-8000-000000000101",
///     "work": "019379ab-0000-7000-8000-000000000201",
///     "date": "2024-09-16", "value": "3", "writtenAt": "2024-09-16T12:00:00Z"
/// }"#).unwrap();
/// let at = "2024-09-20T12:00:00Z".parse().unwrap();
/// let four = Correction { value: "4".parse().unwrap(), comment: None, by: None, at };
///
/// let corrected = mark.corrected(four.clone()).unwrap();
/// assert_eq!((corrected.mark.value.to_string().as_str(), corrected.mark.written_at), ("4", at));
/// assert_eq!(corrected.revision.unwrap().old.to_string(), "3");
/// // Once more changes nothing.
/// assert_eq!(corrected.mark.corrected(four).unwrap().revision, None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Corrected {
    /// The mark as it is now.
    pub mark: Mark,
    /// What became of its value; none if it stayed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<MarkRevision>,
}

impl Mark {
    /// The mark after a correction. It was written at the correction's instant if its value changed;
    /// another comment alone does not move that instant, for by it a mark closes a debt of its day
    /// ([`closed_debts`](super::closed_debts)).
    ///
    /// # Errors
    /// [`HistoryError::TimeGoesBack`] if the mark was written later than the correction,
    /// [`HistoryError::ValueUnknown`] for a new value that this version does not know.
    pub fn corrected(&self, correction: Correction) -> Result<Corrected, HistoryError> {
        let Correction { value, comment, by, at } = correction;
        if at < self.written_at {
            return Err(HistoryError::TimeGoesBack { field: "at", at, former: self.written_at });
        }
        if value == self.value {
            return Ok(Corrected { mark: Self { comment, ..self.clone() }, revision: None });
        }
        if !value.is_known() {
            return Err(HistoryError::ValueUnknown);
        }
        let revision = MarkRevision {
            mark: self.id,
            old: self.value.clone(),
            new: value.clone(),
            by,
            at,
            comment: comment.clone(),
        };
        let mark = Self { value, comment, written_at: at, ..self.clone() };
        Ok(Corrected { mark, revision: Some(revision) })
    }
}

/// The history of one mark: its revisions in the order they were made, each from the value the one
/// before it left.
///
/// ```
/// use eschool_core::journal::MarkHistory;
///
/// let history: MarkHistory = serde_json::from_str(r#"{
///     "mark": "019379ab-0000-7000-8000-000000000301", "value": "5",
///     "revisions": [
///         {"mark": "019379ab-0000-7000-8000-000000000301", "old": ".", "new": "4", "at": "2024-09-20T12:00:00Z"},
///         {"mark": "019379ab-0000-7000-8000-000000000301", "old": "4", "new": "5", "at": "2024-09-23T12:00:00Z"}
///     ]
/// }"#).unwrap();
/// let value = |at: &str| history.value_at(at.parse().unwrap()).to_string();
/// assert_eq!(value("2024-09-20T11:59:59Z"), ".");
/// assert_eq!(value("2024-09-20T12:00:00Z"), "4");
/// assert_eq!(value("2024-12-28T00:00:00Z"), "5");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct MarkHistory(Wire);

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    mark: MarkId,
    value: MarkValue,
    #[serde(default)]
    revisions: Vec<MarkRevision>,
}

impl MarkHistory {
    /// The history of a mark from its revisions, in the order they were made.
    ///
    /// # Errors
    /// [`HistoryError`] names the first revision that does not follow, counted from 1, or says that
    /// the mark is not what the last one made it.
    pub fn new(mark: &Mark, revisions: Vec<MarkRevision>) -> Result<Self, HistoryError> {
        let history = Wire { mark: mark.id, value: mark.value.clone(), revisions };
        match history.revisions.last() {
            Some(last) if last.at > mark.written_at => Err(HistoryError::TimeGoesBack {
                field: "writtenAt",
                at: mark.written_at,
                former: last.at,
            }),
            _ => history.try_into(),
        }
    }

    /// Whose history it is.
    #[must_use]
    pub const fn mark(&self) -> MarkId {
        self.0.mark
    }

    /// The revisions in the order they were made.
    #[must_use]
    pub fn revisions(&self) -> &[MarkRevision] {
        &self.0.revisions
    }

    /// The value at an instant. Before the first revision it is what the mark was given as, however
    /// early the instant: a history does not know when that was.
    #[must_use]
    pub fn value_at(&self, at: DateTime<Utc>) -> &MarkValue {
        let revisions = &self.0.revisions;
        let made = revisions.partition_point(|revision| revision.at <= at);
        revisions.get(made).map_or(&self.0.value, |next| &next.old)
    }
}

/// Why a mark's history is none, by the field and its value; values of marks are masked.
///
/// ```
/// use eschool_core::{error::CodedError, journal::MarkHistory};
///
/// let error = serde_json::from_str::<MarkHistory>(r#"{
///     "mark": "019379ab-0000-7000-8000-000000000301", "value": "5",
///     "revisions": [
///         {"mark": "019379ab-0000-7000-8000-000000000301", "old": ".", "new": "4", "at": "2024-09-20T12:00:00Z"}
///     ]
/// }"#).unwrap_err();
/// assert!(error.to_string().starts_with("the field `value` is `***`, not what revision 1 made it"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum HistoryError {
    /// A revision, a correction or the mark itself is earlier than what it follows.
    #[error("the field `{field}` is `{at}`, before the former `{former}`")]
    TimeGoesBack {
        /// `at` of a revision or a correction, `writtenAt` of the mark.
        field: &'static str,
        /// Its value.
        at: DateTime<Utc>,
        /// The instant it may not be before.
        former: DateTime<Utc>,
    },
    /// A revision is of another mark.
    #[error("the field `mark` of revision {revision} is `{mark}`, another mark")]
    AnotherMark {
        /// Which revision, from 1.
        revision: usize,
        /// Whose it is.
        mark: MarkId,
    },
    /// A revision does not begin with the value the former left.
    #[error("the field `old` of revision {revision} is `***`, not the former `new`")]
    Broken {
        /// Which revision, from 1.
        revision: usize,
    },
    /// A revision changes nothing.
    #[error("the field `new` of revision {revision} is `***`, the same as `old`")]
    NothingChanges {
        /// Which revision, from 1.
        revision: usize,
    },
    /// A correction is to write a value that this version does not know.
    #[error("the field `value` is `***`, which this version does not know")]
    ValueUnknown,
    /// The mark is not what its last revision made it.
    #[error("the field `value` is `***`, not what revision {revision} made it")]
    EndsElsewhere {
        /// The last revision, from 1.
        revision: usize,
    },
}

impl CodedError for HistoryError {
    fn code(&self) -> &'static str {
        match self {
            Self::TimeGoesBack { .. } => "history_time_back",
            Self::AnotherMark { .. } => "history_another_mark",
            Self::Broken { .. } => "history_broken",
            Self::NothingChanges { .. } => "history_nothing_changes",
            Self::ValueUnknown => "history_value_unknown",
            Self::EndsElsewhere { .. } => "history_ends_elsewhere",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::TimeGoesBack { .. } => "Исправление отметки записано раньше предыдущей записи",
            Self::AnotherMark { .. } => "Исправление относится к другой отметке",
            Self::Broken { .. } => "Исправление начинается не с той отметки, что стояла до него",
            Self::NothingChanges { .. } => "Исправление ничего не меняет",
            Self::ValueUnknown => "Такой отметки эта версия не знает: записать её нельзя",
            Self::EndsElsewhere { .. } => "Отметка не та, что получилась после исправлений",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::TimeGoesBack { field, .. } => field,
            Self::AnotherMark { .. } => "mark",
            Self::Broken { .. } => "old",
            Self::NothingChanges { .. } => "new",
            Self::ValueUnknown | Self::EndsElsewhere { .. } => "value",
        })
    }

    fn value(&self) -> Option<String> {
        Some(match self {
            Self::TimeGoesBack { at, .. } => at.to_string(),
            Self::AnotherMark { mark, .. } => mark.to_string(),
            Self::Broken { .. }
            | Self::NothingChanges { .. }
            | Self::ValueUnknown
            | Self::EndsElsewhere { .. } => "***".into(),
        })
    }
}

impl TryFrom<Wire> for MarkHistory {
    type Error = HistoryError;

    fn try_from(history: Wire) -> Result<Self, Self::Error> {
        let mut former: Option<&MarkRevision> = None;
        for (revision, next) in (1..).zip(&history.revisions) {
            if next.mark != history.mark {
                return Err(HistoryError::AnotherMark { revision, mark: next.mark });
            }
            if next.old == next.new {
                return Err(HistoryError::NothingChanges { revision });
            }
            if let Some(former) = former {
                if next.at < former.at {
                    let (at, former) = (next.at, former.at);
                    return Err(HistoryError::TimeGoesBack { field: "at", at, former });
                }
                if next.old != former.new {
                    return Err(HistoryError::Broken { revision });
                }
            }
            former = Some(next);
        }
        if former.is_some_and(|last| last.new != history.value) {
            return Err(HistoryError::EndsElsewhere { revision: history.revisions.len() });
        }
        Ok(Self(history))
    }
}

impl From<MarkHistory> for Wire {
    fn from(history: MarkHistory) -> Self {
        history.0
    }
}

debug_shows! {
    MarkRevision { mark, by, at }
    Correction { by, at }
    Wire { mark, revisions }
}

#[cfg(test)]
mod tests;
