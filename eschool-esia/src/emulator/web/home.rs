//! `/`: what this is, and who is signed in.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{
    cookie::{Cookie, SetCookie},
    page,
};
use crate::emulator::Emulator;

#[derive(Template)]
#[template(path = "home.html")]
struct Page<'a> {
    person: Option<String>,
    account: &'static str,
    clients: Vec<&'a str>,
}

/// The page.
pub(super) async fn show(State(emulator): State<Emulator>, Cookie(cookie): Cookie) -> Response {
    let session = emulator.session(cookie.as_deref());
    let person = session.and_then(|session| emulator.person(session.oid));
    let clients = emulator.settings().clients.iter().map(|client| client.mnemonic.as_str());
    page::html(
        StatusCode::OK,
        &Page {
            person: person.map(|person| person.name.to_string()),
            account: person.map_or("", |person| person.account.text_ru()),
            clients: clients.collect(),
        },
    )
}

/// Signs out of the emulator.
pub(super) async fn sign_out(State(emulator): State<Emulator>, Cookie(cookie): Cookie) -> Response {
    emulator.sign_out(cookie.as_deref());
    (SetCookie(None), Redirect::to("/")).into_response()
}
