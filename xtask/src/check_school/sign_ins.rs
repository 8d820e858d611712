//! Who gets in with a card's password, day by day.

use std::{collections::BTreeMap, error::Error};

use chrono::NaiveDate;
use eschool_core::{journal::ClassName, people::RegistrationCard, signin::GrantedRole};
use eschool_store::{PasswordSignIn, SignInError};
use serde_json::{Value, json};

use super::school::School;

/// Answers each entry of `expected.sign_in`, with a card made on the first day of the year.
pub(super) async fn of(school: &School, expected: &Value) -> Result<Vec<Value>, Box<dyn Error>> {
    let asked = expected.get("sign_in").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut cards: BTreeMap<String, RegistrationCard> = BTreeMap::new();
    let mut answers = Vec::new();
    for entry in asked {
        let text = |key| entry.get(key).and_then(Value::as_str).unwrap_or_default();
        let who = text("pupil");
        if !cards.contains_key(who) {
            cards.insert(who.into(), card(school, who).await?);
        }
        let card = cards.get(who).ok_or("no card")?;
        let on: NaiveDate = text("on").parse()?;
        school.clock.set(on);
        let request = PasswordSignIn {
            login: card.login.to_string(),
            password: card.password.clone().into(),
            source: None,
            device: None,
        };
        let mut answer = json!({ "key": "", "by": "password", "on": on, "pupil": who });
        match school.store.sign_in_with_password(request).await {
            Ok(signed_in) => {
                let roles = signed_in.session.accounts.iter().flat_map(|grant| &grant.roles);
                let roles: Vec<_> = roles.map(GrantedRole::as_str).collect();
                put(&mut answer, "outcome", json!("granted"));
                put(&mut answer, "roles", json!(roles));
            }
            Err(SignInError::Refused(refusal)) => {
                put(&mut answer, "outcome", json!(refusal.code));
            }
            Err(error) => return Err(error.into()),
        }
        answers.push(answer);
    }
    Ok(answers)
}

fn put(answer: &mut Value, key: &str, value: Value) {
    if let Value::Object(answer) = answer {
        answer.insert(key.into(), value);
    }
}

/// The card of «Фамилия Имя Отчество, класс».
async fn card(school: &School, who: &str) -> Result<RegistrationCard, Box<dyn Error>> {
    let (name, class) = who.rsplit_once(", ").ok_or("a pupil without a class")?;
    let class: ClassName = class.parse()?;
    school.clock.set(NaiveDate::from_ymd_opt(2024, 9, 1).ok_or("no such day")?);
    let issued = school.store.issue_cards(school.report.school, &class).await?;
    issued
        .cards
        .into_iter()
        .find(|card| card.name.to_string() == name)
        .ok_or_else(|| format!("no card for {who} under {}", school.policy).into())
}
