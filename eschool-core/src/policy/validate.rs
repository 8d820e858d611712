//! What makes a policy sound.

mod consent;

use alloc::{
    format,
    string::{String, ToString},
};

use chrono::NaiveDate;
use thiserror::Error;

use super::{
    AgeBand, MatchField, MatchKey, RegistryKeeper, Role, Rules, SignInMethod, YoungByEsia,
};
use crate::{
    error::{CodedError, Shown},
    identity::AgeSpan,
    signin::{Assurance, NextStep},
};

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
///
/// let mut rules = SignInPolicy::ryazan_2022().rules_on(chrono::NaiveDate::MIN).clone();
/// rules.notice_days = 400;
/// let error = rules.validate().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the rule `noticeDays` cannot be `400`: a notice comes a year ahead at most",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// A rule has a value that this version does not know.
    #[error(
        "the rule `{rule}` has the unknown value `{}`; correct it or update the library",
        Shown::of(.value)
    )]
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
    /// A rule has a number or an age that cannot be.
    #[error("the rule `{rule}` cannot be `{value}`: {why}")]
    OutOfRange {
        /// The rule's name.
        rule: &'static str,
        /// The number or the age.
        value: Shown,
        /// What it can be.
        why: &'static str,
    },
    /// Two rules, or a rule and common sense, contradict each other.
    #[error("the rule `{rule}` is contradictory: {why}")]
    Contradiction {
        /// The rule's name.
        rule: &'static str,
        /// What contradicts what.
        why: &'static str,
    },
    /// The policy's name is empty, too long, or has a sign that cannot be seen.
    #[error("the policy's `name` cannot be `{value}`: {why}")]
    Name {
        /// The name.
        value: Shown,
        /// What it can be.
        why: &'static str,
    },
    /// The schedule's days do not follow one another.
    #[error("the rule `later` is contradictory: `{from}` does not follow `{before}`")]
    ScheduleOrder {
        /// The day that comes first in the list.
        before: NaiveDate,
        /// The day that stands after it.
        from: NaiveDate,
    },
}

impl PolicyError {
    /// The Russian text with the rule's name, for whoever writes the policy.
    ///
    /// ```
    /// use eschool_core::policy::PolicyError;
    ///
    /// let told = PolicyError::Missing { rule: "matching" }.message_ru();
    /// assert_eq!(told, "В порядке авторизации не хватает правила: «matching»");
    /// ```
    #[must_use]
    pub fn message_ru(&self) -> String {
        format!("{}: «{}»", self.text_ru(), self.field().unwrap_or_default())
    }
}

impl CodedError for PolicyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "policy_unknown",
            Self::Missing { .. } => "policy_missing",
            Self::Name { .. } => "policy_name_malformed",
            Self::OutOfRange { .. } | Self::Contradiction { .. } | Self::ScheduleOrder { .. } => {
                "policy_contradiction"
            }
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "В порядке авторизации есть неизвестное правило",
            Self::Missing { .. } => "В порядке авторизации не хватает правила",
            Self::Name { .. } => "Название порядка авторизации – от 1 до 64 знаков, без невидимых",
            Self::OutOfRange { .. } => "В порядке авторизации недопустимое число или возраст",
            Self::Contradiction { .. } | Self::ScheduleOrder { .. } => {
                "Правила порядка авторизации противоречат друг другу"
            }
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::Unknown { rule, .. }
            | Self::Missing { rule }
            | Self::OutOfRange { rule, .. }
            | Self::Contradiction { rule, .. } => rule,
            Self::Name { .. } => "name",
            Self::ScheduleOrder { .. } => "later",
        })
    }

    fn value(&self) -> Option<String> {
        match self {
            Self::Unknown { value, .. } => Some(Shown::of(value).to_string()),
            Self::OutOfRange { value, .. } | Self::Name { value, .. } => Some(value.to_string()),
            Self::ScheduleOrder { from, .. } => Some(from.to_string()),
            Self::Missing { .. } | Self::Contradiction { .. } => None,
        }
    }
}

const fn contradiction(rule: &'static str, why: &'static str) -> PolicyError {
    PolicyError::Contradiction { rule, why }
}

fn out_of_range(rule: &'static str, value: impl ToString, why: &'static str) -> PolicyError {
    PolicyError::OutOfRange { rule, value: Shown::of(&value.to_string()), why }
}

/// Refuses a name that cannot stand in a line for people to read.
pub(super) fn name_is_readable(name: &str) -> Result<(), PolicyError> {
    const LONGEST: usize = 64;
    let wrong = |why| Err(PolicyError::Name { value: Shown::of(name), why });
    if name.trim().is_empty() {
        return wrong("it says nothing");
    }
    if name.chars().any(is_unseen) {
        return wrong("it has a sign that cannot be seen");
    }
    if name.chars().count() > LONGEST {
        return wrong("it is longer than 64 characters");
    }
    Ok(())
}

