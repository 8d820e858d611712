//! The *порядок авторизации* of a region.

use chrono::NaiveDate;
use eschool_core::{
    foreign::ForeignError,
    identity::BirthDate,
    policy::{DatedRules, PolicyTextError, RuleInWords, Rules, SignInPolicy},
};
use uniffi::deps::anyhow;

use crate::{Answer, error::answer};

uniffi::custom_type!(
    /// Who signs in how, from which day (*порядок авторизации*).
    SignInPolicy, String, {
        remote,
        // Every policy there is has texts for keys, so it is always JSON.
        lower: |policy| serde_json::to_string(&policy).unwrap_or_default(),
        try_lift: |json| policy_of(&json).map_err(anyhow::Error::new),
    }
);

fn policy_of(json: &str) -> Result<SignInPolicy, ForeignError> {
    let mut format = serde_json::Deserializer::from_str(json);
    let policy = SignInPolicy::read_from(&mut format);
    answer(policy.and_then(|policy| match format.end() {
        Ok(()) => Ok(policy),
        Err(error) => Err(PolicyTextError::malformed(error)),
    }))
}

/// The names of the regimes that are ready-made.
#[uniffi::export]
pub fn policy_presets() -> Answer<Vec<String>> {
    Ok(SignInPolicy::PRESETS.iter().map(|name| (*name).to_owned()).collect())
}

/// A ready-made regime by its name.
///
/// Throws `preset_unknown`.
#[uniffi::export]
pub fn policy_preset(name: &str) -> Answer<SignInPolicy> {
    answer(SignInPolicy::preset(name))
}

/// A policy as regions write it down.
///
/// Throws `policy_malformed` for a text that does not read, and `policy_unknown`, `policy_missing`,
/// `policy_contradiction`, `policy_name_malformed` with the rule as `field`.
#[uniffi::export]
pub fn parse_policy(json: &str) -> Answer<SignInPolicy> {
    policy_of(json)
}

/// A policy of its rules: the first ones, and those that follow from a day on.
///
/// Throws `policy_unknown`, `policy_missing`, `policy_contradiction`, `policy_name_malformed` with the
/// rule as `field`, and `date_invalid` for a day that no calendar has.
#[uniffi::export]
pub fn sign_in_policy(name: &str, first: Rules, later: Vec<DatedRules>) -> Answer<SignInPolicy> {
    answer(SignInPolicy::new(name, first, later))
}

/// The name of a policy.
#[uniffi::export]
pub fn policy_name(policy: &SignInPolicy) -> Answer<String> {
    Ok(policy.name().to_owned())
}

/// The rules of a day, by the school's date.
///
/// Throws `date_invalid` for a day that no calendar has.
#[uniffi::export]
pub fn rules_on(policy: &SignInPolicy, day: NaiveDate) -> Answer<Rules> {
    Ok(policy.rules_on(day).clone())
}

/// A policy told in words, rule by rule.
#[uniffi::export]
pub fn policy_in_words(policy: &SignInPolicy) -> Answer<Vec<RuleInWords>> {
    Ok(policy.in_words())
}

/// The first day on which a pupil's password opens nothing any more, if there is one.
///
/// Throws `date_invalid` for a day that no calendar has.
#[uniffi::export]
pub fn password_ends(
    policy: &SignInPolicy,
    born: Option<BirthDate>,
    today: NaiveDate,
) -> Answer<Option<NaiveDate>> {
    Ok(policy.password_ends(born, today))
}

/// The same day, if it is near enough for the pupil to be told.
///
/// Throws `date_invalid` for a day that no calendar has.
#[uniffi::export]
pub fn password_notice(
    policy: &SignInPolicy,
    born: Option<BirthDate>,
    today: NaiveDate,
) -> Answer<Option<NaiveDate>> {
    Ok(policy.password_notice(born, today))
}
