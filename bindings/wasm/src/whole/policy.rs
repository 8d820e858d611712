//! Policies. The class in `ts/policy.ts` holds one as the wire has it.

use chrono::NaiveDate;
use eschool_core::{
    identity::{BirthDate, parse_date},
    policy::{DatedRules, Rules, SignInPolicy},
};
use serde::Deserialize;
use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::json::{of_json, read_any, write, write_any};
use crate::border::{BorderError, text, text_or_none, thrown};

/// The parts of a policy as they come, so that what is amiss with it is told with its own code.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Parts {
    name: String,
    rules: Rules,
    #[serde(default)]
    later: Vec<DatedRules>,
}

pub(super) fn policy_of(value: &JsValue) -> Result<SignInPolicy, JsValue> {
    let Parts { name, rules, later } = if value.is_string() {
        of_json(&text(value, "policy")?, "policy")?
    } else {
        read_any(value, "policy")?
    };
    SignInPolicy::new(name, rules, later).map_err(|error| thrown(&error))
}

fn day(value: &JsValue, argument: &'static str) -> Result<NaiveDate, JsValue> {
    parse_date(&text(value, argument)?).map_err(|error| thrown(&error))
}

fn birth_date(value: &JsValue) -> Result<Option<BirthDate>, JsValue> {
    let born = text_or_none(value, "birthDate")?.map(|born| born.parse());
    born.transpose().map_err(|error: <BirthDate as core::str::FromStr>::Err| thrown(&error))
}

#[wasm_bindgen(js_name = policyPreset)]
pub fn policy_preset(name: JsValue) -> Result<Ts<SignInPolicy>, JsValue> {
    let preset = SignInPolicy::preset(&text(&name, "name")?);
    write(&preset.ok_or_else(|| thrown(&BorderError::NoPreset))?)
}

#[wasm_bindgen(js_name = policyOf)]
pub fn policy_of_json(json: JsValue) -> Result<Ts<SignInPolicy>, JsValue> {
    write(&policy_of(&json)?)
}

#[wasm_bindgen(js_name = policyInWords, unchecked_return_type = "RuleInWords[]")]
pub fn policy_in_words(policy: JsValue) -> Result<JsValue, JsValue> {
    write_any(&policy_of(&policy)?.in_words())
}

#[wasm_bindgen(js_name = policyRulesOn)]
pub fn policy_rules_on(policy: JsValue, on: JsValue) -> Result<Ts<Rules>, JsValue> {
    write(policy_of(&policy)?.rules_on(day(&on, "day")?))
}

#[wasm_bindgen(js_name = policyPasswordEnds)]
pub fn policy_password_ends(
    policy: JsValue,
    born: JsValue,
    today: JsValue,
) -> Result<Option<String>, JsValue> {
    let ends = policy_of(&policy)?.password_ends(birth_date(&born)?, day(&today, "today")?);
    Ok(ends.map(|ends| ends.to_string()))
}

#[wasm_bindgen(js_name = policyPasswordNotice)]
pub fn policy_password_notice(
    policy: JsValue,
    born: JsValue,
    today: JsValue,
) -> Result<Option<String>, JsValue> {
    let ends = policy_of(&policy)?.password_notice(birth_date(&born)?, day(&today, "today")?);
    Ok(ends.map(|ends| ends.to_string()))
}
