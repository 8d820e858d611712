//! `GET /rs/prns/{oid}/kids` and `/kids/{id}`: the person's children.
//!
//! The sources name the endpoint and the scopes, not the fields: they are called here as those of a
//! person are.

use axum::{
    extract::{Path, RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use serde::Serialize;

use super::{
    Place,
    collection::{self, Element},
    e_tag,
};
use crate::emulator::{Emulator, TestPerson, memory::Grant};

const PLACE: Place =
    Place { name: "/rs/prns/{oid}/kids", scopes: &["kid_fullname", "kid_birthdate", "kid_snils"] };

/// A child. What is outside the scope is absent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Kid {
    state_facts: [&'static str; 1],
    id: u64,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    middle_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snils: Option<String>,
    e_tag: String,
}

impl Element for Kid {
    fn id(&self) -> u64 {
        self.id
    }
}

/// All of them.
pub(in crate::emulator::web) async fn kids(
    State(emulator): State<Emulator>,
    Path(oid): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match PLACE.opened(&emulator, &headers, &oid) {
        Ok((person, grant)) => {
            collection::all(&kids_of(&emulator, person, &grant), person, "kids", query, &headers)
        }
        Err(refusal) => *refusal,
    }
}

/// One of them.
pub(in crate::emulator::web) async fn kid(
    State(emulator): State<Emulator>,
    Path((oid, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    match PLACE.opened(&emulator, &headers, &oid) {
        Ok((person, grant)) => collection::one(kids_of(&emulator, person, &grant), &id),
        Err(refusal) => *refusal,
    }
}

fn kids_of(emulator: &Emulator, parent: &TestPerson, grant: &Grant) -> Vec<Kid> {
    let children = parent.children.iter().filter_map(|oid| emulator.person(*oid));
    let told = children.map(|child| {
        let name = &child.name;
        let born = child.birth_date.date().format("%d.%m.%Y").to_string();
        let patronymic = name.patronymic().as_deref().map(str::to_owned);
        Kid {
            state_facts: ["Identifiable"],
            id: child.oid,
            kind: "CHILD",
            first_name: grant.within("kid_fullname", name.given().to_owned()),
            last_name: grant.within("kid_fullname", name.family().to_owned()),
            middle_name: grant.within("kid_fullname", patronymic).flatten(),
            birth_date: grant.within("kid_birthdate", born),
            snils: grant.within("kid_snils", child.snils.map(|snils| snils.to_string())).flatten(),
            e_tag: e_tag(child.oid),
        }
    });
    told.collect()
}
