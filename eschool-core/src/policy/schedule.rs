//! Which rules hold from which day.

use alloc::{string::String, vec::Vec};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{PolicyError, Role, Rules, validate::name_is_readable};
use crate::identity::BirthDate;

/// How people sign in (*порядок авторизации*): a dated schedule of rules.
///
/// A policy that exists is sound: whatever is unknown or contradictory is refused when it is made
/// or read, with an error that names the rule.
///
/// ```
/// use eschool_core::policy::SignInPolicy;
///
/// let policy = SignInPolicy::udmurtia_2023();
/// let json = serde_json::to_string(&policy)?;
/// assert_eq!(serde_json::from_str::<SignInPolicy>(&json)?, policy);
///
/// let broken = json.replace("\"password\"", "\"fingerprint\"");
/// let error = serde_json::from_str::<SignInPolicy>(&broken).unwrap_err();
/// assert!(error.to_string().contains("fingerprint"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields", into = "Fields")]
#[cfg_attr(
    feature = "wasm",
    derive(tsify::Tsify),
    tsify(
        type = "{ name: string; rules: Rules; later?: DatedRules[] }",
        rename = "SignInPolicyJson"
    )
)]
pub struct SignInPolicy {
    name: String,
    first: Rules,
    later: Vec<DatedRules>,
}

/// Rules and the day from which they hold.
///
/// ```
/// use eschool_core::policy::{DatedRules, SignInPolicy};
///
/// let (first, second) = (SignInPolicy::ryazan_2022(), SignInPolicy::ryazan_2024());
/// let rules = |policy: &SignInPolicy| policy.schedule().0.clone();
/// let later = DatedRules { from: "2024-09-01".parse()?, rules: rules(&second) };
/// let policy = SignInPolicy::new("ryazan", rules(&first), vec![later]).unwrap();
/// assert_eq!(policy.rules_on("2024-08-31".parse()?), &rules(&first));
/// assert_eq!(policy.rules_on("2024-09-01".parse()?), &rules(&second));
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi::export(Debug))]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DatedRules {
    /// The first day on which they hold.
    pub from: NaiveDate,
    /// The rules.
    pub rules: Rules,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, rename = "SignInPolicy")]
pub(super) struct Fields {
    name: String,
    rules: Rules,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    later: Vec<DatedRules>,
}

impl SignInPolicy {
    /// A policy that begins with `first` and changes on the days of `later`.
    ///
    /// # Errors
    /// [`PolicyError`] names the first rule that is unknown, missing or contradictory, or the name
    /// if it is not 1 to 64 characters that can be seen.
    pub fn new(
        name: impl Into<String>,
        first: Rules,
        later: Vec<DatedRules>,
    ) -> Result<Self, PolicyError> {
        let name = name.into();
        name_is_readable(&name)?;
        first.validate()?;
        for dated in &later {
            dated.rules.validate()?;
        }
        for (earlier, later) in later.iter().zip(later.iter().skip(1)) {
            if earlier.from >= later.from {
                let (before, from) = (earlier.from, later.from);
                return Err(PolicyError::ScheduleOrder { before, from });
            }
        }
        Ok(Self { name, first, later })
    }

    /// A policy of rules that are known to be sound: the presets, which a test validates.
    pub(crate) fn sound(name: impl Into<String>, first: Rules, later: Vec<DatedRules>) -> Self {
        Self { name: name.into(), first, later }
    }

    /// The policy's name, as in `ryazan_2022`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rules that hold on a day.
    #[must_use]
    pub fn rules_on(&self, day: NaiveDate) -> &Rules {
        self.later
            .iter()
            .rev()
            .find(|dated| dated.from <= day)
            .map_or(&self.first, |dated| &dated.rules)
    }

    /// The rules that follow those of a day.
    pub(crate) fn changes_after(&self, day: NaiveDate) -> &[DatedRules] {
        let first = self.later.partition_point(|dated| dated.from <= day);
        self.later.get(first..).unwrap_or_default()
    }

