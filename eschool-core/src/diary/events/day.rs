//! Days as changes name them.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::{calendar::DayKind, diary::DiaryDay};

/// What the calendar tells of a day.
///
/// ```
/// use eschool_core::{calendar::DayKind, diary::DayFacts};
///
/// let facts: DayFacts = serde_json::from_str(
///     r#"{"kind": "holiday", "name": "День народного единства"}"#,
/// ).unwrap();
/// assert_eq!(facts.kind, DayKind::Holiday);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct DayFacts {
    /// What kind of day it is.
    pub kind: DayKind,
    /// What the calendar calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl DayFacts {
    /// What is told of this day.
    #[must_use]
    pub fn of(day: &DiaryDay) -> Self {
        Self { kind: day.kind.clone(), name: day.name.clone() }
    }
}
