//! What makes a policy sound.

use alloc::string::{String, ToString as _};

use thiserror::Error;

use super::{AgeBand, MatchField, MatchKey, Role, Rules, SignInMethod, YoungByEsia};
use crate::{error::CodedError, signin::NextStep};

/// Why rules are refused: an unknown, a missing or a contradictory one, by its name.
///
/// ```
/// use eschool_core::policy::{PolicyError, SignInPolicy};
///
/// let mut rules = SignInPolicy::ryazan_2022().rules_on(chrono::NaiveDate::MIN).clone();
/// rules.matching.clear();
/// let error = SignInPolicy::new("ours", rules, Vec::new()).unwrap_err();
/// assert_eq!(error, PolicyError::Missing { rule: "matching" });
/// assert_eq!(error.to_string(), "the rule `matching` is missing; write it");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// A rule has a value that this version does not know.
    #[error("the rule `{rule}` has the unknown value `{value}`; correct it or update the library")]
    Unknown {
        /// The rule's name.
        rule: &'static str,
        /// The value.
        value: String,
    },
    /// A rule that must be there is not.
    #[error("the rule `{rule}` is missing; write it")]
    Missing {
        /// The rule's name.
        rule: &'static str,
    },
    /// Two rules, or a rule and common sense, contradict each other.
    #[error("the rule `{rule}` is contradictory: {why}")]
    Contradiction {
        /// The rule's name.
        rule: &'static str,
        /// What contradicts what.
        why: &'static str,
    },
    /// The schedule's days do not follow one another.
    #[error("the rule `later` is contradictory: its days do not follow one another")]
    ScheduleOrder,
}

impl CodedError for PolicyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "policy_unknown",
            Self::Missing { .. } => "policy_missing",
            Self::Contradiction { .. } | Self::ScheduleOrder => "policy_contradiction",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "В порядке авторизации есть неизвестное правило",
            Self::Missing { .. } => "В порядке авторизации не хватает правила",
            Self::Contradiction { .. } | Self::ScheduleOrder => {
                "Правила порядка авторизации противоречат друг другу"
            }
        }
    }
}

const fn contradiction(rule: &'static str, why: &'static str) -> PolicyError {
    PolicyError::Contradiction { rule, why }
}

/// Refuses a wire enum that this version does not know.
macro_rules! known {
    ($rule:literal, $value:expr) => {
        if !$value.is_known() {
            return Err(PolicyError::Unknown { rule: $rule, value: $value.to_string() });
        }
    };
}

impl Rules {
    /// Checks that every rule is known, there, and in no contradiction with another.
    ///
    /// # Errors
    /// [`PolicyError`] names the first that is not.
    pub fn validate(&self) -> Result<(), PolicyError> {
        self.validate_ages()?;
        self.validate_methods()?;
        self.validate_young_by_esia()?;
        self.validate_matching()?;
        self.validate_people()?;
        self.validate_lock_out()
    }

    fn validate_ages(&self) -> Result<(), PolicyError> {
        let threshold = u32::from(self.threshold.years) * 12 + u32::from(self.threshold.months);
        if self.threshold.months > 11 {
            return Err(contradiction("threshold", "months go from 0 to 11"));
        }
        if !(12..=18 * 12).contains(&threshold) {
            return Err(contradiction("threshold", "a threshold lies between 1 and 18 years"));
        }
        if self.notice_days > 366 {
            return Err(contradiction("noticeDays", "a notice comes a year ahead at most"));
        }
        Ok(())
    }

    fn validate_methods(&self) -> Result<(), PolicyError> {
        for (i, rule) in self.methods.iter().enumerate() {
            known!("methods.role", rule.role);
            known!("methods.method", rule.method);
            if let Some(band) = &rule.band {
                known!("methods.band", band);
            }
            for assurance in &rule.assurance {
                known!("methods.assurance", assurance);
            }
            if rule.band.is_some() && rule.role != Role::Pupil {
                return Err(contradiction("methods.band", "only pupils have age bands"));
            }
            let by_password = rule.method == SignInMethod::Password;
            if by_password && rule.role != Role::Pupil {
                return Err(contradiction("methods", "parents and staff have no password"));
            }
            if by_password && !rule.assurance.is_empty() {
                return Err(contradiction("methods.assurance", "a password has no assurance"));
            }
            if !by_password && rule.assurance.is_empty() {
                return Err(PolicyError::Missing { rule: "methods.assurance" });
            }
            let overlaps = self.methods.iter().skip(i + 1).any(|other| {
                let same_band =
                    rule.band.is_none() || other.band.is_none() || rule.band == other.band;
                rule.role == other.role && rule.method == other.method && same_band
            });
            if overlaps {
                return Err(contradiction("methods", "two rules for one role, band and method"));
            }
        }
        for (role, band) in [
            (Role::Parent, None),
            (Role::Staff, None),
            (Role::Pupil, Some(AgeBand::Younger)),
            (Role::Pupil, Some(AgeBand::Older)),
        ] {
            let band = band.as_ref();
            if !self.allows_password(&role, band) && self.esia_assurance(&role, band).is_empty() {
                return Err(PolicyError::Missing {
                    rule: match (&role, band) {
                        (Role::Parent, _) => "methods for parents",
                        (Role::Staff, _) => "methods for staff",
                        (_, Some(AgeBand::Younger)) => "methods for younger pupils",
                        _ => "methods for older pupils",
                    },
                });
            }
        }
        Ok(())
    }

