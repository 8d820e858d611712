//! Pages for people.

use askama::Template;
use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};

use crate::emulator::{RefusalCode, fault::Fault};

#[derive(Template)]
#[template(path = "problem.html")]
struct Problem<'a> {
    text: &'a str,
    check: Option<Check>,
}

/// Which check failed.
struct Check {
    ru: Vec<Piece>,
    en: Vec<Piece>,
}

/// A piece of a sentence: plain, or a name from the wire.
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) is_code: bool,
}

/// A sentence that begins with a capital, its names between backticks taken apart.
pub(super) fn pieces(sentence: &str) -> Vec<Piece> {
    let mut letters = sentence.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let sentence: String = first.chain(letters).collect();
    let pieces = sentence.split('`').zip([false, true].into_iter().cycle());
    pieces.map(|(text, is_code)| Piece { text: text.into(), is_code }).collect()
}

/// A page.
pub(super) fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A page that says what is wrong.
pub(super) fn problem(status: StatusCode, text: &str) -> Response {
    html(status, &Problem { text, check: None })
}

/// A page with a code of ЕСИА, for where nobody may be sent anywhere.
pub(super) fn fault(fault: &Fault) -> Response {
    let status = match fault.code {
        RefusalCode::INTERNAL => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    let (ru, en) = fault.reason.texts();
    let check = Some(Check { ru: pieces(&ru), en: pieces(&en) });
    html(status, &Problem { text: &fault.code.description(), check })
}

/// The request was answered already, or waited too long.
pub(super) fn outdated() -> Response {
    let text = "Этот вход уже завершён или устарел. Вернитесь на сайт и начните вход заново.";
    problem(StatusCode::GONE, text)
}

/// The style sheet.
pub(super) async fn style() -> Response {
    const STYLE: &str = include_str!("../../../templates/emulator.css");
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}
