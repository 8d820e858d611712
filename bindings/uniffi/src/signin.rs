//! The two steps of signing in, and what a refusal says.

use eschool_core::{
    policy::SignInPolicy,
    signin::{self, At, Attempt, Facts, Grant, LookupKeys, NextStep, Refusal, RefusalCode},
};

use crate::{Answer, error::read};

/// What the first step says.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Admission {
    /// Somebody is looked up by these keys.
    Admitted {
        /// The keys.
        keys: LookupKeys,
    },
    /// No role could be granted, whoever it is.
    Refused {
        /// Why, and what to do.
        refusal: Refusal,
    },
}

/// What the second step says.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Verdict {
    /// They are in.
    Granted {
        /// Who they are and what they may.
        grant: Grant,
    },
    /// They are not.
    Refused {
        /// Why, and what to do.
        refusal: Refusal,
    },
}

/// A refusal, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RefusalInWords {
    /// In Russian.
    pub text_ru: String,
    /// The same in English.
    pub text_en: String,
    /// What to do next, in order.
    pub next: Vec<StepInWords>,
}

/// A next step, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct StepInWords {
    /// The step.
    pub step: NextStep,
    /// In Russian.
    pub text_ru: String,
    /// The same in English.
    pub text_en: String,
}

/// The first step: refuses what no role could accept before anybody is looked up, else says by which
/// keys to look.
///
/// Throws `date_invalid` and `instant_invalid` for a day and an instant that no calendar has.
#[uniffi::export]
pub fn admit(policy: &SignInPolicy, attempt: &Attempt, at: &At) -> Answer<Admission> {
    Ok(match signin::admit(policy, attempt, at) {
        Ok(keys) => Admission::Admitted { keys },
        Err(refusal) => Admission::Refused { refusal },
    })
}

/// The second step: judges what was found, role by role; any role that grants, grants.
///
/// Throws `date_invalid` and `instant_invalid` for a day and an instant that no calendar has.
#[uniffi::export]
pub fn decide(policy: &SignInPolicy, facts: Facts, attempt: &Attempt, at: &At) -> Answer<Verdict> {
    Ok(match signin::decide(policy, facts, attempt, at) {
        Ok(grant) => Verdict::Granted { grant },
        Err(refusal) => Verdict::Refused { refusal },
    })
}

/// What a refusal says to the person, with the next steps.
#[uniffi::export]
pub fn refusal_in_words(refusal: &Refusal) -> Answer<RefusalInWords> {
    let next = refusal.next.iter().map(|step| StepInWords {
        step: step.clone(),
        text_ru: refusal.step_text_ru(step).into_owned(),
        text_en: refusal.step_text_en(step).into_owned(),
    });
    Ok(RefusalInWords {
        text_ru: refusal.text_ru(),
        text_en: refusal.text_en(),
        next: next.collect(),
    })
}

/// A refusal out of a portal's answer.
///
/// Throws `json_malformed`.
#[uniffi::export]
pub fn decode_refusal(json: &str) -> Answer<Refusal> {
    read(json, "refusal")
}

/// Every code of a refusal that this version knows.
#[uniffi::export]
pub fn refusal_codes() -> Answer<Vec<RefusalCode>> {
    Ok(RefusalCode::KNOWN.to_vec())
}
