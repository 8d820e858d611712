//! `/rs/prns/…`: personal data, within the scope of the token.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use eschool_core::identity::MobilePhone;
use serde::Serialize;
use serde_json::json;
use url::form_urlencoded;

use crate::emulator::{
    Emulator, TestAccount, TestPerson,
    memory::{Digest, Grant},
};

/// The scopes that open the person's own data.
const PERSONAL: [&str; 4] = ["fullname", "birthdate", "gender", "snils"];

/// The scope that opens every contact.
const EVERY_CONTACT: &str = "contacts";

/// The scopes that open contacts.
const CONTACTS: [&str; 3] = ["mobile", "email", EVERY_CONTACT];

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

/// A way to reach the person.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Contact {
    state_facts: [&'static str; 1],
    id: u64,
    #[serde(rename = "type")]
    kind: &'static str,
    vrf_stu: &'static str,
    value: String,
    e_tag: String,
}

/// `GET /rs/prns/{oid}`.
pub(super) async fn person(
    State(emulator): State<Emulator>,
    Path(oid): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (person, grant) = match opened(&emulator, &headers, &oid, &PERSONAL) {
        Ok(opened) => opened,
        Err(refused) => return refused.into_response(),
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

/// `GET /rs/prns/{oid}/ctts`: addresses of the contacts, or the contacts with `embed=(elements)`.
pub(super) async fn contacts(
    State(emulator): State<Emulator>,
    Path(oid): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let (person, grant) = match opened(&emulator, &headers, &oid, &CONTACTS) {
        Ok(opened) => opened,
        Err(refused) => return refused.into_response(),
    };
    let contacts = contacts_of(person, &grant);
    let query = query.unwrap_or_default();
    let embedded = form_urlencoded::parse(query.as_bytes())
        .any(|(name, value)| name == "embed" && value == "(elements)");
    let elements = if embedded {
        json!(contacts)
    } else {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.unwrap_or("127.0.0.1");
        let address =
            |contact: &Contact| format!("http://{host}/rs/prns/{}/ctts/{}", person.oid, contact.id);
        json!(contacts.iter().map(address).collect::<Vec<_>>())
    };
    Json(json!({
        "stateFacts": ["hasSize"],
        "size": contacts.len(),
        "eTag": e_tag(person.oid),
        "elements": elements,
    }))
    .into_response()
}

/// `GET /rs/prns/{oid}/ctts/{id}`.
pub(super) async fn contact(
    State(emulator): State<Emulator>,
    Path((oid, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let (person, grant) = match opened(&emulator, &headers, &oid, &CONTACTS) {
        Ok(opened) => opened,
        Err(refused) => return refused.into_response(),
    };
    let mut contacts = contacts_of(person, &grant).into_iter();
    match contacts.find(|contact| contact.id.to_string() == id) {
        Some(contact) => Json(contact).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn contacts_of(person: &TestPerson, grant: &Grant) -> Vec<Contact> {
    let phone = person.phone.map(spelled);
    let email = person.email.as_ref().map(ToString::to_string);
    let found = [
        ("mobile", "MBT", phone, person.phone_verified),
        ("email", "EML", email, person.email_verified),
    ];
    let ids = person.oid.saturating_mul(10)..;
    let contacts = ids.zip(found).filter_map(|(id, (scope, kind, value, verified))| {
        let value = value.filter(|_| grant.opens(&[scope, EVERY_CONTACT]))?;
        Some(Contact {
            state_facts: ["Identifiable"],
            id,
            kind,
            vrf_stu: if verified { "VERIFIED" } else { "NOT_VERIFIED" },
            value,
            e_tag: e_tag(id),
        })
    });
    contacts.collect()
}

/// A phone as ЕСИА writes it: `+7(999)1234567`.
fn spelled(phone: MobilePhone) -> String {
    let phone = phone.to_string();
    match phone.strip_prefix("+7").and_then(|national| national.split_at_checked(3)) {
        Some((network, rest)) => format!("+7({network}){rest}"),
        None => phone,
    }
}

/// A mark of the version, which for the emulator is the number of the thing.
fn e_tag(id: u64) -> String {
    format!("{id:040X}")
}

impl Grant {
    /// Whether it has one of these scopes.
    fn opens(&self, scopes: &[&str]) -> bool {
        self.scopes.iter().any(|granted| scopes.contains(&granted.as_str()))
    }

    /// The value, where the scope opens it.
    fn within<T>(&self, scope: &str, value: T) -> Option<T> {
        self.opens(&[scope]).then_some(value)
    }
}

/// Why nothing is told.
enum Closed {
    /// No token that is good now.
    Token,
    /// The token does not open this.
    Scope,
}

impl Closed {
    fn into_response(self) -> Response {
        let (status, error, check) = match self {
            Self::Token => {
                let check = "no access token, or one that is unknown, too old or revoked";
                (StatusCode::UNAUTHORIZED, "invalid_token", check)
            }
            Self::Scope => {
                let check = "the access token is of another person or its scope does not open this";
                (StatusCode::FORBIDDEN, "insufficient_scope", check)
            }
        };
        tracing::warn!(endpoint = "rs", status = status.as_u16(), check, "refused");
        let challenge = format!("Bearer error=\"{error}\"");
        let headers = [(header::WWW_AUTHENTICATE, challenge)];
        (status, headers, Json(json!({ "error": error }))).into_response()
    }
}

/// The person a token opens, where one of these scopes does.
fn opened<'e>(
    emulator: &'e Emulator,
    headers: &HeaderMap,
    oid: &str,
    scopes: &[&str],
) -> Result<(&'e TestPerson, Grant), Closed> {
    let now = emulator.now();
    let text = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = text
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| Digest::of(token.trim()))
        .ok_or(Closed::Token)?;
    let grant = emulator.memory().tokens.get(now, &token).cloned();
    let grant = grant.filter(|grant| now < grant.expires).ok_or(Closed::Token)?;
    let own = oid == grant.oid.to_string();
    if !own || !grant.opens(scopes) {
        return Err(Closed::Scope);
    }
    let person = emulator.person(grant.oid).ok_or(Closed::Token)?;
    Ok((person, grant))
}
