//! Terms: the spans a year is divided into.

use alloc::string::String;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::DateRange;
use crate::{letters::lowered, wire::wire_enum};

wire_enum! {
    /// How a year of study is divided (*вид учебного периода*).
    ///
    /// ```
    /// use eschool_core::calendar::TermKind;
    ///
    /// assert_eq!(TermKind::of_name("2 полугодие"), TermKind::HalfYear);
    /// assert_eq!(TermKind::of_name("3 ЧЕТВЕРТЬ"), TermKind::Quarter);
    /// ```
    pub enum TermKind {
        /// Четверть.
        Quarter = "quarter",
        /// Триместр.
        Trimester = "trimester",
        /// Полугодие.
        HalfYear = "half_year",
        /// Модуль.
        Module = "module",
    }
}

impl TermKind {
    /// The kind a term's Russian name tells; a name that tells none is kept as `Unknown`.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        let folded = lowered(name);
        [
            ("четверт", Self::Quarter),
            ("триместр", Self::Trimester),
            ("полугоди", Self::HalfYear),
            ("модул", Self::Module),
        ]
        .into_iter()
        .find_map(|(stem, kind)| folded.contains(stem).then_some(kind))
        .unwrap_or_else(|| Self::Unknown(name.into()))
    }
}

/// A term (*учебный период*) of one year of study (*параллель*).
///
/// ```
/// use eschool_core::calendar::{Term, TermKind};
///
/// let term: Term = serde_json::from_str(
///     r#"{"grade": 7, "name": "1 четверть", "kind": "quarter", "days": {"from": "2024-09-01", "to": "2024-10-25"}}"#,
/// ).unwrap();
/// assert_eq!(term.kind, TermKind::Quarter);
/// assert!(term.days.contains("2024-10-25".parse().unwrap()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Term {
    /// The year of study, 1 to 11 (12 in an evening school).
    pub grade: u8,
    /// Its name in the school, as in «1 четверть».
    pub name: String,
    /// What kind it is.
    pub kind: TermKind,
    /// Its days; both ends belong to it.
    pub days: DateRange,
}

/// The term of a day among the terms of one year of study, given in order: the one that holds it,
/// else the last before it, else the first. None only where there are no terms.
///
/// ```
/// use eschool_core::calendar::{Term, term_on};
///
/// let terms: Vec<Term> = serde_json::from_str(r#"[
///     {"grade": 7, "name": "1 четверть", "kind": "quarter", "days": {"from": "2024-09-01", "to": "2024-10-25"}},
///     {"grade": 7, "name": "2 четверть", "kind": "quarter", "days": {"from": "2024-11-05", "to": "2024-12-28"}}
/// ]"#).unwrap();
/// let name = |day: &str| term_on(&terms, day.parse().unwrap()).unwrap().name.as_str();
/// assert_eq!(name("2024-11-01"), "1 четверть"); // the vacation after it
/// assert_eq!(name("2024-11-05"), "2 четверть");
/// ```
#[must_use]
pub fn term_on(terms: &[Term], day: NaiveDate) -> Option<&Term> {
    terms.iter().rev().find(|term| term.days.from() <= day).or(terms.first())
}