    /// The first day on which a pupil's password no longer serves, by the rules of today and those
    /// that follow; none for whom it never ends, or who may not use one today.
    ///
    /// ```
    /// use eschool_core::policy::{DatedRules, SignInPolicy};
    ///
    /// let [first, second] = [SignInPolicy::ryazan_2022(), SignInPolicy::ryazan_2024()]
    ///     .map(|policy| policy.schedule().0.clone());
    /// let later = DatedRules { from: "2024-09-01".parse()?, rules: second };
    /// let policy = SignInPolicy::new("ryazan", first, vec![later]).unwrap();
    /// let ends = policy.password_ends("31.08.2010".parse().ok(), "2024-08-31".parse()?);
    /// assert_eq!(ends, "2024-09-01".parse().ok());
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn password_ends(&self, born: Option<BirthDate>, today: NaiveDate) -> Option<NaiveDate> {
        let changes = self.changes_after(today);
        let starts = core::iter::once((today, self.rules_on(today)))
            .chain(changes.iter().map(|dated| (dated.from, &dated.rules)));
        let next = changes.iter().map(|dated| Some(dated.from)).chain([None]);
        let mut serves = false;
        for ((from, rules), until) in starts.zip(next) {
            let band = rules.pupil_band(born, from);
            if !rules.allows_password(&Role::Pupil, Some(&band)) {
                return serves.then_some(from);
            }
            serves = true;
            let ends = rules.password_ends(born, from);
            if let Some(ends) = ends.filter(|ends| until.is_none_or(|until| *ends < until)) {
                return Some(ends);
            }
        }
        None
    }

    /// The day of [`password_ends`](Self::password_ends), once it is near enough, by the rules of
    /// today, to tell the pupil and the family.
    ///
    /// ```
    /// use eschool_core::policy::SignInPolicy;
    ///
    /// let policy = SignInPolicy::ryazan_2022();
    /// let born = "31.08.2010".parse().ok();
    /// for (today, told) in [("2025-01-28", false), ("2025-01-29", true), ("2025-02-28", false)] {
    ///     let notice = policy.password_notice(born, today.parse()?);
    ///     assert_eq!(notice.is_some(), told, "{today}");
    /// }
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn password_notice(&self, born: Option<BirthDate>, today: NaiveDate) -> Option<NaiveDate> {
        let ends = self.password_ends(born, today)?;
        self.rules_on(today).is_near(ends, today).then_some(ends)
    }

    /// The rules that hold from the beginning, and those that follow with their days.
    ///
    /// ```
    /// use eschool_core::policy::SignInPolicy;
    ///
    /// let policy = SignInPolicy::ryazan_2022();
    /// let (first, later) = policy.schedule();
    /// assert!(first.consent.is_empty() && later.is_empty());
    /// ```
    #[must_use]
    pub fn schedule(&self) -> (&Rules, &[DatedRules]) {
        (&self.first, &self.later)
    }
}

impl TryFrom<Fields> for SignInPolicy {
    type Error = PolicyError;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        Self::new(fields.name, fields.rules, fields.later)
    }
}

impl From<SignInPolicy> for Fields {
    fn from(policy: SignInPolicy) -> Self {
        Self { name: policy.name, rules: policy.first, later: policy.later }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::policy::YoungByEsia;

    #[test]
    fn rules_change_on_their_day() {
        let before = SignInPolicy::ryazan_2022().first;
        let mut after = before.clone();
        after.young_by_esia = YoungByEsia::Refuse;
        let from = NaiveDate::from_ymd_opt(2025, 9, 1).unwrap();
        let later = vec![DatedRules { from, rules: after.clone() }];
        let policy = SignInPolicy::new("test", before.clone(), later).unwrap();
        assert_eq!(policy.rules_on(from.pred_opt().unwrap()), &before);
        assert_eq!(policy.rules_on(from), &after);
        assert_eq!(policy.rules_on(NaiveDate::MAX), &after);
    }

    #[test]
    fn a_schedule_out_of_order_is_refused() {
        let rules = SignInPolicy::ryazan_2022().first;
        let from = NaiveDate::from_ymd_opt(2025, 9, 1).unwrap();
        let twice = vec![DatedRules { from, rules: rules.clone() }; 2];
        assert_eq!(
            SignInPolicy::new("test", rules, twice),
            Err(PolicyError::ScheduleOrder { before: from, from })
        );
    }
}
