//! `GET /aas/oauth2/v2/ac` and the old `/aas/oauth2/ac`: a client's system asks who somebody is.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{cookie::Cookie, go, page};
use crate::emulator::{Emulator, Interface, authorize::Refused, parameters::Parameters};

/// At today's interface.
pub(super) async fn v2(
    State(emulator): State<Emulator>,
    Cookie(cookie): Cookie,
    RawQuery(query): RawQuery,
) -> Response {
    authorize(&emulator, Interface::V3, cookie.as_deref(), query)
}

/// At the old interface.
pub(super) async fn legacy(
    State(emulator): State<Emulator>,
    Cookie(cookie): Cookie,
    RawQuery(query): RawQuery,
) -> Response {
    authorize(&emulator, Interface::Legacy, cookie.as_deref(), query)
}

/// Refuses, lets somebody choose who they are, or goes on as who is signed in already.
fn authorize(
    emulator: &Emulator,
    interface: Interface,
    cookie: Option<&str>,
    query: Option<String>,
) -> Response {
    let endpoint = match interface {
        Interface::V3 => "/aas/oauth2/v2/ac",
        Interface::Legacy => "/aas/oauth2/ac",
    };
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let answered = emulator.judge_sign_in(interface, &parameters).and_then(|request| {
        let signed_in = emulator.session(cookie);
        match signed_in.and_then(|session| Some((session, emulator.person(session.oid)?))) {
            Some((session, person)) => emulator.answered(request, session, person).map(Ok),
            None => Ok(Err(emulator.keep_waiting(request))),
        }
    });
    match answered {
        Ok(Ok(back)) => go(StatusCode::FOUND, &back),
        Ok(Err(name)) => Redirect::to(&format!("/login/{name}")).into_response(),
        Err(Refused::Here(fault)) => {
            emulator.refused(endpoint, &parameters, &fault);
            page::fault(&fault)
        }
        Err(Refused::There { back, fault }) => {
            emulator.refused(endpoint, &parameters, &fault);
            go(StatusCode::FOUND, &back)
        }
    }
}
