//! Signing in: who is let in, and what somebody who is not reads.

use eschool_core::signin::{self, At, Attempt, Facts, Grant, LookupKeys, NextStep, Refusal};
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::json::{read, write};
use super::policy::policy_of;

/// One of the next steps after a refusal, with its words.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ToldStep {
    /// The step.
    step: NextStep,
    /// What the person reads, in Russian.
    text_ru: String,
    /// The same in English.
    text_en: String,
}

/// A refusal with its words.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ToldRefusal {
    /// The refusal.
    #[serde(flatten)]
    refusal: Refusal,
    /// What the person reads, in Russian.
    text_ru: String,
    /// The same in English.
    text_en: String,
    /// What can be done about it, in the order of `next`.
    steps: Vec<ToldStep>,
}

impl From<Refusal> for ToldRefusal {
    fn from(refusal: Refusal) -> Self {
        let told = |step: &NextStep| ToldStep {
            text_ru: refusal.step_text_ru(step).into(),
            text_en: refusal.step_text_en(step).into(),
            step: step.clone(),
        };
        let steps = refusal.next.iter().map(told).collect();
        Self { text_ru: refusal.text_ru(), text_en: refusal.text_en(), steps, refusal }
    }
}

/// What `admit` answers.
#[derive(Serialize, Tsify)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Admission {
    /// The attempt may go on: look somebody up by these.
    Admitted {
        /// What to look somebody up by.
        keys: LookupKeys,
    },
    /// No role could accept it.
    Refused {
        /// Why not.
        refusal: ToldRefusal,
    },
}

/// What `decide` answers.
#[derive(Serialize, Tsify)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Decision {
    /// The person is signed in.
    Granted {
        /// As whom, in which schools, and until when.
        grant: Grant,
    },
    /// The person is not.
    Refused {
        /// Why not, and what to do about it.
        refusal: ToldRefusal,
    },
}

/// The first step of a sign-in: what no role could accept is refused before anybody is looked up.
#[wasm_bindgen(js_name = admit)]
pub fn admit(
    #[wasm_bindgen(unchecked_param_type = "SignInPolicy | SignInPolicyJson")] policy: JsValue,
    attempt: Ts<Attempt>,
    at: Ts<At>,
) -> Result<Ts<Admission>, JsValue> {
    let (policy, attempt, at) = (policy_of(&policy)?, read(attempt, "attempt")?, read(at, "at")?);
    write(&match signin::admit(&policy, &attempt, &at) {
        Ok(keys) => Admission::Admitted { keys },
        Err(refusal) => Admission::Refused { refusal: refusal.into() },
    })
}

/// The second step of a sign-in: an attempt is judged by what was found. A grant names every role
/// that grants; where none does, the refusal is the one that comes first.
#[wasm_bindgen(js_name = decide)]
pub fn decide(
    #[wasm_bindgen(unchecked_param_type = "SignInPolicy | SignInPolicyJson")] policy: JsValue,
    facts: Ts<Facts>,
    attempt: Ts<Attempt>,
    at: Ts<At>,
) -> Result<Ts<Decision>, JsValue> {
    let (policy, facts) = (policy_of(&policy)?, read(facts, "facts")?);
    let (attempt, at) = (read(attempt, "attempt")?, read(at, "at")?);
    write(&match signin::decide(&policy, facts, &attempt, &at) {
        Ok(grant) => Decision::Granted { grant },
        Err(refusal) => Decision::Refused { refusal: refusal.into() },
    })
}
