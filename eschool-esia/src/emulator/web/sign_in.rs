//! `/login/…`: the people, one of whom somebody says they are.
//!
//! The request waits under a random name, so that two windows of one browser do not mix; it is
//! answered once.

use askama::Template;
use axum::{
    Form,
    extract::{Path, RawQuery, State, rejection::FormRejection},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use eschool_core::identity::fold_name;
use serde::Deserialize;
use url::form_urlencoded;

use super::{
    cookie::{Cookie, SetCookie},
    go, page,
};
use crate::emulator::{Emulator, TestPerson, authorize::Refused};

/// From so many people on there is a search.
const MANY: usize = 12;

/// How many people are listed at most: a book may hold a whole region.
const LISTED: usize = 100;

/// What the log calls this.
const ENDPOINT: &str = "/login";

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page<'a> {
    request: &'a str,
    client: &'a str,
    search: Option<&'a str>,
    people: Vec<Row<'a>>,
    /// How many more there are than are listed.
    more: usize,
}

/// A person as the page lists them.
struct Row<'a> {
    oid: u64,
    name: String,
    account: &'static str,
    key: &'a str,
    details: String,
}

impl<'a> Row<'a> {
    fn of(person: &'a TestPerson) -> Self {
        let phone = match (person.phone, person.phone_verified) {
            (None, _) => "без телефона",
            (Some(_), true) => "телефон подтверждён",
            (Some(_), false) => "телефон не подтверждён",
        };
        let snils = if person.snils.is_some() { "" } else { ", без СНИЛС" };
        let consent =
            if person.parent_consent { "" } else { ", без согласия родителя" };
        let factor =
            if person.second_factor { "" } else { ", без второго фактора" };
        let born = person.birth_date.date().format("%d.%m.%Y");
        Self {
            oid: person.oid,
            name: person.name.to_string(),
            account: person.account.text_ru(),
            key: &person.key,
            details: format!("{born}, {phone}{snils}{consent}{factor}"),
        }
    }
}

/// Lists the people.
pub(super) async fn show(
    State(emulator): State<Emulator>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let now = emulator.now();
    let waiting = emulator.memory().waiting.get(now, &name).map(|request| request.client.clone());
    let Some(client) = waiting else { return page::outdated() };
    let query = query.unwrap_or_default();
    let sought = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "q");
    let sought = sought.map(|(_, text)| text.trim().to_owned()).unwrap_or_default();
    let folded = fold_name(&sought);
    let found = emulator.people_called(&folded);
    let people: Vec<_> = found.clone().take(LISTED).map(Row::of).collect();
    let more = found.count().saturating_sub(people.len());
    page::html(
        StatusCode::OK,
        &Page {
            request: &name,
            client: &client,
            search: (emulator.settings().people.len() > MANY).then_some(&sought),
            people,
            more,
        },
    )
}

/// The choice.
#[derive(Deserialize)]
pub(super) struct Choice {
    person: u64,
}

/// Signs in as the person who was chosen.
pub(super) async fn choose(
    State(emulator): State<Emulator>,
    Path(name): Path<String>,
    Cookie(former): Cookie,
    choice: Result<Form<Choice>, FormRejection>,
) -> Response {
    let chosen = choice.ok().and_then(|Form(choice)| emulator.person(choice.person));
    let Some(person) = chosen else {
        return page::problem(StatusCode::BAD_REQUEST, "Выберите человека из списка.");
    };
    let now = emulator.now();
    let Some(request) = emulator.memory().waiting.take(now, &name) else {
        return page::outdated();
    };
    emulator.sign_out(former.as_deref());
    let (cookie, session) = emulator.sign_in(person);
    let client = request.client.clone();
    match emulator.answered(request, session, person) {
        Ok(back) => (SetCookie(Some(&cookie)), go(StatusCode::SEE_OTHER, &back)).into_response(),
        Err(Refused::There { back, fault }) => {
            emulator.refused_client(ENDPOINT, Some(&client), &fault);
            (SetCookie(Some(&cookie)), go(StatusCode::SEE_OTHER, &back)).into_response()
        }
        Err(Refused::Here(fault)) => {
            emulator.refused_client(ENDPOINT, Some(&client), &fault);
            page::fault(&fault)
        }
    }
}

/// Goes back without signing in.
pub(super) async fn refuse(State(emulator): State<Emulator>, Path(name): Path<String>) -> Response {
    let now = emulator.now();
    let request = emulator.memory().waiting.take(now, &name);
    match request {
        Some(request) => go(StatusCode::SEE_OTHER, &emulator.denied(&request)),
        None => page::outdated(),
    }
}
