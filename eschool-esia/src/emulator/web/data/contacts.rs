//! `GET /rs/prns/{oid}/ctts` and `/ctts/{id}`.

use axum::{
    extract::{Path, RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use eschool_core::identity::MobilePhone;
use serde::Serialize;

use super::{
    Place,
    collection::{self, Element},
    e_tag,
};
use crate::emulator::{Emulator, TestPerson, memory::Grant};

/// The scope that opens every contact.
const EVERY_CONTACT: &str = "contacts";

const PLACE: Place =
    Place { name: "/rs/prns/{oid}/ctts", scopes: &["mobile", "email", EVERY_CONTACT] };

/// A way to reach the person.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Contact {
    state_facts: [&'static str; 1],
    id: u64,
    #[serde(rename = "type")]
    kind: String,
    vrf_stu: &'static str,
    value: String,
    e_tag: String,
}

impl Element for Contact {
    fn id(&self) -> u64 {
        self.id
    }
}

/// All of them.
pub(in crate::emulator::web) async fn contacts(
    State(emulator): State<Emulator>,
    Path(oid): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match PLACE.opened(&emulator, &headers, &oid) {
        Ok((person, grant)) => {
            collection::all(&contacts_of(person, &grant), person, "ctts", query, &headers)
        }
        Err(refusal) => *refusal,
    }
}

/// One of them.
pub(in crate::emulator::web) async fn contact(
    State(emulator): State<Emulator>,
    Path((oid, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    match PLACE.opened(&emulator, &headers, &oid) {
        Ok((person, grant)) => collection::one(contacts_of(person, &grant), &id),
        Err(refusal) => *refusal,
    }
}

fn contacts_of(person: &TestPerson, grant: &Grant) -> Vec<Contact> {
    let phone = person.phone.map(spelled);
    let email = person.email.as_ref().map(ToString::to_string);
    let own = [
        (Some("mobile"), "MBT", phone, person.phone_verified),
        (Some("email"), "EML", email, person.email_verified),
    ];
    let further = person.contacts.iter();
    let further =
        further.map(|contact| (None, contact.kind.as_str(), Some(contact.value.clone()), false));
    let first = person.oid.saturating_mul(10);
    let all = (0_u64..).zip(own.into_iter().chain(further));
    let told = all.filter_map(|(place, (scope, kind, value, verified))| {
        let id = first.saturating_add(place);
        let opened = grant.opens(&[EVERY_CONTACT]) || scope.is_some_and(|s| grant.opens(&[s]));
        Some(Contact {
            state_facts: ["Identifiable"],
            id,
            kind: kind.into(),
            vrf_stu: if verified { "VERIFIED" } else { "NOT_VERIFIED" },
            value: value.filter(|_| opened)?,
            e_tag: e_tag(id),
        })
    });
    told.collect()
}

/// A phone as ЕСИА writes it: `+7(999)1234567`.
fn spelled(phone: MobilePhone) -> String {
    let phone = phone.to_string();
    match phone.strip_prefix("+7").and_then(|national| national.split_at_checked(3)) {
        Some((network, rest)) => format!("+7({network}){rest}"),
        None => phone,
    }
}
