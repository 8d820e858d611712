//! Policies as TOML, for people who write them by hand.

use alloc::string::{String, ToString as _};

use toml::{Table, Value};

use super::{PolicyTextError, SignInPolicy};

impl SignInPolicy {
    /// Reads a policy from TOML: the same keys and values as in JSON. A day may be written with
    /// quotes or without.
    ///
    /// ```
    /// use eschool_core::policy::{PolicyError, PolicyTextError, SignInPolicy};
    ///
    /// let text = SignInPolicy::ryazan_2024().to_toml()?;
    /// assert_eq!(SignInPolicy::from_toml(&text)?, SignInPolicy::ryazan_2024());
    ///
    /// let broken = text.replace("\"esia\"", "\"fingerprint\"");
    /// let error = SignInPolicy::from_toml(&broken).unwrap_err();
    /// let unknown = PolicyError::Unknown { rule: "methods.method", value: "fingerprint".into() };
    /// assert_eq!(error, PolicyTextError::Unsound(unknown));
    /// # Ok::<(), PolicyTextError>(())
    /// ```
    ///
    /// # Errors
    /// [`PolicyTextError`] says where the text is wrong, or names the first rule that is unknown,
    /// missing or contradictory.
    pub fn from_toml(text: &str) -> Result<Self, PolicyTextError> {
        let mut table: Table =
            text.trim_start_matches('\u{feff}').parse().map_err(PolicyTextError::malformed)?;
        table.iter_mut().for_each(|(_, value)| quote_days(value));
        Self::read_from(table)
    }

    /// Writes the policy as TOML, for [`from_toml`](Self::from_toml) to read.
    ///
    /// ```
    /// use eschool_core::policy::SignInPolicy;
    ///
    /// let text = SignInPolicy::ryazan_2022().to_toml()?;
    /// assert!(text.starts_with("name = \"ryazan_2022\"\n"));
    /// assert!(text.contains("[rules.threshold]\nyears = 14\nmonths = 6\n"));
    /// # Ok::<(), eschool_core::policy::PolicyTextError>(())
    /// ```
    ///
    /// # Errors
    /// [`PolicyTextError::Malformed`] if TOML cannot hold a value. It can hold every policy there
    /// is today.
    pub fn to_toml(&self) -> Result<String, PolicyTextError> {
        toml::to_string_pretty(self).map_err(PolicyTextError::malformed)
    }
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
    use crate::error::CodedError;

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
