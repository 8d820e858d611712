//! Policies. The class in `ts/policy.ts` holds one as the wire has it.

use chrono::NaiveDate;
use eschool_core::{
    identity::{BirthDate, parse_date},
    people,
    policy::{PolicyTextError, Rules, SignInPolicy},
    signin::Refusal,
};
use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::json::{json_of_any, tree_of, write, write_any};
use crate::border::{text, text_or_none, thrown};

pub(super) fn policy_of(value: &JsValue) -> Result<SignInPolicy, JsValue> {
    let json = json_of_any(value, "policy")?;
    let policy = match tree_of(&json) {
        Ok(tree) => SignInPolicy::read_from(tree),
        Err(amiss) => Err(PolicyTextError::malformed(amiss)),
    };
    policy.map_err(|error| thrown(&error))
}

pub(super) fn date(value: &JsValue, argument: &'static str) -> Result<NaiveDate, JsValue> {
    parse_date(&text(value, argument)?).map_err(|error| thrown(&error))
}

fn birth_date(value: &JsValue) -> Result<Option<BirthDate>, JsValue> {
    let born = text_or_none(value, "birthDate")?.map(|born| born.parse());
    born.transpose().map_err(|error: <BirthDate as core::str::FromStr>::Err| thrown(&error))
}

#[wasm_bindgen(js_name = policyPresets)]
pub fn policy_presets() -> Vec<String> {
    SignInPolicy::PRESETS.iter().map(|name| String::from(*name)).collect()
}

#[wasm_bindgen(js_name = policyPreset)]
pub fn policy_preset(name: JsValue) -> Result<Ts<SignInPolicy>, JsValue> {
    let preset = SignInPolicy::preset(&text(&name, "name")?);
    write(&preset.map_err(|error| thrown(&error))?)
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
    write(policy_of(&policy)?.rules_on(date(&on, "day")?))
}

#[wasm_bindgen(js_name = policyPasswordEnds)]
pub fn policy_password_ends(
    policy: JsValue,
    born: JsValue,
    today: JsValue,
) -> Result<Option<String>, JsValue> {
    let ends = policy_of(&policy)?.password_ends(birth_date(&born)?, date(&today, "today")?);
    Ok(ends.map(|ends| ends.to_string()))
}

#[wasm_bindgen(js_name = policyPasswordNotice)]
pub fn policy_password_notice(
    policy: JsValue,
    born: JsValue,
    today: JsValue,
) -> Result<Option<String>, JsValue> {
    let ends = policy_of(&policy)?.password_notice(birth_date(&born)?, date(&today, "today")?);
    Ok(ends.map(|ends| ends.to_string()))
}

#[wasm_bindgen(js_name = policyCardRefusal, unchecked_return_type = "Refusal | undefined")]
pub fn policy_card_refusal(
    policy: JsValue,
    born: JsValue,
    today: JsValue,
) -> Result<JsValue, JsValue> {
    let (policy, born, today) = (policy_of(&policy)?, birth_date(&born)?, date(&today, "today")?);
    match people::may_issue_card(policy.rules_on(today), born, today) {
        Ok(()) => Ok(JsValue::UNDEFINED),
        Err(refusal) => write::<Refusal>(&refusal).map(Into::into),
    }
}
