//! `GET /rs/prns/{oid}`.

use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use super::{Place, e_tag};
use crate::emulator::{Emulator, TestAccount};

const PLACE: Place =
    Place { name: "/rs/prns/{oid}", scopes: &["fullname", "birthdate", "gender", "snils"] };

/// Personal data. What is outside the scope is absent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Person<'a> {
    state_facts: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    middle_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gender: Option<&'static str>,
    trusted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    snils: Option<String>,
    updated_on: i64,
    status: &'static str,
    verifying: bool,
    e_tag: String,
}

/// Tells it.
pub(in crate::emulator::web) async fn person(
    State(emulator): State<Emulator>,
    Path(oid): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (person, grant) = match PLACE.opened(&emulator, &headers, &oid) {
        Ok(opened) => opened,
        Err(refusal) => return *refusal,
    };
    let name = &person.name;
    Json(Person {
        state_facts: ["EntityRoot"],
        first_name: grant.within("fullname", name.given()),
        last_name: grant.within("fullname", name.family()),
        middle_name: grant.within("fullname", name.patronymic().as_deref()).flatten(),
        birth_date: grant
            .within("birthdate", person.birth_date.date().format("%d.%m.%Y").to_string()),
        gender: grant.within("gender", person.gender()).flatten(),
        trusted: person.account == TestAccount::Confirmed,
        snils: grant.within("snils", person.snils.map(|snils| snils.to_string())).flatten(),
        updated_on: emulator.started().timestamp(),
        status: "REGISTERED",
        verifying: false,
        e_tag: e_tag(person.oid),
    })
    .into_response()
}
