//! Signing in: who is let in, and what somebody who is not reads.

use eschool_core::signin::{
    self, At, Attempt, Facts, Grant, LookupKeys, NextStep, Refusal, RefusalCode,
};
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::{
    json::{decoded, read, read_any, write, write_any},
    policy::policy_of,
};

/// A next step, as people read it.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct StepInWords {
    /// The step.
    step: NextStep,
    /// In Russian.
    text_ru: String,
    /// The same in English.
    text_en: String,
}

/// A refusal, as people read it.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RefusalInWords {
    /// In Russian.
    text_ru: String,
    /// The same in English.
    text_en: String,
    /// What to do next, in order.
    next: Vec<StepInWords>,
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
        /// Why, and what to do.
        refusal: Refusal,
    },
}

/// What `decide` answers.
#[derive(Serialize, Tsify)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Verdict {
    /// The person is signed in.
    Granted {
        /// As whom, in which schools, and until when.
        grant: Grant,
    },
    /// The person is not.
    Refused {
        /// Why, and what to do.
        refusal: Refusal,
    },
}

/// The first step of a sign-in: what no role could accept is refused before anybody is looked up.
///
/// Throws what `SignInPolicy.fromJson` does, where the policy is passed as an object of JSON. A
/// refused sign-in is an answer and throws nothing.
#[wasm_bindgen(js_name = admit)]
pub fn admit(
    #[wasm_bindgen(unchecked_param_type = "SignInPolicy | SignInPolicyJson")] policy: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Passed<Attempt>")] attempt: JsValue,
    at: Ts<At>,
) -> Result<Ts<Admission>, JsValue> {
    let (policy, at) = (policy_of(&policy)?, read(at, "at")?);
    let attempt: Attempt = read_any(&attempt, "attempt")?;
    write(&match signin::admit(&policy, &attempt, &at) {
        Ok(keys) => Admission::Admitted { keys },
        Err(refusal) => Admission::Refused { refusal },
    })
}

/// The second step of a sign-in: an attempt is judged by what was found. A grant names every role
/// that grants; where none does, the refusal is the one that comes first.
///
/// Throws what `SignInPolicy.fromJson` does, where the policy is passed as an object of JSON. A
/// refused sign-in is an answer and throws nothing.
#[wasm_bindgen(js_name = decide)]
pub fn decide(
    #[wasm_bindgen(unchecked_param_type = "SignInPolicy | SignInPolicyJson")] policy: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Passed<Facts>")] facts: JsValue,
    #[wasm_bindgen(unchecked_param_type = "Passed<Attempt>")] attempt: JsValue,
    at: Ts<At>,
) -> Result<Ts<Verdict>, JsValue> {
    let (policy, at) = (policy_of(&policy)?, read(at, "at")?);
    let facts: Facts = read_any(&facts, "facts")?;
    let attempt: Attempt = read_any(&attempt, "attempt")?;
    write(&match signin::decide(&policy, facts, &attempt, &at) {
        Ok(grant) => Verdict::Granted { grant },
        Err(refusal) => Verdict::Refused { refusal },
    })
}

/// What a refusal says to the person, with the next steps.
#[wasm_bindgen(js_name = refusalInWords)]
pub fn refusal_in_words(refusal: Ts<Refusal>) -> Result<Ts<RefusalInWords>, JsValue> {
    let refusal = read(refusal, "refusal")?;
    let told = |step: &NextStep| StepInWords {
        text_ru: refusal.step_text_ru(step).into(),
        text_en: refusal.step_text_en(step).into(),
        step: step.clone(),
    };
    let next = refusal.next.iter().map(told).collect();
    write(&RefusalInWords { text_ru: refusal.text_ru(), text_en: refusal.text_en(), next })
}

/// A refusal from the portal's JSON, as text or parsed.
///
/// Throws `json_malformed`.
#[wasm_bindgen(js_name = decodeRefusal)]
pub fn decode_refusal(
    #[wasm_bindgen(unchecked_param_type = "unknown")] json: JsValue,
) -> Result<Ts<Refusal>, JsValue> {
    write(&decoded::<Refusal>(&json, "refusal")?)
}

/// Every code of a refusal that this version knows, in the order of precedence.
#[wasm_bindgen(js_name = refusalCodes, unchecked_return_type = "RefusalCode[]")]
pub fn refusal_codes() -> Result<JsValue, JsValue> {
    write_any(&RefusalCode::KNOWN)
}
