//! Final marks: of a term, a year, an exam.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use super::MarkValue;
use crate::{debug::debug_shows, id::AccountId, wire::wire_enum};

/// A final mark (*итоговая отметка*).
///
/// ```
/// use eschool_core::journal::{FinalKind, FinalMark};
///
/// let mark: FinalMark = serde_json::from_str(r#"{
///     "pupil": "019379ab-0000-7000-8000-000000000001",
///     "subject": "Физика", "kind": "term", "term": "1 четверть", "year": 2024, "value": "4"
/// }"#).unwrap();
/// assert_eq!(mark.kind, FinalKind::Term);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FinalMark {
    /// Whose it is.
    pub pupil: AccountId,
    /// The subject.
    pub subject: String,
    /// What it closes.
    pub kind: FinalKind,
    /// The name of the term it closes, as in «1 четверть»; empty for a year, an exam, a final.
    #[serde(default)]
    pub term: String,
    /// The calendar year in which the school year began.
    pub year: i32,
    /// What it is.
    pub value: MarkValue,
}

wire_enum! {
    /// What a final mark closes.
    ///
    /// ```
    /// use eschool_core::journal::FinalKind;
    ///
    /// assert_eq!(FinalKind::KNOWN.len(), 4);
    /// ```
    pub enum FinalKind {
        /// A term (*за период*).
        Term = "term",
        /// The year (*годовая*).
        Year = "year",
        /// An exam (*экзамен*).
        Exam = "exam",
        /// The whole course (*итоговая*).
        Final = "final",
    }
}

debug_shows! {
    FinalMark { pupil, subject, kind, term, year }
}
