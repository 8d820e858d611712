//! How often a pupil was given a word for a mark.

use alloc::{format, string::String, vec::Vec};
use core::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::{debug::debug_shows, journal::MarkValue};

/// How often words stand where points might: none of them is part of a mean, so they are counted
/// beside it. No total goes beyond what it can hold.
///
/// ```
/// use eschool_core::diary::WordTotals;
///
/// let mut words = WordTotals::default();
/// for mark in ["зачёт", "зачёт", "н/а", "5", "."] {
///     words.count(&mark.parse().unwrap());
/// }
/// assert_eq!((words.passed, words.failed, words.not_assessed, words.exempt), (2, 0, 1, 0));
/// assert_eq!(words.text_ru(), "зачёт: 2, н/а: 1");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct WordTotals {
    /// Зачёт.
    pub passed: u32,
    /// Незачёт.
    pub failed: u32,
    /// Not assessed (н/а).
    pub not_assessed: u32,
    /// Exempt (осв.).
    pub exempt: u32,
}

impl WordTotals {
    /// Counts one more value; points, debts and what this version does not know count nowhere.
    pub const fn count(&mut self, value: &MarkValue) {
        match value {
            MarkValue::Passed => self.passed = self.passed.saturating_add(1),
            MarkValue::Failed => self.failed = self.failed.saturating_add(1),
            MarkValue::NotAssessed => self.not_assessed = self.not_assessed.saturating_add(1),
            MarkValue::Exempt => self.exempt = self.exempt.saturating_add(1),
            MarkValue::Points(..) | MarkValue::Debt | MarkValue::Unknown(_) => {}
        }
    }

    /// The words among these values.
    pub(super) fn of<'a>(values: impl IntoIterator<Item = &'a MarkValue>) -> Self {
        let mut words = Self::default();
        values.into_iter().for_each(|value| words.count(value));
        words
    }

    /// Whether there is no word.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What a person reads, in Russian: «зачёт: 2, н/а: 1»; empty if there is no word.
    #[must_use]
    pub fn text_ru(self) -> String {
        self.told(["зачёт", "незачёт", "н/а", "осв."])
    }

    /// The same in English.
    #[must_use]
    pub fn text_en(self) -> String {
        self.told(["passed", "failed", "not assessed", "exempt"])
    }

    fn told(self, words: [&str; 4]) -> String {
        let times = [self.passed, self.failed, self.not_assessed, self.exempt];
        let told = words.into_iter().zip(times).filter(|(_, times)| *times > 0);
        let told: Vec<_> = told.map(|(word, times)| format!("{word}: {times}")).collect();
        told.join(", ")
    }
}

impl AddAssign for WordTotals {
    fn add_assign(&mut self, other: Self) {
        self.passed = self.passed.saturating_add(other.passed);
        self.failed = self.failed.saturating_add(other.failed);
        self.not_assessed = self.not_assessed.saturating_add(other.not_assessed);
        self.exempt = self.exempt.saturating_add(other.exempt);
    }
}

debug_shows! {
    WordTotals {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_that_is_full_stays_full() {
        let json = r#"{"passed": 4294967295, "failed": 1, "notAssessed": 0, "exempt": 4294967295}"#;
        let mut words: WordTotals = serde_json::from_str(json).unwrap();
        words += words;
        words.count(&MarkValue::Passed);
        words.count(&MarkValue::Failed);
        assert_eq!((words.passed, words.failed, words.exempt), (u32::MAX, 3, u32::MAX));
    }
}