/// Whether it is a control character, a change of the writing's direction, or another sign without
/// a shape of its own. A list, so that what is sound does not change with the tables of a
/// toolchain; the joiner and the variations of emoji are in it.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            // hyphens and joiners that show nowhere, fillers of scripts, the blank of Braille
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            // spaces of odd widths, signs of no width, marks of direction, ends of lines
            | '\u{61c}' | '\u{1680}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}'
            | '\u{205f}'..='\u{206f}' | '\u{3000}'
            // variations, tags, and what only steers annotations, shorthand and music
            | '\u{fe00}'..='\u{fe0f}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
            // what no standard gives a shape
            | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{f0000}'..
        )
}

fn months(age: AgeSpan) -> u32 {
    u32::from(age.years) * 12 + u32::from(age.months)
}

/// Refuses an age that cannot part pupils.
fn between_1_and_18(rule: &'static str, age: AgeSpan) -> Result<(), PolicyError> {
    let wrong = |why| {
        let AgeSpan { years, months } = age;
        Err(out_of_range(rule, format!("{years} years, {months} months"), why))
    };
    if age.months > 11 {
        return wrong("months go from 0 to 11");
    }
    if !(12..=18 * 12).contains(&months(age)) {
        return wrong("an age lies between 1 and 18 years");
    }
    Ok(())
}

/// Refuses a list that names something twice.
fn once<T: PartialEq>(rule: &'static str, list: &[T]) -> Result<(), PolicyError> {
    let repeats = |(i, value)| list.iter().skip(i + 1).any(|other| other == value);
    if list.iter().enumerate().any(repeats) {
        return Err(contradiction(rule, "it names something twice"));
    }
    Ok(())
}

/// Refuses a wire enum that this version does not know.
macro_rules! known {
    ($rule:literal, $value:expr) => {
        if !$value.is_known() {
            return Err(PolicyError::Unknown { rule: $rule, value: $value.as_str().into() });
        }
    };
}
use known;

impl Rules {
    /// Checks that every rule is known, there, and in no contradiction with another.
    ///
    /// # Errors
    /// [`PolicyError`] names the first that is not.
    pub fn validate(&self) -> Result<(), PolicyError> {
        self.validate_ages()?;
        self.validate_methods()?;
        self.validate_young_by_esia()?;
        self.validate_consent()?;
        self.validate_matching()?;
        self.validate_people()?;
        self.validate_lock_out()
    }

    fn validate_ages(&self) -> Result<(), PolicyError> {
        between_1_and_18("threshold", self.threshold)?;
        if self.notice_days > 366 {
            let why = "a notice comes a year ahead at most";
            return Err(out_of_range("noticeDays", self.notice_days, why));
        }
        if let Some(days) = self.erase_after_days.filter(|days| !(1..=36_525).contains(days)) {
            let why = "a closed account is kept for a day at least and a century at most";
            return Err(out_of_range("eraseAfterDays", days, why));
        }
        if let Some(years) = self.keep_journals_years.filter(|years| !(1..=100).contains(years)) {
            let why = "journals are kept for a year at least and a century at most";
            return Err(out_of_range("keepJournalsYears", years, why));
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
            once("methods.assurance", &rule.assurance)?;
            if rule.assurance.contains(&Assurance::Unconfirmed) {
                let why = "an unconfirmed account proves nobody: it opens no role";
                return Err(contradiction("methods.assurance", why));
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
            once("matching.with", &rule.with)?;
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
        once("mandatory", &self.mandatory)?;
        once("helpers", &self.helpers)?;
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
        let keeper = match self.registry_keeper {
            RegistryKeeper::Registrar => NextStep::AskRegistrar,
            _ => NextStep::AskClassTeacher,
        };
        if !self.helpers.contains(&keeper) {
            let why = "it leaves out who keeps the registry and corrects it";
            return Err(contradiction("helpers", why));
        }
        if !self.helpers.contains(&NextStep::AskAdministrator) {
            let why = "it leaves out the administrator, to whom cases go on and cards lead";
            return Err(contradiction("helpers", why));
        }
        Ok(())
    }

    fn validate_lock_out(&self) -> Result<(), PolicyError> {
        for (rule, delays) in
            [("lockOut.login", self.lock_out.login), ("lockOut.source", self.lock_out.source)]
        {
            let (first, greatest) = (delays.first_seconds, delays.greatest_seconds);
            if delays.free == 0 {
                return Err(out_of_range(rule, 0, "with no free attempt nobody signs in"));
            }
            if first == 0 || first > greatest {
                return Err(out_of_range(rule, first, "the first delay is from 1 to the greatest"));
            }
            if delays.forget_seconds < greatest {
                let why = "it is forgotten before the delay has ended";
                return Err(out_of_range(rule, delays.forget_seconds, why));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
