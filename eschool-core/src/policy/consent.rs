//! Which consents a sign-in waits for.

use alloc::vec::Vec;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{AgeBand, Role, Rules};
use crate::{
    identity::{AgeSpan, BirthDate},
    people::{Consent, ConsentGiver, ConsentPurpose},
};

/// A consent without which pupils do not get in, and who may give it at which age of the pupil.
///
/// Which age asks for whose consent differs by region and changed over time, so it is data. The
/// federal matrix, under 14 the parent, from 14 to 18 the parent or the pupil, from 18 the pupil,
/// is this rule:
///
/// ```
/// use eschool_core::{people::ConsentGiver, policy::ConsentRule};
///
/// let rule: ConsentRule = serde_json::from_str(
///     r#"{"role": "pupil", "purpose": "sign_in",
///         "givers": [{"giver": "parent", "until": {"years": 18}},
///                    {"giver": "pupil", "from": {"years": 14}}]}"#,
/// )?;
/// let born = "31.08.2010".parse().ok();
/// let givers = |day: &str| rule.givers_on(born, day.parse().unwrap());
/// assert_eq!(givers("2024-08-30"), [&ConsentGiver::Parent]);
/// assert_eq!(givers("2024-08-31"), [&ConsentGiver::Parent, &ConsentGiver::Pupil]);
/// assert_eq!(givers("2028-08-31"), [&ConsentGiver::Pupil]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentRule {
    /// Whose sign-in waits for it: pupils' alone.
    pub role: Role,
    /// Which age band of pupils it is for; none for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<AgeBand>,
    /// What the consent must allow.
    pub purpose: ConsentPurpose,
    /// Who may give it; one consent of any of them is enough.
    pub givers: Vec<GiverRule>,
}

/// At which age of a pupil somebody's consent counts.
///
/// ```
/// use eschool_core::policy::GiverRule;
///
/// let rule: GiverRule = serde_json::from_str(r#"{"giver": "pupil", "from": {"years": 14}}"#)?;
/// assert_eq!(rule.from.map(|age| age.years), Some(14));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GiverRule {
    /// Who gives it.
    pub giver: ConsentGiver,
    /// The pupil's age from which it may be given; none from birth. What was given earlier does
    /// not count later either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<AgeSpan>,
    /// The pupil's age at which it counts no more, whenever it was given; none for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<AgeSpan>,
}

impl GiverRule {
    /// Whether a consent given on a day counts: the pupil had the age by then. Of whom nobody
    /// tells the age, has reached none.
    fn counts_if_given(&self, born: Option<BirthDate>, day: NaiveDate) -> bool {
        self.from.is_none_or(|age| born.is_some_and(|born| age.is_reached(born, day)))
    }

    /// The first day on which no consent of this giver counts.
    fn ends_on(&self, born: Option<BirthDate>) -> Option<NaiveDate> {
        Some(self.until?.reached_on(born?))
    }
}

impl ConsentRule {
    /// Who may give the consent on a day. A pupil whose birth date nobody knows has reached no age.
    #[must_use]
    pub fn givers_on(&self, born: Option<BirthDate>, day: NaiveDate) -> Vec<&ConsentGiver> {
        self.givers
            .iter()
            .filter(|rule| rule.counts_if_given(born, day))
            .filter(|rule| rule.ends_on(born).is_none_or(|ends| day < ends))
            .map(|rule| &rule.giver)
            .collect()
    }

    /// From when until when each consent counts under this rule; those that never do are left out.
    fn spans(
        &self,
        consents: &[Consent],
        born: Option<BirthDate>,
    ) -> impl Iterator<Item = (NaiveDate, Option<NaiveDate>)> {
        let of_purpose = consents.iter().filter(|consent| consent.purpose == self.purpose);
        of_purpose.filter_map(move |consent| {
            let giver = consent.given_by();
            let rule = self.givers.iter().find(|rule| rule.giver == giver)?;
            let ends = [consent.ends_on(), rule.ends_on(born)].into_iter().flatten().min();
            rule.counts_if_given(born, consent.from).then_some((consent.from, ends))
        })
    }
}

impl Rules {
    /// The first day, from `today` on, on which a pupil lacks a consent that these rules demand;
    /// none if no such day is in sight. On `today` itself: the consent is missing now.
    ///
    /// Consents that follow each other without a gap hold as one. A rule for older pupils may
    /// first be missed on the day of the threshold.
    ///
    /// ```
    /// use eschool_core::{people::Consent, policy::SignInPolicy};
    ///
    /// let policy = SignInPolicy::ryazan_2024();
    /// let today = "2024-10-01".parse()?;
    /// let rules = policy.rules_on(today);
    /// let born = "31.08.2010".parse().ok();
    /// assert_eq!(rules.consent_missing_from(&[], born, today), Some(today));
    ///
    /// let by_mother: Consent = serde_json::from_str(
    ///     r#"{"giver": "019379ab-0000-7000-8000-000000000002",
    ///         "pupil": "019379ab-0000-7000-8000-000000000003",
    ///         "purpose": "school_portfolio", "from": "2024-09-01"}"#,
    /// ).unwrap();
    /// // The mother consents for a minor; from 18 the pupil does.
    /// let missing = rules.consent_missing_from(&[by_mother], born, today);
    /// assert_eq!(missing, "2028-08-31".parse().ok());
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn consent_missing_from(
        &self,
        consents: &[Consent],
        born: Option<BirthDate>,
        today: NaiveDate,
    ) -> Option<NaiveDate> {
        let missing_from = |rule| self.one_missing_from(rule, consents, born, today);
        self.consent.iter().filter_map(missing_from).min()
    }

    /// The rules whose consent a pupil lacks today.
    pub(crate) fn consents_missing(
        &self,
        consents: &[Consent],
        born: Option<BirthDate>,
        today: NaiveDate,
    ) -> impl Iterator<Item = &ConsentRule> {
        self.consent
            .iter()
            .filter(move |rule| self.one_missing_from(rule, consents, born, today) == Some(today))
    }

    fn one_missing_from(
        &self,
        rule: &ConsentRule,
        consents: &[Consent],
        born: Option<BirthDate>,
        today: NaiveDate,
    ) -> Option<NaiveDate> {
        let older_from = born.map(|born| self.threshold.reached_on(born));
        let (first, end) = match rule.band {
            Some(AgeBand::Older) => (today.max(older_from?), None),
            Some(AgeBand::Younger) => (today, older_from),
            _ => (today, None),
        };
        let missing = uncovered_from(first, rule.spans(consents, born))?;
        end.is_none_or(|end| missing < end).then_some(missing)
    }
}

/// The first point from `start` on that none of the spans (first point, first point after it)
/// covers; none if they cover everything.
pub(super) fn uncovered_from<T: Copy + Ord>(
    start: T,
    spans: impl Iterator<Item = (T, Option<T>)>,
) -> Option<T> {
    let mut spans: Vec<_> = spans.collect();
    spans.sort_unstable_by_key(|(first, _)| *first);
    let mut reached = start;
    for (first, end) in spans {
        if first > reached {
            break;
        }
        reached = reached.max(end?);
    }
    Some(reached)
}

#[cfg(test)]
mod tests;
