//! `/emulator/log`: what was refused and why, as a page and as JSON.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde_json::json;

use super::page;
use crate::emulator::{Emulator, InjectedFault, Injection, LoggedRefusal};

#[derive(Template)]
#[template(path = "log.html")]
struct Page {
    refusals: Vec<Row>,
    faults: Vec<String>,
}

/// A refusal as the page shows it.
struct Row {
    refusal: LoggedRefusal,
    /// `09:00:00`, by UTC.
    time: String,
    /// What the answer means, Russian and English; none for a status.
    meaning: Option<(&'static str, &'static str)>,
}

impl From<LoggedRefusal> for Row {
    fn from(refusal: LoggedRefusal) -> Self {
        let code = crate::emulator::RefusalCode::parse(&refusal.answer);
        Self {
            time: refusal.at.format("%d.%m.%Y %H:%M:%S UTC").to_string(),
            meaning: code.map(|code| (code.text_ru(), code.text_en())),
            refusal,
        }
    }
}

/// The page.
pub(super) async fn show(State(emulator): State<Emulator>) -> Response {
    let refusals = emulator.refusals().into_iter().map(Row::from).collect();
    let faults = emulator.faults().iter().map(spelled).collect();
    page::html(StatusCode::OK, &Page { refusals, faults })
}

/// The same as JSON.
pub(super) async fn json(State(emulator): State<Emulator>) -> Response {
    Json(json!({ "refusals": emulator.refusals() })).into_response()
}

/// Forgets what was refused, at the button of the page.
pub(super) async fn clear(State(emulator): State<Emulator>) -> Response {
    emulator.forget_refusals();
    Redirect::to("/emulator/log").into_response()
}

/// Takes every fault back, at the button of the page.
pub(super) async fn reset_faults(State(emulator): State<Emulator>) -> Response {
    emulator.reset_faults();
    Redirect::to("/emulator/log").into_response()
}

/// A fault that is on: `slow 5 – token – ещё 3`.
fn spelled(injection: &Injection) -> String {
    let mut text = match injection.fault {
        InjectedFault::Slow(seconds) => format!("slow, {seconds} с"),
        InjectedFault::Clock(seconds) => format!("clock, {seconds} с"),
        InjectedFault::Html(status) => format!("html, {status}"),
        InjectedFault::Refuse(code) => format!("refuse, {code}"),
        other => other.to_string(),
    };
    if let Some(endpoint) = injection.endpoint {
        text.push_str(" – ");
        text.push_str(endpoint.name());
    }
    if let Some(times) = injection.times {
        text.push_str(&format!(" – осталось: {times}"));
    }
    text
}
