//! Policies as TOML, for people who write them by hand.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

use serde::Deserialize as _;
use thiserror::Error;
use toml::{Table, Value};

use super::{PolicyError, SignInPolicy, schedule::Fields};
use crate::error::CodedError;

/// Why a TOML text is no policy.
///
/// ```
/// use eschool_core::{error::CodedError, policy::SignInPolicy};
///
/// let error = SignInPolicy::from_toml("name = 5").unwrap_err();
/// assert_eq!(error.code(), "policy_malformed");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyTomlError {
    /// It is no TOML, or a key is missing, unknown or of another type.
    #[error("the policy is malformed: {why}")]
    Malformed {
        /// What and where, in the words of the TOML reader.
        why: String,
    },
    /// A rule is unknown, missing or contradictory.
    #[error(transparent)]
    Unsound(#[from] PolicyError),
}

impl CodedError for PolicyTomlError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "policy_malformed",
            Self::Unsound(error) => error.code(),
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => {
                "Порядок авторизации записан с ошибкой: проверьте названия и значения правил"
            }
            Self::Unsound(error) => error.text_ru(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Malformed { .. } => None,
            Self::Unsound(error) => error.field(),
        }
    }

    fn value(&self) -> Option<String> {
        match self {
            Self::Malformed { .. } => None,
            Self::Unsound(error) => error.value(),
        }
    }
}

impl SignInPolicy {
    /// Reads a policy from TOML: the same keys and values as in JSON. A day may be written with
    /// quotes or without.
    ///
    /// ```
    /// use eschool_core::policy::{PolicyError, PolicyTomlError, SignInPolicy};
    ///
    /// let text = SignInPolicy::ryazan_2024().to_toml()?;
    /// assert_eq!(SignInPolicy::from_toml(&text)?, SignInPolicy::ryazan_2024());
    ///
    /// let broken = text.replace("\"esia\"", "\"fingerprint\"");
    /// let error = SignInPolicy::from_toml(&broken).unwrap_err();
    /// let unknown = PolicyError::Unknown { rule: "methods.method", value: "fingerprint".into() };
    /// assert_eq!(error, PolicyTomlError::Unsound(unknown));
    /// # Ok::<(), PolicyTomlError>(())
    /// ```
    ///
    /// # Errors
    /// [`PolicyTomlError`] says where the text is wrong, or names the first rule that is unknown,
    /// missing or contradictory.
    pub fn from_toml(text: &str) -> Result<Self, PolicyTomlError> {
        let mut table: Table = text.trim_start_matches('\u{feff}').parse().map_err(malformed)?;
        table.iter_mut().for_each(|(_, value)| quote_days(value));
        let fields = Fields::deserialize(table).map_err(malformed)?;
        Ok(fields.try_into()?)
    }

    /// Writes the policy as TOML, for [`from_toml`](Self::from_toml) to read.
    ///
    /// ```
    /// use eschool_core::policy::SignInPolicy;
    ///
    /// let text = SignInPolicy::ryazan_2022().to_toml()?;
    /// assert!(text.starts_with("name = \"ryazan_2022\"\n"));
    /// assert!(text.contains("[rules.threshold]\nyears = 14\nmonths = 6\n"));
    /// # Ok::<(), eschool_core::policy::PolicyTomlError>(())
    /// ```
    ///
    /// # Errors
    /// [`PolicyTomlError::Malformed`] if TOML cannot hold a value. It can hold every policy there
    /// is today.
    pub fn to_toml(&self) -> Result<String, PolicyTomlError> {
        toml::to_string_pretty(self).map_err(malformed)
    }
}

/// The reader shows the line that is wrong, and marks the place in a line below it: both may be as
/// long as the file.
fn malformed(error: impl core::fmt::Display) -> PolicyTomlError {
    const LONGEST_LINE: usize = 200;
    let error = error.to_string();
    let lines = error.trim_end().lines().map(|line| {
        let cut = line.char_indices().nth(LONGEST_LINE).map_or(line.len(), |(end, _)| end);
        line.get(..cut).unwrap_or_default()
    });
    PolicyTomlError::Malformed { why: lines.collect::<Vec<_>>().join("\n") }
}

/// TOML has days of its own, `2025-09-01` without quotes; the rules know days as texts.
fn quote_days(value: &mut Value) {
    match value {
        Value::Datetime(day) => *value = Value::String(day.to_string()),
        Value::Array(list) => list.iter_mut().for_each(quote_days),
        Value::Table(table) => table.iter_mut().for_each(|(_, value)| quote_days(value)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_written_by_hand_is_read() {
        let written = include_str!("toml/udmurtia.toml");
        let policy = SignInPolicy::from_toml(written).unwrap();
        assert_eq!(policy.name(), "udmurtia");
        let of_the_seed = SignInPolicy::udmurtia_2023();
        let rules =
            |policy: &SignInPolicy, day: &str| policy.rules_on(day.parse().unwrap()).clone();
        assert_eq!(rules(&policy, "2024-08-31"), rules(&of_the_seed, "2024-08-31"));
        assert_eq!(rules(&policy, "2024-09-01").notice_days, 60);
        let quoted = written.replace("from = 2024-09-01", "from = \"2024-09-01\"");
        assert_ne!(quoted, written);
        assert_eq!(SignInPolicy::from_toml(&quoted), Ok(policy));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let text = SignInPolicy::ryazan_2022().to_toml().unwrap();
        for (from, to, code, named) in [
            ("name = \"ryazan_2022\"", "name = ", "policy_malformed", "line 1"),
            ("noticeDays = 30", "", "policy_malformed", "noticeDays"),
            ("noticeDays = 30", "noticeDays = -1", "policy_malformed", "noticeDays"),
            (
                "noticeDays = 30",
                "noticeDays = 30\nnoticeHours = 3",
                "policy_malformed",
                "noticeHours",
            ),
            ("noticeDays = 30", "noticeDays = 400", "policy_contradiction", "`noticeDays`"),
            ("key = \"snils\"", "key = \"inn\"", "policy_unknown", "`matching.key`"),
        ] {
            let broken = text.replacen(from, to, 1);
            assert_ne!(broken, text, "{from}");
            let error = SignInPolicy::from_toml(&broken).unwrap_err();
            assert_eq!(error.code(), code, "{error}");
            assert!(error.to_string().contains(named), "{named}: {error}");
        }
    }

    #[test]
    fn an_error_is_no_longer_than_it_helps() {
        for text in ["x".repeat(1_000_000), "\u{0}".repeat(100_000), "a = \"я".repeat(50_000)] {
            let error = SignInPolicy::from_toml(&text).unwrap_err();
            assert_eq!(error.code(), "policy_malformed");
            assert!(error.to_string().len() < 2_000, "{}", error.to_string().len());
        }
    }

    #[test]
    fn a_preset_as_toml() {
        insta::assert_snapshot!(SignInPolicy::ryazan_2024().to_toml().unwrap());
    }
}
