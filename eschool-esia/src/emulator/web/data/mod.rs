//! `/rs/prns/…`: personal data, within the scope of the token.
//!
//! * `person`, `contacts`, `kids`: the three kinds of data. `collection`: how many come at once.

mod collection;
mod contacts;
mod kids;
mod person;

use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
pub(super) use contacts::{contact, contacts};
pub(super) use kids::{kid, kids};
pub(super) use person::person;
use serde_json::json;

use crate::emulator::{
    Emulator, TestPerson,
    memory::{Digest, Grant},
    reason::{DataReason, PersonReason, Reason},
};

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

/// An endpoint of personal data.
struct Place {
    /// What the log calls it.
    name: &'static str,
    /// The scopes any one of which opens it.
    scopes: &'static [&'static str],
}

impl Place {
    /// The person a token opens, where one of the scopes does; else the answer that refuses.
    fn opened<'e>(
        &self,
        emulator: &'e Emulator,
        headers: &HeaderMap,
        oid: &str,
    ) -> Result<(&'e TestPerson, Grant), Box<Response>> {
        let now = emulator.now();
        let text = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = text
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| Digest::of(token.trim()));
        let Some(token) = token else {
            return Err(self.closed(emulator, None, &Reason::Data(DataReason::Missing)));
        };
        let kept = emulator.memory().tokens.get(now, &token).cloned();
        let Some(grant) = kept.filter(|grant| now < grant.expires) else {
            return Err(self.closed(emulator, None, &Reason::Data(DataReason::Bad)));
        };
        let forbidden = |reason| Err(self.closed(emulator, Some(&grant), &reason));
        if grant.oid.is_none_or(|own| own.to_string() != oid) {
            return forbidden(Reason::Data(DataReason::Person));
        }
        if !grant.opens(self.scopes) {
            return forbidden(Reason::Data(DataReason::Scope(self.scopes)));
        }
        match grant.oid.and_then(|oid| emulator.person(oid)) {
            Some(person) => Ok((person, grant)),
            None => Err(self.closed(emulator, None, &Reason::Person(PersonReason::Gone))),
        }
    }

    /// 401 without a token that is good now, 403 with one that does not open this.
    fn closed(&self, emulator: &Emulator, grant: Option<&Grant>, reason: &Reason) -> Box<Response> {
        let (status, error) = match grant {
            None => (StatusCode::UNAUTHORIZED, "invalid_token"),
            Some(_) => (StatusCode::FORBIDDEN, "insufficient_scope"),
        };
        let client = grant.map(|grant| grant.client.as_str());
        emulator.withheld(self.name, client, status.as_u16(), reason);
        let challenge = format!("Bearer error=\"{error}\"");
        let headers = [(header::WWW_AUTHENTICATE, challenge)];
        Box::new((status, headers, Json(json!({ "error": error }))).into_response())
    }
}
