//! The questions of `bindings/vectors.json`, asked here as Kotlin, Swift and TypeScript ask them.
#![expect(clippy::unwrap_used, reason = "a failed expectation is how a test fails")]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use eschool_core::{
    calendar::{DateRange, Term},
    diary::{DiarySlice, Given, TermSlice},
    error::ApiError,
    foreign::ForeignError,
    identity::{AgeSpan, BirthDate, Snils},
    signin::{At, Attempt, Facts, Refusal},
};
use eschool_uniffi::{
    Admission, Verdict, admit, age_reached_on, compose, decide, parse_phone, parse_snils,
    password_ends, password_notice, policy_preset, refusal_in_words, summarise, what_if,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// The file; a group or a field that nobody asks by is an error.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Vectors {
    #[serde(rename = "about")]
    _about: String,
    /// How many entries each group has.
    counts: BTreeMap<String, usize>,
    snils: Vec<Number>,
    phones: Vec<Number>,
    ages: Vec<Age>,
    password_ends: Vec<PasswordEnds>,
    decisions: Vec<Decision>,
    diary: Days,
    term: OfTerm,
    what_if: Vec<WhatIf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Number {
    text: String,
    #[serde(alias = "e164")]
    formatted: Option<String>,
    code: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Age {
    born: BirthDate,
    years: u8,
    months: u8,
    reached: NaiveDate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PasswordEnds {
    name: String,
    policy: String,
    born: Option<BirthDate>,
    today: NaiveDate,
    ends: Option<NaiveDate>,
    notice: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    name: String,
    policy: String,
    at: Value,
    attempt: Value,
    facts: Option<Value>,
    admission: Value,
    decision: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Days {
    slice: DiarySlice,
    range: DateRange,
    diary: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfTerm {
    slice: TermSlice,
    term: Term,
    summary: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhatIf {
    subject: String,
    given: Vec<Given>,
    mean: Option<String>,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../vectors.json")).unwrap()
}

/// Asks every entry of a group, as many as the file says there are.
fn each<T>(group: &str, entries: impl IntoIterator<Item = T>, ask: impl FnMut(T)) {
    let asked = entries.into_iter().map(ask).count();
    assert_eq!(vectors().counts.get(group), Some(&asked), "{group}");
}

#[test]
fn every_group_is_asked() {
    let asked = ["ages", "decisions", "diary", "passwordEnds", "phones", "snils", "term", "whatIf"];
    assert_eq!(vectors().counts.into_keys().collect::<Vec<_>>(), asked);
}

fn code(error: ForeignError) -> String {
    let ForeignError::Refused { code, .. } = error;
    code
}

fn agree(number: &Number, read: Result<String, ForeignError>) {
    let said = match read {
        Ok(text) => (Some(text), None),
        Err(error) => (None, Some(code(error))),
    };
    assert_eq!(said, (number.formatted.clone(), number.code.clone()), "{:?}", number.text);
}

#[test]
fn numbers() {
    let Vectors { snils, phones, .. } = vectors();
    each("snils", snils, |number| {
        agree(&number, parse_snils(&number.text).map(|snils| snils.to_string()));
    });
    each("phones", phones, |number| {
        agree(&number, parse_phone(&number.text).map(|phone| phone.to_string()));
    });
}

#[test]
fn ages() {
    each("ages", vectors().ages, |Age { born, years, months, reached }| {
        assert_eq!(age_reached_on(AgeSpan { years, months }, born), Ok(reached));
    });
}

#[test]
fn the_end_of_passwords() {
    each("passwordEnds", vectors().password_ends, |asked| {
        let PasswordEnds { name, policy, born, today, ends, notice } = asked;
        let policy = policy_preset(&policy).unwrap();
        assert_eq!(password_ends(&policy, born, today), Ok(ends), "{name}");
        assert_eq!(password_notice(&policy, born, today), Ok(notice), "{name}");
    });
}

/// A value of the wire, of which nothing is left unread.
fn whole<T: DeserializeOwned + Serialize>(json: &Value, name: &str) -> T {
    let read = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), *json, "{name}");
    read
}

/// A refusal, with the words that people read.
fn refused(refusal: &Refusal) -> Value {
    let words = refusal_in_words(refusal).unwrap();
    let told = words
        .next
        .iter()
        .map(|step| json!({ "step": step.step, "textRu": step.text_ru, "textEn": step.text_en }));
    let next: Vec<_> = told.collect();
    let words = json!({ "textRu": words.text_ru, "textEn": words.text_en, "next": next });
    json!({ "outcome": "refused", "refusal": refusal, "words": words })
}

#[test]
fn decisions() {
    each("decisions", vectors().decisions, |asked| {
        let Decision { name, policy, at, attempt, facts, admission, decision } = asked;
        let policy = policy_preset(&policy).unwrap();
        let (at, attempt): (At, Attempt) = (whole(&at, &name), whole(&attempt, &name));
        let admitted = match admit(&policy, &attempt, &at).unwrap() {
            Admission::Admitted { keys } => json!({ "outcome": "admitted", "keys": keys }),
            Admission::Refused { refusal } => refused(&refusal),
        };
        assert_eq!(admitted, admission, "{name}: {admitted:#}");
        // As in a school, who is refused at the door is not looked up.
        let looks_up = admission["outcome"] == "admitted";
        assert_eq!((facts.is_some(), decision.is_some()), (looks_up, looks_up), "{name}");
        let Some((facts, decision)) = facts.zip(decision) else { return };
        let facts: Facts = whole(&facts, &name);
        let decided = match decide(&policy, facts, &attempt, &at).unwrap() {
            Verdict::Granted { grant } => json!({ "outcome": "granted", "grant": grant }),
            Verdict::Refused { refusal } => refused(&refusal),
        };
        assert_eq!(decided, decision, "{name}: {decided:#}");
    });
}

#[test]
fn diary() {
    each("diary", [vectors().diary], |Days { slice, range, diary }| {
        let composed = serde_json::to_value(compose(slice, range).unwrap()).unwrap();
        assert_eq!(composed, diary, "{composed:#}");
    });
}

#[test]
fn term() {
    let Vectors { term: OfTerm { slice, term, summary }, what_if: questions, .. } = vectors();
    let summarised = summarise(slice, &term).unwrap();
    each("whatIf", questions, |WhatIf { subject, given, mean }| {
        let subject = summarised.subjects.iter().find(|its| its.subject == subject).unwrap();
        let said = what_if(subject, given).unwrap().map(|mean| mean.to_string());
        assert_eq!(said, mean, "{}", subject.subject);
    });
    each("term", [summary], |summary| {
        let summarised = serde_json::to_value(&summarised).unwrap();
        assert_eq!(summarised, summary, "{summarised:#}");
    });
}

#[test]
fn an_error_says_the_same_as_the_cores() {
    let ForeignError::Refused { code, field, value, text_ru, text_en } =
        parse_snils("112-233-445 96").unwrap_err();
    let core = ApiError::of(&Snils::parse("112-233-445 96").unwrap_err(), None);
    assert_eq!(ApiError { code, field, value, text_ru, text_en }, core);
}