    fn validate_young_by_esia(&self) -> Result<(), PolicyError> {
        known!("youngByEsia", self.young_by_esia);
        let named_for_younger = |rule: &super::MethodRule| {
            rule.role == Role::Pupil
                && rule.method == SignInMethod::Esia
                && rule.band == Some(AgeBand::Younger)
        };
        let younger = Some(&AgeBand::Younger);
        match self.young_by_esia {
            YoungByEsia::Refuse if self.methods.iter().any(named_for_younger) => {
                Err(contradiction(
                    "youngByEsia",
                    "it refuses what a rule of `methods` allows to younger pupils",
                ))
            }
            YoungByEsia::Allow if self.esia_assurance(&Role::Pupil, younger).is_empty() => {
                Err(contradiction(
                    "youngByEsia",
                    "it allows what no rule of `methods` gives to younger pupils",
                ))
            }
            _ => Ok(()),
        }
    }

    fn validate_matching(&self) -> Result<(), PolicyError> {
        if self.matching.is_empty() {
            return Err(PolicyError::Missing { rule: "matching" });
        }
        for (i, rule) in self.matching.iter().enumerate() {
            known!("matching.key", rule.key);
            for field in &rule.with {
                known!("matching.with", field);
            }
            if self.matching.iter().skip(i + 1).any(|other| other.key == rule.key) {
                return Err(contradiction("matching", "two rules for one key"));
            }
            let corroborated = rule.with.contains(&MatchField::BirthDate)
                && rule.with.contains(&MatchField::GivenName);
            if rule.key == MatchKey::Phone && !corroborated {
                return Err(contradiction(
                    "matching.with",
                    "numbers change hands: a phone needs birth date and given name beside it",
                ));
            }
        }
        Ok(())
    }

    fn validate_people(&self) -> Result<(), PolicyError> {
        known!("accounts", self.accounts);
        known!("parentsAfter18", self.parents_after_18);
        known!("registryKeeper", self.registry_keeper);
        for field in &self.mandatory {
            known!("mandatory", field);
        }
        if self.helpers.is_empty() {
            return Err(PolicyError::Missing { rule: "helpers" });
        }
        for helper in &self.helpers {
            known!("helpers", helper);
            let helps = matches!(
                helper,
                NextStep::AskClassTeacher
                    | NextStep::AskRegistrar
                    | NextStep::AskAdministrator
                    | NextStep::AskSupport
            );
            if !helps {
                return Err(contradiction("helpers", "a helper is a person to ask"));
            }
        }
        Ok(())
    }

