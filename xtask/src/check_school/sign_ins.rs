//! Who gets in, with a card's password or through ЕСИА, day by day.

use std::{collections::BTreeMap, error::Error};

use chrono::NaiveDate;
use eschool_core::{journal::ClassName, people::RegistrationCard, signin::GrantedRole};
use eschool_store::{Actor, PasswordSignIn, SignInError, SignedIn};
use serde_json::{Value, json};

use super::{esia::Esia, school::School};

/// Answers each entry of `expected.sign_in`: by a card made on the first day of the year, or through
/// ЕСИА.
pub(super) async fn of(
    school: &School,
    esia: &Esia,
    expected: &Value,
) -> Result<Vec<Value>, Box<dyn Error>> {
    let asked = expected.get("sign_in").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut cards: BTreeMap<String, RegistrationCard> = BTreeMap::new();
    let mut answers = Vec::new();
    for entry in asked {
        let text = |key| entry.get(key).and_then(Value::as_str).unwrap_or_default();
        let (who, key) = (text("pupil"), text("key"));
        let on: NaiveDate = text("on").parse()?;
        answers.push(if text("by") == "esia" {
            school.clock.set(on);
            let person = esia.sign_in(key).await?;
            let outcome = school.store.sign_in_with_esia(person).await;
            answer(school, json!({ "key": key, "by": "esia", "on": on }), outcome).await?
        } else {
            if !cards.contains_key(who) {
                cards.insert(who.into(), card(school, who).await?);
            }
            let card = cards.get(who).ok_or("no card")?;
            school.clock.set(on);
            let request = PasswordSignIn {
                login: card.login.to_string(),
                password: card.password.clone().into(),
                source: None,
                device: None,
            };
            let outcome = school.store.sign_in_with_password(request).await;
            // Whose card was refused is told all the same: it is what was asked.
            let mut answer =
                answer(school, json!({ "key": "", "by": "password", "on": on }), outcome).await?;
            put(&mut answer, "pupil", json!(who));
            answer
        });
    }
    Ok(answers)
}

/// The answer to an entry, with what came of it.
async fn answer(
    school: &School,
    mut answer: Value,
    outcome: Result<SignedIn, SignInError>,
) -> Result<Value, Box<dyn Error>> {
    match outcome {
        Ok(SignedIn { session, .. }) => {
            put(&mut answer, "outcome", json!("granted"));
            let roles = session.accounts.iter().flat_map(|grant| &grant.roles);
            put(&mut answer, "roles", json!(roles.map(GrantedRole::as_str).collect::<Vec<_>>()));
            for overview in school.store.overview(&session).await? {
                let mut children: Vec<_> =
                    overview.children.iter().map(|child| child.name.to_string()).collect();
                children.sort();
                if !children.is_empty() {
                    put(&mut answer, "children", json!(children));
                }
                if let Some(class) = overview.class.filter(|_| overview.is_pupil) {
                    put(&mut answer, "pupil", json!(format!("{}, {class}", overview.name)));
                }
            }
        }
        Err(SignInError::Refused(refusal)) => put(&mut answer, "outcome", json!(refusal.code)),
        Err(error) => return Err(error.into()),
    }
    Ok(answer)
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
    let issued = school.store.issue_cards(Actor::Console, school.report.school, &class).await?;
    issued
        .cards
        .into_iter()
        .map(|made| made.card)
        .find(|card| card.name.to_string() == name)
        .ok_or_else(|| format!("no card for {who} under {}", school.policy).into())
}
