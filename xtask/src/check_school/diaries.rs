//! Weeks and terms of the pupils that `expected.json` asks for.

use std::{collections::BTreeMap, error::Error};

use chrono::NaiveDate;
use eschool_core::{
    calendar::DateRange,
    diary::{Diary, DiaryEntry, TermSummary},
    id::{AccountId, PersonId},
    journal::{MarkValue, Weight},
    policy::SignInMethod,
    signin::{AccountGrant, GrantedRole},
};
use eschool_store::Session;
use serde_json::{Map, Value, json};

use super::school::School;

/// Answers each entry of `expected.diaries`.
pub(super) async fn of(school: &School, expected: &Value) -> Result<Vec<Value>, Box<dyn Error>> {
    let asked = expected.get("diaries").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut answers = Vec::new();
    for entry in asked {
        let name = entry.get("pupil").and_then(Value::as_str).unwrap_or_default();
        let class = entry.get("class").and_then(Value::as_str).unwrap_or_default();
        let pupil = pupil(school, name, class).ok_or_else(|| format!("no pupil {name}"))?;
        let session = session_of(school, pupil);
        let mut weeks = Vec::new();
        for week in list(&entry, "weeks") {
            let monday: NaiveDate =
                week.get("monday").and_then(Value::as_str).unwrap_or_default().parse()?;
            let range = DateRange::week_of(monday);
            let diary = school.store.diary(&session, school.report.school, pupil, range).await?;
            weeks.push(week_of(&diary));
        }
        let mut totals = Vec::new();
        for term in list(&entry, "totals") {
            let name = term.get("term").and_then(Value::as_str);
            let term = school.store.term(&session, school.report.school, pupil, name).await?;
            totals.push(totals_of(&term));
        }
        answers.push(json!({ "pupil": name, "class": class, "weeks": weeks, "totals": totals }));
    }
    Ok(answers)
}

fn list<'a>(entry: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    entry.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// The pupil of this name who was ever in this class.
fn pupil(school: &School, name: &str, class: &str) -> Option<AccountId> {
    let registry = &school.registry;
    let class = registry.classes.iter().find(|c| c.name.to_string() == class)?.id;
    registry
        .accounts
        .iter()
        .filter(|account| account.name.to_string() == name)
        .map(|account| account.id)
        .find(|id| registry.stays.iter().any(|s| s.pupil == *id && s.class == class))
}

/// A session of the pupil, however old: what a diary holds is asked here, not who may read it.
fn session_of(school: &School, pupil: AccountId) -> Session {
    Session {
        person: PersonId(pupil.0),
        accounts: vec![AccountGrant {
            account: pupil,
            school: school.report.school,
            roles: vec![GrantedRole::Pupil],
        }],
        method: SignInMethod::Password,
        choose: false,
        chosen: None,
        password_ends: None,
        expires_at: chrono::DateTime::<chrono::Utc>::MAX_UTC,
        app: None,
    }
}

fn week_of(diary: &Diary) -> Value {
    let entries = diary.days.iter().flat_map(|day| {
        day.entries.iter().map(|entry| entry_of(day.date, entry)).collect::<Vec<_>>()
    });
    json!({
        "monday": diary.range.from(),
        "days": diary.days.iter().map(|day| &day.kind).collect::<Vec<_>>(),
        "entries": entries.collect::<Vec<_>>(),
    })
}

fn entry_of(date: NaiveDate, entry: &DiaryEntry) -> Value {
    let time = |time: Option<chrono::NaiveTime>| time.map(|time| time.format("%H:%M").to_string());
    json!({
        "date": date,
        "number": entry.number,
        "begins": time(entry.begins),
        "ends": time(entry.ends),
        "subject": entry.subject,
        "teacher": entry.teacher,
        "room": entry.room,
        "planned": entry.planned,
        "instead_of": entry.instead_of,
        "cancelled": entry.cancelled,
        "topic": entry.topic,
        "homework": entry.homework.as_ref().map(|homework| &homework.text),
        "homework_due": entry.homework.as_ref().and_then(|homework| homework.due),
        "filled": entry.filled,
        "individual_homework":
            entry.individual_homework.iter().map(|homework| &homework.text).collect::<Vec<_>>(),
        "marks": entry.marks.iter().map(|mark| json!({
            "value": mark.value,
            "work": mark.work,
            "title": mark.title,
            "weight": weight(mark.weight),
            "comment": mark.comment,
        })).collect::<Vec<_>>(),
        "attendance": entry.attendance.as_ref().map(|attendance| &attendance.code),
    })
}

/// A whole weight as the number the files have.
fn weight(weight: Weight) -> Value {
    match (weight.hundredths() / 100, weight.hundredths() % 100) {
        (whole, 0) => json!(whole),
        _ => json!(weight),
    }
}

fn totals_of(term: &TermSummary) -> Value {
    let mut means = Map::new();
    let mut finals = Map::new();
    for subject in &term.subjects {
        // Subjects without marks are absent; marks that do not count make a mean of nothing.
        if !subject.marks.is_empty() {
            let mean = subject.mean.as_ref().map(ToString::to_string);
            means.insert(subject.subject.clone(), json!(mean));
        }
        for mark in &subject.finals {
            finals.insert(subject.subject.clone(), points(&mark.value));
        }
    }
    let a = term.attendance;
    let counted = [
        ("late", a.late),
        ("ill", a.ill),
        ("excused", a.excused),
        ("unexcused", a.unexcused),
        ("unspecified", a.unspecified),
    ];
    let attendance: BTreeMap<_, _> = counted.into_iter().filter(|(_, times)| *times > 0).collect();
    json!({
        "term": term.term.name,
        "finals": finals,
        "unfilled": term.unfilled,
        "means": means,
        "debts": term.debts,
        "attendance": attendance,
    })
}

fn points(value: &MarkValue) -> Value {
    value.points().map_or_else(|| json!(value), |points| json!(points.get()))
}
