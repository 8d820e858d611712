//! A policy told in words, rule by rule: for a page that says how people sign in here, and for the
//! people of a region to read before they sign it.
//!
//! `rules`: what is said in which order; `ways` and `consent`: the longer of it. `phrases`: lists,
//! ages, delays and days in the middle of sentences.

mod consent;
mod phrases;
mod rules;
mod ways;

use alloc::{string::String, vec::Vec};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub(crate) use self::phrases::{accounts_en, accounts_ru};
use self::{
    phrases::{date_en, date_ru},
    rules::{Sentence, ended},
};
use super::{DatedRules, SignInPolicy};
use crate::words::unbroken;

/// One rule of a policy in words.
///
/// ```
/// use eschool_core::policy::{RuleInWords, SignInPolicy};
///
/// let told: Vec<RuleInWords> = SignInPolicy::ryazan_2022().in_words();
/// let first = &told[0];
/// assert_eq!((first.rule.as_str(), first.from), ("threshold", None));
/// assert!(first.text_ru.contains("14,5\u{a0}лет"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct RuleInWords {
    /// The rule's name in the policy's JSON, as in `threshold`; `later` says that what follows
    /// changes on a day. Several sentences may tell one rule.
    pub rule: String,
    /// The first day on which it holds; none for what holds from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// A sentence or two, in Russian.
    pub text_ru: String,
    /// The same in English.
    pub text_en: String,
}

impl SignInPolicy {
    /// What the policy says, rule by rule: first what holds from the beginning, then for every day
    /// on which rules change those that do.
    ///
    /// ```
    /// use eschool_core::policy::SignInPolicy;
    ///
    /// let told = SignInPolicy::ryazan_2022().in_words();
    /// let sentence = told.iter().find(|told| told.rule == "methods").unwrap();
    /// assert_eq!(
    ///     sentence.text_ru,
    ///     "Ученики до 14,5\u{a0}лет входят по логину и паролю с карточки, которую выдаёт школа.",
    /// );
    /// ```
    #[must_use]
    pub fn in_words(&self) -> Vec<RuleInWords> {
        let (first, later) = self.schedule();
        let mut before = first.sentences();
        let mut told: Vec<_> = before.iter().map(|sentence| sentence.told(None)).collect();
        for DatedRules { from, rules } in later {
            let (from, now) = (*from, rules.sentences());
            let changed = changes(&before, &now);
            before = now;
            if changed.is_empty() {
                continue;
            }
            told.push(RuleInWords {
                rule: "later".into(),
                from: Some(from),
                text_ru: unbroken(&alloc::format!("С {} меняется следующее.", date_ru(from))),
                text_en: alloc::format!("From {} the following changes.", date_en(from)),
            });
            told.extend(changed.iter().map(|sentence| sentence.told(Some(from))));
        }
        told
    }
}

/// What is said of the rules that change: all of a rule's new sentences, or that it holds no more.
fn changes(before: &[Sentence], now: &[Sentence]) -> Vec<Sentence> {
    let of = |sentences: &[Sentence], rule: &str| -> Vec<Sentence> {
        sentences.iter().filter(|sentence| sentence.rule == rule).cloned().collect()
    };
    let mut changed: Vec<Sentence> = now
        .iter()
        .filter(|sentence| of(now, sentence.rule) != of(before, sentence.rule))
        .cloned()
        .collect();
    let mut gone = Vec::new();
    for Sentence { rule, .. } in before {
        if !gone.contains(rule) && of(now, rule).is_empty() {
            gone.push(*rule);
        }
    }
    changed.extend(gone.into_iter().filter_map(ended));
    changed
}

impl Sentence {
    fn told(&self, from: Option<NaiveDate>) -> RuleInWords {
        RuleInWords {
            rule: self.rule.into(),
            from,
            text_ru: unbroken(&self.ru),
            text_en: self.en.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
