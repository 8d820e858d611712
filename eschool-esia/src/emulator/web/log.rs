//! `/emulator/log`: what was refused and why, as a page and as JSON.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use serde_json::json;

use super::page::{self, Piece};
use crate::emulator::{Emulator, InjectedFault, Injection, LoggedRefusal, RefusalCode};

#[derive(Template)]
#[template(path = "log.html")]
struct Page {
    refusals: Vec<Row>,
    faults: Vec<String>,
}

/// A refusal as the page shows it.
struct Row {
    refusal: LoggedRefusal,
    /// `01.09.2026 09:00:00 UTC`.
    time: String,
    /// What the answer means, Russian and English; none for a status.
    meaning: Option<(&'static str, &'static str)>,
    /// Which check failed, in Russian.
    ru: Vec<Piece>,
    /// The same in English.
    en: Vec<Piece>,
}

impl From<LoggedRefusal> for Row {
    fn from(refusal: LoggedRefusal) -> Self {
        let code = RefusalCode::parse(&refusal.answer);
        Self {
            time: refusal.at.format("%d.%m.%Y %H:%M:%S UTC").to_string(),
            meaning: code.map(|code| (code.text_ru(), code.text_en())),
            ru: page::pieces(&refusal.text_ru),
            en: page::pieces(&refusal.text_en),
            refusal,
        }
    }
}

/// The page.
pub(super) async fn show(State(emulator): State<Emulator>) -> Response {
    let refusals = emulator.refusals().into_iter().map(Row::from).collect();
    let faults = emulator.faults().iter().map(spelled).collect();
    // without a referrer, browsers would not tell either that its buttons are of this site
    let policy = [(header::REFERRER_POLICY, "same-origin")];
    (policy, page::html(StatusCode::OK, &Page { refusals, faults })).into_response()
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

/// A fault that is on: `slow, 5 с – token – осталось: 3`.
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