    fn validate_lock_out(&self) -> Result<(), PolicyError> {
        for (rule, delays) in
            [("lockOut.login", self.lock_out.login), ("lockOut.source", self.lock_out.source)]
        {
            if delays.free == 0 {
                return Err(contradiction(rule, "with no free attempt nobody signs in"));
            }
            if delays.first_seconds == 0 || delays.first_seconds > delays.greatest_seconds {
                return Err(contradiction(rule, "the first delay is not from 1 to the greatest"));
            }
            if delays.forget_seconds < delays.greatest_seconds {
                return Err(contradiction(rule, "it is forgotten before the delay has ended"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::{
        policy::{KeyRule, MethodRule, SignInPolicy},
        signin::Assurance,
    };

    #[test]
    fn presets_are_sound() {
        for name in SignInPolicy::PRESETS {
            let policy = SignInPolicy::preset(name).unwrap();
            assert_eq!(policy.rules_on(chrono::NaiveDate::MIN).validate(), Ok(()), "{name}");
        }
    }

    /// One change to sound rules.
    type Spoil = fn(&mut Rules);

    #[test]
    fn every_unsound_rule_is_named() {
        let unknown = || "teleport";
        let cases: &[(&str, &str, Spoil)] = &[
            ("policy_contradiction", "threshold", |r| r.threshold.months = 12),
            ("policy_contradiction", "threshold", |r| r.threshold.years = 19),
            ("policy_contradiction", "threshold", |r| r.threshold.years = 0),
            ("policy_contradiction", "noticeDays", |r| r.notice_days = 400),
            ("policy_unknown", "methods.method", |r| r.methods[0].method = "teleport".into()),
            ("policy_unknown", "methods.role", |r| r.methods[0].role = "teleport".into()),
            ("policy_unknown", "methods.band", |r| r.methods[0].band = Some("teleport".into())),
            ("policy_unknown", "methods.assurance", |r| {
                r.methods[1].assurance = vec!["teleport".into()];
            }),
            ("policy_contradiction", "methods.band", |r| {
                r.methods[2].band = Some(AgeBand::Older);
            }),
            ("policy_contradiction", "methods", |r| {
                r.methods[2] = MethodRule {
                    role: Role::Parent,
                    band: None,
                    method: SignInMethod::Password,
                    assurance: vec![],
                };
            }),
            ("policy_contradiction", "methods.assurance", |r| {
                r.methods[0].assurance = vec![Assurance::Confirmed];
            }),
            ("policy_missing", "methods.assurance", |r| r.methods[1].assurance.clear()),
            ("policy_contradiction", "methods", |r| r.methods.push(r.methods[0].clone())),
            ("policy_missing", "methods for parents", |r| {
                r.methods.remove(2);
            }),
            ("policy_missing", "methods for staff", |r| {
                r.methods.remove(3);
            }),
            ("policy_missing", "methods for older pupils", |r| {
                r.methods.remove(1);
            }),
            ("policy_missing", "methods for younger pupils", |r| {
                r.methods.remove(0);
                r.young_by_esia = YoungByEsia::Refuse;
            }),
            ("policy_unknown", "youngByEsia", |r| r.young_by_esia = "teleport".into()),
            ("policy_contradiction", "youngByEsia", |r| {
                r.methods[1].band = Some(AgeBand::Older);
            }),
            ("policy_contradiction", "youngByEsia", |r| {
                let mut younger = r.methods[1].clone();
                r.methods[1].band = Some(AgeBand::Older);
                younger.band = Some(AgeBand::Younger);
                r.methods.push(younger);
                r.young_by_esia = YoungByEsia::Refuse;
            }),
            ("policy_missing", "matching", |r| r.matching.clear()),
            ("policy_unknown", "matching.key", |r| r.matching[0].key = "teleport".into()),
            ("policy_unknown", "matching.with", |r| r.matching[0].with = vec!["teleport".into()]),
            ("policy_contradiction", "matching", |r| {
                r.matching.push(KeyRule { key: MatchKey::Snils, with: vec![] });
            }),
            ("policy_contradiction", "matching.with", |r| r.matching[1].with.clear()),
            ("policy_unknown", "accounts", |r| r.accounts = "teleport".into()),
            ("policy_unknown", "parentsAfter18", |r| r.parents_after_18 = "teleport".into()),
            ("policy_unknown", "registryKeeper", |r| r.registry_keeper = "teleport".into()),
            ("policy_unknown", "mandatory", |r| r.mandatory = vec!["teleport".into()]),
            ("policy_missing", "helpers", |r| r.helpers.clear()),
            ("policy_unknown", "helpers", |r| r.helpers = vec!["teleport".into()]),
            ("policy_contradiction", "helpers", |r| r.helpers = vec![NextStep::UseEsia]),
            ("policy_contradiction", "lockOut.login", |r| r.lock_out.login.free = 0),
            ("policy_contradiction", "lockOut.source", |r| r.lock_out.source.first_seconds = 0),
            ("policy_contradiction", "lockOut.login", |r| {
                r.lock_out.login.greatest_seconds = 1;
            }),
            ("policy_contradiction", "lockOut.login", |r| r.lock_out.login.forget_seconds = 60),
        ];
        for (i, (code, rule, spoil)) in cases.iter().enumerate() {
            let mut rules = SignInPolicy::ryazan_2022().rules_on(chrono::NaiveDate::MIN).clone();
            spoil(&mut rules);
            let error = rules.validate().expect_err(rule);
            assert_eq!(error.code(), *code, "case {i}: {error}");
            assert!(error.to_string().contains(&alloc::format!("`{rule}`")), "case {i}: {error}");
            if *code == "policy_unknown" {
                assert!(error.to_string().contains(unknown()), "case {i}: {error}");
            }
        }
    }
}
